//! Server frames. Each has the seed's three keys `type`, `data`, `timestamp`; the rest is ignorable.

use serde::Serialize;
use serde_json::{Value, json};

use super::channel::Channel;
use super::view::{action, alarm, camera, equipment, room, task};
use crate::domain::event::{Committed, Event, Seq};
use crate::domain::role::Role;
use crate::domain::state::State;
use crate::domain::time::Timestamp;
use crate::domain::view::View;

/// One frame, before it becomes text. Keys without a value are left out.
#[derive(Debug, Serialize)]
pub struct Frame<D> {
    /// What it is: `room:updated`, `subscribed` …
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The client's own id of the frame that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// The channel; for an event its home channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<Channel>,
    /// The event's place, or the place that an answer holds for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// The journal's life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// Whether everything since the client's cursor comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<bool>,
    /// The event is not new: it is sent again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replay: bool,
    /// The content.
    pub data: D,
    /// When: the event's time, or the time of the answer.
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

/// The channels that hear of `event`, its home channel first; none for what is not for clients.
pub fn channels_of(event: &Event) -> &'static [Channel] {
    match event {
        Event::RoomCreated(_)
        | Event::RoomUpdated(_)
        | Event::RoomDeleted(_)
        | Event::EquipmentCreated(_)
        | Event::EquipmentUpdated(_)
        | Event::EquipmentDeleted(_) => &[Channel::Facility],
        Event::ActionCreated(_) | Event::ActionUpdated(_) | Event::ActionDeleted(_) => &[Channel::Actions],
        Event::TaskCreated(_) | Event::TaskUpdated(_) | Event::TaskDeleted(_) => &[Channel::Tasks],
        Event::AlarmRaised(_) | Event::AlarmCleared(_) | Event::AlarmAcknowledged(_) => &[Channel::System],
        Event::CameraUpdated(_) | Event::CameraRemoved(_) => &[Channel::Cameras, Channel::System],
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_)
        | Event::AutomationChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_) => &[],
    }
}

/// The frame of a committed event as `view` shows it; `None` for what is not for clients.
pub fn event_text(committed: &Committed, view: View, replay: bool) -> Option<String> {
    let (kind, data) = shown(&committed.event, view)?;
    let home = *channels_of(&committed.event).first()?;
    let (room, seq) = (Some(home), Some(committed.seq));
    Some(Frame { room, seq, replay, ..Frame::new(kind, data, committed.at) }.to_text())
}

/// The wire's name of an event, and what `view` shows of the thing that it is about.
fn shown(event: &Event, view: View) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::RoomCreated(it) => ("room:created", room(it, view)),
        Event::RoomUpdated(it) => ("room:updated", room(it, view)),
        Event::RoomDeleted(id) => ("room:deleted", json!({ "id": id })),
        Event::EquipmentCreated(it) => ("equipment:created", equipment(it, view)),
        Event::EquipmentUpdated(it) => ("equipment:updated", equipment(it, view)),
        Event::EquipmentDeleted(id) => ("equipment:deleted", json!({ "id": id })),
        Event::ActionCreated(it) => ("action:created", action(it, view)),
        Event::ActionUpdated(it) => ("action:updated", action(it, view)),
        Event::ActionDeleted(id) => ("action:deleted", json!({ "id": id })),
        Event::TaskCreated(it) => ("task:created", task(it, view)),
        Event::TaskUpdated(it) => ("task:updated", task(it, view)),
        Event::TaskDeleted(id) => ("task:deleted", json!({ "id": id })),
        Event::AlarmRaised(it) => ("alarm:raised", alarm(it, view)),
        Event::AlarmCleared(it) => ("alarm:cleared", alarm(it, view)),
        Event::AlarmAcknowledged(it) => ("alarm:acknowledged", alarm(it, view)),
        Event::CameraUpdated(it) => ("camera:updated", camera(it, view)),
        Event::CameraRemoved(id) => ("camera:updated", json!({ "id": id, "health": "removed" })),
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_)
        | Event::AutomationChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_) => return None,
    })
}

/// The snapshot of what a channel shows to `role`.
pub fn snapshot_of(channel: Channel, state: &State, role: Role) -> Value {
    let view = role.view();
    let wants = |home: Channel| (channel == home || channel == Channel::All) && home.admits(role);
    let mut data = serde_json::Map::new();
    if wants(Channel::Facility) {
        data.insert("rooms".into(), state.rooms.values().map(|it| room(it, view)).collect());
        data.insert("equipment".into(), state.equipment.values().map(|it| equipment(it, view)).collect());
    }
    if wants(Channel::Actions) {
        data.insert("actions".into(), state.actions.values().map(|it| action(it, view)).collect());
    }
    if wants(Channel::Tasks) {
        data.insert("tasks".into(), state.tasks.values().map(|it| task(it, view)).collect());
    }
    if wants(Channel::Cameras) || channel == Channel::System {
        data.insert("cameras".into(), state.cameras.values().map(|it| camera(it, view)).collect());
    }
    if wants(Channel::System) {
        let standing = state.alarms.values().filter(|alarm| alarm.is_standing());
        data.insert("alarms".into(), standing.map(|it| alarm(it, view)).collect());
    }
    Value::Object(data)
}
