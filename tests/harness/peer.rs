//! A WebSocket peer whose frames are made by hand: every rule of RFC 6455 can be kept or broken, byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::time::Instant;

use serde_json::Value;

use crate::{SOON, UPGRADE, Wire, assert_catalogued};

/// The end of a message.
pub const FIN: u8 = 0x80;
/// Goes on with a message.
pub const CONTINUATION: u8 = 0;
/// Begins a text.
pub const TEXT: u8 = 1;
/// Begins bytes.
pub const BINARY: u8 = 2;
/// Says why it goes.
pub const CLOSE: u8 = 8;
/// Asks for a pong.
pub const PING: u8 = 9;
/// Answers a ping.
pub const PONG: u8 = 10;

/// The mask of every frame; any but zeros will do.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A connection after its upgrade.
pub struct Peer(Wire);

/// How the gateway ended a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// With this code.
    Code(u16),
    /// With a close frame that names none.
    NoCode,
    /// Without a close frame.
    Cut,
}

impl Peer {
    /// Becomes a peer of the hub in plain text, and waits for the greeting.
    pub fn connect(port: u16) -> Self {
        Self::by(Wire::plain(port).expect("the gateway listens"), port)
    }

    /// As [`Peer::connect`] by this wire.
    pub fn by(wire: Wire, port: u16) -> Self {
        let (head, peer) =
            Self::ask(wire, &format!("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{UPGRADE}"), b"");
        assert!(head.starts_with("HTTP/1.1 101 "), "the hub takes a client: {head}");
        let mut peer = peer;
        assert_eq!(peer.text()["type"], "connected");
        peer
    }

    /// Vanishes without a word: see [`Wire::deafen`].
    pub fn vanish(self) -> Wire {
        self.0.deafen().expect("the system takes a filter");
        self.0
    }

    /// Sends a request's head with more bytes right behind it, and returns the head of the answer.
    pub fn ask(mut wire: Wire, head: &str, more: &[u8]) -> (String, Self) {
        wire.write_all(&[head.as_bytes(), b"\r\n\r\n", more].concat()).expect("the gateway takes a request");
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            wire.read_exact(&mut byte).expect("the head is complete");
            head.push(byte[0]);
        }
        (String::from_utf8(head).expect("a head is text"), Self(wire))
    }

    /// Sends bytes; false when the gateway takes no more.
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).and_then(|()| self.0.flush()).is_ok()
    }

    /// Sends a masked frame: `first` is its first byte.
    pub fn send(&mut self, first: u8, payload: &[u8]) {
        assert!(self.write(&masked(first, payload)), "the gateway takes a frame");
    }

    /// The next frame: its first byte and its payload; `None` at the end of the connection.
    ///
    /// # Panics
    ///
    /// When neither comes in time, or the gateway masks its frames.
    pub fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let [first, short] = self.read()?;
        assert!(short < 0x80, "a server does not mask");
        let length = match short {
            126 => u64::from(u16::from_be_bytes(self.read()?)),
            127 => u64::from_be_bytes(self.read()?),
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a frame fits in memory")];
        self.read_exact(&mut payload).then_some((first, payload))
    }

    /// The next frame of text, read as JSON; pings are passed over.
    pub fn text(&mut self) -> Value {
        loop {
            match self.frame().expect("the connection lives") {
                (first, payload) if first == FIN | TEXT => {
                    let frame = serde_json::from_slice(&payload).expect("every frame is JSON");
                    assert_catalogued(&frame);
                    return frame;
                }
                (first, _) if first == FIN | PING => {}
                other => panic!("no text came, but {other:?}"),
            }
        }
    }

    /// Reads to the end of the connection, and says how the gateway ended it.
    pub fn end(&mut self) -> End {
        let until = Instant::now() + SOON;
        let mut end = End::Cut;
        while let Some((first, payload)) = self.frame() {
            assert!(Instant::now() < until, "the gateway does not end the connection");
            if first == FIN | CLOSE {
                end = match payload[..] {
                    [high, low, ..] => End::Code(u16::from_be_bytes([high, low])),
                    _ => End::NoCode,
                };
                break;
            }
        }
        end
    }

    /// Says that it sends no more, as a peer that goes without a close frame.
    pub fn shut(&mut self) {
        if let Wire::Plain(stream) = &self.0 {
            stream.shutdown(Shutdown::Write).expect("the socket can be shut");
        }
    }

    fn read<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes).then_some(bytes)
    }

    /// False at the end of the connection.
    fn read_exact(&mut self, bytes: &mut [u8]) -> bool {
        match self.0.read_exact(bytes) {
            Ok(()) => true,
            Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
                false
            }
            Err(error) => panic!("neither a frame nor the end comes: {error}"),
        }
    }
}

/// The bytes of a frame as a client sends it.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => bytes.push(0x80 | short),
        (_, Ok(length)) => bytes.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
        _ => bytes.extend([&[0x80 | 127][..], &(payload.len() as u64).to_be_bytes()].concat()),
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}
