//! The person detector: a YOLO network, run by OpenCV on the processor.
//!
//! Proved on footage with Darknet files. ONNX goes through the same door and is read as YOLOv5 writes
//! it: one output of N rows, each centre x, centre y, width, height in pixels of the input, objectness,
//! class scores. That form is tested with a file of our own making, not with a trained network; which
//! operators a network may hold is up to the OpenCV it runs on. The transposed output of YOLOv8 is not
//! supported.

#[cfg(test)]
mod tiny_onnx;

use std::path::Path;
use std::time::Duration;

use opencv::core::{self, Mat, Scalar, Size, Vec3b, Vector};
use opencv::dnn;
use opencv::prelude::*;

use super::{DetectError, Detection, Detector};
use crate::frames::Frame;
use crate::settings::ModelFiles;

/// Boxes below this confidence are not even collected.
const SCORE_FLOOR: f32 = 0.1;

/// Two boxes that share more than this (intersection over union) are one person.
const SAME_PERSON_OVERLAP: f32 = 0.45;

/// Most boxes kept of one picture; more people than a clinic's room holds.
const DETECTIONS_MAX: usize = 64;

/// Columns before the class scores: centre x, centre y, width, height, objectness.
const BOX_COLUMNS: usize = 5;

/// A loaded network.
pub(crate) struct Network {
    net: dnn::Net,
    outputs: Vector<String>,
    input: Size,
    form: Form,
}

/// How a network writes its rows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// Shares of the picture; class scores already multiplied by the objectness.
    Shares,
    /// Pixels of an input of this width and height; class scores not multiplied yet.
    Pixels { width: f32, height: f32 },
}

impl Network {
    pub(crate) fn load(files: &ModelFiles, threads: u8) -> Result<Network, DetectError> {
        core::set_num_threads(i32::from(threads.max(1)))?;
        let (net, input, form) = match files {
            ModelFiles::Darknet { cfg, weights } => {
                let net = dnn::read_net_from_darknet(cfg, &weights.to_string_lossy());
                let net = net.map_err(|source| unloadable(weights, source))?;
                (net, input_size(cfg), Form::Shares)
            }
            ModelFiles::Onnx { file, side_px } => {
                let net = dnn::read_net_from_onnx(file).map_err(|source| unloadable(file, source))?;
                let side = f32::from(*side_px);
                let input = Size::new(i32::from(*side_px), i32::from(*side_px));
                (net, input, Form::Pixels { width: side, height: side })
            }
        };
        let outputs = net.get_unconnected_out_layers_names()?;
        Ok(Network { net, outputs, input, form })
    }
}

impl Detector for Network {
    fn detect(&mut self, frame: &Frame, _now: Duration) -> Result<Option<Vec<Detection>>, DetectError> {
        let (Ok(rows), Ok(columns)) = (i32::try_from(frame.height_px()), i32::try_from(frame.width_px()))
        else {
            return Ok(None);
        };
        let picture = Mat::new_rows_cols_with_bytes::<Vec3b>(rows, columns, frame.bgr())?;
        let no_mean = Scalar::default();
        let blob =
            dnn::blob_from_image(&picture, 1.0 / 255.0, self.input, no_mean, true, false, core::CV_32F)?;
        self.net.set_input(&blob, "", 1.0, no_mean)?;
        let mut outputs = Vector::<Mat>::new();
        self.net.forward(&mut outputs, &self.outputs)?;
        let mut found = Vec::new();
        for output in &outputs {
            let columns = output.mat_size().last().and_then(|&side| usize::try_from(side).ok()).unwrap_or(0);
            if columns <= BOX_COLUMNS {
                return Err(DetectError::Output { columns });
            }
            collect(output.data_typed::<f32>()?, columns, self.form, &mut found);
        }
        Ok(Some(strongest(found)))
    }
}

fn unloadable(file: &Path, source: opencv::Error) -> DetectError {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    DetectError::Model { name, source }
}

/// Reads the input size a Darknet description states; 320 x 320 if it states none.
fn input_size(cfg: &Path) -> Size {
    let text = std::fs::read_to_string(cfg).unwrap_or_default();
    let stated = |key: &str| {
        let value = text.lines().find_map(|line| line.trim().strip_prefix(key)?.trim().strip_prefix('='));
        value.and_then(|value| value.trim().parse().ok()).filter(|side| (32..=2048).contains(side))
    };
    Size::new(stated("width").unwrap_or(320), stated("height").unwrap_or(320))
}

/// Adds the people among the rows of one output.
fn collect(values: &[f32], columns: usize, form: Form, found: &mut Vec<Detection>) {
    for row in values.chunks_exact(columns) {
        let person = row[BOX_COLUMNS];
        let (confidence, width, height) = match form {
            Form::Shares => (person, 1.0, 1.0),
            Form::Pixels { width, height } => (person * row[4], width, height),
        };
        // Written so that a NaN is dropped too.
        if !(confidence >= SCORE_FLOOR && row[..4].iter().all(|value| value.is_finite())) {
            continue;
        }
        let (half_width, half_height) = (row[2] / width / 2.0, row[3] / height / 2.0);
        found.push(Detection {
            left: row[0] / width - half_width,
            top: row[1] / height - half_height,
            right: row[0] / width + half_width,
            bottom: row[1] / height + half_height,
            confidence: confidence.min(1.0),
        });
    }
}

/// Returns one box per person, the strongest.
fn strongest(mut found: Vec<Detection>) -> Vec<Detection> {
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Detection> = Vec::new();
    for candidate in found {
        if kept.len() == DETECTIONS_MAX {
            break;
        }
        if kept.iter().all(|other| overlap(other, &candidate) <= SAME_PERSON_OVERLAP) {
            kept.push(candidate);
        }
    }
    kept
}

/// Returns intersection over union, 0.0..=1.0.
fn overlap(a: &Detection, b: &Detection) -> f32 {
    let width = (a.right.min(b.right) - a.left.max(b.left)).max(0.0);
    let height = (a.bottom.min(b.bottom) - a.top.max(b.top)).max(0.0);
    let area = |d: &Detection| (d.right - d.left).max(0.0) * (d.bottom - d.top).max(0.0);
    let shared = width * height;
    let all = area(a) + area(b) - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_shares_and_rows_in_pixels_mean_the_same_person() {
        let (mut shares, mut pixels) = (Vec::new(), Vec::new());
        collect(&[0.5, 0.5, 0.2, 0.4, 0.9, 0.8], 6, Form::Shares, &mut shares);
        let input = Form::Pixels { width: 640.0, height: 640.0 };
        collect(&[320.0, 320.0, 128.0, 256.0, 0.8, 1.0, 0.0], 7, input, &mut pixels);
        assert_eq!(shares.len(), 1);
        for (a, b) in [(shares[0].left, 0.4), (shares[0].bottom, 0.7), (shares[0].confidence, 0.8)] {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
        assert!((shares[0].foot()[0] - pixels[0].foot()[0]).abs() < 1e-6);
        assert!((shares[0].foot()[1] - pixels[0].foot()[1]).abs() < 1e-6);
    }

    #[test]
    fn weak_rows_and_rows_that_are_no_numbers_are_nobody() {
        let mut found = Vec::new();
        let rows = [
            [0.5, 0.5, 0.2, 0.4, 1.0, 0.05],
            [f32::NAN, 0.5, 0.2, 0.4, 1.0, 0.9],
            [0.5, 0.5, 0.2, 0.4, 1.0, f32::NAN],
        ];
        collect(&rows.concat(), 6, Form::Shares, &mut found);
        assert_eq!(found, []);
    }

    #[test]
    fn two_boxes_of_one_person_are_one_and_neighbours_are_two() {
        let at =
            |left: f32, confidence| Detection { left, top: 0.2, right: left + 0.2, bottom: 0.8, confidence };
        let people = strongest(vec![at(0.1, 0.6), at(0.12, 0.9), at(0.5, 0.5)]);
        assert_eq!(people, [at(0.12, 0.9), at(0.5, 0.5)]);
    }

    #[test]
    fn an_onnx_file_with_yolov5_rows_is_loaded_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tiny.onnx");
        // A person in the middle, half as high as the picture, and a dog of no interest.
        let rows = [[16.0, 16.0, 8.0, 16.0, 0.9, 1.0, 0.0], [4.0, 4.0, 4.0, 4.0, 0.9, 0.0, 1.0]];
        std::fs::write(&file, tiny_onnx::answering(&rows)).unwrap();
        let mut network = Network::load(&ModelFiles::Onnx { file, side_px: tiny_onnx::SIDE_PX }, 1).unwrap();
        let frame = Frame::new(90, 160, vec![128; 90 * 160 * 3]).unwrap();
        let people = network.detect(&frame, Duration::ZERO).unwrap().unwrap();
        assert_eq!(people.len(), 1);
        let expected = [(people[0].left, 0.375), (people[0].bottom, 0.75), (people[0].confidence, 0.9)];
        assert!(expected.iter().all(|(found, wanted)| (found - wanted).abs() < 1e-5), "{people:?}");
    }

    #[test]
    fn files_that_are_no_model_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("broken.onnx");
        std::fs::write(&file, b"not a network").unwrap();
        let refused = Network::load(&ModelFiles::Onnx { file, side_px: 640 }, 1).err().unwrap();
        assert_eq!(refused.to_string(), "could not load the model broken.onnx");
    }
}
