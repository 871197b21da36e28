//! What the agent is given to do, what it proposes, and what staff think of it.

use std::sync::Arc;

use serde_json::Map;

use crate::domain::action::{ActionDraft, ActionKind, ActionStatus};
use crate::domain::actor::Actor;
use crate::domain::agent::{
    AgentAnswer, AgentWork, DEADLINE_ROOM_BYTES, FEEDBACK_BYTES_MAX, FEEDBACK_KEPT, Feedback, Verdict,
};
use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::event::Event;
use crate::domain::id::{ActionId, TaskId};
use crate::domain::rejection::Rejection;
use crate::domain::rules::RECORD_BYTES_MAX;
use crate::domain::task::{Assignee, Task, TaskEdit, TaskStatus};

use super::{Deciding, check_bytes};

/// The field of an action item's `context` that names the task it is about.
const ABOUT_TASK: &str = "task_id";

impl Deciding<'_> {
    /// Sets what time will do to `task`: end a proposal of the agent's, or give staff what the agent does not answer.
    pub(super) fn set_deadlines(&self, before: Option<&Task>, task: &mut Task) {
        let rails = &self.state.rules().agent;
        let is_agents = matches!(task.created_by, Actor::Agent(_));
        task.expires_at = (is_agents && task.status == TaskStatus::Proposed)
            .then(|| task.expires_at.unwrap_or_else(|| self.now.plus(rails.expires_after)));
        let is_for_agent =
            |task: &Task| task.draft.assignee == Assignee::Agent && task.status == TaskStatus::Pending;
        // What it takes upon itself it knows of already.
        let is_offered = is_for_agent(task) && !self.is_agents();
        let was_for_agent = before.is_some_and(is_for_agent);
        task.answer_by = match (is_offered, was_for_agent) {
            (true, false) => rails.answers_within.map(|within| self.now.plus(within)),
            (true, true) => task.answer_by,
            (false, _) => None,
        };
    }

    /// Staff did not decide, or the agent did not answer.
    pub(super) fn task_due(&mut self, id: &TaskId) {
        let before = self.state.tasks[id].clone();
        let mut task = Task::clone(&before);
        if let Some(at) = task.expires_at.take() {
            // As long as what it takes the place of: a record that was full stays as it was.
            (task.status, task.end_time) = (TaskStatus::Cancelled, Some(at));
            self.push(Event::TaskUpdated(Arc::new(task)));
            return;
        }
        task.answer_by = None;
        task.draft.assignee = Assignee::Staff;
        self.push(Event::TaskUpdated(Arc::new(task)));
        let within = self.state.rules().agent.answers_within.unwrap_or_default().as_secs();
        let text = format!("It was offered to the agent, which did not answer within {within} seconds.");
        self.push_item_about(&before, ActionKind::Escalation, "The agent does not answer", text, None);
    }

    /// The agent says what it does about a task that it was offered. Staff who were quicker have it.
    pub(super) fn answer_task(&mut self, id: &TaskId, answer: &AgentAnswer) -> Result<(), Rejection> {
        if !self.is_agents() {
            return Err(self.forbidden("only the agent answers what it is offered".into()));
        }
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?.clone();
        let is_agents = before.draft.assignee == Assignee::Agent;
        let said_so =
            |text: &str| before.notes.iter().any(|note| note.text == text && note.by == self.command.actor);
        match answer {
            AgentAnswer::Taken { .. } if is_agents && before.status == TaskStatus::InProgress => Ok(()),
            AgentAnswer::HandedBack { reasoning } if !is_agents && said_so(reasoning) => Ok(()),
            _ if !is_agents || before.status == TaskStatus::Proposed || before.status.is_closed() => {
                Err(Rejection::Conflict(format!("task \"{id}\" is not, or no longer, the agent's to do")))
            }
            AgentAnswer::Taken { reasoning } => {
                let (status, note) = (Some(TaskStatus::InProgress), reasoning.clone());
                self.edit_task(id, &TaskEdit { status, note, ..TaskEdit::default() })
            }
            AgentAnswer::HandedBack { reasoning } => self.hand_back(&before, reasoning),
        }
    }

    fn hand_back(&mut self, before: &Task, reasoning: &str) -> Result<(), Rejection> {
        let mut task = Task::clone(before);
        self.remark(&mut task, "reasoning", reasoning)?;
        (task.draft.assignee, task.status) = (Assignee::Staff, TaskStatus::Pending);
        self.set_deadlines(Some(before), &mut task);
        self.push_changed_task(before, task);
        let text = "The agent was offered it, and hands it to staff; its reasoning says why.".into();
        let reasoning = Some(reasoning.to_owned());
        self.push_item_about(
            before,
            ActionKind::AgentRequest,
            "The agent hands back a task",
            text,
            reasoning,
        );
        Ok(())
    }

    /// Tells staff of a task of the agent's that is theirs now. Says nothing of what the task says.
    fn push_item_about(
        &mut self,
        task: &Task,
        kind: ActionKind,
        title: &str,
        text: String,
        reasoning: Option<String>,
    ) {
        let draft = ActionDraft {
            kind,
            urgency: task.draft.priority,
            title: format!("{title}: {}", task.draft.kind),
            description: format!("{text} The task is for staff now."),
            context: Map::from_iter([(ABOUT_TASK.to_owned(), task.id.as_str().into())]),
            reasoning,
            suggested_actions: Vec::new(),
            doctor_id: task.draft.doctor_id.clone(),
            room_id: task.draft.room_id.clone(),
            equipment_id: task.draft.equipment_id.clone(),
        };
        self.push_action(draft);
    }

    /// Closes the items that told staff of this task: it is closed itself.
    pub(super) fn complete_items_about(&mut self, id: &TaskId) {
        let is_about = |kind| matches!(kind, ActionKind::Escalation | ActionKind::AgentRequest);
        let items = self.state.actions.values().filter(|item| {
            item.status != ActionStatus::Completed
                && is_about(item.draft.kind)
                && matches!(item.created_by, Actor::Gateway | Actor::Agent(_))
                && item.draft.context.get(ABOUT_TASK).is_some_and(|it| it == id.as_str())
                // One that its record cannot hold closed stays open, and the task closes all the same.
                && bytes(&**item) + DEADLINE_ROOM_BYTES <= RECORD_BYTES_MAX
        });
        let items: Vec<ActionId> = items.map(|item| item.id.clone()).collect();
        for item in items {
            self.complete_action(&item);
        }
    }

    /// Approves or rejects what is proposed. A rejection says why.
    pub(super) fn decide_proposal(
        &mut self,
        id: &TaskId,
        approved: bool,
        reason: Option<&str>,
    ) -> Result<(), Rejection> {
        let before = self.state.tasks.get(id).ok_or_else(|| Rejection::not_found("task", id))?;
        if !approved && reason.is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Rejection::invalid(
                "reason",
                "is missing; say why, so that the agent's work gets better",
            ));
        }
        let wanted = if approved { TaskStatus::Pending } else { TaskStatus::Cancelled };
        if before.status != TaskStatus::Proposed && before.status != wanted {
            return Err(Rejection::Conflict(format!("task \"{id}\" is not proposed any more")));
        }
        let is_decided = before.status == wanted;
        let note = reason.filter(|_| !is_decided).map(str::to_owned);
        self.edit_task(id, &TaskEdit { status: Some(wanted), note, ..TaskEdit::default() })
    }

    /// Keeps what staff think of something that the agent decided: the newest opinion of each.
    pub(super) fn rate_agent(
        &mut self,
        work: &AgentWork,
        verdict: Verdict,
        comment: Option<&str>,
    ) -> Result<(), Rejection> {
        let (kind, id, author) = match work {
            AgentWork::Task(id) => ("task", id.as_str(), self.state.tasks.get(id).map(|it| &it.created_by)),
            AgentWork::Action(id) => {
                ("action item", id.as_str(), self.state.actions.get(id).map(|it| &it.created_by))
            }
        };
        match author {
            None => return Err(Rejection::not_found(kind, &id)),
            Some(Actor::Agent(_)) => {}
            Some(_) => return Err(Rejection::Conflict(format!("{kind} \"{id}\" is not the agent's work"))),
        }
        comment.map_or(Ok(()), |comment| check_bytes("comment", comment, FEEDBACK_BYTES_MAX))?;
        let by = &self.command.actor;
        let mut kept = self.state.feedback.values();
        let before = kept.find(|it| it.work == *work && it.by == *by);
        let comment = comment.map(str::to_owned);
        if before.is_some_and(|it| it.verdict == verdict && it.comment == comment) {
            return Ok(());
        }
        let stale = before.map(|it| it.id.clone());
        let oldest = || self.state.feedback.get_min().map(|(id, _)| id.clone());
        let leaves = stale.or_else(|| oldest().filter(|_| self.state.feedback.len() >= FEEDBACK_KEPT));
        let (work, by, at) = (work.clone(), by.clone(), self.now);
        let feedback = Feedback { id: self.new_id().into(), work, verdict, comment, by, at };
        if let Some(id) = leaves {
            self.record(Change::Remove(EntityKey::Feedback(id)));
        }
        self.record(Change::Put(Entity::Feedback(Arc::new(feedback))));
        Ok(())
    }
}

/// A task that time will move on leaves room in its record for that.
///
/// # Errors
///
/// [`Rejection::TooLarge`].
pub(super) fn check_deadline_room(task: &Task) -> Result<(), Rejection> {
    let bytes = task.next_deadline().map_or(0, |_| bytes(task) + DEADLINE_ROOM_BYTES);
    if bytes <= RECORD_BYTES_MAX {
        return Ok(());
    }
    Err(Rejection::TooLarge { bytes, field: Some("description".into()) })
}

fn bytes(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |json| json.len())
}
