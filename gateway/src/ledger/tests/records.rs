//! What changes without an event, and what a command was about.

use super::*;
use crate::domain::command::Command;
use crate::domain::doctor::Doctor;
use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::id::CommandId;
use crate::domain::rejection::Rejection;
use crate::domain::room::RoomStatus;
use crate::domain::task::TaskStatus;

fn doctor(specialty: &str) -> Entity {
    Entity::Doctor(Arc::new(Doctor {
        id: "doc-1".parse().unwrap(),
        name: "Dr One".into(),
        specialty: Some(specialty.into()),
        revision: 1,
    }))
}

fn record(specialty: &str) -> Ask {
    Ask::Record(Change::Put(doctor(specialty)))
}

#[tokio::test]
async fn a_record_is_durable_and_never_in_the_journal() {
    let desk = Desk::new().with_room().await;
    let before = desk.handle().snapshot().seq;
    let receipt = desk.ask(record("cardiology")).await.unwrap();
    assert_eq!((receipt.events, receipt.seq), (0, before));
    assert_eq!(receipt.subject, Some(doctor("cardiology")));
    // What a kill -9 at this moment would leave.
    let killed_here = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), killed_here.path());
    let store = Store::open(killed_here.path(), 32).unwrap().store;
    assert!(store.entities().any(|entity| entity.unwrap() == doctor("cardiology")));
    assert_eq!(store.newest().unwrap().unwrap().seq, before);
    let desk = desk.reopen();
    assert_eq!(desk.handle().snapshot().state.get(&doctor("").key()), Some(doctor("cardiology")));
    assert_eq!(desk.ask(new_task()).await.unwrap().seq, before.next(), "no seq was used");
}

#[tokio::test]
async fn a_removed_record_is_gone_from_memory_and_disk() {
    let desk = Desk::new();
    let task = desk.ask(new_task()).await.unwrap().subject.unwrap();
    let removed = desk.ask(Ask::Record(Change::Remove(task.key()))).await.unwrap();
    assert_eq!((removed.events, removed.subject), (0, None));
    assert!(removed.snapshot.state.tasks.is_empty());
    assert!(desk.reopen().handle().snapshot().state.tasks.is_empty());
}

#[tokio::test]
async fn a_batch_of_records_alone_moves_the_head_in_place() {
    let desk = Desk::new().with_room().await;
    let newest = desk.handle().snapshot().seq;
    let mut head = desk.handle().feed().head();
    drop(soon(head.wait_for(|head| head.seq == newest)).await.unwrap());
    head.mark_unchanged();
    desk.ask(record("cardiology")).await.unwrap();
    soon(head.changed()).await.unwrap();
    let now = head.borrow().clone();
    assert_eq!((now.seq, now.snapshot.seq), (newest, newest));
    assert_eq!(now.snapshot.state.get(&doctor("").key()), Some(doctor("cardiology")));
    let whole = ["committed", "published", "answered", "broadcast"];
    assert!(desk.steps_of_the_writer().ends_with(&whole.map(String::from)));
}

#[tokio::test]
async fn a_record_that_is_too_large_is_refused_whole() {
    let desk = Desk::new();
    let refused = desk.ask(record(&"x".repeat(8_000))).await.unwrap_err();
    assert!(matches!(refused, SubmitError::Rejected(Rejection::TooLarge { .. })), "{refused}");
    assert!(desk.handle().snapshot().state.doctors.is_empty());
    assert_eq!(desk.ask(new_task()).await.unwrap().events, 1);
}

#[tokio::test]
async fn the_subject_is_the_thing_right_after_its_own_command_not_after_the_batch() {
    let desk = Desk::new().with_room().await;
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    // Both in the next batch.
    for status in [StaffStatus::Occupied, StaffStatus::Available] {
        desk.submit_later(&mut waiting, set_room(status)).await;
    }
    gate.open();
    let mut statuses = Vec::new();
    for receipt in soon(waiting.join_all()).await {
        if let Some(Entity::Room(room)) = receipt.unwrap().subject {
            statuses.push(room.status());
        }
    }
    assert_eq!(statuses.len(), 2);
    assert!(statuses.contains(&RoomStatus::Occupied) && statuses.contains(&RoomStatus::Available));
}

#[tokio::test]
async fn a_command_is_about_what_it_creates_changes_or_removes() {
    let desk = Desk::new().with_room().await;
    let created = desk.ask(new_task()).await.unwrap();
    let Some(Entity::Task(task)) = created.subject else { panic!("a task was created") };
    assert_eq!(task.id, created.command_id.derive(0).into());
    let set = Ask::SetTaskStatus { task_id: task.id.clone(), status: TaskStatus::Completed };
    let Some(Entity::Task(done)) = desk.ask(set.clone()).await.unwrap().subject else {
        panic!("it is there")
    };
    assert_eq!(done.status, TaskStatus::Completed);
    let again = desk.ask(set).await.unwrap();
    assert_eq!((again.events, again.subject), (0, Some(Entity::Task(done))), "already so, and shown");
    assert_eq!(desk.ask(Ask::DeleteTask(task.id.clone())).await.unwrap().subject, None);
    assert_eq!(desk.ask(Ask::AdvanceClock).await.unwrap().subject, None);
    let command = Command { id: CommandId(uuid::Uuid::nil()), actor: Actor::Local, ask: new_task() };
    let derived = command.ask.subject(command.id).unwrap();
    assert_eq!(derived, EntityKey::Task(command.id.derive(0).into()));
}
