//! Plays footage through the whole path, as fast as it goes, and says when somebody was there.
//!
//! For judging a camera's zones and thresholds on a recording before they are trusted, and for tests.

use std::time::Duration;

use crate::detect::DetectError;
use crate::frames::{self, FrameError, Pace};
use crate::occupancy::Presence;
use crate::pipeline::Pipeline;
use crate::settings::CameraSettings;
use crate::source::Source;

/// What footage showed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// First and last frame in which somebody was found, for each stay, without the hold after it. Two
    /// appearances closer together than the hold are one stay. Frames count from 0.
    pub intervals: Vec<(u64, u64)>,
    /// From the frame on which the room was called occupied to the one on which it no longer was: later than
    /// the first appearance by the looks it takes to believe it, later than the last by the hold.
    pub claims: Vec<(u64, u64)>,
    /// Frames in the footage.
    pub frames: u64,
    /// Frames per second of the footage.
    pub rate_hz: f64,
    /// How often the network looked; 0 with the motion detector.
    pub looks: u64,
}

/// Says why footage could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A camera never ends.
    #[error("{0} is a camera: only a file or a synthetic scene can be evaluated")]
    Endless(Source),
    /// The footage cannot be read.
    #[error("could not read {source_name}: {reason}")]
    Footage {
        /// The source, without passwords.
        source_name: Source,
        /// The reason in words.
        reason: String,
    },
    /// The model cannot be used.
    #[error("could not detect: {reason}")]
    Detector {
        /// The reason in words.
        reason: String,
    },
}

/// Returns when the zones were occupied, each frame judged as a live camera would judge it at
/// `settings.fps` detections a second of the footage's own time.
///
/// Takes as long as decoding and detecting take; a synthetic scene is played for one round.
///
/// # Errors
///
/// [`EvaluateError`] when the source never ends, cannot be read, or the model cannot be loaded.
pub fn occupied_intervals(settings: &CameraSettings) -> Result<Evaluation, EvaluateError> {
    match settings.source {
        Source::Synthetic { .. } | Source::File(_) => {}
        Source::Url(_) | Source::Device(_) => return Err(EvaluateError::Endless(settings.source.clone())),
    }
    let unreadable = |error: FrameError| EvaluateError::Footage {
        source_name: settings.source.clone(),
        reason: error.to_string(),
    };
    let unusable = |error: DetectError| EvaluateError::Detector { reason: error.to_string() };
    let mut pipeline = Pipeline::build(settings).map_err(unusable)?;
    let mut footage = frames::open(&settings.source, Pace::Unpaced).map_err(unreadable)?;
    let rate_hz = footage.rate_hz().unwrap_or(1.0);
    let mut stays = Stays::default();
    let mut claims = Claims::default();
    let mut due = Duration::ZERO;
    let mut frames = 0;
    while let Some(number) = footage.advance().map_err(unreadable)? {
        frames = number + 1;
        let now = Duration::from_secs_f64(number as f64 / rate_hz);
        // Half a frame early is on time: the rates of footage and detection seldom divide evenly.
        if now + Duration::from_secs_f64(0.5 / rate_hz) < due {
            continue;
        }
        due = due.max(now.saturating_sub(settings.period())) + settings.period();
        let frame = footage.frame().map_err(unreadable)?;
        let observation = pipeline.judge(frame, now).map_err(unusable)?;
        claims.note(number, observation.is_some_and(|seen| seen.occupied));
        stays.note(pipeline.presence());
    }
    let number_at = |at: Duration| frame_number(at.as_secs_f64() * rate_hz);
    let intervals = stays.finish().into_iter().map(|stay| (number_at(stay.first), number_at(stay.last)));
    let intervals = intervals.collect();
    let claims = claims.finish(frames.saturating_sub(1));
    Ok(Evaluation { intervals, claims, frames, rate_hz, looks: pipeline.looks() })
}

/// Collects stays as they end.
#[derive(Default)]
struct Stays {
    ended: Vec<Presence>,
    present: Option<Presence>,
}

impl Stays {
    fn note(&mut self, presence: Option<Presence>) {
        if presence.is_none() {
            self.ended.extend(self.present);
        }
        self.present = presence;
    }

    fn finish(mut self) -> Vec<Presence> {
        self.ended.extend(self.present);
        self.ended
    }
}

/// Collects the stretches in which the room was called occupied.
#[derive(Default)]
struct Claims {
    ended: Vec<(u64, u64)>,
    since: Option<u64>,
}

impl Claims {
    fn note(&mut self, number: u64, occupied: bool) {
        match (self.since, occupied) {
            (None, true) => self.since = Some(number),
            (Some(since), false) => {
                self.ended.push((since, number));
                self.since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    fn finish(mut self, last: u64) -> Vec<(u64, u64)> {
        self.ended.extend(self.since.map(|since| (since, last)));
        self.ended
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "computed from a frame number")]
fn frame_number(number: f64) -> u64 {
    number.round() as u64
}
