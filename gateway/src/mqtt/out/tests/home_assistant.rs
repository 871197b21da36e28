//! Home Assistant's rules for discovery, as its MQTT integration checks them (2025.4: `mqtt/schemas.py`, `binary_sensor.py`,
//! `sensor.py`). `scripts/check-discovery` asks Home Assistant itself about the same documents.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::*;
use crate::domain::tests::Clinic;
use crate::mqtt::out::topics::Topic;
use crate::mqtt::out::{OCCUPANCY_EXPIRES_AFTER, OCCUPANCY_REPEATED_EVERY};

/// Keys that a component may have, beside those that all share.
const BINARY_SENSOR: &[&str] = &["device_class", "expire_after", "off_delay", "payload_on", "payload_off"];
const SENSOR: &[&str] = &["device_class", "expire_after", "options", "state_class", "unit_of_measurement"];
const COMPONENT: &[&str] = &[
    "platform",
    "unique_id",
    "name",
    "state_topic",
    "value_template",
    "json_attributes_topic",
    "availability",
    "availability_mode",
    "entity_category",
];
const DEVICE: &[&str] =
    &["identifiers", "name", "manufacturer", "model", "sw_version", "suggested_area", "via_device"];
const ROOT: &[&str] = &["device", "origin", "components", "availability", "availability_mode", "qos"];
const BINARY_SENSOR_CLASSES: &[&str] = &["connectivity", "occupancy", "problem", "running"];

/// Checks every discovery on `shelf`, and that what it leads to is there.
pub(super) fn check(shelf: &Shelf) {
    let mut unique = BTreeSet::new();
    for (topic, payload) in shelf.entries().filter(|(topic, _)| topic.starts_with("homeassistant/")) {
        let document: Map<String, Value> = serde_json::from_str(payload).unwrap();
        let object = topic.strip_prefix("homeassistant/device/").unwrap().strip_suffix("/config").unwrap();
        assert!(is_plain(object), "{topic}");
        only(ROOT, &document, topic);
        let device = document["device"].as_object().unwrap();
        only(DEVICE, device, topic);
        assert_eq!(device["identifiers"], serde_json::json!([object]), "{topic}");
        assert!(
            device.values().skip(1).all(|value| value.is_string() || value.is_array()),
            "{topic}: {device:?}"
        );
        assert!(document["origin"]["name"].is_string(), "{topic}");
        let is_gateway = !device.contains_key("via_device");
        assert_eq!(document.get("availability").is_none(), is_gateway, "{topic}");
        availability(&document, shelf, topic);
        assert!(document["qos"] == 1, "{topic}");
        let components = document["components"].as_object().unwrap();
        assert!(!components.is_empty(), "{topic}");
        for (key, component) in components {
            let component = component.as_object().unwrap();
            let place = format!("{topic} {key}");
            check_component(component, shelf, &place);
            assert!(unique.insert(component["unique_id"].to_string()), "{place} has another's unique_id");
        }
    }
    assert!(!unique.is_empty(), "nothing is discovered");
}

fn check_component(component: &Map<String, Value>, shelf: &Shelf, place: &str) {
    let unique_id = component["unique_id"].as_str().unwrap();
    assert!(is_plain(unique_id), "{place}: {unique_id}");
    availability(component, shelf, place);
    let state_topic = component["state_topic"].as_str().unwrap();
    leads_somewhere(state_topic, shelf, place);
    let of_platform = match component["platform"].as_str().unwrap() {
        "binary_sensor" => {
            let class = component["device_class"].as_str().unwrap();
            assert!(BINARY_SENSOR_CLASSES.contains(&class), "{place}: {class}");
            BINARY_SENSOR
        }
        "sensor" => {
            check_sensor(component, shelf, place);
            SENSOR
        }
        other => panic!("{place}: {other} is no platform of ours"),
    };
    only(&[COMPONENT, of_platform].concat(), component, place);
    if state_topic.ends_with("/occupancy") {
        assert_eq!(component["expire_after"], OCCUPANCY_EXPIRES_AFTER.as_secs(), "{place}");
    }
}

fn check_sensor(component: &Map<String, Value>, shelf: &Shelf, place: &str) {
    let Some(options) = component.get("options") else { return };
    assert_eq!(component["device_class"], "enum", "{place}");
    assert!(
        !component.contains_key("state_class") && !component.contains_key("unit_of_measurement"),
        "{place}"
    );
    let status = shelf.json(component["state_topic"].as_str().unwrap())["status"].take();
    let is_unknown = status == "unknown" && component["value_template"].as_str().unwrap().contains("None if");
    assert!(is_unknown || options.as_array().unwrap().contains(&status), "{place}: {status} is no option");
}

/// A list of topics, each of which is published, and the mode that demands all of them.
fn availability(of: &Map<String, Value>, shelf: &Shelf, place: &str) {
    assert!(!of.contains_key("availability_topic"), "{place}");
    let Some(list) = of.get("availability") else {
        return assert!(!of.contains_key("availability_mode"), "{place}");
    };
    assert_eq!(of["availability_mode"], "all", "{place}");
    for one in list.as_array().unwrap() {
        leads_somewhere(one["topic"].as_str().unwrap(), shelf, place);
        assert_eq!(
            one.as_object().unwrap().len(),
            1,
            "{place}: online and offline are Home Assistant's own words"
        );
    }
}

fn leads_somewhere(topic: &str, shelf: &Shelf, place: &str) {
    let is_published = topic == topics().status() || shelf.text(topic).is_some();
    assert!(is_published, "{place}: nobody publishes {topic}");
}

fn only(allowed: &[&str], given: &Map<String, Value>, place: &str) {
    for (key, value) in given {
        assert!(allowed.contains(&key.as_str()), "{place}: {key}");
        assert!(!value.is_null(), "{place}: {key} is null");
    }
}

fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Rooms and equipment, with ids that have to be mapped too.
fn clinic() -> Clinic {
    Clinic::new().room("exam.1").room("exam:1").room("exam-2").equipment("eq-1").equipment("eq:1").open()
}

#[test]
fn the_rules_are_kept_also_where_ids_are_mapped() {
    let shelf = Shelf::of(&clinic().state);
    check(&shelf);
    let documents = shelf.entries().filter(|(topic, _)| topic.starts_with("homeassistant/device/")).count();
    assert_eq!(documents, 1 + 3 + 2);
}

#[test]
fn what_home_assistant_calls_unavailable_is_repeated_well_before() {
    assert!(OCCUPANCY_REPEATED_EVERY * 3 <= OCCUPANCY_EXPIRES_AFTER);
}

/// `UPDATE=1 cargo test -p caresync-gateway --lib mqtt::out` renews the snapshot.
#[test]
fn the_snapshot_of_the_documents_is_what_is_published() {
    let shelf = Shelf::of(&clinic().state);
    let every: Map<String, Value> = shelf
        .entries()
        .filter(|(topic, _)| topic.starts_with("homeassistant/device/"))
        .map(|(topic, _)| (topic.to_owned(), shelf.json(topic)))
        .collect();
    let text =
        serde_json::to_string_pretty(&every).unwrap().replace(env!("CARGO_PKG_VERSION"), "0.0.0") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/mqtt-discovery.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "docs/mqtt-discovery.json is stale; renew it with UPDATE=1 and look at what changed"
    );
}

#[test]
fn a_gateway_without_discovery_publishes_none() {
    let clinic = clinic();
    let quiet = Topics::new("caresync/clinic-1", "clinic-1", None);
    let (mut shelf, mut retained) = (Shelf::default(), Retained::new(quiet, "The clinic".into()));
    retained.anew(&clinic.state);
    shelf.take_some(&mut retained, &clinic.state, usize::MAX);
    assert!(shelf.entries().count() > 5);
    assert!(shelf.entries().all(|(topic, _)| topic.starts_with("caresync/")));
    assert_eq!(Topics::new("a", "b", None).name(&Topic::GatewayDiscovery), None);
}
