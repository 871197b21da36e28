//! Whoever subscribes, leaves and comes back while the clinic is at work gets each event once, in order, without a hole:
//! random sessions against what two plain listeners heard meanwhile.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use harness::{Client, DOCTOR, Gateway, Setup, announce, prove};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

const CHANNELS: [&str; 4] = ["facility", "tasks", "all", "doctor:doc-001"];
/// Sessions of one clinic: every frame of theirs is kept until it is checked.
const SESSIONS: u64 = 256;
/// Sessions that go on at the same time.
const AT_ONCE: u64 = 4;

/// The clinic at work until it is dropped.
struct Work {
    is_over: Arc<AtomicBool>,
    writers: Vec<JoinHandle<()>>,
}

impl Work {
    fn begin(gateway: &Gateway) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let write = |seed| {
            let (http, is_over, mut dice) = (gateway.http(), is_over.clone(), StdRng::seed_from_u64(seed));
            std::thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let doctor = format!("doc-00{}", dice.random_range(1..=3));
                    let answer = if dice.random_ratio(1, 8) {
                        let task = json!({ "type": "delivery", "description": "x", "doctor_id": doctor });
                        http.post("/api/tasks", &task)
                    } else {
                        let path = format!("/api/rooms/room-{}/status", dice.random_range(1..=9));
                        http.put(&path, &json!({ "status": "occupied", "current_doctor_id": doctor }))
                    };
                    assert!(answer.status < 300, "{answer:?}");
                }
            })
        };
        let writers = (0..6).map(write).collect();
        Self { is_over, writers }
    }

    /// Ends it with an event of every channel of rooms, and returns its place.
    fn end(self, gateway: &Gateway) -> u64 {
        self.is_over.store(true, Ordering::Relaxed);
        self.writers.into_iter().for_each(|writer| writer.join().expect("every write is taken"));
        let last = ["doc-002", "doc-001"].map(|doctor| {
            let body = json!({ "status": "occupied", "current_doctor_id": doctor });
            gateway.http().put("/api/rooms/room-1/status", &body).cursor.expect("a write says where it is")
        });
        last[1].split_once(':').and_then(|(_, seq)| seq.parse().ok()).expect("a cursor is epoch:seq")
    }
}

/// What a plain listener hears, until told where the end is.
fn listen(mut client: Client, last: Arc<std::sync::OnceLock<u64>>) -> JoinHandle<BTreeMap<u64, Value>> {
    std::thread::spawn(move || {
        let mut heard = BTreeMap::new();
        while last.get().is_none_or(|last| !heard.contains_key(last)) {
            let frame = client.frame();
            let seq = frame["seq"].as_u64().expect("only events are left");
            assert!(heard.insert(seq, frame).is_none(), "a plain listener hears {seq} once");
        }
        heard
    })
}

/// A session: what was asked, by id, and every frame that came.
struct Session {
    seed: u64,
    asked: Vec<Value>,
    frames: Vec<Value>,
}

impl Session {
    /// Subscribes and leaves at random, and keeps what comes.
    fn run(port: u16, seed: u64) -> Self {
        let (mut dice, mut client) = (StdRng::seed_from_u64(seed), Client::bearing(port, DOCTOR));
        let epoch = client.greeting["data"]["epoch"].as_str().expect("an epoch").to_owned();
        let head = client.greeting["data"]["seq"].as_u64().expect("a place");
        let (mut asked, mut frames) = (Vec::new(), vec![client.greeting.clone()]);
        for id in 0..dice.random_range(3..15) {
            let channel = CHANNELS[dice.random_range(0..CHANNELS.len())];
            let mut ask = json!({ "id": id, "type": "subscribe", "room": channel });
            match dice.random_range(0..8) {
                0 | 1 => ask["type"] = json!("unsubscribe"),
                2 => ask["snapshot"] = json!(true),
                3 => ask["since"] = json!(format!("elsewhere:{head}")),
                4 => ask["since"] = json!(format!("{epoch}:{}", dice.random_range(0..=head))),
                5 | 6 => {
                    ask["since"] =
                        json!(format!("{epoch}:{}", head.saturating_sub(dice.random_range(0..100))));
                    ask["snapshot"] = json!(dice.random_ratio(1, 3));
                }
                _ => {}
            }
            client.send(&ask);
            asked.push(ask);
            // Asked one right after the other, or after the answer, or after some events.
            if dice.random_ratio(1, 2) {
                take(&mut client, &mut frames, &json!(id));
                let more = json!(format!("p{id}"));
                client.send(&json!({ "type": "ping", "id": more }));
                take(&mut client, &mut frames, &more);
            }
        }
        asked.push(json!({ "id": asked.len(), "room": "metrics" }));
        client.send(&json!({ "type": "subscribe", "id": asked.len() - 1, "room": "metrics" }));
        client.send(&json!({ "type": "ping", "id": "end" }));
        take(&mut client, &mut frames, &json!("end"));
        Self { seed, asked, frames }
    }
}

fn take(client: &mut Client, frames: &mut Vec<Value>, to: &Value) {
    while frames.last().is_none_or(|frame| frame["id"] != *to) {
        frames.push(client.frame());
    }
}

/// A channel that is joined: what is owed, from where the newest subscription tells, and how far it has.
struct Joined {
    owed_from: u64,
    from: u64,
    last: u64,
}

/// What the plain listeners heard: everything, and what concerns doc-001.
struct Truth {
    all: BTreeMap<u64, Value>,
    doctor: BTreeMap<u64, Value>,
}

impl Truth {
    fn brings(&self, channel: &str, seq: u64) -> bool {
        match channel {
            "all" => self.all.contains_key(&seq),
            "doctor:doc-001" => self.doctor.contains_key(&seq),
            topic => self.all.get(&seq).is_some_and(|event| event["room"] == topic),
        }
    }

    /// The rooms as of `seq`, those that something happened to.
    fn rooms(&self, seq: u64) -> BTreeMap<&str, &Value> {
        let events = self.all.range(..=seq).map(|(_, event)| event);
        let rooms = events.filter(|event| event["type"] == "room:updated").map(|event| &event["data"]);
        rooms.map(|room| (room["id"].as_str().expect("an id"), room)).collect()
    }
}

/// What a session knows while its frames are gone through.
struct Check<'a> {
    truth: &'a Truth,
    told: String,
    joined: BTreeMap<String, Joined>,
    sent: HashSet<u64>,
    newest: u64,
    /// The rooms, with the place of what is known; while every change of them is owed.
    rooms: Option<BTreeMap<String, (u64, Value)>>,
}

impl Check<'_> {
    fn event(&mut self, frame: &Value) {
        let (seq, told) = (frame["seq"].as_u64().expect("an event has a place"), &self.told);
        assert!(self.sent.insert(seq), "{told}: {seq} comes twice");
        self.newest = self.newest.max(seq);
        let mut is_asked = false;
        for (channel, joined) in self.joined.iter_mut().filter(|(name, _)| self.truth.brings(name, seq)) {
            is_asked |= seq > joined.owed_from;
            if seq > joined.from {
                assert!(seq > joined.last, "{told}: {channel} brings {seq} after {}", joined.last);
                joined.last = seq;
            }
        }
        assert!(is_asked, "{told}: nobody asked for {seq}: {frame}");
        if let Some(rooms) = self.rooms.as_mut().filter(|_| frame["type"] == "room:updated") {
            let id = frame["data"]["id"].as_str().expect("an id").to_owned();
            let known = rooms.entry(id).or_insert((0, Value::Null));
            if seq > known.0 {
                *known = (seq, frame["data"].clone());
            }
        }
    }

    fn subscribed(&mut self, ask: &Value, answer: &Value) {
        let (channel, base) =
            (ask["room"].as_str().expect("a channel"), answer["seq"].as_u64().expect("a place"));
        let since = ask["since"].as_str().and_then(|cursor| cursor.split_once(':')?.1.parse().ok());
        let from = since.filter(|_| answer["recovered"] == true).unwrap_or(base);
        let joined = Joined { owed_from: from, from, last: 0 };
        let joined = self.joined.entry(channel.into()).or_insert(joined);
        *joined = Joined { owed_from: joined.owed_from.min(from), from, last: 0 };
    }

    /// The snapshot is the state, whatever was known before.
    fn snapshot(&mut self, frame: &Value) {
        let Some(rooms) = frame["data"]["rooms"].as_array().filter(|_| frame["room"] != "doctor:doc-001")
        else {
            return;
        };
        let seq = frame["seq"].as_u64().expect("a snapshot says what it holds for");
        let known =
            rooms.iter().map(|room| (room["id"].as_str().expect("an id").into(), (seq, room.clone())));
        self.rooms = Some(known.collect());
    }

    /// Asserts that everything that `channel` owes up to `to` has come.
    fn owed(&self, channel: &str, to: u64) {
        let Some(joined) = self.joined.get(channel) else { return };
        for seq in joined.owed_from + 1..=to {
            let is_missed = self.truth.brings(channel, seq) && !self.sent.contains(&seq);
            assert!(!is_missed, "{}: {channel} owes {seq} of {} to {to}", self.told, joined.owed_from);
        }
    }

    fn unsubscribed(&mut self, channel: &str) {
        self.owed(channel, self.newest);
        self.joined.remove(channel);
        if !["facility", "all"].iter().any(|channel| self.joined.contains_key(*channel)) {
            self.rooms = None;
        }
    }

    fn end(&self, to: u64) {
        self.joined.keys().for_each(|channel| self.owed(channel, to));
        let Some(rooms) = &self.rooms else { return };
        for (id, room) in self.truth.rooms(to) {
            let (seq, known) = &rooms[id];
            // What came after the end is newer, not wrong.
            assert!(*seq > to || known == room, "{}: {id} is not as of {to} but {seq}: {known}", self.told);
        }
    }
}

fn check(session: &Session, truth: &Truth) {
    let told = format!("seed {}, asked {:#?}", session.seed, session.asked);
    let (joined, sent) = (BTreeMap::new(), HashSet::new());
    let mut check = Check { truth, told, joined, sent, newest: 0, rooms: None };
    let greeting = &session.frames[0];
    check.subscribed(&json!({ "room": "doctor:doc-001" }), &greeting["data"]);
    for frame in &session.frames {
        let ask = frame["id"].as_u64().and_then(|id| session.asked.get(usize::try_from(id).ok()?));
        match (frame["type"].as_str().expect("every frame has a type"), ask) {
            ("subscribed", Some(ask)) if ask["room"] == "metrics" => {
                check.end(frame["seq"].as_u64().expect("a place"))
            }
            ("subscribed", Some(ask)) => check.subscribed(ask, frame),
            ("unsubscribed", Some(ask)) => check.unsubscribed(ask["room"].as_str().expect("a channel")),
            ("snapshot", _) => check.snapshot(frame),
            ("connected" | "pong", _) => {}
            (kind, _) if kind.contains(':') => check.event(frame),
            _ => panic!("seed {}: {frame}", session.seed),
        }
    }
}

#[test]
fn whoever_comes_and_goes_gets_each_event_once_in_order_and_without_a_hole() {
    let rounds = if prove() { 10_000_u64.div_ceil(SESSIONS) } else { 1 };
    let seed: u64 =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    announce(&format!("subscribing: SEED={seed}"));
    let counts = (0..rounds).map(|round| come_and_go(seed.wrapping_add(round * SESSIONS)));
    let (frames, events) = counts.fold((0, 0), |all, (frames, events)| (all.0 + frames, all.1 + events));
    announce(&format!("subscribing: {} sessions, {frames} frames, {events} events", rounds * SESSIONS));
}

/// One clinic at work, and its sessions. How many frames came, of how many events.
fn come_and_go(seed: u64) -> (usize, usize) {
    let gateway = Setup::without_cameras("[hub]\nframes_per_s = 100000").start();
    let mut everything = gateway.connect();
    everything.ask(&json!({ "type": "unsubscribe", "room": "doctor:doc-001" }), "unsubscribed");
    let whole = format!("{}:0", everything.greeting["data"]["epoch"].as_str().expect("an epoch"));
    everything.ask(&json!({ "type": "subscribe", "room": "all", "since": whole }), "subscribed");
    let last = Arc::new(std::sync::OnceLock::new());
    let (all, doctor) = (listen(everything, last.clone()), listen(gateway.connect(), last.clone()));
    let work = Work::begin(&gateway);
    let port = gateway.port();
    let run = |thread: u64| {
        let seeds = (0..SESSIONS).filter(|n| n % AT_ONCE == thread).map(|n| seed.wrapping_add(n));
        seeds.map(|seed| Session::run(port, seed)).collect::<Vec<_>>()
    };
    let sessions: Vec<Session> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a session ends")).collect()
    });
    last.set(work.end(&gateway)).expect("it ends once");
    // Who has heard the last event already looks again with the next.
    let body = json!({ "status": "occupied", "estimated_available_at": "2040-01-01T00:00:00Z" });
    assert_eq!(gateway.http().put("/api/rooms/room-1/status", &body).status, 200);
    let truth =
        Truth { all: all.join().expect("it hears all"), doctor: doctor.join().expect("it hears its own") };
    sessions.iter().for_each(|session| check(session, &truth));
    (sessions.iter().map(|session| session.frames.len()).sum(), truth.all.len())
}
