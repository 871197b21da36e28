//! Entities as clients see them: the whole shape of each, before [`super::view`] cuts out what a role does not see.

use serde::Serialize;

use crate::domain::action::{ActionItem, ActionKind, ActionStatus, Urgency};
use crate::domain::alarm::Alarm;
use crate::domain::camera::{Camera, CameraHealth};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::id::{
    ActionId, AlarmId, CameraId, DoctorId, EquipmentId, PatientId, RoomId, SourceId, TaskId, UserId,
};
use crate::domain::occupancy::{Freshness, Method, Occupancy, Presence};
use crate::domain::room::{Readiness, Room, RoomKind, RoomStatus};
use crate::domain::task::{Assignee, Task, TaskNote, TaskStatus};
use crate::domain::time::Timestamp;

/// A room.
#[derive(Debug, Serialize)]
pub struct RoomBody<'a> {
    id: &'a RoomId,
    name: &'a str,
    #[serde(rename = "type")]
    kind: RoomKind,
    status: RoomStatus,
    readiness: Readiness,
    occupancy: OccupancyBody<'a>,
    current_doctor_id: Option<&'a DoctorId>,
    current_patient_id: Option<&'a PatientId>,
    estimated_available_at: Option<Timestamp>,
    since: Timestamp,
    last_updated: Timestamp,
    revision: u64,
}

#[derive(Debug, Serialize)]
struct OccupancyBody<'a> {
    state: Presence,
    people: Option<u32>,
    /// 0.0..=1.0, to three places: more would be noise.
    confidence: Option<f64>,
    since: Timestamp,
    sources: &'a [SourceId],
    freshness: Freshness,
    paused: bool,
    synthetic: bool,
    why: &'a str,
}

impl<'a> From<&'a Room> for RoomBody<'a> {
    fn from(room: &'a Room) -> Self {
        Self {
            id: &room.id,
            name: &room.name,
            kind: room.kind,
            status: room.status(),
            readiness: room.readiness,
            occupancy: (&room.occupancy).into(),
            current_doctor_id: room.current_doctor_id.as_ref(),
            current_patient_id: room.current_patient_id.as_ref(),
            estimated_available_at: room.estimated_available_at,
            since: room.since,
            last_updated: room.last_updated,
            revision: room.revision,
        }
    }
}

impl<'a> From<&'a Occupancy> for OccupancyBody<'a> {
    fn from(occupancy: &'a Occupancy) -> Self {
        Self {
            state: occupancy.state,
            people: occupancy.people,
            confidence: occupancy.confidence.map(|sure| (f64::from(sure) * 1_000.0).round() / 1_000.0),
            since: occupancy.since,
            sources: &occupancy.sources,
            freshness: occupancy.freshness,
            paused: occupancy.paused,
            synthetic: occupancy.synthetic,
            why: &occupancy.why,
        }
    }
}

/// A piece of equipment.
#[derive(Debug, Serialize)]
pub struct EquipmentBody<'a> {
    id: &'a EquipmentId,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    room_id: Option<&'a RoomId>,
    status: EquipmentStatus,
    last_maintenance_date: Option<Timestamp>,
    next_maintenance_date: Option<Timestamp>,
    since: Timestamp,
    last_updated: Timestamp,
    revision: u64,
}

impl<'a> From<&'a Equipment> for EquipmentBody<'a> {
    fn from(equipment: &'a Equipment) -> Self {
        Self {
            id: &equipment.id,
            name: &equipment.name,
            kind: &equipment.kind,
            room_id: equipment.room_id.as_ref(),
            status: equipment.status,
            last_maintenance_date: equipment.last_maintenance_date,
            next_maintenance_date: equipment.next_maintenance_date,
            since: equipment.since,
            last_updated: equipment.last_updated,
            revision: equipment.revision,
        }
    }
}

/// An action item.
#[derive(Debug, Serialize)]
pub struct ActionBody<'a> {
    id: &'a ActionId,
    #[serde(rename = "type")]
    kind: ActionKind,
    urgency: Urgency,
    title: &'a str,
    description: &'a str,
    context: &'a serde_json::Map<String, serde_json::Value>,
    reasoning: Option<&'a str>,
    suggested_actions: &'a [String],
    status: ActionStatus,
    doctor_id: Option<&'a DoctorId>,
    room_id: Option<&'a RoomId>,
    equipment_id: Option<&'a EquipmentId>,
    assigned_to: Option<&'a UserId>,
    created_at: Timestamp,
    created_by: String,
    completed_at: Option<Timestamp>,
    completed_by: Option<String>,
    revision: u64,
}

impl<'a> From<&'a ActionItem> for ActionBody<'a> {
    fn from(item: &'a ActionItem) -> Self {
        Self {
            id: &item.id,
            kind: item.draft.kind,
            urgency: item.draft.urgency,
            title: &item.draft.title,
            description: &item.draft.description,
            context: &item.draft.context,
            reasoning: item.draft.reasoning.as_deref(),
            suggested_actions: &item.draft.suggested_actions,
            status: item.status,
            doctor_id: item.draft.doctor_id.as_ref(),
            room_id: item.draft.room_id.as_ref(),
            equipment_id: item.draft.equipment_id.as_ref(),
            assigned_to: item.assigned_to.as_ref(),
            created_at: item.created_at,
            created_by: item.created_by.to_string(),
            completed_at: item.completed_at,
            completed_by: item.completed_by.as_ref().map(ToString::to_string),
            revision: item.revision,
        }
    }
}

/// A task.
#[derive(Debug, Serialize)]
pub struct TaskBody<'a> {
    id: &'a TaskId,
    #[serde(rename = "type")]
    kind: &'a str,
    description: &'a str,
    priority: Urgency,
    assignee: &'a Assignee,
    status: TaskStatus,
    doctor_id: Option<&'a DoctorId>,
    room_id: Option<&'a RoomId>,
    equipment_id: Option<&'a EquipmentId>,
    estimated_duration: Option<u32>,
    reasoning: Option<&'a str>,
    start_time: Timestamp,
    end_time: Option<Timestamp>,
    notes: Vec<NoteBody<'a>>,
    created_by: String,
    synthetic: bool,
    revision: u64,
}

/// A remark on a task.
#[derive(Debug, Serialize)]
struct NoteBody<'a> {
    text: &'a str,
    by: String,
    at: Timestamp,
}

impl<'a> From<&'a TaskNote> for NoteBody<'a> {
    fn from(note: &'a TaskNote) -> Self {
        Self { text: &note.text, by: note.by.to_string(), at: note.at }
    }
}

impl<'a> From<&'a Task> for TaskBody<'a> {
    fn from(task: &'a Task) -> Self {
        Self {
            id: &task.id,
            kind: &task.draft.kind,
            description: &task.draft.description,
            priority: task.draft.priority,
            assignee: &task.draft.assignee,
            status: task.status,
            doctor_id: task.draft.doctor_id.as_ref(),
            room_id: task.draft.room_id.as_ref(),
            equipment_id: task.draft.equipment_id.as_ref(),
            estimated_duration: task.draft.estimated_duration,
            reasoning: task.draft.reasoning.as_deref(),
            start_time: task.start_time,
            end_time: task.end_time,
            notes: task.notes.iter().map(NoteBody::from).collect(),
            created_by: task.created_by.to_string(),
            synthetic: task.synthetic,
            revision: task.revision,
        }
    }
}

/// A technical alarm.
#[derive(Debug, Serialize)]
pub struct AlarmBody<'a> {
    id: &'a AlarmId,
    cause: &'a str,
    subject: &'a str,
    text: &'a str,
    remedy: &'a str,
    children: &'a [String],
    raised_at: Timestamp,
    cleared_at: Option<Timestamp>,
    acknowledged_by: Option<String>,
}

impl<'a> From<&'a Alarm> for AlarmBody<'a> {
    fn from(alarm: &'a Alarm) -> Self {
        Self {
            id: &alarm.id,
            cause: alarm.notice.cause.as_str(),
            subject: &alarm.notice.subject,
            text: &alarm.notice.text,
            remedy: &alarm.notice.remedy,
            children: &alarm.notice.children,
            raised_at: alarm.raised_at,
            cleared_at: alarm.cleared_at,
            acknowledged_by: alarm.acknowledged_by.as_ref().map(ToString::to_string),
        }
    }
}

/// A camera's health.
#[derive(Debug, Serialize)]
pub struct CameraBody<'a> {
    id: &'a CameraId,
    room_id: &'a RoomId,
    health: CameraHealth,
    since: Timestamp,
    synthetic: bool,
    method: Option<Method>,
    trouble: Option<&'a str>,
}

impl<'a> From<&'a Camera> for CameraBody<'a> {
    fn from(camera: &'a Camera) -> Self {
        Self {
            id: &camera.id,
            room_id: &camera.room_id,
            health: camera.health,
            since: camera.since,
            synthetic: camera.synthetic,
            method: camera.method,
            trouble: camera.trouble.as_deref(),
        }
    }
}
