//! Action items and tasks.

use std::sync::Arc;

use crate::domain::action::{ActionDraft, ActionItem, ActionStatus};
use crate::domain::entity::FIRST_REVISION;
use crate::domain::event::Event;
use crate::domain::id::{ActionId, TaskId, UserId};
use crate::domain::rejection::Rejection;
use crate::domain::rules::{CONTEXT_BYTES_MAX, TASK_NOTES_MAX};
use crate::domain::task::{Task, TaskDraft, TaskNote, TaskStatus};

use super::{Deciding, check_text};

impl Deciding<'_> {
    pub(super) fn create_action(&mut self, draft: &ActionDraft) -> Result<(), Rejection> {
        check_text("title", &draft.title)?;
        check_text("description", &draft.description)?;
        draft.reasoning.as_deref().map_or(Ok(()), |text| check_text("reasoning", text))?;
        draft.suggested_actions.iter().try_for_each(|text| check_text("suggested_actions", text))?;
        let context_bytes = serde_json::to_vec(&draft.context).map_or(usize::MAX, |json| json.len());
        if context_bytes > CONTEXT_BYTES_MAX {
            let reason = format!("is {context_bytes} bytes of JSON; the most is {CONTEXT_BYTES_MAX}");
            return Err(Rejection::invalid("context", reason));
        }
        if !self.state.actions.contains_key(&ActionId::from(self.command.id.derive(0))) {
            self.push_action(draft.clone());
        }
        Ok(())
    }

    pub(super) fn update_action(
        &mut self,
        id: &ActionId,
        status: ActionStatus,
        assigned_to: Option<&UserId>,
    ) -> Result<(), Rejection> {
        let before = self.state.actions.get(id).ok_or_else(|| Rejection::not_found("action item", id))?;
        let mut item = ActionItem::clone(before);
        item.status = status;
        item.assigned_to = assigned_to.cloned();
        if item == **before {
            return Ok(());
        }
        if before.status == ActionStatus::Completed {
            return Err(Rejection::Conflict(format!("action item \"{id}\" is completed; write a new one")));
        }
        item.revision += 1;
        if status == ActionStatus::Completed {
            item.completed_at = Some(self.now);
            item.completed_by = Some(self.command.actor.clone());
        }
        self.push(Event::ActionUpdated(Arc::new(item)));
        Ok(())
    }

    pub(super) fn delete_action(&mut self, id: &ActionId) {
        if self.state.actions.contains_key(id) {
            self.push(Event::ActionDeleted(id.clone()));
        }
    }

    /// Closes an action item whose matter is settled. One that is closed or gone stays so.
    pub(super) fn complete_action(&mut self, id: &ActionId) {
        let Some(before) = self.state.actions.get(id).filter(|it| it.status != ActionStatus::Completed)
        else {
            return;
        };
        let item = ActionItem {
            status: ActionStatus::Completed,
            completed_at: Some(self.now),
            completed_by: Some(self.command.actor.clone()),
            revision: before.revision + u64::from(self.command.actor.edits()),
            ..ActionItem::clone(before)
        };
        self.push(Event::ActionUpdated(Arc::new(item)));
    }

    pub(super) fn push_action(&mut self, draft: ActionDraft) -> ActionId {
        let id = ActionId::from(self.new_id());
        let item = ActionItem {
            id: id.clone(),
            draft,
            status: ActionStatus::Pending,
            assigned_to: None,
            created_at: self.now,
            created_by: self.command.actor.clone(),
            completed_at: None,
            completed_by: None,
            revision: FIRST_REVISION,
        };
        self.push(Event::ActionCreated(Arc::new(item)));
        id
    }

    pub(super) fn create_task(&mut self, draft: &TaskDraft) -> Result<(), Rejection> {
        check_text("type", &draft.kind)?;
        check_text("description", &draft.description)?;
        draft.reasoning.as_deref().map_or(Ok(()), |text| check_text("reasoning", text))?;
        if !self.state.tasks.contains_key(&TaskId::from(self.command.id.derive(0))) {
            self.push_task(draft.clone(), self.first_status(), false);
        }
        Ok(())
    }

    pub(super) fn set_task_status(&mut self, id: &TaskId, status: TaskStatus) -> Result<(), Rejection> {
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?;
        if before.status == status {
            return Ok(());
        }
        self.check_approval(before, status)?;
        if before.status.is_closed() {
            return Err(Rejection::Conflict(format!("task \"{id}\" is closed; write a new one")));
        }
        let end_time = status.is_closed().then_some(self.now);
        let task = Task { status, end_time, revision: before.revision + 1, ..Task::clone(before) };
        self.push(Event::TaskUpdated(Arc::new(task)));
        self.cleaning_moves(before, status);
        Ok(())
    }

    /// Adds a remark. The same person saying the same again, at once, is a repeat.
    pub(super) fn add_task_note(&mut self, id: &TaskId, text: &str) -> Result<(), Rejection> {
        check_text("text", text)?;
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?;
        if before.notes.last().is_some_and(|note| note.text == text && note.by == self.command.actor) {
            return Ok(());
        }
        if before.notes.len() >= TASK_NOTES_MAX {
            return Err(Rejection::Conflict(format!("task \"{id}\" already has {TASK_NOTES_MAX} notes")));
        }
        let mut task = Task::clone(before);
        task.revision += 1;
        task.notes.push(TaskNote { text: text.into(), by: self.command.actor.clone(), at: self.now });
        self.push(Event::TaskUpdated(Arc::new(task)));
        Ok(())
    }

    pub(super) fn delete_task(&mut self, id: &TaskId) {
        if self.state.tasks.contains_key(id) {
            self.push(Event::TaskDeleted(id.clone()));
        }
    }

    pub(super) fn push_task(&mut self, draft: TaskDraft, status: TaskStatus, synthetic: bool) {
        let task = Task {
            id: self.new_id().into(),
            draft,
            status,
            start_time: self.now,
            end_time: None,
            notes: Vec::new(),
            created_by: self.command.actor.clone(),
            synthetic,
            revision: FIRST_REVISION,
        };
        self.push(Event::TaskCreated(Arc::new(task)));
    }
}
