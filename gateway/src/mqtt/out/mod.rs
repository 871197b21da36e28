//! What the gateway says over MQTT: the clinic's state as retained messages, Home Assistant's discovery of it, and the
//! commands that come back.
//!
//! Everything here is made from committed state. A message is one fact of one thing; it is retained, so that whoever
//! subscribes later learns it too, and the newest one of a topic is the only one that counts. Nothing here names a
//! patient or a doctor, or carries what somebody typed about them.
//!
//! [`state`] and [`discovery`] turn state into payloads and [`commands`] turns payloads into asks, all of them pure.
//! [`publisher`] follows the journal. The way to the broker is somebody else's: see `docs/mqtt-out.md`.

pub mod commands;
pub mod discovery;
pub mod publisher;
mod retained;
pub mod state;
pub mod topics;

#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;

/// After so long without a word on a room's occupancy, Home Assistant calls it unavailable: the gateway is gone, and
/// the broker has not noticed. Three repetitions, so that one lost message is nothing.
pub const OCCUPANCY_EXPIRES_AFTER: Duration = Duration::from_secs(180);
/// How often every room's occupancy is said again: a third of [`OCCUPANCY_EXPIRES_AFTER`].
pub const OCCUPANCY_REPEATED_EVERY: Duration = Duration::from_secs(60);
/// How long Home Assistant is left alone after its birth: it subscribes meanwhile, and a flood of births is one.
pub const HOME_ASSISTANT_SETTLES: Duration = Duration::from_secs(5);
/// The shortest time from one publication of a thing to the next. What moves more often is told ten times a second, with
/// the newest word: more is a flapping device, which neither the broker nor who listens to it should pay for.
pub const ROUND_EVERY: Duration = Duration::from_millis(100);
/// Topics that are published at most: 1,000 rooms and 2,000 pieces of equipment, with room for alarms. A broker of a
/// clinic's box holds as many without effort, and each costs about a kilobyte here.
pub const TOPICS_MAX: usize = 10_000;
/// Publications on their way to the broker's link: a few round trips. What waits beyond it is overtaken by its newer
/// self, so more would only be older.
pub const PUBLICATIONS_QUEUED_MAX: usize = 64;
/// The largest command, in bytes: one word, or an object with one.
pub const COMMAND_BYTES_MAX: usize = 1_024;

/// How a message is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qos {
    /// Sent and forgotten.
    AtMostOnce,
    /// Sent until it is acknowledged.
    AtLeastOnce,
}

/// A message for the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Where to.
    pub topic: String,
    /// What. Empty to remove what the broker has retained.
    pub payload: Bytes,
    /// The broker keeps it for whoever subscribes later.
    pub retain: bool,
    /// How it is delivered.
    pub qos: Qos,
}

impl Publication {
    /// A fact that holds until the next one under its topic.
    pub(crate) fn fact(topic: String, payload: Bytes) -> Self {
        Self { topic, payload, retain: true, qos: Qos::AtLeastOnce }
    }
}
