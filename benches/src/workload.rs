//! What the callers ask for: real commands, each of which changes something.

use std::str::FromStr;

use caresync_gateway::domain::actor::Actor;
use caresync_gateway::domain::command::{Ask, Clinic, Command, SetRoomStatus, StaffStatus};
use caresync_gateway::domain::id::{CommandId, IdError, PatientId, RoomId};
use caresync_gateway::domain::room::RoomKind;
use uuid::Uuid;

/// Rooms of the clinic: one for each of the most callers, so that no two ask the same of one room.
pub(crate) const ROOMS: usize = 64;

/// The command that makes the clinic.
pub(crate) fn import() -> Command {
    let room = |n| (id::<RoomId>("room", n), format!("Exam Room {n}"), RoomKind::Examination);
    let clinic = Clinic { rooms: (1..=ROOMS).map(room).collect(), ..Clinic::default() };
    command(Actor::Gateway, Ask::ImportClinic(clinic))
}

/// A member of staff who says again and again how a room is: occupied by a patient, then available.
pub(crate) struct Caller {
    actor: Actor,
    room_id: RoomId,
    patient_id: PatientId,
    occupied: bool,
}

impl Caller {
    /// The caller of the `n`-th room, counted from 1.
    pub(crate) fn new(n: usize) -> Self {
        let actor = Actor::Console;
        Self { actor, room_id: id("room", n), patient_id: id("patient", n), occupied: false }
    }

    /// The next thing to ask: always the opposite of the last.
    pub(crate) fn next_command(&mut self) -> Command {
        self.occupied = !self.occupied;
        let set = SetRoomStatus {
            room_id: self.room_id.clone(),
            status: if self.occupied { StaffStatus::Occupied } else { StaffStatus::Available },
            current_doctor_id: None,
            current_patient_id: self.occupied.then(|| Some(self.patient_id.clone())),
            estimated_available_at: None,
        };
        command(self.actor.clone(), Ask::SetRoomStatus(set))
    }
}

fn command(actor: Actor, ask: Ask) -> Command {
    Command { id: CommandId(Uuid::now_v7()), actor, ask }
}

fn id<T: FromStr<Err = IdError>>(kind: &str, n: usize) -> T {
    format!("{kind}-{n}").parse().expect("a word and a number are an id")
}
