//! How rooms were used.

use crate::domain::command::StaffStatus::{Available, Occupied};
use crate::domain::entity::Entity;

use super::*;

#[test]
fn a_fresh_store_has_empty_charts() {
    let clinic = clinic_of(calendar("America/Chicago"), "2026-02-06T14:30:00Z");
    let room = room_1(&clinic);
    assert_eq!(
        (room.today.sessions, room.today.occupied_minutes, room.today.utilization_ratio),
        (None, None, None)
    );
    assert_eq!((room.today.peak_hour, room.today.synthetic), (None, false));
    assert_eq!(room.today.unknown_minutes, 510.0, "since midnight in Chicago");
    assert!(
        room.hours.iter().all(|hour| hour.occupied_minutes.is_none() && hour.utilization_ratio.is_none())
    );
    assert_eq!(room.hourly_average, [None; 24]);
    assert_eq!(room.history.len(), 7);
    assert!(room.history.iter().all(|day| day.sessions.is_none() && day.utilization_ratio.is_none()));
    assert_eq!(room.history[6].date, date("2026-02-05"));
}

#[test]
fn a_session_is_counted_in_the_hours_of_the_clinics_clocks() {
    let mut clinic = clinic_of(calendar("America/Chicago"), "2026-02-06T14:00:00Z");
    say_at(&mut clinic, "2026-02-06T14:00:00Z", Available);
    say_at(&mut clinic, "2026-02-06T14:50:00Z", Occupied);
    say_at(&mut clinic, "2026-02-06T16:20:00Z", Available);
    until(&mut clinic, "2026-02-06T17:00:00Z");
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!(occupied(&day), [(8, 10), (9, 60), (10, 20)]);
    let room = room_1(&clinic);
    assert_eq!((room.today.sessions, room.today.average_session_minutes), (Some(1), Some(90.0)));
    assert_eq!((room.today.occupied_minutes, room.today.peak_hour), (Some(90.0), Some(9)));
    assert_eq!(room.today.utilization_ratio, Some(0.5), "an hour and a half of three known hours");
    assert_eq!(room.today.unknown_minutes, 480.0);
    assert_eq!(room.hours[8].utilization_ratio, Some(0.167));
    assert_eq!((room.hours[7].occupied_minutes, room.hours[11].occupied_minutes), (None, None));
}

#[test]
fn what_goes_on_is_in_the_numbers_up_to_now() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    say_at(&mut clinic, "2026-02-06T09:00:00Z", Occupied);
    until(&mut clinic, "2026-02-06T09:40:00Z");
    let room = room_1(&clinic);
    assert_eq!((room.today.sessions, room.today.occupied_minutes), (Some(1), Some(40.0)));
    assert_eq!(room.today.average_session_minutes, None, "none has ended");
    assert_eq!((room.hours[9].minutes, room.hours[9].utilization_ratio), (40.0, Some(1.0)));
}

#[test]
fn a_session_over_midnight_belongs_to_the_day_it_began_and_its_time_to_both() {
    let mut clinic = clinic_of(calendar("America/Chicago"), "2026-02-06T20:00:00Z");
    say_at(&mut clinic, "2026-02-07T05:30:00Z", Occupied);
    say_at(&mut clinic, "2026-02-07T06:45:00Z", Available);
    let (friday, saturday) =
        (used_on(&clinic, "2026-02-06").unwrap(), used_on(&clinic, "2026-02-07").unwrap());
    assert_eq!((friday.sessions, friday.sessions_ended, occupied(&friday)), (1, 0, vec![(23, 30)]));
    assert_eq!((saturday.sessions, saturday.sessions_ended, occupied(&saturday)), (0, 1, vec![(0, 45)]));
    assert_eq!(saturday.session_ms_sum, 75 * 60_000);
    assert_eq!(room_1(&clinic).history[6].sessions, Some(1));
}

#[test]
fn on_days_of_23_and_25_hours_a_night_is_as_long_as_it_really_was() {
    // 22:00 to 06:00 on the clocks, the evening before each change.
    for (from, until, day, expected) in [
        (
            "2026-03-08T04:00:00Z",
            "2026-03-08T11:00:00Z",
            "2026-03-08",
            vec![(0, 60), (1, 60), (3, 60), (4, 60), (5, 60)],
        ),
        (
            "2026-11-01T03:00:00Z",
            "2026-11-01T12:00:00Z",
            "2026-11-01",
            vec![(0, 60), (1, 120), (2, 60), (3, 60), (4, 60), (5, 60)],
        ),
    ] {
        let mut clinic = clinic_of(calendar("America/Chicago"), from);
        say_at(&mut clinic, from, Occupied);
        say_at(&mut clinic, until, Available);
        assert_eq!(occupied(&used_on(&clinic, day).unwrap()), expected, "{day}");
    }
}

#[test]
fn the_time_in_which_the_gateway_did_not_run_is_not_known() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    say_at(&mut clinic, "2026-02-06T09:00:00Z", Occupied);
    until(&mut clinic, "2026-02-06T09:30:00Z");
    // The last thing that was committed before the power went.
    clinic.ask(Ask::CreateTask(super::super::items::task_draft())).unwrap();
    until(&mut clinic, "2026-02-06T11:00:00Z");
    clinic.restart();
    say_at(&mut clinic, "2026-02-06T11:20:00Z", Available);
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!(occupied(&day), [(9, 30), (11, 20)]);
    assert_eq!((day.watched_ms(), day.sessions), (50 * 60_000, 1));
    assert_eq!(day.session_ms_sum, 50 * 60_000, "what is known of the session");
}

#[test]
fn a_camera_that_proves_the_room_occupied_after_a_restart_goes_on_with_the_session() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    clinic.watch("cam-1", "room-1", true, minutes(10));
    clinic.ask(Ask::CreateTask(super::super::items::task_draft())).unwrap();
    clinic.wait(seconds(2));
    clinic.restart();
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown);
    clinic.wait(seconds(28));
    clinic.watch("cam-1", "room-1", true, minutes(5));
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!((day.sessions, day.occupied_ms()), (1, 15 * 60_000));
}

#[test]
fn a_lost_camera_is_not_an_empty_room() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    clinic.watch("cam-1", "room-1", true, minutes(10));
    // Silence: it still counts for 20 s, then nobody knows.
    clinic.wait(minutes(60));
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!(day.occupied_ms(), 620_000);
    assert_eq!(day.watched_ms(), 620_000);
    assert_eq!(room_1(&clinic).today.utilization_ratio, Some(1.0));
}

#[test]
fn only_the_opening_hours_count_for_the_utilisation() {
    let open = Calendar::new(TimeZone::UTC, Some(every_day("08:30-12:00")), []);
    let mut clinic = clinic_of(open, "2026-02-06T07:00:00Z");
    say_at(&mut clinic, "2026-02-06T07:00:00Z", Available);
    say_at(&mut clinic, "2026-02-06T08:00:00Z", Occupied);
    say_at(&mut clinic, "2026-02-06T09:12:00Z", Available);
    until(&mut clinic, "2026-02-06T13:00:00Z");
    let room = room_1(&clinic);
    assert_eq!(room.today.occupied_minutes, Some(72.0));
    assert_eq!(room.today.utilization_ratio, Some(0.2), "42 of 210 minutes");
    assert_eq!(utilization(&clinic.state, clinic.now).open_minutes, 210.0);
}

#[test]
fn a_clock_that_is_set_makes_no_time_and_takes_none() {
    for by_ms in [7_200_000, -7_200_000, 400 * 86_400_000, -400 * 86_400_000] {
        let mut clinic = clinic_of(calendar("America/Chicago"), "2026-03-08T06:30:00Z");
        say_at(&mut clinic, "2026-03-08T06:30:00Z", Occupied);
        clinic.wait(minutes(50));
        step(&mut clinic, by_ms);
        clinic.wait(minutes(25));
        clinic.say("room-1", Available);
        let days: Vec<_> = clinic.state.analytics.room_days().collect();
        assert_eq!(days.iter().map(|day| day.occupied_ms()).sum::<u64>(), 75 * 60_000, "{by_ms}");
        assert_eq!(days.iter().map(|day| day.sessions).sum::<u32>(), 1, "{by_ms}");
        assert_eq!(days.iter().map(|day| day.session_ms_max).max(), Some(75 * 60_000), "{by_ms}");
        assert!(days.len() <= 2, "{by_ms}: {} days", days.len());
        assert_eq!(days.iter().filter(|day| day.under_way.is_some()).count(), 1);
    }
}

#[test]
fn a_turnover_is_counted_with_how_long_the_room_waited_for_it() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    clinic.watch("cam-1", "room-1", true, minutes(10));
    clinic.watch("cam-1", "room-1", false, minutes(3));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    // The dwell is over one minute after the room was empty; two minutes have passed since.
    clinic.watch("cam-1", "room-1", false, minutes(8));
    clinic.say("room-1", Available);
    let room = room_1(&clinic);
    assert_eq!((room.today.sessions, room.today.turnovers), (Some(1), Some(1)));
    assert_eq!(room.today.average_session_minutes, Some(10.0));
    assert_eq!(room.today.average_cleaning_wait_minutes, Some(10.0));
}

#[test]
fn a_room_that_rests_on_a_drawn_scene_says_so() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").room("room-2").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    let drawn = Observation { synthetic: true, ..clinic.sight("cam-1", "room-1", true) };
    clinic.observe(drawn);
    clinic.say("room-2", Occupied);
    clinic.wait(seconds(10));
    let all = utilization(&clinic.state, clinic.now).rooms;
    assert_eq!(all.iter().map(|room| room.today.synthetic).collect::<Vec<_>>(), [true, false]);
    let day = crate::domain::analytics::day(&clinic.state, None, clinic.now);
    assert_eq!(day.numbers.sessions, Some(1.0), "the drawn one is kept apart");
    clinic.say("room-2", Available);
    assert_eq!(day.rooms.iter().filter(|room| room.synthetic).count(), 1);
}

#[test]
fn an_event_that_changes_nothing_counted_writes_nothing_counted() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    clinic.say("room-1", Occupied);
    clinic.wait(minutes(5));
    let doctor = SetRoomStatus {
        current_patient_id: Some(Some("patient-1".parse().unwrap())),
        ..set("room-1", Occupied)
    };
    let command = clinic.command(Actor::Gateway, Ask::SetRoomStatus(doctor));
    let outcome = clinic.state.decide(&command, clinic.now).unwrap();
    assert_eq!(outcome.events.len(), 1);
    let mut changed = BTreeSet::new();
    clinic.state.apply(&outcome.events[0], &mut changed, clinic.now);
    assert_eq!(changed.into_iter().collect::<Vec<_>>(), [EntityKey::Room(room_id("room-1"))]);
}

#[test]
fn a_store_from_before_the_counts_begins_to_count_at_its_next_start() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    clinic.say("room-1", Occupied);
    clinic.wait(minutes(5));
    let older = [Entity::Room(clinic.state.rooms[&room_id("room-1")].clone())];
    clinic.stored = staff().chain(older).map(|entity| (entity.key(), entity)).collect();
    clinic.wait(minutes(5));
    clinic.restart();
    clinic.wait(minutes(7));
    clinic.say("room-1", Available);
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!((day.occupied_ms(), day.sessions, day.sessions_ended), (7 * 60_000, 0, 1));
}

#[test]
fn what_is_stored_goes_on_where_it_was() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T23:50:00Z");
    clinic.say("room-1", Occupied);
    clinic.wait(minutes(30));
    clinic.ask(Ask::CreateTask(super::super::items::task_draft())).unwrap();
    let stored: Vec<Entity> = super::super::arbitrary::facts(&clinic.state)
        .into_iter()
        .map(|entity| serde_json::from_slice(&serde_json::to_vec(&entity).unwrap()).unwrap())
        .collect();
    clinic.stored = staff().chain(stored).map(|entity| (entity.key(), entity)).collect();
    clinic.restart();
    clinic.wait(minutes(10));
    clinic.say("room-1", Available);
    let (first, second) = (used_on(&clinic, "2026-02-06").unwrap(), used_on(&clinic, "2026-02-07").unwrap());
    assert_eq!((first.occupied_ms(), second.occupied_ms()), (10 * 60_000, 30 * 60_000));
    assert_eq!((first.under_way.is_some(), second.session_ms_sum), (false, 40 * 60_000));
}

#[test]
fn a_short_absence_does_not_end_a_session_and_is_not_counted_in_it() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    clinic.watch("cam-1", "room-1", true, minutes(5));
    clinic.watch("cam-1", "room-1", false, seconds(30));
    clinic.watch("cam-1", "room-1", true, minutes(5));
    clinic.watch("cam-1", "room-1", false, minutes(2));
    let day = used_on(&clinic, "2026-02-06").unwrap();
    assert_eq!((day.sessions, day.sessions_ended, day.session_ms_sum), (1, 1, 10 * 60_000));
}
