//! The shipped demo at work: how long its clients wait for what happens.

use std::time::{Duration, Instant};

use harness::{Client, DOCTOR, Setup, announce};
use serde_json::json;

/// Events of people, besides those of the two cameras.
const EVENTS: u32 = 100;
/// Clients that hear all of them.
const CLIENTS: u16 = 20;
/// What a client may wait for one event in a hundred: the budget is 100 ms, this machine may be three times as slow.
const P99_MAX: Duration = Duration::from_millis(300);

#[test]
fn whoever_looks_at_the_demo_hears_of_a_change_at_once() {
    let gateway = Setup::demo().start();
    let port = gateway.port();
    let listen = |_| {
        let mut client = Client::bearing(port, DOCTOR);
        client.subscribe("all");
        std::thread::spawn(move || {
            let mut heard = Vec::new();
            while heard.len() < EVENTS as usize {
                let frame =
                    client.wait_for(|it| it["type"] == "room:updated" && it["data"]["id"] == "room-1");
                heard.push((frame["seq"].as_u64().expect("an event has a place"), Instant::now()));
            }
            heard
        })
    };
    let listeners: Vec<_> = (0..CLIENTS).map(listen).collect();
    let http = gateway.http();
    let posts: Vec<(u64, Instant)> = (0..EVENTS)
        .map(|n| {
            // Ten a second, as people would in a large clinic at its worst.
            std::thread::sleep(Duration::from_millis(100));
            let status = ["occupied", "available"][n as usize % 2];
            let posted_at = Instant::now();
            let answer = http.put("/api/rooms/room-1/status", &json!({ "status": status }));
            let cursor = answer.cursor.expect("a write says where it is");
            (cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("epoch:seq"), posted_at)
        })
        .collect();
    let mut waits: Vec<Duration> = Vec::new();
    for listener in listeners {
        for (n, (seq, at)) in listener.join().expect("it hears all").into_iter().enumerate() {
            assert!(seq <= posts[n].0, "an answer's cursor contains its own event");
            waits.push(at.saturating_duration_since(posts[n].1));
        }
    }
    waits.sort_unstable();
    let of = |per_cent: usize| waits[(waits.len() - 1) * per_cent / 100];
    let pictures = gateway.metrics();
    let picture = |what| pictures.value(&format!("caresync_sensing_picture_seconds_{what}"), &[]);
    announce(&format!(
        "demo: from a post to {CLIENTS} clients p50 {:?}, p99 {:?}, most {:?}; from a picture to the durable event {:?} s in all of {:?}",
        of(50),
        of(99),
        of(100),
        picture("sum"),
        picture("count"),
    ));
    assert!(of(99) < P99_MAX, "p99 is {:?}", of(99));
    assert!(gateway.stop().success());
}
