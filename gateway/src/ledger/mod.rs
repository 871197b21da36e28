//! The only writer. Commands go in, durable events come out.
//!
//! One OS thread takes a batch of commands, asks the domain what follows, makes the batch durable with one
//! sync, publishes the new snapshot, answers the callers, and only then tells the feed. In that order:
//! acknowledged means durable, broadcast means durable, and whoever hears of an event finds it in the
//! snapshot.

mod answers;
mod audit;
mod checkpoint;
mod clock;
mod feed;
mod handle;
mod history;
mod housekeeping;
pub mod metrics;
mod newest;
mod readings;
mod terms;
mod turn;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, watch};

use crate::domain::event::Seq;
use crate::domain::rules::Rules;
use crate::domain::state::State;
use crate::domain::time::Timestamp;
use crate::store::{OpenError, Store};

use answers::Answers;
use audit::Trail;
use readings::Readings;

pub use crate::store::{AuditPage, Recovery, StoreError};
pub use audit::{Break, ChainReport, Damage, verify};
pub use clock::{Clock, ManualClock};
pub use feed::{Feed, Head, Trimmed};
pub use handle::{Handle, Queued, Receipt, StoreFigures, SubmitError};
pub use history::{ClosedTasks, HISTORY_RECORDS_READ_MAX};
pub use newest::Newest;
pub use readings::{LATE_MAX, SERIES_MAX, UNWRITTEN_MAX};
pub use terms::{IDEMPOTENCY_KEY_BYTES_MAX, Idempotency, KeyError, Terms};
pub use writer::gather;

/// Commands that wait for the writer. Two full batches: enough to keep it busy while one syncs, few enough
/// that the last one is answered within a second on a slow disk. Beyond it, senders wait [`SUBMIT_WAIT`].
pub const QUEUE_COMMANDS_MAX: usize = 1_024;
/// Commands that one sync makes durable.
pub const BATCH_COMMANDS_MAX: usize = 512;
/// How long a batch waits for callers who are about to come back: less than a sync takes on a fast disk
/// (0.15 ms on an NVMe drive, measured 2026-11).
pub const GATHER_MAX: Duration = Duration::from_micros(100);
/// How long a sender waits for a place in the queue before it is told that the gateway is busy.
pub const SUBMIT_WAIT: Duration = Duration::from_secs(2);
/// A wall clock that jumps further than this was set, it did not drift.
pub const CLOCK_STEP_MIN: Duration = Duration::from_secs(5);
/// Committed events that the feed keeps at hand; older ones are read from the store.
pub const FEED_EVENTS_KEPT: usize = 4_096;
/// How long a repeat under an idempotency key gets the first answer.
pub const IDEMPOTENCY_KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Answers kept for one actor; beyond them its oldest go. One every 22 s all day long, far from what people or an
/// agent ask, and a client that uses more of them leaves those of others alone.
pub const IDEMPOTENCY_KEPT_PER_ACTOR_MAX: usize = 4_000;
/// Answers kept in all; beyond them the oldest go. With a kilobyte each, 20 MiB of the store and 6 MiB of memory.
pub const IDEMPOTENCY_KEPT_MAX: usize = 20_000;
/// Refusals of one actor that are written into the audit trail within a second; the rest is one entry with a count.
pub const AUDIT_REFUSALS_PER_S: u32 = 5;
/// Actors and addresses whose refusals are told apart within a second.
pub const AUDIT_REFUSED_MAX: usize = 1_024;
/// Entries that one trim of the audit trail removes at most, to keep its batch as small as a commit's.
const AUDIT_TRIMMED_AT_ONCE_MAX: usize = 512;
/// The journal is never trimmed below this to keep a budget: a client that slept over night can still resume. Nor are
/// readings: who asks for the last day gets it.
pub const JOURNAL_KEPT_MIN: Duration = Duration::from_secs(24 * 3_600);

/// The clinic's state right after event `seq`.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The newest event that it contains.
    pub seq: Seq,
    /// When it was taken.
    pub at: Timestamp,
    /// The state.
    pub state: State,
}

/// How a ledger is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// sled's page cache, in MiB.
    pub cache_mib: u64,
    /// How long the journal is kept.
    pub journal_kept: Duration,
    /// How long the audit trail is kept.
    pub audit_kept: Duration,
    /// How long readings are kept.
    pub readings_kept: Duration,
    /// Bytes on disk beyond which the journal and readings are kept for less long; `None` for no limit.
    pub budget_bytes: Option<u64>,
    /// Where time comes from.
    pub clock: Clock,
    /// The rules in force.
    pub rules: Rules,
}

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store opened, but cannot be read.
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    /// The writer's thread cannot be started.
    #[error("the writer's thread cannot be started")]
    Thread(#[source] std::io::Error),
}

/// An open ledger.
pub struct Ledger {
    /// The way in, and to the snapshot and the feed. Clones share the one writer.
    pub handle: Handle,
    /// What was wrong with the store, if anything.
    pub recovery: Option<Recovery>,
    writer: JoinHandle<Result<(), StoreError>>,
}

impl Ledger {
    /// Opens the store in `path` and starts the writer. It ends when every [`Handle`] is gone.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store or the thread cannot be had.
    pub fn open(path: &Path, settings: Settings) -> Result<Self, LedgerError> {
        let opened = Store::open(path, settings.cache_mib)?;
        let store = Arc::new(opened.store);
        let (state, unwritten) = checkpoint::restore(&store, settings.rules.clone())?;
        let newest = store.newest()?;
        let seq = newest.as_ref().map_or(Seq(0), |committed| committed.seq);
        let at = newest.map_or(Timestamp::default(), |committed| committed.at);
        let state = state.resumed_after(at);
        let snapshot = Arc::new(Snapshot { seq, at, state });
        let (sender, receiver) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let (head, _) = watch::channel(Head { seq, snapshot: snapshot.clone() });
        let feed = Feed::open(store.clone(), head)?;
        let shared = Arc::new(ArcSwap::new(snapshot));
        let readings = Readings::open(&store)?;
        let newest = readings.newest().clone();
        let clock = settings.clock.clone();
        let handle = Handle::new(sender, shared.clone(), feed.clone(), store.clone(), clock, newest);
        let memory = (Answers::load(&store)?, Trail::open(&store)?, unwritten, readings);
        let writer =
            writer::spawn(receiver, store, shared, feed, memory, settings).map_err(LedgerError::Thread)?;
        Ok(Self { handle, recovery: opened.recovery, writer })
    }

    /// Waits for the writer to end: after the last [`Handle`] is dropped, or after a failed write.
    ///
    /// # Errors
    ///
    /// The write that failed.
    ///
    /// # Panics
    ///
    /// When the writer panicked: a rule that cannot fail has failed.
    pub fn join(self) -> Result<(), StoreError> {
        drop(self.handle);
        self.writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// True once the writer has ended.
    pub fn has_ended(&self) -> bool {
        self.writer.is_finished()
    }
}
