//! Rooms: what sensors claim and what staff say.

use std::sync::Arc;

use crate::domain::command::{Observation, SetRoomStatus, StaffStatus};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::Event;
use crate::domain::id::{RoomId, SourceId};
use crate::domain::occupancy::{Claim, Evidence, Freshness, Presence, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::{Readiness, Room};
use crate::domain::rules::SOURCES_PER_ROOM_MAX;
use crate::domain::turnover::Followed;

use super::{Deciding, Note, check_confidence};

impl<'a> Deciding<'a> {
    /// Takes in what a sensor claims. A claim that changes ends what staff said before it.
    pub(super) fn observe(&mut self, seen: &Observation) -> Result<(), Rejection> {
        let before = self.room(&seen.room_id)?;
        check_confidence(seen.confidence)?;
        if let Some(doctor_id) = &seen.doctor_id {
            self.check_doctor("doctorId", doctor_id)?;
        }
        if let Sensor::Camera { camera_id } = &seen.sensor {
            self.camera_seen(camera_id, Some(seen.method))?;
        }
        let last = before.evidence_of(&seen.source);
        self.outcome.note = self.why_not(before, last, seen);
        self.measure_confidence(seen);
        if self.outcome.note.is_some() {
            return Ok(());
        }
        let policy = self.policy(&before.id);
        let mut room = Room::clone(before);
        if !policy.staff_decide() && last.is_none_or(|last| last.occupied != seen.occupied) {
            room.claim = None;
        }
        let Some(evidence) = make_place(&mut room, last, &seen.sensor).then(|| self.evidence(seen)) else {
            let reason =
                format!("room \"{}\" already has {SOURCES_PER_ROOM_MAX} sources of evidence", room.id);
            return Err(Rejection::Conflict(reason));
        };
        room.put_evidence(evidence);
        self.suspect_stuck(&mut room);
        let followed = room.weigh(&policy, self.now);
        // Not under a claim that the room is empty: nobody would ever leave it, and take the doctor along.
        let is_occupied = seen.occupied && room.occupancy.state == Presence::Occupied;
        if let Some(doctor_id) = seen.doctor_id.as_ref().filter(|_| is_occupied) {
            room.current_doctor_id = Some(doctor_id.clone());
        }
        self.put_room(before, room, followed);
        Ok(())
    }

    fn why_not(&self, room: &Room, last: Option<&Evidence>, seen: &Observation) -> Option<Note> {
        if room.occupancy.paused {
            return Some(Note::Paused);
        }
        if last.is_some_and(|last| seen.observed_at < last.observed_at) {
            return Some(Note::Outdated);
        }
        let rules = self.state.rules();
        let keeps_occupied = last.is_some_and(|last| last.occupied && last.freshness != Freshness::Lost);
        let needed = match &seen.sensor {
            // The gateway's own cameras have weighed confidence over many looks, by the same two numbers.
            Sensor::Camera { .. } | Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. } => {
                return None;
            }
            Sensor::Webhook if seen.occupied && keeps_occupied => rules.stay,
            Sensor::Webhook => rules.enter,
        };
        seen.confidence.filter(|sure| *sure < needed).map(|_| Note::BelowThreshold { needed })
    }

    fn evidence(&self, seen: &Observation) -> Evidence {
        let mut evidence = Evidence {
            source: seen.source.clone(),
            sensor: seen.sensor.clone(),
            occupied: seen.occupied,
            people: seen.people,
            confidence: seen.confidence,
            method: seen.method,
            synthetic: seen.synthetic,
            // A sender whose clock runs ahead must not outdate what it says next.
            observed_at: seen.observed_at.min(self.now),
            freshness: Freshness::Fresh,
            due: None,
        };
        evidence.refresh(self.state.rules(), self.now);
        evidence
    }

    /// Takes in what staff say of a room.
    pub(super) fn set_room_status(&mut self, set: &SetRoomStatus) -> Result<(), Rejection> {
        let before = self.room(&set.room_id)?;
        if let Some(Some(doctor_id)) = &set.current_doctor_id {
            self.check_doctor("current_doctor_id", doctor_id)?;
        }
        let mut room = Room::clone(before);
        room.readiness = match (set.status, before.readiness) {
            (StaffStatus::Available, _) => Readiness::Clean,
            // Maintenance cleans nothing: what waited for cleaning before it still does.
            (StaffStatus::Occupied, Readiness::Maintenance) if self.has_open_cleaning(before) => {
                Readiness::NeedsCleaning
            }
            (StaffStatus::Occupied, Readiness::Maintenance) => Readiness::Clean,
            (StaffStatus::Occupied, readiness) => readiness,
            (StaffStatus::NeedsCleaning, _) => Readiness::NeedsCleaning,
            (StaffStatus::Maintenance, _) => Readiness::Maintenance,
        };
        let is_said_anew = match set.status {
            StaffStatus::Occupied => self.claim(&mut room, true),
            StaffStatus::Available | StaffStatus::NeedsCleaning => {
                // Who was behind the door has left it, or staff would not say so.
                room.evidence.retain(|evidence| !matches!(evidence.sensor, Sensor::Door { .. }));
                self.claim(&mut room, false)
            }
            StaffStatus::Maintenance => false,
        };
        match set.status {
            StaffStatus::Available => {
                let was_used = before.stay.is_some() || before.vacated.is_some() || before.noted_stay;
                if before.readiness != Readiness::Clean || (is_said_anew && was_used) {
                    room.cleaned_at = Some(self.now);
                }
                room.noted_stay = false;
            }
            StaffStatus::NeedsCleaning => room.noted_stay = false,
            StaffStatus::Occupied | StaffStatus::Maintenance => {}
        }
        let followed = room.weigh(&self.policy(&before.id), self.now);
        // After the weighing: an empty room loses its doctor, unless staff name one now.
        if let Some(doctor_id) = &set.current_doctor_id {
            room.current_doctor_id.clone_from(doctor_id);
        }
        if let Some(patient_id) = &set.current_patient_id {
            room.current_patient_id.clone_from(patient_id);
        }
        if let Some(at) = &set.estimated_available_at {
            room.estimated_available_at = *at;
        }
        if staff_owned(&room) != staff_owned(before) {
            room.revision += 1;
        }
        if set.status == StaffStatus::Available && before.readiness == Readiness::Clean {
            self.drop_proposed_cleaning(&room);
        }
        self.put_room(before, room, followed);
        Ok(())
    }

    /// Puts what staff say in the place of what they said before. False when it is the same, said again at once.
    fn claim(&self, room: &mut Room, occupied: bool) -> bool {
        let is_repeat = room.claim.as_ref().is_some_and(|claim| claim.is_repeated_by(occupied, self.now));
        if !is_repeat {
            let gives_way = room.has_sensors() && !self.policy(&room.id).staff_decide();
            room.claim = Some(Claim::new(occupied, self.command.actor.clone(), gives_way, self.now));
        }
        !is_repeat
    }

    /// Stops or resumes sensing a room. What sensors knew is unknown from then on, until proved anew.
    pub(super) fn pause_sensing(&mut self, id: &RoomId, paused: bool) -> Result<(), Rejection> {
        let before = self.room(id)?;
        let mut room = Room::clone(before);
        if room.occupancy.paused != paused {
            room.occupancy.paused = paused;
            room.revision += 1;
            room.lose_evidence(self.state.rules(), self.now);
        }
        self.weigh_room(before, room);
        Ok(())
    }

    /// Forgets a source that will not come back, and with the last one that anything ever sensed the room.
    pub(super) fn forget_source(&mut self, id: &RoomId, source: &SourceId) -> Result<(), Rejection> {
        let before = self.room(id)?;
        match before.evidence_of(source).map(|evidence| &evidence.sensor) {
            None => return Ok(()),
            Some(Sensor::Camera { camera_id }) => {
                let reason =
                    format!("camera {camera_id} is configured; take it out of [[cameras]] and restart");
                return Err(Rejection::Conflict(reason));
            }
            Some(Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. }) => {
                let reason = format!("{source} is bound; take it out of [[mqtt.bindings]]");
                return Err(Rejection::Conflict(reason));
            }
            Some(Sensor::Webhook) => {}
        }
        let mut room = Room::clone(before);
        room.evidence.retain(|evidence| evidence.source != *source);
        self.weigh_with_fewer_sensors(before, room);
        Ok(())
    }

    /// Weighs `room` anew after a source was taken away.
    pub(super) fn weigh_with_fewer_sensors(&mut self, before: &Room, mut room: Room) {
        let policy = self.policy(&room.id);
        let left = room.without_sensors(&policy, self.now);
        let followed = room.weigh(&policy, self.now);
        self.put_room(before, room, if left == Followed::Nothing { followed } else { left });
    }

    /// Weighs `room` anew and says what changed.
    pub(super) fn weigh_room(&mut self, before: &Room, mut room: Room) {
        let followed = room.weigh(&self.policy(&room.id), self.now);
        self.put_room(before, room, followed);
    }

    /// Says what changed of `room`, which was weighed, and opens or closes the cleaning that follows.
    pub(super) fn put_room(&mut self, before: &Room, mut room: Room, followed: Followed) {
        match (before.readiness, room.readiness) {
            (Readiness::Clean | Readiness::Maintenance, Readiness::NeedsCleaning) => {
                self.open_cleaning(&room)
            }
            (Readiness::NeedsCleaning | Readiness::Maintenance, Readiness::Clean) => {
                self.close_cleaning(&room)
            }
            (_, Readiness::Clean | Readiness::NeedsCleaning | Readiness::Maintenance) => {}
        }
        if followed == Followed::CleaningProposed {
            self.propose_cleaning(&room);
        }
        self.propose_occupancy(&mut room);
        room.stamp(before, self.now);
        if !room.has_same_facts(before) {
            self.forget_touch(&EntityKey::Room(room.id.clone()));
            self.push(Event::RoomUpdated(Arc::new(room)));
        } else if room != *before {
            self.outcome.touches.push(Entity::Room(Arc::new(room)));
        }
    }

    pub(super) fn room(&self, id: &RoomId) -> Result<&'a Room, Rejection> {
        self.state.rooms.get(id).map(Arc::as_ref).ok_or_else(|| Rejection::not_found("room", id))
    }
}

/// What staff own of a room: sensors never move it on their own.
pub(super) fn staff_owned(room: &Room) -> impl PartialEq + '_ {
    (
        room.readiness,
        room.claim.as_ref(),
        room.current_doctor_id.as_ref(),
        room.current_patient_id.as_ref(),
        room.estimated_available_at,
    )
}

/// Makes place for one more source; false when every place is taken by a source that still counts.
pub(super) fn make_place(room: &mut Room, last: Option<&Evidence>, seen: &Sensor) -> bool {
    if last.is_some() || room.evidence.len() < SOURCES_PER_ROOM_MAX {
        return true;
    }
    // Names of webhooks' cameras are free: they must not lock out a camera of the gateway's own.
    let may_go = |e: &Evidence| match (&e.sensor, seen) {
        (Sensor::Webhook, Sensor::Webhook) => e.freshness == Freshness::Lost,
        (Sensor::Webhook, _) => true,
        (Sensor::Camera { .. } | Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. }, _) => {
            false
        }
    };
    let candidates = room.evidence.iter().enumerate().filter(|(_, e)| may_go(e));
    let Some((oldest, _)) = candidates.min_by_key(|(_, e)| e.observed_at) else { return false };
    room.evidence.remove(oldest);
    true
}
