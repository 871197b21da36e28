//! What of the journal an endpoint wants.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::action::Urgency;
use crate::domain::event::Event;
use crate::domain::id::RoomId;

/// Event types that are wanted: one, as the wire spells it (`room:updated`), all of a noun (`room:*`), or all (`*`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventPattern(String);

/// The text names no event type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names no event type; write one as room:updated, all of a noun as room:*, or * for every event")]
pub struct PatternError;

impl EventPattern {
    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True when `pattern` takes events of type `kind`.
pub fn kind_matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(noun) => kind.starts_with(noun),
        None => pattern == kind,
    }
}

impl FromStr for EventPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let is_pattern = text == "*"
            || text
                .split_once(':')
                .is_some_and(|(noun, past)| is_word(noun) && (past == "*" || is_word(past)));
        if is_pattern { Ok(Self(text.into())) } else { Err(PatternError) }
    }
}

impl TryFrom<String> for EventPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl From<EventPattern> for String {
    fn from(pattern: EventPattern) -> String {
        pattern.0
    }
}

/// What an endpoint is told. Nothing named is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Types of events.
    pub events: Vec<EventPattern>,
    /// Only what is about one of these rooms, or in it.
    pub rooms: Vec<RoomId>,
    /// Of action items and tasks, only those of these urgencies. What has no urgency passes.
    pub urgency: Vec<Urgency>,
}

impl Filter {
    /// True when events of type `kind` are wanted.
    pub fn wants_kind(&self, kind: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|pattern| kind_matches(pattern.as_str(), kind))
    }

    /// True when what `event` is about is wanted; its type is another question.
    pub fn wants(&self, event: &Event) -> bool {
        let (room, urgency) = about(event);
        let is_of_room = self.rooms.is_empty() || room.is_some_and(|room| self.rooms.contains(room));
        is_of_room && (self.urgency.is_empty() || urgency.is_none_or(|it| self.urgency.contains(&it)))
    }
}

/// The room and the urgency that an event is about. What is gone is known by its id alone.
fn about(event: &Event) -> (Option<&RoomId>, Option<Urgency>) {
    match event {
        Event::RoomCreated(it) | Event::RoomUpdated(it) => (Some(&it.id), None),
        Event::RoomDeleted(id) => (Some(id), None),
        Event::EquipmentCreated(it) | Event::EquipmentUpdated(it) => (it.room_id.as_ref(), None),
        Event::ActionCreated(it) | Event::ActionUpdated(it) => {
            (it.draft.room_id.as_ref(), Some(it.draft.urgency))
        }
        Event::TaskCreated(it) | Event::TaskUpdated(it) => {
            (it.draft.room_id.as_ref(), Some(it.draft.priority))
        }
        Event::CameraUpdated(it) => (Some(&it.room_id), None),
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::EquipmentDeleted(_)
        | Event::DoctorCreated(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_)
        | Event::ActionDeleted(_)
        | Event::TaskDeleted(_)
        | Event::AlarmRaised(_)
        | Event::AlarmCleared(_)
        | Event::AlarmAcknowledged(_)
        | Event::CameraRemoved(_)
        | Event::AutomationChanged(_)
        | Event::AgentChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DeviceUpdated(_)
        | Event::DeviceRemoved(_) => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(events: &[&str], rooms: &[&str]) -> Filter {
        Filter {
            events: events.iter().map(|it| it.parse().unwrap()).collect(),
            rooms: rooms.iter().map(|it| it.parse().unwrap()).collect(),
            urgency: vec![Urgency::Urgent],
        }
    }

    #[test]
    fn a_pattern_names_one_type_a_noun_or_all() {
        for (pattern, kind, wanted) in [
            ("*", "room:updated", true),
            ("room:*", "room:updated", true),
            ("room:*", "roommate:updated", false),
            ("room:updated", "room:updated", true),
            ("room:updated", "room:created", false),
        ] {
            assert_eq!(filter(&[pattern], &[]).wants_kind(kind), wanted, "{pattern} {kind}");
        }
        assert!(filter(&[], &[]).wants_kind("room:updated"), "nothing named is everything");
        for bad in ["", "room", "room:", ":x", "Room:updated", "room:up*", "**"] {
            assert_eq!(bad.parse::<EventPattern>(), Err(PatternError), "{bad}");
        }
    }

    #[test]
    fn a_room_is_looked_for_and_what_has_no_urgency_passes() {
        let gone = Event::RoomDeleted("room-1".parse().unwrap());
        assert!(filter(&[], &[]).wants(&gone) && filter(&[], &["room-1"]).wants(&gone));
        assert!(!filter(&[], &["room-2"]).wants(&gone));
        assert!(!filter(&[], &["room-2"]).wants(&Event::ClinicImported), "it is about no room");
    }
}
