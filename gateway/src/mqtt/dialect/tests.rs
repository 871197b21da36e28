//! Each dialect with payloads of the shapes that were seen on the wire, and with every trap that is known of it.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::mqtt::config::BindingConfig;

const OWN: &str = "caresync/clinic";

fn binding(dialect: &str, topic: &str, target: &str, more: Value) -> Binding {
    let mut all = json!({ "id": "dev", "topic": topic, "dialect": dialect, "target": target });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value::<BindingConfig>(all).unwrap().read().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2023-09-01T22:12:00Z")
}

fn message<'a>(topic: &'a str, payload: &'a str) -> Message<'a> {
    Message { topic, payload: payload.as_bytes(), retained: false, at: now() }
}

fn told(binding: &Binding, topic: &str, payload: &str) -> Told {
    let hears = topics(binding, OWN).iter().any(|filter| crate::mqtt::topic::matches(filter, topic));
    assert!(hears, "{topic} is subscribed to");
    read(binding, &mut Memory::default(), &message(topic, payload)).unwrap()
}

fn said(binding: &Binding, topic: &str, payload: &str) -> Vec<Said> {
    told(binding, topic, payload).said
}

fn presence(occupied: bool) -> Said {
    Said::Presence { occupied, people: None }
}

fn people(people: u32) -> Said {
    Said::Presence { occupied: people > 0, people: Some(people) }
}

const PIR: &str = r#"{"occupancy":true,"battery":100,"illuminance":28,"linkquality":102,"voltage":3035,"last_seen":"2023-09-01T18:11:52-04:00"}"#;

#[test]
fn zigbee2mqtt_tells_presence_and_never_takes_millivolts_for_volts() {
    let pir = binding("zigbee2mqtt", "zigbee2mqtt/ward 2/pir", "room:room-4", json!({}));
    let told = told(&pir, "zigbee2mqtt/ward 2/pir", PIR);
    assert_eq!(told.observed_at, Some(at("2023-09-01T22:11:52Z")));
    assert!(!told.is_replay);
    let expected = [
        presence(true),
        Said::Measured(Quantity::Illuminance, 28.0),
        Said::Measured(Quantity::Battery, 100.0),
        Said::Measured(Quantity::LinkQuality, 102.0),
    ];
    assert_eq!(told.said, expected, "and nothing of 3035");
    let plug = binding("zigbee2mqtt", "zigbee2mqtt/plug", "equipment:eq-2", json!({}));
    let text = r#"{"state":"ON","power":43.2,"voltage":230,"current":0.19,"energy":12.3,"linkquality":120}"#;
    let expected = [
        Said::On(true),
        Said::Measured(Quantity::Power, 43.2),
        Said::Measured(Quantity::Energy, 12.3),
        Said::Measured(Quantity::LinkQuality, 120.0),
    ];
    assert_eq!(said(&plug, "zigbee2mqtt/plug", text), expected);
    // Home Assistant takes both words for occupancy.
    let radar = binding("zigbee2mqtt", "zigbee2mqtt/radar", "room:room-4", json!({}));
    assert_eq!(said(&radar, "zigbee2mqtt/radar", r#"{"presence":false}"#), [presence(false)]);
}

#[test]
fn zigbee2mqtt_tells_doors_and_buttons() {
    let door = binding("zigbee2mqtt", "zigbee2mqtt/door", "door:room-4", json!({}));
    assert_eq!(said(&door, "zigbee2mqtt/door", r#"{"contact":true}"#), [Said::Open(false)]);
    let button = binding("zigbee2mqtt", "zigbee2mqtt/button", "button:room-4", json!({}));
    assert_eq!(
        said(&button, "zigbee2mqtt/button", r#"{"action":"single"}"#),
        [Said::Pressed("single".into())]
    );
    // 1.x says the end of an action too.
    for none in [r#"{"action":""}"#, r#"{"action":null}"#] {
        assert_eq!(said(&button, "zigbee2mqtt/button", none), []);
    }
    let low = said(&button, "zigbee2mqtt/button", r#"{"battery_low":true,"tamper":false}"#);
    assert_eq!(low, [Said::Fault("its battery is low".into())]);
}

#[test]
fn zigbee2mqtt_says_both_ways_that_a_bridge_or_a_device_is_gone() {
    let pir = binding("zigbee2mqtt", "home/z2m/pir", "room:room-4", json!({ "base": "home/z2m" }));
    for gone in ["offline", r#"{"state":"offline"}"#] {
        assert_eq!(said(&pir, "home/z2m/bridge/state", gone), [Said::Online(false)], "{gone}");
        assert_eq!(said(&pir, "home/z2m/pir/availability", gone), [Said::Online(false)], "{gone}");
    }
    for there in ["online", r#"{"state":"online"}"#] {
        assert_eq!(said(&pir, "home/z2m/bridge/state", there), [], "a bridge does not vouch for its devices");
        assert_eq!(said(&pir, "home/z2m/pir/availability", there), [Said::Online(true)]);
    }
}

#[test]
fn zigbee2mqtt_replays_its_cache_when_it_starts_and_that_is_no_detection() {
    let pir = binding("zigbee2mqtt", "zigbee2mqtt/pir", "room:room-4", json!({}));
    let mut memory = Memory::default();
    let mut read_at = |topic: &str, payload: &str, at: Timestamp, retained: bool| {
        let message = Message { topic, payload: payload.as_bytes(), retained, at };
        read(&pir, &mut memory, &message).unwrap()
    };
    let after = |s: i64| now().shifted(s * 1_000);
    let occupied = r#"{"occupancy":true}"#;
    assert!(!read_at("zigbee2mqtt/pir", occupied, after(0), false).is_replay);
    assert!(read_at("zigbee2mqtt/pir", occupied, after(0), true).is_replay, "a retained one is old");
    read_at("zigbee2mqtt/bridge/state", r#"{"state":"online"}"#, after(1), false);
    assert!(read_at("zigbee2mqtt/pir", occupied, after(2), false).is_replay);
    assert!(!read_at("zigbee2mqtt/pir", occupied, after(30), false).is_replay);
    // The bridge's retained word is no start: it may have been there for weeks.
    read_at("zigbee2mqtt/bridge/state", r#"{"state":"online"}"#, after(40), true);
    assert!(!read_at("zigbee2mqtt/pir", occupied, after(41), false).is_replay);
    assert!(read_at("zigbee2mqtt/pir", PIR, after(600), false).is_replay, "last seen ten minutes ago");
}

#[test]
fn tasmota_tells_power_relay_and_will_and_its_clock_is_not_believed() {
    let plug = binding("tasmota", "plug-1", "equipment:eq-2", json!({}));
    assert_eq!(said(&plug, "tele/plug-1/LWT", "Offline"), [Said::Online(false)]);
    assert_eq!(said(&plug, "tele/plug-1/LWT", "Online"), [Said::Online(true)]);
    assert_eq!(said(&plug, "stat/plug-1/POWER", "ON"), [Said::On(true)]);
    assert_eq!(said(&plug, "stat/plug-1/RESULT", r#"{"POWER":"OFF"}"#), [Said::On(false)]);
    let state = r#"{"Time":"2019-10-31T11:14:59","Uptime":"0T18:36:12","UptimeSec":66972,"POWER":"OFF","Wifi":{"RSSI":100,"Signal":-42,"LinkCount":1}}"#;
    let state = told(&plug, "tele/plug-1/STATE", state);
    assert_eq!(state.said, [Said::On(false), Said::Measured(Quantity::LinkQuality, -42.0)]);
    assert_eq!((state.observed_at, state.counter), (None, Some(66_972)));
    let sensor = r#"{"Time":"2018-02-15T17:37:10","ENERGY":{"TotalStartTime":"2018-11-14T18:39:40","Total":6.294,"Yesterday":5.340,"Today":0.954,"Period":217,"Power":2635,"ApparentPower":2650,"ReactivePower":282,"Factor":0.99,"Voltage":227,"Current":11.661}}"#;
    let sensor = told(&plug, "tele/plug-1/SENSOR", sensor);
    let expected = [Said::Measured(Quantity::Power, 2635.0), Said::Measured(Quantity::Energy, 6.294)];
    assert_eq!((sensor.said, sensor.observed_at), (expected.to_vec(), None));
    let zoned = told(&plug, "tele/plug-1/STATE", r#"{"Time":"2019-10-31T11:14:59+01:00"}"#);
    assert_eq!(zoned.observed_at, Some(at("2019-10-31T10:14:59Z")));
}

#[test]
fn tasmota_with_three_phases_several_relays_another_topic_and_other_chips() {
    let meter = binding("tasmota", "home/%prefix%/x-ray", "equipment:eq-1", json!({ "channel": 2 }));
    let phases = r#"{"ENERGY":{"Total":12.5,"Power":[1000,500,250]}}"#;
    let expected = [Said::Measured(Quantity::Power, 1750.0), Said::Measured(Quantity::Energy, 12.5)];
    assert_eq!(said(&meter, "home/tele/x-ray/SENSOR", phases), expected);
    assert_eq!(said(&meter, "home/stat/x-ray/POWER2", "ON"), [Said::On(true)]);
    assert_eq!(said(&meter, "home/tele/x-ray/STATE", r#"{"POWER1":"ON","POWER2":"OFF"}"#), [Said::On(false)]);
    let fridge = binding("tasmota", "fridge", "environment:fridge-1", json!({}));
    let sensor = r#"{"Time":"2019-10-31T11:14:59","DS18B20":{"Id":"01","Temperature":41.0},"TempUnit":"F"}"#;
    let Said::Measured(Quantity::Temperature, celsius) = said(&fridge, "tele/fridge/SENSOR", sensor)[0]
    else {
        panic!("it is a temperature");
    };
    assert!((celsius - 5.0).abs() < 1e-9, "{celsius}");
    let radar = binding("tasmota", "radar", "room:room-4", json!({}));
    assert_eq!(said(&radar, "tele/radar/SENSOR", r#"{"LD2410S":{"People":2}}"#), [people(2)]);
}

#[test]
fn shelly_lays_deltas_over_its_status_and_forgets_what_is_null() {
    let plug = binding("shelly", "shellyplusplugs-a", "equipment:eq-2", json!({}));
    let ask = &questions(&plug, OWN)[0];
    assert_eq!(ask.topic, "shellyplusplugs-a/rpc");
    assert!(ask.payload.contains("\"src\":\"caresync/clinic/shelly/dev\""), "{}", ask.payload);
    let mut memory = Memory::default();
    let mut say = |topic: &str, payload: &str| read(&plug, &mut memory, &message(topic, payload)).unwrap();
    let status = r#"{"id":1,"src":"shellyplusplugs-a","result":{"switch:0":{"id":0,"source":"timer","output":true,"apower":12.5,"voltage":237.571,"aenergy":{"total":14093.0},"temperature":{"tC":40.1}},"wifi":{"rssi":-60},"sys":{}}}"#;
    let expected = [
        Said::On(true),
        Said::Measured(Quantity::Power, 12.5),
        Said::Measured(Quantity::Energy, 14.093),
        Said::Measured(Quantity::LinkQuality, -60.0),
    ];
    assert_eq!(say("caresync/clinic/shelly/dev/rpc", status).said, expected);
    // A delta of the power alone: the relay is still on.
    let delta = r#"{"src":"shellyplusplugs-a","dst":"x","method":"NotifyStatus","params":{"ts":1631186545.04,"switch:0":{"id":0,"apower":3.0}}}"#;
    let told = say("shellyplusplugs-a/events/rpc", delta);
    assert_eq!(told.said, [Said::On(true), Said::Measured(Quantity::Power, 3.0)]);
    assert_eq!(told.observed_at, Some(Timestamp::from_unix_ms(1_631_186_545_040)));
    let gone = r#"{"method":"NotifyStatus","params":{"ts":1.0,"switch:0":{"output":null,"apower":null}}}"#;
    let told = say("shellyplusplugs-a/events/rpc", gone);
    assert_eq!(
        (told.said, told.observed_at),
        (Vec::new(), None),
        "a key that is gone, and a clock that is not set"
    );
    let whole = r#"{"id":0,"output":false,"apower":0,"errors":["overpower"]}"#;
    let expected = [Said::On(false), Said::Measured(Quantity::Power, 0.0), Said::Fault("overpower".into())];
    assert_eq!(say("shellyplusplugs-a/status/switch:0", whole).said, expected);
    let began = say("shellyplusplugs-a/online", "true");
    assert!(began.has_begun && began.said == [Said::Online(true)]);
    assert_eq!(say("shellyplusplugs-a/events/rpc", delta).said, [Said::Measured(Quantity::Power, 3.0)]);
    assert_eq!(say("shellyplusplugs-a/online", "false").said, [Said::Online(false)]);
}

#[test]
fn shelly_tells_pushes_once_and_of_its_own_input() {
    let button = binding("shelly", "shelly-b", "button:room-4", json!({ "channel": 1 }));
    let event = |component: &str, event: &str| {
        let event = json!({ "component": component, "event": event, "ts": 1_631_266_595.4 });
        json!({ "method": "NotifyEvent", "params": { "ts": 1_631_266_595.4, "events": [event] } }).to_string()
    };
    let say = |text: String| said(&button, "shelly-b/events/rpc", &text);
    assert_eq!(say(event("input:1", "single_push")), [Said::Pressed("single_push".into())]);
    assert_eq!(say(event("input:1", "btn_down")), []);
    assert_eq!(say(event("input:0", "single_push")), []);
}

#[test]
fn frigate_counts_all_people_and_not_only_the_active_ones() {
    let camera = binding("frigate", "frigate/exam-1", "room:room-4", json!({}));
    assert!(topics(&camera, OWN).iter().all(|filter| !filter.contains(['#', '+'])), "below it lie pictures");
    assert!(!topics(&camera, OWN).iter().any(|filter| filter.ends_with("active")));
    assert_eq!(said(&camera, "frigate/exam-1/person", "2"), [people(2)]);
    assert_eq!(said(&camera, "frigate/exam-1/person", "0"), [people(0)]);
    for gone in ["offline", "stopped"] {
        assert_eq!(said(&camera, "frigate/available", gone), [Said::Online(false)]);
    }
    let began = told(&camera, "frigate/available", "online");
    assert!(began.has_begun && began.said.is_empty());
    let question = Question { topic: "frigate/onConnect".into(), payload: String::new() };
    assert_eq!(questions(&camera, OWN), [question]);
    assert_eq!(said(&camera, "frigate/exam-1/status/detect", "offline"), [Said::Online(false)]);
    let activity = json!({ "exam-1": { "motion": true, "objects": [
        { "id": "a", "label": "person", "stationary": true, "current_zones": ["bed"] },
        { "id": "b", "label": "dog", "stationary": false, "current_zones": [] } ] },
        "hall": { "objects": [{ "id": "c", "label": "person", "current_zones": ["bed"] }] } });
    let activity = activity.to_string();
    assert_eq!(said(&camera, "frigate/camera_activity", &activity), [people(1)], "who sits still is there");
    let zone = binding("frigate", "frigate/bed", "room:room-4", json!({}));
    assert_eq!(said(&zone, "frigate/camera_activity", &activity), [people(2)], "a zone is added up");
}

#[test]
fn json_and_plain_say_what_their_target_can_be_told() {
    let more = json!({ "pointer": "/s/p", "unit": "kW", "time_pointer": "/t", "counter_pointer": "/n" });
    let scope = binding("json", "a/b", "equipment:eq-1", more);
    let told = told(&scope, "a/b", r#"{"s":{"p":"1.5"},"t":"2023-09-01T22:11:52Z","n":7}"#);
    assert_eq!(told.said, [Said::Measured(Quantity::Power, 1500.0)]);
    assert_eq!((told.observed_at, told.counter), (Some(at("2023-09-01T22:11:52Z")), Some(7)));
    let plain = |target, more| binding("plain", "a/+", target, more);
    assert_eq!(said(&plain("room:r", json!({})), "a/x", "Motion"), [presence(true)]);
    assert_eq!(said(&plain("room:r", json!({})), "a/x", "3"), [people(3)]);
    assert_eq!(said(&plain("door:r", json!({})), "a/x", "closed"), [Said::Open(false)]);
    assert_eq!(said(&plain("button:r", json!({})), "a/x", "double"), [Said::Pressed("double".into())]);
    assert_eq!(said(&plain("equipment:e", json!({ "on": ["run"] })), "a/x", "RUN"), [Said::On(true)]);
    let cold = [Said::Measured(Quantity::Temperature, 4.5)];
    assert_eq!(said(&plain("environment:f", json!({})), "a/x", " 4.5\n"), cold);
    let alive = plain("room:r", json!({ "availability_topic": "a-status" }));
    assert_eq!(said(&alive, "a-status", "offline"), [Said::Online(false)]);
}

#[test]
fn what_cannot_be_is_misread_and_never_said() {
    let fridge = binding("plain", "t", "environment:f", json!({}));
    for wrong in ["NaN", "inf", "1e300", "cold", "", "-300", "{}"] {
        assert!(read(&fridge, &mut Memory::default(), &message("t", wrong)).is_err(), "{wrong}");
    }
    let room = binding("plain", "t", "room:r", json!({}));
    for wrong in ["maybe", "-1", "1.5", "1e9"] {
        assert!(read(&room, &mut Memory::default(), &message("t", wrong)).is_err(), "{wrong}");
    }
    let pir = binding("zigbee2mqtt", "z/pir", "room:r", json!({}));
    for wrong in ["{", "[]", "\"on\"", "nonsense"] {
        assert!(read(&pir, &mut Memory::default(), &message("z/pir", wrong)).is_err(), "{wrong}");
    }
    let odd = r#"{"occupancy":{"a":1},"battery":"full","temperature":1e400}"#;
    let read = read(&pir, &mut Memory::default(), &message("z/pir", odd));
    assert!(read.is_err() || read.unwrap().said.is_empty());
}

#[test]
fn a_stranger_is_guessed_by_its_topic() {
    let guessed = |topic| guess(topic, b"{}").map(|(dialect, device)| (dialect.as_str(), device));
    assert_eq!(guessed("tele/plug-1/LWT"), Some(("tasmota", "plug-1")));
    assert_eq!(
        guessed("zigbee2mqtt/ward 2/pir/availability"),
        Some(("zigbee2mqtt", "zigbee2mqtt/ward 2/pir"))
    );
    assert_eq!(guessed("shellyplus1-a/events/rpc"), Some(("shelly", "shellyplus1-a")));
    assert_eq!(guessed("frigate/exam-1/person"), Some(("frigate", "frigate/exam-1")));
    assert_eq!(guessed("some/where"), Some(("json", "some/where")));
    assert_eq!(guessed("$SYS/broker"), None);
}

fn json_value() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "occupancy",
        "contact",
        "action",
        "state",
        "power",
        "last_seen",
        "ENERGY",
        "Power",
        "POWER",
        "UptimeSec",
        "params",
        "result",
        "method",
        "switch:0",
        "output",
        "apower",
        "aenergy",
        "total",
        "errors",
        "events",
        "ts",
        "objects",
        "label",
        "current_zones",
        "exam-1",
        "p",
        "People",
        "Temperature",
        "Time",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "ON",
            "person",
            "NotifyStatus",
            "NotifyEvent",
            "input:0",
            "2023-09-01T22:11:52Z"
        ])
        .prop_map(Value::from),
        ".{0,100}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|them| Value::Object(them.into_iter().collect())),
        ]
    })
}

fn every_binding() -> Vec<Binding> {
    let targets = ["equipment:e", "room:r", "door:r", "button:r", "environment:f"];
    let dialects = ["json", "plain", "zigbee2mqtt", "tasmota", "shelly", "frigate"];
    let pairs = dialects.into_iter().flat_map(|dialect| targets.map(|target| (dialect, target)));
    pairs.map(|(dialect, target)| binding(dialect, "frigate/exam-1", target, json!({}))).collect()
}

proptest! {
    #[test]
    fn no_payload_breaks_any_dialect(
        payloads in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                json_value().prop_map(|value| value.to_string().into_bytes()),
            ],
            1..4,
        ),
        retained in any::<bool>(),
    ) {
        for binding in every_binding() {
            let mut memory = Memory::default();
            for filter in topics(&binding, OWN) {
                let topic = filter.replace('+', "switch:0");
                for payload in &payloads {
                    let message = Message { topic: &topic, payload, retained, at: now() };
                    let Ok(told) = read(&binding, &mut memory, &message) else { continue };
                    for said in told.said {
                        if let Said::Measured(_, value) = said {
                            prop_assert!(value.is_finite());
                        }
                    }
                    let _guessed = guess(&topic, payload);
                }
            }
        }
    }
}
