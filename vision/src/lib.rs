//! Room occupancy from camera pictures.
//!
//! This crate watches cameras and says, for each, whether somebody is in its zones, how many, and how
//! sure it is. It reads files, network cameras (RTSP, HTTP), local cameras and drawn scenes; finds
//! people with a network run by OpenCV, or by what stands out from the empty room where there is none;
//! and turns what it finds into a claim that does not flicker.
//!
//! # What it never does
//!
//! - **No picture leaves it.** No public item hands one out, and nothing writes one to disk, to a log or
//!   to the network. What leaves is an [`Observation`]: two numbers, two flags and a word.
//! - **It claims nothing without fresh pictures.** Before there is proof it says [`Report::Alive`];
//!   when pictures stop it says [`Report::Trouble`] with the reason, and falls silent about the room.
//! - **It takes motion for a reason to look, not for a person**, wherever a network is there to look.
//! - **It passes off nothing drawn as seen**: what a synthetic scene causes says `synthetic`.
//! - It knows nothing of rooms, patients and the gateway; it remembers nobody and recognises nobody.
//! - It prints no password: a [`Source`] shows its address without user, password and query.
//!
//! # The way of a picture
//!
//! ```text
//! source ── newest picture, fps times a second ── turn upright ── does anything stir? ──┐
//!                                                                                        │ look now?
//! Report ◄── watchdog ◄── claim ◄── occupancy machine ◄── who stands in the zones? ◄── detector
//! ```
//!
//! Each camera has a thread that reads and a thread that watches over it (see [`Camera`]). Without the
//! feature `opencv` only synthetic scenes and the motion detector are there; everything else is refused
//! in words.
//!
//! # Example
//!
//! ```
//! use std::sync::mpsc;
//! use std::time::Duration;
//! use vision::{Camera, CameraSettings, Report};
//!
//! let settings = CameraSettings::new("cam-1", "synthetic:room".parse()?);
//! let (reports, inbox) = mpsc::channel();
//! let camera = Camera::spawn(settings, move |report| drop(reports.send(report)))?;
//! assert_eq!(inbox.recv_timeout(Duration::from_secs(5))?, Report::Alive, "nothing is proved yet");
//! camera.stop(Duration::from_secs(5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod assets;
pub mod evaluate;

mod camera;
mod detect;
mod frames;
mod occupancy;
mod pipeline;
mod report;
mod settings;
mod source;
mod zones;

pub use camera::Camera;
pub use pipeline::MOTION_HOLD_FACTOR;
pub use report::{Method, Observation, Report};
pub use settings::{CameraSettings, ModelFiles, Reconnect, Rotate, RotateError};
pub use source::{Scene, Source, SourceError};
pub use zones::{Zone, ZoneError};

/// Returns whether files, network cameras, local cameras and models can be used in this build.
pub const fn opencv_built() -> bool {
    cfg!(feature = "opencv")
}
