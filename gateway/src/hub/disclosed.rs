//! What a listener was sent about patients, for the audit trail: stretches of the journal by channel, not deliveries.

use std::net::IpAddr;
use std::sync::Arc;

use super::Shared;
use super::ring::Framed;
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::event::Seq;
use crate::domain::role::Topic;
use crate::domain::view::{Class, View};

/// The verb of the entries.
const VERB: &str = "receive_about_patients";

/// Stretches of events about patients that were sent, by the channel that they are at home in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Disclosed(Vec<(Topic, Seq, Seq)>);

impl Disclosed {
    /// Notes that `framed` was sent in `view`.
    pub(super) fn add(&mut self, framed: &Framed, view: View) {
        if framed.audience.patients[0].is_some() && view.shows(Class::PatientId) {
            self.stretch(framed.audience.home, framed.seq, framed.seq);
        }
    }

    /// Notes what was sent of a channel, from one event to another.
    pub(super) fn stretch(&mut self, topic: Topic, from: Seq, to: Seq) {
        match self.0.iter_mut().find(|(other, ..)| *other == topic) {
            Some((_, first, last)) => (*first, *last) = ((*first).min(from), (*last).max(to)),
            None => self.0.push((topic, from, to)),
        }
    }

    /// Notes what somebody else with the same interest was sent.
    pub(super) fn join(&mut self, other: &Self) {
        other.0.iter().for_each(|(topic, from, to)| self.stretch(*topic, *from, *to));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Shared {
    /// Writes into the audit trail what `actor` was sent about patients.
    pub(super) fn disclose(self: &Arc<Self>, actor: Actor, address: IpAddr, disclosed: &mut Disclosed) {
        if disclosed.is_empty() {
            return;
        }
        let Disclosed(stretches) = std::mem::take(disclosed);
        let ledger = self.entrance.ledger.clone();
        self.tasks.spawn_on(
            async move {
                for (topic, from, to) in stretches {
                    let subject = Some(format!("channel:{}", topic.as_str()));
                    let (actor, outcome) = (Some(actor.clone()), AuditOutcome::Done);
                    let note = AuditNote { actor, verb: VERB, subject, outcome, stretch: Some((from, to)) };
                    if let Err(error) = ledger.note(note, Some(address.to_string().into())).await {
                        tracing::error!(%error, "what was sent about patients is not in the audit trail");
                    }
                }
            },
            &self.runtime,
        );
    }
}
