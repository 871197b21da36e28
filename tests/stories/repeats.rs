//! A request that comes a hundred times at once, with a crash in the middle, has one effect and one answer.

use std::collections::BTreeSet;
use std::sync::mpsc::channel;
use std::thread;

use harness::{Gateway, Http, Setup};
use serde_json::json;

const REPEATS: usize = 100;
const HEADERS: [(&str, &str); 2] =
    [("Content-Type", "application/json"), ("Idempotency-Key", "once-and-no-more")];

/// The answer's id and body, when there was one.
fn ask(http: &Http) -> Option<String> {
    let body = json!({ "type": "delivery", "description": "Bring gloves", "assignee": "staff" }).to_string();
    let answer = http.try_send("POST", "/api/tasks", &HEADERS, body.as_bytes()).ok()?;
    assert!([201, 503].contains(&answer.status), "{answer:?}");
    (answer.status == 201).then_some(answer.text)
}

/// Asks from everywhere at once, and gives the answers; `kill` ends the gateway after the first of them.
fn ask_from_everywhere(gateway: Gateway, kill: bool) -> (Vec<String>, Option<Gateway>) {
    let (sender, answers) = channel();
    let asking: Vec<_> = (0..REPEATS)
        .map(|_| {
            let (http, sender) = (gateway.http(), sender.clone());
            thread::spawn(move || drop(ask(&http).map(|answer| sender.send(answer))))
        })
        .collect();
    drop(sender);
    let mut taken: Vec<String> = answers.recv().into_iter().collect();
    let left = if kill {
        gateway.kill();
        None
    } else {
        Some(gateway)
    };
    asking.into_iter().for_each(|asking| asking.join().expect("a client does not panic"));
    taken.extend(answers.iter());
    (taken, left)
}

#[test]
fn a_hundred_repeats_with_a_crash_among_them_have_one_effect_and_one_answer() {
    let setup = Setup::without_cameras("");
    let mut told = BTreeSet::new();
    let (answers, _) = ask_from_everywhere(setup.start(), true);
    assert!(!answers.is_empty(), "the first answer came before the crash");
    told.extend(answers);
    let (answers, gateway) = ask_from_everywhere(setup.start(), false);
    assert_eq!(answers.len(), REPEATS, "everybody is answered");
    told.extend(answers);
    assert_eq!(told.len(), 1, "one answer: {told:#?}");
    let gateway = gateway.expect("it was not killed");
    let tasks = gateway.http().get("/api/tasks").body["tasks"].as_array().expect("a list").len();
    assert_eq!(tasks, 1, "one effect");
}
