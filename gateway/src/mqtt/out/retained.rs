//! What the broker should hold, what it was given, and what waits to be given. Pure.
//!
//! One thing waits once, however often it moves meanwhile: what it says is read when its turn comes. So a slow broker
//! costs a place per topic, and gets the newest word. Turns come in rounds, for whose pace the publisher cares: each thing
//! has one turn in each.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;

use super::topics::{Topic, Topics};
use super::{Publication, TOPICS_MAX, discovery, state};
use crate::domain::event::Event;
use crate::domain::state::State;

/// What is known of one topic.
#[derive(Debug, Default)]
struct Known {
    /// What was given last. Empty after a removal: it is remembered, for it can get lost on the way.
    given: Option<Bytes>,
    /// It is to be given once more, although it is the same.
    again: bool,
    /// It has a place in the queue.
    waits: bool,
}

/// The broker's retained messages, as far as they are ours.
#[derive(Debug)]
pub(super) struct Retained {
    topics: Topics,
    gateway_name: String,
    known: HashMap<Topic, Known>,
    /// What waits for the next round.
    queue: VecDeque<Topic>,
    /// What waits for its turn in this one.
    round: VecDeque<Topic>,
    is_full: bool,
}

impl Retained {
    pub(super) fn new(topics: Topics, gateway_name: String) -> Self {
        Self {
            topics,
            gateway_name,
            known: HashMap::new(),
            queue: VecDeque::new(),
            round: VecDeque::new(),
            is_full: false,
        }
    }

    /// Everything is to be given anew, and what was given and is gone is to be removed again.
    pub(super) fn anew(&mut self, state: &State) {
        self.forget_waiting();
        self.known.values_mut().for_each(|it| it.again = true);
        state::every(state).into_iter().for_each(|topic| self.wait(topic));
        let mut gone: Vec<Topic> =
            self.known.iter().filter(|(_, it)| !it.waits).map(|(topic, _)| topic.clone()).collect();
        gone.sort_unstable();
        gone.into_iter().for_each(|topic| self.wait(topic));
    }

    /// Takes in what `event` moves. `state` contains it, and perhaps what came after it.
    pub(super) fn follow(&mut self, event: &Event, state: &State) {
        match state::moved_by(event, state) {
            state::Moved::Topics(topics) => topics.into_iter().for_each(|topic| self.wait(topic)),
            state::Moved::Everything => self.compare(state),
        }
    }

    /// Everything is looked at, and given where it differs.
    pub(super) fn compare(&mut self, state: &State) {
        let given: Vec<Topic> = self.known.keys().cloned().collect();
        state::every(state).into_iter().chain(given).for_each(|topic| self.wait(topic));
    }

    /// Every room's occupancy is to be given again, although it is the same.
    pub(super) fn repeat_occupancy(&mut self, state: &State) {
        for id in state.rooms.keys() {
            let topic = Topic::RoomOccupancy(id.clone());
            self.wait(topic.clone());
            self.known.entry(topic).and_modify(|it| it.again = true);
        }
    }

    /// The broker has retained something under `name`. If it is ours and nothing is there any more, it is removed.
    pub(super) fn found(&mut self, name: &str) {
        if let Some(topic) = self.topics.parse(name) {
            self.wait(topic);
        }
    }

    /// Nothing waits any more: the broker is away, and everything is given anew when it is back.
    pub(super) fn forget_waiting(&mut self) {
        self.queue.clear();
        self.round.clear();
        self.known.values_mut().for_each(|it| it.waits = false);
        self.known.retain(|_, it| it.given.is_some());
    }

    /// True when something may be to be given in this round.
    pub(super) fn has_turns(&self) -> bool {
        !self.round.is_empty()
    }

    /// True when something may be to be given in the next round.
    pub(super) fn waits(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Begins a round with what waits. What is left of the one before comes first.
    pub(super) fn begin_round(&mut self) {
        self.round.append(&mut self.queue);
    }

    /// How many things wait, in this round and for the next.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.queue.len() + self.round.len()
    }

    /// True since the last time it was asked, when a topic had no place.
    pub(super) fn was_full(&mut self) -> bool {
        std::mem::take(&mut self.is_full)
    }

    /// The next publication of this round, as `state` has it. What the broker has already is passed over.
    pub(super) fn next(&mut self, state: &State) -> Option<Publication> {
        while let Some(topic) = self.round.pop_front() {
            let known = self.known.entry(topic.clone()).or_default();
            known.waits = false;
            let Some(name) = self.topics.name(&topic) else {
                self.known.remove(&topic);
                continue;
            };
            if matches!(topic, Topic::RetainedDiscovery(_)) {
                self.known.remove(&topic);
                if is_found(&name, state, &self.topics) {
                    continue;
                }
                return Some(Publication::fact(name, Bytes::new()));
            }
            let payload = payload(&topic, state, &self.topics, &self.gateway_name).unwrap_or_default();
            if std::mem::take(&mut known.again) || known.given.as_ref() != Some(&payload) {
                known.given = Some(payload.clone());
                return Some(Publication::fact(name, payload));
            }
        }
        None
    }

    fn wait(&mut self, topic: Topic) {
        if !self.known.contains_key(&topic) && self.known.len() >= TOPICS_MAX {
            // What was removed makes place first: it is most likely gone.
            self.known.retain(|_, it| it.waits || it.given.as_ref().is_none_or(|given| !given.is_empty()));
            if self.known.len() >= TOPICS_MAX {
                self.is_full = true;
                return;
            }
        }
        let known = self.known.entry(topic.clone()).or_default();
        if !std::mem::replace(&mut known.waits, true) {
            self.queue.push_back(topic);
        }
    }
}

/// What is to be retained under `topic`; `None` for nothing.
fn payload(topic: &Topic, state: &State, topics: &Topics, gateway_name: &str) -> Option<Bytes> {
    discovery::document(topic, state, topics, gateway_name).or_else(|| state::payload(topic, state))
}

/// True when the discovery under `name` is of something that is there.
fn is_found(name: &str, state: &State, topics: &Topics) -> bool {
    let rooms = state.rooms.keys().cloned().map(Topic::RoomDiscovery);
    let equipment = state.equipment.keys().cloned().map(Topic::EquipmentDiscovery);
    let mut every = [Topic::GatewayDiscovery].into_iter().chain(rooms).chain(equipment);
    every.any(|topic| topics.name(&topic).is_some_and(|own| own == name))
}
