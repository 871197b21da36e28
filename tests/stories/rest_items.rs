//! Action items, tasks and alarms over REST, and the clinic at a glance.

use std::collections::BTreeSet;

use harness::{Answer, Gateway, Http, Setup};
use serde_json::{Value, json};

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, field: &str) {
    assert_eq!((answer.status, answer.body["field"].as_str()), (status, Some(field)), "{answer:?}");
}

fn id(answer: &Answer, noun: &str) -> String {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body[noun]["id"].as_str().expect("a new thing has an id").to_owned()
}

#[test]
fn an_action_item_is_written_taken_done_and_removed() {
    let gateway = gateway();
    let http = gateway.http();
    let mut client = gateway.connect();
    client.subscribe("actions");
    let new = json!({
        "type": "room_issue", "title": "The lamp flickers", "description": "Since Monday.", "roomId": "room-2",
        "suggestedActions": ["call the electrician"], "context": { "seen": 2 }
    });
    let made = http.post("/api/actions", &new);
    let path = format!("/api/actions/{}", id(&made, "action"));
    assert_eq!(made.location.as_deref(), Some(&*path));
    let action = &made.body["action"];
    assert_eq!(
        (&action["urgency"], &action["status"], &action["room_id"], &action["suggested_actions"][0]),
        (&json!("normal"), &json!("pending"), &json!("room-2"), &json!("call the electrician"))
    );
    assert!(action["time_waiting"].as_u64().is_some_and(|seconds| seconds < 60), "{action}");
    assert_eq!(client.frame()["type"], "action:created");
    let taken = http.patch(&path, &json!({ "status": "in_progress", "assignedTo": "demo-doctor" }));
    assert_eq!(
        (taken.status, &taken.body["action"]["assigned_to"]),
        (200, &json!("demo-doctor")),
        "{taken:?}"
    );
    assert_eq!(client.frame()["data"]["status"], "in_progress");
    assert_refused(&http.patch(&path, &json!({ "assigned_to": "nobody" })), 422, "assigned_to");
    assert_refused(&http.patch(&path, &json!({ "title": "" })), 422, "title");
    let done = http.put(&path, &json!({ "status": "completed" }));
    assert!(done.body["action"]["completed_at"].is_string(), "{done:?}");
    assert_eq!(client.frame()["data"]["status"], "completed");
    assert_eq!(http.patch(&path, &json!({ "urgency": "low" })).status, 409, "done is done");
    assert_eq!(http.delete(&path).status, 204);
    assert_eq!(client.frame()["type"], "action:deleted");
    assert_eq!(http.get(&path).status, 404);
}

#[test]
fn urgent_items_come_first_then_the_oldest() {
    let gateway = gateway();
    let http = gateway.http();
    for (title, urgency) in
        [("1", "low"), ("2", "normal"), ("3", "urgent"), ("4", "normal"), ("5", "urgent"), ("6", "low")]
    {
        let new = json!({ "title": title, "description": "d", "urgency": urgency });
        assert_eq!(http.post("/api/actions", &new).status, 201);
    }
    let titles = |path: &str| -> (String, Option<String>) {
        let body = http.get(path).body;
        let all = body["actions"].as_array().expect("a list").clone();
        let titles = all.iter().map(|it| it["title"].as_str().expect("a title")).collect();
        (titles, body["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(titles("/api/actions").0, "352416");
    assert_eq!(titles("/api/actions?urgency=normal").0, "24");
    let (first, cursor) = titles("/api/actions?limit=4");
    let (second, end) = titles(&format!("/api/actions?limit=4&cursor={}", cursor.expect("there are more")));
    assert_eq!((first.as_str(), second.as_str(), end), ("3524", "16", None));
}

#[test]
fn an_item_names_only_what_exists() {
    let gateway = gateway();
    let http = gateway.http();
    let action = |field: &str, value: &str| {
        let mut body = json!({ "title": "t", "description": "d" });
        body[field] = json!(value);
        http.post("/api/actions", &body)
    };
    assert_refused(&action("roomId", "room-99"), 422, "room_id");
    assert_refused(&action("doctor_id", "doc-999"), 422, "doctor_id");
    assert_refused(&action("equipmentId", "eq-99"), 422, "equipment_id");
    assert_refused(&action("urgency", "now"), 422, "urgency");
    assert_refused(&action("colour", "red"), 422, "colour");
    let task = |field: &str, value: Value| {
        let mut body = json!({ "type": "delivery", "description": "d" });
        body[field] = value;
        http.post("/api/tasks", &body)
    };
    assert_refused(&task("type", json!("Mrs. Jones needs water")), 422, "type");
    assert_refused(&task("assignee", json!("nobody")), 422, "assignee");
    assert_refused(&task("estimatedDuration", json!(100_000)), 422, "estimated_duration");
    assert_refused(&task("estimated_duration", json!(-1)), 422, "estimated_duration");
}

#[test]
fn what_is_too_large_for_a_record_is_named() {
    let gateway = gateway();
    let many: Vec<_> = (0..5).map(|n| format!("{n}{}", "x".repeat(1_900))).collect();
    let answer = gateway
        .http()
        .post("/api/actions", &json!({ "title": "t", "description": "d", "suggestedActions": many }));
    assert_refused(&answer, 422, "suggested_actions");
    assert_eq!(answer.body["code"], "too_large");
}

#[test]
fn a_task_is_written_moved_remarked_on_and_found_in_the_history() {
    let gateway = gateway();
    let http = gateway.http();
    let mut client = gateway.connect();
    client.subscribe("tasks");
    let new = json!({ "type": "delivery", "description": "Bring gloves", "roomId": "room-1", "estimatedDuration": 10 });
    let made = http.post("/api/tasks", &new);
    let task_id = id(&made, "task");
    let path = format!("/api/tasks/{task_id}");
    assert_eq!(
        (&made.body["task"]["assignee"], &made.body["task"]["estimated_duration"]),
        (&json!("staff"), &json!(10))
    );
    assert_eq!(client.frame()["type"], "task:created");
    let edit = json!({ "status": "in_progress", "assignee": "demo-doctor", "priority": "urgent", "notes": "on my way" });
    let moved = http.patch(&path, &edit);
    assert_eq!(
        (moved.status, &moved.body["task"]["notes"][0]["text"]),
        (200, &json!("on my way")),
        "{moved:?}"
    );
    let event = client.frame();
    assert_eq!(
        (&event["data"]["status"], &event["data"]["priority"]),
        (&json!("in_progress"), &json!("urgent"))
    );
    let noted = http.post(&format!("{path}/notes"), &json!({ "text": "no size M" }));
    assert_eq!(
        (noted.status, noted.body["task"]["notes"].as_array().map(Vec::len)),
        (200, Some(2)),
        "{noted:?}"
    );
    assert_refused(&http.post(&format!("{path}/notes"), &json!({ "text": " " })), 422, "text");
    let listed = |path: &str| -> Vec<Value> {
        let answer = http.get(path);
        answer.body["tasks"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone()
    };
    assert_eq!(listed("/api/tasks?assignee=demo-doctor&type=delivery").len(), 1);
    assert_eq!(listed("/api/tasks?assignee=agent").len(), 0);
    assert_eq!(listed("/api/tasks/history").len(), 0);
    assert_eq!(http.patch(&path, &json!({ "status": "completed" })).status, 200);
    let other = http.post("/api/tasks", &json!({ "type": "delivery", "description": "Bring water" }));
    let other = id(&other, "task");
    http.put(&format!("/api/tasks/{other}"), &json!({ "status": "cancelled" }));
    let history: Vec<_> = listed("/api/tasks/history").iter().map(|task| task["id"].clone()).collect();
    assert_eq!(history, [json!(other), json!(task_id)], "what was written last comes first");
    let page = http.get("/api/tasks/history?limit=1").body;
    let cursor = page["next_cursor"].as_str().expect("there is another page");
    let page = http.get(&format!("/api/tasks/history?limit=1&cursor={cursor}")).body;
    assert_eq!((&page["tasks"][0]["id"], page.get("next_cursor")), (&json!(task_id), None));
    assert_refused(&http.get("/api/tasks/history?cursor=x"), 422, "cursor");
    assert_refused(&http.get("/api/tasks/history?limit=0"), 422, "limit");
    assert_eq!(listed("/api/tasks/history?status=completed").len(), 1);
    assert_eq!(http.delete(&path).status, 204);
    client.wait_for(|frame| frame["type"] == "task:deleted" && frame["data"]["id"] == task_id.as_str());
}

/// The ids of `count` new tasks, each closed at once. Several at a time, so that a sync makes many durable.
fn closed_tasks(gateway: &Gateway, count: usize) -> BTreeSet<String> {
    const AT_ONCE: usize = 16;
    let close = |http: &Http| {
        let made = http.post("/api/tasks", &json!({ "type": "delivery", "description": "Bring gloves" }));
        let task_id = id(&made, "task");
        let done = http.patch(&format!("/api/tasks/{task_id}"), &json!({ "status": "completed" }));
        assert_eq!(done.status, 200, "{done:?}");
        task_id
    };
    std::thread::scope(|scope| {
        let some = |_| {
            let http = gateway.http();
            scope.spawn(move || (0..count / AT_ONCE).map(|_| close(&http)).collect::<Vec<_>>())
        };
        let all: Vec<_> = (0..AT_ONCE).map(some).collect();
        all.into_iter().flat_map(|some| some.join().expect("each task is closed")).collect()
    })
}

#[test]
fn a_task_that_was_closed_long_ago_is_listed_shown_and_deleted() {
    let gateway = gateway();
    let http = gateway.http();
    let ids = closed_tasks(&gateway, 2_112);
    let oldest = format!("/api/tasks/{}", ids.first().expect("there are some"));
    // What is removed makes a checkpoint, and what is closed leaves memory after one.
    let task = json!({ "type": "delivery", "description": "d", "reasoning": "r" });
    let passing = id(&http.post("/api/tasks", &task), "task");
    assert_eq!(http.delete(&format!("/api/tasks/{passing}")).status, 204);
    let in_memory =
        |status: &str| http.get(&format!("/api/tasks?status={status}&limit=1")).body["tasks"].clone();
    assert_ne!(in_memory("completed")[0]["id"], *ids.first().expect("as above"), "it has left memory");
    let history = || {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = http.get(&format!("/api/tasks/history?type=delivery&limit=500{cursor}"));
            let tasks = page.body["tasks"].as_array().unwrap_or_else(|| panic!("{page:?}"));
            seen.extend(tasks.iter().map(|task| task["id"].as_str().expect("an id").to_owned()));
            let Some(next) = page.body["next_cursor"].as_str() else { return seen };
            cursor = format!("&cursor={next}");
        }
    };
    assert!(history().iter().eq(ids.iter().rev()), "each once, the one written last first");
    let shown = http.get(&oldest);
    assert_eq!((shown.status, &shown.body["task"]["status"]), (200, &json!("completed")), "{shown:?}");
    assert_eq!(
        gateway.http().as_visitor().get(&oldest).body["task"].get("description"),
        None,
        "the view holds for it too"
    );
    assert_eq!(http.patch(&oldest, &json!({ "status": "pending" })).status, 409, "closed is closed");
    assert_eq!(http.delete(&oldest).status, 204);
    assert_eq!(http.get(&oldest).status, 404);
    assert_eq!(history().len(), ids.len() - 1);
}

#[test]
fn who_only_looks_sees_no_free_text() {
    let gateway = gateway();
    let canary = "Mrs. Canary";
    let new = json!({ "title": canary, "description": canary, "context": { "who": canary }, "suggestedActions": [canary] });
    let path = format!("/api/actions/{}", id(&gateway.http().post("/api/actions", &new), "action"));
    let task = json!({ "type": "delivery", "description": canary, "reasoning": canary });
    let task = format!("/api/tasks/{}", id(&gateway.http().post("/api/tasks", &task), "task"));
    gateway.http().post(&format!("{task}/notes"), &json!({ "text": canary }));
    for path in [&path, &task, "/api/actions", "/api/tasks"] {
        let seen = gateway.http().as_visitor().get(path);
        assert_eq!(seen.status, 200, "{seen:?}");
        assert!(!seen.body.to_string().contains(canary), "{seen:?}");
        assert!(gateway.http().get(path).body.to_string().contains(canary));
    }
}

#[test]
fn the_clinic_at_a_glance_counts_what_is_there() {
    let gateway = gateway();
    let http = gateway.http();
    http.put("/api/rooms/room-2/status", &json!({ "status": "occupied" }));
    http.post("/api/actions", &json!({ "title": "t", "description": "d", "urgency": "urgent" }));
    let answer = http.get("/api/facility/status");
    assert_eq!(answer.status, 200, "{answer:?}");
    let status = &answer.body;
    assert_eq!(
        (&status["rooms"]["total"], &status["rooms"]["by_status"]["occupied"]),
        (&json!(9), &json!(1))
    );
    assert_eq!(status["actions"]["by_urgency"], json!({ "urgent": 1 }));
    assert_eq!((&status["patients"]["waiting"], &status["hours"]["open_now"]), (&json!(0), &json!(true)));
    assert_eq!(status["cursor"].as_str(), answer.cursor.as_deref());
    assert!(status["last_updated"].is_string());
}

#[test]
fn an_alarm_that_nobody_raised_is_not_found() {
    let gateway = gateway();
    let http = gateway.http();
    assert_eq!(http.get("/api/alarms?standing=true").body, json!({ "alarms": [] }));
    assert_eq!(http.get("/api/alarms/camera_lost:cam-1").status, 404);
    let headers = [("Content-Type", "application/json")];
    assert_eq!(http.send("POST", "/api/alarms/camera_lost:cam-1/acknowledge", &headers, b"").status, 404);
}

#[test]
fn the_document_is_public_and_its_pages_need_no_other_site() {
    let gateway = gateway();
    let visitor = gateway.http().as_visitor();
    let document = visitor.get("/api/openapi.json");
    assert_eq!((document.status, document.body["openapi"].as_str()), (200, Some("3.1.0")));
    for path in ["/api/rooms/{id}/status", "/api/facility/rooms/{id}/status", "/api/webhooks/opencv/event"] {
        assert!(document.body["paths"][path].is_object(), "{path}");
    }
    let page = visitor.get("/api/docs/");
    assert_eq!(page.status, 200);
    for part in ["index.html", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        assert_eq!(visitor.get(&format!("/api/docs/{part}")).status, 200, "{part}");
    }
    let start = visitor.get("/api/docs/swagger-initializer.js").text;
    assert!(start.contains("/api/openapi.json") && !start.contains("://"), "{start}");
}
