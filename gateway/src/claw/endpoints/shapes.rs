//! Endpoints as the wire shows and takes them. A secret is told once, when it is made.

use axum::http::HeaderValue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lane::Attempt;
use crate::auth::Secret;
use crate::domain::action::Urgency;
use crate::domain::endpoint::{
    DeadLetter, Delivery, EndReason, Endpoint, EndpointKind, EventPattern, Payload,
};
use crate::domain::event::Seq;
use crate::domain::id::{EndpointId, RoomId};
use crate::domain::time::Timestamp;
use crate::wire::access::KeptIn;
use crate::wire::schema::{Id, Time};

/// How an endpoint does.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// It takes what it is sent.
    Active,
    /// It does not, and is tried again by itself.
    Failing,
    /// Somebody turned it off.
    Off,
    /// It is sent nothing more until somebody resumes it.
    Ended,
}

/// An endpoint, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Endpoint)]
pub(super) struct EndpointBody {
    #[schema(value_type = Id)]
    pub(super) id: EndpointId,
    url: String,
    kind: EndpointKind,
    /// Types of events; none named is every event.
    #[schema(value_type = Vec<String>)]
    events: Vec<EventPattern>,
    #[schema(value_type = Vec<Id>)]
    rooms: Vec<RoomId>,
    urgency: Vec<Urgency>,
    payload: Payload,
    enabled: bool,
    rate_per_s: u32,
    kept_in: KeptIn,
    state: Standing,
    /// Why it ended.
    ended: Option<EndReason>,
    /// Everything up to this event is settled.
    cursor: String,
    /// Events after it, wanted or not.
    lag_events: u64,
    /// How often the next one was tried.
    attempts: u32,
    #[schema(value_type = Option<Time>)]
    failing_since: Option<Timestamp>,
    #[schema(value_type = Option<Time>)]
    retry_at: Option<Timestamp>,
    #[schema(value_type = Option<Time>)]
    delivered_at: Option<Timestamp>,
    dead_letters: usize,
    /// When the replaced secrets end that deliveries are still signed with.
    #[schema(value_type = Vec<Time>)]
    old_secrets_end_at: Vec<Timestamp>,
    revision: u64,
}

impl EndpointBody {
    /// The revision as an ETag; what the configuration names has none.
    pub(super) fn tag(&self) -> Option<HeaderValue> {
        let tag = (self.kept_in == KeptIn::Store).then(|| format!("\"{}\"", self.revision));
        tag.map(|tag| HeaderValue::from_str(&tag).expect("a number is plain text"))
    }

    /// `endpoint` as it is at `now`, `head` being the newest event of the journal of `epoch`.
    pub(super) fn new(
        endpoint: &Endpoint,
        delivery: &Delivery,
        epoch: &str,
        head: Seq,
        now: Timestamp,
    ) -> Self {
        let ends = endpoint.secrets.iter().filter_map(|it| it.expires_at);
        Self {
            id: endpoint.id.clone(),
            url: endpoint.url.as_str().to_owned(),
            kind: endpoint.kind,
            events: endpoint.filter.events.clone(),
            rooms: endpoint.filter.rooms.clone(),
            urgency: endpoint.filter.urgency.clone(),
            payload: endpoint.payload,
            enabled: endpoint.enabled,
            rate_per_s: endpoint.rate_per_s,
            kept_in: if delivery.is_configured { KeptIn::Configuration } else { KeptIn::Store },
            state: match (delivery.is_on, delivery.ended, delivery.is_failing()) {
                (false, ..) => Standing::Off,
                (true, Some(_), _) => Standing::Ended,
                (true, None, true) => Standing::Failing,
                (true, None, false) => Standing::Active,
            },
            ended: delivery.ended.map(|it| it.reason),
            cursor: format!("{epoch}:{}", delivery.cursor),
            lag_events: head.0.saturating_sub(delivery.cursor.0),
            attempts: delivery.attempts,
            failing_since: delivery.failing_since,
            retry_at: delivery.retry_at,
            delivered_at: delivery.delivered_at,
            dead_letters: delivery.dead.len(),
            old_secrets_end_at: ends.filter(|at| now < *at).collect(),
            revision: endpoint.revision,
        }
    }
}

/// An endpoint that is to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEndpointBody {
    #[schema(value_type = Id)]
    pub(super) id: EndpointId,
    /// Where it is: a host that `claw.allowed_hosts` names.
    pub(super) url: String,
    #[serde(default)]
    pub(super) kind: EndpointKind,
    #[serde(default)]
    pub(super) events: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Vec<Id>)]
    pub(super) rooms: Vec<RoomId>,
    #[serde(default)]
    pub(super) urgency: Vec<Urgency>,
    #[serde(default)]
    pub(super) payload: Payload,
    #[serde(default)]
    pub(super) enabled: Option<bool>,
    #[serde(default)]
    pub(super) rate_per_s: Option<u32>,
    /// What proves the gateway to it, as a Bearer token.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) bearer: Option<Secret>,
    /// It is told what happens after this cursor; after the newest event when absent.
    #[serde(default)]
    pub(super) after: Option<String>,
}

/// What changes of an endpoint. An absent field stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EndpointEditBody {
    pub(super) url: Option<String>,
    pub(super) events: Option<Vec<String>>,
    #[schema(value_type = Option<Vec<Id>>)]
    pub(super) rooms: Option<Vec<RoomId>>,
    pub(super) urgency: Option<Vec<Urgency>>,
    pub(super) payload: Option<Payload>,
    pub(super) enabled: Option<bool>,
    pub(super) rate_per_s: Option<u32>,
    #[schema(value_type = Option<String>)]
    pub(super) bearer: Option<Secret>,
}

/// How a secret is rotated.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RotateEndpointBody {
    /// Seconds that deliveries are signed with the old secret too.
    pub(super) overlap_s: Option<u64>,
}

/// Where an endpoint goes on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ResumeBody {
    /// After this cursor; where it stopped when absent.
    pub(super) after: Option<String>,
}

/// What is sent once more: one event, a stretch of the journal, or of time; what is absent is open.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReplayBody {
    pub(super) seq: Option<u64>,
    pub(super) from_seq: Option<u64>,
    pub(super) to_seq: Option<u64>,
    #[schema(value_type = Option<Time>)]
    pub(super) since: Option<Timestamp>,
    #[schema(value_type = Option<Time>)]
    pub(super) until: Option<Timestamp>,
}

/// The answer with one endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EndpointAnswer {
    pub(super) endpoint: EndpointBody,
    /// What deliveries are signed with: told once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) secret: Option<String>,
}

/// The answer with all endpoints.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EndpointsAnswer {
    pub(super) endpoints: Vec<EndpointBody>,
}

/// The last tries of an endpoint since the gateway started, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttemptsAnswer {
    pub(super) attempts: Vec<Attempt>,
}

/// What a test came to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttemptAnswer {
    pub(super) attempt: Attempt,
}

/// Events that an endpoint will not get by itself, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeadLettersAnswer {
    pub(super) dead_letters: Vec<DeadLetter>,
}

/// A replay that waits for its turn.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplayAnswer {
    /// True: what came of it is among the attempts.
    pub(super) queued: bool,
}
