//! The watchdog: starts readers, judges their age, speaks for the camera.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::reader::{Event, News, Open, Reader};
use crate::pipeline::Pipeline;
use crate::report::{Observation, Report};
use crate::settings::CameraSettings;

/// How long the watchdog waits before it speaks or acts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the first picture of a source that is being opened. RTSP takes about 3 s; OpenCV is told to
    /// give up after 4 s and does not always obey (opencv/opencv#24393).
    pub(super) first_frame: Duration,
    /// For each further picture; a lost camera must be known within 5 s.
    pub(super) next_frame: Duration,
    /// Before a silent reader is given up for a new one. Stalls of 30 s end by themselves.
    pub(super) give_up: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first_frame: Duration::from_secs(8),
            next_frame: Duration::from_secs(3),
            give_up: Duration::from_secs(40),
        }
    }
}

/// Given-up readers that may hang at a time. Each holds a thread and the memory of a stream; with this
/// many the driver is broken, and more of them would help nobody.
const HUNG_MAX: usize = 3;

/// A source that gave pictures this long is worth a quick first attempt when it is lost.
const STEADY: Duration = Duration::from_secs(10);

/// An unchanged observation is repeated after this long: with pictures at 5 a second, within a second.
const REPEAT_SEEN: Duration = Duration::from_millis(800);
/// Fresh pictures that prove nothing are told of this often.
const REPEAT_ALIVE: Duration = Duration::from_secs(1);

/// The watchdog's thread.
pub(super) struct Supervisor {
    settings: Arc<CameraSettings>,
    patience: Patience,
    open: Arc<Open>,
    voice: Voice,
    events: SyncSender<Event>,
    inbox: Receiver<Event>,
    stopping: Arc<AtomicBool>,
    origin: Instant,
    generation: u64,
    /// Failures in a row.
    failures: u32,
    memory: Option<Box<Pipeline>>,
    hung: Vec<JoinHandle<()>>,
}

enum Phase {
    /// A reader is at work.
    Reading(Watch),
    /// No reader until then.
    Waiting(Instant),
}

/// What the watchdog knows of the reader.
struct Watch {
    thread: JoinHandle<()>,
    wanted: Arc<AtomicBool>,
    started: Instant,
    last_frame: Option<Instant>,
    /// When the silence was last reported.
    warned: Option<Instant>,
}

impl Supervisor {
    pub(super) fn new(
        settings: CameraSettings,
        patience: Patience,
        open: Arc<Open>,
        on_report: Box<dyn Fn(Report) + Send + Sync>,
        (events, inbox): (SyncSender<Event>, Receiver<Event>),
        stopping: Arc<AtomicBool>,
    ) -> Supervisor {
        Supervisor {
            settings: Arc::new(settings),
            patience,
            open,
            voice: Voice { on_report, last: None },
            events,
            inbox,
            stopping,
            origin: Instant::now(),
            generation: 0,
            failures: 0,
            memory: None,
            hung: Vec::new(),
        }
    }

    /// Works until the owner stops it, then waits for the reader.
    pub(super) fn run(mut self) {
        let mut phase = self.start();
        loop {
            let now = Instant::now();
            let wait = self.next_check(&phase, now).saturating_duration_since(now);
            let event = self.inbox.recv_timeout(wait);
            if self.stopping.load(Ordering::Acquire) {
                break;
            }
            let now = Instant::now();
            phase = match event {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(Event::Read { generation, news }) if generation == self.generation => {
                    self.hear(phase, news, now)
                }
                // A reader that was given up has woken; its successor is at work.
                Ok(Event::Read { .. }) => phase,
                Err(RecvTimeoutError::Timeout) => self.check(phase, now),
            };
        }
        self.finish(phase);
    }

    /// Starts a reader.
    fn start(&mut self) -> Phase {
        self.generation += 1;
        let wanted = Arc::new(AtomicBool::new(true));
        let reader = Reader {
            generation: self.generation,
            settings: Arc::clone(&self.settings),
            open: Arc::clone(&self.open),
            wanted: Arc::clone(&wanted),
            events: self.events.clone(),
            origin: self.origin,
            memory: self.memory.take(),
        };
        let started = Instant::now();
        match reader.spawn() {
            Ok(thread) => Phase::Reading(Watch { thread, wanted, started, last_frame: None, warned: None }),
            Err(error) => self.back_off(&format!("the system gave no thread: {error}"), started),
        }
    }

    /// Takes in what the present reader says.
    fn hear(&mut self, phase: Phase, news: News, now: Instant) -> Phase {
        let Phase::Reading(mut watch) = phase else {
            return phase;
        };
        match news {
            News::Frame => self.voice.fresh(now),
            News::Judged(observation, came_at) => self.voice.judged(observation, came_at, now),
            News::Ended { reason, memory } => {
                self.memory = memory;
                if watch.thread.join().is_err() {
                    tracing::error!(
                        camera.id = self.settings.id,
                        "a camera's thread panicked while it ended"
                    );
                }
                if watch.last_frame.is_some_and(|last| last.duration_since(watch.started) >= STEADY) {
                    self.failures = 0;
                }
                return self.back_off(&reason, now);
            }
        }
        if watch.warned.take().is_some() {
            tracing::info!(camera.id = self.settings.id, "the camera gives pictures again");
        }
        watch.last_frame = Some(now);
        Phase::Reading(watch)
    }

    /// Acts when a limit has passed.
    fn check(&mut self, phase: Phase, now: Instant) -> Phase {
        if now < self.next_check(&phase, now) {
            return phase;
        }
        let mut watch = match phase {
            Phase::Waiting(_) => {
                self.hung.retain(|thread| !thread.is_finished());
                if self.hung.len() >= HUNG_MAX {
                    return self.back_off("not opened again", now);
                }
                return self.start();
            }
            Phase::Reading(watch) => watch,
        };
        let silence = now.duration_since(watch.last_frame.unwrap_or(watch.started));
        let reason = match watch.last_frame {
            Some(_) => format!("no frame for {} s", silence.as_secs()),
            None => format!("no frame {} s after opening", silence.as_secs()),
        };
        if silence < self.patience.give_up {
            if watch.warned.is_none() {
                tracing::warn!(camera.id = self.settings.id, reason, "a camera is silent");
            }
            self.voice.trouble(reason);
            watch.warned = Some(now);
            return Phase::Reading(watch);
        }
        watch.wanted.store(false, Ordering::Release);
        self.hung.retain(|thread| !thread.is_finished());
        self.hung.push(watch.thread);
        self.back_off(&format!("{reason}; its reader hangs and was given up"), now)
    }

    /// Returns when a limit passes next. A silence that goes on is reported each time it has lasted as
    /// long again as the limit of a first picture.
    fn next_check(&self, phase: &Phase, now: Instant) -> Instant {
        let watch = match phase {
            Phase::Waiting(until) => return *until,
            Phase::Reading(watch) => watch,
        };
        let quiet_since = watch.last_frame.unwrap_or(watch.started);
        let give_up = quiet_since + self.patience.give_up;
        let speak = match (watch.warned, watch.last_frame) {
            (Some(warned), _) => warned + self.patience.first_frame,
            (None, Some(last)) => last + self.patience.next_frame,
            (None, None) => watch.started + self.patience.first_frame,
        };
        if now >= give_up { now } else { speak.min(give_up) }
    }

    /// Reports a failure and chooses when to try again.
    fn back_off(&mut self, reason: &str, now: Instant) -> Phase {
        self.failures = self.failures.saturating_add(1);
        self.hung.retain(|thread| !thread.is_finished());
        let (reason, wait) = if self.hung.len() >= HUNG_MAX {
            (format!("{reason}; {HUNG_MAX} readers hang in its driver"), self.patience.give_up)
        } else {
            let bound = self.settings.reconnect.bound(self.failures);
            (reason.to_owned(), bound.mul_f64(rand::random::<f64>()))
        };
        tracing::warn!(
            camera.id = self.settings.id,
            source = %self.settings.source,
            reason,
            wait_ms = wait.as_millis(),
            "a camera is lost"
        );
        self.voice.trouble(reason);
        Phase::Waiting(now + wait)
    }

    /// Lets the reader go and waits for it. May take as long as its driver does; the owner does not
    /// wait for this thread beyond its deadline.
    fn finish(self, phase: Phase) {
        let Supervisor { inbox, hung, .. } = self;
        // From here on a reader that waits to be heard is told that nobody listens.
        drop(inbox);
        if let Phase::Reading(watch) = phase {
            watch.wanted.store(false, Ordering::Release);
            let _ = watch.thread.join();
        }
        for thread in hung {
            let _ = thread.join();
        }
    }
}

/// Says what is known, not more often than needed.
struct Voice {
    on_report: Box<dyn Fn(Report) + Send + Sync>,
    /// The last thing said about fresh pictures, and when; nothing since trouble began.
    last: Option<(Option<Observation>, Instant)>,
}

impl Voice {
    /// A picture that came at `came_at` was judged.
    fn judged(&mut self, observation: Option<Observation>, came_at: Instant, now: Instant) {
        let due = match (self.last, observation) {
            (None, _) => true,
            (Some((Some(last), at)), Some(new)) => changed(last, new) || now - at >= REPEAT_SEEN,
            (Some((None, _)), Some(_)) => true,
            (Some((_, at)), None) => now - at >= REPEAT_ALIVE,
        };
        if due {
            self.last = Some((observation, now));
            (self.on_report)(observation.map_or(Report::Alive, |seen| Report::Seen(seen, came_at)));
        }
    }

    /// A picture came and was not judged: what was last found still holds.
    fn fresh(&mut self, now: Instant) {
        if let Some((observation, _)) = self.last {
            self.judged(observation, now, now);
        }
    }

    fn trouble(&mut self, reason: String) {
        self.last = None;
        (self.on_report)(Report::Trouble(reason));
    }
}

fn changed(last: Observation, new: Observation) -> bool {
    (last.occupied, last.people, last.method) != (new.occupied, new.people, new.method)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::report::Method;

    fn seen(occupied: bool) -> Option<Observation> {
        let people = u32::from(occupied);
        Some(Observation { occupied, people, confidence: 0.9, method: Method::Model, synthetic: false })
    }

    fn voice() -> (Voice, Receiver<Report>) {
        let (reports, inbox) = channel();
        (Voice { on_report: Box::new(move |report| drop(reports.send(report))), last: None }, inbox)
    }

    #[test]
    fn each_change_is_said_at_once_and_the_rest_once_a_second() {
        let (mut voice, inbox) = voice();
        let start = Instant::now();
        for tick in 0..50 {
            let now = start + tick * Duration::from_millis(200);
            voice.judged(seen(tick >= 23), now, now);
        }
        let said: Vec<bool> = inbox
            .try_iter()
            .map(|report| matches!(report, Report::Seen(observation, _) if observation.occupied))
            .collect();
        assert_eq!(said.iter().filter(|&&occupied| !occupied).count(), 6, "0.0 s to 4.6 s, each 0.8 s");
        assert_eq!(said.iter().filter(|&&occupied| occupied).count(), 7, "4.6 s to 9.8 s, each 0.8 s");
    }

    #[test]
    fn alive_is_said_at_most_once_a_second() {
        let (mut voice, inbox) = voice();
        let start = Instant::now();
        for tick in 0..50 {
            let now = start + tick * Duration::from_millis(200);
            voice.judged(None, now, now);
        }
        assert_eq!(inbox.try_iter().collect::<Vec<_>>(), vec![Report::Alive; 10]);
    }

    #[test]
    fn after_trouble_a_picture_that_was_not_judged_repeats_no_old_claim() {
        let (mut voice, inbox) = voice();
        let start = Instant::now();
        voice.judged(seen(true), start, start);
        voice.trouble("no frame for 3 s".to_owned());
        voice.fresh(start + Duration::from_secs(5));
        let came_at = start + Duration::from_secs(6);
        voice.judged(seen(false), came_at, came_at + Duration::from_millis(80));
        let said: Vec<Report> = inbox.try_iter().skip(2).collect();
        let seen = seen(false).map(|seen| Report::Seen(seen, came_at));
        assert_eq!(said, seen.into_iter().collect::<Vec<_>>());
    }
}
