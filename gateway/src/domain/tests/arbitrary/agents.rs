//! What the agent does, and what staff do about it.

use proptest::prelude::*;

use crate::domain::agent::{ANY_KIND, AgentAnswer, AgentPhase, AgentRails, AgentWork, Verdict};
use crate::domain::command::Ask;
use crate::domain::id::TaskId;
use crate::domain::rules::Rules;
use crate::domain::task::{Assignee, CLEANING, TaskDraft, TaskEdit};

use super::super::items::task_draft;
use super::{room_id, seconds};

/// Who asks, when the agent does.
pub(crate) const AGENT: u8 = 3;

/// An agent that is called, and may do anything within its phase.
pub(crate) fn rules() -> Rules {
    let agent = AgentRails {
        allowed_kinds: vec![ANY_KIND.into()],
        answers_within: Some(seconds(5)),
        ..AgentRails::default()
    };
    Rules { agent, ..Rules::default() }
}

/// What is done about a task.
#[derive(Clone, Debug)]
pub(crate) enum Move {
    /// The agent writes one, for itself or for staff.
    Write(bool),
    /// It answers.
    Answer(AgentAnswer),
    /// Staff decide on it.
    Decide(bool),
    /// Staff give it to the agent, or take it over.
    Give(bool),
    /// Staff say what they think.
    Rate(Verdict),
}

pub(crate) fn moved() -> impl Strategy<Value = Move> {
    let answer = prop_oneof![
        Just(AgentAnswer::Taken { reasoning: None }),
        Just(AgentAnswer::Taken { reasoning: Some("it is near".into()) }),
        Just(AgentAnswer::HandedBack { reasoning: "it needs hands".into() }),
    ];
    prop_oneof![
        2 => any::<bool>().prop_map(Move::Write),
        2 => answer.prop_map(Move::Answer),
        1 => any::<bool>().prop_map(Move::Decide),
        2 => any::<bool>().prop_map(Move::Give),
        1 => prop_oneof![Just(Verdict::Helpful), Just(Verdict::Wrong)].prop_map(Move::Rate),
    ]
}

pub(super) fn ask() -> impl Strategy<Value = Ask> {
    let phases = vec![AgentPhase::Observation, AgentPhase::Assisted, AgentPhase::Autonomous];
    prop_oneof![
        prop::sample::select(phases.clone()).prop_map(Ask::SetAgentPhase),
        prop::sample::select(phases).prop_map(Ask::ImportAgentPhase),
    ]
}

impl Move {
    pub(super) fn meant(self, task_id: TaskId) -> (u8, Ask) {
        match self {
            Move::Write(itself) => {
                let assignee = if itself { Assignee::Agent } else { Assignee::Staff };
                let (kind, room_id) = (CLEANING.into(), Some(room_id("room-1")));
                (AGENT, Ask::CreateTask(TaskDraft { kind, room_id, assignee, ..task_draft() }))
            }
            Move::Answer(answer) => (AGENT, Ask::AnswerTask { task_id, answer }),
            Move::Decide(approved) => {
                (0, Ask::DecideProposal { task_id, approved, reason: Some("so it is".into()) })
            }
            Move::Give(to_agent) => {
                let assignee = Some(if to_agent { Assignee::Agent } else { Assignee::Staff });
                (0, Ask::EditTask { task_id, edit: Box::new(TaskEdit { assignee, ..TaskEdit::default() }) })
            }
            Move::Rate(verdict) => {
                (0, Ask::RateAgent { work: AgentWork::Task(task_id), verdict, comment: None })
            }
        }
    }
}
