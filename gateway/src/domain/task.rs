//! Tasks: work that somebody does.

use serde::{Deserialize, Serialize};

use super::action::Urgency;
use super::actor::Actor;
use super::entity::first_revision;
use super::id::{DoctorId, EquipmentId, RoomId, TaskId, UserId};
use super::rules::TASK_KIND_BYTES_MAX;
use super::time::Timestamp;

/// Who is to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// Whoever of the staff comes first.
    Staff,
    /// The CLAW agent.
    Agent,
    /// This person.
    #[serde(untagged)]
    User(UserId),
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// A guard rail waits for staff to approve it.
    Proposed,
    /// Nobody has begun.
    Pending,
    /// Somebody has.
    InProgress,
    /// Done.
    Completed,
    /// It could not be done.
    Failed,
    /// It need not be done.
    Cancelled,
}

impl TaskStatus {
    /// True when nothing more happens to the task.
    pub fn is_closed(self) -> bool {
        match self {
            TaskStatus::Completed | TaskStatus::Failed | TaskStatus::Cancelled => true,
            TaskStatus::Proposed | TaskStatus::Pending | TaskStatus::InProgress => false,
        }
    }
}

/// What a task says, as its author wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskDraft {
    /// What kind of work, in the clinic's words, such as `cleaning`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The whole of it.
    pub description: String,
    /// How soon.
    pub priority: Urgency,
    /// Who is to do it.
    pub assignee: Assignee,
    /// The doctor it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor_id: Option<DoctorId>,
    /// The room it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// The equipment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_id: Option<EquipmentId>,
    /// How long it should take, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_duration: Option<u32>,
    /// Why the author thinks so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
}

/// A remark on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskNote {
    /// What was remarked.
    pub text: String,
    /// Who remarked it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// A UUIDv7.
    pub id: TaskId,
    /// What it says.
    #[serde(flatten)]
    pub draft: TaskDraft,
    /// How far it is.
    pub status: TaskStatus,
    /// When it was written.
    pub start_time: Timestamp,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Remarks, oldest first.
    #[serde(default)]
    pub notes: Vec<TaskNote>,
    /// Who wrote it.
    pub created_by: Actor,
    /// It rests on a drawn scene, not on the world.
    #[serde(default)]
    pub synthetic: bool,
    /// Counts its changes.
    #[serde(default = "first_revision")]
    pub revision: u64,
    /// The agent proposes it, and until then staff may decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// It is offered to the agent, which has until then to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
}

/// True for a type of task that every view may show: one plain word cannot say who is ill.
pub fn is_plain_kind(word: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    (1..=TASK_KIND_BYTES_MAX).contains(&word.len()) && word.bytes().all(is_plain)
}

/// The kind of task that a turnover opens, and that saying "clean" completes.
pub const CLEANING: &str = "cleaning";

impl Task {
    /// True for an open task to clean `room`.
    pub fn is_open_cleaning_of(&self, room: &RoomId) -> bool {
        self.draft.kind == CLEANING && self.draft.room_id.as_ref() == Some(room) && !self.status.is_closed()
    }

    /// When time alone moves it on: a proposal ends, or staff get what the agent does not answer.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        // A task is proposed or it is offered, never both.
        self.expires_at.or(self.answer_by)
    }

    /// Moves its deadline along with the wall clock.
    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        self.expires_at = self.expires_at.map(|at| at.shifted(by_ms));
        self.answer_by = self.answer_by.map(|at| at.shifted(by_ms));
    }
}

/// What changes of a task. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskEdit {
    /// How far it is.
    pub status: Option<TaskStatus>,
    /// How soon.
    pub priority: Option<Urgency>,
    /// Who is to do it.
    pub assignee: Option<Assignee>,
    /// Another text.
    pub description: Option<String>,
    /// How long it should take, in minutes.
    pub estimated_duration: Option<Option<u32>>,
    /// Another doctor.
    pub doctor_id: Option<Option<DoctorId>>,
    /// Another room.
    pub room_id: Option<Option<RoomId>>,
    /// Another piece of equipment.
    pub equipment_id: Option<Option<EquipmentId>>,
    /// A remark to add.
    pub note: Option<String>,
}
