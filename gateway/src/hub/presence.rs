//! Who is in which channel: people, not connections. The first connection of a user joins, the last one leaves,
//! after a grace in which a reload or a lost network makes nobody go and come.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::domain::id::UserId;
use crate::wire::channel::Channel;

/// How long a user without connections is still there.
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// Who is where. Never more entries than connections have channels, but for those in their grace.
#[derive(Default)]
pub(super) struct Presence {
    channels: BTreeMap<Channel, BTreeMap<UserId, Seat>>,
}

struct Seat {
    connections: usize,
    leaves_at: Option<Instant>,
}

impl Presence {
    /// A connection of `user` joins `channel`. True when the user was not there.
    pub(super) fn join(&mut self, channel: &Channel, user: &UserId) -> bool {
        let seats = self.channels.entry(channel.clone()).or_default();
        match seats.get_mut(user) {
            Some(seat) => {
                (seat.connections, seat.leaves_at) = (seat.connections + 1, None);
                false
            }
            None => {
                seats.insert(user.clone(), Seat { connections: 1, leaves_at: None });
                true
            }
        }
    }

    /// A connection of `user` leaves `channel`; [`Presence::sweep`] says when the user has.
    pub(super) fn leave(&mut self, channel: &Channel, user: &UserId, now: Instant) {
        let Some(seat) = self.channels.get_mut(channel).and_then(|seats| seats.get_mut(user)) else { return };
        seat.connections = seat.connections.saturating_sub(1);
        if seat.connections == 0 {
            seat.leaves_at = Some(now + GRACE);
        }
    }

    /// Who has left by `now`.
    pub(super) fn sweep(&mut self, now: Instant) -> Vec<(Channel, UserId)> {
        let mut left = Vec::new();
        for (channel, seats) in &mut self.channels {
            seats.retain(|user, seat| {
                let stays = seat.leaves_at.is_none_or(|at| at > now);
                if !stays {
                    left.push((channel.clone(), user.clone()));
                }
                stays
            });
        }
        self.channels.retain(|_, seats| !seats.is_empty());
        left
    }

    /// True when nobody is anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Who is in `channel`.
    pub(super) fn users(&self, channel: &Channel) -> impl Iterator<Item = &UserId> {
        self.channels.get(channel).into_iter().flat_map(BTreeMap::keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_joins_once_and_leaves_after_the_grace() {
        let (mut presence, begun) = (Presence::default(), Instant::now());
        let (channel, user): (Channel, UserId) = ("tasks".parse().unwrap(), "u-1".parse().unwrap());
        assert!(presence.join(&channel, &user), "the first tab");
        assert!(!presence.join(&channel, &user), "the second");
        presence.leave(&channel, &user, begun);
        assert_eq!(presence.sweep(begun + 2 * GRACE), [], "one tab is open");
        presence.leave(&channel, &user, begun);
        assert_eq!(presence.sweep(begun + GRACE / 2), [], "within the grace");
        assert!(!presence.join(&channel, &user), "came back within the grace: never gone");
        presence.leave(&channel, &user, begun + GRACE);
        assert_eq!(presence.users(&channel).count(), 1);
        assert_eq!(presence.sweep(begun + 2 * GRACE), [(channel.clone(), user.clone())]);
        assert!(presence.is_empty());
        assert!(presence.join(&channel, &user), "new again");
    }
}
