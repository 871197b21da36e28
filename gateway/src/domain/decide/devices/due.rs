//! What time alone does to devices.

use crate::domain::bound_device::{Device, DeviceHealth};
use crate::domain::device::Target;
use crate::domain::id::DeviceId;
use crate::domain::room::Room;
use crate::domain::rules::{BROKER_ALARM_AFTER, BROKER_LOST_AFTER};

use super::super::Deciding;

impl Deciding<'_> {
    /// A moment has come that means something for this device.
    pub(in crate::domain::decide) fn device_due(&mut self, id: &DeviceId) {
        let Some(mut device) = self.device(id) else { return };
        self.miss_broker(&mut device);
        self.miss_device(&mut device);
        self.settle_use(&mut device);
        self.settle_excursion(&mut device);
        if device.flapping_until().is_some_and(|at| at <= self.now) {
            device.flapping = false;
            device.flaps.clear();
        }
        self.note_left_on(&mut device);
        self.keep(device.clone());
        self.ask_whether_stuck(&mut device);
        self.follow(&mut device);
        self.keep(device);
    }

    /// The broker has been away for long enough to mean something.
    fn miss_broker(&self, device: &mut Device) {
        let Some(unreached) = &mut device.unreached else { return };
        let away = self.now.since(unreached.since);
        unreached.alarmed |= away >= BROKER_ALARM_AFTER;
        if away >= BROKER_LOST_AFTER && device.health != DeviceHealth::Waiting {
            device.becomes(DeviceHealth::Waiting, self.now);
        }
    }

    /// The device has said nothing for long enough to mean something.
    fn miss_device(&self, device: &mut Device) {
        if device.health_due().is_none_or(|due| due > self.now) {
            return;
        }
        match device.health {
            DeviceHealth::Waiting if device.unreached.is_some() => device.missed = true,
            DeviceHealth::Live | DeviceHealth::Waiting => device.becomes(DeviceHealth::Silent, self.now),
            DeviceHealth::Silent | DeviceHealth::Offline => device.alarmed = true,
        }
    }

    /// It has detected somebody for hours, or goes on doing so at closing time.
    fn ask_whether_stuck(&mut self, device: &mut Device) {
        if device.stuck_due.is_none_or(|due| due > self.now) {
            return;
        }
        device.stuck_due = self.next_night(self.now).filter(|night| *night > self.now);
        self.keep(device.clone());
        let Target::Room(id) = &device.binding.target else { return };
        let Some(before) = self.room_now(id) else { return };
        let mut room = Room::clone(&before);
        self.suspect_stuck(&mut room);
        if room != *before {
            self.weigh_room(&before, room);
        }
        if let Some(known) = self.device(&device.id) {
            *device = known;
        }
    }
}
