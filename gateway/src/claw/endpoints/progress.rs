//! How far one delivery is, in memory: what is not on the disk yet, and when it has to be.

use std::time::Duration;

use tokio::time::Instant;

use super::schedule::{ATTEMPTS_MAX, Schedule, asked_for};
use crate::claw::http::RetryAfter;
use crate::domain::endpoint::{DeadLetter, Delivery, DeliveryNote, EndReason, FAILURES_MAX};
use crate::domain::event::Seq;
use crate::domain::id::EndpointId;
use crate::domain::time::Timestamp;

/// Deliveries after which the cursor is written at the latest: so many come twice after a power cut.
pub(super) const UNSAVED_MAX: u32 = 100;
/// How long a delivery waits for that at most.
const SAVED_AFTER: Duration = Duration::from_secs(1);
/// How long events that are not for the endpoint do: passed over twice, they do no harm.
const SKIPPED_SAVED_AFTER: Duration = Duration::from_secs(60);

/// How far one delivery is.
#[derive(Debug)]
pub(super) struct Progress {
    endpoint_id: EndpointId,
    pub(super) cursor: Seq,
    pub(super) attempts: u32,
    failures: u32,
    failing_since: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    pub(super) ended: Option<EndReason>,
    dead: Vec<DeadLetter>,
    raised: Vec<Seq>,
    /// Nothing is sent before.
    pub(super) resting_until: Option<Instant>,
    unsaved: u32,
    /// When what is new has to be written.
    pub(super) save_due: Option<Instant>,
}

impl Progress {
    /// Goes on where `delivery` was at `now`.
    pub(super) fn new(delivery: &Delivery, now: Timestamp) -> Self {
        let rest = delivery.retry_at.map(|at| at.since(now)).filter(|rest| !rest.is_zero());
        Self {
            endpoint_id: delivery.endpoint_id.clone(),
            cursor: delivery.cursor,
            attempts: delivery.attempts,
            failures: delivery.failures,
            failing_since: delivery.failing_since,
            delivered_at: delivery.delivered_at,
            ended: None,
            dead: Vec::new(),
            raised: Vec::new(),
            resting_until: rest.map(|rest| Instant::now() + rest),
            unsaved: 0,
            save_due: None,
        }
    }

    /// True while the endpoint is only probed.
    pub(super) fn is_failing(&self) -> bool {
        self.failures >= FAILURES_MAX
    }

    /// The event at `seq` is not for the endpoint.
    pub(super) fn skipped(&mut self, seq: Seq) {
        self.cursor = seq;
        self.save_within(SKIPPED_SAVED_AFTER);
    }

    /// The endpoint has the event at `seq`.
    pub(super) fn delivered(&mut self, seq: Seq, now: Timestamp) {
        self.cursor = seq;
        self.attempts = 0;
        self.took_something(now);
        self.unsaved += 1;
        self.save_within(if self.unsaved >= UNSAVED_MAX { Duration::ZERO } else { SAVED_AFTER });
    }

    /// The endpoint takes requests: what was wrong is over.
    pub(super) fn took_something(&mut self, now: Timestamp) {
        let was_failing = std::mem::take(&mut self.failures) > 0;
        self.failing_since = None;
        self.delivered_at = Some(now);
        self.resting_until = None;
        if was_failing {
            self.save_within(Duration::ZERO);
        }
    }

    /// The endpoint did not take the event now, and may later. Says whether that was the last try.
    pub(super) fn failed(
        &mut self,
        letter: DeadLetter,
        retry_after: Option<RetryAfter>,
        schedule: Schedule,
        now: Timestamp,
    ) -> bool {
        self.attempts += 1;
        self.fail(now);
        let is_last = self.attempts >= ATTEMPTS_MAX;
        let pause = schedule.before_retry(self.attempts).max(asked_for(retry_after, now));
        if is_last {
            self.bury(letter);
        }
        self.rest(pause);
        is_last
    }

    /// The endpoint will never take the event.
    pub(super) fn refused(&mut self, letter: DeadLetter, schedule: Schedule, now: Timestamp) {
        self.attempts += 1;
        self.fail(now);
        self.bury(letter);
        self.rest(schedule.after_refusals(self.failures));
    }

    /// Nothing more is sent.
    pub(super) fn end(&mut self, reason: EndReason) {
        self.ended = Some(reason);
        self.save_within(Duration::ZERO);
    }

    /// True when the endpoint has failed for longer than `drop_after`.
    pub(super) fn is_hopeless(&self, drop_after: Duration, now: Timestamp) -> bool {
        self.failing_since.is_some_and(|since| now.since(since) >= drop_after)
    }

    /// The journal lost what came up to `oldest` before it was delivered.
    pub(super) fn lost(&mut self, oldest: Seq, now: Timestamp) {
        let first = self.cursor.next();
        let lost = oldest.0.saturating_sub(first.0);
        let (kind, outcome) = ("journal:trimmed".to_owned(), format!("{lost} events are gone"));
        self.dead.push(DeadLetter { seq: first, kind, at: now, attempts: self.attempts, outcome });
        (self.cursor, self.attempts) = (Seq(oldest.0.saturating_sub(1)), 0);
        self.save_within(Duration::ZERO);
    }

    /// The endpoint got `seq` by replay.
    pub(super) fn replayed(&mut self, seq: Seq) {
        self.raised.push(seq);
        self.save_within(SAVED_AFTER);
    }

    /// What the ledger is told, at `now`.
    pub(super) fn note(&self, now: Timestamp) -> DeliveryNote {
        let rest = self.resting_until.map(|until| until.saturating_duration_since(Instant::now()));
        DeliveryNote {
            endpoint_id: self.endpoint_id.clone(),
            cursor: self.cursor,
            attempts: self.attempts,
            failures: self.failures,
            failing_since: self.failing_since,
            retry_at: rest.map(|rest| now.plus(rest)),
            delivered_at: self.delivered_at,
            ended: self.ended,
            dead: self.dead.clone(),
            raised: self.raised.clone(),
        }
    }

    /// The ledger has it.
    pub(super) fn saved(&mut self) {
        (self.unsaved, self.save_due) = (0, None);
        self.dead.clear();
        self.raised.clear();
    }

    /// The ledger could not take it; it is tried again.
    pub(super) fn not_saved(&mut self) {
        self.save_due = Some(Instant::now() + SAVED_AFTER);
    }

    fn fail(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.failing_since.get_or_insert(now);
        self.save_within(Duration::ZERO);
    }

    fn bury(&mut self, letter: DeadLetter) {
        (self.cursor, self.attempts) = (letter.seq, 0);
        self.dead.push(letter);
    }

    fn rest(&mut self, pause: Duration) {
        self.resting_until = (!pause.is_zero()).then(|| Instant::now() + pause);
    }

    fn save_within(&mut self, wait: Duration) {
        let due = Instant::now() + wait;
        self.save_due = Some(self.save_due.map_or(due, |before| before.min(due)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: Schedule = Schedule { scale: 1.0 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(seconds * 1_000)
    }

    fn letter(seq: u64) -> DeadLetter {
        DeadLetter {
            seq: Seq(seq),
            kind: "room:updated".into(),
            at: at(0),
            attempts: 1,
            outcome: "500".into(),
        }
    }

    fn progress() -> Progress {
        Progress::new(&Delivery::new("emr".parse().unwrap(), true, true, Seq(4)), at(0))
    }

    #[test]
    fn an_event_is_tried_ten_times_and_then_given_up() {
        let mut progress = progress();
        for n in 1..ATTEMPTS_MAX {
            assert!(!progress.failed(letter(5), None, SCHEDULE, at(n.into())));
            assert_eq!((progress.cursor, progress.attempts), (Seq(4), n), "it stays at the event");
        }
        assert!(progress.failed(letter(5), None, SCHEDULE, at(10)));
        let note = progress.note(at(11));
        assert_eq!((note.cursor, note.attempts, note.failures), (Seq(5), 0, 10));
        assert_eq!((note.dead.len(), note.failing_since), (1, Some(at(1))));
        progress.saved();
        assert!(progress.note(at(12)).dead.is_empty(), "it is told once");
    }

    #[test]
    fn a_pause_outlives_a_restart_and_ends_when_something_is_taken() {
        let mut before = progress();
        before.failed(letter(5), Some(RetryAfter::Wait(Duration::from_secs(600))), SCHEDULE, at(0));
        let note = before.note(at(0));
        let mut delivery = Delivery::new("emr".parse().unwrap(), true, true, note.cursor);
        (delivery.attempts, delivery.failures, delivery.retry_at) =
            (note.attempts, note.failures, note.retry_at);
        let mut after = Progress::new(&delivery, at(100));
        let rest = after.resting_until.unwrap().saturating_duration_since(Instant::now());
        assert!((490..=500).contains(&rest.as_secs()), "{rest:?}");
        assert_eq!(after.attempts, 1);
        after.delivered(Seq(5), at(101));
        assert!(after.resting_until.is_none() && !after.is_failing());
        assert!(Progress::new(&delivery, at(601)).resting_until.is_none(), "it is over by then");
    }

    #[test]
    fn a_refused_event_is_given_up_at_once_and_a_refusing_endpoint_is_only_probed() {
        let mut progress = progress();
        for seq in [5, 6] {
            progress.refused(letter(seq), SCHEDULE, at(0));
            assert!(progress.resting_until.is_none(), "the next one may be better");
        }
        progress.refused(letter(7), SCHEDULE, at(0));
        assert!(progress.is_failing() && progress.resting_until.is_some());
        assert_eq!((progress.cursor, progress.note(at(0)).dead.len()), (Seq(7), 3));
        assert!(!progress.is_hopeless(Duration::from_secs(60), at(59)));
        assert!(progress.is_hopeless(Duration::from_secs(60), at(60)));
    }

    #[test]
    fn a_hundred_deliveries_are_written_at_once_and_fewer_within_a_second() {
        let mut progress = progress();
        progress.skipped(Seq(5));
        assert!(progress.save_due.unwrap() > Instant::now() + SAVED_AFTER, "nothing was delivered");
        for n in 1..u64::from(UNSAVED_MAX) {
            progress.delivered(Seq(5 + n), at(0));
        }
        assert!(progress.save_due.unwrap() > Instant::now());
        progress.delivered(Seq(200), at(0));
        assert!(progress.save_due.unwrap() <= Instant::now());
        progress.saved();
        assert!(progress.save_due.is_none());
    }

    #[test]
    fn what_the_journal_lost_is_said_and_passed_over() {
        let mut progress = progress();
        progress.lost(Seq(10), at(0));
        let note = progress.note(at(0));
        assert_eq!(
            (note.cursor, note.dead[0].seq, note.dead[0].outcome.as_str()),
            (Seq(9), Seq(5), "5 events are gone")
        );
    }
}
