//! Zigbee2MQTT, 1.x and 2.x.
//!
//! A device says everything it is in one object. The bridge keeps the last one and sends it again when it starts, not
//! retained: what comes then is no detection. `voltage` is mV on a battery and V on the mains, so it is not read.

use std::time::Duration;

use serde_json::{Map, Value};

use super::payload::{availability, is_on, measured_at, object, time, word};
use super::{Memory, Message, Misread, Told};
use crate::domain::device::{Said, Target};
use crate::domain::reading::Quantity;
use crate::mqtt::config::Binding;

/// How long after its start the bridge still sends what it kept (`cache_state_send_on_startup`).
const CACHE_SENT_FOR: Duration = Duration::from_secs(5);
/// What was last seen longer ago is not happening now.
const SEEN_JUST_NOW: Duration = Duration::from_secs(60);

/// What is measured, by its key.
const MEASURED: [(&str, Quantity); 8] = [
    ("power", Quantity::Power),
    ("energy", Quantity::Energy),
    ("temperature", Quantity::Temperature),
    ("humidity", Quantity::Humidity),
    ("illuminance", Quantity::Illuminance),
    // Until 2.0 `illuminance` was a raw number, and lux had a key of their own.
    ("illuminance_lux", Quantity::Illuminance),
    ("battery", Quantity::Battery),
    ("linkquality", Quantity::LinkQuality),
];

/// What is wrong with a device, by its key.
const FAULTS: [(&str, &str); 3] = [
    ("battery_low", "its battery is low"),
    ("tamper", "it was tampered with"),
    ("fault", "it reports a fault"),
];

pub(super) fn topics(binding: &Binding) -> Vec<String> {
    let name = &binding.topic;
    vec![name.clone(), format!("{name}/availability"), format!("{}/bridge/state", binding.base)]
}

pub(super) fn read(binding: &Binding, memory: &mut Memory, message: &Message<'_>) -> Result<Told, Misread> {
    if message.topic == binding.topic {
        return device(binding, memory, message);
    }
    let online = availability(message.payload)?;
    if message.topic.strip_suffix("/availability") == Some(&*binding.topic) {
        return Ok(Told::of(vec![Said::Online(online)]));
    }
    // Without its bridge no device is heard; with it, each says itself how it is.
    if online {
        if !message.retained {
            memory.bridge_began = Some(message.at);
        }
        Ok(Told::default())
    } else {
        Ok(Told::of(vec![Said::Online(false)]))
    }
}

fn device(binding: &Binding, memory: &Memory, message: &Message<'_>) -> Result<Told, Misread> {
    let state = object(message.payload)?;
    let observed_at = state.get("last_seen").and_then(time);
    let is_cached = memory.bridge_began.is_some_and(|began| message.at.since(began) < CACHE_SENT_FOR);
    let is_old = observed_at.is_some_and(|seen| message.at.since(seen) > SEEN_JUST_NOW);
    let told = Told { said: said(binding, &state), observed_at, ..Told::default() };
    Ok(told.replayed(message.retained || is_cached || is_old))
}

fn said(binding: &Binding, state: &Map<String, Value>) -> Vec<Said> {
    let on = |key| state.get(key).and_then(|value| is_on(value, &binding.words));
    let mut said = Vec::new();
    match binding.target() {
        Target::Room(_) => {
            let occupied = on("occupancy").or_else(|| on("presence"));
            said.extend(occupied.map(|occupied| Said::Presence { occupied, people: None }));
        }
        // `contact` is true while the magnet is there: the door is closed.
        Target::Door(_) => said.extend(on("contact").map(|contact| Said::Open(!contact))),
        Target::Button(_) => {
            let action = state.get("action").filter(|action| action.is_string());
            said.extend(action.and_then(word).map(Said::Pressed));
        }
        Target::Equipment(_) => {
            let relay = binding.channel.map_or("state".to_owned(), |channel| format!("state_l{channel}"));
            said.extend(on(&relay).map(Said::On));
        }
        Target::Environment(_) => {}
    }
    let is_in_lux = state.contains_key("illuminance_lux");
    for (key, quantity) in MEASURED.iter().filter(|(key, _)| !(is_in_lux && *key == "illuminance")) {
        said.extend(measured_at(state, key, *quantity));
    }
    for (key, fault) in FAULTS {
        if state.get(key) == Some(&Value::Bool(true)) {
            said.push(Said::Fault(fault.to_owned()));
        }
    }
    said
}
