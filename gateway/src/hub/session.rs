//! One connection: a cursor over the ring, and what it subscribed to.
//!
//! One task does everything in turn, so the order of frames is the order of this code: what a subscription
//! answers comes before what happens after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::metrics;
use super::pass::{self, Bearer, Ended, Pass};
use super::protocol::{self, Asked, Misunderstood, What};
use super::ring::{Framed, Overrun};
use super::{REPLAY_FRAMES_MAX, REPLAY_RECORDS_AT_ONCE, REPLAY_RECORDS_MAX, Shared};
use crate::domain::event::Seq;
use crate::domain::view::View;
use crate::ledger::{Feed, Head, StoreError};
use crate::wire::caller::Caller;
use crate::wire::channel::Channel;
use crate::wire::cursor::Cursor;
use crate::wire::frame::{self, Frame};

/// Frames that are taken from the ring at a time.
const TAKEN_AT_ONCE_MAX: usize = 64;
/// A socket that takes nothing for so long belongs to nobody.
const WRITE_STALL_MAX: Duration = Duration::from_secs(5);
/// A full socket is given so long before its lag counts: a burst is no slow client.
const WRITE_GRACE: Duration = Duration::from_secs(1);
/// How long a peer has to answer a close frame before its connection ends.
const CLOSE_WAIT: Duration = Duration::from_secs(1);
/// Pings that may go unanswered.
const PINGS_MISSED_MAX: u8 = 2;

/// Why a connection ends. 4000 + the HTTP status that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    /// The peer went, or its socket broke: nothing can be said any more.
    Gone,
    BadFrame,
    Unproven,
    NoPong,
    FrameTooLarge,
    TooManyFrames,
    Internal,
    Restarting,
    TooSlow,
}

impl Close {
    fn code_and_reason(self) -> Option<(u16, &'static str)> {
        match self {
            Close::Gone => None,
            Close::BadFrame => Some((4400, "that was no valid WebSocket frame")),
            Close::Unproven => Some((4401, "the token or key has ended: log in again")),
            Close::NoPong => Some((4408, "two pings went unanswered")),
            Close::FrameTooLarge => Some((4413, "the frame is larger than hub.frame_bytes_max")),
            Close::TooManyFrames => Some((4429, "more frames a second than hub.frames_per_s")),
            Close::Internal => Some((4500, "the journal cannot be read")),
            Close::Restarting => Some((4503, "the gateway restarts: come back")),
            Close::TooSlow => Some((4507, "too slow: resume by cursor")),
        }
    }
}

struct Session {
    socket: WebSocket,
    shared: Arc<Shared>,
    bearer: Bearer,
    head: watch::Receiver<Head>,
    /// Every event up to here was sent, or is not for this client.
    cursor: Seq,
    /// The channels, and the cursor from which each was sent everything.
    subscriptions: BTreeMap<Channel, Seq>,
    pings_unanswered: u8,
    second: (Instant, u32),
}

/// Serves `socket` until it closes, the client misbehaves or the hub stops.
pub(super) async fn run(socket: WebSocket, shared: Arc<Shared>, caller: Caller) {
    let head = shared.ring.head();
    let cursor = head.borrow().seq;
    let bearer = Bearer::new(caller, &head.borrow().snapshot);
    let second = (Instant::now(), 0);
    let _present = shared.meters.client();
    let subscriptions = BTreeMap::new();
    let mut session =
        Session { socket, shared, bearer, head, cursor, subscriptions, pings_unanswered: 0, second };
    let Err(close) = session.serve().await else { return };
    tracing::debug!(?close, "a connection ends");
    metrics::closed(close.code_and_reason().map(|(code, _)| code));
    match close.code_and_reason() {
        Some((code, reason)) => session.close(code, reason).await,
        // A peer that said it goes has its answer in the buffer; one that is gone takes nothing.
        None => drop(tokio::time::timeout(WRITE_GRACE, session.socket.flush()).await),
    }
}

impl Session {
    async fn serve(&mut self) -> Result<(), Close> {
        self.greet().await?;
        let every = Duration::from_secs(self.shared.limits.ping_s);
        let mut pings = interval_at(Instant::now() + every, every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stop = self.shared.stop.clone();
        loop {
            self.send_pending().await?;
            tokio::select! {
                // Every arm is cancel safe: recv is a stream's next, the others hold no progress.
                biased;
                () = stop.cancelled() => return self.say_goodbye().await,
                _ = pings.tick() => self.ping().await?,
                received = self.socket.recv() => self.receive(received).await?,
                changed = self.head.changed() => changed.map_err(|_| Close::Restarting)?,
            }
        }
    }

    /// Says why, and waits for the answer: what the peer still sends would otherwise make the kernel reset the
    /// connection, and the reason could be lost with it.
    async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        let said = tokio::time::timeout(WRITE_GRACE, self.socket.send(Message::Close(Some(frame)))).await;
        if !matches!(said, Ok(Ok(()))) {
            // Who does not take even this is cut.
            return;
        }
        let answered = async {
            while let Some(received) = self.socket.recv().await {
                if received.is_err_and(|error| broken(&error) != Close::Gone) {
                    // Nothing after a broken frame can be read, so the answer cannot be seen.
                    std::future::pending::<()>().await;
                }
            }
        };
        drop(tokio::time::timeout(CLOSE_WAIT, answered).await);
    }

    async fn greet(&mut self) -> Result<(), Close> {
        let data = json!({
            "client_id": uuid::Uuid::now_v7(),
            "user": self.bearer.user(),
            "role": self.bearer.role(),
            "epoch": self.shared.entrance.ledger.epoch(),
            "seq": self.cursor,
            "ping_ms": self.shared.limits.ping_s * 1_000,
        });
        self.say(&self.frame("connected", data)).await
    }

    async fn say_goodbye(&mut self) -> Result<(), Close> {
        let data = json!({ "code": 4503, "reason": "the gateway restarts: come back" });
        self.say(&self.frame("goodbye", data)).await?;
        Err(Close::Restarting)
    }

    async fn ping(&mut self) -> Result<(), Close> {
        if self.pings_unanswered >= PINGS_MISSED_MAX {
            return Err(Close::NoPong);
        }
        self.check_bearer().await?;
        self.pings_unanswered += 1;
        self.write(Message::Ping(Vec::new().into())).await
    }

    async fn receive(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<(), Close> {
        let message = received.ok_or(Close::Gone)?.map_err(|error| broken(&error))?;
        self.pings_unanswered = 0;
        match message {
            Message::Text(text) => {
                self.count_frame()?;
                match protocol::read(&text) {
                    Ok(asked) => self.answer(asked).await,
                    Err(error) => self.complain(error).await,
                }
            }
            Message::Binary(_) => {
                self.count_frame()?;
                let message = "a frame is text with JSON in it, not binary";
                self.complain(Misunderstood::new("binary_frame", message)).await
            }
            Message::Ping(_) | Message::Pong(_) => self.count_frame(),
            Message::Close(_) => Err(Close::Gone),
        }
    }

    fn count_frame(&mut self) -> Result<(), Close> {
        if self.second.0.elapsed() >= Duration::from_secs(1) {
            self.second = (Instant::now(), 0);
        }
        self.second.1 += 1;
        if self.second.1 > self.shared.limits.frames_per_s { Err(Close::TooManyFrames) } else { Ok(()) }
    }

    async fn answer(&mut self, Asked { id, what }: Asked) -> Result<(), Close> {
        match what {
            What::Ping => self.say(&Frame { id, ..self.frame("pong", json!({})) }).await,
            What::Unsubscribe { channel } => {
                self.subscriptions.remove(&channel);
                let data = json!({ "room": channel });
                self.say(&Frame { id, room: Some(channel), ..self.frame("unsubscribed", data) }).await
            }
            What::Subscribe { channel, since, snapshot } => {
                self.subscribe(id, channel, since, snapshot).await
            }
        }
    }

    async fn complain(&mut self, error: Misunderstood) -> Result<(), Close> {
        let data = json!({ "code": error.code, "message": error.message, "field": error.field });
        self.say(&Frame { id: error.id, ..self.frame("error", data) }).await
    }

    /// Answers a subscription at the head: `subscribed`, then the replay or the snapshot. What comes after
    /// the head comes live, so there is no hole and no double.
    async fn subscribe(
        &mut self,
        id: Option<Value>,
        channel: Channel,
        since: Option<Cursor>,
        snapshot: bool,
    ) -> Result<(), Close> {
        let head = self.answered_head().await?;
        self.check_bearer().await?;
        if !channel.admits(self.bearer.role()) {
            let message = format!("the role {} does not hear \"{channel}\"", self.bearer.role());
            let refusal = Misunderstood { id, ..Misunderstood::new("forbidden", message) };
            return self.complain(refusal).await;
        }
        self.send_up_to(head.seq).await?;
        let replay = match &since {
            Some(since) => self.replay(channel, since, head.seq).await?,
            None => None,
        };
        let recovered = since.as_ref().map(|_| replay.is_some());
        let epoch = Some(self.shared.entrance.ledger.epoch().to_owned());
        let subscribed = self.frame("subscribed", json!({ "room": channel }));
        self.say(&Frame { id, room: Some(channel), seq: Some(head.seq), epoch, recovered, ..subscribed })
            .await?;
        let from = match (&since, &replay) {
            (Some(since), Some(_)) => since.seq,
            _ => head.seq,
        };
        for framed in replay.iter().flatten() {
            self.write(Message::Text(framed.text(self.bearer.view()))).await?;
        }
        if snapshot || recovered == Some(false) {
            let data = frame::snapshot_of(channel, &head.snapshot.state, self.bearer.role());
            let snapshot = self.frame("snapshot", data);
            self.say(&Frame { room: Some(channel), seq: Some(head.seq), ..snapshot }).await?;
        }
        let sent_from = self.subscriptions.entry(channel).or_insert(from);
        *sent_from = from.min(*sent_from);
        Ok(())
    }

    /// The head, as far as any caller of the ledger has its answer: that comes before the broadcast, and who
    /// subscribes with the cursor of its own write must find it.
    async fn answered_head(&mut self) -> Result<Head, Close> {
        let answered = self.shared.entrance.ledger.snapshot().seq;
        tokio::select! {
            // Cancel safe, both.
            head = self.head.wait_for(|head| head.seq >= answered) => head.map(|head| head.clone()).map_err(|_| Close::Restarting),
            () = self.shared.stop.cancelled() => Err(Close::Restarting),
        }
    }

    /// Everything of `channel` after `since` and up to `head` that this connection has not sent yet; `None`
    /// when that cannot be had whole.
    async fn replay(
        &mut self,
        channel: Channel,
        since: &Cursor,
        head: Seq,
    ) -> Result<Option<Vec<Framed>>, Close> {
        if since.epoch != self.shared.entrance.ledger.epoch() || since.seq > head {
            return Ok(None);
        }
        let Ok(_place) = self.shared.replays.acquire().await else { return Err(Close::Restarting) };
        let (feed, after, sent) =
            (self.shared.entrance.ledger.feed().clone(), since.seq, self.subscriptions.clone());
        let role = self.bearer.role();
        let wanted = move |framed_for: &[Channel], seq: Seq| {
            let heard = |channel: Channel| pass::brings(channel, framed_for, role);
            heard(channel) && !sent.iter().any(|(other, from)| seq > *from && heard(*other))
        };
        let read = tokio::task::spawn_blocking(move || missed(&feed, after, head, wanted)).await;
        read.map_err(|_| Close::Internal)?.map_err(|_| Close::Internal)
    }

    /// True when another subscription has brought `framed` to this client already.
    fn has_sent(&self, framed: &Framed) -> bool {
        let role = self.bearer.role();
        self.subscriptions
            .iter()
            .any(|(channel, from)| framed.seq > *from && pass::brings(*channel, framed.channels, role))
    }

    async fn send_pending(&mut self) -> Result<(), Close> {
        let head = self.head.borrow_and_update().seq;
        self.check_bearer().await?;
        self.send_up_to(head).await
    }

    /// Looks at the proof again before anything more is sent. Whoever has another role now sees other fields:
    /// what was sent before no longer fits, so every subscription that is left begins anew.
    async fn check_bearer(&mut self) -> Result<(), Close> {
        let snapshot = self.head.borrow().snapshot.clone();
        match self.bearer.check(&self.shared.entrance, &snapshot) {
            Err(Ended) => return Err(Close::Unproven),
            Ok(Pass::Same) => return Ok(()),
            Ok(Pass::OtherRole) => {}
        }
        for channel in self.subscriptions.keys().copied().collect::<Vec<_>>() {
            let data = json!({ "room": channel, "reason": "role_changed", "role": self.bearer.role() });
            let kind = if channel.admits(self.bearer.role()) {
                "resync"
            } else {
                self.subscriptions.remove(&channel);
                "unsubscribed"
            };
            self.say(&Frame { room: Some(channel), ..self.frame(kind, data) }).await?;
        }
        Ok(())
    }

    async fn send_up_to(&mut self, head: Seq) -> Result<(), Close> {
        while self.cursor < head {
            let taken = self.shared.ring.between(self.cursor, head, TAKEN_AT_ONCE_MAX);
            let frames = taken.map_err(|Overrun| Close::TooSlow)?;
            let whole = frames.len() < TAKEN_AT_ONCE_MAX;
            for framed in &frames {
                if self.has_sent(framed) {
                    self.feed(Message::Text(framed.text(self.bearer.view()))).await?;
                }
                self.cursor = framed.seq;
            }
            if whole {
                self.cursor = head;
            }
        }
        self.flush().await
    }

    fn frame<D>(&self, kind: &'static str, data: D) -> Frame<D>
    where
        D: Serialize,
    {
        Frame::new(kind, data, self.shared.entrance.ledger.now())
    }

    async fn say<D: Serialize>(&mut self, frame: &Frame<D>) -> Result<(), Close> {
        self.write(Message::Text(frame.to_text().into())).await
    }

    /// Sends an answer, a replayed event or a snapshot: pulled by this client, so only a stalled socket ends it.
    async fn write(&mut self, message: Message) -> Result<(), Close> {
        let sent = tokio::time::timeout(WRITE_STALL_MAX, self.socket.send(message)).await;
        self.shared.meters.frames_sent.increment(1);
        sent.map_err(|_| Close::TooSlow)?.map_err(|_| Close::Gone)
    }

    /// Puts a live event in the socket's buffer, or cuts a client that is too far behind to take it.
    async fn feed(&mut self, message: Message) -> Result<(), Close> {
        self.shared.meters.frames_sent.increment(1);
        tokio::select! {
            // Biased, so that no timer is made where the socket takes everything at once.
            biased;
            // Dropping a feed that waits loses that one frame; the connection is closed for it.
            fed = self.socket.feed(message) => fed.map_err(|_| Close::Gone),
            () = too_slow(&self.shared, self.cursor, self.bearer.view()) => Err(Close::TooSlow),
        }
    }

    /// Empties the socket's buffer, or cuts a client as [`Session::feed`] does.
    async fn flush(&mut self) -> Result<(), Close> {
        tokio::select! {
            biased;
            // Cancel safe: what is left stays in the buffer, and the connection is closed for it.
            flushed = self.socket.flush() => flushed.map_err(|_| Close::Gone),
            () = too_slow(&self.shared, self.cursor, self.bearer.view()) => Err(Close::TooSlow),
        }
    }
}

/// Waits until a client whose socket is full, and who has everything up to `cursor`, has lost its place: too far
/// behind live after a grace, or stalled for too long however little happens.
async fn too_slow(shared: &Shared, cursor: Seq, view: View) {
    let stalled = Instant::now() + WRITE_STALL_MAX;
    tokio::time::sleep(WRITE_GRACE).await;
    while Instant::now() < stalled {
        let (events, bytes) = shared.ring.lag(cursor, view);
        if events > shared.limits.lag_events_max || bytes > shared.limits.lag_bytes_max {
            return;
        }
        tokio::time::sleep(WRITE_GRACE / 4).await;
    }
}

/// Frames what is `wanted` of the events after `after` and up to `head`. `None` when it is too much, or the journal
/// does not reach back so far. Reads the disk: not for the runtime's threads.
fn missed(
    feed: &Feed,
    after: Seq,
    head: Seq,
    wanted: impl Fn(&[Channel], Seq) -> bool,
) -> Result<Option<Vec<Framed>>, StoreError> {
    let (mut frames, mut cursor, mut read) = (Vec::new(), after, 0);
    while cursor < head {
        let Ok(events) = feed.after(cursor, REPLAY_RECORDS_AT_ONCE)? else { return Ok(None) };
        let Some(last) = events.last() else { return Ok(None) };
        (cursor, read) = (last.seq, read + events.len());
        let events = events.iter().filter(|event| event.seq <= head);
        let wanted = events.filter(|event| wanted(frame::channels_of(&event.event), event.seq));
        frames.extend(wanted.filter_map(|event| Framed::new(event, true)));
        if frames.len() > REPLAY_FRAMES_MAX || read > REPLAY_RECORDS_MAX {
            return Ok(None);
        }
    }
    Ok(Some(frames))
}

/// What a broken socket says about its peer.
fn broken(error: &axum::Error) -> Close {
    use tokio_tungstenite::tungstenite::Error;
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Error>());
    match source {
        Some(Error::Capacity(_)) => Close::FrameTooLarge,
        Some(Error::Protocol(_) | Error::Utf8(_)) => Close::BadFrame,
        _ => Close::Gone,
    }
}
