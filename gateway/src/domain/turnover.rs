//! The turnover of a room: a stay begins, ends, and leaves a room that needs cleaning.

use serde::{Deserialize, Serialize};

use super::automation::{Level, Policy};
use super::occupancy::Presence;
use super::room::{Readiness, Room};
use super::time::Timestamp;

/// Somebody's time in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// When it began.
    pub since: Timestamp,
    /// For a while nothing that can be trusted watched: nobody knows what happened.
    pub gap: bool,
}

/// A stay that seems over, while it may still be a short absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vacated {
    /// When the stay began; a return before `due` goes on with it.
    pub stay_since: Timestamp,
    /// When the stay is over for good.
    pub due: Timestamp,
    /// The room will need cleaning.
    pub soiled: bool,
}

/// What the end of a stay asks for, where sensors may not do it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// Nothing, or it is done.
    Nothing,
    /// A cleaning, for staff to approve.
    CleaningProposed,
}

/// Follows the stay after the occupancy was weighed at `now`.
///
/// A stay of at least `min_stay` that ends leaves a room that needs cleaning. So does any stay whose end
/// nobody watched (occupied before a gap, empty after it), and that at once: there is nothing to wait for.
pub(crate) fn follow(room: &mut Room, policy: &Policy<'_>, now: Timestamp) -> Followed {
    match room.occupancy.state {
        Presence::Occupied => {
            let returned = room.vacated.take().map(|vacated| vacated.stay_since);
            let begun = room.stay.as_ref().map(|stay| stay.since).or(returned).unwrap_or(now);
            room.stay = Some(Stay { since: begun, gap: false });
            room.noted_stay = false;
        }
        Presence::Unknown => {
            if let Some(stay) = &mut room.stay {
                stay.gap = true;
            }
        }
        Presence::Empty => {
            if let Some(stay) = room.stay.take() {
                room.vacated = Some(end_of(&stay, room, policy, now));
                // At once, not after the dwell: nobody is named on the door of an empty room.
                room.current_doctor_id = None;
                room.current_patient_id = None;
                room.estimated_available_at = None;
            } else if let Some(vacated) = room.vacated.as_mut().filter(|_| room.claim.is_some()) {
                // Staff said so after the stay seemed over: they need not wait, and have decided what it needs.
                (vacated.due, vacated.soiled) = (now, false);
            }
        }
    }
    let ended = room.vacated.take_if(|vacated| vacated.due <= now);
    if ended.is_some_and(|vacated| vacated.soiled) { soil(room, policy) } else { Followed::Nothing }
}

/// Ends the stay of a room that nothing watches any more: nobody will ever see it empty.
pub(crate) fn end_unwatched(room: &mut Room, policy: &Policy<'_>, now: Timestamp) -> Followed {
    let Some(stay) = room.stay.take() else { return Followed::Nothing };
    let stay = Stay { gap: true, ..stay };
    if is_soiled_by(&stay, room, policy, now) { soil(room, policy) } else { Followed::Nothing }
}

fn soil(room: &mut Room, policy: &Policy<'_>) -> Followed {
    if room.readiness != Readiness::Clean {
        return Followed::Nothing;
    }
    match policy.turnover {
        Level::Full => room.readiness = Readiness::NeedsCleaning,
        Level::Assisted => return Followed::CleaningProposed,
        Level::Monitoring => room.noted_stay = true,
    }
    Followed::Nothing
}

fn end_of(stay: &Stay, room: &Room, policy: &Policy<'_>, now: Timestamp) -> Vacated {
    // Who says "available" or "needs cleaning" has decided what the room needs.
    let staff_said_so = room.claim.is_some();
    Vacated {
        stay_since: stay.since,
        due: if stay.gap || staff_said_so { now } else { now.plus(policy.rules.dwell) },
        soiled: !staff_said_so && is_soiled_by(stay, room, policy, now),
    }
}

/// True when `stay`, which ends at `now`, leaves something to clean.
///
/// What counts of it begins after the grace of the last cleaning, and in the clinic's hours: who cleans, and who
/// walks through at night, soils nothing. A stay that began in hours counts to its end, closing time or not,
/// because the room was used; of one that began before opening counts what lies after it.
fn is_soiled_by(stay: &Stay, room: &Room, policy: &Policy<'_>, now: Timestamp) -> bool {
    let rules = policy.rules;
    let cleaned_until = room.cleaned_at.map_or(stay.since, |at| at.plus(rules.cleaning_grace));
    let counts_from = rules.calendar.open_from(stay.since.max(cleaned_until));
    let counts = |from: Timestamp| now >= from && (stay.gap || now.since(from) >= rules.min_stay);
    room.kind.turns_over() && counts_from.is_some_and(counts)
}
