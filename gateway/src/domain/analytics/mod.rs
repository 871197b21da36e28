//! What the days came to: how rooms were used, and what was done. Counted from committed events alone, as they
//! are applied, so that the journal played again gives the same numbers.
//!
//! A stretch of time in a room is counted when it ends; the one that goes on is kept beside the counts
//! ([`UnderWay`]) and added by whoever asks ([`Analytics::as_of`]). What nobody watched (the gateway did not run, a
//! camera was lost) is neither occupied nor empty. `docs/utilization.md` defines each number.
//!
//! It never decides anything about the ward, and nothing in it names a person.

mod day;
mod query;
mod room_day;
mod rooms;
mod split;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use imbl::OrdMap;
use jiff::civil::Date;

use super::action::{ActionItem, ActionStatus};
use super::calendar::Calendar;
use super::entity::EntityKey;
use super::event::Event;
use super::id::{ActionId, RoomId, TaskId};
use super::room::Room;
use super::task::Task;
use super::time::Timestamp;

use rooms::RoomLog;

pub use day::{ByAssignee, DayKey, DayMetrics, OTHER_TASKS, TaskCounts, Visits};
pub use query::{
    Changes, DayReport, HourReport, Numbers, RoomAverage, RoomDayReport, RoomUtilization, TaskReport, Trend,
    Trends, Utilization, day, trends, utilization,
};
pub use room_day::{HourUse, RoomDay, RoomDayKey, Session, UnderWay};

/// Days that are kept, in memory and in the store: a month can be set beside the same month a year ago. With 30
/// rooms that is about 5 MB (a room's day takes some 400 bytes).
pub const DAYS_KEPT: usize = 400;
/// Of a stretch that goes on for longer, only so many days before its end are counted: an event's batch stays
/// small after a box stood in a cupboard.
pub const STRETCH_DAYS_MAX: u32 = 35;
/// Types of tasks that one day counts apart. With the longest words that is 2 KiB; a record holds 7.
pub const TASK_TYPES_PER_DAY_MAX: usize = 24;
/// A visit that lasts so long was not closed when the patient left.
pub const VISIT_MAX: Duration = Duration::from_secs(24 * 3_600);
/// The complete days that a day is compared with.
pub const DAYS_AVERAGED: usize = 7;

/// What the days came to. Cloning costs a few pointers.
#[derive(Clone, Debug, Default)]
pub struct Analytics {
    /// By date. Every day on which anything was counted is here, rooms' days too.
    days: OrdMap<Date, Arc<DayMetrics>>,
    rooms: OrdMap<RoomId, RoomLog>,
    /// When the newest event became true.
    newest: Timestamp,
}

/// The clinic before an event.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) rooms: &'a OrdMap<RoomId, Arc<Room>>,
    pub(crate) tasks: &'a OrdMap<TaskId, Arc<Task>>,
    pub(crate) actions: &'a OrdMap<ActionId, Arc<ActionItem>>,
}

/// Counts that an event moves, with what that needs: the days as the clinic's calendar cuts them, the time, and
/// where to say what has changed.
struct Counting<'a> {
    analytics: &'a mut Analytics,
    calendar: &'a Calendar,
    at: Timestamp,
    changed: &'a mut BTreeSet<EntityKey>,
}

impl Analytics {
    /// What the clinic's `date` came to, as far as it is counted.
    pub fn day(&self, date: Date) -> Option<&Arc<DayMetrics>> {
        self.days.get(&date)
    }

    /// How `room` was used on `date`, as far as it is counted.
    pub fn room_day(&self, room: &RoomId, date: Date) -> Option<&Arc<RoomDay>> {
        self.rooms.get(room)?.days.get(&date)
    }

    /// Every day that is kept, by date.
    pub fn days(&self) -> impl Iterator<Item = &Arc<DayMetrics>> {
        self.days.values()
    }

    /// Every room's every day, by room and date.
    pub fn room_days(&self) -> impl Iterator<Item = &Arc<RoomDay>> {
        self.rooms.values().flat_map(|log| log.days.values())
    }

    /// The same counts, with what goes on in the rooms added up to `now`.
    #[must_use]
    pub fn as_of(&self, calendar: &Calendar, now: Timestamp) -> Self {
        let mut counted = self.clone();
        let mut counting =
            Counting { analytics: &mut counted, calendar, at: now, changed: &mut BTreeSet::new() };
        for id in self.rooms.keys() {
            counting.count_room(id, now);
        }
        counted
    }

    /// Counts what `event` means, before the clinic changes. Adds the keys of what it moved to `changed`.
    pub(crate) fn follow(
        &mut self,
        event: &Event,
        before: &Before<'_>,
        calendar: &Calendar,
        at: Timestamp,
        changed: &mut BTreeSet<EntityKey>,
    ) {
        Counting { analytics: self, calendar, at, changed }.follow(event, before);
        self.newest = at;
    }

    /// Says when the newest event became true. Nobody watched between it and the next start.
    pub(crate) fn resumed_after(&mut self, newest: Timestamp) {
        self.newest = newest;
    }

    pub(crate) fn put_day(&mut self, day: Arc<DayMetrics>) {
        self.days.insert(day.date, day);
    }

    pub(crate) fn put_room_day(&mut self, day: Arc<RoomDay>) {
        self.rooms.entry(day.room_id.clone()).or_default().put(day);
    }
}

impl Counting<'_> {
    fn follow(&mut self, event: &Event, before: &Before<'_>) {
        match event {
            Event::GatewayStarted { .. } => self.gateway_started(before.rooms.values()),
            Event::ClockStepped { by_ms } => self.clock_stepped(*by_ms),
            Event::RoomCreated(room) | Event::RoomUpdated(room) => self.room_changed(room),
            Event::RoomDeleted(id) => self.room_deleted(id),
            Event::TaskCreated(task) => self.today().tasks.count_new(task),
            Event::TaskUpdated(task) => {
                let was_open = before.tasks.get(&task.id).is_none_or(|task| !task.status.is_closed());
                if was_open && task.status.is_closed() {
                    self.today().tasks.count_closed(task);
                }
            }
            Event::ActionCreated(_) => {
                let today = self.today();
                today.actions_created = today.actions_created.saturating_add(1);
            }
            Event::ActionUpdated(item) => {
                let is_done = |item: &ActionItem| item.status == ActionStatus::Completed;
                if is_done(item) && before.actions.get(&item.id).is_none_or(|item| !is_done(item)) {
                    let today = self.today();
                    today.actions_completed = today.actions_completed.saturating_add(1);
                }
            }
            Event::VisitClosed(visit) => {
                // One that was forgotten has no end that anybody saw.
                if let Some(departed) = visit.departed_at {
                    self.visit_ended(visit.arrived_at, visit.examined_at, departed);
                }
            }
            Event::ClinicImported
            | Event::EquipmentCreated(_)
            | Event::EquipmentUpdated(_)
            | Event::DoctorCreated(_)
            | Event::ActionDeleted(_)
            | Event::TaskDeleted(_)
            | Event::AlarmRaised(_)
            | Event::AlarmCleared(_)
            | Event::AlarmAcknowledged(_)
            | Event::CameraUpdated(_)
            | Event::CameraRemoved(_)
            | Event::DeviceUpdated(_)
            | Event::DeviceRemoved(_)
            | Event::AutomationChanged(_)
            | Event::AgentChanged(_)
            | Event::VisitUpdated(_)
            | Event::EquipmentDeleted(_)
            | Event::DoctorUpdated(_)
            | Event::DoctorDeleted(_) => {}
        }
    }

    /// Counts a visit that has ended, on the day of its end.
    fn visit_ended(&mut self, arrived: Timestamp, examined: Option<Timestamp>, departed: Timestamp) {
        self.today().visits.count(arrived, examined, departed);
    }

    /// The clinic's day of the event, which is about to change.
    fn today(&mut self) -> &mut DayMetrics {
        let date = split::date_of(&self.calendar.timezone, self.at);
        self.day_of(date)
    }

    /// The clinic's `date`, which is about to change.
    fn day_of(&mut self, date: Date) -> &mut DayMetrics {
        if !self.analytics.days.contains_key(&date) {
            self.begin(date);
        }
        let day = self.analytics.days.get_mut(&date).expect("it was there, or has just begun");
        self.changed.insert(EntityKey::Day(day.key()));
        Arc::make_mut(day)
    }

    /// Begins to count `date`, and lets the oldest day go when there are too many.
    ///
    /// By number, not by age: a clock that once ran years ahead must not cost the clinic its past.
    fn begin(&mut self, date: Date) {
        let day = DayMetrics::of(date);
        self.changed.insert(EntityKey::Day(day.key()));
        self.analytics.days.insert(date, Arc::new(day));
        if self.analytics.days.len() <= DAYS_KEPT {
            return;
        }
        let Some(oldest) = self.analytics.days.values().find(|day| day.date != date).cloned() else { return };
        self.analytics.days.remove(&oldest.date);
        self.changed.insert(EntityKey::Day(oldest.key()));
        self.forget_rooms(oldest.date);
    }
}
