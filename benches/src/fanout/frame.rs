//! WebSocket frames, as far as a load client needs them (RFC 6455, section 5): short ones to the server, masked;
//! any from the server, which are not.

use anyhow::{bail, ensure};

pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// What a client masks with. Any value will do where nobody is to be protected from our own bytes.
const MASK: [u8; 4] = [0x5A, 0xA5, 0x3C, 0xC3];
/// No server here sends more at a time.
const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;

/// The header and the length of the first frame in `bytes`, and where it ends; `None` while a part is missing.
pub(super) fn split(bytes: &[u8]) -> anyhow::Result<Option<(u8, &[u8], usize)>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    ensure!(first & 0x70 == 0, "a frame has reserved bits");
    ensure!(second & 0x80 == 0, "a server's frame is masked");
    let (head, length) = match (second & 0x7F, rest) {
        (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            (10, usize::try_from(u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))?)
        }
        (126 | 127, _) => return Ok(None),
        (length, _) => (2, usize::from(length)),
    };
    ensure!(length <= PAYLOAD_BYTES_MAX, "a frame of {length} bytes");
    let end = head + length;
    Ok(bytes.get(head..end).map(|payload| (first & 0x0F, payload, end)))
}

/// A client's frame: whole, masked.
pub(super) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match u8::try_from(payload.len()) {
        Ok(length @ 0..=125) => frame.push(0x80 | length),
        _ => {
            let length = u16::try_from(payload.len()).expect("a client here says little");
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A server's text frame: whole, not masked.
pub(super) fn text(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | TEXT];
    match u8::try_from(payload.len()) {
        Ok(length @ 0..=125) => frame.push(length),
        _ => {
            let length = u16::try_from(payload.len()).expect("an event is below 64 KiB");
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

/// The payloads of NATS's protocol within WebSocket frames: a message may lie across them, and several in one.
#[derive(Default)]
pub(super) struct Nats {
    /// The beginning of what is not there whole.
    rest: Vec<u8>,
}

/// What NATS says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// Its greeting.
    Greeting,
    /// It asks whether we are there.
    Ping,
    /// It has taken everything before our own ping.
    Pong,
    /// A message's payload.
    Message(&'a [u8]),
}

impl Nats {
    /// Hands over everything that is whole, in order.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        mut heard: impl FnMut(Said<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if self.rest.is_empty() {
            let used = Self::take_whole(bytes, &mut heard)?;
            self.rest.extend(&bytes[used..]);
        } else {
            self.rest.extend(bytes);
            let used = Self::take_whole(&self.rest, &mut heard)?;
            self.rest.drain(..used);
        }
        Ok(())
    }

    fn take_whole(
        bytes: &[u8],
        heard: &mut impl FnMut(Said<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<usize> {
        let mut used = 0;
        loop {
            let left = &bytes[used..];
            let Some(line_end) = left.windows(2).position(|pair| pair == b"\r\n") else { return Ok(used) };
            let (line, mut next) = (&left[..line_end], line_end + 2);
            match line {
                [b'M', b'S', b'G', ..] => {
                    let length = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
                    let length: usize = std::str::from_utf8(length)?.parse()?;
                    let Some(payload) = left.get(next..next + length) else { return Ok(used) };
                    next += length + 2;
                    if next > left.len() {
                        return Ok(used);
                    }
                    heard(Said::Message(payload))?;
                }
                [b'I', b'N', b'F', b'O', ..] => heard(Said::Greeting)?,
                b"PING" => heard(Said::Ping)?,
                b"PONG" => heard(Said::Pong)?,
                b"+OK" => {}
                other => bail!("nats says {}", String::from_utf8_lossy(other)),
            }
            used += next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_split_where_it_ends() {
        for length in [0, 125, 126, 70_000_usize] {
            let mut bytes = match length {
                0..=125 => vec![0x81, u8::try_from(length).unwrap()],
                126..=65_535 => [&[0x81, 126][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
                _ => [&[0x81, 127][..], &(length as u64).to_be_bytes()].concat(),
            };
            bytes.extend(vec![7; length]);
            for short in 0..bytes.len().min(12) {
                let is_whole = short >= bytes.len();
                assert_eq!(split(&bytes[..short]).unwrap().is_some(), is_whole, "{short} bytes of {length}");
            }
            let end = bytes.len();
            bytes.extend([0x81, 3]);
            assert_eq!(split(&bytes).unwrap(), Some((TEXT, &vec![7; length][..], end)));
        }
        assert!(split(&[0x81, 0x80]).is_err(), "masked");
    }

    #[test]
    fn nats_messages_are_found_wherever_the_bytes_are_cut() {
        let bytes = b"INFO {}\r\nPING\r\nMSG a 1 4\r\n\r\nx\n\r\n+OK\r\nMSG a 1 0\r\n\r\n";
        for cut in 0..bytes.len() {
            let (mut nats, mut heard) = (Nats::default(), Vec::new());
            for part in [&bytes[..cut], &bytes[cut..]] {
                nats.take(part, |said| {
                    heard.push(format!("{said:?}"));
                    Ok(())
                })
                .unwrap();
            }
            assert_eq!(
                heard,
                ["Greeting", "Ping", "Message([13, 10, 120, 10])", "Message([])"],
                "cut at {cut}"
            );
        }
    }
}
