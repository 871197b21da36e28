//! May this actor ask for this? Decided before anything else, by the one table of roles.

use crate::domain::actor::Actor;
use crate::domain::agent::{AgentPhase, AgentWork};
use crate::domain::command::Ask;
use crate::domain::id::{DoctorId, TaskId};
use crate::domain::rejection::Rejection;
use crate::domain::role::Role;
use crate::domain::task::{Assignee, CLEANING, Task, TaskStatus};

use super::Deciding;

impl Deciding<'_> {
    pub(super) fn check_permission(&self) -> Result<(), Rejection> {
        let actor = &self.command.actor;
        // The gateway's own parts are code, not callers.
        let Some(role) = self.state.role_of(actor) else { return Ok(()) };
        let verb = self.command.ask.verb();
        if !role.may(verb) {
            return Err(self.forbidden(format!("the role {role} does not allow \"{}\"", verb.as_str())));
        }
        match (role, actor) {
            (Role::MedicalAssistant, Actor::User(id)) => {
                let user = self.state.access.users.get(id);
                let stranger = self
                    .doctors_concerned()
                    .into_iter()
                    .find(|doctor| user.is_none_or(|user| !user.acts_for(doctor)));
                stranger.map_or(Ok(()), |doctor| {
                    Err(self.forbidden(format!("this account does not work for doctor \"{doctor}\"")))
                })
            }
            (Role::Agent, _) => self.check_agents_own(),
            _ => Ok(()),
        }
    }

    pub(super) fn forbidden(&self, reason: String) -> Rejection {
        Rejection::Forbidden { actor: self.command.actor.to_string(), reason }
    }

    /// The doctors whose work this command touches: of the thing as it is, and as it is to be.
    fn doctors_concerned(&self) -> Vec<&DoctorId> {
        let state = self.state;
        let doctors: [Option<&DoctorId>; 2] = match &self.command.ask {
            Ask::SetRoomStatus(set) => {
                let room = state.rooms.get(&set.room_id);
                [
                    room.and_then(|room| room.current_doctor_id.as_ref()),
                    set.current_doctor_id.as_ref().and_then(Option::as_ref),
                ]
            }
            Ask::PauseSensing { room_id, .. } | Ask::ForgetSource { room_id, .. } => {
                [state.rooms.get(room_id).and_then(|room| room.current_doctor_id.as_ref()), None]
            }
            Ask::CreateAction(draft) => [draft.doctor_id.as_ref(), None],
            Ask::UpdateAction { action_id, .. }
            | Ask::DeleteAction(action_id)
            | Ask::RateAgent { work: AgentWork::Action(action_id), .. } => {
                [state.actions.get(action_id).and_then(|item| item.draft.doctor_id.as_ref()), None]
            }
            Ask::CreateTask(draft) => [draft.doctor_id.as_ref(), None],
            Ask::SetTaskStatus { task_id, .. }
            | Ask::AddTaskNote { task_id, .. }
            | Ask::DeleteTask(task_id)
            | Ask::DecideProposal { task_id, .. }
            | Ask::RateAgent { work: AgentWork::Task(task_id), .. } => {
                let task = state.tasks.get(task_id);
                [task.and_then(|task| task.draft.doctor_id.as_ref()), self.doctor_cleaned_for(task_id)]
            }
            Ask::EditAction { action_id, edit } => [
                state.actions.get(action_id).and_then(|item| item.draft.doctor_id.as_ref()),
                edit.doctor_id.as_ref().and_then(Option::as_ref),
            ],
            Ask::EditTask { task_id, edit } => [
                state.tasks.get(task_id).and_then(|task| task.draft.doctor_id.as_ref()),
                edit.doctor_id.as_ref().and_then(Option::as_ref).or_else(|| self.doctor_cleaned_for(task_id)),
            ],
            _ => [None, None],
        };
        doctors.into_iter().flatten().collect()
    }

    /// The doctor in the room that a cleaning task moves along with itself.
    fn doctor_cleaned_for(&self, id: &TaskId) -> Option<&DoctorId> {
        let task = self.state.tasks.get(id).filter(|task| task.draft.kind == CLEANING)?;
        let room = self.state.rooms.get(task.draft.room_id.as_ref()?)?;
        room.current_doctor_id.as_ref()
    }

    /// The agent moves its own tasks and items, nobody else's.
    fn check_agents_own(&self) -> Result<(), Rejection> {
        let actor = &self.command.actor;
        let is_own = match &self.command.ask {
            Ask::SetTaskStatus { task_id, .. }
            | Ask::EditTask { task_id, .. }
            | Ask::AddTaskNote { task_id, .. } => {
                let task = self.state.tasks.get(task_id);
                task.is_none_or(|task| {
                    task.draft.assignee == Assignee::Agent || (task.created_by == *actor && !is_staffs(task))
                })
            }
            Ask::DeleteTask(task_id) => {
                let is_approved = |task: &Task| {
                    self.state.agent_phase() == AgentPhase::Assisted && task.status != TaskStatus::Proposed
                };
                let task = self.state.tasks.get(task_id);
                task.is_none_or(|task| task.created_by == *actor && !is_approved(task) && !is_staffs(task))
            }
            Ask::UpdateAction { action_id, .. }
            | Ask::EditAction { action_id, .. }
            | Ask::DeleteAction(action_id) => {
                self.state.actions.get(action_id).is_none_or(|item| item.created_by == *actor)
            }
            Ask::DecideProposal { .. } | Ask::RateAgent { .. } => false,
            _ => true,
        };
        if is_own { Ok(()) } else { Err(self.forbidden("it is not the agent's own".into())) }
    }
}

/// True for a task of the agent's that staff have taken over: somebody by name, or somebody who has begun.
fn is_staffs(task: &Task) -> bool {
    match &task.draft.assignee {
        Assignee::User(_) => true,
        Assignee::Staff => task.status == TaskStatus::InProgress,
        Assignee::Agent => false,
    }
}
