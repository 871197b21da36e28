//! Requests and the log: one id in the answer, the problem and every line, and nothing that is nobody's business.

use harness::{Client, Gateway, RawSocket, SOON, Setup, UPGRADE};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const STATUS: &str = "/api/rooms/room-1/status";

/// Method, path, headers and body.
type Request<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [u8]);

fn setup(level: &str) -> Setup {
    Setup::without_cameras(&format!("[telemetry]\nformat = \"json\"\nlevel = \"{level}\""))
}

/// The lines of the log that belong to the request `id`.
fn lines(gateway: &Gateway, id: &str) -> Vec<Value> {
    let line = |line: &str| serde_json::from_str::<Value>(line).expect("every line is one JSON object");
    let all = gateway.log().lines().map(line).collect::<Vec<_>>();
    let is_of = |line: &Value| {
        let spans = line["spans"].as_array().into_iter().flatten();
        spans.into_iter().any(|span| span["request.id"] == id)
    };
    all.into_iter().filter(is_of).collect()
}

/// The line that tells the end of the request `id`.
fn end_of(gateway: &Gateway, id: &str) -> Value {
    gateway.wait_for_log(&format!("\"request.id\":\"{id}\""));
    let lines = lines(gateway, id);
    let ends = lines.iter().filter(|line| line["message"] == "a request was answered").collect::<Vec<_>>();
    assert_eq!(ends.len(), 1, "{lines:#?}");
    ends[0].clone()
}

#[test]
fn a_clients_own_id_comes_back_in_the_answer_the_problem_and_the_log() {
    let setup = setup("debug");
    let gateway = setup.start();
    let put = |id, body: &[u8]| gateway.http().send("PUT", STATUS, &[JSON, ("X-Request-Id", id)], body);

    let answer = put("shift-7.room_1:a", br#"{"status":"occupied"}"#);
    assert_eq!((answer.status, answer.request_id.as_deref()), (200, Some("shift-7.room_1:a")));
    let line = end_of(&gateway, "shift-7.room_1:a");
    assert_eq!((&line["level"], &line["status"]), (&json!("INFO"), &json!(200)), "{line}");
    assert!(line["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{line}");
    let span = &line["spans"][0];
    assert_eq!(
        (&span["http.method"], &span["http.route"]),
        (&json!("PUT"), &json!("/api/rooms/{id}/status")),
        "the template, not the path: {line}"
    );

    let answer = put("refused", br#"{"status":"unknown"}"#);
    assert_eq!((answer.status, answer.request_id.as_deref()), (422, Some("refused")));
    assert_eq!(answer.body["request_id"], "refused");
    let line = end_of(&gateway, "refused");
    assert_eq!((&line["status"], &line["problem.code"]), (&json!(422), &json!("invalid_body")), "{line}");

    let answer = gateway.http().send("GET", "/api/rooms", &[("X-Request-Id", "read")], b"");
    assert_eq!((answer.status, answer.request_id.as_deref()), (200, Some("read")));
    assert_eq!(end_of(&gateway, "read")["level"], "DEBUG", "reads are told only to those who look closely");
}

#[test]
fn every_answer_has_an_id_and_every_problem_the_same_one() {
    let setup = setup("info");
    let gateway = setup.start();
    let big = vec![b'x'; 70 * 1024];
    let cases: [Request<'_>; 9] = [
        ("GET", "/api/rooms", &[], b""),
        ("GET", "/api/health", &[], b""),
        ("GET", "/api/nothing", &[], b""),
        ("DELETE", "/api/rooms", &[], b""),
        ("POST", "/metrics", &[], b""),
        ("GET", "/ws", &[], b""),
        ("PUT", STATUS, &[], b"{}"),
        ("PUT", STATUS, &[JSON], &big),
        ("GET", "/api/rooms", &[("Origin", "https://evil.example")], b""),
    ];
    let mut seen = Vec::new();
    for (method, path, headers, body) in cases {
        for brought in ["", "two words", &"x".repeat(65)] {
            let headers = [headers, &[("X-Request-Id", brought)]].concat();
            let answer = gateway.http().send(method, path, &headers, body);
            let id = answer.request_id.clone().unwrap_or_else(|| panic!("{method} {path}: {answer:?}"));
            // A UUIDv7: its version and its variant stand where RFC 9562 puts them.
            assert!(id.len() == 36 && &id[14..15] == "7" && "89ab".contains(&id[19..20]), "{id}");
            assert!(!seen.contains(&id), "{id} came before");
            if answer.status >= 400 {
                assert_eq!(answer.body["request_id"], id.as_str(), "{method} {path}: {answer:?}");
                assert_eq!(answer.body["status"], answer.status, "{method} {path}: {answer:?}");
            }
            seen.push(id);
        }
    }
}

#[test]
fn the_length_of_a_problem_is_its_own() {
    let setup = setup("info");
    let gateway = setup.start();
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    // One connection: a wrong length would leave bytes that the next answer begins with, or wait for more.
    let mut raw = RawSocket::connect(gateway.port());
    for id in ["a", "a-much-longer-id", "a"] {
        let (status, body) = raw.ask("GET /nothing", &[&host, &format!("X-Request-Id: {id}")]);
        assert_eq!((status, &body["request_id"], &body["code"]), (404, &json!(id), &json!("no_such_path")));
    }
}

#[test]
fn what_a_client_of_the_hub_logs_leads_to_the_request_that_opened_it() {
    let setup = setup("debug");
    let gateway = setup.start();
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let mut raw = RawSocket::connect(gateway.port());
    assert_eq!(raw.ask("GET /ws", &[&host, UPGRADE, "X-Request-Id: wall-tablet"]).0, 101);
    raw.write_frame(0x83, b"no such opcode");
    raw.read_to_end();
    gateway.wait_for_log("a client has come");
    gateway.wait_for_log("a connection ends");
    let opened = lines(&gateway, "wall-tablet");
    let came = opened.iter().find(|line| line["message"] == "a client has come").expect("a line");
    let id = came["client.id"].as_str().expect("a client's id");
    let log = gateway.log();
    assert!(log.lines().any(|line| line.contains("a connection ends") && line.contains(id)), "{log}");
}

/// Words that no log may hold, each put where a client can put one.
const CANARIES: [&str; 9] = [
    "canary-token",
    "canary-ticket",
    "canary-key",
    "canary-body",
    "canary-path",
    "canary-agent",
    "canary-frame",
    "canary-cookie",
    "canary-patient",
];

/// Sends every canary there is a place for, with and without mistakes around it.
fn release_canaries(gateway: &Gateway) {
    let http = gateway.http();
    let secrets = [
        JSON,
        ("Authorization", "Bearer canary-token"),
        ("X-OpenCV-API-Key", "canary-key"),
        ("User-Agent", "canary-agent"),
        ("Cookie", "session=canary-cookie"),
    ];
    let bodies = [
        r#"{"status":"occupied","currentPatientId":"canary-patient"}"#,
        r#"{"status":"canary-body"}"#,
        r#"{"canary-body":"#,
        r#"{"status":"occupied","currentDoctorId":"canary-body"}"#,
    ];
    let paths = [STATUS, "/api/rooms/canary-path/status", "/canary-path", "/api/webhooks/opencv/event"];
    for path in paths {
        for (method, body) in
            [("PUT", bodies[0]), ("PUT", bodies[1]), ("POST", bodies[2]), ("POST", bodies[3])]
        {
            http.send(method, &format!("{path}?ticket=canary-ticket"), &secrets, body.as_bytes());
        }
    }
    http.send("GET", "/metrics?ticket=canary-ticket", &secrets, b"");
    http.send("GET", "/api/rooms?ticket=canary-ticket", &[("Origin", "https://canary-path")], b"");
    assert!(Client::try_connect(gateway.port(), "/ws?ticket=canary-ticket").is_err(), "no such ticket");
    let mut client =
        Client::try_connect(gateway.port(), "/ws?userId=canary-ticket").expect("the demo takes anybody");
    let canary = json!({ "type": "canary-frame", "id": "canary-frame", "room": "canary-frame" });
    client.send_message(Message::text(canary.to_string()));
    client.try_frame(SOON).expect("the hub answers");
    client.subscribe("all");
    client.close();
}

#[test]
fn nothing_that_a_client_says_reaches_the_log_at_any_level() {
    let setup = setup("trace");
    let gateway = setup.start();
    release_canaries(&gateway);
    let last = gateway.http().send("PUT", STATUS, &[JSON, ("X-Request-Id", "the-last")], b"{}");
    assert_eq!(last.status, 422);
    end_of(&gateway, "the-last");
    let log = gateway.log();
    let told = log.matches("a request was answered").count();
    assert!(told >= 20, "the requests were told of: {told}\n{log}");
    let metrics = gateway.http().get("/metrics").text;
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log:\n{log}");
        assert!(!metrics.contains(canary), "{canary} is in the metrics:\n{metrics}");
    }
}
