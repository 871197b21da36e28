//! Which devices there are, and whether they can be heard at all.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::bound_device::{Device, DeviceHealth, Unreached};
use crate::domain::device::{DeviceBinding, Target};
use crate::domain::id::SourceId;
use crate::domain::occupancy::{Evidence, Freshness, Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::rules::{DEVICE_ID_BYTES_MAX, SOURCES_PER_ROOM_MAX, TROUBLE_CHARS_MAX};

use super::Deciding;
use super::presence::evidence_due;

impl Deciding<'_> {
    /// Takes over what is bound now. A device that is bound to something else begins anew; one that only has other
    /// limits goes on.
    pub(in crate::domain::decide) fn bind_devices(
        &mut self,
        bindings: &[DeviceBinding],
    ) -> Result<(), Rejection> {
        let ids: BTreeSet<_> = bindings.iter().map(|binding| &binding.device_id).collect();
        if ids.len() < bindings.len() {
            return Err(Rejection::invalid("bindings", "two bindings have the same id; give each its own"));
        }
        if let Some(long) = ids.iter().find(|id| id.as_str().len() > DEVICE_ID_BYTES_MAX) {
            let reason =
                format!("\"{long}\" is longer than {DEVICE_ID_BYTES_MAX} bytes; give it a shorter id");
            return Err(Rejection::invalid("bindings.id", reason));
        }
        let unreached = self.state.devices.values().find_map(|device| device.unreached.clone());
        for binding in bindings {
            let binding = plain(binding);
            let before = self.device(&binding.device_id);
            let device = match before {
                Some(before) if before.binding == binding => continue,
                Some(before) if before.binding.target == binding.target => Device { binding, ..before },
                before => Device {
                    last_seen: before.as_ref().and_then(|before| before.last_seen),
                    mark: before.and_then(|before| before.mark),
                    unreached: unreached.clone(),
                    ..Device::waiting(binding, self.now)
                },
            };
            self.keep(device);
        }
        for id in self.state.devices.keys().filter(|id| !ids.contains(id)) {
            self.devices.insert(id.clone(), None);
        }
        for before in self.state.rooms.values() {
            let room = self.with_bound_sensors(before);
            if room.evidence != before.evidence {
                self.weigh_with_fewer_sensors(before, room);
            }
        }
        let kept: Vec<Device> = self.devices.values().flatten().cloned().collect();
        for mut device in kept {
            self.follow(&mut device);
            self.keep(device);
        }
        Ok(())
    }

    /// `room` without the evidence of what is bound to it no more, and with what will be missed of what is: a room
    /// that should be watched and is not is unknown, not available.
    fn with_bound_sensors(&self, room: &Arc<Room>) -> Room {
        let mut room = Room::clone(room);
        let is_bound = |evidence: &Evidence| {
            let device = self.device_behind(&evidence.source);
            match (&evidence.sensor, device.map(|device| device.binding.target)) {
                (Sensor::Camera { .. } | Sensor::Webhook, _) => true,
                (Sensor::Device { .. }, Some(Target::Room(id)))
                | (Sensor::Door { .. }, Some(Target::Door(id))) => id == room.id,
                (Sensor::InUse { equipment_id }, Some(Target::Equipment(id))) => *equipment_id == id,
                (Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. }, _) => false,
            }
        };
        let evidence: Vec<Evidence> = room.evidence.iter().filter(|it| is_bound(it)).cloned().collect();
        room.evidence = evidence;
        let target = Target::Room(room.id.clone());
        // One that was never heard has never sensed the room.
        let has_spoken = |device: &&Device| device.binding.target == target && device.last_seen.is_some();
        for device in self.all_devices().filter(has_spoken) {
            let source = SourceId::of_device(&device.id);
            if room.evidence_of(&source).is_none() && room.evidence.len() < SOURCES_PER_ROOM_MAX {
                room.put_evidence(Evidence {
                    source,
                    sensor: Sensor::Device { device_id: device.id.clone() },
                    occupied: false,
                    people: None,
                    confidence: None,
                    method: Method::Sensor,
                    synthetic: false,
                    observed_at: self.now,
                    freshness: Freshness::Lost,
                    due: None,
                });
            }
        }
        room
    }

    /// The gateway starts: whatever devices said before proves nothing.
    pub(in crate::domain::decide) fn forget_devices(&mut self) {
        for device in self.state.devices.values() {
            let mut device = Device { unreached: None, watched: true, ..Device::clone(device) };
            device.becomes(DeviceHealth::Waiting, self.now);
            self.keep(device);
        }
    }

    /// The broker is reached, or is not.
    pub(in crate::domain::decide) fn broker_seen(&mut self, trouble: Option<&str>) {
        let trouble: Option<String> = trouble.map(|words| words.chars().take(TROUBLE_CHARS_MAX).collect());
        for before in self.state.devices.values() {
            let mut device = Device::clone(before);
            match (&trouble, &mut device.unreached) {
                (None, None) => continue,
                (Some(trouble), Some(unreached)) => unreached.trouble.clone_from(trouble),
                (Some(trouble), None) => {
                    let trouble = trouble.clone();
                    device.unreached = Some(Unreached { since: self.now, trouble, alarmed: false });
                }
                (None, Some(_)) => {
                    device.unreached = None;
                    if device.health == DeviceHealth::Waiting
                        && (device.missed || device.missed_at().is_some())
                    {
                        // Only from now on can it be heard.
                        device.becomes(DeviceHealth::Waiting, self.now);
                    }
                }
            }
            self.keep(device);
        }
        self.measure_evidence(trouble.is_some());
    }

    /// While the broker is away, evidence of devices counts for a little; when it is back in time, for as long as
    /// it would have.
    fn measure_evidence(&mut self, is_away: bool) {
        for before in self.state.rooms.values() {
            let mut room = Room::clone(before);
            for evidence in room.evidence.iter_mut().filter(|it| it.sensor.is_of_device()) {
                if evidence.freshness == Freshness::Lost {
                    continue;
                }
                let Some(device) = self.device_behind(&evidence.source) else { continue };
                let limit = device.silent_at();
                evidence.due = match (is_away, evidence.due) {
                    // Said again by whoever tries to reach it.
                    (true, due) => due.into_iter().chain(limit).min(),
                    (false, _) => evidence_due(&device, &evidence.sensor, evidence.observed_at),
                };
            }
            if room != **before {
                self.weigh_room(before, room);
            }
        }
    }
}

/// A binding without limits that nothing can be compared with.
fn plain(binding: &DeviceBinding) -> DeviceBinding {
    let number = |limit: Option<f64>| limit.filter(|limit| limit.is_finite());
    DeviceBinding {
        in_use_above: number(binding.in_use_above),
        min: number(binding.min),
        max: number(binding.max),
        // A device that is silent as soon as it has spoken never speaks.
        stale_after: binding.stale_after.map(|limit| limit.max(Duration::from_secs(1))),
        ..binding.clone()
    }
}
