//! What admins set and read: automation with its history, the audit trail, the journal.

use harness::{Http, Setup};
use serde_json::{Value, json};

#[test]
fn automation_is_set_in_parts_and_taken_back() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let admin = gateway.admin();
    let first = admin.get("/api/automation");
    assert_eq!((first.status, &first.body["automation"]["turnover"]), (200, &json!("full")), "{first:?}");
    let set = admin.put(
        "/api/automation",
        &json!({ "turnover": "assisted", "rooms": { "room-1": { "occupancy": "monitoring" } } }),
    );
    let automation = &set.body["automation"];
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(
        (&automation["turnover"], &automation["occupancy"], &automation["rooms"]),
        (&json!("assisted"), &json!("full"), &json!({ "room-1": { "occupancy": "monitoring" } }))
    );
    assert_eq!(automation["set_by"], "demo-admin");
    // A room's own levels end with null; what is not said stays.
    let ended = admin.put("/api/automation", &json!({ "rooms": { "room-1": null } }));
    assert_eq!(
        (&ended.body["automation"]["rooms"], &ended.body["automation"]["turnover"]),
        (&json!({}), &json!("assisted"))
    );
    let before = first.body["automation"]["revision"].clone();
    let back = admin.post("/api/automation/revert", &json!({ "to_revision": before }));
    assert_eq!((back.status, &back.body["automation"]["turnover"]), (200, &json!("full")), "{back:?}");
    assert_eq!(back.body["automation"]["reverted_to"], before);
    let history: Vec<_> =
        back.body["history"].as_array().unwrap().iter().map(|it| it["revision"].clone()).collect();
    assert_eq!(history, [4, 3, 2, 1].map(Value::from));
    for (method, path, body) in [
        ("PUT", "/api/automation", json!({ "turnover": "sometimes" })),
        ("PUT", "/api/automation", json!({ "rooms": { "room-99": { "turnover": "full" } } })),
        ("POST", "/api/automation/revert", json!({})),
    ] {
        let answer = if method == "PUT" { admin.put(path, &body) } else { admin.post(path, &body) };
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
    }
    assert_eq!(admin.post("/api/automation/revert", &json!({ "to_revision": 99 })).status, 404);
}

#[test]
fn of_two_who_set_automation_with_one_etag_the_second_is_shown_what_holds() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let admin = gateway.admin();
    let tag = admin.get("/api/automation").etag.expect("the setting has an ETag");
    let send = |method: &str, path: &str, body: Value| {
        let headers = [("If-Match", tag.as_str()), ("Content-Type", "application/json")];
        admin.send(method, path, &headers, body.to_string().as_bytes())
    };
    let first = send("PUT", "/api/automation", json!({ "turnover": "assisted" }));
    assert_eq!((first.status, first.etag.as_deref()), (200, Some("\"2\"")), "{first:?}");
    for (method, path, body) in [
        ("PUT", "/api/automation", json!({ "equipment": "monitoring" })),
        ("POST", "/api/automation/revert", json!({ "to_revision": 1 })),
    ] {
        let late = send(method, path, body);
        assert_eq!((late.status, &late.body["code"]), (412, &json!("stale")), "{path}: {late:?}");
        let current = &late.body["current"];
        assert_eq!(
            (&current["revision"], &current["turnover"], &current["equipment"]),
            (&json!(2), &json!("assisted"), &json!("full"))
        );
    }
    // Without a revision each sets what it names, and leaves what the other set.
    let both = admin.put("/api/automation", &json!({ "equipment": "monitoring" })).body;
    assert_eq!(
        (&both["automation"]["turnover"], &both["automation"]["equipment"]),
        (&json!("assisted"), &json!("monitoring"))
    );
}

#[test]
fn the_trail_says_who_did_what_from_where_and_who_was_refused() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let (doctor, admin) = (gateway.http(), gateway.admin());
    assert_eq!(doctor.put("/api/rooms/room-1/status", &json!({ "status": "occupied" })).status, 200);
    assert_eq!(doctor.post("/api/doctors", &json!({ "id": "doc-9", "name": "Dr. Canary" })).status, 403);
    let wrong = json!({ "email": "doctor@demo.local", "password": "canary-password" });
    assert_eq!(doctor.post("/api/auth/login", &wrong).status, 401);
    let trail = admin.get("/api/audit").body;
    let entries = trail["audit"].as_array().expect("the trail is a list");
    let told = |n: usize| {
        let entry = &entries[n];
        let words =
            ["actor", "verb", "subject", "outcome", "origin"].map(|key| entry[key].as_str().unwrap_or("-"));
        words.join(" ")
    };
    assert_eq!(told(0), "- log_in user:demo-doctor wrong_login 127.0.0.1");
    assert!(
        told(1).starts_with("demo-doctor create_doctor ") && told(1).contains(" forbidden 127.0.0.1"),
        "{}",
        told(1)
    );
    assert_eq!(told(2), "demo-doctor set_room_status room:room-1 done 127.0.0.1");
    assert!(!trail.to_string().to_lowercase().contains("canary"), "ids only: {trail}");
    // Page by page, newest first, without holes.
    let (mut places, mut path) = (Vec::new(), "/api/audit?limit=2".to_owned());
    loop {
        let page = admin.get(&path).body;
        places.extend(page["audit"].as_array().unwrap().iter().map(|entry| entry["n"].as_u64().unwrap()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/audit?limit=2&cursor={cursor}");
    }
    let last = entries[0]["n"].as_u64().unwrap();
    assert_eq!(places, (1..=last).rev().collect::<Vec<_>>());
    let count = |query: &str| {
        let trail = admin.get(&format!("/api/audit?{query}")).body;
        trail["audit"].as_array().unwrap_or_else(|| panic!("{trail}")).len()
    };
    assert_eq!(count("actor=demo-doctor"), 2);
    assert_eq!(count("actor=demo-doctor&outcome=refused"), 1);
    assert_eq!((count("verb=log_in&outcome=wrong_login"), count("verb=log_in&outcome=done")), (1, 0));
    assert_eq!(count("subject=room:room-1&to=2126-01-01T00:00:00Z"), 1);
    assert_eq!(count("from=2126-01-01T00:00:00Z"), 0);
    let wrong = admin.get("/api/audit?from=yesterday");
    assert_eq!((wrong.status, &wrong.body["field"]), (422, &json!("from")), "{wrong:?}");
    assert_eq!(doctor.get("/api/audit").status, 403);
}

/// The newest entries of the trail, oldest first: actor, verb, outcome and origin of each.
fn told(admin: &Http, count: usize) -> Vec<String> {
    let trail = admin.get(&format!("/api/audit?limit={count}")).body;
    let entries = trail["audit"].as_array().expect("the trail is a list").iter().rev();
    let words = |entry: &Value| {
        ["actor", "verb", "outcome", "origin"]
            .map(|key| entry[key].as_str().unwrap_or("-").to_owned())
            .join(" ")
    };
    entries.map(words).collect()
}

#[test]
fn the_trail_says_where_changes_of_accounts_and_keys_came_from() {
    let gateway = Setup::without_cameras("").start();
    let admin = gateway.admin();
    let new = json!({
        "email": "ada@clinic.example", "name": "Ada", "role": "nurse", "password": "canary-password"
    });
    let id = admin.post("/api/users", &new).body["user"]["id"].as_str().expect("it is made").to_owned();
    let login = json!({ "email": "ada@clinic.example", "password": "canary-password" });
    let token = gateway.http().as_visitor().post("/api/auth/login", &login).body["token"].clone();
    let ada = gateway.http().bearing(token.as_str().expect("a token"));
    let change = |from: &str| {
        let body = json!({ "current_password": from, "new_password": "canary-other" });
        ada.post("/api/auth/password", &body).status
    };
    assert_eq!((change("canary-wrong"), change("canary-password")), (422, 204));
    assert_eq!(ada.post("/api/auth/logout", &json!({})).status, 204);
    let user = format!("/api/users/{id}");
    assert_eq!(admin.patch(&user, &json!({ "name": "Ada B." })).status, 200);
    let reset = json!({ "new_password": "canary-reset" });
    assert_eq!(admin.post(&format!("{user}/password"), &reset).status, 204);
    assert_eq!(admin.delete(&user).status, 204);
    let kiosk = admin.post("/api/tokens", &json!({ "kind": "kiosk", "label": "Corridor" }));
    let kiosk = kiosk.body["token"]["id"].as_str().expect("a token has an id").to_owned();
    assert_eq!(admin.delete(&format!("/api/tokens/{kiosk}")).status, 204);
    let key = admin.post("/api/keys", &json!({ "id": "claw", "role": "agent" }));
    let secret = key.body["secret"].as_str().expect("a secret is told once").to_owned();
    let task = json!({ "type": "cleaning", "description": "Prepare the room" }).to_string();
    let headers = [("X-CLAW-API-Key", secret.as_str()), ("Content-Type", "application/json")];
    let webhook = gateway.http().send("POST", "/api/webhooks/claw/task", &headers, task.as_bytes());
    assert_eq!(webhook.status, 201, "{webhook:?}");
    assert_eq!(admin.post("/api/keys/claw/rotate", &json!({})).status, 200);
    assert_eq!(admin.delete("/api/keys/claw").status, 204);
    let trail = told(&admin, 14);
    let expected = [
        "demo-admin create_user done".to_owned(),
        format!("{id} open_token done"),
        format!("{id} set_password wrong_password"),
        format!("{id} set_password done"),
        format!("{id} revoke_token done"),
        "demo-admin edit_user done".into(),
        "demo-admin set_password done".into(),
        "demo-admin disable_user done".into(),
        "demo-admin open_token done".into(),
        "demo-admin revoke_token done".into(),
        "demo-admin create_key done".into(),
        "agent claw create_task done".into(),
        "demo-admin rotate_key done".into(),
        "demo-admin revoke_key done".into(),
    ];
    assert_eq!(trail, expected.map(|entry| format!("{entry} 127.0.0.1")));
    assert!(!admin.get("/api/audit").text.contains("canary"), "ids only");
}

#[test]
fn the_journal_is_exported_whole_and_in_order() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let admin = gateway.admin();
    assert_eq!(admin.put("/api/rooms/room-1/status", &json!({ "status": "occupied" })).status, 200);
    // What time alone brings may come while the pages are read: the last of them ends wherever the journal then does.
    let head = gateway.http().get("/api/health").body["components"]["ledger"]["seq"].as_u64().unwrap();
    let (mut seqs, mut path) = (Vec::new(), "/api/journal?limit=7".to_owned());
    loop {
        let page = admin.get(&path);
        assert_eq!((page.status, page.kind.as_str()), (200, "application/x-ndjson"));
        let lines =
            page.text.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
        let before = seqs.len();
        seqs.extend(lines.map(|event| event["seq"].as_u64().expect("an event has a place")));
        if seqs.len() == before {
            break;
        }
        path = format!("/api/journal?limit=7&since={}", page.cursor.expect("it says how far it reaches"));
    }
    let newest = *seqs.last().expect("it has events");
    assert!(newest >= head, "{newest} is before {head}");
    assert_eq!(seqs, (1..=newest).collect::<Vec<_>>());
    assert_eq!(admin.get("/api/journal?since=other1:3").status, 422);
    assert_eq!(gateway.http().get("/api/journal").status, 403);
}
