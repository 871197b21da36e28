//! The agent's tools, as the official MCP client calls them, and what the door says to whoever has no business there.

use harness::{Answer, Gateway, McpAgent, Setup};
use serde_json::{Value, json};

const KEY: &str = "claw_secret_key_456";
const CANARY: &str = "Erika Mustermann";
const LISTS: [(&str, &str); 5] = [
    ("list_rooms", "rooms"),
    ("list_equipment", "equipment"),
    ("list_tasks", "tasks"),
    ("list_actions", "actions"),
    ("list_alerts", "alarms"),
];

fn clinic(agent: &str) -> Gateway {
    let key = format!("[[auth.keys]]\nid = \"claw\"\nrole = \"agent\"\ndemo_key = \"{KEY}\"");
    Setup::without_cameras(&format!("{key}\n[claw.agent]\n{agent}")).start()
}

fn task(assignee: &str) -> Value {
    json!({ "type": "equipment_check", "description": "Look at eq-1", "reasoning": "It is due",
        "priority": "low", "assignee": assignee, "roomId": "room-2", "equipmentId": "eq-1", "estimatedDuration": 5 })
}

fn item() -> Value {
    json!({ "type": "agent_request", "title": "Look", "description": "At this", "reasoning": "I saw it",
        "urgency": "urgent", "roomId": "room-1", "context": { "seen": 2 }, "suggestedActions": ["Go there"] })
}

/// All that the agent could have changed.
fn state(gateway: &Gateway) -> [Value; 4] {
    let admin = gateway.admin();
    ["/api/tasks", "/api/actions", "/api/rooms", "/api/agent"].map(|path| {
        let answer = admin.get(path);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    })
}

/// A clinic and an agent that is connected to it.
struct Ward {
    gateway: Gateway,
    agent: McpAgent,
}

impl Ward {
    fn with(rails: &str) -> Self {
        let gateway = clinic(rails);
        let agent = McpAgent::connect(&gateway, KEY, "auto");
        Self { gateway, agent }
    }

    /// `tool` refuses with `code`, says `why`, and changes nothing.
    fn refuses(&mut self, tool: &str, ask: &Value, code: &str, why: &str) {
        let before = state(&self.gateway);
        let problem = self.agent.refused(tool, ask);
        assert_eq!(problem["code"], code, "{tool} {ask}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|it| it.contains(why)), "{why}: {problem}");
        assert_eq!(state(&self.gateway), before, "{tool} {ask}");
    }
}

fn with(mut ask: Value, field: &str, value: Value) -> Value {
    ask[field] = value;
    ask
}

fn without(mut ask: Value, field: &str) -> Value {
    ask.as_object_mut().expect("arguments are an object").remove(field);
    ask
}

#[test]
fn the_official_client_lists_the_tools_and_calls_each_by_either_protocol() {
    let gateway = clinic("phase = \"autonomous\"\nallowed_kinds = [\"equipment_check\"]");
    for (mode, protocol) in [("legacy", "2025-11-25"), ("auto", "2026-07-28")] {
        let mut agent = McpAgent::connect(&gateway, KEY, mode);
        let hello = agent.hello();
        assert_eq!((&hello["protocol"], &hello["server"]), (&json!(protocol), &json!("caresync-gateway")));
        let tools = hello["tools"].as_array().unwrap();
        let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        let lists = LISTS.map(|(tool, _)| tool);
        assert_eq!(names, [&lists[..], &["create_task", "create_action", "complete_task"]].concat());
        for (tool, noun) in LISTS {
            let told = agent.done(tool, &json!({}));
            assert_eq!(told["total"], json!(told[noun].as_array().unwrap().len()), "{tool}: {told}");
        }
        let rooms = agent.done("list_rooms", &json!({ "limit": 2, "status": "available" }));
        assert_eq!(
            (rooms["rooms"][1]["id"].as_str(), rooms["rooms"].as_array().unwrap().len()),
            (Some("room-2"), 2)
        );
        assert!(rooms["total"].as_u64() > Some(2), "the rest is counted: {rooms}");

        let made = agent.done("create_task", &task("agent"))["task"].clone();
        let shown =
            gateway.admin().get(&format!("/api/tasks/{}", made["id"].as_str().unwrap())).body["task"].clone();
        assert_eq!((&shown["created_by"], &shown["reasoning"]), (&json!("agent claw"), &json!("It is due")));
        assert_eq!((&shown["equipment_id"], &shown["estimated_duration"]), (&json!("eq-1"), &json!(5)));
        let own = json!({ "assignee": "agent", "roomId": "room-2" });
        assert_eq!(agent.done("list_tasks", &own)["tasks"], json!([made]));
        let done = json!({ "taskId": made["id"], "reasoning": "It runs again" });
        assert_eq!(agent.done("complete_task", &done)["task"]["status"], "completed");
        assert_eq!(
            agent.done("complete_task", &done)["task"]["status"],
            "completed",
            "a repeat is no mistake"
        );
        let path = format!("/api/tasks/{}", made["id"].as_str().unwrap());
        let notes = gateway.admin().get(&path).body["task"]["notes"].clone();
        assert_eq!((&notes[0]["text"], &notes[1]), (&json!("It runs again"), &Value::Null), "{notes}");
        assert_eq!(agent.done("list_tasks", &own)["tasks"], json!([]), "only open ones");

        let made = agent.done("create_action", &item())["action"].clone();
        let shown =
            gateway.admin().get(&format!("/api/actions/{}", made["id"].as_str().unwrap())).body["action"]
                .clone();
        assert_eq!((&shown["title"], &shown["suggested_actions"]), (&json!("Look"), &json!(["Go there"])));
        assert_eq!((&shown["context"]["seen"], &shown["urgency"]), (&json!(2), &json!("urgent")));
        let listed = agent.done("list_actions", &json!({ "roomId": "room-1", "urgency": "urgent" }));
        assert!(listed["actions"].as_array().unwrap().contains(&made), "{listed}");
        let unknown = agent.call("delete_everything", &json!({}));
        assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    }
    let metrics = gateway.metrics();
    let calls =
        |tool, outcome| metrics.value("caresync_mcp_calls_total", &[("tool", tool), ("outcome", outcome)]);
    assert_eq!((calls("create_task", "done"), calls("create_task", "refused")), (Some(2.0), Some(0.0)));
}

#[test]
fn what_is_outside_the_guard_rails_is_refused_with_its_reason_and_changes_nothing() {
    let rails = "phase = \"autonomous\"\nallowed_kinds = [\"equipment_check\", \"cleaning\"]\nopen_max = 3";
    let mut ward = Ward::with(rails);
    let unlisted = with(task("agent"), "type", json!("delivery"));
    ward.refuses("create_task", &unlisted, "forbidden", "\"delivery\" are for staff");

    let staffs = json!({ "type": "delivery", "description": "Bring it", "assignee": "staff" });
    let staffs = ward.gateway.http().post("/api/tasks", &staffs).body["task"]["id"].clone();
    let done = |id: &Value| json!({ "taskId": id, "reasoning": "It is done" });
    ward.refuses("complete_task", &done(&staffs), "forbidden", "not the agent's own");
    ward.refuses("complete_task", &done(&json!("nothing")), "not_found", "\"nothing\"");

    let cleaning = with(task("agent"), "type", json!("cleaning"));
    let cleaning = ward.agent.done("create_task", &cleaning)["task"]["id"].clone();
    ward.refuses("complete_task", &done(&cleaning), "forbidden", "staff say that a room is clean");

    let taken = ward.agent.done("create_task", &task("agent"))["task"]["id"].clone();
    let path = format!("/api/tasks/{}", taken.as_str().unwrap());
    assert_eq!(ward.gateway.http().patch(&path, &json!({ "assignee": "demo-doctor" })).status, 200);
    ward.refuses("complete_task", &done(&taken), "forbidden", "not the agent's own");

    ward.agent.done("create_action", &item());
    ward.refuses("create_task", &task("staff"), "over_limit", "3 open");
    ward.refuses("create_action", &item(), "over_limit", "3 open");
    let audit = ward.gateway.admin().get("/api/audit?limit=500").body;
    for (verb, outcome) in [("create_task", "over_limit"), ("create_task", "forbidden")] {
        let is_kept =
            |it: &Value| it["verb"] == verb && it["outcome"] == outcome && it["actor"] == "agent claw";
        assert!(audit["audit"].as_array().unwrap().iter().any(is_kept), "{verb}, {outcome}: {audit}");
    }
}

#[test]
fn arguments_that_are_wrong_are_refused_by_name_and_change_nothing() {
    let mut ward = Ward::with("phase = \"autonomous\"");
    let (long, many) = (json!("x".repeat(2_049)), json!(vec!["x"; 17]));
    let huge = json!({ "x": "y".repeat(4_096) });
    for (ask, why) in [
        (with(task("staff"), "roomId", json!("room-99")), "\"room-99\""),
        (with(task("staff"), "description", long.clone()), "2048"),
        (with(task("staff"), "idempotencyKey", json!("a b")), "idempotencyKey"),
    ] {
        ward.refuses("create_task", &ask, "invalid_field", why);
    }
    for (ask, why) in [
        (with(item(), "reasoning", long), "2048"),
        (with(item(), "reasoning", json!(" ")), "reasoning"),
        (with(item(), "suggestedActions", many), "the most is 16"),
        (with(item(), "context", huge), "4096"),
    ] {
        ward.refuses("create_action", &ask, "invalid_field", why);
    }
    ward.refuses("list_rooms", &json!({ "limit": 0 }), "invalid_field", "500");
    for (tool, ask, why) in [
        ("create_task", without(task("staff"), "reasoning"), "reasoning"),
        ("create_action", without(item(), "reasoning"), "reasoning"),
        ("complete_task", json!({ "taskId": "t-1" }), "reasoning"),
        ("create_task", with(task("staff"), "status", json!("completed")), "status"),
        ("create_task", with(task("staff"), "assignee", json!("demo-doctor")), "assignee"),
        ("list_tasks", json!({ "status": "completed" }), "status"),
    ] {
        ward.refuses(tool, &ask, "invalid_body", why);
    }
}

#[test]
fn a_repeat_under_one_key_makes_nothing_twice() {
    let mut ward = Ward::with("phase = \"autonomous\"");
    let ask = with(task("staff"), "idempotencyKey", json!("check-eq-1"));
    let first = ward.agent.done("create_task", &ask);
    assert_eq!(ward.agent.done("create_task", &ask), first);
    let mut again = McpAgent::connect(&ward.gateway, KEY, "legacy");
    assert_eq!(again.done("create_task", &ask), first, "from another connection, too");
    assert_eq!(ward.gateway.admin().get("/api/tasks").body["tasks"].as_array().unwrap().len(), 1);
    let other = with(ask, "description", json!("Something else"));
    ward.refuses("create_task", &other, "idempotency_key_reused", "Idempotency-Key");
    ward.agent.done("create_action", &with(item(), "idempotencyKey", json!("check-eq-1")));
}

#[test]
fn what_an_agent_asks_for_that_is_observed_or_assisted_is_noted_or_proposed() {
    let mut ward = Ward::with("phase = \"observation\"\nallowed_kinds = [\"*\"]");
    let before = state(&ward.gateway);
    for (tool, ask) in [("create_task", task("agent")), ("create_action", item())] {
        let noted = ward.agent.done(tool, &ask);
        assert_eq!(noted["done"], false, "{noted}");
        assert!(noted["message"].as_str().is_some_and(|why| why.contains("observation")), "{noted}");
    }
    assert_eq!(state(&ward.gateway), before);
    assert_eq!(ward.gateway.admin().patch("/api/agent", &json!({ "phase": "assisted" })).status, 200);
    let proposed = ward.agent.done("create_task", &task("agent"))["task"].clone();
    assert_eq!(proposed["status"], "proposed", "{proposed}");
    let done = json!({ "taskId": proposed["id"], "reasoning": "I approve of it" });
    ward.refuses("complete_task", &done, "forbidden", "staff approve or reject");
    let path = format!("/api/tasks/{}/approve", proposed["id"].as_str().unwrap());
    assert_eq!(ward.gateway.http().post(&path, &json!({})).status, 200);
    assert_eq!(ward.agent.done("complete_task", &done)["task"]["status"], "completed");
}

#[test]
fn no_name_that_anybody_typed_reaches_the_agent_by_its_tools() {
    let gateway = clinic("phase = \"autonomous\"\nallowed_kinds = [\"*\"]");
    let staff = gateway.http();
    let told = json!({ "type": "cleaning", "description": CANARY, "reasoning": CANARY, "assignee": "agent",
        "roomId": "room-1" });
    let made = staff.post("/api/tasks", &told);
    assert_eq!(made.status, 201, "{made:?}");
    let notes = format!("/api/tasks/{}/notes", made.body["task"]["id"].as_str().unwrap());
    assert_eq!(staff.post(&notes, &json!({ "text": CANARY })).status, 200);
    let told = json!({ "type": "manual", "title": CANARY, "description": CANARY, "reasoning": CANARY,
        "context": { CANARY: CANARY }, "suggested_actions": [CANARY], "room_id": "room-1" });
    assert_eq!(staff.post("/api/actions", &told).status, 201);
    let renamed = gateway.admin().patch("/api/rooms/room-1", &json!({ "name": CANARY }));
    assert_eq!(renamed.status, 200, "{renamed:?}");
    let mut agent = McpAgent::connect(&gateway, KEY, "auto");
    for (tool, noun) in LISTS {
        let told = agent.call(tool, &json!({})).to_string();
        assert!(!told.contains("Erika"), "{tool}: {told}");
        assert!(noun == "alarms" || told.contains("room-1"), "{tool}: {told}");
    }
    // Nor does the agent's own text come back, or into the log.
    let mut ask = task("staff");
    (ask["description"], ask["reasoning"]) = (CANARY.into(), CANARY.into());
    let told = agent.done("create_task", &ask).to_string();
    assert!(!told.contains("Erika") && !gateway.log().contains("Erika"), "{told}");
}

const JSON: (&str, &str) = ("Content-Type", "application/json");
const ACCEPT: (&str, &str) = ("Accept", "application/json, text/event-stream");
const BEARER: (&str, &str) = ("Authorization", "Bearer claw_secret_key_456");

fn post(gateway: &Gateway, more: &[(&str, &str)], body: &[u8]) -> Answer {
    gateway.http().as_visitor().send("POST", "/mcp", &[&[JSON, ACCEPT], more].concat(), body)
}

fn initialize(version: &str) -> Vec<u8> {
    let client = json!({ "name": CANARY, "version": "1" });
    let params = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }).to_string().into()
}

#[test]
fn only_the_agents_key_opens_the_door() {
    let gateway = clinic("phase = \"autonomous\"");
    let hello = initialize("2025-06-18");
    assert_eq!(post(&gateway, &[BEARER], &hello).status, 200);
    assert_eq!(post(&gateway, &[("X-CLAW-API-Key", KEY)], &hello).status, 200);
    for (proof, status, code) in [
        (None, 401, "unauthenticated"),
        (Some(("Authorization", "Bearer claw_secret_key_457")), 401, "unauthenticated"),
        (Some(("Authorization", "Basic eA==")), 401, "unauthenticated"),
        (Some(("X-OpenCV-API-Key", "opencv_secret_key_789")), 403, "forbidden"),
        (Some(("Authorization", "Bearer ADMIN-TOKEN")), 403, "forbidden"),
        (Some(("Authorization", "Bearer TOKEN")), 403, "forbidden"),
    ] {
        let refused = post(&gateway, proof.as_slice(), &hello);
        assert_eq!((refused.status, &refused.body["code"]), (status, &json!(code)), "{proof:?}: {refused:?}");
        assert_eq!(refused.kind, "application/problem+json");
    }
    for origin in ["https://evil.example", "null"] {
        let refused = post(&gateway, &[BEARER, ("Origin", origin)], &hello);
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("foreign_origin")), "{refused:?}");
    }
    let own = format!("http://127.0.0.1:{}", gateway.port());
    assert_eq!(post(&gateway, &[BEARER, ("Origin", &own)], &hello).status, 200);
    let rebound = post(&gateway, &[BEARER, ("Host", "evil.example")], &hello);
    assert_eq!((rebound.status, &rebound.body["code"]), (421, &json!("foreign_host")), "{rebound:?}");
}

#[test]
fn versions_are_negotiated() {
    let gateway = clinic("phase = \"autonomous\"");
    for (asked, spoken) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ] {
        let answer = post(&gateway, &[BEARER], &initialize(asked));
        assert_eq!(
            (answer.status, &answer.body["result"]["protocolVersion"]),
            (200, &json!(spoken)),
            "{answer:?}"
        );
        assert_eq!(answer.kind, "application/json");
    }
    assert!(
        !gateway.log().contains("Erika"),
        "what a client says of itself is not logged: {}",
        gateway.log()
    );
}

#[test]
fn what_is_no_message_of_the_protocol_is_refused_and_not_logged() {
    let gateway = clinic("phase = \"autonomous\"");
    let before = state(&gateway);
    let call = |arguments: &Value| {
        let params = json!({ "name": "create_task", "arguments": arguments });
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string()
    };
    let huge = json!({ "description": "x".repeat(70_000) });
    let whole = call(&task("staff"));
    for (body, more, status) in [
        (call(&huge), ("x-test", "huge"), 413),
        (whole.clone(), ("MCP-Protocol-Version", "1999-01-01"), 400),
        (String::from_utf8(initialize("2025-06-18")).unwrap(), ("MCP-Protocol-Version", "Erika"), 400),
        (whole[..whole.len() - 9].to_owned(), ("x-test", "cut off"), 400),
        ("\u{0}\u{1}garbage".to_owned(), ("x-test", "garbage"), 400),
        (format!("[{whole}]"), ("x-test", "a batch"), 422),
        ("{}".to_owned(), ("x-test", "no message"), 422),
        (whole.replace("\"2.0\"", "\"1.0\""), ("x-test", "another JSON-RPC"), 422),
    ] {
        let refused = post(&gateway, &[BEARER, more], body.as_bytes());
        assert_eq!(refused.status, status, "{more:?}: {refused:?}");
    }
    let unnamed = gateway.http().send(
        "POST",
        "/mcp",
        &[BEARER, ACCEPT, ("Content-Type", "text/plain")],
        whole.as_bytes(),
    );
    assert_eq!(unnamed.status, 415, "{unnamed:?}");
    for method in ["GET", "DELETE", "PUT"] {
        let refused = gateway.http().send(method, "/mcp", &[BEARER, ACCEPT], b"");
        assert_eq!((refused.status, refused.allow.as_deref()), (405, Some("POST")), "{method}: {refused:?}");
    }
    let unknown = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/burn" }).to_string();
    let answer = post(&gateway, &[BEARER], unknown.as_bytes());
    assert_eq!(
        (&answer.body["id"], &answer.body["error"]["code"]),
        (&json!(7), &json!(-32601)),
        "{answer:?}"
    );
    assert_eq!(state(&gateway), before);
    assert_eq!(post(&gateway, &[BEARER], whole.as_bytes()).status, 200, "and the whole one is taken");
    assert!(
        !gateway.log().contains("Erika"),
        "what a client says of itself is not logged: {}",
        gateway.log()
    );
}
