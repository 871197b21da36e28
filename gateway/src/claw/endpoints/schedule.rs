//! When a delivery is tried again, and what an answer means.

use std::time::Duration;

use axum::http::StatusCode;

use crate::claw::http::{CallError, Reply, RetryAfter};
use crate::domain::endpoint::{EndpointKind, FAILURES_MAX};
use crate::domain::time::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
/// Seconds before each try of one event, the example schedule of Standard Webhooks 1.0.0: three days and four hours.
const DELAYS_S: [u64; 10] =
    [0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// How often one event is tried.
pub(super) const ATTEMPTS_MAX: u32 = 10;
/// The longest that an endpoint may ask to be left alone.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * HOUR);
/// Each pause is somewhere within a fifth of its length, so that endpoints that failed together do not come back together.
const JITTER: std::ops::Range<f64> = 0.8..1.2;

/// What an answer, or none, means for the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The endpoint has it.
    Delivered,
    /// It may take it later; not before so long, if it says so.
    Again(Option<RetryAfter>),
    /// It will never take it.
    Refused,
    /// It will never take anything.
    Gone,
}

/// What `answer` of an endpoint of `kind` means.
pub(super) fn judge(kind: EndpointKind, answer: &Result<Reply, CallError>) -> Verdict {
    let Ok(reply) = answer else { return Verdict::Again(None) };
    let retry_after = matches!(reply.status.as_u16(), 429 | 502..=504).then_some(reply.retry_after).flatten();
    match (kind, reply.status) {
        (_, status) if status.is_success() => Verdict::Delivered,
        (_, StatusCode::GONE) => Verdict::Gone,
        (_, status) if matches!(status.as_u16(), 408 | 429 | 502..=504) => Verdict::Again(retry_after),
        // OpenClaw names what is worth a repeat; all else is about this very request.
        (EndpointKind::Openclaw, _) => Verdict::Refused,
        (_, StatusCode::TOO_EARLY) => Verdict::Again(None),
        (_, status) if status.is_client_error() => Verdict::Refused,
        // A redirect is not followed: where it leads, nobody has configured.
        (EndpointKind::Standard | EndpointKind::Ntfy, _) => Verdict::Again(None),
    }
}

/// The pauses, all of them scaled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    /// 1 but for trials.
    pub(super) scale: f64,
}

impl Schedule {
    /// How long to wait before the next try of an event that was tried so often.
    pub(super) fn before_retry(self, attempts: u32) -> Duration {
        let n = usize::try_from(attempts).unwrap_or(usize::MAX).min(DELAYS_S.len() - 1);
        Duration::from_secs(DELAYS_S[n]).mul_f64(self.scale * rand::random_range(JITTER))
    }

    /// How long to wait before the next event, when so many in a row were refused: not at all at first, then as long
    /// as between retries. A receiver that lost its own settings must not burn a night's events.
    pub(super) fn after_refusals(self, failures: u32) -> Duration {
        self.before_retry((failures + 1).saturating_sub(FAILURES_MAX))
    }
}

/// How long the endpoint asks to be left alone, at `now`.
pub(super) fn asked_for(retry_after: Option<RetryAfter>, now: Timestamp) -> Duration {
    let asked = match retry_after {
        None => Duration::ZERO,
        Some(RetryAfter::Wait(wait)) => wait,
        Some(RetryAfter::At(at)) => at.since(now),
    };
    asked.min(RETRY_AFTER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: EndpointKind, status: u16) -> Verdict {
        let retry_after = Some(RetryAfter::Wait(Duration::from_secs(7)));
        judge(kind, &Ok(Reply { status: StatusCode::from_u16(status).unwrap(), retry_after, body: None }))
    }

    #[test]
    fn each_status_means_what_the_standard_says() {
        let later = Verdict::Again(Some(RetryAfter::Wait(Duration::from_secs(7))));
        for (status, standard, openclaw) in [
            (200, Verdict::Delivered, Verdict::Delivered),
            (202, Verdict::Delivered, Verdict::Delivered),
            (302, Verdict::Again(None), Verdict::Refused),
            (400, Verdict::Refused, Verdict::Refused),
            (401, Verdict::Refused, Verdict::Refused),
            (404, Verdict::Refused, Verdict::Refused),
            (408, Verdict::Again(None), Verdict::Again(None)),
            (409, Verdict::Refused, Verdict::Refused),
            (410, Verdict::Gone, Verdict::Gone),
            (425, Verdict::Again(None), Verdict::Refused),
            (429, later, later),
            (500, Verdict::Again(None), Verdict::Refused),
            (502, later, later),
            (503, later, later),
        ] {
            assert_eq!(of(EndpointKind::Standard, status), standard, "{status}");
            assert_eq!(of(EndpointKind::Ntfy, status), standard, "{status}");
            assert_eq!(of(EndpointKind::Openclaw, status), openclaw, "{status}");
        }
        for error in [CallError::Unreached, CallError::Untrusted, CallError::TimedOut, CallError::Garbled] {
            assert_eq!(judge(EndpointKind::Openclaw, &Err(error)), Verdict::Again(None));
        }
    }

    #[test]
    fn pauses_grow_as_documented_and_are_never_the_same() {
        let schedule = Schedule { scale: 1.0 };
        for (attempts, seconds) in [(0, 0), (1, 5), (2, 300), (9, 86_400), (99, 86_400)] {
            let pauses: Vec<_> = (0..16).map(|_| schedule.before_retry(attempts).as_secs_f64()).collect();
            let (least, most) = (0.8 * f64::from(seconds), 1.2 * f64::from(seconds));
            assert!(pauses.iter().all(|it| (least..=most).contains(it)), "{attempts}: {pauses:?}");
            assert!(seconds == 0 || pauses.iter().any(|it| *it != pauses[0]));
        }
        assert_eq!(usize::try_from(ATTEMPTS_MAX), Ok(DELAYS_S.len()));
        assert!(Schedule { scale: 0.001 }.before_retry(9) < Duration::from_secs(104));
        assert_eq!(schedule.after_refusals(2), Duration::ZERO, "two bad events are two bad events");
        assert!(schedule.after_refusals(3) >= Duration::from_secs(4), "three are a bad receiver");
    }

    #[test]
    fn an_endpoint_is_left_alone_as_long_as_it_asks_and_no_longer_than_a_day() {
        let now = Timestamp::from_unix_ms(1_000_000);
        assert_eq!(asked_for(None, now), Duration::ZERO);
        assert_eq!(
            asked_for(Some(RetryAfter::At(Timestamp::from_unix_ms(1_009_000))), now),
            Duration::from_secs(9)
        );
        assert_eq!(asked_for(Some(RetryAfter::At(Timestamp::from_unix_ms(0))), now), Duration::ZERO);
        assert_eq!(asked_for(Some(RetryAfter::Wait(Duration::MAX)), now), RETRY_AFTER_MAX);
    }
}
