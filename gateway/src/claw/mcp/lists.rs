//! The tools that tell: what the snapshot says, as the agent is told it, and nothing that anybody typed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::claw::told::{AlarmTold, AssigneeTold, EquipmentTold, ItemTold, RoomTold, TaskTold};
use crate::domain::action::{ActionStatus, Urgency};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::id::RoomId;
use crate::domain::room::RoomStatus;
use crate::domain::state::State;
use crate::wire::page::limit_of;
use crate::wire::problem::Problem;
use crate::wire::schema::Id;

/// Which rooms.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListRooms {
    /// Only rooms of this status. `unknown` means that nobody knows: do not guess.
    #[schema(inline)]
    status: Option<RoomStatus>,
    /// How many at most; 100 without it.
    #[schema(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// Which equipment.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListEquipment {
    /// Only what is in this room.
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    /// Only what has this status.
    #[schema(inline)]
    status: Option<EquipmentStatus>,
    /// How many at most; 100 without it.
    #[schema(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// Which open tasks.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListTasks {
    /// Only tasks about this room.
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    /// Only tasks of these: `agent` for your own.
    #[schema(inline)]
    assignee: Option<AssigneeTold>,
    /// How many at most; 100 without it.
    #[schema(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// Which open action items.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListActions {
    /// Only items about this room.
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    /// Only items of this urgency.
    #[schema(inline)]
    urgency: Option<Urgency>,
    /// How many at most; 100 without it.
    #[schema(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// How many alarms.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListAlerts {
    /// How many at most; 100 without it.
    #[schema(minimum = 1, maximum = 500)]
    limit: Option<u16>,
}

/// Rooms, by id.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomsTold {
    #[schema(inline)]
    rooms: Vec<RoomTold>,
    /// How many there are, told or not.
    total: usize,
}

/// Equipment, by id.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AllEquipmentTold {
    #[schema(inline)]
    equipment: Vec<EquipmentTold>,
    /// How many there are, told or not.
    total: usize,
}

/// Open tasks, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TasksTold {
    #[schema(inline)]
    tasks: Vec<TaskTold>,
    /// How many there are, told or not.
    total: usize,
}

/// Open action items, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemsTold {
    #[schema(inline)]
    actions: Vec<ItemTold>,
    /// How many there are, told or not.
    total: usize,
}

/// What is technically wrong now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlarmsTold {
    #[schema(inline)]
    alarms: Vec<AlarmTold>,
    /// How many there are, told or not.
    total: usize,
}

impl ListRooms {
    /// The rooms of `clinic` that are asked for.
    ///
    /// # Errors
    ///
    /// A limit out of range.
    pub(super) fn of(&self, clinic: &State) -> Result<RoomsTold, Problem> {
        let wanted = clinic.rooms.values().filter(|it| is(self.status.as_ref(), Some(&it.status())));
        let (rooms, total) = first(wanted.map(|room| &**room), self.limit)?;
        Ok(RoomsTold { rooms, total })
    }
}

impl ListEquipment {
    /// The equipment of `clinic` that is asked for.
    ///
    /// # Errors
    ///
    /// A limit out of range.
    pub(super) fn of(&self, clinic: &State) -> Result<AllEquipmentTold, Problem> {
        let wanted = clinic.equipment.values().filter(|it| {
            is(self.room_id.as_ref(), it.room_id.as_ref()) && is(self.status.as_ref(), Some(&it.status))
        });
        let (equipment, total) = first(wanted.map(|it| &**it), self.limit)?;
        Ok(AllEquipmentTold { equipment, total })
    }
}

impl ListTasks {
    /// The open tasks of `clinic` that are asked for.
    ///
    /// # Errors
    ///
    /// A limit out of range.
    pub(super) fn of(&self, clinic: &State) -> Result<TasksTold, Problem> {
        let wanted = clinic.tasks.values().filter(|task| {
            !task.status.is_closed()
                && is(self.room_id.as_ref(), task.draft.room_id.as_ref())
                && is(self.assignee.as_ref(), Some(&(&task.draft.assignee).into()))
        });
        let (tasks, total) = first(wanted.map(|task| &**task), self.limit)?;
        Ok(TasksTold { tasks, total })
    }
}

impl ListActions {
    /// The open action items of `clinic` that are asked for.
    ///
    /// # Errors
    ///
    /// A limit out of range.
    pub(super) fn of(&self, clinic: &State) -> Result<ItemsTold, Problem> {
        let wanted = clinic.actions.values().filter(|item| {
            item.status != ActionStatus::Completed
                && is(self.room_id.as_ref(), item.draft.room_id.as_ref())
                && is(self.urgency.as_ref(), Some(&item.draft.urgency))
        });
        let (actions, total) = first(wanted.map(|item| &**item), self.limit)?;
        Ok(ItemsTold { actions, total })
    }
}

impl ListAlerts {
    /// The alarms of `clinic` that stand.
    ///
    /// # Errors
    ///
    /// A limit out of range.
    pub(super) fn of(&self, clinic: &State) -> Result<AlarmsTold, Problem> {
        let standing = clinic.alarms.values().filter(|alarm| alarm.is_standing());
        let (alarms, total) = first(standing.map(|alarm| &**alarm), self.limit)?;
        Ok(AlarmsTold { alarms, total })
    }
}

/// The first ones, and how many there are.
fn first<'a, T: 'a, U: From<&'a T>>(
    mut all: impl Iterator<Item = &'a T>,
    limit: Option<u16>,
) -> Result<(Vec<U>, usize), Problem> {
    let told: Vec<U> = all.by_ref().take(limit_of(limit)?).map(U::from).collect();
    let total = told.len() + all.count();
    Ok((told, total))
}

/// True when nothing is asked for, or just this.
fn is<T: PartialEq>(wanted: Option<&T>, has: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| has == Some(wanted))
}
