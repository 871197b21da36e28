//! One client of the fan-out thread: who listens at a socket, and what it has still to get.
//!
//! Everything here returns at once. A client asks one thing at a time: while an answer is on its way, or fetched, what
//! it says next stays in the socket, so that a client that does not read is not read either.

use std::io;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::tungstenite::{self, Message};
use uuid::Uuid;

use super::close::Close;
use super::cohorts::CohortId;
use super::disclosed::Disclosed;
use super::fanout::Context;
use super::frames::{Complaint, Connected, Content, Pong, Resync, Subscribed, Unsubscribed};
use super::outbox::{Outbox, Piece};
use super::pass::{Bearer, Ended};
use super::protocol::{self, Asked, Misunderstood, Subscribe, What};
use super::sending::throw_away;
use super::socket::Socket;
use super::subscriber::{Interest, Review, Subscriber, review, user_id};
use super::websocket::{self, FrameCounter, Frames, text_frame};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::wire::caller::Caller;
use crate::wire::connection::Place;
use crate::wire::frame::Frame;

/// Who a client is, as admins see it.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) client_id: Uuid,
    pub(super) address: IpAddr,
    /// What it says that it is (`User-Agent`), shortened.
    pub(super) device: Option<Box<str>>,
    pub(super) since: Timestamp,
}

/// A client that was let in.
pub(super) struct NewClient {
    pub(super) socket: Socket,
    /// Its place in the listener's count.
    pub(super) admitted: Place,
    /// What it has sent besides its request.
    pub(super) begun: Bytes,
    pub(super) caller: Caller,
    pub(super) identity: Identity,
    pub(super) place: OwnedSemaphorePermit,
}

/// What a client waits for.
pub(super) enum Phase {
    /// Nothing: its next frame is read.
    Open,
    /// The broadcast of a write that was answered already.
    AwaitsHead(Box<Subscribe>),
    /// What its subscription begins with.
    AwaitsPast(Box<Subscribe>),
    /// The end. What it still sends is taken and thrown away.
    Closing { until: Instant, is_said: bool },
}

/// A client: the socket, which a delivery needs, and apart from it everything that a delivery does not look at
/// ([`super::cohorts`]).
pub(super) struct Client {
    pub(super) socket: Socket,
    /// Where it is while it has everything up to the head and takes more.
    pub(super) cohort: Option<CohortId>,
    pub(super) connection: Box<Connection>,
}

impl Client {
    pub(super) fn new(client: NewClient, cx: &Context) -> Self {
        let (socket, connection) = Connection::new(client, cx);
        Self { socket, cohort: None, connection: Box::new(connection) }
    }

    /// Does whatever can be done now.
    pub(super) fn serve(&mut self, cx: &mut Context) -> Result<(), Close> {
        self.connection.serve(&mut self.socket, cx)
    }
}

/// What is known of a client, and what it waits for.
pub(super) struct Connection {
    pub(super) identity: Identity,
    pub(super) bearer: Bearer,
    pub(super) subscriber: Subscriber,
    pub(super) outbox: Outbox,
    pub(super) phase: Phase,
    pub(super) frames: Frames,
    /// When something came last.
    pub(super) heard_at: Instant,
    pub(super) pings_unanswered: u8,
    /// When the second began in which frames in are counted.
    pub(super) second_at: Instant,
    pub(super) frames_in_second: u32,
    /// Counts frames, fragments too.
    pub(super) begun: FrameCounter,
    /// Since when the socket is full.
    pub(super) full_since: Option<Instant>,
    /// When the socket took something last, while it is full.
    pub(super) progress_at: Instant,
    /// What it gets was missed before it came, and is no lag.
    pub(super) is_catching_up: bool,
    /// Held while events of its own, and not the ring's, wait to be sent.
    pub(super) private_past: Option<OwnedSemaphorePermit>,
    /// What it was sent about patients and is not in the audit trail yet.
    pub(super) disclosed: Disclosed,
    _admitted: Place,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(client: NewClient, cx: &Context) -> (Socket, Self) {
        let NewClient { socket, admitted, begun, caller, identity, place } = client;
        let (now, mut counter) = (cx.now, FrameCounter::default());
        let in_begun = counter.count(&begun);
        let connection = Self {
            identity,
            subscriber: Subscriber::new(caller.role, cx.head.seq),
            bearer: Bearer::new(caller, &cx.head.snapshot),
            outbox: Outbox::default(),
            phase: Phase::Open,
            frames: websocket::frames(&begun, cx.shared.limits.frame_bytes_max),
            heard_at: now,
            pings_unanswered: 0,
            second_at: now,
            frames_in_second: in_begun,
            begun: counter,
            full_since: None,
            progress_at: now,
            is_catching_up: false,
            private_past: None,
            disclosed: Disclosed::default(),
            _admitted: admitted,
            _place: place,
        };
        (socket, connection)
    }

    /// Says hello. The doctors' channels of whoever acts for doctors are joined by themselves.
    pub(super) fn greet(&mut self, cx: &mut Context) -> Result<(), Close> {
        self.review(cx)?;
        let text = frame(
            cx,
            Connected {
                client_id: Some(self.identity.client_id),
                user: self.user(),
                role: self.subscriber.role,
                epoch: cx.shared.entrance.ledger.epoch(),
                seq: cx.head.seq,
                ping_ms: Some(cx.shared.limits.ping_s * 1_000),
                channels: Some(self.subscriber.channels().collect()),
            },
        );
        let greeting = text_frame(&text.to_text());
        self.outbox.push(Piece::Bytes(greeting));
        Ok(())
    }

    pub(super) fn user(&self) -> Option<&UserId> {
        user_id(&self.bearer.caller)
    }

    /// Writes into the audit trail what was sent about patients.
    pub(super) fn disclose(&mut self, cx: &Context) {
        let actor = &self.bearer.caller.identity.actor;
        cx.shared.disclose(actor.clone(), self.identity.address, &mut self.disclosed);
    }

    pub(super) fn interest(&self) -> &Interest {
        &self.subscriber.interest
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing { .. })
    }

    /// Does whatever can be done now: sends what waits, reads what came, until the socket is full and empty.
    pub(super) fn serve(&mut self, socket: &mut Socket, cx: &mut Context) -> Result<(), Close> {
        loop {
            self.pump(socket, cx)?;
            if self.is_closing() {
                return throw_away(socket, cx);
            }
            if !matches!(self.phase, Phase::Open) || !self.outbox.is_empty() {
                return Ok(());
            }
            // What came last may have been answered, and nothing more has come.
            if !self.read_one(socket, cx)? && self.outbox.is_empty() {
                return Ok(());
            }
        }
    }

    /// Reads a frame and does what it asks. False when none has come.
    fn read_one(&mut self, socket: &mut Socket, cx: &mut Context) -> Result<bool, Close> {
        loop {
            let read = self.frames.read();
            if let Some(answer) = self.frames.get_mut().take_output() {
                self.outbox.push(Piece::Bytes(answer));
            }
            match read {
                Ok(message) => {
                    self.hear(message, cx)?;
                    return Ok(true);
                }
                Err(tungstenite::Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
            let taken = match socket.read(&mut cx.buffer) {
                Ok(0) => return Err(Close::Gone),
                Ok(taken) => taken,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    // TLS may have something to say of its own.
                    socket.flush()?;
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            };
            (self.heard_at, self.pings_unanswered) = (cx.now, 0);
            self.count(&cx.buffer[..taken], cx)?;
            self.frames.get_mut().give(&cx.buffer[..taken]);
        }
    }

    fn hear(&mut self, message: Message, cx: &mut Context) -> Result<(), Close> {
        match message {
            Message::Text(text) => match protocol::read(&text) {
                Ok(asked) => self.answer(asked, cx)?,
                Err(error) => self.complain(error, cx),
            },
            Message::Binary(_) => {
                let message = "a frame is text with JSON in it, not binary";
                self.complain(Misunderstood::new("binary_frame", message), cx);
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            Message::Close(_) => {
                drop(self.frames.flush());
                if let Some(answer) = self.frames.get_mut().take_output() {
                    self.outbox.push(Piece::Bytes(answer));
                }
                return Err(Close::Gone);
            }
        }
        Ok(())
    }

    /// Counts the frames that begin in what has come.
    fn count(&mut self, bytes: &[u8], cx: &Context) -> Result<(), Close> {
        if cx.now.duration_since(self.second_at) >= Duration::from_secs(1) {
            (self.second_at, self.frames_in_second) = (cx.now, 0);
        }
        self.frames_in_second += self.begun.count(bytes);
        if self.frames_in_second > cx.shared.limits.frames_per_s {
            return Err(Close::TooManyFrames);
        }
        Ok(())
    }

    fn answer(&mut self, Asked { id, what }: Asked, cx: &mut Context) -> Result<(), Close> {
        match what {
            What::Ping => self.say(&Frame { id, ..frame(cx, Pong {}) }),
            What::Unsubscribe { channel } => {
                self.leave(&channel, cx);
                let left = Unsubscribed { room: channel.clone(), reason: None, role: None };
                self.say(&Frame { id, room: Some(channel), ..frame(cx, left) });
            }
            What::Subscribe(asked) => self.subscribe(Subscribe { id, ..asked }, cx)?,
            What::Signal { channel, data } => self.signal(id, channel, data, cx),
        }
        Ok(())
    }

    pub(super) fn complain(&mut self, error: Misunderstood, cx: &Context) {
        let Misunderstood { id, code, message, field } = error;
        self.say(&Frame { id, ..frame(cx, Complaint { code, message, field }) });
    }

    /// Looks at the proof again, and says what it costs.
    pub(super) fn recheck(&mut self, cx: &mut Context) -> Result<(), Close> {
        let Some(Review { lost, reason, anew, joined }) = self.review(cx)? else { return Ok(()) };
        cx.shared.meters.resynced(anew.len());
        let role = self.subscriber.role;
        for channel in &lost {
            self.leave(channel, cx);
        }
        for room in lost {
            let left = Unsubscribed { room: room.clone(), reason: Some(reason), role: Some(role) };
            self.say(&Frame { room: Some(room), ..frame(cx, left) });
        }
        for room in anew {
            let anew = Resync { room: room.clone(), reason, role };
            self.say(&Frame { room: Some(room), ..frame(cx, anew) });
        }
        for channel in joined {
            let epoch = cx.shared.entrance.ledger.epoch().to_owned();
            let (room, seq) = (Some(channel.clone()), Some(self.subscriber.cursor));
            self.say(&Frame { room, seq, epoch: Some(epoch), ..frame(cx, Subscribed { room: &channel }) });
        }
        Ok(())
    }

    fn review(&mut self, cx: &mut Context) -> Result<Option<Review>, Close> {
        if self.interest().is_empty() {
            // Nothing of what was before is for who begins to hear something now.
            self.subscriber.cursor = cx.head.seq;
        }
        let reviewed = review(&mut self.bearer, &mut self.subscriber, &cx.shared);
        let reviewed = reviewed.map_err(|Ended| Close::Unproven)?;
        for channel in reviewed.iter().flat_map(|it| &it.joined) {
            self.come(channel, cx);
        }
        Ok(reviewed)
    }

    /// Puts an answer into the outbox.
    pub(super) fn say<D: Serialize>(&mut self, frame: &Frame<D>) {
        self.outbox.push(Piece::Bytes(text_frame(&frame.to_text())));
    }
}

/// A frame of now.
pub(super) fn frame<D: Content>(cx: &Context, data: D) -> Frame<D> {
    Frame::new(D::KIND, data, cx.shared.entrance.ledger.now())
}
