//! The clinic's state for other systems, and their commands: retained messages, discovery, `…/set`.

use std::time::Instant;

use harness::{Gateway, Mosquitto, SOON, Setup, publish, retained};
use serde_json::{Value, json};

const AS_NURSE: [&str; 6] = ["-q", "1", "-u", "nurse", "-P", "nurse-password"];
const AS_PLUG: [&str; 6] = ["-q", "1", "-u", "plug", "-P", "plug-password"];

/// The payload under the one topic that ends so, once it is as `wanted`.
fn told(port: u16, end: &str, more: &[&str], wanted: impl Fn(&str) -> bool) -> (String, String) {
    let until = Instant::now() + SOON;
    loop {
        let all = retained(port, &format!("caresync/+/{end}"), more);
        if let Some(found) = all.iter().find(|(_, payload)| wanted(payload)) {
            return found.clone();
        }
        assert!(Instant::now() < until, "{end}: {all:?}");
    }
}

fn occupy(gateway: &Gateway) {
    let body = json!({ "status": "occupied", "current_patient_id": "canary-patient", "current_doctor_id": "doc-002" });
    assert_eq!(gateway.http().put("/api/rooms/room-4/status", &body).status, 200);
}

#[test]
fn the_embedded_broker_keeps_the_clinics_state_and_takes_commands_of_staff() {
    let more = "[mqtt]\nmode = \"embedded\"\n[[mqtt.users]]\nusername = \"nurse\"\ndemo_password = \"nurse-password\"\n\
                acts_as = \"demo-doctor\"\n[[mqtt.users]]\nusername = \"plug\"\ndemo_password = \"plug-password\"\n";
    let setup = Setup::without_cameras(more);
    let gateway = setup.start();
    let port = setup.mqtt_port();
    told(port, "room/room-4/occupancy", &AS_PLUG, |payload| payload == "None");
    occupy(&gateway);
    let (topic, _) = told(port, "room/room-4/occupancy", &AS_PLUG, |payload| payload == "ON");
    let (_, state) = told(port, "room/room-4/state", &AS_PLUG, |payload| payload.contains("occupied"));
    let state: Value = serde_json::from_str(&state).expect("it is JSON");
    assert_eq!(state["status"], "occupied", "{state}");
    assert!(!state.to_string().contains("canary") && !state.to_string().contains("doc-002"), "{state}");
    let found = retained(port, "homeassistant/device/+/config", &AS_PLUG);
    assert!(found.len() > 10, "rooms, equipment and the gateway: {}", found.len());
    for (topic, payload) in &found {
        let document: Value =
            serde_json::from_str(payload).unwrap_or_else(|error| panic!("{topic}: {error}"));
        assert!(document["dev"].is_object() || document["device"].is_object(), "{topic}: {document}");
    }
    let set = topic.replace("occupancy", "set");
    assert!(publish(port, &set, b"needs_cleaning", &AS_NURSE));
    assert_eq!(
        gateway.http().room("room-4")["status"],
        "needs_cleaning",
        "it was answered when it was durable"
    );
    let trail = gateway.admin().get("/api/audit").body.to_string();
    assert!(trail.contains("set_room_status"), "{trail}");
    // Who acts as nobody, and what is kept from before, sets nothing.
    publish(port, &set, b"clean", &AS_PLUG);
    publish(port, &set, b"clean", &[&AS_NURSE[..], &["-r"]].concat());
    publish(port, &set, b"spotless", &AS_NURSE);
    assert_eq!(gateway.http().room("room-4")["status"], "needs_cleaning");
    assert!(publish(port, &set, br#"{"status":"clean"}"#, &AS_NURSE));
    assert_eq!(gateway.http().room("room-4")["status"], "available");
}

#[test]
fn the_clinics_broker_is_told_that_the_gateway_went_and_everything_when_it_is_back() {
    let broker = Mosquitto::start();
    let more = format!(
        "[mqtt]\nmode = \"external\"\nurl = \"mqtt://127.0.0.1:{}\"\ncommands_as = \"demo-doctor\"\n",
        broker.port()
    );
    let setup = Setup::without_cameras(&more);
    let gateway = setup.start();
    let port = broker.port();
    let (status, _) = told(port, "status", &[], |payload| payload == "online");
    occupy(&gateway);
    told(port, "room/room-4/occupancy", &[], |payload| payload == "ON");
    gateway.kill();
    told(port, "status", &[], |payload| payload == "offline");
    let gone = status.replace("status", "room/room-gone/occupancy");
    assert!(publish(port, &gone, b"ON", &["-r"]));
    let gateway = setup.start();
    told(port, "status", &[], |payload| payload == "online");
    told(port, "room/room-4/state", &[], |payload| payload.contains("occupied"));
    let until = Instant::now() + SOON;
    while !retained(port, &gone, &[]).is_empty() {
        assert!(Instant::now() < until, "what is gone is forgotten");
    }
    let set = status.replace("status", "room/room-4/set");
    assert!(publish(port, &set, b"clean", &["-q", "1"]));
    let until = Instant::now() + SOON;
    while gateway.http().room("room-4")["status"] != "available" {
        assert!(Instant::now() < until, "the command is obeyed");
    }
    told(port, "room/room-4/occupancy", &[], |payload| payload == "OFF");
    assert!(gateway.stop().success());
    told(port, "status", &[], |payload| payload == "offline");
}

#[test]
fn the_gateway_does_not_go_on_hearing_its_own_words() {
    let broker = Mosquitto::start_with("sys_interval 1");
    let url = format!("url = \"mqtt://127.0.0.1:{}\"", broker.port());
    let setup = Setup::without_cameras(&format!("[mqtt]\nmode = \"external\"\n{url}\n"));
    let _gateway = setup.start();
    let (until, mut most) = (Instant::now() + SOON, 0);
    loop {
        let told = retained(broker.port(), "$SYS/broker/subscriptions/count", &["-C", "1"]);
        let count: u32 = told.first().map_or(0, |(_, count)| count.parse().expect("a number"));
        most = most.max(count);
        // It looks for rooms, equipment, alarms and discovery by a filter each. Who asks here is a subscriber too, now
        // and then.
        if most >= count + 3 {
            return;
        }
        assert!(Instant::now() < until, "{count} subscriptions, of {most} at most");
    }
}
