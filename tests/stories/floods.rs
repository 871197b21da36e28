//! Peers that take more than their share, or vanish: each ends with its code and is counted, and nobody else notices.

use std::time::Instant;

use harness::{
    CONTINUATION, Client, End, Exposition, FIN, Gateway, PING, PONG, Peer, SOON, Setup, TEXT, Wire, masked,
};
use serde_json::{Value, json};

/// A second of a flood, at once.
const FLOOD: usize = 1_000;
/// Floods of a kind, one after the other: as many as an address may have connections, all kinds together, and no more.
const FLOODS: u64 = 50;

/// What a flood of such frames says in a second.
fn flood(kind: &[u8]) -> Vec<u8> {
    kind.repeat(FLOOD)
}

/// Scrapes until `wanted` holds.
fn metrics_until(gateway: &Gateway, wanted: impl Fn(&Exposition) -> bool) {
    let until = Instant::now() + SOON;
    loop {
        let metrics = gateway.metrics();
        if wanted(&metrics) {
            return;
        }
        assert!(Instant::now() < until, "it did not come: {metrics:#?}");
    }
}

/// Sends so many writes one by one, and asserts that `client` hears of each at once and in order.
fn assert_served(gateway: &Gateway, client: &mut Client, writes: u64) {
    let http = gateway.http();
    for n in 0..writes {
        let body = json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 1 + n % 2) });
        let answer = http.put("/api/rooms/room-1/status", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let event = client.frame();
        let cursor = answer.cursor.expect("a write says where it is");
        assert!(
            cursor.ends_with(&format!(":{}", event["seq"])),
            "write {n} is at {cursor}, the event: {event}"
        );
    }
}

#[test]
fn a_flood_of_frames_closes_with_4429_while_others_go_on() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    let kinds = [
        masked(FIN | TEXT, br#"{"type":"ping"}"#),
        masked(FIN | TEXT, b"garbage"),
        masked(FIN | PING, b"?"),
        masked(FIN | PONG, b""),
    ];
    let floods = kinds.map(|kind| {
        let port = gateway.port();
        std::thread::spawn(move || {
            for _ in 0..FLOODS {
                let mut peer = Peer::connect(port);
                // The hub may have ended it before all of it is written.
                peer.write(&flood(&kind));
                assert_eq!(peer.end(), End::Code(4429), "after {:?}", &kind[..2]);
            }
        })
    });
    while floods.iter().any(|flood| !flood.is_finished()) {
        assert_served(&gateway, &mut client, 10);
    }
    for flood in floods {
        flood.join().expect("every flood ends with 4429");
    }
    assert_eq!(gateway.metrics().closes(4429), FLOODS * 4, "each is counted");
    client.close();
}

#[test]
fn a_message_that_never_ends_closes_with_4429() {
    let gateway = Setup::without_cameras("").start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    let mut peer = Peer::connect(gateway.port());
    // Fragments of nothing: no limit of size ever stops them.
    peer.write(&[masked(TEXT, b""), flood(&masked(CONTINUATION, b""))].concat());
    assert_served(&gateway, &mut client, 10);
    assert_eq!(peer.end(), End::Code(4429));
}

#[test]
fn frames_within_the_limit_are_no_flood() {
    let gateway = Setup::without_cameras("[hub]\nframes_per_s = 100").start();
    let mut peer = Peer::connect(gateway.port());
    let mut whole = masked(TEXT, br#"{"type":"#);
    (0..30).for_each(|_| whole.extend(masked(CONTINUATION, b" ")));
    whole.extend(masked(FIN | CONTINUATION, br#""ping"}"#));
    whole.extend(masked(FIN | TEXT, br#"{"type":"ping"}"#).repeat(30));
    assert!(peer.write(&whole));
    (0..31).for_each(|n| assert_eq!(peer.text()["type"], "pong", "{n} of 31"));
}

/// A client that goes on reading, and with that answers pings, until the gateway stops.
fn stay(gateway: &Gateway) -> std::thread::JoinHandle<Value> {
    let mut client = gateway.connect();
    std::thread::spawn(move || client.wait_for(|frame| frame["type"] == "goodbye"))
}

#[test]
fn peers_that_vanish_are_gone_after_two_misses() {
    let gateway = Setup::without_cameras("[hub]\nping_s = 1").start();
    let well = stay(&gateway);
    // No FIN ever comes from any: one's kernel still takes what the hub says, another's is soon full, and the third's
    // machine is off.
    let mut listening = Peer::connect(gateway.port());
    let _gone = Peer::by(Wire::small(gateway.port()).expect("the gateway listens"), gateway.port());
    let _off = Peer::connect(gateway.port()).vanish();
    let began = Instant::now();
    assert_eq!(listening.end(), End::Code(4408));
    // Two pings go unanswered for a second each, and nothing is missed before the first.
    assert!(began.elapsed().as_millis() >= 2_000, "it had time to answer: {:?}", began.elapsed());
    let left = |metrics: &Exposition| metrics.value("caresync_hub_clients", &[]);
    metrics_until(&gateway, |metrics| metrics.closes(4408) == 3 && left(metrics) == Some(1.0));
    assert!(gateway.stop().success());
    well.join().expect("who answers pings stays to the end");
}
