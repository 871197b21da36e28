//! The turnover of a room: a stay begins, ends, and leaves a room that needs cleaning.

use serde::{Deserialize, Serialize};

use super::occupancy::Presence;
use super::room::{Readiness, Room};
use super::rules::Rules;
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

/// Follows the stay after the occupancy was weighed at `now`.
///
/// A stay of at least `min_stay` that ends leaves a room that needs cleaning. So does any stay whose end
/// nobody watched (occupied before a gap, empty after it), and that at once: there is nothing to wait for.
pub(crate) fn follow(room: &mut Room, rules: &Rules, now: Timestamp) {
    match room.occupancy.state {
        Presence::Occupied => {
            let returned = room.vacated.take().map(|vacated| vacated.stay_since);
            let begun = room.stay.as_ref().map(|stay| stay.since).or(returned).unwrap_or(now);
            room.stay = Some(Stay { since: begun, gap: false });
        }
        Presence::Unknown => {
            if let Some(stay) = &mut room.stay {
                stay.gap = true;
            }
        }
        Presence::Empty => {
            if let Some(stay) = room.stay.take() {
                room.vacated = Some(end_of(&stay, room, rules, now));
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
    if ended.is_some_and(|vacated| vacated.soiled) && room.readiness == Readiness::Clean {
        room.readiness = Readiness::NeedsCleaning;
    }
}

fn end_of(stay: &Stay, room: &Room, rules: &Rules, now: Timestamp) -> Vacated {
    // Who says "available" or "needs cleaning" has decided what the room needs.
    let staff_said_so = room.claim.is_some();
    let long_enough = now.since(stay.since) >= rules.min_stay;
    Vacated {
        stay_since: stay.since,
        due: if stay.gap || staff_said_so { now } else { now.plus(rules.dwell) },
        soiled: room.kind.turns_over() && !staff_said_so && (stay.gap || long_enough),
    }
}
