//! A device that speaks MQTT and forgets nothing before it is answered.

use std::time::{Duration, Instant};

use rumqttc::{Client, Connection, Event, LastWill, MqttOptions, Packet, QoS};

use crate::SOON;

/// How long an answer may take before the device connects anew.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// How long it waits before it connects anew.
const AGAIN_AFTER: Duration = Duration::from_millis(20);

/// One device with one topic. It says a thing again and again, on as many connections as that takes, until it is told
/// that the broker has it.
pub struct Speaker {
    options: MqttOptions,
    topic: String,
    link: Option<(Client, Connection)>,
}

impl Speaker {
    /// A device that will connect to `port` when it has something to say.
    pub fn new(port: u16, name: &str, topic: &str) -> Self {
        let mut options = MqttOptions::new(name, "127.0.0.1", port);
        options.set_keep_alive(Duration::from_secs(60));
        Self { options, topic: topic.into(), link: None }
    }

    /// With a name and a password.
    #[must_use]
    pub fn login(mut self, name: &str, password: &str) -> Self {
        self.options.set_credentials(name, password);
        self
    }

    /// With what the broker is to say when the device goes without a word.
    #[must_use]
    pub fn will(mut self, topic: &str, payload: &str) -> Self {
        self.options.set_last_will(LastWill::new(topic, payload, QoS::AtLeastOnce, false));
        self
    }

    /// Goes without a word: its connection ends, as by a cut cable or an empty battery.
    pub fn vanish(self) {
        drop(self);
    }

    /// Says `payload` with QoS 1. When this returns, it was acknowledged.
    pub fn say(&mut self, payload: &str) {
        let until = Instant::now() + SOON * 3;
        while self.try_to_say(payload).is_none() {
            assert!(Instant::now() < until, "{} is not acknowledged: {payload}", self.topic);
            self.link = None;
            std::thread::sleep(AGAIN_AFTER);
        }
    }

    fn try_to_say(&mut self, payload: &str) -> Option<()> {
        let options = &self.options;
        let (client, connection) = self.link.get_or_insert_with(|| Client::new(options.clone(), 10));
        client.publish(&self.topic, QoS::AtLeastOnce, false, payload).ok()?;
        loop {
            match connection.recv_timeout(ANSWER_WITHIN).ok()?.ok()? {
                Event::Incoming(Packet::PubAck(_)) => return Some(()),
                Event::Incoming(_) | Event::Outgoing(_) => {}
            }
        }
    }
}
