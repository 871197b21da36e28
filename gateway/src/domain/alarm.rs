//! Alarms: technical trouble that somebody should look at. (A clinical one is an alert.)

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::id::AlarmId;
use super::time::Timestamp;

/// What went wrong, technically.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmCause {
    /// A camera gives no picture.
    CameraLost,
    /// A command broke the rules' code and was set aside.
    CommandUndecidable,
    /// The store was damaged and recovered, or replaced.
    StoreRecovered,
    /// The store takes more of the disk than it should.
    StoreBudget,
}

impl AlarmCause {
    /// The cause as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            AlarmCause::CameraLost => "camera_lost",
            AlarmCause::CommandUndecidable => "command_undecidable",
            AlarmCause::StoreRecovered => "store_recovered",
            AlarmCause::StoreBudget => "store_budget",
        }
    }
}

/// What an alarm says: the text for staff and the remedy for whoever mends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmNotice {
    /// The kind of trouble.
    pub cause: AlarmCause,
    /// The thing in trouble: a camera's id, a command's name.
    pub subject: String,
    /// What happened, in one sentence.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

impl AlarmNotice {
    /// The id of the alarm: the same trouble with the same thing is the same alarm.
    pub fn id(&self) -> AlarmId {
        alarm_id(self.cause, &self.subject)
    }
}

/// The id of the alarm of `cause` about `subject`. Letters that an id cannot hold become `-`.
pub fn alarm_id(cause: AlarmCause, subject: &str) -> AlarmId {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._:-".contains(c) { c } else { '-' };
    let subject: String = subject.chars().map(plain).take(64).collect();
    format!("{}:{subject}", cause.as_str()).parse().expect("plain and short by construction")
}

/// A technical alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Cause and subject in one word.
    pub id: AlarmId,
    /// What happened, to what, and the remedy.
    #[serde(flatten)]
    pub notice: AlarmNotice,
    /// When it was raised, the last time.
    pub raised_at: Timestamp,
    /// When its cause went away; `None` while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Timestamp>,
    /// Who has seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_by: Option<Actor>,
}

impl Alarm {
    /// True while the trouble stands.
    pub fn is_standing(&self) -> bool {
        self.cleared_at.is_none()
    }
}
