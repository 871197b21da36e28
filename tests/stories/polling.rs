//! Long poll: the same events for whoever can do nothing but ask.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use harness::{ADMIN, Answer, DOCTOR, Gateway, Journal, Load, SOON, Setup};
use serde_json::{Value, json};

/// A word that only a hidden field can hold.
const PATIENT: &str = "canary-patient-id";

fn poll(gateway: &Gateway, query: &str) -> Value {
    let answer = gateway.http().get(&format!("/api/poll?{query}"));
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.body
}

fn cursor(answer: &Value) -> String {
    answer["cursor"].as_str().unwrap_or_else(|| panic!("a cursor in {answer}")).to_owned()
}

fn seq_of(cursor: &str) -> u64 {
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

fn kinds(answer: &Value) -> Vec<&str> {
    let events = answer["events"].as_array().expect("a list of events");
    events.iter().map(|event| event["type"].as_str().expect("every frame has a type")).collect()
}

/// Writes an event of the channel facility, and returns its cursor.
fn write(gateway: &Gateway, n: u64) -> String {
    let body = json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 2 + n % 2) });
    let answer = gateway.http().put("/api/rooms/room-1/status", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.cursor.expect("a write says where it is")
}

/// A poll under way, and how long it takes.
fn asked(gateway: &Gateway, query: String) -> JoinHandle<(Answer, Duration)> {
    let http = gateway.http();
    std::thread::spawn(move || {
        let began = Instant::now();
        let answer = http.get(&format!("/api/poll?{query}"));
        (answer, began.elapsed())
    })
}

#[test]
fn the_first_poll_gives_the_state_and_the_next_what_came_after() {
    let gateway = Setup::without_cameras("").start();
    write(&gateway, 0);
    let first = poll(&gateway, "channels=facility,tasks&wait_s=55");
    assert_eq!(kinds(&first), ["snapshot", "snapshot"], "at once");
    assert_eq!(first["events"][0]["data"]["rooms"], gateway.http().get("/api/rooms").body["rooms"]);
    assert!(first.get("recovered").is_none(), "nobody asked to resume: {first}");
    let written = write(&gateway, 1);
    let second = poll(&gateway, &format!("channels=facility,tasks&wait_s=55&cursor={}", cursor(&first)));
    assert_eq!((kinds(&second), &second["recovered"]), (vec!["room:updated"], &json!(true)));
    assert_eq!((cursor(&second), &second["events"][0]["replay"]), (written, &json!(true)));
    let third = poll(&gateway, &format!("channels=facility&wait_s=0&cursor={}", cursor(&second)));
    assert_eq!((kinds(&third), cursor(&third)), (Vec::new(), cursor(&second)), "nothing comes twice");
    let state =
        poll(&gateway, &format!("channels=facility&wait_s=55&snapshot=true&cursor={}", cursor(&second)));
    assert_eq!(kinds(&state), ["snapshot"], "the state again, for who asks");
}

#[test]
fn a_poll_waits_for_an_event_and_no_longer_than_it_is_told() {
    const WAIT: Duration = Duration::from_secs(2);
    let gateway = Setup::without_cameras("").start();
    write(&gateway, 0);
    let from = cursor(&poll(&gateway, "channels=facility"));
    let began = Instant::now();
    let nothing = poll(&gateway, &format!("channels=facility&wait_s=2&cursor={from}"));
    let took = began.elapsed();
    assert_eq!((kinds(&nothing), cursor(&nothing)), (Vec::new(), from.clone()));
    assert!(took >= WAIT && took < SOON, "it waited {took:?}");
    // An event of another channel is no reason to answer; its time is over first.
    let waiting = asked(&gateway, format!("channels=alerts&wait_s=2&cursor={from}"));
    let longer = asked(&gateway, format!("channels=facility&wait_s=55&cursor={from}"));
    let written = write(&gateway, 1);
    let (answer, took) = longer.join().expect("the poll is answered");
    assert!(took < SOON, "it came back after {took:?}");
    assert_eq!((kinds(&answer.body), cursor(&answer.body)), (vec!["room:updated"], written));
    let (answer, took) = waiting.join().expect("the poll is answered");
    assert_eq!(kinds(&answer.body), Vec::<&str>::new());
    assert!(took >= WAIT && seq_of(&cursor(&answer.body)) >= seq_of(&from), "{took:?}: {answer:?}");
}

#[test]
fn a_loop_of_polls_gets_each_event_of_a_burst_once() {
    const WRITES: usize = 600;
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    write(&gateway, 0);
    let first = cursor(&poll(&gateway, "channels=facility"));
    let (mut at, mut seqs) = (first.clone(), Vec::new());
    let take = |at: &mut String, seqs: &mut Vec<u64>| {
        let answer = poll(&gateway, &format!("channels=facility&wait_s=20&cursor={at}"));
        assert_eq!(answer["recovered"], true, "from {at}");
        let events = answer["events"].as_array().expect("a list of events");
        assert!(events.len() <= 256, "an answer has an end");
        seqs.extend(events.iter().map(|event| event["seq"].as_u64().expect("a place")));
        *at = cursor(&answer);
    };
    let load = Load::start(&gateway, 4);
    while seqs.len() < WRITES / 3 {
        take(&mut at, &mut seqs);
    }
    // Further behind than one answer brings.
    load.wait_for(WRITES);
    load.end();
    write(&gateway, 1);
    let last = seq_of(&write(&gateway, 2));
    while seqs.last() != Some(&last) {
        take(&mut at, &mut seqs);
    }
    assert!(gateway.stop().success());
    let journal = Journal::read_copy(&setup.store());
    let expected = journal.facility.iter().filter(|seq| (seq_of(&first) + 1..=last).contains(seq)).copied();
    assert_eq!(seqs, expected.collect::<Vec<_>>(), "once each, in order, no hole");
}

#[test]
fn what_cannot_be_had_whole_comes_as_the_state() {
    let gateway = Setup::without_cameras("").start();
    let last = write(&gateway, 0);
    let (epoch, seq) = last.split_once(':').expect("a cursor is epoch:seq");
    let future = seq.parse::<u64>().expect("a number") + 1;
    for lost in [format!("x{epoch}:{seq}"), format!("{epoch}:{future}")] {
        let answer = poll(&gateway, &format!("channels=facility&wait_s=55&cursor={lost}"));
        assert_eq!((kinds(&answer), &answer["recovered"]), (vec!["snapshot"], &json!(false)), "{lost}");
        assert_eq!(cursor(&answer), last, "{lost}: and goes on from there");
    }
}

#[test]
fn a_poll_shows_what_the_role_shows_and_ends_with_the_proof() {
    let gateway = Setup::without_cameras("").start();
    let patient = json!({ "status": "occupied", "current_patient_id": PATIENT });
    assert_eq!(gateway.http().put("/api/rooms/room-1/status", &patient).status, 200);
    let doctor = poll(&gateway, "channels=all").to_string();
    let visitor = gateway.http().as_visitor().get("/api/poll?channels=all");
    assert_eq!((visitor.status, visitor.text.contains(PATIENT)), (200, false));
    assert!(doctor.contains(PATIENT) && visitor.text.contains("Exam Room 1"));
    let new = json!({ "kind": "kiosk", "label": "Corridor" });
    let made = gateway.admin().post("/api/tokens", &new).body;
    let kiosk = gateway.http().bearing(made["secret"].as_str().expect("the secret is told once"));
    let first = kiosk.get("/api/poll?channels=all").body;
    assert!(!first.to_string().contains(PATIENT), "{first}");
    let path = format!("/api/poll?channels=all&wait_s=55&cursor={}", cursor(&first));
    let waiting = {
        let (kiosk, path) = (kiosk.clone(), path.clone());
        std::thread::spawn(move || kiosk.get(&path))
    };
    let id = made["token"]["id"].as_str().expect("a token has an id");
    assert_eq!(gateway.admin().delete(&format!("/api/tokens/{id}")).status, 204);
    let answer = waiting.join().expect("the poll is answered");
    assert_eq!((answer.status, &answer.body["code"]), (401, &json!("unauthenticated")), "{answer:?}");
    assert_eq!(kiosk.get(&path).status, 401);
}

#[test]
fn what_is_wrong_with_a_poll_is_named() {
    let agent = "[[auth.keys]]\nid = \"agent-1\"\nrole = \"agent\"\ndemo_key = \"an-agent-of-this-test\"\n\
                 scopes = [\"read\"]\n";
    let gateway = Setup::without_cameras(agent).start();
    let long = "task:t-1";
    let many = (0..129).map(|n| format!("task:t-{n}")).collect::<Vec<_>>().join(",");
    let cases = [
        (DOCTOR, "", 422, "channels"),
        (DOCTOR, "channels=", 422, "channels"),
        (DOCTOR, "channels=facility,attic", 422, "channels"),
        (DOCTOR, &format!("channels={many}"), 422, "channels"),
        (DOCTOR, "channels=facility&cursor=never", 422, "cursor"),
        (DOCTOR, "channels=facility&since=x:1", 422, "since"),
        (DOCTOR, "channels=facility&channels=tasks", 422, "channels"),
        (DOCTOR, "channels=facility&snapshot=yes", 422, "snapshot"),
        (DOCTOR, "channels=facility&wait_s=56", 422, "wait_s"),
        (DOCTOR, "channels=facility&wait_s=-1", 422, "wait_s"),
        (DOCTOR, "channels=facility,doctor:doc-002", 403, ""),
        (ADMIN, "channels=doctor:doc-001", 403, ""),
        ("an-agent-of-this-test", "channels=tasks,system", 403, ""),
        ("nobody", "channels=facility", 401, ""),
    ];
    for (token, query, status, field) in cases {
        let answer = gateway.http().bearing(token).get(&format!("/api/poll?{query}"));
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (status, "application/problem+json"),
            "{query}: {answer:?}"
        );
        assert_eq!(answer.body["field"].as_str().unwrap_or_default(), field, "{query}: {answer:?}");
    }
    let answer = gateway.http().get(&format!("/api/poll?channels={long},{long}&wait_s=0"));
    assert_eq!((answer.status, kinds(&answer.body).len()), (200, 1), "the same twice is one");
    let ticket = gateway.http().post("/api/auth/ticket", &json!({})).body["ticket"].take();
    let path =
        format!("/api/poll?channels=doctor:doc-001&ticket={}", ticket.as_str().expect("a ticket is text"));
    let visitor = gateway.http().as_visitor();
    assert_eq!((visitor.get(&path).status, visitor.get(&path).status), (200, 401), "once");
}
