//! Devices over MQTT: plugs, presence sensors, doors, buttons, thermometers. The gateway is the broker, or a client of
//! the clinic's.
//!
//! A message becomes what its device says, and that one command. It is acknowledged when that is durable. What it
//! means for a room or a fridge is decided in the domain, and no payload is logged. The other way, [`out`] keeps the clinic's
//! state at the broker, and turns what comes back into commands.

mod broker;
pub mod config;
pub mod dialect;
mod explain;
mod heard;
mod intake;
mod link;
pub mod metrics;
pub mod out;
mod outward;
mod router;
mod standing;
mod topic;

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::device::DeviceBinding;
use crate::ledger::{Handle, SubmitError};

use broker::Broker;
use config::{Binding, BrokerAccess};
use intake::{Change, Intake};
use out::PUBLICATIONS_QUEUED_MAX;
use out::publisher::Publisher;
use out::topics::Topics;
use outward::Outward;
use standing::Standing;

pub use config::{BindingConfig, MqttConfig, Settings};
pub use explain::explain;
pub use heard::Stranger;
pub use router::router;

/// The largest payload that is read. The largest report of a plug is some 2 KiB; a list of a hundred devices is more,
/// and nobody's report.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// The largest packet that is taken from the wire. Pictures (Frigate's, a doorbell's) pass a broker too: they are
/// counted and dropped, and cost their sender nothing.
const PACKET_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long the way to the broker has to close.
const STOP_MAX: Duration = Duration::from_secs(5);
/// How long an external broker is listened to for devices that nobody is bound to.
const DISCOVERY: Duration = Duration::from_secs(10);

/// What the way to an external broker is asked to do.
enum Order {
    /// Subscribe and unsubscribe.
    Change(Change),
    /// Ask every device how it is.
    Ask,
}

/// What comes to the way to the broker from this side, and what it tells.
struct Ends {
    outward: Outward,
    publications: mpsc::Receiver<out::Publication>,
    orders: mpsc::Receiver<Order>,
}

/// The door. Clones share it.
#[derive(Clone)]
pub struct Mqtt {
    intake: Intake,
    standing: Standing,
    orders: mpsc::Sender<Order>,
    is_external: bool,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Why the door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The embedded broker's port is taken.
    #[error("mqtt.listen: {0}")]
    Taken(String),
    /// The embedded broker cannot be had.
    #[error("mqtt.listen: {0}")]
    Broker(String),
    /// What TLS needs is not right.
    #[error("mqtt.{0}: {1}")]
    Tls(&'static str, String),
    /// The ledger does not take the bindings.
    #[error("mqtt.bindings")]
    Bind(#[source] SubmitError),
}

impl Mqtt {
    /// Binds the devices and opens the way to the broker; the embedded one keeps what it has to in `folder`.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn start(settings: Settings, ledger: Handle, folder: &Path) -> Result<Self, StartError> {
        metrics::begin();
        let Settings { access, base_topic, bindings, discovery_prefix, facility } = settings;
        bind(&ledger, &bindings).await.map_err(StartError::Bind)?;
        let intake = Intake::new(ledger.clone(), &base_topic, bindings);
        let (orders, taken) = mpsc::channel(16);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let standing = Standing::new(access.is_some());
        let topics = Topics::new(&base_topic, &facility.0, discovery_prefix.as_deref());
        let (said, publications) = mpsc::channel(PUBLICATIONS_QUEUED_MAX);
        let feed = ledger.feed().clone();
        let publisher = Publisher::start(&tasks, stop.clone(), feed, topics.clone(), facility.1, said);
        let outward = Outward { topics, publisher, ledger };
        let ends = Ends { outward, publications, orders: taken };
        let is_external = matches!(access, Some(BrokerAccess::External { .. }));
        match access {
            None => {}
            Some(BrokerAccess::Embedded { listen, certificate, clients_max, users }) => {
                let folder = folder.to_owned();
                let place = broker::Place { listen, certificate, clients_max, users, base_topic, folder };
                match Broker::bind(place.clone(), intake.clone(), ends.outward.clone()).await {
                    Ok(broker) => {
                        standing.reached(&intake).await;
                        tasks.spawn(broker.run(ends, standing.clone(), stop.clone()));
                    }
                    // The clinic has more than devices: everything else goes on.
                    Err(StartError::Taken(trouble)) => {
                        tracing::error!(trouble, "the MQTT broker has no port; it is tried again");
                        let (intake, standing) = (intake.clone(), standing.clone());
                        tasks.spawn(broker::wait_for_port(place, intake, ends, standing, stop.clone()));
                    }
                    Err(error) => return Err(error),
                }
            }
            Some(BrokerAccess::External { address, login, files, protocol, client_id, commands_as }) => {
                let tls = if address.is_tls { Some(link::tls(&files)?) } else { None };
                let way = link::Way { address, login, tls, protocol, client_id, base_topic, commands_as };
                tasks.spawn(link::keep(way, intake.clone(), standing.clone(), ends, stop.clone()));
            }
        }
        tasks.close();
        Ok(Self { intake, standing, orders, is_external, tasks, stop })
    }

    /// Puts `bindings` in the place of those before. Disconnects nobody.
    ///
    /// # Errors
    ///
    /// The ledger's, and then all is as before.
    pub async fn rebind(&self, bindings: Vec<Binding>) -> Result<(), SubmitError> {
        bind(self.intake.ledger(), &bindings).await?;
        let change = self.intake.rebind(bindings);
        // Without a broker nobody takes orders, and there is nothing to order.
        drop(self.orders.send(Order::Change(change)).await);
        drop(self.orders.send(Order::Ask).await);
        Ok(())
    }

    /// Devices that speak and that nobody is bound to. An external broker is listened to for a while first.
    pub async fn discover(&self) -> Vec<Stranger> {
        if self.is_external {
            let own = self.intake.filters();
            let filters: Vec<_> = link::DISCOVERED.map(str::to_owned).into();
            let unsubscribe = filters.iter().filter(|filter| !own.contains(filter)).cloned().collect();
            let order = |change| self.orders.send(Order::Change(change));
            drop(order(Change { subscribe: filters, unsubscribe: Vec::new() }).await);
            tokio::time::sleep(DISCOVERY).await;
            drop(order(Change { subscribe: Vec::new(), unsubscribe }).await);
        }
        self.intake.strangers()
    }

    /// Whether the door is well, and the reason.
    pub fn health(&self) -> (bool, String) {
        let (well, reason) = self.standing.health();
        (well, format!("{reason}; {} devices are bound", self.intake.len()))
    }

    /// Takes no more messages, and waits for those under way.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_MAX, self.tasks.wait()).await.is_err() {
            tracing::warn!("the way to the MQTT broker did not close in time");
        }
    }
}

async fn bind(ledger: &Handle, bindings: &[Binding]) -> Result<(), SubmitError> {
    let devices: Vec<DeviceBinding> = bindings.iter().map(|it| it.device.clone()).collect();
    ledger.submit(Actor::Gateway, Ask::BindDevices(devices)).await.map(drop)
}
