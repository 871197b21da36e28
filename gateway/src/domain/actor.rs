//! Who asks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{CameraId, KeyId, UserId};

/// Who a command comes from. Every event remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A person who proved who they are.
    User(UserId),
    /// Somebody at this machine, while the listener serves an open demo on loopback and nobody has an identity.
    Local,
    /// A device or vision system, by its key.
    Device(KeyId),
    /// The CLAW agent, by its key.
    Agent(KeyId),
    /// One of the gateway's own cameras.
    Camera(CameraId),
    /// The gateway itself: timers, start-up, import.
    Gateway,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::User(id) => write!(f, "{id}"),
            Actor::Local => f.write_str("staff"),
            Actor::Device(id) => write!(f, "device {id}"),
            Actor::Agent(id) => write!(f, "agent {id}"),
            Actor::Camera(id) => write!(f, "camera {id}"),
            Actor::Gateway => f.write_str("the gateway"),
        }
    }
}
