//! Patient flow: who is in the clinic, and how far. Only counts and times leave the domain.

use serde::{Deserialize, Serialize};

use super::id::PatientId;
use super::rules::VISIT_FORGOTTEN_AFTER;
use super::state::State;
use super::time::Timestamp;

/// How far a visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitStatus {
    /// The patient waits.
    Waiting,
    /// The patient is examined.
    InExamination,
    /// The patient is treated.
    InTreatment,
    /// The patient is about to leave.
    CheckingOut,
}

/// A patient's time in the clinic. Names nobody: an id and times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Who.
    pub patient_id: PatientId,
    /// How far.
    pub status: VisitStatus,
    /// When the patient came.
    pub arrived_at: Timestamp,
    /// When somebody first examined or treated the patient: the wait ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examined_at: Option<Timestamp>,
    /// When the patient left; `None` while the visit is open, and of one that was forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departed_at: Option<Timestamp>,
    /// When something was last heard of the patient. A touch.
    pub heard_at: Timestamp,
}

impl Visit {
    /// A visit that begins at `now`.
    pub(crate) fn begun(patient_id: PatientId, status: VisitStatus, now: Timestamp) -> Self {
        let (arrived_at, heard_at) = (now, now);
        let visit = Self { patient_id, status, arrived_at, examined_at: None, departed_at: None, heard_at };
        visit.moved(status, now)
    }

    /// The visit after its patient was heard of at `now`.
    pub(crate) fn moved(&self, status: VisitStatus, now: Timestamp) -> Self {
        let is_seen = matches!(status, VisitStatus::InExamination | VisitStatus::InTreatment);
        let examined_at = self.examined_at.or(is_seen.then_some(now));
        Self { status, examined_at, heard_at: now, ..self.clone() }
    }

    /// When the visit is forgotten.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        Some(self.heard_at.plus(VISIT_FORGOTTEN_AFTER))
    }

    /// This visit without what only touches move, to compare facts.
    pub(crate) fn facts(&self) -> Self {
        Self { heard_at: Timestamp::default(), ..self.clone() }
    }

    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        let shift = |at: &mut Timestamp| *at = at.shifted(by_ms);
        [&mut self.arrived_at, &mut self.heard_at].into_iter().for_each(shift);
        self.examined_at.iter_mut().for_each(shift);
    }
}

/// How many patients are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VisitCounts {
    /// Patients who wait.
    pub waiting: usize,
    /// Patients who are examined.
    pub in_examination: usize,
    /// Patients who are treated.
    pub in_treatment: usize,
    /// Patients who are about to leave.
    pub checking_out: usize,
}

/// Counts the open visits.
pub fn counts(state: &State) -> VisitCounts {
    let mut counts = VisitCounts::default();
    for visit in state.visits.values() {
        *match visit.status {
            VisitStatus::Waiting => &mut counts.waiting,
            VisitStatus::InExamination => &mut counts.in_examination,
            VisitStatus::InTreatment => &mut counts.in_treatment,
            VisitStatus::CheckingOut => &mut counts.checking_out,
        } += 1;
    }
    counts
}
