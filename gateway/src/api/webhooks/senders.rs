//! What is known of the senders of webhooks while the gateway runs: how often they send, and whose clock is wrong.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::domain::alarm::AlarmNotice;
use crate::domain::id::KeyId;
use crate::domain::time::Timestamp;
use crate::wire::problem::Problem;

/// An event from so far in the future was dated by a clock that is wrong.
const AHEAD_MAX: Duration = Duration::from_secs(30);
/// So many events in a row that are too old or from the future: that is no queue that empties, the clock is wrong.
const WRONG_IN_A_ROW: u32 = 3;

/// The senders. One entry for each key that was ever used, and keys are few ([`crate::domain::access::KEYS_MAX`]).
pub(in crate::api) struct Senders {
    rates: DefaultKeyedRateLimiter<KeyId>,
    /// Events in a row whose date was wrong, of each key.
    wrong: Mutex<HashMap<KeyId, u32>>,
}

/// What an event's date says of its sender's clock.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// Nothing new.
    Unchanged,
    /// It is wrong: an alarm says so.
    Wrong(AlarmNotice),
    /// It is right again, after an alarm.
    RightAgain,
}

impl Senders {
    /// Lets each key send `per_s` webhooks a second, in bursts of as many.
    pub(in crate::api) fn new(per_s: NonZeroU32) -> Self {
        Self { rates: DefaultKeyedRateLimiter::keyed(Quota::per_second(per_s)), wrong: Mutex::default() }
    }

    /// Counts one webhook of `key`.
    ///
    /// # Errors
    ///
    /// 429 when it sends too many.
    pub(super) fn count(&self, key: &KeyId) -> Result<(), Problem> {
        self.rates.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let detail = "this key sends more webhooks a second than auth.key_requests_per_s allows";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).retryable_after(wait)
        })
    }

    /// Looks at the date of an event of `key`; `age_max` is how old it may be.
    pub(super) fn judge(&self, key: &KeyId, dated: Timestamp, now: Timestamp, age_max: Duration) -> Verdict {
        let (behind, ahead) = (now.since(dated), dated.since(now));
        let is_wrong = ahead > AHEAD_MAX || behind > age_max;
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_wrong {
            let was_wrong = wrong.remove(key).is_some_and(|count| count >= WRONG_IN_A_ROW);
            return if was_wrong { Verdict::RightAgain } else { Verdict::Unchanged };
        }
        let count = wrong.entry(key.clone()).or_insert(0);
        *count = count.saturating_add(1);
        if *count != WRONG_IN_A_ROW {
            return Verdict::Unchanged;
        }
        Verdict::Wrong(AlarmNotice::sender_clock(key, ahead > AHEAD_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> KeyId {
        "opencv".parse().unwrap()
    }

    fn judge(senders: &Senders, dated_s: i64) -> Verdict {
        let at = |seconds: i64| Timestamp::from_unix_ms(1_000_000 + seconds * 1_000);
        senders.judge(&key(), at(dated_s), at(0), Duration::from_secs(300))
    }

    #[test]
    fn a_clock_is_wrong_after_three_wrong_dates_in_a_row_and_right_after_one() {
        let senders = Senders::new(NonZeroU32::MIN);
        assert_eq!(judge(&senders, -301), Verdict::Unchanged);
        assert_eq!(judge(&senders, 31), Verdict::Unchanged);
        assert_eq!(judge(&senders, -300), Verdict::Unchanged, "one right date begins the row anew");
        let verdicts: Vec<_> = (0..4).map(|_| judge(&senders, 31)).collect();
        assert!(matches!(verdicts[2], Verdict::Wrong(_)), "{verdicts:?}");
        assert_eq!(verdicts.iter().filter(|it| **it == Verdict::Unchanged).count(), 3);
        assert_eq!(judge(&senders, 30), Verdict::RightAgain);
        assert_eq!(judge(&senders, 0), Verdict::Unchanged);
    }

    #[test]
    fn a_key_that_sends_too_much_is_told_to_wait_and_others_are_not() {
        let senders = Senders::new(NonZeroU32::new(5).unwrap());
        let answers: Vec<_> = (0..6).map(|_| senders.count(&key()).is_ok()).collect();
        assert_eq!(answers, [true, true, true, true, true, false]);
        assert!(senders.count(&"claw".parse().unwrap()).is_ok());
    }
}
