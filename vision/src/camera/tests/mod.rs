//! The reader and its watchdog, with sources a test plays and patience cut short. Each wait has a
//! deadline; nothing sleeps.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use super::*;
use crate::frames::Frame;
use crate::report::{Method, Observation};
use crate::settings::Reconnect;

#[cfg(feature = "opencv")]
mod mjpeg;

const DEADLINE: Duration = Duration::from_secs(20);

const SHORT: Patience = Patience {
    first_frame: Duration::from_millis(400),
    next_frame: Duration::from_millis(300),
    give_up: Duration::from_millis(900),
};

fn settings(source: &str) -> CameraSettings {
    let mut settings = CameraSettings::new("cam-1", source.parse().unwrap());
    settings.hold = Duration::from_millis(100);
    settings.fps = 20.0;
    settings.reconnect = Reconnect { min: Duration::from_millis(10), max: Duration::from_millis(20) };
    settings
}

/// Waits for the first report that fits, and returns it with those before it.
fn wait_for(inbox: &Receiver<Report>, fits: impl Fn(&Report) -> bool) -> Vec<Report> {
    let until = Instant::now() + DEADLINE;
    let mut seen = Vec::new();
    while let Ok(report) = inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
        seen.push(report);
        if seen.last().is_some_and(&fits) {
            return seen;
        }
    }
    panic!("the report did not come within {DEADLINE:?}; these did: {seen:?}");
}

fn is_fresh(report: &Report) -> bool {
    matches!(report, Report::Seen(..) | Report::Alive)
}

fn is_trouble(words: &'static str) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Trouble(reason) if reason.contains(words))
}

/// What the played source does next.
enum Act {
    Show(u8),
    Fail,
    Panic,
}

/// A source whose pictures a test sends. While nothing is sent it blocks, as a dead camera does; when
/// the test drops the sender it blocks no more and fails.
struct Played {
    acts: Arc<Mutex<Receiver<Act>>>,
    level: u8,
}

impl FrameSource for Played {
    fn advance(&mut self) -> Result<Option<u64>, FrameError> {
        let act = self.acts.lock().map(|acts| acts.recv());
        match act.expect("no reader panics while it waits") {
            Ok(Act::Show(level)) => self.level = level,
            Ok(Act::Panic) => panic!("the driver broke"),
            Ok(Act::Fail) | Err(_) => return Err(FrameError::Absent),
        }
        Ok(Some(0))
    }

    fn frame(&mut self) -> Result<Frame, FrameError> {
        Ok(Frame::new(90, 160, vec![self.level; 90 * 160 * 3]).unwrap())
    }

    fn rate_hz(&self) -> Option<f64> {
        None
    }
}

struct Stagehand {
    camera: Camera,
    acts: Sender<Act>,
    inbox: Receiver<Report>,
}

fn played(patience: Patience) -> Stagehand {
    let (acts, queue) = mpsc::channel();
    let (reports, inbox) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    let open = move || -> Result<Box<dyn FrameSource>, FrameError> {
        Ok(Box::new(Played { acts: Arc::clone(&queue), level: 0 }))
    };
    let on_report = move |report| drop(reports.send(report));
    let camera = Camera::spawn_with(settings("synthetic:room"), patience, open, on_report).unwrap();
    Stagehand { camera, acts, inbox }
}

#[test]
fn a_source_that_blocks_is_reported_and_comes_back() {
    let stage = played(Patience { give_up: 3 * DEADLINE, ..SHORT });
    stage.acts.send(Act::Show(100)).unwrap();
    wait_for(&stage.inbox, is_fresh);
    let before = wait_for(&stage.inbox, is_trouble("no frame for"));
    assert_eq!(before.len(), 1, "nothing is claimed without fresh pictures: {before:?}");
    stage.acts.send(Act::Show(100)).unwrap();
    wait_for(&stage.inbox, is_fresh);
    drop(stage.acts);
    stage.camera.stop(DEADLINE);
}

#[test]
fn a_source_that_never_shows_anything_is_reported() {
    let stage = played(SHORT);
    let seen = wait_for(&stage.inbox, is_trouble("after opening"));
    assert_eq!(seen.len(), 1);
}

#[test]
fn a_reader_that_hangs_is_given_up_for_a_new_one_and_says_nothing_more() {
    let (reports, inbox) = mpsc::channel();
    let (first_hangs, hung) = mpsc::channel::<Act>();
    let (second, works) = mpsc::channel();
    let queues = Mutex::new(vec![works, hung]);
    let open = move || -> Result<Box<dyn FrameSource>, FrameError> {
        let queue = queues.lock().map(|mut queues| queues.pop()).expect("opening never panics");
        let queue = queue.ok_or(FrameError::Absent)?;
        Ok(Box::new(Played { acts: Arc::new(Mutex::new(queue)), level: 0 }))
    };
    let on_report = move |report| drop(reports.send(report));
    let camera = Camera::spawn_with(settings("synthetic:room"), SHORT, open, on_report).unwrap();
    second.send(Act::Show(100)).unwrap();
    wait_for(&inbox, is_trouble("given up"));
    wait_for(&inbox, is_fresh);
    // The first reader wakes and fails; the camera, at work with the second, is not told so.
    first_hangs.send(Act::Fail).unwrap();
    second.send(Act::Show(100)).unwrap();
    wait_for(&inbox, is_trouble("no frame for"));
    drop((first_hangs, second));
    camera.stop(DEADLINE);
}

#[test]
fn a_driver_in_which_every_reader_hangs_is_left_alone_until_one_comes_back() {
    let (reports, inbox) = mpsc::channel();
    let (let_go, hold) = mpsc::channel::<()>();
    let (opened, openings) = mpsc::channel();
    let hold = Mutex::new(Some(hold));
    let held = Mutex::new(Vec::new());
    let open = move || -> Result<Box<dyn FrameSource>, FrameError> {
        let _ = opened.send(());
        let gate = hold.lock().map(|mut hold| hold.take()).expect("opening never panics");
        match gate {
            Some(gate) => {
                let _ = gate.recv();
            }
            None => {
                let (keep, gate) = mpsc::channel::<()>();
                held.lock().expect("opening never panics").push(keep);
                let _ = gate.recv_timeout(DEADLINE);
            }
        }
        Err(FrameError::Absent)
    };
    let on_report = move |report| drop(reports.send(report));
    let camera = Camera::spawn_with(settings("synthetic:room"), SHORT, open, on_report).unwrap();
    for _ in 0..3 {
        wait_for(&inbox, is_trouble("3 readers hang in its driver"));
    }
    assert_eq!(openings.try_iter().count(), 3, "a fourth would hang too");
    drop(let_go);
    openings.recv_timeout(DEADLINE).expect("one has come back: it is tried again");
    drop(camera);
}

#[test]
fn a_panic_in_the_reader_is_reported_and_the_camera_starts_again() {
    let stage = played(Patience::default());
    stage.acts.send(Act::Show(100)).unwrap();
    wait_for(&stage.inbox, is_fresh);
    stage.acts.send(Act::Panic).unwrap();
    wait_for(&stage.inbox, is_trouble("panicked"));
    drop(stage.acts);
    stage.camera.stop(DEADLINE);
}

#[test]
fn after_a_failure_the_source_is_opened_again_and_the_room_is_remembered() {
    let stage = played(Patience::default());
    let seen_empty = |report: &Report| matches!(report, Report::Seen(seen, _) if !seen.occupied);
    let until = Instant::now() + DEADLINE;
    let mut proved = false;
    while !proved && Instant::now() < until {
        stage.acts.send(Act::Show(100)).unwrap();
        let report = stage.inbox.recv_timeout(Duration::from_millis(20));
        proved = report.is_ok_and(|report| seen_empty(&report));
    }
    assert!(proved, "an empty room is proved by the hold");
    stage.acts.send(Act::Fail).unwrap();
    wait_for(&stage.inbox, is_trouble("could not open"));
    stage.acts.send(Act::Show(100)).unwrap();
    let seen = wait_for(&stage.inbox, is_fresh);
    assert!(seen.last().is_some_and(seen_empty), "it need not be proved again: {seen:?}");
    drop(stage.acts);
    stage.camera.stop(DEADLINE);
}

#[test]
fn stopping_a_camera_that_hangs_takes_no_longer_than_its_deadline() {
    let stage = played(Patience::default());
    stage.acts.send(Act::Show(100)).unwrap();
    wait_for(&stage.inbox, is_fresh);
    let began = Instant::now();
    stage.camera.stop(Duration::from_millis(200));
    assert!(began.elapsed() < Duration::from_secs(5));
    // Stopped between two pictures, it has let go already.
    drop(stage.acts.send(Act::Show(100)));
    assert!(stage.inbox.iter().all(|report| is_fresh(&report)), "and nothing is said after it");
}

#[test]
fn dropping_a_camera_ends_its_threads_and_its_reports() {
    let (reports, inbox) = mpsc::channel();
    let camera = Camera::spawn(settings("synthetic:vacant"), move |report| drop(reports.send(report)));
    wait_for(&inbox, is_fresh);
    drop(camera);
    let until = Instant::now() + DEADLINE;
    // The channel closes only when the threads have let go of what they report to.
    loop {
        match inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(_) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the threads did not end"),
        }
    }
}

#[test]
fn a_synthetic_camera_sees_somebody_walk_through_and_marks_it_synthetic() {
    let (reports, inbox) = mpsc::channel();
    let camera = Camera::spawn(settings("synthetic:corridor"), move |report| drop(reports.send(report)));
    let mut seen = wait_for(&inbox, |report| matches!(report, Report::Seen(seen, _) if seen.occupied));
    seen.extend(wait_for(&inbox, |report| matches!(report, Report::Seen(seen, _) if !seen.occupied)));
    let observations: Vec<Observation> = seen
        .into_iter()
        .filter_map(|report| match report {
            Report::Seen(observation, _) => Some(observation),
            Report::Alive => None,
            Report::Trouble(reason) => panic!("{reason}"),
        })
        .collect();
    assert!(observations.iter().all(|seen| seen.synthetic && seen.method == Method::Motion));
    assert!(observations.iter().all(|seen| (seen.people > 0) == seen.occupied));
    camera.unwrap().stop(DEADLINE);
}

#[test]
fn a_source_that_is_not_there_is_trouble_in_words_without_the_password() {
    let (reports, inbox) = mpsc::channel();
    let camera = Camera::spawn(settings("file:/nowhere/clip.mp4"), move |report| drop(reports.send(report)));
    let expected = Report::Trouble("could not open: no such file or device".to_owned());
    wait_for(&inbox, |report| *report == expected);
    camera.unwrap().stop(DEADLINE);
}
