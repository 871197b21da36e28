//! Hours, holidays, and the two days a year that are not 24 hours long.

use jiff::tz::TimeZone;

use crate::domain::calendar::{Calendar, Span, SpanError, Week};

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Chicago; Monday to Friday in two spans, Sunday early; closed on Christmas.
pub(super) fn chicago() -> Calendar {
    let spans = |texts: &[&str]| -> Vec<Span> { texts.iter().map(|text| text.parse().unwrap()).collect() };
    let workday = || spans(&["13:00-18:00", "08:00-12:00"]);
    let week: Week = [
        workday(),
        workday(),
        workday(),
        workday(),
        workday(),
        vec![],
        spans(&["00:30-02:30", "05:00-24:00"]),
    ];
    let zone = TimeZone::get("America/Chicago").unwrap();
    Calendar::new(zone, Some(week), ["2026-12-25".parse().unwrap()])
}

#[test]
fn a_clinic_that_says_nothing_is_always_open() {
    let calendar = Calendar::default();
    for moment in [at_start(), Timestamp::from_unix_ms(i64::MIN), Timestamp::from_unix_ms(i64::MAX)] {
        assert!(calendar.is_open(moment));
        assert_eq!((calendar.next_change(moment), calendar.open_from(moment)), (None, Some(moment)));
    }
}

#[test]
fn a_day_has_several_spans_and_ends_at_the_minute() {
    let calendar = chicago();
    // A Friday in winter: six hours behind UTC.
    let table = [
        ("2026-02-06T07:59:59.999-06:00", false, "2026-02-06T08:00:00-06:00"),
        ("2026-02-06T08:00:00-06:00", true, "2026-02-06T12:00:00-06:00"),
        ("2026-02-06T12:00:00-06:00", false, "2026-02-06T13:00:00-06:00"),
        ("2026-02-06T17:59:59.999-06:00", true, "2026-02-06T18:00:00-06:00"),
        ("2026-02-06T18:00:00-06:00", false, "2026-02-08T00:30:00-06:00"),
        ("2026-12-24T18:00:00-06:00", false, "2026-12-27T00:30:00-06:00"),
        ("2026-12-25T10:00:00-06:00", false, "2026-12-27T00:30:00-06:00"),
    ];
    for (moment, is_open, next) in table {
        assert_eq!(calendar.is_open(at(moment)), is_open, "{moment}");
        assert_eq!(calendar.next_change(at(moment)), Some(at(next)), "{moment}");
        assert_eq!(calendar.open_from(at(moment)), Some(at(if is_open { moment } else { next })), "{moment}");
    }
}

#[test]
fn hours_follow_the_clocks_of_the_clinic_over_the_days_they_are_set() {
    let calendar = chicago();
    // Noon to one is closed before and after, an hour apart in UTC.
    assert!(!calendar.is_open(at("2026-03-06T18:30:00Z")) && calendar.is_open(at("2026-03-06T19:30:00Z")));
    assert!(!calendar.is_open(at("2026-03-09T17:30:00Z")) && calendar.is_open(at("2026-03-09T18:30:00Z")));
    // 8 March: 02:00 to 03:00 does not exist; what would close at 02:30 closes at 03:30, two real hours after 00:30.
    let spring = at("2026-03-08T00:30:00-06:00");
    assert_eq!(calendar.next_change(spring), Some(at("2026-03-08T03:30:00-05:00")));
    assert_eq!(at("2026-03-08T03:30:00-05:00").since(spring), minutes(120));
    // 1 November: 01:00 to 02:00 comes twice; from 00:30 to 02:30 are three hours, all open.
    let autumn = at("2026-11-01T00:30:00-05:00");
    assert_eq!(calendar.next_change(autumn), Some(at("2026-11-01T02:30:00-06:00")));
    for minute in 0..180 {
        assert!(calendar.is_open(autumn.plus(minutes(minute))), "{minute} minutes after");
    }
}

#[test]
fn every_change_that_is_announced_is_one() {
    let calendar = chicago();
    let mut moment = at("2026-02-06T00:00:00Z");
    for _ in 0..1_300 {
        let next = calendar.next_change(moment).unwrap();
        assert!(next > moment);
        assert_ne!(calendar.is_open(next), calendar.is_open(next.shifted(-1)), "{next}");
        assert_eq!(calendar.is_open(next.shifted(-1)), calendar.is_open(moment), "{moment} to {next}");
        moment = next;
    }
    assert!(moment > at("2026-12-27T00:00:00Z"), "{moment}");
}

#[test]
fn spans_that_touch_are_one_and_a_clinic_that_never_opens_says_so() {
    let spans = || ["00:00-12:00", "12:00-24:00"].map(|text| text.parse().unwrap()).to_vec();
    let round_the_clock = Calendar::new(TimeZone::UTC, Some(std::array::from_fn(|_| spans())), []);
    assert_eq!((round_the_clock.is_open(at_start()), round_the_clock.next_change(at_start())), (true, None));
    let never = Calendar::new(TimeZone::UTC, Some(Week::default()), []);
    assert_eq!((never.is_open(at_start()), never.open_from(at_start())), (false, None));
}

#[test]
fn a_span_is_read_or_says_what_is_wrong() {
    assert_eq!("08:00-18:00".parse::<Span>().unwrap().to_string(), "08:00-18:00");
    assert_eq!("00:00 - 24:00".parse::<Span>().unwrap().to_string(), "00:00-24:00");
    for wrong in
        ["", "8-18", "08:00", "8:00-18:00", "08:60-09:00", "08:00-24:01", "+8:00-18:00", "08:00-99:99"]
    {
        assert!(matches!(wrong.parse::<Span>(), Err(SpanError::Form(_))), "{wrong}");
    }
    for backwards in ["22:00-06:00", "08:00-08:00"] {
        assert!(matches!(backwards.parse::<Span>(), Err(SpanError::Backwards(_))), "{backwards}");
    }
}
