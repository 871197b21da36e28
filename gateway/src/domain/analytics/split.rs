//! A stretch of time, cut where the clinic's clocks begin another hour and where its doors open or close.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::calendar::Calendar;
use crate::domain::time::Timestamp;

const HOUR_MS: i64 = 3_600_000;

/// A part of a stretch that lies in one hour of the clinic's clocks, all of it open or all of it closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// The day on the clinic's wall.
    pub(super) date: Date,
    /// The hour on the clinic's clocks, 0..=23.
    pub(super) hour: u8,
    /// When it begins.
    pub(super) from: Timestamp,
    /// When it ends; later than it begins.
    pub(super) until: Timestamp,
    /// The clinic is open.
    pub(super) is_open: bool,
}

impl Piece {
    /// How long it really lasts, whatever the clocks show.
    pub(super) fn ms(&self) -> u64 {
        u64::try_from(self.until.since(self.from).as_millis()).unwrap_or(u64::MAX)
    }
}

/// The day on which `at` falls in `timezone`.
pub(super) fn date_of(timezone: &TimeZone, at: Timestamp) -> Date {
    let at = instant(at);
    timezone.to_offset(at).to_datetime(at).date()
}

/// When `date` begins and ends in `timezone`; `None` at the end of time.
pub(super) fn bounds(timezone: &TimeZone, date: Date) -> Option<(Timestamp, Timestamp)> {
    let start = |date: Date| {
        let start = date.to_zoned(timezone.clone()).and_then(|day| day.start_of_day()).ok()?;
        Some(Timestamp::from_unix_ms(start.timestamp().as_millisecond()))
    };
    Some((start(date)?, start(date.tomorrow().ok()?)?))
}

/// The pieces from `from` until `until`, in order; none when it ends before it begins.
pub(super) fn pieces(calendar: &Calendar, from: Timestamp, until: Timestamp) -> Pieces<'_> {
    // The first piece asks whether the doors are open.
    Pieces { calendar, from, until, is_open: false, doors_move_at: from }
}

/// See [`pieces`].
pub(super) struct Pieces<'a> {
    calendar: &'a Calendar,
    from: Timestamp,
    until: Timestamp,
    /// Whether the clinic is open, and when that has to be asked anew.
    is_open: bool,
    doors_move_at: Timestamp,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let from = self.from;
        if from >= self.until {
            return None;
        }
        if from >= self.doors_move_at {
            self.is_open = self.calendar.is_open(from);
            self.doors_move_at = self.calendar.next_change(from).unwrap_or(self.until).max(from);
        }
        let (date, hour, hour_ends) = hour_of(&self.calendar.timezone, from);
        let doors_move_at = Some(self.doors_move_at).filter(|at| *at > from);
        let until = self.until.min(hour_ends).min(doors_move_at.unwrap_or(self.until));
        self.from = until;
        Some(Piece { date, hour, from, until, is_open: self.is_open })
    }
}

/// The day and the hour that the clocks show at `at`, and when they will show another hour.
fn hour_of(timezone: &TimeZone, at: Timestamp) -> (Date, u8, Timestamp) {
    let instant = instant(at);
    let offset = timezone.to_offset(instant);
    let shown = offset.to_datetime(instant);
    let into_ms = i64::from(shown.minute()) * 60_000
        + i64::from(shown.second()) * 1_000
        + i64::from(shown.millisecond());
    let full = at.shifted(HOUR_MS - into_ms);
    // The clocks may be set within the hour: it ends there, and what they show next may be the same hour again.
    let last = self::instant(full.shifted(-1));
    let ends = if timezone.to_offset(last) == offset {
        full
    } else {
        let set = timezone.following(instant).next();
        set.map_or(full, |set| full.min(Timestamp::from_unix_ms(set.timestamp().as_millisecond())))
    };
    let hour = u8::try_from(shown.hour()).expect("an hour is 0 to 23");
    // Never at once: at the end of time the hour is never full.
    (shown.date(), hour, if ends > at { ends } else { Timestamp::from_unix_ms(i64::MAX) })
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.unix_ms()).expect("Timestamp holds the range")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar(timezone: &str) -> Calendar {
        Calendar::new(TimeZone::get(timezone).unwrap(), None, [])
    }

    /// The hours of a day with the minutes that each lasts.
    fn hours_of(timezone: &str, date: &str) -> Vec<(u8, u64)> {
        let calendar = calendar(timezone);
        let (from, until) = bounds(&calendar.timezone, date.parse().unwrap()).unwrap();
        let mut hours: Vec<(u8, u64)> = Vec::new();
        for piece in pieces(&calendar, from, until) {
            assert_eq!(piece.date.to_string(), date);
            match hours.last_mut().filter(|(hour, _)| *hour == piece.hour) {
                Some((_, minutes)) => *minutes += piece.ms() / 60_000,
                None => hours.push((piece.hour, piece.ms() / 60_000)),
            }
        }
        hours
    }

    #[test]
    fn a_common_day_has_twenty_four_hours_of_sixty_minutes() {
        let expected: Vec<_> = (0..24).map(|hour| (hour, 60)).collect();
        assert_eq!(hours_of("America/Chicago", "2026-02-06"), expected);
    }

    #[test]
    fn on_the_day_of_23_hours_the_hour_from_two_to_three_does_not_come() {
        let hours = hours_of("America/Chicago", "2026-03-08");
        assert_eq!(hours.len(), 23);
        assert_eq!(hours[..3], [(0, 60), (1, 60), (3, 60)]);
    }

    #[test]
    fn on_the_day_of_25_hours_the_hour_from_one_to_two_lasts_twice_as_long() {
        let hours = hours_of("America/Chicago", "2026-11-01");
        assert_eq!(hours.len(), 24);
        assert_eq!(hours[..3], [(0, 60), (1, 120), (2, 60)]);
    }

    #[test]
    fn clocks_that_are_set_by_half_an_hour_or_at_midnight_lose_nothing() {
        let half = hours_of("Australia/Lord_Howe", "2026-04-05");
        assert_eq!(half[..3], [(0, 60), (1, 90), (2, 60)]);
        // In Havana it is 01:00 where midnight would be.
        assert_eq!(hours_of("America/Havana", "2026-03-08")[0], (1, 60));
        // In St. John's the clocks were set at one minute past midnight.
        assert_eq!(hours_of("America/St_Johns", "2010-03-14")[..3], [(0, 1), (1, 59), (2, 60)]);
    }

    #[test]
    fn a_stretch_is_cut_where_the_doors_open_and_close() {
        let span = "08:30-12:00".parse().unwrap();
        let week = std::array::from_fn(|_| vec![span]);
        let calendar = Calendar::new(TimeZone::UTC, Some(week), []);
        let cut: Vec<_> = pieces(&calendar, at("2026-02-06T08:10:00Z"), at("2026-02-06T12:20:00Z"))
            .map(|piece| (piece.hour, piece.ms() / 60_000, piece.is_open))
            .collect();
        let expected =
            [(8, 20, false), (8, 30, true), (9, 60, true), (10, 60, true), (11, 60, true), (12, 20, false)];
        assert_eq!(cut, expected);
    }

    #[test]
    fn the_ends_of_time_come_to_an_end() {
        let calendar = calendar("America/Chicago");
        let (first, last) = (Timestamp::from_unix_ms(i64::MIN), Timestamp::from_unix_ms(i64::MAX));
        assert_eq!(pieces(&calendar, last, last).count(), 0);
        assert!(pieces(&calendar, last.shifted(-10_000_000), last).count() < 5);
        assert!(pieces(&calendar, first, first.shifted(10_000_000)).count() < 5);
        assert_eq!(pieces(&calendar, last, first).count(), 0);
    }
}
