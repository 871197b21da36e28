//! `[[mqtt.bindings]]`: what a device is about, where it speaks, and how.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::dialect::{self, Dialect, Unit};
use super::super::topic;
use crate::domain::device::{DeviceBinding, Target};
use crate::domain::id::DeviceId;
use crate::domain::reading::Quantity;

/// Device ids leave room for the prefix of their evidence and their series.
const DEVICE_ID_BYTES_MAX: usize = 64;
/// The longest time that a device may be silent, in seconds: a month.
const STALE_AFTER_S_MAX: f64 = 2_678_400.0;
/// Tasmota tells its state every 300 s when nothing happens (TelePeriod); twice that, and some.
const TASMOTA_STALE_S_MIN: f64 = 600.0;
/// Frigate says every 10 s how a camera does; after a minute without a word nothing is known (facts, Frigate).
const FRIGATE_STALE: Duration = Duration::from_secs(60);

/// `[[mqtt.bindings]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BindingConfig {
    /// The clinic's own word for the device.
    pub id: String,
    /// Where it speaks, in the words of its dialect.
    pub topic: String,
    /// How it speaks.
    pub dialect: Dialect,
    /// What it is about: `equipment:<id>`, `room:<id>`, `door:<room>`, `button:<room>`, `environment:<id>`.
    pub target: String,
    /// JSON pointer to the value.
    #[serde(default)]
    pub pointer: Option<String>,
    /// JSON pointer to the time of the message.
    #[serde(default)]
    pub time_pointer: Option<String>,
    /// JSON pointer to the counter of the message.
    #[serde(default)]
    pub counter_pointer: Option<String>,
    /// What the value measures.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The unit of the value.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// Words for yes.
    #[serde(default)]
    pub on: Option<Vec<String>>,
    /// Words for no.
    #[serde(default)]
    pub off: Option<Vec<String>>,
    /// Which relay or input of several.
    #[serde(default)]
    pub channel: Option<u8>,
    /// Where the bridge's own topics begin (Zigbee2MQTT, Frigate); the topic's first level when absent.
    #[serde(default)]
    pub base: Option<String>,
    /// Where `online` and `offline` are said (json, plain).
    #[serde(default)]
    pub availability_topic: Option<String>,
    /// Power above which equipment is in use, W.
    #[serde(default)]
    pub in_use_above: Option<f64>,
    /// How long a change must last before it counts.
    #[serde(default = "a_second")]
    pub debounce_s: f64,
    /// After so long without a word nothing is known.
    #[serde(default)]
    pub stale_after_s: Option<f64>,
    /// The lowest temperature that is right, °C.
    #[serde(default)]
    pub min: Option<f64>,
    /// The highest temperature that is right, °C.
    #[serde(default)]
    pub max: Option<f64>,
    /// How long a temperature may be wrong.
    #[serde(default = "ten_minutes")]
    pub delay_s: f64,
}

fn a_second() -> f64 {
    1.0
}

fn ten_minutes() -> f64 {
    600.0
}

/// Words for yes and for no, in small letters.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Yes.
    pub on: Vec<String>,
    /// No.
    pub off: Vec<String>,
}

/// A device that is bound, valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// What the rules know of it.
    pub device: DeviceBinding,
    /// Where it speaks.
    pub topic: String,
    /// How it speaks.
    pub dialect: Dialect,
    /// JSON pointer to the value.
    pub pointer: Option<String>,
    /// JSON pointer to the time of the message.
    pub time_pointer: Option<String>,
    /// JSON pointer to the counter of the message.
    pub counter_pointer: Option<String>,
    /// What the value measures.
    pub quantity: Option<Quantity>,
    /// The unit of the value.
    pub unit: Option<Unit>,
    /// Words for yes and no.
    pub words: Words,
    /// Which relay or input of several.
    pub channel: Option<u8>,
    /// Where the bridge's own topics begin.
    pub base: String,
    /// Where `online` and `offline` are said (json, plain).
    pub availability_topic: Option<String>,
}

impl Binding {
    /// The device's id.
    pub fn id(&self) -> &DeviceId {
        &self.device.device_id
    }

    /// What the device is about.
    pub fn target(&self) -> &Target {
        &self.device.target
    }
}

/// What is wrong with a binding: the key, and the remedy in words.
type Wrong = (&'static str, String);

impl BindingConfig {
    /// An example with every key, for what is said about an unknown one.
    pub fn known() -> serde_json::Value {
        let keys = [
            "id",
            "topic",
            "dialect",
            "target",
            "pointer",
            "time_pointer",
            "counter_pointer",
            "quantity",
            "unit",
            "on",
            "off",
            "channel",
            "base",
            "availability_topic",
            "in_use_above",
            "debounce_s",
            "stale_after_s",
            "min",
            "max",
            "delay_s",
        ];
        keys.into_iter().map(|key| (key.to_owned(), serde_json::Value::Null)).collect()
    }

    /// The binding.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(&self) -> Result<Binding, Vec<Wrong>> {
        let mut wrong: Vec<Wrong> = Vec::new();
        let device_id = self.id.parse::<DeviceId>();
        if self.id.len() > DEVICE_ID_BYTES_MAX || device_id.is_err() {
            let remedy = format!("is 1 to {DEVICE_ID_BYTES_MAX} letters, digits, `.`, `_`, `:` or `-`");
            wrong.push(("id", remedy));
        }
        let target = target(&self.target).map_err(|remedy| wrong.push(("target", remedy)));
        self.check_topics(&mut wrong);
        self.check_numbers(&mut wrong);
        self.check_values(&mut wrong);
        let (Ok(device_id), Ok(target), true) = (device_id, target, wrong.is_empty()) else {
            return Err(wrong);
        };
        let seconds = |s: f64| Duration::from_secs_f64(s);
        let usual = (self.dialect == Dialect::Frigate).then_some(FRIGATE_STALE);
        let device = DeviceBinding {
            device_id,
            target,
            in_use_above: self.in_use_above,
            debounce: seconds(self.debounce_s),
            stale_after: self.stale_after_s.map(seconds).or(usual),
            min: self.min,
            max: self.max,
            delay: seconds(self.delay_s),
        };
        let first = self.topic.split('/').next().unwrap_or_default();
        Ok(Binding {
            device,
            topic: self.topic.clone(),
            dialect: self.dialect,
            pointer: self.pointer.clone(),
            time_pointer: self.time_pointer.clone(),
            counter_pointer: self.counter_pointer.clone(),
            quantity: self.quantity,
            unit: self.unit,
            words: words(self.on.as_deref(), self.off.as_deref()),
            channel: self.channel,
            base: self.base.clone().unwrap_or_else(|| first.to_owned()),
            availability_topic: self.availability_topic.clone(),
        })
    }

    /// What is worth saying though the binding is valid.
    pub fn warning(&self) -> Option<(&'static str, String)> {
        let silent = self.stale_after_s.filter(|_| self.dialect == Dialect::Tasmota)?;
        (silent < TASMOTA_STALE_S_MIN).then(|| {
            let remedy = format!(
                "{silent} s are less than two of Tasmota's reports (TelePeriod is 300 s); use {TASMOTA_STALE_S_MIN} or \
                 more, or set TelePeriod on the device"
            );
            ("stale_after_s", remedy)
        })
    }

    fn check_topics(&self, wrong: &mut Vec<Wrong>) {
        let is_own = matches!(self.dialect, Dialect::Json | Dialect::Plain);
        let fits = if is_own { topic::is_filter(&self.topic) } else { topic::is_name(&self.topic) };
        if !fits || self.topic.contains('#') {
            let remedy = if is_own {
                "is no topic; `+` may stand for one level, and `#` takes more than one device says"
            } else {
                "is no topic; this dialect knows by itself what lies below it, so write no `+` and no `#`"
            };
            wrong.push(("topic", remedy.into()));
        }
        if self.topic.starts_with('/') && self.base.is_none() && !is_own {
            wrong.push(("base", "is missing; name where the bridge's own topics begin".into()));
        }
        if self.base.as_deref().is_some_and(|base| !topic::is_name(base)) {
            wrong.push(("base", "is no topic".into()));
        }
        match (&self.availability_topic, is_own) {
            (Some(_), false) => {
                wrong.push(("availability_topic", "is for json and plain; this dialect has its own".into()));
            }
            (Some(topic), true) if !topic::is_name(topic) => {
                wrong.push(("availability_topic", "is no topic".into()));
            }
            _ => {}
        }
        if self.dialect == Dialect::Frigate && !self.topic.contains('/') {
            wrong.push(("topic", "is written PREFIX/CAMERA or PREFIX/ZONE, such as frigate/exam-1".into()));
        }
        if self.dialect == Dialect::Zigbee2mqtt && !self.topic.contains('/') {
            wrong.push(("topic", "is written PREFIX/NAME, such as zigbee2mqtt/pir-1".into()));
        }
    }

    fn check_numbers(&self, wrong: &mut Vec<Wrong>) {
        let mut within = |key, value: Option<f64>, least: f64, most: f64| {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                wrong.push((key, format!("is out of range; use {least} to {most}")));
            }
        };
        within("debounce_s", Some(self.debounce_s), 0.0, 3_600.0);
        within("stale_after_s", self.stale_after_s, 5.0, STALE_AFTER_S_MAX);
        within("delay_s", Some(self.delay_s), 0.0, 86_400.0);
        within("in_use_above", self.in_use_above, 0.0, 100_000.0);
        within("min", self.min, -273.15, 1_000.0);
        within("max", self.max, -273.15, 1_000.0);
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min >= max
        {
            wrong.push(("max", format!("is not more than min ({min})")));
        }
    }

    fn check_values(&self, wrong: &mut Vec<Wrong>) {
        for (key, pointer) in [
            ("pointer", &self.pointer),
            ("time_pointer", &self.time_pointer),
            ("counter_pointer", &self.counter_pointer),
        ] {
            // RFC 6901: empty is the whole document, else it begins with a slash.
            if pointer.as_deref().is_some_and(|it| !it.is_empty() && !it.starts_with('/')) {
                wrong.push((key, "is a JSON pointer such as /sensor/power".into()));
            }
            if pointer.is_some() && self.dialect == Dialect::Plain {
                wrong.push((key, "is for JSON; the dialect plain takes the whole message".into()));
            }
        }
        if let Some(unit) = self.unit {
            let quantity = self.quantity.unwrap_or_else(|| dialect::usual_quantity(&self.target));
            if unit.to(quantity, 0.0).is_none() {
                wrong.push(("unit", format!("is none of {}; see quantity", quantity.as_str())));
            }
        }
        let said = words(self.on.as_deref(), self.off.as_deref());
        if let Some(both) = said.on.iter().find(|word| said.off.contains(word)) {
            wrong.push(("off", format!("\"{both}\" is on and off")));
        }
    }
}

fn words(on: Option<&[String]>, off: Option<&[String]>) -> Words {
    let small = |given: &[String]| given.iter().map(|word| word.trim().to_lowercase()).collect::<Vec<_>>();
    let usual = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Words {
        on: on.map_or_else(
            || usual(&["on", "1", "true", "yes", "open", "occupied", "detected", "motion"]),
            small,
        ),
        off: off.map_or_else(
            || usual(&["off", "0", "false", "no", "closed", "empty", "clear", "none", "no_motion"]),
            small,
        ),
    }
}

fn target(text: &str) -> Result<Target, String> {
    let wrong = || {
        "is equipment:<id>, room:<id>, door:<room>, button:<room> or environment:<id>, such as room:room-4"
            .to_owned()
    };
    let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
    match kind {
        "equipment" => id.parse().map(Target::Equipment),
        "room" => id.parse().map(Target::Room),
        "door" => id.parse().map(Target::Door),
        "button" => id.parse().map(Target::Button),
        "environment" => id.parse().map(Target::Environment),
        _ => return Err(wrong()),
    }
    .map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(more: serde_json::Value) -> BindingConfig {
        let mut all = json!({ "id": "d", "topic": "a/b", "dialect": "json", "target": "room:room-1" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn every_mistake_in_a_binding_is_named_with_its_key() {
        for (more, key) in [
            (json!({ "id": "with space" }), "id"),
            (json!({ "target": "ward:1" }), "target"),
            (json!({ "topic": "a/#" }), "topic"),
            (json!({ "topic": "a/+", "dialect": "tasmota" }), "topic"),
            (json!({ "topic": "cam", "dialect": "frigate" }), "topic"),
            (json!({ "pointer": "power" }), "pointer"),
            (json!({ "pointer": "/p", "dialect": "plain" }), "pointer"),
            (json!({ "unit": "W", "quantity": "temperature" }), "unit"),
            (json!({ "debounce_s": -1 }), "debounce_s"),
            (json!({ "stale_after_s": 1 }), "stale_after_s"),
            (json!({ "min": 8, "max": 2 }), "max"),
            (json!({ "on": ["x"], "off": ["X"] }), "off"),
            (json!({ "dialect": "shelly", "availability_topic": "a" }), "availability_topic"),
        ] {
            let wrong = config(more.clone()).read().expect_err("it is wrong");
            assert!(wrong.iter().any(|(named, _)| *named == key), "{more}: {wrong:?}");
        }
    }

    #[test]
    fn a_binding_has_the_defaults_of_its_dialect() {
        let binding = config(json!({})).read().unwrap();
        assert_eq!(binding.device.debounce, Duration::from_secs(1));
        assert_eq!(binding.device.stale_after, None);
        let frigate = config(json!({ "dialect": "frigate" })).read().unwrap();
        assert_eq!(frigate.device.stale_after, Some(FRIGATE_STALE));
        let short = config(json!({ "dialect": "tasmota", "stale_after_s": 120 }));
        assert!(short.read().is_ok() && short.warning().is_some());
    }
}
