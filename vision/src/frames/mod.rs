//! Pictures, and where they come from. Nothing here is visible outside the crate, and nothing here
//! writes a picture anywhere.

#[cfg(feature = "opencv")]
mod capture;
pub(crate) mod synthetic;

use crate::settings::Rotate;
use crate::source::Source;

/// One picture: height x width x 3 channels, BGR u8, row by row, origin top left.
#[derive(Clone)]
pub(crate) struct Frame {
    height_px: usize,
    width_px: usize,
    bgr: Vec<u8>,
}

/// How a source that could be played at any speed is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As a camera: at its own speed, and for ever.
    Live,
    /// As fast as it is read, every frame, once.
    Unpaced,
}

/// Gives pictures, one after the other.
pub(crate) trait FrameSource: Send {
    /// Waits for the next picture; returns its number, counted from 0, or `None` at the end.
    fn advance(&mut self) -> Result<Option<u64>, FrameError>;

    /// Returns the picture `advance` came to. Costs the conversion, so ask only for those wanted.
    fn frame(&mut self) -> Result<Frame, FrameError>;

    /// Returns the pictures per second as the source states them, if it does.
    fn rate_hz(&self) -> Option<f64>;
}

/// Says why there is no picture. The text is shown to the clinic; it holds no address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    /// The crate was built without the feature.
    #[cfg_attr(feature = "opencv", expect(dead_code, reason = "only a build without OpenCV says so"))]
    #[error("built without OpenCV, so it can show only synthetic scenes")]
    NotBuilt,
    /// There is no such file or device.
    #[error("could not open: no such file or device")]
    Absent,
    /// Nothing answered, or what answered is no video.
    #[error("could not open: nothing answered in time, or not with a video")]
    #[cfg_attr(not(feature = "opencv"), expect(dead_code, reason = "only OpenCV opens anything"))]
    Closed,
    /// It was open and gives no more.
    #[error("the stream ended or stalled")]
    #[cfg_attr(not(feature = "opencv"), expect(dead_code, reason = "only OpenCV opens anything"))]
    Ended,
    /// A picture came that is none.
    #[error("the picture is not readable")]
    #[cfg_attr(not(feature = "opencv"), expect(dead_code, reason = "only OpenCV reads pictures"))]
    Unreadable,
    /// OpenCV refused.
    #[cfg(feature = "opencv")]
    #[error("OpenCV failed while reading")]
    OpenCv(#[from] opencv::Error),
}

/// Opens a source.
///
/// # Errors
///
/// [`FrameError`] when it gives no pictures. May block for seconds on a network camera that does not
/// answer, and now and then for longer than it was told to.
pub(crate) fn open(source: &Source, pace: Pace) -> Result<Box<dyn FrameSource>, FrameError> {
    match source {
        Source::Synthetic { scene } => Ok(Box::new(synthetic::Stage::open(*scene, pace))),
        Source::File(path) | Source::Device(path) if !path.exists() => Err(FrameError::Absent),
        #[cfg(feature = "opencv")]
        Source::File(path) => Ok(Box::new(capture::Capture::file(path, pace)?)),
        #[cfg(feature = "opencv")]
        Source::Url(url) => Ok(Box::new(capture::Capture::url(url)?)),
        #[cfg(feature = "opencv")]
        Source::Device(path) => Ok(Box::new(capture::Capture::device(path)?)),
        #[cfg(not(feature = "opencv"))]
        Source::File(_) | Source::Url(_) | Source::Device(_) => Err(FrameError::NotBuilt),
    }
}

impl Frame {
    /// Wraps pixels; `None` if their number is not height x width x 3 or there are none.
    pub(crate) fn new(height_px: usize, width_px: usize, bgr: Vec<u8>) -> Option<Frame> {
        (!bgr.is_empty() && bgr.len() == height_px * width_px * 3).then_some(Frame {
            height_px,
            width_px,
            bgr,
        })
    }

    pub(crate) fn height_px(&self) -> usize {
        self.height_px
    }

    pub(crate) fn width_px(&self) -> usize {
        self.width_px
    }

    /// Returns the pixels: height x width x 3, BGR u8.
    pub(crate) fn bgr(&self) -> &[u8] {
        &self.bgr
    }

    /// Returns the picture turned.
    pub(crate) fn rotated(self, rotate: Rotate) -> Frame {
        let (height, width) = (self.height_px, self.width_px);
        let (new_height, new_width) = match rotate {
            Rotate::None => return self,
            Rotate::Half => (height, width),
            Rotate::Cw90 | Rotate::Ccw90 => (width, height),
        };
        let mut bgr = Vec::with_capacity(self.bgr.len());
        for row in 0..new_height {
            for column in 0..new_width {
                let (from_row, from_column) = match rotate {
                    Rotate::None => (row, column),
                    Rotate::Cw90 => (height - 1 - column, row),
                    Rotate::Half => (height - 1 - row, width - 1 - column),
                    Rotate::Ccw90 => (column, width - 1 - row),
                };
                let start = (from_row * width + from_column) * 3;
                bgr.extend_from_slice(&self.bgr[start..start + 3]);
            }
        }
        Frame { height_px: new_height, width_px: new_width, bgr }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_by_three() -> Frame {
        Frame::new(2, 3, [1, 2, 3, 4, 5, 6].into_iter().flat_map(|v| [v; 3]).collect()).unwrap()
    }

    fn first_channel(frame: &Frame) -> Vec<u8> {
        frame.bgr.iter().step_by(3).copied().collect()
    }

    #[test]
    fn pictures_turn_clockwise() {
        let turned = |rotate| {
            let frame = two_by_three().rotated(rotate);
            (frame.height_px, frame.width_px, first_channel(&frame))
        };
        assert_eq!(turned(Rotate::None), (2, 3, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(turned(Rotate::Cw90), (3, 2, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(turned(Rotate::Half), (2, 3, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(turned(Rotate::Ccw90), (3, 2, vec![3, 6, 2, 5, 1, 4]));
    }

    #[test]
    fn pixels_must_fit_the_size() {
        assert!(Frame::new(2, 2, vec![0; 11]).is_none());
        assert!(Frame::new(0, 0, vec![]).is_none());
    }

    #[test]
    fn a_file_that_is_not_there_is_said_to_be_absent() {
        let opened = open(&"file:/nowhere/clip.mp4".parse().unwrap(), Pace::Live);
        assert!(matches!(opened.err(), Some(FrameError::Absent)));
    }

    #[cfg(not(feature = "opencv"))]
    #[test]
    fn without_opencv_a_camera_is_refused_in_words() {
        let opened = open(&"rtsp://10.0.0.7/main".parse().unwrap(), Pace::Live);
        assert!(opened.err().unwrap().to_string().contains("built without OpenCV"));
    }
}
