//! Presence: who is in a channel, people and not tabs; and signals, what they tell each other.

use std::time::{Duration, Instant};

use harness::{ADMIN, Client, Gateway, Setup};
use serde_json::{Value, json};

/// How long a user without a connection is still there.
const GRACE: Duration = Duration::from_secs(10);

fn gateway() -> Gateway {
    let people = ["nurse", "viewer"].map(|id| {
        format!(
            "[[auth.demo_users]]\nid = \"{id}\"\nemail = \"{id}@clinic.lan\"\nname = \"Canary Name {id}\"\n\
             role = \"{id}\"\npassword = \"demo-caresync\"\ntoken = \"{id}-token\"\n"
        )
    });
    let agent = "[[auth.keys]]\nid = \"agent-1\"\nrole = \"agent\"\ndemo_key = \"agent-token\"\n\
                 scopes = [\"read\"]\n";
    Setup::without_cameras(&(people.concat() + agent)).start()
}

fn connect(gateway: &Gateway, who: &str) -> Client {
    Client::bearing(gateway.port(), &format!("{who}-token"))
}

/// Joins `channel` and asks who is there.
fn join(client: &mut Client, channel: &str) -> Value {
    let ask = json!({ "type": "subscribe", "room": channel, "presence": true });
    let presence = client.ask(&ask, "presence");
    assert_eq!(presence["room"], channel);
    presence["data"]["users"].clone()
}

/// Every frame before the answer to a ping that is no answer itself.
fn told(client: &mut Client) -> Vec<Value> {
    client.send(&json!({ "type": "ping" }));
    std::iter::from_fn(|| Some(client.frame()).filter(|frame| frame["type"] != "pong")).collect()
}

fn users(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|it| it["user"].as_str().expect("a user")).collect()
}

#[test]
fn two_tabs_of_a_user_join_once_and_leave_after_the_last() {
    let gateway = gateway();
    let mut admin = Client::bearing(gateway.port(), ADMIN);
    assert_eq!(users(&join(&mut admin, "tasks")), ["demo-admin"], "who asks is there too");
    let (mut first, mut second) = (connect(&gateway, "nurse"), connect(&gateway, "nurse"));
    first.subscribe("tasks");
    let joined = admin.frame();
    assert_eq!((&joined["type"], &joined["room"]), (&json!("presence:joined"), &json!("tasks")));
    assert_eq!(joined["data"], json!({ "user": "nurse", "name": "Canary Name nurse", "role": "nurse" }));
    assert_eq!(users(&join(&mut second, "tasks")), ["demo-admin", "nurse"]);
    assert_eq!(told(&mut admin), Vec::<Value>::new(), "the second tab is nobody new");
    assert_eq!(told(&mut first), Vec::<Value>::new(), "who did not ask is not told");
    let mut doctor = [gateway.connect(), gateway.connect()];
    doctor.iter_mut().for_each(|tab| drop(tab.subscribe("tasks")));
    assert_eq!(admin.frame()["data"]["user"], "demo-doctor");
    // The nurse goes first, and is back within the grace.
    first.close();
    second.close();
    let [tab, other_tab] = doctor;
    tab.close();
    let mut again = connect(&gateway, "nurse");
    again.subscribe("tasks");
    let gone_at = Instant::now();
    other_tab.close();
    let left = admin.wait_within(3 * GRACE, |frame| frame["type"] != "pong");
    assert_eq!(
        (&left["type"], &left["data"]["user"]),
        (&json!("presence:left"), &json!("demo-doctor")),
        "{left}"
    );
    assert!(gone_at.elapsed() >= GRACE, "{:?} after the last tab", gone_at.elapsed());
    assert_eq!(users(&join(&mut again, "tasks")), ["demo-admin", "nurse"], "who came back was never away");
    assert_eq!(told(&mut admin), Vec::<Value>::new());
}

#[test]
fn a_doctors_own_channel_shows_who_is_there() {
    let gateway = gateway();
    let mut first = gateway.connect();
    assert_eq!(users(&join(&mut first, "doctor:doc-001")), ["demo-doctor"]);
    let second = gateway.connect();
    second.close();
    let mut third = gateway.connect();
    assert_eq!(users(&join(&mut third, "doctor:doc-001")), ["demo-doctor"], "the first is still there");
    assert_eq!(told(&mut first), Vec::<Value>::new(), "and nobody came or went");
}

#[test]
fn machines_are_nobody_and_see_no_names() {
    let gateway = gateway();
    let mut agent = connect(&gateway, "agent");
    let mut viewer = connect(&gateway, "viewer");
    assert_eq!(join(&mut agent, "tasks"), json!([]), "a machine is not there");
    let mut nurse = connect(&gateway, "nurse");
    assert_eq!(users(&join(&mut viewer, "tasks")), ["viewer"]);
    nurse.subscribe("tasks");
    let seen = [agent.wait_for(|it| it["data"]["user"] == "nurse"), viewer.frame()];
    for (frame, name) in seen.iter().zip([Value::Null, json!("Canary Name nurse")]) {
        assert_eq!((&frame["type"], &frame["data"]["name"]), (&json!("presence:joined"), &name));
    }
    let list = join(&mut agent, "tasks");
    assert_eq!((users(&list), list.to_string().contains("Canary")), (vec!["nurse", "viewer"], false));
    let mut visitor = Client::try_connect(gateway.port(), "/ws").expect("an open demo takes visitors");
    assert_eq!(users(&join(&mut visitor, "tasks")), ["nurse", "viewer"], "a visitor has no name to show");
}

#[test]
fn a_signal_reaches_the_channels_others_and_is_not_kept() {
    let gateway = gateway();
    let [mut doctor, mut other_tab, mut elsewhere] = [(); 3].map(|()| gateway.connect());
    let (mut nurse, mut viewer, mut agent) =
        (connect(&gateway, "nurse"), connect(&gateway, "viewer"), connect(&gateway, "agent"));
    for client in [&mut doctor, &mut other_tab, &mut nurse, &mut viewer, &mut agent] {
        client.subscribe("tasks");
    }
    elsewhere.subscribe("facility");
    let from = format!("{}:0", doctor.greeting["data"]["epoch"].as_str().expect("an epoch"));
    let signal = json!({ "type": "signal", "id": "s", "room": "tasks", "data": { "typing": "canary" } });
    let answer = doctor.ask(&signal, "signal");
    assert_eq!((&answer["id"], &answer["room"]), (&json!("s"), &json!("tasks")));
    assert_eq!(told(&mut doctor), Vec::<Value>::new(), "not back to who said it");
    for client in [&mut other_tab, &mut nurse] {
        let heard = client.frame();
        assert_eq!((&heard["type"], &heard["room"]), (&json!("signal"), &json!("tasks")));
        assert_eq!(heard["data"]["signal"], json!({ "typing": "canary" }));
        let client_id = &doctor.greeting["data"]["client_id"];
        assert_eq!(heard["data"]["from"], json!({ "user": "demo-doctor", "client_id": client_id }));
        assert!(heard.get("seq").is_none() && heard.get("id").is_none(), "{heard}");
    }
    for client in [&mut viewer, &mut agent, &mut elsewhere] {
        assert_eq!(told(client), Vec::<Value>::new(), "{}", client.greeting["data"]);
    }
    let mut late = connect(&gateway, "nurse");
    late.send(&json!({ "type": "subscribe", "room": "tasks", "since": from }));
    assert!(told(&mut late).iter().all(|frame| frame["type"] != "signal"), "it is not kept");
    let log = gateway.log();
    assert!(!log.contains("canary"), "nor is it in the log: {log}");
}

#[test]
fn a_signal_that_is_not_allowed_is_refused_and_reaches_nobody() {
    let gateway = gateway();
    let kiosk = gateway.admin().post("/api/tokens", &json!({ "kind": "kiosk", "label": "Corridor" }));
    let kiosk = kiosk.body["secret"].as_str().expect("the secret is told once").to_owned();
    let mut nurse = connect(&gateway, "nurse");
    nurse.subscribe("tasks");
    let signal = |data: Value| json!({ "type": "signal", "id": 1, "room": "tasks", "data": data });
    let mut doctor = gateway.connect();
    let mut viewer = connect(&gateway, "viewer");
    let mut kiosk = Client::bearing(gateway.port(), &kiosk);
    let mut agent = connect(&gateway, "agent");
    let mut refused = |client: &mut Client, data: Value, code: &str| {
        let answer = client.ask(&signal(data), "error");
        assert_eq!((&answer["id"], &answer["data"]["code"]), (&json!(1), &json!(code)), "{answer}");
        assert_eq!(told(&mut nurse), Vec::<Value>::new(), "{code}");
    };
    refused(&mut doctor, json!("x"), "not_subscribed");
    doctor.subscribe("tasks");
    refused(&mut doctor, json!("x".repeat(1_023)), "too_large");
    for client in [&mut viewer, &mut kiosk, &mut agent] {
        client.subscribe("tasks");
        refused(client, json!("x"), "forbidden");
    }
    doctor.ask(&signal(json!("x".repeat(1_022))), "signal");
    assert_eq!(nurse.frame()["data"]["signal"].as_str().map(str::len), Some(1_022), "the largest");
}
