//! The turnover loop as staff live it, each time once as it is and once with a restart in the middle of a timer.

use crate::domain::command::StaffStatus::{Available, NeedsCleaning, Occupied};
use crate::domain::task::TaskStatus;

use super::calendar::chicago;
use super::*;

/// An examination room with a camera that sees nobody yet.
fn watched(rules: Rules) -> Clinic {
    let clinic = Clinic::new().rules(rules).room("room-1").camera("cam-1", "room-1").doctor("doc-001");
    let mut clinic = clinic.open();
    clinic.sees("cam-1", "room-1", false);
    clinic
}

/// Tells a story with and without a restart in its middle.
fn twice(story: impl Fn(Clinic, &dyn Fn(&mut Clinic))) {
    story(watched(Rules::default()), &|_| {});
    story(watched(Rules::default()), &|clinic| clinic.restart());
}

/// The camera sees the same for a while.
fn see(clinic: &mut Clinic, occupied: bool, by: Duration) {
    clinic.watch("cam-1", "room-1", occupied, by);
}

fn cleanings(clinic: &Clinic) -> usize {
    clinic.state.tasks.len()
}

/// A room that waits for cleaning after a visit.
fn soiled(clinic: &mut Clinic) {
    see(clinic, true, minutes(10));
    see(clinic, false, minutes(2));
    assert_eq!((clinic.status("room-1"), cleanings(clinic)), (RoomStatus::NeedsCleaning, 1));
}

#[test]
fn a_visit_of_ten_seconds() {
    twice(|mut clinic, restart| {
        see(&mut clinic, true, seconds(10));
        clinic.sees("cam-1", "room-1", false);
        restart(&mut clinic);
        see(&mut clinic, false, minutes(5));
        assert_eq!((clinic.status("room-1"), cleanings(&clinic)), (RoomStatus::Available, 0));
    });
}

#[test]
fn a_doctors_visit() {
    twice(|mut clinic, restart| {
        let begun = clinic.now;
        let doctor = Some("doc-001".parse().ok());
        let patient = Some("patient-1".parse().ok());
        clinic.sees("cam-1", "room-1", true);
        let said = SetRoomStatus {
            current_doctor_id: doctor,
            current_patient_id: patient,
            ..set("room-1", Occupied)
        };
        clinic.ask(Ask::SetRoomStatus(said)).unwrap();
        see(&mut clinic, true, minutes(2));
        restart(&mut clinic);
        see(&mut clinic, true, minutes(1));
        assert_eq!(clinic.at("room-1").stay.as_ref().unwrap().since, begun, "the stay goes on");
        clinic.sees("cam-1", "room-1", false);
        let room = clinic.at("room-1");
        assert_eq!((&room.current_doctor_id, &room.current_patient_id), (&None, &None));
        see(&mut clinic, false, seconds(30));
        restart(&mut clinic);
        clinic.sees("cam-1", "room-1", false);
        see(&mut clinic, false, seconds(29));
        assert_eq!(clinic.status("room-1"), RoomStatus::Available, "the dwell goes on");
        see(&mut clinic, false, seconds(1));
        assert_eq!(
            (clinic.status("room-1"), clinic.open_cleanings("room-1").len()),
            (RoomStatus::NeedsCleaning, 1)
        );
    });
}

#[test]
fn the_cleaner_at_work() {
    twice(|mut clinic, restart| {
        soiled(&mut clinic);
        see(&mut clinic, true, minutes(6));
        restart(&mut clinic);
        see(&mut clinic, true, minutes(6));
        see(&mut clinic, false, minutes(5));
        assert_eq!((clinic.status("room-1"), cleanings(&clinic)), (RoomStatus::NeedsCleaning, 1));
        clinic.say("room-1", Available);
        see(&mut clinic, false, minutes(1));
        see(&mut clinic, true, minutes(2));
        restart(&mut clinic);
        see(&mut clinic, true, minutes(1));
        see(&mut clinic, false, minutes(10));
        assert_eq!(
            (clinic.status("room-1"), cleanings(&clinic)),
            (RoomStatus::Available, 1),
            "back for the bucket"
        );
        assert!(clinic.open_cleanings("room-1").is_empty());
    });
}

#[test]
fn presence_that_goes_on_three_minutes_beyond_the_grace_is_a_stay() {
    for (beyond, status) in [(179, RoomStatus::Available), (180, RoomStatus::NeedsCleaning)] {
        twice(|mut clinic, restart| {
            soiled(&mut clinic);
            clinic.say("room-1", Available);
            see(&mut clinic, false, seconds(60));
            clinic.sees("cam-1", "room-1", true);
            see(&mut clinic, true, seconds(120));
            restart(&mut clinic);
            see(&mut clinic, true, seconds(120 + beyond));
            see(&mut clinic, false, minutes(2));
            assert_eq!(clinic.status("room-1"), status, "{beyond} s beyond");
        });
    }
}

#[test]
fn clean_tapped_inside_the_room() {
    twice(|mut clinic, restart| {
        soiled(&mut clinic);
        see(&mut clinic, true, minutes(8));
        clinic.say("room-1", Available);
        assert_eq!(clinic.status("room-1"), RoomStatus::Available);
        see(&mut clinic, true, seconds(20));
        restart(&mut clinic);
        see(&mut clinic, true, seconds(20));
        assert_eq!(clinic.status("room-1"), RoomStatus::Available, "who tapped is still seen, and said so");
        see(&mut clinic, false, minutes(5));
        assert_eq!((clinic.status("room-1"), cleanings(&clinic)), (RoomStatus::Available, 1));
    });
}

#[test]
fn who_stays_for_half_an_hour_after_saying_clean_was_there_all_along() {
    let mut clinic = watched(Rules::default());
    soiled(&mut clinic);
    see(&mut clinic, true, minutes(1));
    clinic.say("room-1", Available);
    let said = clinic.now;
    see(&mut clinic, true, minutes(30));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.at("room-1").stay.as_ref().unwrap().since, said);
    see(&mut clinic, true, seconds(10));
    see(&mut clinic, false, minutes(2));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
}

#[test]
fn a_tap_on_a_room_that_nobody_used_gives_no_grace() {
    let mut clinic = watched(Rules::default());
    clinic.say("room-1", Available);
    clinic.sees("cam-1", "room-1", false);
    see(&mut clinic, true, minutes(3));
    see(&mut clinic, false, minutes(2));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
}

#[test]
fn a_gap_while_somebody_was_there() {
    let mut clinic = watched(Rules::default());
    see(&mut clinic, true, seconds(10));
    clinic.wait(minutes(3));
    clinic.restart();
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!((clinic.status("room-1"), cleanings(&clinic)), (RoomStatus::NeedsCleaning, 1));
    clinic.say("room-1", Available);
    clinic.sees("cam-1", "room-1", true);
    clinic.restart();
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "within the grace it was whoever cleaned");
}

#[test]
fn a_night_in_a_clinic_with_hours() {
    let rules = Rules { calendar: chicago(), ..Rules::default() };
    // When the visit begins and ends, and what it leaves. A Friday, closed from noon to one and from six.
    let table = [
        ("07:00", "07:55", RoomStatus::Available, "before opening"),
        ("07:00", "08:02", RoomStatus::Available, "two minutes into the day"),
        ("07:00", "08:03", RoomStatus::NeedsCleaning, "three minutes into the day"),
        ("10:00", "10:03", RoomStatus::NeedsCleaning, "in hours"),
        ("17:50", "18:30", RoomStatus::NeedsCleaning, "past closing: the room was used"),
        ("17:59", "18:01", RoomStatus::Available, "too short"),
        ("18:01", "21:00", RoomStatus::Available, "after closing"),
    ];
    for (from, to, status, what) in table {
        for restarts in [false, true] {
            let mut clinic = Clinic::new().rules(rules.clone()).room("room-1").camera("cam-1", "room-1");
            clinic.now = format!("2026-02-06T{from}:00-06:00").parse().unwrap();
            let mut clinic = clinic.open();
            let until: Timestamp = format!("2026-02-06T{to}:00-06:00").parse().unwrap();
            clinic.sees("cam-1", "room-1", false);
            let long = until.since(clinic.now);
            see(&mut clinic, true, long);
            clinic.sees("cam-1", "room-1", false);
            if restarts {
                clinic.restart();
            }
            see(&mut clinic, false, minutes(2));
            assert_eq!(clinic.status("room-1"), status, "{from} to {to}: {what}");
        }
    }
}

#[test]
fn a_claim_against_the_camera_holds_half_an_hour_restart_or_not() {
    twice(|mut clinic, restart| {
        see(&mut clinic, true, seconds(5));
        clinic.say("room-1", NeedsCleaning);
        see(&mut clinic, true, minutes(20));
        restart(&mut clinic);
        see(&mut clinic, true, minutes(10) - seconds(1));
        assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning, "staff said that it is empty");
        assert_eq!(clinic.why("room-1"), "nurse-1 said it is empty");
        see(&mut clinic, true, seconds(1));
        assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    });
}

#[test]
fn a_cleaning_task_that_is_done_makes_the_room_clean_and_one_that_is_dropped_does_not() {
    for (status, readiness) in [
        (TaskStatus::Completed, RoomStatus::Available),
        (TaskStatus::Cancelled, RoomStatus::NeedsCleaning),
        (TaskStatus::Failed, RoomStatus::NeedsCleaning),
    ] {
        let mut clinic = watched(Rules::default());
        soiled(&mut clinic);
        let task_id = clinic.open_cleanings("room-1")[0].id.clone();
        let revision = clinic.at("room-1").revision;
        let events = clinic.ask(Ask::SetTaskStatus { task_id: task_id.clone(), status }).unwrap();
        assert_eq!((clinic.status("room-1"), clinic.state.tasks[&task_id].status), (readiness, status));
        if status == TaskStatus::Completed {
            assert_eq!(
                (events.len(), clinic.at("room-1").revision),
                (2, revision + 1),
                "the task and the room, once each"
            );
            see(&mut clinic, true, minutes(4));
            see(&mut clinic, false, minutes(2));
            assert_eq!(clinic.status("room-1"), RoomStatus::Available, "who cleaned was still there");
        }
    }
}
