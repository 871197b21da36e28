//! Server frames. Each has the seed's three keys `type`, `data`, `timestamp`; the rest is ignorable.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::channel::{Audience, Channel, Topics};
use super::entity::{ActionBody, AlarmBody, CameraBody, DeviceBody, EquipmentBody, RoomBody, TaskBody};
use super::reading::ReadingBody;
use super::schema::{FrameId, Id, Time};
use super::view::{action, alarm, camera, device, equipment, room, task};
use crate::domain::event::{Committed, Concerned, Event, Seq};
use crate::domain::role::{Role, Topic};
use crate::domain::state::State;
use crate::domain::time::Timestamp;
use crate::domain::view::View;

/// One frame, before it becomes text. Keys without a value are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Frame<D> {
    /// What it is: `room:updated`, `subscribed` …
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// The client's own id of the frame that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FrameId>, nullable = false)]
    pub id: Option<Value>,
    /// The channel; for an event its home channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub room: Option<Channel>,
    /// The event's place, or the place that an answer holds for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, nullable = false)]
    pub seq: Option<Seq>,
    /// The journal's life.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub epoch: Option<String>,
    /// Whether everything since the client's cursor comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recovered: Option<bool>,
    /// The event is not new: it is sent again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replay: bool,
    /// The content.
    pub data: D,
    /// When: the event's time, or the time of the answer.
    #[schema(value_type = Time)]
    pub timestamp: Timestamp,
}

impl<D: Serialize> Frame<D> {
    /// A frame with its three keys and no extras.
    pub fn new(kind: &'static str, data: D, timestamp: Timestamp) -> Self {
        let (id, room, seq, epoch, recovered) = (None, None, None, None, None);
        Self { kind, id, room, seq, epoch, recovered, replay: false, data, timestamp }
    }

    /// The frame as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("our frames serialise")
    }
}

/// A thing that is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gone {
    #[schema(value_type = Id)]
    id: String,
}

impl Gone {
    fn shown(id: impl ToString) -> Value {
        serde_json::to_value(Self { id: id.to_string() }).expect("an id serialises")
    }
}

/// A camera that is no longer configured.
#[derive(Debug, Serialize, ToSchema)]
pub struct CameraGone {
    #[schema(value_type = Id)]
    id: String,
    health: Removed,
}

/// What is said of a camera or a device in place of how it does.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Removed {
    Removed,
}

impl CameraGone {
    fn shown(id: impl ToString) -> Value {
        let gone = Self { id: id.to_string(), health: Removed::Removed };
        serde_json::to_value(gone).expect("an id serialises")
    }
}

/// A camera's health, or that it is no longer configured: what `camera:updated` says.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
pub enum CameraNews {
    /// Its health.
    Camera(CameraBody<'static>),
    /// It is gone.
    Gone(CameraGone),
}

/// A device that is no longer bound.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceGone {
    #[schema(value_type = Id)]
    id: String,
    health: Removed,
}

impl DeviceGone {
    fn shown(id: impl ToString) -> Value {
        let gone = Self { id: id.to_string(), health: Removed::Removed };
        serde_json::to_value(gone).expect("an id serialises")
    }
}

/// A device, or that it is no longer bound: what `device:updated` says.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
pub enum DeviceNews {
    /// How it does.
    Device(DeviceBody<'static>),
    /// It is gone.
    Gone(DeviceGone),
}

/// What there is, as of the frame's `seq`: of each kind, what the channel carries and the role sees.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Snapshot {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<RoomBody<'static>>>, nullable = false)]
    rooms: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<EquipmentBody<'static>>>, nullable = false)]
    equipment: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ActionBody<'static>>>, nullable = false)]
    actions: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<TaskBody<'static>>>, nullable = false)]
    tasks: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CameraBody<'static>>>, nullable = false)]
    cameras: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<DeviceBody<'static>>>, nullable = false)]
    devices: Option<Value>,
    /// Those that stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<AlarmBody<'static>>>, nullable = false)]
    alarms: Option<Value>,
    /// The newest value of each series that was measured within the last quarter of an hour. These have no `seq`:
    /// they are as of the frame's `timestamp` or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    readings: Option<Vec<ReadingBody>>,
}

impl Snapshot {
    /// The same with readings, for a channel that brings them.
    #[must_use]
    pub fn with_readings(self, readings: Option<Vec<ReadingBody>>) -> Self {
        Self { readings, ..self }
    }
}

/// The frame of a committed event as `view` shows it; `None` for what is not for clients.
pub fn event_text(committed: &Committed, view: View, replay: bool) -> Option<String> {
    let (kind, data) = shown(&committed.event, view)?;
    let home = Audience::of(committed)?.home;
    let (room, seq) = (Some(Channel::Of(home)), Some(committed.seq));
    Some(Frame { room, seq, replay, ..Frame::new(kind, data, committed.at) }.to_text())
}

/// Every name that [`shown`] gives an event.
pub const EVENT_KINDS: [&str; 17] = [
    "room:created",
    "room:updated",
    "room:deleted",
    "equipment:created",
    "equipment:updated",
    "equipment:deleted",
    "action:created",
    "action:updated",
    "action:deleted",
    "task:created",
    "task:updated",
    "task:deleted",
    "alarm:raised",
    "alarm:cleared",
    "alarm:acknowledged",
    "camera:updated",
    "device:updated",
];

/// The wire's name of an event, and what `view` shows of the thing that it is about; `None` for what is for nobody.
pub fn shown(event: &Event, view: View) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::RoomCreated(it) => ("room:created", room(it, view)),
        Event::RoomUpdated(it) => ("room:updated", room(it, view)),
        Event::RoomDeleted(id) => ("room:deleted", Gone::shown(id)),
        Event::EquipmentCreated(it) => ("equipment:created", equipment(it, view)),
        Event::EquipmentUpdated(it) => ("equipment:updated", equipment(it, view)),
        Event::EquipmentDeleted(id) => ("equipment:deleted", Gone::shown(id)),
        Event::ActionCreated(it) => ("action:created", action(it, view)),
        Event::ActionUpdated(it) => ("action:updated", action(it, view)),
        Event::ActionDeleted(id) => ("action:deleted", Gone::shown(id)),
        Event::TaskCreated(it) => ("task:created", task(it, view)),
        Event::TaskUpdated(it) => ("task:updated", task(it, view)),
        Event::TaskDeleted(id) => ("task:deleted", Gone::shown(id)),
        Event::AlarmRaised(it) => ("alarm:raised", alarm(it, view)),
        Event::AlarmCleared(it) => ("alarm:cleared", alarm(it, view)),
        Event::AlarmAcknowledged(it) => ("alarm:acknowledged", alarm(it, view)),
        Event::CameraUpdated(it) => ("camera:updated", camera(it, view)),
        Event::CameraRemoved(id) => ("camera:updated", CameraGone::shown(id)),
        Event::DeviceUpdated(it) => ("device:updated", device(it, view)),
        Event::DeviceRemoved(id) => ("device:updated", DeviceGone::shown(id)),
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_)
        | Event::AutomationChanged(_)
        | Event::AgentChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_) => return None,
    })
}

/// The snapshot of what `channel` shows to `role`.
pub fn snapshot_of(channel: &Channel, state: &State, role: Role) -> Snapshot {
    let view = role.view();
    match channel {
        Channel::Doctor(id) => {
            return concerning(state, role, |it| it.doctor.as_ref() == Some(id));
        }
        Channel::Patient(id) => {
            return concerning(state, role, |it| it.patient.as_ref() == Some(id));
        }
        Channel::Task(id) => {
            let tasks = state.tasks.get(id).map(|it| task(it, view)).into_iter().collect();
            return Snapshot { tasks: Some(tasks), ..Snapshot::default() };
        }
        Channel::Of(_) | Channel::All | Channel::Hospital(_) => {}
    }
    let topics = channel.topics(role);
    let wants = |topic| topics.meet(Topics::of(topic));
    let (facility, system) = (wants(Topic::Facility), wants(Topic::System));
    let cameras = wants(Topic::Cameras) || system;
    let standing = state.alarms.values().filter(|alarm| alarm.is_standing());
    Snapshot {
        rooms: facility.then(|| state.rooms.values().map(|it| room(it, view)).collect()),
        equipment: facility.then(|| state.equipment.values().map(|it| equipment(it, view)).collect()),
        actions: wants(Topic::Actions).then(|| state.actions.values().map(|it| action(it, view)).collect()),
        tasks: wants(Topic::Tasks).then(|| state.tasks.values().map(|it| task(it, view)).collect()),
        cameras: cameras.then(|| state.cameras.values().map(|it| camera(it, view)).collect()),
        devices: system.then(|| state.devices.values().map(|it| device(it, view)).collect()),
        alarms: system.then(|| standing.map(|it| alarm(it, view)).collect()),
        // Of the ledger, and not of the state.
        readings: None,
    }
}

/// What of the state concerns somebody, as `role` sees it. Equipment, cameras and alarms concern nobody.
fn concerning(state: &State, role: Role, is_theirs: impl Fn(&Concerned) -> bool) -> Snapshot {
    let view = role.view();
    let rooms = state.rooms.values().filter(|it| is_theirs(&Concerned::by_room(it)));
    let actions = state.actions.values().filter(|it| is_theirs(&Concerned::by_action(it)));
    let tasks = state.tasks.values().filter(|it| is_theirs(&Concerned::by_task(it)));
    Snapshot {
        rooms: Some(rooms.map(|it| room(it, view)).collect()),
        actions: Some(actions.map(|it| action(it, view)).collect()),
        tasks: Some(tasks.map(|it| task(it, view)).collect()),
        ..Snapshot::default()
    }
}
