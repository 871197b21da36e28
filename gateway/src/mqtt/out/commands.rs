//! Commands that come in over MQTT: `…/room/<id>/set`, `…/equipment/<id>/set`, `…/alarm/<id>/set`. Pure.
//!
//! The payload is a word, or an object with a `status`. Who asks is not in the message: the link knows the credential
//! that the client connected with and submits as its actor, and the ledger refuses what the actor's role may not do.
//!
//! A client that saw no acknowledgement sends the same message again (QoS 1). That is harmless: an ask says how a thing is
//! to be, and said again at once it changes nothing.

use serde::Deserialize;

use super::COMMAND_BYTES_MAX;
use super::topics::Topics;
use crate::domain::command::{Ask, SetRoomStatus, StaffStatus};
use crate::domain::equipment::EquipmentStatus;

/// What a room can be set to. `clean` is the word on a wall button.
const ROOM_WORDS: [(&str, StaffStatus); 5] = [
    ("clean", StaffStatus::Available),
    ("available", StaffStatus::Available),
    ("occupied", StaffStatus::Occupied),
    ("needs_cleaning", StaffStatus::NeedsCleaning),
    ("maintenance", StaffStatus::Maintenance),
];
/// What equipment can be set to.
const EQUIPMENT_WORDS: [(&str, EquipmentStatus); 4] = [
    ("operational", EquipmentStatus::Operational),
    ("in_use", EquipmentStatus::InUse),
    ("needs_maintenance", EquipmentStatus::NeedsMaintenance),
    ("offline", EquipmentStatus::Offline),
];
/// What can be done to an alarm. Its cause alone clears it.
const ALARM_WORDS: [(&str, ()); 1] = [("acknowledge", ())];

/// Why a message is no command. Never repeats what the message says: it is somebody else's text, for no log of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The topic is not one that commands come by.
    #[error("no command comes by this topic")]
    Topic,
    /// The topic names a thing as no id can be.
    #[error("the topic's {0} is no id: letters, digits, `.`, `_`, `:` and `-`")]
    Id(&'static str),
    /// The broker kept it: it was said once, and is not said now.
    #[error("the command is retained, so it is a replay; publish commands without the retain flag")]
    Retained,
    /// The payload is too large.
    #[error("a command has at most {COMMAND_BYTES_MAX} bytes")]
    TooLarge,
    /// The payload is no text.
    #[error("the payload is no UTF-8 text")]
    NoText,
    /// The payload begins like an object and is none, or not one that is understood.
    #[error("the payload is no object with `status` alone, such as {{\"status\":\"{0}\"}}")]
    NoObject(&'static str),
    /// The word is not one of those that can be said.
    #[error("the payload is none of: {}", .0.join(", "))]
    Word(Vec<&'static str>),
}

/// An object as payload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    status: String,
}

/// What a message under `topic` asks. `is_retained` is the flag that the message came with.
///
/// # Errors
///
/// Why it is no command.
pub fn ask(topics: &Topics, topic: &str, payload: &[u8], is_retained: bool) -> Result<Ask, Refused> {
    let (noun, id) = topics.command(topic).ok_or(Refused::Topic)?;
    if is_retained {
        return Err(Refused::Retained);
    }
    match noun {
        "room" => {
            let room_id = id.parse().map_err(|_| Refused::Id("room"))?;
            let status = said(payload, &ROOM_WORDS)?;
            Ok(Ask::SetRoomStatus(SetRoomStatus {
                room_id,
                status,
                current_doctor_id: None,
                current_patient_id: None,
                estimated_available_at: None,
            }))
        }
        "equipment" => {
            let equipment_id = id.parse().map_err(|_| Refused::Id("equipment"))?;
            Ok(Ask::SetEquipmentStatus { equipment_id, status: said(payload, &EQUIPMENT_WORDS)? })
        }
        "alarm" => {
            let alarm_id = id.parse().map_err(|_| Refused::Id("alarm"))?;
            said(payload, &ALARM_WORDS)?;
            Ok(Ask::AcknowledgeAlarm(alarm_id))
        }
        _ => Err(Refused::Topic),
    }
}

/// Which of `words` the payload says.
fn said<T: Copy>(payload: &[u8], words: &[(&'static str, T)]) -> Result<T, Refused> {
    if payload.len() > COMMAND_BYTES_MAX {
        return Err(Refused::TooLarge);
    }
    let text = std::str::from_utf8(payload).map_err(|_| Refused::NoText)?.trim();
    let object = if text.starts_with('{') {
        Some(serde_json::from_str::<Object>(text).map_err(|_| Refused::NoObject(words[0].0))?)
    } else {
        None
    };
    let word = object.as_ref().map_or(text, |object| object.status.as_str());
    let known = words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning);
    known.ok_or_else(|| Refused::Word(words.iter().map(|(word, _)| *word).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Topics {
        Topics::new("caresync/clinic-1", "clinic-1", Some("homeassistant"))
    }

    fn heard(below: &str, payload: &[u8]) -> Result<Ask, Refused> {
        ask(&topics(), &format!("caresync/clinic-1/{below}"), payload, false)
    }

    #[test]
    fn a_word_and_an_object_ask_the_same() {
        for (word, meaning) in ROOM_WORDS {
            let asked = heard("room/room:1/set", word.as_bytes()).unwrap();
            let Ask::SetRoomStatus(set) = &asked else { panic!("{asked:?}") };
            assert_eq!((set.room_id.as_str(), set.status), ("room:1", meaning));
            assert_eq!((&set.current_doctor_id, &set.current_patient_id), (&None, &None));
            let object = format!(" {{\"status\":\"{word}\"}}\n");
            assert_eq!(heard("room/room:1/set", object.as_bytes()), Ok(asked), "{word}");
        }
        for (word, status) in EQUIPMENT_WORDS {
            let asked = Ask::SetEquipmentStatus { equipment_id: "eq-1".parse().unwrap(), status };
            assert_eq!(heard("equipment/eq-1/set", word.as_bytes()), Ok(asked));
        }
        let asked = Ask::AcknowledgeAlarm("camera_lost:cam-1".parse().unwrap());
        assert_eq!(heard("alarm/camera_lost:cam-1/set", b"acknowledge"), Ok(asked));
    }

    #[test]
    fn a_retained_command_is_a_replay_and_refused() {
        let topic = "caresync/clinic-1/room/room-1/set";
        assert_eq!(ask(&topics(), topic, b"clean", true), Err(Refused::Retained));
        assert!(ask(&topics(), topic, b"clean", false).is_ok());
    }

    #[test]
    fn no_other_topic_commands() {
        for below in [
            "room/room-1/state",
            "room/set",
            "room/a/b/set",
            "doctor/doc-1/set",
            "status",
            "room/room-1/set/",
        ] {
            assert_eq!(heard(below, b"clean"), Err(Refused::Topic), "{below}");
        }
        assert_eq!(ask(&topics(), "caresync/other/room/room-1/set", b"clean", false), Err(Refused::Topic));
        assert_eq!(
            ask(&topics(), "caresync/clinic-10/room/room-1/set", b"clean", false),
            Err(Refused::Topic)
        );
    }

    #[test]
    fn bad_ids_are_named_by_their_place() {
        assert_eq!(heard("room//set", b"clean"), Err(Refused::Id("room")));
        assert_eq!(heard("equipment/a b/set", b"offline"), Err(Refused::Id("equipment")));
        assert_eq!(heard("alarm/å/set", b"acknowledge"), Err(Refused::Id("alarm")));
    }

    #[test]
    fn bad_payloads_are_refused_each_in_its_way() {
        let set = |payload: &[u8]| heard("room/room-1/set", payload).unwrap_err();
        let words = || Refused::Word(ROOM_WORDS.map(|(word, _)| word).into());
        for payload in ["", "Clean", "unknown", "\"clean\"", "null", "[\"clean\"]", "cleanclean", "ON"] {
            assert_eq!(set(payload.as_bytes()), words(), "{payload}");
        }
        for payload in [
            "{",
            "{}",
            "{\"status\":1}",
            "{\"status\":\"clean\",\"doctor\":\"x\"}",
            "{\"state\":\"clean\"}",
            "{\"status\":\"clean\"} x",
        ] {
            assert_eq!(set(payload.as_bytes()), Refused::NoObject("clean"), "{payload}");
        }
        assert_eq!(set(b"{\"status\":\"dirty\"}"), words());
        assert_eq!(set(&[0xff, 0xfe]), Refused::NoText);
        assert_eq!(set(&[b'x'; COMMAND_BYTES_MAX + 1]), Refused::TooLarge);
        assert!(!matches!(set(&[b' '; COMMAND_BYTES_MAX]), Refused::TooLarge));
    }

    #[test]
    fn a_refusal_tells_the_remedy_and_nothing_of_the_payload() {
        let secret = "Jane Doe was here";
        let refused = heard("room/room-1/set", secret.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            refused,
            "the payload is none of: clean, available, occupied, needs_cleaning, maintenance"
        );
        let refused = heard("alarm/a/set", format!("{{\"{secret}\"").as_bytes()).unwrap_err().to_string();
        assert_eq!(
            refused,
            "the payload is no object with `status` alone, such as {\"status\":\"acknowledge\"}"
        );
    }
}
