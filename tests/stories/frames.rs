//! The catalogue of frames: served as it is committed, kept by both sides, and by the page that explains it.
//!
//! Besides these stories every client of every other story holds what it gets against the catalogue.

use std::collections::BTreeSet;
use std::fs;

use caresync_gateway::hub::Limits;
use harness::{
    ADMIN, Client, Gateway, RawSocket, Setup, Side, assert_catalogued, catalogue, fault_of, repository,
};
use serde_json::{Value, json};

use crate::live::not_understood;

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

fn page() -> String {
    fs::read_to_string(repository().join("docs/hub.md")).expect("the page is there")
}

/// The types of the frames that `side` sends.
fn kinds(side: &str) -> BTreeSet<String> {
    let frames = catalogue()["$defs"][side]["oneOf"].as_array().expect("a list of frames");
    let name =
        |frame: &Value| frame["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/")).map(str::to_owned);
    let kind = |name: String| catalogue()["$defs"][&name]["properties"]["type"]["const"].clone();
    let kinds = frames.iter().map(|frame| kind(name(frame).expect("a reference")));
    kinds.map(|kind| kind.as_str().expect("a type is a text").to_owned()).collect()
}

#[test]
fn the_catalogue_is_served_to_everybody_as_it_is_committed() {
    let gateway = Setup::without_cameras("").env("CARESYNC_HTTP__OPEN_DEMO", "false").start();
    let visitor = gateway.http().as_visitor();
    assert_eq!(visitor.get("/api/rooms").status, 401, "without proof one sees nothing else");
    let answer = visitor.get("/api/ws/frames.json");
    assert_eq!((answer.status, answer.kind.as_str()), (200, "application/schema+json"));
    assert_eq!(&answer.body, catalogue());
}

/// Somebody with an account of their own, connected.
fn newcomer(gateway: &Gateway) -> (String, Client) {
    let new =
        json!({ "email": "n@clinic.example", "name": "N", "role": "nurse", "password": "a-long-password" });
    let made = gateway.admin().post("/api/users", &new);
    let login = json!({ "email": "n@clinic.example", "password": "a-long-password" });
    let token = gateway.http().as_visitor().post("/api/auth/login", &login).body["token"].take();
    let id = made.body["user"]["id"].as_str().expect("an account has an id").to_owned();
    (id, Client::bearing(gateway.port(), token.as_str().expect("a login gives a token")))
}

#[test]
fn every_frame_of_the_hub_s_own_is_sent_as_the_catalogue_says() {
    let gateway = gateway();
    let mut seen = BTreeSet::from(["connected"]);
    let mut admin = Client::bearing(gateway.port(), ADMIN);
    let mut wait = |client: &mut Client, kind: &'static str| {
        seen.insert(kind);
        client.wait_for(|frame| frame["type"] == kind)
    };
    admin.send(&json!({ "type": "subscribe", "room": "tasks", "presence": true, "snapshot": true, "id": 1 }));
    for kind in ["subscribed", "snapshot"] {
        wait(&mut admin, kind);
    }
    let (id, mut other) = newcomer(&gateway);
    for channel in ["tasks", "system"] {
        other.subscribe(channel);
    }
    assert_eq!(wait(&mut admin, "presence:joined")["data"]["user"], id);
    admin.send(&json!({ "type": "subscribe", "room": "tasks", "presence": true }));
    let present = wait(&mut admin, "presence");
    assert_eq!(present["data"]["users"].as_array().map(Vec::len), Some(2), "{present}");
    admin.send(&json!({ "type": "signal", "id": "s", "room": "tasks", "data": { "typing": true } }));
    assert_eq!(wait(&mut admin, "signal")["data"], json!({ "room": "tasks" }));
    assert_eq!(wait(&mut other, "signal")["data"]["signal"], json!({ "typing": true }));
    admin.send(&json!({ "type": "signal", "id": "s", "room": "facility" }));
    assert_eq!(wait(&mut admin, "error")["data"]["code"], "not_subscribed");
    other.send(&json!({ "type": "ping", "id": 1.5 }));
    wait(&mut other, "pong");
    let changed = gateway.admin().patch(&format!("/api/users/{id}"), &json!({ "role": "viewer" }));
    assert_eq!(changed.status, 200, "{changed:?}");
    wait(&mut other, "resync");
    other.send(&json!({ "type": "unsubscribe", "room": "system" }));
    wait(&mut other, "unsubscribed");
    other.close();
    wait(&mut admin, "presence:left");
    gateway.signal("TERM");
    wait(&mut admin, "goodbye");
    let own: BTreeSet<_> = kinds("ServerFrame").into_iter().filter(|kind| !is_event(kind)).collect();
    assert_eq!(seen.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), own);
}

fn is_event(kind: &str) -> bool {
    kind.contains(':') && !kind.starts_with("presence")
}

#[test]
fn event_streams_and_polls_carry_frames_of_the_same_catalogue() {
    let gateway = gateway();
    let mut stream = RawSocket::connect(gateway.port());
    let proof = format!("Authorization: Bearer {ADMIN}");
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let head = ["GET /api/events?channels=facility,tasks&snapshot=true HTTP/1.1", &host, &proof, "\r\n"]
        .join("\r\n");
    stream.write(head.as_bytes());
    let first = gateway.http().get("/api/poll?channels=all");
    let cursor = first.body["cursor"].as_str().expect("an answer names a cursor");
    let written = gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "needs_cleaning" }));
    assert_eq!(written.status, 200, "{written:?}");
    let next = gateway.http().get(&format!("/api/poll?channels=all&cursor={cursor}"));
    let of = |body: &Value| body["events"].as_array().expect("a list of frames").clone();
    let polled = [of(&first.body), of(&next.body)].concat();
    // Whatever the stream had to say before is said before its goodbye.
    gateway.signal("TERM");
    let text = String::from_utf8(stream.read_to_end()).expect("a stream is text");
    let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let streamed: Vec<Value> =
        lines.map(|line| serde_json::from_str(line).expect("every frame is JSON")).collect();
    let kinds = |frames: &[Value]| -> BTreeSet<String> {
        frames
            .iter()
            .inspect(|it| assert_catalogued(it))
            .filter_map(|it| it["type"].as_str().map(str::to_owned))
            .collect()
    };
    let has =
        |frames: &[Value], kind: &str| assert!(kinds(frames).contains(kind), "no {kind} in {frames:#?}");
    for kind in ["connected", "subscribed", "snapshot", "goodbye"] {
        has(&streamed, kind);
    }
    for kind in ["snapshot", "room:updated"] {
        has(&polled, kind);
    }
}

#[test]
fn what_is_no_frame_is_found_out() {
    let pong = json!({ "type": "pong", "data": {}, "timestamp": "2026-02-06T14:30:00.000Z" });
    assert_eq!(fault_of(Side::Server, &pong), None);
    let mut more = pong.clone();
    more["of_a_later_version"] = json!(1);
    assert_eq!(fault_of(Side::Server, &more), None, "a client ignores what it does not know");
    let broken =
        [("type", json!("gong")), ("timestamp", json!("noon")), ("data", json!([])), ("id", json!({}))];
    for (key, value) in broken {
        let mut frame = pong.clone();
        frame[key] = value;
        assert!(fault_of(Side::Server, &frame).is_some(), "{frame}");
    }
    for key in ["type", "data", "timestamp"] {
        let mut frame = pong.clone();
        frame.as_object_mut().expect("a frame is an object").remove(key);
        assert!(fault_of(Side::Server, &frame).is_some(), "{frame}");
    }
    let gone = json!({ "type": "room:deleted", "data": { "id": "r" }, "timestamp": "2026-02-06T14:30:00Z" });
    assert!(
        fault_of(Side::Server, &gone).is_some_and(|fault| fault.contains("room")),
        "an event has a place"
    );
}

#[test]
fn what_the_hub_does_not_understand_the_catalogue_does_not_allow() {
    let mut checked = 0;
    for (message, code, _) in not_understood() {
        // A schema begins where there is JSON, and knows nothing of opcodes.
        let Some(frame) = message.to_text().ok().and_then(|text| serde_json::from_str(text).ok()) else {
            continue;
        };
        if message.is_text() {
            assert!(fault_of(Side::Client, &frame).is_some(), "{code}: {frame}");
            checked += 1;
        }
    }
    assert_eq!(checked, 7);
}

#[test]
fn the_page_s_examples_are_frames_and_it_tells_every_type_code_and_limit() {
    let page = page();
    let (mut sent, mut got) = (BTreeSet::new(), BTreeSet::new());
    for line in page.lines() {
        let (side, text) = match line.split_at_checked(2) {
            Some(("C ", text)) if text.starts_with('{') => (Side::Client, text),
            Some(("S ", text)) if text.starts_with('{') => (Side::Server, text),
            _ => continue,
        };
        let frame: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {line}"));
        let is_counterexample = text.contains("\"attic\"") && side == Side::Client;
        assert_eq!(
            fault_of(side, &frame).is_some(),
            is_counterexample,
            "{:?}: {line}",
            fault_of(side, &frame)
        );
        let kinds = if side == Side::Client { &mut sent } else { &mut got };
        kinds.insert(frame["type"].as_str().expect("a type").to_owned());
    }
    assert_eq!(sent, kinds("ClientFrame"));
    let missing: Vec<_> =
        kinds("ServerFrame").into_iter().filter(|kind| !is_event(kind) && !got.contains(kind)).collect();
    assert!(missing.is_empty(), "no example of {missing:?}");
    for kind in kinds("ServerFrame") {
        assert!(page.contains(&format!("`{kind}`")) || got.contains(&kind), "{kind} is told nowhere");
    }
    for close in catalogue()["x-close-codes"].as_array().expect("a list of codes") {
        assert!(page.contains(&format!("| {} | ", close["code"])), "{close}");
    }
    let limits = serde_json::to_value(Limits::default()).expect("limits are plain");
    for (key, value) in limits.as_object().expect("limits have names") {
        assert!(page.contains(&format!("| `{key}` | {value} | ")), "{key} = {value}");
    }
}
