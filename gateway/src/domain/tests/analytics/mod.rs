//! Sentences about what the days came to.

mod days;
mod properties;
mod rooms;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::*;
use crate::domain::analytics::{RoomDay, RoomUtilization, utilization};
use crate::domain::calendar::{Calendar, Week};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn calendar(timezone: &str) -> Calendar {
    Calendar::new(TimeZone::get(timezone).unwrap(), None, [])
}

/// A week in which every day has the same hours.
fn every_day(hours: &str) -> Week {
    std::array::from_fn(|_| vec![hours.parse().unwrap()])
}

/// A clinic that opens its store at `now`, under `calendar`, with an examination room that staff speak for.
fn clinic_of(calendar: Calendar, now: &str) -> Clinic {
    clinic_with(Clinic::new().room("room-1"), calendar, now)
}

fn clinic_with(mut clinic: Clinic, calendar: Calendar, now: &str) -> Clinic {
    clinic.state = State::new(Rules { calendar, ..Rules::default() }, staff());
    clinic.now = at(now);
    clinic.open()
}

/// Staff say so at `when`.
fn say_at(clinic: &mut Clinic, when: &str, status: StaffStatus) {
    until(clinic, when);
    clinic.say("room-1", status);
}

fn until(clinic: &mut Clinic, when: &str) {
    let by = at(when).since(clinic.now);
    clinic.wait(by);
}

/// The wall clock jumps; the world does not.
fn step(clinic: &mut Clinic, by_ms: i64) {
    clinic.now = clinic.now.shifted(by_ms);
    clinic.ask_as(Actor::Gateway, Ask::ClockStepped { by_ms }).unwrap();
}

/// How room-1 was used on `date`, with what goes on now.
fn used_on(clinic: &Clinic, date: &str) -> Option<RoomDay> {
    let counted = clinic.state.analytics.as_of(&clinic.state.rules().calendar, clinic.now);
    counted.room_day(&room_id("room-1"), date.parse().unwrap()).map(|day| RoomDay::clone(day))
}

/// The hours of `day` with the minutes in which the room was occupied.
fn occupied(day: &RoomDay) -> Vec<(u8, u32)> {
    let used = day.hours.iter().filter(|hour| hour.occupied_ms > 0);
    used.map(|hour| (hour.hour, hour.occupied_ms / 60_000)).collect()
}

fn room_1(clinic: &Clinic) -> RoomUtilization {
    let all = utilization(&clinic.state, clinic.now).rooms;
    all.into_iter().find(|room| room.room_id == room_id("room-1")).unwrap()
}
