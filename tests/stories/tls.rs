//! TLS: the certificate that was configured, for REST and the hub alike, and another one while they go on.

use harness::{Certificate, Client, Gateway, Program, RawSocket, SOON, Setup, Wire};
use serde_json::json;

fn connect(gateway: &Gateway, certificate: &Certificate) -> Wire {
    Wire::tls(gateway.port(), &certificate.trusted).expect("the gateway shows its certificate")
}

fn hub(gateway: &Gateway, certificate: &Certificate) -> Client {
    Client::try_upgrade(connect(gateway, certificate), gateway.port(), "/ws").expect("the hub takes a client")
}

/// Sets the status of room-1 through TLS.
fn set(gateway: &Gateway, certificate: &Certificate, status: &str) -> u16 {
    let body = json!({ "status": status }).to_string();
    let mut socket = RawSocket::by(connect(gateway, certificate));
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let length = format!("Content-Length: {}", body.len());
    let head = [&*host, "Authorization: Bearer TOKEN", "Content-Type: application/json", &length];
    socket.ask_with("PUT /api/rooms/room-1/status", &head, body.as_bytes()).0
}

#[test]
fn rest_and_the_hub_are_served_through_tls_and_nothing_in_plain_text() {
    let certificate = Certificate::new();
    let gateway = Setup::without_cameras(&certificate.section()).start();
    let mut client = hub(&gateway, &certificate);
    client.subscribe("facility");
    assert_eq!(set(&gateway, &certificate, "occupied"), 200);
    assert_eq!(client.frame()["data"]["status"], "occupied");

    let (host, port) = (format!("Host: localhost:{}", gateway.port()), gateway.port());
    let ask = |origin: &str| {
        let mut socket = RawSocket::by(connect(&gateway, &certificate));
        socket.ask("GET /api/rooms", &[&host, &format!("Origin: {origin}://localhost:{port}")]).0
    };
    assert_eq!((ask("https"), ask("http")), (200, 403), "the gateway's own pages come through TLS");

    let mut plain = RawSocket::connect(port);
    plain.write(format!("GET /api/rooms HTTP/1.1\r\n{host}\r\n\r\n").as_bytes());
    let answer = plain.read_to_end();
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    assert!(gateway.stop().success());
}

#[test]
fn a_new_certificate_is_for_new_connections_and_disturbs_no_other() {
    let mut certificate = Certificate::new();
    let gateway = Setup::without_cameras(&certificate.section()).start();
    let mut client = hub(&gateway, &certificate);
    client.subscribe("facility");

    let before = certificate.renew();
    gateway.signal("HUP");
    gateway.wait_for_log("the certificate was read");
    assert!(Wire::tls(gateway.port(), &before).is_err(), "the certificate before is no longer shown");
    assert_eq!(set(&gateway, &certificate, "occupied"), 200);
    assert_eq!(client.frame()["data"]["status"], "occupied", "the old connection goes on");

    std::fs::write(certificate.cert_file(), "no certificate").expect("the file can be written");
    gateway.signal("HUP");
    gateway.wait_for_log("the new certificate is refused");
    assert_eq!(set(&gateway, &certificate, "available"), 200, "the one before stays");
    assert_eq!(client.frame()["data"]["status"], "available");
}

#[test]
fn a_certificate_that_ends_is_an_alarm_until_it_is_renewed() {
    let mut certificate = Certificate::new();
    let setup = Setup::without_cameras(&certificate.section());
    let gateway = setup.start();
    let mut client = hub(&gateway, &certificate);
    client.subscribe("system");
    let alarm = |frame: &serde_json::Value, kind: &str, word: &str| {
        let data = &frame["data"];
        frame["type"] == kind
            && data["id"] == "certificate:http.tls.cert_file"
            && data["text"].as_str().is_some_and(|text| text.contains(word))
    };
    for (days, word) in [(10, "certificate ends at"), (-1, "certificate has ended at")] {
        certificate.end_in(days);
        gateway.signal("HUP");
        client.wait_for(|frame| alarm(frame, "alarm:raised", word));
    }
    // It stands over a restart, said once, and ends with a certificate that holds.
    assert!(gateway.stop().success());
    certificate.renew();
    let gateway = setup.start();
    let mut client = hub(&gateway, &certificate);
    client.send(&json!({ "type": "subscribe", "room": "system", "snapshot": true }));
    let is_cleared = |frame: &serde_json::Value| {
        let standing = frame["data"]["alarms"].as_array().is_some_and(Vec::is_empty);
        (frame["type"] == "snapshot" && standing) || alarm(frame, "alarm:cleared", "")
    };
    client.wait_for(is_cleared);
    certificate.end_in(1);
    gateway.signal("HUP");
    client.wait_for(|frame| alarm(frame, "alarm:raised", "certificate ends at"));
    certificate.renew();
    gateway.signal("HUP");
    client.wait_for(|frame| alarm(frame, "alarm:cleared", "certificate ends at"));
}

#[test]
fn hanging_up_ends_no_gateway_without_a_certificate() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    gateway.signal("HUP");
    gateway.wait_for_log("there is no certificate to read again");
    gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "occupied" }));
    assert_eq!(client.frame()["data"]["status"], "occupied", "nobody was disconnected");
    assert!(gateway.stop().success());
}

#[test]
fn a_key_of_another_certificate_is_refused_by_name() {
    let (one, other) = (Certificate::new(), Certificate::new());
    let setup = Setup::with_text(&format!(
        "[http.tls]\ncert_file = {:?}\nkey_file = {:?}\n",
        one.cert_file(),
        other.key_file()
    ));
    for verb in ["check-config", "serve"] {
        let mut command = setup.command(verb);
        command.arg("--config").arg(setup.config());
        let ended = Program::start(command).end();
        assert_eq!(ended.code, Some(78), "{verb}: {ended:?}");
        let key_file = other.key_file().display().to_string();
        for part in ["http.tls.key_file (", "is not the key of the certificate", key_file.as_str()] {
            assert!(ended.err.contains(part), "{verb}: {part} is not in: {}", ended.err);
        }
    }
}

#[test]
fn a_handshake_that_does_not_come_holds_up_neither_others_nor_the_end() {
    let certificate = Certificate::new();
    let mut gateway = Setup::without_cameras(&certificate.section()).start();
    let _silent = [(); 20].map(|()| Wire::plain(gateway.port()).expect("the gateway listens"));
    assert_eq!(set(&gateway, &certificate, "occupied"), 200);
    gateway.signal("TERM");
    assert!(gateway.wait(SOON).success());
    assert!(!gateway.log().contains("did not end in time"), "{}", gateway.log());
}
