//! Requests on connections that are kept alive.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::Server;
use crate::ingest::Answer;

/// The largest answer that is waited for.
const ANSWER_BYTES_MAX: usize = 16_384;

/// A connection of an admin.
pub(super) struct Channel {
    stream: TcpStream,
    address: SocketAddr,
    token: String,
}

impl Channel {
    pub(super) async fn connect(server: &Server) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server.address).await.context("the gateway takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address: server.address, token: server.token.clone() })
    }

    /// Asks, and waits for the answer, which has to be a success.
    pub(super) async fn ask(&mut self, method: &str, path: &str, body: &str) -> anyhow::Result<()> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let (mut bytes, mut length) = (vec![0; ANSWER_BYTES_MAX], 0);
        loop {
            let read = self.stream.read(&mut bytes[length..]).await?;
            ensure!(read > 0, "the gateway closed the connection, or its answer is too long");
            length += read;
            if let Some(answer) = Answer::whole(&bytes[..length])? {
                ensure!(answer.is_ok, "{method} {path}: {}", String::from_utf8_lossy(&bytes[..length]));
                return Ok(());
            }
        }
    }
}

/// A room whose status changes with every request.
pub(super) struct Poster {
    channel: Channel,
    path: String,
    is_occupied: bool,
}

impl Poster {
    /// Connects, for the room of this number.
    pub(super) async fn connect(server: &Server, room: usize) -> anyhow::Result<Self> {
        let path = format!("/api/rooms/room-{room}/status");
        Ok(Self { channel: Channel::connect(server).await?, path, is_occupied: false })
    }

    /// Makes one event, and returns when it is committed.
    pub(super) async fn change(&mut self) -> anyhow::Result<()> {
        self.is_occupied = !self.is_occupied;
        let status = if self.is_occupied { "occupied" } else { "available" };
        self.channel.ask("PUT", &self.path, &format!("{{\"status\":\"{status}\"}}")).await
    }
}
