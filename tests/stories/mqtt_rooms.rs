//! What devices say, from the wire to the screens: rooms and equipment without a camera, through the embedded broker and
//! through a Mosquitto in both versions of MQTT.

use std::time::{Duration, Instant};

use harness::{Client, Gateway, Mosquitto, SOON, Setup, publish};
use serde_json::{Value, json};

const EMBEDDED: &str = "mode = \"embedded\"";

const DEVICES: &str = r#"
[[mqtt.bindings]]
id = "pir-4"
dialect = "zigbee2mqtt"
topic = "zigbee2mqtt/ward/pir 4"
target = "room:room-4"
[[mqtt.bindings]]
id = "door-4"
dialect = "zigbee2mqtt"
topic = "zigbee2mqtt/door-4"
target = "door:room-4"
[[mqtt.bindings]]
id = "button-4"
dialect = "plain"
topic = "buttons/4"
target = "button:room-4"
[[mqtt.bindings]]
id = "plug-2"
dialect = "tasmota"
topic = "plug-2"
target = "equipment:eq-2"
in_use_above = 15.0
debounce_s = 0
[[mqtt.bindings]]
id = "plug-3"
dialect = "shelly"
topic = "shellyplug-3"
target = "equipment:eq-3"
in_use_above = 15.0
debounce_s = 0
[[mqtt.bindings]]
id = "count-5"
dialect = "frigate"
topic = "frigate/room5"
target = "room:room-5"
[[mqtt.bindings]]
id = "air-6"
dialect = "json"
topic = "sensors/air-6"
pointer = "/t"
quantity = "temperature"
target = "environment:air-6"
"#;

fn setup(mqtt: &str) -> Setup {
    Setup::without_cameras(&format!("[mqtt]\n{mqtt}\n{DEVICES}"))
}

struct Ward {
    gateway: Gateway,
    port: u16,
    watcher: Client,
    /// Lives as long as the ward.
    _broker: Option<Mosquitto>,
}

impl Ward {
    /// Runs `story` in a ward for each way that there is for devices to reach the gateway.
    fn each(story: impl Fn(Ward)) {
        let setup = setup(EMBEDDED);
        story(Self::open(setup.start(), setup.mqtt_port(), None));
        for protocol in ["3.1.1", "5"] {
            let broker = Mosquitto::start();
            let port = broker.port();
            let setup = self::setup(&format!(
                "mode = \"external\"\nurl = \"mqtt://127.0.0.1:{port}\"\nprotocol = \"{protocol}\""
            ));
            let gateway = setup.start();
            // What nobody has subscribed to, the broker takes and forgets. This one tells nothing of the air.
            let misread = || {
                let labels = [("dialect", "json"), ("outcome", "misread")];
                gateway.metrics().value("caresync_mqtt_messages_total", &labels)
            };
            let until = Instant::now() + SOON;
            while misread() < Some(1.0) {
                assert!(Instant::now() < until, "the gateway hears nothing by MQTT {protocol}");
                assert!(publish(port, "sensors/air-6", b"?", &["-q", "1"]));
                std::thread::sleep(Duration::from_millis(50));
            }
            story(Self::open(gateway, port, Some(broker)));
        }
    }

    fn open(gateway: Gateway, port: u16, broker: Option<Mosquitto>) -> Self {
        let mut watcher = gateway.connect();
        watcher.subscribe("all");
        Self { gateway, port, watcher, _broker: broker }
    }

    /// Says `payload` under `topic`, as a device would.
    fn says(&self, topic: &str, payload: &str) {
        assert!(publish(self.port, topic, payload.as_bytes(), &["-q", "1"]), "{topic} {payload}");
    }

    /// The next event of this kind about this thing.
    fn event(&mut self, kind: &str, id: &str) -> Value {
        self.watcher.wait_within(SOON, |it| it["type"] == kind && it["data"]["id"] == id)["data"].take()
    }

    fn room(&mut self, id: &str) -> (Value, String) {
        let room = self.event("room:updated", id);
        (room["occupancy"]["state"].clone(), room["occupancy"]["why"].as_str().unwrap_or_default().to_owned())
    }
}

#[test]
fn a_room_without_a_camera_is_told_by_its_devices() {
    Ward::each(tell_a_room);
}

fn tell_a_room(mut ward: Ward) {
    assert_eq!(ward.gateway.http().room("room-4")["status"], "available", "nobody has sensed it yet");
    ward.says(
        "zigbee2mqtt/ward/pir 4",
        r#"{"occupancy":true,"battery":88,"linkquality":102,"illuminance":28}"#,
    );
    assert_eq!(ward.room("room-4"), (json!("occupied"), "sensor pir-4 detects somebody".into()));
    ward.says("zigbee2mqtt/door-4", r#"{"contact":true}"#);
    ward.says("zigbee2mqtt/ward/pir 4", r#"{"occupancy":false}"#);
    let (state, why) = ward.room("room-4");
    assert_eq!(state, "empty", "the door closed after what was seen: {why}");
    let device = ward.gateway.http().get("/api/devices/pir-4").body["device"].take();
    assert_eq!((&device["battery"], &device["link_quality"]), (&json!(88.0), &json!(102.0)), "{device}");
    assert_eq!((&device["health"], &device["target"]), (&json!("live"), &json!("room:room-4")), "{device}");
    ward.gateway.http().put("/api/rooms/room-4/status", &json!({ "status": "needs_cleaning" }));
    assert_eq!(ward.event("room:updated", "room-4")["status"], "needs_cleaning");
    ward.says("buttons/4", "single");
    assert_eq!(
        ward.event("room:updated", "room-4")["status"],
        "available",
        "the button says that it is clean"
    );
    ward.says("frigate/room5/person", "2");
    let (state, why) = ward.room("room-5");
    assert_eq!((state, why.contains("count-5 counts 2")), (json!("occupied"), true), "{why}");
    ward.says("frigate/room5/person", "0");
    assert_eq!(ward.room("room-5").0, "empty");
}

#[test]
fn equipment_is_told_by_its_plugs() {
    Ward::each(tell_equipment);
}

fn tell_equipment(mut ward: Ward) {
    let sensor =
        r#"{"Time":"2026-02-06T17:37:10","ENERGY":{"Total":6.294,"Power":263,"Voltage":227,"Current":1.2}}"#;
    ward.says("tele/plug-2/SENSOR", sensor);
    assert_eq!(ward.event("equipment:updated", "eq-2")["status"], "in_use");
    let power = || ward.gateway.http().get("/api/readings?of=equipment:eq-2").body.to_string();
    assert!(power().contains("\"value\":263.0"), "{}", power());
    ward.says("tele/plug-2/SENSOR", &sensor.replace("263", "2"));
    assert_eq!(ward.event("equipment:updated", "eq-2")["status"], "operational");
    ward.says("tele/plug-2/LWT", "Offline");
    assert_eq!(ward.event("equipment:updated", "eq-2")["status"], "offline");
    ward.says("tele/plug-2/LWT", "Online");
    ward.says("tele/plug-2/SENSOR", &sensor.replace("263", "2"));
    assert_eq!(ward.event("equipment:updated", "eq-2")["status"], "operational", "back with its next word");
    ward.says(
        "shellyplug-3/status/switch:0",
        r#"{"id":0,"output":true,"apower":120.5,"aenergy":{"total":14.0}}"#,
    );
    assert_eq!(ward.event("equipment:updated", "eq-3")["status"], "in_use");
    // Without a time it is of now; the recorded ones are years old, and tell what was.
    let params = json!({ "switch:0": { "id": 0, "apower": 0.0 } });
    let delta = json!({ "src": "shellyplug-3", "method": "NotifyStatus", "params": params }).to_string();
    ward.says("shellyplug-3/events/rpc", &delta);
    assert_eq!(ward.event("equipment:updated", "eq-3")["status"], "operational");
    ward.says("sensors/air-6", r#"{"t":21.5}"#);
    let air = || ward.gateway.http().get("/api/readings?of=environment:air-6").body.to_string();
    let until = Instant::now() + SOON;
    while !air().contains("\"value\":21.5") {
        assert!(Instant::now() < until, "{}", air());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill_and_is_not_believed_for_ever() {
    let setup = setup(EMBEDDED);
    let rounds = if harness::prove() { 20 } else { 4 };
    for round in 0..rounds {
        let gateway = setup.start();
        let occupied = round % 2 == 0;
        let said = format!(r#"{{"occupancy":{occupied}}}"#);
        assert!(publish(setup.mqtt_port(), "zigbee2mqtt/ward/pir 4", said.as_bytes(), &["-q", "1"]));
        let watts = 100 + round;
        let said = format!(r#"{{"ENERGY":{{"Power":{watts}}}}}"#);
        assert!(publish(setup.mqtt_port(), "tele/plug-2/SENSOR", said.as_bytes(), &["-q", "1"]));
        gateway.kill();
        let gateway = setup.start();
        let room = gateway.http().room("room-4");
        assert_eq!(
            room["occupancy"]["state"], "unknown",
            "what a sensor knew before the start is not known: {room}"
        );
        assert_eq!(
            gateway.http().get("/api/equipment/eq-2").body["equipment"]["status"],
            "in_use",
            "{round}"
        );
        let kept = gateway.http().get("/api/readings/equipment:eq-2:power").body.to_string();
        assert!(kept.contains(&format!("\"max\":{watts}.0")), "{round}: {kept}");
        gateway.kill();
    }
}

#[test]
fn a_taken_port_costs_the_devices_and_nothing_else() {
    let setup = setup(EMBEDDED);
    let taken = std::net::TcpListener::bind(("127.0.0.1", setup.mqtt_port())).expect("the port is free");
    let gateway = setup.start();
    let health = gateway.http().get("/api/health").body["components"]["mqtt"].take();
    assert!(health.to_string().contains("is another broker running?"), "{health}");
    assert_eq!(gateway.http().get("/api/rooms").status, 200);
    drop(taken);
    let is_reached = |_: &u32| {
        std::thread::sleep(std::time::Duration::from_millis(200));
        publish(setup.mqtt_port(), "zigbee2mqtt/door-4", br#"{"contact":true}"#, &["-q", "1"])
    };
    assert!((0..100).find(is_reached).is_some(), "the port is tried again");
}
