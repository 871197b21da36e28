//! Slow readers: one that stops is cut, one that only reads slowly gets everything.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use harness::{
    Certificate, Client, DOCTOR, Exposition, FIN, Gateway, Http, Peer, RawSocket, Setup, TEXT, Wire,
};
use serde_json::{Value, json};

const SUBSCRIBE: &[u8] = br#"{"type":"subscribe","room":"facility"}"#;
/// Three times what the hub has to cut a reader that lags too far behind: 5 s.
const CUT_MAX: Duration = Duration::from_secs(15);
/// Between two events of a moderate day.
const MODERATE: Duration = Duration::from_millis(25);

fn setup(more: &str) -> Setup {
    let rules = format!("[rules]\nwebhook_max_age_s = 0\n{more}");
    Setup::without_cameras(&rules).env("CARESYNC_AUTH__KEY_REQUESTS_PER_S", "100000")
}

/// An event of a kilobyte and a half of the channel facility: room-1, seen by eight cameras with the longest names.
fn large(n: usize) -> String {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": true, "doctorId": format!("doc-00{}", 1 + n % 2) },
        "confidence": 0.9, "cameraId": format!("{}-{}", "c".repeat(78), n % 8)
    });
    event.to_string()
}

const OPENCV: [(&str, &str); 2] =
    [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
const EVENT: &str = "/api/webhooks/opencv/event";

fn report(http: &Http, n: usize) {
    let answer = http.send("POST", EVENT, &OPENCV, large(n).as_bytes());
    assert_eq!(answer.body["processed"], true, "{answer:?}");
}

/// What the kernel keeps at most for a reader that takes nothing, and what the hub allows it besides.
fn enough_bytes() -> usize {
    let memory = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_wmem").expect("Linux says what it keeps");
    let most = memory.split_whitespace().nth(2).and_then(|most| most.parse::<usize>().ok());
    most.expect("three numbers") + 512 * 1024
}

/// Writes until `seen` has taken more than any lag may be, and returns how often; `write` makes one event of the
/// channel facility.
fn fill(seen: &mut Client, mut write: impl FnMut(usize)) -> usize {
    let (mut bytes, enough) = (0, enough_bytes());
    let more = (0..).take_while(|n| {
        write(*n);
        bytes += seen.frame().to_string().len();
        bytes < enough
    });
    more.count() + 1
}

/// Asserts that one connection ends with 4507 in time.
fn assert_cut(began: Instant, metrics: impl Fn() -> Exposition) {
    while metrics().closes(4507) == 0 {
        assert!(began.elapsed() < CUT_MAX, "a reader that takes nothing is still there");
    }
    assert_eq!(metrics().closes(4507), 1, "nobody else");
}

#[test]
fn a_reader_that_stops_is_cut_and_counted() {
    let gateway = setup("").start();
    let mut stuck = Peer::by(Wire::small(gateway.port()).expect("the gateway listens"), gateway.port());
    stuck.send(FIN | TEXT, SUBSCRIBE);
    assert_eq!(stuck.text()["type"], "subscribed");
    let mut other = gateway.connect();
    other.subscribe("facility");
    let http = gateway.http();
    let written = fill(&mut other, |n| report(&http, n));
    // Nothing more happens: the hub has to see by itself that the reader is behind.
    assert_cut(Instant::now(), || gateway.metrics());
    report(&http, written);
    assert_eq!(other.frame()["type"], "room:updated", "the other goes on");
}

#[test]
fn a_reader_that_stops_is_cut_through_tls_too() {
    let certificate = Certificate::new();
    let gateway = setup(&certificate.section()).start();
    let port = gateway.port();
    let tls = || Wire::tls(port, &certificate.trusted).expect("the gateway shows its certificate");
    let small = Wire::small_tls(port, &certificate.trusted).expect("the gateway shows its certificate");
    let mut stuck = Peer::by(small, port);
    stuck.send(FIN | TEXT, SUBSCRIBE);
    assert_eq!(stuck.text()["type"], "subscribed");
    let mut other = Client::by(tls(), port, DOCTOR);
    other.subscribe("facility");
    let mut rest = RawSocket::by(tls());
    let host = format!("Host: 127.0.0.1:{port}");
    let opencv = OPENCV.map(|(name, value)| format!("{name}: {value}"));
    fill(&mut other, |n| {
        let body = large(n);
        let length = format!("Content-Length: {}", body.len());
        let head = [&*host, &opencv[0], &opencv[1], &length];
        assert_eq!(rest.ask_with(&format!("POST {EVENT}"), &head, body.as_bytes()).0, 200);
    });
    assert_cut(Instant::now(), || {
        let (_, text) = RawSocket::by(tls()).ask_text("GET /metrics", &[&host], b"");
        Exposition::read(&text).expect("a scraper can read it")
    });
}

/// Somebody who writes at a moderate rate until it is dropped.
struct Day {
    stop: Arc<AtomicBool>,
    writer: Option<JoinHandle<()>>,
}

impl Day {
    fn begin(write: impl Fn(usize) + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&stop);
        let writer = std::thread::spawn(move || {
            for n in 0.. {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                write(n);
                // The rate of the day, no synchronisation.
                std::thread::sleep(MODERATE);
            }
        });
        Self { stop, writer: Some(writer) }
    }

    fn end(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.writer.take().expect("it ends once").join().expect("every write is answered");
    }
}

impl Drop for Day {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn seq(frame: &Value) -> u64 {
    frame["seq"].as_u64().unwrap_or_else(|| panic!("a seq in {frame}"))
}

fn slow_client(gateway: &Gateway) -> Client {
    Client::by(Wire::slow(gateway.port()).expect("the gateway listens"), gateway.port(), DOCTOR)
}

/// The events of the channel facility that the journal holds after `cursor`. Others come between them, by time alone.
fn facility_after(admin: &Http, cursor: &str) -> Vec<u64> {
    let (mut seqs, mut path) = (Vec::new(), format!("/api/journal?limit=200&since={cursor}"));
    loop {
        let page = admin.get(&path);
        assert_eq!(page.status, 200, "{}", page.text);
        let events: Vec<Value> =
            page.text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        if events.is_empty() {
            return seqs;
        }
        seqs.extend(events.iter().filter(|it| it["event"] == "room_updated").map(seq));
        path = format!("/api/journal?limit=200&since={}", page.cursor.expect("it says how far it reaches"));
    }
}

#[test]
fn a_resume_from_far_behind_never_ends_a_slow_reader() {
    const BEHIND: usize = 900;
    let gateway = setup("").start();
    let mut other = gateway.connect();
    let cursor =
        format!("{}:{}", other.greeting["data"]["epoch"].as_str().unwrap(), other.greeting["data"]["seq"]);
    other.subscribe("facility");
    for n in 0..BEHIND {
        report(&gateway.http(), n);
    }
    let http = gateway.http();
    let day = Day::begin(move |n| report(&http, n));
    let mut slow = slow_client(&gateway);
    let began = Instant::now();
    let ask = json!({ "type": "subscribe", "room": "facility", "since": cursor });
    let answer = slow.ask(&ask, "subscribed");
    assert_eq!(answer["recovered"], true, "{answer}");
    let frames: Vec<_> = (0..BEHIND + 100).map(|_| slow.frame()).collect();
    day.end();
    let bytes: usize = frames.iter().map(|frame| frame.to_string().len()).sum();
    assert!(bytes > 1024 * 1024 && began.elapsed() > Duration::from_secs(1), "{bytes} bytes are no burden");
    let expected = facility_after(&gateway.admin(), &cursor);
    let seen: Vec<_> = frames.iter().map(seq).collect();
    assert_eq!(seen, expected[..seen.len()], "all of it, once, in order");
    assert!(frames.iter().all(|frame| (frame["replay"] == true) == (seq(frame) <= seq(&answer))), "{answer}");
    assert_eq!(gateway.metrics().closes(4507), 0);
    slow.close();
}

/// A clinic of so many rooms and the demo's doctor, in `file`.
fn write_clinic(file: &Path, rooms: usize) {
    let room =
        |n: usize| format!("[[rooms]]\nid = \"room-{n}\"\nname = \"Room {n}\"\ntype = \"examination\"\n");
    let doctor =
        "[[doctors]]\nid = \"doc-001\"\nname = \"Dr. Ada Lindqvist\"\nspecialty = \"Family medicine\"\n";
    let clinic = (1..=rooms).map(room).chain([doctor.to_owned()]).collect::<String>();
    std::fs::write(file, clinic).expect("the folder takes a file");
}

/// Makes so many action items, by eight clients.
fn make_items(gateway: &Gateway, items: usize) {
    let writers = (0..8).map(|writer| {
        let http = gateway.http();
        std::thread::spawn(move || {
            for n in (writer..items).step_by(8) {
                let room = format!("room-{}", 1 + n % 9);
                let item =
                    json!({ "title": format!("Item {n}"), "description": "d".repeat(200), "roomId": room });
                let answer = http.post("/api/actions", &item);
                assert_eq!(answer.status, 201, "{answer:?}");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.join().expect("every item is taken");
    }
}

#[test]
fn the_snapshot_of_a_large_clinic_never_ends_a_slow_reader() {
    const ROOMS: usize = 500;
    const ITEMS: usize = 2_000;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let clinic = folder.path().join("clinic.toml");
    write_clinic(&clinic, ROOMS);
    let gateway = setup("").env("CARESYNC_FACILITY__SEED_FILE", &clinic).start();
    make_items(&gateway, ITEMS);
    let mut other = gateway.connect();
    other.subscribe("all");
    let http = gateway.http();
    let day = Day::begin(move |n| {
        // Every round says of each room what the round before did not: a day that goes on, however late the reader comes.
        let status = if (n / 100 + n) % 2 == 0 { "occupied" } else { "available" };
        let answer =
            http.put(&format!("/api/rooms/room-{}/status", 10 + n % 100), &json!({ "status": status }));
        assert_eq!(answer.status, 200, "{answer:?}");
    });
    let mut slow = slow_client(&gateway);
    let snapshot = slow.ask(&json!({ "type": "subscribe", "room": "all", "snapshot": true }), "snapshot");
    assert!(snapshot.to_string().len() > 1024 * 1024, "the snapshot is no burden");
    let count = |what: &str| snapshot["data"][what].as_array().map(Vec::len);
    assert_eq!((count("rooms"), count("actions")), (Some(ROOMS), Some(ITEMS)));
    let live: Vec<_> = (0..100).map(|_| seq(&slow.frame())).collect();
    day.end();
    let mut expected = Vec::new();
    while expected.len() < live.len() {
        expected.extend(Some(seq(&other.frame())).filter(|it| *it > seq(&snapshot)));
    }
    assert_eq!(live, expected, "everything after the snapshot, once, in order");
    assert_eq!(gateway.metrics().closes(4507), 0);
    slow.close();
}
