//! What each topic says.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::catalogue::{CatalogueAsk, EquipmentEdit, RoomEdit};
use crate::domain::command::{Ask, Observation, SetRoomStatus, StaffStatus};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::tests::Clinic;
use crate::mqtt::out::TOPICS_MAX;

const ROOM: &str = "caresync/clinic-1/room/room-1";

fn clinic() -> Clinic {
    Clinic::new().room("room-1").equipment("eq-1").doctor("doc-001").open()
}

fn say(clinic: &mut Clinic, status: StaffStatus) {
    let room_id = "room-1".parse().unwrap();
    let (current_doctor_id, current_patient_id, estimated_available_at) = (None, None, None);
    let set =
        SetRoomStatus { room_id, status, current_doctor_id, current_patient_id, estimated_available_at };
    clinic.ask(Ask::SetRoomStatus(set)).unwrap();
}

fn see(clinic: &mut Clinic, occupied: bool, confidence: f32) {
    let seen = Observation {
        room_id: "room-1".parse().unwrap(),
        source: "webhook:opencv".parse().unwrap(),
        sensor: Sensor::Webhook,
        occupied,
        people: Some(u32::from(occupied)),
        confidence: Some(confidence),
        method: Method::External,
        synthetic: false,
        observed_at: clinic.now,
        doctor_id: None,
    };
    clinic.ask(Ask::Observe(seen)).unwrap();
}

fn notice(subject: &str) -> AlarmNotice {
    let (text, remedy) = ("camera cam-1 gives no picture".into(), "look at its cable".into());
    AlarmNotice { cause: AlarmCause::CameraLost, subject: subject.into(), text, remedy, children: Vec::new() }
}

fn occupancy_of(shelf: &Shelf) -> (&str, &str) {
    let of = |what: &str| shelf.text(&format!("{ROOM}/{what}")).unwrap();
    (of("occupancy"), of("availability"))
}

#[test]
fn a_room_tells_its_status_its_occupancy_and_why() {
    let mut clinic = clinic();
    see(&mut clinic, true, 0.9);
    let shelf = Shelf::of(&clinic.state);
    let since = "2026-02-06T14:30:00Z";
    let expected = json!({
        "id": "room-1", "type": "examination", "status": "occupied", "readiness": "clean",
        "occupancy": "occupied", "people": 1, "freshness": "fresh", "paused": false, "synthetic": false,
        "since": since, "occupancy_since": since, "why": "sensor webhook:opencv sees 1 person",
    });
    let mut told = shelf.json(&format!("{ROOM}/state"));
    for time in ["since", "occupancy_since"] {
        let second = told[time].as_str().unwrap()[..19].to_owned() + "Z";
        told[time] = second.into();
    }
    assert_eq!(told, expected);
}

#[test]
fn occupancy_is_on_off_or_none_and_unavailable_only_when_it_was_lost() {
    let mut clinic = clinic();
    assert_eq!(occupancy_of(&Shelf::of(&clinic.state)), ("None", "online"), "nobody has said anything");
    see(&mut clinic, true, 0.9);
    assert_eq!(occupancy_of(&Shelf::of(&clinic.state)), ("ON", "online"));
    see(&mut clinic, false, 0.9);
    assert_eq!(occupancy_of(&Shelf::of(&clinic.state)), ("OFF", "online"));
    clinic.wait(Duration::from_secs(3_600));
    let shelf = Shelf::of(&clinic.state);
    assert_eq!(occupancy_of(&shelf), ("None", "offline"), "its only source has fallen silent");
    say(&mut clinic, StaffStatus::Occupied);
    assert_eq!(occupancy_of(&Shelf::of(&clinic.state)), ("ON", "online"), "staff know");
}

#[test]
fn equipment_tells_its_status_and_not_its_log() {
    let mut clinic = clinic();
    let equipment_id = || "eq-1".parse().unwrap();
    let text = "Jane Doe dropped it".to_owned();
    clinic.ask(Ask::LogMaintenance { equipment_id: equipment_id(), text, next_due: None }).unwrap();
    let status = EquipmentStatus::InUse;
    clinic.ask(Ask::SetEquipmentStatus { equipment_id: equipment_id(), status }).unwrap();
    let mut told = Shelf::of(&clinic.state).json("caresync/clinic-1/equipment/eq-1/state");
    assert!(told["since"].take().is_string());
    assert_eq!(told, json!({"id": "eq-1", "room_id": null, "status": "in_use", "since": null}));
}

#[test]
fn an_alarm_is_there_while_it_stands_and_does_not_tell_who_has_seen_it() {
    let mut clinic = clinic();
    let topic = "caresync/clinic-1/alarm/camera_lost:cam-1";
    clinic.ask(Ask::RaiseAlarm(notice("cam-1"))).unwrap();
    assert_eq!(Shelf::of(&clinic.state).json(topic)["acknowledged"], false);
    clinic.ask(Ask::AcknowledgeAlarm(notice("cam-1").id())).unwrap();
    let mut told = Shelf::of(&clinic.state).json(topic);
    assert!(told["raised_at"].take().is_string());
    let expected = json!({
        "id": "camera_lost:cam-1", "cause": "camera_lost", "subject": "cam-1",
        "text": "camera cam-1 gives no picture", "remedy": "look at its cable", "children": [],
        "raised_at": null, "acknowledged": true,
    });
    assert_eq!(told, expected);
    clinic.ask(Ask::ClearAlarm(notice("cam-1").id())).unwrap();
    assert_eq!(Shelf::of(&clinic.state).text(topic), None);
}

#[test]
fn the_summary_counts() {
    let mut clinic = Clinic::new().room("room-1").room("room-2").equipment("eq-1").open();
    say(&mut clinic, StaffStatus::NeedsCleaning);
    clinic.ask(Ask::RaiseAlarm(notice("cam-1"))).unwrap();
    clinic.ask(Ask::RaiseAlarm(notice("cam-2"))).unwrap();
    clinic.ask(Ask::AcknowledgeAlarm(notice("cam-2").id())).unwrap();
    let expected = json!({
        "rooms": {"total": 2, "available": 1, "occupied": 0, "needs_cleaning": 1, "maintenance": 0, "unknown": 0},
        "equipment": {"total": 1, "operational": 1, "in_use": 0, "needs_maintenance": 0, "offline": 0},
        "alarms": {"standing": 2, "unacknowledged": 1},
    });
    assert_eq!(Shelf::of(&clinic.state).json("caresync/clinic-1/summary"), expected);
}

#[test]
fn discovery_comes_before_what_it_discovers() {
    let (clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    retained.anew(&clinic.state);
    let order: Vec<String> =
        std::iter::from_fn(|| next(&mut retained, &clinic.state)).map(|it| it.topic).collect();
    let first_state = order.iter().position(|topic| topic.starts_with("caresync/")).unwrap();
    assert_eq!(first_state, 3, "{order:?}");
    assert!(order[first_state..].iter().all(|topic| topic.starts_with("caresync/")), "{order:?}");
}

#[test]
fn equipment_follows_the_name_of_its_room() {
    let (mut clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    let edit = EquipmentEdit { room_id: Some(Some("room-1".parse().unwrap())), ..EquipmentEdit::default() };
    let place = CatalogueAsk::EditEquipment { equipment_id: "eq-1".parse().unwrap(), edit };
    clinic.ask(Ask::Catalogue(place)).unwrap();
    retained.anew(&clinic.state);
    while next(&mut retained, &clinic.state).is_some() {}
    let before = clinic.journal.len();
    let edit = RoomEdit { name: Some("Sono".into()), kind: None };
    let room_id = "room-1".parse().unwrap();
    clinic.ask(Ask::Catalogue(CatalogueAsk::EditRoom { room_id, edit })).unwrap();
    clinic.journal[before..].iter().for_each(|(_, event)| retained.follow(event, &clinic.state));
    let given: Vec<Publication> = std::iter::from_fn(|| next(&mut retained, &clinic.state)).collect();
    let found = given.iter().find(|it| it.topic.ends_with("_equipment_eq-1/config")).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&found.payload).unwrap();
    assert_eq!(document["device"]["suggested_area"], "Sono");
}

#[test]
fn a_topic_waits_once_and_says_the_newest() {
    let (mut clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    retained.anew(&clinic.state);
    while next(&mut retained, &clinic.state).is_some() {}
    let before = clinic.journal.len();
    for n in 0..100 {
        see(&mut clinic, n % 2 == 0, 0.9);
    }
    assert!(clinic.journal.len() >= before + 100);
    for (_, event) in &clinic.journal[before..] {
        retained.follow(event, &clinic.state);
    }
    assert_eq!(retained.waiting(), 5, "discovery, state, occupancy, availability and the summary");
    let given: Vec<Publication> = std::iter::from_fn(|| next(&mut retained, &clinic.state)).collect();
    let of = |end: &str| given.iter().filter(|it| it.topic.ends_with(end)).collect::<Vec<_>>();
    assert_eq!((of("room-1/occupancy").len(), of("room-1/state").len(), of("/summary").len()), (1, 1, 0));
    assert_eq!(of("room-1/occupancy")[0].payload, "OFF");
}

#[test]
fn what_a_touch_moves_is_not_said_again() {
    let (mut clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    see(&mut clinic, true, 0.9);
    retained.anew(&clinic.state);
    while next(&mut retained, &clinic.state).is_some() {}
    clinic.wait(Duration::from_secs(1));
    see(&mut clinic, true, 0.8);
    retained.compare(&clinic.state);
    assert_eq!(next(&mut retained, &clinic.state), None);
    retained.repeat_occupancy(&clinic.state);
    assert_eq!(next(&mut retained, &clinic.state).unwrap().topic, format!("{ROOM}/occupancy"));
    assert_eq!(next(&mut retained, &clinic.state), None);
}

#[test]
fn a_removal_is_given_again_to_a_broker_that_comes_back() {
    let (mut clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    clinic.ask(Ask::RaiseAlarm(notice("cam-1"))).unwrap();
    retained.anew(&clinic.state);
    while next(&mut retained, &clinic.state).is_some() {}
    let before = clinic.journal.len();
    clinic.ask(Ask::ClearAlarm(notice("cam-1").id())).unwrap();
    let topic = "caresync/clinic-1/alarm/camera_lost:cam-1";
    let removal = Publication::fact(topic.into(), Bytes::new());
    retained.follow(&clinic.journal[before].1, &clinic.state);
    assert_eq!(next(&mut retained, &clinic.state), Some(removal.clone()));
    // It was lost on the way, and the broker went away.
    retained.forget_waiting();
    retained.anew(&clinic.state);
    let given: Vec<Publication> = std::iter::from_fn(|| next(&mut retained, &clinic.state)).collect();
    assert_eq!(given.last(), Some(&removal));
}

#[test]
fn what_an_earlier_life_left_behind_is_removed_and_nothing_else() {
    let (clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    retained.anew(&clinic.state);
    while next(&mut retained, &clinic.state).is_some() {}
    let gone = [
        "caresync/clinic-1/room/room-9/state",
        "caresync/clinic-1/alarm/camera_lost:cam-9",
        "homeassistant/device/caresync_clinic-1_room_room-9/config",
    ];
    let kept = [
        "caresync/clinic-1/room/room-1/state",
        "caresync/clinic-1/status",
        "caresync/clinic-2/room/room-9/state",
        "homeassistant/device/caresync_clinic-1/config",
        "homeassistant/device/caresync_clinic-1_room_room-1/config",
        "homeassistant/device/caresync_clinic-2_room_room-9/config",
        "zigbee2mqtt/plug",
    ];
    kept.into_iter().chain(gone).for_each(|name| retained.found(name));
    let given: Vec<Publication> = std::iter::from_fn(|| next(&mut retained, &clinic.state)).collect();
    assert_eq!(given, gone.map(|name| Publication::fact(name.into(), Bytes::new())));
}

#[test]
fn there_are_only_so_many_topics() {
    let (clinic, mut retained) = (clinic(), Retained::new(topics(), "The clinic".into()));
    for n in 0..TOPICS_MAX + 10 {
        retained.found(&format!("caresync/clinic-1/room/left-{n}/state"));
    }
    assert!(retained.was_full() && !retained.was_full());
    assert_eq!(std::iter::from_fn(|| next(&mut retained, &clinic.state)).count(), TOPICS_MAX);
    // What was removed makes place.
    retained.anew(&clinic.state);
    assert!(
        std::iter::from_fn(|| next(&mut retained, &clinic.state))
            .any(|it| it.topic.ends_with("room-1/state"))
    );
}
