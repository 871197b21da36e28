//! The seed's JavaScript and its curl commands, as printed there, in Node (package `ws`) and in Chromium.
//!
//! Only the port is another. The snippet sends right after it connects, outside of `onopen`: run as a script that
//! throws in every engine, since the socket is still connecting. It is a snippet for a console, and is run as such:
//! three lines at once, so that nothing is missed before `onmessage` stands, and the last one after `Connected!`.

use std::process::Command;

use harness::{Chromium, Console, Gateway, Node, Setup};
use serde_json::{Value, json};

/// The seed, "Test WebSocket Connection".
const SNIPPET: &str = r"const ws = new WebSocket('ws://localhost:3000/ws?userId=test-user');
ws.onopen = () => console.log('Connected!');
ws.onmessage = (e) => console.log('Message:', JSON.parse(e.data));
ws.send(JSON.stringify({ type: 'subscribe', room: 'facility' }));";

/// The seed, "Test Real-Time Updates". `ROOM_ID` is the reader's to fill in.
const UPDATE: &str = r#"curl -X PUT http://localhost:3000/api/rooms/ROOM_ID/status \
  -H "Authorization: Bearer TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"status": "occupied"}'"#;

/// The seed, "Test Webhook Integration".
const WEBHOOK: &str = r#"curl -X POST http://localhost:3000/api/webhooks/opencv/event \
  -H "X-OpenCV-API-Key: opencv_secret_key_789" \
  -H "Content-Type: application/json" \
  -d '{
    "timestamp": "2026-02-06T14:30:00Z",
    "eventType": "room_occupancy",
    "entityType": "room",
    "entityId": "room-1",
    "data": { "occupied": true },
    "confidence": 0.95,
    "cameraId": "cam-1"
  }'"#;

/// Besides the seed's: everything, from a client that hears a part of it already.
const ALL: &str = "ws.send(JSON.stringify({ type: 'subscribe', room: 'all' }));";

/// The demo's clinic and rules; its cameras would only add events of their own.
fn demo() -> Gateway {
    Setup::without_cameras("[rules]\nwebhook_max_age_s = 0").start()
}

fn here(gateway: &Gateway, text: &str) -> String {
    text.replace("localhost:3000", &format!("localhost:{}", gateway.port()))
}

/// Runs a command of the seed in a shell, and returns what the gateway answered.
fn run(gateway: &Gateway, command: &str) -> Value {
    let outcome =
        Command::new("bash").args(["-c", &here(gateway, command)]).output().expect("bash can be run");
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{command}: {out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{command}: {error}: {out}"))
}

/// The next message that the snippet logs; it has the three keys of the seed. Readings, which `all` brings once a second
/// and are no events, are passed over.
fn message(console: &mut dyn Console) -> Value {
    loop {
        let mut logged = console.logged();
        assert_eq!(logged[0], "Message:", "{logged}");
        let message = logged[1].take();
        assert!(message["type"].is_string() && message.get("data").is_some(), "{message}");
        assert!(message["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{message}");
        if message["type"] != "metrics:updated" {
            return message;
        }
    }
}

/// The messages up to and with the one of type `last`.
fn messages_until(console: &mut dyn Console, last: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut messages = Vec::new();
    while !messages.last().is_some_and(&last) {
        messages.push(message(console));
    }
    messages
}

/// Types the snippet, then `more`, and waits until it is subscribed to everything.
fn type_snippet(gateway: &Gateway, console: &mut dyn Console, more: &[&str]) {
    let snippet = here(gateway, SNIPPET);
    let (connect, send) = snippet.rsplit_once('\n').expect("the snippet has four lines");
    console.evaluate(connect);
    // The greeting is logged after `Connected!`: a socket opens before it says anything.
    assert_eq!(console.logged(), json!(["Connected!"]));
    assert_eq!(message(console)["type"], "connected");
    console.evaluate(send);
    assert_eq!(message(console)["data"]["room"], "facility");
    for line in more {
        console.evaluate(line);
        let answer = messages_until(console, |message| message["type"] == "subscribed").pop();
        assert_eq!(answer.expect("it was just there")["data"]["room"], "all");
    }
}

/// Asserts that `event` is the seed's `room:updated` of this room: its three keys, and its keys of a room.
fn assert_is_update(event: &Value, id: &str, name: &str) {
    let data = &event["data"];
    assert_eq!(event["type"], "room:updated", "{event}");
    assert_eq!(
        (&data["id"], &data["name"], &data["status"]),
        (&json!(id), &json!(name), &json!("occupied")),
        "{event}"
    );
    assert!(data.get("current_doctor_id").is_some(), "{event}");
}

/// The seed's page from top to bottom: what its commands do is logged once each and in their order.
fn tell(start: impl Fn(&Gateway) -> Box<dyn Console>) {
    for more in [&[][..], &[ALL]] {
        let gateway = demo();
        let mut console = start(&gateway);
        type_snippet(&gateway, &mut *console, more);
        let answer = run(&gateway, &UPDATE.replace("ROOM_ID", "room-4"));
        assert_eq!(answer["room"]["status"], "occupied", "{answer}");
        let answer = run(&gateway, WEBHOOK);
        assert_eq!((&answer["success"], &answer["processed"]), (&json!(true), &json!(true)), "{answer}");
        // What would come twice comes before the last.
        run(&gateway, &UPDATE.replace("ROOM_ID", "room-9"));
        let is_last = |message: &Value| message["data"]["id"] == "room-9";
        let messages = messages_until(&mut *console, is_last);
        let [update, webhook, last] = &messages[..] else { panic!("three events, once each: {messages:#?}") };
        assert_is_update(update, "room-4", "Exam Room 4");
        assert_is_update(webhook, "room-1", "Exam Room 1");
        assert_is_update(last, "room-9", "Laboratory");
        console.evaluate("ws.send(JSON.stringify({ type: 'ping' }));");
        assert_eq!(message(&mut *console)["type"], "pong", "nor does anything come after");
    }
}

#[test]
fn the_seeds_page_works_as_printed_in_node() {
    tell(|_| Box::new(Node::start()));
}

#[test]
fn the_seeds_page_works_as_printed_in_chromium() {
    // A page of the gateway's own: the hub takes no browser that comes from elsewhere.
    tell(|gateway| Box::new(Chromium::start(&format!("http://localhost:{}/api/health", gateway.port()))));
}

#[test]
fn a_page_from_elsewhere_gets_no_socket() {
    let gateway = demo();
    let mut browser = Chromium::start(&format!("http://127.0.0.1:{}/api/health", gateway.port()));
    let connect = here(&gateway, SNIPPET).lines().next().map(str::to_owned).expect("it has four lines");
    browser.evaluate(&format!("{connect}\nws.onclose = (e) => console.log('Closed:', e.code);"));
    assert_eq!(browser.logged(), json!(["Closed:", 1006]), "another name is another origin");
    assert!(gateway.stop().success());
}
