//! What commands carry.

use std::collections::BTreeSet;

use crate::domain::decide::{check_name, check_text};
use crate::domain::doctor::Doctor;
use crate::domain::equipment::EquipmentStatus;
use crate::domain::id::{CameraId, DoctorId, EquipmentId, PatientId, RoomId, SourceId};
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::RoomKind;
use crate::domain::time::Timestamp;

/// Which camera watches which room.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraBinding {
    /// The camera.
    pub camera_id: CameraId,
    /// The room.
    pub room_id: RoomId,
    /// The picture is drawn, not filmed.
    pub synthetic: bool,
}

/// The clinic as the seed file describes it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Clinic {
    /// Its rooms.
    pub rooms: Vec<(RoomId, String, RoomKind)>,
    /// Its equipment: id, name, type, room.
    pub equipment: Vec<(EquipmentId, String, String, Option<RoomId>)>,
    /// Its doctors.
    pub doctors: Vec<Doctor>,
}

impl Clinic {
    /// Checks that ids are given once, names can be stored, and equipment stands in rooms that exist.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), Rejection> {
        let rooms: BTreeSet<&RoomId> = self.rooms.iter().map(|(id, ..)| id).collect();
        if rooms.len() < self.rooms.len() {
            return Err(Rejection::invalid("rooms", "two rooms have the same id; give each its own"));
        }
        for (_, name, _) in &self.rooms {
            check_name("rooms.name", name)?;
        }
        let equipment: BTreeSet<_> = self.equipment.iter().map(|(id, ..)| id).collect();
        if equipment.len() < self.equipment.len() {
            return Err(Rejection::invalid("equipment", "two pieces have the same id; give each its own"));
        }
        for (id, name, kind, room_id) in &self.equipment {
            check_name("equipment.name", name)?;
            check_text("equipment.type", kind)?;
            if let Some(missing) = room_id.as_ref().filter(|room| !rooms.contains(room)) {
                let reason = format!("{id} stands in \"{missing}\", which is not among the rooms");
                return Err(Rejection::invalid("equipment.room_id", reason));
            }
        }
        let doctors: BTreeSet<_> = self.doctors.iter().map(|doctor| &doctor.id).collect();
        if doctors.len() < self.doctors.len() {
            return Err(Rejection::invalid("doctors", "two doctors have the same id; give each their own"));
        }
        self.doctors.iter().try_for_each(|doctor| check_name("doctors.name", &doctor.name))
    }
}

/// What a sensor claims about a room.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Which room.
    pub room_id: RoomId,
    /// Where the claim comes from.
    pub source: SourceId,
    /// What the source is.
    pub sensor: Sensor,
    /// Somebody is there.
    pub occupied: bool,
    /// How many, when the source counts.
    pub people: Option<u32>,
    /// How sure the source is, 0.0..=1.0, when it says.
    pub confidence: Option<f32>,
    /// How it judged.
    pub method: Method,
    /// It rests on a drawn scene.
    pub synthetic: bool,
    /// When the source saw it.
    pub observed_at: Timestamp,
    /// The doctor it recognised by its own means.
    pub doctor_id: Option<DoctorId>,
}

/// What a device says of a piece of equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct EquipmentReport {
    /// Which piece.
    pub equipment_id: EquipmentId,
    /// Where the report comes from.
    pub source: SourceId,
    /// How it does.
    pub status: EquipmentStatus,
    /// How sure the source is, 0.0..=1.0, when it says.
    pub confidence: Option<f32>,
    /// When the source saw it.
    pub observed_at: Timestamp,
    /// The power that it takes, W, when the source measures it.
    pub power_w: Option<f64>,
}

/// The statuses that staff can give a room. There is no `unknown`: nobody can decide not to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffStatus {
    /// Clean and empty.
    Available,
    /// Somebody is there.
    Occupied,
    /// Empty, and it waits for cleaning.
    NeedsCleaning,
    /// Out of use.
    Maintenance,
}

/// What staff say of a room. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, PartialEq)]
pub struct SetRoomStatus {
    /// Which room.
    pub room_id: RoomId,
    /// How it is.
    pub status: StaffStatus,
    /// The doctor who uses it.
    pub current_doctor_id: Option<Option<DoctorId>>,
    /// The patient who is in it.
    pub current_patient_id: Option<Option<PatientId>>,
    /// When it should be free.
    pub estimated_available_at: Option<Option<Timestamp>>,
}
