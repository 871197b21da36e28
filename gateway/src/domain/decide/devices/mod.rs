//! Devices: what one says, what it follows from that for its room, its equipment, its fridge; and what silence means.
//!
//! A decision works on copies of the devices that it changes, and says at its end what changed of them
//! ([`Deciding::put_devices`]). Several devices may change one room or one piece of equipment in one decision: each
//! works on the newest version that the decision has made of it.
//!
//! While the broker is away, no device is blamed. For 20 s, what devices said still counts. Then each is `waiting`
//! again, as after a start: rooms that only they watch are unknown. Equipment keeps its status until its device would
//! have been missed anyway, and is offline from then on, without an item. One alarm, about the broker, names them all.

mod binding;
mod due;
mod measured;
mod presence;
mod trouble;
mod uses;

use std::sync::Arc;

use crate::domain::bound_device::{Device, DeviceHealth, Order, Since};
use crate::domain::device::{DeviceReport, Said, Target};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::equipment::Equipment;
use crate::domain::event::Event;
use crate::domain::id::{DeviceId, EquipmentId, RoomId, SourceId};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::rules::{DEVICE_LATE_AFTER, DEVICE_WORDS_MAX};
use crate::domain::time::Timestamp;

use super::{Deciding, Note};

/// What the parts of one report have in common.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// When it was so, by the device's own clock as far as it can be.
    at: Timestamp,
    /// It tells what happens now.
    is_now: bool,
    /// It may be measured by: the time is known, or it is now.
    is_timed: bool,
}

impl<'a> Deciding<'a> {
    /// Takes in what a device says.
    pub(super) fn report_device(&mut self, report: &DeviceReport) -> Result<(), Rejection> {
        let id = &report.device_id;
        let mut device = self.device(id).ok_or_else(|| Rejection::not_found("device", id))?;
        let order = device.order_of(report, self.now);
        if order != Order::New {
            if order == Order::Outdated && !report.is_replay {
                device.behind_since.get_or_insert(self.now);
                self.keep(device);
            }
            let note = if order == Order::Repeated { Note::Repeated } else { Note::Outdated };
            self.outcome.note = Some(note);
            return Ok(());
        }
        let at = report.observed_at.map_or(self.now, |at| at.min(self.now));
        let is_now = !report.is_replay && self.now.since(at) < DEVICE_LATE_AFTER;
        let heard = Heard { at, is_now, is_timed: is_now || report.observed_at.is_some() };
        if !report.is_replay {
            // A replay is no message of its own: the one that it repeats may still come, and counts.
            device.set_mark(report);
            device.last_seen = Some(self.now);
            device.unreached = None;
        }
        if is_now && !report.said.contains(&Said::Online(false)) {
            device.comes_or_goes(true, self.now);
        }
        self.keep(device.clone());
        for said in &report.said {
            self.take_word(&mut device, said, heard)?;
            self.keep(device.clone());
        }
        self.follow(&mut device);
        self.keep(device);
        Ok(())
    }

    /// Takes in one thing that a device says. What its binding is not about is only remembered, or nothing.
    fn take_word(&mut self, device: &mut Device, said: &Said, heard: Heard) -> Result<(), Rejection> {
        let target = device.binding.target.clone();
        match (said, target) {
            (Said::Online(online), _) => {
                device.comes_or_goes(*online, self.now);
                self.keep(device.clone());
                if device.health != DeviceHealth::Live {
                    self.drop_evidence(device);
                }
            }
            (Said::Presence { occupied, people }, Target::Room(room)) if heard.is_now => {
                return self.sense(device, &room, *occupied, *people, heard.at);
            }
            (Said::Open(open), Target::Door(room)) => self.door_moves(device, &room, *open),
            (Said::Pressed(word), Target::Button(room)) if heard.is_now => {
                return self.press(device, room, word);
            }
            (Said::On(on), Target::Equipment(_)) if heard.is_now => self.switched(device, *on),
            (Said::Fault(words), Target::Equipment(_)) if heard.is_now => {
                let words: String = words.chars().take(DEVICE_WORDS_MAX).collect();
                device.fault = Some(Since::new(words, self.now));
            }
            (Said::Measured(quantity, value), _) => self.device_measured(device, *quantity, *value, heard),
            (Said::Presence { .. } | Said::Open(_) | Said::Pressed(_) | Said::On(_) | Said::Fault(_), _) => {}
        }
        Ok(())
    }

    /// Follows what a device has said or has not: its evidence lasts as long as it is not silent, and its equipment
    /// does as it says.
    fn follow(&mut self, device: &mut Device) {
        match device.binding.target.clone() {
            Target::Room(room) | Target::Door(room) => self.renew_evidence(device, &room),
            Target::Equipment(id) => self.follow_equipment(device, &id),
            Target::Button(_) | Target::Environment(_) => {}
        }
    }

    /// A device as this decision has made it so far.
    fn device(&self, id: &DeviceId) -> Option<Device> {
        match self.devices.get(id) {
            Some(changed) => changed.clone(),
            None => self.state.devices.get(id).map(|device| Device::clone(device)),
        }
    }

    /// The device that a source of evidence is.
    fn device_behind(&self, source: &SourceId) -> Option<Device> {
        self.device(&source.device()?)
    }

    /// Every device as this decision has made it so far.
    fn all_devices(&self) -> impl Iterator<Item = &Device> {
        let is_unchanged = |device: &&Arc<Device>| !self.devices.contains_key(&device.id);
        let unchanged = self.state.devices.values().filter(is_unchanged).map(Arc::as_ref);
        unchanged.chain(self.devices.values().flatten())
    }

    /// Remembers what this decision makes of a device.
    fn keep(&mut self, device: Device) {
        self.devices.insert(device.id.clone(), Some(device));
    }

    /// Says what changed of devices, and which alarms follow.
    pub(super) fn put_devices(&mut self) {
        if self.devices.is_empty() {
            return;
        }
        self.settle_alarms();
        let mut marks = Vec::new();
        for (id, device) in std::mem::take(&mut self.devices) {
            let before = self.state.devices.get(&id);
            let mark = |device: Option<&Device>| device.and_then(|it| it.mark.clone());
            let (was, is) = (mark(before.map(Arc::as_ref)), mark(device.as_ref()));
            if was != is {
                marks.push((id.clone(), is));
            }
            match device {
                None if before.is_none() => {}
                None => self.push(Event::DeviceRemoved(id)),
                Some(device) if before.is_none_or(|before| before.facts() != device.facts()) => {
                    self.push(Event::DeviceUpdated(Arc::new(device)));
                }
                Some(device) if before.is_some_and(|before| **before != device) => {
                    self.outcome.touches.push(Entity::Device(Arc::new(device)));
                }
                Some(_) => {}
            }
        }
        // A message of which nothing comes may come again.
        if !self.outcome.events.is_empty() || !self.outcome.readings.is_empty() {
            self.outcome.marks = marks;
        }
    }

    /// The newest version of a room that this decision has made.
    fn room_now(&self, id: &RoomId) -> Option<Arc<Room>> {
        let touched = self.outcome.touches.iter().rev().find_map(|entity| match entity {
            Entity::Room(room) if room.id == *id => Some(room),
            _ => None,
        });
        let changed = self.outcome.events.iter().rev().find_map(|event| match event {
            Event::RoomUpdated(room) if room.id == *id => Some(room),
            _ => None,
        });
        touched.or(changed).or_else(|| self.state.rooms.get(id)).cloned()
    }

    /// The newest version of a piece of equipment that this decision has made.
    fn equipment_now(&self, id: &EquipmentId) -> Option<Arc<Equipment>> {
        let touched = self.outcome.touches.iter().rev().find_map(|entity| match entity {
            Entity::Equipment(it) if it.id == *id => Some(it),
            _ => None,
        });
        let changed = self.outcome.events.iter().rev().find_map(|event| match event {
            Event::EquipmentUpdated(it) if it.id == *id => Some(it),
            _ => None,
        });
        touched.or(changed).or_else(|| self.state.equipment.get(id)).cloned()
    }

    /// Touches come after events: an older one would undo what an event says.
    pub(super) fn forget_touch(&mut self, key: &EntityKey) {
        self.outcome.touches.retain(|entity| entity.key() != *key);
    }
}
