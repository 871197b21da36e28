//! What the payloads of devices say, one file per dialect. Pure: a message and what came before in, words out.
//!
//! What it means for a room or a fridge is not decided here. A new dialect is one file, one variant, and one line in
//! each of the four functions below.

mod frigate;
mod json;
mod payload;
mod plain;
mod shelly;
mod tasmota;
#[cfg(test)]
mod tests;
mod unit;
mod zigbee2mqtt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::config::Binding;
use crate::domain::device::Said;
use crate::domain::reading::Quantity;
use crate::domain::time::Timestamp;

pub use unit::Unit;

/// A language that devices speak over MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// JSON, with a pointer to the value.
    Json,
    /// The whole payload is the value.
    Plain,
    /// Zigbee2MQTT.
    Zigbee2mqtt,
    /// Tasmota.
    Tasmota,
    /// Shelly, second generation and later.
    Shelly,
    /// Frigate.
    Frigate,
}

impl Dialect {
    /// The dialect as the configuration spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Json => "json",
            Dialect::Plain => "plain",
            Dialect::Zigbee2mqtt => "zigbee2mqtt",
            Dialect::Tasmota => "tasmota",
            Dialect::Shelly => "shelly",
            Dialect::Frigate => "frigate",
        }
    }
}

/// One message, as it came.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Its payload.
    pub payload: &'a [u8],
    /// The broker had kept it: it may be old.
    pub retained: bool,
    /// When it came.
    pub at: Timestamp,
}

/// What is remembered of a device between two of its messages.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// When its bridge was last heard to start.
    bridge_began: Option<Timestamp>,
    /// What its components are, as far as it told (Shelly).
    base: Map<String, Value>,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What, in order; nothing for a message that is none of the binding's business.
    pub said: Vec<Said>,
    /// When, by the device's clock.
    pub observed_at: Option<Timestamp>,
    /// The message's counter.
    pub counter: Option<u64>,
    /// It tells what was.
    pub is_replay: bool,
    /// The device has begun anew: what it is to be asked at the begin is to be asked again.
    pub has_begun: bool,
}

impl Told {
    /// Says `said`, now.
    fn of(said: Vec<Said>) -> Self {
        Self { said, ..Self::default() }
    }

    /// The same, of old if `is_replay`.
    fn replayed(mut self, is_replay: bool) -> Self {
        self.is_replay |= is_replay;
        self
    }
}

/// Why a message cannot be understood. Says what was wrong, and nothing that was in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// It is no UTF-8.
    #[error("the payload is no text")]
    NoText,
    /// It is no JSON.
    #[error("the payload is no JSON")]
    NoJson,
    /// It is JSON of another shape.
    #[error("the payload is JSON, but not {0}")]
    Shape(&'static str),
    /// Nothing is where the pointer points.
    #[error("nothing is at {0}")]
    NothingAt(String),
    /// The value is none that the target can be told.
    #[error("the value is not {0}")]
    Value(&'static str),
}

/// A message that a device is to be sent when the link or the device begins: a question about how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where.
    pub topic: String,
    /// What.
    pub payload: String,
}

/// Filters of the topics on which the device of `binding` speaks. `own` is where the gateway's own topics begin.
pub fn topics(binding: &Binding, own: &str) -> Vec<String> {
    match binding.dialect {
        Dialect::Json | Dialect::Plain => [Some(&binding.topic), binding.availability_topic.as_ref()]
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        Dialect::Zigbee2mqtt => zigbee2mqtt::topics(binding),
        Dialect::Tasmota => tasmota::topics(binding),
        Dialect::Shelly => shelly::topics(binding, own),
        Dialect::Frigate => frigate::topics(binding),
    }
}

/// What the device of `binding` is to be asked when it or the link begins.
pub fn questions(binding: &Binding, own: &str) -> Vec<Question> {
    match binding.dialect {
        Dialect::Shelly => vec![shelly::question(binding, own)],
        Dialect::Frigate => vec![frigate::question(binding)],
        Dialect::Json | Dialect::Plain | Dialect::Zigbee2mqtt | Dialect::Tasmota => Vec::new(),
    }
}

/// Reads a message on one of the [`topics`] of `binding`.
///
/// # Errors
///
/// [`Misread`] when it cannot be understood. A message that is none of the binding's business is none.
pub fn read(binding: &Binding, memory: &mut Memory, message: &Message<'_>) -> Result<Told, Misread> {
    match binding.dialect {
        Dialect::Json => json::read(binding, message),
        Dialect::Plain => plain::read(binding, message),
        Dialect::Zigbee2mqtt => zigbee2mqtt::read(binding, memory, message),
        Dialect::Tasmota => tasmota::read(binding, message),
        Dialect::Shelly => shelly::read(binding, memory, message),
        Dialect::Frigate => frigate::read(binding, message),
    }
}

/// Which dialect a topic that nobody is bound to looks like, and the device's own topic in it.
pub fn guess<'a>(topic: &'a str, payload: &[u8]) -> Option<(Dialect, &'a str)> {
    // What the gateway says itself, and what brokers say of themselves.
    if topic.starts_with(['$', '/']) {
        return None;
    }
    let device = |end: &str| topic.strip_suffix(end).filter(|device| !device.is_empty());
    if let Some(name) = topic.strip_prefix("tele/").and_then(|rest| rest.rsplit_once('/')) {
        return matches!(name.1, "LWT" | "STATE" | "SENSOR").then_some((Dialect::Tasmota, name.0));
    }
    if let Some(prefix) = device("/online").or_else(|| device("/events/rpc")) {
        return Some((Dialect::Shelly, prefix));
    }
    if let Some(name) = device("/status/detect").or_else(|| device("/person")) {
        return name.contains('/').then_some((Dialect::Frigate, name));
    }
    if topic.starts_with("zigbee2mqtt/") && !topic.starts_with("zigbee2mqtt/bridge/") {
        let end = ["/availability", "/set", "/get"].into_iter().find_map(device);
        return Some((Dialect::Zigbee2mqtt, end.unwrap_or(topic)));
    }
    match serde_json::from_slice::<Value>(payload) {
        Ok(Value::Object(_)) => Some((Dialect::Json, topic)),
        Ok(Value::Number(_) | Value::Bool(_)) => Some((Dialect::Plain, topic)),
        _ => None,
    }
}

/// What a bare number measures, by the target that it is about.
pub(super) fn usual_quantity(target: &str) -> Quantity {
    match target.split(':').next() {
        Some("environment" | "room") => Quantity::Temperature,
        _ => Quantity::Power,
    }
}
