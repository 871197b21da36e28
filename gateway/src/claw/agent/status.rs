//! What the agent is sent: how the facility does, and work that it is offered.

use serde::Serialize;

use crate::claw::told::{EquipmentTold, ItemTold, RoomTold, TaskTold};
use crate::domain::action::ActionStatus;
use crate::domain::state::State;
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

/// How many patients are how far. Nobody is named.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Patients {
    waiting: usize,
    in_examination: usize,
    in_treatment: usize,
    checking_out: usize,
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
