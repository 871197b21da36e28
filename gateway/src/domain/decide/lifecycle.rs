//! Start, import and the passing of time.

use std::sync::Arc;

use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::camera::Camera;
use crate::domain::command::{CameraBinding, Clinic};
use crate::domain::entity::EntityKey;
use crate::domain::equipment::Equipment;
use crate::domain::event::Event;
use crate::domain::id::RoomId;
use crate::domain::occupancy::{Presence, Sensor, sensed};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::turnover::Stay;

use super::Deciding;

impl Deciding<'_> {
    /// What only sensors knew is unknown now; what staff set stays.
    pub(super) fn gateway_started(&mut self, version: &str, cameras: &[CameraBinding]) {
        self.push(Event::GatewayStarted { version: version.into() });
        for before in self.state.rooms.values() {
            let mut room = Room::clone(before);
            room.evidence.retain(|evidence| match &evidence.sensor {
                Sensor::Webhook => true,
                Sensor::Camera { camera_id } => {
                    cameras.iter().any(|c| c.camera_id == *camera_id && c.room_id == room.id)
                }
                Sensor::Device { .. } => true,
                Sensor::Door { .. } | Sensor::InUse { .. } => false,
            });
            room.lose_evidence(self.state.rules(), self.now);
            self.weigh_with_fewer_sensors(before, room);
        }
        for binding in cameras {
            let CameraBinding { camera_id, room_id, synthetic } = binding.clone();
            let camera = Camera::starting(camera_id, room_id, synthetic, self.now);
            self.push(Event::CameraUpdated(Arc::new(camera)));
        }
        for camera in self.state.cameras.values() {
            if !cameras.iter().any(|binding| binding.camera_id == camera.id) {
                self.clear_alarm(&alarm_id(AlarmCause::CameraLost, camera.id.as_str()));
                self.push(Event::CameraRemoved(camera.id.clone()));
            }
        }
        self.forget_devices();
    }

    pub(super) fn clock_stepped(&mut self, by_ms: i64) {
        if by_ms != 0 {
            self.push(Event::ClockStepped { by_ms });
        }
    }

    /// Does what is due. What one deadline sets anew and is due again comes with the next call.
    pub(super) fn advance_clock(&mut self) {
        let due: Vec<EntityKey> = self.state.due(self.now).cloned().collect();
        // Devices last: what they do to a room or to equipment comes on top of what time did to it.
        let (devices, due): (Vec<_>, Vec<_>) =
            due.into_iter().partition(|key| matches!(key, EntityKey::Device(_)));
        for key in due.into_iter().chain(devices) {
            match key {
                EntityKey::Device(id) => self.device_due(&id),
                EntityKey::Room(id) => self.room_due(&id),
                EntityKey::Camera(id) => self.camera_due(&id),
                EntityKey::Equipment(id) => self.equipment_due(&id),
                EntityKey::Visit(id) => self.visit_due(&id),
                EntityKey::Task(id) => self.task_due(&id),
                EntityKey::Facility
                | EntityKey::Automation(_)
                | EntityKey::Doctor(_)
                | EntityKey::Action(_)
                | EntityKey::Alarm(_)
                | EntityKey::User(_)
                | EntityKey::Token(_)
                | EntityKey::Key(_)
                | EntityKey::Day(_)
                | EntityKey::RoomDay(_)
                | EntityKey::HubDay(_)
                | EntityKey::Endpoint(_)
                | EntityKey::Delivery(_)
                | EntityKey::Agent
                | EntityKey::AgentUse
                | EntityKey::Feedback(_) => unreachable!("a {} has no deadline", key.parts().0),
            }
        }
    }

    fn room_due(&mut self, id: &RoomId) {
        let before = &self.state.rooms[id];
        let mut room = Room::clone(before);
        let expired = room.claim.take_if(|claim| claim.until.is_some_and(|until| until <= self.now));
        room.evidence.iter_mut().for_each(|evidence| evidence.age(self.state.rules(), self.now));
        room.evidence.retain(|evidence| !evidence.is_forgotten(self.now));
        if let Some(claim) = expired.filter(|claim| !claim.occupied && room.stay.is_none()) {
            // A sensor that had changed its mind would have ended the claim: whoever it sees was there all along.
            if sensed(&room.evidence).state == Presence::Occupied {
                room.stay = Some(Stay { since: claim.said_at, gap: false });
            }
        }
        self.weigh_with_fewer_sensors(before, room);
    }

    /// Takes over the seed file, once in the life of a store.
    pub(super) fn import_clinic(&mut self, clinic: &Clinic) -> Result<(), Rejection> {
        if self.state.facility.imported_at.is_some() {
            return Ok(());
        }
        clinic.check()?;
        for (id, name, kind) in &clinic.rooms {
            let room = Room::new(id.clone(), name.clone(), *kind, self.now);
            self.push(Event::RoomCreated(Arc::new(room)));
        }
        for (id, name, kind, room_id) in &clinic.equipment {
            let (id, name, kind, room_id) = (id.clone(), name.clone(), kind.clone(), room_id.clone());
            let equipment = Equipment::new(id, name, kind, room_id, self.now);
            self.push(Event::EquipmentCreated(Arc::new(equipment)));
        }
        for doctor in &clinic.doctors {
            self.push(Event::DoctorCreated(Arc::new(doctor.clone())));
        }
        self.push(Event::ClinicImported);
        Ok(())
    }
}
