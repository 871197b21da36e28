//! The agent under guard, over the wire: its phase, its limits, what staff decide and say, and the demo's.

use std::time::Instant;

use harness::{Gateway, Http, SOON, Setup};
use serde_json::{Value, json};

fn clinic(more: &str) -> Gateway {
    setup(more).start()
}

fn setup(more: &str) -> Setup {
    let key = "[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"claw_secret_key_456\"";
    Setup::without_cameras(&format!("{key}\n[claw.agent]\n{more}"))
}

fn agent(gateway: &Gateway) -> Http {
    gateway.http().bearing("claw_secret_key_456")
}

fn cleaning(assignee: &str) -> Value {
    json!({ "type": "cleaning", "description": "Clean the room", "assignee": assignee })
}

#[test]
fn the_agents_own_calls_work_as_its_contract_says() {
    let gateway = clinic("phase = \"autonomous\"");
    let agent = agent(&gateway);
    let task = agent.post("/api/tasks", &cleaning("staff"));
    assert_eq!((task.status, &task.body["task"]["status"]), (201, &json!("pending")), "{task:?}");
    let item = json!({ "type": "agent_request", "urgency": "normal", "title": "Look", "description": "At this",
        "reasoning": "I saw it" });
    let item = agent.post("/api/actions", &item);
    assert_eq!(item.status, 201, "{item:?}");
    let shown = gateway.admin().get(&format!("/api/actions/{}", item.body["action"]["id"].as_str().unwrap()));
    assert_eq!(shown.body["action"]["reasoning"], "I saw it");
    assert_eq!(shown.body["action"]["created_by"], "agent claw");
}

#[test]
fn an_admin_switches_the_phase_at_run_time_and_it_outlives_the_start() {
    let setup = setup("phase = \"observation\"");
    let gateway = setup.start();
    let admin = gateway.admin();
    let first = admin.get("/api/agent");
    assert_eq!((first.status, &first.body["agent"]["phase"]), (200, &json!("observation")), "{first:?}");
    for (who, code) in
        [(agent(&gateway), 403), (gateway.http().bearing("TOKEN"), 403), (gateway.http().as_visitor(), 401)]
    {
        let refused = who.patch("/api/agent", &json!({ "phase": "autonomous" }));
        assert_eq!(refused.status, code, "{refused:?}");
    }
    let stale = admin.send(
        "PATCH",
        "/api/agent",
        &[("Content-Type", "application/json"), ("If-Match", "\"9\"")],
        br#"{"phase":"assisted"}"#,
    );
    assert_eq!((stale.status, &stale.body["current"]["phase"]), (412, &json!("observation")), "{stale:?}");
    let set = admin.patch("/api/agent", &json!({ "phase": "assisted" }));
    assert_eq!((set.status, &set.body["agent"]["set_by"]), (200, &json!("demo-admin")), "{set:?}");
    let proposed = agent(&gateway).post("/api/tasks", &cleaning("staff"));
    assert_eq!(proposed.body["task"]["status"], "proposed", "{proposed:?}");
    let audit = admin.get("/api/audit").body.to_string();
    assert!(audit.contains("\"set_agent_phase\"") && audit.contains("demo-admin"), "{audit}");
    assert!(gateway.stop().success());
    let gateway = setup.start();
    assert_eq!(gateway.admin().get("/api/agent").body["agent"]["phase"], "assisted");
}

#[test]
fn what_breaks_a_guard_rail_is_refused_with_its_reason_and_changes_nothing() {
    let gateway = clinic("phase = \"autonomous\"\nallowed_kinds = [\"equipment_check\"]\nper_hour_max = 2");
    let agent = agent(&gateway);
    let itself = agent.post("/api/tasks", &cleaning("agent"));
    assert_eq!((itself.status, &itself.body["code"]), (403, &json!("forbidden")), "{itself:?}");
    assert!(itself.body["detail"].as_str().is_some_and(|why| why.contains("\"cleaning\"")), "{itself:?}");
    for _ in 0..2 {
        assert_eq!(agent.post("/api/tasks", &cleaning("staff")).status, 201);
    }
    let more = agent.post("/api/tasks", &cleaning("staff"));
    assert_eq!((more.status, &more.body["code"]), (429, &json!("over_limit")), "{more:?}");
    assert!(more.body["detail"].as_str().is_some_and(|why| why.contains("an hour")), "{more:?}");
    let tasks = gateway.admin().get("/api/tasks").body["tasks"].as_array().unwrap().len();
    assert_eq!(tasks, 2);
    let shown = gateway.admin().get("/api/agent").body["agent"].clone();
    assert_eq!((&shown["made_this_hour"], &shown["open"]), (&json!(2), &json!(2)), "{shown}");
}

#[test]
fn staff_decide_with_a_reason_and_say_what_they_think() {
    let gateway = clinic("phase = \"assisted\"");
    let (admin, agent, doctor) = (gateway.admin(), agent(&gateway), gateway.http().bearing("TOKEN"));
    let propose =
        || agent.post("/api/tasks", &cleaning("staff")).body["task"]["id"].as_str().unwrap().to_owned();
    let (yes, no) = (propose(), propose());
    let unsaid = doctor.post(&format!("/api/tasks/{no}/reject"), &json!({ "reason": " " }));
    assert_eq!((unsaid.status, &unsaid.body["field"]), (422, &json!("reason")), "{unsaid:?}");
    let own = agent.post(&format!("/api/tasks/{yes}/approve"), &json!({}));
    assert_eq!(own.status, 403, "{own:?}");
    let rejected = doctor.post(&format!("/api/tasks/{no}/reject"), &json!({ "reason": "It is clean" }));
    assert_eq!(
        (rejected.status, &rejected.body["task"]["status"]),
        (200, &json!("cancelled")),
        "{rejected:?}"
    );
    assert_eq!(rejected.body["task"]["notes"][0]["text"], "It is clean");
    let approved = doctor.post(&format!("/api/tasks/{yes}/approve"), &json!({}));
    assert_eq!((approved.status, &approved.body["task"]["status"]), (200, &json!("pending")), "{approved:?}");
    let opinion = json!({ "task_id": no, "verdict": "wrong", "comment": "It was cleaned a minute ago" });
    assert_eq!(doctor.post("/api/agent/feedback", &opinion).status, 204);
    assert_eq!(agent.post("/api/agent/feedback", &opinion).status, 403);
    assert_eq!(doctor.get("/api/agent/feedback").status, 403);
    let kept = admin.get("/api/agent/feedback").body["feedback"].clone();
    assert_eq!(
        (&kept[0]["task_id"], &kept[0]["verdict"], &kept[0]["by"], &kept[1]),
        (&json!(no), &json!("wrong"), &json!("demo-doctor"), &Value::Null),
        "{kept}"
    );
}

#[test]
fn the_demos_agent_plays_along_and_says_what_it_is() {
    let more = "phase = \"autonomous\"\n[claw]\ndemo_agent = true";
    let gateway = clinic(more);
    let admin = gateway.admin();
    for status in ["occupied", "available"] {
        assert_eq!(admin.put("/api/rooms/room-2/status", &json!({ "status": status })).status, 200);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let broken = admin.put("/api/equipment/eq-1/status", &json!({ "status": "needs_maintenance" }));
    assert_eq!(broken.status, 200, "{broken:?}");
    let until = Instant::now() + SOON;
    let tasks = loop {
        let tasks = admin.get("/api/tasks").body["tasks"].as_array().unwrap().clone();
        if tasks.len() >= 2 {
            break tasks;
        }
        assert!(Instant::now() < until, "{tasks:?}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let kinds: Vec<_> = tasks.iter().map(|task| task["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["cleaning", "equipment_check"]);
    for task in tasks {
        assert_eq!(task["created_by"], "agent demo-agent");
        for text in ["description", "reasoning"] {
            assert!(task[text].as_str().is_some_and(|said| said.starts_with("[demo agent]")), "{task}");
        }
    }
}
