//! Arbitrary devices, and what they say.

use proptest::prelude::*;

use crate::domain::command::Ask;
use crate::domain::device::{DeviceBinding, DeviceReport, Said, Target};
use crate::domain::reading::Quantity;
use crate::domain::tests::{at_start, minutes, room_id, seconds};

use super::some_room;

const DEVICES: [&str; 7] = ["pir-1", "pir-2", "door-1", "button-1", "plug-1", "plug-2", "fridge-1"];

fn binding() -> impl Strategy<Value = DeviceBinding> {
    let limit = || prop_oneof![Just(None), Just(Some(50.0)), Just(Some(f64::NAN)), Just(Some(-20.0))];
    let stale =
        prop_oneof![Just(None), Just(Some(seconds(0))), Just(Some(seconds(10))), Just(Some(minutes(20)))];
    let span = || prop::sample::select(vec![seconds(0), seconds(1), seconds(90)]);
    let odd = (some_room(), 0_u8..5).prop_map(|(room, kind)| match kind {
        0 => Target::Room(room),
        1 => Target::Door(room),
        2 => Target::Button(room),
        3 => Target::Equipment("eq-9".parse().unwrap()),
        _ => Target::Environment("fridge-9".parse().unwrap()),
    });
    let target = (0_usize..DEVICES.len(), prop_oneof![6 => Just(None), 1 => odd.prop_map(Some)]);
    (target, limit(), stale, span(), limit(), limit(), span()).prop_map(
        |((n, odd), in_use_above, stale_after, debounce, min, max, delay)| {
            let usual = match n {
                0 | 1 => Target::Room(room_id("room-1")),
                2 => Target::Door(room_id("room-1")),
                3 => Target::Button(room_id("room-1")),
                4 | 5 => Target::Equipment("eq-1".parse().unwrap()),
                _ => Target::Environment("fridge-1".parse().unwrap()),
            };
            let (device_id, target) = (DEVICES[n].parse().unwrap(), odd.unwrap_or(usual));
            DeviceBinding { device_id, target, in_use_above, debounce, stale_after, min, max, delay }
        },
    )
}

fn said() -> impl Strategy<Value = Said> {
    let value = prop_oneof![4 => -10.0..110.0, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)];
    prop_oneof![
        2 => any::<bool>().prop_map(Said::Online),
        6 => (any::<bool>(), prop::option::of(0_u32..3))
            .prop_map(|(occupied, people)| Said::Presence { occupied, people }),
        3 => any::<bool>().prop_map(Said::Open),
        2 => prop_oneof![Just("single"), Just("release"), Just("")].prop_map(|word| Said::Pressed(word.into())),
        2 => any::<bool>().prop_map(Said::On),
        1 => ".{0,8}".prop_map(Said::Fault),
        6 => (prop::sample::select(Quantity::EVERY.to_vec()), value).prop_map(|(what, value)| Said::Measured(what, value)),
    ]
}

fn report() -> impl Strategy<Value = DeviceReport> {
    let id = prop_oneof![9 => prop::sample::select(DEVICES.to_vec()), 1 => Just("pir-9")];
    let observed_at = prop_oneof![3 => Just(None), 1 => (-60_000_i64..90_000_000).prop_map(Some)];
    let counter = prop_oneof![3 => Just(None), 1 => (0_u64..4).prop_map(Some)];
    let said = prop::collection::vec(said(), 0..4);
    (id, said, observed_at, counter, prop::bool::weighted(0.2)).prop_map(
        |(id, said, observed_at, counter, is_replay)| DeviceReport {
            device_id: id.parse().unwrap(),
            said,
            observed_at: observed_at.map(|ms| at_start().shifted(ms)),
            counter,
            is_replay,
        },
    )
}

/// Devices are bound, speak, and lose their broker.
pub(super) fn ask() -> impl Strategy<Value = Ask> {
    let all = || {
        prop::collection::vec(binding(), 0..8).prop_map(|mut all| {
            all.sort_by(|one, other| one.device_id.cmp(&other.device_id));
            all.dedup_by(|one, other| one.device_id == other.device_id);
            Ask::BindDevices(all)
        })
    };
    prop_oneof![
        3 => all(),
        12 => report().prop_map(Ask::ReportDevice),
        1 => prop_oneof![Just(None), Just(Some("refused".to_owned()))]
            .prop_map(|trouble| Ask::BrokerSeen { trouble }),
    ]
}
