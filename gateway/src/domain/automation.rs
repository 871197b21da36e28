//! How far sensors may act by themselves: log only, propose, or apply; per feature and room.
//!
//! Each setting is a revision that never changes. The newest one holds; the ones before it are kept to go back to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::id::{ActionId, AutomationId, RoomId};
use super::rules::{ISSUE_REOPENS_AFTER, Rules};
use super::time::Timestamp;

/// How far sensors may act by themselves.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What they say is kept and shown; nothing follows from it.
    Monitoring,
    /// What would follow is proposed to staff.
    Assisted,
    /// What follows is done.
    #[default]
    Full,
}

/// What sensors may act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Whether somebody is in a room.
    Occupancy,
    /// Whether a room needs cleaning.
    Turnover,
    /// How equipment does.
    Equipment,
}

/// The levels of one room that differ from the clinic's. Equipment goes by the room it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomLevels {
    /// Whether somebody is in the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupancy: Option<Level>,
    /// Whether the room needs cleaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turnover: Option<Level>,
    /// How the equipment in the room does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equipment: Option<Level>,
}

/// Every level that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AutomationLevels {
    /// Whether somebody is in a room.
    pub occupancy: Level,
    /// Whether a room needs cleaning.
    pub turnover: Level,
    /// How equipment does.
    pub equipment: Level,
    /// The levels of single rooms.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rooms: BTreeMap<RoomId, RoomLevels>,
}

impl AutomationLevels {
    /// The level of `feature` in `room`, or in the clinic where no room is meant.
    pub fn level(&self, feature: Feature, room: Option<&RoomId>) -> Level {
        let own = room.and_then(|room| self.rooms.get(room)).copied().unwrap_or_default();
        match feature {
            Feature::Occupancy => own.occupancy.unwrap_or(self.occupancy),
            Feature::Turnover => own.turnover.unwrap_or(self.turnover),
            Feature::Equipment => own.equipment.unwrap_or(self.equipment),
        }
    }
}

/// What changes of the levels. `None` leaves one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutomationEdit {
    /// Whether somebody is in a room.
    pub occupancy: Option<Level>,
    /// Whether a room needs cleaning.
    pub turnover: Option<Level>,
    /// How equipment does.
    pub equipment: Option<Level>,
    /// All levels of these rooms; `None` for a room that is to go by the clinic's.
    pub rooms: BTreeMap<RoomId, Option<RoomLevels>>,
}

impl AutomationEdit {
    /// `levels` with what this changes.
    pub(crate) fn onto(&self, levels: &AutomationLevels) -> AutomationLevels {
        let mut rooms = levels.rooms.clone();
        for (room, own) in &self.rooms {
            match own {
                Some(own) => drop(rooms.insert(room.clone(), *own)),
                None => drop(rooms.remove(room)),
            }
        }
        AutomationLevels {
            occupancy: self.occupancy.unwrap_or(levels.occupancy),
            turnover: self.turnover.unwrap_or(levels.turnover),
            equipment: self.equipment.unwrap_or(levels.equipment),
            rooms,
        }
    }
}

/// One setting of automation: who set it, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Automation {
    /// Counts the settings: 1, 2, 3 …
    pub revision: u64,
    /// What was set.
    #[serde(flatten)]
    pub levels: AutomationLevels,
    /// Who set it.
    pub set_by: Actor,
    /// When.
    pub set_at: Timestamp,
    /// The revision whose levels it took over again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverted_to: Option<u64>,
}

impl Automation {
    /// The id that it is stored under.
    pub fn id(&self) -> AutomationId {
        AutomationId::of_revision(self.revision)
    }
}

/// What sensors would do, had they not to ask: an action item says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal<T> {
    /// What they would set.
    pub would_set: T,
    /// The action item.
    pub action_id: ActionId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// It is so by now, or nothing says so any more. Until then it is the same change.
    pub settled: bool,
}

impl<T> Proposal<T> {
    /// True while the same may not be proposed again.
    pub(crate) fn rests(&self, now: Timestamp) -> bool {
        !self.settled || now.since(self.opened_at) < ISSUE_REOPENS_AFTER
    }
}

/// The rules and levels that hold for one room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) occupancy: Level,
    pub(crate) turnover: Level,
}

impl<'a> Policy<'a> {
    pub(crate) fn of(rules: &'a Rules, levels: &AutomationLevels, room: &RoomId) -> Self {
        Self {
            rules,
            occupancy: levels.level(Feature::Occupancy, Some(room)),
            turnover: levels.level(Feature::Turnover, Some(room)),
        }
    }

    /// True when sensors only advise: a room's status rests on what staff say.
    pub(crate) fn staff_decide(&self) -> bool {
        self.occupancy != Level::Full
    }
}
