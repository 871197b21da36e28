//! JSON, with pointers to the value, and if there are, to the message's time and counter.

use super::payload::{availability, json, say, time};
use super::{Message, Misread, Told};
use crate::domain::device::Said;
use crate::mqtt::config::Binding;

pub(super) fn read(binding: &Binding, message: &Message<'_>) -> Result<Told, Misread> {
    if binding.availability_topic.as_deref() == Some(message.topic) && message.topic != binding.topic {
        return Ok(Told::of(vec![Said::Online(availability(message.payload)?)]));
    }
    let document = json(message.payload)?;
    let pointer = binding.pointer.as_deref().unwrap_or("");
    let value = document.pointer(pointer).ok_or_else(|| Misread::NothingAt(pointer.to_owned()))?;
    let at = |pointer: &Option<String>| pointer.as_deref().and_then(|pointer| document.pointer(pointer));
    let told = Told {
        said: vec![say(binding, value)?],
        observed_at: at(&binding.time_pointer).and_then(time),
        counter: at(&binding.counter_pointer).and_then(serde_json::Value::as_u64),
        ..Told::default()
    };
    Ok(told.replayed(message.retained))
}
