//! Shelly, second generation and later. The topic is the device's prefix.
//!
//! `events/rpc` brings what changed, laid over what `Shelly.GetStatus` answered; a key that is gone comes as `null`.
//! `status/<component>` brings a component whole, where the device is set to (`status_ntf`).

use serde_json::{Map, Value, json};

use super::payload::{measured, object, text, time, word};
use super::{Memory, Message, Misread, Question, Told};
use crate::domain::device::{Said, Target};
use crate::domain::reading::Quantity;
use crate::mqtt::config::Binding;

/// Components that are remembered of one device; the largest has some twenty.
const COMPONENTS_MAX: usize = 64;
/// Keys that are remembered of one component.
const KEYS_MAX: usize = 64;

/// Where the device answers what the gateway asks: its `src`, and `/rpc`.
fn answers_to(binding: &Binding, own: &str) -> String {
    format!("{own}/shelly/{}", binding.id())
}

pub(super) fn topics(binding: &Binding, own: &str) -> Vec<String> {
    let prefix = &binding.topic;
    vec![
        format!("{prefix}/online"),
        format!("{prefix}/status/+"),
        format!("{prefix}/events/rpc"),
        format!("{}/rpc", answers_to(binding, own)),
    ]
}

pub(super) fn question(binding: &Binding, own: &str) -> Question {
    let ask = json!({ "id": 1, "src": answers_to(binding, own), "method": "Shelly.GetStatus" });
    Question { topic: format!("{}/rpc", binding.topic), payload: ask.to_string() }
}

pub(super) fn read(binding: &Binding, memory: &mut Memory, message: &Message<'_>) -> Result<Told, Misread> {
    match message.topic.strip_prefix(&*binding.topic) {
        Some("/online") => {
            let online = match text(message.payload)? {
                "true" => true,
                "false" => false,
                _ => return Err(Misread::Value("true or false")),
            };
            // It may have changed while nobody heard it, and is asked anew.
            memory.base.clear();
            Ok(Told { has_begun: online, ..Told::of(vec![Said::Online(online)]) })
        }
        Some("/events/rpc") => notified(binding, memory, message),
        Some(rest) if rest.starts_with("/status/") => {
            let name = rest.trim_start_matches("/status/").to_owned();
            let status = Map::from_iter([(name, Value::Object(object(message.payload)?))]);
            Ok(Told::of(overlay(binding, memory, &status)).replayed(message.retained))
        }
        // Its answer, on a topic of ours.
        _ => {
            let answer = object(message.payload)?;
            let status = answer.get("result").and_then(Value::as_object);
            let status = status.ok_or(Misread::Shape("an answer with its result"))?;
            memory.base.clear();
            Ok(Told::of(overlay(binding, memory, status)).replayed(message.retained))
        }
    }
}

fn notified(binding: &Binding, memory: &mut Memory, message: &Message<'_>) -> Result<Told, Misread> {
    let notice = object(message.payload)?;
    let params = notice.get("params").and_then(Value::as_object);
    let params = params.ok_or(Misread::Shape("a notification with its params"))?;
    let said = match notice.get("method").and_then(Value::as_str) {
        Some("NotifyStatus" | "NotifyFullStatus") => overlay(binding, memory, params),
        Some("NotifyEvent") => pressed(binding, params),
        _ => Vec::new(),
    };
    let told = Told { observed_at: params.get("ts").and_then(time), ..Told::of(said) };
    Ok(told.replayed(message.retained))
}

fn channel(binding: &Binding) -> u8 {
    binding.channel.unwrap_or(0)
}

fn pressed(binding: &Binding, params: &Map<String, Value>) -> Vec<Said> {
    let (Target::Button(_), Some(Value::Array(events))) = (binding.target(), params.get("events")) else {
        return Vec::new();
    };
    let input = format!("input:{}", channel(binding));
    let own = events.iter().filter(|event| event.get("component").and_then(Value::as_str) == Some(&*input));
    let words = own.filter_map(|event| event.get("event").and_then(word));
    // `btn_down` and `btn_up` frame each push that is named after them.
    words.filter(|word| !matches!(word.as_str(), "btn_down" | "btn_up")).map(Said::Pressed).collect()
}

/// Lays `changes` over what is known, and says what they say. A measurement is said when it is told, a state whenever
/// its component is.
fn overlay(binding: &Binding, memory: &mut Memory, changes: &Map<String, Value>) -> Vec<Said> {
    let mut said = Vec::new();
    for (name, change) in changes {
        let Value::Object(change) = change else { continue };
        if !memory.base.contains_key(name) && memory.base.len() >= COMPONENTS_MAX {
            continue;
        }
        let known = memory.base.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(known) = known else { continue };
        for (key, value) in change {
            if value.is_null() {
                known.remove(key);
            } else if known.contains_key(key) || known.len() < KEYS_MAX {
                known.insert(key.clone(), value.clone());
            }
        }
        said.extend(component(binding, name, known, change));
    }
    said
}

fn component(
    binding: &Binding,
    name: &str,
    known: &Map<String, Value>,
    change: &Map<String, Value>,
) -> Vec<Said> {
    let (kind, n) = name.split_once(':').unwrap_or((name, "0"));
    let is_own = n == channel(binding).to_string();
    let told = |key: &str| change.get(key).and_then(Value::as_f64);
    let on = |key: &str| known.get(key).and_then(Value::as_bool);
    let measure = |quantity, value: Option<f64>| value.and_then(|value| measured(quantity, value));
    let mut said = Vec::new();
    match kind {
        "switch" | "pm1" | "em1" if is_own => {
            if matches!(binding.target(), Target::Equipment(_)) {
                said.extend(on("output").map(Said::On));
            }
            // `em1` spells it out. Its energy is in a component of its own.
            said.extend(measure(Quantity::Power, told("apower").or_else(|| told("act_power"))));
            let total = change.get("aenergy").and_then(|it| it.get("total")).and_then(Value::as_f64);
            said.extend(measure(Quantity::Energy, total.map(|wh| wh / 1_000.0)));
            if let Some(Value::Array(errors)) = change.get("errors") {
                said.extend(errors.iter().filter_map(word).map(Said::Fault));
            }
        }
        // Three phases, added up by the meter.
        "em" if is_own => said.extend(measure(Quantity::Power, told("total_act_power"))),
        "input" if is_own => match (binding.target(), on("state")) {
            (Target::Door(_), Some(open)) => said.push(Said::Open(open)),
            (Target::Room(_), Some(occupied)) => said.push(Said::Presence { occupied, people: None }),
            _ => {}
        },
        "temperature" => said.extend(measure(Quantity::Temperature, told("tC"))),
        "humidity" => said.extend(measure(Quantity::Humidity, told("rh"))),
        "illuminance" => said.extend(measure(Quantity::Illuminance, told("lux"))),
        "devicepower" => {
            let percent = change.get("battery").and_then(|it| it.get("percent")).and_then(Value::as_f64);
            said.extend(measure(Quantity::Battery, percent));
        }
        "wifi" => said.extend(measure(Quantity::LinkQuality, told("rssi"))),
        _ => {}
    }
    said
}
