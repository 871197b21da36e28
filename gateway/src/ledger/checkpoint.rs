//! Checkpoints: when the things that events changed are written as they are now.
//!
//! An event is durable with its batch, and holds the whole thing that it changed. The thing itself is written by
//! and by: a room that changes a hundred times within a second is written once, where sled would write its
//! neighbours a hundred times too. A start reads the things, and applies what the journal says after the last checkpoint.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{Event, Seq};
use crate::domain::rules::Rules;
use crate::domain::state::State;
use crate::store::{Batch, Store, StoreError};

/// How often things are written while events come: what a start has to apply again is no more than that.
const EVERY: Duration = Duration::from_secs(1);
/// Things that wait for a checkpoint at most, to keep its batch to some tens of milliseconds' work. More than change within a
/// second, or each of them is written again with every few of its changes: 256 devices change 512 things.
const UNWRITTEN_MAX: usize = 2_048;

/// The things that only the journal tells as they are now.
pub(super) struct Unwritten {
    keys: BTreeSet<EntityKey>,
    /// One of them is gone: on the disk it would be there still, for who reads there what memory has let go.
    has_gone: bool,
    /// `None` before the first checkpoint of this process: it is due at once.
    written_at: Option<Instant>,
}

impl Unwritten {
    /// Adds what a batch changed, which is in `state` already.
    pub(super) fn extend(&mut self, changed: BTreeSet<EntityKey>, state: &State) {
        self.has_gone |= changed.iter().any(|key| state.get(key).is_none());
        self.keys.extend(changed);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// True when the next batch has to write them.
    pub(super) fn is_due(&self) -> bool {
        let is_full = self.keys.len() >= UNWRITTEN_MAX;
        is_full || self.has_gone || self.written_at.is_none_or(|at| at.elapsed() >= EVERY)
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
        self.has_gone = false;
        self.written_at = Some(Instant::now());
    }
}

/// The state right after the newest event of `store`, and what of it is in the journal only.
///
/// # Errors
///
/// When the store cannot be read.
pub(super) fn restore(store: &Store, rules: Rules) -> Result<(State, Unwritten), StoreError> {
    let mut state = load(store, rules)?;
    let mut keys = BTreeSet::new();
    // A store without a checkpoint is of a time when each batch was one.
    if let Some(checkpoint) = store.checkpoint()? {
        for event in store.journal(Seq(checkpoint.0.saturating_sub(1))) {
            let event = event?;
            if event.seq <= checkpoint {
                // The checkpoint's own event is in it; what is counted goes on from its time.
                state = state.resumed_after(event.at);
            } else {
                recall(store, &event.event, &mut state)?;
                state.apply(&event.event, &mut keys, event.at);
            }
        }
    }
    recall_marks(store, &mut state)?;
    Ok((state, Unwritten { keys, has_gone: false, written_at: None }))
}

/// Brings back which message of each device was the newest of which something came. What its entity says may be older,
/// or newer than what was kept of that message's readings.
fn recall_marks(store: &Store, state: &mut State) -> Result<(), StoreError> {
    let mut marks = store.marks()?;
    let devices: Vec<_> = state.devices.values().cloned().collect();
    for mut device in devices {
        let mark = marks.remove(&device.id);
        if device.mark != mark {
            Arc::make_mut(&mut device).mark = mark;
            state.touch(Entity::Device(device));
        }
    }
    Ok(())
}

/// Brings back what was closed long ago and is changed once more: it was in memory when that was decided, and what
/// is counted depends on what it was.
fn recall(store: &Store, event: &Event, state: &mut State) -> Result<(), StoreError> {
    let key = match event {
        Event::TaskUpdated(task) => EntityKey::Task(task.id.clone()),
        Event::ActionUpdated(item) => EntityKey::Action(item.id.clone()),
        _ => return Ok(()),
    };
    if state.get(&key).is_none()
        && let Some(closed) = store.entity(&key)?
    {
        state.touch(closed);
    }
    Ok(())
}

/// The state at the checkpoint, one entity after the other: what is closed for long is let go again on the way.
fn load(store: &Store, rules: Rules) -> Result<State, StoreError> {
    let mut failed = None;
    let entities = store.entities().map_while(|entity| entity.map_err(|error| failed = Some(error)).ok());
    let state = State::new(rules, entities);
    failed.map_or(Ok(state), Err)
}
