//! What rooms, equipment and doctors the clinic has.

use std::sync::Arc;

use crate::domain::bound_device::Device;
use crate::domain::catalogue::{
    CatalogueAsk, DoctorEdit, EquipmentEdit, NewDoctor, NewEquipment, NewRoom, RoomEdit,
};
use crate::domain::device::Target;
use crate::domain::doctor::Doctor;
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::event::Event;
use crate::domain::id::{DoctorId, EquipmentId, RoomId};
use crate::domain::occupancy::Presence;
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::rules::{DOCTORS_MAX, EQUIPMENT_MAX, ROOMS_MAX};

use super::{Deciding, check_name};

impl<'a> Deciding<'a> {
    pub(super) fn catalogue(&mut self, ask: &CatalogueAsk) -> Result<(), Rejection> {
        match ask {
            CatalogueAsk::CreateRoom(new) => self.create_room(new),
            CatalogueAsk::EditRoom { room_id, edit } => self.edit_room(room_id, edit),
            CatalogueAsk::RetireRoom(id) => self.retire_room(id),
            CatalogueAsk::CreateEquipment(new) => self.create_equipment(new),
            CatalogueAsk::EditEquipment { equipment_id, edit } => self.edit_equipment(equipment_id, edit),
            CatalogueAsk::RetireEquipment(id) => self.retire_equipment(id),
            CatalogueAsk::CreateDoctor(new) => self.create_doctor(new),
            CatalogueAsk::EditDoctor { doctor_id, edit } => self.edit_doctor(doctor_id, edit),
            CatalogueAsk::RetireDoctor(id) => self.retire_doctor(id),
        }
    }

    fn create_room(&mut self, new: &NewRoom) -> Result<(), Rejection> {
        check_name("name", &new.name)?;
        let id = new.id_in(self.command.id);
        if let Some(there) = self.state.rooms.get(&id) {
            // The same room said again is there already.
            return as_it_is(there.name == new.name && there.kind == new.kind, "room", &id);
        }
        check_count("rooms", self.state.rooms.len(), ROOMS_MAX)?;
        let room = Room::new(id, new.name.clone(), new.kind, self.now);
        self.push(Event::RoomCreated(Arc::new(room)));
        Ok(())
    }

    fn edit_room(&mut self, id: &RoomId, edit: &RoomEdit) -> Result<(), Rejection> {
        let before = self.room(id)?;
        let mut room = Room::clone(before);
        if let Some(name) = &edit.name {
            check_name("name", name)?;
            room.name.clone_from(name);
        }
        room.kind = edit.kind.unwrap_or(room.kind);
        if room != *before {
            room.revision += 1;
        }
        self.weigh_room(before, room);
        Ok(())
    }

    /// A room goes when nothing rests on it any more: what is left would point at nothing.
    fn retire_room(&mut self, id: &RoomId) -> Result<(), Rejection> {
        let Some(room) = self.state.rooms.get(id) else { return Ok(()) };
        let bound = self.state.devices.values().find(|device| match &device.binding.target {
            Target::Room(room) | Target::Door(room) | Target::Button(room) => room == id,
            Target::Equipment(_) | Target::Environment(_) => false,
        });
        let camera = self.state.cameras.values().find(|camera| camera.room_id == *id);
        let equipment = self.state.equipment.values().find(|it| it.room_id.as_ref() == Some(id));
        let reason = if let Some(camera) = camera {
            format!("camera {} watches it; take the camera out of the configuration first", camera.id)
        } else if let Some(device) = bound {
            format!("device {} is bound to it; take it out of the configuration first", device.id)
        } else if room.occupancy.state == Presence::Occupied {
            "somebody is in it; ask again when it is empty".into()
        } else if let Some(equipment) = equipment {
            format!("equipment {} stands in it; give it another place first", equipment.id)
        } else {
            self.push(Event::RoomDeleted(id.clone()));
            return Ok(());
        };
        Err(Rejection::Conflict(format!("room \"{id}\" cannot go: {reason}")))
    }

    fn create_equipment(&mut self, new: &NewEquipment) -> Result<(), Rejection> {
        check_name("name", &new.name)?;
        check_name("type", &new.kind)?;
        self.check_place(new.room_id.as_ref())?;
        let id = new.id_in(self.command.id);
        if let Some(there) = self.state.equipment.get(&id) {
            return as_it_is(there.name == new.name && there.kind == new.kind, "equipment", &id);
        }
        check_count("pieces of equipment", self.state.equipment.len(), EQUIPMENT_MAX)?;
        let place = new.room_id.clone();
        let equipment = Equipment {
            profile: new.profile,
            last_maintenance_date: new.last_maintenance_date,
            next_maintenance_date: new.next_maintenance_date,
            ..Equipment::new(id, new.name.clone(), new.kind.clone(), place, self.now)
        };
        self.push(Event::EquipmentCreated(Arc::new(equipment)));
        Ok(())
    }

    fn edit_equipment(&mut self, id: &EquipmentId, edit: &EquipmentEdit) -> Result<(), Rejection> {
        let before = self.piece(id)?;
        let mut equipment = Equipment::clone(before);
        if let Some(name) = &edit.name {
            check_name("name", name)?;
            equipment.name.clone_from(name);
        }
        if let Some(kind) = &edit.kind {
            check_name("type", kind)?;
            equipment.kind.clone_from(kind);
        }
        if let Some(place) = &edit.room_id {
            self.check_place(place.as_ref())?;
            equipment.room_id.clone_from(place);
        }
        equipment.profile = edit.profile.unwrap_or(before.profile);
        equipment.last_maintenance_date = edit.last_maintenance_date.unwrap_or(before.last_maintenance_date);
        equipment.next_maintenance_date = edit.next_maintenance_date.unwrap_or(before.next_maintenance_date);
        if equipment.next_maintenance_date != before.next_maintenance_date {
            equipment.due_noted = false;
        }
        if equipment != *before {
            equipment.revision += 1;
            equipment.last_updated = self.now;
            self.push(Event::EquipmentUpdated(Arc::new(equipment)));
            self.follow_uses(id);
        }
        Ok(())
    }

    fn retire_equipment(&mut self, id: &EquipmentId) -> Result<(), Rejection> {
        let Some(equipment) = self.state.equipment.get(id) else { return Ok(()) };
        if equipment.status == EquipmentStatus::InUse {
            return Err(Rejection::Conflict(format!(
                "equipment \"{id}\" cannot go: somebody uses it; ask again when it is free"
            )));
        }
        let is_about_it = |device: &&Arc<Device>| device.binding.target == Target::Equipment(id.clone());
        if let Some(device) = self.state.devices.values().find(is_about_it) {
            return Err(Rejection::Conflict(format!(
                "equipment \"{id}\" cannot go: device {} is bound to it; take it out of the configuration first",
                device.id
            )));
        }
        self.push(Event::EquipmentDeleted(id.clone()));
        Ok(())
    }

    fn create_doctor(&mut self, new: &NewDoctor) -> Result<(), Rejection> {
        check_name("name", &new.name)?;
        new.specialty.as_deref().map_or(Ok(()), |specialty| check_name("specialty", specialty))?;
        let id = new.id_in(self.command.id);
        if let Some(there) = self.state.doctors.get(&id) {
            return as_it_is(there.name == new.name && there.specialty == new.specialty, "doctor", &id);
        }
        check_count("doctors", self.state.doctors.len(), DOCTORS_MAX)?;
        let (name, specialty) = (new.name.clone(), new.specialty.clone());
        self.push(Event::DoctorCreated(Arc::new(Doctor { id, name, specialty, revision: 1 })));
        Ok(())
    }

    fn edit_doctor(&mut self, id: &DoctorId, edit: &DoctorEdit) -> Result<(), Rejection> {
        let before = self.state.doctors.get(id).ok_or_else(|| Rejection::not_found("doctor", id))?;
        let mut doctor = Doctor::clone(before);
        if let Some(name) = &edit.name {
            check_name("name", name)?;
            doctor.name.clone_from(name);
        }
        if let Some(specialty) = &edit.specialty {
            specialty.as_deref().map_or(Ok(()), |specialty| check_name("specialty", specialty))?;
            doctor.specialty.clone_from(specialty);
        }
        if doctor != **before {
            doctor.revision += 1;
            self.push(Event::DoctorUpdated(Arc::new(doctor)));
        }
        Ok(())
    }

    fn retire_doctor(&mut self, id: &DoctorId) -> Result<(), Rejection> {
        if !self.state.doctors.contains_key(id) {
            return Ok(());
        }
        let room = self.state.rooms.values().find(|room| room.current_doctor_id.as_ref() == Some(id));
        let users = &self.state.access.users;
        let user = users.values().find(|user| user.is_open() && user.acts_for(id));
        let reason = match (room, user) {
            (Some(room), _) => format!("room {} is in use by this doctor; empty it first", room.id),
            (None, Some(user)) => {
                format!("account {} is this doctor or works for it; change it first", user.id)
            }
            (None, None) => {
                self.push(Event::DoctorDeleted(id.clone()));
                return Ok(());
            }
        };
        Err(Rejection::Conflict(format!("doctor \"{id}\" cannot go: {reason}")))
    }

    fn piece(&self, id: &EquipmentId) -> Result<&'a Equipment, Rejection> {
        let piece = self.state.equipment.get(id).map(Arc::as_ref);
        piece.ok_or_else(|| Rejection::not_found("equipment", id))
    }

    fn check_place(&self, place: Option<&RoomId>) -> Result<(), Rejection> {
        place.map_or(Ok(()), |room| self.check_room("room_id", room))
    }
}

/// Something that is to be made is there already: fine when it is the same, so that a repeat is safe.
fn as_it_is(is_same: bool, kind: &str, id: &impl std::fmt::Display) -> Result<(), Rejection> {
    if is_same {
        return Ok(());
    }
    Err(Rejection::Conflict(format!("{kind} \"{id}\" exists already; choose another id, or edit that one")))
}

fn check_count(what: &str, count: usize, most: usize) -> Result<(), Rejection> {
    if count < most {
        return Ok(());
    }
    Err(Rejection::Conflict(format!(
        "there are {most} {what} already, the most of a clinic; retire one first"
    )))
}
