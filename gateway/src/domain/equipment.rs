//! Equipment: what it is, how it does, and what was done to it.

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::automation::Proposal;
use super::entity::{FIRST_REVISION, first_revision};
use super::id::{ActionId, EquipmentId, RoomId, SourceId};
use super::rules::{ISSUE_REOPENS_AFTER, LOG_BYTES_MAX, LOG_ENTRIES_MAX, LONG_USE_AFTER};
use super::time::Timestamp;

/// How a piece of equipment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentStatus {
    /// It works and is free.
    Operational,
    /// Somebody uses it.
    InUse,
    /// It works badly.
    NeedsMaintenance,
    /// It does not answer.
    Offline,
}

impl EquipmentStatus {
    /// The status in a sentence: "the ultrasound …".
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            EquipmentStatus::Operational => "is operational",
            EquipmentStatus::InUse => "is in use",
            EquipmentStatus::NeedsMaintenance => "needs maintenance",
            EquipmentStatus::Offline => "is offline",
        }
    }
}

/// How a piece of equipment is meant to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// For a while, then it rests: hours of use are worth a look.
    Intermittent,
    /// Without end, such as a fridge.
    Continuous,
}

/// A piece of equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Equipment {
    /// The clinic's own id, such as `eq-1`.
    pub id: EquipmentId,
    /// The name that staff use.
    pub name: String,
    /// What it is, in the clinic's words.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// How it does.
    pub status: EquipmentStatus,
    /// When it was last maintained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_maintenance_date: Option<Timestamp>,
    /// When it is to be maintained next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_maintenance_date: Option<Timestamp>,
    /// Since when the status is so.
    pub since: Timestamp,
    /// When a fact of it last changed.
    pub last_updated: Timestamp,
    /// How it is meant to be used; intermittently, when nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// What was done to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<LogEntry>,
    /// The newest item that each kind of trouble opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
    /// An item says that this use of it is long.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub long_use_noted: bool,
    /// An item says that `next_maintenance_date` has come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub due_noted: bool,
    /// The last word of a device about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported>,
    /// What devices have proposed to staff about its status: one for each at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Proposal<EquipmentStatus>>,
    /// Counts what staff changed of it; a device's report does not count.
    #[serde(default = "first_revision")]
    pub revision: u64,
}

/// Trouble with a piece of equipment that opens an action item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It does not answer.
    Offline,
    /// It works badly.
    NeedsMaintenance,
    /// It has been in use for [`LONG_USE_AFTER`].
    LongUse,
    /// Its date has come.
    MaintenanceDue,
    /// It is in use although the clinic has closed.
    LeftOn,
}

/// The newest item that one kind of trouble opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// The kind of trouble.
    pub trouble: Trouble,
    /// The item.
    pub action_id: ActionId,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// An entry of the maintenance log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// What was done.
    pub text: String,
}

/// The last word of a device about a piece of equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// Where it comes from.
    pub source: SourceId,
    /// What it says.
    pub status: EquipmentStatus,
    /// How sure it is, 0.0..=1.0. A touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// When the source saw it. A touch.
    pub observed_at: Timestamp,
}

impl Equipment {
    /// A piece of equipment that works and of which nothing was said yet.
    pub fn new(id: EquipmentId, name: String, kind: String, room_id: Option<RoomId>, now: Timestamp) -> Self {
        Self {
            id,
            name,
            kind,
            room_id,
            status: EquipmentStatus::Operational,
            last_maintenance_date: None,
            next_maintenance_date: None,
            since: now,
            last_updated: now,
            profile: None,
            log: Vec::new(),
            issues: Vec::new(),
            long_use_noted: false,
            due_noted: false,
            reported: None,
            proposals: Vec::new(),
            revision: FIRST_REVISION,
        }
    }

    /// The next moment at which time alone opens an item.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        [Trouble::LongUse, Trouble::MaintenanceDue].into_iter().filter_map(|it| self.due(it)).min()
    }

    /// When time alone opens an item about `trouble`: never within half an hour of the last one.
    pub(crate) fn due(&self, trouble: Trouble) -> Option<Timestamp> {
        let due = match trouble {
            Trouble::LongUse => {
                let counts =
                    self.status == EquipmentStatus::InUse && self.profile != Some(Profile::Continuous);
                (counts && !self.long_use_noted).then(|| self.since.plus(LONG_USE_AFTER))
            }
            Trouble::MaintenanceDue => self.next_maintenance_date.filter(|_| !self.due_noted),
            Trouble::Offline | Trouble::NeedsMaintenance | Trouble::LeftOn => None,
        };
        let rests_until = self.issue(trouble).map(|issue| issue.opened_at.plus(ISSUE_REOPENS_AFTER));
        due.map(|due| rests_until.map_or(due, |until| due.max(until)))
    }

    /// The newest item about `trouble`.
    pub(crate) fn issue(&self, trouble: Trouble) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.trouble == trouble)
    }

    /// True when a device that says `status` has no say: staff said that it needs maintenance, and only they, or a
    /// device that said so itself, know when it does no more.
    pub(crate) fn waits_for_staff(&self, status: EquipmentStatus) -> bool {
        let says_it_works = matches!(status, EquipmentStatus::Operational | EquipmentStatus::InUse);
        let a_device_said_so =
            self.reported.as_ref().is_some_and(|it| it.status == EquipmentStatus::NeedsMaintenance);
        self.status == EquipmentStatus::NeedsMaintenance && says_it_works && !a_device_said_so
    }

    /// Adds an entry to the log. The oldest make place, as far as the record needs it.
    pub(crate) fn log(&mut self, entry: LogEntry) {
        self.log.push(entry);
        let is_full = |log: &Vec<LogEntry>| {
            let bytes = serde_json::to_vec(log).map_or(usize::MAX, |json| json.len());
            log.len() > LOG_ENTRIES_MAX || (log.len() > 1 && bytes > LOG_BYTES_MAX)
        };
        while is_full(&self.log) {
            self.log.remove(0);
        }
    }

    /// This piece without what only touches move, to compare facts.
    pub(crate) fn facts(&self) -> Self {
        let mut facts = self.clone();
        facts.last_updated = Timestamp::default();
        if let Some(reported) = &mut facts.reported {
            (reported.confidence, reported.observed_at) = (None, Timestamp::default());
        }
        facts
    }

    /// Moves every time that a rule will compare, after the wall clock stepped by `by_ms` milliseconds. Dates that
    /// people set stay: they mean what the calendar says.
    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        let shift = |at: &mut Timestamp| *at = at.shifted(by_ms);
        shift(&mut self.since);
        self.issues.iter_mut().for_each(|issue| shift(&mut issue.opened_at));
        self.reported.iter_mut().for_each(|reported| shift(&mut reported.observed_at));
        self.proposals.iter_mut().for_each(|proposal| shift(&mut proposal.opened_at));
    }
}
