//! How the agent stands: for health and metrics, and when an alarm is due.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::metrics;

/// What the agent is called for regularly. It is well when all of it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// It is told the facility's status.
    Status,
    /// It is asked whether it is well.
    Health,
}

/// What changes with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing that is worth saying.
    None,
    /// It is reached, for the first time or again.
    Reached,
    /// It is away now.
    Away,
    /// It has been away for so long that somebody should look.
    Offline,
}

/// Whether the agent is reached. Clones share it.
#[derive(Clone)]
pub(super) struct Standing(Arc<Mutex<State>>);

struct State {
    /// It is called at all.
    is_on: bool,
    /// Every call has succeeded at least once since it was away.
    is_reached: bool,
    /// What was wrong with the newest status and health call; `None` for those that went well.
    troubles: [Option<String>; 2],
    /// Since when it is away: since the start, before it is reached.
    away_since: Instant,
    /// An alarm was due already.
    is_offline: bool,
}

impl Standing {
    pub(super) fn new(is_on: bool, now: Instant) -> Self {
        let unheard = || Some("it was not reached yet".to_owned());
        let troubles = [unheard(), unheard()];
        let (is_reached, is_offline) = (false, false);
        let state = State { is_on, is_reached, troubles, away_since: now, is_offline };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Notes how a call went, and says what that changes. `trouble` names no address.
    pub(super) fn note(
        &self,
        call: Call,
        trouble: Option<String>,
        offline_after: Duration,
        now: Instant,
    ) -> Turn {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.troubles[call as usize] = trouble;
        let is_well = state.troubles.iter().all(Option::is_none);
        metrics::connected(is_well);
        if is_well {
            state.is_offline = false;
            let was_reached = std::mem::replace(&mut state.is_reached, true);
            return if was_reached { Turn::None } else { Turn::Reached };
        }
        if std::mem::replace(&mut state.is_reached, false) {
            state.away_since = now;
            return Turn::Away;
        }
        let is_due = !state.is_offline && now.duration_since(state.away_since) >= offline_after;
        state.is_offline |= is_due;
        if is_due { Turn::Offline } else { Turn::None }
    }

    /// True while the agent is reached.
    pub(super) fn is_reached(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_reached
    }

    pub(super) fn health(&self) -> (bool, String) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.is_on {
            return (true, "claw.agent.url is not set: the agent is not called".into());
        }
        match state.troubles.iter().flatten().next() {
            None => (true, "the agent is reached".into()),
            Some(trouble) => (false, format!("the agent is away: {trouble}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// A standing, and a clock that is moved by hand.
    struct Watched {
        standing: Standing,
        now: Instant,
    }

    impl Watched {
        fn begin() -> Self {
            let now = Instant::now();
            Self { standing: Standing::new(true, now), now }
        }

        fn note(&self, call: Call, trouble: Option<String>) -> Turn {
            self.standing.note(call, trouble, LONG, self.now)
        }
    }

    fn bad() -> Option<String> {
        Some("no answer in time".into())
    }

    #[test]
    fn the_agent_is_well_when_it_takes_its_status_and_says_so_itself() {
        let watched = Watched::begin();
        let standing = &watched.standing;
        assert!(!standing.health().0);
        assert_eq!(watched.note(Call::Status, None), Turn::None);
        assert!(!standing.health().0, "it has not said that it is well");
        assert_eq!(watched.note(Call::Health, None), Turn::Reached);
        assert_eq!(watched.note(Call::Health, None), Turn::None);
        assert_eq!(standing.health(), (true, "the agent is reached".into()));
        assert_eq!(watched.note(Call::Status, bad()), Turn::Away);
        assert_eq!(watched.note(Call::Health, None), Turn::None, "its status is still not taken");
        assert_eq!(standing.health(), (false, "the agent is away: no answer in time".into()));
    }

    #[test]
    fn an_alarm_is_due_once_for_each_time_that_it_is_away_for_long() {
        let mut watched = Watched::begin();
        assert_eq!(watched.note(Call::Status, bad()), Turn::None);
        watched.now += LONG;
        assert_eq!(watched.note(Call::Status, bad()), Turn::Offline);
        assert_eq!(watched.note(Call::Status, bad()), Turn::None);
        watched.note(Call::Status, None);
        assert_eq!(watched.note(Call::Health, None), Turn::Reached);
        assert_eq!(watched.note(Call::Health, bad()), Turn::Away);
        assert_eq!(watched.note(Call::Health, bad()), Turn::None, "a minute has not passed");
        watched.now += LONG;
        assert_eq!(watched.note(Call::Health, bad()), Turn::Offline);
    }

    #[test]
    fn who_is_not_called_is_not_away() {
        assert!(Standing::new(false, Instant::now()).health().0);
    }
}
