//! One vision system: a connection that is kept alive, and a room that it claims occupied and empty in turn.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest answer that is waited for: both sides answer with some hundred bytes.
const ANSWER_BYTES_MAX: usize = 4_096;
/// The most headers of an answer.
const HEADERS_MAX: usize = 32;

/// A room with its two requests, written once.
pub(super) struct Claimant {
    address: SocketAddr,
    /// The claims that the room is empty, and that it is occupied.
    claims: [Vec<u8>; 2],
    occupied: bool,
}

impl Claimant {
    /// Claims the `n`-th room, counted from 1.
    pub(super) fn new(address: SocketAddr, key: &str, n: usize) -> Self {
        let claims = [false, true].map(|occupied| request(address, key, n, occupied));
        Self { address, claims, occupied: false }
    }

    /// Connects. For each round anew: both servers close what is idle, and the other side's rounds take their time.
    pub(super) async fn connect(self) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(self.address).await.context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Connection { claimant: self, stream })
    }
}

/// A claimant that is connected.
pub(super) struct Connection {
    claimant: Claimant,
    stream: TcpStream,
}

impl Connection {
    /// Asks at least once, and again until the time is over; returns what each answer took.
    pub(super) async fn ask_until(mut self, until: Instant) -> anyhow::Result<(Claimant, Vec<Duration>)> {
        let mut latencies = Vec::new();
        let mut now = Instant::now();
        loop {
            let asked_at = now;
            self.claimant.occupied = !self.claimant.occupied;
            let claim = &self.claimant.claims[usize::from(self.claimant.occupied)];
            self.stream.write_all(claim).await?;
            self.read_answer().await?;
            now = Instant::now();
            latencies.push(now - asked_at);
            if now >= until {
                return Ok((self.claimant, latencies));
            }
        }
    }

    async fn read_answer(&mut self) -> anyhow::Result<()> {
        let (mut bytes, mut length) = ([0; ANSWER_BYTES_MAX], 0);
        loop {
            let read = self.stream.read(&mut bytes[length..]).await?;
            ensure!(read > 0, "the server closed the connection, or its answer is too long");
            length += read;
            let Some(answer) = Answer::whole(&bytes[..length])? else { continue };
            if !answer.is_ok || find(answer.body, b"\"processed\":true").is_none() {
                bail!("{}", String::from_utf8_lossy(&bytes[..length]));
            }
            return Ok(());
        }
    }
}

/// An answer that is there whole.
pub(crate) struct Answer<'a> {
    /// 200.
    pub(crate) is_ok: bool,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads an answer; `None` while a part is missing.
    pub(crate) fn whole(bytes: &'a [u8]) -> anyhow::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut answer = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = answer.parse(bytes)? else { return Ok(None) };
        let is_ok = answer.code == Some(200);
        let length = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length: usize =
            std::str::from_utf8(length.context("the answer has no length")?.value)?.parse()?;
        Ok(bytes.get(head..head + length).map(|body| Self { is_ok, body }))
    }
}

fn request(address: SocketAddr, key: &str, n: usize, occupied: bool) -> Vec<u8> {
    let body = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "room_occupancy", "entityType": "room",
        "entityId": format!("room-{n}"), "data": { "occupied": occupied }, "confidence": 0.95,
        "cameraId": format!("cam-{n}"),
    });
    let body = body.to_string();
    format!(
        "POST /api/webhooks/opencv/event HTTP/1.1\r\nHost: {address}\r\nX-OpenCV-API-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
