//! How far an endpoint is.

use serde::{Deserialize, Serialize};

use super::{DEAD_LETTERS_MAX, FAILURES_MAX};
use crate::domain::event::Seq;
use crate::domain::id::EndpointId;
use crate::domain::time::Timestamp;

/// How far one endpoint is, and how it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose.
    pub endpoint_id: EndpointId,
    /// The configuration names the endpoint; without it, the record goes.
    #[serde(default)]
    pub is_configured: bool,
    /// It is told what happens: it is turned on.
    pub is_on: bool,
    /// Everything up to this event was delivered, was not for it, or is among the dead letters.
    pub cursor: Seq,
    /// How often the event after the cursor was tried.
    #[serde(default)]
    pub attempts: u32,
    /// Failures since it last took something.
    #[serde(default)]
    pub failures: u32,
    /// When the first of them was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// When it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// When it last took something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Nothing more is delivered, until an admin says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Events that it will not get by themselves, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dead: Vec<DeadLetter>,
}

/// That and why nothing more is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
}

/// Why nothing more is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// It answered 410: it is gone for good.
    Gone,
    /// It has failed for so many days that the journal does not wait any longer.
    Dropped,
}

/// An event that an endpoint will not get by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeadLetter {
    /// The event.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// Its type, as the wire spells it; `journal:trimmed` for events that the journal lost before they were delivered.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was given up.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What the last try came to: a status, or a word for why there was none.
    pub outcome: String,
}

impl Delivery {
    /// An endpoint that is new, and is told what happens after `cursor`.
    pub fn new(endpoint_id: EndpointId, is_configured: bool, is_on: bool, cursor: Seq) -> Self {
        Self {
            endpoint_id,
            is_configured,
            is_on,
            cursor,
            attempts: 0,
            failures: 0,
            failing_since: None,
            retry_at: None,
            delivered_at: None,
            ended: None,
            dead: Vec::new(),
        }
    }

    /// True while the endpoint is told what happens, so that the journal waits for it.
    pub fn is_living(&self) -> bool {
        self.is_on && self.ended.is_none()
    }

    /// True when it fails so that somebody should look.
    pub fn is_failing(&self) -> bool {
        self.is_living() && self.failures >= FAILURES_MAX
    }

    /// Begins anew after `cursor`: what went wrong before is forgotten, dead letters are not.
    pub fn begin_anew(&mut self, cursor: Seq) {
        let begun = Self::new(self.endpoint_id.clone(), self.is_configured, true, cursor);
        let (dead, delivered_at) = (std::mem::take(&mut self.dead), self.delivered_at);
        *self = Self { dead, delivered_at, ..begun };
    }

    /// Adds dead letters; the oldest go when there are too many.
    pub fn bury(&mut self, dead: &[DeadLetter]) {
        self.dead.extend_from_slice(dead);
        let surplus = self.dead.len().saturating_sub(DEAD_LETTERS_MAX);
        self.dead.drain(..surplus);
    }
}
