//! The seed file: rooms, equipment and doctors, as a clinic writes them down once.

use std::path::Path;

use serde::Deserialize;

use crate::domain::command::Clinic;
use crate::domain::doctor::Doctor;
use crate::domain::id::{DoctorId, EquipmentId, RoomId};
use crate::domain::room::RoomKind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    #[serde(default)]
    rooms: Vec<SeedRoom>,
    #[serde(default)]
    equipment: Vec<SeedEquipment>,
    #[serde(default)]
    doctors: Vec<SeedDoctor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRoom {
    id: RoomId,
    name: String,
    #[serde(rename = "type")]
    kind: RoomKind,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedEquipment {
    id: EquipmentId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    room_id: Option<RoomId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedDoctor {
    id: DoctorId,
    name: String,
    specialty: Option<String>,
}

impl From<SeedDoctor> for Doctor {
    fn from(SeedDoctor { id, name, specialty }: SeedDoctor) -> Self {
        Self { id, name, specialty, revision: 1 }
    }
}

/// Reads the seed file, or says in words what is wrong with it.
pub(super) fn read(path: &Path) -> Result<Clinic, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let seed: SeedFile = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let clinic = Clinic {
        rooms: seed.rooms.into_iter().map(|room| (room.id, room.name, room.kind)).collect(),
        equipment: seed.equipment.into_iter().map(|it| (it.id, it.name, it.kind, it.room_id)).collect(),
        doctors: seed.doctors.into_iter().map(Doctor::from).collect(),
    };
    clinic.check().map_err(|rejection| format!("{}: {rejection}", path.display()))?;
    Ok(clinic)
}
