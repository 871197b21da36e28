//! Cameras in: what `vision` reports becomes commands. The only room that names `vision`.

mod config;
pub mod metrics;

use std::time::Duration;

use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use vision::{Camera, Report};

use crate::domain::actor::Actor;
use crate::domain::command::{Ask, CameraBinding, Observation};
use crate::domain::id::{CameraId, RoomId, SourceId};
use crate::domain::occupancy::{Method, Sensor};
use crate::ledger::{Handle, SubmitError};

pub use config::{CameraConfig, Detector, Missing, Prepared, VisionConfig, prepare};

/// How long all cameras together have to stop; one that hangs in a driver is left behind.
const STOP_MAX: Duration = Duration::from_secs(3);

/// The running cameras.
pub struct Sensing {
    cameras: Vec<Camera>,
    tasks: TaskTracker,
}

impl Sensing {
    /// Starts every camera. Each has a slot for its newest report and a task that submits it: a report that
    /// a newer one overtakes is not needed, since each says the whole truth of its moment.
    ///
    /// # Errors
    ///
    /// The system's, when it gives no more threads.
    pub fn start(prepared: Vec<Prepared>, ledger: &Handle) -> std::io::Result<Self> {
        let (mut cameras, tasks) = (Vec::new(), TaskTracker::new());
        for Prepared { camera_id, room_id, settings } in prepared {
            let (newest, reports) = watch::channel(None);
            let camera = Camera::spawn(settings, move |report| drop(newest.send_replace(Some(report))))?;
            cameras.push(camera);
            tasks.spawn(submit_reports(reports, camera_id, room_id, ledger.clone()));
        }
        tasks.close();
        Ok(Self { cameras, tasks })
    }

    /// Stops every camera and waits for what is being submitted.
    pub async fn stop(self) {
        let Self { cameras, tasks } = self;
        let stopped = tokio::task::spawn_blocking(move || {
            let deadline = std::time::Instant::now() + STOP_MAX;
            for camera in cameras {
                camera.stop(deadline.saturating_duration_since(std::time::Instant::now()));
            }
        });
        drop(stopped.await);
        // A thread left behind in a driver still owns its slot: its task is dropped with the runtime.
        drop(tokio::time::timeout(Duration::from_secs(1), tasks.wait()).await);
    }
}

/// The cameras of `prepared` as the domain knows them.
pub fn bindings(prepared: &[Prepared]) -> Vec<CameraBinding> {
    let binding = |it: &Prepared| CameraBinding {
        camera_id: it.camera_id.clone(),
        room_id: it.room_id.clone(),
        synthetic: it.settings.source.is_synthetic(),
    };
    prepared.iter().map(binding).collect()
}

async fn submit_reports(
    mut reports: watch::Receiver<Option<Report>>,
    camera_id: CameraId,
    room_id: RoomId,
    ledger: Handle,
) {
    let actor = Actor::Camera(camera_id.clone());
    let mut refused = None;
    while reports.changed().await.is_ok() {
        let Some(report) = reports.borrow_and_update().clone() else { continue };
        let came_at = match &report {
            Report::Seen(_, came_at) => Some(*came_at),
            Report::Alive | Report::Trouble(_) => None,
        };
        let ask = ask_of(report, &camera_id, &room_id, &ledger);
        match ledger.submit(actor.clone(), ask).await {
            Ok(receipt) => {
                refused = None;
                if let Some(came_at) = came_at.filter(|_| receipt.events > 0) {
                    ::metrics::histogram!(metrics::PICTURE_SECONDS).record(came_at.elapsed());
                }
            }
            // The next report, a second from now at most, says it again.
            Err(SubmitError::Busy) => {
                tracing::warn!(camera.id = %camera_id, "the ledger is busy; a report waits")
            }
            Err(SubmitError::Stopped) => return,
            Err(SubmitError::Rejected(rejection)) => {
                if refused.as_ref() != Some(&rejection) {
                    tracing::error!(camera.id = %camera_id, %rejection, "what the camera reports is refused");
                    refused = Some(rejection);
                }
            }
        }
    }
}

fn ask_of(report: Report, camera_id: &CameraId, room_id: &RoomId, ledger: &Handle) -> Ask {
    let seen = match report {
        Report::Alive => return Ask::CameraAlive { camera_id: camera_id.clone() },
        Report::Trouble(reason) => return Ask::CameraTrouble { camera_id: camera_id.clone(), reason },
        Report::Seen(seen, _) => seen,
    };
    Ask::Observe(Observation {
        room_id: room_id.clone(),
        source: SourceId::of_camera(camera_id),
        sensor: Sensor::Camera { camera_id: camera_id.clone() },
        occupied: seen.occupied,
        people: Some(seen.people),
        confidence: Some(seen.confidence),
        method: match seen.method {
            vision::Method::Model => Method::Model,
            vision::Method::Motion => Method::Motion,
        },
        synthetic: seen.synthetic,
        observed_at: ledger.now(),
        doctor_id: None,
    })
}
