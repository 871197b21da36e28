//! The broker that the gateway is. The only file that names mqtt5 (docs/adr/0012).
//!
//! Whoever publishes is answered when what the message says is durable: mqtt5 awaits [`Listener`] before it
//! acknowledges. A will reaches no publish handler there, so it is kept from the connect and said by us when its client
//! goes without a goodbye.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use mqtt5::QoS;
use mqtt5::broker::auth::{AuthProvider, AuthResult};
use mqtt5::broker::config::{BrokerConfig, StorageConfig, TlsConfig};
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::{
    BrokerEventHandler, ClientConnectEvent, ClientDisconnectEvent, ClientPublishEvent, ClientSubscribeEvent,
    MqttBroker, PublishAction,
};
use mqtt5::packet::connect::ConnectPacket;
use mqtt5::packet::publish::PublishPacket;
use mqtt5::types::ReasonCode;
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

use super::config::User;
use super::dialect::Question;
use super::intake::{Intake, Unsettled};
use super::out::{Publication, Qos};
use super::outward::{Heard, Outward};
use super::standing::Standing;
use super::{Ends, Order, PACKET_BYTES_MAX, StartError, topic};
use crate::domain::command::Ask;
use crate::domain::id::UserId;

/// How long a wrong password takes to be told so.
const REFUSAL_TAKES: Duration = Duration::from_secs(1);
/// How long a message waits before the busy ledger is asked again.
const BUSY_RESTS: Duration = Duration::from_millis(200);
/// Retained messages that are kept, and the largest of them: what a bridge says of a hundred devices.
const RETAINED: (usize, usize) = (10_000, 1024 * 1024);
/// Messages and bytes that wait for a client that is away.
const QUEUED: (usize, usize) = (1_000, 8 * 1024 * 1024);
/// Messages that a client may send before the first is acknowledged.
const RECEIVE_MAX: u16 = 64;

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How often a taken port is tried again.
const PORT_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Where the broker listens, to whom, and where it keeps what outlives it.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) listen: SocketAddr,
    pub(super) certificate: Option<(PathBuf, PathBuf)>,
    pub(super) clients_max: usize,
    pub(super) users: Vec<User>,
    /// The gateway's own topics begin with it.
    pub(super) base_topic: String,
    pub(super) folder: PathBuf,
}

/// A broker whose port is bound. Nobody is served yet.
pub(super) struct Broker {
    broker: MqttBroker,
    listener: Arc<Listener>,
}

/// Tries again and again until the port of `place` is free, and serves then.
pub(super) async fn wait_for_port(
    place: Place,
    intake: Intake,
    ends: Ends,
    standing: Standing,
    stop: CancellationToken,
) {
    loop {
        match Broker::bind(place.clone(), intake.clone(), ends.outward.clone()).await {
            Ok(broker) => {
                standing.reached(&intake).await;
                return broker.run(ends, standing, stop).await;
            }
            Err(error) => standing.lost(&intake, error.to_string(), true).await,
        }
        tokio::select! {
            // Cancel safe, both.
            () = tokio::time::sleep(PORT_AGAIN_AFTER) => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Broker {
    /// Binds the port. What has to outlive the process is kept in `folder`.
    ///
    /// # Errors
    ///
    /// The port is taken or not ours, the certificate cannot be used, or the folder cannot be written.
    pub(super) async fn bind(place: Place, intake: Intake, outward: Outward) -> Result<Self, StartError> {
        let Place { listen, certificate, clients_max, users, base_topic, folder } = place;
        // mqtt5's own words about a taken port are ten lines long.
        drop(tokio::net::TcpListener::bind(listen).await.map_err(|error| {
            let trouble = format!("{listen} cannot be bound ({error}); is another broker running?");
            match error.kind() {
                io::ErrorKind::AddrInUse => StartError::Taken(trouble),
                _ => StartError::Broker(trouble),
            }
        })?);
        let guard = Arc::new(Guard { users, own: base_topic });
        let listener = Arc::new(Listener {
            intake,
            outward,
            guard: guard.clone(),
            wills: Mutex::default(),
            router: OnceLock::new(),
        });
        let storage = StorageConfig::default()
            .with_base_dir(folder.join("mqtt"))
            .with_max_queued_messages_per_client(QUEUED.0)
            .with_max_queued_bytes_per_client(QUEUED.1);
        let mut config = BrokerConfig::default()
            .with_bind_address(listen)
            .with_max_clients(clients_max)
            .with_max_packet_size(PACKET_BYTES_MAX)
            .with_max_retained_messages(RETAINED.0)
            .with_max_retained_message_size(RETAINED.1)
            .with_sys_topics_enabled(false)
            .with_storage(storage);
        config.server_receive_maximum = Some(RECEIVE_MAX);
        config.event_handler = Some(listener.clone());
        if let Some((cert, key)) = certificate {
            config.bind_addresses = Vec::new();
            config = config.with_tls(TlsConfig::new(cert, key).with_bind_address(listen));
        }
        let broker = MqttBroker::with_config(config).await;
        let broker = broker.map_err(|error| StartError::Broker(error.to_string()))?.with_auth_provider(guard);
        drop(listener.router.set(broker.router()));
        Ok(Self { broker, listener })
    }

    /// Serves until `stop`.
    pub(super) async fn run(self, ends: Ends, standing: Standing, stop: CancellationToken) {
        let Self { mut broker, listener } = self;
        let Ends { outward, mut publications, mut orders } = ends;
        let shutdown = broker.shutdown_handle();
        let asking = async {
            listener.publish(outward.topics.status_publication(true)).await;
            outward.publisher.connected();
            loop {
                tokio::select! {
                    // Cancel safe, all three.
                    () = stop.cancelled() => {
                        listener.publish(outward.topics.status_publication(false)).await;
                        return shutdown.shutdown();
                    }
                    Some(publication) = publications.recv() => listener.publish(publication).await,
                    order = orders.recv() => match order {
                        // Whatever is published passes here: there is nothing to subscribe to.
                        Some(Order::Change(_)) => {}
                        Some(Order::Ask) => listener.ask(listener.intake.questions()).await,
                        None => {
                            stop.cancelled().await;
                            return shutdown.shutdown();
                        }
                    },
                }
            }
        };
        let mut running = std::pin::pin!(broker.run());
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = asking => running.await,
        };
        if let Err(error) = ended {
            let trouble = error.to_string();
            tracing::error!(trouble, "the MQTT broker has ended");
            standing.lost(&listener.intake, trouble, true).await;
        }
    }
}

/// A client's will, as it was at the connect.
struct Will {
    topic: Arc<str>,
    payload: Bytes,
}

/// Hears everything that is published.
struct Listener {
    intake: Intake,
    outward: Outward,
    guard: Arc<Guard>,
    wills: Mutex<HashMap<Arc<str>, Will>>,
    router: OnceLock<Arc<MessageRouter>>,
}

impl Listener {
    /// Takes a message and waits until what it says is durable.
    async fn take(&self, topic: &str, payload: &[u8]) {
        loop {
            let mut taken = self.intake.take(topic, payload, false);
            let questions = std::mem::take(&mut taken.questions);
            let settled = match self.intake.submit(taken).await {
                Ok(settling) => settling.settled().await,
                Err(unsettled) => Err(unsettled),
            };
            match settled {
                Ok(()) => return self.ask(questions).await,
                Err(Unsettled::Busy) => tokio::time::sleep(BUSY_RESTS).await,
                // It is never acknowledged: the process ends, and the device says it again.
                Err(Unsettled::Stopped) => std::future::pending().await,
            }
        }
    }

    /// Does what a command asks, and waits until it is durable.
    async fn obey(&self, ask: Ask, account: UserId) {
        loop {
            let settled = match self.outward.submit(ask.clone(), account.clone()).await {
                Ok(obeying) => obeying.settled().await,
                Err(unsettled) => Err(unsettled),
            };
            match settled {
                Ok(()) => return,
                Err(Unsettled::Busy) => tokio::time::sleep(BUSY_RESTS).await,
                // As above: it is never acknowledged.
                Err(Unsettled::Stopped) => std::future::pending().await,
            }
        }
    }

    async fn publish(&self, Publication { topic, payload, retain, qos }: Publication) {
        let Some(router) = self.router.get() else { return };
        let qos = match qos {
            Qos::AtMostOnce => QoS::AtMostOnce,
            Qos::AtLeastOnce => QoS::AtLeastOnce,
        };
        let mut publish = PublishPacket::new(topic, payload, qos);
        publish.retain = retain;
        router.route_message(&publish, None).await;
    }

    async fn ask(&self, questions: Vec<Question>) {
        let Some(router) = self.router.get() else { return };
        for Question { topic, payload } in questions {
            let publish = PublishPacket::new(topic, payload.into_bytes(), QoS::AtLeastOnce);
            router.route_message(&publish, None).await;
        }
    }
}

impl BrokerEventHandler for Listener {
    fn on_client_connect<'a>(&'a self, event: ClientConnectEvent) -> Answer<'a, ()> {
        Box::pin(async move {
            let user = event.user_id.as_deref();
            let will =
                event.will_topic.zip(event.will_payload).filter(|(topic, _)| self.guard.lets(user, topic));
            let mut wills = self.wills.lock().unwrap_or_else(PoisonError::into_inner);
            match will {
                Some((topic, payload)) => drop(wills.insert(event.client_id, Will { topic, payload })),
                None => drop(wills.remove(&event.client_id)),
            }
        })
    }

    fn on_client_subscribe<'a>(&'a self, event: ClientSubscribeEvent) -> Answer<'a, ()> {
        Box::pin(async move {
            // Who is asked how it is has to listen first.
            let hears = |question: &Question| {
                event.subscriptions.iter().any(|it| topic::matches(&it.topic_filter, &question.topic))
            };
            self.ask(self.intake.questions().into_iter().filter(hears).collect()).await;
        })
    }

    fn on_client_publish<'a>(&'a self, event: ClientPublishEvent) -> Answer<'a, PublishAction> {
        Box::pin(async move {
            let account = self.guard.account_of(event.user_id.as_deref());
            match self.outward.take(&event.topic, &event.payload, event.retain, account) {
                Heard::Nothing => self.take(&event.topic, &event.payload).await,
                Heard::Settled => {}
                Heard::Command(ask, account) => self.obey(ask, account).await,
            }
            PublishAction::Continue
        })
    }

    fn on_client_disconnect<'a>(&'a self, event: ClientDisconnectEvent) -> Answer<'a, ()> {
        Box::pin(async move {
            let will = self.wills.lock().unwrap_or_else(PoisonError::into_inner).remove(&event.client_id);
            if let Some(Will { topic, payload }) = will.filter(|_| event.unexpected) {
                self.take(&topic, &payload).await;
            }
        })
    }
}

/// Knows who may come, and who may say what.
struct Guard {
    users: Vec<User>,
    /// Where the gateway's own topics begin: what it says of itself, nobody else does.
    own: String,
}

impl Guard {
    fn knows(&self, name: &str, password: &[u8]) -> bool {
        let user = self.users.iter().find(|user| user.username == name);
        // An unknown name costs what a known one does.
        let known = user.map_or("", |user| user.password.expose());
        bool::from(known.as_bytes().ct_eq(password)) && user.is_some()
    }

    fn user(&self, name: Option<&str>) -> Option<&User> {
        self.users.iter().find(|known| Some(known.username.as_str()) == name)
    }

    /// Whom a user acts as.
    fn account_of(&self, name: Option<&str>) -> Option<&UserId> {
        self.user(name).and_then(|user| user.acts_as.as_ref())
    }

    fn lets(&self, user: Option<&str>, topic: &str) -> bool {
        if let Some(below) = topic.strip_prefix(&self.own) {
            // Devices answer there what they were asked, and people say what is to be done.
            let is_answer = below.starts_with("/shelly/") && below.ends_with("/rpc");
            return is_answer || (below.ends_with("/set") && self.account_of(user).is_some());
        }
        let user = self.user(user);
        match user.map(|user| &user.publish) {
            Some(Some(filters)) => filters.iter().any(|filter| topic::matches(filter, topic)),
            Some(None) => true,
            None => self.users.is_empty(),
        }
    }
}

impl AuthProvider for Guard {
    fn authenticate<'a>(
        &'a self,
        connect: &'a ConnectPacket,
        _client_addr: SocketAddr,
    ) -> Answer<'a, mqtt5::error::Result<AuthResult>> {
        Box::pin(async move {
            let name = connect.username.as_deref().unwrap_or_default();
            let password = connect.password.as_deref().unwrap_or_default();
            if self.users.is_empty() {
                return Ok(AuthResult::success());
            }
            if self.knows(name, password) {
                return Ok(AuthResult::success_with_user(name));
            }
            tokio::time::sleep(REFUSAL_TAKES).await;
            Ok(AuthResult::fail(ReasonCode::BadUsernameOrPassword))
        })
    }

    fn authorize_publish<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic: &'a str,
    ) -> Answer<'a, bool> {
        Box::pin(std::future::ready(self.lets(user_id, topic)))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        _user_id: Option<&'a str>,
        _topic_filter: &'a str,
    ) -> Answer<'a, bool> {
        Box::pin(std::future::ready(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;

    fn guard() -> Guard {
        let user = |name: &str, publish: Option<&[&str]>| User {
            username: name.into(),
            password: Secret::new(format!("{name}-password")),
            publish: publish.map(|them| them.iter().map(|it| (*it).to_owned()).collect()),
            acts_as: (name == "plug").then(|| "nurse-1".parse().unwrap()),
        };
        Guard {
            users: vec![user("z2m", Some(&["zigbee2mqtt/#"])), user("plug", None)],
            own: "caresync/c".into(),
        }
    }

    #[test]
    fn who_has_the_password_of_the_name_comes_in() {
        let guard = guard();
        assert!(guard.knows("plug", b"plug-password"));
        for (name, password) in [("plug", "z2m-password"), ("nobody", ""), ("plug", ""), ("", "")] {
            assert!(!guard.knows(name, password.as_bytes()), "{name}");
        }
    }

    #[test]
    fn each_publishes_what_is_theirs_and_nobody_what_is_the_gateways() {
        let guard = guard();
        assert!(guard.lets(Some("z2m"), "zigbee2mqtt/pir") && !guard.lets(Some("z2m"), "tele/plug/LWT"));
        assert!(guard.lets(Some("plug"), "tele/plug/LWT") && !guard.lets(None, "tele/plug/LWT"));
        assert!(!guard.lets(Some("plug"), "caresync/c/status"));
        assert!(guard.lets(Some("plug"), "caresync/c/shelly/plug-1/rpc"));
        let open = Guard { users: Vec::new(), own: "caresync/c".into() };
        assert!(open.lets(None, "anything"));
    }
}
