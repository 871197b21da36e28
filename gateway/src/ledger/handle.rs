//! The way in.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, oneshot};

use super::{Clock, Feed, Newest, SUBMIT_WAIT, Snapshot, Terms};
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditFilter, AuditNote};
use crate::domain::command::{Ask, Command};
use crate::domain::entity::Entity;
use crate::domain::event::Seq;
use crate::domain::id::CommandId;
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::domain::time::Timestamp;
use crate::store::{AuditPage, Store, StoreError};

/// What a durable command came to.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The command, from whose id the ids of what it created derive.
    pub command_id: CommandId,
    /// The newest event when it was answered: a reader at this cursor has seen it.
    pub seq: Seq,
    /// How many events followed from it; none when it was already so.
    pub events: usize,
    /// Why it changed nothing, when that is worth saying.
    pub note: Option<Note>,
    /// What the command was about, right after it and before whatever else its batch did. `None` when it is gone,
    /// or was never one thing ([`Ask::subject`]).
    pub subject: Option<Entity>,
    /// The command came before under the same idempotency key: this is the answer it got then. Nothing was done now.
    pub replayed: bool,
    /// The state that contains it.
    pub snapshot: Arc<Snapshot>,
}

/// Why a command has no receipt.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SubmitError {
    /// The rules refuse it: nothing changed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// Too much waits already: nothing changed, ask again in a moment.
    #[error("the gateway is busy; nothing was changed, ask again in a moment")]
    Busy,
    /// The gateway is stopping. Whether the command was taken is not known: asking again is safe.
    #[error("the gateway is stopping; ask again when it is back")]
    Stopped,
}

/// A command that stands in the queue.
pub struct Queued(oneshot::Receiver<Result<Receipt, Rejection>>);

impl Queued {
    /// Waits until it is durable.
    ///
    /// Cancel safety: dropping the future takes back nothing.
    ///
    /// # Errors
    ///
    /// [`SubmitError::Rejected`] and [`SubmitError::Stopped`].
    pub async fn receipt(self) -> Result<Receipt, SubmitError> {
        Ok(self.0.await.map_err(|_| SubmitError::Stopped)??)
    }
}

/// Something on its way to the writer, with the place for its answer.
pub(super) enum Submission {
    Command {
        command: Box<Command>,
        terms: Terms,
        reply: oneshot::Sender<Result<Receipt, Rejection>>,
        /// The request that asks, for what the writer logs about it.
        span: tracing::Span,
    },
    Note {
        note: AuditNote,
        origin: Option<Arc<str>>,
        reply: oneshot::Sender<()>,
    },
}

/// What the store holds, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFigures {
    /// The oldest event that the journal still has; `None` while it has none.
    pub journal_oldest: Option<Seq>,
    /// The newest event.
    pub journal_newest: Seq,
    /// What the store takes on the disk, in bytes.
    pub bytes_on_disk: u64,
    /// Keys and values that this process has committed, in bytes.
    pub bytes_written: u64,
}

/// The way in, and to the snapshot and the feed. Cheap to clone.
#[derive(Clone)]
pub struct Handle(Arc<Shared>);

struct Shared {
    sender: mpsc::Sender<Submission>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    feed: Feed,
    store: Arc<Store>,
    clock: Clock,
    newest: Newest,
}

impl Handle {
    pub(super) fn new(
        sender: mpsc::Sender<Submission>,
        snapshot: Arc<ArcSwap<Snapshot>>,
        feed: Feed,
        store: Arc<Store>,
        clock: Clock,
        newest: Newest,
    ) -> Self {
        Self(Arc::new(Shared { sender, snapshot, feed, store, clock, newest }))
    }

    /// Submits what `actor` asks, and waits until what follows is durable.
    ///
    /// Cancel safety: dropping the future does not take back a command that is in the queue.
    ///
    /// # Errors
    ///
    /// [`SubmitError`].
    pub async fn submit(&self, actor: Actor, ask: Ask) -> Result<Receipt, SubmitError> {
        self.submit_command(Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask }).await
    }

    /// Submits a command that has its id already, so that asking again creates nothing twice.
    ///
    /// Cancel safety and errors as [`Handle::submit`].
    pub async fn submit_command(&self, command: Command) -> Result<Receipt, SubmitError> {
        self.submit_with(command, Terms::default()).await
    }

    /// Submits a command under `terms`: repeated under one key it is done once, and it may rest on a revision.
    ///
    /// Cancel safety and errors as [`Handle::submit`].
    pub async fn submit_with(&self, command: Command, terms: Terms) -> Result<Receipt, SubmitError> {
        self.enqueue_with(command, terms).await?.receipt().await
    }

    /// Puts a command in the queue, and returns when it stands there: commands are decided in the order in which these
    /// calls return. For who has more than one under way and must not have them change places.
    ///
    /// Cancel safety: a dropped future has put nothing in the queue.
    ///
    /// # Errors
    ///
    /// [`SubmitError::Busy`] and [`SubmitError::Stopped`].
    pub async fn enqueue(&self, actor: Actor, ask: Ask) -> Result<Queued, SubmitError> {
        let command = Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask };
        self.enqueue_with(command, Terms::default()).await
    }

    async fn enqueue_with(&self, command: Command, terms: Terms) -> Result<Queued, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let span = tracing::Span::current();
        self.send(Submission::Command { command: Box::new(command), terms, reply, span }).await?;
        Ok(Queued(answer))
    }

    /// Writes into the audit trail what is no command, and waits until it is durable.
    ///
    /// Cancel safety as [`Handle::submit`].
    ///
    /// # Errors
    ///
    /// [`SubmitError::Busy`] and [`SubmitError::Stopped`].
    pub async fn note(&self, note: AuditNote, origin: Option<Arc<str>>) -> Result<(), SubmitError> {
        let (reply, answer) = oneshot::channel();
        self.send(Submission::Note { note, origin, reply }).await?;
        answer.await.map_err(|_| SubmitError::Stopped)
    }

    async fn send(&self, submission: Submission) -> Result<(), SubmitError> {
        let sent = tokio::time::timeout(SUBMIT_WAIT, self.0.sender.send(submission)).await;
        sent.map_err(|_| SubmitError::Busy)?.map_err(|_| SubmitError::Stopped)
    }

    /// At most `max` entries of the audit trail that fit, before `before`, newest first, as [`Store::audit`] says.
    /// Reads the disk.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn audit(
        &self,
        before: Option<u64>,
        filter: &AuditFilter,
        max: usize,
    ) -> Result<AuditPage, StoreError> {
        self.0.store.audit(before, filter, max)
    }

    /// What the store holds, in numbers. Reads one record of the disk.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn store_figures(&self) -> Result<StoreFigures, StoreError> {
        Ok(StoreFigures {
            journal_oldest: self.0.store.oldest_seq()?,
            journal_newest: self.snapshot().seq,
            bytes_on_disk: self.0.store.bytes_on_disk()?,
            bytes_written: self.0.store.bytes_written(),
        })
    }

    /// The disk.
    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The state as it is now: durable, and at most one batch behind what is being written.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Every committed event.
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// The newest reading of each series.
    pub fn newest_readings(&self) -> &Newest {
        &self.0.newest
    }

    /// The random word that names this journal's life.
    pub fn epoch(&self) -> &str {
        self.0.store.epoch()
    }

    /// What the ledger's clock shows.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Waits until commands are no longer accepted: the writer has ended.
    ///
    /// Cancel safe.
    pub async fn closed(&self) {
        self.0.sender.closed().await;
    }

    /// True while commands are accepted.
    pub fn is_accepting(&self) -> bool {
        !self.0.sender.is_closed()
    }

    /// How many commands wait.
    pub fn queued(&self) -> usize {
        self.0.sender.max_capacity() - self.0.sender.capacity()
    }
}
