//! The hub: live events over WebSocket, `hub/1`, a superset of the seed's protocol; and the same stream as server-sent
//! events and by long poll.
//!
//! Each committed event becomes bytes once for each view that somebody has; every client is a cursor over the ring of
//! them and gets what its channels bring. One thread owns every socket ([`fanout`]). Nothing waits for a slow client:
//! one that falls too far behind while its socket is full is closed, and resumes by cursor.

mod catalogue;
mod close;
mod cohorts;
mod connection;
mod days;
mod disclosed;
mod errand;
mod events;
mod fanout;
mod following;
mod frames;
mod inbox;
mod joined;
mod limits;
pub mod metrics;
mod outbox;
mod pass;
mod past;
mod poll;
mod presence;
mod protocol;
mod query;
mod readings;
mod ring;
mod roster;
mod sending;
mod socket;
mod streams;
mod subscribe;
mod subscriber;
mod told;
mod trouble;
mod upgrade;
mod wake;
mod websocket;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::any;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::id::HospitalId;
use crate::domain::state::State;
use crate::wire::caller::Entrance;

use days::HandedOver;
use fanout::{FanOut, INBOX_MAX};
use inbox::Message;
use past::Snapshots;
use ring::Ring;
use roster::Streaming;
use subscriber::Rights;

pub use limits::Limits;

/// How long clients have to take their goodbye when the gateway stops.
pub const DRAIN_MAX: Duration = Duration::from_secs(5);
/// Frames that a replay sends at most; a client further behind gets the snapshot.
const REPLAY_FRAMES_MAX: usize = 1_000;
/// Journal records that a replay reads at most: most of them may be of other channels.
const REPLAY_RECORDS_MAX: usize = 20_000;
/// Journal records that a replay holds in memory at a time.
const REPLAY_RECORDS_AT_ONCE: usize = 512;
/// Replays and snapshots that are fetched at a time; the others wait.
const ERRANDS_AT_ONCE: usize = 2;
/// Clients that may have events of their own waiting, older than the ring: up to 1,000 events each. One more gets the
/// snapshot instead, which is shared.
const PRIVATE_PASTS_MAX: usize = 16;

/// The hub. Clones share everything.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

/// The hub's thread.
pub struct Running {
    thread: JoinHandle<io::Result<()>>,
    failed: CancellationToken,
}

struct Shared {
    entrance: Entrance,
    hospital: Option<HospitalId>,
    ring: Ring,
    limits: Limits,
    places: Arc<Semaphore>,
    errands: Semaphore,
    private_pasts: Arc<Semaphore>,
    snapshots: Snapshots,
    meters: metrics::Meters,
    handed_over: HandedOver,
    /// Event streams that are open.
    streams: Mutex<BTreeMap<Uuid, Streaming>>,
    runtime: Handle,
    /// Notes on their way to the audit trail, and alarms.
    tasks: TaskTracker,
    inbox: mpsc::Sender<Message>,
    stop: CancellationToken,
}

impl Shared {
    /// What the parts of a hub share, and where messages for its thread come out. On a tokio runtime.
    fn new(
        entrance: Entrance,
        limits: Limits,
        hospital: Option<HospitalId>,
    ) -> (Arc<Self>, mpsc::Receiver<Message>) {
        let ring = Ring::open(entrance.ledger.feed());
        let (inbox, messages) = mpsc::channel(INBOX_MAX);
        let places = Arc::new(Semaphore::new(limits.connections_max.min(Semaphore::MAX_PERMITS)));
        let shared = Self {
            entrance,
            hospital,
            ring,
            limits,
            places,
            errands: Semaphore::new(ERRANDS_AT_ONCE),
            private_pasts: Arc::new(Semaphore::new(PRIVATE_PASTS_MAX)),
            snapshots: Snapshots::default(),
            meters: metrics::Meters::new(),
            handed_over: HandedOver::default(),
            streams: Mutex::default(),
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            inbox,
            stop: CancellationToken::new(),
        };
        (Arc::new(shared), messages)
    }

    fn rights<'a>(&'a self, state: &'a State) -> Rights<'a> {
        Rights { state, hospital: self.hospital.as_ref() }
    }
}

impl Hub {
    /// Starts the hub on the ledger of `entrance`, for whom its doorkeeper knows. On a tokio runtime.
    ///
    /// # Errors
    ///
    /// The system has no thread or descriptor left for it.
    pub fn start(
        entrance: Entrance,
        limits: Limits,
        hospital: Option<HospitalId>,
    ) -> io::Result<(Self, Running)> {
        let (shared, messages) = Shared::new(entrance, limits, hospital);
        let fanout = FanOut::new(shared.clone(), messages)?;
        let failed = CancellationToken::new();
        let guard = failed.clone().drop_guard();
        let thread = std::thread::Builder::new().name("fan-out".into()).spawn(move || {
            // Dropped at the end of the thread, in a panic too.
            let _guard = guard;
            fanout.run()
        })?;
        Ok((Self { shared }, Running { thread, failed }))
    }

    /// The hub's door.
    pub fn router(&self) -> Router {
        let (router, _) = routes().split_for_parts();
        router.route("/ws", any(upgrade::upgrade)).with_state(self.clone())
    }

    /// What the API's document says of the hub's requests. The WebSocket is described in docs/hub.md.
    pub fn document() -> OpenApi {
        routes().split_for_parts().1
    }

    /// Says goodbye to every client and waits for them, at most [`DRAIN_MAX`].
    pub async fn stop(&self, running: Running) {
        self.shared.stop.cancel();
        let (ended, has_ended) = oneshot::channel();
        drop(self.shared.inbox.send(Message::Stop(ended)).await);
        // An error is an answer too: the thread has ended.
        drop(has_ended.await);
        let joined = tokio::task::spawn_blocking(move || running.thread.join()).await;
        if let Ok(Ok(Err(error))) = joined {
            tracing::error!(%error, "the fan-out has failed");
        }
        self.shared.hand_over_counts().await;
        self.shared.tasks.close();
        if tokio::time::timeout(DRAIN_MAX, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some notes for the audit trail were not written in time");
        }
    }
}

fn routes() -> OpenApiRouter<Hub> {
    OpenApiRouter::new()
        .routes(routes!(events::events))
        .routes(routes!(poll::poll))
        .routes(routes!(roster::connections))
        .routes(routes!(roster::dismiss))
        .routes(routes!(roster::stats))
        .routes(routes!(catalogue::show))
}

impl FromRef<Hub> for Entrance {
    fn from_ref(hub: &Hub) -> Self {
        hub.shared.entrance.clone()
    }
}

impl Running {
    /// Waits until the thread has ended: nobody is served any more.
    ///
    /// Cancel safe.
    pub async fn ended(&self) {
        self.failed.cancelled().await;
    }
}
