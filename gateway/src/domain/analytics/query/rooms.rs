//! The use of each room.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Shape, View, average_minutes, minutes, places, quotient, ratio};
use crate::domain::analytics::DAYS_AVERAGED;
use crate::domain::analytics::room_day::{HourUse, RoomDay};
use crate::domain::id::RoomId;
use crate::domain::room::{Room, RoomKind};
use crate::domain::state::State;
use crate::domain::time::Timestamp;

/// The use of all rooms.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Utilization {
    /// Today, on the clinic's wall.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The clinic's time zone, by its IANA name.
    pub timezone: Option<String>,
    /// How long the clinic has been open today.
    #[schema(minimum = 0)]
    pub open_minutes: f64,
    /// Each room, by id.
    pub rooms: Vec<RoomUtilization>,
}

/// The use of one room.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoomUtilization {
    /// The room.
    #[schema(value_type = String, example = "room-1")]
    pub room_id: RoomId,
    /// The name on the door.
    pub name: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: RoomKind,
    /// Today so far.
    pub today: RoomDayReport,
    /// Today by the hours of the clinic's clocks: always 24.
    #[schema(min_items = 24, max_items = 24)]
    pub hours: Vec<HourReport>,
    /// Per hour of the clinic's clocks, the part of the watched time in which the room was occupied, over the days
    /// of `history`: always 24. What is not known is `null`.
    #[schema(min_items = 24, max_items = 24)]
    pub hourly_average: Vec<Option<f64>>,
    /// The average day of `history`.
    pub average: RoomAverage,
    /// The seven days before today, oldest first.
    pub history: Vec<RoomDayReport>,
}

/// One room on one day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoomDayReport {
    /// The day on the clinic's wall.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The room.
    #[schema(value_type = String, example = "room-1")]
    pub room_id: RoomId,
    /// Sessions that began.
    pub sessions: Option<u32>,
    /// How long the room was occupied in a session that ended, on average.
    #[schema(minimum = 0)]
    pub average_session_minutes: Option<f64>,
    /// The same of the longest one.
    #[schema(minimum = 0)]
    pub longest_session_minutes: Option<f64>,
    /// How long it was occupied.
    #[schema(minimum = 0)]
    pub occupied_minutes: Option<f64>,
    /// How long nobody knows whether it was.
    #[schema(minimum = 0)]
    pub unknown_minutes: f64,
    /// Of the opening hours in which it was watched, the part in which it was occupied.
    #[schema(minimum = 0, maximum = 1)]
    pub utilization_ratio: Option<f64>,
    /// The hour of the clinic's clocks in which it was occupied for longest, 0..=23; the first of equals.
    #[schema(maximum = 23)]
    pub peak_hour: Option<u8>,
    /// How often it was made clean after use.
    pub turnovers: Option<u32>,
    /// How long it waited for that.
    #[schema(minimum = 0)]
    pub average_cleaning_wait_minutes: Option<f64>,
    /// Something of this rests on a drawn scene, not on the world.
    pub synthetic: bool,
}

/// One hour of the clinic's clocks.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HourReport {
    /// 0..=23.
    #[schema(maximum = 23)]
    pub hour: u8,
    /// How long the hour has lasted: 60, or what the clocks make of it, or what has passed of it.
    #[schema(minimum = 0)]
    pub minutes: f64,
    /// How long the room was occupied.
    #[schema(minimum = 0)]
    pub occupied_minutes: Option<f64>,
    /// Of the time in which it was watched, the part in which it was occupied.
    #[schema(minimum = 0, maximum = 1)]
    pub utilization_ratio: Option<f64>,
}

/// The average day of a room.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoomAverage {
    /// How many days it rests on: those on which the room was watched.
    #[schema(maximum = 7)]
    pub days: usize,
    /// Sessions that began.
    #[schema(minimum = 0)]
    pub sessions: Option<f64>,
    /// How long the room was occupied.
    #[schema(minimum = 0)]
    pub occupied_minutes: Option<f64>,
    /// Of the opening hours in which it was watched, the part in which it was occupied.
    #[schema(minimum = 0, maximum = 1)]
    pub utilization_ratio: Option<f64>,
    /// Something of this rests on a drawn scene.
    pub synthetic: bool,
}

/// The use of every room, as of `now`.
pub fn utilization(state: &State, now: Timestamp) -> Utilization {
    let view = View::of(state, now);
    let today = view.shape(view.today);
    let before = view.days_before(view.today, DAYS_AVERAGED).map(|date| (date, view.shape(date)));
    let before: Vec<(Date, Shape)> = before.collect();
    let rooms = state.rooms.values().map(|room| view.room(room, &today, &before)).collect();
    Utilization { date: view.today, timezone: view.timezone(), open_minutes: minutes(today.open_ms), rooms }
}

impl View<'_> {
    fn room(&self, room: &Room, today: &Shape, before: &[(Date, Shape)]) -> RoomUtilization {
        let on = |date: Date| self.counted.room_day(&room.id, date).map(|day| &**day);
        let days: Vec<&RoomDay> = before.iter().filter_map(|(date, _)| on(*date)).collect();
        let report = |date: Date, shape: &Shape| match on(date) {
            Some(day) => RoomDayReport::of(day, shape),
            None => RoomDayReport::of(&RoomDay::of(room.id.clone(), room.kind, date), shape),
        };
        RoomUtilization {
            room_id: room.id.clone(),
            name: room.name.clone(),
            kind: room.kind,
            today: report(self.today, today),
            hours: hours(on(self.today), today),
            hourly_average: (0..24).map(|hour| average_hour(&days, hour)).collect(),
            average: RoomAverage::of(&days),
            history: before.iter().map(|(date, shape)| report(*date, shape)).collect(),
        }
    }
}

fn hours(day: Option<&RoomDay>, shape: &Shape) -> Vec<HourReport> {
    let report = |hour: u8| {
        let used = day.and_then(|day| used(day, hour));
        HourReport {
            hour,
            minutes: minutes(shape.hours_ms[usize::from(hour)]),
            occupied_minutes: used.map(|used| minutes(used.occupied_ms.into())),
            utilization_ratio: used.and_then(|used| ratio(used.occupied_ms.into(), used.watched_ms.into())),
        }
    };
    (0..24).map(report).collect()
}

fn used(day: &RoomDay, hour: u8) -> Option<&HourUse> {
    day.hours.iter().find(|used| used.hour == hour)
}

fn average_hour(days: &[&RoomDay], hour: u8) -> Option<f64> {
    let used = || days.iter().filter_map(|day| used(day, hour));
    let occupied_ms: u64 = used().map(|used| u64::from(used.occupied_ms)).sum();
    let watched_ms: u64 = used().map(|used| u64::from(used.watched_ms)).sum();
    ratio(occupied_ms, watched_ms)
}

impl RoomAverage {
    fn of(days: &[&RoomDay]) -> Self {
        let watched: Vec<&&RoomDay> = days.iter().filter(|day| is_known(day)).collect();
        let count = u64::try_from(watched.len()).unwrap_or(u64::MAX);
        let sum = |of: fn(&RoomDay) -> u64| watched.iter().map(|day| of(day)).fold(0, u64::saturating_add);
        Self {
            days: watched.len(),
            sessions: quotient(sum(|day| day.sessions.into()), count).map(|it| places(it, 10.0)),
            occupied_minutes: average_minutes(sum(RoomDay::occupied_ms), count),
            utilization_ratio: ratio(sum(|day| day.open_occupied_ms), sum(|day| day.open_watched_ms)),
            synthetic: watched.iter().any(|day| day.synthetic),
        }
    }
}

/// True when anything is known of the room on that day.
fn is_known(day: &RoomDay) -> bool {
    day.watched_ms() > 0 || day.sessions > 0 || day.turnovers > 0
}

impl RoomDayReport {
    pub(super) fn of(day: &RoomDay, shape: &Shape) -> Self {
        let known = is_known(day);
        let occupied_ms = day.occupied_ms();
        // The first of equals; `max_by_key` alone gives the last.
        let peak =
            day.hours.iter().rev().filter(|hour| hour.occupied_ms > 0).max_by_key(|hour| hour.occupied_ms);
        Self {
            date: day.date,
            room_id: day.room_id.clone(),
            sessions: known.then_some(day.sessions),
            average_session_minutes: average_minutes(day.session_ms_sum, day.sessions_ended.into()),
            longest_session_minutes: (day.sessions_ended > 0).then(|| minutes(day.session_ms_max)),
            occupied_minutes: known.then(|| minutes(occupied_ms)),
            unknown_minutes: minutes(shape.elapsed_ms.saturating_sub(day.watched_ms())),
            utilization_ratio: ratio(day.open_occupied_ms, day.open_watched_ms),
            peak_hour: peak.map(|hour| hour.hour),
            turnovers: known.then_some(day.turnovers),
            average_cleaning_wait_minutes: average_minutes(day.cleaning_wait_ms_sum, day.turnovers.into()),
            synthetic: day.synthetic,
        }
    }
}
