//! What was heard last: of each device that is bound, and on topics that nobody is bound to. In memory, for admins.

use std::collections::BTreeMap;

use serde::Serialize;

use super::dialect::{self, Dialect, Message};
use crate::domain::device::Target;
use crate::domain::time::Timestamp;

/// What is kept of a payload, in bytes.
const PAYLOAD_BYTES_KEPT: usize = 1_024;
/// Topics of unbound devices that are kept: a clinic has dozens, and a stranger may invent any number.
const UNBOUND_MAX: usize = 256;

/// The newest message of a bound device, and what was counted of it since the start or the binding.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Heard {
    /// Messages.
    pub(super) messages: u64,
    /// Those that could not be understood.
    pub(super) misread: u64,
    /// Why the newest of these could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trouble: Option<String>,
    /// The newest message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<Last>,
}

/// A message as it came, cut.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Last {
    topic: String,
    payload: String,
    payload_bytes: usize,
    retained: bool,
    at: Timestamp,
}

impl Heard {
    /// Keeps a message.
    pub(super) fn keep(&mut self, message: &Message<'_>) {
        let kept = &message.payload[..message.payload.len().min(PAYLOAD_BYTES_KEPT)];
        self.messages += 1;
        self.last = Some(Last {
            topic: message.topic.to_owned(),
            payload: String::from_utf8_lossy(kept).into_owned(),
            payload_bytes: message.payload.len(),
            retained: message.retained,
            at: message.at,
        });
    }

    /// Keeps why the message that was kept could not be understood.
    pub(super) fn misread(&mut self, trouble: &dialect::Misread) {
        self.misread += 1;
        self.trouble = Some(trouble.to_string());
    }
}

/// A device that speaks, and that nobody is bound to.
#[derive(Clone, Debug, Serialize)]
pub struct Stranger {
    /// Its own topic, as a binding would name it.
    pub topic: String,
    /// What it seems to speak.
    pub dialect: Dialect,
    /// Messages since the start.
    pub messages: u64,
    /// The newest one.
    pub at: Timestamp,
}

/// Who speaks and is not bound. Of payloads nothing is kept.
#[derive(Debug, Default)]
pub(super) struct Strangers(BTreeMap<String, Stranger>);

impl Strangers {
    pub(super) fn keep(&mut self, message: &Message<'_>) {
        let Some((dialect, topic)) = dialect::guess(message.topic, message.payload) else { return };
        if let Some(known) = self.0.get_mut(topic) {
            (known.messages, known.at) = (known.messages + 1, message.at);
            return;
        }
        if self.0.len() >= UNBOUND_MAX {
            // The one not heard for longest makes place.
            let oldest = self.0.values().min_by_key(|it| it.at).map(|it| it.topic.clone());
            oldest.and_then(|topic| self.0.remove(&topic));
        }
        let new = Stranger { topic: topic.to_owned(), dialect, messages: 1, at: message.at };
        self.0.insert(topic.to_owned(), new);
    }

    pub(super) fn list(&self) -> Vec<Stranger> {
        self.0.values().cloned().collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A target as the configuration spells it.
pub(super) fn target_text(target: &Target) -> String {
    match target {
        Target::Equipment(id) => format!("equipment:{id}"),
        Target::Room(id) => format!("room:{id}"),
        Target::Door(id) => format!("door:{id}"),
        Target::Button(id) => format!("button:{id}"),
        Target::Environment(id) => format!("environment:{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_kept_by_their_device_and_never_too_many() {
        let mut strangers = Strangers::default();
        let mut hear = |topic: &str, at| {
            strangers.keep(&Message {
                topic,
                payload: b"{}",
                retained: false,
                at: Timestamp::from_unix_ms(at),
            });
        };
        hear("tele/plug/LWT", 1);
        hear("tele/plug/SENSOR", 2);
        for n in 0..2_000 {
            hear(&format!("zigbee2mqtt/ward {n}/pir"), 10 + n);
        }
        hear("shellyplus1-a/online", 5_000);
        let list = strangers.list();
        assert_eq!(list.len(), UNBOUND_MAX);
        assert!(list.iter().all(|it| it.topic != "plug"), "the oldest went");
        let shelly = list.iter().find(|it| it.topic == "shellyplus1-a").unwrap();
        assert_eq!((shelly.dialect, shelly.messages), (Dialect::Shelly, 1));
    }

    #[test]
    fn of_a_large_payload_the_begin_is_kept() {
        let mut heard = Heard::default();
        let payload = "é".repeat(5_000);
        let at = Timestamp::default();
        heard.keep(&Message { topic: "a", payload: payload.as_bytes(), retained: false, at });
        let last = heard.last.unwrap();
        assert!(last.payload.len() <= PAYLOAD_BYTES_KEPT + 2 && last.payload_bytes == 10_000);
    }
}
