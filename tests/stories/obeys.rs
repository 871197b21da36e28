//! Permissions that change while events stream: the next event obeys them, whatever is on its way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use harness::{Client, Gateway, Http, SOON, Setup};
use serde_json::{Value, json};

/// Words that only a field about a patient can hold.
const PATIENT: &str = "canary-patient-id";

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

fn seq_of(cursor: Option<String>) -> u64 {
    let cursor = cursor.expect("a write says where it is");
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

/// Changes a room with a patient in it, and returns the event's place.
fn write(http: &Http, room: &str, n: u64) -> u64 {
    let doctor = format!("doc-00{}", 1 + n % 2);
    let body = json!({ "status": "occupied", "current_patient_id": PATIENT, "current_doctor_id": doctor });
    let answer = http.put(&format!("/api/rooms/{room}/status"), &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    seq_of(answer.cursor)
}

/// Somebody who writes all the time until told to end.
struct Stream {
    stop: Arc<AtomicBool>,
    writer: JoinHandle<()>,
}

impl Stream {
    fn begin(gateway: &Gateway) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (over, http) = (Arc::clone(&stop), gateway.http());
        let writer = std::thread::spawn(move || {
            for n in (0..).take_while(|_| !over.load(Ordering::Relaxed)) {
                write(&http, "room-1", n);
            }
        });
        Self { stop, writer }
    }

    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.writer.join().expect("every write is answered");
    }
}

/// Makes an account of `role`, logs it in, and returns its id and token.
fn account(gateway: &Gateway, role: &str) -> (String, String) {
    let (email, password) = (format!("{role}@clinic.example"), "a-long-password");
    let new = json!({ "email": email, "name": "Somebody", "role": role, "password": password });
    let made = gateway.admin().post("/api/users", &new);
    let login =
        gateway.http().as_visitor().post("/api/auth/login", &json!({ "email": email, "password": password }));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (id, token) = (text(&made.body["user"]["id"]), text(&login.body["token"]));
    (id.expect("an account has an id"), token.expect("a login gives a token"))
}

fn seq(frame: &Value) -> Option<u64> {
    frame["seq"].as_u64().filter(|_| frame["type"] == "room:updated")
}

/// A client of everybody's rooms that has seen the stream go by.
fn follower(gateway: &Gateway, token: &str) -> Client {
    // With an event of after the login the hub has heard of the token; that it has at once is another story.
    let mut other = gateway.connect();
    let now = other.subscribe("facility")["seq"].as_u64();
    other.wait_for(|frame| seq(frame) > now);
    let mut client = Client::bearing(gateway.port(), token);
    client.subscribe("facility");
    for _ in 0..20 {
        let event = client.wait_for(|frame| seq(frame).is_some());
        assert_eq!(event["data"]["current_patient_id"], PATIENT, "the role sees patients: {event}");
    }
    client
}

#[test]
fn a_lower_role_shows_in_the_next_event() {
    let gateway = gateway();
    let stream = Stream::begin(&gateway);
    for (n, (role, lower)) in (0..).zip([("nurse", "viewer"), ("head_doctor", "viewer")]) {
        let (id, token) = account(&gateway, role);
        let mut client = follower(&gateway, &token);
        let changed = gateway.admin().patch(&format!("/api/users/{id}"), &json!({ "role": lower }));
        assert_eq!(changed.status, 200, "{changed:?}");
        // What was committed before the change may still be shown as it was; nothing that was answered for after it.
        let after = write(&gateway.http(), "room-2", n);
        let (mut at, mut resyncs, mut was_hidden) = (0, 0, false);
        while at < after + 20 {
            let frame = client.frame();
            resyncs += u64::from(frame["type"] == "resync");
            let Some(seq) = seq(&frame) else { continue };
            assert!(at < seq, "{role}: {at} comes before {frame}");
            let is_hidden = frame["data"].get("current_patient_id").is_none();
            assert!(is_hidden || (seq < after && !was_hidden), "{role}, {lower} before {after}: {frame}");
            assert_eq!(is_hidden, resyncs > 0, "{role}: it is told before: {frame}");
            (at, was_hidden) = (seq, is_hidden);
        }
        assert_eq!(resyncs, 1, "{role}: what it knew no longer fits");
        let snapshot =
            client.ask(&json!({ "type": "subscribe", "room": "facility", "snapshot": true }), "snapshot");
        assert!(!snapshot.to_string().contains(PATIENT), "nor does a snapshot show more: {snapshot}");
    }
    stream.end();
}

/// Asserts that `client` is closed with 4401, and has heard of nothing from `after` on.
fn assert_ended(mut client: Client, after: u64, what: &str) {
    let (frames, code) = client.rest();
    assert_eq!(code, 4401, "{what}");
    let late: Vec<_> = frames.iter().filter(|frame| seq(frame).is_some_and(|seq| seq >= after)).collect();
    assert!(late.is_empty(), "{what} before {after}, and these came: {late:#?}");
}

#[test]
fn a_token_that_has_ended_hears_of_nothing_more() {
    let gateway = gateway();
    let stream = Stream::begin(&gateway);
    let (id, token) = account(&gateway, "nurse");
    let admin = gateway.admin();
    let end = |token: &str, n, what, end: &dyn Fn(&Http) -> u16| {
        let client = follower(&gateway, token);
        assert_eq!(end(&gateway.http().bearing(token)), 204, "{what}");
        assert_ended(client, write(&gateway.http(), "room-2", n), what);
    };
    let login = json!({ "email": "nurse@clinic.example", "password": "a-long-password" });
    let login = || {
        let answer = gateway.http().as_visitor().post("/api/auth/login", &login);
        answer.body["token"].as_str().expect("a login gives a token").to_owned()
    };
    end(&token, 0, "revoked", &|http| {
        let own = http.get("/api/tokens").body["tokens"][0]["id"].take();
        admin.delete(&format!("/api/tokens/{}", own.as_str().expect("a token has an id"))).status
    });
    end(&login(), 1, "logged out", &|http| http.post("/api/auth/logout", &json!({})).status);
    end(&login(), 2, "closed", &|_| admin.delete(&format!("/api/users/{id}")).status);
    stream.end();
}

#[test]
fn a_token_is_good_the_moment_that_it_is_given() {
    let gateway = gateway();
    let stream = Stream::begin(&gateway);
    for n in 0..100 {
        let new = json!({ "kind": "kiosk", "label": format!("Corridor {n}") });
        let made = gateway.admin().post("/api/tokens", &new);
        let mut client = Client::bearing(gateway.port(), made.body["secret"].as_str().expect("a secret"));
        client.send(&json!({ "type": "subscribe", "room": "facility" }));
        let answer = client.try_frame(SOON);
        let answer = answer.unwrap_or_else(|error| panic!("token {n} is refused: {error}"));
        assert_eq!(answer["type"], "subscribed", "token {n}");
    }
    stream.end();
}
