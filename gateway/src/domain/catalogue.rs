//! The catalogue: what rooms, equipment and doctors the clinic has. How they do is said elsewhere.

use super::entity::EntityKey;
use super::equipment::Profile;
use super::id::{CommandId, DoctorId, EquipmentId, RoomId};
use super::room::RoomKind;
use super::time::Timestamp;

/// What may be asked of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub enum CatalogueAsk {
    /// Take in a room.
    CreateRoom(NewRoom),
    /// Change what a room is.
    EditRoom {
        /// Which room.
        room_id: RoomId,
        /// What changes.
        edit: RoomEdit,
    },
    /// Take a room out of the catalogue.
    RetireRoom(RoomId),
    /// Take in a piece of equipment.
    CreateEquipment(NewEquipment),
    /// Change what a piece of equipment is, or where it stands.
    EditEquipment {
        /// Which piece.
        equipment_id: EquipmentId,
        /// What changes.
        edit: EquipmentEdit,
    },
    /// Take a piece of equipment out of the catalogue.
    RetireEquipment(EquipmentId),
    /// Take in a doctor.
    CreateDoctor(NewDoctor),
    /// Change what is known of a doctor.
    EditDoctor {
        /// Which doctor.
        doctor_id: DoctorId,
        /// What changes.
        edit: DoctorEdit,
    },
    /// Take a doctor out of the catalogue.
    RetireDoctor(DoctorId),
}

impl CatalogueAsk {
    /// The command's name, for logs and the audit trail; never its content.
    pub fn name(&self) -> &'static str {
        match self {
            CatalogueAsk::CreateRoom(_) => "create_room",
            CatalogueAsk::EditRoom { .. } => "edit_room",
            CatalogueAsk::RetireRoom(_) => "retire_room",
            CatalogueAsk::CreateEquipment(_) => "create_equipment",
            CatalogueAsk::EditEquipment { .. } => "edit_equipment",
            CatalogueAsk::RetireEquipment(_) => "retire_equipment",
            CatalogueAsk::CreateDoctor(_) => "create_doctor",
            CatalogueAsk::EditDoctor { .. } => "edit_doctor",
            CatalogueAsk::RetireDoctor(_) => "retire_doctor",
        }
    }

    /// What the command is about; see [`crate::domain::command::Ask::subject`].
    pub fn subject(&self, command_id: CommandId) -> EntityKey {
        match self {
            CatalogueAsk::CreateRoom(new) => EntityKey::Room(new.id_in(command_id)),
            CatalogueAsk::EditRoom { room_id, .. } | CatalogueAsk::RetireRoom(room_id) => {
                EntityKey::Room(room_id.clone())
            }
            CatalogueAsk::CreateEquipment(new) => EntityKey::Equipment(new.id_in(command_id)),
            CatalogueAsk::EditEquipment { equipment_id, .. }
            | CatalogueAsk::RetireEquipment(equipment_id) => EntityKey::Equipment(equipment_id.clone()),
            CatalogueAsk::CreateDoctor(new) => EntityKey::Doctor(new.id_in(command_id)),
            CatalogueAsk::EditDoctor { doctor_id, .. } | CatalogueAsk::RetireDoctor(doctor_id) => {
                EntityKey::Doctor(doctor_id.clone())
            }
        }
    }
}

/// A room that is to be taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRoom {
    /// The clinic's own id; `None` for a new UUIDv7.
    pub id: Option<RoomId>,
    /// The name on the door.
    pub name: String,
    /// What it is for.
    pub kind: RoomKind,
}

impl NewRoom {
    /// The id that the room gets from the command `command_id`.
    pub(crate) fn id_in(&self, command_id: CommandId) -> RoomId {
        self.id.clone().unwrap_or_else(|| command_id.derive(0).into())
    }
}

/// What changes of a room. `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoomEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another use.
    pub kind: Option<RoomKind>,
}

/// A piece of equipment that is to be taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEquipment {
    /// The clinic's own id; `None` for a new UUIDv7.
    pub id: Option<EquipmentId>,
    /// The name that staff use.
    pub name: String,
    /// What it is, in the clinic's words.
    pub kind: String,
    /// Where it stands.
    pub room_id: Option<RoomId>,
    /// How it is used.
    pub profile: Option<Profile>,
    /// When it was last maintained.
    pub last_maintenance_date: Option<Timestamp>,
    /// When it is to be maintained next.
    pub next_maintenance_date: Option<Timestamp>,
}

impl NewEquipment {
    /// The id that the equipment gets from the command `command_id`.
    pub(crate) fn id_in(&self, command_id: CommandId) -> EquipmentId {
        self.id.clone().unwrap_or_else(|| command_id.derive(0).into())
    }
}

/// What changes of a piece of equipment. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EquipmentEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another type.
    pub kind: Option<String>,
    /// Another place.
    pub room_id: Option<Option<RoomId>>,
    /// How it is used.
    pub profile: Option<Option<Profile>>,
    /// When it was last maintained.
    pub last_maintenance_date: Option<Option<Timestamp>>,
    /// When it is to be maintained next.
    pub next_maintenance_date: Option<Option<Timestamp>>,
}

/// A doctor who is to be taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDoctor {
    /// The clinic's own id; `None` for a new UUIDv7.
    pub id: Option<DoctorId>,
    /// The name that staff use.
    pub name: String,
    /// What the doctor practises, in words.
    pub specialty: Option<String>,
}

impl NewDoctor {
    /// The id that the doctor gets from the command `command_id`.
    pub(crate) fn id_in(&self, command_id: CommandId) -> DoctorId {
        self.id.clone().unwrap_or_else(|| command_id.derive(0).into())
    }
}

/// What changes of a doctor. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DoctorEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another specialty.
    pub specialty: Option<Option<String>>,
}
