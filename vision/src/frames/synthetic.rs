//! A drawn room with a figure that comes and goes.
//!
//! For the demo, and for work where there is no camera. What the room is said to hold is found in the
//! pixels by the same detector as with a camera; the script below is read by the painter and by tests
//! alone, and everything a scene causes is marked as synthetic.

use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::{Frame, FrameError, FrameSource, Pace};
use crate::source::Scene;

/// Pictures per second.
pub(crate) const RATE_HZ: f64 = 10.0;

const HEIGHT_PX: usize = 180;
const WIDTH_PX: usize = 320;

/// Largest change of a pixel by noise, grey levels: what a small camera shows in daylight.
const NOISE_LEVELS: i16 = 4;

/// The same noise in each run, so that a failure can be seen again.
const NOISE_SEED: u64 = 0x5eed;

/// A scene being played.
pub(crate) struct Stage {
    script: Script,
    pace: Pace,
    light: fn(f64) -> f64,
    opened: Instant,
    next: u64,
    noise: SmallRng,
}

/// One visit per round, all times in seconds from the start of the round. The figure enters from the
/// left, walks to the middle, stands, and leaves to the right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    pub(crate) enters_s: f64,
    pub(crate) stands_s: f64,
    pub(crate) leaves_s: f64,
    pub(crate) gone_s: f64,
    pub(crate) round_s: f64,
}

impl Script {
    pub(crate) fn of(scene: Scene) -> Script {
        match scene {
            Scene::Room => {
                Script { enters_s: 5.0, stands_s: 9.0, leaves_s: 60.0, gone_s: 64.0, round_s: 180.0 }
            }
            Scene::Corridor => {
                Script { enters_s: 4.0, stands_s: 6.5, leaves_s: 6.5, gone_s: 9.0, round_s: 20.0 }
            }
            Scene::Vacant => Script {
                enters_s: f64::MAX,
                stands_s: f64::MAX,
                leaves_s: f64::MAX,
                gone_s: f64::MAX,
                round_s: 60.0,
            },
        }
    }

    /// Returns where the figure's middle is at `time_s` of the round, as a share of the width, and
    /// whether it walks; `None` while it is not there.
    fn figure_at(self, time_s: f64) -> Option<(f64, bool)> {
        let share = |from_s: f64, to_s: f64| (time_s - from_s) / (to_s - from_s);
        if time_s < self.enters_s || time_s >= self.gone_s {
            None
        } else if time_s < self.stands_s {
            Some((OUTSIDE_LEFT + share(self.enters_s, self.stands_s) * (MIDDLE - OUTSIDE_LEFT), true))
        } else if time_s < self.leaves_s {
            Some((MIDDLE, false))
        } else {
            Some((MIDDLE + share(self.leaves_s, self.gone_s) * (OUTSIDE_RIGHT - MIDDLE), true))
        }
    }
}

const OUTSIDE_LEFT: f64 = -0.08;
const MIDDLE: f64 = 0.45;
const OUTSIDE_RIGHT: f64 = 1.08;

impl Stage {
    pub(crate) fn open(scene: Scene, pace: Pace) -> Stage {
        Stage::play(Script::of(scene), pace, |_| 1.0)
    }

    /// Plays any script under any light (a factor on every pixel, by seconds since the start).
    pub(crate) fn play(script: Script, pace: Pace, light: fn(f64) -> f64) -> Stage {
        let noise = SmallRng::seed_from_u64(NOISE_SEED);
        Stage { script, pace, light, opened: Instant::now(), next: 0, noise }
    }

    /// Returns the seconds since the start of the picture `advance` came to.
    fn time_s(&self) -> f64 {
        self.next.saturating_sub(1) as f64 / RATE_HZ
    }
}

impl FrameSource for Stage {
    fn advance(&mut self) -> Result<Option<u64>, FrameError> {
        let due_s = self.next as f64 / RATE_HZ;
        match self.pace {
            Pace::Live => {
                let due = self.opened + Duration::from_secs_f64(due_s);
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            Pace::Unpaced if due_s >= self.script.round_s => return Ok(None),
            Pace::Unpaced => {}
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }

    fn frame(&mut self) -> Result<Frame, FrameError> {
        let time_s = self.time_s();
        let mut canvas = Canvas::room();
        if let Some((x, walks)) = self.script.figure_at(time_s % self.script.round_s) {
            canvas.figure(x, if walks { (time_s * 6.0).sin() } else { 0.0 });
        }
        canvas.expose((self.light)(time_s), &mut self.noise);
        Ok(canvas.finish())
    }

    fn rate_hz(&self) -> Option<f64> {
        Some(RATE_HZ)
    }
}

/// A picture being painted. Positions and sizes are shares of width and height.
struct Canvas {
    bgr: Vec<u8>,
}

const WALL: [u8; 3] = [176, 190, 196];
const FLOOR: [u8; 3] = [96, 112, 128];
const DOOR: [u8; 3] = [70, 98, 130];
const COUCH: [u8; 3] = [150, 120, 60];
const SKIN: [u8; 3] = [120, 150, 210];
const COAT: [u8; 3] = [70, 40, 40];
const TROUSERS: [u8; 3] = [40, 36, 30];

impl Canvas {
    fn room() -> Canvas {
        let mut canvas = Canvas { bgr: WALL.repeat(HEIGHT_PX * WIDTH_PX) };
        canvas.rectangle([0.0, 0.72, 1.0, 1.0], FLOOR);
        canvas.rectangle([0.05, 0.18, 0.19, 0.72], DOOR);
        canvas.rectangle([0.66, 0.60, 0.95, 0.80], COUCH);
        canvas.rectangle([0.36, 0.12, 0.56, 0.34], [210, 205, 190]);
        canvas
    }

    /// Paints a person whose middle is at `x`; `stride` in -1.0..=1.0 is how far the legs are apart.
    fn figure(&mut self, x: f64, stride: f64) {
        let step = 0.03 * stride;
        self.rectangle([x - 0.035 + step, 0.66, x - 0.005 + step, 0.93], TROUSERS);
        self.rectangle([x + 0.005 - step, 0.66, x + 0.035 - step, 0.93], TROUSERS);
        self.rectangle([x - 0.05, 0.40, x + 0.05, 0.69], COAT);
        self.ellipse([x - 0.026, 0.30, x + 0.026, 0.41], SKIN);
    }

    fn rectangle(&mut self, bounds: [f64; 4], colour: [u8; 3]) {
        self.paint(bounds, colour, |_, _| true);
    }

    fn ellipse(&mut self, bounds: [f64; 4], colour: [u8; 3]) {
        self.paint(bounds, colour, |across, down| across * across + down * down <= 1.0);
    }

    /// Paints the pixels of left, top, right, bottom for which `covers` holds; it is given where the
    /// pixel is between the borders, each -1.0..=1.0.
    fn paint(
        &mut self,
        [left, top, right, bottom]: [f64; 4],
        colour: [u8; 3],
        covers: impl Fn(f64, f64) -> bool,
    ) {
        for row in 0..HEIGHT_PX {
            let y = (row as f64 + 0.5) / HEIGHT_PX as f64;
            if y < top || y >= bottom {
                continue;
            }
            for column in 0..WIDTH_PX {
                let x = (column as f64 + 0.5) / WIDTH_PX as f64;
                let inside = x >= left && x < right;
                let across = 2.0 * (x - left) / (right - left) - 1.0;
                let down = 2.0 * (y - top) / (bottom - top) - 1.0;
                if inside && covers(across, down) {
                    let start = (row * WIDTH_PX + column) * 3;
                    self.bgr[start..start + 3].copy_from_slice(&colour);
                }
            }
        }
    }

    /// Applies light and noise, as a sensor would.
    fn expose(&mut self, light: f64, noise: &mut SmallRng) {
        let mut grain = vec![0; self.bgr.len()];
        noise.fill_bytes(&mut grain);
        for (pixel, grain) in self.bgr.iter_mut().zip(grain) {
            let noise = i16::from(grain) % (2 * NOISE_LEVELS + 1) - NOISE_LEVELS;
            *pixel = level(f64::from(*pixel) * light + f64::from(noise));
        }
    }

    fn finish(self) -> Frame {
        Frame::new(HEIGHT_PX, WIDTH_PX, self.bgr).expect("a canvas has the size of a picture")
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held to 0..=255 first")]
fn level(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
