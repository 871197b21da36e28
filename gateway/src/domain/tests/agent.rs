//! The agent's guard rails: what it may not do, however it asks.

use crate::domain::agent::{ANY_KIND, AgentPhase, AgentRails};
use crate::domain::task::{Assignee, CLEANING, TaskDraft, TaskEdit, TaskStatus};

use super::*;

fn agent() -> Actor {
    Actor::Agent("claw".parse().unwrap())
}

fn clinic(agent_phase: AgentPhase) -> Clinic {
    let agent = AgentRails { allowed_kinds: vec![ANY_KIND.into()], ..AgentRails::default() };
    let rules = Rules { agent_phase, agent, ..Rules::default() };
    Clinic::new().rules(rules).room("room-1").camera("cam-1", "room-1").open()
}

/// The agent asks for a cleaning of the room.
fn ask_for_cleaning(clinic: &mut Clinic) -> crate::domain::id::TaskId {
    let draft = TaskDraft {
        kind: CLEANING.into(),
        room_id: Some(room_id("room-1")),
        assignee: Assignee::Agent,
        ..items::task_draft()
    };
    clinic.ask_as(agent(), Ask::CreateTask(draft)).unwrap();
    clinic.state.tasks.keys().next_back().unwrap().clone()
}

fn says(description: &str) -> TaskEdit {
    TaskEdit { description: Some(description.into()), ..TaskEdit::default() }
}

fn is_forbidden(answer: Result<Vec<Event>, Rejection>) -> bool {
    matches!(answer, Err(Rejection::Forbidden { .. }))
}

#[test]
fn what_staff_approved_is_what_the_agent_does() {
    let mut clinic = clinic(AgentPhase::Assisted);
    let task_id = ask_for_cleaning(&mut clinic);
    let edit = |text: &str| Ask::EditTask { task_id: task_id.clone(), edit: Box::new(says(text)) };
    clinic.ask_as(agent(), edit("Before anybody has approved it")).unwrap();
    let approved = Ask::SetTaskStatus { task_id: task_id.clone(), status: TaskStatus::Pending };
    assert!(is_forbidden(clinic.ask_as(agent(), approved.clone())));
    clinic.ask(approved).unwrap();
    assert!(is_forbidden(clinic.ask_as(agent(), edit("Something else"))));
    assert!(is_forbidden(clinic.ask_as(agent(), Ask::DeleteTask(task_id.clone()))));
    clinic.ask(edit("Staff may say it better")).unwrap();
}

#[test]
fn the_agent_does_not_say_that_a_room_is_clean() {
    let mut clinic = clinic(AgentPhase::Autonomous);
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    let task_id = ask_for_cleaning(&mut clinic);
    let done = Ask::SetTaskStatus { task_id, status: TaskStatus::Completed };
    assert!(is_forbidden(clinic.ask_as(agent(), done.clone())));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    clinic.ask(done).unwrap();
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
}

#[test]
fn a_proposal_of_the_agent_stands_in_for_no_cleaning_and_is_approved_by_staff_alone() {
    let mut clinic = clinic(AgentPhase::Assisted);
    clinic.sees("cam-1", "room-1", false);
    let proposed = ask_for_cleaning(&mut clinic);
    clinic.watch("cam-1", "room-1", true, minutes(5));
    clinic.watch("cam-1", "room-1", false, minutes(2));
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    assert_eq!(clinic.state.tasks[&proposed].status, TaskStatus::Proposed);
    assert_eq!(clinic.state.tasks.len(), 2, "the room has a cleaning of its own");
}

#[test]
fn what_an_observed_agent_asks_for_is_not_done() {
    let mut clinic = clinic(AgentPhase::Observation);
    clinic.ask_as(agent(), Ask::CreateTask(items::task_draft())).unwrap();
    assert_eq!((clinic.note.clone(), clinic.state.tasks.len()), (Some(Note::OnlyObserved), 0));
}
