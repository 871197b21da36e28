//! The thread that reads one camera: opens it, keeps up with it, judges the newest picture when one
//! is due, and ends at the first failure. Starting again is the watchdog's business.

use std::any::Any;
use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::frames::{FrameError, FrameSource};
use crate::pipeline::Pipeline;
use crate::report::Observation;
use crate::settings::CameraSettings;

/// Opens the source of a camera.
pub(super) type Open = dyn Fn() -> Result<Box<dyn FrameSource>, FrameError> + Send + Sync;

/// What the watchdog hears.
pub(super) enum Event {
    /// The owner wants the camera to stop.
    Stop,
    /// A reader has something to say.
    Read {
        /// Which reader; one that was given up is no longer heard.
        generation: u64,
        news: News,
    },
}

/// What a reader has to say.
pub(super) enum News {
    /// A picture came; it was not its turn to be judged.
    Frame,
    /// A picture that came then was judged; `None` while nothing is proved.
    Judged(Option<Observation>, Instant),
    /// The reader has ended.
    Ended {
        /// Why, in words.
        reason: String,
        /// What it remembers of the room, for the next reader. Lost in a panic.
        memory: Option<Box<Pipeline>>,
    },
}

/// Pictures that are not judged are told of this often, so that they count as fresh.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// All that a reader works with.
pub(super) struct Reader {
    pub(super) generation: u64,
    pub(super) settings: Arc<CameraSettings>,
    pub(super) open: Arc<Open>,
    /// False once nobody waits for this reader any more.
    pub(super) wanted: Arc<AtomicBool>,
    pub(super) events: SyncSender<Event>,
    /// The start of the camera's time.
    pub(super) origin: Instant,
    pub(super) memory: Option<Box<Pipeline>>,
}

impl Reader {
    /// Starts the thread.
    pub(super) fn spawn(self) -> io::Result<JoinHandle<()>> {
        std::thread::Builder::new().name(self.settings.id.clone()).spawn(move || self.run())
    }

    fn run(mut self) {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.read()));
        let (reason, memory) = match outcome {
            Ok(reason) => (reason, self.memory.take()),
            Err(panic) => (format!("the camera's thread panicked: {}", words(panic.as_ref())), None),
        };
        self.tell(News::Ended { reason, memory });
    }

    /// Reads until something fails or nobody wants it; returns why.
    fn read(&mut self) -> String {
        if self.memory.is_none() {
            match Pipeline::build(&self.settings) {
                Ok(pipeline) => self.memory = Some(Box::new(pipeline)),
                Err(error) => return with_causes(&error),
            }
        }
        let mut source = match (self.open)() {
            Ok(source) => source,
            Err(error) => return with_causes(&error),
        };
        let mut due = Instant::now();
        let mut told = Instant::now();
        while self.wanted.load(Ordering::Acquire) {
            match source.advance() {
                Ok(Some(_)) => {}
                Ok(None) => return "the footage ended".to_owned(),
                Err(error) => return with_causes(&error),
            }
            let now = Instant::now();
            if now >= due {
                if let Err(reason) = self.judge(source.as_mut(), now) {
                    return reason;
                }
                due = next_due(due, self.settings.period(), now, Instant::now());
                told = now;
            } else if now.duration_since(told) >= TELL_EVERY {
                self.tell(News::Frame);
                told = now;
            }
        }
        "stopped".to_owned()
    }

    fn judge(&mut self, source: &mut dyn FrameSource, now: Instant) -> Result<(), String> {
        let frame = source.frame().map_err(|error| with_causes(&error))?;
        let pipeline = self.memory.as_mut().expect("the pipeline is built before the source is opened");
        let observation =
            pipeline.judge(frame, now.duration_since(self.origin)).map_err(|error| with_causes(&error))?;
        self.tell(News::Judged(observation, now));
        Ok(())
    }

    fn tell(&self, news: News) {
        let told = self.events.send(Event::Read { generation: self.generation, news });
        if told.is_err() {
            // The watchdog is gone, so nobody wants this reader.
            self.wanted.store(false, Ordering::Release);
        }
    }
}

/// Returns when the next picture is to be judged: a period after this one was due. If judging takes
/// longer than half a period, the reader first spends as long on emptying the camera's queue, since
/// otherwise each judged picture would be older than the last.
fn next_due(due: Instant, period: Duration, began: Instant, ended: Instant) -> Instant {
    let kept_up = (due + period).max(began);
    kept_up.max(ended + ended.duration_since(began))
}

/// Returns what a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

/// Returns the error with its causes, for people. OpenCV's own words name addresses, passwords
/// included, so they stay out.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        if is_from_opencv(error) {
            break;
        }
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(feature = "opencv")]
fn is_from_opencv(error: &(dyn Error + 'static)) -> bool {
    error.is::<opencv::Error>()
}

#[cfg(not(feature = "opencv"))]
fn is_from_opencv(_error: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_is_too_slow_empties_the_queue_between_two_looks() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let period = Duration::from_millis(200);
        assert_eq!(next_due(at(0), period, at(10), at(30)), at(200), "it keeps up");
        assert_eq!(next_due(at(0), period, at(10), at(160)), at(310), "as long reading as judging");
        assert_eq!(next_due(at(0), period, at(900), at(920)), at(940), "no burst after a pause");
    }
}
