//! What is kept of a room's day: the hours in which it was watched and used, its sessions, its cleaning.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day::ms_of;
use super::split::Piece;
use crate::domain::id::RoomId;
use crate::domain::occupancy::Presence;
use crate::domain::room::RoomKind;
use crate::domain::time::Timestamp;

/// Names how one room was used on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoomDayKey {
    date: Date,
    room_id: RoomId,
    text: Arc<str>,
}

impl RoomDayKey {
    pub(super) fn new(room_id: &RoomId, date: Date) -> Self {
        Self { date, room_id: room_id.clone(), text: format!("{date}:{room_id}").into() }
    }

    /// The day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The room.
    pub fn room_id(&self) -> &RoomId {
        &self.room_id
    }

    /// Day and room as text, such as `2026-02-06:room-1`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// How one room was used on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomDay {
    /// The day on the clinic's wall.
    pub date: Date,
    /// The room.
    pub room_id: RoomId,
    /// What the room was for.
    #[serde(rename = "type")]
    pub kind: RoomKind,
    /// Something of it rests on a drawn scene, not on the world.
    #[serde(default)]
    pub synthetic: bool,
    /// The hours in which something was known, by hour.
    #[serde(default)]
    pub hours: Vec<HourUse>,
    /// How long it was known to be occupied or empty while the clinic was open.
    #[serde(default)]
    pub open_watched_ms: u64,
    /// How long it was occupied while the clinic was open.
    #[serde(default)]
    pub open_occupied_ms: u64,
    /// Sessions that began.
    #[serde(default)]
    pub sessions: u32,
    /// Sessions that ended.
    #[serde(default)]
    pub sessions_ended: u32,
    /// How long the room was occupied in the sessions that ended.
    #[serde(default)]
    pub session_ms_sum: u64,
    /// The same of the longest one.
    #[serde(default)]
    pub session_ms_max: u64,
    /// How often it was made clean after use.
    #[serde(default)]
    pub turnovers: u32,
    /// How long it waited for that, in all.
    #[serde(default)]
    pub cleaning_wait_ms_sum: u64,
    /// What goes on and is not counted yet. Only one day of a room has it: the last one that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<UnderWay>,
}

/// One hour on the clinic's clocks. An hour that comes twice is one that lasts twice as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourUse {
    /// 0..=23.
    pub hour: u8,
    /// How long the room was known to be occupied or empty.
    pub watched_ms: u32,
    /// How long it was occupied.
    pub occupied_ms: u32,
}

/// What goes on in a room and is not counted yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnderWay {
    /// Whether somebody is there.
    pub presence: Presence,
    /// That rests on a drawn scene.
    pub synthetic: bool,
    /// Up to when it is counted already.
    pub since: Timestamp,
    /// The session that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Session>,
    /// Since when the room waits for cleaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soiled_since: Option<Timestamp>,
}

/// A session that goes on: a stay, as turnover follows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// When it began.
    pub since: Timestamp,
    /// How long the room was occupied in it, as far as that is counted.
    pub occupied_ms: u64,
}

impl RoomDay {
    /// A day on which nothing is known yet.
    pub(super) fn of(room_id: RoomId, kind: RoomKind, date: Date) -> Self {
        Self {
            date,
            room_id,
            kind,
            synthetic: false,
            hours: Vec::new(),
            open_watched_ms: 0,
            open_occupied_ms: 0,
            sessions: 0,
            sessions_ended: 0,
            session_ms_sum: 0,
            session_ms_max: 0,
            turnovers: 0,
            cleaning_wait_ms_sum: 0,
            under_way: None,
        }
    }

    /// The key that the day is stored under.
    pub fn key(&self) -> RoomDayKey {
        RoomDayKey::new(&self.room_id, self.date)
    }

    /// How long the room was occupied.
    pub fn occupied_ms(&self) -> u64 {
        self.hours.iter().map(|hour| u64::from(hour.occupied_ms)).sum()
    }

    /// How long it was known whether somebody was there.
    pub fn watched_ms(&self) -> u64 {
        self.hours.iter().map(|hour| u64::from(hour.watched_ms)).sum()
    }

    /// Counts a piece of this day in which the room was watched.
    pub(super) fn count(&mut self, piece: &Piece, is_occupied: bool, synthetic: bool) {
        let place = match self.hours.binary_search_by_key(&piece.hour, |hour| hour.hour) {
            Ok(place) => place,
            Err(place) => {
                self.hours.insert(place, HourUse { hour: piece.hour, watched_ms: 0, occupied_ms: 0 });
                place
            }
        };
        let (hour, ms) = (&mut self.hours[place], piece.ms());
        let ms_u32 = u32::try_from(ms).unwrap_or(u32::MAX);
        hour.watched_ms = hour.watched_ms.saturating_add(ms_u32);
        if is_occupied {
            hour.occupied_ms = hour.occupied_ms.saturating_add(ms_u32);
        }
        if piece.is_open {
            self.open_watched_ms = self.open_watched_ms.saturating_add(ms);
            self.open_occupied_ms = self.open_occupied_ms.saturating_add(if is_occupied { ms } else { 0 });
        }
        self.synthetic |= synthetic;
    }

    pub(super) fn count_ended(&mut self, session: &Session) {
        self.sessions_ended = self.sessions_ended.saturating_add(1);
        self.session_ms_sum = self.session_ms_sum.saturating_add(session.occupied_ms);
        self.session_ms_max = self.session_ms_max.max(session.occupied_ms);
    }

    pub(super) fn count_turnover(&mut self, waited: Duration) {
        self.turnovers = self.turnovers.saturating_add(1);
        self.cleaning_wait_ms_sum = self.cleaning_wait_ms_sum.saturating_add(ms_of(waited));
    }
}
