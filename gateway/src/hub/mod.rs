//! The hub: live events over WebSocket, `hub/1`, a superset of the seed's protocol.
//!
//! A framer turns each committed event into one text, once; every connection is a cursor over that ring and
//! sends what its subscriptions match. Nothing waits for a slow client: one that falls too far behind while
//! its socket is full is closed, and resumes by cursor.

pub mod metrics;
mod pass;
mod protocol;
mod ring;
mod session;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::domain::access::Scope;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::channel::Channel;
use crate::wire::problem::Problem;

use ring::Ring;

/// How long sessions have to say goodbye when the gateway stops.
pub const DRAIN_MAX: Duration = Duration::from_secs(5);
/// Frames that a replay sends at most; a client further behind gets the snapshot.
const REPLAY_FRAMES_MAX: usize = 1_000;
/// Journal records that a replay reads at most: most of them may be of other channels.
const REPLAY_RECORDS_MAX: usize = 20_000;
/// Journal records that a replay holds in memory at a time.
const REPLAY_RECORDS_AT_ONCE: usize = 512;
/// Replays that are read at a time; the others wait. After a restart every client of the house resumes at once.
const REPLAYS_AT_ONCE: usize = 2;
/// tungstenite's buffers per connection: its defaults of 128 KiB each would be the larger part of a client.
const SOCKET_BUFFER_BYTES: usize = 4 * 1024;
/// The most that one connection may have waiting in its write buffer: one snapshot of a large clinic. Event
/// frames are flushed every [`SOCKET_BUFFER_BYTES`].
const WRITE_BUFFER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The limits of the hub (`[hub]`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The largest frame in, in bytes.
    pub frame_bytes_max: usize,
    /// Frames in per second and connection.
    pub frames_per_s: u32,
    /// Connections in all.
    pub connections_max: usize,
    /// Events that a connection may be behind live while its socket is full.
    pub lag_events_max: usize,
    /// Bytes that a connection may be behind live while its socket is full.
    pub lag_bytes_max: usize,
    /// Seconds between protocol pings; a peer that misses two is gone.
    pub ping_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes_max: 64 * 1024,
            frames_per_s: 20,
            connections_max: 1_000,
            lag_events_max: 256,
            lag_bytes_max: 256 * 1024,
            ping_s: 30,
        }
    }
}

impl Limits {
    /// What is wrong with the values: key, and the remedy in words.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut within = |key, value: u64, least: u64, most: u64| {
            if !(least..=most).contains(&value) {
                problems.push((key, format!("{value} is out of range; use {least} to {most}")));
            }
        };
        within("frame_bytes_max", self.frame_bytes_max as u64, 256, 1024 * 1024);
        within("frames_per_s", self.frames_per_s.into(), 1, 100_000);
        within("connections_max", self.connections_max as u64, 1, 100_000);
        within("lag_events_max", self.lag_events_max as u64, 16, 4_096);
        within("lag_bytes_max", self.lag_bytes_max as u64, 16 * 1024, 64 * 1024 * 1024);
        within("ping_s", self.ping_s, 1, 3_600);
        problems
    }
}

/// The hub. Clones share everything.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    entrance: Entrance,
    ring: Ring,
    limits: Limits,
    places: Arc<Semaphore>,
    replays: Semaphore,
    meters: metrics::Meters,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Hub {
    /// Starts the hub on the ledger of `entrance`, for whom its doorkeeper knows.
    pub fn start(entrance: Entrance, limits: Limits) -> Self {
        let ledger = &entrance.ledger;
        let ring = Ring::new(ledger.feed().head().borrow().clone());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let framer = ring.clone().follow(ledger.feed().clone(), stop.clone());
        tasks.spawn(framer);
        let replays = Semaphore::new(REPLAYS_AT_ONCE);
        let places = Arc::new(Semaphore::new(limits.connections_max.min(Semaphore::MAX_PERMITS)));
        let meters = metrics::Meters::new();
        Self { shared: Arc::new(Shared { entrance, ring, limits, places, replays, meters, tasks, stop }) }
    }

    /// The hub's door.
    pub fn router(&self) -> Router {
        Router::new().route("/ws", any(upgrade)).with_state(self.clone())
    }

    /// Says goodbye to every client and waits for them, at most [`DRAIN_MAX`].
    pub async fn stop(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(DRAIN_MAX, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!(sessions = self.shared.tasks.len(), "some clients did not take their goodbye");
        }
    }
}

async fn upgrade(State(hub): State<Hub>, request: Request) -> Response {
    let shared = hub.shared;
    let caller = match caller(&shared.entrance, &request) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let upgrade = match axum::RequestExt::extract_parts::<WebSocketUpgrade>(&mut { request }).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => {
            let detail = format!("this path speaks WebSocket: {refusal}");
            return Problem::new(StatusCode::UPGRADE_REQUIRED, "not_a_websocket", detail).into_response();
        }
    };
    if shared.stop.is_cancelled() {
        let detail = "the gateway restarts: come back";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retryable().into_response();
    }
    let Ok(place) = shared.places.clone().try_acquire_owned() else {
        let detail = format!(
            "{} clients are connected, the most that hub.connections_max allows",
            shared.limits.connections_max
        );
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_connections", detail)
            .retryable()
            .into_response();
    };
    let tracked = shared.tasks.token();
    let request = tracing::Span::current();
    upgrade
        .read_buffer_size(SOCKET_BUFFER_BYTES)
        .write_buffer_size(SOCKET_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_frame_size(shared.limits.frame_bytes_max)
        .max_message_size(shared.limits.frame_bytes_max)
        .on_upgrade(move |socket| async move {
            let _held = (place, tracked);
            // What the connection logs belongs to the request that opened it.
            session::run(socket, shared, caller).instrument(request).await;
        })
}

/// Who asks for the upgrade: by a ticket in the query, or as at every other door. The seed's `userId` and
/// `doctorId` prove nothing: with them alone one is a visitor, where an open demo takes visitors.
fn caller(entrance: &Entrance, request: &Request) -> Result<Caller, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let ticket = query.split('&').find_map(|pair| pair.strip_prefix("ticket="));
    let caller = match ticket {
        Some(ticket) => {
            let identity = entrance.doorkeeper.tickets().redeem(ticket, Instant::now());
            let snapshot = entrance.ledger.snapshot();
            let now = entrance.ledger.now();
            let identity = identity.filter(|it| entrance.doorkeeper.is_live(it, &snapshot.state, now));
            let spent = "this ticket was used or has expired; get another from POST /api/auth/ticket";
            Caller::known(identity.ok_or_else(|| Problem::unauthenticated(spent))?, &snapshot.state)?
        }
        None => Caller::prove(request.headers(), entrance)?,
    };
    caller.has(Scope::Read)?;
    if !Channel::All.admits(caller.role) {
        let detail = format!("the role {} hears nothing", caller.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok(caller)
}
