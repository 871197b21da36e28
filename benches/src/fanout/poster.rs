//! Where events come from: requests to the gateway and to Node, messages to NATS, lines to the bare server.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use mio::net::TcpStream;
use serde_json::json;

use super::client::nats_connect;

/// Rooms, each with a connection that posts to it: as many events can be in flight.
pub(super) const ROOMS: usize = 16;
/// The most headers of an answer.
const HEADERS_MAX: usize = 32;
const ANSWER_BYTES_MAX: usize = 8_192;
const AT: &str = "2026-02-06T14:30:00.000Z";

/// How events are posted, and where.
pub(super) enum Way {
    /// `PUT /api/rooms/<id>/status`.
    Http { address: SocketAddr, token: String },
    /// `PUB facility`.
    Nats { address: SocketAddr, token: String },
    /// A line of text, on the one connection that the server takes.
    Bare { stream: std::net::TcpStream },
}

/// The rooms' connections.
pub(super) enum Posters {
    Http(Vec<HttpPoster>),
    /// The text is made here, and with it the seq.
    Direct {
        stream: std::net::TcpStream,
        is_nats: bool,
    },
}

/// What was posted last, over all rounds.
#[derive(Default)]
pub(super) struct Posted {
    occupied: [bool; ROOMS],
    seq: u64,
}

/// A connection that is kept alive, and its room's two requests, written once.
pub(super) struct HttpPoster {
    pub(super) stream: TcpStream,
    requests: [Vec<u8>; 2],
    is_waiting: bool,
    answer: Vec<u8>,
}

impl Posters {
    /// Connects. For each round anew: servers close what is idle, and the others' rounds take their time.
    pub(super) fn connect(way: &Way) -> anyhow::Result<Self> {
        Ok(match way {
            Way::Http { address, token } => Self::Http(
                (1..=ROOMS).map(|n| HttpPoster::connect(*address, token, n)).collect::<Result<_, _>>()?,
            ),
            Way::Nats { address, token } => {
                Self::Direct { stream: greet_nats(*address, token)?, is_nats: true }
            }
            Way::Bare { stream } => Self::Direct { stream: stream.try_clone()?, is_nats: false },
        })
    }

    /// True when `room` (counted from 0) has its answer: it can take the next post.
    pub(super) fn is_free(&self, room: usize) -> bool {
        match self {
            Posters::Http(posters) => !posters[room].is_waiting,
            Posters::Direct { .. } => true,
        }
    }

    /// Turns `room` into the other of its two states; returns when that was sent.
    pub(super) fn post(&mut self, room: usize, posted: &mut Posted) -> anyhow::Result<Instant> {
        posted.occupied[room] = !posted.occupied[room];
        posted.seq += 1;
        match self {
            Posters::Http(posters) => posters[room].post(posted.occupied[room]),
            Posters::Direct { stream, is_nats } => {
                let text = event_text(posted.seq, room + 1, posted.occupied[room]);
                let bytes = match is_nats {
                    true => format!("PUB facility {}\r\n{text}\r\n", text.len()),
                    false => format!("{text}\n"),
                };
                let now = Instant::now();
                stream.write_all(bytes.as_bytes()).context("the server takes no post")?;
                Ok(now)
            }
        }
    }
}

impl HttpPoster {
    fn connect(address: SocketAddr, token: &str, n: usize) -> anyhow::Result<Self> {
        let stream = std::net::TcpStream::connect(address).context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let requests = ["available", "occupied"].map(|status| {
            let patient = if status == "occupied" { format!("\"patient-{n}\"") } else { "null".into() };
            let body = format!("{{\"status\":\"{status}\",\"current_patient_id\":{patient}}}");
            let head = format!("PUT /api/rooms/room-{n}/status HTTP/1.1\r\nHost: {address}\r\n");
            let proof = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
            format!("{head}{proof}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
        });
        let stream = TcpStream::from_std(stream);
        Ok(Self { stream, requests, is_waiting: false, answer: Vec::new() })
    }

    fn post(&mut self, occupied: bool) -> anyhow::Result<Instant> {
        ensure!(!self.is_waiting, "this connection waits for its answer");
        self.is_waiting = true;
        let now = Instant::now();
        self.stream.write_all(&self.requests[usize::from(occupied)]).context("a request is not taken")?;
        Ok(now)
    }

    /// Reads what is there; true when the answer is.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> anyhow::Result<bool> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => bail!("the server closed a connection that posts"),
                Ok(length) => self.answer.extend(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("a connection that posts broke"),
            }
        }
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut answer = httparse::Response::new(&mut headers);
        ensure!(self.answer.len() <= ANSWER_BYTES_MAX, "the answer is too long");
        let httparse::Status::Complete(head) = answer.parse(&self.answer)? else { return Ok(false) };
        let length = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length: usize =
            std::str::from_utf8(length.context("the answer has no length")?.value)?.parse()?;
        if self.answer.len() < head + length {
            return Ok(false);
        }
        ensure!(answer.code == Some(200), "{}", String::from_utf8_lossy(&self.answer));
        ensure!(self.is_waiting && self.answer.len() == head + length, "an answer that nobody asked for");
        self.answer.clear();
        self.is_waiting = false;
        Ok(true)
    }
}

/// The gateway's frame for the same event, so that all servers send as many bytes.
pub(super) fn event_text(seq: u64, n: usize, occupied: bool) -> String {
    let (state, status, patient) = match occupied {
        true => ("occupied", "occupied", Some(format!("patient-{n}"))),
        false => ("empty", "available", None),
    };
    let occupancy = json!({
        "confidence": null, "freshness": "fresh", "paused": false, "people": null, "since": AT, "sources": [],
        "state": state, "synthetic": false, "why": format!("bench-admin said it is {state}"),
    });
    let data = json!({
        "current_doctor_id": null, "current_patient_id": patient, "estimated_available_at": null,
        "id": format!("room-{n}"), "last_updated": AT, "name": format!("Exam Room {n}"), "occupancy": occupancy,
        "readiness": "clean", "revision": seq, "since": AT, "status": status, "type": "examination",
    });
    // Written out, because a Value would sort these keys.
    format!(r#"{{"type":"room:updated","room":"facility","seq":{seq},"data":{data},"timestamp":"{AT}"}}"#)
}

/// Connects to NATS and waits until it takes messages. What it says afterwards, nobody needs to read.
fn greet_nats(address: SocketAddr, token: &str) -> anyhow::Result<std::net::TcpStream> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.write_all(format!("{}PING\r\n", nats_connect(token)).as_bytes())?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while line.trim() != "PONG" {
        line.clear();
        ensure!(lines.read_line(&mut line)? > 0 && !line.starts_with("-ERR"), "nats refuses: {line}");
    }
    Ok(stream)
}
