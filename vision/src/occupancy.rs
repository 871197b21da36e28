//! Turns looks into a claim: occupied, empty, or not known yet.
//!
//! A pure machine: time comes in with each look, as a duration since any fixed start, and no clock, no
//! picture and no randomness is near. It claims nothing until it has proof, believes a person after
//! several looks, and an absence only after nobody was found for the whole hold.

use std::time::Duration;

/// What one look at the zones found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    /// People found with at least the staying confidence.
    pub(crate) people: u32,
    /// The highest confidence of anybody in the zones, 0.0..=1.0; 0.0 when nobody was found.
    pub(crate) confidence: f32,
}

/// What can be said about the zones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) occupied: bool,
    /// 0 when empty, at least 1 when occupied.
    pub(crate) people: u32,
    /// How sure the claim is, 0.0..=1.0; of an empty room, how sure it is empty.
    pub(crate) confidence: f32,
}

/// The numbers the machine follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rules {
    /// Looks with the entering confidence before somebody is believed.
    pub(crate) hits: u32,
    /// How long nobody must be found before an occupied room is empty.
    pub(crate) hold: Duration,
    /// How long nobody must be found before a room never seen occupied is called empty.
    pub(crate) empty_proof: Duration,
    /// Confidence of a hit, 0.0..=1.0.
    pub(crate) enter: f32,
    /// Confidence of a person who stays, 0.0..=1.0; at most `enter`.
    pub(crate) stay: f32,
    /// A gap between looks after which nothing is known any more.
    pub(crate) forget: Duration,
}

/// How long a number of people must stay the same before it is told: two people who pass each other
/// are one box for a second.
pub(crate) const PEOPLE_SETTLE: Duration = Duration::from_secs(3);

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct Occupancy {
    rules: Rules,
    state: State,
    /// Looks that may become an entrance.
    run: Option<Run>,
    last_look: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Undetermined {
        /// When nobody was found for the first time since, if the last look found nobody.
        absent_since: Option<Duration>,
    },
    Empty {
        confidence: f32,
    },
    Occupied(Stay),
}

/// Somebody is there.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stay {
    /// The first look that found them.
    since: Duration,
    /// The last look that found them.
    evidence_at: Duration,
    confidence: f32,
    /// The first look of the present row that found nobody.
    absent_since: Option<Duration>,
    /// The number told.
    people: u32,
    /// The number seen, and since when.
    candidate: (u32, Duration),
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    since: Duration,
    hits: u32,
}

/// A stretch of time in which somebody was found, without the hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) first: Duration,
    pub(crate) last: Duration,
}

impl Occupancy {
    pub(crate) fn new(rules: Rules) -> Occupancy {
        let rules = Rules { stay: rules.stay.min(rules.enter), hits: rules.hits.max(1), ..rules };
        Occupancy { rules, state: State::Undetermined { absent_since: None }, run: None, last_look: None }
    }

    /// Takes in one look. Time that runs backwards counts as time that stands still.
    pub(crate) fn observe(&mut self, now: Duration, look: Look) {
        let last = self.last_look.unwrap_or(now);
        let now = now.max(last);
        if now - last > self.rules.forget {
            *self = Occupancy::new(self.rules);
        }
        self.last_look = Some(now);
        let seen = look.people > 0 && look.confidence >= self.rules.stay;
        let entered = self.advance_run(now, look, seen);
        self.state = match self.state {
            State::Undetermined { .. } | State::Empty { .. } if entered.is_some() => {
                let since = entered.unwrap_or(now);
                State::Occupied(Stay::begin(since, now, look))
            }
            State::Undetermined { absent_since } => self.undetermined(now, look, seen, absent_since),
            State::Empty { .. } => State::Empty { confidence: 1.0 - look.confidence.clamp(0.0, 1.0) },
            State::Occupied(stay) if seen => State::Occupied(stay.found(now, look)),
            State::Occupied(stay) => {
                let absent_since = stay.absent_since.unwrap_or(now);
                if now - absent_since >= self.rules.hold {
                    self.run = None;
                    State::Empty { confidence: 1.0 - look.confidence.clamp(0.0, 1.0) }
                } else {
                    State::Occupied(Stay { absent_since: Some(absent_since), ..stay })
                }
            }
        };
    }

    /// Returns what can be claimed, or `None` while nothing is proved.
    pub(crate) fn claim(&self) -> Option<Claim> {
        match self.state {
            State::Undetermined { .. } => None,
            State::Empty { confidence } => Some(Claim { occupied: false, people: 0, confidence }),
            State::Occupied(stay) => {
                Some(Claim { occupied: true, people: stay.people, confidence: stay.confidence })
            }
        }
    }

    /// Returns whether the next look may change the claim, so that it should not be put off.
    pub(crate) fn is_pending(&self) -> bool {
        match self.state {
            State::Undetermined { .. } => true,
            State::Empty { .. } => self.run.is_some(),
            State::Occupied(stay) => stay.absent_since.is_some(),
        }
    }

    /// Returns the first and last look of the present stay.
    pub(crate) fn presence(&self) -> Option<Presence> {
        match self.state {
            State::Undetermined { .. } | State::Empty { .. } => None,
            State::Occupied(stay) => Some(Presence { first: stay.since, last: stay.evidence_at }),
        }
    }

    /// Returns the start of an entrance that this look completes.
    fn advance_run(&mut self, now: Duration, look: Look, seen: bool) -> Option<Duration> {
        if !seen {
            self.run = None;
            return None;
        }
        let run = self.run.get_or_insert(Run { since: now, hits: 0 });
        if look.confidence < self.rules.enter {
            return None;
        }
        run.hits = run.hits.saturating_add(1);
        (run.hits >= self.rules.hits).then_some(run.since)
    }

    fn undetermined(&self, now: Duration, look: Look, seen: bool, absent_since: Option<Duration>) -> State {
        if seen {
            return State::Undetermined { absent_since: None };
        }
        let absent_since = absent_since.unwrap_or(now);
        if now - absent_since >= self.rules.empty_proof {
            State::Empty { confidence: 1.0 - look.confidence.clamp(0.0, 1.0) }
        } else {
            State::Undetermined { absent_since: Some(absent_since) }
        }
    }
}

impl Stay {
    fn begin(since: Duration, now: Duration, look: Look) -> Stay {
        Stay {
            since,
            evidence_at: now,
            confidence: look.confidence.clamp(0.0, 1.0),
            absent_since: None,
            people: 1,
            candidate: (look.people, now),
        }
    }

    fn found(self, now: Duration, look: Look) -> Stay {
        let candidate = if self.candidate.0 == look.people { self.candidate } else { (look.people, now) };
        let settled = now - candidate.1 >= PEOPLE_SETTLE;
        Stay {
            evidence_at: now,
            confidence: look.confidence.clamp(0.0, 1.0),
            absent_since: None,
            people: if settled { candidate.0.max(1) } else { self.people },
            candidate,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: Rules = Rules {
        hits: 3,
        hold: Duration::from_secs(25),
        empty_proof: Duration::from_secs(2),
        enter: 0.7,
        stay: 0.4,
        forget: Duration::from_secs(60),
    };
    const NOBODY: Look = Look { people: 0, confidence: 0.0 };
    const ONE: Look = Look { people: 1, confidence: 0.9 };

    /// Looks five times a second from `from_s` to `to_s` (seconds, the end not included).
    fn watch(machine: &mut Occupancy, from_s: f64, to_s: f64, look: Look) {
        let mut now = from_s;
        while now < to_s - 1e-6 {
            machine.observe(Duration::from_secs_f64(now), look);
            now += 0.2;
        }
    }

    fn occupied(machine: &Occupancy) -> Option<bool> {
        machine.claim().map(|claim| claim.occupied)
    }

    #[test]
    fn nothing_is_claimed_before_it_is_proved() {
        let mut machine = Occupancy::new(RULES);
        assert_eq!(machine.claim(), None);
        watch(&mut machine, 0.0, 1.9, NOBODY);
        assert_eq!(machine.claim(), None);
        watch(&mut machine, 2.0, 2.5, NOBODY);
        assert_eq!(machine.claim(), Some(Claim { occupied: false, people: 0, confidence: 1.0 }));
    }

    #[test]
    fn three_hits_make_a_person_and_two_do_not() {
        let mut machine = Occupancy::new(RULES);
        watch(&mut machine, 0.0, 3.0, NOBODY);
        watch(&mut machine, 3.0, 3.4, ONE);
        watch(&mut machine, 3.4, 4.0, NOBODY);
        assert_eq!(occupied(&machine), Some(false));
        watch(&mut machine, 4.0, 4.6, ONE);
        assert_eq!(occupied(&machine), Some(true));
    }

    #[test]
    fn staying_takes_less_than_entering() {
        let faint = Look { people: 1, confidence: 0.5 };
        let mut machine = Occupancy::new(RULES);
        watch(&mut machine, 0.0, 30.0, faint);
        assert_eq!(machine.claim(), None, "a faint person proves neither");
        watch(&mut machine, 30.0, 31.0, ONE);
        watch(&mut machine, 31.0, 200.0, faint);
        assert_eq!(occupied(&machine), Some(true));
    }

    #[test]
    fn a_gap_shorter_than_the_shipped_hold_is_bridged_and_a_longer_one_is_not() {
        let mut machine = Occupancy::new(RULES);
        watch(&mut machine, 0.0, 10.0, ONE);
        watch(&mut machine, 10.0, 34.8, NOBODY);
        assert_eq!(occupied(&machine), Some(true));
        watch(&mut machine, 34.8, 35.0, ONE);
        watch(&mut machine, 35.0, 59.8, NOBODY);
        assert_eq!(occupied(&machine), Some(true), "the hold begins anew");
        watch(&mut machine, 59.8, 60.4, NOBODY);
        assert_eq!(occupied(&machine), Some(false));
    }

    #[test]
    fn one_missed_look_after_a_long_pause_ends_nothing() {
        let mut machine = Occupancy::new(Rules { hold: Duration::from_secs(1), ..RULES });
        watch(&mut machine, 0.0, 2.0, ONE);
        machine.observe(Duration::from_secs(20), NOBODY);
        assert_eq!(occupied(&machine), Some(true));
        assert!(machine.is_pending());
    }

    #[test]
    fn the_number_of_people_is_told_once_it_has_stood_for_three_seconds() {
        let two = Look { people: 2, ..ONE };
        let people = |machine: &Occupancy| machine.claim().map(|claim| claim.people);
        let mut machine = Occupancy::new(RULES);
        watch(&mut machine, 0.0, 5.0, ONE);
        watch(&mut machine, 5.0, 7.9, two);
        assert_eq!(people(&machine), Some(1));
        watch(&mut machine, 8.0, 8.4, two);
        assert_eq!(people(&machine), Some(2));
        watch(&mut machine, 8.4, 10.0, NOBODY);
        assert_eq!(people(&machine), Some(2), "unseen for a moment is not gone");
    }

    #[test]
    fn after_a_gap_without_looks_nothing_is_known() {
        let mut machine = Occupancy::new(RULES);
        watch(&mut machine, 0.0, 5.0, ONE);
        machine.observe(Duration::from_secs(66), NOBODY);
        assert_eq!(machine.claim(), None);
    }

    fn any_look() -> impl Strategy<Value = (u64, Look)> {
        let look = prop_oneof![
            Just(NOBODY),
            (1u32..5, 0.0f32..=1.0).prop_map(|(people, confidence)| Look { people, confidence }),
        ];
        (0u64..5_000, look)
    }

    proptest! {
        #[test]
        fn claims_keep_their_promises(steps in prop::collection::vec(any_look(), 1..200)) {
            let mut machine = Occupancy::new(RULES);
            let (mut now, mut last_seen, mut row) = (Duration::ZERO, None, 0);
            for (wait_ms, look) in steps {
                let before = occupied(&machine);
                now += Duration::from_millis(wait_ms);
                machine.observe(now, look);
                let seen = look.people > 0 && look.confidence >= RULES.stay;
                row = if seen { row + 1 } else { 0 };
                last_seen = if seen { Some(now) } else { last_seen };
                if let Some(claim) = machine.claim() {
                    prop_assert!((0.0..=1.0).contains(&claim.confidence));
                    prop_assert_eq!(claim.people > 0, claim.occupied);
                }
                if before != Some(true) && occupied(&machine) == Some(true) {
                    prop_assert!(row >= RULES.hits && look.confidence >= RULES.enter);
                }
                if before == Some(true) && occupied(&machine) == Some(false) {
                    let unseen = now - last_seen.expect("somebody was seen before");
                    prop_assert!(unseen >= RULES.hold, "left after {unseen:?}");
                }
                prop_assert!(!(before == Some(true) && machine.claim().is_none()), "forgot within the gap");
            }
        }

        #[test]
        fn a_person_who_is_always_found_never_leaves(
            waits_ms in prop::collection::vec(1u64..50_000, 1..100),
            confidence in 0.7f32..=1.0,
        ) {
            let mut machine = Occupancy::new(RULES);
            let mut now = Duration::ZERO;
            for (index, wait_ms) in waits_ms.iter().enumerate() {
                now += Duration::from_millis(*wait_ms);
                machine.observe(now, Look { people: 1, confidence });
                prop_assert_eq!(occupied(&machine) == Some(true), index >= 2);
            }
        }

        #[test]
        fn only_differences_of_time_matter(
            steps in prop::collection::vec(any_look(), 1..80),
            offset_s in 0u64..1_000_000,
        ) {
            let (mut a, mut b) = (Occupancy::new(RULES), Occupancy::new(RULES));
            let mut now = Duration::ZERO;
            for (wait_ms, look) in steps {
                now += Duration::from_millis(wait_ms);
                a.observe(now, look);
                b.observe(now + Duration::from_secs(offset_s), look);
                prop_assert_eq!(a.claim(), b.claim());
            }
        }

        #[test]
        fn time_that_runs_backwards_breaks_nothing(
            steps in prop::collection::vec((0u64..100_000, any_look()), 1..80),
        ) {
            let mut machine = Occupancy::new(RULES);
            for (at_ms, (_, look)) in steps {
                machine.observe(Duration::from_millis(at_ms), look);
            }
        }
    }
}
