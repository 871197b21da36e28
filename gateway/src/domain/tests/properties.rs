//! Laws that hold for every day in the clinic.

use proptest::prelude::*;

use super::arbitrary::{Step, cases, clinic, facts, steps};
use super::*;

/// True for what is a fact each time it is said.
fn is_a_fact_each_time(ask: &Ask) -> bool {
    matches!(ask, Ask::GatewayStarted { .. } | Ask::ClockStepped { .. })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn an_accepted_command_said_again_at_the_same_time_changes_nothing(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            let Some(command) = clinic.play(step).filter(|command| !is_a_fact_each_time(&command.ask)) else { continue };
            let before = facts(&clinic.state);
            let again = clinic.state.decide(&command, clinic.now).expect("it was accepted a moment ago");
            prop_assert_eq!(&again.events, &Vec::new(), "{:?}", &command);
            clinic.take(&command).unwrap();
            prop_assert_eq!(facts(&clinic.state), before);
        }
    }

    #[test]
    fn deciding_never_panics_whatever_is_asked_and_whenever(
        steps in steps(40),
        ends in prop::collection::vec((any::<i64>(), any::<i64>()), 0..4),
    ) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        // Then the ends of time, in no order: AdvanceClock may not get anywhere there, but it must not break.
        for (now_ms, by_ms) in ends {
            clinic.now = Timestamp::from_unix_ms(now_ms);
            for ask in [Ask::AdvanceClock, Ask::ClockStepped { by_ms }, clinic.started(), Ask::AdvanceClock] {
                let command = clinic.command(Actor::Gateway, ask);
                clinic.take(&command).unwrap();
            }
            for step in steps.iter().filter(|step| !matches!(step, Step::Wait(_))) {
                if let Some(command) = clinic.meant(step) {
                    let _ = clinic.take(&command);
                }
            }
        }
    }

    #[test]
    fn the_journal_alone_rebuilds_every_fact(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        let mut rebuilt = State::new(Rules::default(), []);
        for (at, event) in &clinic.journal {
            rebuilt.apply(event, &mut BTreeSet::new(), *at);
        }
        prop_assert_eq!(facts(&rebuilt), facts(&clinic.state));
    }

    #[test]
    fn what_an_event_changes_is_named_and_nothing_else_changes(steps in steps(20)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        let mut state = State::new(Rules::default(), []);
        for (at, event) in &clinic.journal {
            let (before, mut changed) = (state.clone(), BTreeSet::new());
            state.apply(event, &mut changed, *at);
            let keys = facts(&before).into_iter().chain(facts(&state)).map(|entity| entity.key());
            for key in keys.collect::<BTreeSet<_>>() {
                let same = before.get(&key) == state.get(&key);
                prop_assert!(same || changed.contains(&key), "{:?} changed {:?}", event, key);
            }
        }
    }

    #[test]
    fn independent_rooms_may_be_observed_in_any_order(
        one in prop::collection::vec((any::<bool>(), 0.5_f32..1.0), 1..12),
        two in prop::collection::vec((any::<bool>(), 0.5_f32..1.0), 1..12),
        seed in any::<u64>(),
    ) {
        let sights = |camera: &'static str, room: &'static str, seen: &[(bool, f32)]| -> Vec<Observation> {
            let clinic = clinic();
            let sight = |&(occupied, sure): &(bool, f32)| {
                Observation { confidence: Some(sure), ..clinic.sight(camera, room, occupied) }
            };
            seen.iter().map(sight).collect()
        };
        let (one, two) = (sights("cam-1", "room-1", &one), sights("cam-2", "room-2", &two));
        let (mut apart, mut mixed) = (clinic(), clinic());
        for observation in one.iter().chain(&two) {
            apart.observe(observation.clone());
        }
        // Each camera's own words keep their order; how the two interleave is drawn.
        let (mut one, mut two, mut draw) = (one.into_iter().peekable(), two.into_iter().peekable(), seed);
        while one.peek().is_some() || two.peek().is_some() {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let next = if two.peek().is_none() || (one.peek().is_some() && draw >> 63 == 0) { one.next() } else { two.next() };
            mixed.observe(next.unwrap());
        }
        prop_assert_eq!(facts(&apart.state), facts(&mixed.state));
        prop_assert_eq!(&apart.state.rooms, &mixed.state.rooms);
    }

    #[test]
    fn the_index_of_deadlines_is_what_a_scan_gives(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
            let scanned = clinic.scanned_deadlines();
            prop_assert_eq!(clinic.state.next_deadline(), scanned.first().map(|(at, _)| *at));
            let far = Timestamp::from_unix_ms(i64::MAX);
            let indexed: Vec<_> = clinic.state.due(far).cloned().collect();
            let scanned: Vec<_> = scanned.into_iter().map(|(_, key)| key).collect();
            prop_assert_eq!(indexed, scanned);
        }
    }

    #[test]
    fn time_always_gets_past_the_next_deadline(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        // Left alone, the clinic comes to rest: each deadline moves on at once, and they are finitely many.
        for _ in 0..200 {
            let Some(due) = clinic.state.next_deadline() else { return Ok(()) };
            prop_assert!(due > clinic.now, "a deadline that was due was not done");
            clinic.now = due;
            let command = clinic.command(Actor::Gateway, Ask::AdvanceClock);
            clinic.take(&command).unwrap();
            prop_assert!(clinic.state.next_deadline().is_none_or(|next| next > due), "stuck at {}", due);
        }
        prop_assert!(false, "the clinic never comes to rest");
    }
}
