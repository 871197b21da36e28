//! Frigate. The topic is `<prefix>/<camera>` or `<prefix>/<zone>`: they share their names.
//!
//! Counts are said on change and not retained, so the whole is asked for with `onConnect`, and answered on
//! `camera_activity`. People are counted in all: who sits still is not `active` after ten seconds. Never `<prefix>/#`:
//! below it lie pictures.

use serde_json::{Map, Value};

use super::payload::{availability, object, people, text};
use super::{Message, Misread, Question, Told};
use crate::domain::device::Said;
use crate::mqtt::config::Binding;

/// The prefix, and the name of the camera or zone.
fn parts(binding: &Binding) -> (&str, &str) {
    binding.topic.rsplit_once('/').unwrap_or(("frigate", &binding.topic))
}

pub(super) fn topics(binding: &Binding) -> Vec<String> {
    let (prefix, _) = parts(binding);
    let own = &binding.topic;
    vec![
        format!("{prefix}/available"),
        format!("{prefix}/camera_activity"),
        format!("{own}/person"),
        format!("{own}/status/detect"),
    ]
}

pub(super) fn question(binding: &Binding) -> Question {
    Question { topic: format!("{}/onConnect", parts(binding).0), payload: String::new() }
}

pub(super) fn read(binding: &Binding, message: &Message<'_>) -> Result<Told, Misread> {
    let (prefix, name) = parts(binding);
    if message.topic.strip_prefix(prefix) == Some("/available") {
        let online = availability(message.payload)?;
        // That Frigate runs does not say that the camera does: it says so itself.
        let said = if online { Vec::new() } else { vec![Said::Online(false)] };
        return Ok(Told { has_begun: online && !message.retained, ..Told::of(said) });
    }
    if message.topic.strip_prefix(prefix) == Some("/camera_activity") {
        let cameras = object(message.payload)?;
        let count = activity(&cameras, name);
        return Ok(Told::of(count.into_iter().collect()).replayed(message.retained));
    }
    match message.topic.strip_prefix(&*binding.topic) {
        Some("/person") => {
            let count =
                text(message.payload)?.parse::<u32>().map_err(|_| Misread::Value("a whole number"))?;
            let said = people(f64::from(count)).ok_or(Misread::Value("a number of people"))?;
            Ok(Told::of(vec![said]).replayed(message.retained))
        }
        Some("/status/detect") => match text(message.payload)? {
            "online" => Ok(Told::of(vec![Said::Online(true)])),
            "offline" | "disabled" => Ok(Told::of(vec![Said::Online(false)])),
            _ => Err(Misread::Value("online, offline or disabled")),
        },
        _ => Ok(Told::default()),
    }
}

/// People whom the camera `name` sees, or who are in the zone of that name, before whichever camera.
fn activity(cameras: &Map<String, Value>, name: &str) -> Option<Said> {
    let objects = |camera: &Value| camera.get("objects").and_then(Value::as_array).cloned();
    let is_person = |object: &&Value| object.get("label").and_then(Value::as_str) == Some("person");
    if let Some(camera) = cameras.get(name) {
        let count = objects(camera)?.iter().filter(is_person).count();
        return people(u32::try_from(count).ok()?.into());
    }
    let in_zone = |object: &&Value| {
        let zones = object.get("current_zones").and_then(Value::as_array);
        zones.is_some_and(|zones| zones.iter().any(|zone| zone.as_str() == Some(name)))
    };
    let seen = cameras.values().filter_map(objects).flatten().collect::<Vec<_>>();
    let count = seen.iter().filter(is_person).filter(in_zone).count();
    // A name that no camera and no object knows is told by its own topic: nobody there is not known from here.
    if count == 0 { None } else { people(u32::try_from(count).ok()?.into()) }
}
