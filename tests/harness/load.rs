//! Clients that write as fast as they can, and remember what was acknowledged.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use caresync_gateway::domain::event::Seq;
use caresync_gateway::domain::time::Timestamp;
use serde_json::json;

use crate::{Gateway, Http, SOON};

/// The rooms of the demo's clinic, all of which the writers change in turn.
const ROOMS: i64 = 9;

/// No two writes of this process carry the same marker. They begin in 2030.
static NEXT_MARKER_MS: AtomicI64 = AtomicI64::new(1_893_456_000_000);

/// A write that the gateway acknowledged.
#[derive(Clone, Debug)]
pub struct Ack {
    /// The room.
    pub room: String,
    /// What tells this write from every other: the room's `estimated_available_at`.
    pub marker: Timestamp,
    /// The journal's life, as the answer named it.
    pub epoch: String,
    /// The cursor of this client's answer before: the write stands after it.
    pub after: Seq,
    /// The cursor of the answer: the write stands there or before it.
    pub up_to: Seq,
}

/// Writers under way. Dropped, they end with their next answer.
pub struct Load {
    shared: Arc<Shared>,
    writers: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    more: Condvar,
    stop: AtomicBool,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    acks: Vec<Ack>,
    refusals: Vec<u16>,
}

impl Load {
    /// Starts so many writers.
    pub fn start(gateway: &Gateway, writers: usize) -> Self {
        let shared = Arc::new(Shared::default());
        let from =
            cursor(&gateway.http().get("/api/rooms").cursor.expect("every answer about rooms has a cursor"))
                .1;
        let write = |_| {
            let (http, shared) = (gateway.http(), Arc::clone(&shared));
            std::thread::spawn(move || shared.write_on(&http, from))
        };
        let writers = (0..writers).map(write).collect();
        Self { shared, writers }
    }

    /// Waits until so many writes are acknowledged.
    ///
    /// # Panics
    ///
    /// When they are not in time.
    pub fn wait_for(&self, acks: usize) {
        let seen = self.shared.seen();
        let missing = |seen: &mut Seen| seen.acks.len() < acks;
        let (seen, waited) =
            self.shared.more.wait_timeout_while(seen, SOON, missing).expect("no writer panics");
        assert!(
            !waited.timed_out(),
            "{} of {acks} writes came; refused with {:?}",
            seen.acks.len(),
            seen.refusals
        );
    }

    /// Every write that was acknowledged so far.
    pub fn acks(&self) -> Vec<Ack> {
        self.shared.seen().acks.clone()
    }

    /// Waits until the gateway has refused every writer or is gone; returns what was acknowledged, and with
    /// which statuses the rest was refused.
    pub fn wait_for_end(mut self) -> (Vec<Ack>, Vec<u16>) {
        for writer in self.writers.drain(..) {
            writer.join().expect("no writer panics");
        }
        let Seen { acks, refusals } = self.shared.seen().clone();
        (acks, refusals)
    }

    /// Lets the writers end, and returns what was acknowledged.
    pub fn end(self) -> Vec<Ack> {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.wait_for_end().0
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no writer panics")
    }

    fn write_on(&self, http: &Http, mut after: Seq) {
        while !self.stop.load(Ordering::Relaxed) {
            let marker_ms = NEXT_MARKER_MS.fetch_add(1, Ordering::Relaxed);
            let marker = Timestamp::from_unix_ms(marker_ms);
            let room = format!("room-{}", marker_ms % ROOMS + 1);
            let status = if marker_ms % 2 == 0 { "occupied" } else { "available" };
            let body = json!({ "status": status, "estimated_available_at": marker.to_string() });
            let Ok(answer) = http.try_put(&format!("/api/rooms/{room}/status"), &body) else { return };
            if answer.status != 200 {
                self.seen().refusals.push(answer.status);
                return;
            }
            let (epoch, up_to) = cursor(&answer.cursor.expect("every acknowledged write has a cursor"));
            self.seen().acks.push(Ack { room, marker, epoch, after, up_to });
            self.more.notify_all();
            after = up_to;
        }
    }
}

fn cursor(text: &str) -> (String, Seq) {
    let (epoch, seq) = text.split_once(':').expect("a cursor is epoch:seq");
    (epoch.to_owned(), Seq(seq.parse().expect("a cursor ends with a number")))
}
