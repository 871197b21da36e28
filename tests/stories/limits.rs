//! The listener's limits: a peer that stretches them is closed or told, and nobody else notices.

use std::io::{Read, Write};

use harness::{RawSocket, Setup, UPGRADE, Wire};
use serde_json::json;

/// What is added to the `[http]` section of [`Setup::without_cameras`], key by key.
fn with(keys: &[(&str, &str)]) -> Setup {
    keys.iter().fold(Setup::without_cameras(""), |setup, (key, value)| {
        setup.env(&format!("CARESYNC_HTTP__{}", key.to_uppercase()), value)
    })
}

#[test]
fn a_head_that_comes_in_drops_and_a_connection_that_says_nothing_are_closed() {
    let gateway = Setup::without_cameras("").start();
    let mut slow = RawSocket::connect(gateway.port());
    slow.write(b"GET /api/rooms HTTP/1.1\r\nX-Slow: ");
    let mut silent = RawSocket::connect(gateway.port());
    let mut idle = RawSocket::connect(gateway.port());
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    assert_eq!(idle.ask("GET /api/rooms", &[&host]).0, 200);
    let mut client = gateway.connect();
    client.subscribe("facility");
    for (name, socket) in [("slow", &mut slow), ("silent", &mut silent), ("idle", &mut idle)] {
        // Within the deadline of the harness; the limit is HEAD_READ_MAX.
        let said = socket.read_to_end();
        assert!(!said.starts_with(b"HTTP/1.1 200"), "{name}: {}", String::from_utf8_lossy(&said));
    }
    gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "occupied" }));
    assert_eq!(client.frame()["data"]["status"], "occupied", "a client of the hub may be silent");
}

#[test]
fn a_body_that_does_not_end_is_answered() {
    let gateway = Setup::without_cameras("").start();
    let mut slow = RawSocket::connect(gateway.port());
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let head = [&*host, "Content-Type: application/json", "Content-Length: 1000"];
    let (status, body) = slow.ask("PUT /api/rooms/room-1/status", &head);
    assert_eq!((status, &body["code"]), (400, &json!("body_incomplete")));
    slow.read_to_end();
}

#[test]
fn connections_have_a_limit_that_disturbs_nobody_who_is_there() {
    let gateway = with(&[("connections_max", "3"), ("requests_per_s_per_address", "1000")]).start();
    let mut first = gateway.connect();
    first.subscribe("facility");
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    // A WebSocket holds its place as any other connection does.
    let mut second = RawSocket::connect(gateway.port());
    assert_eq!(second.ask("GET /ws", &[&host, UPGRADE]).0, 101);
    let mut third = RawSocket::connect(gateway.port());
    assert_eq!(third.ask("GET /api/rooms", &[&host]).0, 200);
    for _ in 0..5 {
        let mut refused = Wire::plain(gateway.port()).expect("the system takes the connection");
        let closed = refused.read(&mut [0; 1]);
        assert!(matches!(closed, Ok(0) | Err(_)), "one too many is closed: {closed:?}");
    }
    gateway.wait_for_log("connections are refused");
    let body = br#"{"status":"occupied"}"#;
    let length = format!("Content-Length: {}", body.len());
    let head = [&*host, "Authorization: Bearer TOKEN", "Content-Type: application/json", &length];
    assert_eq!(third.ask_with("PUT /api/rooms/room-1/status", &head, body).0, 200);
    assert_eq!(first.frame()["data"]["status"], "occupied");
    first.close();
    let mut fourth = loop {
        // The place is free when the gateway has seen the end of the connection.
        let mut fourth = Wire::plain(gateway.port()).expect("the system takes the connection");
        fourth.set_read_timeout(std::time::Duration::from_millis(200));
        match fourth.read(&mut [0; 1]) {
            Ok(0) => {}
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
            Err(_) => break RawSocket::by(fourth),
            Ok(_) => unreachable!("nobody speaks first"),
        }
    };
    assert_eq!(fourth.ask("GET /api/health", &[&host]).0, 200);
}

#[test]
fn more_requests_than_an_address_may_send_are_told_when_to_come_back() {
    let gateway = with(&[("requests_per_s_per_address", "1")]).start();
    let answers: Vec<_> = (0..6).map(|_| gateway.http().get("/api/health")).collect();
    assert_eq!(answers[0].status, 200);
    let refused = answers.iter().find(|answer| answer.status == 429).expect("six in a moment are too many");
    assert_eq!(
        (refused.kind.as_str(), &refused.body["code"]),
        ("application/problem+json", &json!("rate_limited"))
    );
    assert_eq!(refused.body["retryable"], true);
    assert_eq!(refused.retry_after.as_deref(), Some("1"));
}

#[test]
fn a_target_or_head_that_is_too_long_is_refused() {
    let gateway = Setup::without_cameras("").start();
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let status = |target: String, more: &str| {
        let mut wire = Wire::plain(gateway.port()).expect("the gateway listens");
        // The gateway may have read enough, answered and gone before all of it is written.
        drop(wire.write_all(format!("GET {target} HTTP/1.1\r\n{host}\r\n{more}\r\n\r\n").as_bytes()));
        let mut line = [0; 12];
        wire.read_exact(&mut line).expect("a refusal is an answer");
        String::from_utf8_lossy(&line[9..]).into_owned()
    };
    assert_eq!(status(format!("/api/rooms?{}", "x".repeat(10_000)), "X: y"), "414");
    assert_eq!(status("/api/rooms".into(), &format!("X-Long: {}", "y".repeat(200_000))), "431");
    assert_eq!(status("/api/rooms".into(), "X: y\r\n".repeat(100).trim_end()), "431");
    assert_eq!(gateway.http().get("/api/rooms").status, 200);
}

#[test]
fn nobody_is_served_another_protocol() {
    let gateway = Setup::without_cameras("").start();
    let mut socket = RawSocket::connect(gateway.port());
    // What HTTP/2 begins with, and an empty SETTINGS frame.
    socket.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    let answer = socket.read_to_end();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
}
