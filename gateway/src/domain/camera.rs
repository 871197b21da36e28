//! A camera's health. What it sees is evidence of the room, not of the camera.

use serde::{Deserialize, Serialize};

use super::alarm::{AlarmCause, AlarmNotice};
use super::id::{CameraId, RoomId};
use super::occupancy::Method;
use super::rules::{CAMERA_ALARM_AFTER, CAMERA_LOST_AFTER, CAMERA_STALE_AFTER};
use super::time::Timestamp;

/// How a camera does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CameraHealth {
    /// Not one frame since the gateway started.
    Starting,
    /// Frames are fresh.
    Live,
    /// No frame for [`CAMERA_STALE_AFTER`].
    Stale,
    /// No frame for [`CAMERA_LOST_AFTER`]: its evidence is unknown.
    Lost,
}

/// A configured camera and how it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// The configured id.
    pub id: CameraId,
    /// The room it watches.
    pub room_id: RoomId,
    /// How it does.
    pub health: CameraHealth,
    /// Since when it does so.
    pub since: Timestamp,
    /// The picture is drawn, not filmed.
    pub synthetic: bool,
    /// How it judges, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// What its reader said last when no frame came. A touch: not worth an event.
    #[serde(skip)]
    pub trouble: Option<String>,
    /// The last frame, or the start when there was none. A touch.
    pub last_frame_at: Timestamp,
    /// The alarm for this silence has been raised.
    pub alarmed: bool,
    /// This run of the gateway watches it. What the store remembers of its last frame says nothing about
    /// silence: frames are touches, and nobody watched in between.
    #[serde(skip)]
    pub(crate) watched: bool,
}

impl Camera {
    /// A camera of which nothing is known yet.
    pub(crate) fn starting(id: CameraId, room_id: RoomId, synthetic: bool, now: Timestamp) -> Self {
        Self {
            id,
            room_id,
            health: CameraHealth::Starting,
            since: now,
            synthetic,
            method: None,
            trouble: None,
            last_frame_at: now,
            alarmed: false,
            watched: true,
        }
    }

    /// The next moment at which silence means something.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        if !self.watched {
            return None;
        }
        let silence = match self.health {
            CameraHealth::Live => CAMERA_STALE_AFTER,
            CameraHealth::Starting | CameraHealth::Stale => CAMERA_LOST_AFTER,
            CameraHealth::Lost if !self.alarmed => CAMERA_ALARM_AFTER,
            CameraHealth::Lost => return None,
        };
        Some(self.last_frame_at.plus(silence))
    }

    /// The camera after a fresh frame at `now`.
    pub(crate) fn seen(&self, method: Option<Method>, now: Timestamp) -> Self {
        let mut camera = self.clone();
        camera.last_frame_at = now;
        camera.trouble = None;
        camera.alarmed = false;
        camera.method = method.or(camera.method);
        if camera.health != CameraHealth::Live {
            camera.health = CameraHealth::Live;
            camera.since = now;
        }
        camera
    }

    /// The camera after the silence up to `now`.
    pub(crate) fn silent_until(&self, now: Timestamp) -> Self {
        let mut camera = self.clone();
        let silence = now.since(self.last_frame_at);
        let health = match self.health {
            CameraHealth::Starting if silence < CAMERA_LOST_AFTER => CameraHealth::Starting,
            _ if silence >= CAMERA_LOST_AFTER => CameraHealth::Lost,
            _ if silence >= CAMERA_STALE_AFTER => CameraHealth::Stale,
            CameraHealth::Starting | CameraHealth::Live | CameraHealth::Stale | CameraHealth::Lost => {
                self.health
            }
        };
        if health != self.health {
            camera.health = health;
            camera.since = now;
        }
        camera.alarmed = self.alarmed || silence >= CAMERA_ALARM_AFTER;
        camera
    }

    /// What the alarm about this camera says, and which rooms it leaves `unwatched`.
    pub(crate) fn lost_notice(&self, unwatched: Vec<String>) -> AlarmNotice {
        let trouble = self.trouble.as_deref().unwrap_or("no frame arrives");
        AlarmNotice {
            cause: AlarmCause::CameraLost,
            subject: self.id.to_string(),
            text: format!("camera {} has given no picture for a minute: {trouble}", self.id),
            remedy:
                "check its power, its cable and its `source` in the configuration; until it returns, the \
                     room it watches is unknown, or for half an hour what staff say"
                    .into(),
            children: unwatched,
        }
    }

    /// This camera without what only touches move, to compare facts.
    pub(crate) fn facts(&self) -> Self {
        Self { trouble: None, last_frame_at: Timestamp::default(), ..self.clone() }
    }

    pub(crate) fn shift_clock(&mut self, by_ms: i64) {
        self.since = self.since.shifted(by_ms);
        self.last_frame_at = self.last_frame_at.shifted(by_ms);
    }
}
