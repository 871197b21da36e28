//! When the clinic is open, in its own time zone.
//!
//! A span of opening hours is turned into two instants of the day it belongs to, so that a day of 23 or 25 hours
//! opens and closes when its clocks say so. The zone is a value that configuration brings: nothing here asks for it.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use super::time::Timestamp;

/// How far ahead the next change is looked for: more than the longest holidays a clinic takes, and cheap.
const DAYS_AHEAD_MAX: usize = 370;
/// The most spans of one day.
pub const SPANS_PER_DAY_MAX: usize = 8;

/// The minutes of a day from opening to closing, such as 08:00 to 18:00; 24:00 is the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    opens_min: u16,
    closes_min: u16,
}

/// Why a text is no span of opening hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It does not have the form.
    #[error("\"{0}\" is no span of hours; write one such as \"08:00-18:00\"")]
    Form(String),
    /// It ends before it begins.
    #[error(
        "\"{0}\" closes before it opens; write what comes after midnight as a span of the next day, and \
         midnight as 24:00"
    )]
    Backwards(String),
}

impl std::str::FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let form = || SpanError::Form(text.chars().take(32).collect());
        let (opens, closes) = text.split_once('-').ok_or_else(form)?;
        let opens_min = minute_of_day(opens).ok_or_else(form)?;
        let closes_min = minute_of_day(closes).ok_or_else(form)?;
        if opens_min >= closes_min {
            return Err(SpanError::Backwards(text.into()));
        }
        Ok(Self { opens_min, closes_min })
    }
}

impl Span {
    /// True when both are open at some minute.
    pub fn overlaps(self, other: Span) -> bool {
        self.opens_min < other.closes_min && other.opens_min < self.closes_min
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { opens_min, closes_min } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", opens_min / 60, opens_min % 60, closes_min / 60, closes_min % 60)
    }
}

/// Reads `08:00` to `24:00`.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let within = hour * 60 + minute <= 24 * 60 && minute < 60;
    within.then_some(hour * 60 + minute)
}

/// The opening hours of a week, Monday first.
pub type Week = [Vec<Span>; 7];

/// The clinic's time zone, hours and holidays.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The clinic's time zone.
    pub timezone: TimeZone,
    /// When it is open; `None` is always, holidays too.
    hours: Option<Week>,
    /// Days on which it stays closed.
    holidays: BTreeSet<Date>,
}

impl Default for Calendar {
    /// Always open, in UTC.
    fn default() -> Self {
        Self { timezone: TimeZone::UTC, hours: None, holidays: BTreeSet::new() }
    }
}

impl Calendar {
    /// The calendar of a clinic. Spans of a day may stand in any order.
    pub fn new(timezone: TimeZone, hours: Option<Week>, holidays: impl IntoIterator<Item = Date>) -> Self {
        let sorted = |mut week: Week| {
            week.iter_mut().for_each(|spans| spans.sort());
            week
        };
        Self { timezone, hours: hours.map(sorted), holidays: holidays.into_iter().collect() }
    }

    /// True when the clinic is open at `at`.
    pub fn is_open(&self, at: Timestamp) -> bool {
        if self.hours.is_none() {
            return true;
        }
        let today = self.local(at).date();
        self.spans_of(today).any(|(opens, closes)| opens <= at && at < closes)
    }

    /// When the clinic next opens or closes after `at`; `None` when it does not within a year.
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let is_open = self.is_open(at);
        self.bounds_from(at).find(|bound| *bound > at && self.is_open(*bound) != is_open)
    }

    /// The first moment at or after `at` at which the clinic is open; `None` when it stays closed for a year.
    pub fn open_from(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) { Some(at) } else { self.next_change(at) }
    }

    /// The day that the clinic's wall shows at `at`.
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    fn local(&self, at: Timestamp) -> Zoned {
        let at = jiff::Timestamp::from_millisecond(at.unix_ms()).expect("Timestamp holds the range");
        at.to_zoned(self.timezone.clone())
    }

    /// Every opening and closing from the day of `at` on, in order.
    fn bounds_from(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> {
        let today = self.local(at).date();
        let days = self.hours.iter().flat_map(move |_| today.series(1.day()).take(DAYS_AHEAD_MAX));
        days.flat_map(|day| self.spans_of(day).flat_map(|(opens, closes)| [opens, closes]))
    }

    /// The spans of `day` as instants. None on a holiday.
    fn spans_of(&self, day: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let week = self.hours.as_ref().filter(|_| !self.holidays.contains(&day));
        let spans = week.map_or(&[][..], |week| &week[place_in_week(day.weekday())]);
        spans.iter().filter_map(move |span| {
            Some((self.instant(day, span.opens_min)?, self.instant(day, span.closes_min)?))
        })
    }

    /// The instant at which the clinic's clocks show `minute` of `day`. A time that is skipped is as much later as
    /// the clocks jump; of a time that comes twice it is the first. `None` at the end of time.
    fn instant(&self, day: Date, minute: u16) -> Option<Timestamp> {
        let (day, minute) = if minute == 24 * 60 { (day.tomorrow().ok()?, 0) } else { (day, minute) };
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let zoned = day.at(hour, minute, 0, 0).to_zoned(self.timezone.clone()).ok()?;
        Some(Timestamp::from_unix_ms(zoned.timestamp().as_millisecond()))
    }
}

fn place_in_week(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).expect("0 to 6")
}
