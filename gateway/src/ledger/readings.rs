//! Readings on their way to the disk: the minute of each series that is under way.
//!
//! A reading is filed under the minute in which it was measured. What is filed waits in memory for the next commit,
//! which writes each minute once, whole, however many readings came to it. A reading of somebody who is answered makes
//! its batch commit, so that what is acknowledged is on the disk; one of the gateway's own cameras waits for the next
//! commit or [`UNWRITTEN_MAX`]: it is worth no sync of its own every second, and is shown meanwhile.
//!
//! A reading may come late: its minute is read again from the disk and goes on. One that is older than [`LATE_MAX`] is
//! counted and dropped, and so is a new series beyond [`SERIES_MAX`]: never an old one. Nothing comes from the future:
//! the rules hold a sender's time to now.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Gauge};

use super::metrics::{READINGS, READINGS_SERIES};
use super::newest::Newest;
use super::{Handle, StoreError};
use crate::domain::bound_device::Mark;
use crate::domain::id::DeviceId;
use crate::domain::reading::{Reading, Series};
use crate::domain::rollup::{Minute, Point, Rollup, points};
use crate::domain::time::Timestamp;
use crate::store::{Batch, Store};

/// Series that are kept: a clinic of 500 rooms and 2,000 pieces of equipment has less than 3,000. Each takes some
/// hundred bytes of memory, and at most 1.2 MiB of the disk a day.
pub const SERIES_MAX: usize = 4_096;
/// How late a reading may come.
pub const LATE_MAX: Duration = Duration::from_secs(3_600);
/// How long a camera's readings wait for a commit at most.
pub const UNWRITTEN_MAX: Duration = Duration::from_secs(60);

/// What is being measured.
pub(super) struct Readings {
    series: HashMap<Series, Open>,
    /// Minutes that the disk does not have as they are, besides the open ones.
    unwritten: BTreeMap<(Series, Minute), Rollup>,
    /// The newest messages of devices that the disk does not have. They go with the next commit, which there is: each
    /// came with an event or a reading.
    marks: HashMap<DeviceId, Option<Mark>>,
    /// What was measured since readers were told.
    news: HashMap<Series, Reading>,
    newest: Newest,
    /// Somebody is about to be answered.
    is_owed: bool,
    /// Since when something waits for a commit.
    waits_since: Option<Timestamp>,
    /// A series too many was refused, and the log says so.
    is_full: bool,
    store: Arc<Store>,
    meters: Meters,
}

/// A series, and the minute that its last reading belongs to.
struct Open {
    minute: Minute,
    rollup: Rollup,
    is_written: bool,
    /// When its newest value was measured.
    newest_at: Timestamp,
}

struct Meters {
    kept: Counter,
    late: Counter,
    refused: Counter,
    series: Gauge,
}

impl Readings {
    /// What the store has, so that a minute goes on where the process before left it.
    pub(super) fn open(store: &Arc<Store>) -> Result<Self, StoreError> {
        let mut series = HashMap::new();
        let mut newest = Vec::new();
        for (of, minute, rollup) in store.newest_minutes()? {
            let at = minute.begins().shifted(rollup.last_ms.into());
            newest.push(Reading { series: of.clone(), value: rollup.last, at });
            series.insert(of, Open { minute, rollup, is_written: true, newest_at: at });
        }
        newest.sort_by_key(|reading| reading.at);
        let outcome = |outcome: &'static str| {
            let counter = metrics::counter!(READINGS, "outcome" => outcome);
            counter.increment(0);
            counter
        };
        let meters = Meters {
            kept: outcome("kept"),
            late: outcome("late"),
            refused: outcome("refused"),
            series: metrics::gauge!(READINGS_SERIES),
        };
        meters.count(series.len());
        Ok(Self {
            series,
            unwritten: BTreeMap::new(),
            marks: HashMap::new(),
            news: HashMap::new(),
            newest: Newest::new(newest),
            is_owed: false,
            waits_since: None,
            is_full: false,
            store: store.clone(),
            meters,
        })
    }

    /// The newest values, for readers.
    pub(super) fn newest(&self) -> &Newest {
        &self.newest
    }

    /// Files what a command measured. `is_answered`: somebody is told that it is on the disk.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub(super) fn take(
        &mut self,
        readings: Vec<Reading>,
        is_answered: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for reading in readings {
            if !reading.is_sound() {
                self.meters.refused.increment(1);
            } else if now.since(reading.at) > LATE_MAX {
                self.meters.late.increment(1);
            } else if !self.series.contains_key(&reading.series) && self.series.len() >= SERIES_MAX {
                self.refuse(&reading.series);
            } else {
                self.file(reading, now)?;
                self.is_owed |= is_answered;
                self.waits_since.get_or_insert(now);
            }
        }
        Ok(())
    }

    /// Remembers which messages of devices the readings and events so far come from.
    pub(super) fn mark(&mut self, marks: Vec<(DeviceId, Option<Mark>)>) {
        self.marks.extend(marks);
    }

    fn refuse(&mut self, series: &Series) {
        self.meters.refused.increment(1);
        if !std::mem::replace(&mut self.is_full, true) {
            let (series_max, series) = (SERIES_MAX, series.to_string());
            tracing::warn!(series_max, series, "too many series of readings; a new one is not kept");
        }
    }

    fn file(&mut self, reading: Reading, now: Timestamp) -> Result<(), StoreError> {
        let (minute, offset_ms) = Minute::of(reading.at);
        match self.series.get(&reading.series) {
            Some(open) if open.minute == minute => {}
            open => {
                let newest_at = open.map(|open| open.newest_at);
                self.turn_to(&reading, minute, newest_at)?;
            }
        }
        let open = self.series.get_mut(&reading.series).expect("it was opened");
        // Of a reading that is the first of its minute, the roll-up was made.
        if open.rollup.count > 0 {
            open.rollup.add(offset_ms, reading.value);
        } else {
            open.rollup = Rollup::new(offset_ms, reading.value);
        }
        open.is_written = false;
        self.meters.kept.increment(1);
        // One from the future is of a time when the clock was wrong.
        if reading.at >= open.newest_at || open.newest_at > now {
            open.newest_at = reading.at;
            self.news.insert(reading.series.clone(), reading);
        }
        Ok(())
    }

    /// Closes the open minute of a series, and opens another one, as it is on the disk if it is there.
    fn turn_to(
        &mut self,
        reading: &Reading,
        minute: Minute,
        newest_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let series = &reading.series;
        let waiting = self.unwritten.remove(&(series.clone(), minute));
        let (rollup, is_written) = match waiting {
            Some(rollup) => (Some(rollup), false),
            None => (self.store.minute(series, minute)?, true),
        };
        let rollup = rollup.unwrap_or(Rollup { count: 0, ..Rollup::new(0, 0.0) });
        let newest_at = newest_at.unwrap_or_default();
        let before = self.series.insert(series.clone(), Open { minute, rollup, is_written, newest_at });
        match before {
            Some(before) if !before.is_written => {
                self.unwritten.insert((series.clone(), before.minute), before.rollup);
            }
            Some(_) => {}
            None => self.meters.count(self.series.len()),
        }
        Ok(())
    }

    /// When what waits has to be written at the latest.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.waits_since.map(|since| since.plus(UNWRITTEN_MAX))
    }

    /// True when this batch has to commit for their sake.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.is_owed || self.due().is_some_and(|due| due <= now)
    }

    /// True when the disk lacks something.
    pub(super) fn is_unwritten(&self) -> bool {
        self.waits_since.is_some()
    }

    /// Adds to `batch` what the disk lacks.
    pub(super) fn write(&self, batch: &mut Batch) {
        for (device, mark) in &self.marks {
            batch.put_mark(device, mark.as_ref());
        }
        if !self.is_unwritten() {
            return;
        }
        for ((series, minute), rollup) in &self.unwritten {
            batch.put_minute(series, *minute, rollup);
        }
        for (series, open) in self.series.iter().filter(|(_, open)| !open.is_written) {
            batch.put_minute(series, open.minute, &open.rollup);
        }
    }

    /// The batch is committed.
    pub(super) fn written(&mut self) {
        self.marks.clear();
        if !self.is_unwritten() {
            return;
        }
        self.unwritten.clear();
        self.series.values_mut().for_each(|open| open.is_written = true);
        (self.is_owed, self.waits_since) = (false, None);
    }

    /// Tells readers what was measured. After the commit, if there is one.
    pub(super) fn publish(&mut self) {
        if !self.news.is_empty() {
            self.newest.publish(self.news.drain().map(|(_, reading)| reading));
        }
    }

    /// The wall clock was set.
    pub(super) fn shift_clock(&mut self, by_ms: i64) {
        self.waits_since = self.waits_since.map(|since| since.shifted(by_ms));
    }

    /// Forgets series of which nothing was measured since `before`: the disk has nothing of them either.
    pub(super) fn forget(&mut self, before: Timestamp) {
        let newest = &self.newest;
        self.series.retain(|series, open| {
            let is_kept = open.newest_at >= before || !open.is_written;
            if !is_kept {
                newest.forget(series);
            }
            is_kept
        });
        self.is_full &= self.series.len() >= SERIES_MAX;
        self.meters.count(self.series.len());
    }
}

impl Meters {
    fn count(&self, series: usize) {
        self.series.set(f64::from(u32::try_from(series).unwrap_or(u32::MAX)));
    }
}

impl Handle {
    /// The points of `series` in `span` by steps of `step`, as the disk has it. Reads the disk.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn readings_in(
        &self,
        series: &Series,
        span: &Range<Timestamp>,
        step: Duration,
    ) -> Result<Vec<Point>, StoreError> {
        let (Minute(first), _) = Minute::of(span.start);
        let (Minute(last), _) = Minute::of(span.end);
        // The last one may begin before the end.
        let minutes = Minute(first)..Minute(last.saturating_add(1));
        points(self.store().minutes(series, minutes), span, step)
    }
}
