//! What a vision system reports by webhook.

use harness::{Answer, Client, Gateway, Setup};
use serde_json::{Value, json};

fn gateway(max_age_s: u32) -> Gateway {
    Setup::without_cameras(&format!("[rules]\ndwell_s = 0\nwebhook_max_age_s = {max_age_s}")).start()
}

fn send(gateway: &Gateway, event: &Value) -> Answer {
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    let answer =
        gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, event.to_string().as_bytes());
    assert_eq!((answer.status, &answer.body["success"]), (200, &json!(true)), "{answer:?}");
    answer
}

fn presence(occupied: bool, confidence: f64) -> Value {
    json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": occupied }, "confidence": confidence, "cameraId": "cam-1"
    })
}

fn equipment(status: &str) -> Value {
    json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "equipment_status", "entityType": "equipment",
        "entityId": "eq-1", "data": { "status": status }, "confidence": 1.0, "cameraId": "cam-1"
    })
}

fn is_processed(answer: &Answer) -> bool {
    answer.body["processed"].as_bool().unwrap_or_else(|| panic!("processed in {answer:?}"))
}

fn message(answer: &Answer) -> &str {
    answer.body["message"].as_str().unwrap_or_else(|| panic!("a message in {answer:?}"))
}

/// Asserts that `client` has heard of nothing: the next event is one that comes after everything so far.
fn assert_silent(gateway: &Gateway, client: &mut Client) {
    let is_occupied = gateway.http().room("room-9")["status"] == "occupied";
    let status = if is_occupied { "available" } else { "occupied" };
    assert_eq!(gateway.http().put("/api/rooms/room-9/status", &json!({ "status": status })).status, 200);
    assert_eq!(client.frame()["data"]["id"], "room-9");
}

#[test]
fn a_report_below_the_threshold_is_noted_and_believed_by_nobody() {
    let gateway = gateway(0);
    let mut client = gateway.connect();
    client.subscribe("all");
    let before = gateway.http().room("room-1");
    let answer = send(&gateway, &presence(true, 0.69));
    assert!(!is_processed(&answer) && message(&answer).contains("0.7"), "{answer:?}");
    assert_eq!(gateway.http().room("room-1"), before);
    assert_silent(&gateway, &mut client);
    assert!(is_processed(&send(&gateway, &presence(true, 0.7))), "0.7 is enough to enter");
    assert_eq!(client.frame()["data"]["status"], "occupied");
    assert!(is_processed(&send(&gateway, &presence(true, 0.4))), "0.4 is enough to stay");
    let answer = send(&gateway, &presence(true, 0.39));
    assert!(!is_processed(&answer) && message(&answer).contains("0.4"), "{answer:?}");
    assert!(!is_processed(&send(&gateway, &presence(false, 0.5))), "leaving takes as much as entering");
    assert_eq!(gateway.http().room("room-1")["status"], "occupied");
}

#[test]
fn the_doctor_that_a_vision_system_recognises_is_the_rooms() {
    let gateway = gateway(0);
    let mut client = gateway.connect();
    client.subscribe("facility");
    let mut event = presence(true, 0.9);
    event["data"]["doctorId"] = json!("doc-002");
    assert!(is_processed(&send(&gateway, &event)));
    let frame = client.frame();
    assert_eq!(
        (&frame["type"], &frame["data"]["current_doctor_id"]),
        (&json!("room:updated"), &json!("doc-002"))
    );
    assert_eq!(frame["data"]["occupancy"]["sources"], json!(["webhook:opencv:cam-1"]));
    assert!(is_processed(&send(&gateway, &presence(false, 0.9))));
    assert_eq!(
        client.frame()["data"]["current_doctor_id"],
        Value::Null,
        "the doctor leaves with the last person"
    );
}

#[test]
fn equipment_that_goes_offline_opens_one_urgent_action_item() {
    let gateway = gateway(0);
    let mut client = gateway.connect();
    client.subscribe("all");
    assert!(is_processed(&send(&gateway, &equipment("offline"))));
    let mut frames = [client.frame(), client.frame()];
    frames.sort_by_key(|frame| frame["type"].as_str().map(str::to_owned));
    let [action, changed] = frames;
    assert_eq!((&action["type"], &action["room"]), (&json!("action:created"), &json!("actions")));
    assert_eq!(
        (&action["data"]["urgency"], &action["data"]["equipment_id"]),
        (&json!("urgent"), &json!("eq-1"))
    );
    assert_eq!((&changed["type"], &changed["room"]), (&json!("equipment:updated"), &json!("facility")));
    assert_eq!((&changed["data"]["id"], &changed["data"]["status"]), (&json!("eq-1"), &json!("offline")));
    assert!(is_processed(&send(&gateway, &equipment("offline"))), "it is so already");
    assert_silent(&gateway, &mut client);
    send(&gateway, &equipment("operational"));
    send(&gateway, &equipment("offline"));
    let types = [client.frame(), client.frame()].map(|frame| frame["type"].clone());
    assert_eq!(
        types,
        ["equipment:updated", "equipment:updated"],
        "the same trouble is one item in half an hour"
    );
    assert_silent(&gateway, &mut client);
}

#[test]
fn the_same_report_again_changes_nothing() {
    let gateway = gateway(0);
    let mut client = gateway.connect();
    client.subscribe("all");
    let first = send(&gateway, &presence(true, 0.95));
    assert!(is_processed(&first));
    let event = client.frame();
    let second = send(&gateway, &presence(true, 0.95));
    assert!(is_processed(&second), "it is so: {second:?}");
    assert_eq!(second.cursor, first.cursor, "nothing was written");
    assert_eq!(gateway.http().room("room-1"), event["data"], "not even when it was last updated");
    assert_silent(&gateway, &mut client);
}

#[test]
fn a_report_that_is_too_old_is_not_processed() {
    let gateway = gateway(300);
    let mut client = gateway.connect();
    client.subscribe("all");
    let answer = send(&gateway, &presence(true, 0.95));
    assert!(!is_processed(&answer), "{answer:?}");
    assert!(message(&answer).contains("rules.webhook_max_age_s (300)"), "{answer:?}");
    assert!(message(&answer).contains(" s old"), "the age is said: {answer:?}");
    assert_eq!(gateway.http().room("room-1")["status"], "available");
    assert_silent(&gateway, &mut client);

    let now = client.ask(&json!({ "type": "ping" }), "pong")["timestamp"].clone();
    let mut event = presence(true, 0.95);
    event["timestamp"] = now;
    assert!(is_processed(&send(&gateway, &event)), "what was seen just now counts");
    assert_eq!(client.frame()["data"]["status"], "occupied");
}

#[test]
fn a_key_may_come_as_bearer_and_patients_who_come_and_go_are_counted() {
    let gateway = gateway(0);
    let headers = [("Authorization", "Bearer opencv_secret_key_789"), ("Content-Type", "application/json")];
    let mut event = presence(true, 0.95);
    let body = event.to_string();
    let answer = gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, body.as_bytes());
    assert_eq!((answer.status, &answer.body["processed"]), (200, &json!(true)), "{answer:?}");
    event["eventType"] = json!("patient_arrival");
    event["entityType"] = json!("patient");
    event["entityId"] = json!("pat-1");
    let waiting = || gateway.http().get("/api/facility/status").body["patients"].clone();
    event["confidence"] = json!(0.5);
    let answer = send(&gateway, &event);
    assert!(!is_processed(&answer) && message(&answer).contains("0.7"), "{answer:?}");
    event["confidence"] = json!(0.9);
    for (status, counted) in
        [("waiting", "waiting"), ("inExamination", "in_examination"), ("in_treatment", "in_treatment")]
    {
        event["data"] = json!({ "patientStatus": status });
        assert!(is_processed(&send(&gateway, &event)), "{status}");
        assert_eq!(waiting()[counted], 1, "{status}: {}", waiting());
    }
    event["eventType"] = json!("patient_departure");
    event["data"] = json!({});
    assert!(is_processed(&send(&gateway, &event)));
    assert!(
        waiting().as_object().is_some_and(|counts| counts.values().all(|count| *count == 0)),
        "{}",
        waiting()
    );
}
