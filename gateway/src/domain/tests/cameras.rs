//! A camera's health.

use crate::domain::camera::CameraHealth;
use crate::domain::id::AlarmId;

use super::*;

fn clinic() -> Clinic {
    Clinic::new().room("room-1").camera("cam-1", "room-1").open()
}

fn alive(clinic: &mut Clinic) -> usize {
    clinic.ask(Ask::CameraAlive { camera_id: camera_id("cam-1") }).unwrap().len()
}

#[test]
fn a_silent_camera_is_stale_after_five_seconds_and_lost_after_twenty_and_not_before() {
    let mut clinic = clinic();
    alive(&mut clinic);
    let moment = Duration::from_millis(1);
    // Lost is an event of the room too: it is unknown from then on.
    for (silence, before, after, events) in
        [(5, CameraHealth::Live, CameraHealth::Stale, 1), (15, CameraHealth::Stale, CameraHealth::Lost, 2)]
    {
        clinic.wait(seconds(silence) - moment);
        assert_eq!(clinic.cam("cam-1").health, before);
        assert_eq!(clinic.wait(moment), events);
        assert_eq!(clinic.cam("cam-1").health, after);
        assert_eq!(clinic.cam("cam-1").since, clinic.now);
    }
}

#[test]
fn a_camera_that_never_gave_a_frame_is_starting_until_it_is_lost() {
    let mut clinic = clinic();
    clinic.wait(seconds(19));
    assert_eq!(clinic.cam("cam-1").health, CameraHealth::Starting);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "nothing was expected of it yet");
    clinic.wait(seconds(1));
    assert_eq!(clinic.cam("cam-1").health, CameraHealth::Lost);
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "who should watch it does not");
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn what_the_store_remembers_of_a_camera_is_no_silence() {
    let mut clinic = clinic();
    clinic.sees("cam-1", "room-1", false);
    let camera = serde_json::to_string(clinic.cam("cam-1")).unwrap();
    let stored: Camera = serde_json::from_str(&camera).unwrap();
    assert_eq!(stored.next_deadline(), None, "nobody watched while the gateway was down");
}

#[test]
fn a_minute_of_silence_raises_one_alarm_and_the_first_frame_clears_it() {
    let mut clinic = clinic();
    alive(&mut clinic);
    clinic.wait(seconds(60) - Duration::from_millis(1));
    assert_eq!(clinic.standing_alarms(), 0);
    assert_eq!(clinic.wait(Duration::from_millis(1)), 2, "the alarm, and the camera that has it");
    assert_eq!(clinic.standing_alarms(), 1);
    assert_eq!(clinic.wait(minutes(600)), 0, "once is enough");
    assert_eq!(clinic.state.next_deadline(), None);
    assert_eq!(alive(&mut clinic), 2, "the alarm cleared, the camera live");
    assert_eq!((clinic.standing_alarms(), clinic.cam("cam-1").health), (0, CameraHealth::Live));
    clinic.wait(seconds(60));
    assert_eq!(clinic.standing_alarms(), 1, "the next silence is a new one");
    assert_eq!(clinic.state.alarms.len(), 1, "the same trouble is the same alarm");
}

#[test]
fn a_frame_every_second_is_no_event() {
    let mut clinic = clinic();
    alive(&mut clinic);
    for _ in 0..300 {
        clinic.wait(seconds(1));
        assert_eq!(alive(&mut clinic), 0);
    }
    assert_eq!(clinic.cam("cam-1").last_frame_at, clinic.now);
}

#[test]
fn the_alarm_says_what_the_cameras_reader_said_last() {
    let mut clinic = clinic();
    let trouble = Ask::CameraTrouble { camera_id: camera_id("cam-1"), reason: "connection refused".into() };
    assert_eq!(clinic.ask(trouble).unwrap().len(), 0, "the reason is no event of its own");
    clinic.wait(seconds(60));
    let alarm = clinic.state.alarms.values().next().unwrap();
    assert_eq!(alarm.notice.text, "camera cam-1 has given no picture for a minute: connection refused");
}

#[test]
fn a_reader_that_talks_without_end_cannot_make_an_alarm_that_does_not_fit() {
    let mut clinic = clinic();
    let reason = "\u{1}".repeat(100_000);
    clinic.ask(Ask::CameraTrouble { camera_id: camera_id("cam-1"), reason }).unwrap();
    clinic.wait(seconds(60));
    let alarm = clinic.state.alarms.values().next().unwrap();
    assert!(serde_json::to_vec(alarm).unwrap().len() < crate::domain::rules::RECORD_BYTES_MAX / 2);
}

#[test]
fn a_standing_alarm_is_acknowledged_once_and_by_whom() {
    let mut clinic = clinic();
    clinic.wait(seconds(60));
    let id = clinic.state.alarms.keys().next().unwrap().clone();
    assert_eq!(clinic.ask(Ask::AcknowledgeAlarm(id.clone())).unwrap().len(), 1);
    let second = Actor::User("nurse-2".parse().unwrap());
    assert_eq!(clinic.ask_as(second, Ask::AcknowledgeAlarm(id.clone())).unwrap().len(), 0);
    assert_eq!(clinic.state.alarms[&id].acknowledged_by, Some(Actor::User(NURSE.parse().unwrap())));
    assert_eq!(clinic.ask(Ask::ClearAlarm(id.clone())).unwrap().len(), 1);
    assert_eq!(clinic.ask(Ask::ClearAlarm(id)).unwrap().len(), 0);
}

#[test]
fn a_camera_that_is_no_longer_configured_goes_with_its_alarm_and_its_evidence() {
    let mut clinic = clinic();
    clinic.sees("cam-1", "room-1", true);
    clinic.wait(seconds(60));
    clinic.cameras.clear();
    clinic.restart();
    assert!(clinic.state.cameras.is_empty());
    assert_eq!(clinic.standing_alarms(), 0);
    assert!(!clinic.at("room-1").has_sensors());
    assert_eq!(
        clinic.status("room-1"),
        RoomStatus::NeedsCleaning,
        "somebody was there, and nobody will see it empty"
    );
    assert_eq!(clinic.open_cleanings("room-1").len(), 1);
    assert_eq!(clinic.state.next_deadline(), None);
}

#[test]
fn an_unknown_camera_is_refused() {
    let mut clinic = clinic();
    let unknown = camera_id("cam-9");
    assert!(matches!(clinic.ask(Ask::CameraAlive { camera_id: unknown }), Err(Rejection::NotFound { .. })));
    let sight = clinic.sight("cam-9", "room-1", true);
    assert!(matches!(clinic.ask(Ask::Observe(sight)), Err(Rejection::NotFound { .. })));
}

#[test]
fn a_lost_camera_names_the_room_that_it_leaves_unwatched_and_no_other() {
    let clinic = Clinic::new().room("room-1").room("room-2");
    let clinic = clinic.camera("cam-1", "room-1").camera("cam-2", "room-1").camera("cam-3", "room-2");
    let mut clinic = clinic.open();
    clinic.watch("cam-2", "room-1", false, seconds(61));
    let children = |clinic: &Clinic, id: &str| {
        clinic.state.alarms[&id.parse::<AlarmId>().unwrap()].notice.children.clone()
    };
    assert_eq!(children(&clinic, "camera_lost:cam-1"), Vec::<String>::new(), "cam-2 still watches it");
    assert_eq!(children(&clinic, "camera_lost:cam-3"), ["room-2"]);
    clinic.wait(seconds(60));
    assert_eq!(children(&clinic, "camera_lost:cam-2"), ["room-1"]);
}

#[test]
fn a_dead_camera_is_unknown_at_twenty_seconds_one_alarm_at_sixty_and_no_action_item() {
    let mut clinic = clinic();
    clinic.sees("cam-1", "room-1", false);
    clinic.wait(seconds(20) - Duration::from_millis(1));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.wait(Duration::from_millis(1));
    assert_eq!((clinic.status("room-1"), clinic.standing_alarms()), (RoomStatus::Unknown, 0));
    clinic.wait(seconds(40));
    assert_eq!(clinic.standing_alarms(), 1);
    clinic.restart();
    clinic.wait(minutes(120));
    assert_eq!((clinic.state.alarms.len(), clinic.state.actions.len()), (1, 0));
}

#[test]
fn a_clock_that_is_wrong_says_the_same_however_wrong_it_is() {
    let mut clinic = clinic();
    let key = "opencv".parse().unwrap();
    let notice = crate::domain::alarm::AlarmNotice::sender_clock(&key, true);
    assert_eq!(clinic.ask(Ask::RaiseAlarm(notice.clone())).unwrap().len(), 1);
    assert_eq!(clinic.ask(Ask::RaiseAlarm(notice.clone())).unwrap().len(), 0);
    assert_eq!(notice.id().as_str(), "sender_clock:opencv");
    assert_eq!(clinic.ask(Ask::ClearAlarm(notice.id())).unwrap().len(), 1);
}
