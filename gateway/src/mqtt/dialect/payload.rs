//! What every dialect does with a value: find it, name it, hold it to what can be.

use serde_json::{Map, Value};

use super::{Misread, usual_quantity};
use crate::domain::device::{Said, Target};
use crate::domain::reading::Quantity;
use crate::domain::time::Timestamp;
use crate::mqtt::config::{Binding, Words};

/// The longest word of a button or a fault that is passed on, in bytes.
const WORD_BYTES_MAX: usize = 64;
/// More people than a room ever holds are a number of something else.
const PEOPLE_MAX: f64 = 1_000.0;

/// The payload as text, without spaces around.
pub(super) fn text(payload: &[u8]) -> Result<&str, Misread> {
    std::str::from_utf8(payload).map(str::trim).map_err(|_| Misread::NoText)
}

/// The payload as JSON. serde_json gives up at 128 levels, so that no depth is a danger.
pub(super) fn json(payload: &[u8]) -> Result<Value, Misread> {
    serde_json::from_slice(payload).map_err(|_| Misread::NoJson)
}

/// The payload as a JSON object.
pub(super) fn object(payload: &[u8]) -> Result<Map<String, Value>, Misread> {
    match json(payload)? {
        Value::Object(object) => Ok(object),
        _ => Err(Misread::Shape("an object")),
    }
}

/// `online` or `offline`, plain or as `{"state": …}`.
pub(super) fn availability(payload: &[u8]) -> Result<bool, Misread> {
    let said = text(payload)?;
    let state = match json(payload) {
        Ok(Value::Object(object)) => object.get("state").and_then(Value::as_str).map(str::to_lowercase),
        Ok(Value::Bool(online)) => return Ok(online),
        _ => Some(said.to_lowercase()),
    };
    match state.as_deref() {
        Some("online") => Ok(true),
        Some("offline" | "stopped") => Ok(false),
        _ => Err(Misread::Value("online or offline")),
    }
}

/// A measurement, unless it is no number or none that can be: sensors say NaN, 1e300 and 85 °C at power-up, and what
/// no instrument can show must not become a series.
pub(super) fn measured(quantity: Quantity, value: f64) -> Option<Said> {
    let possible = match quantity {
        // Feeding back counts below zero.
        Quantity::Power => -100_000.0..=100_000.0,
        Quantity::Energy => 0.0..=1e9,
        Quantity::Temperature => -273.15..=1_000.0,
        Quantity::Humidity | Quantity::Battery => 0.0..=100.0,
        Quantity::Illuminance => 0.0..=200_000.0,
        Quantity::LinkQuality => -150.0..=255.0,
        Quantity::Confidence => 0.0..=1.0,
    };
    possible.contains(&value).then_some(Said::Measured(quantity, value))
}

/// A number, or the sum of a list of them: meters of three phases tell each.
pub(super) fn sum(value: &Value) -> Option<f64> {
    match value {
        Value::Array(phases) if !phases.is_empty() => phases.iter().map(Value::as_f64).sum(),
        other => other.as_f64(),
    }
}

/// The measurement of `quantity` at `key`, if there is one.
pub(super) fn measured_at(object: &Map<String, Value>, key: &str, quantity: Quantity) -> Option<Said> {
    measured(quantity, object.get(key).and_then(Value::as_f64)?)
}

/// Yes or no, as the binding's words have it.
pub(super) fn is_on(value: &Value, words: &Words) -> Option<bool> {
    let word = match value {
        Value::Bool(is) => return Some(*is),
        Value::Number(number) => number.to_string(),
        Value::String(word) => word.trim().to_lowercase(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    if words.on.contains(&word) { Some(true) } else { words.off.contains(&word).then_some(false) }
}

/// People that were counted, as presence.
pub(super) fn people(count: f64) -> Option<Said> {
    if !(0.0..=PEOPLE_MAX).contains(&count) || count.fract() != 0.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to 1,000")]
    let people = count as u32;
    Some(Said::Presence { occupied: people > 0, people: Some(people) })
}

/// What a single value says about the target of `binding`.
///
/// # Errors
///
/// When it is none that the target can be told.
pub(super) fn say(binding: &Binding, value: &Value) -> Result<Said, Misread> {
    if let Some(quantity) = binding.quantity {
        return number(binding, quantity, value);
    }
    let on = is_on(value, &binding.words);
    match binding.target() {
        Target::Room(_) => match (on, value.as_f64()) {
            // A number counts people, 0 and 1 too.
            (_, Some(count)) => people(count).ok_or(Misread::Value("a number of people")),
            (Some(occupied), None) => Ok(Said::Presence { occupied, people: None }),
            (None, None) => Err(Misread::Value("one of the words for on and off, or a number of people")),
        },
        Target::Door(_) => on.map(Said::Open).ok_or(Misread::Value("one of the words for on and off")),
        Target::Button(_) => match value {
            Value::String(_) | Value::Number(_) | Value::Bool(true) => {
                word(value).map(Said::Pressed).ok_or(Misread::Value("a word"))
            }
            _ => Err(Misread::Value("a word")),
        },
        Target::Equipment(_) => match (value.as_f64(), on) {
            (Some(_), _) => number(binding, usual_quantity("equipment"), value),
            (None, Some(on)) => Ok(Said::On(on)),
            (None, None) => number(binding, usual_quantity("equipment"), value),
        },
        Target::Environment(_) => number(binding, usual_quantity("environment"), value),
    }
}

fn number(binding: &Binding, quantity: Quantity, value: &Value) -> Result<Said, Misread> {
    // Numbers as texts are common in templates: `"21.5"`.
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    let in_unit = match (number, binding.unit) {
        (Some(number), Some(unit)) => unit.to(quantity, number),
        (number, _) => number,
    };
    in_unit.and_then(|value| measured(quantity, value)).ok_or(Misread::Value("a number that can be"))
}

/// A short word of the device's own, without what would break a line of the log.
pub(super) fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let mut end = text.len().min(WORD_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let word: String = text[..end].chars().filter(|letter| !letter.is_control()).collect();
    (!word.is_empty()).then_some(word)
}

/// A time with its offset, or milliseconds or seconds since 1970. A time without an offset is somebody's wall clock,
/// and nobody knows whose.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => {
            let number = number.as_f64()?;
            // Seconds until the year 5138, milliseconds from 1973 on. A clock that counts from its start is neither.
            let ms = if number < 1e11 { number * 1_000.0 } else { number };
            #[expect(clippy::cast_possible_truncation, reason = "held to the range on the line before")]
            let ms = (1.5e12..1e14).contains(&ms).then_some(ms as i64);
            ms.map(Timestamp::from_unix_ms)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
