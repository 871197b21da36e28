//! Equipment: what it is and how it does.

use serde::{Deserialize, Serialize};

use super::entity::first_revision;
use super::id::{EquipmentId, RoomId};
use super::time::Timestamp;

/// How a piece of equipment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentStatus {
    /// It works and is free.
    Operational,
    /// Somebody uses it.
    InUse,
    /// It works badly, or its date has come.
    NeedsMaintenance,
    /// It does not answer.
    Offline,
}

/// A piece of equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Equipment {
    /// The clinic's own id, such as `eq-1`.
    pub id: EquipmentId,
    /// The name that staff use.
    pub name: String,
    /// What it is, in the clinic's words.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// How it does.
    pub status: EquipmentStatus,
    /// When it was last maintained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_maintenance_date: Option<Timestamp>,
    /// When it is to be maintained next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_maintenance_date: Option<Timestamp>,
    /// Since when the status is so.
    pub since: Timestamp,
    /// When a fact of it last changed.
    pub last_updated: Timestamp,
    /// The newest issue of it that opened an action item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<Issue>,
    /// Counts what staff changed of it; a device's report does not count.
    #[serde(default = "first_revision")]
    pub revision: u64,
}

/// Trouble with a piece of equipment that opened an action item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// The status that was the trouble.
    pub status: EquipmentStatus,
    /// When the item was opened.
    pub opened_at: Timestamp,
}

impl Equipment {
    /// Moves every time that a rule will compare, after the wall clock stepped by `by_ms` milliseconds.
    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        self.since = self.since.shifted(by_ms);
        if let Some(issue) = &mut self.issue {
            issue.opened_at = issue.opened_at.shifted(by_ms);
        }
    }
}
