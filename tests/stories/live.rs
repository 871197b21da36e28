//! Live: what happens reaches every client that asked for it, once and in order, also after a break.

use std::collections::BTreeSet;
use std::thread::JoinHandle;

use harness::{Client, Gateway, Http, Setup};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

fn gateway() -> Gateway {
    Setup::without_cameras("[hub]\nframes_per_s = 1000\n[rules]\nwebhook_max_age_s = 0").start()
}

/// Writes the `n`-th of a row of commands of which each is one event of the channel facility.
fn write(http: &Http, n: u64) -> String {
    let body = json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 2 + n % 2) });
    let answer = http.put("/api/rooms/room-1/status", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.cursor.expect("a write says where it is")
}

fn burst(http: Http, count: u64) -> JoinHandle<String> {
    std::thread::spawn(move || (0..count).fold(String::new(), |_, n| write(&http, n)))
}

fn equipment_is_offline(http: &Http, id: &str) {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "equipment_status", "entityType": "equipment",
        "entityId": id, "data": { "status": "offline" }, "confidence": 1.0, "cameraId": "cam-1"
    });
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    let answer = http.send("POST", "/api/webhooks/opencv/event", &headers, event.to_string().as_bytes());
    assert_eq!((answer.status, &answer.body["processed"]), (200, &json!(true)), "{answer:?}");
}

fn seq(frame: &Value) -> u64 {
    frame["seq"].as_u64().unwrap_or_else(|| panic!("a seq in {frame}"))
}

fn seq_of(cursor: &str) -> u64 {
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

fn cursor(client: &Client) -> String {
    let data = &client.greeting["data"];
    format!("{}:{}", data["epoch"].as_str().expect("an epoch"), data["seq"])
}

/// The events up to and with `last`.
fn events_to(client: &mut Client, last: u64) -> Vec<Value> {
    let mut events = Vec::new();
    while events.last().map(seq) != Some(last) {
        let frame = client.frame();
        if frame["type"].as_str().is_some_and(|kind| kind.contains(':')) {
            events.push(frame);
        }
    }
    events
}

fn resume(client: &mut Client, channel: &str, since: &str) -> Value {
    client.ask(&json!({ "type": "subscribe", "room": channel, "since": since }), "subscribed")
}

#[test]
fn each_client_gets_each_event_of_its_channels_once_and_in_order() {
    let (gateway, subscriptions) =
        (gateway(), [&["facility"][..], &["all"], &["facility", "all"], &["tasks", "actions"]]);
    let mut clients = subscriptions.map(|channels| {
        let mut client = gateway.connect();
        channels.iter().for_each(|channel| drop(client.subscribe(channel)));
        client
    });
    let http = gateway.http();
    http.put("/api/rooms/room-1/status", &json!({ "status": "needs_cleaning" }));
    http.put("/api/rooms/room-1/status", &json!({ "status": "available" }));
    equipment_is_offline(&http, "eq-1");
    http.put("/api/rooms/room-9/status", &json!({ "status": "needs_cleaning" }));
    let every = [
        "facility room:updated",
        "tasks task:created",
        "facility room:updated",
        "tasks task:updated",
        "actions action:created",
        "facility equipment:updated",
        "facility room:updated",
        "tasks task:created",
    ];
    for (client, channels) in clients.iter_mut().zip(subscriptions) {
        let mine =
            |event: &&&str| channels.contains(&"all") || channels.contains(&event.split_once(' ').unwrap().0);
        let expected: BTreeSet<_> = every.iter().filter(mine).copied().collect();
        let frames: Vec<_> = (0..every.iter().filter(mine).count()).map(|_| client.frame()).collect();
        let text = |key: &str, frame: &Value| frame[key].as_str().unwrap().to_owned();
        let got: Vec<_> =
            frames.iter().map(|it| format!("{} {}", text("room", it), text("type", it))).collect();
        assert_eq!(got.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{channels:?}");
        assert!(frames.windows(2).all(|pair| seq(&pair[0]) < seq(&pair[1])), "{channels:?}: {frames:#?}");
        assert!(
            frames.iter().all(|frame| frame.get("replay").is_none()),
            "{channels:?}: nothing here is old"
        );
        client.send(&json!({ "type": "ping" }));
        assert_eq!(client.frame()["type"], "pong", "{channels:?}: nothing comes twice");
    }
}

/// A client that subscribed within a burst, and how.
struct Late {
    client: Client,
    since: String,
    told: String,
}

impl Late {
    fn subscribe(gateway: &Gateway, since: String, told: String) -> Self {
        let mut client = gateway.connect();
        // The second channel contains the first: what one brings, the other must not bring again.
        for channel in ["facility", "all"] {
            client.send(&json!({ "type": "subscribe", "room": channel, "since": since }));
        }
        Self { client, since, told }
    }

    /// Asserts that everything since the cursor came once and in order, marked as what it is.
    fn assert_whole(&mut self, last: u64) {
        let Self { client, since, told } = self;
        let answer = client.frame();
        assert_eq!(
            (&answer["type"], &answer["recovered"]),
            (&json!("subscribed"), &json!(true)),
            "{told}: {answer}"
        );
        let events = events_to(client, last);
        let got: Vec<_> = events.iter().map(seq).collect();
        assert_eq!(got, (seq_of(since) + 1..=last).collect::<Vec<_>>(), "{told}");
        let is_replay = |event: &Value| event["replay"] == true;
        assert!(
            events.iter().all(|event| is_replay(event) == (seq(event) <= seq(&answer))),
            "{told}: {answer}"
        );
        client.send(&json!({ "type": "ping" }));
        client.wait_for(|frame| {
            assert!(
                frame.get("seq").is_none_or(|_| frame["type"] == "subscribed"),
                "{told}: a double: {frame}"
            );
            frame["type"] == "pong"
        });
    }
}

#[test]
fn who_subscribes_within_a_burst_misses_nothing_and_gets_nothing_twice() {
    const WRITES: u64 = 300;
    let gateway = gateway();
    let mut observer = gateway.connect();
    observer.subscribe("facility");
    let mut from = burst(gateway.http(), 10).join().expect("every write is answered");
    for round in 0..10 {
        observer.wait_for(|frame| frame["seq"] == seq_of(&from));
        let writer = burst(gateway.http(), WRITES);
        let mut waits: Vec<u64> = (0..8).map(|_| rand::random_range(1..WRITES)).collect();
        waits.sort_unstable();
        waits.dedup();
        let mut clients = Vec::new();
        for wait in waits {
            let back = rand::random_range(0..10);
            let since = format!("{}:{}", from.split_once(':').unwrap().0, seq_of(&from) - back);
            observer.wait_for(|frame| seq(frame) >= seq_of(&from) + wait);
            let told = format!("round {round}: subscribed after {wait} writes, from {back} before the burst");
            clients.push(Late::subscribe(&gateway, since, told));
        }
        from = writer.join().expect("every write is answered");
        clients.iter_mut().for_each(|client| client.assert_whole(seq_of(&from)));
    }
}

#[test]
fn what_cannot_be_replayed_whole_comes_as_a_snapshot() {
    let gateway = gateway();
    let before = cursor(&gateway.connect());
    let epoch = before.split_once(':').unwrap().0;
    let last = burst(gateway.http(), 1_000).join().expect("every write is answered");
    let mut client = gateway.connect();
    assert_eq!(resume(&mut client, "facility", &before)["recovered"], true, "1,000 events can be replayed");
    assert_eq!(events_to(&mut client, seq_of(&last)).len(), 1_000);
    let last = write(&gateway.http(), 2_000);
    let (future, elsewhere) =
        (format!("{epoch}:{}", seq_of(&last) + 1), format!("x{epoch}:{}", seq_of(&before)));
    for (since, why) in
        [(&before, "1,001 events are too many"), (&future, "future"), (&elsewhere, "other journal")]
    {
        let mut client = gateway.connect();
        let answer = resume(&mut client, "facility", since);
        assert_eq!((&answer["recovered"], seq(&answer)), (&json!(false), seq_of(&last)), "{why}");
        let snapshot = client.frame();
        assert_eq!((&snapshot["type"], &snapshot["room"]), (&json!("snapshot"), &json!("facility")), "{why}");
        assert_eq!(seq(&snapshot), seq_of(&last), "{why}: the snapshot holds where the answer does");
        assert_eq!(snapshot["data"]["rooms"], gateway.http().get("/api/rooms").body["rooms"], "{why}");
    }
    let mut client = gateway.connect();
    assert_eq!(resume(&mut client, "tasks", &before)["recovered"], true, "no task was missed");
    let answer = client.subscribe("facility");
    assert!(answer.get("recovered").is_none(), "who did not ask to resume is not told: {answer}");
}

#[test]
fn an_answered_write_is_a_cursor_to_go_on_from() {
    let gateway = gateway();
    let mut client = gateway.connect();
    for n in 0..200 {
        let cursor = write(&gateway.http(), n);
        let answer = resume(&mut client, "facility", &cursor);
        assert_eq!(answer["recovered"], true, "write {n} was answered with {cursor}, and then: {answer}");
        client.ask(&json!({ "type": "unsubscribe", "room": "facility" }), "unsubscribed");
    }
}

#[test]
fn an_unsubscribed_channel_is_silent_and_others_go_on() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("facility");
    client.subscribe("tasks");
    let answer = client.ask(&json!({ "type": "unsubscribe", "id": "u", "room": "facility" }), "unsubscribed");
    assert_eq!((&answer["id"], &answer["data"]["room"]), (&json!("u"), &json!("facility")));
    for room in ["room-1", "room-2"] {
        gateway.http().put(&format!("/api/rooms/{room}/status"), &json!({ "status": "needs_cleaning" }));
    }
    let tasks = [client.frame(), client.frame()]
        .map(|frame| (frame["type"].clone(), frame["data"]["room_id"].clone()));
    let created = |room| (json!("task:created"), json!(room));
    assert_eq!(tasks, [created("room-1"), created("room-2")]);
}

/// Frames that the hub does not understand, with the code and a word of the answer.
pub(crate) fn not_understood() -> [(Message, &'static str, &'static str); 9] {
    [
        (Message::text(r#"{"type":"subscribe","#), "malformed_json", "JSON"),
        (Message::text("[1]"), "invalid_frame", "object"),
        (Message::binary(&br#"{"type":"ping"}"#[..]), "binary_frame", "binary"),
        (Message::text(r#"{"id":7,"type":"subscribe","room":"attic"}"#), "unknown_channel", "\"attic\""),
        (
            Message::text(r#"{"id":7,"type":"subscribe","room":"all","colour":1}"#),
            "unknown_key",
            "\"colour\"",
        ),
        (
            Message::text(r#"{"id":7,"type":"subscribe","room":"all","since":"x"}"#),
            "invalid_field",
            "\"since\"",
        ),
        (Message::text(r#"{"id":7,"type":"subscribe"}"#), "missing_field", "\"room\""),
        (Message::text(r#"{"id":7,"type":"write"}"#), "unknown_type", "\"write\""),
        (Message::text(r#"{"id":[7],"type":"ping"}"#), "invalid_field", "\"id\""),
    ]
}

#[test]
fn a_frame_that_is_not_understood_is_answered_and_the_connection_lives() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("facility");
    for (message, code, named) in not_understood() {
        client.send_message(message.clone());
        let answer = client.frame();
        assert_eq!((&answer["type"], &answer["data"]["code"]), (&json!("error"), &json!(code)), "{message}");
        assert!(
            answer["data"]["message"].as_str().is_some_and(|text| text.contains(named)),
            "{message}: {answer}"
        );
        assert!(answer["timestamp"].is_string(), "{answer}");
        let id = message.to_text().unwrap().contains(r#""id":7"#).then_some(&json!(7)).cloned();
        assert_eq!(answer.get("id").cloned(), id, "{message}");
        assert_eq!(client.ask(&json!({ "type": "ping", "id": "still here" }), "pong")["id"], "still here");
    }
    let written = write(&gateway.http(), 1);
    assert_eq!(seq(&client.frame()), seq_of(&written), "its subscription lives too");
}

#[test]
fn a_stop_is_said_before_it_happens() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("facility");
    gateway.signal("TERM");
    let goodbye = client.wait_for(|frame| frame["type"] == "goodbye");
    assert_eq!(goodbye["data"]["code"], 4503);
    assert_eq!(client.close_code(), 4503);
    assert!(gateway.stop().success());
}
