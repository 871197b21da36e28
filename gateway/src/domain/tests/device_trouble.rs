//! What goes wrong with devices, and how the clinic hears of it.

use crate::domain::action::Urgency;
use crate::domain::bound_device::DeviceHealth;
use crate::domain::device::{DeviceBinding, Said, Target};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::occupancy::Presence;
use crate::domain::reading::Quantity;

use super::calendar::chicago;
use super::devices::{bound, clinic_with, plug, power, presence};
use super::*;

fn clinic() -> Clinic {
    let mut clinic = clinic_with(Rules::default());
    clinic.says("door-1", Said::Open(false));
    clinic.says("pir-1", presence(false));
    clinic.says("plug-1", power(2.0));
    clinic
}

fn moment() -> Duration {
    Duration::from_millis(1)
}

#[test]
fn a_lost_broker_is_one_alarm_and_its_rooms_are_unknown_after_twenty_seconds() {
    let mut clinic = clinic();
    assert_eq!(clinic.broker(Some("refused")), 0);
    clinic.wait(seconds(20) - moment());
    assert_eq!(clinic.broker(Some("timed out")), 0, "trying again begins nothing anew");
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    clinic.wait(moment());
    assert_eq!(
        (clinic.status("room-1"), clinic.dev("pir-1").health),
        (RoomStatus::Unknown, DeviceHealth::Waiting)
    );
    clinic.wait(seconds(40) - moment());
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.wait(moment());
    assert_eq!(clinic.alarm("broker_lost:broker").unwrap(), ["button-1", "door-1", "pir-1", "plug-1"]);
    let text = &clinic.state.alarms.values().next().unwrap().notice.text;
    assert_eq!(text, "the broker has been away for a minute: timed out");
    clinic.wait(minutes(60));
    assert_eq!((clinic.standing_alarms(), clinic.state.actions.len()), (1, 0), "nobody else is blamed");
    clinic.broker(None);
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.says("pir-1", presence(true));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_broker_that_is_back_within_twenty_seconds_leaves_everything_as_it_was() {
    let mut clinic = clinic();
    for _ in 0..10 {
        clinic.broker(Some("refused"));
        clinic.wait(seconds(19));
        assert_eq!(clinic.broker(None), 0);
    }
    assert_eq!(
        (clinic.status("room-1"), clinic.dev("pir-1").health),
        (RoomStatus::Available, DeviceHealth::Live)
    );
    // The plug may be silent for eleven minutes, outages or not.
    clinic.wait(minutes(11) - seconds(190) - moment());
    assert_eq!(clinic.dev("plug-1").health, DeviceHealth::Live);
    clinic.wait(moment());
    assert_eq!(clinic.dev("plug-1").health, DeviceHealth::Silent);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "what speaks on change only still counts");
}

#[test]
fn three_days_of_outage() {
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    clinic.says("plug-1", power(200.0));
    clinic.wait(seconds(10));
    assert_eq!((clinic.status("room-1"), clinic.eq().status), (RoomStatus::Occupied, EquipmentStatus::InUse));
    clinic.broker(Some("refused"));
    clinic.wait(seconds(20));
    assert_eq!((clinic.status("room-1"), clinic.eq().status), (RoomStatus::Unknown, EquipmentStatus::InUse));
    clinic.wait(minutes(11) - moment());
    assert_eq!(clinic.eq().status, EquipmentStatus::InUse);
    clinic.wait(moment());
    assert_eq!(clinic.eq().status, EquipmentStatus::Offline, "never yesterday's value");
    clinic.wait(minutes(36 * 60));
    clinic.restart();
    clinic.broker(Some("refused"));
    clinic.wait(minutes(36 * 60));
    assert_eq!(
        (clinic.status("room-1"), clinic.eq().status),
        (RoomStatus::Unknown, EquipmentStatus::Offline)
    );
    assert_eq!((clinic.standing_alarms(), clinic.state.actions.len()), (1, 0));
    clinic.broker(None);
    clinic.said_before("door-1", Said::Open(false));
    clinic.said_before("pir-1", presence(true));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "a retained message proves nobody");
    clinic.says("pir-1", presence(false));
    clinic.says("plug-1", power(2.0));
    assert_eq!(
        (clinic.status("room-1"), clinic.eq().status),
        (RoomStatus::NeedsCleaning, EquipmentStatus::Operational)
    );
    clinic.wait(minutes(5));
    assert_eq!(clinic.standing_alarms(), 0);
}

#[test]
fn equipment_is_offline_by_will_and_by_silence_and_comes_back() {
    let mut clinic = clinic();
    clinic.says("plug-1", Said::Online(false));
    assert_eq!(clinic.eq().status, EquipmentStatus::Offline);
    assert_eq!(clinic.state.actions.values().next().unwrap().draft.urgency, Urgency::Urgent);
    clinic.says("plug-1", Said::Online(true));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    clinic.wait(minutes(11) - moment());
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    clinic.wait(moment());
    assert_eq!(clinic.eq().status, EquipmentStatus::Offline);
    clinic.says("plug-1", power(2.0));
    assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    assert_eq!(clinic.state.actions.len(), 1, "the same trouble once in half an hour");
}

#[test]
fn a_fault_needs_maintenance_until_staff_say_it_is_mended() {
    let mut clinic = clinic();
    clinic.says("plug-1", Said::Fault("overpower".into()));
    assert_eq!(clinic.eq().status, EquipmentStatus::NeedsMaintenance);
    clinic.says("plug-1", power(2.0));
    assert_eq!(clinic.eq().status, EquipmentStatus::NeedsMaintenance, "drawing power is no cure");
    let mended = Ask::SetEquipmentStatus {
        equipment_id: "eq-1".parse().unwrap(),
        status: EquipmentStatus::Operational,
    };
    clinic.ask(mended).unwrap();
    for _ in 0..4 {
        clinic.wait(minutes(10));
        clinic.says("plug-1", power(2.0));
        assert_eq!(clinic.eq().status, EquipmentStatus::Operational);
    }
    assert_eq!(clinic.dev("plug-1").fault, None);
}

#[test]
fn offline_devices_are_one_alarm_after_a_minute() {
    let mut clinic = clinic();
    clinic.says("pir-1", Said::Online(false));
    assert_eq!(
        (clinic.status("room-1"), clinic.why("room-1")),
        (RoomStatus::Unknown, "nothing fresh from device:pir-1")
    );
    clinic.wait(seconds(10));
    clinic.says("door-1", Said::Online(false));
    clinic.wait(seconds(50) - moment());
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.wait(moment());
    assert_eq!(clinic.alarm("devices_offline:devices").unwrap(), ["pir-1"]);
    clinic.wait(seconds(10));
    assert_eq!(clinic.alarm("devices_offline:devices").unwrap(), ["door-1", "pir-1"]);
    clinic.says("pir-1", Said::Online(true));
    assert_eq!(clinic.alarm("devices_offline:devices").unwrap(), ["door-1"]);
    clinic.says("door-1", Said::Open(true));
    assert_eq!(clinic.alarm("devices_offline:devices"), None, "who speaks is there");
}

#[test]
fn low_batteries_are_one_alarm_with_a_margin() {
    let mut clinic = clinic();
    let battery = |clinic: &mut Clinic, id, full| clinic.says(id, Said::Measured(Quantity::Battery, full));
    battery(&mut clinic, "pir-1", 15.1);
    assert_eq!(clinic.standing_alarms(), 0);
    battery(&mut clinic, "pir-1", 15.0);
    battery(&mut clinic, "door-1", 3.0);
    assert_eq!(clinic.alarm("battery_low:devices").unwrap(), ["door-1", "pir-1"]);
    assert_eq!(battery(&mut clinic, "pir-1", 24.9), 0);
    battery(&mut clinic, "pir-1", 25.0);
    clinic.restart();
    assert_eq!(clinic.alarm("battery_low:devices").unwrap(), ["door-1"], "a restart charges nothing");
    battery(&mut clinic, "door-1", 100.0);
    assert_eq!(clinic.standing_alarms(), 0);
}

#[test]
fn a_device_that_comes_and_goes_is_an_alarm_until_it_is_steady_for_half_an_hour() {
    let mut clinic = clinic();
    for n in 0..6 {
        assert_eq!(clinic.alarm("device_flapping:devices"), None, "{n}");
        clinic.says("pir-1", Said::Online(n % 2 == 1));
        clinic.wait(seconds(30));
    }
    assert_eq!(clinic.alarm("device_flapping:devices").unwrap(), ["pir-1"]);
    clinic.wait(minutes(30) - seconds(30) - moment());
    assert!(clinic.alarm("device_flapping:devices").is_some());
    clinic.wait(moment());
    assert_eq!(clinic.alarm("device_flapping:devices"), None);
    for n in 0..12 {
        clinic.says("pir-1", Said::Online(n % 2 == 1));
        clinic.wait(seconds(121));
    }
    assert_eq!(clinic.alarm("device_flapping:devices"), None, "five times in ten minutes is not six");
}

#[test]
fn a_sensor_that_is_stuck_has_no_say_until_it_detects_nobody() {
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    clinic.wait(minutes(119));
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    clinic.wait(minutes(1) - moment());
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    clinic.wait(moment());
    assert_eq!(clinic.alarm("sensor_stuck:pir-1").map(<[_]>::len), Some(1));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty);
    clinic.says("pir-1", presence(true));
    assert_eq!(clinic.at("room-1").occupancy.state, Presence::Empty, "it says the same as ever");
    clinic.says("pir-1", presence(false));
    assert_eq!(clinic.alarm("sensor_stuck:pir-1"), None);
    clinic.says("pir-1", presence(true));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn a_sensor_that_nothing_contradicts_is_believed_until_something_does() {
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    clinic.wait(minutes(300));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied);
    assert_eq!(clinic.alarm("sensor_stuck:pir-1"), None);
    clinic.observe(clinic.report("key:cam-9", "room-1", false));
    assert!(clinic.alarm("sensor_stuck:pir-1").is_some());
    let mut clinic = clinic_with(Rules { calendar: chicago(), ..Rules::default() });
    clinic.says("pir-1", presence(true));
    let closing: Timestamp = "2026-02-07T00:00:00Z".parse().unwrap();
    clinic.wait(closing.since(clinic.now) - moment());
    assert_eq!(clinic.alarm("sensor_stuck:pir-1"), None, "nor in the break at noon");
    clinic.wait(moment());
    assert!(clinic.alarm("sensor_stuck:pir-1").is_some(), "the clinic is closed");
}

fn fridge(clinic: &mut Clinic) {
    let binding = DeviceBinding {
        min: Some(2.0),
        max: Some(8.0),
        stale_after: Some(minutes(30)),
        ..bound("fridge-s", Target::Environment("fridge-1".parse().unwrap()))
    };
    clinic.bind(vec![binding]);
}

#[test]
fn a_fridge_that_is_too_warm_for_ten_minutes_is_an_alarm_until_it_is_clearly_right() {
    let mut clinic = Clinic::new().open();
    fridge(&mut clinic);
    let is = |clinic: &mut Clinic, celsius| {
        let events = clinic.says("fridge-s", Said::Measured(Quantity::Temperature, celsius));
        (events, clinic.alarm("temperature_excursion:fridge-s").is_some())
    };
    is(&mut clinic, 8.0);
    clinic.wait(minutes(20));
    assert_eq!(is(&mut clinic, 8.1), (1, false));
    clinic.wait(minutes(9));
    assert_eq!(is(&mut clinic, 8.0), (1, false), "the door was open");
    is(&mut clinic, 9.0);
    clinic.wait(minutes(10) - moment());
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.wait(moment());
    let text = &clinic.state.alarms.values().next().unwrap().notice.text;
    assert_eq!(text, "environment:fridge-1 has been warmer than 8 °C for 10 minutes, says fridge-s");
    assert_eq!(is(&mut clinic, 12.0), (0, true), "one alarm, however warm");
    assert_eq!(is(&mut clinic, 7.6), (0, true));
    assert!(!is(&mut clinic, 7.5).1);
}

#[test]
fn a_fridge_that_nobody_measures_is_an_alarm_of_its_own() {
    let mut clinic = Clinic::new().open();
    fridge(&mut clinic);
    clinic.says("fridge-s", Said::Measured(Quantity::Temperature, 5.0));
    clinic.wait(minutes(31) - moment());
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.wait(moment());
    assert_eq!(clinic.alarm("temperature_unknown:fridge-s").unwrap(), ["environment:fridge-1"]);
    assert_eq!(clinic.standing_alarms(), 1);
    clinic.says("fridge-s", Said::Measured(Quantity::Temperature, 5.0));
    assert_eq!(clinic.standing_alarms(), 0);
    clinic.restart();
    clinic.wait(minutes(31));
    assert_eq!(clinic.standing_alarms(), 1, "nor one that is never heard again after a restart");
    clinic.bind(Vec::new());
    assert_eq!((clinic.standing_alarms(), clinic.state.next_deadline()), (0, None));
}

#[test]
fn equipment_left_on_over_night_is_one_item_a_night() {
    let mut clinic = clinic_with(Rules { calendar: chicago(), ..Rules::default() });
    let titles = |clinic: &Clinic| {
        clinic.state.actions.values().filter(|it| it.draft.title.contains("after closing")).count()
    };
    let stays = |clinic: &mut Clinic, until: &str| {
        let until: Timestamp = until.parse().unwrap();
        while clinic.now < until {
            clinic.says("plug-1", power(200.0));
            clinic.wait(until.since(clinic.now).min(minutes(5)));
        }
    };
    stays(&mut clinic, "2026-02-07T00:29:59Z");
    assert_eq!(titles(&clinic), 0, "nor after the break at noon");
    stays(&mut clinic, "2026-02-07T12:00:00Z");
    assert_eq!(titles(&clinic), 1);
}

#[test]
fn another_configuration_takes_devices_away_and_lets_the_others_go_on() {
    let mut clinic = clinic();
    clinic.says("pir-1", presence(true));
    let room = || room_id("room-1");
    let pir = bound("pir-1", Target::Room(room()));
    let all = vec![
        pir.clone(),
        bound("door-1", Target::Door(room())),
        bound("button-1", Target::Button(room())),
        plug(),
    ];
    assert_eq!(clinic.bind(all), 0, "the same says nothing new");
    let events = clinic.bind(vec![DeviceBinding { stale_after: Some(minutes(5)), ..pir }, plug()]);
    assert_eq!(
        (events, clinic.status("room-1")),
        (4, RoomStatus::Occupied),
        "two go, one with what it inferred; one has another limit"
    );
    clinic.wait(minutes(5));
    assert_eq!(clinic.status("room-1"), RoomStatus::Unknown, "the new limit holds at once");
    clinic.bind(vec![bound("pir-1", Target::Button(room()))]);
    assert!(!clinic.at("room-1").has_sensors());
    assert_eq!(clinic.dev("pir-1").health, DeviceHealth::Waiting);
    let refused = clinic.ask(Ask::BindDevices(vec![plug(), plug()])).unwrap_err();
    assert!(matches!(refused, Rejection::Invalid { field: "bindings", .. }), "{refused}");
}

#[test]
fn devices_are_neither_silent_nor_stuck_because_the_clock_was_set() {
    for by_ms in [-3_600_000 * 3, 3_600_000 * 3] {
        let mut clinic = clinic();
        clinic.says("pir-1", presence(true));
        clinic.says("plug-1", power(200.0));
        clinic.now = clinic.now.shifted(by_ms);
        clinic.ask_as(Actor::Gateway, Ask::ClockStepped { by_ms }).unwrap();
        assert_eq!(clinic.settle(), 0);
        clinic.wait(seconds(10));
        assert_eq!(clinic.eq().status, EquipmentStatus::InUse, "the debounce goes on");
        clinic.wait(minutes(11) - seconds(10) - moment());
        assert_eq!(clinic.dev("plug-1").health, DeviceHealth::Live);
        clinic.wait(moment());
        assert_eq!(clinic.dev("plug-1").health, DeviceHealth::Silent);
    }
}
