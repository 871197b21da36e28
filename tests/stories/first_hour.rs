//! The seed's documented commands, as printed there.

use harness::{Client, Gateway, Setup};
use serde_json::{Value, json};

/// The body of the seed's webhook example.
const OPENCV_EVENT: &[u8] = br#"{
    "timestamp": "2026-02-06T14:30:00Z",
    "eventType": "room_occupancy",
    "entityType": "room",
    "entityId": "room-1",
    "data": { "occupied": true },
    "confidence": 0.95,
    "cameraId": "cam-1"
  }"#;

/// The demo's clinic and rules; its cameras would only add events of their own.
fn demo() -> Gateway {
    Setup::without_cameras("[rules]\nwebhook_max_age_s = 0").start()
}

/// The seed's client: `ws://…/ws?userId=test-user`, then the plain subscribe frame.
fn seeds_client(gateway: &Gateway) -> Client {
    let mut client =
        Client::try_connect(gateway.port(), "/ws?userId=test-user").expect("the demo takes anybody");
    client.send(&json!({ "type": "subscribe", "room": "facility" }));
    let answer = client.wait_for(|frame| frame["type"] == "subscribed");
    assert_eq!(answer["data"]["room"], "facility");
    client
}

/// Asserts the seed's three keys, and its keys of a room.
fn assert_seeds_room_event(event: &Value, id: &str, name: &str, status: &str) {
    assert_eq!(event["type"], "room:updated");
    assert!(event["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{event}");
    let data = &event["data"];
    assert_eq!((&data["id"], &data["name"], &data["status"]), (&json!(id), &json!(name), &json!(status)));
    assert!(data.get("current_doctor_id").is_some(), "{event}");
}

#[test]
fn a_status_that_one_client_sets_reaches_another_at_once() {
    let gateway = demo();
    let mut client = seeds_client(&gateway);
    let headers = [("Authorization", "Bearer TOKEN"), ("Content-Type", "application/json")];
    let answer =
        gateway.http().send("PUT", "/api/rooms/room-1/status", &headers, br#"{"status": "occupied"}"#);
    assert_eq!((answer.status, &answer.body["room"]["status"]), (200, &json!("occupied")));
    let event = client.wait_for(|frame| frame["type"] == "room:updated");
    assert_seeds_room_event(&event, "room-1", "Exam Room 1", "occupied");
    let written = format!("{}:{}", client.greeting["data"]["epoch"].as_str().unwrap(), event["seq"]);
    assert_eq!(answer.cursor, Some(written), "the answer names the event's cursor");
    assert!(gateway.stop().success());
}

#[test]
fn the_seeds_webhook_example_works_as_written() {
    let gateway = demo();
    let mut client = seeds_client(&gateway);
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    let answer = gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, OPENCV_EVENT);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!((&answer.body["success"], &answer.body["processed"]), (&json!(true), &json!(true)));
    assert!(answer.body["eventId"].is_string(), "{answer:?}");
    let event = client.wait_for(|frame| frame["type"] == "room:updated");
    assert_seeds_room_event(&event, "room-1", "Exam Room 1", "occupied");
    assert_eq!(event["data"]["occupancy"]["sources"], json!(["webhook:opencv:cam-1"]));
}

#[test]
fn both_paths_of_a_room_and_both_spellings_of_a_field_are_taken() {
    let gateway = demo();
    let mut client = seeds_client(&gateway);
    for (path, field, doctor) in [
        ("/api/rooms/room-2/status", "currentDoctorId", "doc-001"),
        ("/api/facility/rooms/room-2/status", "currentDoctorId", "doc-002"),
        ("/api/facility/rooms/room-2/status", "current_doctor_id", "doc-003"),
    ] {
        let answer = gateway.http().put(path, &json!({ "status": "occupied", field: doctor }));
        assert_eq!(
            (answer.status, &answer.body["room"]["current_doctor_id"]),
            (200, &json!(doctor)),
            "{path}"
        );
        let event = client.wait_for(|frame| frame["type"] == "room:updated");
        assert_eq!(event["data"]["current_doctor_id"], doctor);
    }
    let until = json!({ "status": "occupied", "estimatedAvailableAt": "2026-02-06T08:30:00-06:00" });
    let answer = gateway.http().put("/api/rooms/room-2/status", &until);
    assert_eq!(answer.body["room"]["estimated_available_at"], "2026-02-06T14:30:00Z", "{answer:?}");
    let answer = gateway.http().put("/api/rooms/room-2/status", &json!({ "status": "available" }));
    assert_eq!(answer.body["room"]["current_doctor_id"], Value::Null, "nobody is treated in an empty room");
}

#[test]
fn at_first_start_nine_rooms_are_available() {
    let gateway = demo();
    for path in ["/api/rooms", "/api/facility/rooms"] {
        let answer = gateway.http().get(path);
        let rooms = answer.body["rooms"].as_array().expect("a list of rooms").clone();
        let ids: Vec<_> = rooms.iter().map(|room| room["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, (1..=9).map(|n| format!("room-{n}")).collect::<Vec<_>>(), "{path}");
        assert!(rooms.iter().all(|room| room["status"] == "available"), "{rooms:#?}");
        let first = gateway.http().get(&format!("{path}/room-1"));
        assert_eq!((first.status, &first.body), (200, &json!({ "room": rooms[0] })), "one shape of a room");
    }
    let mut client = gateway.connect();
    let subscribed =
        client.ask(&json!({ "type": "subscribe", "room": "facility", "snapshot": true }), "snapshot");
    assert_eq!(
        subscribed["data"]["rooms"],
        gateway.http().get("/api/rooms").body["rooms"],
        "nor another here"
    );
    assert_eq!(subscribed["data"]["equipment"].as_array().map(Vec::len), Some(9));
}

#[test]
fn health_says_how_every_part_does_and_why() {
    let gateway = demo();
    let answer = gateway.http().get("/api/health");
    assert_eq!((answer.status, answer.kind.as_str()), (200, "application/json"));
    assert_eq!(answer.body["version"], env!("CARGO_PKG_VERSION"));
    for (component, reason) in [("ledger", true), ("cameras", true), ("assets", true), ("alarms", false)] {
        let part = &answer.body["components"][component];
        assert!(part["status"].is_string() && part["reason"].is_string() == reason, "{component}: {part}");
    }
    let ledger = &answer.body["components"]["ledger"];
    assert_eq!((&ledger["status"], &ledger["queued"]), (&json!("ok"), &json!(0)));
    assert_eq!(ledger["seq"], gateway.connect().greeting["data"]["seq"]);
}
