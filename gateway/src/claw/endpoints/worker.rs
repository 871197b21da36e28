//! The task of one endpoint: a cursor over the journal that moves when the endpoint has what lies before it.
//!
//! One request is under way at a time, so the endpoint gets events in their order, and one that fails is tried again
//! before the next. Nobody waits for this task, and it waits for nobody but its endpoint and the ledger.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::disclosed::Disclosed;
use super::lane::{Attempt, Lane};
use super::message::{Message, of_event};
use super::metrics;
use super::progress::Progress;
use super::replay::Replay;
use super::schedule::{Schedule, Verdict};
use crate::claw::http::RetryAfter;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::endpoint::{DeadLetter, EndReason, EndpointAsk};
use crate::domain::event::{Committed, Seq};
use crate::ledger::{Head, SubmitError, Trimmed};
use crate::wire::cursor::Cursor;

/// Events that are read from the journal at once.
pub(super) const EVENTS_AT_ONCE: usize = 256;
/// How long a journal that cannot be read is left alone.
const UNREADABLE_RESTS: Duration = Duration::from_secs(5);

/// The task.
pub(super) struct Worker {
    pub(super) lane: Arc<Lane>,
    pub(super) progress: Progress,
    pub(super) schedule: Schedule,
    pub(super) drop_after: Duration,
    pub(super) head: watch::Receiver<Head>,
    pub(super) replays: mpsc::Receiver<Replay>,
    pub(super) stop: CancellationToken,
    /// Events that were read and not looked at yet.
    pub(super) read: VecDeque<Arc<Committed>>,
    /// What is delivered next.
    pub(super) next: Option<(Seq, Message)>,
    /// What was sent about patients and is not in the audit trail yet.
    pub(super) disclosed: Disclosed,
}

impl Worker {
    /// Delivers until it is stopped, or the endpoint ends.
    pub(super) async fn run(mut self) {
        while self.progress.ended.is_none() {
            if self.next.is_none() {
                self.look().await;
            }
            let (resting, save_due) = (self.progress.resting_until, self.progress.save_due);
            let disclosed_due = self.disclosed.due;
            let (is_free, has_next) = (resting.is_none(), self.next.is_some());
            let lane = self.lane.clone();
            tokio::select! {
                // In this order, or a busy journal would keep the cursor from the disk. All arms are cancel safe; what
                // takes longer is done in their bodies.
                biased;
                () = self.stop.cancelled() => break,
                () = at(save_due), if save_due.is_some() => self.save().await,
                () = at(disclosed_due), if disclosed_due.is_some() => self.disclose().await,
                () = at(resting), if !is_free => self.progress.resting_until = None,
                () = lane.is_back.notified(), if !is_free => self.progress.resting_until = None,
                Some(replay) = self.replays.recv(), if is_free => self.replay(replay).await,
                () = std::future::ready(()), if is_free && has_next => self.deliver().await,
                moved = self.head.changed(), if !has_next => if moved.is_err() { break },
            }
        }
        self.save().await;
        self.disclose().await;
    }

    /// Looks for the next event that is for the endpoint, up to the head.
    async fn look(&mut self) {
        while !self.stop.is_cancelled() {
            while let Some(event) = self.read.pop_front() {
                let id = self.cursor_at(event.seq);
                match of_event(&self.lane.endpoint, &event, id, None) {
                    Some(message) => return self.next = Some((event.seq, message)),
                    None => self.progress.skipped(event.seq),
                }
            }
            match self.events_after(self.progress.cursor).await {
                Ok(Ok(events)) if events.is_empty() => return,
                Ok(Ok(events)) => self.read.extend(events),
                Ok(Err(Trimmed { oldest })) => {
                    let endpoint_id = &self.lane.endpoint.id;
                    tracing::warn!(endpoint.id = %endpoint_id, oldest = oldest.0, "the journal was trimmed before an endpoint had it");
                    self.progress.lost(oldest, self.lane.ledger.now());
                }
                Err(()) => return self.progress.resting_until = Some(Instant::now() + UNREADABLE_RESTS),
            }
        }
    }

    /// The next events of the journal. The disk is read off the runtime.
    pub(super) async fn events_after(&self, cursor: Seq) -> Result<Result<Vec<Arc<Committed>>, Trimmed>, ()> {
        let feed = self.lane.ledger.feed().clone();
        let read = tokio::task::spawn_blocking(move || feed.after(cursor, EVENTS_AT_ONCE)).await;
        let read = read.unwrap_or_else(|end| std::panic::resume_unwind(end.into_panic()));
        read.map_err(|error| {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "the journal cannot be read for an endpoint");
        })
    }

    /// The name of the event at `seq`, for receivers.
    pub(super) fn cursor_at(&self, seq: Seq) -> String {
        Cursor { epoch: self.lane.ledger.epoch().into(), seq }.to_string()
    }

    async fn deliver(&mut self) {
        let Some((seq, message)) = &self.next else { return };
        if message.names_a_patient {
            // Whatever the answer: the endpoint may have read it.
            self.disclosed.add(*seq);
        }
        let tried = tokio::select! {
            // Cancel safe: the endpoint may have it, and gets it again under the same id.
            () = self.stop.cancelled() => return,
            tried = self.lane.attempt(message) => tried,
        };
        let seq = *seq;
        self.settle(seq, tried);
    }

    /// What a try means for the event and for the endpoint.
    fn settle(&mut self, seq: Seq, (verdict, retry_after, attempt): (Verdict, Option<RetryAfter>, Attempt)) {
        let now = self.lane.ledger.now();
        let was_failing = self.progress.is_failing();
        let attempts = self.progress.attempts + 1;
        let letter =
            || DeadLetter { seq, kind: attempt.kind.into(), at: now, attempts, outcome: attempt.result() };
        let is_settled = match verdict {
            Verdict::Delivered => {
                self.progress.delivered(seq, now);
                true
            }
            Verdict::Again(_) => self.progress.failed(letter(), retry_after, self.schedule, now),
            Verdict::Refused => {
                self.progress.refused(letter(), self.schedule, now);
                true
            }
            Verdict::Gone => {
                self.progress.end(EndReason::Gone);
                false
            }
        };
        if is_settled {
            self.next = None;
        }
        if is_settled && verdict != Verdict::Delivered {
            metrics::given_up();
        }
        if self.progress.ended.is_none() && self.progress.is_hopeless(self.drop_after, now) {
            self.progress.end(EndReason::Dropped);
        }
        self.say(was_failing, &attempt);
    }

    /// Writes into the log what changed.
    fn say(&self, was_failing: bool, attempt: &Attempt) {
        let endpoint_id = &self.lane.endpoint.id;
        let outcome = attempt.result();
        match (was_failing, self.progress.is_failing(), self.progress.ended) {
            (_, _, Some(reason)) => {
                tracing::error!(endpoint.id = %endpoint_id, ?reason, outcome, "an endpoint is sent nothing more");
            }
            (false, true, None) => {
                tracing::warn!(endpoint.id = %endpoint_id, outcome, "an endpoint does not take what it is sent");
            }
            (true, false, None) => {
                tracing::info!(endpoint.id = %endpoint_id, "an endpoint takes events again")
            }
            (_, _, None) => {}
        }
    }

    /// Has the ledger write how far the delivery is.
    pub(super) async fn save(&mut self) {
        if self.progress.save_due.is_none() {
            return;
        }
        let note = Box::new(self.progress.note(self.lane.ledger.now()));
        match self.lane.ledger.submit(Actor::Gateway, Ask::Endpoints(EndpointAsk::Note(note))).await {
            Ok(_) => self.progress.saved(),
            Err(SubmitError::Stopped) => {}
            Err(error) => {
                tracing::warn!(%error, "how far an endpoint is could not be written; it is tried again");
                self.progress.not_saved();
            }
        }
    }
}

async fn at(when: Option<Instant>) {
    if let Some(when) = when {
        sleep_until(when).await;
    }
}
