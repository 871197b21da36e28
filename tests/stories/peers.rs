//! Peers that misbehave: each is told why by a close code where it can still hear, and nobody else notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use harness::{Http, RawSocket, Setup, UPGRADE, close_code};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const SUBSCRIBE: &[u8] = br#"{"type":"subscribe","room":"facility"}"#;
/// First byte of an unfragmented text frame.
const TEXT: u8 = 0x81;

/// Reports room-1 as occupied by the doctor, from one of eight cameras with the longest names: large events.
fn report(http: &Http, n: usize) {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": true, "doctorId": format!("doc-00{}", 2 + n % 2) },
        "confidence": 0.9, "cameraId": format!("{}-{}", "c".repeat(78), n % 8)
    });
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    let answer = http.send("POST", "/api/webhooks/opencv/event", &headers, event.to_string().as_bytes());
    assert_eq!(answer.body["processed"], true, "{answer:?}");
}

#[test]
fn a_client_that_reads_nothing_is_cut_and_nobody_else_notices() {
    let level = "[rules]\nwebhook_max_age_s = 0\n[telemetry]\nlevel = \"info,caresync_gateway::hub=debug\"";
    let gateway = Setup::without_cameras(level).env("CARESYNC_AUTH__KEY_REQUESTS_PER_S", "100000").start();
    let mut slow = RawSocket::websocket(gateway.port());
    slow.write_frame(TEXT, SUBSCRIBE);
    let mut other = gateway.connect();
    let first = other.subscribe("facility")["seq"].as_u64().unwrap() + 1;
    let enough = Arc::new(AtomicBool::new(false));
    let (http, stop) = (gateway.http(), enough.clone());
    let writer = std::thread::spawn(move || {
        let written = (0..).take_while(|n| {
            report(&http, *n);
            !stop.load(Ordering::Relaxed)
        });
        written.count() as u64 + 1
    });
    let reader = std::thread::spawn(move || {
        for expected in first.. {
            let frame = other.frame();
            assert_eq!(frame["seq"], expected, "the other client gets every event in its turn");
            if frame["data"]["id"] == "room-9" {
                break;
            }
        }
    });
    gateway.wait_for_log("TooSlow");
    enough.store(true, Ordering::Relaxed);
    assert!(writer.join().expect("every report is answered") > 256, "the limit is a lag of 256 events");
    gateway.http().put("/api/rooms/room-9/status", &json!({ "status": "occupied" }));
    reader.join().expect("the other client is not disturbed");
    assert!(!slow.read_to_end().is_empty(), "it was greeted, and its connection has ended");
}

#[test]
fn more_frames_than_allowed_close_with_4429() {
    let gateway = Setup::without_cameras("[hub]\nframes_per_s = 5").start();
    let mut client = gateway.connect();
    for _ in 0..6 {
        client.send(&json!({ "type": "ping" }));
    }
    assert_eq!(client.close_code(), 4429);
}

#[test]
fn a_frame_that_is_too_large_closes_with_4413() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    let padding = "x".repeat(70 * 1024);
    client.send(&json!({ "type": "ping", "data": padding }));
    assert_eq!(client.close_code(), 4413);
    let mut client = gateway.connect();
    client.send(&json!({ "type": "ping", "data": &padding[..60 * 1024] }));
    assert_eq!(client.frame()["type"], "pong", "60 KiB are fine");
}

#[test]
fn what_is_no_websocket_frame_closes_with_4400() {
    let gateway = Setup::without_cameras("").start();
    for (first, payload, what) in
        [(0x83, &b""[..], "an opcode that does not exist"), (TEXT, b"\xff", "no UTF-8")]
    {
        let mut peer = RawSocket::websocket(gateway.port());
        peer.write_frame(first, payload);
        assert_eq!(close_code(&peer.read_to_end()), Some(4400), "{what}");
    }
}

#[test]
fn a_peer_that_answers_no_ping_is_closed_with_4408() {
    let gateway = Setup::without_cameras("[hub]\nping_s = 1").start();
    let mut well = gateway.connect();
    let mut dead = RawSocket::websocket(gateway.port());
    let watching = std::thread::spawn(move || well.wait_for(|frame| frame["type"] == "goodbye"));
    assert_eq!(close_code(&dead.read_to_end()), Some(4408));
    assert!(gateway.stop().success());
    watching.join().expect("who answers pings stays to the end");
}

#[test]
fn a_client_that_closes_is_answered() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    client.close();
}

#[test]
fn no_more_clients_than_allowed() {
    let gateway = Setup::without_cameras("[hub]\nconnections_max = 1").start();
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let client = gateway.connect();
    let (status, problem): (u16, Value) =
        RawSocket::connect(gateway.port()).ask("GET /ws", &[&host, UPGRADE]);
    assert_eq!((status, &problem["code"]), (503, &json!("too_many_connections")));
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("hub.connections_max")), "{problem}");
    client.close();
    let taken = (0..).find(|_| RawSocket::connect(gateway.port()).ask("GET /ws", &[&host, UPGRADE]).0 == 101);
    assert!(taken.is_some(), "the place is free again");
}

#[test]
fn fragments_of_a_frame_are_put_together() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    let fragment = |payload: &'static str, code, is_last| {
        use tokio_tungstenite::tungstenite::protocol::frame::Frame;
        Message::Frame(Frame::message(payload, code, is_last))
    };
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    client.send_message(fragment(r#"{"type":"#, OpCode::Data(Data::Text), false));
    client.send_message(fragment(r#""ping"}"#, OpCode::Data(Data::Continue), true));
    assert_eq!(client.frame()["type"], "pong");
}
