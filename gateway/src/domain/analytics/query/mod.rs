//! What the counts say, for whoever asks. Minutes have one decimal place, ratios three and lie in 0.0..=1.0; what
//! is not known is `None`, never zero.

mod numbers;
mod rooms;
mod shape;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::day::{ByAssignee, DayMetrics};
use super::room_day::RoomDay;
use super::split::date_of;
use super::{Analytics, DAYS_AVERAGED};
use crate::domain::calendar::Calendar;
use crate::domain::state::State;
use crate::domain::time::Timestamp;

use numbers::change;
use shape::Shape;

pub use numbers::{Changes, Numbers};
pub use rooms::{HourReport, RoomAverage, RoomDayReport, RoomUtilization, Utilization, utilization};

/// What one day came to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DayReport {
    /// The day on the clinic's wall.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The clinic's time zone, by its IANA name.
    pub timezone: Option<String>,
    /// Anything was counted on this day. When not, nothing is known of it.
    pub recorded: bool,
    /// The day is over: its numbers stay as they are.
    pub complete: bool,
    /// How long the clinic is open on this day; today, how long it has been open so far.
    #[schema(minimum = 0)]
    pub open_minutes: f64,
    /// The numbers of the day.
    pub numbers: Numbers,
    /// The same, on average over the seven days before it.
    pub average: Numbers,
    /// How far the day is from the average, as a part of the average: 0.25 is a quarter more.
    pub change_ratio: Changes,
    /// Patients who left before anybody examined them.
    pub patients_left_unseen: Option<u32>,
    /// Its tasks.
    pub tasks: Option<TaskReport>,
    /// Action items that were written.
    pub actions_created: Option<u32>,
    /// Each room that was used or watched.
    pub rooms: Vec<RoomDayReport>,
}

/// The tasks of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TaskReport {
    /// Written.
    pub created: u32,
    /// Completed.
    pub completed: ByAssignee,
    /// Completed, by type.
    pub completed_by_type: BTreeMap<String, ByAssignee>,
    /// Could not be done.
    pub failed: u32,
    /// Need not be done.
    pub cancelled: u32,
    /// Closed tasks that rest on a drawn scene; in none of the other numbers.
    pub synthetic: u32,
}

/// Some days, and how the last of them compares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Trends {
    /// The clinic's time zone, by its IANA name.
    pub timezone: Option<String>,
    /// The days, oldest first; the last one is today.
    pub days: Vec<Trend>,
    /// The average of the seven days before today.
    pub average: Numbers,
    /// How far today is from the average, as a part of the average.
    pub change_ratio: Changes,
}

/// One day of many.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Trend {
    /// The day on the clinic's wall.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Anything was counted on this day.
    pub recorded: bool,
    /// The day is over.
    pub complete: bool,
    /// The numbers of the day.
    pub numbers: Numbers,
}

/// What the clinic's `date` came to, as of `now`; without a date, today.
pub fn day(state: &State, date: Option<Date>, now: Timestamp) -> DayReport {
    let view = View::of(state, now);
    let date = date.unwrap_or(view.today);
    let (numbers, average) = (view.numbers(&[date]), view.average_before(date));
    let shape = view.shape(date);
    let counted = view.counted.day(date);
    DayReport {
        date,
        timezone: view.timezone(),
        recorded: counted.is_some(),
        complete: date < view.today,
        open_minutes: minutes(shape.open_ms),
        change_ratio: change(&numbers, &average),
        numbers,
        average,
        patients_left_unseen: counted.map(|day| day.visits.left_unseen),
        tasks: counted.map(|day| day.into()),
        actions_created: counted.map(|day| day.actions_created),
        rooms: view.rooms_of(date).map(|day| RoomDayReport::of(day, &shape)).collect(),
    }
}

/// The last `count` days up to today, as of `now`.
pub fn trends(state: &State, count: usize, now: Timestamp) -> Trends {
    let view = View::of(state, now);
    let mut dates: Vec<Date> = view.days_before(view.today, count.saturating_sub(1)).collect();
    dates.push(view.today);
    let trend = |date: Date| Trend {
        date,
        recorded: view.counted.day(date).is_some(),
        complete: date < view.today,
        numbers: view.numbers(&[date]),
    };
    let days: Vec<Trend> = dates.into_iter().map(trend).collect();
    let average = view.average_before(view.today);
    let change_ratio = days.last().map(|today| change(&today.numbers, &average)).unwrap_or_default();
    Trends { timezone: view.timezone(), days, average, change_ratio }
}

impl From<&Arc<DayMetrics>> for TaskReport {
    fn from(day: &Arc<DayMetrics>) -> Self {
        let tasks = &day.tasks;
        Self {
            created: tasks.created,
            completed: tasks.completed,
            completed_by_type: tasks.completed_by_type.clone(),
            failed: tasks.failed,
            cancelled: tasks.cancelled,
            synthetic: tasks.synthetic,
        }
    }
}

/// The counts as of a moment, with the days that the clinic's calendar makes.
struct View<'a> {
    calendar: &'a Calendar,
    counted: Analytics,
    today: Date,
    now: Timestamp,
}

impl<'a> View<'a> {
    fn of(state: &'a State, now: Timestamp) -> Self {
        let calendar = &state.rules().calendar;
        let counted = state.analytics.as_of(calendar, now);
        Self { calendar, counted, today: date_of(&calendar.timezone, now), now }
    }

    fn timezone(&self) -> Option<String> {
        self.calendar.timezone.iana_name().map(Into::into)
    }

    fn shape(&self, date: Date) -> Shape {
        Shape::of(self.calendar, date, self.now)
    }

    fn rooms_of(&self, date: Date) -> impl Iterator<Item = &RoomDay> {
        self.counted.rooms.values().filter_map(move |log| log.days.get(&date)).map(|day| &**day)
    }

    /// The `count` days before `date`, oldest first.
    fn days_before(&self, date: Date, count: usize) -> impl Iterator<Item = Date> + use<> {
        let mut dates = Vec::with_capacity(count);
        let mut date = date;
        for _ in 0..count {
            let Ok(before) = date.yesterday() else { break };
            date = before;
            dates.push(date);
        }
        dates.into_iter().rev()
    }

    /// The average day before `date`. Days on which the clinic was closed, or of which nothing is known, are not
    /// among them.
    fn average_before(&self, date: Date) -> Numbers {
        let counts = |date: &Date| {
            self.counted.day(*date).is_some() && self.shape(*date).open_ms > 0 && *date < self.today
        };
        let dates: Vec<Date> = self.days_before(date, DAYS_AVERAGED).filter(counts).collect();
        self.numbers(&dates)
    }

    /// The numbers of `dates`: counts per recorded day, averages over all that is averaged. None without a
    /// recorded day. Rooms that rest on a drawn scene stay out.
    fn numbers(&self, dates: &[Date]) -> Numbers {
        let mut sum = Sum::default();
        for date in dates {
            let Some(day) = self.counted.day(*date) else { continue };
            sum.add_day(day);
            let real = |day: &&RoomDay| !day.synthetic && day.kind.turns_over();
            self.rooms_of(*date).filter(real).for_each(|day| sum.add_room(day));
        }
        sum.numbers()
    }
}

/// Sums over days.
#[derive(Default)]
struct Sum {
    days: u64,
    rooms: u64,
    seen: u64,
    wait_ms: u64,
    waits: u64,
    stay_ms: u64,
    stays: u64,
    by_staff: u64,
    by_agent: u64,
    actions: u64,
    sessions: u64,
    turnovers: u64,
    cleaning_wait_ms: u64,
    open_watched_ms: u64,
    open_occupied_ms: u64,
}

impl Sum {
    fn add_day(&mut self, day: &DayMetrics) {
        self.days += 1;
        self.seen += u64::from(day.visits.seen);
        self.wait_ms = self.wait_ms.saturating_add(day.visits.wait_ms_sum);
        self.waits += u64::from(day.visits.waits);
        self.stay_ms = self.stay_ms.saturating_add(day.visits.stay_ms_sum);
        self.stays += u64::from(day.visits.stays);
        self.by_staff += u64::from(day.tasks.completed.staff);
        self.by_agent += u64::from(day.tasks.completed.agent);
        self.actions += u64::from(day.actions_completed);
    }

    fn add_room(&mut self, day: &RoomDay) {
        self.rooms += 1;
        self.sessions += u64::from(day.sessions);
        self.turnovers += u64::from(day.turnovers);
        self.cleaning_wait_ms = self.cleaning_wait_ms.saturating_add(day.cleaning_wait_ms_sum);
        self.open_watched_ms = self.open_watched_ms.saturating_add(day.open_watched_ms);
        self.open_occupied_ms = self.open_occupied_ms.saturating_add(day.open_occupied_ms);
    }

    fn numbers(&self) -> Numbers {
        let per_day = |count: u64| quotient(count, self.days).map(|it| places(it, 10.0));
        // Without a room that is not drawn, nothing is known of rooms.
        let of_rooms = |count: u64| per_day(count).filter(|_| self.rooms > 0);
        Numbers {
            patients_seen: per_day(self.seen),
            average_wait_minutes: average_minutes(self.wait_ms, self.waits),
            average_visit_minutes: average_minutes(self.stay_ms, self.stays),
            tasks_by_staff: per_day(self.by_staff),
            tasks_by_agent: per_day(self.by_agent),
            actions_completed: per_day(self.actions),
            sessions: of_rooms(self.sessions),
            turnovers: of_rooms(self.turnovers),
            average_cleaning_wait_minutes: average_minutes(self.cleaning_wait_ms, self.turnovers),
            room_utilization_ratio: ratio(self.open_occupied_ms, self.open_watched_ms),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a year has 2^35 ms, and f64 counts exactly to 2^53")]
fn float(n: u64) -> f64 {
    n as f64
}

fn places(number: f64, scale: f64) -> f64 {
    (number * scale).round() / scale
}

fn quotient(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| float(part) / float(whole))
}

/// A part of a whole, 0.0..=1.0; `None` of nothing.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    quotient(part, whole).map(|ratio| places(ratio, 1_000.0))
}

fn minutes(ms: u64) -> f64 {
    places(float(ms) / 60_000.0, 10.0)
}

fn average_minutes(sum_ms: u64, count: u64) -> Option<f64> {
    quotient(sum_ms, count).map(|ms| places(ms / 60_000.0, 10.0))
}
