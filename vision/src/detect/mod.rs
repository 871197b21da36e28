//! Finds people in one picture. What a room makes of it over time is not decided here.

pub(crate) mod motion;
#[cfg(feature = "opencv")]
pub(crate) mod network;

use std::time::Duration;

use crate::frames::Frame;
use crate::settings::ModelFiles;

/// One person, or what is taken for one. Shares of width and height, origin top left; a box may reach
/// a little over the border of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Detection {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    /// 0.0..=1.0.
    pub(crate) confidence: f32,
}

impl Detection {
    /// Returns where the person stands: the middle of the lower edge.
    pub(crate) fn foot(&self) -> [f32; 2] {
        [f32::midpoint(self.left, self.right), self.bottom]
    }
}

/// Finds people in pictures.
pub(crate) trait Detector: Send {
    /// Returns everybody found, or `None` if this picture allows no answer. `now` is the time since any
    /// fixed start.
    fn detect(&mut self, frame: &Frame, now: Duration) -> Result<Option<Vec<Detection>>, DetectError>;
}

/// Says why there is no answer. The text is shown to the clinic.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DetectError {
    /// The crate was built without the feature.
    #[cfg(not(feature = "opencv"))]
    #[error("built without OpenCV, so it can load no model")]
    NotBuilt,
    /// A network that cannot be loaded.
    #[cfg(feature = "opencv")]
    #[error("could not load the model {name}")]
    Model {
        /// File name of the model.
        name: String,
        /// What OpenCV said.
        source: opencv::Error,
    },
    /// A network whose output is none of the known forms.
    #[cfg(feature = "opencv")]
    #[error("the model's output has {columns} columns; a YOLO output has at least 6")]
    Output {
        /// Values per row.
        columns: usize,
    },
    /// OpenCV refused.
    #[cfg(feature = "opencv")]
    #[error("OpenCV failed while detecting")]
    OpenCv(#[from] opencv::Error),
}

/// Loads a person detector, ready to run with `threads` OpenCV threads.
///
/// # Errors
///
/// [`DetectError`] when the files are no network, or OpenCV is not built in.
#[cfg(feature = "opencv")]
pub(crate) fn load(files: &ModelFiles, threads: u8) -> Result<Box<dyn Detector>, DetectError> {
    Ok(Box::new(network::Network::load(files, threads)?))
}

/// Says that there can be no model.
#[cfg(not(feature = "opencv"))]
pub(crate) fn load(_files: &ModelFiles, _threads: u8) -> Result<Box<dyn Detector>, DetectError> {
    Err(DetectError::NotBuilt)
}
