//! One client: it goes through the upgrade by hand, subscribes, and then only reads.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use mio::net::TcpStream;

use super::frame::{self, Nats, Said};
use super::log::Log;

const SUBSCRIBE: &[u8] = br#"{"type":"subscribe","room":"facility"}"#;
/// The most headers of an answer.
const HEADERS_MAX: usize = 32;

/// What a server speaks to its clients.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// hub/1: the gateway, and the peers on Node.
    Hub,
    /// NATS within WebSocket frames.
    Nats,
    /// Frames at once, without an upgrade.
    Bare,
}

/// Where a client connects, and as whom.
#[derive(Clone)]
pub(super) struct Entrance {
    pub(super) address: SocketAddr,
    pub(super) dialect: Dialect,
    /// Clients bear them in turn.
    pub(super) tokens: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Upgrading,
    /// Waits for the server's greeting.
    Greeted,
    /// Waits for the answer to its subscription.
    Subscribing,
    Ready,
}

/// A connection.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    dialect: Dialect,
    token: String,
    subscribes: bool,
    phase: Phase,
    /// Bytes of a frame that is not there whole.
    rest: Vec<u8>,
    nats: Nats,
    /// Events of this round that it has heard.
    pub(super) heard: usize,
}

/// Writes the upgrade's request.
pub(super) fn upgrade_request(entrance: &Entrance, token: &str) -> String {
    let path = if entrance.dialect == Dialect::Nats { "/" } else { "/ws" };
    format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Authorization: Bearer {token}\r\n\r\n",
        entrance.address
    )
}

/// Where the answer to an upgrade ends; `None` while a part is missing.
pub(super) fn upgraded(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = answer.parse(bytes)? else { return Ok(None) };
    ensure!(answer.code == Some(101), "no upgrade: {}", String::from_utf8_lossy(bytes));
    Ok(Some(head))
}

impl Client {
    /// Begins on a fresh connection as the `n`-th client.
    pub(super) fn begin(
        stream: std::net::TcpStream,
        entrance: &Entrance,
        n: usize,
        subscribes: bool,
    ) -> anyhow::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let token = entrance.tokens[n % entrance.tokens.len()].clone();
        let is_bare = entrance.dialect == Dialect::Bare;
        let mut client = Self {
            stream: TcpStream::from_std(stream),
            dialect: entrance.dialect,
            token,
            subscribes: subscribes && !is_bare,
            phase: if is_bare { Phase::Greeted } else { Phase::Upgrading },
            rest: Vec::new(),
            nats: Nats::default(),
            heard: 0,
        };
        if !is_bare {
            let request = upgrade_request(entrance, &client.token);
            client.write(request.as_bytes())?;
        }
        Ok(client)
    }

    /// True when it hears all that it asked for.
    pub(super) fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
    }

    /// Reads what is there.
    pub(super) fn read(&mut self, buffer: &mut [u8], log: &mut Log) -> anyhow::Result<()> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => bail!("the server closed the connection"),
                Ok(length) => {
                    let now = Instant::now();
                    self.take(&buffer[..length], log, now)?;
                    // A short read has emptied the socket (epoll(7)); news will wake us again.
                    if length < buffer.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("the connection broke"),
            }
        }
    }

    fn take(&mut self, bytes: &[u8], log: &mut Log, now: Instant) -> anyhow::Result<()> {
        if self.rest.is_empty() {
            let used = self.take_whole(bytes, log, now)?;
            self.rest.extend(&bytes[used..]);
        } else {
            let mut rest = std::mem::take(&mut self.rest);
            rest.extend(bytes);
            let used = self.take_whole(&rest, log, now)?;
            rest.drain(..used);
            self.rest = rest;
        }
        Ok(())
    }

    /// Takes what is there whole, and returns how much that was.
    fn take_whole(&mut self, bytes: &[u8], log: &mut Log, now: Instant) -> anyhow::Result<usize> {
        let mut used = 0;
        if self.phase == Phase::Upgrading {
            let Some(head) = upgraded(bytes)? else { return Ok(0) };
            self.phase = Phase::Greeted;
            used = head;
        }
        while let Some((opcode, payload, end)) = frame::split(&bytes[used..])? {
            used += end;
            match opcode {
                frame::PING => self.write(&frame::masked(frame::PONG, payload))?,
                frame::CLOSE => bail!("closed: {}", describe_close(payload)),
                frame::TEXT | frame::BINARY | frame::CONTINUATION if self.dialect == Dialect::Nats => {
                    self.take_nats(payload, log, now)?;
                }
                frame::TEXT => self.take_text(payload, log, now)?,
                _ => {}
            }
        }
        Ok(used)
    }

    fn take_text(&mut self, text: &[u8], log: &mut Log, now: Instant) -> anyhow::Result<()> {
        let begins = |kind: &str| {
            let kind = kind.as_bytes();
            text.strip_prefix(br#"{"type":""#).is_some_and(|rest| rest.starts_with(kind))
        };
        match self.phase {
            Phase::Ready if begins("room:updated") => return log.hear(&mut self.heard, text, now),
            Phase::Greeted if begins("connected") => {
                self.phase = Phase::Ready;
                if self.subscribes {
                    self.phase = Phase::Subscribing;
                    self.write(&frame::masked(frame::TEXT, SUBSCRIBE))?;
                }
            }
            Phase::Subscribing if begins("subscribed") => self.phase = Phase::Ready,
            _ => ensure!(
                !["error", "resync", "goodbye", "unsubscribed"].into_iter().any(begins),
                "{}",
                String::from_utf8_lossy(text)
            ),
        }
        Ok(())
    }

    fn take_nats(&mut self, payload: &[u8], log: &mut Log, now: Instant) -> anyhow::Result<()> {
        let mut nats = std::mem::take(&mut self.nats);
        let taken = nats.take(payload, |said| match said {
            Said::Message(text) => log.hear(&mut self.heard, text, now),
            Said::Ping => self.write(&frame::masked(frame::BINARY, b"PONG\r\n")),
            Said::Pong => {
                self.phase = Phase::Ready;
                Ok(())
            }
            Said::Greeting => {
                self.phase = Phase::Subscribing;
                let subscribe = if self.subscribes { "SUB facility 1\r\n" } else { "" };
                let hello = format!("{}{subscribe}PING\r\n", nats_connect(&self.token));
                self.write(&frame::masked(frame::BINARY, hello.as_bytes()))
            }
        });
        self.nats = nats;
        taken
    }

    /// Writes a little: what a client says always fits into its socket.
    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(bytes).context("the server takes nothing")
    }
}

/// How a NATS client makes itself known.
pub(super) fn nats_connect(token: &str) -> String {
    format!("CONNECT {{\"verbose\":false,\"pedantic\":false,\"auth_token\":\"{token}\"}}\r\n")
}

fn describe_close(payload: &[u8]) -> String {
    match payload {
        [a, b, reason @ ..] => {
            format!("{} {}", u16::from_be_bytes([*a, *b]), String::from_utf8_lossy(reason))
        }
        _ => "without a code".into(),
    }
}
