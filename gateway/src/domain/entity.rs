//! One stored thing, of any kind.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::{ApiKey, Token, User};
use super::action::ActionItem;
use super::agent::{AgentSetting, AgentUse, Feedback};
use super::alarm::Alarm;
use super::analytics::{DayKey, DayMetrics, RoomDay, RoomDayKey};
use super::automation::Automation;
use super::bound_device::Device;
use super::camera::Camera;
use super::doctor::Doctor;
use super::endpoint::{Delivery, Endpoint};
use super::equipment::Equipment;
use super::hub_day::{HubDay, HubDayKey};
use super::id::{
    ActionId, AlarmId, AutomationId, CameraId, DeviceId, DoctorId, EndpointId, EquipmentId, FeedbackId,
    KeyId, PatientId, RoomId, TaskId, TokenId, UserId,
};
use super::room::Room;
use super::task::Task;
use super::time::Timestamp;
use super::visit::Visit;

/// The revision of a thing that nobody has edited yet; also of one that was stored before revisions were.
pub(crate) const FIRST_REVISION: u64 = 1;

pub(crate) fn first_revision() -> u64 {
    FIRST_REVISION
}

/// What the clinic's state knows of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// When the seed file was taken over.
    pub imported_at: Option<Timestamp>,
}

/// Names one stored thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntityKey {
    /// The facility itself.
    Facility,
    /// A room.
    Room(RoomId),
    /// Equipment.
    Equipment(EquipmentId),
    /// A doctor.
    Doctor(DoctorId),
    /// An action item.
    Action(ActionId),
    /// A task.
    Task(TaskId),
    /// A technical alarm.
    Alarm(AlarmId),
    /// A camera.
    Camera(CameraId),
    /// A user.
    User(UserId),
    /// A bearer token.
    Token(TokenId),
    /// A machine's key.
    Key(KeyId),
    /// A setting of automation.
    Automation(AutomationId),
    /// The open visit of a patient.
    Visit(PatientId),
    /// What one day came to.
    Day(DayKey),
    /// How one room was used on one day.
    RoomDay(RoomDayKey),
    /// What one day of the hub came to.
    HubDay(HubDayKey),
    /// A bound device.
    Device(DeviceId),
    /// A webhook endpoint that an admin added.
    Endpoint(EndpointId),
    /// How far a webhook endpoint is.
    Delivery(EndpointId),
    /// The agent's phase.
    Agent,
    /// What the agent has written within an hour.
    AgentUse,
    /// An opinion of staff on the agent's work.
    Feedback(FeedbackId),
}

impl EntityKey {
    /// The kind and the id, as the store's key spells them.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            EntityKey::Facility => ("facility", "self"),
            EntityKey::Room(id) => ("room", id.as_str()),
            EntityKey::Equipment(id) => ("equipment", id.as_str()),
            EntityKey::Doctor(id) => ("doctor", id.as_str()),
            EntityKey::Action(id) => ("action", id.as_str()),
            EntityKey::Task(id) => ("task", id.as_str()),
            EntityKey::Alarm(id) => ("alarm", id.as_str()),
            EntityKey::Camera(id) => ("camera", id.as_str()),
            EntityKey::User(id) => ("user", id.as_str()),
            EntityKey::Token(id) => ("token", id.as_str()),
            EntityKey::Key(id) => ("key", id.as_str()),
            EntityKey::Automation(id) => ("automation", id.as_str()),
            EntityKey::Visit(id) => ("visit", id.as_str()),
            EntityKey::Day(key) => ("day", key.as_str()),
            EntityKey::RoomDay(key) => ("room_day", key.as_str()),
            EntityKey::HubDay(key) => ("hub_day", key.as_str()),
            EntityKey::Device(id) => ("device", id.as_str()),
            EntityKey::Endpoint(id) => ("endpoint", id.as_str()),
            EntityKey::Delivery(id) => ("delivery", id.as_str()),
            EntityKey::Agent => ("agent", "self"),
            EntityKey::AgentUse => ("agent_use", "self"),
            EntityKey::Feedback(id) => ("feedback", id.as_str()),
        }
    }
}

/// `room:room-1`: what names a thing in the audit trail.
impl fmt::Display for EntityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = self.parts();
        write!(f, "{kind}:{id}")
    }
}

/// One stored thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Entity {
    /// The facility itself.
    Facility(Facility),
    /// A room.
    Room(Arc<Room>),
    /// Equipment.
    Equipment(Arc<Equipment>),
    /// A doctor.
    Doctor(Arc<Doctor>),
    /// An action item.
    Action(Arc<ActionItem>),
    /// A task.
    Task(Arc<Task>),
    /// A technical alarm.
    Alarm(Arc<Alarm>),
    /// A camera.
    Camera(Arc<Camera>),
    /// A user.
    User(Arc<User>),
    /// A bearer token.
    Token(Arc<Token>),
    /// A machine's key.
    Key(Arc<ApiKey>),
    /// A setting of automation.
    Automation(Arc<Automation>),
    /// The open visit of a patient.
    Visit(Arc<Visit>),
    /// What one day came to.
    Day(Arc<DayMetrics>),
    /// How one room was used on one day.
    RoomDay(Arc<RoomDay>),
    /// What one day of the hub came to.
    HubDay(Arc<HubDay>),
    /// A bound device.
    Device(Arc<Device>),
    /// A webhook endpoint that an admin added.
    Endpoint(Arc<Endpoint>),
    /// How far a webhook endpoint is.
    Delivery(Arc<Delivery>),
    /// The agent's phase.
    Agent(Arc<AgentSetting>),
    /// What the agent has written within an hour.
    AgentUse(AgentUse),
    /// An opinion of staff on the agent's work.
    Feedback(Arc<Feedback>),
}

impl Entity {
    /// How often staff have edited it, counted from 1; `None` for what nobody edits. Sensors never move it, so
    /// that an edit under way is disturbed by other edits alone.
    pub fn revision(&self) -> Option<u64> {
        match self {
            Entity::Room(room) => Some(room.revision),
            Entity::Equipment(equipment) => Some(equipment.revision),
            Entity::Doctor(doctor) => Some(doctor.revision),
            Entity::Action(action) => Some(action.revision),
            Entity::Task(task) => Some(task.revision),
            Entity::User(user) => Some(user.revision),
            Entity::Automation(automation) => Some(automation.revision),
            Entity::Endpoint(endpoint) => Some(endpoint.revision),
            Entity::Agent(setting) => Some(setting.revision),
            Entity::Facility(_)
            | Entity::Alarm(_)
            | Entity::Camera(_)
            | Entity::Token(_)
            | Entity::Key(_)
            | Entity::Visit(_)
            | Entity::Day(_)
            | Entity::RoomDay(_)
            | Entity::HubDay(_)
            | Entity::Device(_)
            | Entity::Delivery(_)
            | Entity::AgentUse(_)
            | Entity::Feedback(_) => None,
        }
    }

    /// The key that the thing is stored under.
    pub fn key(&self) -> EntityKey {
        match self {
            Entity::Facility(_) => EntityKey::Facility,
            Entity::Room(room) => EntityKey::Room(room.id.clone()),
            Entity::Equipment(equipment) => EntityKey::Equipment(equipment.id.clone()),
            Entity::Doctor(doctor) => EntityKey::Doctor(doctor.id.clone()),
            Entity::Action(action) => EntityKey::Action(action.id.clone()),
            Entity::Task(task) => EntityKey::Task(task.id.clone()),
            Entity::Alarm(alarm) => EntityKey::Alarm(alarm.id.clone()),
            Entity::Camera(camera) => EntityKey::Camera(camera.id.clone()),
            Entity::User(user) => EntityKey::User(user.id.clone()),
            Entity::Token(token) => EntityKey::Token(token.id.clone()),
            Entity::Key(key) => EntityKey::Key(key.id.clone()),
            Entity::Automation(automation) => EntityKey::Automation(automation.id()),
            Entity::Visit(visit) => EntityKey::Visit(visit.patient_id.clone()),
            Entity::Day(day) => EntityKey::Day(day.key()),
            Entity::RoomDay(day) => EntityKey::RoomDay(day.key()),
            Entity::HubDay(day) => EntityKey::HubDay(HubDayKey::of(day.date)),
            Entity::Device(device) => EntityKey::Device(device.id.clone()),
            Entity::Endpoint(it) => EntityKey::Endpoint(it.id.clone()),
            Entity::Delivery(it) => EntityKey::Delivery(it.endpoint_id.clone()),
            Entity::Agent(_) => EntityKey::Agent,
            Entity::AgentUse(_) => EntityKey::AgentUse,
            Entity::Feedback(feedback) => EntityKey::Feedback(feedback.id.clone()),
        }
    }
}

/// One change of what is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The thing is so now.
    Put(Entity),
    /// The thing is gone.
    Remove(EntityKey),
}

impl Change {
    /// The key of what changes.
    pub fn key(&self) -> EntityKey {
        match self {
            Change::Put(entity) => entity.key(),
            Change::Remove(key) => key.clone(),
        }
    }
}
