//! `/api/endpoints`: what admins add, turn, mend and remove, and that no secret is told twice.

use harness::{Receiver, SIGNING_SECRET, Setup};
use serde_json::{Value, json};

use crate::endpoints::{act, endpoint, listed, until};

const ALLOWED: &str = "[claw]\nallowed_hosts = [\"127.0.0.1\"]\nretry_scale = 0.001\n";

fn new(id: &str, url: &str) -> Value {
    json!({ "id": id, "url": url, "events": ["action:created"] })
}

#[test]
fn an_admin_adds_an_endpoint_rotates_its_secret_and_removes_it() {
    let setup = Setup::without_cameras(ALLOWED);
    let gateway = setup.start();
    let admin = gateway.admin();
    // The receiver is told the secrets when they are made: both, while they overlap.
    let probe = Receiver::start();
    let url = format!("http://127.0.0.1:{}/hook", probe.port());
    let before = act(&gateway, "before");
    let made = admin.post("/api/endpoints", &new("lab", &url));
    assert_eq!(made.status, 201, "{made:?}");
    let first = made.body["secret"].as_str().expect("it is told once").to_owned();
    assert!(first.starts_with("whsec_") && made.body["endpoint"]["kept_in"] == "store", "{made:?}");
    let rotated = admin.post("/api/endpoints/lab/rotate", &json!({ "overlap_s": 3600 }));
    let second = rotated.body["secret"].as_str().expect("it is told once").to_owned();
    assert_ne!(first, second);
    drop(probe);
    let mut receiver = Receiver::knowing(&[&first, &second]);
    let moved = format!("http://127.0.0.1:{}/hook", receiver.port());
    assert_eq!(admin.patch("/api/endpoints/lab", &json!({ "url": moved })).status, 200);
    let item = act(&gateway, "one");
    let requests =
        receiver.wait_for("the event", |requests| requests.iter().any(|it| it["json"]["data"]["id"] == item));
    assert_eq!(requests[0]["signed"], json!([true, true]), "whoever knows either secret believes it");
    assert!(
        requests.iter().all(|it| it["json"]["data"]["id"] != before),
        "a new endpoint begins at the head"
    );
    let ended = admin.post("/api/endpoints/lab/rotate", &json!({ "overlap_s": 0 }));
    assert_eq!(ended.body["endpoint"]["old_secrets_end_at"], json!([]), "{ended:?}");
    act(&gateway, "two");
    let requests = receiver.wait_for("the next", |requests| requests.len() >= 2);
    assert_eq!(requests[1]["signed"], json!([false, false]), "the old ones are over");
    // Nothing says a secret again, and none is in the log.
    let told = [admin.get("/api/endpoints"), admin.get("/api/endpoints/lab"), admin.get("/api/audit")];
    for answer in told {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.text.contains("whsec_"), "{}", answer.text);
    }
    assert!(admin.get("/api/audit").text.contains("rotate_endpoint_secret"));
    assert!(!gateway.log().contains("whsec_"));
    gateway.kill();
    let gateway = setup.start();
    assert_eq!(listed(&gateway, "lab")["state"], "active", "it outlives a kill");
    act(&gateway, "three");
    receiver.wait_for("the one after the kill", |requests| requests.len() >= 3);
    assert_eq!(gateway.admin().delete("/api/endpoints/lab").status, 204);
    assert_eq!(gateway.admin().get("/api/endpoints/lab").status, 404);
    assert_eq!(gateway.admin().delete("/api/endpoints/lab").status, 404);
    let count = receiver.requests().len();
    act(&gateway, "for nobody");
    assert_eq!(receiver.requests().len(), count);
}

#[test]
fn an_endpoint_begins_at_a_given_cursor_and_is_turned_off_and_on() {
    let mut receiver = Receiver::start();
    let setup = Setup::without_cameras(ALLOWED);
    let gateway = setup.start();
    let one = json!({ "type": "manual", "urgency": "low", "title": "one", "description": "one" });
    let first = gateway.http().post("/api/actions", &one).cursor.expect("a write has a cursor");
    let second = act(&gateway, "two");
    let url = format!("http://127.0.0.1:{}/hook", receiver.port());
    let mut body = new("lab", &url);
    body["after"] = json!(first);
    assert_eq!(gateway.admin().post("/api/endpoints", &body).status, 201);
    let requests = receiver.wait_for("what came before it", |requests| !requests.is_empty());
    assert_eq!(requests[0]["json"]["data"]["id"], second);
    let turn = |on: bool| gateway.admin().patch("/api/endpoints/lab", &json!({ "enabled": on }));
    assert_eq!(turn(false).body["endpoint"]["state"], "off");
    act(&gateway, "while it is off");
    assert_eq!(turn(true).body["endpoint"]["state"], "active");
    let last = act(&gateway, "while it is on");
    let requests = receiver.wait_for("the last", |requests| requests.len() >= 2);
    assert_eq!(requests[1]["json"]["data"]["id"], last);
    body["id"] = json!("other");
    for wrong in ["x", "zzzz:1", &first.replace(':', ":9")] {
        body["after"] = json!(wrong);
        assert_eq!(gateway.admin().post("/api/endpoints", &body).status, 422, "{wrong}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_field() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let gateway =
        Setup::without_cameras(&format!("{ALLOWED}{}", endpoint("emr", 9, folder.path(), ""))).start();
    let admin = gateway.admin();
    for (body, field) in [
        (new("lab", "http://10.0.0.7/hook"), "url"),
        (new("lab", "http://user@127.0.0.1/hook"), "url"),
        (new("lab", "ftp://127.0.0.1/"), "url"),
        (json!({ "id": "lab", "url": "http://127.0.0.1/", "events": ["rooms:gone"] }), "events"),
        (json!({ "id": "lab", "url": "http://127.0.0.1/", "rate_per_s": 0 }), "rate_per_s"),
        (json!({ "id": "lab", "url": "http://127.0.0.1/", "kind": "ntfy", "payload": "full" }), "payload"),
        (json!({ "id": "lab", "url": "http://127.0.0.1/", "kind": "openclaw" }), "bearer_file"),
        (json!({ "id": "lab", "url": "http://127.0.0.1/", "bearer": "a b" }), "bearer"),
    ] {
        let answer = admin.post("/api/endpoints", &body);
        assert_eq!((answer.status, &answer.body["field"]), (422, &json!(field)), "{body}: {answer:?}");
    }
    assert_eq!(admin.post("/api/endpoints", &new("emr", "http://127.0.0.1/")).status, 409);
    for (verb, path) in [
        ("PATCH", "/api/endpoints/emr"),
        ("DELETE", "/api/endpoints/emr"),
        ("POST", "/api/endpoints/emr/rotate"),
    ] {
        let answer = admin.send(verb, path, &[("content-type", "application/json")], b"{\"enabled\":false}");
        let expected = if verb == "POST" { 422 } else { 409 };
        assert_eq!(answer.status, expected, "{verb} of what is configured: {answer:?}");
    }
    for path in [
        "/api/endpoints",
        "/api/endpoints/emr",
        "/api/endpoints/emr/attempts",
        "/api/endpoints/emr/dead-letters",
    ] {
        assert_eq!(gateway.http().get(path).status, 403, "a doctor looks after no endpoints: {path}");
        assert!(matches!(gateway.http().as_visitor().get(path).status, 401), "{path}");
    }
    assert_eq!(gateway.http().post("/api/endpoints", &new("lab", "http://127.0.0.1/")).status, 403);
    assert_eq!(admin.get("/api/endpoints/none").status, 404);
    assert_eq!(admin.put("/api/endpoints", &json!({})).status, 405);
    let secret_in = [admin.get("/api/endpoints").text, gateway.log()];
    assert!(secret_in.iter().all(|text| !text.contains(SIGNING_SECRET)));
}

#[test]
fn an_endpoint_that_fails_for_days_is_dropped() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    // A day is 0.9 s here, and the whole schedule 2.7 s.
    let days = "[claw]\ndrop_after_days = 1\nretry_scale = 0.00001\n";
    let mut receiver = Receiver::start();
    let setup =
        Setup::without_cameras(&format!("{days}{}", endpoint("emr", receiver.port(), folder.path(), "")));
    let gateway = setup.start();
    receiver.answers(&[], &json!({ "status": 500 }));
    let item = act(&gateway, "for nobody");
    until("it is dropped", || listed(&gateway, "emr")["ended"] == "dropped");
    let tries = receiver.requests().len();
    assert!((3..10).contains(&tries), "{tries} tries within the day");
    assert!(gateway.log().contains("an endpoint is sent nothing more"));
    receiver.answers(&[], &json!({ "status": 200 }));
    act(&gateway, "nor this");
    assert_eq!(gateway.admin().post("/api/endpoints/emr/resume", &json!({})).status, 200);
    let requests = receiver.wait_for("what it missed", |requests| requests.len() >= tries + 2);
    assert_eq!(requests[tries]["json"]["data"]["id"], item, "the journal still has it");
}

#[test]
fn how_an_endpoint_fails_outlives_a_restart() {
    let setup = Setup::without_cameras("[claw]\nallowed_hosts = [\"127.0.0.1\"]\n");
    let gateway = setup.start();
    assert_eq!(gateway.admin().post("/api/endpoints", &new("lab", "http://127.0.0.1:9/hook")).status, 201);
    act(&gateway, "one");
    until("it is tried", || listed(&gateway, "lab")["attempts"] == 1);
    let lab = listed(&gateway, "lab");
    assert!(lab["retry_at"].is_string() && lab["failing_since"].is_string(), "{lab}");
    gateway.kill();
    let gateway = setup.start();
    let after = listed(&gateway, "lab");
    assert_eq!(after["failing_since"], lab["failing_since"], "a restart is no new beginning");
    assert!(after["attempts"].as_u64() >= Some(1), "{after}");
}

#[test]
fn a_ping_that_is_taken_ends_the_waiting() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut receiver = Receiver::start();
    let setup = Setup::without_cameras(&endpoint("emr", receiver.port(), folder.path(), ""));
    let gateway = setup.start();
    receiver.kill();
    let item = act(&gateway, "one");
    // At the documented pace: after the second try it rests for five minutes.
    until("it was tried twice", || listed(&gateway, "emr")["attempts"] == 2);
    receiver.again();
    let test = gateway.admin().post("/api/endpoints/emr/test", &json!({}));
    assert_eq!(test.body["attempt"]["outcome"], "delivered", "{test:?}");
    receiver.wait_for("the event", |requests| requests.iter().any(|it| it["json"]["data"]["id"] == item));
}

#[test]
fn an_edit_rests_on_the_revision_that_it_names() {
    let gateway = Setup::without_cameras(ALLOWED).start();
    let admin = gateway.admin();
    let made = admin.post("/api/endpoints", &new("lab", "http://127.0.0.1:9/hook"));
    assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")), "{made:?}");
    let send = |method: &str, tag: &str, body: &[u8]| {
        let headers = [("Content-Type", "application/json"), ("If-Match", tag)];
        admin.send(method, "/api/endpoints/lab", &headers, body)
    };
    let edited = send("PATCH", "\"1\"", br#"{"rate_per_s": 5}"#);
    assert_eq!((edited.status, edited.etag.as_deref()), (200, Some("\"2\"")), "{edited:?}");
    for (method, body) in [("PATCH", &br#"{"rate_per_s": 7}"#[..]), ("DELETE", b"")] {
        let stale = send(method, "\"1\"", body);
        assert_eq!((stale.status, &stale.body["code"]), (412, &json!("stale")), "{method}: {stale:?}");
        assert_eq!(
            (&stale.body["current"]["revision"], &stale.body["current"]["rate_per_s"]),
            (&json!(2), &json!(5))
        );
        assert!(!stale.text.contains("whsec_"), "{}", stale.text);
        assert_eq!(send(method, "2", body).status, 400, "{method}: no ETag");
    }
    let shown = admin.get("/api/endpoints/lab");
    assert_eq!((shown.etag.as_deref(), &shown.body["endpoint"]["rate_per_s"]), (Some("\"2\""), &json!(5)));
    assert_eq!(send("PATCH", "*", br#"{"rate_per_s": 9}"#).etag.as_deref(), Some("\"3\""));
    assert_eq!(send("DELETE", "\"3\"", b"").status, 204);
    assert_eq!(admin.get("/api/endpoints/lab").status, 404);
}
