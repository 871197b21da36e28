//! The clinic's own broker, a real Mosquitto: what devices say there is heard, in every dialect and through restarts.

use std::time::{Duration, Instant};

use harness::{Gateway, Mosquitto, SOON, Setup, publish, publish_lines};
use serde_json::Value;

/// A device of each dialect.
const BINDINGS: &str = r#"
[[mqtt.bindings]]
id = "pir"
dialect = "zigbee2mqtt"
topic = "zigbee2mqtt/ward 2/pir"
target = "room:room-4"
[[mqtt.bindings]]
id = "plug"
dialect = "tasmota"
topic = "plug-1"
target = "equipment:eq-2"
[[mqtt.bindings]]
id = "relay"
dialect = "shelly"
topic = "shellyplus1-a"
target = "equipment:eq-1"
[[mqtt.bindings]]
id = "camera"
dialect = "frigate"
topic = "frigate/exam-1"
target = "room:room-1"
[[mqtt.bindings]]
id = "fridge"
dialect = "json"
topic = "fridge/state"
target = "environment:fridge-1"
pointer = "/t"
counter_pointer = "/n"
[[mqtt.bindings]]
id = "door"
dialect = "plain"
topic = "door/+"
target = "door:room-4"
"#;

fn bridged(broker: &Mosquitto, protocol: &str) -> Setup {
    let mqtt = format!(
        "[mqtt]\nmode = \"external\"\nurl = \"mqtt://127.0.0.1:{}\"\nprotocol = \"{protocol}\"\n{BINDINGS}",
        broker.port()
    );
    Setup::without_cameras(&mqtt)
}

/// What the gateway heard of `id`.
fn device(gateway: &Gateway, id: &str) -> Value {
    let answer = gateway.admin().get("/api/mqtt/devices");
    assert_eq!(answer.status, 200, "{answer:?}");
    let devices = answer.body["devices"].as_array().expect("a list").clone();
    devices.into_iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("{id} is bound"))
}

fn count(gateway: &Gateway, dialect: &str, outcome: &str) -> f64 {
    let labels = [("dialect", dialect), ("outcome", outcome)];
    gateway.metrics().value("caresync_mqtt_messages_total", &labels).unwrap_or(0.0)
}

fn until(what: &str, deadline: Duration, holds: impl Fn() -> bool) {
    let until = Instant::now() + deadline;
    while !holds() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn reached(gateway: &Gateway, times: f64) {
    until("the broker is reached", SOON * 3, || {
        let metrics = gateway.metrics();
        metrics.value("caresync_mqtt_connects_total", &[]) >= Some(times)
            && metrics.value("caresync_mqtt_connected", &[]) == Some(1.0)
    });
}

#[test]
fn each_dialect_is_heard_and_what_is_wrong_is_counted() {
    for protocol in ["3.1.1", "5"] {
        let broker = Mosquitto::start();
        let setup = bridged(&broker, protocol);
        let gateway = setup.start();
        reached(&gateway, 1.0);
        let say = |topic: &str, payload: &str| {
            assert!(publish(broker.port(), topic, payload.as_bytes(), &["-q", "1"]))
        };
        say("zigbee2mqtt/ward 2/pir", r#"{"occupancy":true,"battery":100,"voltage":3035}"#);
        say("tele/plug-1/SENSOR", r#"{"Time":"2018-02-15T17:37:10","ENERGY":{"Total":6.294,"Power":2635}}"#);
        say(
            "shellyplus1-a/events/rpc",
            r#"{"method":"NotifyStatus","params":{"ts":1631186545.04,"switch:0":{"id":0,"output":true}}}"#,
        );
        say("frigate/exam-1/person", "2");
        say("fridge/state", r#"{"t":4.5,"n":1}"#);
        say("door/front", "open");
        for (id, dialect) in [
            ("pir", "zigbee2mqtt"),
            ("plug", "tasmota"),
            ("relay", "shelly"),
            ("camera", "frigate"),
            ("fridge", "json"),
            ("door", "plain"),
        ] {
            until(dialect, SOON, || count(&gateway, dialect, "taken") >= 1.0);
            assert_eq!(
                (device(&gateway, id)["messages"].as_u64(), device(&gateway, id)["misread"].as_u64()),
                (Some(1), Some(0))
            );
        }
        say("fridge/state", "{");
        say("fridge/state", r#"{"t":[]}"#);
        let large = vec![b'x'; 1024 * 1024];
        assert!(publish(broker.port(), "fridge/state", &large, &["-q", "1"]));
        say("fridge/state", r#"{"t":5.0,"n":2}"#);
        until("the one after them", SOON, || count(&gateway, "json", "taken") == 2.0);
        assert_eq!((count(&gateway, "json", "misread"), count(&gateway, "json", "too_large")), (2.0, 1.0));
        let fridge = device(&gateway, "fridge");
        assert_eq!(
            (fridge["misread"].as_u64(), fridge["last"]["payload"].as_str()),
            (Some(2), Some(r#"{"t":5.0,"n":2}"#))
        );
        let visitor = gateway.http().as_visitor().get("/api/mqtt/devices");
        assert!(matches!(visitor.status, 401 | 403), "{visitor:?}");
        assert_eq!(gateway.http().get("/api/mqtt/devices").status, 403, "a doctor mends no devices");
    }
}

#[test]
fn a_burst_of_ten_thousand_is_taken_whole() {
    let broker = Mosquitto::start();
    let setup = bridged(&broker, "3.1.1");
    let gateway = setup.start();
    reached(&gateway, 1.0);
    let lines: String = (0..10_000).map(|n| format!("{{\"t\":4.5,\"n\":{n}}}\n")).collect();
    assert!(publish_lines(broker.port(), "fridge/state", &lines));
    until("every one of them", SOON * 6, || count(&gateway, "json", "taken") >= 10_000.0);
    assert_eq!(count(&gateway, "json", "taken"), 10_000.0, "and none twice");
    assert_eq!(gateway.metrics().value("caresync_mqtt_in_flight", &[]), Some(0.0));
}

#[test]
fn a_broker_that_restarts_costs_no_message_that_it_took() {
    let mut broker = Mosquitto::start();
    let setup = bridged(&broker, "3.1.1");
    let gateway = setup.start();
    reached(&gateway, 1.0);
    let mut sent = 0;
    for round in 0..3 {
        for _ in 0..20 {
            sent += 1;
            let text = format!("{{\"t\":4.5,\"n\":{sent}}}");
            assert!(publish(broker.port(), "fridge/state", text.as_bytes(), &["-q", "1"]));
        }
        broker.stop();
        broker.again();
        reached(&gateway, f64::from(round + 2));
    }
    // One that was on its way when the broker stopped may come twice; none is lost.
    until("all that it took", SOON * 2, || count(&gateway, "json", "taken") >= f64::from(sent));
    assert_eq!(gateway.http().get("/api/health").body["components"]["mqtt"]["status"], "ok");
}

#[test]
fn what_comes_while_the_gateway_is_away_is_heard_when_it_is_back() {
    let broker = Mosquitto::start();
    let setup = bridged(&broker, "3.1.1");
    let gateway = setup.start();
    reached(&gateway, 1.0);
    gateway.kill();
    for n in 0..5 {
        assert!(publish(broker.port(), "fridge/state", format!("{{\"t\":{n}}}").as_bytes(), &["-q", "1"]));
    }
    let gateway = setup.start();
    until("all five", SOON, || count(&gateway, "json", "taken") >= 5.0);
    assert!(gateway.stop().success());
}
