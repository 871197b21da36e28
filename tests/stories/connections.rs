//! Who is connected: listed for admins, sent away by them, counted, and what they were sent about patients.

use harness::{ADMIN, Client, DOCTOR, Gateway, Http, Setup};
use serde_json::{Value, json};

fn gateway() -> Gateway {
    Setup::without_cameras("").start()
}

fn admin(gateway: &Gateway) -> Http {
    gateway.http().bearing(ADMIN)
}

fn connections(gateway: &Gateway) -> Vec<Value> {
    let answer = admin(gateway).get("/api/connections");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["connections"].as_array().cloned().expect("a list")
}

#[test]
fn an_admin_sees_who_is_connected_and_nobody_else_does() {
    let gateway = gateway();
    let mut client = gateway.connect();
    client.subscribe("tasks");
    let listed = connections(&gateway);
    let [one] = &listed[..] else { panic!("one client is connected: {listed:#?}") };
    assert_eq!(one["client_id"], client.greeting["data"]["client_id"]);
    assert_eq!((&one["user"], &one["role"]), (&json!("demo-doctor"), &json!("doctor")));
    assert_eq!((&one["kind"], &one["address"]), (&json!("websocket"), &json!("127.0.0.1")));
    let channels: Vec<_> = one["channels"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(channels, ["doctor:doc-001", "tasks"], "the doctor's own is joined by itself");
    assert_eq!((&one["lag_events"], &one["lag_bytes"]), (&json!(0), &json!(0)));
    for time in ["since", "last_activity"] {
        assert!(one[time].as_str().is_some_and(|time| time.ends_with('Z')), "{one}");
    }
    assert_eq!(gateway.http().get("/api/connections").status, 403, "a doctor");
    assert_eq!(gateway.http().as_visitor().get("/api/connections").status, 401, "nobody");
}

#[test]
fn an_admin_ends_a_connection_and_the_trail_says_so() {
    let gateway = gateway();
    let (mut dismissed, mut other) = (gateway.connect(), gateway.connect());
    let id = dismissed.greeting["data"]["client_id"].as_str().expect("an id").to_owned();
    let path = format!("/api/connections/{id}");
    assert_eq!(gateway.http().delete(&path).status, 403, "a doctor");
    assert_eq!(admin(&gateway).delete(&path).status, 204);
    assert_eq!(dismissed.close_code(), 4403);
    assert_eq!(admin(&gateway).delete(&path).status, 404, "it is gone");
    assert_eq!(admin(&gateway).delete("/api/connections/none").status, 404);
    assert_eq!(other.ask(&json!({ "type": "ping" }), "pong")["type"], "pong", "nobody else notices");
    let trail = admin(&gateway).get("/api/audit").body;
    let entry = &trail["audit"][0];
    assert_eq!((&entry["verb"], &entry["actor"]), (&json!("dismiss_connection"), &json!("demo-admin")));
    assert_eq!(entry["subject"], format!("connection:{id}"));
}

#[test]
fn the_hub_says_what_it_does_in_numbers() {
    let gateway = gateway();
    let (mut one, mut two) = (gateway.connect(), gateway.connect());
    one.subscribe("facility");
    two.subscribe("all");
    gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "needs_cleaning" }));
    one.wait_for(|frame| frame["type"] == "room:updated");
    let cursor = format!("{}:0", one.greeting["data"]["epoch"].as_str().unwrap());
    one.ask(&json!({ "type": "subscribe", "room": "tasks", "since": cursor }), "subscribed");
    two.close();
    let count = |stats: &Value| stats["clients"].as_u64();
    let stats = (0..).map(|_| gateway.http().get("/api/ws/stats").body).find(|it| count(it) == Some(1));
    let stats = stats.expect("one is left");
    assert_eq!(stats["by_role"], json!({ "doctor": 1 }));
    assert_eq!(stats["by_channel"], json!({ "doctor": 1, "facility": 1, "tasks": 1 }));
    assert_eq!((&stats["resumes"]["recovered"], &stats["closes"]["gone"]), (&json!(1), &json!(1)), "{stats}");
    assert!(stats["frames_sent"].as_u64() >= Some(7) && stats["broadcasts"].as_u64() >= Some(1), "{stats}");
    assert_eq!(gateway.http().as_visitor().get("/api/ws/stats").status, 200, "numbers name nobody");
}

#[test]
fn what_the_hub_does_on_a_day_is_remembered() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let (mut one, two) = (gateway.connect(), gateway.connect());
    one.subscribe("facility");
    gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "needs_cleaning" }));
    one.wait_for(|frame| frame["type"] == "room:updated");
    two.close();
    assert!(gateway.stop().success());
    let gateway = setup.start();
    let days = gateway.http().get("/api/ws/stats?days=1").body["days"].take();
    let [day] = days.as_array().expect("a list").as_slice() else { panic!("one day: {days}") };
    assert_eq!((&day["clients_max"], &day["broadcasts"]), (&json!(2), &json!(1)), "{day}");
    assert_eq!(day["closes"], json!({ "4503": 1, "gone": 1 }), "{day}");
    assert!(day["frames_sent"].as_u64() >= Some(5) && day["date"].is_string(), "{day}");
    let verbs = admin(&gateway).get("/api/audit").body["audit"].to_string();
    assert!(!verbs.contains("count_hub"), "numbers are nobody's deed: {verbs}");
}

/// The entries about patients of the audit trail: who, channel, from, to.
fn disclosed(gateway: &Gateway) -> Vec<(Value, Value, Value, Value)> {
    let trail = admin(gateway).get("/api/audit").body["audit"].take();
    let of = |entry: &Value| {
        let [actor, subject, from, to] =
            ["actor", "subject", "from_seq", "seq"].map(|key| entry[key].clone());
        (actor, subject, from, to)
    };
    let is_about = |entry: &&Value| entry["verb"] == "receive_about_patients";
    trail.as_array().expect("a list").iter().filter(is_about).map(of).collect()
}

#[test]
fn what_was_sent_about_patients_is_in_the_trail_as_one_stretch() {
    let gateway = gateway();
    let occupy = |patient: &str| {
        let body = json!({ "status": "occupied", "current_patient_id": patient });
        let answer = gateway.http().put("/api/rooms/room-1/status", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.cursor.and_then(|it| it.split_once(':')?.1.parse::<u64>().ok()).expect("a cursor")
    };
    let mut doctor = gateway.connect();
    let mut visitor = Client::try_connect(gateway.port(), "/ws").expect("an open demo takes visitors");
    for client in [&mut doctor, &mut visitor] {
        client.subscribe("facility");
    }
    let patients = ["pat-1", "pat-2", "pat-3"];
    let is_of = |frame: &Value, patient: &str| frame["data"]["current_patient_id"] == patient;
    let mut seqs = Vec::new();
    for patient in patients {
        occupy(patient);
        seqs.push(doctor.wait_for(|frame| is_of(frame, patient))["seq"].clone());
    }
    visitor.wait_for(|frame| frame["seq"] == seqs[2]);
    doctor.close();
    visitor.close();
    let told = (0..).map(|_| disclosed(&gateway)).find(|told| !told.is_empty()).expect("an entry");
    let expected = (json!("demo-doctor"), json!("channel:facility"), seqs[0].clone(), seqs[2].clone());
    assert_eq!(told, [expected], "one stretch, and nothing of who sees no patients");
}

#[test]
fn many_lost_clients_raise_an_alarm() {
    let gateway = Setup::without_cameras("[hub]\nframes_per_s = 5\ncut_per_min_max = 3").start();
    let mut watcher = gateway.connect();
    watcher.subscribe("system");
    for _ in 0..4 {
        let mut flood = gateway.connect();
        (0..6).for_each(|_| flood.send(&json!({ "type": "ping" })));
        assert_eq!(flood.close_code(), 4429);
    }
    let raised = watcher.wait_for(|frame| frame["type"] == "alarm:raised");
    assert_eq!(
        (&raised["data"]["cause"], &raised["data"]["subject"]),
        (&json!("clients_lost"), &json!("hub"))
    );
    assert_eq!(
        gateway.http().bearing(DOCTOR).get("/api/alarms?cause=clients_lost").body["alarms"][0]["id"],
        "clients_lost:hub"
    );
}
