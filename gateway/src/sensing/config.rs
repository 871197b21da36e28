//! `[vision]` and `[[cameras]]`, and what it takes to start a camera from them.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vision::{CameraSettings, ModelFiles, Rotate, Source, Zone};

use crate::auth::Secret;
use crate::domain::id::{CameraId, RoomId};

/// Camera ids leave room for the prefix of their evidence.
const CAMERA_ID_BYTES_MAX: usize = 64;

/// What finds people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// The model when it is there, else motion.
    Auto,
    /// The model; without it the gateway does not start.
    Model,
    /// Motion alone.
    Motion,
}

/// `[vision]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct VisionConfig {
    /// What finds people.
    pub detector: Detector,
    /// The model's name in assets.toml.
    pub model: String,
    /// OpenCV threads for the model.
    pub threads: u8,
    /// Confidence at which a person is believed, 0.0..=1.0.
    pub enter: f32,
    /// Confidence that keeps a room occupied, 0.0..=1.0.
    pub stay: f32,
}

impl Default for VisionConfig {
    fn default() -> Self {
        let model = "yolo-fastest-1.1_body".into();
        Self { detector: Detector::Auto, model, threads: 1, enter: 0.7, stay: 0.4 }
    }
}

impl VisionConfig {
    /// What is wrong with the values: key, and the remedy in words.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        for (key, value) in [("enter", self.enter), ("stay", self.stay)] {
            if !(0.0..=1.0).contains(&value) {
                problems.push((key, format!("{value} is no confidence; use 0.0 to 1.0")));
            }
        }
        if self.stay > self.enter {
            let remedy = format!(
                "{} is more than enter ({}); staying takes less than entering",
                self.stay, self.enter
            );
            problems.push(("stay", remedy));
        }
        if !(1..=16).contains(&self.threads) {
            problems.push(("threads", format!("{} is out of range; use 1 to 16", self.threads)));
        }
        problems
    }
}

/// `[[cameras]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CameraConfig {
    /// The clinic's own word for it.
    pub id: CameraId,
    /// `rtsp://…`, `http://…`, `/dev/video0`, `file:NAME` (in the assets folder) or `synthetic:room`. May hold a
    /// password, so it is never printed.
    pub source: Secret,
    /// The room it watches.
    pub room: RoomId,
    /// Polygons of [x, y] in shares of width and height; none is the whole picture.
    #[serde(default)]
    pub zones: Vec<Vec<[f32; 2]>>,
    /// Degrees clockwise that turn the picture upright: 0, 90, 180 or 270.
    #[serde(default)]
    pub rotate: u16,
    /// Pictures looked at per second.
    #[serde(default = "default_fps")]
    pub fps: f64,
    /// Seconds without anybody before the room is empty; `rules.exit_hold_s` when absent.
    #[serde(default)]
    pub hold_s: Option<f64>,
}

fn default_fps() -> f64 {
    5.0
}

/// A camera that can be started.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The camera.
    pub camera_id: CameraId,
    /// The room it watches.
    pub room_id: RoomId,
    /// What `vision` needs.
    pub settings: CameraSettings,
}

/// A file that a camera needs and that is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The file or model.
    pub name: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

impl CameraConfig {
    /// What is wrong with the values: key, and the remedy in words.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if self.id.as_str().len() > CAMERA_ID_BYTES_MAX {
            problems.push(("id", format!("is longer than {CAMERA_ID_BYTES_MAX} letters")));
        }
        if let Err(error) = Source::parse(self.source.expose(), Path::new("")) {
            problems.push(("source", error.to_string()));
        }
        if let Err(error) = Rotate::try_from(self.rotate) {
            problems.push(("rotate", error.to_string()));
        }
        if let Some(error) = self.zones.iter().find_map(|zone| Zone::try_from(zone.clone()).err()) {
            problems.push(("zones", error.to_string()));
        }
        if !(0.2..=30.0).contains(&self.fps) {
            problems.push(("fps", format!("{} is out of range; use 0.2 to 30", self.fps)));
        }
        if self.hold_s.is_some_and(|hold_s| !(1.0..=3600.0).contains(&hold_s)) {
            problems.push(("hold_s", "is out of range; use 1 to 3600 seconds".into()));
        }
        problems
    }
}

/// Turns valid configuration into cameras, and says which files are missing. `exit_hold` is the hold of a
/// camera that has none of its own.
pub fn prepare(
    vision: &VisionConfig,
    cameras: &[CameraConfig],
    assets: &Path,
    exit_hold: Duration,
) -> (Vec<Prepared>, Vec<Missing>) {
    let mut missing = Vec::new();
    let model = model(vision, assets, &mut missing);
    let prepared = cameras.iter().filter_map(|camera| {
        let source = Source::parse(camera.source.expose(), assets).ok()?;
        if let Source::File(_) = &source {
            let name = camera.source.expose().trim_start_matches("file:");
            check_asset(name, assets, &mut missing);
        }
        let mut settings = CameraSettings::new(camera.id.as_str(), source);
        settings.zones = camera.zones.iter().filter_map(|zone| Zone::try_from(zone.clone()).ok()).collect();
        settings.rotate = Rotate::try_from(camera.rotate).ok()?;
        settings.fps = camera.fps;
        settings.hold = camera.hold_s.map_or(exit_hold, Duration::from_secs_f64);
        (settings.enter, settings.stay, settings.threads) = (vision.enter, vision.stay, vision.threads);
        // A drawn figure is no person to a network trained on people: motion is what can see it.
        settings.model = model.clone().filter(|_| !settings.source.is_synthetic());
        Some(Prepared { camera_id: camera.id.clone(), room_id: camera.room.clone(), settings })
    });
    let prepared = prepared.collect();
    (prepared, missing)
}

fn model(vision: &VisionConfig, assets: &Path, missing: &mut Vec<Missing>) -> Option<ModelFiles> {
    if vision.detector == Detector::Motion {
        return None;
    }
    if !vision::opencv_built() {
        let reason = "this gateway was built without OpenCV; the motion detector serves".into();
        missing.push(Missing { name: vision.model.clone(), reason });
        return None;
    }
    let found = vision::assets::model(assets, &vision.model);
    found
        .map_err(|error| missing.push(Missing { name: vision.model.clone(), reason: error.to_string() }))
        .ok()
}

/// A file of the catalogue is checked before it is opened; the clinic's own files are their owner's.
fn check_asset(name: &str, assets: &Path, missing: &mut Vec<Missing>) {
    let is_pinned = vision::assets::catalogue().iter().any(|asset| asset.name == name);
    if let (true, Err(error)) = (is_pinned, vision::assets::locate(assets, name)) {
        missing.push(Missing { name: name.into(), reason: error.to_string() });
    }
}
