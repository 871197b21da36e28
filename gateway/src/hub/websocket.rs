//! WebSocket as far as the hub speaks it itself: the handshake's answer, and frames out.
//!
//! What comes in is read by tungstenite, which checks masks, reserved bits, fragments, lengths and UTF-8. It reads from
//! a [`Pipe`] and not from a socket: the fan-out thread owns the sockets, and writes the same bytes to many.

use std::io::{self, Read, Write};

use bytes::{BufMut, Bytes, BytesMut};
use tokio_tungstenite::tungstenite::WebSocket;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// What tungstenite reads at a time, in bytes. Its buffer is part of what an idle client costs; it grows with a
/// larger frame.
const READ_BYTES: usize = 128;
/// FIN and the opcode of text.
const TEXT: u8 = 0x81;
/// FIN and the opcode of a close.
const CLOSE: u8 = 0x88;
/// A ping without content.
pub(super) const PING: Bytes = Bytes::from_static(&[0x89, 0]);

/// `text` as one unmasked frame: the bytes that every client gets.
pub(super) fn text_frame(text: &str) -> Bytes {
    let len = text.len();
    let mut frame = BytesMut::with_capacity(len + 10);
    frame.put_u8(TEXT);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ 0..=125), _) => frame.put_u8(len),
        (_, Ok(len)) => {
            frame.put_u8(126);
            frame.put_u16(len);
        }
        _ => {
            frame.put_u8(127);
            frame.put_u64(len as u64);
        }
    }
    frame.put_slice(text.as_bytes());
    frame.freeze()
}

/// The frame that ends a connection. `reason` is at most 123 bytes.
pub(super) fn close_frame(code: u16, reason: &str) -> Bytes {
    let mut frame = BytesMut::with_capacity(reason.len() + 4);
    frame.put_u8(CLOSE);
    frame.put_u8(u8::try_from(reason.len() + 2).unwrap_or(125));
    frame.put_u16(code);
    frame.put_slice(reason.as_bytes());
    frame.freeze()
}

/// The text in a frame that [`text_frame`] made.
pub(super) fn text_of(frame: &Bytes) -> Bytes {
    let header = match frame.get(1) {
        Some(126) => 4,
        Some(127) => 10,
        _ => 2,
    };
    frame.slice(header.min(frame.len())..)
}

/// Counts the frames that begin in a stream of bytes: tungstenite tells of whole messages only, and one may come in ever
/// so many fragments.
#[derive(Default)]
pub(super) struct FrameCounter {
    /// The first bytes of a frame, as far as they have come: two, and its length if that is not in them.
    header: [u8; 10],
    have: u8,
    /// Bytes until the next frame.
    skip: u64,
}

impl FrameCounter {
    /// How many frames begin in `bytes`, which follow those before.
    pub(super) fn count(&mut self, mut bytes: &[u8]) -> u32 {
        let mut begun = 0;
        while let Some((first, rest)) = bytes.split_first() {
            if self.skip > 0 {
                let skipped = bytes.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
                self.skip -= skipped as u64;
                bytes = &bytes[skipped..];
                continue;
            }
            begun += u32::from(self.have == 0);
            self.header[usize::from(self.have)] = *first;
            self.have += 1;
            bytes = rest;
            let len_bytes = match self.header[1] & 0x7F {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            if self.have >= 2 && self.have == 2 + len_bytes {
                let mask_bytes = if self.header[1] & 0x80 == 0 { 0 } else { 4 };
                let in_header = u64::from(self.header[1] & 0x7F);
                let len = self.header[2..usize::from(self.have)]
                    .iter()
                    .fold(0, |len: u64, byte| (len << 8) | u64::from(*byte));
                self.skip = if len_bytes == 0 { in_header } else { len }.saturating_add(mask_bytes);
                (self.header, self.have) = ([0; 10], 0);
            }
        }
        begun
    }
}

/// Bytes in, taken from the socket, and bytes out, for the socket.
#[derive(Default)]
pub(super) struct Pipe {
    input: Vec<u8>,
    read_to: usize,
    output: Vec<u8>,
}

/// Reads a client's frames, and answers what the protocol answers by itself: pings and closes.
pub(super) type Frames = WebSocket<Pipe>;

/// Frames of a client that has sent `begun` already. None may be larger than `bytes_max`, nor may its fragments
/// together.
pub(super) fn frames(begun: &[u8], bytes_max: usize) -> Frames {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_frame_size(Some(bytes_max))
        .max_message_size(Some(bytes_max));
    let pipe = Pipe { input: begun.to_vec(), ..Pipe::default() };
    WebSocket::from_raw_socket(pipe, Role::Server, Some(config))
}

impl Pipe {
    /// Gives what the socket gave.
    pub(super) fn give(&mut self, bytes: &[u8]) {
        debug_assert!(self.is_drained(), "what was given before has been read");
        self.input = bytes.to_vec();
        self.read_to = 0;
    }

    /// True when everything that came was read.
    pub(super) fn is_drained(&self) -> bool {
        self.read_to == self.input.len()
    }

    /// What the protocol wants sent.
    pub(super) fn take_output(&mut self) -> Option<Bytes> {
        (!self.output.is_empty()).then(|| std::mem::take(&mut self.output).into())
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = &self.input[self.read_to..];
        if left.is_empty() {
            // Lets its memory go: most clients say something once an hour.
            (self.input, self.read_to) = (Vec::new(), 0);
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let len = left.len().min(buffer.len());
        buffer[..len].copy_from_slice(&left[..len]);
        self.read_to += len;
        Ok(len)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::{Error, Message};

    use super::*;

    #[test]
    fn a_frame_of_any_length_is_read_as_it_was_written() {
        for len in [0, 1, 125, 126, 127, 65_535, 65_536, 200_000] {
            let text = "x".repeat(len);
            let frame = text_frame(&text);
            assert_eq!(text_of(&frame), text.as_bytes(), "{len}");
            let pipe = Pipe { input: frame.to_vec(), ..Pipe::default() };
            let mut client = WebSocket::from_raw_socket(pipe, Role::Client, None);
            assert_eq!(client.read().unwrap(), Message::text(text), "{len}");
        }
    }

    #[test]
    fn frames_are_read_from_whatever_pieces_the_socket_gives() {
        let masked = [0x81, 0x84, 1, 2, 3, 4, b'{' ^ 1, b'}' ^ 2, b' ' ^ 3, b' ' ^ 4];
        for at in 0..masked.len() {
            let mut frames = frames(&masked[..at], 1_024);
            let is_starved =
                matches!(frames.read(), Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock);
            assert!(is_starved && frames.get_ref().is_drained());
            frames.get_mut().give(&masked[at..]);
            assert_eq!(frames.read().unwrap(), Message::text("{}  "), "cut at {at}");
            assert!(frames.get_ref().is_drained());
        }
    }

    #[test]
    fn every_reason_fits_in_its_frame() {
        for close in crate::hub::close::Close::CODED {
            let (code, reason) = close.code_and_reason().unwrap();
            let pipe = Pipe { input: close_frame(code, reason).to_vec(), ..Pipe::default() };
            let mut client = WebSocket::from_raw_socket(pipe, Role::Client, None);
            let Message::Close(Some(told)) = client.read().unwrap() else { panic!("{close:?}") };
            assert_eq!((u16::from(told.code), told.reason.as_str()), (code, reason));
        }
    }

    #[test]
    fn frames_are_counted_wherever_the_stream_is_cut() {
        let mut stream = Vec::new();
        for len in [0_usize, 1, 125] {
            stream.extend([0x81, 0x80 | u8::try_from(len).unwrap()]);
            stream.extend(vec![b'x'; 4 + len]);
        }
        stream.extend([0x81, 0xFE, 1, 0]);
        stream.extend(vec![b'x'; 4 + 256]);
        stream.extend([0x01, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0]);
        stream.extend(vec![b'x'; 4 + 65_536]);
        // No mask: refused elsewhere, and counted.
        stream.extend([0x80, 0]);
        for step in [1, 2, 3, 7, 130, stream.len()] {
            let mut counter = FrameCounter::default();
            let begun: u32 = stream.chunks(step).map(|chunk| counter.count(chunk)).sum();
            assert_eq!((begun, counter.skip, counter.have), (6, 0, 0), "in steps of {step}");
        }
    }

    #[test]
    fn a_ping_is_answered_through_the_pipe() {
        let mut frames = frames(&[0x89, 0x81, 0, 0, 0, 0, b'p'], 1_024);
        assert_eq!(frames.read().unwrap(), Message::Ping(Bytes::from_static(b"p")));
        drop(frames.read());
        assert_eq!(frames.get_mut().take_output().unwrap(), [0x8A, 1, b'p'][..]);
        assert_eq!(frames.get_mut().take_output(), None);
    }
}
