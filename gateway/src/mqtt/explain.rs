//! What the gateway would make of a message: for whoever writes a binding.

use std::fmt::Write;

use super::config::Binding;
use super::dialect::{self, Memory, Message};
use super::heard::target_text;
use super::{PAYLOAD_BYTES_MAX, topic};
use crate::domain::device::Said;
use crate::domain::time::Timestamp;

/// Says in lines which of `bindings` take a message, and what each reads in it.
pub fn explain(bindings: &[Binding], own: &str, topic: &str, payload: &[u8], at: Timestamp) -> String {
    let takes =
        |binding: &&Binding| dialect::topics(binding, own).iter().any(|filter| topic::matches(filter, topic));
    let message = Message { topic, payload, retained: false, at };
    let mut text = String::new();
    let mut line = |words: String| writeln!(text, "{words}").expect("a string takes text");
    for binding in bindings.iter().filter(takes) {
        let about = target_text(binding.target());
        line(format!("{} ({}, about {about}):", binding.id(), binding.dialect.as_str()));
        if payload.len() > PAYLOAD_BYTES_MAX {
            line(format!("  not read: it is larger than {PAYLOAD_BYTES_MAX} bytes"));
            continue;
        }
        match dialect::read(binding, &mut Memory::default(), &message) {
            Err(misread) => line(format!("  not understood: {misread}")),
            Ok(told) => {
                if told.said.is_empty() {
                    line("  says nothing about it".into());
                }
                told.said.iter().for_each(|said| line(format!("  {}", words(said))));
                if let Some(at) = told.observed_at {
                    line(format!("  its own time: {at}"));
                }
                if let Some(counter) = told.counter {
                    line(format!("  its counter: {counter}"));
                }
                if told.is_replay {
                    line("  it tells what was, not what happens now".into());
                }
            }
        }
    }
    if text.is_empty() {
        text = match dialect::guess(topic, payload) {
            Some((dialect, device)) => format!(
                "no binding takes this topic; it looks like {}: dialect = \"{}\", topic = \"{device}\"\n",
                dialect.as_str(),
                dialect.as_str()
            ),
            None => "no binding takes this topic\n".into(),
        };
    }
    text
}

fn words(said: &Said) -> String {
    match said {
        Said::Online(true) => "the device is there".into(),
        Said::Online(false) => "the device is gone".into(),
        Said::Presence { occupied, people: Some(people) } => {
            format!("{}: {people} people", if *occupied { "somebody is there" } else { "nobody is there" })
        }
        Said::Presence { occupied: true, people: None } => "somebody is there".into(),
        Said::Presence { occupied: false, people: None } => "nobody is there".into(),
        Said::Open(true) => "the door is open".into(),
        Said::Open(false) => "the door is closed".into(),
        Said::Pressed(word) => format!("the button was pressed: {word}"),
        Said::On(true) => "it is switched on".into(),
        Said::On(false) => "it is switched off".into(),
        Said::Fault(fault) => format!("it works badly: {fault}"),
        Said::Measured(quantity, value) => {
            format!("{}: {value} {}", quantity.as_str(), quantity.unit()).trim_end().to_owned()
        }
    }
}
