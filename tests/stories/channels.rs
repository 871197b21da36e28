//! Named channels: what concerns one doctor, patient or task, and the clinics of one hospital; and the limits of
//! channels and connections.

use harness::{ADMIN, Client, DOCTOR, Gateway, Setup};
use serde_json::{Value, json};

const HOSPITAL: &str = "st-mary";

/// People of the clinic besides the demo's admin and doctor (doc-001): id, role, more of the account.
const PEOPLE: [(&str, &str, &str); 4] = [
    ("colleague", "doctor", "doctor_id = \"doc-002\""),
    ("assistant", "medical_assistant", "manages = [\"doc-001\"]"),
    ("nurse", "nurse", ""),
    ("viewer", "viewer", ""),
];

fn gateway(more: &str) -> Gateway {
    let people = PEOPLE.map(|(id, role, more)| {
        format!(
            "[[auth.demo_users]]\nid = \"{id}\"\nemail = \"{id}@clinic.lan\"\nname = \"{id}\"\nrole = \"{role}\"\n\
             password = \"demo-caresync\"\ntoken = \"{id}-token\"\n{more}\n"
        )
    });
    let agent = "[[auth.keys]]\nid = \"agent-1\"\nrole = \"agent\"\ndemo_key = \"an-agent-of-this-test\"\n\
                 scopes = [\"observe\", \"work\", \"read\"]\n";
    Setup::without_cameras(&format!("{}{agent}{more}", people.concat()))
        .env("CARESYNC_FACILITY__HOSPITAL_ID", HOSPITAL)
        .start()
}

fn connect(gateway: &Gateway, who: &str) -> Client {
    Client::bearing(gateway.port(), &format!("{who}-token"))
}

fn occupy(gateway: &Gateway, room: &str, body: Value) -> u64 {
    let mut whole = json!({ "status": "occupied" });
    whole.as_object_mut().expect("an object").extend(body.as_object().cloned().expect("an object"));
    let answer = gateway.admin().put(&format!("/api/rooms/{room}/status"), &whole);
    assert_eq!(answer.status, 200, "{answer:?}");
    let cursor = answer.cursor.expect("a write says where it is");
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

/// Every event that the client was sent of what is written so far: a subscription is answered when the hub has told
/// everything that was answered before, allowed or not.
fn heard(client: &mut Client) -> Vec<Value> {
    client.send(&json!({ "type": "subscribe", "room": "metrics", "id": "told" }));
    client.send(&json!({ "type": "ping", "id": "end" }));
    let mut events = Vec::new();
    loop {
        let frame = client.frame();
        if frame["id"] == "end" {
            return events;
        }
        events.extend(Some(frame).filter(|it| it["type"].as_str().is_some_and(|kind| kind.contains(':'))));
    }
}

fn is_forbidden(client: &mut Client, channel: &str) -> bool {
    client.send(&json!({ "type": "subscribe", "room": channel, "id": channel }));
    let answer = client.wait_for(|frame| frame["id"] == channel);
    assert!(answer["type"] == "error" || answer["type"] == "subscribed", "{answer}");
    answer["data"]["code"] == "forbidden"
}

fn seqs(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["seq"].as_u64().expect("an event has a place")).collect()
}

#[test]
fn what_concerns_a_doctor_reaches_them_and_who_manages_them_and_nobody_else() {
    let gateway = gateway("");
    let mut doctor = gateway.connect();
    let mut assistant = connect(&gateway, "assistant");
    let mut colleague = connect(&gateway, "colleague");
    let mut admin = Client::bearing(gateway.port(), ADMIN);
    let mut nurse = connect(&gateway, "nurse");
    let channels = |client: &Client| client.greeting["data"]["channels"].clone();
    assert_eq!(
        (channels(&doctor), channels(&assistant)),
        (json!(["doctor:doc-001"]), json!(["doctor:doc-001"]))
    );
    assert_eq!((channels(&colleague), channels(&nurse)), (json!(["doctor:doc-002"]), json!([])));
    for client in [&mut colleague, &mut admin, &mut nurse] {
        assert!(is_forbidden(client, "doctor:doc-001"));
    }
    let comes = occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-001" }));
    let item = json!({ "type": "manual", "title": "Call back", "description": "x", "doctor_id": "doc-001" });
    assert_eq!(gateway.http().post("/api/actions", &item).status, 201);
    occupy(&gateway, "room-3", json!({ "current_doctor_id": "doc-003" }));
    // Another takes the room: the first doctor has to hear of it, and the other does.
    let leaves = occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-002" }));
    occupy(&gateway, "room-1", json!({ "estimated_available_at": "2040-01-01T00:00:00Z" }));
    for client in [&mut doctor, &mut assistant] {
        let events = heard(client);
        let [came, item, left] = &events[..] else { panic!("three events concern doc-001: {events:#?}") };
        assert_eq!((&came["seq"], &left["seq"]), (&json!(comes), &json!(leaves)));
        assert_eq!((&item["type"], &item["room"]), (&json!("action:created"), &json!("actions")));
        assert_eq!(left["data"]["current_doctor_id"], "doc-002");
    }
    let others = heard(&mut colleague);
    assert_eq!(others.len(), 2, "who took the room hears of it from then on: {others:#?}");
    assert_eq!((heard(&mut nurse), heard(&mut admin)), (vec![], vec![]));
}

#[test]
fn whom_an_assistant_works_for_changes_with_the_next_event() {
    let gateway = gateway("");
    let mut assistant = connect(&gateway, "assistant");
    let manages = |doctors: Value| {
        let answer = gateway.admin().patch("/api/users/assistant", &json!({ "manages": doctors }));
        assert_eq!(answer.status, 200, "{answer:?}");
    };
    let see = |doctor: &str| occupy(&gateway, "room-1", json!({ "current_doctor_id": doctor }));
    see("doc-001");
    assert_eq!(heard(&mut assistant).len(), 1);
    see("doc-003");
    manages(json!(["doc-002"]));
    let lost = assistant.wait_for(|frame| frame["type"] == "unsubscribed");
    assert_eq!(lost["data"]["room"], "doctor:doc-001", "{lost}");
    let first = see("doc-001");
    let second = see("doc-002");
    assert_eq!(seqs(&heard(&mut assistant)), [second], "and not {first}: nothing of doc-001 any more");
    assert!(is_forbidden(&mut assistant, "doctor:doc-001"));
    manages(json!([]));
    see("doc-001");
    assert_eq!(heard(&mut assistant), Vec::<Value>::new());
}

#[test]
fn a_doctors_channel_that_was_left_stays_so_when_others_change() {
    let gateway = gateway("");
    let mut doctor = gateway.connect();
    doctor.ask(&json!({ "type": "unsubscribe", "room": "doctor:doc-001" }), "unsubscribed");
    let edit = gateway.admin().patch("/api/users/nurse", &json!({ "name": "Another name" }));
    assert_eq!(edit.status, 200, "{edit:?}");
    occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-001" }));
    assert_eq!(heard(&mut doctor), Vec::<Value>::new());
}

#[test]
fn who_begins_to_work_for_a_doctor_is_told_what_comes_and_not_the_past() {
    let gateway = gateway("");
    let mut assistant = connect(&gateway, "nurse");
    let see =
        |n: u32| occupy(&gateway, "room-1", json!({ "current_doctor_id": format!("doc-00{}", 1 + n % 2) }));
    for n in 0..20 {
        see(n);
    }
    let edit = gateway
        .admin()
        .patch("/api/users/nurse", &json!({ "role": "medical_assistant", "manages": ["doc-001"] }));
    assert_eq!(edit.status, 200, "{edit:?}");
    let first = see(20);
    assert_eq!(seqs(&heard(&mut assistant)), [first], "what was before is not told as if it were new");
}

#[test]
fn a_patients_channel_is_for_who_sees_patients() {
    let gateway = gateway("");
    let (mut doctor, mut nurse) = (gateway.connect(), connect(&gateway, "nurse"));
    for client in [&mut doctor, &mut nurse] {
        assert!(!is_forbidden(client, "patient:pat-1"));
    }
    let kiosk = gateway.admin().post("/api/tokens", &json!({ "kind": "kiosk", "label": "Corridor" }));
    let kiosk = kiosk.body["secret"].as_str().expect("the secret is told once").to_owned();
    for token in ["viewer-token", &kiosk, "an-agent-of-this-test"] {
        let mut client = Client::bearing(gateway.port(), token);
        assert!(is_forbidden(&mut client, "patient:pat-1"), "{token}");
    }
    let mut visitor = Client::try_connect(gateway.port(), "/ws").expect("an open demo takes visitors");
    assert!(is_forbidden(&mut visitor, "patient:pat-1"));
    let comes = occupy(&gateway, "room-1", json!({ "current_patient_id": "pat-1" }));
    occupy(&gateway, "room-2", json!({ "current_patient_id": "pat-2" }));
    let leaves = occupy(&gateway, "room-1", json!({ "current_patient_id": "pat-3" }));
    occupy(&gateway, "room-1", json!({ "estimated_available_at": "2040-01-01T00:00:00Z" }));
    for client in [&mut doctor, &mut nurse] {
        assert_eq!(seqs(&heard(client)), [comes, leaves], "in, and out");
    }
}

/// Makes a task for doc-001, and returns its id.
fn task(gateway: &Gateway) -> String {
    let draft = json!({ "type": "delivery", "description": "Bring gloves", "assignee": "staff", "doctor_id": "doc-001" });
    let answer = gateway.admin().post("/api/tasks", &draft);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["task"]["id"].as_str().expect("a task has an id").to_owned()
}

#[test]
fn a_tasks_channel_tells_of_that_task_and_a_hospitals_of_all_its_clinics() {
    let gateway = gateway("");
    let (one, other) = (task(&gateway), task(&gateway));
    let (mut nurse, mut viewer) = (connect(&gateway, "nurse"), connect(&gateway, "viewer"));
    nurse.subscribe(&format!("task:{one}"));
    assert!(is_forbidden(&mut viewer, "hospital:elsewhere"), "no other hospital's");
    viewer.subscribe(&format!("hospital:{HOSPITAL}"));
    for id in [&other, &one] {
        let answer = gateway.admin().patch(&format!("/api/tasks/{id}"), &json!({ "status": "in_progress" }));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let events = heard(&mut nurse);
    let ids: Vec<_> =
        events.iter().map(|event| (event["type"].clone(), event["data"]["id"].clone())).collect();
    assert_eq!(ids, [(json!("task:updated"), json!(one))]);
    assert_eq!(heard(&mut viewer).len(), 2, "everything that the role hears");
    let mut visitor = Client::try_connect(gateway.port(), "/ws").expect("an open demo takes visitors");
    assert!(is_forbidden(&mut visitor, "hospital:elsewhere"));
}

#[test]
fn an_event_comes_once_however_many_channels_bring_it() {
    let gateway = gateway("");
    let mut doctor = gateway.connect();
    let id = task(&gateway);
    let hospital = format!("hospital:{HOSPITAL}");
    let channels =
        ["facility", "all", "doctor:doc-001", "patient:pat-1", &hospital, &format!("task:{id}"), "tasks"];
    channels.iter().for_each(|channel| drop(doctor.subscribe(channel)));
    let mut wanted = vec![occupy(
        &gateway,
        "room-1",
        json!({ "current_doctor_id": "doc-001", "current_patient_id": "pat-1" }),
    )];
    wanted.push(occupy(
        &gateway,
        "room-1",
        json!({ "current_doctor_id": "doc-002", "current_patient_id": "pat-2" }),
    ));
    let answer = gateway.admin().patch(&format!("/api/tasks/{id}"), &json!({ "status": "in_progress" }));
    assert_eq!(answer.status, 200, "{answer:?}");
    let events = heard(&mut doctor);
    assert_eq!(seqs(&events[..2]), wanted);
    assert_eq!((events.len(), &events[2]["type"]), (3, &json!("task:updated")), "{events:#?}");
}

#[test]
fn each_named_channel_has_a_snapshot_of_its_own() {
    let gateway = gateway("");
    occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-001", "current_patient_id": "pat-1" }));
    occupy(&gateway, "room-2", json!({ "current_doctor_id": "doc-002", "current_patient_id": "pat-2" }));
    let (one, _) = (task(&gateway), task(&gateway));
    let mut doctor = gateway.connect();
    let mut snapshot = |channel: &str| {
        let ask = json!({ "type": "subscribe", "room": channel, "snapshot": true });
        let snapshot = doctor.ask(&ask, "snapshot");
        assert_eq!(snapshot["room"], channel);
        snapshot["data"].clone()
    };
    let ids = |list: &Value| -> Vec<String> {
        let things = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
        things.iter().map(|thing| thing["id"].as_str().expect("an id").to_owned()).collect()
    };
    for channel in ["doctor:doc-001", "patient:pat-1"] {
        let data = snapshot(channel);
        assert_eq!(ids(&data["rooms"]), ["room-1"], "{channel}");
        assert_eq!(ids(&data["tasks"]).len(), if channel.starts_with("doctor") { 2 } else { 0 }, "{channel}");
    }
    assert_eq!(ids(&snapshot(&format!("task:{one}"))["tasks"]), [one]);
    let whole = snapshot(&format!("hospital:{HOSPITAL}"));
    assert_eq!((ids(&whole["rooms"]).len(), ids(&whole["tasks"]).len()), (9, 2));
}

#[test]
fn one_channel_too_many_is_refused_and_the_connection_lives() {
    let gateway = gateway("[hub]\nchannels_max = 3");
    let mut doctor = gateway.connect();
    doctor.subscribe("facility");
    doctor.subscribe("tasks");
    doctor.send(&json!({ "type": "subscribe", "room": "system", "id": 4 }));
    let answer = doctor.wait_for(|frame| frame["id"] == 4);
    assert_eq!(
        answer["data"]["code"], "too_many_channels",
        "its doctor's channel is one of the three: {answer}"
    );
    assert_eq!(doctor.subscribe("facility")["room"], "facility", "again is not one more");
    let seq = occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-002" }));
    assert_eq!(seqs(&heard(&mut doctor)), [seq]);
    doctor.ask(&json!({ "type": "unsubscribe", "room": "tasks" }), "unsubscribed");
    doctor.subscribe("system");
}

#[test]
fn who_leaves_and_joins_again_is_not_told_twice() {
    let gateway = gateway("");
    let mut nurse = connect(&gateway, "nurse");
    let epoch = nurse.greeting["data"]["epoch"].as_str().expect("an epoch").to_owned();
    let from = nurse.subscribe("facility")["seq"].as_u64().expect("a place");
    let write =
        |n: u32| occupy(&gateway, "room-1", json!({ "current_doctor_id": format!("doc-00{}", 1 + n % 3) }));
    for n in 0..3 {
        write(n);
    }
    assert_eq!(heard(&mut nurse).len(), 3);
    nurse.ask(&json!({ "type": "unsubscribe", "room": "facility" }), "unsubscribed");
    let missed = [write(3), write(4)];
    let ask = json!({ "type": "subscribe", "room": "facility", "since": format!("{epoch}:{from}") });
    assert_eq!(nurse.ask(&ask, "subscribed")["recovered"], true);
    let live = write(5);
    let events = heard(&mut nurse);
    assert_eq!(seqs(&events), [&missed[..], &[live]].concat(), "what it was not sent, and nothing else");
    assert!(events[..2].iter().all(|event| event["replay"] == true), "{events:#?}");
    assert_eq!(nurse.ask(&ask, "subscribed")["recovered"], true, "joined already, and asked again");
    assert_eq!(heard(&mut nurse), Vec::<Value>::new());
}

#[test]
fn one_connection_too_many_of_a_user_ends_the_oldest() {
    let gateway = gateway("[hub]\nconnections_per_user_max = 2");
    let mut nurse = connect(&gateway, "nurse");
    nurse.subscribe("facility");
    let mut tabs = [gateway.connect(), gateway.connect(), gateway.connect()];
    assert_eq!(tabs[0].close_code(), 4409);
    for client in &mut tabs[1..] {
        client.subscribe("facility");
    }
    let seq = occupy(&gateway, "room-1", json!({ "current_doctor_id": "doc-002" }));
    for client in tabs[1..].iter_mut().chain([&mut nurse]) {
        assert_eq!(seqs(&heard(client)), [seq], "the others live, and other users too");
    }
    assert_eq!(gateway.metrics().closes(4409), 1);
    let mut fourth = Client::bearing(gateway.port(), DOCTOR);
    assert_eq!(tabs[1].close_code(), 4409, "the oldest of those that are left");
    fourth.subscribe("facility");
}
