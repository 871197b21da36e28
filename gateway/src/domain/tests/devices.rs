//! Devices, and days with them. A second file tells what goes wrong with them.

use crate::domain::bound_device::{Device, DeviceHealth};
use crate::domain::device::{DeviceBinding, DeviceReport, Said, Target};
use crate::domain::equipment::{Equipment, EquipmentStatus, Profile};
use crate::domain::id::{DeviceId, EquipmentId};
use crate::domain::occupancy::Presence;
use crate::domain::reading::Quantity;

use super::calendar::chicago;
use super::*;

pub(super) fn device_id(id: &str) -> DeviceId {
    id.parse().unwrap()
}

/// A binding without limits.
pub(super) fn bound(id: &str, target: Target) -> DeviceBinding {
    DeviceBinding {
        device_id: device_id(id),
        target,
        in_use_above: None,
        debounce: seconds(1),
        stale_after: None,
        min: None,
        max: None,
        delay: minutes(10),
    }
}

pub(super) fn plug() -> DeviceBinding {
    let target = Target::Equipment("eq-1".parse().unwrap());
    DeviceBinding {
        in_use_above: Some(50.0),
        stale_after: Some(minutes(11)),
        debounce: seconds(10),
        ..bound("plug-1", target)
    }
}

/// A room with a motion sensor, a door's contact, a button and equipment on a plug. No camera.
pub(super) fn clinic_with(rules: Rules) -> Clinic {
    let mut clinic = Clinic::new().rules(rules).room("room-1").equipment("eq-1");
    clinic.seed.equipment[0].3 = Some(room_id("room-1"));
    let mut clinic = clinic.open();
    let room = || room_id("room-1");
    clinic.bind(vec![
        bound("pir-1", Target::Room(room())),
        bound("door-1", Target::Door(room())),
        bound("button-1", Target::Button(room())),
        plug(),
    ]);
    clinic
}

pub(super) fn report_of(id: &str, said: Vec<Said>) -> DeviceReport {
    DeviceReport { device_id: device_id(id), said, observed_at: None, counter: None, is_replay: false }
}

pub(super) fn presence(occupied: bool) -> Said {
    Said::Presence { occupied, people: None }
}

pub(super) fn power(watts: f64) -> Said {
    Said::Measured(Quantity::Power, watts)
}

impl Clinic {
    pub(super) fn bind(&mut self, bindings: Vec<DeviceBinding>) -> usize {
        self.ask_as(Actor::Gateway, Ask::BindDevices(bindings)).unwrap().len()
    }

    pub(super) fn told(&mut self, report: DeviceReport) -> usize {
        let actor = Actor::Sensor(report.device_id.clone());
        self.ask_as(actor, Ask::ReportDevice(report)).unwrap().len()
    }

    /// A device says one thing. Returns how many events follow.
    pub(super) fn says(&mut self, id: &str, said: Said) -> usize {
        self.told(report_of(id, vec![said]))
    }

    /// It said so before: a retained message.
    pub(super) fn said_before(&mut self, id: &str, said: Said) -> usize {
        self.told(DeviceReport { is_replay: true, ..report_of(id, vec![said]) })
    }

    pub(super) fn broker(&mut self, trouble: Option<&str>) -> usize {
        let ask = Ask::BrokerSeen { trouble: trouble.map(Into::into) };
        self.ask_as(Actor::Gateway, ask).unwrap().len()
    }

    pub(super) fn dev(&self, id: &str) -> &Device {
        &self.state.devices[&device_id(id)]
    }

    pub(super) fn eq(&self) -> &Equipment {
        &self.state.equipment[&"eq-1".parse::<EquipmentId>().unwrap()]
    }

    /// The children of an alarm that stands.
    pub(super) fn alarm(&self, id: &str) -> Option<&[String]> {
        let alarm = self
            .state
            .alarms
            .get(&id.parse::<crate::domain::id::AlarmId>().unwrap())
            .filter(|alarm| alarm.is_standing());
        alarm.map(|alarm| alarm.notice.children.as_slice())
    }

    /// The motion sensor sees somebody move for a while: it says so every half minute, and ends a minute after it.
    fn moves(&mut self, by: Duration) {
        for _ in 0..by.as_secs() / 30 {
            self.says("pir-1", presence(true));
            self.wait(seconds(30));
        }
        self.wait(seconds(60));
        self.says("pir-1", presence(false));
    }

    /// Somebody goes through the door, and the motion sensor sees it.
    fn passes(&mut self) {
        self.says("pir-1", presence(true));
        self.says("door-1", Said::Open(true));
        self.wait(seconds(4));
        self.says("door-1", Said::Open(false));
    }
}

fn clinic() -> Clinic {
    let mut clinic = clinic_with(Rules::default());
    clinic.says("door-1", Said::Open(false));
    clinic.says("pir-1", presence(false));
    clinic
}

#[test]
fn a_room_that_a_device_has_sensed_is_unknown_after_a_start_until_one_speaks() {
    let mut clinic = clinic_with(Rules::default());
    assert_eq!(
        (clinic.status("room-1"), clinic.dev("pir-1").health),
        (RoomStatus::Available, DeviceHealth::Waiting),
        "never heard, it has never sensed the room"
    );
    clinic.says("pir-1", presence(true));
    assert_eq!(clinic.why("room-1"), "sensor pir-1 detects somebody");
    clinic.says("pir-1", presence(false));
    assert_eq!(
        (clinic.status("room-1"), clinic.why("room-1")),
        (RoomStatus::Available, "sensor pir-1 detects nobody")
    );
    clinic.told(report_of("pir-1", vec![Said::Presence { occupied: true, people: Some(2) }]));
    assert_eq!(clinic.why("room-1"), "sensor pir-1 counts 2");
    clinic.restart();
    assert_eq!(
        (clinic.status("room-1"), clinic.dev("pir-1").health),
        (RoomStatus::Unknown, DeviceHealth::Waiting)
    );
}

#[test]
fn a_whole_day_without_a_camera() {
    let mut clinic = clinic_with(Rules { calendar: chicago(), ..Rules::default() });
    clinic.says("door-1", Said::Open(false));
    clinic.says("pir-1", presence(false));
    clinic.says("plug-1", power(2.0));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    // Somebody arrives, is examined, and sits still for forty minutes.
    clinic.passes();
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.moves(minutes(5));
    assert_eq!(clinic.why("room-1"), "somebody was seen after the door closed");
    for _ in 0..8 {
        clinic.says("plug-1", power(2.0));
        clinic.wait(minutes(5));
    }
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied, "nobody has left");
    // They leave: the sensor sees them go, and times out behind the closed door.
    clinic.passes();
    clinic.wait(seconds(80));
    clinic.says("pir-1", presence(false));
    assert_eq!(clinic.why("room-1"), "sensor pir-1 detects nobody");
    clinic.wait(seconds(60));
    assert_eq!(
        (clinic.status("room-1"), clinic.open_cleanings("room-1").len()),
        (RoomStatus::NeedsCleaning, 1)
    );
    // Staff clean it, and press the button on their way out.
    clinic.passes();
    clinic.moves(minutes(4));
    clinic.says("pir-1", presence(true));
    clinic.says("button-1", Said::Pressed("single".into()));
    assert_eq!((clinic.status("room-1"), clinic.open_cleanings("room-1").len()), (RoomStatus::Available, 0));
    assert!(clinic.why("room-1").starts_with("sensor button-1 said"), "{}", clinic.why("room-1"));
    clinic.passes();
    clinic.wait(seconds(80));
    clinic.says("pir-1", presence(false));
    clinic.wait(minutes(31));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "who cleaned soiled nothing");
    // Night: whoever walks through leaves it as it is.
    let evening: Timestamp = "2026-02-07T02:00:00Z".parse().unwrap();
    clinic.wait(evening.since(clinic.now));
    clinic.passes();
    clinic.moves(minutes(6));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.passes();
    clinic.wait(seconds(80));
    clinic.says("pir-1", presence(false));
    clinic.wait(minutes(10));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert_eq!(clinic.state.tasks.len(), 1);
}

#[test]
fn a_sensor_that_holds_what_it_saw_before_the_door_closed_proves_nobody_behind_it() {
    let mut clinic = clinic();
    clinic.passes();
    clinic.wait(minutes(3));
    clinic.says("pir-1", presence(false));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty, "it may be the hold");
    clinic.wait(seconds(30));
    clinic.says("pir-1", presence(true));
    clinic.says("pir-1", presence(false));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Occupied, "it began behind the door");
    clinic.wait(minutes(4 * 60) - Duration::from_millis(1));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Occupied);
    clinic.wait(Duration::from_millis(1));
    assert_eq!(
        clinic.at("room-1").occupancy.state,
        Presence::Empty,
        "not for ever: a contact may miss an opening"
    );
}

#[test]
fn a_door_that_is_open_or_unknown_holds_nobody() {
    for gone in [Said::Open(true), Said::Online(false)] {
        let mut clinic = clinic();
        clinic.says("door-1", gone);
        clinic.says("pir-1", presence(true));
        clinic.says("pir-1", presence(false));
        assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty);
    }
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    clinic.says("pir-1", presence(false));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Occupied);
    clinic.says("door-1", Said::Online(false));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty, "nobody knows whether it opened");
}

#[test]
fn who_says_that_a_room_is_empty_is_believed_about_the_closed_door() {
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    clinic.says("pir-1", presence(false));
    clinic.say("room-1", StaffStatus::Available);
    clinic.wait(minutes(31));
    assert_eq!(
        (clinic.status("room-1"), clinic.why("room-1")),
        (RoomStatus::Available, "sensor pir-1 detects nobody")
    );
}

#[test]
fn equipment_in_use_infers_somebody_unless_a_camera_sees_nobody() {
    let mut clinic = clinic();
    clinic.says("plug-1", power(200.0));
    clinic.wait(seconds(10));
    assert_eq!(
        (clinic.status("room-1"), clinic.why("room-1")),
        (RoomStatus::Occupied, "equipment eq-1 is in use")
    );
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "who sees knows better");
    clinic.observe(clinic.report("key:cam-9", "room-1", true));
    clinic.wait(minutes(11));
    assert_eq!(clinic.dev("plug-1").health, DeviceHealth::Silent);
    assert!(!clinic.why("room-1").contains("eq-1"), "{}", clinic.why("room-1"));
}

#[test]
fn what_runs_without_end_infers_nobody() {
    let mut clinic = clinic();
    let continuous = Equipment { profile: Some(Profile::Continuous), ..clinic.eq().clone() };
    clinic.state.apply(&Event::EquipmentUpdated(Arc::new(continuous)), &mut BTreeSet::new(), clinic.now);
    clinic.says("plug-1", power(200.0));
    clinic.wait(seconds(10));
    assert_eq!(
        (clinic.eq().status, clinic.status("room-1")),
        (EquipmentStatus::InUse, RoomStatus::Available)
    );
}

#[test]
fn power_above_the_limit_has_to_last_and_below_it_needs_a_margin() {
    let mut clinic = clinic();
    clinic.says("plug-1", power(2.0));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    for wrong in [f64::NAN, f64::INFINITY, -5.0] {
        clinic.says("plug-1", power(wrong));
        clinic.wait(seconds(20));
        assert_eq!(clinic.eq().status, EquipmentStatus::Operational, "{wrong}");
    }
    clinic.says("plug-1", power(51.0));
    clinic.wait(seconds(5));
    clinic.says("plug-1", power(3.0));
    clinic.wait(seconds(20));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational, "a peak");
    clinic.says("plug-1", power(51.0));
    clinic.wait(seconds(10) - Duration::from_millis(1));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    clinic.wait(Duration::from_millis(1));
    assert_eq!(clinic.eq().status, EquipmentStatus::InUse);
    clinic.says("plug-1", power(41.0));
    clinic.wait(seconds(20));
    assert_eq!(clinic.eq().status, EquipmentStatus::InUse, "not clearly less");
    clinic.says("plug-1", power(39.0));
    assert_eq!(clinic.wait(seconds(10)), 3, "the device, the equipment and the room");
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    clinic.says("plug-1", power(90.0));
    clinic.wait(seconds(10));
    clinic.says("plug-1", Said::On(false));
    clinic.wait(seconds(10));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational, "off is not in use, whatever it drew");
}

#[test]
fn a_button_says_clean_once_and_never_from_what_was() {
    let mut clinic = clinic();
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    clinic.said_before("button-1", Said::Pressed("single".into()));
    clinic.says("button-1", Said::Pressed("release".into()));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    assert!(clinic.says("button-1", Said::Pressed("single".into())) > 0);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    clinic.wait(seconds(1));
    assert_eq!(clinic.says("button-1", Said::Pressed("single".into())), 0);
    assert_eq!(
        (clinic.note.clone(), clinic.status("room-1")),
        (Some(Note::Repeated), RoomStatus::NeedsCleaning)
    );
    clinic.wait(seconds(1));
    clinic.says("button-1", Said::Pressed("single".into()));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.say("room-1", StaffStatus::Maintenance);
    clinic.wait(minutes(1));
    clinic.says("button-1", Said::Pressed("single".into()));
    assert_eq!(clinic.status("room-1"), RoomStatus::Maintenance, "cleaning mends nothing");
}

#[test]
fn what_was_is_no_detection_and_still_tells_the_state_of_a_door() {
    let mut clinic = clinic_with(Rules::default());
    clinic.said_before("pir-1", presence(true));
    clinic.said_before("plug-1", power(500.0));
    clinic.wait(minutes(1));
    assert_eq!((clinic.status("room-1"), clinic.dev("plug-1").in_use.clone()), (RoomStatus::Available, None));
    clinic.said_before("door-1", Said::Open(false));
    clinic.said_before("plug-1", Said::Online(true));
    assert_eq!(
        (clinic.dev("door-1").open.as_ref().unwrap().is, clinic.dev("plug-1").health),
        (false, DeviceHealth::Live)
    );
    clinic.said_before("pir-1", Said::Measured(Quantity::Battery, 80.0));
    assert_eq!((clinic.dev("pir-1").battery, clinic.dev("pir-1").last_seen), (Some(80.0), None));
    let late = DeviceReport {
        observed_at: Some(clinic.now.shifted(-900_000)),
        ..report_of("pir-1", vec![presence(true)])
    };
    clinic.told(late);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "a quarter of an hour ago is not now");
}

#[test]
fn a_message_that_comes_again_counts_once() {
    let mut clinic = clinic();
    let at = |clinic: &Clinic, ms: i64, watts| DeviceReport {
        observed_at: Some(clinic.now.shifted(ms)),
        ..report_of("plug-1", vec![power(watts)])
    };
    let note = |clinic: &mut Clinic, report| {
        clinic.told(report);
        clinic.note.clone()
    };
    let first = at(&clinic, -1_000, 5.0);
    assert_eq!(note(&mut clinic, first.clone()), None);
    assert_eq!(note(&mut clinic, first), Some(Note::Repeated));
    let same_second = at(&clinic, -1_000, 6.0);
    assert_eq!(note(&mut clinic, same_second), None, "another message of the same second");
    let older = at(&clinic, -2_000, 7.0);
    assert_eq!(note(&mut clinic, older), Some(Note::Outdated));
    let count = |n| DeviceReport { counter: Some(n), ..report_of("pir-1", vec![presence(true)]) };
    assert_eq!(note(&mut clinic, count(7)), None);
    assert_eq!(note(&mut clinic, count(7)), Some(Note::Repeated));
    assert_eq!(note(&mut clinic, count(6)), Some(Note::Outdated));
    clinic.says("pir-1", Said::Online(false));
    assert_eq!(note(&mut clinic, count(1)), None, "it was gone, and counts anew");
    assert_eq!(note(&mut clinic, count(9)), None);
    assert_eq!(note(&mut clinic, count(2)), Some(Note::Outdated));
    clinic.wait(minutes(1));
    assert_eq!(note(&mut clinic, count(3)), None, "behind for a whole minute: it counts anew");
    let unknown = Ask::ReportDevice(report_of("pir-9", vec![]));
    assert!(matches!(clinic.ask(unknown), Err(Rejection::NotFound { .. })));
}

#[test]
fn a_message_that_comes_again_after_a_crash_counts_once() {
    let mut clinic = clinic();
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    let press =
        DeviceReport { counter: Some(3), ..report_of("button-1", vec![Said::Pressed("single".into())]) };
    clinic.told(press.clone());
    clinic.restart();
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    clinic.wait(minutes(5));
    clinic.told(press);
    assert_eq!(
        (clinic.note.clone(), clinic.status("room-1")),
        (Some(Note::Repeated), RoomStatus::NeedsCleaning)
    );
}

#[test]
fn what_is_measured_becomes_readings_of_what_it_is_about() {
    let mut clinic = clinic();
    let said =
        vec![power(12.5), Said::Measured(Quantity::Battery, 90.0), Said::Measured(Quantity::Battery, 900.0)];
    let command = clinic.command(Actor::Gateway, Ask::ReportDevice(report_of("plug-1", said)));
    let outcome = clinic.state.decide(&command, clinic.now).unwrap();
    let readings: Vec<_> = outcome.readings.iter().map(|it| (it.series.to_string(), it.value)).collect();
    assert_eq!(
        readings,
        [("equipment:eq-1:power".to_owned(), 12.5), ("device:plug-1:battery".to_owned(), 90.0)]
    );
    let replay = DeviceReport { is_replay: true, ..report_of("plug-1", vec![power(12.5)]) };
    let command = clinic.command(Actor::Gateway, Ask::ReportDevice(replay));
    assert!(
        clinic.state.decide(&command, clinic.now).unwrap().readings.is_empty(),
        "nobody knows from when it is"
    );
}

#[test]
fn signs_of_life_are_no_events() {
    let mut clinic = clinic();
    clinic.says("plug-1", power(2.0));
    for n in 0..100 {
        clinic.wait(seconds(30));
        assert_eq!(clinic.says("plug-1", power(2.0 + f64::from(n) / 100.0)), 0);
        assert_eq!(clinic.says("pir-1", Said::Measured(Quantity::LinkQuality, f64::from(n))), 0);
    }
    assert_eq!(
        (clinic.dev("plug-1").last_seen, clinic.dev("pir-1").link_quality),
        (Some(clinic.now), Some(99.0))
    );
}
