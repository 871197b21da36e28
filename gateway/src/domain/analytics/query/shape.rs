//! How long a day and its hours are.

use jiff::civil::Date;

use crate::domain::analytics::split::{bounds, pieces};
use crate::domain::calendar::Calendar;
use crate::domain::time::Timestamp;

/// A day of the clinic as far as it has come: the same for all rooms.
pub(super) struct Shape {
    /// How long each hour of its clocks has lasted.
    pub(super) hours_ms: [u64; 24],
    /// How long the day has lasted.
    pub(super) elapsed_ms: u64,
    /// How long the clinic has been open.
    pub(super) open_ms: u64,
}

impl Shape {
    /// The shape of `date`, up to `now`. Nothing of a day that has not begun.
    pub(super) fn of(calendar: &Calendar, date: Date, now: Timestamp) -> Self {
        let mut shape = Self { hours_ms: [0; 24], elapsed_ms: 0, open_ms: 0 };
        let Some((begins, ends)) = bounds(&calendar.timezone, date) else { return shape };
        for piece in pieces(calendar, begins, ends.min(now)) {
            shape.hours_ms[usize::from(piece.hour)] += piece.ms();
            shape.elapsed_ms += piece.ms();
            shape.open_ms += if piece.is_open { piece.ms() } else { 0 };
        }
        shape
    }
}
