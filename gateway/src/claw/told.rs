//! What is told of a thing to the agent, in the upstream agent's own spelling: ids, enums, numbers and times, and titles
//! that are made here of these. Nothing that anybody typed comes in, so there is nothing to take out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::action::{ActionItem, ActionKind, ActionStatus, Urgency};
use crate::domain::alarm::{Alarm, AlarmCause};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::id::{ActionId, AlarmId, DoctorId, EquipmentId, RoomId, TaskId};
use crate::domain::occupancy::Presence;
use crate::domain::room::{Readiness, Room, RoomKind, RoomStatus};
use crate::domain::task::{Assignee, Task, TaskStatus, is_plain_kind};
use crate::domain::time::Timestamp;
use crate::wire::schema::{Id, Time};

/// A room.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoomTold {
    #[schema(value_type = Id, inline)]
    id: RoomId,
    #[schema(inline)]
    #[serde(rename = "type")]
    kind: RoomKind,
    #[schema(inline)]
    status: RoomStatus,
    #[schema(inline)]
    readiness: Readiness,
    #[schema(inline)]
    occupancy: Presence,
    people: Option<u32>,
    #[schema(value_type = Option<Id>, inline)]
    current_doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Time>, inline)]
    estimated_available_at: Option<Timestamp>,
    #[schema(value_type = Time, inline)]
    since: Timestamp,
}

/// A piece of equipment.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EquipmentTold {
    #[schema(value_type = Id, inline)]
    id: EquipmentId,
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    #[schema(inline)]
    status: EquipmentStatus,
    #[schema(value_type = Option<Time>, inline)]
    next_maintenance_date: Option<Timestamp>,
}

/// A task, and what an offer says of it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskTold {
    #[schema(value_type = Id, inline)]
    id: TaskId,
    #[serde(rename = "type")]
    kind: String,
    title: String,
    #[schema(inline)]
    priority: Urgency,
    #[schema(inline)]
    assignee: AssigneeTold,
    #[schema(inline)]
    status: TaskStatus,
    #[schema(value_type = Option<Id>, inline)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>, inline)]
    equipment_id: Option<EquipmentId>,
    estimated_duration: Option<u32>,
    #[schema(value_type = Time, inline)]
    start_time: Timestamp,
}

/// Whose it is: `agent` for yours. Who of the staff is nothing that the agent needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AssigneeTold {
    Staff,
    Agent,
}

/// An action item.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemTold {
    #[schema(value_type = Id, inline)]
    id: ActionId,
    #[schema(inline)]
    #[serde(rename = "type")]
    kind: ActionKind,
    title: String,
    #[schema(inline)]
    urgency: Urgency,
    #[schema(inline)]
    status: ActionStatus,
    #[schema(value_type = Option<Id>, inline)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>, inline)]
    equipment_id: Option<EquipmentId>,
    #[schema(value_type = Time, inline)]
    created_at: Timestamp,
}

/// Something technical that is wrong now.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlarmTold {
    #[schema(value_type = Id, inline)]
    id: AlarmId,
    #[schema(inline)]
    cause: AlarmCause,
    title: String,
    #[schema(value_type = Time, inline)]
    raised_at: Timestamp,
    /// Somebody has seen it.
    acknowledged: bool,
}

impl From<&Room> for RoomTold {
    fn from(room: &Room) -> Self {
        Self {
            id: room.id.clone(),
            kind: room.kind,
            status: room.status(),
            readiness: room.readiness,
            occupancy: room.occupancy.state,
            people: room.occupancy.people,
            current_doctor_id: room.current_doctor_id.clone(),
            estimated_available_at: room.estimated_available_at,
            since: room.since,
        }
    }
}

impl From<&Equipment> for EquipmentTold {
    fn from(equipment: &Equipment) -> Self {
        Self {
            id: equipment.id.clone(),
            room_id: equipment.room_id.clone(),
            status: equipment.status,
            next_maintenance_date: equipment.next_maintenance_date,
        }
    }
}

impl From<&Task> for TaskTold {
    fn from(task: &Task) -> Self {
        let draft = &task.draft;
        // One that was stored before types were plain words can hold anything.
        let kind = if is_plain_kind(&draft.kind) { &*draft.kind } else { "other" };
        Self {
            id: task.id.clone(),
            kind: kind.into(),
            title: title(kind, draft.room_id.as_ref(), draft.equipment_id.as_ref()),
            priority: draft.priority,
            assignee: (&draft.assignee).into(),
            status: task.status,
            doctor_id: draft.doctor_id.clone(),
            room_id: draft.room_id.clone(),
            equipment_id: draft.equipment_id.clone(),
            estimated_duration: draft.estimated_duration,
            start_time: task.start_time,
        }
    }
}

impl From<&Assignee> for AssigneeTold {
    fn from(assignee: &Assignee) -> Self {
        match assignee {
            Assignee::Agent => AssigneeTold::Agent,
            Assignee::Staff | Assignee::User(_) => AssigneeTold::Staff,
        }
    }
}

impl From<&ActionItem> for ItemTold {
    fn from(item: &ActionItem) -> Self {
        let draft = &item.draft;
        let kind = match draft.kind {
            ActionKind::PolicyConflict => "policy conflict",
            ActionKind::EquipmentIssue => "equipment issue",
            ActionKind::AgentRequest => "agent request",
            ActionKind::Escalation => "escalation",
            ActionKind::Manual => "action item",
            ActionKind::RoomIssue => "room issue",
        };
        Self {
            id: item.id.clone(),
            kind: draft.kind,
            title: title(kind, draft.room_id.as_ref(), draft.equipment_id.as_ref()),
            urgency: draft.urgency,
            status: item.status,
            doctor_id: draft.doctor_id.clone(),
            room_id: draft.room_id.clone(),
            equipment_id: draft.equipment_id.clone(),
            created_at: item.created_at,
        }
    }
}

impl From<&Alarm> for AlarmTold {
    fn from(alarm: &Alarm) -> Self {
        let cause = alarm.notice.cause;
        Self {
            id: alarm.id.clone(),
            cause,
            title: cause.as_str().replace('_', " "),
            raised_at: alarm.raised_at,
            acknowledged: alarm.acknowledged_by.is_some(),
        }
    }
}

/// `cleaning: room-1, eq-2`.
fn title(what: &str, room: Option<&RoomId>, equipment: Option<&EquipmentId>) -> String {
    let about = room.map(RoomId::as_str).into_iter().chain(equipment.map(EquipmentId::as_str));
    let about: Vec<_> = about.collect();
    if about.is_empty() { what.into() } else { format!("{what}: {}", about.join(", ")) }
}
