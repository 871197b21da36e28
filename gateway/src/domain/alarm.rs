//! Alarms: technical trouble that somebody should look at. (A clinical one is an alert.)

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::id::{AlarmId, KeyId};
use super::time::Timestamp;

/// What went wrong, technically.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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
    /// The clock of a device that reports is wrong.
    SenderClock,
    /// The certificate of the listener ends soon, has ended, or does not hold yet.
    Certificate,
    /// Clients of the hub are cut, many within a minute.
    ClientsLost,
    /// Batteries are low.
    BatteryLow,
    /// Devices are offline, or should have spoken and have not.
    DevicesOffline,
    /// Devices come and go.
    DeviceFlapping,
    /// The broker that devices speak through is away.
    BrokerLost,
    /// A presence sensor detects somebody for hours, against all others.
    SensorStuck,
    /// A fridge or a freezer is too warm or too cold.
    TemperatureExcursion,
    /// Nobody knows how warm a fridge or a freezer is.
    TemperatureUnknown,
    /// A webhook endpoint does not take what it is sent.
    EndpointFailing,
    /// Nothing more is delivered to a webhook endpoint: it is gone, or has failed for days.
    EndpointEnded,
    /// A webhook endpoint will not get some events by itself.
    DeadLetters,
    /// The agent does not answer.
    AgentOffline,
}

impl AlarmCause {
    /// The cause as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            AlarmCause::CameraLost => "camera_lost",
            AlarmCause::CommandUndecidable => "command_undecidable",
            AlarmCause::StoreRecovered => "store_recovered",
            AlarmCause::StoreBudget => "store_budget",
            AlarmCause::SenderClock => "sender_clock",
            AlarmCause::Certificate => "certificate",
            AlarmCause::ClientsLost => "clients_lost",
            AlarmCause::BatteryLow => "battery_low",
            AlarmCause::DevicesOffline => "devices_offline",
            AlarmCause::DeviceFlapping => "device_flapping",
            AlarmCause::BrokerLost => "broker_lost",
            AlarmCause::SensorStuck => "sensor_stuck",
            AlarmCause::TemperatureExcursion => "temperature_excursion",
            AlarmCause::TemperatureUnknown => "temperature_unknown",
            AlarmCause::EndpointFailing => "endpoint_failing",
            AlarmCause::EndpointEnded => "endpoint_ended",
            AlarmCause::DeadLetters => "dead_letters",
            AlarmCause::AgentOffline => "agent_offline",
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
    /// The things in trouble because of it, by id: one cause has one voice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<String>,
}

impl AlarmNotice {
    /// The id of the alarm: the same trouble with the same thing is the same alarm.
    pub fn id(&self) -> AlarmId {
        alarm_id(self.cause, &self.subject)
    }

    /// Many clients of the hub are cut within a minute.
    pub fn clients_lost() -> Self {
        Self {
            cause: AlarmCause::ClientsLost,
            subject: "hub".into(),
            text: "many screens lose their connection because they are too slow or break a limit".into(),
            remedy:
                "look at GET /api/ws/stats for the codes, and at the network between the screens and the \
                     gateway; the alarm ends after five quiet minutes"
                    .into(),
            children: Vec::new(),
        }
    }

    /// The agent is away for long.
    pub fn agent_offline() -> Self {
        Self {
            cause: AlarmCause::AgentOffline,
            subject: "agent".into(),
            text: "the agent is away: what is assigned to it goes to staff".into(),
            remedy:
                "look at the component agent of GET /api/health for the reason, and whether the agent runs; \
                     the alarm ends when it answers again"
                    .into(),
            children: Vec::new(),
        }
    }

    /// The clock of `sender` runs ahead of the gateway's, or behind it. Says the same however far it is off: a
    /// drifting clock is one alarm, not one for each report.
    pub fn sender_clock(sender: &KeyId, is_ahead: bool) -> Self {
        let way = if is_ahead { "ahead of" } else { "behind" };
        Self {
            cause: AlarmCause::SenderClock,
            subject: sender.to_string(),
            text: format!(
                "the clock of {sender} runs {way} this gateway's: its reports cannot be put in order"
            ),
            remedy:
                "let the device and the gateway take their time from the same server (NTP); the alarm ends \
                     with the first report whose time is right"
                    .into(),
            children: Vec::new(),
        }
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
