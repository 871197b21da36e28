//! Patient flow: arrivals, moves and departures.

use std::sync::Arc;

use crate::domain::entity::Entity;
use crate::domain::event::Event;
use crate::domain::id::PatientId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::VISITS_OPEN_MAX;
use crate::domain::visit::{Visit, VisitStatus};

use super::Deciding;

impl Deciding<'_> {
    /// Begins a visit. Of a patient who is here already, it is news of how far the visit is.
    pub(super) fn patient_arrived(&mut self, id: &PatientId, status: VisitStatus) -> Result<(), Rejection> {
        if self.state.visits.contains_key(id) {
            return self.patient_moved(id, status);
        }
        if self.state.visits.len() >= VISITS_OPEN_MAX {
            let reason = format!("{VISITS_OPEN_MAX} visits are open already; report departures too");
            return Err(Rejection::Conflict(reason));
        }
        let visit = Visit::begun(id.clone(), status, self.now);
        self.push(Event::VisitUpdated(Arc::new(visit)));
        Ok(())
    }

    pub(super) fn patient_moved(&mut self, id: &PatientId, status: VisitStatus) -> Result<(), Rejection> {
        let before = self.state.visits.get(id).ok_or_else(|| Rejection::not_found("visit of patient", id))?;
        let visit = before.moved(status, self.now);
        if visit.facts() != before.facts() {
            self.push(Event::VisitUpdated(Arc::new(visit)));
        } else if visit != **before {
            self.outcome.touches.push(Entity::Visit(Arc::new(visit)));
        }
        Ok(())
    }

    /// Ends a visit. Of a patient who is not here it is true already.
    pub(super) fn patient_departed(&mut self, id: &PatientId) {
        if let Some(before) = self.state.visits.get(id) {
            let visit = Visit { departed_at: Some(self.now), ..Visit::clone(before) };
            self.push(Event::VisitClosed(Arc::new(visit)));
        }
    }

    /// Nothing was heard for a day: somebody left unseen, and nobody knows when.
    pub(super) fn visit_due(&mut self, id: &PatientId) {
        self.push(Event::VisitClosed(self.state.visits[id].clone()));
    }
}
