//! What staff say, and for how long it wins.

use crate::domain::command::StaffStatus::{Available, Maintenance, NeedsCleaning, Occupied};
use crate::domain::rules::{CLAIM_HOLDS, CLAIM_RENEWS_AFTER};

use super::*;

fn watched() -> Clinic {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").doctor("doc-001").open();
    clinic.sees("cam-1", "room-1", false);
    clinic
}

#[test]
fn staff_win_over_a_sensor_that_keeps_saying_the_same() {
    let mut clinic = watched();
    assert_eq!(clinic.say("room-1", Occupied), 1);
    clinic.watch("cam-1", "room-1", false, minutes(5));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.why("room-1"), "nurse-1 said it is occupied");
}

#[test]
fn a_sensor_that_changes_its_mind_ends_what_staff_said() {
    let mut clinic = watched();
    clinic.sees("cam-1", "room-1", true);
    clinic.say("room-1", Available);
    clinic.watch("cam-1", "room-1", true, seconds(10));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.at("room-1").claim, None);
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_new_sensor_ends_what_staff_said_before_it() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.say("room-1", Occupied);
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    assert_eq!(clinic.at("room-1").claim, None);
}

#[test]
fn a_claim_gives_way_after_thirty_minutes_and_not_before() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    clinic.say("room-1", Occupied);
    for _ in 0..2 {
        clinic.wait(minutes(14));
        clinic.observe(clinic.report("key:cam-9", "room-1", false));
    }
    clinic.wait(CLAIM_HOLDS - minutes(28) - Duration::from_millis(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.wait(Duration::from_millis(1)), 1);
    assert_eq!(clinic.at("room-1").occupancy.why, "sensor webhook:key:cam-9 sees nobody");
}

#[test]
fn a_room_without_sensors_is_what_staff_said_last_for_ever() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.say("room-1", Occupied);
    assert_eq!(clinic.state.next_deadline(), None);
    clinic.wait(minutes(60 * 24 * 365));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.at("room-1").since, at_start());
    clinic.say("room-1", Available);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn a_room_whose_last_sensor_was_taken_away_is_what_staff_said_last_for_ever() {
    let mut clinic = watched();
    clinic.say("room-1", Occupied);
    clinic.cameras.clear();
    clinic.restart();
    clinic.wait(minutes(60 * 24));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn what_staff_said_survives_a_restart() {
    let mut clinic = watched();
    clinic.say("room-1", Occupied);
    clinic.restart();
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.why("room-1"), "nurse-1 said it is occupied");
}

#[test]
fn saying_the_same_again_within_a_minute_changes_nothing_and_later_renews_it() {
    let mut clinic = watched();
    clinic.say("room-1", Occupied);
    let first = clinic.at("room-1").clone();
    clinic.watch("cam-1", "room-1", false, CLAIM_RENEWS_AFTER - seconds(1));
    assert_eq!(clinic.say("room-1", Occupied), 0);
    assert_eq!(clinic.at("room-1").revision, first.revision);
    clinic.watch("cam-1", "room-1", false, seconds(1));
    assert_eq!(clinic.say("room-1", Occupied), 1);
    let claim = clinic.at("room-1").claim.as_ref().unwrap();
    assert_eq!(claim.until, Some(clinic.now.plus(CLAIM_HOLDS)));
    assert_eq!(clinic.at("room-1").since, first.since, "it is still the same status");
}

#[test]
fn saying_the_same_again_of_a_room_without_sensors_never_needs_an_event() {
    let mut clinic = Clinic::new().room("room-1").open();
    assert_eq!(clinic.say("room-1", Occupied), 1);
    clinic.wait(minutes(90));
    assert_eq!(clinic.say("room-1", Occupied), 0);
}

#[test]
fn staff_can_say_four_things_and_unknown_is_none_of_them() {
    let mut clinic = Clinic::new().room("room-1").open();
    // An exhaustive match: a fifth status does not compile, and `unknown` must never be it.
    let becomes = |status| match status {
        Available => RoomStatus::Available,
        Occupied => RoomStatus::Occupied,
        NeedsCleaning => RoomStatus::NeedsCleaning,
        Maintenance => RoomStatus::Maintenance,
    };
    for status in [Occupied, NeedsCleaning, Maintenance, Available, Maintenance, Occupied] {
        clinic.say("room-1", status);
        assert_eq!(clinic.status("room-1"), becomes(status));
    }
}

#[test]
fn the_revision_counts_what_staff_change_and_not_what_sensors_see() {
    let mut clinic = watched();
    let revision = clinic.at("room-1").revision;
    clinic.watch("cam-1", "room-1", true, seconds(5));
    assert_eq!(clinic.at("room-1").revision, revision);
    let doctor = Some(Some("doc-001".parse().unwrap()));
    clinic
        .ask(Ask::SetRoomStatus(SetRoomStatus { current_doctor_id: doctor, ..set("room-1", Occupied) }))
        .unwrap();
    assert_eq!(clinic.at("room-1").revision, revision + 1);
}

#[test]
fn a_doctor_who_does_not_exist_is_refused_by_field() {
    let mut clinic = watched();
    let doctor = Some(Some("doc-999".parse().unwrap()));
    let wrong = SetRoomStatus { current_doctor_id: doctor, ..set("room-1", Occupied) };
    let refused = clinic.ask(Ask::SetRoomStatus(wrong)).unwrap_err();
    assert!(matches!(refused, Rejection::Invalid { field: "current_doctor_id", .. }), "{refused}");
    let unknown = Observation { doctor_id: "doc-999".parse().ok(), ..clinic.sight("cam-1", "room-1", true) };
    let refused = clinic.ask(Ask::Observe(unknown)).unwrap_err();
    assert!(matches!(refused, Rejection::Invalid { field: "doctorId", .. }), "{refused}");
}

#[test]
fn a_field_that_staff_leave_out_stays_and_one_they_empty_is_emptied() {
    let mut clinic = watched();
    let free_at = Some(Some(clinic.now.plus(minutes(20))));
    let doctor = Some(Some("doc-001".parse().unwrap()));
    let whole = SetRoomStatus {
        current_doctor_id: doctor,
        estimated_available_at: free_at,
        ..set("room-1", Occupied)
    };
    clinic.ask(Ask::SetRoomStatus(whole)).unwrap();
    clinic
        .ask(Ask::SetRoomStatus(SetRoomStatus { current_doctor_id: Some(None), ..set("room-1", Occupied) }))
        .unwrap();
    assert_eq!(clinic.at("room-1").current_doctor_id, None);
    assert_eq!(Some(clinic.at("room-1").estimated_available_at), free_at);
}
