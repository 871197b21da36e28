//! Measurements: what becomes a reading.

use crate::domain::command::{EquipmentReport, Observation};
use crate::domain::reading::{Measured, Quantity, Reading, Series};
use crate::domain::rejection::Rejection;
use crate::domain::rules::POWER_W_MAX;
use crate::domain::time::Timestamp;

use super::{Deciding, Note};

impl Deciding<'_> {
    /// Notes what was measured. A sender whose clock runs ahead measured it now.
    pub(super) fn measure(&mut self, of: Measured, quantity: Quantity, value: f64, at: Timestamp) {
        let at = at.min(self.now);
        self.outcome.readings.push(Reading { series: Series { of, quantity }, value, at });
    }

    /// How sure a source is of a room: also when that is too little to be believed, and never while nobody may sense
    /// the room.
    pub(super) fn measure_confidence(&mut self, seen: &Observation) {
        let Some(sure) = seen.confidence.filter(|_| self.is_measured()) else { return };
        // Sources say it in two to four digits; as a wider number 0.93 would be 0.9300000071525574.
        let sure = (f64::from(sure) * 1e4).round() / 1e4;
        self.measure(Measured::Room(seen.room_id.clone()), Quantity::Confidence, sure, seen.observed_at);
    }

    /// The power that a piece of equipment takes: however sure the source is of its status.
    pub(super) fn measure_power(&mut self, report: &EquipmentReport) {
        let Some(power_w) = report.power_w.filter(|_| self.is_measured()) else { return };
        let of = Measured::Equipment(report.equipment_id.clone());
        self.measure(of, Quantity::Power, power_w, report.observed_at);
    }

    /// True unless what was said is too late, or must not be known.
    fn is_measured(&self) -> bool {
        matches!(self.outcome.note, None | Some(Note::BelowThreshold { .. }))
    }
}

/// Refuses a power that no meter of a clinic shows.
pub(super) fn check_power(power_w: Option<f64>) -> Result<(), Rejection> {
    if power_w.is_some_and(|power_w| !(0.0..=POWER_W_MAX).contains(&power_w)) {
        return Err(Rejection::invalid("powerW", format!("is outside 0 to {POWER_W_MAX} W")));
    }
    Ok(())
}
