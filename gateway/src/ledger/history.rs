//! Items that were closed long ago: they have left memory and stay in the store.

use std::ops::Bound;
use std::sync::Arc;

use super::turn::Turn;
use super::writer::Writer;
use super::{Handle, Snapshot};
use crate::domain::command::{Ask, Command};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::id::TaskId;
use crate::domain::task::Task;
use crate::store::StoreError;

/// The most tasks that one page of the history looks at, wanted or not: at 7 KiB each, 14 MiB at worst. A page that
/// found too few by then is short, and the next one goes on.
pub const HISTORY_RECORDS_READ_MAX: usize = 2_000;

/// A page of closed tasks.
#[derive(Clone, Debug)]
pub struct ClosedTasks {
    /// The tasks, the one written last first.
    pub tasks: Vec<Arc<Task>>,
    /// The next page comes before this one; `None` when there is no more.
    pub next: Option<TaskId>,
    /// The state that the page belongs to.
    pub snapshot: Arc<Snapshot>,
}

impl Handle {
    /// At most `max` closed tasks that are `wanted`, of those written before `before`, the one written last first.
    /// Reads at most [`HISTORY_RECORDS_READ_MAX`] records of the disk: blocks.
    ///
    /// # Errors
    ///
    /// When the disk or a record cannot be read.
    pub fn closed_tasks(
        &self,
        before: Option<&TaskId>,
        max: usize,
        wanted: impl Fn(&Task) -> bool,
    ) -> Result<ClosedTasks, StoreError> {
        let snapshot = self.snapshot();
        let mut page = ClosedTasks { tasks: Vec::new(), next: None, snapshot: snapshot.clone() };
        let mut reached = None;
        for (read, task) in newest_first(&snapshot, self.store().tasks(before), before).enumerate() {
            let task = task?;
            let is_wanted = task.status.is_closed() && wanted(&task);
            if read == HISTORY_RECORDS_READ_MAX || (is_wanted && page.tasks.len() == max) {
                page.next = reached;
                break;
            }
            reached = Some(task.id.clone());
            page.tasks.extend(is_wanted.then_some(task));
        }
        Ok(page)
    }

    /// The task `id` if it is closed, however long ago. Reads at most one record of the disk: blocks.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn closed_task(&self, id: &TaskId) -> Result<Option<Arc<Task>>, StoreError> {
        if let Some(task) = self.snapshot().state.tasks.get(id) {
            return Ok(task.status.is_closed().then(|| task.clone()));
        }
        // An open task that the disk has and memory has not is not durable yet.
        match self.store().entity(&EntityKey::Task(id.clone()))? {
            Some(Entity::Task(task)) if task.status.is_closed() => Ok(Some(task)),
            Some(_) | None => Ok(None),
        }
    }
}

/// The tasks of `snapshot` and those of the disk before `before`, each once. What memory has is right: the disk may not
/// have it yet, or say of it what is not durable yet. What memory has no more is closed, and changes no more.
fn newest_first<'a>(
    snapshot: &'a Snapshot,
    disk: impl Iterator<Item = Result<Arc<Task>, StoreError>> + 'a,
    before: Option<&TaskId>,
) -> impl Iterator<Item = Result<Arc<Task>, StoreError>> + 'a {
    let end = before.map_or(Bound::Unbounded, |before| Bound::Excluded(before.clone()));
    let mut memory = snapshot.state.tasks.range((Bound::Unbounded, end)).rev().peekable();
    let mut disk = disk.peekable();
    std::iter::from_fn(move || match (memory.peek(), disk.peek()) {
        (Some((id, _)), Some(Ok(task))) if **id < task.id => disk.next(),
        (Some((id, _)), there) => {
            // The same one on the disk is passed over; an error of the disk is for the next round.
            if matches!(there, Some(Ok(task)) if task.id == **id) {
                drop(disk.next());
            }
            memory.next().map(|(_, task)| Ok(task.clone()))
        }
        (None, _) => disk.next(),
    })
}

impl Writer {
    /// Brings back into memory what `command` is about, when it was closed long ago: the rules refuse or take
    /// it as they do with what was closed today, and who deletes it deletes it. Names what it brought back.
    pub(super) fn recall(&mut self, command: &Command, turn: &Turn) -> Option<EntityKey> {
        if matches!(command.ask, Ask::CreateTask(_) | Ask::CreateAction(_)) {
            return None;
        }
        let subject = command.ask.subject(command.id);
        let key = subject.filter(|key| matches!(key, EntityKey::Task(_) | EntityKey::Action(_)))?;
        // What this batch has deleted is still on the disk.
        if self.state.get(&key).is_some() || turn.changed.contains(&key) {
            return None;
        }
        match self.store.entity(&key) {
            Ok(entity) => {
                self.state.touch(entity?);
                Some(key)
            }
            Err(error) => {
                // The command is refused: in memory there is no such thing.
                tracing::error!(%error, subject = %key, "what a command is about cannot be read");
                None
            }
        }
    }
}
