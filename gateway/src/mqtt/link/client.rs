//! One connection of rumqttc, in MQTT 3.1.1 or 5. Nothing of the library's leaves this file but [`Ack`]'s inside.
//!
//! The library makes the next connection by itself when it is polled again, at once and for ever; here each connection
//! has a client of its own, and the pause between is ours.

use std::time::Duration;

use bytes::Bytes;
use rumqttc::{
    ConnectionError, Event, LastWill, MqttOptions, NetworkOptions, Packet, QoS, SubscribeReasonCode,
    Transport, v5,
};

use super::super::PACKET_BYTES_MAX;
use super::super::config::Protocol;
use super::Way;

/// What waits to be written: every packet id has a place (MQTT 3.1.1, 2.3.1: 16 bits), and our own words besides. It can
/// come to that: Mosquitto 2.0.11 empties a queue without waiting for acknowledgements, and the library reads up to ten
/// messages for each acknowledgement that it writes.
const REQUESTS_MAX: usize = 65_535 + 1_024;
/// A broker that is silent for twice as long is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long an MQTT 5 broker keeps the session of a gateway that is away: a long weekend, and some.
const SESSION_KEPT_S: u32 = 7 * 86_400;
/// Messages that an MQTT 5 broker sends before the first is acknowledged.
const RECEIVE_MAX: u16 = 512;
/// What the broker says for a gateway that went without a word.
const WILL: &str = "offline";

/// What acknowledges a message.
pub(super) enum Ack {
    V4(Box<rumqttc::Publish>),
    V5(Box<v5::mqttbytes::v5::Publish>),
}

/// What the broker says.
pub(super) enum Incoming {
    Connected { session_present: bool },
    Message { topic: String, payload: Bytes, retained: bool, ack: Option<Ack> },
    SubscriptionRefused,
    Lost(String),
}

/// The way to speak. None of it waits: the requests have a place for everything that can be under way.
pub(super) enum Client {
    V4(rumqttc::AsyncClient),
    V5(v5::AsyncClient),
}

/// The connection itself.
pub(super) enum Polling {
    V4(Box<rumqttc::EventLoop>),
    V5(Box<v5::EventLoop>),
}

/// A connection that is made by polling it.
pub(super) fn open(way: &Way) -> (Client, Polling) {
    let (host, port) = (way.address.host.clone(), way.address.port);
    let mut network = NetworkOptions::new();
    // Else an acknowledgement waits up to 40 ms for the broker's kernel to acknowledge the one before.
    network.set_tcp_nodelay(true);
    match way.protocol {
        Protocol::V4 => {
            let mut options = MqttOptions::new(&way.client_id, host, port);
            options
                .set_clean_session(false)
                .set_keep_alive(KEEP_ALIVE)
                .set_manual_acks(true)
                .set_max_packet_size(PACKET_BYTES_MAX, PACKET_BYTES_MAX)
                .set_last_will(LastWill::new(way.status_topic(), WILL, QoS::AtLeastOnce, true));
            if let Some(tls) = &way.tls {
                options.set_transport(Transport::tls_with_config(tls.clone()));
            }
            if let Some((name, password)) = &way.login {
                options.set_credentials(name, password.expose());
            }
            let (client, mut polling) = rumqttc::AsyncClient::new(options, REQUESTS_MAX);
            polling.set_network_options(network);
            (Client::V4(client), Polling::V4(Box::new(polling)))
        }
        Protocol::V5 => {
            let mut options = v5::MqttOptions::new(&way.client_id, host, port);
            options
                .set_clean_start(false)
                .set_keep_alive(KEEP_ALIVE)
                .set_manual_acks(true)
                .set_session_expiry_interval(Some(SESSION_KEPT_S))
                .set_receive_maximum(Some(RECEIVE_MAX))
                .set_network_options(network)
                .set_max_packet_size(u32::try_from(PACKET_BYTES_MAX).ok())
                .set_last_will(v5::mqttbytes::v5::LastWill::new(
                    way.status_topic(),
                    WILL,
                    v5::mqttbytes::QoS::AtLeastOnce,
                    true,
                    None,
                ));
            if let Some(tls) = &way.tls {
                options.set_transport(Transport::tls_with_config(tls.clone()));
            }
            if let Some((name, password)) = &way.login {
                options.set_credentials(name, password.expose());
            }
            let (client, polling) = v5::AsyncClient::new(options, REQUESTS_MAX);
            (Client::V5(client), Polling::V5(Box::new(polling)))
        }
    }
}

impl Client {
    /// False when nothing more is taken: the connection has to end, or the broker would wait for ever.
    pub(super) fn acknowledge(&self, ack: &Ack) -> bool {
        let sent = match (self, ack) {
            (Client::V4(client), Ack::V4(publish)) => client.try_ack(publish).is_ok(),
            (Client::V5(client), Ack::V5(publish)) => client.try_ack(publish).is_ok(),
            _ => false,
        };
        self.said(sent);
        sent
    }

    /// False when nothing more is taken.
    pub(super) fn publish(&self, topic: &str, payload: impl Into<Vec<u8>>, retain: bool) -> bool {
        let sent = match self {
            Client::V4(client) => client.try_publish(topic, QoS::AtLeastOnce, retain, payload).is_ok(),
            Client::V5(client) => {
                let qos = v5::mqttbytes::QoS::AtLeastOnce;
                client.try_publish(topic, qos, retain, payload.into()).is_ok()
            }
        };
        self.said(sent);
        sent
    }

    pub(super) fn subscribe(&self, filters: Vec<String>) {
        // A filter a packet: one that is refused does not take the others with it.
        for filter in filters {
            let sent = match self {
                Client::V4(client) => client.try_subscribe(filter, QoS::AtLeastOnce).is_ok(),
                Client::V5(client) => client.try_subscribe(filter, v5::mqttbytes::QoS::AtLeastOnce).is_ok(),
            };
            self.said(sent);
        }
    }

    /// Subscribes for what is retained: nothing of it is worth a second try.
    pub(super) fn look_for_retained(&self, filters: Vec<String>) {
        for filter in filters {
            let sent = match self {
                Client::V4(client) => client.try_subscribe(filter, QoS::AtMostOnce).is_ok(),
                Client::V5(client) => client.try_subscribe(filter, v5::mqttbytes::QoS::AtMostOnce).is_ok(),
            };
            self.said(sent);
        }
    }

    pub(super) fn unsubscribe(&self, filters: Vec<String>) {
        for filter in filters {
            let sent = match self {
                Client::V4(client) => client.try_unsubscribe(filter).is_ok(),
                Client::V5(client) => client.try_unsubscribe(filter).is_ok(),
            };
            self.said(sent);
        }
    }

    pub(super) fn disconnect(&self) {
        let sent = match self {
            Client::V4(client) => client.try_disconnect().is_ok(),
            Client::V5(client) => client.try_disconnect().is_ok(),
        };
        self.said(sent);
    }

    /// What could not be said went down with its connection: the next one begins with all of it.
    fn said(&self, sent: bool) {
        if !sent {
            tracing::debug!("a word to the MQTT broker was too late");
        }
    }
}

impl Polling {
    /// What the broker says next, if it is of use.
    ///
    /// Not cancel safe: a connection that is being made would be made anew.
    pub(super) async fn next(&mut self) -> Option<Incoming> {
        match self {
            Polling::V4(polling) => match polling.poll().await {
                Ok(Event::Incoming(packet)) => packet_v4(packet),
                Ok(Event::Outgoing(_)) => None,
                Err(error) => Some(Incoming::Lost(trouble_v4(&error))),
            },
            Polling::V5(polling) => match polling.poll().await {
                Ok(v5::Event::Incoming(packet)) => packet_v5(packet),
                Ok(v5::Event::Outgoing(_)) => None,
                Err(error) => Some(Incoming::Lost(error.to_string())),
            },
        }
    }
}

fn packet_v4(packet: Packet) -> Option<Incoming> {
    match packet {
        Packet::ConnAck(ack) => Some(Incoming::Connected { session_present: ack.session_present }),
        Packet::SubAck(ack) => {
            let is_refused = ack.return_codes.contains(&SubscribeReasonCode::Failure);
            is_refused.then_some(Incoming::SubscriptionRefused)
        }
        Packet::Publish(publish) => Some(Incoming::Message {
            topic: publish.topic.clone(),
            payload: publish.payload.clone(),
            retained: publish.retain,
            ack: (publish.qos == QoS::AtLeastOnce).then(|| Ack::V4(Box::new(publish))),
        }),
        _ => None,
    }
}

fn packet_v5(packet: v5::mqttbytes::v5::Packet) -> Option<Incoming> {
    use v5::mqttbytes::v5::{Packet, SubscribeReasonCode};
    match packet {
        Packet::ConnAck(ack) => Some(Incoming::Connected { session_present: ack.session_present }),
        Packet::SubAck(ack) => {
            let is_granted = |code: &SubscribeReasonCode| matches!(code, SubscribeReasonCode::Success(_));
            (!ack.return_codes.iter().all(is_granted)).then_some(Incoming::SubscriptionRefused)
        }
        Packet::Publish(publish) => Some(Incoming::Message {
            topic: String::from_utf8(publish.topic.to_vec()).ok()?,
            payload: publish.payload.clone(),
            retained: publish.retain,
            ack: (publish.qos == v5::mqttbytes::QoS::AtLeastOnce).then(|| Ack::V5(Box::new(publish))),
        }),
        _ => None,
    }
}

/// What went wrong, with the remedy where the library's words have none.
fn trouble_v4(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ConnectionRefused(code) => {
            format!("it refuses the gateway ({code:?}); see mqtt.username and mqtt.password_file")
        }
        other => other.to_string(),
    }
}
