//! The use of rooms: counted when presence, session or cleaning change, and left alone otherwise.

use std::sync::Arc;
use std::time::Duration;

use imbl::OrdMap;
use jiff::civil::Date;

use super::day::ms_of;
use super::room_day::{RoomDay, RoomDayKey, Session, UnderWay};
use super::split::{date_of, pieces};
use super::{Counting, STRETCH_DAYS_MAX};
use crate::domain::entity::EntityKey;
use crate::domain::id::RoomId;
use crate::domain::occupancy::Presence;
use crate::domain::room::{Readiness, Room, RoomKind};
use crate::domain::time::Timestamp;

/// One room's days.
#[derive(Clone, Debug, Default)]
pub(super) struct RoomLog {
    pub(super) days: OrdMap<Date, Arc<RoomDay>>,
    /// The day that has what is under way; `None` when the room is gone.
    under_way_on: Option<Date>,
}

impl RoomLog {
    pub(super) fn put(&mut self, day: Arc<RoomDay>) {
        if day.under_way.is_some() {
            self.under_way_on = Some(day.date);
        }
        self.days.insert(day.date, day);
    }

    fn under_way(&self) -> Option<(&RoomDay, &UnderWay)> {
        let day = self.days.get(&self.under_way_on?)?;
        Some((day, day.under_way.as_ref()?))
    }
}

/// When the session of `room` began: its stay, or one that may still go on after a short absence.
fn session_since(room: &Room) -> Option<Timestamp> {
    let stay = room.stay.as_ref().map(|stay| stay.since);
    stay.or(room.vacated.as_ref().map(|vacated| vacated.stay_since))
}

/// True when nothing that is counted differs between what goes on and `room`.
fn goes_on(under_way: &UnderWay, room: &Room) -> bool {
    under_way.presence == room.occupancy.state
        && under_way.synthetic == room.occupancy.synthetic
        && under_way.session.as_ref().map(|session| session.since) == session_since(room)
        && under_way.soiled_since.is_some() == (room.readiness == Readiness::NeedsCleaning)
}

impl Counting<'_> {
    /// Follows a room. Most of its events change nothing that is counted, and cost two comparisons.
    pub(super) fn room_changed(&mut self, room: &Room) {
        let log = self.analytics.rooms.get(&room.id);
        let before = log.and_then(RoomLog::under_way).map(|(_, under_way)| under_way);
        if before.is_some_and(|before| goes_on(before, room)) {
            return;
        }
        self.count_room(&room.id, self.at);
        let before = self.take_under_way(&room.id);
        let after = self.turn(room, before);
        self.put_under_way(&room.id, room.kind, after);
    }

    /// Counts what ended and what begins, and says what goes on.
    fn turn(&mut self, room: &Room, before: Option<UnderWay>) -> UnderWay {
        let at = self.at;
        let known = before.is_some();
        let (session, soiled_since) =
            before.map_or((None, None), |before| (before.session, before.soiled_since));
        let since = session_since(room);
        let goes_on = session.as_ref().map(|session| session.since) == since;
        if let Some(ended) = session.as_ref().filter(|_| !goes_on) {
            self.room_day(&room.id, room.kind).count_ended(ended);
        }
        let session = if goes_on { session } else { since.map(|since| Session { since, occupied_ms: 0 }) };
        // A room that was in use before anything was counted: its session began on a day that is not known.
        if !goes_on && session.is_some() && (known || since == Some(at)) {
            let day = self.room_day(&room.id, room.kind);
            day.sessions = day.sessions.saturating_add(1);
        }
        if let Some(soiled_since) = soiled_since.filter(|_| room.readiness == Readiness::Clean) {
            self.room_day(&room.id, room.kind).count_turnover(at.since(soiled_since));
        }
        let is_soiled = room.readiness == Readiness::NeedsCleaning;
        UnderWay {
            presence: room.occupancy.state,
            synthetic: room.occupancy.synthetic,
            since: at,
            session,
            soiled_since: is_soiled.then(|| soiled_since.unwrap_or(at)),
        }
    }

    /// Counts what went on in a room until `until`, and goes on from the time of the event.
    pub(super) fn count_room(&mut self, id: &RoomId, until: Timestamp) {
        let Some((kind, mut under_way)) = self.under_way_in(id) else { return };
        let since = std::mem::replace(&mut under_way.since, self.at);
        let is_occupied = under_way.presence == Presence::Occupied;
        if under_way.presence != Presence::Unknown {
            let longest = Duration::from_secs(u64::from(STRETCH_DAYS_MAX) * 86_400);
            let from = since.max(until.shifted(-i64::try_from(ms_of(longest)).unwrap_or(i64::MAX)));
            for piece in pieces(self.calendar, from, until) {
                self.room_day_on(id, kind, piece.date).count(&piece, is_occupied, under_way.synthetic);
            }
        }
        if let Some(session) = under_way.session.as_mut().filter(|_| is_occupied) {
            session.occupied_ms = session.occupied_ms.saturating_add(ms_of(until.since(since)));
        }
        self.take_under_way(id);
        self.put_under_way(id, kind, under_way);
    }

    /// Nobody watched since the newest event before the start: that time is neither occupied nor empty.
    pub(super) fn gateway_started<'r>(&mut self, rooms: impl Iterator<Item = &'r Arc<Room>>) {
        let known_until = self.analytics.newest;
        for room in rooms {
            if self.under_way_in(&room.id).is_some() {
                self.count_room(&room.id, known_until.min(self.at));
            } else {
                // From a store that did not count yet.
                self.room_changed(room);
            }
        }
    }

    /// Counts until the step by the old clock, and goes on from there by the new one.
    pub(super) fn clock_stepped(&mut self, by_ms: i64) {
        let by_old_clock = self.at.shifted(by_ms.saturating_neg());
        let ids: Vec<RoomId> = self.analytics.rooms.keys().cloned().collect();
        for id in ids {
            self.count_room(&id, by_old_clock);
            let Some((kind, mut under_way)) = self.under_way_in(&id) else { continue };
            if let Some(session) = &mut under_way.session {
                session.since = session.since.shifted(by_ms);
            }
            under_way.soiled_since = under_way.soiled_since.map(|since| since.shifted(by_ms));
            self.put_under_way(&id, kind, under_way);
        }
    }

    pub(super) fn room_deleted(&mut self, id: &RoomId) {
        let Some((kind, _)) = self.under_way_in(id) else { return };
        self.count_room(id, self.at);
        let ended = self.take_under_way(id).and_then(|under_way| under_way.session);
        if let Some(ended) = ended {
            self.room_day(id, kind).count_ended(&ended);
        }
    }

    /// Lets the rooms' records of `date` go, but for what is under way.
    pub(super) fn forget_rooms(&mut self, date: Date) {
        let logs = self.analytics.rooms.iter();
        let forgotten =
            logs.filter(|(_, log)| log.under_way_on != Some(date) && log.days.contains_key(&date));
        let forgotten: Vec<RoomId> = forgotten.map(|(id, _)| id.clone()).collect();
        for id in forgotten {
            let log = self.analytics.rooms.get_mut(&id).expect("it was there a moment ago");
            log.days.remove(&date);
            if log.days.is_empty() {
                self.analytics.rooms.remove(&id);
            }
            self.changed.insert(EntityKey::RoomDay(RoomDayKey::new(&id, date)));
        }
    }

    fn under_way_in(&self, id: &RoomId) -> Option<(RoomKind, UnderWay)> {
        let (day, under_way) = self.analytics.rooms.get(id)?.under_way()?;
        Some((day.kind, under_way.clone()))
    }

    fn take_under_way(&mut self, id: &RoomId) -> Option<UnderWay> {
        let log = self.analytics.rooms.get_mut(id)?;
        let date = log.under_way_on.take()?;
        let day = log.days.get_mut(&date)?;
        self.changed.insert(EntityKey::RoomDay(day.key()));
        let under_way = Arc::make_mut(day).under_way.take();
        if !self.analytics.days.contains_key(&date) {
            // The day itself was forgotten long ago; its record stayed for what was under way.
            log.days.remove(&date);
        }
        under_way
    }

    fn put_under_way(&mut self, id: &RoomId, kind: RoomKind, under_way: UnderWay) {
        let date = date_of(&self.calendar.timezone, self.at);
        let day = self.room_day_on(id, kind, date);
        day.kind = kind;
        day.synthetic |= under_way.synthetic;
        day.under_way = Some(under_way);
        let log = self.analytics.rooms.get_mut(id).expect("its day has just been written");
        log.under_way_on = Some(date);
    }

    /// The room's day of the event, which is about to change.
    fn room_day(&mut self, id: &RoomId, kind: RoomKind) -> &mut RoomDay {
        self.room_day_on(id, kind, date_of(&self.calendar.timezone, self.at))
    }

    /// The room's `date`, which is about to change.
    fn room_day_on(&mut self, id: &RoomId, kind: RoomKind, date: Date) -> &mut RoomDay {
        if !self.analytics.days.contains_key(&date) {
            self.begin(date);
        }
        let log = self.analytics.rooms.entry(id.clone()).or_default();
        let day = log.days.entry(date).or_insert_with(|| Arc::new(RoomDay::of(id.clone(), kind, date)));
        self.changed.insert(EntityKey::RoomDay(day.key()));
        Arc::make_mut(day)
    }
}
