//! The whole payload is the value: a word, or a number.

use serde_json::Value;

use super::payload::{availability, say, text};
use super::{Message, Misread, Told};
use crate::domain::device::Said;
use crate::mqtt::config::Binding;

pub(super) fn read(binding: &Binding, message: &Message<'_>) -> Result<Told, Misread> {
    if binding.availability_topic.as_deref() == Some(message.topic) && message.topic != binding.topic {
        return Ok(Told::of(vec![Said::Online(availability(message.payload)?)]));
    }
    let word = text(message.payload)?;
    let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
    let value = number.and_then(|_| serde_json::from_str(word).ok()).unwrap_or(Value::String(word.into()));
    Ok(Told::of(vec![say(binding, &value)?]).replayed(message.retained))
}
