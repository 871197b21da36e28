//! Many clients of the channel facility on one thread, each of which keeps what it hears, and comes back by cursor
//! whenever its connection ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::{DOCTOR, SOON, assert_catalogued, catalogue};

/// How long a client waits before it tries again: a gateway that is away takes a while.
const RETRY: Duration = Duration::from_millis(50);

/// So many clients hold their frames against the catalogue; the others get the same ones.
const HELD_AGAINST_CATALOGUE: usize = 4;

/// What a client heard, over all of its connections.
#[derive(Debug, Default)]
pub struct Follower {
    /// The places of the events, as they came.
    pub seqs: Vec<u64>,
    /// What the snapshot held for: the events come after it.
    pub from: u64,
    /// Rooms and equipment by id, as the events leave them.
    pub things: BTreeMap<String, Value>,
    /// Connections that it took.
    pub connections: usize,
    /// Snapshots that it got; a client that is never told to begin anew gets one.
    pub snapshots: usize,
}

/// A crowd of followers.
pub struct Crowd {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    thread: JoinHandle<Vec<Follower>>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    more: Condvar,
}

#[derive(Default)]
struct Seen {
    /// How far each has heard.
    last: Vec<u64>,
    /// How far somebody waits for all to have heard.
    goal: u64,
}

impl Crowd {
    /// Connects so many clients to the gateway on `port`, as the demo's doctor.
    pub fn start(port: u16, clients: usize) -> Self {
        // Read before anything is measured or cut by the clock.
        catalogue();
        let shared = Arc::new(Shared::default());
        shared.seen().last = vec![0; clients];
        let (stop, stopped) = watch::channel(false);
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let follow = |n| Follower::default().follow(n, port, Arc::clone(&of_thread), stopped.clone());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be had").block_on(join_all((0..clients).map(follow)))
        });
        Self { shared, stop, thread }
    }

    /// Waits until every client has heard of everything up to `seq`, the place of an event of the channel.
    ///
    /// # Panics
    ///
    /// When one has not in time.
    pub fn wait_until_all_have(&self, seq: u64) {
        let mut seen = self.shared.seen();
        seen.goal = seq;
        let missing = |seen: &mut Seen| seen.last.iter().any(|last| *last < seq);
        let (seen, waited) =
            self.shared.more.wait_timeout_while(seen, SOON, missing).expect("no client panics");
        let behind = seen.last.iter().filter(|last| **last < seq).count();
        assert!(!waited.timed_out(), "{behind} of {} clients did not hear of {seq}", seen.last.len());
    }

    /// Ends it, and returns what every client heard.
    pub fn end(self) -> Vec<Follower> {
        self.stop.send_replace(true);
        self.thread.join().expect("no client panics")
    }
}

/// Lets this process, and the gateways that it starts from here on, have as many connections as the system allows:
/// many systems begin with 1,024.
///
/// # Panics
///
/// When the system refuses what it said it would allow.
pub fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })
        .expect("it is within the hard limit");
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no client panics")
    }

    fn heard(&self, client: usize, seq: u64) {
        let mut seen = self.seen();
        seen.last[client] = seq;
        if seq >= seen.goal {
            self.more.notify_all();
        }
    }
}

impl Follower {
    async fn follow(
        mut self,
        n: usize,
        port: u16,
        shared: Arc<Shared>,
        mut stop: watch::Receiver<bool>,
    ) -> Self {
        let mut cursor = None;
        loop {
            tokio::select! {
                // Dropping a session in the middle is what the end of a crowd is.
                _ = stop.wait_for(|stop| *stop) => return self,
                outcome = self.session(n, port, &shared, &mut cursor) => drop(outcome),
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// One connection, to its end. `cursor` is the epoch and the place of the newest event that came by any.
    async fn session(
        &mut self,
        n: usize,
        port: u16,
        shared: &Shared,
        cursor: &mut Option<(String, u64)>,
    ) -> Result<(), Box<Error>> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(|error| Box::new(error.into()))?;
        let mut request = format!("ws://127.0.0.1:{port}/ws").into_client_request()?;
        let proof = format!("Bearer {DOCTOR}").parse().expect("a token is plain text");
        request.headers_mut().insert("authorization", proof);
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        let mut subscribe = json!({ "type": "subscribe", "room": "facility" });
        match &*cursor {
            // Cut before its snapshot came, a client has nothing to go on from.
            Some((epoch, seq)) if self.snapshots > 0 => subscribe["since"] = json!(format!("{epoch}:{seq}")),
            _ => subscribe["snapshot"] = json!(true),
        }
        socket.send(Message::text(subscribe.to_string())).await?;
        self.connections += 1;
        while let Some(message) = socket.next().await {
            let Message::Text(text) = message? else { continue };
            let frame: Value = serde_json::from_str(&text).expect("every frame is JSON");
            if n < HELD_AGAINST_CATALOGUE {
                assert_catalogued(&frame);
            }
            match frame["type"].as_str().expect("every frame has a type") {
                "connected" => {
                    let epoch = frame["data"]["epoch"].as_str().expect("the greeting names the epoch");
                    cursor.get_or_insert_with(|| (String::new(), 0)).0 = epoch.into();
                }
                "snapshot" => self.take_snapshot(&frame),
                kind if kind.contains(':') => self.take_event(kind, &frame),
                _ => continue,
            }
            if let (Some((_, last)), Some(seq)) = (&mut *cursor, frame["seq"].as_u64()) {
                *last = seq;
                shared.heard(n, seq);
            }
        }
        Ok(())
    }

    fn take_snapshot(&mut self, frame: &Value) {
        self.things.clear();
        for thing in ["rooms", "equipment"].iter().flat_map(|kind| frame["data"][kind].as_array()).flatten() {
            self.things.insert(id(thing), thing.clone());
        }
        self.from = frame["seq"].as_u64().expect("a snapshot says what it holds for");
        self.snapshots += 1;
    }

    fn take_event(&mut self, kind: &str, frame: &Value) {
        self.seqs.push(frame["seq"].as_u64().expect("an event has a place"));
        let thing = &frame["data"];
        if kind.ends_with(":deleted") {
            self.things.remove(&id(thing));
        } else {
            self.things.insert(id(thing), thing.clone());
        }
    }
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().expect("everything has an id").to_owned()
}
