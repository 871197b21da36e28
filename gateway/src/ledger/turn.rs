//! A batch under way. Nothing of it is true before its commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{Receipt, Snapshot};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::Committed;
use crate::domain::id::CommandId;
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::store::{Batch, StoreError};

/// What a batch has come to so far.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) records: Batch,
    pub(super) events: Vec<Arc<Committed>>,
    pub(super) changed: BTreeSet<EntityKey>,
    pub(super) touched: bool,
    /// Its batch has to write the things that it and the batches before changed.
    pub(super) is_checkpoint: bool,
    /// The disk could not be read on the way: the batch must not become true.
    pub(super) failed: Option<StoreError>,
    answers: Vec<Answer>,
    noted: Vec<oneshot::Sender<()>>,
}

/// What a command came to, as far as it does not depend on the rest of its batch.
pub(super) struct Done {
    pub(super) command_id: CommandId,
    pub(super) events: usize,
    pub(super) note: Option<Note>,
    pub(super) subject: Option<Entity>,
    pub(super) replayed: bool,
    /// It changed something that has no events.
    pub(super) recorded: bool,
}

struct Answer {
    result: Result<Done, Rejection>,
    reply: oneshot::Sender<Result<Receipt, Rejection>>,
}

impl Turn {
    /// A batch that does nothing but write what waits for it.
    pub(super) fn checkpoint() -> Self {
        Self { is_checkpoint: true, ..Self::default() }
    }

    /// Keeps the answer for after the commit.
    pub(super) fn answer(
        &mut self,
        result: Result<Done, Rejection>,
        reply: oneshot::Sender<Result<Receipt, Rejection>>,
    ) {
        self.answers.push(Answer { result, reply });
    }

    /// How many callers wait for the commit.
    pub(super) fn callers(&self) -> usize {
        self.answers.len()
    }

    /// Keeps the word that a note is written, for after the commit.
    pub(super) fn noted(&mut self, reply: oneshot::Sender<()>) {
        self.noted.push(reply);
    }

    /// True when readers have to hear of this batch. What has no event changes without a seq: they hear of it by
    /// a head that moves in place.
    pub(super) fn is_news(&self) -> bool {
        !self.events.is_empty() || !self.changed.is_empty()
    }

    /// Answers every caller. Only after the commit.
    pub(super) fn reply(&mut self, snapshot: &Arc<Snapshot>) {
        for Answer { result, reply } in self.answers.drain(..) {
            let receipt =
                result.map(|Done { command_id, events, note, subject, replayed, recorded: _ }| Receipt {
                    command_id,
                    seq: snapshot.seq,
                    events,
                    note,
                    subject,
                    replayed,
                    snapshot: snapshot.clone(),
                });
            // A caller that no longer waits has given up on the answer, not on the command.
            drop(reply.send(receipt));
        }
        for reply in self.noted.drain(..) {
            // As above: who gave up waiting has its note all the same.
            let _ = reply.send(());
        }
    }
}
