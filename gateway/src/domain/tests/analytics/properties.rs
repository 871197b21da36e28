//! Laws of the counts.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::domain::command::StaffStatus::{Available, Occupied};

use super::super::arbitrary::{cases, steps};
use super::*;

/// Nights in which the clocks of Chicago are set, and a common one.
fn evening() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["2026-03-07T23:00:00Z", "2026-10-31T22:00:00Z", "2026-02-06T22:00:00Z"])
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn each_occupied_minute_is_in_the_hour_that_the_clocks_showed(
        evening in evening(),
        lengths in prop::collection::vec(1_u64..400, 1..12),
        restart_at in 0_usize..12,
    ) {
        let chicago = TimeZone::get("America/Chicago").unwrap();
        let mut clinic = clinic_of(calendar("America/Chicago"), evening);
        let mut expected: BTreeMap<(Date, u8), u32> = BTreeMap::new();
        for (n, length) in lengths.iter().enumerate() {
            let occupied = n % 2 == 0;
            clinic.say("room-1", if occupied { Occupied } else { Available });
            for minute in 0..*length {
                // Another way to the same hours: what the clocks show in each minute.
                let shown = clinic.now.plus(minutes(minute)).unix_ms();
                let shown = jiff::Timestamp::from_millisecond(shown).unwrap().to_zoned(chicago.clone());
                let hour = u8::try_from(shown.hour()).unwrap();
                *expected.entry((shown.date(), hour)).or_default() += u32::from(occupied);
            }
            clinic.wait(minutes(*length));
            if n == restart_at {
                // At once after something was committed: no minute is lost.
                clinic.ask(Ask::CreateTask(super::super::items::task_draft())).unwrap();
                clinic.restart();
            }
        }
        let counted = clinic.state.analytics.as_of(&clinic.state.rules().calendar, clinic.now);
        let mut found: BTreeMap<(Date, u8), u32> = BTreeMap::new();
        for day in counted.room_days() {
            for hour in &day.hours {
                prop_assert_eq!((hour.watched_ms % 60_000, hour.occupied_ms % 60_000), (0, 0));
                found.insert((day.date, hour.hour), hour.occupied_ms / 60_000);
            }
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn asking_in_between_tells_what_counting_then_would(steps in steps(40)) {
        let mut clinic = super::super::arbitrary::clinic();
        for step in &steps {
            clinic.play(step);
        }
        let calendar = clinic.state.rules().calendar.clone();
        let asked = clinic.state.analytics.as_of(&calendar, clinic.now);
        // A step of nothing counts everything up to now.
        clinic.state.apply(&Event::ClockStepped { by_ms: 0 }, &mut BTreeSet::new(), clinic.now);
        let told: Vec<_> = asked.room_days().cloned().collect();
        let counted: Vec<_> = clinic.state.analytics.room_days().cloned().collect();
        prop_assert_eq!(told, counted);
    }

    #[test]
    fn no_room_is_occupied_for_longer_than_it_was_watched_or_than_time_has_passed(steps in steps(40)) {
        let mut clinic = super::super::arbitrary::clinic();
        let mut elapsed = Duration::ZERO;
        for step in &steps {
            let before = clinic.now;
            clinic.play(step);
            if !matches!(step, super::super::arbitrary::Step::SetClock(_)) {
                elapsed += clinic.now.since(before);
            }
        }
        let counted = clinic.state.analytics.as_of(&clinic.state.rules().calendar, clinic.now);
        let mut watched: BTreeMap<RoomId, u64> = BTreeMap::new();
        for day in counted.room_days() {
            prop_assert!(day.occupied_ms() <= day.watched_ms());
            prop_assert!(day.open_occupied_ms <= day.open_watched_ms);
            prop_assert!(day.open_watched_ms <= day.watched_ms());
            *watched.entry(day.room_id.clone()).or_default() += day.watched_ms();
        }
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap();
        prop_assert!(watched.values().all(|ms| *ms <= elapsed_ms), "{:?} in {} ms", watched, elapsed_ms);
    }

    #[test]
    fn the_journal_gives_the_same_numbers_in_another_time_zone_too(steps in steps(30)) {
        let rules = || Rules { calendar: calendar("America/Chicago"), ..Rules::default() };
        let mut clinic = super::super::arbitrary::clinic();
        let (mut one, mut another) = (State::new(rules(), []), State::new(rules(), []));
        for step in &steps {
            clinic.play(step);
        }
        for (at, event) in &clinic.journal {
            one.apply(event, &mut BTreeSet::new(), *at);
        }
        for (n, (at, event)) in clinic.journal.iter().enumerate() {
            another.apply(event, &mut BTreeSet::new(), *at);
            if n == clinic.journal.len() / 2 {
                // Stored and read again on the way.
                let stored = super::super::arbitrary::facts(&another);
                let touched = another.rooms.clone();
                another = State::new(rules(), stored).resumed_after(*at);
                another.rooms = touched;
            }
        }
        prop_assert_eq!(utilization(&one, clinic.now), utilization(&another, clinic.now));
        let day = |state| crate::domain::analytics::day(state, None, clinic.now);
        prop_assert_eq!(day(&one), day(&another));
    }
}
