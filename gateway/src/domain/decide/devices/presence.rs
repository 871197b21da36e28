//! What devices say of rooms: somebody is there, a door opens, a button is pressed.

use crate::domain::bound_device::{Device, DeviceHealth, Since};
use crate::domain::command::{SetRoomStatus, StaffStatus};
use crate::domain::device::Target;
use crate::domain::id::{DeviceId, RoomId, SourceId};
use crate::domain::occupancy::{Evidence, Freshness, Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::{Readiness, Room};
use crate::domain::rules::{
    INFERENCE_HOLDS, PRESS_REPEATS_WITHIN, SENSOR_HOLDS_MAX, SENSOR_STUCK_AFTER, SOURCES_PER_ROOM_MAX,
};
use crate::domain::time::Timestamp;

use super::super::rooms::make_place;
use super::super::{Deciding, Note};

impl Deciding<'_> {
    /// A presence sensor detects somebody, or nobody. A claim that changes ends what staff said before it.
    pub(super) fn sense(
        &mut self,
        device: &mut Device,
        room_id: &RoomId,
        occupied: bool,
        people: Option<u32>,
        at: Timestamp,
    ) -> Result<(), Rejection> {
        let Some(before) = self.room_now(room_id) else { return Ok(()) };
        if before.occupancy.paused {
            self.outcome.note = Some(Note::Paused);
            return Ok(());
        }
        if device.presence.as_ref().is_none_or(|it| it.is != occupied) {
            device.presence = Some(Since::new(occupied, self.now));
            device.stuck_due = occupied.then(|| self.now.plus(SENSOR_STUCK_AFTER));
        }
        // One that is stuck has no say, until it detects nobody once.
        device.stuck &= occupied;
        self.keep(device.clone());
        if device.stuck {
            return Ok(());
        }
        let source = SourceId::of_device(&device.id);
        let sensor = Sensor::Device { device_id: device.id.clone() };
        let last = before.evidence_of(&source);
        let mut room = Room::clone(&before);
        if !self.policy(room_id).staff_decide() && last.is_none_or(|last| last.occupied != occupied) {
            room.claim = None;
        }
        if !make_place(&mut room, last, &sensor) {
            let reason = format!("room \"{room_id}\" already has {SOURCES_PER_ROOM_MAX} sources of evidence");
            return Err(Rejection::Conflict(reason));
        }
        self.look_behind_the_door(&mut room, last, occupied);
        let people = people.filter(|_| occupied);
        room.put_evidence(Evidence { people, ..evidence_of(device, sensor, occupied, at) });
        self.suspect_stuck(&mut room);
        if let Some(known) = self.device(&device.id) {
            *device = known;
        }
        self.weigh_room(&before, room);
        Ok(())
    }

    /// The wasp in the box: who moved after every door of the room was closed is still in there until one opens,
    /// however still they sit.
    ///
    /// A motion sensor that begins to detect somebody behind closed doors has seen them move. One that goes on
    /// detecting has not: it may hold what it saw before the door closed. When it ends later than any sensor holds
    /// after the door closed, somebody moved behind it.
    fn look_behind_the_door(&self, room: &mut Room, last: Option<&Evidence>, occupied: bool) {
        let Some(door) = self.closed_door(&room.id) else { return };
        let closed_since = door.open.as_ref().map_or(self.now, |open| open.since);
        let is_known = room.evidence.iter().any(|e| matches!(e.sensor, Sensor::Door { .. }));
        let last = last.filter(|last| last.freshness != Freshness::Lost).map(|last| last.occupied);
        let moved = match (last, occupied) {
            (Some(false), true) => true,
            (Some(true), true) => is_known,
            (Some(true), false) => self.now.since(closed_since) > SENSOR_HOLDS_MAX,
            (Some(false) | None, _) => false,
        };
        let sensor = Sensor::Door { device_id: door.id.clone() };
        let place = room.evidence_of(&SourceId::of_device(&door.id)).cloned();
        if moved && make_place(room, place.as_ref(), &sensor) {
            room.put_evidence(evidence_of(&door, sensor, true, self.now));
        }
    }

    /// The door of the room that closed last, when all are known to be closed.
    fn closed_door(&self, room: &RoomId) -> Option<Device> {
        let target = Target::Door(room.clone());
        let is_there = |health| matches!(health, DeviceHealth::Live | DeviceHealth::Waiting);
        let mut closed: Option<&Device> = None;
        for door in self.all_devices().filter(|device| device.binding.target == target) {
            let since = door.open.as_ref().filter(|open| !open.is && is_there(door.health))?.since;
            if closed.and_then(|it| it.open.as_ref()).is_none_or(|last| last.since <= since) {
                closed = Some(door);
            }
        }
        closed.cloned()
    }

    /// A door opens: whoever was behind it may have left. Nobody is seen by that alone.
    pub(super) fn door_moves(&mut self, device: &mut Device, room_id: &RoomId, open: bool) {
        if device.open.as_ref().is_none_or(|it| it.is != open) {
            device.open = Some(Since::new(open, self.now));
        }
        let Some(before) = self.room_now(room_id).filter(|_| open) else { return };
        let mut room = Room::clone(&before);
        room.evidence.retain(|evidence| !matches!(evidence.sensor, Sensor::Door { .. }));
        if room.evidence.len() < before.evidence.len() {
            self.weigh_with_fewer_sensors(&before, room);
        }
    }

    /// Somebody presses the room's button: it is clean. It does not end a maintenance.
    pub(super) fn press(
        &mut self,
        device: &mut Device,
        room_id: RoomId,
        word: &str,
    ) -> Result<(), Rejection> {
        // A button that is let go says so too.
        if word.trim().is_empty() || word.ends_with("release") {
            return Ok(());
        }
        if device.pressed_at.is_some_and(|at| self.now.since(at) < PRESS_REPEATS_WITHIN) {
            self.outcome.note = Some(Note::Repeated);
            return Ok(());
        }
        device.pressed_at = Some(self.now);
        let room = self.state.rooms.get(&room_id);
        if room.is_none_or(|room| room.readiness == Readiness::Maintenance) {
            return Ok(());
        }
        self.set_room_status(&SetRoomStatus {
            room_id,
            status: StaffStatus::Available,
            current_doctor_id: None,
            current_patient_id: None,
            estimated_available_at: None,
        })
    }

    /// The device has spoken, of whatever: what it said of `room` lasts longer.
    pub(super) fn renew_evidence(&mut self, device: &Device, room: &RoomId) {
        if device.health != DeviceHealth::Live {
            return;
        }
        let Some(before) = self.room_now(room) else { return };
        let mut room = Room::clone(&before);
        let source = SourceId::of_device(&device.id);
        for evidence in room.evidence.iter_mut().filter(|it| it.source == source) {
            if evidence.freshness != Freshness::Lost {
                evidence.due = evidence_due(device, &evidence.sensor, evidence.observed_at);
            }
        }
        if room != *before {
            self.weigh_room(&before, room);
        }
    }

    /// The device is gone: what it said proves nothing.
    pub(super) fn drop_evidence(&mut self, device: &Device) {
        let (Target::Room(id) | Target::Door(id)) = &device.binding.target else { return };
        let Some(before) = self.room_now(id) else { return };
        let mut room = Room::clone(&before);
        let source = SourceId::of_device(&device.id);
        let is_inferred = |it: &Evidence| it.source == source && it.sensor.is_inferred();
        room.evidence.retain(|it| !is_inferred(it));
        for evidence in room.evidence.iter_mut().filter(|it| it.source == source) {
            evidence.lose(self.state.rules(), self.now);
        }
        if room != *before {
            self.weigh_with_fewer_sensors(&before, room);
        }
    }

    /// Takes the say from sensors of `room` that have detected somebody for hours, while every other source that is
    /// fresh sees nobody, or, where there is none, while the clinic is closed for long.
    pub(in crate::domain::decide) fn suspect_stuck(&mut self, room: &mut Room) {
        for id in detecting(room) {
            let Some(mut device) = self.device(&id) else { continue };
            let is_long = |it: &Since<bool>| it.is && self.now.since(it.since) >= SENSOR_STUCK_AFTER;
            if device.stuck || !device.presence.as_ref().is_some_and(is_long) {
                continue;
            }
            let source = SourceId::of_device(&id);
            let mut others = room
                .evidence
                .iter()
                .filter(|e| e.source != source && e.freshness == Freshness::Fresh && !e.sensor.is_inferred());
            let is_alone = others.clone().next().is_none();
            let is_night = || self.next_night(self.now) == Some(self.now);
            let is_contradicted = if is_alone { is_night() } else { others.all(|e| !e.occupied) };
            if !is_contradicted {
                continue;
            }
            device.stuck = true;
            device.stuck_due = None;
            self.keep(device);
            for evidence in room.evidence.iter_mut().filter(|e| e.source == source) {
                evidence.lose(self.state.rules(), self.now);
            }
        }
    }
}

/// The bound sensors that detect somebody in `room`, as far as they count.
fn detecting(room: &Room) -> Vec<DeviceId> {
    let counts = room.evidence.iter().filter(|e| e.occupied && e.freshness != Freshness::Lost);
    counts
        .filter_map(|evidence| match &evidence.sensor {
            Sensor::Device { device_id } => Some(device_id.clone()),
            _ => None,
        })
        .collect()
}

/// Fresh evidence of `device`.
pub(super) fn evidence_of(device: &Device, sensor: Sensor, occupied: bool, at: Timestamp) -> Evidence {
    Evidence {
        source: SourceId::of_device(&device.id),
        due: evidence_due(device, &sensor, at),
        sensor,
        occupied,
        people: None,
        confidence: None,
        method: Method::Sensor,
        synthetic: false,
        observed_at: at,
        freshness: Freshness::Fresh,
    }
}

/// How long evidence of `device` lasts: until it is silent, and an inference no longer than it holds.
pub(super) fn evidence_due(device: &Device, sensor: &Sensor, observed_at: Timestamp) -> Option<Timestamp> {
    let holds = sensor.is_inferred().then(|| observed_at.plus(INFERENCE_HOLDS));
    [holds, device.silent_at()].into_iter().flatten().min()
}
