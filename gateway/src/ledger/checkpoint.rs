//! Checkpoints: when the things that events changed are written as they are now.
//!
//! An event is durable with its batch, and holds the whole thing that it changed. The thing itself is written by
//! and by: a room that changes a hundred times within a second is written once, where sled would write its
//! neighbours a hundred times too. A start reads the things, and applies what the journal says after the last checkpoint.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::Seq;
use crate::domain::rules::Rules;
use crate::domain::state::State;
use crate::store::{Batch, Store, StoreError};

/// How often things are written while events come: what a start has to apply again is no more than that.
const EVERY: Duration = Duration::from_secs(1);
/// Things that wait for a checkpoint at most, to keep its batch small.
const UNWRITTEN_MAX: usize = 512;

/// The things that only the journal tells as they are now.
pub(super) struct Unwritten {
    keys: BTreeSet<EntityKey>,
    /// `None` before the first checkpoint of this process: it is due at once.
    written_at: Option<Instant>,
}

impl Unwritten {
    /// Adds what a batch changed.
    pub(super) fn extend(&mut self, changed: BTreeSet<EntityKey>) {
        self.keys.extend(changed);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// True when the next batch has to write them.
    pub(super) fn is_due(&self) -> bool {
        self.keys.len() >= UNWRITTEN_MAX || self.written_at.is_none_or(|at| at.elapsed() >= EVERY)
    }

    /// Adds all of them to `batch`, as they are in `state` right after `seq`.
    pub(super) fn write(&self, batch: &mut Batch, state: &State, seq: Seq) {
        for key in &self.keys {
            match state.get(key) {
                Some(entity) => batch
                    .put(&entity)
                    .expect("a record was measured, and an entity is smaller than its event, which fitted"),
                None => batch.delete(key),
            }
        }
        batch.checkpoint(seq);
    }

    /// The batch is committed.
    pub(super) fn written(&mut self) {
        self.keys.clear();
        self.written_at = Some(Instant::now());
    }
}

/// The state right after the newest event of `store`, and what of it is in the journal only.
///
/// # Errors
///
/// When the store cannot be read.
pub(super) fn restore(store: &Store, rules: Rules) -> Result<(State, Unwritten), StoreError> {
    let entities = store.entities().collect::<Result<Vec<Entity>, _>>()?;
    let mut state = State::new(rules, entities);
    let mut keys = BTreeSet::new();
    // A store without a checkpoint is of a time when each batch was one.
    if let Some(checkpoint) = store.checkpoint()? {
        for event in store.journal(checkpoint) {
            let event = event?;
            state.apply(&event.event, &mut keys, event.at);
        }
    }
    Ok((state, Unwritten { keys, written_at: None }))
}
