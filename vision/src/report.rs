//! What a camera says, and all it says: numbers and words, never a picture.

use std::time::Instant;

use serde::{Deserialize, Serialize};

/// How an observation was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A network that knows people.
    Model,
    /// Whatever stands out from the empty room; confidence at most 0.75.
    Motion,
}

/// What a camera claims about its zones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Somebody is there. Stays true for the hold after the last person was found.
    pub occupied: bool,
    /// How many; 0 exactly when not occupied. Follows the picture after 3 s.
    pub people: u32,
    /// How sure the claim is, 0.0..=1.0: for an occupied room that somebody is there, for an empty one
    /// that nobody is.
    pub confidence: f32,
    /// How it was found.
    pub method: Method,
    /// The picture was drawn, not seen.
    pub synthetic: bool,
}

/// One message of a camera.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Pictures are fresh and prove this; the newest of them came then. Sent on each change and at least once a second.
    Seen(Observation, Instant),
    /// Pictures are fresh and prove nothing yet. Sent at most once a second.
    Alive,
    /// There are no fresh pictures; the reason in words, without addresses and passwords. Sent when it
    /// begins and whenever there is something new to say.
    Trouble(String),
}
