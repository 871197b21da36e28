//! Event streams that are refused, obey a change, or end; and readers that do not read.

use harness::{DOCTOR, EventStream, Gateway, RawSocket, Setup, StreamEvent, Wire};
use serde_json::{Value, json};

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

fn open(gateway: &Gateway, query: &str, headers: &[String]) -> EventStream {
    let wire = Wire::plain(gateway.port()).expect("the gateway listens");
    EventStream::open(wire, gateway.port(), query, headers)
}

/// Makes an account with this role, and returns its id and a token.
fn account(gateway: &Gateway, role: &str, manages: &Value) -> (String, String) {
    let (email, password) = ("somebody@clinic.example", "a-long-password");
    let new =
        json!({ "email": email, "name": "Somebody", "role": role, "password": password, "manages": manages });
    let made = gateway.admin().post("/api/users", &new);
    assert_eq!(made.status, 201, "{made:?}");
    let login = json!({ "email": email, "password": password });
    let login = gateway.http().as_visitor().post("/api/auth/login", &login).body;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&made.body["user"]["id"]), text(&login["token"]))
}

/// A patient of a doctor comes to room-1; the place of the event.
fn occupy(gateway: &Gateway, patient: &str, doctor: &str) -> u64 {
    let body = json!({ "status": "occupied", "current_patient_id": patient, "current_doctor_id": doctor });
    let answer = gateway.admin().put("/api/rooms/room-1/status", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    let cursor = answer.cursor.expect("a write says where it is");
    cursor.split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
}

#[test]
fn what_is_wrong_with_a_stream_is_named_and_refused() {
    let agent = "[[auth.keys]]\nid = \"agent-1\"\nrole = \"agent\"\ndemo_key = \"an-agent-of-this-test\"\n\
                 scopes = [\"read\"]\n";
    let gateway = Setup::without_cameras(agent).start();
    let refused = |query: &str, headers: &[String]| {
        let wire = Wire::plain(gateway.port()).expect("the gateway listens");
        let Err((status, body)) = EventStream::try_open(wire, gateway.port(), query, headers) else {
            panic!("{query} is a stream")
        };
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        (status, text("code"), text("field"))
    };
    let invalid = |field: &str| (422, "invalid_query".to_owned(), field.to_owned());
    let many = (0..129).map(|n| format!("task:t-{n}")).collect::<Vec<_>>().join(",");
    for (query, field) in [
        ("", "channels"),
        ("channels=facility,attic", "channels"),
        (&*format!("channels={many}"), "channels"),
        ("channels=facility&since=never", "since"),
        ("channels=facility&cursor=x:1", "cursor"),
        ("channels=facility&snapshot=1", "snapshot"),
        ("channels=facility&snapshot=true&snapshot=true", "snapshot"),
    ] {
        assert_eq!(refused(query, &[bearer(DOCTOR)]), invalid(field), "{query}");
    }
    let last_id = [bearer(DOCTOR), "Last-Event-ID: never".into()];
    assert_eq!(refused("channels=facility", &last_id), invalid("since"));
    for (query, token) in
        [("channels=facility,doctor:doc-002", DOCTOR), ("channels=all,system", "an-agent-of-this-test")]
    {
        assert_eq!(refused(query, &[bearer(token)]), (403, "forbidden".into(), String::new()), "{query}");
    }
    assert_eq!(refused("channels=doctor:doc-001", &[]).0, 403, "a visitor is nobody's doctor");
    assert_eq!(refused("channels=facility", &[bearer("nobody")]).0, 401);
    let ticket = gateway.http().post("/api/auth/ticket", &json!({})).body["ticket"].take();
    let query = format!("channels=doctor:doc-001&ticket={}", ticket.as_str().expect("a ticket is text"));
    open(&gateway, &query, &[]).wait_for(|event| event.kind() == "subscribed");
    assert_eq!(refused(&query, &[]).0, 401, "a ticket is good once");
}

#[test]
fn a_stream_obeys_another_role_with_the_next_event() {
    let gateway = Setup::without_cameras("").start();
    let (id, token) = account(&gateway, "nurse", &json!([]));
    let mut stream = open(&gateway, "channels=facility,patient:pat-1", &[bearer(&token)]);
    occupy(&gateway, "pat-1", "doc-001");
    let event = stream.wait_for(StreamEvent::is_event);
    assert_eq!(event.frame["data"]["current_patient_id"], "pat-1");
    let edit = gateway.admin().patch(&format!("/api/users/{id}"), &json!({ "role": "viewer" }));
    assert_eq!(edit.status, 200, "{edit:?}");
    let seq = occupy(&gateway, "pat-2", "doc-001");
    let told: Vec<_> = (0..2).map(|_| stream.event().expect("it goes on")).collect();
    let told: Vec<_> =
        told.iter().map(|it| (it.kind(), it.frame["room"].as_str(), &it.frame["data"]["role"])).collect();
    let viewer = json!("viewer");
    assert_eq!(
        told,
        [("unsubscribed", Some("patient:pat-1"), &viewer), ("resync", Some("facility"), &viewer)]
    );
    let event = stream.event().expect("it goes on");
    assert_eq!(event.seq(), seq);
    assert!(event.frame["data"].get("current_patient_id").is_none(), "{event:?}");
}

#[test]
fn a_stream_obeys_whom_its_user_works_for_and_ends_with_the_account() {
    let gateway = Setup::without_cameras("").start();
    let (id, token) = account(&gateway, "medical_assistant", &json!(["doc-001"]));
    let mut stream = open(&gateway, "channels=doctor:doc-001", &[bearer(&token)]);
    occupy(&gateway, "pat-1", "doc-001");
    stream.wait_for(StreamEvent::is_event);
    occupy(&gateway, "pat-1", "doc-003");
    stream.wait_for(StreamEvent::is_event);
    let edit = gateway.admin().patch(&format!("/api/users/{id}"), &json!({ "manages": ["doc-002"] }));
    assert_eq!(edit.status, 200, "{edit:?}");
    occupy(&gateway, "pat-1", "doc-001");
    let seq = occupy(&gateway, "pat-1", "doc-002");
    let lost = stream.event().expect("it goes on");
    assert_eq!((lost.kind(), &lost.frame["room"]), ("unsubscribed", &json!("doctor:doc-001")));
    assert_eq!(lost.frame["data"]["reason"], "rights_changed", "the role is the same: {lost:?}");
    assert_eq!(
        stream.wait_for(StreamEvent::is_event).seq(),
        seq,
        "the doctor of now, and not the one before"
    );
    assert_eq!(gateway.admin().delete(&format!("/api/users/{id}")).status, 204);
    // Nothing else happens: that the account has ended is reason enough.
    let rest = stream.rest();
    let goodbye = rest.last().expect("it says why it ends");
    assert_eq!(
        (rest.len(), goodbye.kind(), &goodbye.frame["data"]["code"]),
        (1, "goodbye", &json!(4401)),
        "{rest:?}"
    );
    assert_eq!(gateway.metrics().closes(4401), 1);
}

#[test]
fn a_users_newest_streams_take_the_place_of_the_oldest() {
    let gateway = Setup::without_cameras("[hub]\nconnections_per_user_max = 2").start();
    let mut streams: Vec<_> =
        (0..3).map(|_| open(&gateway, "channels=facility", &[bearer(DOCTOR)])).collect();
    let visitor = open(&gateway, "channels=facility", &[]);
    let replaced = streams.remove(0).rest().pop().expect("it says why it ends");
    assert_eq!((replaced.kind(), &replaced.frame["data"]["code"]), ("goodbye", &json!(4409)), "{replaced:?}");
    let seq = occupy(&gateway, "pat-1", "doc-003");
    for mut stream in streams.into_iter().chain([visitor]) {
        assert_eq!(stream.wait_for(StreamEvent::is_event).seq(), seq, "the others go on");
    }
}

#[test]
fn a_stop_is_said_to_every_stream_and_waits_for_none() {
    let gateway = crowded();
    let mut streams = [(); 3].map(|()| open(&gateway, "channels=facility", &[bearer(DOCTOR)]));
    for stream in &mut streams {
        stream.wait_for(|event| event.kind() == "subscribed");
    }
    let stuck = open_stuck(&gateway);
    let mut witness = gateway.connect();
    witness.subscribe("facility");
    fill(&gateway, || witness.frame().to_string().len());
    gateway.signal("TERM");
    for mut stream in streams {
        let last = stream.rest().pop().expect("it says why it ends");
        assert_eq!((last.kind(), &last.frame["data"]["code"]), ("goodbye", &json!(4503)), "{last:?}");
    }
    assert!(gateway.stop().success(), "a reader that does not read stops nobody");
    drop(stuck);
}

/// A gateway that takes as many events as a sensor can send.
fn crowded() -> Gateway {
    let rules = "[rules]\nwebhook_max_age_s = 0";
    Setup::without_cameras(rules).env("CARESYNC_AUTH__KEY_REQUESTS_PER_S", "100000").start()
}

/// A stream of the channel facility that nobody reads.
fn open_stuck(gateway: &Gateway) -> EventStream {
    let wire = Wire::small(gateway.port()).expect("the gateway listens");
    EventStream::open(wire, gateway.port(), "channels=facility", &[bearer(DOCTOR)])
}

/// An event of a kilobyte and a half: room-1, seen by eight cameras with the longest names.
fn large(n: usize) -> Vec<u8> {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": "room-1", "data": { "occupied": true, "doctorId": format!("doc-00{}", 1 + n % 2) },
        "confidence": 0.9, "cameraId": format!("{}-{}", "c".repeat(78), n % 8)
    });
    event.to_string().into_bytes()
}

/// Writes until `seen`, which takes an event and tells its bytes, has had more than a kernel keeps for a reader.
fn fill(gateway: &Gateway, mut seen: impl FnMut() -> usize) {
    let memory = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_wmem").expect("Linux says what it keeps");
    let most = memory.split_whitespace().nth(2).and_then(|most| most.parse::<usize>().ok());
    let (enough, mut bytes, mut n) = (most.expect("three numbers") + 512 * 1024, 0, 0);
    let mut writer = RawSocket::connect(gateway.port());
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    while bytes < enough {
        let body = large(n);
        let length = format!("Content-Length: {}", body.len());
        let head =
            [&*host, "X-OpenCV-API-Key: opencv_secret_key_789", "Content-Type: application/json", &length];
        let (status, answer) = writer.ask_with("POST /api/webhooks/opencv/event", &head, &body);
        assert_eq!((status, &answer["processed"]), (200, &json!(true)), "{answer}");
        bytes += seen();
        n += 1;
    }
}

/// What the gateway holds in memory, in KiB.
fn resident_kib(gateway: &Gateway) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux says it");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn readers_that_do_not_read_cost_little_and_disturb_nobody() {
    const STUCK: usize = 20;
    /// What the events of the story take by themselves, and twice that again: far from a copy for each reader.
    const GROWTH_MAX_KIB: usize = 64 * 1024;
    let gateway = crowded();
    let mut stuck: Vec<_> = (0..STUCK).map(|_| open_stuck(&gateway)).collect();
    let mut other = open(&gateway, "channels=facility", &[bearer(DOCTOR)]);
    let from = other.wait_for(|event| event.kind() == "subscribed").seq();
    let (before, mut seqs) = (resident_kib(&gateway), Vec::new());
    fill(&gateway, || {
        let event = other.wait_for(StreamEvent::is_event);
        seqs.push(event.seq());
        event.frame.to_string().len()
    });
    let growth = resident_kib(&gateway).saturating_sub(before);
    assert!(growth < GROWTH_MAX_KIB, "{STUCK} readers that do not read cost {growth} KiB");
    assert!(seqs[0] > from && seqs.windows(2).all(|pair| pair[0] < pair[1]), "the other got all of it");
    // One of them reads after all: what it gets has no hole, and if that is not everything, it is told.
    let late = stuck.pop().expect("there are some").rest_until(*seqs.last().expect("there are events"));
    let events: Vec<_> = late.iter().filter(|event| event.is_event()).map(StreamEvent::seq).collect();
    assert_eq!(events, seqs[..events.len()], "no hole, no double");
    let is_told =
        late.last().is_some_and(|last| last.kind() == "goodbye" && last.frame["data"]["code"] == 4507);
    assert!(events.len() == seqs.len() || is_told, "{:?}", late.last());
}
