//! The devices and the screen.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use rumqttc::{AsyncClient, ConnectionError, MqttOptions, NetworkOptions, QoS};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::parts::Server;
use super::{DEVICES, Round};
use crate::measure::{cpu_time_of, number, percentile};

/// How long an event may take before the bench gives up.
const EVENT_MAX: Duration = Duration::from_secs(20);
/// Messages that the devices' connection takes before the broker acknowledged the first.
const IN_FLIGHT: u16 = 1_024;
/// Watts of a machine that stands still, and of one that works: in turn.
const WATTS: [u32; 2] = [2, 120];

/// The load of one side.
pub(super) struct Load {
    topics: String,
    client: AsyncClient,
    /// Polls the devices' connection.
    polling: JoinSet<ConnectionError>,
    screen: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// How many messages each device has said.
    said: Vec<u32>,
    heard: u64,
}

/// Of an event what is needed.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: serde_json::Value,
}

impl Load {
    /// Connects the devices and the screen, and waits until the side hears the broker.
    pub(super) async fn connect(server: &Server, broker: u16) -> anyhow::Result<Self> {
        let mut options = MqttOptions::new(format!("load-{}", server.topics()), "127.0.0.1", broker);
        options.set_inflight(IN_FLIGHT);
        let (client, mut connection) = AsyncClient::new(options, usize::from(IN_FLIGHT));
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        connection.set_network_options(network);
        let mut polling = JoinSet::new();
        polling.spawn(async move {
            loop {
                if let Err(error) = connection.poll().await {
                    return error;
                }
            }
        });
        let mut request = format!("ws://{}/ws", server.address).into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {}", server.token).parse()?);
        let (mut screen, _) = tokio_tungstenite::connect_async(request).await?;
        screen.send(Message::text(r#"{"type":"subscribe","room":"facility"}"#)).await?;
        let topics = server.topics().to_owned();
        let mut load = Self { topics, client, polling, screen, said: vec![0; DEVICES], heard: 0 };
        while load.next(Duration::from_secs(5)).await?.kind != "subscribed" {}
        // What nobody has subscribed to, the broker takes and forgets.
        for _ in 0..50 {
            load.say(0)?;
            if load.event(Duration::from_millis(200)).await.is_ok() {
                return Ok(load);
            }
        }
        bail!("{} hears nothing", server.kind.name())
    }

    /// How many events came.
    pub(super) fn heard(&self) -> u64 {
        self.heard
    }

    /// Lets `devices` devices speak for as long as `length`.
    pub(super) async fn round(
        &mut self,
        devices: usize,
        length: Duration,
        pid: u32,
    ) -> anyhow::Result<Round> {
        let cpu_before = cpu_time_of(pid)?;
        let begun = Instant::now();
        let mut said_at = vec![begun; devices];
        let mut latencies = Vec::new();
        for (device, at) in said_at.iter_mut().enumerate() {
            *at = Instant::now();
            self.say(device)?;
        }
        let mut under_way = devices;
        while under_way > 0 {
            let device = self.event(EVENT_MAX).await?;
            ensure!(device < devices, "an event of a device that said nothing");
            latencies.push(said_at[device].elapsed());
            if begun.elapsed() < length {
                said_at[device] = Instant::now();
                self.say(device)?;
            } else {
                under_way -= 1;
            }
        }
        let took = begun.elapsed();
        let cpu = cpu_time_of(pid)?.saturating_sub(cpu_before);
        latencies.sort();
        let messages = u64::try_from(latencies.len())?;
        Ok(Round {
            messages,
            messages_per_s: number(messages) / took.as_secs_f64(),
            p50_ms: percentile(&latencies, 50).as_secs_f64() * 1e3,
            p99_ms: percentile(&latencies, 99).as_secs_f64() * 1e3,
            cpu_us_per_message: cpu.as_secs_f64() * 1e6 / number(messages),
        })
    }

    fn say(&mut self, device: usize) -> anyhow::Result<()> {
        self.said[device] += 1;
        let n = self.said[device];
        let watts = WATTS[usize::try_from(n % 2)?];
        let topic = format!("{}/{}", self.topics, device + 1);
        let payload = format!("{{\"power\":{watts},\"n\":{n}}}");
        self.client
            .try_publish(topic, QoS::AtLeastOnce, false, payload)
            .context("the devices' connection is full")
    }

    /// The device whose event comes next.
    async fn event(&mut self, within: Duration) -> anyhow::Result<usize> {
        loop {
            let event = self.next(within).await?;
            if event.kind != "equipment:updated" {
                continue;
            }
            self.heard += 1;
            let id = event.data["id"].as_str().and_then(|id| id.strip_prefix("eq-"));
            let n: usize = id.context("the event names no equipment")?.parse()?;
            return Ok(n - 1);
        }
    }

    async fn next(&mut self, within: Duration) -> anyhow::Result<Event> {
        loop {
            let Ok(frame) = tokio::time::timeout(within, self.screen.next()).await else {
                match self.polling.try_join_next() {
                    Some(ended) => bail!("the devices' connection ended: {}", ended?),
                    None => {
                        bail!("nothing comes; {} said, {} heard", self.said.iter().sum::<u32>(), self.heard)
                    }
                }
            };
            match frame.context("the screen's connection ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(_) => bail!("the screen was closed"),
                _ => {}
            }
        }
    }
}
