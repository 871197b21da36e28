//! Clients that have everything up to the head, by what they hear: who is in a cohort gets the same bytes at once.
//!
//! A single event costs each client one send of the system, some 7 µs, and what the system keeps of two sockets fills
//! the processor's caches. Whatever else is looked at for each client comes from far away every time: when that was its
//! outbox, cursor and interest, a delivery to 1,000 clients cost 7 % more than with nothing but sockets side by side,
//! in the order of their making (docs/capacity.md). So a client says by its cohort alone that it is up to date, and
//! takes more; its cursor is the head by being there, and is written down when it falls behind, does something or
//! somebody asks. Who is ended needs none. What is sent about patients is noted once for a cohort, and shared out
//! before anybody joins or leaves one.

use std::collections::HashMap;

use slab::Slab;

use super::disclosed::Disclosed;
use super::subscriber::Interest;

/// A cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CohortId(u32);

/// Every cohort that somebody is in.
#[derive(Default)]
pub(super) struct Cohorts {
    cohorts: Slab<Cohort>,
    by_interest: HashMap<Interest, CohortId>,
    /// Some cohort was sent something about patients that is not shared out.
    has_disclosed: bool,
}

struct Cohort {
    interest: Interest,
    clients: usize,
    /// What each of them is sent about patients, and has not in its own list yet. Noted before it is written: of a client
    /// that is lost in the middle, the audit trail names up to one delivery too much, and never too little.
    disclosed: Disclosed,
}

impl Cohorts {
    /// What the clients of a cohort hear.
    pub(super) fn interest(&self, id: CohortId) -> &Interest {
        &self.cohorts[id.index()].interest
    }

    /// True when a client in `place` belongs to the cohort of `interest`, or to none.
    pub(super) fn is_settled(&self, place: Option<CohortId>, interest: Option<&Interest>) -> bool {
        place.map(|id| self.interest(id)) == interest
    }

    /// Moves a client from `place` to the cohort of `interest`, or out of all. What was disclosed is shared out before.
    pub(super) fn settle(&mut self, place: &mut Option<CohortId>, interest: Option<&Interest>) {
        if self.is_settled(*place, interest) {
            return;
        }
        debug_assert!(!self.has_disclosed, "who comes was not sent it, and who goes takes it along");
        if let Some(id) = place.take() {
            self.leave(id);
        }
        *place = interest.map(|interest| self.join(interest));
    }

    /// Notes what a cohort is sent about patients.
    pub(super) fn disclose(&mut self, id: CohortId, disclosed: &Disclosed) {
        self.cohorts[id.index()].disclosed.join(disclosed);
        self.has_disclosed |= !disclosed.is_empty();
    }

    /// What a cohort was sent about patients since that was forgotten.
    pub(super) fn disclosed(&self, id: CohortId) -> &Disclosed {
        &self.cohorts[id.index()].disclosed
    }

    pub(super) fn has_disclosed(&self) -> bool {
        self.has_disclosed
    }

    /// Forgets what was disclosed: each client has it in its own list.
    pub(super) fn forget_disclosed(&mut self) {
        self.has_disclosed = false;
        self.cohorts.iter_mut().for_each(|(_, cohort)| cohort.disclosed.clear());
    }

    fn join(&mut self, interest: &Interest) -> CohortId {
        let id = self.by_interest.get(interest).copied().unwrap_or_else(|| {
            let cohort = self.cohorts.insert(Cohort {
                interest: interest.clone(),
                clients: 0,
                disclosed: Disclosed::default(),
            });
            // There are at most as many as connections.
            let id = CohortId(u32::try_from(cohort).unwrap_or(u32::MAX));
            self.by_interest.insert(interest.clone(), id);
            id
        });
        self.cohorts[id.index()].clients += 1;
        id
    }

    fn leave(&mut self, id: CohortId) {
        let cohort = &mut self.cohorts[id.index()];
        cohort.clients -= 1;
        if cohort.clients == 0 {
            let Cohort { interest, .. } = self.cohorts.remove(id.index());
            self.by_interest.remove(&interest);
        }
    }
}

impl CohortId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::event::Seq;
    use crate::domain::role::{Role, Topic};
    use crate::hub::subscriber::Subscriber;
    use crate::wire::channel::Channel;

    /// Some interests, no two alike.
    fn interests() -> [Interest; 4] {
        let of = |role, channels: &[Channel]| {
            let mut subscriber = Subscriber::new(role, Seq(0));
            channels.iter().for_each(|channel| subscriber.join(channel.clone(), Seq(0), false));
            subscriber.interest
        };
        let (facility, tasks) = (Channel::Of(Topic::Facility), Channel::Of(Topic::Tasks));
        [
            of(Role::Admin, &[Channel::All]),
            of(Role::Viewer, std::slice::from_ref(&facility)),
            of(Role::Viewer, &[facility.clone(), tasks]),
            of(Role::HeadDoctor, &[facility, Channel::Doctor("dr-1".parse().unwrap())]),
        ]
    }

    proptest! {
        /// Whoever comes, goes or wants something else: each is where its interest is, with all who have the same and
        /// nobody else, and a cohort that nobody is in is forgotten.
        #[test]
        fn clients_with_the_same_interest_are_together(
            steps in prop::collection::vec((0_usize..12, prop::option::of(0_usize..4)), 0..200)
        ) {
            let interests = interests();
            let (mut cohorts, mut places, mut wanted) = (Cohorts::default(), [None; 12], [None; 12]);
            for (client, wants) in steps {
                wanted[client] = wants;
                cohorts.settle(&mut places[client], wants.map(|it| &interests[it]));
                for (place, wants) in places.iter().zip(&wanted) {
                    prop_assert_eq!(place.map(|id| cohorts.interest(id)), wants.map(|it| &interests[it]));
                }
                let distinct = |all: &[Option<u32>]| {
                    let mut all: Vec<u32> = all.iter().flatten().copied().collect();
                    all.sort_unstable();
                    all.dedup();
                    all.len()
                };
                let had = distinct(&places.map(|place| place.map(|CohortId(id)| id)));
                prop_assert_eq!(had, distinct(&wanted.map(|it| it.and_then(|it| u32::try_from(it).ok()))));
                prop_assert_eq!((cohorts.cohorts.len(), cohorts.by_interest.len()), (had, had));
            }
        }
    }
}
