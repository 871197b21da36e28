//! Joining and leaving channels, who is there, and what its people tell each other.

use std::sync::Arc;

use serde_json::Value;

use super::REPLAY_FRAMES_MAX;
use super::close::Close;
use super::connection::{Connection, Phase, frame};
use super::errand::{Errand, Fetched};
use super::fanout::Context;
use super::frames::{Person, Present, Signal, Subscribed, Teller};
use super::outbox::{Flavour, Piece};
use super::past::{AtLeast, SNAPSHOT_LAG_MAX, Taken};
use super::protocol::{Misunderstood, Subscribe};
use super::ring::{FRAMES_KEPT, Framed};
use super::told::{Coming, Told};
use crate::domain::event::Seq;
use crate::domain::id::UserId;
use crate::domain::role::Topic;
use crate::domain::view::{Class, View};
use crate::wire::channel::Channel;
use crate::wire::frame::Frame;

/// The largest content of a signal, in bytes of JSON.
const SIGNAL_BYTES_MAX: usize = 1_024;

/// How what a client missed is had.
enum Missed {
    /// It asks for nothing.
    NotAsked,
    /// Not at all, or not whole.
    Lost,
    /// From the ring, after this.
    Ring(Seq),
    /// From the journal, after the first and up to the second; from the ring after that.
    Journal(Seq, Seq),
}

impl Connection {
    /// Answers a subscription: `subscribed`, then the replay and the snapshot if there are any, all as of one event,
    /// the base. What comes after the base comes live, so there is no hole and no double.
    pub(super) fn subscribe(&mut self, asked: Subscribe, cx: &mut Context) -> Result<(), Close> {
        // An answer comes before the broadcast, and who subscribes with the cursor of its own write must find it.
        if cx.head.seq < cx.shared.entrance.ledger.snapshot().seq {
            self.phase = Phase::AwaitsHead(Box::new(asked));
            cx.waits_for_head = true;
            return Ok(());
        }
        self.recheck(cx)?;
        if let Some(refusal) = self.refusal(&asked, cx) {
            self.complain(Misunderstood { id: asked.id, ..refusal }, cx);
            return Ok(());
        }
        if self.interest().is_empty() {
            self.subscriber.cursor = cx.head.seq;
        }
        let missed = self.look_back(&asked, cx);
        let wants_snapshot = asked.snapshot || matches!(missed, Missed::Lost);
        let at_least = match missed {
            Missed::Ring(since) => since,
            // The journal is read up to the head.
            Missed::Journal(_, read_to) => read_to,
            Missed::Lost | Missed::NotAsked => Seq(0),
        };
        let at_least = if wants_snapshot { at_least.max(self.sent_of(&asked.channel, cx)) } else { at_least };
        let at_least = AtLeast { seq: at_least, readings: self.subscriber.readings_told.unwrap_or(0) };
        let snapshot = wants_snapshot
            .then(|| cx.shared.snapshots.find(&asked.channel, self.subscriber.role, at_least, cx.head.seq));
        let is_at_hand = snapshot
            .as_ref()
            .is_none_or(|found| found.as_ref().is_some_and(|taken| cx.ring.reaches(taken.seq)));
        if is_at_hand && !matches!(missed, Missed::Journal(..)) {
            let (base, snapshot) = base(cx.head.seq, snapshot.flatten());
            return self.begin(asked, &missed, Vec::new(), base, snapshot, cx);
        }
        let after = match missed {
            Missed::Journal(after, _) => Some(after),
            _ => None,
        };
        let (channel, role) = (asked.channel.clone(), self.subscriber.role);
        cx.errand(Errand { channel, role, head: cx.head.clone(), after, wants_snapshot, at_least });
        self.phase = Phase::AwaitsPast(Box::new(asked));
        Ok(())
    }

    /// What was fetched for the subscription has come.
    pub(super) fn fetched(&mut self, fetched: Fetched, cx: &mut Context) -> Result<(), Close> {
        let asked = match std::mem::replace(&mut self.phase, Phase::Open) {
            Phase::AwaitsPast(asked) => *asked,
            other => {
                self.phase = other;
                return Ok(());
            }
        };
        let Fetched { head, role, past, snapshot, place } = fetched;
        self.recheck(cx)?;
        let missed = match (&past, self.look_back(&asked, cx)) {
            (Some(_), Missed::Journal(after, _) | Missed::Ring(after)) => Missed::Journal(after, head),
            (None, missed @ (Missed::NotAsked | Missed::Ring(_))) => missed,
            _ => Missed::Lost,
        };
        let (base, snapshot) = base(head, snapshot);
        let is_needed = asked.snapshot || matches!(missed, Missed::Lost);
        // Meanwhile the role has changed, or what was at hand is gone: begin again.
        if role != self.subscriber.role
            || !cx.ring.reaches(base.min(head))
            || (is_needed && snapshot.is_none())
        {
            return self.subscribe(asked, cx);
        }
        self.private_past = place;
        self.begin(asked, &missed, past.unwrap_or_default(), base, snapshot, cx)
    }

    fn refusal(&self, asked: &Subscribe, cx: &Context) -> Option<Misunderstood> {
        let snapshot = cx.shared.entrance.ledger.snapshot();
        let channel = &asked.channel;
        if !cx.shared.rights(&snapshot.state).admit(channel, &self.bearer.caller) {
            let message = format!("the role {} does not hear \"{channel}\"", self.subscriber.role);
            return Some(Misunderstood::new("forbidden", message));
        }
        let most = cx.shared.limits.channels_max;
        if !self.subscriber.is_in(channel) && self.subscriber.channels().count() >= most {
            let message = format!("{most} channels are joined, the most that hub.channels_max allows");
            return Some(Misunderstood::new("too_many_channels", message));
        }
        None
    }

    /// The newest event of `channel` that this client was sent, by this channel or another. It is not sent again, so
    /// an older snapshot would take back what the client knows.
    fn sent_of(&self, channel: &Channel, cx: &Context) -> Seq {
        let recent = Seq(self.subscriber.cursor.0.saturating_sub(SNAPSHOT_LAG_MAX));
        let frames = cx.ring.after(recent, FRAMES_KEPT).unwrap_or_default();
        let mut sent = frames.iter().rev().filter(|it| {
            channel.brings(&it.audience, self.subscriber.role)
                && self.subscriber.was_sent(it.seq, &it.audience)
        });
        sent.next().map_or(Seq(0), |framed| framed.seq)
    }

    /// How what came after the cursor of `asked` is had.
    fn look_back(&self, asked: &Subscribe, cx: &Context) -> Missed {
        let Some(since) = &asked.since else { return Missed::NotAsked };
        let is_ours = since.epoch == cx.shared.entrance.ledger.epoch() && since.seq <= cx.head.seq;
        if !is_ours || !self.subscriber.may_resume(since.seq) {
            return Missed::Lost;
        }
        let Ok(frames) = cx.ring.after(since.seq, FRAMES_KEPT) else {
            return Missed::Journal(since.seq, cx.head.seq);
        };
        let role = self.subscriber.role;
        let matching = frames.iter().filter(|it| asked.channel.brings(&it.audience, role)).count();
        if matching > REPLAY_FRAMES_MAX { Missed::Lost } else { Missed::Ring(since.seq) }
    }

    /// Joins the channel: everything of it up to `base` is told by the replay or the snapshot, everything later as
    /// it came.
    fn begin(
        &mut self,
        asked: Subscribe,
        missed: &Missed,
        past: Vec<Arc<Framed>>,
        base: Seq,
        snapshot: Option<Taken>,
        cx: &mut Context,
    ) -> Result<(), Close> {
        let Subscribe { id, channel, since, presence, .. } = asked;
        let (after, told_from) = match missed {
            Missed::Ring(since) => (*since, *since),
            // What is not sent yet of other channels comes from the ring, and this channel's with it: in order, and once.
            Missed::Journal(since, read_to) => ((*read_to).min(self.subscriber.cursor), *since),
            Missed::NotAsked | Missed::Lost => (base, base),
        };
        let recovered = since.map(|_| !matches!(missed, Missed::Lost));
        if let Some(recovered) = recovered {
            cx.shared.meters.resumed(recovered);
        }
        let epoch = Some(cx.shared.entrance.ledger.epoch().to_owned());
        let subscribed = frame(cx, Subscribed { room: &channel });
        let subscribed =
            Frame { id, room: Some(channel.clone()), seq: Some(base), epoch, recovered, ..subscribed };
        let taken = cx.ring.after(after.min(self.subscriber.cursor), FRAMES_KEPT);
        let frames = taken?;
        self.say(&subscribed);
        let role = self.subscriber.role;
        let past = past.into_iter().take_while(|it| it.seq <= after);
        for framed in past.filter(|it| !self.subscriber.was_sent(it.seq, &it.audience)) {
            self.outbox.push(Piece::Event(framed, Flavour::Replay));
        }
        if snapshot.as_ref().is_some_and(|taken| taken.has_patients) {
            self.disclosed.stretch(Topic::Facility, base, base);
        }
        let readings_shown = snapshot.as_ref().and_then(|taken| taken.readings);
        let mut snapshot = snapshot.map(|taken| Piece::State(taken.frame, channel.clone(), role));
        for framed in frames.into_iter().take_while(|it| it.seq <= cx.head.seq) {
            let (seq, audience) = (framed.seq, &framed.audience);
            if seq > base
                && let Some(state) = snapshot.take()
            {
                self.outbox.push(state);
            }
            let is_pending = seq > self.subscriber.cursor && self.interest().wants(audience);
            let is_missed =
                seq > after && channel.brings(audience, role) && !self.subscriber.was_sent(seq, audience);
            if is_pending || is_missed {
                let flavour = if seq <= base && !is_pending { Flavour::Replay } else { Flavour::Live };
                self.outbox.push(Piece::Event(framed, flavour));
            }
        }
        self.outbox.push_all(snapshot);
        self.subscriber.cursor = cx.head.seq;
        self.is_catching_up = true;
        let ledger = &cx.shared.entrance.ledger;
        self.subscriber.begin_readings(&channel, readings_shown, recovered.is_some(), ledger);
        self.enter(channel, told_from, presence, cx);
        Ok(())
    }

    fn enter(&mut self, channel: Channel, told_from: Seq, presence: bool, cx: &mut Context) {
        let is_new = !self.subscriber.is_in(&channel);
        self.subscriber.join(channel.clone(), told_from, presence);
        if is_new {
            self.come(&channel, cx);
        }
        if presence {
            let view = self.interest().view;
            let users = cx.presence.users(&channel).map(|user| person(user, view, cx)).collect();
            self.say(&Frame { room: Some(channel), ..frame(cx, Present { users }) });
        }
    }

    /// Counts this connection among those of its user in `channel`.
    pub(super) fn come(&self, channel: &Channel, cx: &mut Context) {
        if let Some(user) = self.user()
            && cx.presence.join(channel, user)
        {
            cx.tell(Told::presence(Coming::Joined, channel, user, self.identity.client_id, cx));
        }
    }

    /// Leaves a channel; nothing happens where it was not joined.
    pub(super) fn leave(&mut self, channel: &Channel, cx: &mut Context) {
        if self.subscriber.leave(channel)
            && let Some(user) = self.user()
        {
            cx.presence.leave(channel, user, cx.now);
        }
    }

    /// Leaves every channel: the connection ends.
    pub(super) fn leave_all(&mut self, cx: &mut Context) {
        let channels: Vec<Channel> = self.subscriber.channels().cloned().collect();
        channels.iter().for_each(|channel| self.leave(channel, cx));
    }

    /// Passes on what a person tells the others of a channel. Never stored; free text, so only for those who may
    /// see some.
    pub(super) fn signal(&mut self, id: Option<Value>, channel: Channel, data: Value, cx: &mut Context) {
        let refuse =
            |code, message: String| Misunderstood { id: id.clone(), ..Misunderstood::new(code, message) };
        let Some(user) = self.user().cloned().filter(|_| self.interest().view.shows(Class::FreeText)) else {
            let message = format!("the role {} sends no signals", self.subscriber.role);
            return self.complain(refuse("forbidden", message), cx);
        };
        if !self.subscriber.is_in(&channel) {
            let message = format!("\"{channel}\" is not joined: subscribe first");
            return self.complain(refuse("not_subscribed", message), cx);
        }
        if data.to_string().len() > SIGNAL_BYTES_MAX {
            let message = format!("the data of a signal is at most {SIGNAL_BYTES_MAX} bytes of JSON");
            return self.complain(refuse("too_large", message), cx);
        }
        let from = Teller { user, client_id: self.identity.client_id };
        let told = Signal::Told { from, signal: data };
        cx.tell(Told::signal(&channel, told, self.identity.client_id, cx));
        if id.is_some() {
            let passed = Signal::PassedOn { room: channel.clone() };
            self.say(&Frame { id, room: Some(channel), ..frame(cx, passed) });
        }
    }
}

/// The event that a subscription begins with: the snapshot's, if there is one.
fn base(head: Seq, snapshot: Option<Taken>) -> (Seq, Option<Taken>) {
    (snapshot.as_ref().map_or(head, |taken| taken.seq), snapshot)
}

/// A person as presence shows them.
pub(super) fn person(user: &UserId, view: View, cx: &Context) -> Person {
    let account = cx.head.snapshot.state.access.users.get(user);
    let name = account.filter(|_| view.shows(Class::Words)).map(|it| it.name.to_string());
    Person { user: user.clone(), name, role: account.map(|it| it.role) }
}
