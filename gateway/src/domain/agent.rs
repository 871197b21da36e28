//! The CLAW agent: how far it may act by itself, what it was given to do, and what staff think of it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::action::ActionStatus;
use super::actor::Actor;
use super::entity::EntityKey;
use super::id::{ActionId, FeedbackId, TaskId};
use super::state::State;
use super::task::Task;
use super::time::Timestamp;

/// The agent has this long to answer what it is offered; then staff get it.
pub const AGENT_ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// The stretch of time that [`AgentRails::per_hour_max`] counts in.
pub const AGENT_HOUR: Duration = Duration::from_secs(3_600);
/// Opinions of staff on the agent's work that are kept; the oldest make place.
pub const FEEDBACK_KEPT: usize = 500;
/// The longest comment of an opinion, in bytes.
pub const FEEDBACK_BYTES_MAX: usize = 512;
/// What a task with a deadline leaves free of its record, in bytes: time moves it on, and may not fail to.
pub const DEADLINE_ROOM_BYTES: usize = 1_024;
/// Allows every kind of task.
pub const ANY_KIND: &str = "*";

/// The agent's phase (`claw.agent.phase` at first, then what admins set).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentPhase {
    /// What it asks for is noted, and nothing is made.
    Observation,
    /// Its tasks are proposed; staff approve or reject them.
    #[default]
    Assisted,
    /// Its tasks are made.
    Autonomous,
}

/// What the agent may do within its phase (`[claw.agent]`).
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRails {
    /// The kinds of task that it may take upon itself; [`ANY_KIND`] for all. What it hands to staff needs none.
    pub allowed_kinds: Vec<String>,
    /// Tasks and action items that it may write within an hour.
    pub per_hour_max: u32,
    /// Tasks and action items of its own that may be open at a time.
    pub open_max: u32,
    /// A proposal that staff have not decided on by then is cancelled.
    pub expires_after: Duration,
    /// How long it has to answer what it is offered. `None` where nobody offers it anything.
    pub answers_within: Option<Duration>,
}

impl Default for AgentRails {
    fn default() -> Self {
        Self {
            allowed_kinds: Vec::new(),
            per_hour_max: 60,
            open_max: 20,
            expires_after: Duration::from_secs(3_600),
            answers_within: None,
        }
    }
}

impl AgentRails {
    /// True for a kind of task that the agent may take upon itself.
    pub fn allows(&self, kind: &str) -> bool {
        self.allowed_kinds.iter().any(|allowed| allowed == kind || allowed == ANY_KIND)
    }
}

/// The phase that holds: who set it, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentSetting {
    /// Counts the settings: 1, 2, 3 …
    pub revision: u64,
    /// What was set.
    pub phase: AgentPhase,
    /// Who set it.
    pub set_by: Actor,
    /// When.
    pub set_at: Timestamp,
}

/// What the agent has written within the hour that began at `since`. Deleting it again does not give it back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentUse {
    /// When the hour began.
    pub since: Timestamp,
    /// How many tasks and action items.
    pub made: u32,
}

impl AgentUse {
    /// The same at `now`: empty, once the hour is over.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        // A clock that was set back leaves an hour that begins later: it is over, too.
        let goes_on = self.since <= now && now.since(self.since) < AGENT_HOUR;
        if goes_on { self.clone() } else { Self { since: now, made: 0 } }
    }
}

/// What the agent says to a task that it was offered.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentAnswer {
    /// It does it.
    Taken {
        /// Why, or how.
        reasoning: Option<String>,
    },
    /// It hands it to staff.
    HandedBack {
        /// Why.
        reasoning: String,
    },
}

/// Something that the agent decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum AgentWork {
    /// A task.
    Task(TaskId),
    /// An action item.
    Action(ActionId),
}

/// What somebody thinks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It helped.
    Helpful,
    /// It was wrong.
    Wrong,
}

/// An opinion of staff on something that the agent decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// A UUIDv7.
    pub id: FeedbackId,
    /// On what.
    pub work: AgentWork,
    /// What they think.
    pub verdict: Verdict,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who thinks so.
    pub by: Actor,
    /// When it was said.
    pub at: Timestamp,
}

impl State {
    /// How far the agent may act by itself now.
    pub fn agent_phase(&self) -> AgentPhase {
        self.agent.as_ref().map_or(self.rules().agent_phase, |setting| setting.phase)
    }

    /// How many tasks and action items of the agent's are open.
    pub fn open_agents_work(&self) -> usize {
        let is_agents = |actor: &Actor| matches!(actor, Actor::Agent(_));
        let tasks = self.tasks.values().filter(|it| is_agents(&it.created_by) && !it.status.is_closed());
        let actions = self.actions.values().filter(|it| it.status != ActionStatus::Completed);
        tasks.count() + actions.filter(|it| is_agents(&it.created_by)).count()
    }

    /// The tasks that are offered to the agent and not answered yet, those that end first before the others.
    pub fn offered_tasks(&self) -> impl Iterator<Item = &Arc<Task>> {
        let waiting = self.due(Timestamp::from_unix_ms(i64::MAX)).filter_map(|key| match key {
            EntityKey::Task(id) => self.tasks.get(id),
            _ => None,
        });
        waiting.filter(|task| task.answer_by.is_some())
    }
}
