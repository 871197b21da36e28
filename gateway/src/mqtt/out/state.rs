//! The clinic's state as retained payloads, and which of them an event moves. Pure.
//!
//! A payload holds facts only: what a touch moves (a confidence, a last word's time) would be published without a
//! commit, or not at all.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;

use super::topics::{OFFLINE, ONLINE, Topic};
use crate::domain::alarm::{Alarm, AlarmCause};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::event::Event;
use crate::domain::id::{AlarmId, EquipmentId, RoomId};
use crate::domain::occupancy::{Freshness, Presence};
use crate::domain::room::{Readiness, Room, RoomKind, RoomStatus};
use crate::domain::state::State;
use crate::domain::time::Timestamp;

/// Somebody is there, as Home Assistant spells it.
pub const OCCUPIED: &str = "ON";
/// Nobody is there.
pub const EMPTY: &str = "OFF";
/// Nobody knows.
pub const UNKNOWN: &str = "None";

/// What an event moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// These, if they are published at all.
    Topics(Vec<Topic>),
    /// Perhaps everything.
    Everything,
}

/// How a room is. No doctor and no patient.
#[derive(Serialize)]
struct RoomPayload<'a> {
    id: &'a RoomId,
    #[serde(rename = "type")]
    kind: RoomKind,
    status: RoomStatus,
    readiness: Readiness,
    occupancy: Presence,
    people: Option<u32>,
    freshness: Freshness,
    paused: bool,
    synthetic: bool,
    since: Timestamp,
    occupancy_since: Timestamp,
    why: &'a str,
}

/// How a piece of equipment does. Its log is what people typed, and stays.
#[derive(Serialize)]
struct EquipmentPayload<'a> {
    id: &'a EquipmentId,
    room_id: Option<&'a RoomId>,
    status: EquipmentStatus,
    since: Timestamp,
}

/// An alarm. That somebody has seen it, not who.
#[derive(Serialize)]
struct AlarmPayload<'a> {
    id: &'a AlarmId,
    cause: AlarmCause,
    subject: &'a str,
    text: &'a str,
    remedy: &'a str,
    children: &'a [String],
    raised_at: Timestamp,
    acknowledged: bool,
}

#[derive(Serialize)]
struct SummaryPayload {
    rooms: BTreeMap<&'static str, usize>,
    equipment: BTreeMap<&'static str, usize>,
    alarms: AlarmCounts,
}

#[derive(Serialize)]
struct AlarmCounts {
    standing: usize,
    unacknowledged: usize,
}

/// Everything that `state` makes us publish: discovery first, so that whoever finds a thing then hears how it is.
pub fn every(state: &State) -> Vec<Topic> {
    let standing = state.alarms.values().filter(|alarm| alarm.is_standing());
    let found = [Topic::GatewayDiscovery].into_iter();
    let found = found.chain(state.rooms.keys().cloned().map(Topic::RoomDiscovery));
    let found = found.chain(state.equipment.keys().cloned().map(Topic::EquipmentDiscovery));
    let told = state.rooms.keys().flat_map(of_room);
    let told = told.chain(state.equipment.keys().cloned().map(Topic::EquipmentState));
    let told = told.chain(standing.map(|alarm| Topic::Alarm(alarm.id.clone()))).chain([Topic::Summary]);
    found.chain(told).collect()
}

/// What `event` moves in `state`, which contains it.
pub fn moved_by(event: &Event, state: &State) -> Moved {
    let topics = match event {
        Event::RoomCreated(room) | Event::RoomUpdated(room) => room_moved(&room.id, state),
        Event::RoomDeleted(id) => room_moved(id, state),
        Event::EquipmentCreated(it) | Event::EquipmentUpdated(it) => equipment_moved(&it.id),
        Event::EquipmentDeleted(id) => equipment_moved(id),
        Event::AlarmRaised(it) | Event::AlarmCleared(it) | Event::AlarmAcknowledged(it) => {
            vec![Topic::Alarm(it.id.clone()), Topic::Summary]
        }
        // Every `since` moves with the clock, and no other event says so.
        Event::ClockStepped { .. } => return Moved::Everything,
        // What the import and the start change of rooms and equipment has events of its own.
        Event::GatewayStarted { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_)
        | Event::ActionCreated(_)
        | Event::ActionUpdated(_)
        | Event::ActionDeleted(_)
        | Event::TaskCreated(_)
        | Event::TaskUpdated(_)
        | Event::TaskDeleted(_)
        | Event::CameraUpdated(_)
        | Event::CameraRemoved(_)
        | Event::AutomationChanged(_)
        | Event::AgentChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DeviceUpdated(_)
        | Event::DeviceRemoved(_) => Vec::new(),
    };
    Moved::Topics(topics)
}

/// What `topic` says in `state`; `None` when there is no such thing (any more), and for discovery.
pub fn payload(topic: &Topic, state: &State) -> Option<Bytes> {
    let text = |text: &'static str| Bytes::from_static(text.as_bytes());
    match topic {
        Topic::Summary => Some(json(&summary(state))),
        Topic::RoomState(id) => state.rooms.get(id).map(|room| json(&RoomPayload::from(&**room))),
        Topic::RoomOccupancy(id) => state.rooms.get(id).map(|room| text(occupancy(room))),
        Topic::RoomAvailability(id) => state.rooms.get(id).map(|room| text(availability(room))),
        Topic::EquipmentState(id) => state.equipment.get(id).map(|it| json(&EquipmentPayload::from(&**it))),
        Topic::Alarm(id) => {
            let alarm = state.alarms.get(id).filter(|alarm| alarm.is_standing());
            alarm.map(|alarm| json(&AlarmPayload::from(&**alarm)))
        }
        Topic::GatewayDiscovery
        | Topic::RoomDiscovery(_)
        | Topic::EquipmentDiscovery(_)
        | Topic::RetainedDiscovery(_) => None,
    }
}

impl<'a> From<&'a Room> for RoomPayload<'a> {
    fn from(room: &'a Room) -> Self {
        let occupancy = &room.occupancy;
        Self {
            id: &room.id,
            kind: room.kind,
            status: room.status(),
            readiness: room.readiness,
            occupancy: occupancy.state,
            people: occupancy.people,
            freshness: occupancy.freshness,
            paused: occupancy.paused,
            synthetic: occupancy.synthetic,
            since: room.since,
            occupancy_since: occupancy.since,
            why: &occupancy.why,
        }
    }
}

impl<'a> From<&'a Equipment> for EquipmentPayload<'a> {
    fn from(it: &'a Equipment) -> Self {
        Self { id: &it.id, room_id: it.room_id.as_ref(), status: it.status, since: it.since }
    }
}

impl<'a> From<&'a Alarm> for AlarmPayload<'a> {
    fn from(alarm: &'a Alarm) -> Self {
        Self {
            id: &alarm.id,
            cause: alarm.notice.cause,
            subject: &alarm.notice.subject,
            text: &alarm.notice.text,
            remedy: &alarm.notice.remedy,
            children: &alarm.notice.children,
            raised_at: alarm.raised_at,
            acknowledged: alarm.acknowledged_by.is_some(),
        }
    }
}

/// The three topics of a room, how it is before whether that can be believed.
fn of_room(id: &RoomId) -> [Topic; 3] {
    [Topic::RoomState(id.clone()), Topic::RoomOccupancy(id.clone()), Topic::RoomAvailability(id.clone())]
}

fn room_moved(id: &RoomId, state: &State) -> Vec<Topic> {
    // The equipment in a room is found in an area that has the room's name.
    let within = state.equipment.values().filter(|it| it.room_id.as_ref() == Some(id));
    let found = [Topic::RoomDiscovery(id.clone())].into_iter();
    let found = found.chain(within.map(|it| Topic::EquipmentDiscovery(it.id.clone())));
    found.chain(of_room(id)).chain([Topic::Summary]).collect()
}

fn equipment_moved(id: &EquipmentId) -> Vec<Topic> {
    vec![Topic::EquipmentDiscovery(id.clone()), Topic::EquipmentState(id.clone()), Topic::Summary]
}

fn occupancy(room: &Room) -> &'static str {
    match room.occupancy.state {
        Presence::Occupied => OCCUPIED,
        Presence::Empty => EMPTY,
        Presence::Unknown => UNKNOWN,
    }
}

/// Offline when all that was ever known of the room's occupancy proves nothing now. A room that nobody has said anything
/// about has lost nothing: its occupancy is merely unknown.
fn availability(room: &Room) -> &'static str {
    match room.occupancy.freshness {
        Freshness::Fresh | Freshness::Stale => ONLINE,
        Freshness::Lost => OFFLINE,
    }
}

fn summary(state: &State) -> SummaryPayload {
    let mut rooms = BTreeMap::from(
        ["total", "available", "occupied", "needs_cleaning", "maintenance", "unknown"].map(|word| (word, 0)),
    );
    let mut equipment = BTreeMap::from(
        ["total", "operational", "in_use", "needs_maintenance", "offline"].map(|word| (word, 0)),
    );
    for room in state.rooms.values() {
        *rooms.entry("total").or_default() += 1;
        *rooms.entry(room_word(room.status())).or_default() += 1;
    }
    for it in state.equipment.values() {
        *equipment.entry("total").or_default() += 1;
        *equipment.entry(equipment_word(it.status)).or_default() += 1;
    }
    let mut alarms = AlarmCounts { standing: 0, unacknowledged: 0 };
    for alarm in state.alarms.values().filter(|alarm| alarm.is_standing()) {
        alarms.standing += 1;
        alarms.unacknowledged += usize::from(alarm.acknowledged_by.is_none());
    }
    SummaryPayload { rooms, equipment, alarms }
}

/// The status as the wire spells it.
pub(super) fn room_word(status: RoomStatus) -> &'static str {
    match status {
        RoomStatus::Available => "available",
        RoomStatus::Occupied => "occupied",
        RoomStatus::NeedsCleaning => "needs_cleaning",
        RoomStatus::Maintenance => "maintenance",
        RoomStatus::Unknown => "unknown",
    }
}

/// The status as the wire spells it.
pub(super) fn equipment_word(status: EquipmentStatus) -> &'static str {
    match status {
        EquipmentStatus::Operational => "operational",
        EquipmentStatus::InUse => "in_use",
        EquipmentStatus::NeedsMaintenance => "needs_maintenance",
        EquipmentStatus::Offline => "offline",
    }
}

pub(super) fn json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("our payloads serialise").into()
}
