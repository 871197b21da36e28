//! A crowd of clients over a gateway that is killed in the middle of a burst: each comes back by its cursor, and ends
//! with what the store has. None hears of anything twice, and none misses anything.

use std::collections::BTreeMap;

use harness::{Crowd, Gateway, Journal, Load, Setup, allow_many_files, announce, prove};
use serde_json::{Value, json};

const WRITERS: usize = 6;
/// Writes of a burst. Two bursts are less than the 1,000 events that a replay brings at most.
const BURST: usize = 200;

fn setup() -> Setup {
    Setup::without_cameras("[hub]\nconnections_max = 10000\nconnections_per_user_max = 10000")
        .env("CARESYNC_HTTP__CONNECTIONS_MAX", "10000")
        .env("CARESYNC_HTTP__CONNECTIONS_PER_ADDRESS_MAX", "10000")
}

/// Changes equipment too, so that not all is about rooms.
fn move_equipment(gateway: &Gateway) {
    for n in 1..=9 {
        let status = if n % 2 == 0 { "operational" } else { "in_use" };
        let answer =
            gateway.admin().put(&format!("/api/equipment/eq-{n}/status"), &json!({ "status": status }));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// Writes the last event of the channel facility, and returns its place.
fn last_event(gateway: &Gateway, year: usize) -> u64 {
    let until = |minute: &str| format!("{}-01-01T00:{minute}:00Z", 2040 + year);
    let occupy = |minute| {
        let body = json!({ "status": "occupied", "estimated_available_at": until(minute) });
        gateway.http().put("/api/rooms/room-1/status", &body).cursor.expect("a write says where it is")
    };
    // The first may begin a visit, which is for no channel; the second is an event of the room and nothing else.
    occupy("00");
    let cursor = occupy("01");
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

/// Rooms and equipment by id, as REST shows them.
fn things(gateway: &Gateway) -> BTreeMap<String, Value> {
    let lists =
        ["rooms", "equipment"].map(|kind| gateway.http().get(&format!("/api/{kind}")).body[kind].take());
    let things = lists.into_iter().flat_map(|list| list.as_array().cloned().expect("a list"));
    things.map(|thing| (thing["id"].as_str().expect("everything has an id").to_owned(), thing)).collect()
}

#[test]
fn every_client_of_a_killed_gateway_resumes_and_ends_with_what_the_store_has() {
    let (clients, kills) = if prove() { (1_000, 5) } else { (200, 1) };
    allow_many_files();
    let setup = setup();
    let mut gateway = setup.start();
    let crowd = Crowd::start(gateway.port(), clients);
    crowd.wait_until_all_have(1);
    let mut last = 0;
    for kill in 0..kills {
        let load = Load::start(&gateway, WRITERS);
        load.wait_for(rand::random_range(1..=BURST));
        gateway.kill();
        load.wait_for_end();
        gateway = setup.start();
        // They come back in the middle of the next burst.
        let load = Load::start(&gateway, WRITERS);
        load.wait_for(BURST);
        load.end();
        move_equipment(&gateway);
        last = last_event(&gateway, kill);
        crowd.wait_until_all_have(last);
    }
    let followers = crowd.end();
    let expected = things(&gateway);
    assert!(gateway.stop().success());

    let journal = Journal::read_copy(&setup.store());
    assert_eq!(followers.len(), clients);
    for (n, follower) in followers.iter().enumerate() {
        assert_eq!(follower.snapshots, 1, "client {n} never had to begin anew");
        assert!(follower.connections > kills, "client {n} was cut {kills} times");
        let missed = journal.facility.iter().filter(|seq| (follower.from + 1..=last).contains(seq));
        assert_eq!(
            follower.seqs,
            missed.copied().collect::<Vec<_>>(),
            "client {n}: once each, in order, no hole"
        );
        assert_eq!(follower.things, expected, "client {n} ends with what the store has");
    }
    let events: usize = followers.iter().map(|follower| follower.seqs.len()).sum();
    announce(&format!("resume: {clients} clients, {kills} kills, {events} events delivered, each once"));
}
