//! Events that an endpoint is sent once more, because somebody asked.

use std::sync::Arc;

use super::message::of_event;
use super::schedule::Verdict;
use super::worker::Worker;
use crate::domain::event::{Committed, Seq};
use crate::domain::time::Timestamp;
use crate::ledger::Trimmed;

/// Events that one replay sends at most.
pub(super) const REPLAY_EVENTS_MAX: usize = 10_000;

/// Which events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replay {
    /// The first, if the journal has it.
    pub(super) from: Seq,
    /// The last.
    pub(super) to: Seq,
    /// Only those that became true from then on.
    pub(super) since: Timestamp,
    /// And before then.
    pub(super) until: Timestamp,
}

impl Worker {
    /// Sends what the endpoint wants of `replay`, in order and each once. It ends with the first that is not taken:
    /// whoever asked sees it among the attempts, and asks again.
    pub(super) async fn replay(&mut self, replay: Replay) {
        let mut cursor = Seq(replay.from.0.saturating_sub(1));
        let mut sent = 0;
        'journal: while cursor < replay.to {
            let events = match self.events_after(cursor).await {
                Ok(Ok(events)) if !events.is_empty() => events,
                Ok(Err(Trimmed { oldest })) => {
                    cursor = Seq(oldest.0.saturating_sub(1));
                    continue;
                }
                Ok(Ok(_)) | Err(()) => break,
            };
            for event in events {
                cursor = event.seq;
                let is_asked_for = cursor <= replay.to && (replay.since..replay.until).contains(&event.at);
                if !is_asked_for {
                    continue;
                }
                if sent >= REPLAY_EVENTS_MAX || !self.send_again(&event).await {
                    break 'journal;
                }
                sent += 1;
            }
        }
        let endpoint_id = &self.lane.endpoint.id;
        tracing::info!(endpoint.id = %endpoint_id, sent, "events were replayed to an endpoint");
    }

    /// Sends `event` under a name of its own. False when it was not taken.
    async fn send_again(&mut self, event: &Arc<Committed>) -> bool {
        let id = format!("replay_{}", uuid::Uuid::now_v7());
        let of = Some(self.cursor_at(event.seq));
        let Some(message) = of_event(&self.lane.endpoint, event, id, of) else { return true };
        if message.names_a_patient {
            self.disclosed.add(event.seq);
        }
        let (verdict, ..) = tokio::select! {
            // Cancel safe: as at any delivery, the endpoint may have it.
            () = self.stop.cancelled() => return false,
            tried = self.lane.attempt(&message) => tried,
        };
        if verdict == Verdict::Delivered && self.is_dead(event.seq) {
            self.progress.replayed(event.seq);
        }
        verdict == Verdict::Delivered
    }

    fn is_dead(&self, seq: Seq) -> bool {
        let snapshot = self.lane.ledger.snapshot();
        let delivery = snapshot.state.deliveries.get(&self.lane.endpoint.id);
        delivery.is_some_and(|delivery| delivery.dead.iter().any(|letter| letter.seq == seq))
    }
}
