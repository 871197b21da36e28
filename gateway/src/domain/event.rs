//! What has become true. An event carries the thing as it is afterwards, so that applying it can not fail, a
//! journal outlives changes of the rules, and a replayed frame is the frame that was sent.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::action::ActionItem;
use super::actor::Actor;
use super::agent::AgentSetting;
use super::alarm::Alarm;
use super::automation::Automation;
use super::bound_device::Device;
use super::camera::Camera;
use super::doctor::Doctor;
use super::equipment::Equipment;
use super::id::{ActionId, CameraId, CommandId, DeviceId, DoctorId, EquipmentId, PatientId, RoomId, TaskId};
use super::room::Room;
use super::task::Task;
use super::time::Timestamp;
use super::visit::Visit;

/// A change that somebody would act on. Committed, it has a `seq` and never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// The gateway opened the store.
    GatewayStarted {
        /// Its version.
        version: String,
    },
    /// The wall clock stepped by so many milliseconds.
    ClockStepped {
        /// Milliseconds, negative for back.
        by_ms: i64,
    },
    /// The seed file was taken over.
    ClinicImported,
    /// A room is new.
    RoomCreated(Arc<Room>),
    /// A room changed.
    RoomUpdated(Arc<Room>),
    /// A room is gone.
    RoomDeleted(RoomId),
    /// Equipment is new.
    EquipmentCreated(Arc<Equipment>),
    /// Equipment changed.
    EquipmentUpdated(Arc<Equipment>),
    /// A doctor is new.
    DoctorCreated(Arc<Doctor>),
    /// An action item is new.
    ActionCreated(Arc<ActionItem>),
    /// An action item changed.
    ActionUpdated(Arc<ActionItem>),
    /// An action item is gone.
    ActionDeleted(ActionId),
    /// A task is new.
    TaskCreated(Arc<Task>),
    /// A task changed.
    TaskUpdated(Arc<Task>),
    /// A task is gone.
    TaskDeleted(TaskId),
    /// A technical alarm was raised.
    AlarmRaised(Arc<Alarm>),
    /// Its cause is gone.
    AlarmCleared(Arc<Alarm>),
    /// Somebody has seen it.
    AlarmAcknowledged(Arc<Alarm>),
    /// A camera's health changed.
    CameraUpdated(Arc<Camera>),
    /// A camera is no longer configured.
    CameraRemoved(CameraId),
    /// Somebody set how far sensors may act by themselves.
    AutomationChanged(Arc<Automation>),
    /// A visit began or went on. Ids and times only; for no channel.
    VisitUpdated(Arc<Visit>),
    /// A visit is over, or was forgotten. Ids and times only; for no channel.
    VisitClosed(Arc<Visit>),
    /// Equipment is gone.
    EquipmentDeleted(EquipmentId),
    /// A doctor changed.
    DoctorUpdated(Arc<Doctor>),
    /// A doctor is gone.
    DoctorDeleted(DoctorId),
    /// A device's health changed, or what it senses.
    DeviceUpdated(Arc<Device>),
    /// A device is no longer bound.
    DeviceRemoved(DeviceId),
    /// Somebody set how far the agent may act by itself.
    AgentChanged(Arc<AgentSetting>),
}

impl Event {
    /// Whom the thing that the event is about concerns now.
    pub fn concerns(&self) -> Concerned {
        match self {
            Event::RoomCreated(it) | Event::RoomUpdated(it) => Concerned::by_room(it),
            Event::ActionCreated(it) | Event::ActionUpdated(it) => Concerned::by_action(it),
            Event::TaskCreated(it) | Event::TaskUpdated(it) => Concerned::by_task(it),
            _ => Concerned::default(),
        }
    }

    /// The field that takes the most bytes of the thing that the event is about, as the wire spells it.
    pub fn largest_field(&self) -> Option<String> {
        let event = serde_json::to_value(self).ok()?;
        let fields = event.get("data")?.as_object()?.iter();
        fields.max_by_key(|(_, value)| value.to_string().len()).map(|(name, _)| name.clone())
    }
}

/// The doctor and the patient that a thing is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    /// The doctor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
    /// The patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
}

impl Concerned {
    /// Whom `room` concerns: who is in it.
    pub fn by_room(room: &Room) -> Self {
        Self { doctor: room.current_doctor_id.clone(), patient: room.current_patient_id.clone() }
    }

    /// Whom `item` concerns.
    pub fn by_action(item: &ActionItem) -> Self {
        Self { doctor: item.draft.doctor_id.clone(), patient: None }
    }

    /// Whom `task` concerns.
    pub fn by_task(task: &Task) -> Self {
        Self { doctor: task.draft.doctor_id.clone(), patient: None }
    }

    /// True when it concerns nobody.
    pub fn is_nobody(&self) -> bool {
        *self == Self::default()
    }

    /// Who of these is not among `others`.
    #[must_use]
    pub fn without(self, others: &Self) -> Self {
        Self {
            doctor: self.doctor.filter(|it| others.doctor.as_ref() != Some(it)),
            patient: self.patient.filter(|it| others.patient.as_ref() != Some(it)),
        }
    }
}

/// The place of an event in the journal: 1, 2, 3 … without holes. 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The next place.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event in its place in the journal: durable, and never changed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Committed {
    /// Its place.
    pub seq: Seq,
    /// When it became true.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The command that caused it.
    pub command_id: CommandId,
    /// Whom the thing concerned before, and concerns no more: they hear of its going.
    #[serde(default, skip_serializing_if = "Concerned::is_nobody")]
    pub before: Concerned,
    /// What became true.
    #[serde(flatten)]
    pub event: Event,
}
