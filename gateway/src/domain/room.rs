//! A room: what staff decide about it (readiness) and whether somebody is in it (occupancy).

use serde::{Deserialize, Serialize};

use super::automation::{Level, Policy, Proposal};
use super::entity::FIRST_REVISION;
use super::id::{DoctorId, PatientId, RoomId, SourceId};
use super::occupancy::{Claim, Evidence, Occupancy, Presence, fuse};
use super::rules::Rules;
use super::time::Timestamp;
use super::turnover::{self, Followed, Stay, Vacated};

/// What a room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Examinations.
    Examination,
    /// Treatments.
    Treatment,
    /// Waiting.
    Waiting,
    /// Anything else.
    Other,
}

impl RoomKind {
    /// True when a room of this kind is cleaned between patients.
    pub fn turns_over(self) -> bool {
        match self {
            RoomKind::Examination | RoomKind::Treatment => true,
            RoomKind::Waiting | RoomKind::Other => false,
        }
    }
}

/// Whether the room may be used. Survives restarts and lost sensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// Ready for a patient.
    Clean,
    /// Somebody was there; it waits for cleaning.
    NeedsCleaning,
    /// Out of use.
    Maintenance,
}

/// The one word on the door, derived from readiness and occupancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomStatus {
    /// Clean and empty, or clean and never sensed.
    Available,
    /// Somebody is there.
    Occupied,
    /// It waits for cleaning.
    NeedsCleaning,
    /// Out of use.
    Maintenance,
    /// Nothing that can be trusted says.
    Unknown,
}

/// A room of the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// The clinic's own id, such as `room-1`.
    pub id: RoomId,
    /// The name on the door.
    pub name: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: RoomKind,
    /// Whether it may be used.
    pub readiness: Readiness,
    /// Whether somebody is there.
    pub occupancy: Occupancy,
    /// The last word of each source, by source.
    pub evidence: Vec<Evidence>,
    /// What staff said, while it holds.
    pub claim: Option<Claim>,
    /// The stay under way.
    pub stay: Option<Stay>,
    /// The end of a stay, while it may still be a short absence.
    pub vacated: Option<Vacated>,
    /// The doctor who uses it.
    pub current_doctor_id: Option<DoctorId>,
    /// The patient who is in it.
    pub current_patient_id: Option<PatientId>,
    /// When staff expect it to be free.
    pub estimated_available_at: Option<Timestamp>,
    /// Since when the status is so.
    pub since: Timestamp,
    /// When a fact of the room last changed.
    pub last_updated: Timestamp,
    /// Counts changes of what staff own, so that sensors never disturb an edit.
    pub revision: u64,
    /// When staff or a button last said that it is clean. For `cleaning_grace` after it, presence is whoever cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleaned_at: Option<Timestamp>,
    /// A stay has ended that would need cleaning, and turnover is only monitored here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noted_stay: bool,
    /// What sensors have proposed to staff about its occupancy: one for each answer at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Proposal<bool>>,
}

impl Room {
    /// A clean room of which nothing was said yet.
    pub fn new(id: RoomId, name: String, kind: RoomKind, now: Timestamp) -> Self {
        Self {
            id,
            name,
            kind,
            readiness: Readiness::Clean,
            occupancy: Occupancy::never_sensed(now),
            evidence: Vec::new(),
            claim: None,
            stay: None,
            vacated: None,
            current_doctor_id: None,
            current_patient_id: None,
            estimated_available_at: None,
            since: now,
            last_updated: now,
            revision: FIRST_REVISION,
            cleaned_at: None,
            noted_stay: false,
            proposals: Vec::new(),
        }
    }

    /// The one word on the door.
    pub fn status(&self) -> RoomStatus {
        match (self.readiness, self.occupancy.state) {
            (Readiness::Maintenance, _) => RoomStatus::Maintenance,
            (_, Presence::Occupied) => RoomStatus::Occupied,
            (Readiness::NeedsCleaning, _) => RoomStatus::NeedsCleaning,
            (Readiness::Clean, Presence::Empty) => RoomStatus::Available,
            (Readiness::Clean, Presence::Unknown) if self.rests_on_staff() => RoomStatus::Available,
            (Readiness::Clean, Presence::Unknown) => RoomStatus::Unknown,
        }
    }

    /// True when a sensor has ever reported on this room.
    pub fn has_sensors(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// True when the room is what staff said last, and available until they say anything.
    fn rests_on_staff(&self) -> bool {
        self.occupancy.advisory || (!self.has_sensors() && !self.occupancy.paused)
    }

    /// The evidence of `source`.
    pub fn evidence_of(&self, source: &SourceId) -> Option<&Evidence> {
        self.evidence.iter().find(|e| e.source == *source)
    }

    /// The next moment at which time alone may change this room.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let claim = self.claim.as_ref().and_then(|c| c.until);
        let evidence = self.evidence.iter().filter_map(|e| e.due).min();
        let vacated = self.vacated.as_ref().map(|v| v.due);
        [claim, evidence, vacated].into_iter().flatten().min()
    }

    /// Puts `evidence` in its source's place. Evidence stays sorted by source.
    pub(crate) fn put_evidence(&mut self, evidence: Evidence) {
        match self.evidence.binary_search_by(|e| e.source.cmp(&evidence.source)) {
            Ok(at) => self.evidence[at] = evidence,
            Err(at) => self.evidence.insert(at, evidence),
        }
    }

    /// Weighs everything anew at `now`: the answer, then the stay. Says what is left for staff to approve.
    pub(crate) fn weigh(&mut self, policy: &Policy<'_>, now: Timestamp) -> Followed {
        let staff_decide = policy.staff_decide();
        self.occupancy = fuse(&self.evidence, self.claim.as_ref(), &self.occupancy, staff_decide, now);
        let followed = turnover::follow(self, policy, now);
        if self.noted_stay && policy.turnover == Level::Monitoring {
            self.occupancy.why += "; somebody was there, and turnover is only monitored";
        }
        followed
    }

    /// Ends what rests on sensors after the last of them was taken away at `now`.
    pub(crate) fn without_sensors(&mut self, policy: &Policy<'_>, now: Timestamp) -> Followed {
        if self.has_sensors() {
            return Followed::Nothing;
        }
        match &mut self.claim {
            // No sensor is left that it could give way to.
            Some(claim) => claim.until = None,
            None => return turnover::end_unwatched(self, policy, now),
        }
        Followed::Nothing
    }

    /// Notes when the status and the facts changed, compared with `before`.
    pub(crate) fn stamp(&mut self, before: &Room, now: Timestamp) {
        self.since = if self.status() == before.status() { before.since } else { now };
        if !self.has_same_facts(before) {
            self.last_updated = now;
        }
    }

    /// True when nothing but what touches move differs. Takes the room apart, so that a new field has to be
    /// sorted in here.
    pub(crate) fn has_same_facts(&self, other: &Self) -> bool {
        let Self {
            id,
            name,
            kind,
            readiness,
            occupancy,
            evidence,
            claim,
            stay,
            vacated,
            current_doctor_id,
            current_patient_id,
            estimated_available_at,
            since,
            last_updated: _,
            revision,
            cleaned_at,
            noted_stay,
            proposals,
        } = self;
        *id == other.id
            && *name == other.name
            && *kind == other.kind
            && *readiness == other.readiness
            && occupancy.has_same_facts(&other.occupancy)
            && evidence.len() == other.evidence.len()
            && evidence.iter().zip(&other.evidence).all(|(one, another)| one.has_same_facts(another))
            && *claim == other.claim
            && *stay == other.stay
            && *vacated == other.vacated
            && *current_doctor_id == other.current_doctor_id
            && *current_patient_id == other.current_patient_id
            && *estimated_available_at == other.estimated_available_at
            && *since == other.since
            && *revision == other.revision
            && (cleaned_at, noted_stay, proposals) == (&other.cleaned_at, &other.noted_stay, &other.proposals)
    }

    /// This room without what only touches move.
    #[cfg(test)]
    pub(crate) fn facts(&self) -> Self {
        let mut facts = self.clone();
        facts.last_updated = Timestamp::default();
        facts.occupancy.confidence = None;
        for evidence in &mut facts.evidence {
            evidence.confidence = None;
            evidence.observed_at = Timestamp::default();
            evidence.due.take_if(|_| evidence.freshness != super::occupancy::Freshness::Lost);
        }
        facts
    }

    /// Makes everything that only sensors knew prove nothing. What staff set stays.
    pub(crate) fn lose_evidence(&mut self, rules: &Rules, now: Timestamp) {
        self.evidence.iter_mut().for_each(|evidence| evidence.lose(rules, now));
    }

    /// Moves every time that a rule will compare, after the wall clock stepped by `by_ms` milliseconds.
    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        let shift = |at: &mut Timestamp| *at = at.shifted(by_ms);
        [&mut self.since, &mut self.occupancy.since].into_iter().for_each(shift);
        for evidence in &mut self.evidence {
            shift(&mut evidence.observed_at);
            evidence.due.iter_mut().for_each(shift);
        }
        if let Some(claim) = &mut self.claim {
            shift(&mut claim.said_at);
            claim.until.iter_mut().for_each(shift);
        }
        self.stay.iter_mut().for_each(|stay| shift(&mut stay.since));
        if let Some(vacated) = &mut self.vacated {
            shift(&mut vacated.stay_since);
            shift(&mut vacated.due);
        }
        self.cleaned_at.iter_mut().for_each(shift);
        self.proposals.iter_mut().for_each(|proposal| shift(&mut proposal.opened_at));
    }
}
