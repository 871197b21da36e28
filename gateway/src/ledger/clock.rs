//! Where the ledger's time comes from. The domain gets it as a value.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use super::CLOCK_STEP_MIN;
use crate::domain::time::Timestamp;

/// Where time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clocks.
    System,
    /// A clock that a test moves by hand.
    Manual(Arc<ManualClock>),
}

impl Clock {
    /// What the clock shows, for what is no fact of the clinic: an answer's timestamp, the age of a message.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => wall_clock(),
            Clock::Manual(manual) => manual.now(),
        }
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    /// A clock that stands at `at`.
    pub fn new(at: Timestamp) -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(at)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|at| *at = at.plus(by));
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        *self.0.borrow()
    }
}

/// A reading of the clock: what it is now, and by how much the wall clock was set since the last reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    pub(super) now: Timestamp,
    pub(super) stepped_ms: i64,
}

/// Reads a clock so that time never goes back, except by a step that is told.
pub(super) struct Timekeeper {
    clock: Clock,
    last: Timestamp,
    /// The wall clock at an instant of the machine's steady clock.
    anchor: (Timestamp, Instant),
}

impl Timekeeper {
    /// Starts after `last`, the time of the newest event.
    pub(super) fn new(clock: Clock, last: Timestamp) -> Self {
        let anchor = (wall_clock(), Instant::now());
        Self { clock, last, anchor }
    }

    /// The first reading: a wall clock behind the newest event (no battery, no network yet) is a step.
    pub(super) fn first(&mut self) -> Reading {
        let now = match &self.clock {
            Clock::System => self.anchor.0,
            Clock::Manual(manual) => manual.now(),
        };
        let stepped_ms = (now.unix_ms() - self.last.unix_ms()).min(0);
        self.last = now;
        Reading { now, stepped_ms }
    }

    pub(super) fn read(&mut self) -> Reading {
        match &self.clock {
            Clock::System => self.read_at(wall_clock(), Instant::now()),
            Clock::Manual(manual) => {
                self.last = self.last.max(manual.now());
                Reading { now: self.last, stepped_ms: 0 }
            }
        }
    }

    fn read_at(&mut self, wall: Timestamp, steady: Instant) -> Reading {
        let expected = self.anchor.0.plus(steady.duration_since(self.anchor.1));
        self.anchor = (wall, steady);
        let off_ms = wall.unix_ms() - expected.unix_ms();
        let stepped = u128::from(off_ms.unsigned_abs()) > CLOCK_STEP_MIN.as_millis();
        self.last = if stepped { wall } else { self.last.max(wall) };
        Reading { now: self.last, stepped_ms: if stepped { off_ms } else { 0 } }
    }

    /// Waits until the clock shows `at`; for ever when there is none.
    ///
    /// Cancel safe.
    pub(super) async fn sleep_until(&self, at: Option<Timestamp>) {
        let Some(at) = at else { return std::future::pending().await };
        match &self.clock {
            Clock::System => {
                let elapsed = self.anchor.1.elapsed();
                let wait = at.since(self.anchor.0).saturating_sub(elapsed);
                // A timer may fire a fraction early; the deadline would then not be due yet.
                tokio::time::sleep(wait + Duration::from_millis(1)).await;
            }
            Clock::Manual(manual) => {
                let mut shown = manual.0.subscribe();
                let reached = shown.wait_for(|now| *now >= at).await;
                drop(reached.expect("self keeps the clock"));
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn wall_clock() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(1_000_000_000 + ms)
    }

    fn keeper(start: Instant) -> Timekeeper {
        Timekeeper { clock: Clock::System, last: at(0), anchor: (at(0), start) }
    }

    #[test]
    fn a_clock_that_is_set_by_more_than_five_seconds_has_stepped() {
        let start = Instant::now();
        let later = |s| start + Duration::from_secs(s);
        let mut keeper = keeper(start);
        assert_eq!(keeper.read_at(at(1_000), later(1)), Reading { now: at(1_000), stepped_ms: 0 });
        assert_eq!(
            keeper.read_at(at(3_602_000), later(2)),
            Reading { now: at(3_602_000), stepped_ms: 3_600_000 }
        );
        assert_eq!(keeper.read_at(at(3_000), later(3)), Reading { now: at(3_000), stepped_ms: -3_600_000 });
    }

    #[test]
    fn a_clock_that_drifts_back_stands_still_until_it_is_caught_up() {
        let start = Instant::now();
        let later = |s| start + Duration::from_secs(s);
        let mut keeper = keeper(start);
        assert_eq!(keeper.read_at(at(10_000), later(10)).now, at(10_000));
        assert_eq!(keeper.read_at(at(8_000), later(11)), Reading { now: at(10_000), stepped_ms: 0 });
        assert_eq!(keeper.read_at(at(10_500), later(13)).now, at(10_500));
    }

    #[test]
    fn a_box_that_starts_behind_its_own_journal_says_so() {
        let clock = Clock::Manual(ManualClock::new(at(0)));
        let mut keeper = Timekeeper::new(clock, at(60_000));
        assert_eq!(keeper.first(), Reading { now: at(0), stepped_ms: -60_000 });
    }
}
