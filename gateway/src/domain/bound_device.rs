//! A bound device and how it does.
//!
//! What a device senses becomes evidence of a room or the status of equipment; here is what the rules must remember
//! of the device itself. After a start, and when the broker has been away for [`BROKER_LOST_AFTER`], a device is
//! [`DeviceHealth::Waiting`]: whatever it said before proves nothing, and nobody is blamed for that.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::device::{DeviceBinding, DeviceReport, Target};
use super::equipment::EquipmentStatus;
use super::id::DeviceId;
use super::rules::{
    BROKER_ALARM_AFTER, BROKER_LOST_AFTER, COUNTER_RESTARTS_AFTER, DEVICE_ALARM_AFTER, DEVICE_MISSED_AFTER,
    FLAPS_AT, FLAPS_END_AFTER, FLAPS_WITHIN,
};
use super::time::Timestamp;

/// How a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceHealth {
    /// Nothing was heard since the gateway started, or since the broker was lost.
    Waiting,
    /// It has spoken, or its availability says that it is there.
    Live,
    /// It should have spoken and has not.
    Silent,
    /// Its will or its availability says that it is gone.
    Offline,
}

/// A value, and since when it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since<T> {
    /// The value.
    pub is: T,
    /// Since when.
    pub since: Timestamp,
}

impl<T> Since<T> {
    pub(crate) fn new(is: T, since: Timestamp) -> Self {
        Self { is, since }
    }
}

/// The place of a device's newest message among its messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// When it was made, by the device's own clock.
    pub observed_at: Option<Timestamp>,
    /// The message's counter.
    pub counter: Option<u64>,
    /// What it said, in short: two messages of one second differ in it.
    pub words: u64,
}

/// Where a message stands among a device's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// It says something new.
    New,
    /// It is the last one again.
    Repeated,
    /// It is older than the last one.
    Outdated,
}

/// A temperature that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excursion {
    /// It is above the highest that is right; else it is below the lowest.
    pub is_warm: bool,
    /// Since when it is wrong.
    pub since: Timestamp,
    /// The alarm about it has been raised.
    pub alarmed: bool,
}

/// The broker is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreached {
    pub(crate) since: Timestamp,
    pub(crate) trouble: String,
    /// The alarm about it has been raised.
    pub(crate) alarmed: bool,
}

/// A bound device and how it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// The configured id.
    pub id: DeviceId,
    /// What it is about, and how what it says is taken.
    pub binding: DeviceBinding,
    /// How it does.
    pub health: DeviceHealth,
    /// Since when it does so.
    pub since: Timestamp,
    /// What its availability said last, if it has said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    /// When it last spoke. A touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// How full its battery is, %. A touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<f64>,
    /// Its battery is low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub battery_low: bool,
    /// How well its radio is heard. A touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_quality: Option<f64>,
    /// Its newest message. A touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Whether it detects somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Since<bool>>,
    /// It detects somebody for hours, against all others: it has no say until it detects nobody once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stuck: bool,
    /// Whether its door is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Since<bool>>,
    /// Whether its equipment is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_use: Option<Since<bool>>,
    /// What its equipment suffers from, in its own words, and when it said so last. The time is a touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Since<String>>,
    /// When it was last pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressed_at: Option<Timestamp>,
    /// The temperature is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excursion: Option<Excursion>,
    /// When equipment in use will have been left on over night.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on_due: Option<Timestamp>,
    /// When it came or went lately.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaps: Vec<Timestamp>,
    /// It comes and goes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flapping: bool,
    /// It has been gone for so long that an alarm says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alarmed: bool,
    /// It has been waited for long enough while the broker was away: what it follows is not known any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
    /// A change of use that has to last before it counts. Memory only.
    #[serde(skip)]
    pub(crate) pending: Option<Since<bool>>,
    /// When it is asked whether it is stuck. Memory only.
    #[serde(skip)]
    pub(crate) stuck_due: Option<Timestamp>,
    /// Since when its counter has been behind. Memory only.
    #[serde(skip)]
    pub(crate) behind_since: Option<Timestamp>,
    /// The broker is away. Memory only.
    #[serde(skip)]
    pub(crate) unreached: Option<Unreached>,
    /// This run of the gateway listens to it: what the store remembers says nothing about silence.
    #[serde(skip)]
    pub(crate) watched: bool,
}

impl Device {
    /// A device of which nothing is known yet.
    pub(crate) fn waiting(binding: DeviceBinding, now: Timestamp) -> Self {
        Self {
            id: binding.device_id.clone(),
            binding,
            health: DeviceHealth::Waiting,
            since: now,
            online: None,
            last_seen: None,
            battery: None,
            battery_low: false,
            link_quality: None,
            mark: None,
            presence: None,
            stuck: false,
            open: None,
            in_use: None,
            fault: None,
            pressed_at: None,
            excursion: None,
            left_on_due: None,
            flaps: Vec::new(),
            flapping: false,
            alarmed: false,
            missed: false,
            pending: None,
            stuck_due: None,
            behind_since: None,
            unreached: None,
            watched: true,
        }
    }

    /// Gives the device another health at `now`. What it sensed before is no longer so.
    pub(crate) fn becomes(&mut self, health: DeviceHealth, now: Timestamp) {
        (self.health, self.since, self.alarmed, self.missed) = (health, now, false, false);
        if health == DeviceHealth::Live {
            return;
        }
        (self.presence, self.open, self.in_use) = (None, None, None);
        (self.pending, self.stuck_due, self.left_on_due) = (None, None, None);
        if health == DeviceHealth::Waiting {
            self.online = None;
        }
    }

    /// Its availability is so, or it speaks: notes that it came or went.
    pub(crate) fn comes_or_goes(&mut self, online: bool, now: Timestamp) {
        if self.online == Some(!online) {
            self.flaps.push(now);
            self.flaps.retain(|at| now.since(*at) < FLAPS_WITHIN);
            // The oldest says no more than the newest when there are enough.
            let extra = self.flaps.len().saturating_sub(FLAPS_AT);
            self.flaps.drain(..extra);
            self.flapping |= self.flaps.len() >= FLAPS_AT;
        }
        self.online = Some(online);
        if !online && let Some(mark) = &mut self.mark {
            // It may count anew when it comes back.
            mark.counter = None;
        }
        match (online, self.health) {
            (true, DeviceHealth::Live) | (false, DeviceHealth::Offline) => {}
            (true, _) => self.becomes(DeviceHealth::Live, now),
            (false, _) => self.becomes(DeviceHealth::Offline, now),
        }
    }

    /// When its silence will mean something, while it is live; `None` when it never does.
    pub(crate) fn silent_at(&self) -> Option<Timestamp> {
        let heard = self.last_seen.map_or(self.since, |at| at.max(self.since));
        match &self.unreached {
            Some(unreached) => Some(unreached.since.plus(BROKER_LOST_AFTER)),
            None => self.binding.stale_after.map(|limit| heard.plus(limit)),
        }
    }

    /// When waiting for its first word will have been enough; `None` when it never is.
    pub(crate) fn missed_at(&self) -> Option<Timestamp> {
        let limit = match self.binding.target {
            // What was never heard says nothing about equipment that staff look after; a fridge is watched or it is not.
            Target::Equipment(_) if self.last_seen.is_none() => None,
            Target::Equipment(_) | Target::Environment(_) => {
                Some(self.binding.stale_after.unwrap_or(DEVICE_MISSED_AFTER))
            }
            // A door may rest for days.
            Target::Room(_) | Target::Door(_) | Target::Button(_) => self.binding.stale_after,
        };
        limit.filter(|_| !self.missed).map(|limit| self.since.plus(limit))
    }

    /// When the temperature will have been wrong for too long.
    pub(crate) fn excursion_due(&self) -> Option<Timestamp> {
        let excursion = self.excursion.filter(|it| !it.alarmed);
        excursion.map(|it| it.since.plus(self.binding.delay))
    }

    /// When a flapping device will have been quiet for long enough.
    pub(crate) fn flapping_until(&self) -> Option<Timestamp> {
        self.flaps.last().filter(|_| self.flapping).map(|last| last.plus(FLAPS_END_AFTER))
    }

    /// When a change of use will have lasted.
    pub(crate) fn use_due(&self) -> Option<Timestamp> {
        self.pending.as_ref().map(|pending| pending.since.plus(self.binding.debounce))
    }

    /// When the broker's absence means something: that its devices are unknown, then that an alarm is due.
    pub(crate) fn unreached_due(&self) -> Option<Timestamp> {
        let unreached = self.unreached.as_ref()?;
        if self.health != DeviceHealth::Waiting {
            return Some(unreached.since.plus(BROKER_LOST_AFTER));
        }
        (!unreached.alarmed).then(|| unreached.since.plus(BROKER_ALARM_AFTER))
    }

    /// When its health changes, or an alarm says so, by time alone.
    pub(crate) fn health_due(&self) -> Option<Timestamp> {
        match self.health {
            DeviceHealth::Live => self.silent_at().filter(|_| self.unreached.is_none()),
            DeviceHealth::Waiting => self.missed_at(),
            DeviceHealth::Silent | DeviceHealth::Offline => {
                (!self.alarmed).then(|| self.since.plus(DEVICE_ALARM_AFTER))
            }
        }
    }

    /// The next moment at which time alone means something.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        if !self.watched {
            return None;
        }
        [
            self.health_due(),
            self.unreached_due(),
            self.use_due(),
            self.stuck_due,
            self.excursion_due(),
            self.flapping_until(),
            self.left_on_due,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// What it says of the status of its equipment; `None` when it says nothing.
    pub(crate) fn status(&self) -> Option<EquipmentStatus> {
        match (self.health, &self.fault, &self.in_use) {
            (DeviceHealth::Offline | DeviceHealth::Silent, ..) => Some(EquipmentStatus::Offline),
            (DeviceHealth::Waiting, ..) => self.missed.then_some(EquipmentStatus::Offline),
            (DeviceHealth::Live, Some(_), _) => Some(EquipmentStatus::NeedsMaintenance),
            (DeviceHealth::Live, None, Some(it)) if it.is => Some(EquipmentStatus::InUse),
            (DeviceHealth::Live, None, Some(_)) => Some(EquipmentStatus::Operational),
            (DeviceHealth::Live, None, None) => None,
        }
    }

    /// Where `report`, heard at `now`, stands among its messages. A message with neither time nor counter is new.
    ///
    /// A counter that is lower with a newer time, after the device was gone, or for a whole minute has started anew. A mark that lies ahead of `now` orders nothing: that clock was wrong.
    pub(crate) fn order_of(&self, report: &DeviceReport, now: Timestamp) -> Order {
        let Some(mark) = &self.mark else { return Order::New };
        let times = report.observed_at.zip(mark.observed_at);
        let is_newer = times.is_some_and(|(new, last)| new > last);
        if times.is_some_and(|(new, last)| new < last && last <= now) {
            return Order::Outdated;
        }
        if let Some((new, last)) = report.counter.zip(mark.counter) {
            let waits_long = self.behind_since.is_some_and(|at| now.since(at) >= COUNTER_RESTARTS_AFTER);
            return match new.cmp(&last) {
                std::cmp::Ordering::Greater => Order::New,
                _ if is_newer => Order::New,
                std::cmp::Ordering::Equal => Order::Repeated,
                std::cmp::Ordering::Less if waits_long => Order::New,
                std::cmp::Ordering::Less => Order::Outdated,
            };
        }
        let is_same_time = times.is_some_and(|(new, last)| new == last);
        if is_same_time && words_of(report) == mark.words { Order::Repeated } else { Order::New }
    }

    /// Remembers `report` as its newest message.
    pub(crate) fn set_mark(&mut self, report: &DeviceReport) {
        self.behind_since = None;
        if report.observed_at.is_none() && report.counter.is_none() {
            return;
        }
        let (observed_at, counter) = (report.observed_at, report.counter);
        self.mark = Some(Mark { observed_at, counter, words: words_of(report) });
    }

    /// How far inside its limits a temperature has to be to be right again.
    pub(crate) fn temperature_margin(&self, most: f64) -> f64 {
        match (self.binding.min, self.binding.max) {
            (Some(min), Some(max)) => most.min((max - min).max(0.0) / 4.0),
            _ => most,
        }
    }

    /// This device without what only touches move, to compare facts.
    pub(crate) fn facts(&self) -> Self {
        Self {
            last_seen: None,
            battery: None,
            link_quality: None,
            mark: None,
            pending: None,
            stuck_due: None,
            behind_since: None,
            unreached: None,
            watched: false,
            fault: self.fault.clone().map(|fault| Since { since: Timestamp::default(), ..fault }),
            ..self.clone()
        }
    }

    /// Moves every time that a rule will compare, after the wall clock stepped by `by_ms` milliseconds. Times by the
    /// device's own clock stay, and so does closing time.
    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        let shift = |at: &mut Timestamp| *at = at.shifted(by_ms);
        shift(&mut self.since);
        for at in [&mut self.last_seen, &mut self.pressed_at, &mut self.stuck_due, &mut self.behind_since] {
            at.iter_mut().for_each(shift);
        }
        for it in [&mut self.presence, &mut self.open, &mut self.in_use, &mut self.pending] {
            it.iter_mut().for_each(|it| shift(&mut it.since));
        }
        self.fault.iter_mut().for_each(|it| shift(&mut it.since));
        self.excursion.iter_mut().for_each(|it| shift(&mut it.since));
        self.unreached.iter_mut().for_each(|it| shift(&mut it.since));
        self.flaps.iter_mut().for_each(shift);
    }
}

/// What a report says, in 64 bits (FNV-1a): the same in every run.
fn words_of(report: &DeviceReport) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:?}", report.said).bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// `90 s`, `10 minutes`: a duration of the configuration in words.
pub(crate) fn in_words(span: Duration) -> String {
    match span.as_secs() {
        secs if secs >= 120 && secs % 60 == 0 => format!("{} minutes", secs / 60),
        secs => format!("{secs} s"),
    }
}
