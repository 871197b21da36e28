//! How a client gets what waits for it, and what becomes of one that does not take it.

use std::io;
use std::time::{Duration, Instant};

use super::close::Close;
use super::connection::{Connection, Phase};
use super::fanout::Context;
use super::outbox::{Flavour, Piece};
use super::socket::Socket;
use super::websocket::{self, PING};
use crate::domain::event::Seq;

/// Waiting frames are joined into writes of so many bytes, within which a frame is never cut unless it alone is larger.
pub(super) const JOINED_BYTES_MAX: usize = 16 * 1024;
/// Frames that are looked at in the ring at a time.
const TAKEN_AT_ONCE_MAX: usize = 256;
/// A socket that takes nothing for so long belongs to nobody. With [`CLOSE_WAIT`] it is gone within five seconds.
const STALL_MAX: Duration = Duration::from_millis(3_500);
/// A full socket is given so long before its lag counts: a burst is no slow client.
const LAG_GRACE: Duration = Duration::from_secs(1);
/// How long a peer has to answer a close frame before its connection ends.
const CLOSE_WAIT: Duration = Duration::from_secs(1);
/// Pings that may go unanswered.
const PINGS_MISSED_MAX: u8 = 2;

impl Connection {
    /// Sends what waits and what is new, until the socket is full.
    pub(super) fn pump(&mut self, socket: &mut Socket, cx: &mut Context) -> Result<(), Close> {
        loop {
            while !self.outbox.unsent().is_empty() {
                let taken = socket.write(self.outbox.unsent())?;
                if taken == 0 {
                    self.is_now_full(cx);
                    return Ok(());
                }
                self.outbox.sent(taken);
                self.progress_at = cx.now;
            }
            let mut chunk = std::mem::take(&mut cx.chunk);
            chunk.clear();
            let filled = self.fill(&mut chunk, cx);
            let sent = filled.and_then(|()| self.send(socket, &chunk, cx));
            let is_done = chunk.is_empty();
            cx.chunk = chunk;
            sent?;
            if is_done {
                break;
            }
        }
        self.private_past = None;
        if !socket.flush()? {
            self.is_now_full(cx);
            return Ok(());
        }
        (self.full_since, self.is_catching_up) = (None, false);
        if let Phase::Closing { is_said: is_said @ false, .. } = &mut self.phase {
            *is_said = true;
            socket.end_writing();
        }
        Ok(())
    }

    /// Sends a chunk, and keeps what the socket does not take. Nothing may wait.
    fn send(&mut self, socket: &mut Socket, chunk: &[u8], cx: &Context) -> Result<(), Close> {
        if chunk.is_empty() {
            return Ok(());
        }
        let taken = socket.write(chunk)?;
        if taken > 0 {
            self.progress_at = cx.now;
        }
        if taken < chunk.len() {
            self.keep(&chunk[taken..], cx);
        }
        Ok(())
    }

    /// Keeps what a socket that is full did not take: nothing, when TLS has it all and could not send it.
    pub(super) fn keep(&mut self, rest: &[u8], cx: &Context) {
        self.outbox.keep(rest);
        self.is_now_full(cx);
    }

    fn is_now_full(&mut self, cx: &Context) {
        if self.full_since.is_none() {
            (self.full_since, self.progress_at) = (Some(cx.now), cx.now);
        }
    }

    /// Moves what is next into `chunk`: what waits, then what the ring has.
    pub(super) fn fill(&mut self, chunk: &mut Vec<u8>, cx: &Context) -> Result<(), Close> {
        let view = self.interest().view;
        let begun = self.outbox.fill(chunk, JOINED_BYTES_MAX, &self.subscriber, &mut self.disclosed);
        cx.shared.meters.sent(begun);
        // A snapshot that is on its way comes before what is newer.
        if !matches!(self.phase, Phase::Open | Phase::AwaitsHead(_)) {
            return Ok(());
        }
        while chunk.len() < JOINED_BYTES_MAX && self.outbox.is_empty() && self.subscriber.cursor < cx.head.seq
        {
            if self.interest().is_empty() {
                self.subscriber.cursor = cx.head.seq;
                break;
            }
            let taken = cx.ring.after(self.subscriber.cursor, TAKEN_AT_ONCE_MAX);
            let frames = taken?;
            let is_last = frames.len() < TAKEN_AT_ONCE_MAX;
            for framed in &frames {
                if chunk.len() >= JOINED_BYTES_MAX {
                    return Ok(());
                }
                if self.interest().wants(&framed.audience) {
                    chunk.extend_from_slice(&framed.frame(view, Flavour::Live));
                    self.disclosed.add(framed, view);
                    cx.shared.meters.sent(1);
                }
                self.subscriber.cursor = framed.seq;
            }
            if is_last {
                self.subscriber.cursor = cx.head.seq;
            }
        }
        Ok(())
    }

    /// Asks for a sign of life.
    pub(super) fn ping(&mut self, socket: &mut Socket, cx: &mut Context) -> Result<(), Close> {
        if self.is_closing() {
            return Ok(());
        }
        // A client that is not read cannot be heard; while its socket is full, what it takes is its sign of life.
        if self.is_full() || !self.outbox.is_empty() {
            return Ok(());
        }
        if self.pings_unanswered >= PINGS_MISSED_MAX {
            return Err(Close::NoPong);
        }
        self.pings_unanswered += 1;
        self.outbox.push(Piece::Bytes(PING));
        self.serve(socket, cx)
    }

    /// Cuts a client that takes nothing, or whose lag is too large.
    pub(super) fn check_lag(&self, cx: &Context) -> Result<(), Close> {
        let Some(full_since) = self.full_since else { return Ok(()) };
        if cx.now.duration_since(self.progress_at) >= STALL_MAX {
            return Err(Close::TooSlow);
        }
        if self.is_catching_up || cx.now.duration_since(full_since) < LAG_GRACE {
            return Ok(());
        }
        let limits = &cx.shared.limits;
        let (events, bytes) = cx.ring.lag(self.subscriber.cursor, self.interest());
        if events > limits.lag_events_max || bytes > limits.lag_bytes_max {
            return Err(Close::TooSlow);
        }
        Ok(())
    }

    /// Begins the end: says why, and takes what the peer still sends, or the kernel would reset the connection and
    /// the reason could be lost with it. False when nothing can be said any more.
    pub(super) fn begin_close(&mut self, socket: &mut Socket, close: Close, cx: &mut Context) -> bool {
        if close != Close::Restarting && close != Close::Gone && !self.outbox.clear() {
            return false;
        }
        if let Some((code, reason)) = close.code_and_reason() {
            self.outbox.push(Piece::Bytes(websocket::close_frame(code, reason)));
        } else if self.outbox.is_empty() {
            return false;
        }
        self.phase = Phase::Closing { until: cx.now + CLOSE_WAIT, is_said: false };
        self.serve(socket, cx).is_ok()
    }

    /// True when the peer has had its time to answer a close.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        matches!(self.phase, Phase::Closing { until, .. } if until <= now)
    }

    /// True when the next event can go out at once.
    pub(super) fn is_live_at(&self, cursor: Seq) -> bool {
        self.outbox.is_empty()
            && !self.is_full()
            && matches!(self.phase, Phase::Open | Phase::AwaitsHead(_))
            && self.subscriber.cursor == cursor
    }

    /// True while the socket takes no more.
    pub(super) fn is_full(&self) -> bool {
        self.full_since.is_some()
    }
}

/// Reads what has come, for nobody.
pub(super) fn throw_away(socket: &mut Socket, cx: &mut Context) -> Result<(), Close> {
    loop {
        match socket.read(&mut cx.buffer) {
            Ok(0) => return Err(Close::Gone),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(_) => return Err(Close::Gone),
        }
    }
}
