//! Webhook endpoints: other systems of the clinic that are told what happens.
//!
//! Each is a task with a cursor over the journal. It gets every event that it wants at least once, in order, under a name
//! that stays the same at every try: the event's own cursor. How far it is, the ledger writes. One that cannot be
//! reached delays no other, nor anybody else; after days it is dropped, so that the journal need not wait.

mod config;
mod disclosed;
mod lane;
mod message;
pub mod metrics;
mod progress;
mod replay;
mod requests;
mod router;
mod schedule;
mod shapes;
mod worker;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::endpoint::{Delivery, Endpoint, EndpointAsk};
use crate::domain::id::EndpointId;
use crate::domain::state::State;
use crate::ledger::{Handle, SubmitError};

use super::http::Http;
use disclosed::Disclosed;
use lane::{Lane, Log};
use progress::Progress;
use replay::Replay;
use schedule::Schedule;
use worker::Worker;

pub use config::{EndpointConfig, Settings};
pub use router::{document, router};

/// How long a receiver has to answer (Standard Webhooks 1.0.0 asks for 15 to 30 s).
pub const TIMEOUT: Duration = Duration::from_secs(15);
/// Tries that are remembered of each endpoint. They end with the process; what they came to does not.
pub const ATTEMPTS_KEPT: usize = 100;
/// Replays that wait for one endpoint.
const REPLAYS_QUEUED_MAX: usize = 4;
/// Requests of so much time may go at once: a rate is kept on average.
const BURST: Duration = Duration::from_millis(100);
/// How long the tasks have to write their cursors when the gateway stops.
const STOP_MAX: Duration = Duration::from_secs(5);

/// The door. Clones share it.
#[derive(Clone)]
pub struct Endpoints(Arc<Shared>);

struct Shared {
    ledger: Handle,
    settings: RwLock<(Settings, Http)>,
    /// Held while tasks are stopped and started: two changes at once must not start one endpoint twice.
    lanes: Mutex<BTreeMap<EndpointId, Running>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// An endpoint, and the task that delivers to it.
struct Running {
    lane: Arc<Lane>,
    work: Option<Work>,
}

struct Work {
    replays: mpsc::Sender<Replay>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Why the door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file of authorities is not right.
    #[error("claw.ca_file: {0}")]
    Authorities(String),
    /// The ledger does not take the endpoints.
    #[error("claw.endpoints")]
    Bind(#[from] SubmitError),
}

impl Endpoints {
    /// Starts to deliver.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn start(settings: Settings, ledger: Handle) -> Result<Self, StartError> {
        metrics::begin();
        let http = client(settings.ca_file.as_deref())?;
        let endpoints = Self(Arc::new(Shared {
            ledger,
            settings: RwLock::new((settings, http)),
            lanes: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }));
        endpoints.bind().await?;
        endpoints.reconcile().await;
        Ok(endpoints)
    }

    /// Puts `settings` in the place of those before. An endpoint of which nothing changed goes on undisturbed.
    ///
    /// # Errors
    ///
    /// [`StartError`], and then all is as before.
    pub async fn reload(&self, settings: Settings) -> Result<(), StartError> {
        let http = client(settings.ca_file.as_deref())?;
        let of_all =
            |settings: &Settings| (settings.ca_file.clone(), settings.drop_after, settings.retry_scale);
        // The file of authorities may be another under the same name.
        let is_same = settings.ca_file.is_none() && of_all(&settings) == of_all(&self.settings().0);
        let before = std::mem::replace(
            &mut *self.0.settings.write().unwrap_or_else(PoisonError::into_inner),
            (settings, http),
        );
        if let Err(error) = self.bind().await {
            *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = before;
            return Err(error);
        }
        if !is_same {
            for running in self.0.lanes.lock().await.values_mut() {
                running.halt().await;
            }
        }
        self.reconcile().await;
        Ok(())
    }

    /// Whether every endpoint takes what it is sent, and the reason.
    pub fn health(&self) -> (bool, String) {
        let snapshot = self.0.ledger.snapshot();
        let deliveries = &snapshot.state.deliveries;
        let count = |is: fn(&Delivery) -> bool| deliveries.values().filter(|it| is(it)).count();
        let (failing, ended) = (count(Delivery::is_failing), count(|it| it.is_on && it.ended.is_some()));
        let reason = format!("{} endpoints, {failing} of them fail, {ended} ended", deliveries.len());
        (failing == 0 && ended == 0, reason)
    }

    /// Ends every task, and waits for their last words.
    pub async fn stop(self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        if tokio::time::timeout(STOP_MAX, self.0.tasks.wait()).await.is_err() {
            tracing::warn!("some endpoints' cursors were not written in time");
        }
        // Each lane holds the ledger.
        self.0.lanes.lock().await.clear();
    }

    fn settings(&self) -> (Settings, Http) {
        self.0.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the ledger what is configured.
    async fn bind(&self) -> Result<(), StartError> {
        let configured = self.settings().0.endpoints.iter().map(|it| (it.id.clone(), it.enabled)).collect();
        let bind = EndpointAsk::Bind { configured, head: self.0.ledger.snapshot().seq };
        self.0.ledger.submit(Actor::Gateway, Ask::Endpoints(bind)).await?;
        Ok(())
    }

    /// The endpoint with this id: what the configuration says of it wins.
    fn endpoint(&self, state: &State, id: &EndpointId) -> Option<Arc<Endpoint>> {
        let settings = self.0.settings.read().unwrap_or_else(PoisonError::into_inner);
        let configured = settings.0.endpoints.iter().find(|it| it.id == *id);
        configured.cloned().map(Arc::new).or_else(|| state.endpoints.get(id).cloned())
    }

    /// Makes the tasks what the state says: one for each endpoint that lives.
    async fn reconcile(&self) {
        let mut lanes = self.0.lanes.lock().await;
        let snapshot = self.0.ledger.snapshot();
        let deliveries = &snapshot.state.deliveries;
        let gone: Vec<_> = lanes.keys().filter(|id| !deliveries.contains_key(*id)).cloned().collect();
        for id in gone {
            if let Some(mut running) = lanes.remove(&id) {
                running.halt().await;
            }
        }
        for (id, delivery) in deliveries {
            let Some(endpoint) = self.endpoint(&snapshot.state, id) else { continue };
            let before = lanes.get_mut(id);
            let is_same = before.as_ref().is_some_and(|it| *it.lane.endpoint == *endpoint);
            let works =
                before.as_ref().is_some_and(|it| it.work.as_ref().is_some_and(|it| !it.task.is_finished()));
            if is_same && works == delivery.is_living() {
                continue;
            }
            let log = match before {
                Some(running) => {
                    running.halt().await;
                    running.lane.log.clone()
                }
                None => Log::new(VecDeque::with_capacity(ATTEMPTS_KEPT).into()),
            };
            if let Some(running) = self.begin(endpoint, log, delivery.is_living()) {
                lanes.insert(id.clone(), running);
            }
        }
    }

    /// An endpoint, with the task that delivers to it if it lives.
    fn begin(&self, endpoint: Arc<Endpoint>, log: Log, is_living: bool) -> Option<Running> {
        let (settings, http) = self.settings();
        // The domain's addresses are a part of what this parser takes; one that it does not is never called.
        let url = message::target(&endpoint).inspect_err(|_| {
            tracing::error!(endpoint.id = %endpoint.id, "the address of an endpoint cannot be called");
        });
        let lane = Arc::new(Lane::new(endpoint, url.ok()?, http, log, self.0.ledger.clone()));
        let work = is_living.then(|| self.work(lane.clone(), &settings)).flatten();
        Some(Running { lane, work })
    }

    fn work(&self, lane: Arc<Lane>, settings: &Settings) -> Option<Work> {
        let ledger = &self.0.ledger;
        // As it is now: the task before has just written its last word.
        let snapshot = ledger.snapshot();
        let delivery = snapshot.state.deliveries.get(&lane.endpoint.id)?;
        let (replays, taken) = mpsc::channel(REPLAYS_QUEUED_MAX);
        let stop = self.0.stop.child_token();
        let worker = Worker {
            progress: Progress::new(delivery, ledger.now()),
            schedule: Schedule { scale: settings.retry_scale },
            drop_after: settings.drop_after,
            head: ledger.feed().head(),
            replays: taken,
            stop: stop.clone(),
            read: VecDeque::new(),
            next: None,
            disclosed: Disclosed::default(),
            lane,
        };
        Some(Work { replays, stop, task: self.0.tasks.spawn(worker.run()) })
    }
}

impl Running {
    /// Ends the task, and waits until it has written how far it is.
    async fn halt(&mut self) {
        if let Some(work) = self.work.take() {
            work.stop.cancel();
            // A task that panicked has said so already.
            drop(work.task.await);
        }
    }
}

fn client(ca_file: Option<&Path>) -> Result<Http, StartError> {
    Http::new(ca_file).map_err(StartError::Authorities)
}
