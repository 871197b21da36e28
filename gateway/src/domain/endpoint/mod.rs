//! Webhook endpoints: other systems that are told what happens here, what of it they want, and how far each is.
//!
//! What the configuration names is its own; what admins add is a record. How far an endpoint is, is a record of either.
//! None of it is ever an event: secrets do not enter the journal.

mod ask;
mod delivery;
mod filter;
mod url;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::id::EndpointId;
use super::time::Timestamp;

pub use ask::{DeliveryNote, EndpointAsk, EndpointEdit};
pub use delivery::{DeadLetter, Delivery, EndReason, Ended};
pub use filter::{EventPattern, Filter, PatternError, kind_matches};
pub use url::{EndpointUrl, UrlError};

/// The most endpoints of a clinic: each is a task, and a cursor that may keep the journal.
pub const ENDPOINTS_MAX: usize = 64;
/// Patterns, rooms and urgencies that one filter may name.
pub const FILTER_WORDS_MAX: usize = 64;
/// Secrets that an endpoint's deliveries are signed with at a time, while they overlap.
pub const ENDPOINT_SECRETS_MAX: usize = 3;
/// Dead letters that are remembered of one endpoint, the newest: a record has 7 KiB. Their events are in the journal.
pub const DEAD_LETTERS_MAX: usize = 32;
/// Requests that an endpoint may get a second, unless somebody says otherwise.
pub const RATE_PER_S_USUAL: u32 = 1_000;
/// After so many failures in a row the endpoint is called failing, and only probed.
pub const FAILURES_MAX: u32 = 3;

/// A text that is kept as it is and never printed: what signs deliveries, or proves who sends them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub Arc<str>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What is at the other end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndpointKind {
    /// A program that takes Standard Webhooks.
    #[default]
    Standard,
    /// An OpenClaw gateway, by its `/hooks/agent`.
    Openclaw,
    /// People's phones, by a topic of an ntfy server.
    Ntfy,
}

/// How much a delivery says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// Ids, enums, numbers and times: the receiver fetches the rest, and that is audited.
    #[default]
    Thin,
    /// Everything that an admin sees.
    Full,
}

/// One secret that deliveries are signed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SigningSecret {
    /// The secret: `whsec_` and base64, or plain text.
    pub secret: Hidden,
    /// When it ends, once a newer one replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl SigningSecret {
    /// True while deliveries are signed with it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// Another system that is told what happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its name, in the clinic's words.
    pub id: EndpointId,
    /// Where it is.
    pub url: EndpointUrl,
    /// What is there.
    #[serde(default)]
    pub kind: EndpointKind,
    /// What it is told.
    #[serde(default)]
    pub filter: Filter,
    /// How much it is told.
    #[serde(default)]
    pub payload: Payload,
    /// False: it is told nothing until somebody turns it on; what happens meanwhile it is not told either.
    pub enabled: bool,
    /// Requests a second at most.
    pub rate_per_s: u32,
    /// What deliveries are signed with, the newest last.
    #[serde(default)]
    pub secrets: Vec<SigningSecret>,
    /// What proves the gateway to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Hidden>,
    /// When it was added.
    #[serde(default)]
    pub created_at: Timestamp,
    /// Counts edits.
    #[serde(default)]
    pub revision: u64,
}

impl Endpoint {
    /// What cannot go together, as the field and what would be right.
    ///
    /// # Errors
    ///
    /// The first of them.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let words = [self.filter.events.len(), self.filter.rooms.len(), self.filter.urgency.len()];
        if words.into_iter().any(|count| count > FILTER_WORDS_MAX) {
            return Err((
                "events",
                format!("events, rooms and urgency name at most {FILTER_WORDS_MAX} each"),
            ));
        }
        if !(1..=10_000).contains(&self.rate_per_s) {
            return Err(("rate_per_s", format!("{} is out of range; use 1 to 10000", self.rate_per_s)));
        }
        match self.kind {
            EndpointKind::Standard if self.secrets.is_empty() => {
                Err(("secret_file", "is missing: deliveries of this kind are signed".into()))
            }
            EndpointKind::Openclaw if self.bearer.is_none() => {
                Err(("bearer_file", "is missing: OpenClaw takes nothing without its hooks.token".into()))
            }
            EndpointKind::Openclaw | EndpointKind::Ntfy if self.payload == Payload::Full => {
                Err(("payload", "is thin for agents and phones; they get ids, never names or texts".into()))
            }
            EndpointKind::Standard | EndpointKind::Openclaw | EndpointKind::Ntfy => Ok(()),
        }
    }
}
