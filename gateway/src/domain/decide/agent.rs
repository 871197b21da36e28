//! The agent's guard rails.

use crate::domain::actor::Actor;
use crate::domain::agent::AgentPhase;
use crate::domain::rejection::Rejection;
use crate::domain::task::{Task, TaskStatus};

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

    /// Nobody approves the own proposal: of a proposed task the agent may only say that it is needless.
    pub(super) fn check_approval(&self, task: &Task, status: TaskStatus) -> Result<(), Rejection> {
        let decides = task.status == TaskStatus::Proposed && status != TaskStatus::Cancelled;
        if decides && self.is_agents() {
            return Err(self.forbidden("staff approve or reject what the agent proposes".into()));
        }
        Ok(())
    }

    fn is_agents(&self) -> bool {
        matches!(self.command.actor, Actor::Agent(_))
    }
}
