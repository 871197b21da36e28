//! Action items and tasks.

use std::sync::Arc;

use crate::domain::action::{ActionDraft, ActionEdit, ActionItem, ActionStatus};
use crate::domain::entity::FIRST_REVISION;
use crate::domain::event::Event;
use crate::domain::id::{ActionId, TaskId, UserId};
use crate::domain::rejection::Rejection;
use crate::domain::task::{Task, TaskDraft, TaskEdit, TaskStatus};

use super::Deciding;
use super::agent_work::check_deadline_room;

impl Deciding<'_> {
    pub(super) fn create_action(&mut self, draft: &ActionDraft) -> Result<(), Rejection> {
        self.check_action(draft, None)?;
        if !self.state.actions.contains_key(&ActionId::from(self.command.id.derive(0))) {
            self.count_agents_work()?;
            self.push_action(ActionDraft { reasoning: self.reasoned(&draft.reasoning), ..draft.clone() });
        }
        Ok(())
    }

    pub(super) fn update_action(
        &mut self,
        id: &ActionId,
        status: ActionStatus,
        assigned_to: Option<&UserId>,
    ) -> Result<(), Rejection> {
        let edit = ActionEdit {
            status: Some(status),
            assigned_to: Some(assigned_to.cloned()),
            ..ActionEdit::default()
        };
        self.edit_action(id, &edit)
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
        self.check_task(draft, None)?;
        if !self.state.tasks.contains_key(&TaskId::from(self.command.id.derive(0))) {
            self.check_allowed(draft)?;
            self.count_agents_work()?;
            let draft = TaskDraft { reasoning: self.reasoned(&draft.reasoning), ..draft.clone() };
            let task = self.new_task(draft, self.first_status(), false);
            check_deadline_room(&task)?;
            self.push(Event::TaskCreated(Arc::new(task)));
        }
        Ok(())
    }

    pub(super) fn set_task_status(&mut self, id: &TaskId, status: TaskStatus) -> Result<(), Rejection> {
        self.edit_task(id, &TaskEdit { status: Some(status), ..TaskEdit::default() })
    }

    pub(super) fn add_task_note(&mut self, id: &TaskId, text: &str) -> Result<(), Rejection> {
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?;
        let mut task = Task::clone(before);
        self.remark(&mut task, "text", text)?;
        check_deadline_room(&task)?;
        self.push_changed_task(before, task);
        Ok(())
    }

    pub(super) fn delete_task(&mut self, id: &TaskId) {
        if self.state.tasks.contains_key(id) {
            self.push(Event::TaskDeleted(id.clone()));
        }
    }

    pub(super) fn push_task(&mut self, draft: TaskDraft, status: TaskStatus, synthetic: bool) {
        let task = self.new_task(draft, status, synthetic);
        self.push(Event::TaskCreated(Arc::new(task)));
    }

    fn new_task(&mut self, draft: TaskDraft, status: TaskStatus, synthetic: bool) -> Task {
        let mut task = Task {
            id: self.new_id().into(),
            draft,
            status,
            start_time: self.now,
            end_time: None,
            notes: Vec::new(),
            created_by: self.command.actor.clone(),
            synthetic,
            revision: FIRST_REVISION,
            expires_at: None,
            answer_by: None,
        };
        self.set_deadlines(None, &mut task);
        task
    }
}
