//! Edits of action items and tasks: each is one command, however many fields it changes.

use std::sync::Arc;

use crate::domain::action::{ActionDraft, ActionEdit, ActionItem, ActionStatus};
use crate::domain::event::Event;
use crate::domain::id::{ActionId, DoctorId, EquipmentId, RoomId, TaskId, UserId};
use crate::domain::rejection::Rejection;
use crate::domain::rules::{
    CONTEXT_BYTES_MAX, SUGGESTED_ACTIONS_MAX, TASK_KIND_BYTES_MAX, TASK_MINUTES_MAX, TASK_NOTES_MAX,
};
use crate::domain::task::{Assignee, Task, TaskDraft, TaskEdit, TaskNote, is_plain_kind};

use super::agent_work::check_deadline_room;
use super::{Deciding, check_text};

impl Deciding<'_> {
    pub(super) fn edit_action(&mut self, id: &ActionId, edit: &ActionEdit) -> Result<(), Rejection> {
        let before = self.state.actions.get(id).ok_or_else(|| Rejection::not_found("action item", id))?;
        let mut item = ActionItem::clone(before);
        set(&mut item.status, &edit.status);
        set(&mut item.assigned_to, &edit.assigned_to);
        let draft = &mut item.draft;
        set(&mut draft.urgency, &edit.urgency);
        set(&mut draft.title, &edit.title);
        set(&mut draft.description, &edit.description);
        set(&mut draft.context, &edit.context);
        set(&mut draft.reasoning, &edit.reasoning);
        set(&mut draft.suggested_actions, &edit.suggested_actions);
        set(&mut draft.doctor_id, &edit.doctor_id);
        set(&mut draft.room_id, &edit.room_id);
        set(&mut draft.equipment_id, &edit.equipment_id);
        if item == **before {
            return Ok(());
        }
        if before.status == ActionStatus::Completed {
            return Err(Rejection::Conflict(format!("action item \"{id}\" is completed; write a new one")));
        }
        self.check_action(&item.draft, Some(&before.draft))?;
        if let Some(user) =
            item.assigned_to.as_ref().filter(|user| before.assigned_to.as_ref() != Some(*user))
        {
            self.check_user("assigned_to", user)?;
        }
        if item.status == ActionStatus::Completed {
            item.completed_at = Some(self.now);
            item.completed_by = Some(self.command.actor.clone());
        }
        item.revision += 1;
        self.push(Event::ActionUpdated(Arc::new(item)));
        Ok(())
    }

    /// Changes a task. A closed one takes remarks and nothing else.
    pub(super) fn edit_task(&mut self, id: &TaskId, edit: &TaskEdit) -> Result<(), Rejection> {
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?;
        let mut task = Task::clone(before);
        set(&mut task.status, &edit.status);
        let draft = &mut task.draft;
        set(&mut draft.priority, &edit.priority);
        set(&mut draft.assignee, &edit.assignee);
        set(&mut draft.description, &edit.description);
        set(&mut draft.estimated_duration, &edit.estimated_duration);
        set(&mut draft.doctor_id, &edit.doctor_id);
        set(&mut draft.room_id, &edit.room_id);
        set(&mut draft.equipment_id, &edit.equipment_id);
        if task != **before {
            if task.status != before.status {
                self.check_approval(before, task.status)?;
            }
            if task.draft != before.draft {
                self.check_agents_words(before)?;
                if task.draft.assignee != before.draft.assignee {
                    self.check_allowed(&task.draft)?;
                }
            }
            if before.status.is_closed() {
                return Err(Rejection::Conflict(format!("task \"{id}\" is closed; write a new one")));
            }
            self.check_task(&task.draft, Some(&before.draft))?;
            task.end_time = task.status.is_closed().then_some(self.now);
        }
        if let Some(text) = &edit.note {
            self.remark(&mut task, "notes", text)?;
        }
        let status = task.status;
        self.set_deadlines(Some(before), &mut task);
        check_deadline_room(&task)?;
        self.push_changed_task(before, task);
        if status != before.status {
            self.cleaning_moves(before, status);
            if status.is_closed() {
                self.complete_items_about(id);
            }
        }
        Ok(())
    }

    pub(super) fn push_changed_task(&mut self, before: &Task, mut task: Task) {
        if task != *before {
            task.revision += 1;
            self.push(Event::TaskUpdated(Arc::new(task)));
        }
    }

    /// Adds a remark. The same person saying the same again, at once, is a repeat.
    pub(super) fn remark(&self, task: &mut Task, field: &'static str, text: &str) -> Result<(), Rejection> {
        check_text(field, text)?;
        if task.notes.last().is_some_and(|note| note.text == text && note.by == self.command.actor) {
            return Ok(());
        }
        if task.notes.len() >= TASK_NOTES_MAX {
            let reason = format!("task \"{}\" already has {TASK_NOTES_MAX} notes", task.id);
            return Err(Rejection::Conflict(reason));
        }
        task.notes.push(TaskNote { text: text.into(), by: self.command.actor.clone(), at: self.now });
        Ok(())
    }

    /// Checks what an action item says; ids only where they differ from `before`, since what it names may be gone.
    pub(super) fn check_action(
        &self,
        draft: &ActionDraft,
        before: Option<&ActionDraft>,
    ) -> Result<(), Rejection> {
        check_text("title", &draft.title)?;
        check_text("description", &draft.description)?;
        draft.reasoning.as_deref().map_or(Ok(()), |text| check_text("reasoning", text))?;
        if draft.suggested_actions.len() > SUGGESTED_ACTIONS_MAX {
            let reason =
                format!("are {}; the most is {SUGGESTED_ACTIONS_MAX}", draft.suggested_actions.len());
            return Err(Rejection::invalid("suggested_actions", reason));
        }
        draft.suggested_actions.iter().try_for_each(|text| check_text("suggested_actions", text))?;
        let context_bytes = serde_json::to_vec(&draft.context).map_or(usize::MAX, |json| json.len());
        if context_bytes > CONTEXT_BYTES_MAX {
            let reason = format!("is {context_bytes} bytes of JSON; the most is {CONTEXT_BYTES_MAX}");
            return Err(Rejection::invalid("context", reason));
        }
        self.check_named(&draft.doctor_id, before.map(|it| &it.doctor_id))?;
        self.check_named(&draft.room_id, before.map(|it| &it.room_id))?;
        self.check_named(&draft.equipment_id, before.map(|it| &it.equipment_id))
    }

    /// Checks what a task says; type and ids only where they differ from `before`, since a store of before may hold
    /// another type, and what the ids name may be gone.
    pub(super) fn check_task(&self, draft: &TaskDraft, before: Option<&TaskDraft>) -> Result<(), Rejection> {
        if before.is_none_or(|before| before.kind != draft.kind) {
            check_slug("type", &draft.kind)?;
        }
        check_text("description", &draft.description)?;
        draft.reasoning.as_deref().map_or(Ok(()), |text| check_text("reasoning", text))?;
        if draft.estimated_duration.is_some_and(|minutes| minutes > TASK_MINUTES_MAX) {
            let reason = format!("is in minutes; the most is {TASK_MINUTES_MAX}, which is a week");
            return Err(Rejection::invalid("estimated_duration", reason));
        }
        if before.is_none_or(|before| before.assignee != draft.assignee)
            && let Assignee::User(user) = &draft.assignee
        {
            self.check_user("assignee", user)?;
        }
        self.check_named(&draft.doctor_id, before.map(|it| &it.doctor_id))?;
        self.check_named(&draft.room_id, before.map(|it| &it.room_id))?;
        self.check_named(&draft.equipment_id, before.map(|it| &it.equipment_id))
    }

    fn check_named<I: Named>(&self, id: &Option<I>, before: Option<&Option<I>>) -> Result<(), Rejection> {
        match id {
            Some(named) if before != Some(id) => named.check(self),
            _ => Ok(()),
        }
    }

    pub(super) fn check_room(&self, field: &'static str, id: &RoomId) -> Result<(), Rejection> {
        if self.state.rooms.contains_key(id) {
            return Ok(());
        }
        Err(Rejection::invalid(field, format!("room \"{id}\" does not exist")))
    }

    fn check_user(&self, field: &'static str, id: &UserId) -> Result<(), Rejection> {
        if self.state.access.users.get(id).is_some_and(|user| user.is_open()) {
            return Ok(());
        }
        let reason = format!("\"{id}\" is no open account; name one by its id, \"staff\" or \"agent\"");
        let reason = if field == "assignee" { reason } else { format!("\"{id}\" is no open account") };
        Err(Rejection::invalid(field, reason))
    }
}

/// An id that an item may name.
trait Named: PartialEq {
    fn check(&self, deciding: &Deciding<'_>) -> Result<(), Rejection>;
}

impl Named for DoctorId {
    fn check(&self, deciding: &Deciding<'_>) -> Result<(), Rejection> {
        deciding.check_doctor("doctor_id", self)
    }
}

impl Named for RoomId {
    fn check(&self, deciding: &Deciding<'_>) -> Result<(), Rejection> {
        deciding.check_room("room_id", self)
    }
}

impl Named for EquipmentId {
    fn check(&self, deciding: &Deciding<'_>) -> Result<(), Rejection> {
        if deciding.state.equipment.contains_key(self) {
            return Ok(());
        }
        Err(Rejection::invalid("equipment_id", format!("equipment \"{self}\" does not exist")))
    }
}

fn set<T: Clone>(field: &mut T, edit: &Option<T>) {
    if let Some(value) = edit {
        field.clone_from(value);
    }
}

/// Checks a word that every view shows: a slug cannot say who is ill.
fn check_slug(field: &'static str, word: &str) -> Result<(), Rejection> {
    if is_plain_kind(word) {
        return Ok(());
    }
    let reason = format!(
        "is one word of 1 to {TASK_KIND_BYTES_MAX} letters a-z, digits, `_` or `-`, such as \"cleaning\"; say the rest in description"
    );
    Err(Rejection::invalid(field, reason))
}
