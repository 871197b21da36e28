//! Stays, and what they leave behind.

use crate::domain::command::StaffStatus::{Available, Maintenance, NeedsCleaning, Occupied};
use crate::domain::room::Readiness;
use crate::domain::task::TaskStatus;

use super::*;

fn watched() -> Clinic {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").doctor("doc-001").open();
    clinic.sees("cam-1", "room-1", false);
    clinic
}

/// Somebody is in the room for so long, and leaves.
fn stay(clinic: &mut Clinic, long: Duration) {
    clinic.watch("cam-1", "room-1", true, long);
    clinic.sees("cam-1", "room-1", false);
}

#[test]
fn a_short_visit_leaves_the_room_as_it_was() {
    let mut clinic = watched();
    stay(&mut clinic, seconds(10));
    clinic.watch("cam-1", "room-1", false, minutes(5));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert!(clinic.state.tasks.is_empty());
}

#[test]
fn a_stay_of_three_minutes_leaves_a_room_to_clean_after_the_dwell() {
    let mut clinic = watched();
    stay(&mut clinic, minutes(3));
    clinic.watch("cam-1", "room-1", false, seconds(59));
    assert_eq!((clinic.status("room-1"), clinic.state.tasks.len()), (RoomStatus::Available, 0));
    clinic.watch("cam-1", "room-1", false, seconds(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    let cleanings = clinic.open_cleanings("room-1");
    assert_eq!(cleanings.len(), 1);
    assert_eq!(cleanings[0].draft.description, "Clean The room-1");
    let why = cleanings[0].draft.reasoning.as_deref();
    assert_eq!(why, Some("camera cam-1 sees nobody; somebody was there before"));
}

#[test]
fn a_second_less_than_three_minutes_is_a_visit() {
    let mut clinic = watched();
    stay(&mut clinic, seconds(179));
    clinic.watch("cam-1", "room-1", false, minutes(3));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn a_return_within_the_dwell_goes_on_with_the_stay() {
    let mut clinic = watched();
    let begun = clinic.now;
    stay(&mut clinic, minutes(2));
    clinic.watch("cam-1", "room-1", false, seconds(59));
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(clinic.at("room-1").stay.as_ref().unwrap().since, begun);
    assert_eq!(clinic.at("room-1").vacated, None);
    stay(&mut clinic, seconds(5));
    clinic.watch("cam-1", "room-1", false, minutes(1));
    assert_eq!(
        clinic.status("room-1"),
        RoomStatus::NeedsCleaning,
        "two minutes, a minute out, and back: one stay"
    );
}

#[test]
fn a_return_after_the_dwell_is_a_new_stay() {
    let mut clinic = watched();
    stay(&mut clinic, minutes(2));
    clinic.watch("cam-1", "room-1", false, seconds(60));
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(clinic.at("room-1").stay.as_ref().unwrap().since, clinic.now);
}

#[test]
fn a_restart_forgets_what_only_sensors_knew_and_an_empty_room_after_it_needs_cleaning_at_once() {
    let mut clinic = watched();
    clinic.watch("cam-1", "room-1", true, seconds(10));
    clinic.restart();
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    assert_eq!(clinic.open_cleanings("room-1").len(), 1);
}

#[test]
fn a_restart_during_a_stay_that_goes_on_starts_nothing() {
    let mut clinic = watched();
    let begun = clinic.now;
    clinic.watch("cam-1", "room-1", true, seconds(10));
    clinic.restart();
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.at("room-1").stay.as_ref().unwrap().since, begun);
}

#[test]
fn an_empty_room_stays_clean_over_a_restart() {
    let mut clinic = watched();
    clinic.restart();
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn readiness_survives_restarts_and_lost_sensors() {
    for (said, readiness) in
        [(NeedsCleaning, Readiness::NeedsCleaning), (Maintenance, Readiness::Maintenance)]
    {
        let mut clinic = watched();
        clinic.say("room-1", said);
        clinic.restart();
        clinic.wait(minutes(60));
        assert_eq!(clinic.at("room-1").readiness, readiness);
    }
}

#[test]
fn staff_who_say_available_complete_the_cleaning() {
    let mut clinic = watched();
    clinic.say("room-1", NeedsCleaning);
    let id = clinic.open_cleanings("room-1")[0].id.clone();
    assert_eq!(clinic.say("room-1", Available), 2, "the room and its task");
    assert_eq!(clinic.state.tasks[&id].status, TaskStatus::Completed);
    assert_eq!(clinic.state.tasks[&id].end_time, Some(clinic.now));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn a_room_has_one_open_cleaning_at_most() {
    let mut clinic = watched();
    clinic.say("room-1", NeedsCleaning);
    clinic.say("room-1", Maintenance);
    clinic.say("room-1", NeedsCleaning);
    assert_eq!(clinic.state.tasks.len(), 1);
    clinic.say("room-1", Maintenance);
    clinic.say("room-1", Available);
    assert_eq!(clinic.open_cleanings("room-1").len(), 0);
}

#[test]
fn whoever_cleans_starts_no_second_cleaning() {
    let mut clinic = watched();
    clinic.say("room-1", NeedsCleaning);
    stay(&mut clinic, minutes(10));
    clinic.watch("cam-1", "room-1", false, minutes(2));
    assert_eq!(clinic.state.tasks.len(), 1);
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
}

#[test]
fn staff_who_say_available_while_a_stay_ends_have_decided_what_the_room_needs() {
    let mut clinic = watched();
    stay(&mut clinic, minutes(10));
    clinic.watch("cam-1", "room-1", false, seconds(30));
    let doctor_id = "doc-001".parse().ok();
    let next = SetRoomStatus { current_doctor_id: Some(doctor_id.clone()), ..set("room-1", Available) };
    clinic.ask(Ask::SetRoomStatus(next)).unwrap();
    clinic.watch("cam-1", "room-1", false, minutes(5));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert_eq!(clinic.at("room-1").current_doctor_id, doctor_id, "the next doctor is not the one who left");
    assert!(clinic.state.tasks.is_empty());
}

#[test]
fn staff_who_say_available_during_a_stay_end_it_without_a_cleaning() {
    let mut clinic = watched();
    clinic.watch("cam-1", "room-1", true, minutes(10));
    clinic.say("room-1", Available);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.sees("cam-1", "room-1", false);
    clinic.watch("cam-1", "room-1", false, minutes(5));
    assert!(clinic.state.tasks.is_empty());
}

#[test]
fn a_waiting_room_does_not_turn_over() {
    for kind in [RoomKind::Waiting, RoomKind::Other] {
        let mut clinic = Clinic::new().room_of_kind("room-1", kind).camera("cam-1", "room-1").open();
        stay(&mut clinic, minutes(60));
        clinic.watch("cam-1", "room-1", false, minutes(5));
        assert_eq!((clinic.status("room-1"), clinic.state.tasks.len()), (RoomStatus::Available, 0));
    }
}

#[test]
fn a_treatment_room_turns_over_like_an_examination_room() {
    let mut clinic =
        Clinic::new().room_of_kind("room-1", RoomKind::Treatment).camera("cam-1", "room-1").open();
    stay(&mut clinic, minutes(3));
    clinic.watch("cam-1", "room-1", false, seconds(60));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
}

#[test]
fn an_empty_room_names_no_doctor_no_patient_and_no_estimate_from_the_first_moment() {
    let mut clinic = watched();
    let whole = SetRoomStatus {
        current_doctor_id: Some("doc-001".parse().ok()),
        current_patient_id: Some("patient-1".parse().ok()),
        estimated_available_at: Some(Some(clinic.now.plus(minutes(20)))),
        ..set("room-1", Occupied)
    };
    clinic.ask(Ask::SetRoomStatus(whole)).unwrap();
    clinic.watch("cam-1", "room-1", true, seconds(30));
    assert!(clinic.at("room-1").current_patient_id.is_some());
    clinic.sees("cam-1", "room-1", false);
    let room = clinic.at("room-1");
    assert_eq!(
        (&room.current_doctor_id, &room.current_patient_id, room.estimated_available_at),
        (&None, &None, None)
    );
}

#[test]
fn a_camera_that_is_lost_during_a_stay_and_returns_to_an_empty_room_leaves_a_cleaning() {
    let mut clinic = watched();
    clinic.watch("cam-1", "room-1", true, seconds(10));
    clinic.wait(minutes(2));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
}

#[test]
fn a_claim_that_the_room_is_empty_lets_no_sensor_name_a_doctor_who_would_never_leave() {
    let mut clinic = Clinic::new().room("room-1").doctor("doc-001").open();
    let named = |clinic: &Clinic| Observation {
        doctor_id: "doc-001".parse().ok(),
        ..clinic.report("key:cam-9", "room-1", true)
    };
    clinic.observe(named(&clinic));
    clinic.ask(Ask::SetRoomStatus(set("room-1", Available))).unwrap();
    clinic.observe(named(&clinic));
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    assert_eq!(
        (clinic.status("room-1"), &clinic.at("room-1").current_doctor_id),
        (RoomStatus::Available, &None)
    );
}

#[test]
fn maintenance_cleans_nothing() {
    let mut clinic = watched();
    for status in [NeedsCleaning, Maintenance, Occupied] {
        clinic.ask(Ask::SetRoomStatus(set("room-1", status))).unwrap();
    }
    assert_eq!(clinic.at("room-1").readiness, Readiness::NeedsCleaning);
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_cleaning_that_a_drawn_room_caused_says_so() {
    let mut clinic = watched();
    let drawn = |clinic: &Clinic, occupied| Observation {
        synthetic: true,
        ..clinic.sight("cam-1", "room-1", occupied)
    };
    clinic.observe(drawn(&clinic, true));
    clinic.wait(minutes(2));
    clinic.observe(drawn(&clinic, false));
    let task = clinic.state.tasks.values().next().expect("a cleaning task");
    assert!(task.synthetic);
}
