//! Closed tasks that have left memory.

use std::collections::BTreeSet;

use super::*;
use crate::domain::doctor::Doctor;
use crate::domain::entity::{Change, Entity};
use crate::domain::id::TaskId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::CLOSED_ITEMS_KEPT;
use crate::domain::task::{Task, TaskEdit, TaskStatus};

/// Enough that the oldest leave memory, and that one page cannot read them all.
const MANY: usize = 2 * CLOSED_ITEMS_KEPT + 100;

/// Submits all of `asks` before any is answered, so that few syncs make them durable.
async fn ask_all(desk: &Desk, asks: impl Iterator<Item = Ask>) -> Vec<Receipt> {
    let mut waiting = JoinSet::new();
    for (n, ask) in asks.enumerate() {
        let handle = desk.handle().clone();
        waiting.spawn(async move { (n, handle.submit(Actor::Console, ask).await.unwrap()) });
    }
    let mut receipts = soon(waiting.join_all()).await;
    receipts.sort_by_key(|(n, _)| *n);
    receipts.into_iter().map(|(_, receipt)| receipt).collect()
}

fn id_of(receipt: &Receipt) -> TaskId {
    receipt.command_id.derive(0).into()
}

fn close(task_id: TaskId) -> Ask {
    Ask::SetTaskStatus { task_id, status: TaskStatus::Completed }
}

/// A clinic with so many closed tasks right after a checkpoint, and their ids, sorted.
async fn closed(count: usize) -> (Desk, Vec<TaskId>) {
    let desk = Desk::new();
    let receipts = ask_all(&desk, (0..count).map(|_| new_task())).await;
    let mut ids: Vec<TaskId> = receipts.iter().map(id_of).collect();
    ids.sort();
    ask_all(&desk, ids.iter().cloned().map(close)).await;
    // A record makes a checkpoint, and what is closed leaves memory after one.
    let doctor = Doctor { id: "doc-1".parse().unwrap(), name: "Dr One".into(), specialty: None, revision: 1 };
    desk.ask(Ask::Record(Change::Put(Entity::Doctor(Arc::new(doctor))))).await.unwrap();
    (desk, ids)
}

fn ids_of(page: &ClosedTasks) -> Vec<TaskId> {
    page.tasks.iter().map(|task| task.id.clone()).collect()
}

fn anything(_: &Task) -> bool {
    true
}

/// The ids of every page after `before`, in the order of the pages.
fn all_after(desk: &Desk, mut before: Option<TaskId>) -> Vec<TaskId> {
    let mut seen = Vec::new();
    loop {
        let page = desk.handle().closed_tasks(before.as_ref(), 500, anything).unwrap();
        seen.extend(ids_of(&page));
        before = page.next;
        if before.is_none() {
            return seen;
        }
    }
}

#[tokio::test]
async fn the_history_reaches_as_far_as_the_store_and_the_start_holds_few_of_it() {
    let (desk, mut ids) = closed(MANY).await;
    let open = id_of(&desk.ask(new_task()).await.unwrap());
    let in_memory = desk.handle().snapshot().state.tasks.len();
    assert!(in_memory < MANY, "{in_memory} are in memory");
    ids.reverse();
    assert_eq!(all_after(&desk, None), ids, "all, once, the one written last first");
    let desk = desk.reopen();
    assert_eq!(all_after(&desk, None), ids);
    let tasks = &desk.handle().snapshot().state.tasks;
    assert!(tasks.len() <= 2 * CLOSED_ITEMS_KEPT && tasks.contains_key(&open), "{}", tasks.len());
}

#[tokio::test]
async fn a_page_reads_so_many_records_and_the_next_one_goes_on() {
    let (desk, ids) = closed(MANY).await;
    let none = desk.handle().closed_tasks(None, 10, |_| false).unwrap();
    let reached = &ids[MANY - HISTORY_RECORDS_READ_MAX];
    assert_eq!((none.tasks.len(), none.next.as_ref()), (0, Some(reached)));
    let oldest = desk.handle().closed_tasks(none.next.as_ref(), 10, |task| task.id == ids[0]).unwrap();
    assert_eq!((ids_of(&oldest), oldest.next), (vec![ids[0].clone()], None));
}

#[tokio::test]
async fn every_closed_task_comes_once_though_others_come_and_go() {
    let (desk, ids) = closed(6).await;
    let first = desk.handle().closed_tasks(None, 2, anything).unwrap();
    assert_eq!(ids_of(&first), [ids[5].clone(), ids[4].clone()]);
    let new = id_of(&desk.ask(new_task()).await.unwrap());
    desk.ask(close(new)).await.unwrap();
    desk.ask(Ask::DeleteTask(ids[4].clone())).await.unwrap();
    desk.ask(Ask::DeleteTask(ids[2].clone())).await.unwrap();
    let rest = all_after(&desk, first.next);
    assert_eq!(rest, [ids[3].clone(), ids[1].clone(), ids[0].clone()]);
    let exact = desk.handle().closed_tasks(None, 5, anything).unwrap();
    assert_eq!((exact.tasks.len(), exact.next), (5, None), "the last page names no next one");
}

#[tokio::test]
async fn what_left_memory_is_refused_remarked_on_and_deleted_like_what_did_not() {
    let (desk, ids) = closed(MANY).await;
    let oldest = ids[0].clone();
    assert!(!desk.handle().snapshot().state.tasks.contains_key(&oldest));
    assert_eq!(desk.handle().closed_task(&oldest).unwrap().map(|task| task.id.clone()), Some(oldest.clone()));
    let edit = Box::new(TaskEdit { status: Some(TaskStatus::Pending), ..TaskEdit::default() });
    let refused = desk.ask(Ask::EditTask { task_id: oldest.clone(), edit }).await.unwrap_err();
    assert!(matches!(refused, SubmitError::Rejected(Rejection::Conflict(_))), "{refused:?}");
    let note = Ask::AddTaskNote { task_id: ids[1].clone(), text: "found it".into() };
    assert_eq!(desk.ask(note).await.unwrap().events, 1);
    assert_eq!(desk.handle().closed_task(&ids[1]).unwrap().unwrap().notes.len(), 1);
    desk.ask(Ask::DeleteTask(oldest.clone())).await.unwrap();
    assert_eq!(desk.handle().closed_task(&oldest).unwrap(), None);
    assert_eq!(all_after(&desk, None).len(), MANY - 1);
    let missing = desk.ask(close("no-such-task".parse().unwrap())).await.unwrap_err();
    assert!(matches!(missing, SubmitError::Rejected(Rejection::NotFound { .. })), "{missing:?}");
}

#[tokio::test]
async fn what_a_batch_deletes_comes_not_back_within_it() {
    let desk = Desk::new();
    let id = id_of(&desk.ask(new_task()).await.unwrap());
    traces::wait_for_last(desk.ledger.writer.thread().id(), "broadcast");
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    for _ in 0..2 {
        desk.submit_later(&mut waiting, Ask::DeleteTask(id.clone())).await;
    }
    gate.open();
    let events: BTreeSet<usize> = [
        soon(waiting.join_next()).await.unwrap().unwrap().unwrap().events,
        soon(waiting.join_next()).await.unwrap().unwrap().unwrap().events,
        soon(waiting.join_next()).await.unwrap().unwrap().unwrap().events,
    ]
    .into();
    assert_eq!(events, BTreeSet::from([0, 1]), "deleted once");
    assert!(!desk.handle().snapshot().state.tasks.contains_key(&id));
}

#[tokio::test]
async fn nobody_reads_of_a_task_what_is_not_published_yet() {
    let desk = Desk::new();
    let id = id_of(&desk.ask(new_task()).await.unwrap());
    traces::wait_for_last(desk.ledger.writer.thread().id(), "broadcast");
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, close(id.clone())).await;
    gate.wait_held_at("committed");
    assert_eq!(desk.handle().closed_tasks(None, 10, anything).unwrap().tasks, []);
    gate.open();
    soon(waiting.join_next()).await.unwrap().unwrap().unwrap();
    assert_eq!(ids_of(&desk.handle().closed_tasks(None, 10, anything).unwrap()), [id]);
}
