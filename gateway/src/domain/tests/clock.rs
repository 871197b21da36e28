//! What happens when somebody sets the clock.

use crate::domain::camera::CameraHealth;
use crate::domain::command::StaffStatus::Occupied;
use crate::domain::equipment::EquipmentStatus;

use super::*;

const HOUR_MS: i64 = 3_600_000;

/// The wall clock jumps; the world does not.
fn step(clinic: &mut Clinic, by_ms: i64) {
    clinic.now = clinic.now.shifted(by_ms);
    clinic.ask_as(Actor::Gateway, Ask::ClockStepped { by_ms }).unwrap();
}

#[test]
fn a_claim_with_twenty_minutes_left_still_has_twenty_minutes_left() {
    for by_ms in [HOUR_MS, -HOUR_MS] {
        let mut clinic = Clinic::new().room("room-1").open();
        clinic.observe(clinic.report("key:cam-9", "room-1", false));
        clinic.say("room-1", Occupied);
        clinic.wait(minutes(10));
        clinic.observe(clinic.report("key:cam-9", "room-1", false));
        step(&mut clinic, by_ms);
        assert_eq!(clinic.settle(), 0, "nothing fires because of {by_ms} ms");
        clinic.wait(minutes(10));
        clinic.observe(clinic.report("key:cam-9", "room-1", false));
        clinic.wait(minutes(10) - Duration::from_millis(1));
        assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
        assert_eq!(clinic.wait(Duration::from_millis(1)), 1);
        assert_eq!(clinic.at("room-1").claim, None);
    }
}

#[test]
fn cameras_do_not_become_lost_because_the_clock_was_set() {
    for by_ms in [HOUR_MS, -HOUR_MS] {
        let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
        clinic.sees("cam-1", "room-1", true);
        clinic.wait(seconds(3));
        step(&mut clinic, by_ms);
        assert_eq!(clinic.wait(seconds(1)), 0);
        assert_eq!(
            (clinic.cam("cam-1").health, clinic.status("room-1")),
            (CameraHealth::Live, RoomStatus::Occupied)
        );
        clinic.wait(seconds(1));
        assert_eq!(clinic.cam("cam-1").health, CameraHealth::Stale, "five seconds are still five seconds");
    }
}

#[test]
fn what_a_source_says_after_the_clock_went_back_is_not_outdated() {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
    clinic.sees("cam-1", "room-1", true);
    step(&mut clinic, -HOUR_MS);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!((clinic.note.clone(), clinic.status("room-1")), (None, RoomStatus::Available));
}

#[test]
fn a_stay_is_no_longer_and_no_shorter_because_the_clock_was_set() {
    for by_ms in [HOUR_MS, -HOUR_MS] {
        let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
        clinic.watch("cam-1", "room-1", true, seconds(100));
        step(&mut clinic, by_ms);
        clinic.watch("cam-1", "room-1", true, seconds(79));
        clinic.watch("cam-1", "room-1", false, seconds(90));
        assert_eq!(clinic.status("room-1"), RoomStatus::Available, "179 seconds, whatever the clock says");
    }
}

#[test]
fn the_same_equipment_trouble_is_still_the_same_after_the_clock_was_set() {
    for by_ms in [HOUR_MS, -HOUR_MS] {
        let mut clinic = Clinic::new().equipment("eq-1").open();
        let is = |clinic: &mut Clinic, status| {
            clinic.ask(Ask::SetEquipmentStatus { equipment_id: "eq-1".parse().unwrap(), status }).unwrap();
            clinic.state.actions.len()
        };
        is(&mut clinic, EquipmentStatus::Offline);
        step(&mut clinic, by_ms);
        is(&mut clinic, EquipmentStatus::Operational);
        assert_eq!(is(&mut clinic, EquipmentStatus::Offline), 1);
        clinic.wait(minutes(30));
        is(&mut clinic, EquipmentStatus::Operational);
        assert_eq!(is(&mut clinic, EquipmentStatus::Offline), 2);
    }
}

#[test]
fn a_step_of_nothing_is_no_event() {
    let mut clinic = Clinic::new().open();
    assert_eq!(clinic.ask(Ask::ClockStepped { by_ms: 0 }).unwrap().len(), 0);
}
