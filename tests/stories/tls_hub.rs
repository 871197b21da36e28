//! The hub through TLS does what it does in plain text: everything in a burst, and the same codes for the same faults.

use harness::{
    Certificate, Client, DOCTOR, End, FIN, Gateway, PING, PONG, Peer, RawSocket, Setup, TEXT, Wire, masked,
};
use serde_json::{Value, json};

struct Clinic {
    gateway: Gateway,
    certificate: Certificate,
}

impl Clinic {
    fn open() -> Self {
        let certificate = Certificate::new();
        let gateway = Setup::without_cameras(&certificate.section()).start();
        Self { gateway, certificate }
    }

    fn wire(&self) -> Wire {
        Wire::tls(self.gateway.port(), &self.certificate.trusted).expect("the gateway shows its certificate")
    }

    fn client(&self) -> Client {
        Client::by(self.wire(), self.gateway.port(), DOCTOR)
    }

    fn peer(&self) -> Peer {
        Peer::by(self.wire(), self.gateway.port())
    }
}

/// Writes so many events about a room by one connection to the gateway on `port`.
fn write(wire: Wire, port: u16, room: usize, events: usize) {
    let mut socket = RawSocket::by(wire);
    let host = format!("Host: 127.0.0.1:{port}");
    for n in 0..events {
        let body =
            json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 1 + n % 2) }).to_string();
        let length = format!("Content-Length: {}", body.len());
        let head = [&*host, "Authorization: Bearer TOKEN", "Content-Type: application/json", &length];
        let (status, answer) =
            socket.ask_with(&format!("PUT /api/rooms/room-{room}/status"), &head, body.as_bytes());
        assert_eq!(status, 200, "{answer}");
    }
}

#[test]
fn a_burst_comes_through_whole_to_every_client() {
    const WRITERS: usize = 4;
    const EVENTS: usize = 100;
    let clinic = Clinic::open();
    let mut clients = [(); 10].map(|()| clinic.client());
    let from = clients.each_mut().map(|client| client.subscribe("facility")["seq"].clone());
    let writers = (1..=WRITERS).map(|room| {
        let (wire, port) = (clinic.wire(), clinic.gateway.port());
        std::thread::spawn(move || write(wire, port, room, EVENTS))
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.join().expect("every write is answered");
    }
    for (client, from) in clients.iter_mut().zip(from) {
        let from = from.as_u64().expect("an answer says what it holds for");
        let got: Vec<_> = (0..WRITERS * EVENTS).map(|_| client.frame()["seq"].as_u64()).collect();
        assert_eq!(got, (from + 1..).map(Some).take(got.len()).collect::<Vec<_>>());
    }
    // And again from the first, for one who was away.
    let mut late = clinic.client();
    let since = format!("{}:{}", late.greeting["data"]["epoch"].as_str().expect("an epoch"), 0);
    let newest = late.greeting["data"]["seq"].clone();
    let answer = late.ask(&json!({ "type": "subscribe", "room": "facility", "since": since }), "subscribed");
    assert_eq!((&answer["recovered"], &answer["seq"]), (&json!(true), &newest), "{answer}");
    late.wait_for(|frame| frame["seq"] == newest && frame["replay"] == true);
    clients.into_iter().for_each(Client::close);
}

#[test]
fn faults_close_with_the_same_codes() {
    let clinic = Clinic::open();
    let mut bystander = clinic.client();
    bystander.subscribe("facility");
    let unmasked = [&[FIN | TEXT, 15][..], br#"{"type":"ping"}"#].concat();
    let huge = [&[FIN | TEXT, 0xff][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat();
    let flood = masked(FIN | TEXT, br#"{"type":"ping"}"#).repeat(1_000);
    for (bytes, code) in [(unmasked, 4400), (huge, 4413), (flood, 4429)] {
        let mut peer = clinic.peer();
        peer.write(&bytes);
        assert_eq!(peer.end(), End::Code(code));
    }
    write(clinic.wire(), clinic.gateway.port(), 1, 1);
    let seen: Value = bystander.frame();
    assert_eq!(seen["type"], "room:updated", "nobody else notices");
}

#[test]
fn a_frame_may_come_in_any_number_of_records() {
    let clinic = Clinic::open();
    let mut peer = clinic.peer();
    // Each write is a record of its own.
    assert!(masked(FIN | TEXT, br#"{"type":"ping"}"#).iter().all(|byte| peer.write(&[*byte])));
    assert_eq!(peer.text()["type"], "pong");
    peer.send(FIN | PING, b"hello");
    assert_eq!(peer.frame(), Some((FIN | PONG, b"hello".to_vec())));
    // A frame that fills several records.
    let text = format!(r#"{{"type":"ping","data":"{}"}}"#, "x".repeat(60_000));
    peer.send(FIN | TEXT, text.as_bytes());
    assert_eq!(peer.text()["type"], "pong");
}

#[test]
fn frames_that_come_with_the_upgrade_are_not_lost() {
    let clinic = Clinic::open();
    let head =
        format!("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}", clinic.gateway.port(), harness::UPGRADE);
    let (answer, mut peer) = Peer::ask(clinic.wire(), &head, &masked(FIN | TEXT, br#"{"type":"ping"}"#));
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert_eq!((&peer.text()["type"], &peer.text()["type"]), (&json!("connected"), &json!("pong")));
}
