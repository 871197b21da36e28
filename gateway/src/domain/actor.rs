//! Who asks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{CameraId, DeviceId, KeyId, TokenId, UserId};

/// Who a command comes from. Every event remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A person who proved who they are.
    User(UserId),
    /// Somebody without proof, at a listener that serves an open demo on loopback: may look.
    Local,
    /// Somebody at the machine's own console: root or the service's user, by the admin socket.
    Console,
    /// A wall screen, by its token: may look.
    Kiosk(TokenId),
    /// A device or vision system, by its key.
    Device(KeyId),
    /// The CLAW agent, by its key.
    Agent(KeyId),
    /// Another gateway of the clinic, by its key.
    Peer(KeyId),
    /// One of the gateway's own cameras.
    Camera(CameraId),
    /// A plug, a sensor or a button, by its binding.
    Sensor(DeviceId),
    /// The gateway itself: timers, start-up, import.
    Gateway,
}

impl Actor {
    /// True when what the actor changes is an edit of staff's, which counts up a revision. What devices, cameras
    /// and the gateway itself report does not.
    pub fn edits(&self) -> bool {
        match self {
            Actor::User(_)
            | Actor::Local
            | Actor::Console
            | Actor::Kiosk(_)
            | Actor::Agent(_)
            | Actor::Peer(_) => true,
            Actor::Device(_) | Actor::Camera(_) | Actor::Sensor(_) | Actor::Gateway => false,
        }
    }

    /// True when everything that the actor changes belongs into the audit trail. What devices, cameras and timers
    /// do is in the journal, with the actor.
    pub fn is_audited(&self) -> bool {
        match self {
            Actor::User(_)
            | Actor::Local
            | Actor::Console
            | Actor::Kiosk(_)
            | Actor::Agent(_)
            | Actor::Peer(_) => true,
            Actor::Device(_) | Actor::Camera(_) | Actor::Sensor(_) | Actor::Gateway => false,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::User(id) => write!(f, "{id}"),
            Actor::Local => f.write_str("staff"),
            Actor::Console => f.write_str("the console"),
            Actor::Kiosk(id) => write!(f, "kiosk {id}"),
            Actor::Device(id) => write!(f, "device {id}"),
            Actor::Agent(id) => write!(f, "agent {id}"),
            Actor::Peer(id) => write!(f, "peer {id}"),
            Actor::Camera(id) => write!(f, "camera {id}"),
            Actor::Sensor(id) => write!(f, "sensor {id}"),
            Actor::Gateway => f.write_str("the gateway"),
        }
    }
}
