//! Server-sent events: the stream of a WebSocket for those who only listen, with the same cursors and views.

use harness::{
    Certificate, Chromium, Console, DOCTOR, EventStream, Gateway, Journal, Load, RawSocket, Setup,
    StreamEvent, Wire,
};
use serde_json::{Value, json};

/// A word that only a hidden field can hold.
const PATIENT: &str = "canary-patient-id";

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

fn open(gateway: &Gateway, query: &str, headers: &[String]) -> EventStream {
    let wire = Wire::plain(gateway.port()).expect("the gateway listens");
    EventStream::open(wire, gateway.port(), query, headers)
}

fn resume(gateway: &Gateway, query: &str, last_id: &str) -> EventStream {
    open(gateway, query, &[bearer(DOCTOR), format!("Last-Event-ID: {last_id}")])
}

/// Writes an event of the channel facility, and returns its cursor.
fn write(gateway: &Gateway, n: u64) -> String {
    let body = json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 2 + n % 2) });
    let answer = gateway.http().put("/api/rooms/room-1/status", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.cursor.expect("a write says where it is")
}

fn seq_of(cursor: &str) -> u64 {
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

/// The events up to and with the one at `last`.
fn events_to(stream: &mut EventStream, last: u64) -> Vec<StreamEvent> {
    let mut events: Vec<StreamEvent> = Vec::new();
    while events.last().is_none_or(|event| event.seq() != last) {
        let event = stream.event().unwrap_or_else(|| panic!("the stream ends before {last}: {events:#?}"));
        events.extend(Some(event).filter(StreamEvent::is_event));
    }
    events
}

#[test]
fn a_stream_brings_each_event_once_and_in_order_and_each_is_a_cursor() {
    let gateway = Setup::without_cameras("").start();
    let mut socket = gateway.connect();
    socket.subscribe("all");
    let mut stream = open(&gateway, "channels=facility,all,tasks,facility", &[bearer(DOCTOR)]);
    assert!(stream.head.contains("cache-control: no-store"), "{}", stream.head);
    let connected = stream.event().expect("it begins with a greeting");
    let data = &connected.frame["data"];
    assert_eq!(
        (connected.kind(), &data["role"], &data["user"]),
        ("connected", &json!("doctor"), &json!("demo-doctor"))
    );
    let epoch = data["epoch"].as_str().expect("an epoch").to_owned();
    for channel in ["facility", "all", "tasks"] {
        let subscribed = stream.event().expect("an answer for each channel");
        assert_eq!((subscribed.kind(), &subscribed.frame["room"]), ("subscribed", &json!(channel)));
    }
    for n in 0..20 {
        write(&gateway, n);
        let status = ["needs_cleaning", "available"][usize::from(n % 2 == 1)];
        gateway.http().put("/api/rooms/room-2/status", &json!({ "status": status }));
    }
    let last = seq_of(&write(&gateway, 21));
    let events = events_to(&mut stream, last);
    let frames: Vec<Value> = std::iter::from_fn(|| Some(socket.frame())).take(events.len()).collect();
    assert!(events.len() > 40, "{}", events.len());
    for (event, frame) in events.iter().zip(&frames) {
        assert_eq!(event.frame, *frame, "the very frames that a socket gets");
        assert_eq!(event.id.as_deref(), Some(format!("{epoch}:{}", event.seq()).as_str()));
        assert!(event.frame.get("replay").is_none(), "nothing here is old: {event:?}");
    }
    assert!(events.windows(2).all(|pair| pair[0].seq() < pair[1].seq()), "{events:#?}");
}

#[test]
fn a_stream_that_breaks_goes_on_where_it_was_also_after_a_kill() {
    const WRITERS: usize = 4;
    const QUERY: &str = "channels=facility";
    let setup = Setup::without_cameras("");
    let mut gateway = setup.start();
    let mut stream = open(&gateway, QUERY, &[bearer(DOCTOR)]);
    let subscribed = stream.wait_for(|event| event.kind() == "subscribed");
    let (from, mut seqs) = (subscribed.seq(), Vec::new());
    for breaks in 0..4 {
        let load = Load::start(&gateway, WRITERS);
        let some = (0..40).map(|_| stream.wait_for(StreamEvent::is_event).seq());
        seqs.extend(some.collect::<Vec<_>>());
        if breaks == 2 {
            gateway.kill();
            load.wait_for_end();
            seqs.extend(stream.rest().iter().map(StreamEvent::seq));
            gateway = setup.start();
        } else {
            // In the middle of what is written.
            load.wait_for(100);
        }
        let last_id = stream.last_id.take().expect("every event has an id");
        stream = resume(&gateway, QUERY, &last_id);
        let subscribed = stream.wait_for(|event| event.kind() == "subscribed");
        assert_eq!(subscribed.frame["recovered"], true, "from {last_id}: {subscribed:?}");
    }
    write(&gateway, 0);
    let last = seq_of(&write(&gateway, 1));
    seqs.extend(events_to(&mut stream, last).iter().map(StreamEvent::seq));
    assert!(gateway.stop().success());
    let journal = Journal::read_copy(&setup.store());
    let expected = journal.facility.iter().filter(|seq| (from + 1..=last).contains(seq)).copied();
    assert_eq!(seqs, expected.collect::<Vec<_>>(), "once each, in order, no hole");
}

#[test]
fn what_cannot_be_replayed_whole_comes_as_snapshots() {
    let gateway = Setup::without_cameras("").start();
    let mut probe = open(&gateway, "channels=facility", &[bearer(DOCTOR)]);
    let begin = probe.wait_for(|event| event.kind() == "subscribed");
    let epoch = begin.frame["epoch"].as_str().expect("an epoch").to_owned();
    let last = (0..1_010).fold(String::new(), |_, n| write(&gateway, n));
    let last = seq_of(&last);
    let cases = [
        (format!("{epoch}:{}", begin.seq()), "too far behind"),
        (format!("x{epoch}:{last}"), "another journal"),
        (format!("{epoch}:{}", last + 1), "the future"),
    ];
    for (cursor, why) in cases {
        let query = format!("channels=facility,tasks&since={cursor}");
        let mut stream = open(&gateway, &query, &[bearer(DOCTOR)]);
        let opening: Vec<_> = std::iter::from_fn(|| stream.event()).take(5).collect();
        let kinds: Vec<_> = opening.iter().map(StreamEvent::kind).collect();
        assert_eq!(kinds, ["connected", "subscribed", "subscribed", "snapshot", "snapshot"], "{why}");
        assert!(opening[1..3].iter().all(|it| it.frame["recovered"] == false), "{why}: {opening:?}");
        let rooms = gateway.http().get("/api/rooms").body["rooms"].take();
        assert_eq!(opening[3].frame["data"]["rooms"], rooms, "{why}");
        assert_eq!((opening[3].seq(), opening[4].seq()), (last, last), "{why}");
        let ids: Vec<_> = opening.iter().filter_map(|it| it.id.clone()).collect();
        assert_eq!(ids, [format!("{epoch}:{last}")], "{why}: who has all of it goes on after it");
    }
    let near = format!("{epoch}:{}", last - 2);
    let mut both =
        open(&gateway, &format!("channels=facility&since={near}&snapshot=true"), &[bearer(DOCTOR)]);
    let opening: Vec<_> = std::iter::from_fn(|| both.event()).skip(1).take(4).collect();
    let kinds: Vec<_> = opening.iter().map(StreamEvent::kind).collect();
    assert_eq!(kinds, ["subscribed", "room:updated", "room:updated", "snapshot"]);
    assert!(opening[1..3].iter().all(|it| it.frame["replay"] == true), "{opening:?}");
}

#[test]
fn nobody_sees_more_by_a_stream_than_their_role_shows() {
    let gateway = Setup::without_cameras("").start();
    let kiosk = gateway.admin().post("/api/tokens", &json!({ "kind": "kiosk", "label": "Corridor" }));
    let kiosk = kiosk.body["secret"].as_str().expect("the secret is told once").to_owned();
    let before = json!({ "status": "occupied", "current_patient_id": PATIENT });
    assert_eq!(gateway.http().put("/api/rooms/room-1/status", &before).status, 200);
    let query = "channels=all&snapshot=true";
    let proofs = [("doctor", vec![bearer(DOCTOR)]), ("kiosk", vec![bearer(&kiosk)]), ("visitor", vec![])];
    let mut streams = proofs.map(|(who, proof)| (who, open(&gateway, query, &proof)));
    let item = json!({ "title": "canary title", "description": "canary text", "type": "manual" });
    assert_eq!(gateway.http().post("/api/actions", &item).status, 201);
    let again = json!({ "status": "occupied", "current_patient_id": format!("{PATIENT}-2") });
    let answer = gateway.http().put("/api/rooms/room-1/status", &again);
    let last = seq_of(&answer.cursor.expect("a write says where it is"));
    for (who, stream) in &mut streams {
        let mut seen = stream.wait_for(|event| event.kind() == "snapshot").frame.to_string();
        assert_eq!(seen.contains(PATIENT), *who == "doctor", "{who}: {seen}");
        let events = events_to(stream, last);
        seen += &events.iter().map(|event| event.frame.to_string()).collect::<String>();
        for canary in ["canary-patient-id-2", "canary title"] {
            assert_eq!(seen.contains(canary), *who == "doctor", "{who}: {canary}");
        }
        assert!(seen.contains("Exam Room 1"), "{who} sees the house");
    }
}

#[test]
fn a_stream_comes_through_tls_too() {
    let certificate = Certificate::new();
    let gateway = Setup::without_cameras(&certificate.section()).start();
    let port = gateway.port();
    let wire = || Wire::tls(port, &certificate.trusted).expect("the gateway shows its certificate");
    let mut stream = EventStream::open(wire(), port, "channels=facility", &[bearer(DOCTOR)]);
    stream.wait_for(|event| event.kind() == "subscribed");
    let mut rest = RawSocket::by(wire());
    let mut last = Value::Null;
    for n in 0..50 {
        let body =
            json!({ "status": "occupied", "current_doctor_id": format!("doc-00{}", 1 + n % 2) }).to_string();
        let (host, length) = (format!("Host: 127.0.0.1:{port}"), format!("Content-Length: {}", body.len()));
        let head = [&*host, &bearer(DOCTOR), "Content-Type: application/json", &length];
        let (status, answer) = rest.ask_with("PUT /api/rooms/room-1/status", &head, body.as_bytes());
        assert_eq!(status, 200, "{answer}");
        last = answer["room"]["revision"].clone();
    }
    let seen: Vec<_> = (0..50).map(|_| stream.wait_for(StreamEvent::is_event)).collect();
    assert_eq!(seen.last().map(|event| &event.frame["data"]["revision"]), Some(&last));
    assert!(seen.windows(2).all(|pair| pair[0].seq() < pair[1].seq()));
}

#[test]
fn a_browsers_event_source_listens_and_comes_back_by_itself() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let mut browser = Chromium::start(&format!("http://localhost:{}/api/health", gateway.port()));
    browser.evaluate(
        "const source = new EventSource('/api/events?channels=facility');
         source.onmessage = (e) => console.log(e.lastEventId, JSON.parse(e.data));",
    );
    let mut next = |wanted: &dyn Fn(&Value) -> bool| loop {
        let logged = browser.logged();
        if wanted(&logged[1]) {
            break logged;
        }
    };
    next(&|frame| frame["type"] == "subscribed");
    let is_event = |frame: &Value| frame["type"].as_str().is_some_and(|kind| kind.contains(':'));
    let mut written = vec![write(&gateway, 0), write(&gateway, 1)];
    let mut seen = vec![next(&is_event), next(&is_event)];
    gateway.kill();
    let gateway = setup.start();
    written.extend([write(&gateway, 2), write(&gateway, 3)]);
    let subscribed = next(&|frame| frame["type"] == "subscribed");
    assert_eq!(subscribed[1]["recovered"], true, "the browser said where it was: {subscribed}");
    written.extend([write(&gateway, 4)]);
    seen.extend((2..5).map(|_| next(&is_event)));
    let seen: Vec<_> = seen.iter().map(|logged| logged[0].as_str().unwrap_or_default()).collect();
    assert_eq!(seen, written, "each event once, with its cursor");
}
