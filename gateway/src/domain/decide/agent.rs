//! The agent's guard rails.

use std::sync::Arc;

use crate::domain::actor::Actor;
use crate::domain::agent::{AgentPhase, AgentRails, AgentSetting, AgentUse};
use crate::domain::entity::{Change, Entity};
use crate::domain::event::Event;
use crate::domain::rejection::Rejection;
use crate::domain::task::{Assignee, CLEANING, Task, TaskDraft, TaskStatus};

use super::{Deciding, Note};

impl Deciding<'_> {
    /// What the agent asks for while it is only observed changes nothing.
    pub(super) fn only_observed(&self) -> Option<Note> {
        (self.is_agents() && self.state.agent_phase() == AgentPhase::Observation)
            .then_some(Note::OnlyObserved)
    }

    /// The status that a task of this actor begins with.
    pub(super) fn first_status(&self) -> TaskStatus {
        match self.state.agent_phase() {
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
        let is_assisted = self.state.agent_phase() == AgentPhase::Assisted;
        if self.is_agents() && (task.created_by != self.command.actor || (is_assisted && is_approved)) {
            let reason = "the agent changes the words of its own tasks only, and of none that staff approved";
            return Err(self.forbidden(reason.into()));
        }
        Ok(())
    }

    /// What the agent takes upon itself is on the list of what it may. What it hands to staff needs no list.
    pub(super) fn check_allowed(&self, draft: &TaskDraft) -> Result<(), Rejection> {
        let is_itself = self.is_agents() && draft.assignee == Assignee::Agent;
        if is_itself && !self.state.rules().agent.allows(&draft.kind) {
            let kind = &draft.kind;
            let reason = format!("tasks of type \"{kind}\" are for staff; assign them to \"staff\"");
            return Err(self.forbidden(reason));
        }
        Ok(())
    }

    /// Counts one more thing that the agent writes, unless it has reached a limit.
    pub(super) fn count_agents_work(&mut self) -> Result<(), Rejection> {
        if !self.is_agents() {
            return Ok(());
        }
        let AgentRails { per_hour_max, open_max, .. } = self.state.rules().agent;
        let before = self.state.agent_use.at(self.now);
        if before.made >= per_hour_max {
            return Err(self.over_limit(format!("{per_hour_max} tasks and action items an hour")));
        }
        if self.state.open_agents_work() >= usize::try_from(open_max).unwrap_or(usize::MAX) {
            return Err(self.over_limit(format!("{open_max} open tasks and action items at a time")));
        }
        let after = AgentUse { made: before.made + 1, ..before };
        self.record(Change::Put(Entity::AgentUse(after)));
        Ok(())
    }

    fn over_limit(&self, reason: String) -> Rejection {
        Rejection::OverLimit { actor: self.command.actor.to_string(), reason }
    }

    /// Why the author thinks so. Of the agent's work that is always said, even that it said nothing.
    pub(super) fn reasoned(&self, given: &Option<String>) -> Option<String> {
        let unsaid = || self.is_agents().then(|| "the agent gave no reason".into());
        given.clone().or_else(unsaid)
    }

    pub(super) fn is_agents(&self) -> bool {
        matches!(self.command.actor, Actor::Agent(_))
    }

    /// Takes over the configured phase, once in the life of a store.
    pub(super) fn import_agent_phase(&mut self, phase: AgentPhase) {
        if self.state.agent.is_none() {
            self.change_agent_phase(phase);
        }
    }

    /// Changes how far the agent may act from now on. What it has made stays.
    pub(super) fn set_agent_phase(&mut self, phase: AgentPhase) {
        if self.state.agent.as_ref().is_none_or(|setting| setting.phase != phase) {
            self.change_agent_phase(phase);
        }
    }

    fn change_agent_phase(&mut self, phase: AgentPhase) {
        let before = self.state.agent.as_ref();
        let setting = AgentSetting {
            revision: before.map_or(1, |before| before.revision.saturating_add(1)),
            phase,
            set_by: self.command.actor.clone(),
            set_at: self.now,
        };
        self.push(Event::AgentChanged(Arc::new(setting)));
    }
}
