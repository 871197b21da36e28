//! A socket without a library behind it: a peer that says what no well-behaved client would, or nothing at all.

use std::io::{ErrorKind, Read, Write};
use std::time::Instant;

use serde_json::Value;

use crate::{SOON, Wire};

/// A bare connection to the gateway.
pub struct RawSocket(Wire);

impl RawSocket {
    /// Connects.
    pub fn connect(port: u16) -> Self {
        Self::by(Wire::plain(port).expect("the gateway listens"))
    }

    /// Uses a wire that is connected.
    pub fn by(wire: Wire) -> Self {
        Self(wire)
    }

    /// Connects, and does the handshake of a WebSocket by hand. What the hub sends is read by nobody.
    pub fn websocket(port: u16) -> Self {
        let mut raw = Self::connect(port);
        let host = format!("Host: 127.0.0.1:{port}");
        let status = raw.ask("GET /ws", &[&host, UPGRADE]).0;
        assert_eq!(status, 101, "the hub takes a client");
        raw
    }

    /// Sends a request without a body, and returns status and body of the answer.
    pub fn ask(&mut self, request: &str, headers: &[&str]) -> (u16, Value) {
        self.ask_with(request, headers, b"")
    }

    /// As [`RawSocket::ask`] with a body, whose length a header has to tell.
    pub fn ask_with(&mut self, request: &str, headers: &[&str], body: &[u8]) -> (u16, Value) {
        let (status, body) = self.ask_text(request, headers, body);
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// As [`RawSocket::ask_with`] for an answer in plain text.
    pub fn ask_text(&mut self, request: &str, headers: &[&str], body: &[u8]) -> (u16, String) {
        let head = format!("{request} HTTP/1.1\r\n{}\r\n\r\n", headers.join("\r\n"));
        self.write(&[head.as_bytes(), body].concat());
        let head = self.head();
        let number = |text: &str| text.trim().parse::<u64>().expect("HTTP writes numbers in digits");
        let status = number(head.split(' ').nth(1).expect("an answer begins with a status line"));
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:").map(number));
        let mut body = vec![0; usize::try_from(length.unwrap_or(0)).expect("a body fits in memory")];
        self.0.read_exact(&mut body).expect("the body is complete");
        let status = u16::try_from(status).expect("a status has three digits");
        (status, String::from_utf8(body).expect("a body is text"))
    }

    /// Sends bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the gateway takes bytes");
    }

    /// Sends a WebSocket frame: `first` is its first byte. Clients must mask; a mask of zeros changes nothing.
    pub fn write_frame(&mut self, first: u8, payload: &[u8]) {
        let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126).expect("a short frame");
        self.write(&[&[first, 0x80 | length, 0, 0, 0, 0], payload].concat());
    }

    /// Reads to the end of the connection without ever answering, and returns all of it.
    ///
    /// # Panics
    ///
    /// When the gateway does not end it in time.
    pub fn read_to_end(&mut self) -> Vec<u8> {
        let (mut all, mut some, until) = (Vec::new(), [0; 64 * 1024], Instant::now() + SOON);
        while Instant::now() < until {
            match self.0.read(&mut some) {
                Ok(0) => return all,
                Ok(count) => all.extend(&some[..count]),
                // TLS calls an end without a goodbye by another name.
                Err(error)
                    if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof) =>
                {
                    return all;
                }
                Err(error) => panic!("the gateway does not end the connection: {error}"),
            }
        }
        panic!("the gateway does not end the connection");
    }

    fn head(&mut self) -> String {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut byte).expect("the head is complete");
            head.push(byte[0]);
        }
        String::from_utf8(head).expect("a head is text").to_ascii_lowercase()
    }
}

/// The headers of a WebSocket's upgrade.
pub const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                           Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

/// The code of the close frame at the end of what a server sent unfragmented and unmasked.
pub fn close_code(sent: &[u8]) -> Option<u16> {
    let mut rest = sent;
    while let [first, second, ..] = rest {
        let (length, begin) = match second {
            126 => (u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]).into(), 4),
            127 => return None,
            short => (usize::from(*short), 2),
        };
        let payload = rest.get(begin..begin + length)?;
        if first & 0x0f == 8 {
            return Some(u16::from_be_bytes([*payload.first()?, *payload.get(1)?]));
        }
        rest = &rest[begin + length..];
    }
    None
}
