//! Rooms, equipment and doctors over REST: made, found, changed and taken away, with what the hub says of it.

use harness::{Answer, Client, Gateway, Setup};
use serde_json::{Value, json};

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

fn listener(gateway: &Gateway) -> Client {
    let mut client = gateway.connect();
    client.subscribe("all");
    client
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str, named: &str) {
    assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{answer:?}");
    let said = format!("{} {}", answer.body["detail"], answer.body["field"]);
    assert!(said.contains(named), "\"{named}\" is not in {said}");
}

#[test]
fn a_room_is_made_renamed_and_taken_away_and_everybody_hears_of_it() {
    let gateway = gateway();
    let (admin, mut client) = (gateway.admin(), listener(&gateway));
    for (base, id) in [("/api/rooms", "room-20"), ("/api/facility/rooms", "room-21")] {
        let made = admin.post(base, &json!({ "id": id, "name": "Quiet Room", "type": "other" }));
        assert_eq!((made.status, made.body["room"]["status"].as_str()), (201, Some("available")), "{made:?}");
        assert_eq!(made.location.as_deref(), Some(&*format!("/api/rooms/{id}")));
        assert_eq!(made.etag.as_deref(), Some("\"1\""));
        let event = client.frame();
        assert_eq!((&event["type"], &event["data"]["id"]), (&json!("room:created"), &json!(id)));

        let path = format!("{base}/{id}");
        let renamed = admin.patch(&path, &json!({ "name": "Silent Room" }));
        assert_eq!((renamed.status, &renamed.body["room"]["name"]), (200, &json!("Silent Room")));
        assert_eq!(renamed.etag.as_deref(), Some("\"2\""));
        assert_eq!(client.frame()["data"]["name"], "Silent Room");
        let again =
            admin.send("PUT", &path, &[("Content-Type", "application/json")], br#"{"type":"waiting"}"#);
        assert_eq!(
            (again.status, &again.body["room"]["type"]),
            (200, &json!("waiting")),
            "PUT edits as PATCH"
        );
        assert_eq!(client.frame()["type"], "room:updated");
        assert_eq!(gateway.http().get(&path).etag.as_deref(), Some("\"3\""));

        assert_eq!(admin.delete(&path).status, 204);
        let event = client.frame();
        assert_eq!((&event["type"], &event["data"]), (&json!("room:deleted"), &json!({ "id": id })));
        assert_refused(&gateway.http().get(&path), 404, "not_found", id);
        assert_eq!(admin.delete(&path).status, 204, "it is gone already");
    }
}

#[test]
fn a_room_that_something_rests_on_stays() {
    let gateway = gateway();
    let admin = gateway.admin();
    let refused = admin.delete("/api/rooms/room-1");
    assert_refused(&refused, 409, "conflict", "another place");
    admin.put("/api/rooms/room-9/status", &json!({ "status": "occupied" }));
    assert_refused(&admin.delete("/api/rooms/room-9"), 409, "conflict", "somebody is in it");
}

#[test]
fn only_who_runs_or_leads_the_clinic_changes_the_catalogue() {
    let gateway = gateway();
    let new = json!({ "name": "Quiet Room", "type": "other" });
    assert_refused(&gateway.http().post("/api/rooms", &new), 403, "forbidden", "catalogue");
    assert_eq!(gateway.http().as_visitor().post("/api/rooms", &new).status, 401);
    assert_eq!(gateway.http().delete("/api/doctors/doc-002").status, 403);
}

#[test]
fn equipment_is_made_moved_and_taken_away() {
    let gateway = gateway();
    let (admin, mut client) = (gateway.admin(), listener(&gateway));
    let new = json!({ "name": "Scales", "type": "scales", "roomId": "room-2", "nextMaintenanceDate": "2027-01-01T00:00:00Z" });
    let made = admin.post("/api/equipment", &new);
    assert_eq!((made.status, &made.body["equipment"]["room_id"]), (201, &json!("room-2")), "{made:?}");
    let id = made.body["equipment"]["id"].as_str().expect("a new thing has an id").to_owned();
    assert_eq!(client.frame()["type"], "equipment:created");
    let path = format!("/api/facility/equipment/{id}");
    let moved = admin.patch(&path, &json!({ "room_id": null, "name": "Baby scales" }));
    assert_eq!((moved.status, &moved.body["equipment"]["room_id"]), (200, &Value::Null), "{moved:?}");
    assert_eq!(client.frame()["data"]["name"], "Baby scales");
    let nowhere = admin.patch(&path, &json!({ "roomId": "room-99" }));
    assert_refused(&nowhere, 422, "invalid_field", "room_id");
    let used = admin.put(&format!("{path}/status"), &json!({ "status": "in_use" }));
    assert_eq!((used.status, &used.body["equipment"]["status"]), (200, &json!("in_use")));
    assert_eq!(client.frame()["data"]["status"], "in_use");
    let noted = admin.post(&format!("{path}/maintenance"), &json!({ "text": "new battery" }));
    assert_eq!(
        (noted.status, &noted.body["equipment"]["log"][0]["text"]),
        (200, &json!("new battery")),
        "{noted:?}"
    );
    assert!(client.frame()["data"]["last_maintenance_date"].is_string());
    assert_refused(&admin.delete(&path), 409, "conflict", "uses it");
    admin.put(&format!("{path}/status"), &json!({ "status": "operational" }));
    assert_eq!(client.frame()["data"]["status"], "operational");
    assert_eq!(admin.delete(&path).status, 204);
    let event = client.frame();
    assert_eq!((&event["type"], &event["data"]), (&json!("equipment:deleted"), &json!({ "id": id })));
}

#[test]
fn equipment_that_breaks_by_rest_opens_an_item_for_its_room() {
    let gateway = gateway();
    let mut client = listener(&gateway);
    let put = gateway.admin().put("/api/equipment/eq-1/status", &json!({ "status": "offline" }));
    assert_eq!((put.status, &put.body["equipment"]["status"]), (200, &json!("offline")), "{put:?}");
    let created = client.wait_for(|frame| frame["type"] == "action:created");
    assert_eq!(
        (&created["data"]["urgency"], &created["data"]["equipment_id"]),
        (&json!("urgent"), &json!("eq-1"))
    );
    let listed = gateway.http().get("/api/actions?equipment_id=eq-1&urgency=urgent").body;
    assert_eq!(listed["actions"][0]["id"], created["data"]["id"]);
}

#[test]
fn doctors_are_taken_in_edited_and_taken_out() {
    let gateway = gateway();
    let admin = gateway.admin();
    let made = admin.post("/api/doctors", &json!({ "id": "doc-9", "name": "Dr. Nine", "specialty": "skin" }));
    assert_eq!((made.status, made.location.as_deref()), (201, Some("/api/doctors/doc-9")), "{made:?}");
    let other = json!({ "id": "doc-9", "name": "Dr. Other" });
    assert_refused(&admin.post("/api/facility/doctors", &other), 409, "conflict", "doc-9");
    let edited = admin.patch("/api/doctors/doc-9", &json!({ "specialty": null }));
    assert_eq!((edited.status, &edited.body["doctor"]["specialty"]), (200, &Value::Null), "{edited:?}");
    let listed = gateway.http().get("/api/facility/doctors").body;
    assert!(listed["doctors"].as_array().is_some_and(|all| all.iter().any(|it| it["id"] == "doc-9")));
    assert_refused(&admin.delete("/api/doctors/doc-001"), 409, "conflict", "demo-doctor");
    assert_eq!(admin.delete("/api/doctors/doc-9").status, 204);
    assert_eq!(admin.get("/api/doctors/doc-9").status, 404);
}

#[test]
fn sensing_of_a_room_rests_while_staff_want_it() {
    let gateway = gateway();
    let paused = gateway.http().put("/api/rooms/room-4/sensing", &json!({ "paused": true }));
    assert_eq!((paused.status, &paused.body["room"]["occupancy"]["paused"]), (200, &json!(true)));
    let goes_on = gateway.http().put("/api/facility/rooms/room-4/sensing", &json!({ "paused": false }));
    assert_eq!((goes_on.status, &goes_on.body["room"]["occupancy"]["paused"]), (200, &json!(false)));
}

#[test]
fn of_two_writers_with_one_etag_the_second_is_shown_what_is_there() {
    let gateway = gateway();
    let admin = gateway.admin();
    let tag = admin.get("/api/rooms/room-5").etag.expect("a room has an ETag");
    let edit = |name: &str| {
        let headers = [("If-Match", tag.as_str()), ("Content-Type", "application/json")];
        admin.send("PATCH", "/api/rooms/room-5", &headers, json!({ "name": name }).to_string().as_bytes())
    };
    assert_eq!(edit("First").status, 200);
    let late = edit("Second");
    assert_refused(&late, 412, "stale", "changed meanwhile");
    assert_eq!(
        (&late.body["current"]["name"], &late.body["current"]["revision"]),
        (&json!("First"), &json!(2))
    );
    let headers = [("If-Match", "2"), ("Content-Type", "application/json")];
    assert_refused(
        &admin.send("PATCH", "/api/rooms/room-5", &headers, b"{}"),
        400,
        "invalid_header",
        "If-Match",
    );
}

#[test]
fn a_repeat_with_the_same_key_gets_the_first_answer() {
    let gateway = gateway();
    let (admin, mut client) = (gateway.admin(), listener(&gateway));
    let post = |name: &str| {
        let headers = [("Idempotency-Key", "k-1"), ("Content-Type", "application/json")];
        let body = json!({ "name": name, "type": "other" }).to_string();
        admin.send("POST", "/api/rooms", &headers, body.as_bytes())
    };
    let (first, second) = (post("Quiet Room"), post("Quiet Room"));
    assert_eq!((first.status, second.status), (201, 201), "{second:?}");
    assert_eq!((&first.body, &first.location), (&second.body, &second.location));
    assert_refused(&post("Loud Room"), 422, "idempotency_key_reused", "another body");
    assert_eq!(client.frame()["data"]["name"], "Quiet Room");
    client.send(&json!({ "type": "ping" }));
    assert_eq!(client.frame()["type"], "pong", "one room was made");
}

#[test]
fn lists_are_chosen_and_paged() {
    let gateway = gateway();
    let http = gateway.http();
    http.put("/api/rooms/room-3/status", &json!({ "status": "occupied", "currentDoctorId": "doc-001" }));
    let ids = |path: &str, nouns: &str| -> Vec<String> {
        let answer = http.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let all = answer.body[nouns].as_array().expect("a list").clone();
        all.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids("/api/rooms?status=occupied", "rooms"), ["room-3"]);
    assert_eq!(ids("/api/facility/rooms?doctor_id=doc-001", "rooms"), ["room-3"]);
    assert!(ids("/api/rooms?type=waiting", "rooms").len() < 9);
    assert!(!ids("/api/equipment?room_id=room-1", "equipment").is_empty());
    let mut seen = Vec::new();
    let mut path = "/api/rooms?limit=4".to_owned();
    loop {
        let page = http.get(&path).body;
        let rooms = page["rooms"].as_array().expect("a list").clone();
        seen.extend(rooms.iter().map(|room| room["id"].as_str().expect("an id").to_owned()));
        // What comes and goes between two pages moves nothing across their edge.
        gateway.admin().post("/api/rooms", &json!({ "id": "a-room", "name": "New", "type": "other" }));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        assert_eq!(rooms.len(), 4);
        path = format!("/api/rooms?limit=4&cursor={cursor}");
    }
    assert_eq!(seen, (1..=9).map(|n| format!("room-{n}")).collect::<Vec<_>>());
    for (path, named) in [
        ("/api/rooms?colour=red", "colour"),
        ("/api/rooms?status=blue", "status"),
        ("/api/equipment?status=unknown", "status"),
        ("/api/doctors?limit=many", "limit"),
        ("/api/tasks?priority=now", "priority"),
        ("/api/actions?urgency=5", "urgency"),
    ] {
        assert_refused(&http.get(path), 422, "invalid_query", named);
    }
    for (path, named) in [("/api/rooms?limit=0", "limit"), ("/api/rooms?cursor=abc", "cursor")] {
        assert_refused(&http.get(path), 422, "invalid_field", named);
    }
}
