//! Refusals are written a few at a time: whoever is refused a thousand times a second must not fill the disk.

use std::collections::HashMap;

use crate::domain::actor::Actor;
use crate::domain::time::Timestamp;
use crate::ledger::terms::actor_name;
use crate::ledger::{AUDIT_REFUSALS_PER_S, AUDIT_REFUSED_MAX};

/// Milliseconds in which so many refusals of one actor are written.
const WINDOW_MS: u128 = 1_000;

/// What each actor was refused lately.
#[derive(Default)]
pub(super) struct Refusals(HashMap<String, Window>);

struct Window {
    since: Timestamp,
    written: u32,
    counted: Option<Counted>,
}

/// Refusals that were counted instead of written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counted {
    pub(super) actor: Option<Actor>,
    /// Of the last one, as are code and origin.
    pub(super) verb: &'static str,
    pub(super) code: String,
    pub(super) origin: Option<String>,
    pub(super) times: u64,
}

impl Refusals {
    /// True when this refusal is to be written; else it is counted. Who has no identity is told apart by origin.
    pub(super) fn admit(
        &mut self,
        actor: Option<&Actor>,
        verb: &'static str,
        code: &str,
        origin: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let mut name = actor.map_or_else(|| origin.unwrap_or_default().to_owned(), actor_name);
        if !self.0.contains_key(&name) && self.0.len() >= AUDIT_REFUSED_MAX {
            // More at once than a clinic has machines: they share one window.
            name = String::new();
        }
        let window = self.0.entry(name).or_insert(Window { since: now, written: 0, counted: None });
        if window.written < AUDIT_REFUSALS_PER_S {
            window.written += 1;
            return true;
        }
        let times = window.counted.as_ref().map_or(0, |counted| counted.times) + 1;
        let (actor, origin) = (actor.cloned(), origin.map(ToOwned::to_owned));
        window.counted = Some(Counted { actor, verb, code: code.into(), origin, times });
        false
    }

    /// Everything that was counted.
    pub(super) fn all(&mut self) -> Vec<Counted> {
        self.0.drain().filter_map(|(_, window)| window.counted).collect()
    }

    /// What was counted in windows that are over.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Counted> {
        if self.0.is_empty() {
            return Vec::new();
        }
        // A clock that was set back ends a window too.
        let is_over =
            |window: &Window| now < window.since || now.since(window.since).as_millis() >= WINDOW_MS;
        self.0.extract_if(|_, window| is_over(window)).filter_map(|(_, window)| window.counted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(1_000_000 + ms)
    }

    #[test]
    fn some_refusals_a_second_are_written_and_the_rest_are_counted() {
        let mut refusals = Refusals::default();
        let actor = Actor::User("mallory".parse().unwrap());
        let admitted =
            (0..100).filter(|ms| refusals.admit(Some(&actor), "a", "forbidden", None, at(*ms))).count();
        assert_eq!(u32::try_from(admitted).unwrap(), AUDIT_REFUSALS_PER_S);
        assert!(
            refusals.admit(None, "log_in", "wrong", Some("10.0.0.9"), at(100)),
            "another one is not held back"
        );
        assert_eq!(refusals.due(at(999)), []);
        let counted = refusals.due(at(1_000));
        assert_eq!(counted.len(), 1);
        assert_eq!((counted[0].actor.as_ref(), counted[0].times), (Some(&actor), 95));
        assert!(refusals.admit(Some(&actor), "a", "forbidden", None, at(1_001)));
        assert!(refusals.due(at(9_000)).is_empty(), "nothing was counted");
        assert!(refusals.0.is_empty());
    }

    #[test]
    fn more_strangers_than_a_clinic_has_machines_share_one_window() {
        let mut refusals = Refusals::default();
        for n in 0..10_000 {
            refusals.admit(None, "log_in", "wrong", Some(&format!("10.0.{n}")), at(0));
        }
        assert_eq!(refusals.0.len(), AUDIT_REFUSED_MAX + 1);
    }
}
