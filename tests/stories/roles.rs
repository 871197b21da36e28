//! The table of roles, through the doors: who may do what, hear what and see what. The tables here are written by
//! hand from the design, not read from the code.

use harness::{Client, Gateway, Setup};
use serde_json::{Value, json};

/// Every role with the token or key that proves it.
const ROLES: [(&str, &str); 10] = [
    ("admin", "admin-token"),
    ("head_doctor", "head_doctor-token"),
    ("doctor", "doctor-token"),
    ("nurse", "nurse-token"),
    ("medical_assistant", "medical_assistant-token"),
    ("operator", "operator-token"),
    ("viewer", "viewer-token"),
    ("device", "a-device-with-every-scope"),
    ("agent", "an-agent-with-every-scope"),
    ("peer", "a-peer-with-every-scope"),
];

/// Words that only a hidden field can hold.
const PATIENT: &str = "canary-patient-id";
const FREE_TEXT: &str = "canary free text";

fn gateway() -> Gateway {
    let mut more = String::new();
    for (role, token) in ROLES {
        let key = ["device", "agent", "peer"].contains(&role);
        more += &match key {
            true => format!(
                "[[auth.keys]]\nid = \"{role}-1\"\nrole = \"{role}\"\ndemo_key = \"{token}\"\n\
                 scopes = [\"observe\", \"work\", \"read\", \"metrics\"]\n"
            ),
            false => format!(
                "[[auth.demo_users]]\nid = \"{role}-1\"\nemail = \"{role}@clinic.lan\"\nname = \"{role}\"\nrole = \"{role}\"\n\
                 password = \"demo-caresync\"\ntoken = \"{token}\"\n{}",
                if role == "medical_assistant" { "manages = [\"doc-001\"]\n" } else { "" }
            ),
        };
    }
    Setup::without_cameras(&format!("{more}[claw.agent]\nphase = \"autonomous\"")).start()
}

/// What is tried for a row of the table: method, path, body. Each can be tried by everybody in turn.
fn attempts() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let task =
        json!({ "type": "delivery", "description": FREE_TEXT, "assignee": "staff", "doctor_id": "doc-001" });
    let item = json!({ "type": "manual", "urgency": "low", "title": FREE_TEXT, "description": FREE_TEXT });
    vec![
        ("rooms", "PUT", "/api/rooms/room-1/status", json!({ "status": "occupied" })),
        ("rooms", "PUT", "/api/facility/rooms/room-1/status", json!({ "status": "needs_cleaning" })),
        ("equipment", "PUT", "/api/equipment/eq-1/status", json!({ "status": "in_use" })),
        ("actions", "POST", "/api/actions", item),
        ("tasks", "POST", "/api/tasks", task),
        ("alarms", "POST", "/api/alarms/nothing/acknowledge", json!({})),
        ("catalogue", "POST", "/api/doctors", json!({ "id": "doc-100", "name": "Dr. New" })),
        ("catalogue", "PATCH", "/api/rooms/room-2", json!({ "name": "Exam Room Two" })),
        ("automation", "PUT", "/api/automation", json!({ "turnover": "full" })),
        ("administration", "GET", "/api/users", Value::Null),
        ("administration", "GET", "/api/audit", Value::Null),
        ("administration", "GET", "/api/keys", Value::Null),
    ]
}

/// Who may, by DESIGN: the roles of a row.
fn may(row: &str) -> &'static [&'static str] {
    match row {
        "rooms" => &["admin", "head_doctor", "doctor", "nurse", "medical_assistant"],
        "equipment" => &["admin", "head_doctor", "nurse", "medical_assistant", "operator"],
        "actions" | "tasks" => &["admin", "head_doctor", "doctor", "nurse", "medical_assistant", "agent"],
        "alarms" => &["admin", "head_doctor", "doctor", "nurse", "medical_assistant", "operator"],
        "catalogue" | "automation" => &["admin", "head_doctor"],
        "administration" => &["admin"],
        other => panic!("no row {other}"),
    }
}

#[test]
fn every_role_may_do_what_its_row_says_and_nothing_else() {
    let gateway = gateway();
    for (row, method, path, body) in attempts() {
        for (role, token) in ROLES {
            let http = gateway.http().bearing(token);
            let answer = match method {
                "GET" => http.get(path),
                "PUT" => http.put(path, &body),
                "PATCH" => http.patch(path, &body),
                _ => http.post(path, &body),
            };
            let is_allowed = may(row).contains(&role);
            assert_eq!(answer.status == 403, !is_allowed, "{role} {method} {path}: {answer:?}");
            assert!(answer.status != 401 && answer.status < 500, "{role} {method} {path}: {answer:?}");
            if !is_allowed {
                assert_eq!(answer.body["code"], "forbidden", "{role} {method} {path}: {answer:?}");
            }
        }
        let visitor = gateway.http().as_visitor();
        let status = match method {
            "GET" => visitor.get(path).status,
            _ => {
                visitor
                    .send(method, path, &[("content-type", "application/json")], body.to_string().as_bytes())
                    .status
            }
        };
        assert!(status == 401 || (method == "GET" && status == 403), "a visitor, {method} {path}: {status}");
    }
}

#[test]
fn an_assistant_works_for_the_doctors_of_the_account_only() {
    let gateway = gateway();
    let http = gateway.http().bearing("medical_assistant-token");
    let task = |doctor: &str| json!({ "type": "delivery", "description": "Bring gloves", "assignee": "staff", "doctor_id": doctor });
    assert_eq!(http.post("/api/tasks", &task("doc-001")).status, 201);
    assert_eq!(http.post("/api/tasks", &task("doc-002")).status, 403);
    let occupied = |doctor: &str| json!({ "status": "occupied", "current_doctor_id": doctor });
    assert_eq!(http.put("/api/rooms/room-3/status", &occupied("doc-002")).status, 403);
    assert_eq!(http.put("/api/rooms/room-3/status", &occupied("doc-001")).status, 200);
    let doctor = gateway.http().bearing("doctor-token");
    assert_eq!(doctor.put("/api/rooms/room-3/status", &occupied("doc-002")).status, 200);
    assert_eq!(http.put("/api/rooms/room-3/status", &json!({ "status": "available" })).status, 403);
}

#[test]
fn every_role_hears_what_its_row_says_and_nothing_else() {
    let gateway = gateway();
    let machines_too = ["facility", "actions", "tasks", "all"];
    for (role, token) in ROLES {
        let connected = Client::try_connect_bearing(gateway.port(), "/ws", token);
        if role == "device" {
            assert!(connected.is_err(), "a device hears nothing");
            continue;
        }
        let mut client = connected.unwrap_or_else(|error| panic!("{role}: {error}"));
        assert_eq!(client.greeting["data"]["role"], role);
        for channel in ["facility", "actions", "tasks", "cameras", "system", "all"] {
            client.send(&json!({ "type": "subscribe", "room": channel, "id": channel }));
            let answer = client.wait_for(|frame| frame["id"] == channel);
            let hears = role != "agent" || machines_too.contains(&channel);
            let kind = if hears { "subscribed" } else { "error" };
            assert_eq!(answer["type"], kind, "{role} {channel}: {answer}");
        }
    }
}

/// Fills every field that some view hides.
fn fill(gateway: &Gateway) {
    let admin = gateway.http().bearing("admin-token");
    let room = json!({ "status": "occupied", "current_patient_id": PATIENT, "current_doctor_id": "doc-001" });
    assert_eq!(admin.put("/api/rooms/room-1/status", &room).status, 200);
    let item = json!({
        "type": "manual", "urgency": "urgent", "title": FREE_TEXT, "description": FREE_TEXT, "reasoning": FREE_TEXT,
        "context": { "note": FREE_TEXT }, "suggested_actions": [FREE_TEXT],
    });
    assert_eq!(admin.post("/api/actions", &item).status, 201);
    let task = json!({
        "type": "delivery", "description": FREE_TEXT, "assignee": "staff", "reasoning": FREE_TEXT,
    });
    let task = admin.post("/api/tasks", &task);
    let notes = format!("/api/tasks/{}/notes", task.body["task"]["id"].as_str().expect("a task has an id"));
    assert!(admin.post(&notes, &json!({ "text": FREE_TEXT })).status < 300);
}

#[test]
fn no_role_receives_what_its_view_hides_at_any_door() {
    let gateway = gateway();
    let mut listeners: Vec<_> = ROLES
        .iter()
        .filter(|(role, _)| *role != "device")
        .map(|(role, token)| {
            let mut client = Client::try_connect_bearing(gateway.port(), "/ws", token).unwrap();
            client.send(&json!({ "type": "subscribe", "room": "all", "snapshot": true }));
            (*role, client, String::new())
        })
        .collect();
    fill(&gateway);
    let last = gateway
        .http()
        .bearing("admin-token")
        .put("/api/rooms/room-9/status", &json!({ "status": "occupied" }));
    assert_eq!(last.status, 200);
    for (_, client, heard) in &mut listeners {
        loop {
            let frame = client.frame();
            *heard += &frame.to_string();
            if frame["type"] == "room:updated" && frame["data"]["id"] == "room-9" {
                break;
            }
        }
    }
    for (role, token) in ROLES {
        let http = gateway.http().bearing(token);
        let mut seen = String::new();
        for path in [
            "/api/rooms",
            "/api/rooms/room-1",
            "/api/actions",
            "/api/tasks",
            "/api/facility/status",
            "/api/alarms",
        ] {
            seen += &http.get(path).body.to_string();
        }
        if let Some((_, _, heard)) = listeners.iter().find(|(other, ..)| *other == role) {
            seen += heard;
        }
        let sees_patients =
            ["admin", "head_doctor", "doctor", "nurse", "medical_assistant", "operator", "agent", "peer"];
        let sees_texts = ["admin", "head_doctor", "doctor", "nurse", "medical_assistant", "operator", "peer"];
        assert_eq!(seen.contains(PATIENT), sees_patients.contains(&role), "patients, {role}");
        assert_eq!(seen.contains(FREE_TEXT), sees_texts.contains(&role), "free text, {role}");
        assert_eq!(seen.contains("Exam Room 1"), !["agent", "device"].contains(&role), "names, {role}");
    }
    let visitor = gateway.http().as_visitor();
    let seen = visitor.get("/api/rooms").body.to_string() + &visitor.get("/api/actions").body.to_string();
    assert!(seen.contains("Exam Room 1") && !seen.contains("canary"), "{seen}");
    let log = gateway.log();
    assert!(!log.contains("canary") && !log.contains("-token"), "{log}");
}
