//! What the CLAW agent asks for by webhook: the seed's two calls, and what happens when they come twice, from the
//! wrong sender, too often or signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use harness::{Answer, Gateway, Setup};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const KEY: (&str, &str) = ("X-CLAW-API-Key", "claw_secret_key_456");
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn gateway() -> Gateway {
    with("autonomous")
}

fn with(phase: &str) -> Gateway {
    setup(&format!("[claw.agent]\nphase = \"{phase}\"")).start()
}

fn setup(more: &str) -> Setup {
    let key = "[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"claw_secret_key_456\"";
    Setup::without_cameras(&format!("{key}\n{more}"))
}

fn post(gateway: &Gateway, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([JSON]).collect();
    gateway.http().send("POST", path, &headers, body.to_string().as_bytes())
}

fn task() -> Value {
    json!({
        "type": "cleaning", "description": "Prepare the room for the next patient", "priority": "urgent",
        "assignee": "staff", "doctorId": "doc-001", "roomId": "room-1", "equipmentId": "eq-3",
        "estimatedDuration": 15, "reasoning": "A patient is due in 20 minutes"
    })
}

fn action() -> Value {
    json!({
        "type": "policy_conflict", "urgency": "urgent", "title": "Two patients for one room",
        "description": "Both are expected in Exam Room 1", "context": { "rooms": ["room-1"] },
        "reasoning": "The schedule says so", "suggestedActions": ["Move one to Exam Room 2"],
        "doctorId": "doc-001", "roomId": "room-1"
    })
}

#[test]
fn the_seeds_task_is_made_and_heard_of() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("tasks");
    let answer = post(&gateway, "/api/webhooks/claw/task", &[KEY], &task());
    assert_eq!((answer.status, &answer.body["success"]), (201, &json!(true)), "{answer:?}");
    let event = client.wait_for(|frame| frame["type"] == "task:created");
    assert_eq!(event["data"]["id"], answer.body["taskId"]);
    let fields =
        ["type", "priority", "assignee", "doctor_id", "room_id", "equipment_id", "estimated_duration"];
    let shown: Vec<_> = fields.iter().map(|field| event["data"][field].clone()).collect();
    assert_eq!(
        shown,
        [
            json!("cleaning"),
            json!("urgent"),
            json!("staff"),
            json!("doc-001"),
            json!("room-1"),
            json!("eq-3"),
            json!(15)
        ]
    );
    assert!(answer.body["createdAt"].as_str().is_some_and(|at| at.ends_with('Z')), "{answer:?}");
    assert_eq!(event["data"]["status"], "pending");
}

#[test]
fn the_seeds_action_is_made_and_heard_of() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("actions");
    let answer = post(&gateway, "/api/webhooks/claw/action", &[KEY], &action());
    assert_eq!((answer.status, &answer.body["success"]), (201, &json!(true)), "{answer:?}");
    let event = client.wait_for(|frame| frame["type"] == "action:created");
    assert_eq!(
        (&event["data"]["id"], &event["data"]["urgency"]),
        (&answer.body["actionId"], &json!("urgent"))
    );
    let shown = gateway.http().get(&format!("/api/actions/{}", answer.body["actionId"].as_str().unwrap()));
    assert_eq!(shown.body["action"]["suggested_actions"], json!(["Move one to Exam Room 2"]), "{shown:?}");
    assert_eq!(shown.body["action"]["created_by"], "agent claw");
}

#[test]
fn a_key_is_taken_in_each_of_its_headers_and_nobody_elses() {
    let gateway = gateway();
    let bearer = ("Authorization", "Bearer claw_secret_key_456");
    for headers in [[KEY], [bearer], [("x-openclaw-token", "claw_secret_key_456")]] {
        assert_eq!(post(&gateway, "/api/webhooks/claw/task", &headers, &task()).status, 201, "{headers:?}");
    }
    let wrong = [("X-CLAW-API-Key", "claw_secret_key_457")];
    for headers in
        [&wrong[..], &[("Authorization", "Bearer ADMIN-TOKEN")], &[("Authorization", "Basic eA==")]]
    {
        let answer = post(&gateway, "/api/webhooks/claw/task", headers, &task());
        assert_eq!((answer.status, answer.kind.as_str()), (401, "application/problem+json"), "{headers:?}");
    }
    let device = [("X-OpenCV-API-Key", "opencv_secret_key_789")];
    let answer = post(&gateway, "/api/webhooks/claw/task", &device, &task());
    assert_eq!((answer.status, &answer.body["code"]), (403, &json!("forbidden")), "{answer:?}");
    let answer = gateway.http().send("POST", "/api/webhooks/claw/task", &[JSON], b"{}");
    assert_eq!(answer.status, 401, "{answer:?}");
}

#[test]
fn a_delivery_that_comes_again_gets_the_same_answer_also_after_a_crash() {
    let setup = setup("[claw.agent]\nphase = \"autonomous\"");
    let gateway = setup.start();
    let named = [KEY, ("webhook-id", "msg_1")];
    let first = post(&gateway, "/api/webhooks/claw/task", &named, &task());
    let again = post(&gateway, "/api/webhooks/claw/task", &named, &task());
    assert_eq!((again.status, &again.body), (201, &first.body));
    gateway.kill();
    let gateway = setup.start();
    let again = post(&gateway, "/api/webhooks/claw/task", &named, &task());
    assert_eq!((again.status, &again.body), (201, &first.body));
    let tasks = gateway.http().get("/api/tasks").body["tasks"].as_array().map(Vec::len);
    assert_eq!(tasks, Some(1), "one effect");
    let mut other = task();
    other["description"] = "Something else".into();
    let answer = post(&gateway, "/api/webhooks/claw/task", &named, &other);
    assert_eq!((answer.status, &answer.body["code"]), (422, &json!("idempotency_key_reused")), "{answer:?}");
    let answer = post(&gateway, "/api/webhooks/claw/task", &[KEY, ("Idempotency-Key", "msg_2")], &other);
    assert_eq!(answer.status, 201, "another name is another delivery");
}

#[test]
fn what_is_wrong_with_a_webhook_is_named() {
    let gateway = gateway();
    for (field, value, status, named) in [
        ("priority", json!("soon"), 422, "priority"),
        ("assignee", json!("somebody"), 422, "assignee"),
        ("roomId", json!("room-99"), 422, "room_id"),
        ("doctorId", json!("doc-999"), 422, "doctor_id"),
        ("equipmentId", json!("eq-99"), 422, "equipment_id"),
        ("description", json!("x".repeat(2_049)), 422, "description"),
        ("colour", json!("red"), 422, "colour"),
    ] {
        let mut body = task();
        body[field] = value;
        let answer = post(&gateway, "/api/webhooks/claw/task", &[KEY], &body);
        assert_eq!((answer.status, &answer.body["field"]), (status, &json!(named)), "{answer:?}");
    }
    let answer = post(&gateway, "/api/webhooks/claw/action", &[KEY], &json!({ "type": "manual" }));
    assert_eq!(answer.status, 422, "{answer:?}");
}

#[test]
fn a_signed_webhook_needs_no_key_and_a_changed_one_is_refused() {
    let gateway = gateway();
    let now = harness::unix_s();
    let body = task().to_string();
    let sign = |at: u64, body: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY.1.as_bytes()).unwrap();
        mac.update(format!("msg_9.{at}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    };
    let send = |at: u64, signature: &str, body: &str| {
        let at = at.to_string();
        let headers = [
            JSON,
            ("webhook-id", "msg_9"),
            ("webhook-timestamp", at.as_str()),
            ("webhook-signature", signature),
        ];
        gateway.http().send("POST", "/api/webhooks/claw/task", &headers, body.as_bytes()).status
    };
    assert_eq!(send(now, &sign(now, &body), &body), 201);
    assert_eq!(send(now, &format!("v1,AAAA {}", sign(now, &body)), &body), 201, "a sender may rotate");
    assert_eq!(send(now, &sign(now, &body), &body.replace("urgent", "low")), 401);
    assert_eq!(send(now - 301, &sign(now - 301, &body), &body), 401, "a recording is not played again");
    assert_eq!(send(now, "v1,AAAA", &body), 401);
}

#[test]
fn a_key_that_sends_too_much_waits_and_disturbs_nobody() {
    let gateway = setup("[claw.agent]\nphase = \"autonomous\"\n[auth]\nkey_requests_per_s = 3").start();
    let answers: Vec<_> =
        (0..8).map(|_| post(&gateway, "/api/webhooks/claw/task", &[KEY], &task()).status).collect();
    assert!(answers.contains(&429) && answers[0] == 201, "{answers:?}");
    let device = [("X-OpenCV-API-Key", "opencv_secret_key_789")];
    assert_eq!(post(&gateway, "/api/webhooks/opencv/event", &device, &json!({})).status, 422);
}

#[test]
fn what_an_assisted_agent_asks_for_is_proposed_and_staff_decide() {
    let gateway = with("assisted");
    let mut client = gateway.connect();
    client.subscribe("tasks");
    let answer = post(&gateway, "/api/webhooks/claw/task", &[KEY], &task());
    let event = client.wait_for(|frame| frame["type"] == "task:created");
    assert_eq!(
        (&event["data"]["id"], &event["data"]["status"]),
        (&answer.body["taskId"], &json!("proposed"))
    );
    let path = format!("/api/tasks/{}", answer.body["taskId"].as_str().unwrap());
    let by_agent = gateway.http().send(
        "PATCH",
        &path,
        &[("Authorization", "Bearer claw_secret_key_456"), JSON],
        br#"{"status":"pending"}"#,
    );
    assert_eq!(by_agent.status, 403, "nobody approves the own proposal: {by_agent:?}");
    let by_staff = gateway.http().send(
        "PATCH",
        &path,
        &[("Authorization", "Bearer TOKEN"), JSON],
        br#"{"status":"pending"}"#,
    );
    assert_eq!((by_staff.status, &by_staff.body["task"]["status"]), (200, &json!("pending")), "{by_staff:?}");
}

#[test]
fn an_observed_agent_changes_nothing() {
    let gateway = with("observation");
    for (path, body) in [("/api/webhooks/claw/task", task()), ("/api/webhooks/claw/action", action())] {
        let answer = post(&gateway, path, &[KEY], &body);
        assert_eq!((answer.status, &answer.body["taskId"]), (202, &Value::Null), "{answer:?}");
    }
    assert_eq!(gateway.http().get("/api/tasks").body["tasks"], json!([]));
    assert_eq!(gateway.http().get("/api/actions").body["actions"], json!([]));
}

#[test]
fn senders_can_ask_whether_webhooks_are_taken() {
    let gateway = gateway();
    let answer = gateway.http().get("/api/webhooks/health");
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("ok")), "{answer:?}");
}
