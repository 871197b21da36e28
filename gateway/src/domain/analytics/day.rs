//! What is kept of a day: visits, tasks and action items. Rooms have records of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{TASK_TYPES_PER_DAY_MAX, VISIT_MAX};
use crate::domain::task::{Assignee, Task, TaskStatus};
use crate::domain::time::Timestamp;

/// The type under which tasks are counted whose own type is a sentence, or one too many.
pub const OTHER_TASKS: &str = "other";
/// The longest type of task that is counted under its own name, in bytes: the clinic's words are short.
const TASK_TYPE_BYTES_MAX: usize = 32;

/// Names what one day came to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayKey {
    date: Date,
    text: Arc<str>,
}

impl DayKey {
    /// The day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The day as text, such as `2026-02-06`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// What one day came to. Counts what became true on that day; nothing in it names a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DayMetrics {
    /// The day on the clinic's wall.
    pub date: Date,
    /// Visits that ended.
    pub visits: Visits,
    /// Tasks that were written or closed.
    pub tasks: TaskCounts,
    /// Action items that were written.
    pub actions_created: u32,
    /// Action items that were completed.
    pub actions_completed: u32,
}

impl Default for DayMetrics {
    fn default() -> Self {
        Self::of(Date::ZERO)
    }
}

impl DayMetrics {
    /// A day on which nothing has happened yet.
    pub(super) fn of(date: Date) -> Self {
        let (visits, tasks) = (Visits::default(), TaskCounts::default());
        Self { date, visits, tasks, actions_created: 0, actions_completed: 0 }
    }

    /// The key that the day is stored under.
    pub fn key(&self) -> DayKey {
        DayKey { date: self.date, text: self.date.to_string().into() }
    }
}

/// Visits that ended on a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visits {
    /// Patients who were examined.
    pub seen: u32,
    /// Patients who left before anybody examined them.
    pub left_unseen: u32,
    /// Arrival to examination, of those in `waits`.
    pub wait_ms_sum: u64,
    /// How many waits are known.
    pub waits: u32,
    /// Arrival to departure, of those in `stays`.
    pub stay_ms_sum: u64,
    /// How many lengths of visits are known.
    pub stays: u32,
}

impl Visits {
    /// Counts a visit that has ended. One that seems to last [`VISIT_MAX`] was not closed when the patient
    /// left: the patient counts, the time does not.
    pub(super) fn count(&mut self, arrived: Timestamp, examined: Option<Timestamp>, departed: Timestamp) {
        let known = |from: Timestamp, until: Timestamp| {
            let ms = until.since(from);
            (until >= from && ms < VISIT_MAX).then(|| ms_of(ms))
        };
        match examined {
            Some(_) => self.seen = self.seen.saturating_add(1),
            None => self.left_unseen = self.left_unseen.saturating_add(1),
        }
        let stay = known(arrived, departed);
        if let Some(ms) = stay {
            self.stay_ms_sum = self.stay_ms_sum.saturating_add(ms);
            self.stays = self.stays.saturating_add(1);
        }
        if let Some(ms) = examined.and_then(|examined| known(arrived, examined)) {
            self.wait_ms_sum = self.wait_ms_sum.saturating_add(ms);
            self.waits = self.waits.saturating_add(1);
        }
    }
}

/// Tasks of a day. What rests on a drawn scene is counted in `synthetic` and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskCounts {
    /// Written.
    pub created: u32,
    /// Completed, by who was to do them.
    pub completed: ByAssignee,
    /// Completed, by type; at most [`TASK_TYPES_PER_DAY_MAX`] types, the rest under [`OTHER_TASKS`].
    pub completed_by_type: BTreeMap<String, ByAssignee>,
    /// Could not be done.
    pub failed: u32,
    /// Need not be done.
    pub cancelled: u32,
    /// Completed, failed or cancelled tasks that rest on a drawn scene.
    pub synthetic: u32,
}

/// A count, apart by who was to do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ByAssignee {
    /// The staff, or one of them.
    pub staff: u32,
    /// The agent.
    pub agent: u32,
}

impl ByAssignee {
    fn add(&mut self, assignee: &Assignee) {
        let count = match assignee {
            Assignee::Staff | Assignee::User(_) => &mut self.staff,
            Assignee::Agent => &mut self.agent,
        };
        *count = count.saturating_add(1);
    }
}

impl TaskCounts {
    pub(super) fn count_new(&mut self, task: &Task) {
        if !task.synthetic {
            self.created = self.created.saturating_add(1);
        }
    }

    /// Counts a task that is closed now and was not before.
    pub(super) fn count_closed(&mut self, task: &Task) {
        let count = match task.status {
            _ if task.synthetic => &mut self.synthetic,
            TaskStatus::Completed => {
                self.completed.add(&task.draft.assignee);
                return self.of_type(&task.draft.kind).add(&task.draft.assignee);
            }
            TaskStatus::Failed => &mut self.failed,
            TaskStatus::Cancelled => &mut self.cancelled,
            TaskStatus::Proposed | TaskStatus::Pending | TaskStatus::InProgress => return,
        };
        *count = count.saturating_add(1);
    }

    fn of_type(&mut self, kind: &str) -> &mut ByAssignee {
        let is_known = self.completed_by_type.contains_key(kind);
        // The last place is for the rest of them.
        let has_room = self.completed_by_type.len() + 1 < TASK_TYPES_PER_DAY_MAX;
        let kind = if is_word(kind) && (is_known || has_room) { kind } else { OTHER_TASKS };
        self.completed_by_type.entry(kind.into()).or_default()
    }
}

/// True for a type that is a word. A sentence may name somebody, and numbers name nobody.
fn is_word(kind: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=TASK_TYPE_BYTES_MAX).contains(&kind.len()) && kind.bytes().all(is_plain)
}

/// Whole milliseconds.
pub(super) fn ms_of(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_unix_ms(1_770_388_200_000 + minutes * 60_000)
    }

    fn minutes(ms: u64) -> u64 {
        ms / 60_000
    }

    #[test]
    fn a_visit_is_counted_with_its_wait_and_its_length() {
        let mut visits = Visits::default();
        visits.count(at(0), Some(at(12)), at(40));
        visits.count(at(5), Some(at(35)), at(95));
        assert_eq!((visits.seen, visits.left_unseen), (2, 0));
        assert_eq!((visits.waits, minutes(visits.wait_ms_sum)), (2, 42));
        assert_eq!((visits.stays, minutes(visits.stay_ms_sum)), (2, 130));
    }

    #[test]
    fn who_leaves_before_an_examination_was_not_seen_and_did_not_wait_for_one() {
        let mut visits = Visits::default();
        visits.count(at(0), None, at(50));
        assert_eq!((visits.seen, visits.left_unseen, visits.waits), (0, 1, 0));
        assert_eq!((visits.stays, minutes(visits.stay_ms_sum)), (1, 50));
    }

    #[test]
    fn a_visit_that_nobody_closed_or_that_ends_before_it_begins_has_no_length() {
        let mut visits = Visits::default();
        visits.count(at(0), Some(at(20)), at(24 * 60));
        visits.count(at(0), Some(at(-10)), at(-5));
        assert_eq!((visits.seen, visits.stays, visits.stay_ms_sum), (2, 0, 0));
        assert_eq!((visits.waits, minutes(visits.wait_ms_sum)), (1, 20));
    }
}
