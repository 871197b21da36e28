//! The journal as its readers see it: a head to wait for, and everything after a cursor.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::{FEED_EVENTS_KEPT, Snapshot};
use crate::domain::event::{Committed, Seq};
use crate::store::{Store, StoreError};

/// The newest event and the state right after it.
#[derive(Clone, Debug)]
pub struct Head {
    /// The newest event.
    pub seq: Seq,
    /// The state that contains it and nothing after it.
    pub snapshot: Arc<Snapshot>,
}

/// The journal no longer reaches back to a cursor: what came after it is partly gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal begins at {oldest}")]
pub struct Trimmed {
    /// The oldest event that is left.
    pub oldest: Seq,
}

/// Every committed event, in order, for any number of readers. A reader is a cursor: it can be slow, stop and
/// come back, and neither misses an event nor sees one twice; nobody waits for it.
#[derive(Clone)]
pub struct Feed(Arc<Shared>);

struct Shared {
    /// The newest events, without holes.
    recent: RwLock<VecDeque<Arc<Committed>>>,
    head: watch::Sender<Head>,
    store: Arc<Store>,
}

impl Feed {
    /// A feed that begins with what the journal kept last: after a restart every client of the house resumes at
    /// once, and each would read the same records.
    pub(super) fn open(store: Arc<Store>, head: watch::Sender<Head>) -> Result<Self, StoreError> {
        let kept = u64::try_from(FEED_EVENTS_KEPT).unwrap_or(u64::MAX);
        let after = Seq(head.borrow().seq.0.saturating_sub(kept));
        let mut recent = VecDeque::new();
        for event in store.journal(after) {
            let event = Arc::new(event?);
            if recent.back().is_some_and(|last: &Arc<Committed>| last.seq.next() != event.seq) {
                recent.clear();
            }
            recent.push_back(event);
        }
        Ok(Self(Arc::new(Shared { recent: RwLock::new(recent), head, store })))
    }

    /// Watches the head. It moves once per batch, after the batch is durable and published; in place, with the
    /// same seq and a newer snapshot, after a batch without events that changed who may do what.
    pub fn head(&self) -> watch::Receiver<Head> {
        self.0.head.subscribe()
    }

    /// Returns at most `max` events after `cursor`, oldest first; none when `cursor` is the head.
    ///
    /// Reads the disk when `cursor` is further behind than [`FEED_EVENTS_KEPT`].
    ///
    /// # Errors
    ///
    /// The outer error when the disk cannot be read, the inner when the journal was trimmed past `cursor`.
    pub fn after(&self, cursor: Seq, max: usize) -> Result<Result<Vec<Arc<Committed>>, Trimmed>, StoreError> {
        {
            let recent = self.0.recent.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(oldest) = recent.front().filter(|oldest| oldest.seq <= cursor.next()) {
                let behind = usize::try_from(cursor.next().0 - oldest.seq.0).unwrap_or(usize::MAX);
                return Ok(Ok(recent.iter().skip(behind).take(max).cloned().collect()));
            }
        }
        // Behind the head at this moment; an event committed meanwhile comes with the next call.
        let head = self.0.head.borrow().seq;
        let mut events = Vec::new();
        let mut expected = cursor.next();
        for event in self.0.store.journal(cursor).take(max) {
            let event = event?;
            if event.seq > head {
                break;
            }
            if event.seq != expected {
                // The ledger trims meanwhile: what is left after a hole comes after the reader heard of the hole.
                let trimmed = Trimmed { oldest: event.seq };
                return Ok(if events.is_empty() { Err(trimmed) } else { Ok(events) });
            }
            expected = expected.next();
            events.push(Arc::new(event));
        }
        Ok(Ok(events))
    }

    /// The store that holds the journal, to read.
    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Tells every reader of a batch that is durable and published.
    pub(super) fn broadcast(&self, events: Vec<Arc<Committed>>, head: Head) {
        {
            let mut recent = self.0.recent.write().unwrap_or_else(PoisonError::into_inner);
            recent.extend(events);
            let surplus = recent.len().saturating_sub(FEED_EVENTS_KEPT);
            recent.drain(..surplus);
        }
        self.0.head.send_replace(head);
    }
}
