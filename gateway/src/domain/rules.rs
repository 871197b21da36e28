//! The numbers that the rules use.

use std::time::Duration;

use super::agent::{AgentPhase, AgentRails};
use super::calendar::Calendar;
use super::state::Note;

/// A camera silent for this long is `stale` (DESIGN: a lost camera is seen within 5 s).
pub const CAMERA_STALE_AFTER: Duration = Duration::from_secs(5);
/// A camera silent for this long proves nothing any more: its evidence becomes unknown.
pub const CAMERA_LOST_AFTER: Duration = Duration::from_secs(20);
/// A camera silent for this long raises one alarm.
pub const CAMERA_ALARM_AFTER: Duration = Duration::from_secs(60);
/// How long a staff claim wins over sensors that keep saying the same.
pub const CLAIM_HOLDS: Duration = Duration::from_secs(30 * 60);
/// A claim said again after this long is renewed; sooner, it is a repeat and changes nothing.
pub const CLAIM_RENEWS_AFTER: Duration = Duration::from_secs(60);
/// The same equipment issue opens no second action item within this time.
pub const ISSUE_REOPENS_AFTER: Duration = Duration::from_secs(30 * 60);
/// The largest record, in bytes of JSON: an event with the thing it is about. What the store can keep safely.
pub const RECORD_BYTES_MAX: usize = 7 * 1024;
/// The longest stored text, in bytes.
pub const TEXT_BYTES_MAX: usize = 2 * 1024;
/// The largest `context` of an action item, in bytes of JSON.
pub const CONTEXT_BYTES_MAX: usize = 4 * 1024;
/// The most notes that one task keeps; each note is a stored text, and a record holds 7 KiB.
pub const TASK_NOTES_MAX: usize = 16;
/// The most evidence sources that one room keeps: each webhook key and camera pair is one. With the longest ids
/// each adds 0.6 KiB to the room (measured by `the_fullest_room_still_fits_into_a_record`), and a record holds 7.
pub const SOURCES_PER_ROOM_MAX: usize = 8;
/// The longest id of a bound device, in bytes: a room's record names each of its sources three times.
pub const DEVICE_ID_BYTES_MAX: usize = 48;
/// The longest name of a room, a piece of equipment or a doctor, in bytes. Rooms and the texts made from their
/// names have to fit into a record, or time could not move them on.
pub const NAME_BYTES_MAX: usize = 128;
/// The most letters kept of what a camera's reader says is wrong.
pub const TROUBLE_CHARS_MAX: usize = 256;
/// Closed items kept in memory per kind; older ones stay readable in the store.
pub const CLOSED_ITEMS_KEPT: usize = 1_000;

/// A piece of equipment in use for this long opens an action item, unless it is made for that.
pub const LONG_USE_AFTER: Duration = Duration::from_secs(4 * 3_600);
/// The longest entry of a maintenance log, in bytes: as JSON at worst six times that.
pub const LOG_TEXT_BYTES_MAX: usize = 512;
/// The most entries of a maintenance log; the oldest make place. What they said stays in the journal.
pub const LOG_ENTRIES_MAX: usize = 16;
/// The most bytes of JSON that a maintenance log may take of its equipment's record, which holds 7 KiB.
pub const LOG_BYTES_MAX: usize = 4 * 1024;
/// The same entry by the same person within this time is a repeat.
pub const LOG_REPEATS_WITHIN: Duration = Duration::from_secs(60);
/// The most children that an alarm lists: with the longest ids, 3 KiB of its record.
pub const ALARM_CHILDREN_MAX: usize = 32;
/// The most rooms that have automation levels of their own: with the longest ids and words, 6 KiB of a record.
pub const AUTOMATION_ROOMS_MAX: usize = 32;
/// The settings of automation that are kept to go back to.
pub const AUTOMATION_KEPT: usize = 32;
/// The most open visits: many times what a clinic of this size sees in a day, and little memory.
pub const VISITS_OPEN_MAX: usize = 500;
/// A visit of which nothing is heard for this long is forgotten: somebody left unseen.
pub const VISIT_FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// The most rooms of a clinic: ten times the largest that one box serves; each costs a snapshot 1 KiB.
pub const ROOMS_MAX: usize = 500;
/// The most pieces of equipment of a clinic: four a room.
pub const EQUIPMENT_MAX: usize = 2_000;
/// The most doctors of a clinic.
pub const DOCTORS_MAX: usize = 500;
/// The longest type of a task, in bytes: a word, not a sentence.
pub const TASK_KIND_BYTES_MAX: usize = 64;
/// The longest that a task may be expected to take, in minutes: a week.
pub const TASK_MINUTES_MAX: u32 = 7 * 24 * 60;
/// The most actions that one item suggests.
pub const SUGGESTED_ACTIONS_MAX: usize = 16;
/// The most power that a piece of equipment can be said to take, in W: a megawatt feeds a whole hospital.
pub const POWER_W_MAX: f64 = 1e6;
/// The largest value of a reading, above or below zero. A sum of a minute of them is still a number.
pub const READING_MAX: f64 = 1e12;

/// How long the broker may be away before what devices said proves nothing: as long as a camera.
pub const BROKER_LOST_AFTER: Duration = CAMERA_LOST_AFTER;
/// A broker that is away for this long raises one alarm.
pub const BROKER_ALARM_AFTER: Duration = Duration::from_secs(60);
/// A device that is offline or silent for this long is in the alarm about such devices.
pub const DEVICE_ALARM_AFTER: Duration = Duration::from_secs(60);
/// Equipment and fridges whose device has no limit of its own are missed when nothing was heard for this long.
pub const DEVICE_MISSED_AFTER: Duration = Duration::from_secs(15 * 60);
/// What a device said this long ago, by its own clock, tells what was and not what happens now.
pub const DEVICE_LATE_AFTER: Duration = Duration::from_secs(15 * 60);
/// A counter that stays behind for this long has started anew, and is not a message sent again.
pub const COUNTER_RESTARTS_AFTER: Duration = Duration::from_secs(60);
/// A button pressed again within this time is the same press.
pub const PRESS_REPEATS_WITHIN: Duration = Duration::from_secs(2);
/// A presence sensor that detects somebody for this long, against all others, is stuck.
pub const SENSOR_STUCK_AFTER: Duration = Duration::from_secs(2 * 3_600);
/// How long a motion sensor still says "somebody" after the last movement, at most. (Zigbee2MQTT holds 90 s.)
pub const SENSOR_HOLDS_MAX: Duration = Duration::from_secs(3 * 60);
/// Who was seen behind a closed door, or uses equipment, is taken to be there for this long.
pub const INFERENCE_HOLDS: Duration = LONG_USE_AFTER;
/// Equipment is no longer in use below this part of its limit, so that a power at the limit does not flicker.
pub const IN_USE_ENDS_RATIO: f64 = 0.8;
/// Equipment in use for this long after closing was left on.
pub const LEFT_ON_AFTER: Duration = Duration::from_secs(30 * 60);
/// A clinic that is closed for this long has night; a shorter time is a break.
pub const NIGHT_AT_LEAST: Duration = Duration::from_secs(4 * 3_600);
/// A temperature is right again when it is this far inside its limits, °C.
pub const TEMPERATURE_RIGHT_BY: f64 = 0.5;
/// A battery this full, in %, or less is low.
pub const BATTERY_LOW: f64 = 15.0;
/// A battery that was low is well again when it is this full, in %: voltage rises a little with warmth.
pub const BATTERY_WELL: f64 = 25.0;
/// A device that comes and goes this often within [`FLAPS_WITHIN`] flaps.
pub const FLAPS_AT: usize = 6;
/// See [`FLAPS_AT`].
pub const FLAPS_WITHIN: Duration = Duration::from_secs(10 * 60);
/// A device that flapped is well after this long without coming or going.
pub const FLAPS_END_AFTER: Duration = Duration::from_secs(30 * 60);
/// The longest word of a button or fault that is looked at or kept, in letters.
pub const DEVICE_WORDS_MAX: usize = 256;

/// The rules that a clinic may tune (`[rules]`).
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// A stay shorter than this leaves a room as it was.
    pub min_stay: Duration,
    /// How long a vacated room must stay empty before its stay is over.
    pub dwell: Duration,
    /// The confidence that an observation needs to change a room, 0.0..=1.0.
    pub enter: f32,
    /// The confidence that keeps an occupied room occupied, 0.0..=1.0.
    pub stay: f32,
    /// After this long without a word, evidence from a webhook is unknown.
    pub webhook_stale: Duration,
    /// How far the agent may act by itself, until somebody sets it.
    pub agent_phase: AgentPhase,
    /// For so long after somebody said "clean", presence is whoever cleaned.
    pub cleaning_grace: Duration,
    /// After this long unknown, a webhook's source is forgotten.
    pub source_forgotten: Duration,
    /// When the clinic is open (`[facility]`).
    pub calendar: Calendar,
    /// What the agent may do within its phase.
    pub agent: AgentRails,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            min_stay: Duration::from_secs(180),
            dwell: Duration::from_secs(60),
            enter: 0.7,
            stay: 0.4,
            webhook_stale: Duration::from_secs(900),
            agent_phase: AgentPhase::Assisted,
            cleaning_grace: Duration::from_secs(300),
            source_forgotten: Duration::from_secs(7 * 86_400),
            calendar: Calendar::default(),
            agent: AgentRails::default(),
        }
    }
}

impl Rules {
    /// Why a claim of this confidence is not believed; `None` when it is.
    pub fn why_not_believed(&self, confidence: f32) -> Option<Note> {
        (confidence < self.enter).then_some(Note::BelowThreshold { needed: self.enter })
    }
}
