//! Entities as clients see them: the whole shape of each, before [`super::view`] cuts out what a role does not see.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::action::{ActionItem, ActionKind, ActionStatus, Urgency};
use crate::domain::alarm::Alarm;
use crate::domain::bound_device::{Device, DeviceHealth};
use crate::domain::camera::{Camera, CameraHealth};
use crate::domain::doctor::Doctor;
use crate::domain::equipment::{Equipment, EquipmentStatus, LogEntry, Profile};
use crate::domain::id::{
    ActionId, AlarmId, CameraId, DeviceId, DoctorId, EquipmentId, PatientId, RoomId, SourceId, TaskId, UserId,
};
use crate::domain::occupancy::{Freshness, Method, Occupancy, Presence};
use crate::domain::room::{Readiness, Room, RoomKind, RoomStatus};
use crate::domain::task::{Assignee, Task, TaskNote, TaskStatus, is_plain_kind};
use crate::domain::time::Timestamp;
use crate::wire::schema::{Id, Json, Time};

/// A room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomBody<'a> {
    #[schema(value_type = Id)]
    id: &'a RoomId,
    #[schema(value_type = String)]
    name: &'a str,
    #[serde(rename = "type")]
    kind: RoomKind,
    status: RoomStatus,
    readiness: Readiness,
    occupancy: OccupancyBody<'a>,
    #[schema(value_type = Option<Id>)]
    current_doctor_id: Option<&'a DoctorId>,
    #[schema(value_type = Option<Id>)]
    current_patient_id: Option<&'a PatientId>,
    #[schema(value_type = Option<Time>)]
    estimated_available_at: Option<Timestamp>,
    #[schema(value_type = Time)]
    since: Timestamp,
    #[schema(value_type = Time)]
    last_updated: Timestamp,
    revision: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Occupancy)]
struct OccupancyBody<'a> {
    state: Presence,
    people: Option<u32>,
    /// 0.0..=1.0, to three places: more would be noise.
    confidence: Option<f64>,
    #[schema(value_type = Time)]
    since: Timestamp,
    #[schema(value_type = Vec<Id>)]
    sources: &'a [SourceId],
    freshness: Freshness,
    paused: bool,
    synthetic: bool,
    #[schema(value_type = String)]
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
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Equipment)]
pub struct EquipmentBody<'a> {
    #[schema(value_type = Id)]
    id: &'a EquipmentId,
    #[schema(value_type = String)]
    name: &'a str,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'a str,
    #[schema(value_type = Option<Id>)]
    room_id: Option<&'a RoomId>,
    status: EquipmentStatus,
    #[schema(value_type = Option<Time>)]
    last_maintenance_date: Option<Timestamp>,
    #[schema(value_type = Option<Time>)]
    next_maintenance_date: Option<Timestamp>,
    profile: Option<Profile>,
    log: Vec<LogEntryBody<'a>>,
    #[schema(value_type = Time)]
    since: Timestamp,
    #[schema(value_type = Time)]
    last_updated: Timestamp,
    revision: u64,
}

/// An entry of a maintenance log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogEntry)]
struct LogEntryBody<'a> {
    #[schema(value_type = Time)]
    at: Timestamp,
    by: String,
    #[schema(value_type = String)]
    text: &'a str,
}

impl<'a> From<&'a LogEntry> for LogEntryBody<'a> {
    fn from(entry: &'a LogEntry) -> Self {
        Self { at: entry.at, by: entry.by.to_string(), text: &entry.text }
    }
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
            profile: equipment.profile,
            log: equipment.log.iter().map(LogEntryBody::from).collect(),
            since: equipment.since,
            last_updated: equipment.last_updated,
            revision: equipment.revision,
        }
    }
}

/// A doctor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Doctor)]
pub struct DoctorBody<'a> {
    #[schema(value_type = Id)]
    id: &'a DoctorId,
    #[schema(value_type = String)]
    name: &'a str,
    #[schema(value_type = Option<String>)]
    specialty: Option<&'a str>,
    revision: u64,
}

impl<'a> From<&'a Doctor> for DoctorBody<'a> {
    fn from(doctor: &'a Doctor) -> Self {
        let Doctor { id, name, specialty, revision } = doctor;
        Self { id, name, specialty: specialty.as_deref(), revision: *revision }
    }
}

/// An action item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Action)]
pub struct ActionBody<'a> {
    #[schema(value_type = Id)]
    id: &'a ActionId,
    #[serde(rename = "type")]
    kind: ActionKind,
    urgency: Urgency,
    #[schema(value_type = String)]
    title: &'a str,
    #[schema(value_type = String)]
    description: &'a str,
    #[schema(value_type = Json)]
    context: &'a serde_json::Map<String, serde_json::Value>,
    #[schema(value_type = Option<String>)]
    reasoning: Option<&'a str>,
    #[schema(value_type = Vec<String>)]
    suggested_actions: &'a [String],
    status: ActionStatus,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<&'a DoctorId>,
    #[schema(value_type = Option<Id>)]
    room_id: Option<&'a RoomId>,
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<&'a EquipmentId>,
    #[schema(value_type = Option<Id>)]
    assigned_to: Option<&'a UserId>,
    #[schema(value_type = Time)]
    created_at: Timestamp,
    created_by: String,
    #[schema(value_type = Option<Time>)]
    completed_at: Option<Timestamp>,
    completed_by: Option<String>,
    revision: u64,
    /// Seconds from writing to completion, or until now.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_waiting: Option<u64>,
}

impl ActionBody<'_> {
    /// Adds how long the item has waited at `now`.
    #[must_use]
    pub fn waiting(mut self, now: Timestamp) -> Self {
        self.time_waiting = Some(self.completed_at.unwrap_or(now).since(self.created_at).as_secs());
        self
    }
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
            time_waiting: None,
        }
    }
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskBody<'a> {
    #[schema(value_type = Id)]
    id: &'a TaskId,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: &'a str,
    #[schema(value_type = String)]
    description: &'a str,
    priority: Urgency,
    #[schema(value_type = Id)]
    assignee: &'a Assignee,
    status: TaskStatus,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<&'a DoctorId>,
    #[schema(value_type = Option<Id>)]
    room_id: Option<&'a RoomId>,
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<&'a EquipmentId>,
    estimated_duration: Option<u32>,
    #[schema(value_type = Option<String>)]
    reasoning: Option<&'a str>,
    #[schema(value_type = Time)]
    start_time: Timestamp,
    #[schema(value_type = Option<Time>)]
    end_time: Option<Timestamp>,
    notes: Vec<NoteBody<'a>>,
    created_by: String,
    synthetic: bool,
    /// Until then staff may approve or reject it; then it is cancelled.
    #[schema(value_type = Option<Time>)]
    expires_at: Option<Timestamp>,
    /// Until then the agent may answer; then it is for staff.
    #[schema(value_type = Option<Time>)]
    answer_by: Option<Timestamp>,
    revision: u64,
}

/// A remark on a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskNote)]
struct NoteBody<'a> {
    #[schema(value_type = String)]
    text: &'a str,
    by: String,
    #[schema(value_type = Time)]
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
            // One that was stored before types were plain words can hold anything.
            kind: if is_plain_kind(&task.draft.kind) { &task.draft.kind } else { "other" },
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
            expires_at: task.expires_at,
            answer_by: task.answer_by,
            revision: task.revision,
        }
    }
}

/// A technical alarm.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alarm)]
pub struct AlarmBody<'a> {
    #[schema(value_type = Id)]
    id: &'a AlarmId,
    #[schema(value_type = String)]
    cause: &'a str,
    #[schema(value_type = String)]
    subject: &'a str,
    #[schema(value_type = String)]
    text: &'a str,
    #[schema(value_type = String)]
    remedy: &'a str,
    #[schema(value_type = Vec<String>)]
    children: &'a [String],
    #[schema(value_type = Time)]
    raised_at: Timestamp,
    #[schema(value_type = Option<Time>)]
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
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Camera)]
pub struct CameraBody<'a> {
    #[schema(value_type = Id)]
    id: &'a CameraId,
    #[schema(value_type = Id)]
    room_id: &'a RoomId,
    health: CameraHealth,
    #[schema(value_type = Time)]
    since: Timestamp,
    synthetic: bool,
    method: Option<Method>,
    #[schema(value_type = Option<String>)]
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

/// A bound device, and how it does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceBody<'a> {
    #[schema(value_type = Id)]
    id: &'a DeviceId,
    /// What it is about: `equipment:eq-1`, `room:room-1`, `door:room-1`, `button:room-1`, `environment:fridge-1`.
    target: String,
    health: DeviceHealth,
    #[schema(value_type = Time)]
    since: Timestamp,
    /// What its availability or its will said last.
    online: Option<bool>,
    /// When it last spoke. Not worth an event of its own.
    #[schema(value_type = Option<Time>)]
    last_seen: Option<Timestamp>,
    /// How full its battery is, %. Not worth an event of its own.
    battery: Option<f64>,
    battery_low: bool,
    /// How well its radio is heard. Not worth an event of its own.
    link_quality: Option<f64>,
    /// It comes and goes.
    flapping: bool,
    /// It detects somebody for hours against all others, and has no say.
    stuck: bool,
}

impl<'a> From<&'a Device> for DeviceBody<'a> {
    fn from(device: &'a Device) -> Self {
        Self {
            id: &device.id,
            target: device.binding.target.to_string(),
            health: device.health,
            since: device.since,
            online: device.online,
            last_seen: device.last_seen,
            battery: device.battery,
            battery_low: device.battery_low,
            link_quality: device.link_quality,
            flapping: device.flapping,
            stuck: device.stuck,
        }
    }
}
