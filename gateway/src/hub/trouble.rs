//! Whether clients are lost more often than they should be, for the alarm that says so.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::close::Close;
use super::fanout::Context;
use crate::domain::actor::Actor;
use crate::domain::alarm::AlarmNotice;
use crate::domain::command::Ask;

/// Clients that are cut within this are counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// The alarm ends after so long without too many of them.
const QUIET: Duration = Duration::from_secs(300);
/// Cut clients that are remembered; far more than any limit needs.
const REMEMBERED_MAX: usize = 100_000;

/// Clients that were cut, and whether the alarm stands.
#[derive(Default)]
pub(super) struct Trouble {
    cut: VecDeque<Instant>,
    /// When there were too many last, while the alarm stands.
    standing: Option<Instant>,
}

impl Trouble {
    /// Counts the end of a connection.
    pub(super) fn note(&mut self, close: Close, now: Instant) {
        if close.is_cut() && self.cut.len() < REMEMBERED_MAX {
            self.cut.push_back(now);
        }
    }

    /// What has to be done about the alarm: raise it, or clear it.
    fn turn(&mut self, most: usize, now: Instant) -> Option<Ask> {
        while self.cut.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
            self.cut.pop_front();
        }
        let notice = AlarmNotice::clients_lost();
        if self.cut.len() > most {
            return self.standing.replace(now).is_none().then_some(Ask::RaiseAlarm(notice));
        }
        let is_over = self.standing.is_some_and(|since| now.duration_since(since) >= QUIET);
        is_over.then(|| {
            self.standing = None;
            Ask::ClearAlarm(notice.id())
        })
    }

    /// Raises or clears the alarm.
    pub(super) fn tell(&mut self, cx: &Context) {
        let Some(ask) = self.turn(cx.shared.limits.cut_per_min_max, cx.now) else { return };
        let ledger = cx.shared.entrance.ledger.clone();
        cx.shared.tasks.spawn_on(
            async move {
                if let Err(error) = ledger.submit(Actor::Gateway, ask).await {
                    tracing::warn!(%error, "the alarm about lost clients cannot be told");
                }
            },
            &cx.shared.runtime,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alarm_is_raised_once_and_ends_after_a_quiet_time() {
        let (mut trouble, begun) = (Trouble::default(), Instant::now());
        for close in [Close::Gone, Close::Restarting, Close::Replaced, Close::TooSlow, Close::NoPong] {
            trouble.note(close, begun);
        }
        assert!(trouble.turn(2, begun).is_none(), "two were cut, and two may be");
        trouble.note(Close::TooManyFrames, begun);
        assert!(matches!(trouble.turn(2, begun), Some(Ask::RaiseAlarm(_))));
        assert!(trouble.turn(2, begun).is_none(), "it stands");
        assert!(trouble.turn(2, begun + WINDOW).is_none(), "quiet, for a moment");
        assert!(matches!(trouble.turn(2, begun + QUIET), Some(Ask::ClearAlarm(_))));
        assert!(trouble.turn(2, begun + 2 * QUIET).is_none());
    }
}
