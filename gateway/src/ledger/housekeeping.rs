//! What the writer looks after between batches: ages, the disk's budget, and the head of the audit trail.

use std::time::Duration;

use super::turn::Turn;
use super::writer::Writer;
use super::{JOURNAL_KEPT_MIN, Settings, audit};
use crate::domain::alarm::{AlarmCause, AlarmNotice, alarm_id};
use crate::domain::command::Ask;
use crate::domain::time::Timestamp;
use crate::store::{Batch, StoreError};

/// How often the house is looked after.
pub(super) const EVERY: Duration = Duration::from_secs(600);
/// How often the head of the audit trail is said in the log, where whoever changes the store does not reach it.
const AUDIT_HEAD_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// Trims of the journal that one look makes for the budget's sake: each is a commit.
const BUDGET_TRIMS_MAX: usize = 4;
/// What the alarm about the budget is about.
const BUDGET_SUBJECT: &str = "store";

/// When what is due, and how long things are kept.
pub(super) struct House {
    due: Timestamp,
    audit_head_due: Timestamp,
    journal_kept: Duration,
    audit_kept: Duration,
    readings_kept: Duration,
    budget_bytes: Option<u64>,
    /// How large the store was when the journal was last trimmed for the budget's sake. sled uses what was freed
    /// again, but seldom gives it back: only a store that still grows beyond this is trimmed further.
    trimmed_at_bytes: u64,
}

impl House {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            due: Timestamp::default(),
            audit_head_due: Timestamp::default(),
            journal_kept: settings.journal_kept,
            audit_kept: settings.audit_kept,
            readings_kept: settings.readings_kept,
            budget_bytes: settings.budget_bytes,
            trimmed_at_bytes: 0,
        }
    }

    /// The wall clock was set: what is due moves with it.
    pub(super) fn shift_clock(&mut self, by_ms: i64) {
        self.due = self.due.shifted(by_ms);
        self.audit_head_due = self.audit_head_due.shifted(by_ms);
    }
}

impl Writer {
    /// Looks after the house, if it is time.
    pub(super) fn keep_house(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if now < self.house.due {
            return Ok(());
        }
        // What is trimmed must not be what a start would have to apply.
        self.checkpoint()?;
        let journal = self.store.trim(before(now, self.house.journal_kept), self.state.delivered_by_all())?;
        let trail = audit::trim(&self.store, before(now, self.house.audit_kept))?;
        let answers = self.forget_answers(now)?;
        let old = before(now, self.house.readings_kept);
        let readings = self.store.trim_readings(old)?;
        self.readings.forget(old);
        self.keep_budget(now)?;
        self.log_audit_head(now);
        // A full batch of old records means more of them: go on with the next turn.
        if journal == 0 && trail == 0 && answers == 0 && readings == 0 {
            self.house.due = now.plus(EVERY);
        }
        Ok(())
    }

    fn forget_answers(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let mut batch = Batch::default();
        let forgotten = self.answers.forget_expired(now, &mut batch);
        if forgotten > 0 {
            self.store.commit(batch)?;
        }
        Ok(forgotten)
    }

    /// Trims the journal and the readings of a store that grows beyond its budget, and raises or clears the alarm about it.
    fn keep_budget(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let Some(budget_bytes) = self.house.budget_bytes else { return self.say_budget(None, now) };
        let bytes = self.store.bytes_on_disk()?;
        if bytes > budget_bytes.max(self.house.trimmed_at_bytes) {
            let (mut packs, mut minutes) = (0, 0);
            for _ in 0..BUDGET_TRIMS_MAX {
                // Nobody is waited for: the disk is the clinic's.
                packs += self.store.trim(before(now, JOURNAL_KEPT_MIN), None)?;
                minutes += self.trim_a_day_of_readings(now)?;
            }
            let store_bytes = bytes;
            tracing::warn!(
                store_bytes,
                budget_bytes,
                packs,
                minutes,
                "the store is over its budget; old events and readings are trimmed"
            );
            self.house.trimmed_at_bytes = bytes;
        }
        self.say_budget((bytes > budget_bytes).then_some(budget_bytes), now)
    }

    /// Trims what is left of the oldest day of readings, of all series alike.
    fn trim_a_day_of_readings(&self, now: Timestamp) -> Result<usize, StoreError> {
        let Some(oldest) = self.store.oldest_minute()? else { return Ok(0) };
        let next_day = oldest.begins().plus(Duration::from_secs(24 * 3_600));
        self.store.trim_readings(next_day.min(before(now, JOURNAL_KEPT_MIN)))
    }

    fn say_budget(&mut self, exceeded_bytes: Option<u64>, now: Timestamp) -> Result<(), StoreError> {
        let id = alarm_id(AlarmCause::StoreBudget, BUDGET_SUBJECT);
        let stands = self.state.alarms.get(&id).is_some_and(|alarm| alarm.is_standing());
        let ask = match exceeded_bytes {
            // Raised again with the same words it changes nothing.
            Some(budget_bytes) => Ask::RaiseAlarm(budget_notice(budget_bytes)),
            None if stands => Ask::ClearAlarm(id),
            None => return Ok(()),
        };
        let mut turn = Turn::default();
        self.take_own(ask, now, &mut turn);
        self.finish(turn, now)
    }

    fn log_audit_head(&mut self, now: Timestamp) {
        if now >= self.house.audit_head_due {
            let head = self.audit.head();
            tracing::info!(audit.n = head.n, audit.hash = %head.hash, "audit head");
            self.house.audit_head_due = now.plus(AUDIT_HEAD_EVERY);
        }
    }
}

fn before(now: Timestamp, kept: Duration) -> Timestamp {
    now.shifted(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX).saturating_neg())
}

fn budget_notice(budget_bytes: u64) -> AlarmNotice {
    let budget_mib = budget_bytes >> 20;
    AlarmNotice {
        cause: AlarmCause::StoreBudget,
        subject: BUDGET_SUBJECT.into(),
        text: format!(
            "the store takes more than its {budget_mib} MiB of the disk; old events and readings are kept for less long"
        ),
        remedy: "give it more room (store.budget_mib), or keep fewer days of events (store.journal_days) or readings (store.readings_days)"
            .into(),
        children: Vec::new(),
    }
}
