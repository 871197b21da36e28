//! What an endpoint was sent about patients, for the audit trail: stretches of the journal, not deliveries.

use std::time::Duration;

use tokio::time::Instant;

use super::worker::Worker;
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::event::Seq;

/// The verb of the entries, the same as of what clients of the hub were sent.
const VERB: &str = "receive_about_patients";
/// How long a stretch goes on before it is written.
const WRITTEN_EVERY: Duration = Duration::from_secs(60);

/// A stretch of events about patients that were sent.
#[derive(Debug, Default)]
pub(super) struct Disclosed {
    stretch: Option<(Seq, Seq)>,
    /// When it has to be written.
    pub(super) due: Option<Instant>,
}

impl Disclosed {
    /// The endpoint was sent the event at `seq`, or may have been.
    pub(super) fn add(&mut self, seq: Seq) {
        let (first, last) = self.stretch.unwrap_or((seq, seq));
        self.stretch = Some((first.min(seq), last.max(seq)));
        self.due.get_or_insert_with(|| Instant::now() + WRITTEN_EVERY);
    }
}

impl Worker {
    /// Writes into the audit trail what the endpoint was sent about patients.
    pub(super) async fn disclose(&mut self) {
        let Some(stretch) = std::mem::take(&mut self.disclosed).stretch else { return };
        let subject = Some(format!("endpoint:{}", self.lane.endpoint.id));
        let (actor, outcome) = (Some(Actor::Gateway), AuditOutcome::Done);
        let note = AuditNote { actor, verb: VERB, subject, outcome, stretch: Some(stretch) };
        if let Err(error) = self.lane.ledger.note(note, None).await {
            tracing::error!(%error, "what was sent about patients is not in the audit trail");
        }
    }
}
