//! A screen, and the room that it looks at.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::ROOMS;
use super::poster::Poster;
use super::server::Server;

/// Between two changes of its room.
const CHANGE_EVERY: Duration = Duration::from_millis(50);
/// How long an event may take before the bench gives up.
const EVENT_MAX: Duration = Duration::from_secs(20);

/// A WebSocket client of the channel facility, and who changes its room.
pub(super) struct Screen(Mutex<(WebSocketStream<MaybeTlsStream<TcpStream>>, Poster)>);

/// Of a frame what is needed.
#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: serde_json::Value,
}

impl Screen {
    pub(super) async fn open(server: &Server) -> anyhow::Result<Self> {
        let mut request = format!("ws://{}/ws", server.address).into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {}", server.token).parse()?);
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
        socket.send(Message::text(r#"{"type":"subscribe","room":"facility"}"#)).await?;
        while next(&mut socket).await?.kind != "subscribed" {}
        Ok(Self(Mutex::new((socket, Poster::connect(server, ROOMS + 1).await?))))
    }

    /// Changes the room again and again, until it `is_over` or for as long as `length`, and returns what each event took.
    pub(super) async fn watch(
        &self,
        is_over: impl Fn() -> bool,
        length: Duration,
    ) -> anyhow::Result<Vec<Duration>> {
        let (socket, poster) = &mut *self.0.lock().await;
        let (begun, mut latencies) = (Instant::now(), Vec::new());
        let mut ticks = tokio::time::interval(CHANGE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let own = format!("room-{}", ROOMS + 1);
        while !is_over() && begun.elapsed() < length {
            ticks.tick().await;
            let posted_at = Instant::now();
            let seen = async {
                loop {
                    let frame = next(socket).await?;
                    if frame.kind == "room:updated" && frame.data["id"] == own.as_str() {
                        return anyhow::Ok(posted_at.elapsed());
                    }
                }
            };
            let (changed, seen) = tokio::join!(poster.change(), seen);
            changed?;
            latencies.push(seen?);
        }
        Ok(latencies)
    }
}

async fn next(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> anyhow::Result<Frame> {
    loop {
        let frame = tokio::time::timeout(EVENT_MAX, socket.next()).await.context("no event comes")?;
        match frame.context("the screen's connection ended")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            Message::Close(_) => bail!("the screen was closed"),
            _ => {}
        }
    }
}
