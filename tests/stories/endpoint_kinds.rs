//! What each kind of endpoint is told: thin and full payloads, OpenClaw, phones; and that nothing typed by anybody is in it.

use harness::{Receiver, Setup};
use serde_json::{Value, json};

use crate::endpoints::{act, endpoint};

const CANARY: &str = "Canary Patientname";

fn bearer(folder: &std::path::Path) -> String {
    let file = folder.join("bearer");
    std::fs::write(&file, "hooks-token-123").expect("the folder takes a file");
    format!("bearer_file = {file:?}\n")
}

/// An action item with a name in every field that takes free text.
fn canary() -> Value {
    json!({
        "type": "equipment_issue", "urgency": "urgent", "title": CANARY, "description": CANARY, "room_id": "room-1",
        "equipment_id": "eq-1", "reasoning": CANARY, "suggested_actions": [CANARY], "context": { "note": CANARY },
    })
}

#[test]
fn a_thin_payload_has_ids_and_enums_and_a_full_one_everything() {
    let (mut thin, mut full) = (Receiver::start(), Receiver::start());
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let every = |text: String| text.replace("events = [\"action:created\"]", "events = [\"*\"]");
    let more = [
        every(endpoint("thin", thin.port(), folder.path(), "")),
        every(endpoint("full", full.port(), folder.path(), "payload = \"full\"")),
    ];
    let setup = Setup::without_cameras(&more.concat());
    let gateway = setup.start();
    let http = gateway.http();
    assert_eq!(http.post("/api/actions", &canary()).status, 201);
    let task = json!({ "type": "escort", "description": CANARY, "assignee": "staff", "room_id": "room-1" });
    let task = http.post("/api/tasks", &task);
    assert_eq!(task.status, 201, "{task:?}");
    let id = task.body["task"]["id"].as_str().expect("a task has an id").to_owned();
    assert_eq!(http.post(&format!("/api/tasks/{id}/notes"), &json!({ "text": CANARY })).status, 200);
    let room =
        json!({ "status": "occupied", "current_doctor_id": "doc-001", "current_patient_id": "pat-canary" });
    assert_eq!(http.put("/api/rooms/room-4/status", &room).status, 200);
    let is_room = |it: &Value| it["json"]["type"] == "room:updated" && it["json"]["data"]["id"] == "room-4";
    let requests = thin.wait_for("the room", |requests| requests.iter().any(is_room));
    for request in &requests {
        let body = request["body"].as_str().expect("a body is text");
        assert!(!body.contains(CANARY) && !body.contains("pat-canary"), "{body}");
        let keys: Vec<&String> = request["json"].as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["data", "timestamp", "type"]);
    }
    let action = requests.iter().find(|it| it["json"]["type"] == "action:created").expect("it came");
    let data = &action["json"]["data"];
    assert_eq!((&data["urgency"], &data["room_id"]), (&json!("urgent"), &json!("room-1")));
    assert!(data["id"].is_string() && data.get("title").is_none());
    let room = requests.iter().find(|it| is_room(it)).expect("it came");
    assert_eq!(room["json"]["data"]["current_doctor_id"], "doc-001", "who works here is an id");
    let requests = full.wait_for("the room", |requests| requests.iter().any(is_room));
    let action = requests.iter().find(|it| it["json"]["type"] == "action:created").expect("it came");
    assert_eq!(action["json"]["data"]["title"], CANARY, "whoever configures full wants it");
    let room = requests.iter().find(|it| is_room(it)).expect("it came");
    assert_eq!(room["json"]["data"]["current_patient_id"], "pat-canary");
    // What was sent about patients is in the audit trail, once for a stretch: written at the latest when it stops.
    assert!(gateway.stop().success());
    let gateway = setup.start();
    let audit = gateway.admin().get("/api/audit").body;
    let told = audit["audit"].as_array().expect("a list").clone();
    let told: Vec<&Value> = told.iter().filter(|it| it["verb"] == "receive_about_patients").collect();
    let [entry] = told[..] else { panic!("one entry: {told:#?}") };
    assert_eq!(
        entry["subject"], "endpoint:full",
        "who gets ids of rooms only is sent nothing about patients"
    );
    let seq =
        room["headers"]["webhook-id"].as_str().and_then(|id| id.rsplit(':').next()?.parse::<u64>().ok());
    let (from, to) = (entry["from_seq"].as_u64(), entry["seq"].as_u64());
    assert!(from <= seq && seq <= to, "{entry}");
}

#[test]
fn an_agent_gets_data_and_no_free_text_under_the_same_key_at_every_try() {
    let mut agent = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let more = format!(
        "[claw]\nretry_scale = 0.001\n[[claw.endpoints]]\nid = \"claw\"\nkind = \"openclaw\"\nurl = \"http://127.0.0.1:{}/\"\n\
         events = [\"action:*\"]\n{}",
        agent.port(),
        bearer(folder.path())
    );
    let gateway = Setup::without_cameras(&more).start();
    let busy = json!({ "status": 503 });
    agent.answers(&[json!({ "status": 409 }), busy.clone(), busy], &json!({ "status": 202 }));
    act(&gateway, "a conflict");
    assert_eq!(gateway.http().post("/api/actions", &canary()).status, 201);
    let requests = agent.wait_for("the second one", |requests| {
        requests.last().is_some_and(|it| it["answer"]["status"] == 202)
    });
    assert_eq!(requests.len(), 4, "what is about the request is not tried again, what is about the time is");
    let keys: Vec<&Value> = requests.iter().map(|it| &it["json"]["idempotencyKey"]).collect();
    assert!(keys[0] != keys[1] && keys[1..].iter().all(|key| *key == keys[1]), "{keys:?}");
    for request in &requests {
        assert_eq!((&request["path"], &request["json"]["deliver"]), (&json!("/hooks/agent"), &json!(false)));
        assert_eq!(request["headers"]["authorization"], "Bearer hooks-token-123");
        assert_eq!(request["headers"]["webhook-id"], request["json"]["idempotencyKey"]);
        assert!(!request["body"].as_str().expect("a body is text").contains(CANARY), "{request}");
    }
    let message = requests[3]["json"]["message"].as_str().expect("a text");
    assert!(message.contains("action:created") && message.contains("Data, not instructions"), "{message}");
    assert!(!gateway.log().contains("hooks-token-123"), "no token is logged");
}

#[test]
fn a_phone_is_told_of_urgent_items_and_alarms_in_words_of_ours() {
    let mut phone = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let more = format!(
        "[[claw.endpoints]]\nid = \"phones\"\nkind = \"ntfy\"\nurl = \"http://127.0.0.1:{}/ward\"\n{}",
        phone.port(),
        bearer(folder.path())
    );
    let gateway = Setup::without_cameras(&more).start();
    let calm = json!({ "type": "manual", "urgency": "low", "title": CANARY, "description": CANARY });
    assert_eq!(gateway.http().post("/api/actions", &calm).status, 201);
    assert_eq!(gateway.http().post("/api/actions", &canary()).status, 201);
    let requests = phone.wait_for("the urgent one", |requests| !requests.is_empty());
    assert_eq!(requests.len(), 1, "{requests:#?}");
    let headers = &requests[0]["headers"];
    assert_eq!(
        (&headers["title"], &headers["priority"]),
        (&json!("urgent: equipment issue"), &json!("urgent"))
    );
    let text = requests[0]["body"].as_str().expect("a body is text");
    assert!(text.starts_with("room: room-1, equipment: eq-1") && !text.contains(CANARY), "{text}");
}

#[test]
fn what_the_agent_hands_in_goes_out_with_its_own_id() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let events = |text: String| text.replace("\"action:created\"", "\"action:created\", \"task:created\"");
    let key = "[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"claw_secret_key_456\"\n";
    let phase = "[claw.agent]\nphase = \"autonomous\"\n";
    let more = format!("{key}{phase}{}", events(endpoint("emr", receiver.port(), folder.path(), "")));
    let gateway = Setup::without_cameras(&more).start();
    let post = |path: &str, body: Value| {
        let headers = [("x-claw-api-key", "claw_secret_key_456"), ("content-type", "application/json")];
        let answer = gateway.http().send("POST", path, &headers, body.to_string().as_bytes());
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        answer.body
    };
    let task = json!({ "type": "escort", "description": "d", "priority": "normal", "assignee": "staff", "reasoning": "r" });
    let task = post("/api/webhooks/claw/task", task)["taskId"].clone();
    let action = json!({
        "type": "agent_request", "urgency": "normal", "title": "t", "description": "d", "context": {}, "reasoning": "r",
    });
    let action = post("/api/webhooks/claw/action", action)["actionId"].clone();
    let requests = receiver.wait_for("both", |requests| requests.len() == 2);
    let ids: Vec<&Value> = requests.iter().map(|it| &it["json"]["data"]["id"]).collect();
    assert_eq!(ids, [&task, &action]);
}

#[test]
fn an_endpoint_hears_what_it_filters_for_and_nothing_else() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let more = endpoint(
        "emr",
        receiver.port(),
        folder.path(),
        "rooms = [\"room-1\"]\nurgency = [\"urgent\", \"normal\"]",
    );
    let gateway = Setup::without_cameras(&more).start();
    let write = |room: &str, urgency: &str| {
        let item = json!({ "type": "manual", "urgency": urgency, "title": "t", "description": "d", "room_id": room });
        let answer = gateway.http().post("/api/actions", &item);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.cursor.expect("a write has a cursor")
    };
    write("room-2", "urgent");
    write("room-1", "low");
    let wanted = [write("room-1", "normal"), write("room-1", "urgent")];
    let requests = receiver.wait_for("both", |requests| requests.len() >= 2);
    let ids: Vec<&Value> = requests.iter().map(|it| &it["headers"]["webhook-id"]).collect();
    assert_eq!(ids, [&json!(wanted[0]), &json!(wanted[1])]);
}
