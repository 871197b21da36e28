//! Files, network cameras and local cameras through OpenCV's `VideoCapture`.

use std::path::Path;
use std::time::{Duration, Instant};

use opencv::core::{Mat, Size, Vector};
use opencv::prelude::*;
use opencv::{imgproc, videoio};

use super::{Frame, FrameError, FrameSource, Pace};

/// After this long an open that got no answer gives up. RTSP cameras take about 3 s.
const OPEN_TIMEOUT_MS: i32 = 4000;
/// After this long without a picture a read gives up.
const READ_TIMEOUT_MS: i32 = 3000;

/// Longer side of a picture that is looked at, pixels. The detector sees 320; four times that keeps
/// what a small person is made of, and a 4K camera costs no more than a small one after this point.
const SIDE_MAX_PX: i32 = 1280;

/// Speed of a file that does not say its own.
const FILE_RATE_DEFAULT_HZ: f64 = 25.0;

/// A live file that is further behind than this does not hurry to catch up.
const LATE_MAX: Duration = Duration::from_secs(1);

/// An open `VideoCapture`.
pub(super) struct Capture {
    video: videoio::VideoCapture,
    picture: Mat,
    next: u64,
    film: Option<Film>,
}

/// What only a file needs.
struct Film {
    path: String,
    pace: Pace,
    rate_hz: f64,
    /// When the next picture of a live file is due.
    due: Instant,
}

impl Capture {
    /// Opens a video file.
    pub(super) fn file(path: &Path, pace: Pace) -> Result<Capture, FrameError> {
        let path = path.to_string_lossy().into_owned();
        let video = opened(videoio::VideoCapture::from_file(&path, videoio::CAP_FFMPEG)?)?;
        let stated = video.get(videoio::CAP_PROP_FPS)?;
        let rate_hz = if stated.is_finite() && stated >= 1.0 { stated } else { FILE_RATE_DEFAULT_HZ };
        let film = Film { path, pace, rate_hz, due: Instant::now() };
        Ok(Capture { video, picture: Mat::default(), next: 0, film: Some(film) })
    }

    /// Opens a network camera. The limits work only as parameters of the opening: OpenCV 4.6 refuses
    /// them afterwards.
    pub(super) fn url(url: &str) -> Result<Capture, FrameError> {
        let limits = Vector::from_slice(&[
            videoio::CAP_PROP_OPEN_TIMEOUT_MSEC,
            OPEN_TIMEOUT_MS,
            videoio::CAP_PROP_READ_TIMEOUT_MSEC,
            READ_TIMEOUT_MS,
        ]);
        let video = videoio::VideoCapture::from_file_with_params(url, videoio::CAP_FFMPEG, &limits)?;
        Ok(Capture { video: opened(video)?, picture: Mat::default(), next: 0, film: None })
    }

    /// Opens a camera of this machine through V4L2.
    pub(super) fn device(path: &Path) -> Result<Capture, FrameError> {
        let path = path.to_string_lossy();
        let video = opened(videoio::VideoCapture::from_file(path.as_ref(), videoio::CAP_V4L2)?)?;
        Ok(Capture { video, picture: Mat::default(), next: 0, film: None })
    }

    /// Starts a live file again from its beginning; returns whether it did.
    fn rewind(&mut self) -> Result<bool, FrameError> {
        let Some(film) = self.film.as_ref().filter(|film| film.pace == Pace::Live && self.next > 0) else {
            return Ok(false);
        };
        self.video = opened(videoio::VideoCapture::from_file(&film.path, videoio::CAP_FFMPEG)?)?;
        Ok(self.video.grab()?)
    }
}

impl FrameSource for Capture {
    fn advance(&mut self) -> Result<Option<u64>, FrameError> {
        if let Some(film) = &mut self.film
            && film.pace == Pace::Live
        {
            film.wait();
        }
        if !self.video.grab()? && !self.rewind()? {
            return match self.film {
                Some(_) if self.next > 0 => Ok(None),
                Some(_) | None => Err(FrameError::Ended),
            };
        }
        let number = self.next;
        self.next += 1;
        Ok(Some(number))
    }

    fn frame(&mut self) -> Result<Frame, FrameError> {
        if !self.video.retrieve_def(&mut self.picture)? || self.picture.empty() {
            return Err(FrameError::Unreadable);
        }
        let size = self.picture.size()?;
        let side = size.width.max(size.height);
        if side <= SIDE_MAX_PX {
            return copied(&self.picture);
        }
        let shrunk = |length: i32| (length * SIDE_MAX_PX / side).max(1);
        let wanted = Size::new(shrunk(size.width), shrunk(size.height));
        let mut small = Mat::default();
        imgproc::resize(&self.picture, &mut small, wanted, 0.0, 0.0, imgproc::INTER_AREA)?;
        copied(&small)
    }

    fn rate_hz(&self) -> Option<f64> {
        self.film.as_ref().map(|film| film.rate_hz)
    }
}

impl Film {
    /// Sleeps until the next picture is due.
    fn wait(&mut self) {
        let now = Instant::now();
        if now > self.due + LATE_MAX {
            self.due = now;
        }
        std::thread::sleep(self.due.saturating_duration_since(now));
        self.due += Duration::from_secs_f64(1.0 / self.rate_hz);
    }
}

fn opened(video: videoio::VideoCapture) -> Result<videoio::VideoCapture, FrameError> {
    if video.is_opened()? { Ok(video) } else { Err(FrameError::Closed) }
}

/// Copies the pixels out of OpenCV's memory, which the next picture overwrites.
fn copied(picture: &Mat) -> Result<Frame, FrameError> {
    if picture.channels() != 3 || !picture.is_continuous() {
        return Err(FrameError::Unreadable);
    }
    let sides = (usize::try_from(picture.rows()), usize::try_from(picture.cols()));
    let (Ok(height_px), Ok(width_px)) = sides else {
        return Err(FrameError::Unreadable);
    };
    Frame::new(height_px, width_px, picture.data_bytes()?.to_vec()).ok_or(FrameError::Unreadable)
}

#[cfg(test)]
mod tests {
    use opencv::core::{DataType, Scalar, Vec3b};

    use super::*;

    /// Writes a clip of `count` grey pictures, each a little brighter, 50 a second.
    fn clip(folder: &Path, count: u8, height_px: i32, width_px: i32) -> std::path::PathBuf {
        let path = folder.join("clip.avi");
        let fourcc = videoio::VideoWriter::fourcc('M', 'J', 'P', 'G').unwrap();
        let size = Size::new(width_px, height_px);
        let mut writer = videoio::VideoWriter::new(path.to_str().unwrap(), fourcc, 50.0, size, true).unwrap();
        for number in 0..count {
            let level = Scalar::all(f64::from(number) * 20.0);
            let picture = Mat::new_size_with_default(size, Vec3b::opencv_type(), level).unwrap();
            writer.write(&picture).unwrap();
        }
        writer.release().unwrap();
        path
    }

    #[test]
    fn an_unpaced_file_gives_every_picture_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut film = Capture::file(&clip(folder.path(), 10, 48, 64), Pace::Unpaced).unwrap();
        assert_eq!(film.rate_hz(), Some(50.0));
        for number in 0..10u8 {
            assert_eq!(film.advance().unwrap(), Some(u64::from(number)));
            let frame = film.frame().unwrap();
            assert_eq!((frame.height_px(), frame.width_px()), (48, 64));
            assert!(frame.bgr()[0].abs_diff(number * 20) < 6, "picture {number}");
        }
        assert_eq!(film.advance().unwrap(), None);
    }

    #[test]
    fn a_live_file_goes_on_from_its_beginning_at_its_own_speed() {
        let folder = tempfile::tempdir().unwrap();
        let mut film = Capture::file(&clip(folder.path(), 10, 48, 64), Pace::Live).unwrap();
        let began = Instant::now();
        for number in 0..25u8 {
            assert_eq!(film.advance().unwrap(), Some(u64::from(number)));
            assert!(film.frame().unwrap().bgr()[0].abs_diff(number % 10 * 20) < 6, "picture {number}");
        }
        assert!(began.elapsed() >= Duration::from_millis(24 * 20), "played in {:?}", began.elapsed());
    }

    #[test]
    fn large_pictures_are_made_smaller_before_anything_looks_at_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut film = Capture::file(&clip(folder.path(), 1, 1080, 1920), Pace::Unpaced).unwrap();
        film.advance().unwrap();
        let frame = film.frame().unwrap();
        assert_eq!((frame.height_px(), frame.width_px()), (720, 1280));
    }

    #[test]
    fn a_file_that_is_no_video_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.mp4");
        std::fs::write(&path, b"not a video").unwrap();
        assert!(matches!(Capture::file(&path, Pace::Live).err(), Some(FrameError::Closed)));
    }
}
