//! Is somebody in the room, who says so, and since when can it be trusted?
//!
//! Sensors leave [`Evidence`]; staff leave a [`Claim`]; [`fuse`] weighs both and says why in words. Evidence
//! that is stale for too long, or from before a restart, is [`Freshness::Lost`] and proves nothing.

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::id::{CameraId, DeviceId, EquipmentId, SourceId};
use super::rules::{CAMERA_LOST_AFTER, CAMERA_STALE_AFTER, CLAIM_HOLDS, CLAIM_RENEWS_AFTER, Rules};
use super::time::Timestamp;

/// What a sensor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sensor", rename_all = "snake_case")]
pub enum Sensor {
    /// One of the gateway's own cameras.
    Camera {
        /// Which one.
        camera_id: CameraId,
    },
    /// A vision system that reports by webhook.
    Webhook,
    /// A presence sensor.
    Device {
        /// Which one.
        device_id: DeviceId,
    },
    /// A door that closed, and somebody was seen behind it since: it infers that they are still there.
    Door {
        /// The door's contact.
        device_id: DeviceId,
    },
    /// Equipment that somebody uses: it infers that they are there.
    InUse {
        /// Which piece.
        equipment_id: EquipmentId,
    },
}

impl Sensor {
    /// True for what sees how it is at every moment, whoever sits still too.
    fn sees(&self) -> bool {
        match self {
            Sensor::Camera { .. } | Sensor::Webhook => true,
            Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. } => false,
        }
    }

    /// True for what nobody senses and the rules infer. It says that somebody is there, or nothing.
    pub(crate) fn is_inferred(&self) -> bool {
        match self {
            Sensor::Camera { .. } | Sensor::Webhook | Sensor::Device { .. } => false,
            Sensor::Door { .. } | Sensor::InUse { .. } => true,
        }
    }

    /// True for what a bound device says, or the rules infer from it.
    pub(crate) fn is_of_device(&self) -> bool {
        match self {
            Sensor::Camera { .. } | Sensor::Webhook => false,
            Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. } => true,
        }
    }
}

/// How a claim was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A neural network saw a person.
    Model,
    /// The picture changed where a person would be.
    Motion,
    /// Another system judged by its own means.
    External,
    /// A sensor of presence, a door or a plug spoke.
    Sensor,
}

/// How much a piece of evidence, or what rests on it, can be trusted for its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Its source has spoken lately.
    Fresh,
    /// Its source should have spoken and has not; the last word still counts, for a little.
    Stale,
    /// Too old, or from before a restart: it proves nothing.
    Lost,
}

/// The last word of one source about a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it comes from.
    pub source: SourceId,
    /// What the source is.
    #[serde(flatten)]
    pub sensor: Sensor,
    /// Somebody is there.
    pub occupied: bool,
    /// How many, when the source counts.
    pub people: Option<u32>,
    /// How sure the source was, 0.0..=1.0. A touch.
    pub confidence: Option<f32>,
    /// How it judged.
    pub method: Method,
    /// It rests on a drawn scene, not on the world.
    pub synthetic: bool,
    /// When the source saw it. A touch.
    pub observed_at: Timestamp,
    /// How far it can be trusted.
    pub freshness: Freshness,
    /// When silence lowers the freshness, and after that, when a webhook's source is forgotten. A touch until it is
    /// lost.
    pub due: Option<Timestamp>,
}

impl Evidence {
    /// Sets the evidence fresh at `now` and says when silence will count.
    ///
    /// What a device says has a limit of its own, which its binding knows.
    pub(crate) fn refresh(&mut self, rules: &Rules, now: Timestamp) {
        self.freshness = Freshness::Fresh;
        self.due = match self.sensor {
            Sensor::Camera { .. } => Some(now.plus(CAMERA_STALE_AFTER)),
            Sensor::Webhook => Some(now.plus(rules.webhook_stale)),
            Sensor::Device { .. } | Sensor::Door { .. } | Sensor::InUse { .. } => self.due,
        };
    }

    /// Lowers the freshness as far as the silence up to `now` demands.
    pub(crate) fn age(&mut self, rules: &Rules, now: Timestamp) {
        while let Some(due) = self.due.filter(|due| *due <= now) {
            match (&self.sensor, self.freshness) {
                (_, Freshness::Lost) => return,
                (Sensor::Camera { .. }, Freshness::Fresh) => {
                    self.freshness = Freshness::Stale;
                    self.due = Some(due.plus(CAMERA_LOST_AFTER - CAMERA_STALE_AFTER));
                }
                (
                    Sensor::Camera { .. }
                    | Sensor::Webhook
                    | Sensor::Device { .. }
                    | Sensor::Door { .. }
                    | Sensor::InUse { .. },
                    _,
                ) => self.lose(rules, due),
            }
        }
    }

    /// Makes the evidence prove nothing from `at` on, as after a restart. What was lost before stays as it was.
    pub(crate) fn lose(&mut self, rules: &Rules, at: Timestamp) {
        if self.freshness == Freshness::Lost && self.due.is_some() {
            return;
        }
        self.freshness = Freshness::Lost;
        self.due = match self.sensor {
            // It is configured: it is missed until it returns or is taken out of the configuration.
            Sensor::Camera { .. } | Sensor::Device { .. } => None,
            Sensor::Webhook => Some(at.plus(rules.source_forgotten)),
            // Nobody waits for an inference: what it rests on is missed by itself.
            Sensor::Door { .. } | Sensor::InUse { .. } => Some(at),
        };
    }

    /// True when its source has been silent for so long at `now` that nobody waits for it any more.
    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.freshness == Freshness::Lost && self.due.is_some_and(|due| due <= now)
    }

    /// True when nothing but what touches move differs.
    pub(crate) fn has_same_facts(&self, other: &Self) -> bool {
        let Self {
            source,
            sensor,
            occupied,
            people,
            confidence: _,
            method,
            synthetic,
            observed_at: _,
            freshness,
            due,
        } = self;
        let is_lost = *freshness == Freshness::Lost;
        (!is_lost || *due == other.due)
            && (source, sensor, occupied, people)
                == (&other.source, &other.sensor, &other.occupied, &other.people)
            && (method, synthetic, freshness) == (&other.method, &other.synthetic, &other.freshness)
    }

    fn says(&self) -> String {
        let who = match &self.sensor {
            Sensor::Camera { camera_id } if self.synthetic => format!("synthetic camera {camera_id}"),
            Sensor::Camera { camera_id } => format!("camera {camera_id}"),
            Sensor::Webhook => format!("sensor {}", self.source),
            Sensor::Device { device_id } => format!("sensor {device_id}"),
            Sensor::Door { .. } => return "somebody was seen after the door closed".into(),
            Sensor::InUse { equipment_id } => return format!("equipment {equipment_id} is in use"),
        };
        let sees = match (self.method, self.occupied, self.people) {
            (Method::Sensor, true, Some(n)) if n > 0 => format!("counts {n}"),
            (Method::Sensor, true, _) => "detects somebody".into(),
            (Method::Sensor, false, _) => "detects nobody".into(),
            (Method::Motion, true, _) => "sees somebody move or stand".into(),
            (_, true, Some(1)) => "sees 1 person".into(),
            (_, true, Some(n)) if n > 1 => format!("sees {n} people"),
            (_, true, _) => "sees somebody".into(),
            (_, false, _) => "sees nobody".to_string(),
        };
        let age = if self.freshness == Freshness::Stale { ", but has fallen silent" } else { "" };
        format!("{who} {sees}{age}")
    }
}

/// What staff said about a room's occupancy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Somebody is there.
    pub occupied: bool,
    /// Who said so.
    pub by: Actor,
    /// When it was said.
    pub said_at: Timestamp,
    /// When it gives way to sensors; `None` in a room without any.
    pub until: Option<Timestamp>,
}

impl Claim {
    /// A claim made at `now`.
    pub(crate) fn new(occupied: bool, by: Actor, has_sensors: bool, now: Timestamp) -> Self {
        Self { occupied, by, said_at: now, until: has_sensors.then(|| now.plus(CLAIM_HOLDS)) }
    }

    /// True when saying `occupied` at `now` only repeats this claim.
    pub(crate) fn is_repeated_by(&self, occupied: bool, now: Timestamp) -> bool {
        self.occupied == occupied && (self.until.is_none() || now.since(self.said_at) < CLAIM_RENEWS_AFTER)
    }
}

/// Whether somebody is in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Somebody is there.
    Occupied,
    /// Nobody is there.
    Empty,
    /// Nothing that can be trusted says either.
    Unknown,
}

/// The fused answer, with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occupancy {
    /// The answer.
    pub state: Presence,
    /// How many people, when a source counts. The most that one source sees.
    pub people: Option<u32>,
    /// How sure the surest source of the answer is, 0.0..=1.0; `None` for a claim. A touch.
    pub confidence: Option<f32>,
    /// Since when the answer is so.
    pub since: Timestamp,
    /// The sources that the answer rests on.
    pub sources: Vec<SourceId>,
    /// How far the answer can be trusted for its age.
    pub freshness: Freshness,
    /// Sensing is paused for privacy.
    pub paused: bool,
    /// The answer rests on a drawn scene, not on the world.
    pub synthetic: bool,
    /// The reason in words.
    pub why: String,
    /// Sensors only advise here: the answer rests on what staff say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
}

impl Occupancy {
    /// True when nothing but what touches move differs.
    pub(crate) fn has_same_facts(&self, other: &Self) -> bool {
        let Self {
            state,
            people,
            confidence: _,
            since,
            sources,
            freshness,
            paused,
            synthetic,
            why,
            advisory,
        } = self;
        (state, people, since, sources) == (&other.state, &other.people, &other.since, &other.sources)
            && (freshness, paused, synthetic) == (&other.freshness, &other.paused, &other.synthetic)
            && (why, advisory) == (&other.why, &other.advisory)
    }

    /// The answer for a room of which nobody has said anything.
    pub(crate) fn never_sensed(now: Timestamp) -> Self {
        Self {
            state: Presence::Unknown,
            people: None,
            confidence: None,
            since: now,
            sources: Vec::new(),
            freshness: Freshness::Fresh,
            paused: false,
            synthetic: false,
            why: "no sensor and no staff member has said anything yet".into(),
            advisory: false,
        }
    }
}

/// Weighs claim and evidence at `now`; `before` gives the age of an answer that stays the same.
///
/// A claim wins. Else any fresh or stale source that sees somebody makes the room occupied; else any that
/// sees nobody makes it empty; else it is unknown. Where `staff_decide`, sensors only have a say in the reason.
pub(crate) fn fuse(
    evidence: &[Evidence],
    claim: Option<&Claim>,
    before: &Occupancy,
    staff_decide: bool,
    now: Timestamp,
) -> Occupancy {
    let mut fused = match claim {
        _ if staff_decide => advised(evidence, claim, before.paused),
        Some(claim) => claimed(claim),
        None if before.paused => nothing("sensing is paused for privacy"),
        None => sensed(evidence),
    };
    fused.paused = before.paused;
    fused.since = if fused.state == before.state { before.since } else { now };
    fused
}

fn claimed(claim: &Claim) -> Occupancy {
    let state = if claim.occupied { Presence::Occupied } else { Presence::Empty };
    let word = if claim.occupied { "occupied" } else { "empty" };
    Occupancy { state, freshness: Freshness::Fresh, ..nothing(&format!("{} said it is {word}", claim.by)) }
}

fn advised(evidence: &[Evidence], claim: Option<&Claim>, paused: bool) -> Occupancy {
    let mut said = match claim {
        Some(claim) => claimed(claim),
        None => Occupancy { freshness: Freshness::Fresh, ..nothing("no staff member has said anything yet") },
    };
    if !evidence.is_empty() && !paused {
        said.why = format!("{}; sensors only advise here: {}", said.why, sensed(evidence).why);
    }
    Occupancy { advisory: true, ..said }
}

/// What the sensors alone say: somebody, nobody, or nothing that can be trusted.
pub(crate) fn sensed(evidence: &[Evidence]) -> Occupancy {
    if evidence.is_empty() {
        return Occupancy {
            freshness: Freshness::Fresh,
            ..nothing("no sensor and no staff member has said anything yet")
        };
    }
    let mut counts: Vec<&Evidence> = evidence.iter().filter(|e| e.freshness != Freshness::Lost).collect();
    // Who sees nobody knows better than an inference. A motion sensor does not: it misses who sits still.
    if counts.iter().any(|e| e.sensor.sees() && !e.occupied) {
        counts.retain(|e| !e.sensor.is_inferred());
    }
    let occupied = counts.iter().any(|e| e.occupied);
    let rests_on: Vec<&&Evidence> = counts.iter().filter(|e| e.occupied == occupied).collect();
    let Some(freshness) = rests_on.iter().map(|e| e.freshness).min() else {
        let sources: Vec<&str> = evidence.iter().map(|e| e.source.as_str()).collect();
        return nothing(&format!("nothing fresh from {}", sources.join(", ")));
    };
    Occupancy {
        state: if occupied { Presence::Occupied } else { Presence::Empty },
        people: rests_on.iter().filter_map(|e| e.people).max(),
        confidence: rests_on.iter().filter_map(|e| e.confidence).max_by(f32::total_cmp),
        sources: rests_on.iter().map(|e| e.source.clone()).collect(),
        freshness,
        synthetic: rests_on.iter().any(|e| e.synthetic),
        ..nothing(&rests_on.iter().map(|e| e.says()).collect::<Vec<_>>().join("; "))
    }
}

fn nothing(why: &str) -> Occupancy {
    Occupancy { freshness: Freshness::Lost, why: why.into(), ..Occupancy::never_sensed(Timestamp::default()) }
}
