//! Tasmota. The topic is the device's own (`plug-1`), or the whole of a changed FullTopic with `%prefix%` in it.
//!
//! `Time` is a wall clock, mostly without an offset, and then not believed. `UptimeSec` counts until the device starts
//! anew. A switch tells at once on `stat/…/POWER`, and everything every TelePeriod (300 s).

use serde_json::{Map, Value};

use super::payload::{is_on, measured, object, people, say, sum, text, time};
use super::{Message, Misread, Told};
use crate::domain::device::{Said, Target};
use crate::domain::reading::Quantity;
use crate::mqtt::config::Binding;

fn topic(binding: &Binding, prefix: &str, end: &str) -> String {
    if binding.topic.contains("%prefix%") {
        let full = binding.topic.replace("%prefix%", prefix);
        format!("{}/{end}", full.trim_end_matches('/'))
    } else {
        format!("{prefix}/{}/{end}", binding.topic)
    }
}

/// The key of the relay: the only one is `POWER`, and of several each has its number.
fn relay(binding: &Binding) -> String {
    binding.channel.map_or("POWER".to_owned(), |channel| format!("POWER{channel}"))
}

pub(super) fn topics(binding: &Binding) -> Vec<String> {
    let tele = ["LWT", "STATE", "SENSOR"].map(|end| topic(binding, "tele", end));
    let stat = [relay(binding), "RESULT".to_owned()].map(|end| topic(binding, "stat", &end));
    tele.into_iter().chain(stat).collect()
}

pub(super) fn read(binding: &Binding, message: &Message<'_>) -> Result<Told, Misread> {
    let end = message.topic.rsplit('/').next().unwrap_or_default();
    match end {
        "LWT" => match text(message.payload)? {
            "Online" => Ok(Told::of(vec![Said::Online(true)])),
            "Offline" => Ok(Told::of(vec![Said::Online(false)])),
            _ => Err(Misread::Value("Online or Offline")),
        },
        "STATE" | "RESULT" => {
            let state = object(message.payload)?;
            Ok(timed(status(binding, &state), &state, message))
        }
        "SENSOR" => {
            let state = object(message.payload)?;
            Ok(timed(sensor(binding, &state)?, &state, message))
        }
        power if power == relay(binding) => {
            let word = Value::String(text(message.payload)?.to_owned());
            let on = is_on(&word, &binding.words).ok_or(Misread::Value("ON or OFF"))?;
            Ok(Told::of(switched(binding, on)).replayed(message.retained))
        }
        _ => Ok(Told::default()),
    }
}

/// A relay of equipment is its switch; of anything else it is nobody's business.
fn switched(binding: &Binding, on: bool) -> Vec<Said> {
    if matches!(binding.target(), Target::Equipment(_)) { vec![Said::On(on)] } else { Vec::new() }
}

fn timed(said: Vec<Said>, state: &Map<String, Value>, message: &Message<'_>) -> Told {
    let told = Told {
        said,
        // Read only with an offset: see `payload::time`.
        observed_at: state.get("Time").and_then(time),
        counter: state.get("UptimeSec").and_then(Value::as_u64),
        ..Told::default()
    };
    told.replayed(message.retained)
}

fn status(binding: &Binding, state: &Map<String, Value>) -> Vec<Said> {
    let on = state.get(&relay(binding)).and_then(|value| is_on(value, &binding.words));
    let mut said = on.map_or_else(Vec::new, |on| switched(binding, on));
    let signal = state.get("Wifi").and_then(|wifi| wifi.get("Signal")).and_then(Value::as_f64);
    said.extend(signal.and_then(|dbm| measured(Quantity::LinkQuality, dbm)));
    said
}

fn sensor(binding: &Binding, state: &Map<String, Value>) -> Result<Vec<Said>, Misread> {
    if let Some(pointer) = &binding.pointer {
        let state = Value::Object(state.clone());
        let value = state.pointer(pointer).ok_or_else(|| Misread::NothingAt(pointer.clone()))?;
        return Ok(vec![say(binding, value)?]);
    }
    let mut said = Vec::new();
    if let Some(Value::Object(energy)) = state.get("ENERGY") {
        let meter = |key, quantity| energy.get(key).and_then(sum).and_then(|sum| measured(quantity, sum));
        said.extend(meter("Power", Quantity::Power));
        said.extend(meter("Total", Quantity::Energy));
    }
    let is_fahrenheit = state.get("TempUnit").and_then(Value::as_str) == Some("F");
    // Each sensor has an object of its own, by the name of its chip.
    for chip in state.values().filter_map(Value::as_object) {
        let number = |key| chip.get(key).and_then(Value::as_f64);
        let celsius = |t: f64| if is_fahrenheit { (t - 32.0) / 1.8 } else { t };
        said.extend(number("Temperature").and_then(|t| measured(Quantity::Temperature, celsius(t))));
        said.extend(number("Humidity").and_then(|h| measured(Quantity::Humidity, h)));
        said.extend(number("Illuminance").and_then(|lux| measured(Quantity::Illuminance, lux)));
        if matches!(binding.target(), Target::Room(_)) {
            said.extend(number("People").and_then(people));
        }
    }
    Ok(said)
}
