//! What devices say of equipment: it is in use, it is gone, it works badly.

use crate::domain::bound_device::{Device, DeviceHealth, Since};
use crate::domain::device::Target;
use crate::domain::equipment::{EquipmentStatus, Profile, Reported};
use crate::domain::id::{EquipmentId, RoomId, SourceId};
use crate::domain::occupancy::Sensor;
use crate::domain::room::Room;
use crate::domain::rules::{CLAIM_HOLDS, IN_USE_ENDS_RATIO, INFERENCE_HOLDS, LEFT_ON_AFTER, NIGHT_AT_LEAST};
use crate::domain::time::Timestamp;

use super::super::Deciding;
use super::super::rooms::make_place;
use super::presence::evidence_of;

impl Deciding<'_> {
    /// The switch says on or off. Off is not in use. On is in use only where no limit of power says better.
    pub(super) fn switched(&self, device: &mut Device, on: bool) {
        if !on || device.binding.in_use_above.is_none() {
            self.wants_use(device, on);
        }
    }

    /// Equipment draws power. It is in use above its limit, until it draws clearly less.
    pub(super) fn draws(&self, device: &mut Device, watts: f64) {
        let Some(limit) = device.binding.in_use_above else { return };
        let is_in_use = device.in_use.as_ref().is_some_and(|it| it.is);
        self.wants_use(device, watts > limit || (is_in_use && watts >= limit * IN_USE_ENDS_RATIO));
    }

    /// Equipment seems to be in use, or not. What changes has to last for the debounce before it counts; that it is
    /// not in use, where nothing was known, is nothing to wait for.
    fn wants_use(&self, device: &mut Device, in_use: bool) {
        match &device.in_use {
            Some(known) if known.is == in_use => device.pending = None,
            None if !in_use => self.is_used(device, false),
            _ if device.pending.as_ref().is_some_and(|pending| pending.is == in_use) => {}
            _ => device.pending = Some(Since::new(in_use, self.now)),
        }
        self.settle_use(device);
    }

    /// A change of use that has lasted counts.
    pub(super) fn settle_use(&self, device: &mut Device) {
        if device.use_due().is_some_and(|due| due <= self.now)
            && let Some(pending) = device.pending.take()
        {
            self.is_used(device, pending.is);
        }
    }

    fn is_used(&self, device: &mut Device, in_use: bool) {
        device.pending = None;
        device.in_use = Some(Since::new(in_use, self.now));
        device.left_on_due = if in_use { self.left_on_due(self.now) } else { None };
    }

    /// When equipment that is in use will have been left on: half an hour into the next night.
    fn left_on_due(&self, from: Timestamp) -> Option<Timestamp> {
        self.next_night(from).map(|closes| closes.plus(LEFT_ON_AFTER))
    }

    /// When the clinic next closes for long; `from` when it is closed for long from then on.
    pub(super) fn next_night(&self, from: Timestamp) -> Option<Timestamp> {
        let calendar = &self.state.rules().calendar;
        let mut at = from;
        // Breaks of a day are few; who never closes for long has no night.
        for _ in 0..16 {
            let closes = if calendar.is_open(at) { calendar.next_change(at)? } else { at };
            let opens = calendar.next_change(closes)?;
            if opens.since(closes) >= NIGHT_AT_LEAST {
                return Some(closes);
            }
            at = opens;
        }
        None
    }

    /// Equipment is still in use after closing: an item says so, once a night.
    pub(super) fn note_left_on(&mut self, device: &mut Device) {
        if device.left_on_due.is_none_or(|due| due > self.now) {
            return;
        }
        let calendar = &self.state.rules().calendar;
        let morning = calendar.open_from(self.now);
        device.left_on_due = morning.and_then(|at| self.left_on_due(at)).filter(|due| *due > self.now);
        let Target::Equipment(id) = &device.binding.target else { return };
        let Some(equipment) = self.equipment_now(id) else { return };
        if equipment.profile != Some(Profile::Continuous) && !self.state.rules().calendar.is_open(self.now) {
            self.left_on(&equipment);
        }
    }

    /// Equipment does as its device says. Nobody is blamed for a broker that is away.
    pub(super) fn follow_equipment(&mut self, device: &mut Device, id: &EquipmentId) {
        let Some(before) = self.equipment_now(id) else { return };
        let source = SourceId::of_device(&device.id);
        let reported = before.reported.as_ref().filter(|it| it.source == source).map(|it| it.status);
        if before.status != EquipmentStatus::NeedsMaintenance {
            // Staff have moved it on, or decide it here: a fault that is not said again is over.
            device.fault.take_if(|fault| self.now.since(fault.since) >= CLAIM_HOLDS);
        }
        let returns = device.health == DeviceHealth::Live && reported == Some(EquipmentStatus::Offline);
        let status = device.status().or(returns.then_some(EquipmentStatus::Operational));
        if let Some(status) = status {
            let reported = Reported { source, status, confidence: None, observed_at: self.now };
            self.take_report(&before, reported, !device.missed);
        }
        self.place_use(device);
    }

    /// Equipment was moved, or is meant for other use: who uses it is elsewhere, or proves nothing.
    pub(in crate::domain::decide) fn follow_uses(&mut self, id: &EquipmentId) {
        let target = Target::Equipment(id.clone());
        let followers: Vec<Device> =
            self.all_devices().filter(|device| device.binding.target == target).cloned().collect();
        for device in followers {
            self.place_use(&device);
        }
    }

    /// Equipment in use infers somebody in the room where it stands, and nowhere else; one that is made to run
    /// without end infers nobody.
    fn place_use(&mut self, device: &Device) {
        let source = SourceId::of_device(&device.id);
        let wanted = self.room_in_use(device);
        let is_elsewhere = |room: &Room| {
            room.evidence_of(&source).is_some_and(|it| matches!(it.sensor, Sensor::InUse { .. }))
                && wanted.as_ref().is_none_or(|(id, _)| *id != room.id)
        };
        let left: Vec<RoomId> =
            self.state.rooms.values().filter(|room| is_elsewhere(room)).map(|room| room.id.clone()).collect();
        for id in left {
            let Some(before) = self.room_now(&id) else { continue };
            let mut room = Room::clone(&before);
            room.evidence.retain(|it| it.source != source);
            if room.evidence.len() < before.evidence.len() {
                self.weigh_with_fewer_sensors(&before, room);
            }
        }
        let Some((id, sensor)) = wanted else { return };
        let Some(before) = self.room_now(&id).filter(|room| !room.occupancy.paused) else { return };
        let Some(since) = device.in_use.as_ref().map(|it| it.since) else { return };
        let mut room = Room::clone(&before);
        let last = before.evidence_of(&source);
        if make_place(&mut room, last, &sensor) {
            room.put_evidence(evidence_of(device, sensor, true, since));
            self.weigh_room(&before, room);
        }
    }

    /// The room in which equipment in use infers somebody.
    fn room_in_use(&self, device: &Device) -> Option<(RoomId, Sensor)> {
        let Target::Equipment(id) = &device.binding.target else { return None };
        let counts = |it: &Since<bool>| it.is && self.now.since(it.since) < INFERENCE_HOLDS;
        let is_silent = device.silent_at().is_some_and(|at| at <= self.now);
        if device.health != DeviceHealth::Live || is_silent || !device.in_use.as_ref().is_some_and(counts) {
            return None;
        }
        let equipment = self.equipment_now(id)?;
        if equipment.profile == Some(Profile::Continuous) {
            return None;
        }
        let room = equipment.room_id.clone()?;
        Some((room, Sensor::InUse { equipment_id: id.clone() }))
    }
}
