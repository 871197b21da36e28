//! TLS on the way of the devices: with the clinic's own broker, which asks for a certificate, and to the embedded one.

use std::path::Path;
use std::time::{Duration, Instant};

use harness::{Certificate, Gateway, Mosquitto, SOON, Setup, publish};

const FRIDGE: &str = r#"
[[mqtt.bindings]]
id = "fridge"
dialect = "json"
topic = "fridge"
target = "environment:fridge-1"
pointer = "/t"
"#;

/// What the gateway says of its way to MQTT.
fn health(gateway: &Gateway) -> String {
    gateway.http().get("/api/health").body["components"]["mqtt"].to_string()
}

fn degrees(gateway: &Gateway) -> String {
    gateway.http().get("/api/readings?of=environment:fridge-1").body.to_string()
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// `mosquitto_pub`, over TLS with a broker that `trusted` signed.
fn publish_over_tls(port: u16, payload: &str, trusted: &Certificate, own: Option<&Certificate>) -> bool {
    let text = |path: &Path| path.display().to_string();
    let mut options = vec!["-q".into(), "1".into(), "--cafile".into(), text(&trusted.cert_file())];
    if let Some(own) = own {
        options.extend(["--cert".into(), text(&own.cert_file()), "--key".into(), text(&own.key_file())]);
    }
    publish(port, "fridge", payload.as_bytes(), &options.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn the_clinics_broker_is_reached_with_a_certificate_and_no_other_way() {
    let (broker_is, gateway_is, stranger) = (Certificate::new(), Certificate::new(), Certificate::new());
    let broker = Mosquitto::start_with(&format!(
        "certfile {}\nkeyfile {}\ncafile {}\nrequire_certificate true",
        broker_is.cert_file().display(),
        broker_is.key_file().display(),
        gateway_is.cert_file().display(),
    ));
    let setup = |protocol, trusted: &Certificate, own: &Certificate| {
        Setup::without_cameras(&format!(
            "[mqtt]\nmode = \"external\"\nurl = \"mqtts://127.0.0.1:{}\"\nprotocol = \"{protocol}\"\nca_file = \"{}\"\n\
             client_cert_file = \"{}\"\nclient_key_file = \"{}\"\n{FRIDGE}",
            broker.port(),
            trusted.cert_file().display(),
            own.cert_file().display(),
            own.key_file().display(),
        ))
    };
    for (protocol, celsius) in [("3.1.1", 4.5), ("5", 5.5)] {
        let setup = setup(protocol, &broker_is, &gateway_is);
        let gateway = setup.start();
        until("what is said over TLS is heard over TLS", || {
            assert!(publish_over_tls(
                broker.port(),
                &format!("{{\"t\":{celsius}}}"),
                &broker_is,
                Some(&gateway_is)
            ));
            degrees(&gateway).contains(&format!("\"value\":{celsius}"))
        });
        assert!(gateway.stop().success());
    }
    // A broker that somebody else signed, and a broker that does not know the gateway.
    for (trusted, own, says) in
        [(&stranger, &gateway_is, "invalid peer certificate"), (&broker_is, &stranger, "UnknownCA")]
    {
        let setup = setup("3.1.1", trusted, own);
        let gateway = setup.start();
        until("the trouble is told", || health(&gateway).contains(says));
        assert_eq!(gateway.metrics().value("caresync_mqtt_connects_total", &[]), Some(0.0));
        assert_eq!(gateway.http().get("/api/rooms").status, 200, "the rest of the clinic goes on");
    }
}

#[test]
fn devices_reach_the_embedded_broker_over_tls_and_no_other_way() {
    let (broker_is, stranger) = (Certificate::new(), Certificate::new());
    let setup = Setup::without_cameras(&format!(
        "[mqtt]\nmode = \"embedded\"\ncert_file = \"{}\"\nkey_file = \"{}\"\n{FRIDGE}",
        broker_is.cert_file().display(),
        broker_is.key_file().display(),
    ));
    let gateway = setup.start();
    let port = setup.mqtt_port();
    assert!(publish_over_tls(port, r#"{"t":4.5}"#, &broker_is, None));
    assert!(degrees(&gateway).contains("\"value\":4.5"), "{}", degrees(&gateway));
    assert!(
        !publish_over_tls(port, r#"{"t":9}"#, &stranger, None),
        "the device sees that it is another broker"
    );
    assert!(!publish(port, "fridge", br#"{"t":9}"#, &["-q", "1"]), "nothing is taken in plain text");
    assert!(publish_over_tls(port, r#"{"t":5.5}"#, &broker_is, None), "and nobody is disturbed by those");
    assert!(degrees(&gateway).contains("\"value\":5.5"), "{}", degrees(&gateway));
}
