//! The whole path on drawn scenes, and the gate before a network that a test plays.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::frames::synthetic::{RATE_HZ, Script, Stage};
use crate::frames::{FrameSource, Pace};
use crate::source::{Scene, Source};

/// How far an edge found in the pixels may be from the script: a figure that is half in the picture is
/// smaller than a person, and three looks take 0.6 s.
const EDGE_TOLERANCE_S: f64 = 1.0;

const STILL_FOR_TWO_MINUTES: Script =
    Script { enters_s: 5.0, stands_s: 9.0, leaves_s: 130.0, gone_s: 134.0, round_s: 150.0 };

fn settings(hold_s: u64) -> CameraSettings {
    let mut settings = CameraSettings::new("cam-1", Source::Synthetic { scene: Scene::Room });
    settings.hold = Duration::from_secs(hold_s);
    settings
}

/// Plays a scene at 5 looks a second; returns the time in seconds and the claim after each look.
fn play(
    pipeline: &mut Pipeline,
    script: Script,
    light: fn(f64) -> f64,
) -> Vec<(f64, Option<Observation>, Option<Presence>)> {
    let mut stage = Stage::play(script, Pace::Unpaced, light);
    let mut seen = Vec::new();
    while let Some(number) = stage.advance().unwrap() {
        if number % 2 == 0 {
            let time_s = number as f64 / RATE_HZ;
            let observation =
                pipeline.judge(stage.frame().unwrap(), Duration::from_secs_f64(time_s)).unwrap();
            seen.push((time_s, observation, pipeline.presence()));
        }
    }
    seen
}

fn motion_only(hold_s: u64) -> Pipeline {
    Pipeline::with_model(&settings(hold_s), None)
}

fn occupied_at(
    seen: &[(f64, Option<Observation>, Option<Presence>)],
    from_s: f64,
    to_s: f64,
) -> Vec<Option<bool>> {
    let within = seen.iter().filter(|(time_s, ..)| (from_s..to_s).contains(time_s));
    let mut claims: Vec<_> = within.map(|(_, observation, _)| observation.map(|o| o.occupied)).collect();
    claims.dedup();
    claims
}

#[test]
fn motion_finds_the_figure_when_it_enters_while_it_stands_and_when_it_leaves() {
    let script = Script::of(Scene::Room);
    let seen = play(&mut motion_only(1), script, |_| 1.0);
    let near = |a: f64, b: f64| (a - b).abs() <= EDGE_TOLERANCE_S;
    let stays: Vec<Presence> = seen.iter().filter_map(|(.., presence)| *presence).collect();
    let first = stays.first().unwrap().first.as_secs_f64();
    let last = stays.last().unwrap().last.as_secs_f64();
    assert!(near(first, script.enters_s), "entered at {first} s");
    assert!(near(last, script.gone_s), "left at {last} s");
    let off = f64::from(MOTION_HOLD_FACTOR);
    assert_eq!(occupied_at(&seen, 0.0, off), [None], "nothing is proved yet");
    assert_eq!(occupied_at(&seen, off + 0.3, script.enters_s), [Some(false)]);
    assert_eq!(occupied_at(&seen, script.enters_s + 1.2, script.gone_s), [Some(true)]);
    assert_eq!(occupied_at(&seen, script.gone_s + off + 0.5, script.round_s), [Some(false)]);
}

#[test]
fn a_figure_that_stands_still_for_two_minutes_stays() {
    let seen = play(&mut motion_only(1), STILL_FOR_TWO_MINUTES, |_| 1.0);
    assert_eq!(occupied_at(&seen, 7.0, STILL_FOR_TWO_MINUTES.gone_s), [Some(true)]);
    assert_eq!(occupied_at(&seen, 138.0, 150.0), [Some(false)]);
}

#[test]
fn an_empty_room_stays_empty_under_any_light() {
    for (index, light) in LIGHTS.into_iter().enumerate() {
        let seen = play(&mut motion_only(1), Script::of(Scene::Vacant), light);
        assert_eq!(occupied_at(&seen, 2.5, 60.0), [Some(false)], "light {index}");
    }
}

#[test]
fn an_occupied_room_stays_occupied_and_becomes_empty_under_any_light() {
    for (index, light) in LIGHTS.into_iter().enumerate() {
        let seen = play(&mut motion_only(5), STILL_FOR_TWO_MINUTES, light);
        assert_eq!(occupied_at(&seen, 7.0, STILL_FOR_TWO_MINUTES.gone_s), [Some(true)], "light {index}");
        assert_eq!(occupied_at(&seen, 148.0, 150.0), [Some(false)], "light {index}");
    }
}

/// A cloud, a lamp switched off and on, a lamp that swells, the dark.
const LIGHTS: [fn(f64) -> f64; 4] = [
    |time_s| 0.8 + 0.2 * (time_s * 0.3).cos(),
    |time_s| if (20.0..40.0).contains(&time_s) { 0.5 } else { 1.0 },
    |time_s| (0.4 + time_s / 100.0).min(1.1),
    |_| 0.1,
];

#[test]
fn motion_never_claims_more_than_three_quarters_and_says_how_it_was_found() {
    for (_, observation, _) in play(&mut motion_only(1), Script::of(Scene::Corridor), |_| 1.0) {
        if let Some(seen) = observation {
            assert!(seen.confidence <= 0.75 && seen.method == Method::Motion && seen.synthetic);
        }
    }
}

#[test]
fn motion_holds_twice_as_long_as_a_network() {
    let hold = |has_model| rules(&settings(25), has_model).hold.as_secs();
    assert_eq!((hold(true), hold(false)), (25, 50));
}

#[test]
fn a_figure_counts_only_in_the_zone_it_stands_in() {
    let zone = |left: f32, right: f32| {
        vec![Zone::try_from(vec![[left, 0.5], [right, 0.5], [right, 1.0], [left, 1.0]]).unwrap()]
    };
    for (zones, expected) in [(zone(0.3, 0.6), Some(true)), (zone(0.7, 1.0), Some(false))] {
        let mut pipeline = Pipeline::with_model(&CameraSettings { zones, ..settings(1) }, None);
        let seen = play(&mut pipeline, Script::of(Scene::Room), |_| 1.0);
        assert_eq!(occupied_at(&seen, 15.0, 50.0), [expected]);
    }
}

/// A network that finds one person in each look while its light is on.
struct Played {
    present: Arc<AtomicU64>,
    looks: Arc<AtomicU64>,
}

impl Detector for Played {
    fn detect(&mut self, _: &Frame, _: Duration) -> Result<Option<Vec<Detection>>, DetectError> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        let person = Detection { left: 0.4, top: 0.3, right: 0.5, bottom: 0.9, confidence: 0.9 };
        let people = usize::try_from(self.present.load(Ordering::Relaxed)).unwrap();
        Ok(Some(vec![person; people]))
    }
}

fn with_played_network(people: u64) -> (Pipeline, Arc<AtomicU64>, Arc<AtomicU64>) {
    let (present, looks) = (Arc::new(AtomicU64::new(people)), Arc::new(AtomicU64::new(0)));
    let model = Played { present: Arc::clone(&present), looks: Arc::clone(&looks) };
    (Pipeline::with_model(&settings(2), Some(Box::new(model))), present, looks)
}

#[test]
fn a_network_rests_in_a_quiet_room_and_still_finds_who_came_in_without_a_stir() {
    let (mut pipeline, present, looks) = with_played_network(0);
    let empty = play(&mut pipeline, Script::of(Scene::Vacant), |_| 1.0);
    assert_eq!(occupied_at(&empty, 3.0, 60.0), [Some(false)]);
    let asked = looks.load(Ordering::Relaxed);
    assert!((15..=35).contains(&asked), "a start-up scan and a look each 5 s, not {asked} of 300");

    present.store(1, Ordering::Relaxed);
    let mut stage = Stage::play(Script::of(Scene::Vacant), Pace::Unpaced, |_| 1.0);
    let mut found_s = None;
    while let (None, Some(number)) = (found_s, stage.advance().unwrap()) {
        let now = Duration::from_secs_f64(60.0 + number as f64 / RATE_HZ);
        let seen = pipeline.judge(stage.frame().unwrap(), now).unwrap();
        found_s = seen.filter(|seen| seen.occupied).map(|_| now.as_secs_f64() - 60.0);
    }
    assert!(found_s.is_some_and(|found_s| found_s <= 6.0), "found after {found_s:?} s");
}

#[test]
fn a_still_person_stays_while_the_network_looks_only_now_and_then() {
    let (mut pipeline, _, looks) = with_played_network(1);
    let seen = play(&mut pipeline, Script::of(Scene::Vacant), |_| 1.0);
    assert_eq!(occupied_at(&seen, 1.0, 60.0), [Some(true)]);
    let asked = looks.load(Ordering::Relaxed);
    assert!((30..=50).contains(&asked), "a look each 2 s, not {asked} of 300");
}

#[test]
fn motion_alone_never_makes_a_person_where_a_network_looks() {
    let (mut pipeline, _, looks) = with_played_network(0);
    let seen = play(&mut pipeline, Script::of(Scene::Corridor), |_| 1.0);
    assert_eq!(occupied_at(&seen, 3.0, 20.0), [Some(false)]);
    assert!(looks.load(Ordering::Relaxed) > 30, "but it makes the network look");
}
