//! Proof of who asks: a password, a bearer token, a machine's key, a ticket. What a role may do with it is the
//! domain's table; nothing here decides about the ward.

mod backoff;
mod doorkeeper;
mod password;
mod secret;
mod signature;
mod ticket;

pub mod metrics;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::access::{Digest, Scope};
use crate::domain::actor::Actor;
use crate::domain::id::{DoctorId, KeyId, TokenId, UserId};
use crate::domain::role::Role;

pub use backoff::{ACCOUNT_DELAY_MAX, ADDRESS_DELAY_MAX, Backoff, Later};
pub use doorkeeper::{ConfiguredKey, Doorkeeper, Presented, Unproven};
pub use password::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, WeakPassword, hash, is_right};
pub use secret::Secret;
pub use signature::{SIGNATURE_AGE_MAX, SignedBody, Unsigned, is_signing_secret, sign};
pub use ticket::{TICKET_LASTS, Tickets};

/// The shortest key that is taken from a file, in bytes: 128 bits written in hexadecimal are twice that.
pub const KEY_BYTES_MIN: usize = 16;

/// Somebody who has proved who they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Who it is.
    pub actor: Actor,
    /// The token that proved it.
    pub token: Option<TokenId>,
    /// The secret of the machine's key that proved it: one of several while they overlap.
    pub secret: Option<Digest>,
    /// What a machine's key is for; `None` for people, whom their role alone bounds.
    pub scopes: Option<Vec<Scope>>,
}

impl Identity {
    /// Somebody without proof, in an open demo.
    pub fn visitor() -> Self {
        Self { actor: Actor::Local, token: None, secret: None, scopes: None }
    }

    /// True when this proof may be used for `scope`.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }
}

/// One key of a machine (`[[auth.keys]]`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyConfig {
    /// The key's own name; it appears in logs and as the actor, the key itself never.
    pub id: KeyId,
    /// What it is for: device, agent or peer.
    pub role: Role,
    /// What it may be used for; what is usual for the role when nothing is said.
    #[serde(default)]
    pub scopes: Option<Vec<Scope>>,
    /// The file that holds the key; a plain name is looked for among the systemd credentials first.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The key itself, for a demo on loopback only.
    #[serde(default)]
    pub demo_key: Option<Secret>,
}

/// One user of a demo on loopback (`[[auth.demo_users]]`), made at the first start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoUser {
    /// The account's id.
    pub id: UserId,
    /// How the person logs in.
    pub email: crate::domain::access::Email,
    /// The name that colleagues use.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The doctor that the account is.
    #[serde(default)]
    pub doctor_id: Option<DoctorId>,
    /// The doctors that the account works for.
    #[serde(default)]
    pub manages: Vec<DoctorId>,
    /// The password.
    pub password: Secret,
    /// A bearer token, so that a documented command works as it is written.
    #[serde(default)]
    pub token: Option<Secret>,
}
