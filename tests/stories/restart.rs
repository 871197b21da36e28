//! After a restart the gateway knows what staff said, and knows that it does not know what only sensors said.

use harness::{Client, Gateway, SOON, Setup};
use serde_json::{Value, json};

fn sensor_says(gateway: &Gateway, room: &str, occupied: bool) {
    // The documented event. Its time is not believed: rules.webhook_max_age_s is 0.
    let body = json!({
        "timestamp": "2026-02-06T14:30:00Z",
        "eventType": "room_occupancy",
        "entityType": "room",
        "entityId": room,
        "data": { "occupied": occupied },
        "confidence": 0.95,
        "cameraId": "cam-x",
    });
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    let answer =
        gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, body.to_string().as_bytes());
    assert_eq!((answer.status, &answer.body["processed"]), (200, &json!(true)), "{}", answer.body);
}

fn staff_say(gateway: &Gateway, room: &str, status: &str) {
    let answer = gateway.http().put(&format!("/api/rooms/{room}/status"), &json!({ "status": status }));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn status(gateway: &Gateway, room: &str) -> Value {
    gateway.http().room(room)["status"].take()
}

/// What the hub sends before it comes to the next frame of `client`: a replay is whole by then.
fn frames_until_pong(client: &mut Client) -> Vec<Value> {
    client.send(&json!({ "type": "ping" }));
    let frames = std::iter::from_fn(|| Some(client.frame()).filter(|frame| frame["type"] != "pong"));
    frames.collect()
}

fn tell_the_restart(restart: impl Fn(Gateway)) {
    let setup = Setup::without_cameras("[rules]\nwebhook_max_age_s = 0");
    let gateway = setup.start();
    let mut client = gateway.connect();
    client.subscribe("all");
    staff_say(&gateway, "room-4", "needs_cleaning");
    staff_say(&gateway, "room-5", "maintenance");
    staff_say(&gateway, "room-6", "occupied");
    sensor_says(&gateway, "room-2", false);
    staff_say(&gateway, "room-2", "occupied");
    sensor_says(&gateway, "room-3", true);
    assert_eq!(status(&gateway, "room-3"), "occupied");
    let newest =
        client.wait_for(|frame| frame["data"]["id"] == "room-3")["seq"].as_u64().expect("events have a seq");
    let epoch = client.greeting["data"]["epoch"].as_str().expect("the greeting names the epoch").to_owned();
    restart(gateway);

    let gateway = setup.start();
    assert_eq!(status(&gateway, "room-1"), "available", "a room of which nobody ever said anything");
    assert_eq!(status(&gateway, "room-2"), "occupied", "staff said so, and no sensor has changed its mind");
    assert_eq!(status(&gateway, "room-3"), "unknown", "only a sensor said so");
    assert_eq!(status(&gateway, "room-4"), "needs_cleaning");
    assert_eq!(status(&gateway, "room-5"), "maintenance");
    assert_eq!(status(&gateway, "room-6"), "occupied", "a room without sensors is what staff said last");

    let mut client = gateway.connect();
    let resume = json!({ "type": "subscribe", "room": "all", "since": format!("{epoch}:{newest}") });
    assert_eq!(client.ask(&resume, "subscribed")["recovered"], true);
    let missed = frames_until_pong(&mut client);
    let seqs: Vec<_> = missed.iter().filter_map(|frame| frame["seq"].as_u64()).collect();
    assert_eq!(seqs.len(), missed.len(), "nothing but events: {missed:#?}");
    assert!(seqs.first() > Some(&newest) && seqs.is_sorted_by(|a, b| a < b), "each once, in order: {seqs:?}");
    let lost: Vec<_> = missed.iter().filter(|frame| frame["data"]["id"] == "room-3").collect();
    let [lost] = lost[..] else { panic!("the sensor's knowledge is lost once: {missed:#?}") };
    assert_eq!((&lost["type"], &lost["data"]["status"]), (&json!("room:updated"), &json!("unknown")));
    assert_eq!(lost["replay"], true);

    // Occupied before the gap and empty after it: somebody was there, and nobody saw how long.
    sensor_says(&gateway, "room-3", false);
    assert_eq!(status(&gateway, "room-3"), "needs_cleaning");
    let task = client.wait_for(|frame| frame["type"] == "task:created");
    assert_eq!(task["data"]["room_id"], "room-3");
    assert!(gateway.stop().success());
}

#[test]
fn after_a_kill_what_staff_said_stays_and_what_only_sensors_knew_is_unknown() {
    tell_the_restart(Gateway::kill);
}

#[test]
fn after_an_orderly_stop_what_staff_said_stays_and_what_only_sensors_knew_is_unknown() {
    tell_the_restart(|gateway| assert_eq!(gateway.stop().code(), Some(0)));
}

#[test]
fn a_stop_says_goodbye_to_every_client_and_ends_well() {
    let setup = Setup::without_cameras("");
    let mut gateway = setup.start();
    let mut clients: Vec<_> = (0..3).map(|_| gateway.connect()).collect();
    clients[0].subscribe("all");
    gateway.signal("TERM");
    for client in &mut clients {
        let goodbye = client.wait_for(|frame| frame["type"] == "goodbye");
        assert_eq!(goodbye["data"]["code"], 4503);
        assert_eq!(client.close_code(), 4503);
    }
    assert_eq!(gateway.wait(SOON).code(), Some(0));
}

#[test]
fn a_stop_that_comes_the_moment_it_is_ready_is_an_orderly_one() {
    let setup = Setup::without_cameras("");
    for _ in 0..10 {
        assert_eq!(setup.start().stop().code(), Some(0));
    }
}

#[test]
fn a_second_gateway_on_the_same_store_refuses_to_start_and_disturbs_nobody() {
    let setup = Setup::without_cameras("");
    let first = setup.start();
    let mut client = first.connect();
    client.subscribe("facility");
    let second = Setup::without_cameras("").env("CARESYNC_STORE__PATH", setup.store());
    let Err(log) = second.try_start() else { panic!("two gateways hold one store") };
    let says = format!("store.path: {} is in use", setup.store().display());
    assert!(log.contains(&says), "{log}");
    staff_say(&first, "room-1", "occupied");
    assert_eq!(client.wait_for(|frame| frame["type"] == "room:updated")["data"]["id"], "room-1");
    assert!(first.stop().success());
}
