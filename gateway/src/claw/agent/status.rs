//! What the agent is told, in the upstream agent's own spelling: ids, enums, numbers and times, and titles that are made
//! here of these. Nothing that anybody typed comes in, so there is nothing to take out.

use serde::Serialize;

use crate::domain::action::{ActionItem, ActionKind, ActionStatus, Urgency};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::id::{ActionId, DoctorId, EquipmentId, RoomId, TaskId};
use crate::domain::occupancy::Presence;
use crate::domain::room::{Readiness, Room, RoomKind, RoomStatus};
use crate::domain::state::State;
use crate::domain::task::{Assignee, Task, TaskStatus, is_plain_kind};
use crate::domain::time::Timestamp;
use crate::domain::visit::VisitStatus;

/// The most open tasks, and the most open action items, that a message carries: with rooms and equipment of the largest
/// clinic it stays below a megabyte. The oldest come first; the totals say what is left out.
pub(super) const OPEN_MAX: usize = 500;

/// `POST /webhook/facility-status`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FacilityStatus<'a> {
    pub(super) timestamp: Timestamp,
    pub(super) facility_id: &'a str,
    #[serde(flatten)]
    pub(super) facility: &'a Facility,
}

/// How the facility does. Two that are equal need not both be told.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Facility {
    rooms: Vec<RoomTold>,
    equipment: Vec<EquipmentTold>,
    patients: Patients,
    tasks: Vec<TaskTold>,
    action_items: Vec<ItemTold>,
    open_tasks: usize,
    open_action_items: usize,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomTold {
    id: RoomId,
    #[serde(rename = "type")]
    kind: RoomKind,
    status: RoomStatus,
    readiness: Readiness,
    occupancy: Presence,
    people: Option<u32>,
    current_doctor_id: Option<DoctorId>,
    estimated_available_at: Option<Timestamp>,
    since: Timestamp,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct EquipmentTold {
    id: EquipmentId,
    room_id: Option<RoomId>,
    status: EquipmentStatus,
    next_maintenance_date: Option<Timestamp>,
}

/// How many patients are how far. Nobody is named.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Patients {
    waiting: usize,
    in_examination: usize,
    in_treatment: usize,
    checking_out: usize,
}

/// A task, and what an offer says of it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskTold {
    id: TaskId,
    #[serde(rename = "type")]
    kind: String,
    title: String,
    priority: Urgency,
    assignee: AssigneeTold,
    status: TaskStatus,
    doctor_id: Option<DoctorId>,
    room_id: Option<RoomId>,
    equipment_id: Option<EquipmentId>,
    estimated_duration: Option<u32>,
    start_time: Timestamp,
}

/// Whose it is; who of the staff is nothing that the agent needs.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum AssigneeTold {
    Staff,
    Agent,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemTold {
    id: ActionId,
    #[serde(rename = "type")]
    kind: ActionKind,
    title: String,
    urgency: Urgency,
    status: ActionStatus,
    doctor_id: Option<DoctorId>,
    room_id: Option<RoomId>,
    equipment_id: Option<EquipmentId>,
    created_at: Timestamp,
}

/// `POST /webhook/task`: work that the agent is offered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Offer<'a> {
    pub(super) timestamp: Timestamp,
    pub(super) facility_id: &'a str,
    /// Until then an answer counts.
    pub(super) answer_by: Option<Timestamp>,
    pub(super) task: TaskTold,
}

impl Facility {
    /// How the facility of `clinic` does.
    pub(super) fn of(clinic: &State) -> Self {
        let open_tasks = || clinic.tasks.values().filter(|task| !task.status.is_closed());
        let open_items = || clinic.actions.values().filter(|item| item.status != ActionStatus::Completed);
        Self {
            rooms: clinic.rooms.values().map(|room| (&**room).into()).collect(),
            equipment: clinic.equipment.values().map(|it| (&**it).into()).collect(),
            patients: Patients::of(clinic),
            tasks: open_tasks().take(OPEN_MAX).map(|task| (&**task).into()).collect(),
            action_items: open_items().take(OPEN_MAX).map(|item| (&**item).into()).collect(),
            open_tasks: open_tasks().count(),
            open_action_items: open_items().count(),
        }
    }
}

impl Patients {
    fn of(clinic: &State) -> Self {
        let mut patients = Self::default();
        for visit in clinic.visits.values() {
            match visit.status {
                VisitStatus::Waiting => patients.waiting += 1,
                VisitStatus::InExamination => patients.in_examination += 1,
                VisitStatus::InTreatment => patients.in_treatment += 1,
                VisitStatus::CheckingOut => patients.checking_out += 1,
            }
        }
        patients
    }
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
            assignee: match &draft.assignee {
                Assignee::Agent => AssigneeTold::Agent,
                Assignee::Staff | Assignee::User(_) => AssigneeTold::Staff,
            },
            status: task.status,
            doctor_id: draft.doctor_id.clone(),
            room_id: draft.room_id.clone(),
            equipment_id: draft.equipment_id.clone(),
            estimated_duration: draft.estimated_duration,
            start_time: task.start_time,
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

/// `cleaning: room-1, eq-2`.
fn title(what: &str, room: Option<&RoomId>, equipment: Option<&EquipmentId>) -> String {
    let about = room.map(RoomId::as_str).into_iter().chain(equipment.map(EquipmentId::as_str));
    let about: Vec<_> = about.collect();
    if about.is_empty() { what.into() } else { format!("{what}: {}", about.join(", ")) }
}
