//! What the ledger counts, and what the store and the journal have to say of themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use metrics::{Counter, Histogram, Unit};

use super::{Handle, StoreError};
use crate::domain::event::Seq;
use crate::domain::rejection::Rejection;

/// Commands, by `command` and `outcome`: `done`, `unchanged`, or the code of the rejection.
pub const COMMANDS: &str = "caresync_ledger_commands_total";
/// How long a commit takes.
pub const COMMIT_SECONDS: &str = "caresync_ledger_commit_seconds";
/// How many commands share a commit.
pub const BATCH_COMMANDS: &str = "caresync_ledger_batch_commands";
/// How many commands wait.
pub const QUEUE_COMMANDS: &str = "caresync_ledger_queue_commands";
/// The oldest event of the journal.
pub const JOURNAL_OLDEST: &str = "caresync_journal_oldest_seq";
/// The newest event of the journal.
pub const JOURNAL_NEWEST: &str = "caresync_journal_newest_seq";
/// The store's size on the disk.
pub const STORE_BYTES: &str = "caresync_store_disk_bytes";

/// Readings, by `outcome`: `kept`, `late` or `refused`.
pub const READINGS: &str = "caresync_readings_total";
/// How many series of readings there are.
pub const READINGS_SERIES: &str = "caresync_readings_series";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (
        COMMANDS,
        Unit::Count,
        "Commands by name and outcome: done, unchanged (it was so already), or the code of the rejection.",
    ),
    (
        READINGS,
        Unit::Count,
        "Readings by outcome: kept, late (more than an hour), or refused (no sound number, or too many series).",
    ),
];

/// Name, unit, help. Those without a handle in the writer are filled when somebody looks.
pub const GAUGES: &[(&str, Unit, &str)] = &[
    (QUEUE_COMMANDS, Unit::Count, "Commands that wait for the writer. Most that can: 1024."),
    (
        JOURNAL_OLDEST,
        Unit::Count,
        "Seq of the oldest event that the journal still holds; 0 when it is empty.",
    ),
    (JOURNAL_NEWEST, Unit::Count, "Seq of the newest event."),
    (STORE_BYTES, Unit::Bytes, "Bytes that the store takes on the disk."),
    (READINGS_SERIES, Unit::Count, "Series of readings that are kept. Most that can be: 4096."),
];

/// Name, unit, help, buckets.
pub const HISTOGRAMS: &[(&str, Unit, &str, &[f64])] = &[
    (
        COMMIT_SECONDS,
        Unit::Seconds,
        "Seconds until a batch was durable, its sync included.",
        // From a fast NVMe drive (0.15 ms) to an SD card that stalls while it erases.
        &[0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5],
    ),
    (
        BATCH_COMMANDS,
        Unit::Count,
        "Callers' commands that one commit made durable; 0 for what time alone caused.",
        &[0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0],
    ),
];

/// The writer's own metrics. After the first command of its kind nothing here allocates.
pub(super) struct Meters {
    commands: BTreeMap<(&'static str, &'static str), Counter>,
    commit_seconds: Histogram,
    batch_commands: Histogram,
}

impl Meters {
    pub(super) fn new() -> Self {
        Self {
            commands: BTreeMap::new(),
            commit_seconds: metrics::histogram!(COMMIT_SECONDS),
            batch_commands: metrics::histogram!(BATCH_COMMANDS),
        }
    }

    /// Counts a command that came to so many events, or was refused.
    pub(super) fn taken(&mut self, command: &'static str, came_to: Result<usize, &Rejection>) {
        let outcome = match came_to {
            Ok(0) => "unchanged",
            Ok(_) => "done",
            Err(rejection) => rejection.code(),
        };
        let counter = self
            .commands
            .entry((command, outcome))
            .or_insert_with(|| metrics::counter!(COMMANDS, "command" => command, "outcome" => outcome));
        counter.increment(1);
    }

    /// Notes a commit of so many commands that took so long.
    pub(super) fn committed(&self, commands: usize, took: Duration) {
        self.commit_seconds.record(took);
        self.batch_commands.record(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)));
    }
}

impl Handle {
    /// The oldest event that the journal still holds. May read the disk.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn journal_oldest(&self) -> Result<Option<Seq>, StoreError> {
        self.feed().store().oldest_seq()
    }

    /// Bytes that the store takes on the disk. Reads the disk.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn store_bytes(&self) -> Result<u64, StoreError> {
        self.feed().store().bytes_on_disk()
    }
}
