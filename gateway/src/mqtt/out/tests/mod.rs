//! What reaches the broker.

mod follows;
mod home_assistant;
mod laws;
mod payloads;

use std::collections::BTreeMap;

use bytes::Bytes;

use super::retained::Retained;
use super::topics::Topics;
use super::{Publication, Qos};
use crate::domain::state::State;

pub(super) fn topics() -> Topics {
    Topics::new("caresync/clinic-1", "clinic-1", Some("homeassistant"))
}

/// What a broker retains.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shelf(BTreeMap<String, Bytes>);

/// The next publication, in whatever round.
pub(super) fn next(retained: &mut Retained, state: &State) -> Option<Publication> {
    if !retained.has_turns() {
        retained.begin_round();
    }
    retained.next(state)
}

impl Shelf {
    pub(super) fn take(&mut self, publication: Publication) {
        let Publication { topic, payload, retain, qos } = publication;
        assert!(retain && qos == Qos::AtLeastOnce, "{topic}");
        if payload.is_empty() {
            self.0.remove(&topic);
        } else {
            self.0.insert(topic, payload);
        }
    }

    /// Takes at most `most` of what waits in `retained`.
    pub(super) fn take_some(&mut self, retained: &mut Retained, state: &State, most: usize) {
        for _ in 0..most {
            let Some(publication) = next(retained, state) else { return };
            self.take(publication);
        }
    }

    /// What a broker holds that has heard nothing but `state` as it is.
    pub(super) fn of(state: &State) -> Self {
        let (mut shelf, mut retained) = (Self::default(), Retained::new(topics(), "The clinic".into()));
        retained.anew(state);
        shelf.take_some(&mut retained, state, usize::MAX);
        shelf
    }

    pub(super) fn text(&self, topic: &str) -> Option<&str> {
        self.0.get(topic).map(|payload| std::str::from_utf8(payload).unwrap())
    }

    pub(super) fn json(&self, topic: &str) -> serde_json::Value {
        serde_json::from_str(self.text(topic).unwrap_or_else(|| panic!("{topic} is not retained"))).unwrap()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.keys().map(|topic| (topic.as_str(), self.text(topic).unwrap()))
    }
}
