//! One camera: a thread that reads it, and a watchdog that speaks for it.
//!
//! The watchdog's thread owns all that is said: it starts the reader, hears of each judged picture,
//! and is the only one to call the gateway. So reports come in order, and a reader that hangs in a
//! driver cannot keep the camera from saying that it is in trouble.

mod reader;
mod supervisor;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use self::reader::Event;
use self::supervisor::{Patience, Supervisor};
use crate::frames::{self, FrameError, FrameSource, Pace};
use crate::report::Report;
use crate::settings::CameraSettings;

/// Messages from the reader that may wait. The watchdog empties the queue at once unless the gateway
/// keeps it waiting; then the reader waits too, and its pictures grow old, which is the truth.
const EVENTS_MAX: usize = 16;

/// A running camera. Dropping it stops it.
///
/// Dropping only signals: no report follows but one that is being given, and the threads end by
/// themselves within moments, or when the driver they hang in lets go. They hold no lock, so a thread
/// that never returns keeps neither the process nor other cameras from ending. [`Camera::stop`] waits.
#[derive(Debug)]
pub struct Camera {
    stopping: Arc<AtomicBool>,
    events: SyncSender<Event>,
    /// Closes when all threads of the camera have ended.
    ended: Receiver<()>,
    supervisor: Option<JoinHandle<()>>,
}

impl Camera {
    /// Starts a camera. Whatever is wrong with the source or the model becomes a
    /// [`Report::Trouble`], and is tried again.
    ///
    /// `on_report` is called from one thread of the camera, one report after the other. It should
    /// return within moments: while it does not, the camera sees nothing.
    ///
    /// # Errors
    ///
    /// The system's, when it gives no more threads.
    pub fn spawn(
        settings: CameraSettings,
        on_report: impl Fn(Report) + Send + Sync + 'static,
    ) -> io::Result<Camera> {
        let source = settings.source.clone();
        Camera::spawn_with(
            settings,
            Patience::default(),
            move || frames::open(&source, Pace::Live),
            on_report,
        )
    }

    /// Starts a camera with its own way of opening the source, and its own patience.
    fn spawn_with(
        settings: CameraSettings,
        patience: Patience,
        open: impl Fn() -> Result<Box<dyn FrameSource>, FrameError> + Send + Sync + 'static,
        on_report: impl Fn(Report) + Send + Sync + 'static,
    ) -> io::Result<Camera> {
        let (events, inbox) = sync_channel(EVENTS_MAX);
        let (end, ended) = sync_channel(0);
        let stopping = Arc::new(AtomicBool::new(false));
        let name = format!("{}-watch", settings.id);
        let supervisor = Supervisor::new(
            settings,
            patience,
            Arc::new(open),
            Box::new(on_report),
            (events.clone(), inbox),
            Arc::clone(&stopping),
        );
        let supervisor = std::thread::Builder::new().name(name).spawn(move || {
            let _closes_at_the_end: SyncSender<()> = end;
            supervisor.run();
        })?;
        Ok(Camera { stopping, events, ended, supervisor: Some(supervisor) })
    }

    /// Stops the camera and waits for its threads, at most until `deadline` has passed. Threads that
    /// hang in a driver longer than that are left behind; they end when the driver lets go, and say
    /// nothing more.
    pub fn stop(mut self, deadline: Duration) {
        self.signal();
        match self.ended.recv_timeout(deadline) {
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!(
                    deadline_ms = deadline.as_millis(),
                    "left a camera's threads behind: they hang in its driver"
                );
            }
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                if let Some(supervisor) = self.supervisor.take()
                    && supervisor.join().is_err()
                {
                    tracing::error!("the watchdog of a camera panicked");
                }
            }
        }
    }

    fn signal(&self) {
        self.stopping.store(true, Ordering::Release);
        // If the queue is full the watchdog is about to read it, and sees the flag.
        let _ = self.events.try_send(Event::Stop);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.signal();
    }
}
