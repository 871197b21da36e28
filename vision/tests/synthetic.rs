//! Synthetic scenes through the public door: what any build can do, with or without OpenCV.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::mpsc;
use std::time::Duration;

use vision::evaluate::{EvaluateError, occupied_intervals};
use vision::{Camera, CameraSettings, Method, ModelFiles, Report};

fn settings(source: &str) -> CameraSettings {
    let mut settings = CameraSettings::new("cam-1", source.parse().unwrap());
    settings.hold = Duration::from_secs(1);
    settings
}

#[test]
fn scenes_hold_whom_their_names_say() {
    let stays = |source| occupied_intervals(&settings(source)).unwrap().intervals;
    assert_eq!(stays("synthetic:vacant"), []);
    assert_eq!(stays("synthetic:corridor").len(), 1);
    let room = stays("synthetic:room");
    let (first, last) = room[0];
    assert!(
        room.len() == 1 && last - first > 500,
        "a visit of most of a minute at 10 frames a second: {room:?}"
    );
}

#[test]
fn a_camera_never_ends_and_so_cannot_be_evaluated() {
    let refused = occupied_intervals(&settings("rtsp://nurse:secret@10.0.0.7/main")).unwrap_err();
    assert!(matches!(refused, EvaluateError::Endless(_)));
    assert!(!format!("{refused} {refused:?}").contains("secret"));
}

#[test]
fn a_model_that_cannot_be_loaded_is_trouble_and_claims_nothing() {
    let mut settings = settings("synthetic:room");
    settings.model = Some(ModelFiles::Onnx { file: "/nowhere/a.onnx".into(), side_px: 640 });
    let (reports, inbox) = mpsc::channel();
    let camera = Camera::spawn(settings, move |report| drop(reports.send(report))).unwrap();
    let first = inbox.recv_timeout(Duration::from_secs(10)).unwrap();
    let expected =
        if vision::opencv_built() { "could not load the model a.onnx" } else { "built without OpenCV" };
    assert!(matches!(&first, Report::Trouble(reason) if reason.contains(expected)), "{first:?}");
    camera.stop(Duration::from_secs(10));
}

#[test]
fn the_methods_are_written_in_snake_case() {
    let written = toml::to_string(&std::collections::BTreeMap::from([("method", Method::Motion)])).unwrap();
    assert_eq!(written, "method = \"motion\"\n");
}
