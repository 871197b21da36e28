//! The link to the agent, against a real server that checks what the upstream agent expects.

use std::io::Write;
use std::time::{Duration, Instant};

use harness::{AGENT_TOKEN, Gateway, Manner, SOON, Setup, UpstreamAgent};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

const STATUS: &str = "POST /webhook/facility-status";
const TASK: &str = "POST /webhook/task";
const HEALTH: &str = "GET /health";
const CANARY: &str = "Erika Mustermann";

/// A clinic whose gateway calls `agent`.
fn clinic(agent: &UpstreamAgent, more: &str) -> (Setup, NamedTempFile) {
    let mut token = NamedTempFile::new().expect("a temporary file can be made");
    writeln!(token, "{AGENT_TOKEN}").expect("it takes a line");
    let key = "[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"claw_secret_key_456\"";
    let link = format!(
        "[claw.agent]\nurl = \"{}\"\nbearer_file = \"{}\"\nphase = \"autonomous\"\n{more}",
        agent.url(),
        token.path().display()
    );
    (Setup::without_cameras(&format!("{key}\n{link}")), token)
}

fn soon<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + SOON;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < until, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Staff give the agent something to do. Returns its id.
fn assign(gateway: &Gateway) -> String {
    let body = json!({ "type": "delivery", "description": format!("For {CANARY}"), "assignee": "agent",
        "room_id": "room-1", "reasoning": CANARY });
    let answer = gateway.admin().post("/api/tasks", &body);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["task"]["id"].as_str().expect("it has an id").to_owned()
}

fn task(gateway: &Gateway, id: &str) -> Value {
    gateway.admin().get(&format!("/api/tasks/{id}")).body["task"].clone()
}

/// The action items about the task.
fn items_about(gateway: &Gateway, id: &str) -> Vec<Value> {
    let items = gateway.admin().get("/api/actions").body["actions"].as_array().expect("a list").clone();
    items.into_iter().filter(|item| item["context"]["task_id"] == id).collect()
}

#[test]
fn the_agent_hears_how_the_facility_does_and_of_a_change_at_once() {
    let agent = UpstreamAgent::start(Manner::well(""));
    let (setup, _token) = clinic(&agent, "status_every_s = 3600\n");
    let gateway = setup.start();
    let first = agent.wait_for(STATUS, |_| true);
    assert_eq!(first.authorization.as_deref(), Some(&*format!("Bearer {AGENT_TOKEN}")));
    let told = first.json();
    for list in ["rooms", "equipment", "tasks", "actionItems"] {
        assert!(told[list].is_array(), "{list} of {told}");
    }
    assert!(told["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{told}");
    assert!(told["facilityId"].is_string(), "{told}");
    let patients = json!({ "waiting": 0, "inExamination": 0, "inTreatment": 0, "checkingOut": 0 });
    assert_eq!(told["patients"], patients);
    assert_eq!(told["rooms"][0]["id"], "room-1");
    agent.wait_for(HEALTH, |heard| heard.authorization.is_some());
    soon("the agent is reached", || {
        (gateway.admin().get("/api/health").body["components"]["agent"]["status"] == "ok").then_some(())
    });
    let before = agent.heard(STATUS).len();
    for status in ["occupied", "needs_cleaning", "occupied", "needs_cleaning", "available", "needs_cleaning"]
    {
        let answer = gateway.admin().put("/api/rooms/room-1/status", &json!({ "status": status }));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    agent.wait_for(STATUS, |heard| heard.json()["rooms"][0]["status"] == "needs_cleaning");
    let times: Vec<_> = agent.heard(STATUS)[before..].iter().map(|heard| heard.at).collect();
    let pauses: Vec<_> = times.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(
        pauses.iter().all(|pause| *pause > Duration::from_millis(900)),
        "at most one a second: {pauses:?}"
    );
    assert!(gateway.stop().success());
}

#[test]
fn an_agent_that_is_away_is_an_alarm_until_it_is_back_and_its_updates_wait() {
    let mut agent = UpstreamAgent::start(Manner::well(""));
    let often = "status_every_s = 1\nhealth_every_s = 1\noffline_after_s = 2\n";
    let (setup, _token) = clinic(&agent, often);
    let gateway = setup.start();
    let mut client = gateway.connect();
    client.subscribe("system");
    let component = || gateway.admin().get("/api/health").body["components"]["agent"].clone();
    soon("the agent is reached", || (component()["status"] == "ok").then_some(()));
    agent.kill();
    let raised = client.wait_for(|frame| frame["type"] == "alarm:raised");
    assert_eq!(raised["data"]["cause"], "agent_offline");
    let away = component();
    assert_eq!(away["status"], "degraded", "{away}");
    assert!(away["reason"].as_str().is_some_and(|why| why.contains("away")), "{away}");
    assert!(!away.to_string().contains(&agent.url()), "{away}");
    gateway.admin().put("/api/rooms/room-1/status", &json!({ "status": "needs_cleaning" }));
    let heard = agent.heard(STATUS).len();
    agent.revive();
    let cleared = client.wait_for(|frame| frame["type"] == "alarm:cleared");
    assert_eq!(cleared["data"]["cause"], "agent_offline");
    assert_eq!(agent.heard(STATUS)[heard].json()["rooms"][0]["status"], "needs_cleaning");
    assert_eq!(component()["status"], "ok");
}

#[test]
fn what_the_agent_takes_it_does_and_what_it_hands_back_is_for_staff_with_its_reasoning() {
    let agent = UpstreamAgent::start(Manner::well(r#"{"accepted":true,"reasoning":"the robot is near"}"#));
    let (setup, _token) = clinic(&agent, "");
    let gateway = setup.start();
    let id = assign(&gateway);
    let offer = agent.wait_for(TASK, |_| true);
    let told = offer.json();
    assert_eq!(offer.key, Some(format!("task:{id}")));
    assert_eq!((&told["task"]["id"], &told["task"]["title"]), (&json!(id), &json!("delivery: room-1")));
    assert!(told["answerBy"].is_string(), "{told}");
    let taken = soon("it is taken", || Some(task(&gateway, &id)).filter(|it| it["status"] == "in_progress"));
    assert_eq!((&taken["assignee"], &taken["notes"][0]["by"]), (&json!("agent"), &json!("agent claw")));
    assert_eq!(taken["notes"][0]["text"], "the robot is near");
    agent.behave(Manner::well(r#"{"accepted":false,"reasoning":"the lift is out"}"#));
    let id = assign(&gateway);
    let items = soon("it is handed back", || Some(items_about(&gateway, &id)).filter(|it| !it.is_empty()));
    assert_eq!(
        (&items[0]["type"], &items[0]["reasoning"]),
        (&json!("agent_request"), &json!("the lift is out"))
    );
    assert_eq!(task(&gateway, &id)["assignee"], "staff");
    let audit = gateway.admin().get("/api/audit").body.to_string();
    assert_eq!(audit.matches("\"answer_task\"").count(), 2, "{audit}");
}

#[test]
fn what_the_agent_does_not_answer_in_five_seconds_is_for_staff_once() {
    let mut agent = UpstreamAgent::start(Manner::Hangs);
    let (setup, _token) = clinic(&agent, "");
    let gateway = setup.start();
    let manners = [
        Manner::Hangs,
        Manner::Garbage,
        Manner::Answers(500, String::new()),
        Manner::Answers(302, String::new()),
        Manner::well("<html>no JSON</html>"),
    ];
    let mut ids = Vec::new();
    for manner in manners {
        agent.behave(manner);
        let heard = agent.heard(TASK).len();
        ids.push(assign(&gateway));
        soon("the offer is made", || (agent.heard(TASK).len() > heard).then_some(()));
    }
    agent.kill();
    ids.push(assign(&gateway));
    assert!(items_about(&gateway, ids.last().unwrap()).is_empty(), "it has five seconds");
    for id in &ids {
        let items = soon("the item", || Some(items_about(&gateway, id)).filter(|it| !it.is_empty()));
        assert_eq!((items.len(), &items[0]["type"]), (1, &json!("escalation")), "{items:?}");
        assert_eq!(task(&gateway, id)["assignee"], "staff");
    }
}

#[test]
fn a_gateway_that_is_killed_meanwhile_forgets_no_offer() {
    let agent = UpstreamAgent::start(Manner::Hangs);
    let (setup, _token) = clinic(&agent, "");
    let gateway = setup.start();
    let id = assign(&gateway);
    agent.wait_for(TASK, |_| true);
    gateway.kill();
    let gateway = setup.start();
    let items = soon("the item", || Some(items_about(&gateway, &id)).filter(|it| !it.is_empty()));
    assert_eq!(items.len(), 1, "{items:?}");
    gateway.kill();
    let gateway = setup.start();
    assert_eq!(items_about(&gateway, &id).len(), 1);
}

#[test]
fn no_text_that_anybody_typed_is_in_any_message_to_the_agent() {
    let agent = UpstreamAgent::start(Manner::well(r#"{"accepted":true}"#));
    let (setup, _token) = clinic(&agent, "status_every_s = 1\n");
    let gateway = setup.start();
    let admin = gateway.admin();
    let item = json!({ "type": "manual", "urgency": "urgent", "title": CANARY, "description": CANARY,
        "context": { "who": CANARY }, "reasoning": CANARY, "suggested_actions": [CANARY], "room_id": "room-1" });
    let made = admin.post("/api/actions", &item);
    assert_eq!(made.status, 201, "{made:?}");
    let id = assign(&gateway);
    assert_eq!(admin.post(&format!("/api/tasks/{id}/notes"), &json!({ "text": CANARY })).status, 200);
    assert_eq!(admin.patch("/api/rooms/room-1", &json!({ "name": CANARY })).status, 200);
    let log = admin.post("/api/equipment/eq-1/maintenance", &json!({ "text": CANARY }));
    let patient = json!({ "status": "occupied", "current_patient_id": "patient-mustermann" });
    assert_eq!(admin.put("/api/rooms/room-1/status", &patient).status, 200);
    assert!(log.status < 500, "{log:?}");
    agent.wait_for(STATUS, |heard| {
        let told = heard.json();
        told["rooms"][0]["status"] == "occupied" && told["openActionItems"] == 1 && told["openTasks"] == 1
    });
    agent.wait_for(TASK, |_| true);
    let everything = agent.everything().to_lowercase();
    assert!(!everything.contains("erika") && !everything.contains("mustermann"), "{everything}");
    assert!(!gateway.log().contains(AGENT_TOKEN) && !gateway.log().contains("Erika"), "{}", gateway.log());
}
