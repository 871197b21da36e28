//! The one word on the door.

use crate::domain::command::StaffStatus;
use crate::domain::occupancy::Presence;
use crate::domain::room::{Readiness, RoomStatus};

use super::*;

#[test]
fn the_status_follows_from_readiness_and_occupancy() {
    use Presence::{Empty, Occupied, Unknown};
    use Readiness::{Clean, Maintenance, NeedsCleaning};
    let table = [
        (Maintenance, Occupied, RoomStatus::Maintenance),
        (Maintenance, Empty, RoomStatus::Maintenance),
        (Maintenance, Unknown, RoomStatus::Maintenance),
        (NeedsCleaning, Occupied, RoomStatus::Occupied),
        (NeedsCleaning, Empty, RoomStatus::NeedsCleaning),
        (NeedsCleaning, Unknown, RoomStatus::NeedsCleaning),
        (Clean, Occupied, RoomStatus::Occupied),
        (Clean, Empty, RoomStatus::Available),
        (Clean, Unknown, RoomStatus::Unknown),
    ];
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
    clinic.sees("cam-1", "room-1", false);
    let mut room = clinic.at("room-1").clone();
    for (readiness, presence, status) in table {
        (room.readiness, room.occupancy.state) = (readiness, presence);
        assert_eq!(room.status(), status, "{readiness:?} and {presence:?}");
    }
}

#[test]
fn a_room_that_was_never_sensed_is_available_and_one_with_a_lost_sensor_is_unknown() {
    let mut clinic = Clinic::new().room("room-1").room("room-2").camera("cam-1", "room-1").open();
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.sees("cam-1", "room-1", false);
    clinic.wait(seconds(20));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    assert_eq!(clinic.status("room-2"), RoomStatus::Available);
}

#[test]
fn the_age_of_a_status_begins_when_the_status_changes_and_not_before() {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
    clinic.sees("cam-1", "room-1", true);
    let begun = clinic.now;
    clinic.watch("cam-1", "room-1", true, seconds(30));
    assert_eq!(clinic.at("room-1").since, begun);
    assert_eq!(clinic.at("room-1").occupancy.since, begun);
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.at("room-1").since, clinic.now);
}

#[test]
fn a_paused_room_is_unknown_until_somebody_proves_otherwise() {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
    clinic.sees("cam-1", "room-1", true);
    let pause = |paused| Ask::PauseSensing { room_id: room_id("room-1"), paused };
    assert_eq!(clinic.ask(pause(true)).unwrap().len(), 1);
    assert_eq!(clinic.ask(pause(true)).unwrap().len(), 0);
    assert_eq!(
        (clinic.status("room-1"), clinic.why("room-1")),
        (RoomStatus::Unknown, "sensing is paused for privacy")
    );
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(clinic.note, Some(Note::Paused));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.ask(pause(false)).unwrap();
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "what was known before is not known now");
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning, "nobody watched the end of the stay");
}

#[test]
fn staff_have_their_say_about_a_paused_room() {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").open();
    clinic.ask(Ask::PauseSensing { room_id: room_id("room-1"), paused: true }).unwrap();
    clinic.say("room-1", StaffStatus::Occupied);
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.why("room-1"), "nurse-1 said it is occupied");
}

#[test]
fn a_room_that_does_not_exist_is_named_in_the_refusal() {
    let mut clinic = Clinic::new().room("room-1").open();
    let refused = clinic.ask(Ask::SetRoomStatus(set("room-9", StaffStatus::Available))).unwrap_err();
    assert_eq!(refused.to_string(), "room \"room-9\" does not exist");
}
