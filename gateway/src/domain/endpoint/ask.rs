//! What may be asked of endpoints.

use std::time::Duration;

use super::{DeadLetter, EndReason, Endpoint, EndpointUrl, Filter, Hidden, Payload};
use crate::domain::entity::EntityKey;
use crate::domain::event::Seq;
use crate::domain::id::EndpointId;
use crate::domain::role::Verb;
use crate::domain::time::Timestamp;

/// What is asked. None of it becomes an event, besides alarms: it changes records, and the audit trail remembers it.
#[derive(Clone, Debug, PartialEq)]
pub enum EndpointAsk {
    /// What the configuration names now, and whether each is turned on.
    Bind {
        /// All of them.
        configured: Vec<(EndpointId, bool)>,
        /// Where the journal is: new ones begin here.
        head: Seq,
    },
    /// Add an endpoint.
    Create {
        /// The endpoint.
        endpoint: Box<Endpoint>,
        /// It is told what happens after this event.
        after: Seq,
    },
    /// Change an endpoint that was added.
    Edit {
        /// Which.
        endpoint_id: EndpointId,
        /// What changes.
        edit: Box<EndpointEdit>,
        /// Where the journal is: one that is turned on begins here.
        head: Seq,
    },
    /// Give an endpoint that was added a new secret; the old one goes on for a while.
    Rotate {
        /// Which.
        endpoint_id: EndpointId,
        /// The new secret.
        secret: Hidden,
        /// How long deliveries are signed with the old one too.
        overlap: Duration,
    },
    /// Go on with an endpoint that failed or ended.
    Resume {
        /// Which.
        endpoint_id: EndpointId,
        /// After which event; `None` for where it stopped.
        after: Option<Seq>,
    },
    /// Remove an endpoint that was added.
    Delete(EndpointId),
    /// Forget its dead letters.
    DismissDead(EndpointId),
    /// How far an endpoint is, says whoever delivers to it.
    Note(Box<DeliveryNote>),
}

/// How far an endpoint is.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryNote {
    /// Which.
    pub endpoint_id: EndpointId,
    /// Everything up to this event is settled.
    pub cursor: Seq,
    /// How often the next one was tried.
    pub attempts: u32,
    /// Failures in a row.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// When it is tried again.
    pub retry_at: Option<Timestamp>,
    /// When it last took something.
    pub delivered_at: Option<Timestamp>,
    /// It ended.
    pub ended: Option<EndReason>,
    /// Dead letters since the last note.
    pub dead: Vec<DeadLetter>,
    /// Dead letters that it got after all, by replay.
    pub raised: Vec<Seq>,
}

/// What changes of an endpoint. `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointEdit {
    /// Another address.
    pub url: Option<EndpointUrl>,
    /// Another filter.
    pub filter: Option<Filter>,
    /// Another payload.
    pub payload: Option<Payload>,
    /// On or off.
    pub enabled: Option<bool>,
    /// Another rate.
    pub rate_per_s: Option<u32>,
    /// Another proof.
    pub bearer: Option<Hidden>,
}

impl EndpointAsk {
    /// What the command is about; see [`crate::domain::command::Ask::subject`].
    pub fn subject(&self) -> Option<EntityKey> {
        Some(match self {
            EndpointAsk::Bind { .. } => return None,
            EndpointAsk::Create { endpoint, .. } => EntityKey::Endpoint(endpoint.id.clone()),
            EndpointAsk::Edit { endpoint_id, .. } | EndpointAsk::Rotate { endpoint_id, .. } => {
                EntityKey::Endpoint(endpoint_id.clone())
            }
            EndpointAsk::Delete(id) => EntityKey::Endpoint(id.clone()),
            EndpointAsk::Resume { endpoint_id, .. } => EntityKey::Delivery(endpoint_id.clone()),
            EndpointAsk::DismissDead(id) => EntityKey::Delivery(id.clone()),
            EndpointAsk::Note(note) => EntityKey::Delivery(note.endpoint_id.clone()),
        })
    }

    /// The command's name, for logs and the audit trail; never its content.
    pub fn name(&self) -> &'static str {
        match self {
            EndpointAsk::Bind { .. } => "bind_endpoints",
            EndpointAsk::Create { .. } => "create_endpoint",
            EndpointAsk::Edit { .. } => "edit_endpoint",
            EndpointAsk::Rotate { .. } => "rotate_endpoint_secret",
            EndpointAsk::Resume { .. } => "resume_endpoint",
            EndpointAsk::Delete(_) => "delete_endpoint",
            EndpointAsk::DismissDead(_) => "dismiss_dead_letters",
            EndpointAsk::Note(_) => "note_delivery",
        }
    }

    /// What the table of roles calls it.
    pub fn verb(&self) -> Verb {
        match self {
            EndpointAsk::Bind { .. } | EndpointAsk::Note(_) => Verb::Own,
            EndpointAsk::Create { .. }
            | EndpointAsk::Edit { .. }
            | EndpointAsk::Rotate { .. }
            | EndpointAsk::Resume { .. }
            | EndpointAsk::Delete(_)
            | EndpointAsk::DismissDead(_) => Verb::Administration,
        }
    }
}
