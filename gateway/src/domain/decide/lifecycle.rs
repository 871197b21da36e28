//! Start, import and the passing of time.

use std::sync::Arc;

use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::camera::Camera;
use crate::domain::command::{CameraBinding, Clinic};
use crate::domain::entity::{EntityKey, FIRST_REVISION};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::event::Event;
use crate::domain::id::RoomId;
use crate::domain::occupancy::Sensor;
use crate::domain::rejection::Rejection;
use crate::domain::room::{Readiness, Room};

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
            });
            room.lose_evidence();
            if let Some(claim) = room.claim.as_mut().filter(|_| room.evidence.is_empty()) {
                // No sensor is left that it could give way to.
                claim.until = None;
            }
            // Its last sensor was taken away while somebody was there: nobody will ever see the room empty.
            if room.evidence.is_empty()
                && room.claim.is_none()
                && room.stay.take().is_some()
                && room.kind.turns_over()
            {
                room.readiness = Readiness::NeedsCleaning;
            }
            self.weigh_room(before, room);
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
    }

    pub(super) fn clock_stepped(&mut self, by_ms: i64) {
        if by_ms != 0 {
            self.push(Event::ClockStepped { by_ms });
        }
    }

    /// Does what is due. What one deadline sets anew and is due again comes with the next call.
    pub(super) fn advance_clock(&mut self) {
        let due: Vec<EntityKey> = self.state.due(self.now).cloned().collect();
        for key in due {
            match key {
                EntityKey::Room(id) => self.room_due(&id),
                EntityKey::Camera(id) => self.camera_due(&id),
                EntityKey::Facility
                | EntityKey::Equipment(_)
                | EntityKey::Doctor(_)
                | EntityKey::Action(_)
                | EntityKey::Task(_)
                | EntityKey::Alarm(_)
                | EntityKey::User(_)
                | EntityKey::Token(_)
                | EntityKey::Key(_) => unreachable!("a {} has no deadline", key.parts().0),
            }
        }
    }

    fn room_due(&mut self, id: &RoomId) {
        let before = &self.state.rooms[id];
        let mut room = Room::clone(before);
        room.claim.take_if(|claim| claim.until.is_some_and(|until| until <= self.now));
        room.evidence.iter_mut().for_each(|evidence| evidence.age(self.now));
        self.weigh_room(before, room);
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
            let equipment = Equipment {
                id: id.clone(),
                name: name.clone(),
                kind: kind.clone(),
                room_id: room_id.clone(),
                status: EquipmentStatus::Operational,
                last_maintenance_date: None,
                next_maintenance_date: None,
                since: self.now,
                last_updated: self.now,
                issue: None,
                revision: FIRST_REVISION,
            };
            self.push(Event::EquipmentCreated(Arc::new(equipment)));
        }
        for doctor in &clinic.doctors {
            self.push(Event::DoctorCreated(Arc::new(doctor.clone())));
        }
        self.push(Event::ClinicImported);
        Ok(())
    }
}
