//! Action items: what waits for a person.

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::entity::first_revision;
use super::id::{ActionId, DoctorId, EquipmentId, RoomId, UserId};
use super::time::Timestamp;

/// Why it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Two rules of the clinic disagree.
    PolicyConflict,
    /// Equipment is broken or silent.
    EquipmentIssue,
    /// The agent asks.
    AgentRequest,
    /// Something took too long.
    Escalation,
    /// A person wrote it down.
    Manual,
    /// Something about a room.
    RoomIssue,
}

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Now.
    Urgent,
    /// Today.
    Normal,
    /// When there is time.
    Low,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// Nobody has taken it.
    Pending,
    /// Somebody has.
    InProgress,
    /// Done.
    Completed,
}

/// What an action item says, as its author wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionDraft {
    /// Why it waits.
    #[serde(rename = "type")]
    pub kind: ActionKind,
    /// How soon.
    pub urgency: Urgency,
    /// One line.
    pub title: String,
    /// The whole of it.
    pub description: String,
    /// What the author knew, as JSON.
    #[serde(default)]
    pub context: serde_json::Map<String, serde_json::Value>,
    /// Why the author thinks so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// What could be done.
    #[serde(default)]
    pub suggested_actions: Vec<String>,
    /// The doctor it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor_id: Option<DoctorId>,
    /// The room it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// The equipment it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_id: Option<EquipmentId>,
}

/// An action item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionItem {
    /// A UUIDv7.
    pub id: ActionId,
    /// What it says.
    #[serde(flatten)]
    pub draft: ActionDraft,
    /// How far it is.
    pub status: ActionStatus,
    /// Who has taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Who wrote it.
    pub created_by: Actor,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_by: Option<Actor>,
    /// Counts its changes.
    #[serde(default = "first_revision")]
    pub revision: u64,
}

/// What changes of an action item. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionEdit {
    /// How far it is.
    pub status: Option<ActionStatus>,
    /// Who has taken it.
    pub assigned_to: Option<Option<UserId>>,
    /// How soon.
    pub urgency: Option<Urgency>,
    /// Another line.
    pub title: Option<String>,
    /// Another text.
    pub description: Option<String>,
    /// What the author knew, as JSON: the whole of it.
    pub context: Option<serde_json::Map<String, serde_json::Value>>,
    /// Another reason.
    pub reasoning: Option<Option<String>>,
    /// What could be done: all of it.
    pub suggested_actions: Option<Vec<String>>,
    /// Another doctor.
    pub doctor_id: Option<Option<DoctorId>>,
    /// Another room.
    pub room_id: Option<Option<RoomId>>,
    /// Another piece of equipment.
    pub equipment_id: Option<Option<EquipmentId>>,
}
