//! The same stream for those who cannot hold a WebSocket: server-sent events and long poll, with the same channels,
//! views and cursors. Each is a task that pulls from the ring as its client takes what it is sent.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::close::Close;
use super::connection::Identity;
use super::disclosed::Disclosed;
use super::frames::{self, Resync, Subscribed, Unsubscribed};
use super::outbox::Flavour;
use super::pass::{Bearer, Ended};
use super::past;
use super::readings::StreamedReadings;
use super::ring::{FRAMES_KEPT, Framed, Overrun};
use super::roster::{Dismissed, Streaming};
use super::subscriber::{Review, Subscriber, review};
use super::upgrade::place;
use super::websocket::text_of;
use super::{REPLAY_FRAMES_MAX, Shared};
use crate::domain::event::Seq;
use crate::domain::role::Topic;
use crate::ledger::Head;
use crate::wire::caller::Caller;
use crate::wire::channel::Channel;
use crate::wire::cursor::Cursor;
use crate::wire::frame::Frame;
use crate::wire::problem::Problem;

/// How long the broadcast of a write that was answered may take to reach the ring. Far more than it does.
const HEAD_WAIT_MAX: Duration = Duration::from_secs(5);

/// What a reader asks for.
pub(super) struct Asked {
    pub(super) channels: Vec<Channel>,
    pub(super) since: Option<Cursor>,
    pub(super) snapshot: bool,
}

/// Something to send, and the event that it brings its reader to.
pub(super) struct Line {
    pub(super) seq: Option<Seq>,
    content: Content,
}

impl Line {
    /// True for what is said about the subscription itself.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.content, Content::Answer(_))
    }
}

enum Content {
    /// An answer.
    Answer(Bytes),
    /// The state of a channel, as the role shows it that asked.
    State(Bytes, Channel),
    /// Readings.
    Readings(Bytes),
    /// An event, becoming text when its turn comes: the reader may see less by then.
    Event(Arc<Framed>, Flavour),
}

/// A reader of the ring that is no WebSocket.
pub(super) struct Reader {
    pub(super) shared: Arc<Shared>,
    pub(super) subscriber: Subscriber,
    bearer: Bearer,
    head: watch::Receiver<Head>,
    /// What is to be sent before anything new.
    pub(super) pending: VecDeque<Line>,
    /// Who reads, as admins see it.
    pub(super) identity: Identity,
    /// Readings, for who follows them.
    readings: Option<StreamedReadings>,
    /// What it was sent about patients.
    disclosed: Disclosed,
    /// An admin ends it, or a newer one of the same user.
    dismissed: Dismissed,
    /// Whether everything since the cursor came, if there was one.
    pub(super) recovered: Option<bool>,
    _place: OwnedSemaphorePermit,
}

/// Why nothing more comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The proof is no longer good.
    Unproven,
    /// An admin has ended it.
    Dismissed,
    /// Newer ones of the same user have taken its place.
    Replaced,
    /// The gateway stops.
    Restarting,
    /// Too far behind: resume by cursor.
    TooSlow,
    /// The journal cannot be read: resume by cursor.
    Failed,
}

impl End {
    /// The close code that a WebSocket would get.
    pub(super) fn close(self) -> Close {
        match self {
            End::Unproven => Close::Unproven,
            End::Dismissed => Close::Dismissed,
            End::Replaced => Close::Replaced,
            End::Restarting => Close::Restarting,
            End::TooSlow => Close::TooSlow,
            End::Failed => Close::Failed,
        }
    }
}

impl From<Overrun> for End {
    fn from(overrun: Overrun) -> Self {
        match overrun {
            Overrun::Behind => End::TooSlow,
            Overrun::Unread => End::Failed,
        }
    }
}

impl From<Ended> for End {
    fn from(_: Ended) -> Self {
        End::Unproven
    }
}

impl Reader {
    /// Lets `caller` in, and gets what the subscription begins with.
    ///
    /// # Errors
    ///
    /// What the caller is answered instead.
    pub(super) async fn open(
        shared: &Arc<Shared>,
        (identity, caller): (Identity, Caller),
        asked: Asked,
    ) -> Result<Self, Problem> {
        let place = place(shared)?;
        let head = caught_up(shared).await?;
        let now = head.borrow().clone();
        let mut subscriber = Subscriber::new(caller.role, now.seq);
        let mut bearer = Bearer::new(caller, &now.snapshot);
        review(&mut bearer, &mut subscriber, shared)
            .map_err(|Ended| Problem::unauthenticated("the token or key has ended: log in again"))?;
        admit(shared, &asked.channels, &bearer.caller)?;
        let mut reader = Self {
            shared: shared.clone(),
            subscriber,
            bearer,
            head,
            pending: VecDeque::new(),
            identity,
            readings: None,
            disclosed: Disclosed::default(),
            dismissed: Dismissed::default(),
            recovered: None,
            _place: place,
        };
        reader.begin(asked, now).await?;
        Ok(reader)
    }

    /// Joins the channels as of `head`, with what was missed or the snapshots before.
    async fn begin(&mut self, asked: Asked, head: Head) -> Result<(), Problem> {
        let Asked { channels, since, snapshot } = asked;
        for channel in &channels {
            self.subscriber.join(channel.clone(), head.seq, false);
        }
        let missed = match &since {
            Some(since) => Some(self.missed(since, &head).await?),
            None => None,
        };
        let recovered = missed.as_ref().map(Option::is_some);
        if let Some(recovered) = recovered {
            self.shared.meters.resumed(recovered);
        }
        self.recovered = recovered;
        let epoch = self.shared.entrance.ledger.epoch().to_owned();
        for channel in &channels {
            let subscribed = self.frame(Subscribed { room: channel });
            let (room, seq) = (Some(channel.clone()), Some(head.seq));
            let subscribed = Frame { room, seq, epoch: Some(epoch.clone()), recovered, ..subscribed };
            self.say(&subscribed);
        }
        let takes_snapshot = snapshot || recovered == Some(false);
        for channel in channels.iter().filter(|_| !takes_snapshot) {
            let ledger = &self.shared.entrance.ledger;
            self.subscriber.begin_readings(channel, None, recovered.is_some(), ledger);
        }
        for framed in missed.flatten().unwrap_or_default() {
            self.pending.push_back(line(framed, Flavour::Replay));
        }
        if takes_snapshot {
            for channel in channels {
                self.take_snapshot(channel, &head).await?;
            }
        }
        // Whoever is sent nothing yet resumes from here too.
        if let Some(last) = self.pending.back_mut() {
            last.seq = Some(head.seq);
        }
        Ok(())
    }

    /// Everything after `since` that the channels bring, if it can be had whole.
    async fn missed(&self, since: &Cursor, head: &Head) -> Result<Option<Vec<Arc<Framed>>>, Problem> {
        if since.epoch != self.shared.entrance.ledger.epoch() || since.seq > head.seq {
            return Ok(None);
        }
        let interest = self.subscriber.interest.clone();
        if let Ok(mut frames) = self.shared.ring.after(since.seq, FRAMES_KEPT) {
            frames.retain(|it| it.seq <= head.seq && interest.wants(&it.audience));
            return Ok((frames.len() <= REPLAY_FRAMES_MAX).then_some(frames));
        }
        let (feed, after, to) = (self.shared.entrance.ledger.feed().clone(), since.seq, head.seq);
        self.fetch(move || {
            past::missed(&feed, after, to, |audience| interest.wants(audience)).unwrap_or(None)
        })
        .await
    }

    async fn take_snapshot(&mut self, channel: Channel, head: &Head) -> Result<(), Problem> {
        let (shared, role, snapshot) = (self.shared.clone(), self.subscriber.role, head.snapshot.clone());
        let (of, told) = (channel.clone(), self.subscriber.readings_told.unwrap_or(0));
        let exact = move || shared.snapshots.get_exact(&of, role, told, (&snapshot, &shared.entrance.ledger));
        let taken = self.fetch(exact).await?;
        if taken.has_patients {
            self.disclosed.stretch(Topic::Facility, taken.seq, taken.seq);
        }
        let ledger = &self.shared.entrance.ledger;
        self.subscriber.begin_readings(&channel, taken.readings, false, ledger);
        self.pending.push_back(Line { seq: None, content: Content::State(text_of(&taken.frame), channel) });
        Ok(())
    }

    /// Does what may take long, in its turn.
    async fn fetch<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let failed = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the past cannot be read");
        let _turn = self.shared.errands.acquire().await.map_err(|_| failed())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| failed())
    }

    /// Looks at the proof again, and says what it costs.
    pub(super) fn recheck(&mut self) -> Result<(), End> {
        let reviewed = review(&mut self.bearer, &mut self.subscriber, &self.shared)?;
        if let Some(Review { lost, reason, anew, .. }) = reviewed {
            let role = self.subscriber.role;
            // What was taken for another role, or of a channel that is lost, is for nobody.
            let is_stale = |of: &Channel| lost.contains(of) || anew.contains(of);
            self.pending.retain(|it| !matches!(&it.content, Content::State(_, of) if is_stale(of)));
            for room in lost {
                self.subscriber.leave(&room);
                let left = Unsubscribed { room: room.clone(), reason: Some(reason), role: Some(role) };
                self.say(&Frame { room: Some(room), ..self.frame(left) });
            }
            for room in anew {
                let anew = Resync { room: room.clone(), reason, role };
                self.say(&Frame { room: Some(room), ..self.frame(anew) });
            }
        }
        Ok(())
    }

    /// Looks for what is new, and puts it into `pending`.
    pub(super) fn look(&mut self) -> Result<(), End> {
        if self.shared.stop.is_cancelled() {
            return Err(End::Restarting);
        }
        if self.dismissed.by_admin.is_cancelled() {
            return Err(End::Dismissed);
        }
        if self.dismissed.replaced.is_cancelled() {
            return Err(End::Replaced);
        }
        let head = self.head.borrow_and_update().seq;
        self.recheck()?;
        let frames = self.shared.ring.after(self.subscriber.cursor, REPLAY_FRAMES_MAX)?;
        let is_whole = frames.len() < REPLAY_FRAMES_MAX;
        for framed in frames.into_iter().take_while(|it| it.seq <= head) {
            self.subscriber.cursor = framed.seq;
            if self.subscriber.interest.wants(&framed.audience) {
                self.pending.push_back(line(framed, Flavour::Live));
            }
        }
        if is_whole {
            self.subscriber.cursor = self.subscriber.cursor.max(head);
        }
        let told = self.readings.as_mut().and_then(|it| it.take(&mut self.subscriber, &self.shared));
        self.pending.extend(told.map(|text| Line { seq: None, content: Content::Readings(text) }));
        Ok(())
    }

    /// Waits until there may be something new.
    ///
    /// Cancel safe.
    pub(super) async fn news(&mut self) {
        tokio::select! {
            // Cancel safe, all five. An error of the first comes with the second.
            _ = self.head.changed() => {}
            () = self.shared.stop.cancelled() => {}
            () = self.dismissed.by_admin.cancelled() => {}
            () = self.dismissed.replaced.cancelled() => {}
            () = StreamedReadings::news(&mut self.readings, &self.subscriber) => {}
        }
    }

    /// Brings readings too, from now on.
    pub(super) fn follow_readings(&mut self) {
        self.readings = Some(StreamedReadings::new(&self.shared));
    }

    /// Shows the reader to admins until it is dropped.
    pub(super) fn list(&mut self) {
        let channels = self.subscriber.channels().cloned().collect();
        let streaming = Streaming::new(&self.identity, &self.bearer.caller, channels);
        self.dismissed = streaming.dismissed.clone();
        let mut streams = self.shared.streams.lock().unwrap_or_else(PoisonError::into_inner);
        Streaming::replace(&streams, &streaming, self.shared.limits.connections_per_user_max);
        streams.insert(self.identity.client_id, streaming);
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.bearer.caller
    }

    pub(super) fn cursor(&self, seq: Seq) -> Cursor {
        Cursor { epoch: self.shared.entrance.ledger.epoch().to_owned(), seq }
    }

    pub(super) fn frame<D: frames::Content>(&self, data: D) -> Frame<D> {
        Frame::new(D::KIND, data, self.shared.entrance.ledger.now())
    }

    pub(super) fn say<D: serde::Serialize>(&mut self, frame: &Frame<D>) {
        self.pending.push_back(Line { seq: None, content: Content::Answer(frame.to_text().into()) });
    }

    /// The text of a line; none when it is no longer for this reader.
    pub(super) fn text(&mut self, line: &Line) -> Option<Bytes> {
        match &line.content {
            Content::Answer(text) | Content::State(text, _) => Some(text.clone()),
            Content::Readings(text) => self.subscriber.interest.hears(Topic::Metrics).then(|| text.clone()),
            Content::Event(framed, flavour) => {
                let interest = &self.subscriber.interest;
                let is_theirs = interest.wants(&framed.audience);
                if is_theirs {
                    self.disclosed.add(framed, interest.view);
                }
                is_theirs.then(|| text_of(&framed.frame(interest.view, *flavour)))
            }
        }
    }
}

fn line(framed: Arc<Framed>, flavour: Flavour) -> Line {
    Line { seq: Some(framed.seq), content: Content::Event(framed, flavour) }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.streams.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.identity.client_id);
        let actor = self.bearer.caller.identity.actor.clone();
        self.shared.disclose(actor, self.identity.address, &mut self.disclosed);
    }
}

/// The ring's head, as far as any caller of the ledger has its answer.
async fn caught_up(shared: &Shared) -> Result<watch::Receiver<Head>, Problem> {
    let answered = shared.entrance.ledger.snapshot().seq;
    let mut head = shared.ring.head();
    // In the middle of a burst the ring is on its way to its snapshot: one that is ahead of it would be told again.
    let is_there = |head: &Head| head.seq >= answered.max(head.snapshot.seq);
    let reaching = tokio::time::timeout(HEAD_WAIT_MAX, head.wait_for(is_there));
    let has_reached = matches!(reaching.await, Ok(Ok(_)));
    if !has_reached {
        let detail = "the hub is behind the ledger; ask again in a moment";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).retryable());
    }
    Ok(head)
}

fn admit(shared: &Shared, channels: &[Channel], caller: &Caller) -> Result<(), Problem> {
    let snapshot = shared.entrance.ledger.snapshot();
    let rights = shared.rights(&snapshot.state);
    if let Some(refused) = channels.iter().find(|channel| !rights.admit(channel, caller)) {
        let detail = format!("the role {} does not hear \"{refused}\"", caller.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok(())
}
