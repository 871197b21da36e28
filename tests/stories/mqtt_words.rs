//! What the command line says about devices, and what is said of bindings that are wrong.

use harness::Setup;

const MQTT: &str = "[mqtt]\nmode = \"embedded\"\n[[mqtt.bindings]]\nid = \"pir\"\ndialect = \"zigbee2mqtt\"\n\
                    topic = \"zigbee2mqtt/pir\"\ntarget = \"room:room-4\"\n";

fn run(setup: &Setup, args: &[&str]) -> (Option<i32>, String) {
    let mut command = setup.command("mqtt");
    command.args(args).arg("--config").arg(setup.config());
    command.env("CARESYNC_STORE__PATH", setup.store());
    let output = command.output().expect("the binary is built");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_message_is_explained_without_a_gateway() {
    let setup = Setup::without_cameras(MQTT);
    let (code, text) = run(&setup, &["explain", "zigbee2mqtt/pir", r#"{"occupancy":true,"battery":90}"#]);
    assert_eq!(code, Some(0), "{text}");
    for line in ["pir (zigbee2mqtt, about room:room-4)", "somebody is there", "battery: 90 %"] {
        assert!(text.contains(line), "{text}");
    }
    let (_, text) = run(&setup, &["explain", "tele/plug/LWT", "Online"]);
    assert!(text.contains("no binding takes this topic") && text.contains("tasmota"), "{text}");
    let (_, text) = run(&setup, &["explain", "zigbee2mqtt/pir", "{"]);
    assert!(text.contains("not understood: the payload is no JSON"), "{text}");
}

#[test]
fn devices_that_nobody_is_bound_to_are_listed() {
    let setup = Setup::without_cameras(MQTT);
    let _gateway = setup.start();
    assert!(harness::publish(setup.mqtt_port(), "tele/plug-9/LWT", b"Online", &["-q", "1"]));
    assert!(harness::publish(setup.mqtt_port(), "zigbee2mqtt/pir", b"{}", &["-q", "1"]));
    let (code, text) = run(&setup, &["discover"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("plug-9  tasmota") && !text.contains("zigbee2mqtt/pir"), "{text}");
}

#[test]
fn every_mistake_is_said_with_its_key() {
    let text = "[mqtt]\nmode = \"external\"\nurl = \"http://a\"\nports = 1\n[[mqtt.bindings]]\nid = \"a\"\ndialect = \"json\"\n\
                topic = \"a/#\"\ntarget = \"ward:1\"\n[[mqtt.bindings]]\nid = \"b\"\ndialect = \"morse\"\ntopic = \"a\"\n\
                target = \"room:room-1\"\n";
    let setup = Setup::without_cameras(text);
    let output = setup.command("check-config").arg("--config").arg(setup.config()).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{text}");
    for key in [
        "mqtt.url",
        "mqtt.ports",
        "mqtt.bindings[0].topic",
        "mqtt.bindings[0].target",
        "mqtt.bindings[1].dialect",
    ] {
        assert!(text.lines().any(|line| line.trim_start().starts_with(key)), "{key} is not in: {text}");
    }
}
