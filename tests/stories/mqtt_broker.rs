//! The gateway as the broker: devices connect to it, and are answered when what they say is durable.

use std::time::{Duration, Instant};

use harness::{Gateway, SOON, Setup, Speaker, publish, publish_lines};

const MQTT: &str = r#"
[mqtt]
mode = "embedded"
[[mqtt.users]]
username = "z2m"
demo_password = "z2m-password"
publish = ["zigbee2mqtt/#"]
[[mqtt.bindings]]
id = "pir"
dialect = "zigbee2mqtt"
topic = "zigbee2mqtt/pir"
target = "room:room-4"
"#;

const AS_Z2M: [&str; 6] = ["-q", "1", "-u", "z2m", "-P", "z2m-password"];

fn taken(gateway: &Gateway) -> f64 {
    let labels = [("dialect", "zigbee2mqtt"), ("outcome", "taken")];
    gateway.metrics().value("caresync_mqtt_messages_total", &labels).unwrap_or(0.0)
}

#[test]
fn a_message_that_was_answered_has_been_taken() {
    let setup = Setup::without_cameras(MQTT);
    let gateway = setup.start();
    let port = setup.mqtt_port();
    assert!(publish(port, "zigbee2mqtt/pir", br#"{"occupancy":true}"#, &AS_Z2M));
    assert_eq!(taken(&gateway), 1.0, "no waiting: the answer came after");
    assert!(!publish(port, "zigbee2mqtt/pir", b"{}", &["-q", "1", "-u", "z2m", "-P", "wrong"]));
    assert!(!publish(port, "zigbee2mqtt/pir", b"{}", &["-q", "1"]), "nobody without a name");
    assert_eq!(taken(&gateway), 1.0);
    let large = vec![b'x'; 1024 * 1024];
    assert!(publish(port, "zigbee2mqtt/pir", &large, &AS_Z2M), "its sender is not troubled");
    assert!(publish(port, "zigbee2mqtt/pir", br#"{"occupancy":false}"#, &AS_Z2M));
    assert_eq!(taken(&gateway), 2.0);
    assert_eq!(gateway.http().get("/api/health").body["components"]["mqtt"]["status"], "ok");
}

#[test]
fn a_will_is_heard_when_its_client_goes_without_a_word() {
    let more = MQTT.replace("publish = [\"zigbee2mqtt/#\"]\n", "");
    let setup = Setup::without_cameras(&more);
    let gateway = setup.start();
    let mut client = Speaker::new(setup.mqtt_port(), "zigbee2mqtt", "x")
        .login("z2m", "z2m-password")
        .will("zigbee2mqtt/bridge/state", "offline");
    client.say("it is connected");
    assert_eq!(taken(&gateway), 0.0);
    client.vanish();
    let until = Instant::now() + SOON;
    while taken(&gateway) < 1.0 {
        assert!(Instant::now() < until, "the will was not heard");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn many_messages_of_one_client_are_taken_whole() {
    let more = MQTT.replace("[[mqtt.users]]\nusername = \"z2m\"\ndemo_password = \"z2m-password\"\npublish = [\"zigbee2mqtt/#\"]\n", "");
    let setup = Setup::without_cameras(&more);
    let gateway = setup.start();
    let lines = "{\"occupancy\":true,\"battery\":90}\n".repeat(2_000);
    assert!(publish_lines(setup.mqtt_port(), "zigbee2mqtt/pir", &lines));
    assert_eq!(taken(&gateway), 2_000.0);
}

#[test]
fn bindings_are_read_again_on_sighup_and_nobody_is_cut() {
    let setup = Setup::without_cameras(MQTT);
    let gateway = setup.start();
    let text = std::fs::read_to_string(setup.config()).expect("it was written");
    let more = text.clone()
        + "\n[[mqtt.bindings]]\nid = \"new\"\ndialect = \"zigbee2mqtt\"\ntopic = \"zigbee2mqtt/new\"\ntarget = \"room:room-4\"\n";
    std::fs::write(setup.config(), more).expect("it can be written");
    gateway.signal("HUP");
    gateway.wait_for_log("the bindings of devices were read again");
    assert!(publish(setup.mqtt_port(), "zigbee2mqtt/new", br#"{"occupancy":true}"#, &AS_Z2M));
    assert_eq!(taken(&gateway), 1.0);
    std::fs::write(setup.config(), text.replace("room:room-4", "ward:4")).expect("it can be written");
    gateway.signal("HUP");
    gateway.wait_for_log("the changed configuration is refused");
    assert!(publish(setup.mqtt_port(), "zigbee2mqtt/new", br#"{"occupancy":true}"#, &AS_Z2M));
    assert_eq!(taken(&gateway), 2.0, "the one before stays");
}
