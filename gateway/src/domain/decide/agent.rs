//! The agent's guard rails.

use crate::domain::actor::Actor;
use crate::domain::agent::AgentPhase;
use crate::domain::rejection::Rejection;
use crate::domain::task::{CLEANING, Task, TaskStatus};

use super::{Deciding, Note};

impl Deciding<'_> {
    /// What the agent asks for while it is only observed changes nothing.
    pub(super) fn only_observed(&self) -> Option<Note> {
        (self.is_agents() && self.state.rules().agent_phase == AgentPhase::Observation)
            .then_some(Note::OnlyObserved)
    }

    /// The status that a task of this actor begins with.
    pub(super) fn first_status(&self) -> TaskStatus {
        match self.state.rules().agent_phase {
            AgentPhase::Assisted if self.is_agents() => TaskStatus::Proposed,
            AgentPhase::Observation | AgentPhase::Assisted | AgentPhase::Autonomous => TaskStatus::Pending,
        }
    }

    /// Nobody approves the own proposal: of a proposed task the agent may only say that it is needless. Nor does the
    /// agent say that a room is clean, which completing its cleaning would.
    pub(super) fn check_approval(&self, task: &Task, status: TaskStatus) -> Result<(), Rejection> {
        if !self.is_agents() {
            return Ok(());
        }
        if task.status == TaskStatus::Proposed && status != TaskStatus::Cancelled {
            return Err(self.forbidden("staff approve or reject what the agent proposes".into()));
        }
        let is_cleaning = task.draft.kind == CLEANING && task.draft.room_id.is_some();
        if is_cleaning && status == TaskStatus::Completed {
            return Err(self.forbidden("staff say that a room is clean".into()));
        }
        Ok(())
    }

    /// The agent changes what its own tasks say, and where staff approve them only before they have.
    pub(super) fn check_agents_words(&self, task: &Task) -> Result<(), Rejection> {
        let is_approved = task.status != TaskStatus::Proposed;
        let is_assisted = self.state.rules().agent_phase == AgentPhase::Assisted;
        if self.is_agents() && (task.created_by != self.command.actor || (is_assisted && is_approved)) {
            let reason = "the agent changes the words of its own tasks only, and of none that staff approved";
            return Err(self.forbidden(reason.into()));
        }
        Ok(())
    }

    fn is_agents(&self) -> bool {
        matches!(self.command.actor, Actor::Agent(_))
    }
}
