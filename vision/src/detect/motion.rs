//! Finds what differs from the empty room, in pure Rust.
//!
//! Two uses. As a gate it says *when* the network should look: something stirs. Without a network it
//! serves as the detector: whatever stands out from the background is taken for a person, with a
//! confidence that never exceeds [`CONFIDENCE_MAX`], since it cannot tell a person from a trolley.
//!
//! The picture is made small and grey, brought to the light in which the empty room was learnt, and its
//! contrast stretched, so that a lamp changes little. The
//! background follows the empty parts of the picture within seconds and the occupied ones not, so
//! that somebody who stands still does not melt into it. Something that stands out and has not stirred
//! for five minutes (a chair that was moved, the place of a person who sat there when the camera
//! started) becomes part of it; a living person stirs. When over 80 % of the picture changes at once,
//! the room is learnt anew with whoever is in it: until they stir, they are part of the furniture.

use std::time::Duration;

use super::{DetectError, Detection, Detector};
use crate::frames::Frame;

/// The most this detector trusts itself, 0.0..=1.0.
pub(crate) const CONFIDENCE_MAX: f32 = 0.75;

/// Height of the small picture, cells.
const ROWS: usize = 90;
/// Most cells in a row, whatever the shape of the picture.
const COLUMNS_MAX: usize = 240;

/// Contrast is stretched so that these shares of the room's cells, sorted by brightness, are 255 apart.
const DARK_SHARE: f32 = 0.04;
const BRIGHT_SHARE: f32 = 0.96;
/// The stretch never enlarges more than this: in the dark it would show nothing but noise.
const GAIN_MAX: f32 = 8.0;

/// Brightness and contrast of the background change slowly and cost a sort.
const MEASURE_EVERY: Duration = Duration::from_secs(5);

/// A room whose darker and brighter half are closer than this (grey levels) is too flat to tell a
/// change of contrast from noise; only its brightness is matched.
const HALVES_APART_MIN: f32 = 8.0;
/// Light changes by no more than this factor between two ways of seeing the same room.
const LIGHT_FACTOR_MAX: f32 = 16.0;

/// A cell this far from the background stands out. Stretched grey levels, of about 255.
const STANDS_OUT: f32 = 26.0;
/// A cell this far from the last picture stirs. Stretched grey levels.
const STIRS: f32 = 18.0;
/// Either takes at least this many times the usual change from picture to picture: in the dark the
/// stretched picture is mostly noise.
const TIMES_NOISE: f32 = 6.0;
/// One picture changes what is usual by this share, and counts for no more than this many stretched
/// grey levels: a lamp is not noise.
const NOISE_RATE: f32 = 0.1;
const NOISE_MAX: f32 = 12.0;

/// Smallest group of cells that is taken for somebody, and the size that earns full confidence; shares
/// of the picture.
const PERSON_SHARE_MIN: f32 = 0.006;
const PERSON_SHARE_SURE: f32 = 0.016;
/// Share of the cells that must stir before the picture counts as stirring.
const STIRRING_SHARE: f32 = 0.001;
/// More change than this is not a person: light, or a camera that was moved.
const RECALIBRATE_SHARE: f32 = 0.8;

/// How fast the background follows cells that do not stand out.
const EMPTY_TAU_S: f32 = 10.0;
/// A group that stands out and has not stirred for this long is furniture. All of it at once: a
/// background that crept towards a person who stands still would show a ghost when they leave.
const FURNITURE_AFTER: Duration = Duration::from_secs(300);
/// A longer pause between two pictures teaches the background no more than this.
const STEP_MAX_S: f32 = 1.0;

/// What was learnt of the empty room, and the last picture.
#[derive(Default)]
pub(crate) struct MotionDetector {
    room: Option<Room>,
}

/// What one picture showed.
#[derive(Debug, PartialEq)]
pub(crate) struct Sight {
    /// Something moves.
    pub(crate) stirs: bool,
    /// What stands out; `None` when the background had to be learnt anew.
    pub(crate) people: Option<Vec<Detection>>,
}

struct Room {
    columns: usize,
    background: Vec<f32>,
    previous: Vec<f32>,
    stands_out: Vec<bool>,
    /// When the group a cell belonged to last stirred.
    stirred_at: Vec<Duration>,
    /// The usual change from picture to picture, stretched grey levels.
    noise: f32,
    /// The factor that stretches the contrast of the background.
    stretch: f32,
    /// The cells, the darkest of the background first.
    by_brightness: Vec<usize>,
    /// When `stretch` and `by_brightness` were computed.
    measured: Duration,
    last: Duration,
}

impl MotionDetector {
    /// Takes in one picture.
    pub(crate) fn observe(&mut self, frame: &Frame, now: Duration) -> Sight {
        let (columns, grey) = shrunk(frame);
        let room = match &mut self.room {
            Some(room) if room.columns == columns => room,
            Some(_) | None => {
                self.room = Some(Room::learnt(columns, grey, now));
                return Sight { stirs: true, people: None };
            }
        };
        let cells = room.in_its_light(&grey);
        let stretch = room.stretch;
        let changes: Vec<f32> =
            cells.iter().zip(&room.previous).map(|(a, b)| (a - b).abs() * stretch).collect();
        let noise = TIMES_NOISE * room.noise;
        room.noise += NOISE_RATE * (at_share(&mut changes.clone(), 0.5).min(NOISE_MAX) - room.noise);
        let changed = room.mark(&cells, STANDS_OUT.max(noise) / stretch);
        if share(changed, cells.len()) > RECALIBRATE_SHARE {
            *room = Room::learnt(columns, grey, now);
            return Sight { stirs: true, people: None };
        }
        let stirring: Vec<bool> = changes.iter().map(|&change| change > STIRS.max(noise)).collect();
        let stirs = share(stirring.iter().filter(|&&stirs| stirs).count(), cells.len()) >= STIRRING_SHARE;
        let people = room.people(&stirring, now);
        room.learn(&cells, now);
        room.previous = cells;
        Sight { stirs, people: Some(people) }
    }
}

impl Detector for MotionDetector {
    fn detect(&mut self, frame: &Frame, now: Duration) -> Result<Option<Vec<Detection>>, DetectError> {
        Ok(self.observe(frame, now).people)
    }
}

impl Room {
    fn learnt(columns: usize, cells: Vec<f32>, now: Duration) -> Room {
        let mut room = Room {
            columns,
            previous: cells.clone(),
            stands_out: vec![false; cells.len()],
            stirred_at: vec![now; cells.len()],
            noise: 0.0,
            stretch: 1.0,
            by_brightness: (0..cells.len()).collect(),
            measured: now,
            background: cells,
            last: now,
        };
        room.measure(now);
        room
    }

    /// Measures brightness and contrast of the background.
    fn measure(&mut self, now: Duration) {
        self.measured = now;
        self.by_brightness.sort_by(|&a, &b| self.background[a].total_cmp(&self.background[b]));
        let mut levels = self.background.clone();
        let apart = at_share(&mut levels, BRIGHT_SHARE) - at_share(&mut levels, DARK_SHARE);
        self.stretch = (255.0 / apart.max(1.0)).min(GAIN_MAX);
    }

    /// Returns the cells as they would be in the light of the background. The middle of the darker and of
    /// the brighter half of the room show how light has changed; somebody would have to cover half of
    /// either to mislead them. A change that is not one of light is left as it is.
    fn in_its_light(&self, grey: &[f32]) -> Vec<f32> {
        let (darker, brighter) = self.by_brightness.split_at(grey.len().div_ceil(2));
        let middle = |cells: &[usize], of: &[f32]| {
            let mut levels: Vec<f32> = cells.iter().map(|&cell| of[cell]).collect();
            if levels.is_empty() { 0.0 } else { at_share(&mut levels, 0.5) }
        };
        let (dark_learnt, dark_seen) = (middle(darker, &self.background), middle(darker, grey));
        let apart = middle(brighter, &self.background) - dark_learnt;
        let apart_seen = middle(brighter, grey) - dark_seen;
        let factor = if apart < HALVES_APART_MIN { 1.0 } else { apart / apart_seen };
        if !(1.0 / LIGHT_FACTOR_MAX..=LIGHT_FACTOR_MAX).contains(&factor) {
            return grey.to_vec();
        }
        grey.iter().map(|level| (level - dark_seen) * factor + dark_learnt).collect()
    }

    /// Marks the cells that are further than `threshold` from the background; returns their number.
    fn mark(&mut self, cells: &[f32], threshold: f32) -> usize {
        for ((mark, cell), background) in self.stands_out.iter_mut().zip(cells).zip(&self.background) {
            *mark = (cell - background).abs() > threshold;
        }
        self.stands_out.iter().filter(|&&mark| mark).count()
    }

    /// Returns the groups of marked cells that are large enough, and notes which of them stir.
    fn people(&mut self, stirring: &[bool], now: Duration) -> Vec<Detection> {
        let mut people = Vec::new();
        let mut visited = vec![false; self.stands_out.len()];
        for start in 0..self.stands_out.len() {
            if visited[start] || !self.stands_out[start] {
                continue;
            }
            let group = self.group(start, &mut visited);
            if group.iter().any(|&cell| stirring[cell]) {
                for &cell in &group {
                    self.stirred_at[cell] = now;
                }
            }
            if share(group.len(), self.stands_out.len()) >= PERSON_SHARE_MIN {
                people.push(self.person(&group));
            }
        }
        people
    }

    /// Returns the marked cells connected with `start`, across gaps of one cell.
    fn group(&self, start: usize, visited: &mut [bool]) -> Vec<usize> {
        visited[start] = true;
        let mut group = vec![start];
        let mut next = 0;
        while let Some(&cell) = group.get(next) {
            next += 1;
            let (row, column) = (cell / self.columns, cell % self.columns);
            for near_row in row.saturating_sub(2)..=(row + 2).min(ROWS - 1) {
                for near_column in column.saturating_sub(2)..=(column + 2).min(self.columns - 1) {
                    let near = near_row * self.columns + near_column;
                    if self.stands_out[near] && !visited[near] {
                        visited[near] = true;
                        group.push(near);
                    }
                }
            }
        }
        group
    }

    fn person(&self, group: &[usize]) -> Detection {
        let rows = group.iter().map(|cell| cell / self.columns);
        let columns = group.iter().map(|cell| cell % self.columns);
        let (top, bottom) = rows.fold((ROWS, 0), |(low, high), row| (low.min(row), high.max(row + 1)));
        let (left, right) =
            columns.fold((self.columns, 0), |(low, high), column| (low.min(column), high.max(column + 1)));
        let size = share(group.len(), self.stands_out.len());
        Detection {
            left: share(left, self.columns),
            top: share(top, ROWS),
            right: share(right, self.columns),
            bottom: share(bottom, ROWS),
            confidence: CONFIDENCE_MAX * (size / PERSON_SHARE_SURE).min(1.0),
        }
    }

    /// Lets the background follow the picture.
    fn learn(&mut self, cells: &[f32], now: Duration) {
        if now.saturating_sub(self.measured) >= MEASURE_EVERY {
            self.measure(now);
        }
        let step_s = now.saturating_sub(self.last).as_secs_f32().min(STEP_MAX_S);
        self.last = now;
        let rate = 1.0 - (-step_s / EMPTY_TAU_S).exp();
        for (index, background) in self.background.iter_mut().enumerate() {
            if !self.stands_out[index] {
                *background += rate * (cells[index] - *background);
                // A cell that begins to stand out later has its five minutes from then.
                self.stirred_at[index] = now;
            } else if now.saturating_sub(self.stirred_at[index]) > FURNITURE_AFTER {
                *background = cells[index];
            }
        }
    }
}

/// Returns the picture in grey, averaged into `ROWS` rows of cells, and the number of cells in a row.
fn shrunk(frame: &Frame) -> (usize, Vec<f32>) {
    let (height, width) = (frame.height_px(), frame.width_px());
    let columns = (width * ROWS / height).clamp(1, COLUMNS_MAX);
    let mut sums = vec![0u32; ROWS * columns];
    let mut counts = vec![0u32; ROWS * columns];
    let column_of: Vec<usize> = (0..width).map(|x| x * columns / width).collect();
    for (y, line) in frame.bgr().chunks_exact(width * 3).enumerate() {
        let first = y * ROWS / height * columns;
        for (pixel, column) in line.chunks_exact(3).zip(&column_of) {
            // Rec. 601 luma in 256ths.
            let luma = 29 * u32::from(pixel[0]) + 150 * u32::from(pixel[1]) + 77 * u32::from(pixel[2]);
            sums[first + column] += luma >> 8;
            counts[first + column] += 1;
        }
    }
    // A picture lower than ROWS leaves rows of cells without pixels; they stay 0 in every picture.
    let cells = sums.iter().zip(&counts).map(|(&sum, &count)| sum as f32 / count.max(1) as f32);
    (columns, cells.collect())
}

/// Returns the value which the given share of all values does not exceed. Reorders them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into a small picture")]
fn at_share(values: &mut [f32], share: f32) -> f32 {
    let index = ((values.len() as f32 * share) as usize).min(values.len() - 1);
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}

fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A room of stripes, with a dark block (height x width 60 x 24 pixels) at the given column.
    fn picture(block_at: Option<usize>, light: impl Fn(usize) -> u8) -> Frame {
        let (height, width) = (90, 160);
        let mut bgr = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let covered = block_at.is_some_and(|left| (left..left + 24).contains(&x)) && y >= 30;
                bgr.extend([if covered { 20 } else { light(x) }; 3]);
            }
        }
        Frame::new(height, width, bgr).unwrap()
    }

    fn striped(x: usize) -> u8 {
        if (x / 20).is_multiple_of(2) { 120 } else { 200 }
    }

    fn count(sight: &Sight) -> Option<usize> {
        sight.people.as_ref().map(Vec::len)
    }

    #[test]
    fn a_block_is_found_where_it_is_and_stirs_only_while_it_comes() {
        let mut motion = MotionDetector::default();
        assert_eq!(count(&motion.observe(&picture(None, striped), SECOND)), None, "the room is learnt first");
        let empty = motion.observe(&picture(None, striped), 2 * SECOND);
        assert_eq!(empty, Sight { stirs: false, people: Some(vec![]) });
        let came = motion.observe(&picture(Some(64), striped), 3 * SECOND);
        let stays = motion.observe(&picture(Some(64), striped), 4 * SECOND);
        assert!(came.stirs && !stays.stirs);
        let block = stays.people.unwrap()[0];
        assert_eq!((block.left, block.right, block.bottom), (0.4, 0.55, 1.0));
        assert!(block.confidence <= CONFIDENCE_MAX && block.confidence > 0.7);
    }

    #[test]
    fn what_has_not_stirred_for_five_minutes_is_furniture_and_leaves_no_ghost_before() {
        let mut motion = MotionDetector::default();
        motion.observe(&picture(None, striped), Duration::ZERO);
        for second in 1..300 {
            assert_eq!(count(&motion.observe(&picture(Some(64), striped), second * SECOND)), Some(1));
        }
        let gone = motion.observe(&picture(None, striped), 300 * SECOND);
        assert_eq!(count(&gone), Some(0), "no ghost");
        for second in 301..610 {
            motion.observe(&picture(Some(64), striped), second * SECOND);
        }
        let furniture = motion.observe(&picture(Some(64), striped), 610 * SECOND);
        assert_eq!(count(&furniture), Some(0));
    }

    #[test]
    fn a_picture_that_changes_as_a_whole_is_learnt_anew_and_nobody_is_claimed() {
        let mut motion = MotionDetector::default();
        motion.observe(&picture(None, striped), SECOND);
        let moved = |x: usize| striped(x + 20);
        assert_eq!(count(&motion.observe(&picture(None, moved), 2 * SECOND)), None);
        assert_eq!(count(&motion.observe(&picture(None, moved), 3 * SECOND)), Some(0));
    }

    #[test]
    fn pictures_of_any_size_are_taken() {
        for (height, width) in [(1, 1), (1, 2000), (2000, 1), (31, 57), (1080, 1920)] {
            let mut motion = MotionDetector::default();
            let frame = Frame::new(height, width, vec![90; height * width * 3]).unwrap();
            motion.observe(&frame, SECOND);
            assert_eq!(count(&motion.observe(&frame, 2 * SECOND)), Some(0), "{height} x {width}");
        }
    }
}
