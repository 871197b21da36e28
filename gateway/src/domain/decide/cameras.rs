//! Cameras: signs of life and silence.

use std::sync::Arc;

use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::camera::{Camera, CameraHealth};
use crate::domain::entity::Entity;
use crate::domain::event::Event;
use crate::domain::id::{CameraId, SourceId};
use crate::domain::occupancy::{Evidence, Freshness, Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::rules::SOURCES_PER_ROOM_MAX;
use crate::domain::rules::TROUBLE_CHARS_MAX;

use super::Deciding;

impl Deciding<'_> {
    pub(super) fn camera_alive(&mut self, id: &CameraId) -> Result<(), Rejection> {
        self.camera_seen(id, None)
    }

    /// A fresh frame arrived: the camera lives, and an alarm about its silence ends.
    pub(super) fn camera_seen(&mut self, id: &CameraId, method: Option<Method>) -> Result<(), Rejection> {
        let before = self.state.cameras.get(id).ok_or_else(|| Rejection::not_found("camera", id))?;
        let camera = before.seen(method, self.now);
        self.clear_alarm(&alarm_id(AlarmCause::CameraLost, id.as_str()));
        self.put_camera(before, camera);
        Ok(())
    }

    pub(super) fn camera_trouble(&mut self, id: &CameraId, reason: &str) -> Result<(), Rejection> {
        let before = self.state.cameras.get(id).ok_or_else(|| Rejection::not_found("camera", id))?;
        // A longer one would make an alarm that no record holds, and its deadline would never be done.
        let trouble = reason.chars().take(TROUBLE_CHARS_MAX).collect();
        let camera = Camera { trouble: Some(trouble), ..Camera::clone(before) };
        self.put_camera(before, camera);
        Ok(())
    }

    /// Silence has lasted until a moment that means something.
    pub(super) fn camera_due(&mut self, id: &CameraId) {
        let before = &self.state.cameras[id];
        let camera = before.silent_until(self.now);
        if camera.alarmed && !before.alarmed {
            self.raise_alarm(&camera.lost_notice(self.unwatched(&camera)));
        }
        if camera.health == CameraHealth::Lost {
            self.miss_evidence(&camera);
        }
        self.put_camera(before, camera);
    }

    /// The rooms that nothing watches without `camera`: at the time of the alarm, its own evidence is lost.
    fn unwatched(&self, camera: &Camera) -> Vec<String> {
        let is_watched = |room: &Room| room.evidence.iter().any(|e| e.freshness != Freshness::Lost);
        let room = self.state.rooms.get(&camera.room_id).filter(|room| !is_watched(room));
        room.map(|room| room.id.to_string()).into_iter().collect()
    }

    /// A camera that was lost before it ever said anything leaves evidence that proves nothing: a room that
    /// should be watched and is not is unknown, not available.
    fn miss_evidence(&mut self, camera: &Camera) {
        let source = SourceId::of_camera(&camera.id);
        let Some(before) = self.state.rooms.get(&camera.room_id) else { return };
        // A room that is due by itself is weighed for that; the camera's next deadline comes back to this.
        let is_due = before.next_deadline().is_some_and(|at| at <= self.now);
        if is_due || before.evidence_of(&source).is_some() || before.evidence.len() >= SOURCES_PER_ROOM_MAX {
            return;
        }
        let mut room = Room::clone(before);
        room.put_evidence(Evidence {
            source,
            sensor: Sensor::Camera { camera_id: camera.id.clone() },
            occupied: false,
            people: None,
            confidence: None,
            method: Method::Model,
            synthetic: camera.synthetic,
            observed_at: self.now,
            freshness: Freshness::Lost,
            due: None,
        });
        self.weigh_room(before, room);
    }

    fn put_camera(&mut self, before: &Camera, camera: Camera) {
        if camera.facts() != before.facts() {
            self.push(Event::CameraUpdated(Arc::new(camera)));
        } else if camera != *before {
            self.outcome.touches.push(Entity::Camera(Arc::new(camera)));
        }
    }
}
