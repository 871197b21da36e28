//! Cleaning tasks: what a turnover opens or proposes, and what they say about their room.

use std::sync::Arc;

use crate::domain::action::Urgency;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::event::Event;
use crate::domain::id::{RoomId, TaskId};
use crate::domain::room::{Readiness, Room};
use crate::domain::task::{Assignee, CLEANING, Task, TaskDraft, TaskStatus};

use super::Deciding;
use super::rooms::staff_owned;

impl<'a> Deciding<'a> {
    /// Opens the cleaning of `room`, or approves the one that was proposed.
    pub(super) fn open_cleaning(&mut self, room: &Room) {
        if !self.has_cleaning(room) {
            self.push_task(cleaning_of(room), TaskStatus::Pending, room.occupancy.synthetic);
        }
        for task in self.proposed_cleanings(room) {
            self.move_cleaning(task, TaskStatus::Pending);
        }
    }

    /// Leaves the cleaning of `room` for staff to approve.
    pub(super) fn propose_cleaning(&mut self, room: &Room) {
        if !self.has_cleaning(room) {
            self.push_task(cleaning_of(room), TaskStatus::Proposed, room.occupancy.synthetic);
        }
    }

    /// Somebody cleaned `room`.
    pub(super) fn close_cleaning(&mut self, room: &Room) {
        for task in self.cleanings(&room.id) {
            if !self.is_moved_by_name(task) {
                self.move_cleaning(task, TaskStatus::Completed);
            }
        }
    }

    /// Staff say that `room` needs no cleaning.
    pub(super) fn drop_proposed_cleaning(&mut self, room: &Room) {
        for task in self.proposed_cleanings(room) {
            self.move_cleaning(task, TaskStatus::Cancelled);
        }
    }

    /// True when a cleaning of `room` is under way or waits for somebody to begin, and is not merely proposed.
    pub(super) fn has_open_cleaning(&self, room: &Room) -> bool {
        self.cleanings(&room.id).any(|task| task.status != TaskStatus::Proposed)
    }

    fn has_cleaning(&self, room: &Room) -> bool {
        self.cleanings(&room.id).next().is_some()
    }

    fn proposed_cleanings(&self, room: &Room) -> Vec<&'a Task> {
        let is_proposed = |task: &&Task| task.status == TaskStatus::Proposed && !self.is_moved_by_name(task);
        self.cleanings(&room.id).filter(is_proposed).collect()
    }

    /// The open cleanings of a room, proposed ones too.
    fn cleanings(&self, room: &RoomId) -> impl Iterator<Item = &'a Task> + use<'a> {
        let room = room.clone();
        let tasks = self.state.tasks.values().map(Arc::as_ref);
        // What the agent proposes waits for staff, and stands in for nothing until then: until this command, if it is
        // the one that approves it.
        let approved = self.moved_by_name();
        let is_only_proposed = move |task: &Task| {
            let is_agents = matches!(task.created_by, Actor::Agent(_));
            is_agents && task.status == TaskStatus::Proposed && approved.as_ref() != Some(&task.id)
        };
        tasks.filter(move |task| task.is_open_cleaning_of(&room) && !is_only_proposed(task))
    }

    /// True for the task that this command moves by its name: what follows for its room moves it no further.
    fn is_moved_by_name(&self, task: &Task) -> bool {
        self.moved_by_name().as_ref() == Some(&task.id)
    }

    fn moved_by_name(&self) -> Option<TaskId> {
        match &self.command.ask {
            Ask::SetTaskStatus { task_id, .. }
            | Ask::EditTask { task_id, .. }
            | Ask::DecideProposal { task_id, .. }
            | Ask::AnswerTask { task_id, .. } => Some(task_id.clone()),
            _ => None,
        }
    }

    fn move_cleaning(&mut self, task: &Task, status: TaskStatus) {
        let end_time = status.is_closed().then_some(self.now);
        let revision = task.revision + u64::from(self.command.actor.edits());
        let mut moved = Task { status, end_time, revision, ..task.clone() };
        self.set_deadlines(Some(task), &mut moved);
        self.push(Event::TaskUpdated(Arc::new(moved)));
    }

    /// A cleaning task moves on, and its room with it: a proposed one that is approved makes it need cleaning, one
    /// that is done makes it clean. Cancelled or failed, it leaves the room as it is.
    pub(super) fn cleaning_moves(&mut self, task: &Task, status: TaskStatus) {
        let room = task.draft.room_id.as_ref().and_then(|id| self.state.rooms.get(id));
        let Some(before) = room.filter(|room| task.is_open_cleaning_of(&room.id)) else { return };
        let mut room = Room::clone(before);
        match (task.status, status) {
            (TaskStatus::Proposed, TaskStatus::Pending | TaskStatus::InProgress) => {
                if room.readiness == Readiness::Clean {
                    room.readiness = Readiness::NeedsCleaning;
                }
            }
            (_, TaskStatus::Completed) => {
                if room.readiness == Readiness::NeedsCleaning {
                    room.readiness = Readiness::Clean;
                }
                room.cleaned_at = Some(self.now);
            }
            (
                _,
                TaskStatus::Proposed
                | TaskStatus::Pending
                | TaskStatus::InProgress
                | TaskStatus::Failed
                | TaskStatus::Cancelled,
            ) => return,
        }
        room.noted_stay = false;
        if staff_owned(&room) != staff_owned(before) {
            room.revision += 1;
        }
        self.weigh_room(before, room);
    }
}

fn cleaning_of(room: &Room) -> TaskDraft {
    TaskDraft {
        kind: CLEANING.into(),
        description: format!("Clean {}", room.name),
        priority: Urgency::Normal,
        assignee: Assignee::Staff,
        doctor_id: None,
        room_id: Some(room.id.clone()),
        equipment_id: None,
        estimated_duration: None,
        reasoning: Some(format!("{}; somebody was there before", room.occupancy.why)),
    }
}
