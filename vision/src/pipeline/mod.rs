//! From a picture to a claim: turn it, decide whether to look, look, count who stands in the zones.
//!
//! The same path for every source, live or evaluated. It knows no clock: the time of each picture
//! comes in with it.

use std::time::Duration;

use crate::detect::motion::{CONFIDENCE_MAX, MotionDetector};
use crate::detect::{self, DetectError, Detection, Detector};
use crate::frames::Frame;
use crate::occupancy::{Look, Occupancy, Presence, Rules};
use crate::report::{Method, Observation};
use crate::settings::{CameraSettings, Rotate};
use crate::zones::{self, Zone};

/// The motion detector waits this many times the hold before it calls a room empty: it loses people
/// who sit still more easily than a network does.
pub const MOTION_HOLD_FACTOR: u32 = 2;

/// Looks with the entering confidence before somebody is believed: 0.6 s at 5 looks a second.
const HITS: u32 = 3;

/// How long a network must find nobody at the start before a room is called empty.
const EMPTY_PROOF: Duration = Duration::from_secs(2);

/// While nothing stirs, a network looks this often at an occupied room (is the still person there?) ...
const RECHECK_OCCUPIED: Duration = Duration::from_secs(2);
/// ... and at an empty one (did somebody come in unnoticed?).
const RECHECK_EMPTY: Duration = Duration::from_secs(5);

/// Looks go on this long after the last stir, since people arrive and then stand.
const STIR_LINGERS: Duration = Duration::from_secs(1);

/// A gap of this much more than the hold and nothing is known any more. Longer than either re-check.
const FORGET_AFTER_HOLD: Duration = Duration::from_secs(10);

/// The most a network's silence is worth: it hears nobody below a confidence of 0.1.
const EMPTY_CONFIDENCE_MAX: f32 = 0.9;

/// Everything between a picture and a claim, and what it remembers.
pub(crate) struct Pipeline {
    rotate: Rotate,
    zones: Vec<Zone>,
    stay: f32,
    synthetic: bool,
    motion: MotionDetector,
    model: Option<Box<dyn Detector>>,
    occupancy: Occupancy,
    last_look: Option<Duration>,
    last_stir: Option<Duration>,
    looks: u64,
}

impl Pipeline {
    /// Builds the path for one camera and loads its model.
    pub(crate) fn build(settings: &CameraSettings) -> Result<Pipeline, DetectError> {
        let model = settings.model.as_ref().map(|files| detect::load(files, settings.threads)).transpose()?;
        Ok(Pipeline::with_model(settings, model))
    }

    fn with_model(settings: &CameraSettings, model: Option<Box<dyn Detector>>) -> Pipeline {
        Pipeline {
            rotate: settings.rotate,
            zones: settings.zones.clone(),
            stay: settings.stay.min(settings.enter),
            synthetic: settings.source.is_synthetic(),
            motion: MotionDetector::default(),
            occupancy: Occupancy::new(rules(settings, model.is_some())),
            model,
            last_look: None,
            last_stir: None,
            looks: 0,
        }
    }

    /// Takes in one picture; `now` is the time since any fixed start.
    pub(crate) fn judge(&mut self, frame: Frame, now: Duration) -> Result<Option<Observation>, DetectError> {
        let frame = frame.rotated(self.rotate);
        let sight = self.motion.observe(&frame, now);
        if sight.stirs {
            self.last_stir = Some(now);
        }
        let wanted = self.wants_look(now);
        let found = match &mut self.model {
            None => sight.people,
            Some(model) if wanted => {
                self.looks += 1;
                self.last_look = Some(now);
                model.detect(&frame, now)?
            }
            Some(_) => None,
        };
        if let Some(found) = found {
            let look = self.look(&found);
            self.occupancy.observe(now, look);
        }
        Ok(self.observation())
    }

    /// Returns the present stay, without its hold.
    pub(crate) fn presence(&self) -> Option<Presence> {
        self.occupancy.presence()
    }

    /// Returns how often the network was asked.
    pub(crate) fn looks(&self) -> u64 {
        self.looks
    }

    /// Returns whether the network should look now. Motion decides when, never whether somebody is
    /// there: without any motion it still looks, only less often.
    fn wants_look(&self, now: Duration) -> bool {
        let since = |then: Option<Duration>| then.map_or(Duration::MAX, |then| now.saturating_sub(then));
        let recheck = match self.occupancy.claim() {
            Some(claim) if claim.occupied => RECHECK_OCCUPIED,
            Some(_) | None => RECHECK_EMPTY,
        };
        self.occupancy.is_pending()
            || since(self.last_stir) <= STIR_LINGERS
            || since(self.last_look) >= recheck
    }

    fn look(&self, found: &[Detection]) -> Look {
        let here = || found.iter().filter(|person| zones::counts(&self.zones, person.foot()));
        let people = here().filter(|person| person.confidence >= self.stay).count();
        Look {
            people: u32::try_from(people).unwrap_or(u32::MAX),
            confidence: here().map(|person| person.confidence).fold(0.0, f32::max),
        }
    }

    fn observation(&self) -> Option<Observation> {
        let claim = self.occupancy.claim()?;
        let (method, highest) = match (&self.model, claim.occupied) {
            (None, _) => (Method::Motion, CONFIDENCE_MAX),
            (Some(_), true) => (Method::Model, 1.0),
            (Some(_), false) => (Method::Model, EMPTY_CONFIDENCE_MAX),
        };
        Some(Observation {
            occupied: claim.occupied,
            people: claim.people,
            confidence: claim.confidence.min(highest),
            method,
            synthetic: self.synthetic,
        })
    }
}

/// Returns the numbers of the occupancy machine. The motion detector proves an empty room only by a
/// whole hold without anybody, and thresholds above its highest confidence would never be met.
fn rules(settings: &CameraSettings, has_model: bool) -> Rules {
    let hold = if has_model { settings.hold } else { settings.hold.saturating_mul(MOTION_HOLD_FACTOR) };
    let highest = if has_model { 1.0 } else { CONFIDENCE_MAX };
    Rules {
        hits: HITS,
        hold,
        empty_proof: if has_model { EMPTY_PROOF } else { hold },
        enter: settings.enter.min(highest),
        stay: settings.stay.min(highest),
        forget: hold.saturating_add(FORGET_AFTER_HOLD),
    }
}

#[cfg(test)]
mod tests;
