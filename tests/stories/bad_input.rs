//! Bad input: every mistake gets a problem document that names it, and changes nothing.

use harness::{Answer, Gateway, Setup};
use serde_json::{Value, json};

const STATUS: &str = "/api/rooms/room-1/status";
const WEBHOOK: &str = "/api/webhooks/opencv/event";
const JSON: (&str, &str) = ("Content-Type", "application/json");
const KEY: (&str, &str) = ("X-OpenCV-API-Key", "opencv_secret_key_789");

/// What a problem says: status, code, field, and a word of its detail.
type Said<'a> = (u16, &'a str, Option<&'a str>, &'a str);

fn gateway() -> Gateway {
    let agent = "[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"claw_secret_key_456\"";
    Setup::without_cameras(&format!("{agent}\n[rules]\nwebhook_max_age_s = 0")).start()
}

fn assert_problem(answer: &Answer, (status, code, field, named): Said<'_>, what: &str) {
    assert_eq!(
        (answer.status, answer.kind.as_str()),
        (status, "application/problem+json"),
        "{what}: {answer:?}"
    );
    assert_eq!(
        (&answer.body["status"], &answer.body["code"]),
        (&json!(status), &json!(code)),
        "{what}: {answer:?}"
    );
    assert_eq!(answer.body["field"].as_str(), field, "{what}: {answer:?}");
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(named), "{what}: \"{named}\" is not in \"{detail}\"");
    assert!(answer.body["title"].is_string() && answer.body["retryable"] == false, "{what}: {answer:?}");
}

/// Runs `mistakes`, and asserts that afterwards nothing has changed and no subscriber heard of anything.
fn nothing_changes_by(mistakes: impl FnOnce(&Gateway)) {
    let gateway = gateway();
    let state = |gateway: &Gateway| {
        let health = gateway.http().get("/api/health").body;
        let (ledger, alarms) = (&health["components"]["ledger"]["seq"], &health["components"]["alarms"]);
        (ledger.clone(), alarms.clone(), gateway.http().get("/api/rooms").body)
    };
    let mut client = gateway.connect();
    client.subscribe("all");
    let before = state(&gateway);
    mistakes(&gateway);
    assert_eq!(state(&gateway), before);
    client.send(&json!({ "type": "ping" }));
    assert_eq!(client.frame()["type"], "pong", "a subscriber heard of a refused request");
}

#[test]
fn what_staff_get_wrong_about_a_room_is_named() {
    let big = format!(r#"{{"status":"occupied","padding":"{}"}}"#, "x".repeat(70 * 1024));
    let deep = format!(r#"{{"status":{}"#, "[".repeat(10_000));
    let cases: [(&[u8], Said<'_>); 18] = [
        (br#"{"status":"occupied","colour":1}"#, (422, "invalid_body", Some("colour"), "colour")),
        (br#"{"status":7}"#, (422, "invalid_body", Some("status"), "status")),
        (br#"{"status":null}"#, (422, "invalid_body", Some("status"), "status")),
        (br#"{"status":"unknown"}"#, (422, "invalid_body", Some("status"), "`unknown`")),
        (br#"{"status":"Occupied"}"#, (422, "invalid_body", Some("status"), "`occupied`")),
        (
            br#"{"status":"occupied","status":"available"}"#,
            (422, "invalid_body", None, "duplicate field `status`"),
        ),
        (b"{}", (422, "invalid_body", None, "status")),
        (br#"["occupied"]"#, (422, "invalid_body", None, "object")),
        (b"null", (422, "invalid_body", None, "object")),
        (
            br#"{"status":"occupied","currentDoctorId":"doc-999"}"#,
            (422, "invalid_field", Some("current_doctor_id"), "doc-999"),
        ),
        (
            br#"{"status":"occupied","currentDoctorId":"Dr. No"}"#,
            (422, "invalid_body", Some("currentDoctorId"), "letters"),
        ),
        (
            br#"{"status":"occupied","estimatedAvailableAt":"soon"}"#,
            (422, "invalid_body", Some("estimatedAvailableAt"), "RFC 3339"),
        ),
        (br#"{"status":"#, (400, "malformed_json", None, "JSON")),
        (br#"{"status":"occupied"} {}"#, (400, "malformed_json", None, "one JSON value")),
        (b"{\"status\":\"\xff\"}", (400, "malformed_json", None, "JSON")),
        (b"", (400, "malformed_json", None, "JSON")),
        (deep.as_bytes(), (400, "malformed_json", None, "recursion")),
        (big.as_bytes(), (413, "body_too_large", None, "65536")),
    ];
    nothing_changes_by(|gateway| {
        for (body, said) in cases {
            let what = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            for path in [STATUS, "/api/facility/rooms/room-1/status"] {
                assert_problem(&gateway.http().send("PUT", path, &[JSON], body), said, &what);
            }
        }
        for headers in [&[][..], &[("Content-Type", "text/plain")], &[("Content-Type", "json")]] {
            let answer = gateway.http().send("PUT", STATUS, headers, br#"{"status":"occupied"}"#);
            assert_problem(&answer, (415, "not_json", None, "application/json"), &format!("{headers:?}"));
        }
    });
}

#[test]
fn paths_and_methods_that_do_not_exist_are_named() {
    let (long, occupied) = (format!("/api/rooms/{}", "x".repeat(2_000)), br#"{"status":"occupied"}"#);
    let not_found = |named| (404, "not_found", None, named);
    let no_path = (404, "no_such_path", None, "path");
    let bad_path = (400, "invalid_path", None, "UTF-8");
    let cases: [(&str, &str, Said<'_>); 17] = [
        ("GET", "/api/rooms/room-99", not_found("\"room-99\"")),
        ("PUT", "/api/rooms/room-99/status", not_found("\"room-99\"")),
        ("GET", "/api/rooms/ROOM-1", not_found("\"ROOM-1\"")),
        ("GET", "/api/rooms/room-1%00", not_found("room-1")),
        ("GET", "/api/rooms/room%2F1", not_found("room/1")),
        ("PUT", "/api/rooms/room%2F1/status", not_found("room/1")),
        ("GET", "/api/rooms/..%2F..%2Fetc%2Fpasswd", not_found("etc/passwd")),
        ("GET", "/api/rooms/%E2%98%83", not_found("u{2603}")),
        ("GET", &long, not_found("xxx")),
        ("GET", "/api/rooms/%FF", bad_path),
        ("PUT", "/api/facility/rooms/%FF/status", bad_path),
        ("GET", "/api/rooms/room/1", no_path),
        ("GET", "/api/rooms/", no_path),
        ("GET", "/api/rooms/room-1/", no_path),
        ("PUT", "/api/rooms//status", not_found("\"\"")),
        ("GET", "/api/nothing", no_path),
        ("GET", "/nothing", no_path),
    ];
    nothing_changes_by(|gateway| {
        for (method, path, said) in cases {
            let body: &[u8] = if method == "PUT" { occupied } else { b"" };
            assert_problem(
                &gateway.http().send(method, path, &[JSON], body),
                said,
                &format!("{method} {path}"),
            );
        }
        let (read, one) = (Some("GET,HEAD"), Some("GET,HEAD,PUT,PATCH,DELETE"));
        let methods = [
            ("DELETE", "/api/rooms", Some("GET,HEAD,POST")),
            ("POST", "/api/facility/rooms/room-1", one),
            ("PATCH", "/api/openapi.json", read),
            ("POST", STATUS, Some("PUT")),
            ("PATCH", STATUS, Some("PUT")),
            ("GET", WEBHOOK, Some("POST")),
            ("POST", "/api/health", read),
        ];
        for (method, path, allow) in methods {
            let answer = gateway.http().send(method, path, &[JSON], br#"{"status":"occupied"}"#);
            assert_problem(&answer, (405, "method_not_allowed", None, "Allow"), &format!("{method} {path}"));
            assert_eq!(answer.allow.as_deref(), allow, "{method} {path}");
        }
    });
}

/// The seed's event with `changes` in it.
fn event(changes: &Value) -> Value {
    let mut event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": true }, "confidence": 0.95, "cameraId": "cam-1"
    });
    for (key, value) in changes.as_object().expect("changes are an object") {
        event[key] = value.clone();
    }
    event
}

#[test]
fn what_a_vision_system_gets_wrong_is_named() {
    let body = |field, named| (422, "invalid_body", Some(field), named);
    let field = |field, named| (422, "invalid_field", Some(field), named);
    let cases: [(Value, Said<'_>); 20] = [
        (json!({ "confidence": 1.5 }), field("confidence", "0.0 to 1.0")),
        (json!({ "confidence": -0.1 }), field("confidence", "0.0 to 1.0")),
        (json!({ "confidence": 1e39 }), body("confidence", "out of range")),
        (json!({ "confidence": "0.9" }), body("confidence", "confidence")),
        (json!({ "confidence": null }), body("confidence", "confidence")),
        (json!({ "timestamp": "yesterday" }), body("timestamp", "RFC 3339")),
        (json!({ "timestamp": 1_770_388_200 }), body("timestamp", "timestamp")),
        (json!({ "eventType": "earthquake" }), body("eventType", "`earthquake`")),
        (json!({ "entityType": "attic" }), body("entityType", "`attic`")),
        (json!({ "entityType": "equipment" }), field("entityType", "\"room\"")),
        (json!({ "eventType": "equipment_status" }), field("entityType", "\"equipment\"")),
        (json!({ "entityId": "room-99" }), (404, "not_found", None, "\"room-99\"")),
        (json!({ "entityId": "room/1" }), (404, "not_found", None, "room/1")),
        (json!({ "data": {} }), field("data.occupied", "true or false")),
        (json!({ "data": { "occupied": "yes" } }), body("data.occupied", "occupied")),
        (json!({ "data": { "occupied": true, "colour": 1 } }), body("data.colour", "colour")),
        (json!({ "data": { "occupied": true, "doctorId": "doc-999" } }), field("doctorId", "doc-999")),
        (json!({ "cameraId": "" }), field("cameraId", "letters")),
        (json!({ "cameraId": "cam 1" }), field("cameraId", "letters")),
        (json!({ "colour": 1 }), body("colour", "colour")),
    ];
    nothing_changes_by(|gateway| {
        for (changes, said) in &cases {
            let answer =
                gateway.http().send("POST", WEBHOOK, &[JSON, KEY], event(changes).to_string().as_bytes());
            assert_problem(&answer, *said, &changes.to_string());
        }
        let nan = event(&json!({})).to_string().replace("0.95", "NaN");
        let answer = gateway.http().send("POST", WEBHOOK, &[JSON, KEY], nan.as_bytes());
        assert_problem(&answer, (400, "malformed_json", None, "JSON"), "NaN");
        let offline = json!({
            "eventType": "equipment_status", "entityType": "equipment", "entityId": "eq-99", "data": { "status": "offline" }
        });
        let answer =
            gateway.http().send("POST", WEBHOOK, &[JSON, KEY], event(&offline).to_string().as_bytes());
        assert_problem(&answer, (404, "not_found", None, "\"eq-99\""), "eq-99");
    });
}

#[test]
fn a_webhook_without_the_right_key_is_refused_whatever_it_says() {
    let unproven = |named| (401, "unauthenticated", None, named);
    let keys: [(&[(&str, &str)], Said<'_>); 6] = [
        (&[], unproven("X-OpenCV-API-Key")),
        (&[("X-OpenCV-API-Key", "opencv_secret_key_788")], unproven("not known here")),
        (&[("X-OpenCV-API-Key", "")], unproven("not known here")),
        (&[("X-OpenCV-API-Key", "claw_secret_key_456")], (403, "forbidden", None, "not for \"observe\"")),
        (&[("Authorization", "Bearer opencv_secret_key_788")], unproven("not known here")),
        (&[("Authorization", "Basic opencv_secret_key_789")], unproven("Bearer and the token")),
    ];
    nothing_changes_by(|gateway| {
        for (headers, said) in keys {
            for body in [event(&json!({})).to_string(), "{".into()] {
                let headers = [&[JSON], headers].concat();
                let answer = gateway.http().as_visitor().send("POST", WEBHOOK, &headers, body.as_bytes());
                assert_problem(&answer, said, &format!("{headers:?}"));
            }
        }
    });
}
