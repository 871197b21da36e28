//! Server frames. Each has the seed's three keys `type`, `data`, `timestamp`; the rest is ignorable.

use serde::Serialize;
use serde_json::{Value, json};

use super::channel::Channel;
use super::entity::{ActionBody, AlarmBody, CameraBody, EquipmentBody, RoomBody, TaskBody};
use crate::domain::event::{Committed, Event, Seq};
use crate::domain::state::State;
use crate::domain::time::Timestamp;

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
        | Event::EquipmentUpdated(_) => &[Channel::Facility],
        Event::ActionCreated(_) | Event::ActionUpdated(_) | Event::ActionDeleted(_) => &[Channel::Actions],
        Event::TaskCreated(_) | Event::TaskUpdated(_) | Event::TaskDeleted(_) => &[Channel::Tasks],
        Event::AlarmRaised(_) | Event::AlarmCleared(_) | Event::AlarmAcknowledged(_) => &[Channel::System],
        Event::CameraUpdated(_) | Event::CameraRemoved(_) => &[Channel::Cameras, Channel::System],
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_) => &[],
    }
}

/// The frame of a committed event as text; `None` for what is not for clients.
pub fn event_text(committed: &Committed, replay: bool) -> Option<String> {
    let home = *channels_of(&committed.event).first()?;
    let text = |kind, data: &dyn erased::Json| data.frame(kind, home, committed, replay);
    Some(match &committed.event {
        Event::RoomCreated(it) => text("room:created", &RoomBody::from(&**it)),
        Event::RoomUpdated(it) => text("room:updated", &RoomBody::from(&**it)),
        Event::RoomDeleted(id) => text("room:deleted", &json!({ "id": id })),
        Event::EquipmentCreated(it) => text("equipment:created", &EquipmentBody::from(&**it)),
        Event::EquipmentUpdated(it) => text("equipment:updated", &EquipmentBody::from(&**it)),
        Event::ActionCreated(it) => text("action:created", &ActionBody::from(&**it)),
        Event::ActionUpdated(it) => text("action:updated", &ActionBody::from(&**it)),
        Event::ActionDeleted(id) => text("action:deleted", &json!({ "id": id })),
        Event::TaskCreated(it) => text("task:created", &TaskBody::from(&**it)),
        Event::TaskUpdated(it) => text("task:updated", &TaskBody::from(&**it)),
        Event::TaskDeleted(id) => text("task:deleted", &json!({ "id": id })),
        Event::AlarmRaised(it) => text("alarm:raised", &AlarmBody::from(&**it)),
        Event::AlarmCleared(it) => text("alarm:cleared", &AlarmBody::from(&**it)),
        Event::AlarmAcknowledged(it) => text("alarm:acknowledged", &AlarmBody::from(&**it)),
        Event::CameraUpdated(it) => text("camera:updated", &CameraBody::from(&**it)),
        Event::CameraRemoved(id) => text("camera:updated", &json!({ "id": id, "health": "removed" })),
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_) => return None,
    })
}

/// Serialising a frame around bodies of different types.
mod erased {
    use super::{Channel, Committed, Frame};
    use serde::Serialize;

    pub(super) trait Json {
        fn frame(&self, kind: &'static str, home: Channel, committed: &Committed, replay: bool) -> String;
    }

    impl<D: Serialize> Json for D {
        fn frame(&self, kind: &'static str, home: Channel, committed: &Committed, replay: bool) -> String {
            let (room, seq) = (Some(home), Some(committed.seq));
            Frame { room, seq, replay, ..Frame::new(kind, self, committed.at) }.to_text()
        }
    }
}

/// The snapshot of what a channel shows.
pub fn snapshot_of(channel: Channel, state: &State) -> Value {
    let wants = |home| channel == home || channel == Channel::All;
    let mut data = serde_json::Map::new();
    if wants(Channel::Facility) {
        data.insert("rooms".into(), list(state.rooms.values().map(|it| RoomBody::from(&**it))));
        data.insert("equipment".into(), list(state.equipment.values().map(|it| EquipmentBody::from(&**it))));
    }
    if wants(Channel::Actions) {
        data.insert("actions".into(), list(state.actions.values().map(|it| ActionBody::from(&**it))));
    }
    if wants(Channel::Tasks) {
        data.insert("tasks".into(), list(state.tasks.values().map(|it| TaskBody::from(&**it))));
    }
    if wants(Channel::Cameras) || channel == Channel::System {
        data.insert("cameras".into(), list(state.cameras.values().map(|it| CameraBody::from(&**it))));
    }
    if wants(Channel::System) {
        let standing = state.alarms.values().filter(|alarm| alarm.is_standing());
        data.insert("alarms".into(), list(standing.map(|it| AlarmBody::from(&**it))));
    }
    Value::Object(data)
}

fn list<T: Serialize>(bodies: impl Iterator<Item = T>) -> Value {
    bodies.map(|body| serde_json::to_value(body).expect("our bodies serialise")).collect()
}
