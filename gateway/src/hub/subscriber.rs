//! Who listens, to what, and what they have been sent already.

use super::Shared;
use super::frames::Reason;
use super::pass::{Bearer, Ended, Pass};
use crate::domain::access::User;
use crate::domain::actor::Actor;
use crate::domain::event::Seq;
use crate::domain::id::{HospitalId, UserId};
use crate::domain::role::{Named, Role, Topic};
use crate::domain::state::State;
use crate::domain::view::View;
use crate::wire::caller::Caller;
use crate::wire::channel::{Audience, Channel, Topics};

/// Stretches of the journal that are remembered as sent, for each channel that was left and joined again.
const STRETCHES_MAX: usize = 16;
/// Channels that are remembered after they were left, beyond those that one may be in.
const LEFT_MAX: usize = 64;

/// What somebody gets of what happens: a view, and the union of their channels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Interest {
    pub(super) view: View,
    topics: Topics,
    /// Channels of one doctor, patient or task.
    named: Vec<Channel>,
}

impl Interest {
    fn none(view: View) -> Self {
        Self { view, topics: Topics::default(), named: Vec::new() }
    }

    /// True when an event that concerns `audience` is for them.
    pub(super) fn wants(&self, audience: &Audience) -> bool {
        // The role decides what topic channels bring, and those are in `topics`.
        self.topics.meet(audience.topics) || self.named.iter().any(|it| it.brings(audience, Role::Device))
    }

    /// True when everything of `topic` is.
    pub(super) fn hears(&self, topic: Topic) -> bool {
        self.topics.meet(Topics::of(topic))
    }

    /// True when nothing is.
    pub(super) fn is_empty(&self) -> bool {
        self.topics == Topics::default() && self.named.is_empty()
    }
}

/// One channel of a subscriber, joined or left.
struct Heard {
    channel: Channel,
    /// Since when it is joined: everything after this is sent.
    since: Option<Seq>,
    /// What was sent before it was left: after the first, up to the second.
    stretches: Vec<(Seq, Seq)>,
    tells_presence: bool,
}

impl Heard {
    fn covers(&self, seq: Seq) -> bool {
        self.since.is_some_and(|since| seq > since)
            || self.stretches.iter().any(|(after, to)| (after.0 + 1..=to.0).contains(&seq.0))
    }
}

/// A listener's subscriptions. Says what is to be sent; sends nothing itself.
pub(super) struct Subscriber {
    pub(super) role: Role,
    pub(super) interest: Interest,
    /// Everything up to here was sent, or is not for this listener.
    pub(super) cursor: Seq,
    /// The version of the readings that were told last; `None` before any could be heard.
    pub(super) readings_told: Option<u64>,
    heard: Vec<Heard>,
    /// The channels that were joined without asking. Who leaves one is not brought back.
    own: Vec<Channel>,
    /// What came before is no longer known as this listener would see it now.
    anew_from: Seq,
}

impl Subscriber {
    /// Somebody without subscriptions, who begins at `cursor`.
    pub(super) fn new(role: Role, cursor: Seq) -> Self {
        let interest = Interest::none(role.view());
        Self {
            role,
            interest,
            cursor,
            readings_told: None,
            heard: Vec::new(),
            own: Vec::new(),
            anew_from: Seq(0),
        }
    }

    /// The channels that are joined.
    pub(super) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.heard.iter().filter(|it| it.since.is_some()).map(|it| &it.channel)
    }

    pub(super) fn is_in(&self, channel: &Channel) -> bool {
        self.channels().any(|it| it == channel)
    }

    /// True when whoever is in `channel` is told who else is.
    pub(super) fn tells_presence(&self, channel: &Channel) -> bool {
        self.heard.iter().any(|it| it.since.is_some() && it.tells_presence && it.channel == *channel)
    }

    /// True when the events after `since` can still be told as this listener sees them.
    pub(super) fn may_resume(&self, since: Seq) -> bool {
        since >= self.anew_from
    }

    /// True when an event was sent already, by any channel that is or was joined.
    pub(super) fn was_sent(&self, seq: Seq, audience: &Audience) -> bool {
        seq <= self.cursor
            && self.heard.iter().any(|it| it.covers(seq) && it.channel.brings(audience, self.role))
    }

    /// Joins `channel`: everything after `since` is sent from now on.
    pub(super) fn join(&mut self, channel: Channel, since: Seq, tells_presence: bool) {
        match self.heard.iter_mut().find(|it| it.channel == channel) {
            Some(heard) => {
                heard.since = Some(heard.since.map_or(since, |before| before.min(since)));
                heard.tells_presence |= tells_presence;
            }
            None => {
                self.heard.push(Heard { channel, since: Some(since), stretches: Vec::new(), tells_presence });
            }
        }
        self.count_interest();
    }

    /// Leaves `channel`; false when it was not joined. What was sent is remembered, so that it is not sent again.
    pub(super) fn leave(&mut self, channel: &Channel) -> bool {
        let Some(heard) = self.heard.iter_mut().find(|it| it.channel == *channel) else { return false };
        let Some(since) = heard.since.take() else { return false };
        heard.tells_presence = false;
        if since < self.cursor {
            heard.stretches.push((since, self.cursor));
        }
        if heard.stretches.len() > STRETCHES_MAX {
            let (_, forgotten) = heard.stretches.remove(0);
            self.anew_from = self.anew_from.max(forgotten);
        }
        let left = self.heard.iter().filter(|it| it.since.is_none()).count();
        if left > LEFT_MAX
            && let Some(oldest) = self.heard.iter().position(|it| it.since.is_none())
        {
            let forgotten = self.heard.remove(oldest).stretches.last().map_or(Seq(0), |(_, to)| *to);
            self.anew_from = self.anew_from.max(forgotten);
        }
        self.count_interest();
        true
    }

    /// Another role: other fields, so what was sent before no longer fits.
    pub(super) fn change_role(&mut self, role: Role) {
        (self.role, self.anew_from) = (role, self.cursor);
        self.heard.retain(|it| it.since.is_some());
        for heard in &mut self.heard {
            heard.stretches.clear();
            heard.since = Some(self.cursor);
        }
        self.count_interest();
    }

    fn count_interest(&mut self) {
        let mut interest = Interest::none(self.role.view());
        for channel in self.channels() {
            match channel {
                Channel::Of(_) | Channel::All | Channel::Hospital(_) => {
                    interest.topics = interest.topics.and(channel.topics(self.role));
                }
                Channel::Doctor(_) | Channel::Patient(_) | Channel::Task(_) => {
                    interest.named.push(channel.clone())
                }
            }
        }
        self.interest = interest;
    }
}

/// What decides who may join which channel.
pub(super) struct Rights<'a> {
    pub(super) state: &'a State,
    /// The hospital of this clinic.
    pub(super) hospital: Option<&'a HospitalId>,
}

impl Rights<'_> {
    /// True when `caller` may hear `channel`.
    pub(super) fn admit(&self, channel: &Channel, caller: &Caller) -> bool {
        let role = caller.role;
        match channel {
            Channel::Of(topic) => role.hears(*topic),
            Channel::All => Topics::heard_by(role) != Topics::default(),
            Channel::Hospital(id) => role.hears_named(Named::Hospital) && self.hospital == Some(id),
            Channel::Doctor(id) => {
                role.hears_named(Named::Doctor) && self.user(caller).is_some_and(|user| user.acts_for(id))
            }
            Channel::Patient(_) => role.hears_named(Named::Patient),
            Channel::Task(_) => role.hears_named(Named::Task),
        }
    }

    /// The channels that `caller` is in without asking: those of the doctors for whom they act.
    pub(super) fn own_channels(&self, caller: &Caller) -> Vec<Channel> {
        let Some(user) = self.user(caller) else { return Vec::new() };
        let doctors = user.doctor_id.iter().chain(&user.manages);
        doctors.map(|id| Channel::Doctor(id.clone())).collect()
    }

    fn user(&self, caller: &Caller) -> Option<&User> {
        user_id(caller).and_then(|id| self.state.access.users.get(id)).map(AsRef::as_ref)
    }
}

/// The account of `caller`, if it is a person's.
pub(super) fn user_id(caller: &Caller) -> Option<&UserId> {
    match &caller.identity.actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

/// What has become of a listener's channels with their rights.
pub(super) struct Review {
    /// Channels that they may hear no more; still joined.
    pub(super) lost: Vec<Channel>,
    /// Why those are lost.
    pub(super) reason: Reason,
    /// Channels that they see otherwise now.
    pub(super) anew: Vec<Channel>,
    /// Channels that they are in now without asking.
    pub(super) joined: Vec<Channel>,
}

/// Looks at the proof again, if anything about anybody has changed. Whoever has another role now sees other fields: what
/// was sent before no longer fits, so every subscription that is left begins anew. The doctors' channels of whoever acts
/// for doctors are joined by themselves.
///
/// By the newest state of all and not that of the ring's head: whoever was let in a moment ago may not be known there.
pub(super) fn review(
    bearer: &mut Bearer,
    subscriber: &mut Subscriber,
    shared: &Shared,
) -> Result<Option<Review>, Ended> {
    let snapshot = shared.entrance.ledger.snapshot();
    let pass = bearer.check(&shared.entrance, &snapshot)?;
    if pass == Pass::Same {
        return Ok(None);
    }
    if pass == Pass::OtherRole {
        subscriber.change_role(bearer.caller.role);
    }
    let rights = shared.rights(&snapshot.state);
    let joined = subscriber.channels().cloned();
    let (kept, lost): (Vec<_>, Vec<_>) = joined.partition(|channel| rights.admit(channel, &bearer.caller));
    let (reason, anew) = match pass {
        Pass::OtherRole => (Reason::RoleChanged, kept),
        Pass::Same | Pass::Checked => (Reason::RightsChanged, Vec::new()),
    };
    let own = rights.own_channels(&bearer.caller);
    let is_new = |channel: &&Channel| !subscriber.own.contains(channel) && !subscriber.is_in(channel);
    let joined: Vec<Channel> = own.iter().filter(is_new).cloned().collect();
    subscriber.own = own;
    for channel in &joined {
        subscriber.join(channel.clone(), subscriber.cursor, false);
    }
    Ok(Some(Review { lost, reason, anew, joined }))
}
