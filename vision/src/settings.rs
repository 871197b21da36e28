//! What a camera is told before it starts: picture, zones, thresholds, model, patience.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::source::Source;
use crate::zones::Zone;

/// Everything one camera needs to know.
#[derive(Clone, Debug)]
pub struct CameraSettings {
    /// The clinic's own word for the camera, for example `cam-1`. Names the threads and the log lines.
    pub id: String,
    /// Where the pictures come from.
    pub source: Source,
    /// The parts of the picture that count; empty means the whole picture.
    pub zones: Vec<Zone>,
    /// How the picture must be turned so that people stand upright.
    pub rotate: Rotate,
    /// Detections per second. Held to 0.2..=30.0; anything that is not a number counts as 5.
    pub fps: f64,
    /// How long nobody must be found before the room is called empty. The motion detector waits
    /// [`MOTION_HOLD_FACTOR`](crate::MOTION_HOLD_FACTOR) times as long.
    pub hold: Duration,
    /// Confidence a person must reach before the room is called occupied, 0.0..=1.0.
    pub enter: f32,
    /// Confidence that keeps an occupied room occupied, 0.0..=1.0.
    pub stay: f32,
    /// OpenCV threads for the network. OpenCV has one number for the whole process: the camera
    /// opened last decides.
    pub threads: u8,
    /// The person detector; without one the motion detector serves.
    pub model: Option<ModelFiles>,
    /// How long to wait before a lost source is opened again.
    pub reconnect: Reconnect,
}

impl CameraSettings {
    /// Returns the shipped settings: 5 detections a second, hold 25 s, enter 0.7, stay 0.4, one
    /// thread, whole picture, no model.
    pub fn new(id: impl Into<String>, source: Source) -> CameraSettings {
        CameraSettings {
            id: id.into(),
            source,
            zones: Vec::new(),
            rotate: Rotate::None,
            fps: FPS_DEFAULT,
            hold: Duration::from_secs(25),
            enter: 0.7,
            stay: 0.4,
            threads: 1,
            model: None,
            reconnect: Reconnect::default(),
        }
    }

    /// Returns the time between two detections.
    pub(crate) fn period(&self) -> Duration {
        let fps = if self.fps.is_finite() { self.fps.clamp(FPS_MIN, FPS_MAX) } else { FPS_DEFAULT };
        Duration::from_secs_f64(1.0 / fps)
    }
}

/// Five pictures a second show every step of a person who walks through a door.
const FPS_DEFAULT: f64 = 5.0;
const FPS_MIN: f64 = 0.2;
const FPS_MAX: f64 = 30.0;

/// How a picture is turned before anything looks at it.
///
/// A person detector trained on upright people finds nobody in a picture that hangs upside down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub enum Rotate {
    /// As it comes.
    #[default]
    None,
    /// A quarter turn clockwise.
    Cw90,
    /// Upside down.
    Half,
    /// A quarter turn counter-clockwise.
    Ccw90,
}

/// An angle that is none of 0, 90, 180 and 270.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rotate is {0} degrees; it can be 0, 90, 180 or 270 (clockwise)")]
pub struct RotateError(u16);

impl TryFrom<u16> for Rotate {
    type Error = RotateError;

    /// Takes degrees clockwise.
    fn try_from(degrees: u16) -> Result<Rotate, RotateError> {
        match degrees {
            0 => Ok(Rotate::None),
            90 => Ok(Rotate::Cw90),
            180 => Ok(Rotate::Half),
            270 => Ok(Rotate::Ccw90),
            other => Err(RotateError(other)),
        }
    }
}

/// The files of a person detector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelFiles {
    /// A Darknet YOLO network whose class 0 is "person"; its input size stands in the `.cfg`.
    Darknet {
        /// The description of the network.
        cfg: PathBuf,
        /// Its weights.
        weights: PathBuf,
    },
    /// An ONNX network with the output of YOLOv5: rows of centre x, centre y, width, height (pixels of
    /// the input), objectness and class scores, "person" being class 0.
    Onnx {
        /// The network.
        file: PathBuf,
        /// Width and height of its input, pixels.
        side_px: u16,
    },
}

impl ModelFiles {
    /// The input size of YOLOv5 exports unless somebody asked for another.
    pub const ONNX_SIDE_PX: u16 = 640;
}

/// How long to wait before a lost source is opened again.
///
/// Each wait is drawn evenly from zero to a bound that starts at `min` and doubles up to `max` ("full
/// jitter"), so that the cameras of a clinic do not all knock at once after a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconnect {
    /// The first bound.
    pub min: Duration,
    /// The last bound.
    pub max: Duration,
}

impl Default for Reconnect {
    fn default() -> Reconnect {
        Reconnect { min: Duration::from_secs(1), max: Duration::from_secs(30) }
    }
}

impl Reconnect {
    /// Returns the bound of the wait after `failures` failures in a row (1 for the first).
    pub(crate) fn bound(&self, failures: u32) -> Duration {
        let doubled = self.min.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quarter_turns_are_accepted() {
        assert_eq!(
            [0, 90, 180, 270].map(Rotate::try_from),
            [Ok(Rotate::None), Ok(Rotate::Cw90), Ok(Rotate::Half), Ok(Rotate::Ccw90)]
        );
        assert_eq!(
            Rotate::try_from(45).unwrap_err().to_string(),
            "rotate is 45 degrees; it can be 0, 90, 180 or 270 (clockwise)"
        );
    }

    #[test]
    fn the_wait_doubles_up_to_its_bound() {
        let bounds = [1, 2, 3, 5, 6, 60].map(|failures| Reconnect::default().bound(failures).as_secs());
        assert_eq!(bounds, [1, 2, 4, 16, 30, 30]);
    }

    #[test]
    fn nonsense_rates_are_held_to_sensible_ones() {
        let mut settings = CameraSettings::new("cam-1", "synthetic:room".parse().unwrap());
        let mut period_ms = |fps| {
            settings.fps = fps;
            settings.period().as_millis()
        };
        assert_eq!([f64::NAN, f64::INFINITY, -1.0, 0.0, 1e9].map(&mut period_ms), [200, 200, 5000, 5000, 33]);
    }
}
