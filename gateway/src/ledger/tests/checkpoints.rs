//! What a start finds between two checkpoints.

use super::*;
use crate::domain::doctor::Doctor;
use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::rules::CLOSED_ITEMS_KEPT;
use crate::domain::task::{Task, TaskStatus};
use crate::store::Batch;

/// What a `kill -9` at this moment would leave.
fn killed(desk: &Desk) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), folder.path());
    let store = Store::open(folder.path(), 32).unwrap().store;
    (folder, store)
}

fn room_key() -> EntityKey {
    EntityKey::Room("room-1".parse().unwrap())
}

/// Makes ten batches within the second after a checkpoint; true unless the machine took longer than that.
async fn ten_batches(desk: &Desk) -> bool {
    let began = std::time::Instant::now();
    for _ in 0..5 {
        desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
        desk.ask(set_room(StaffStatus::Available)).await.unwrap();
    }
    began.elapsed() < Duration::from_millis(900)
}

#[tokio::test]
async fn things_are_written_at_checkpoints_and_told_by_the_journal_until_then() {
    let desk = Desk::new().with_room().await;
    let at_checkpoint = desk.handle().snapshot();
    while !ten_batches(&desk).await {}
    let live = desk.handle().snapshot();
    let (_folder, store) = killed(&desk);
    let checkpoint = store.checkpoint().unwrap().unwrap();
    assert!((at_checkpoint.seq..live.seq).contains(&checkpoint), "{checkpoint} of {}", live.seq);
    let room = live.state.get(&room_key());
    assert!(store.entities().all(|entity| Some(entity.unwrap()) != room), "not yet written");
    let (restored, unwritten) = checkpoint::restore(&store, Rules::default()).unwrap();
    assert_eq!(restored.get(&room_key()), room);
    assert!(!unwritten.is_empty() && unwritten.is_due(), "the first batch writes it");
}

#[tokio::test]
async fn a_thing_that_is_gone_stays_gone_though_it_is_still_on_the_disk() {
    let desk = Desk::new().with_room().await;
    let task = desk.ask(new_task()).await.unwrap().subject.unwrap();
    let EntityKey::Task(id) = task.key() else { panic!("{task:?}") };
    // A record, so that the task is on the disk.
    desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
    desk.ask(Ask::DeleteTask(id)).await.unwrap();
    let desk = desk.reopen();
    assert_eq!(desk.handle().snapshot().state.get(&task.key()), None);
    let (_folder, store) = killed(&desk);
    let (restored, _) = checkpoint::restore(&store, Rules::default()).unwrap();
    assert_eq!(restored.get(&task.key()), None);
}

#[tokio::test]
async fn an_end_in_order_leaves_nothing_to_apply() {
    let desk = Desk::new().with_room().await;
    ten_batches(&desk).await;
    let live = desk.handle().snapshot();
    let Desk { folder, ledger, .. } = desk;
    ledger.join().unwrap();
    let store = Store::open(folder.path(), 32).unwrap().store;
    assert_eq!(store.checkpoint().unwrap(), Some(live.seq));
    assert!(store.entities().any(|entity| Some(entity.unwrap()) == live.state.get(&room_key())));
}

#[tokio::test]
async fn what_is_counted_goes_on_from_the_checkpoints_time() {
    let desk = Desk::new().with_room().await;
    desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
    desk.clock.advance(Duration::from_secs(600));
    desk.ask(new_task()).await.unwrap();
    // A record makes a checkpoint; the start after it ends what was watched at the newest event before it.
    let doctor = Doctor { id: "doc-1".parse().unwrap(), name: "Dr One".into(), specialty: None, revision: 1 };
    desk.ask(Ask::Record(Change::Put(Entity::Doctor(Arc::new(doctor))))).await.unwrap();
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: Vec::new() }).await.unwrap();
    let live = desk.handle().snapshot();
    let counted: Vec<_> = live.state.analytics.room_days().cloned().collect();
    assert_eq!(counted[0].open_occupied_ms, 600_000);
    let (_folder, store) = killed(&desk);
    let (restored, _) = checkpoint::restore(&store, Rules::default()).unwrap();
    assert_eq!(restored.analytics.room_days().cloned().collect::<Vec<_>>(), counted);
}

#[tokio::test]
async fn what_was_closed_long_ago_and_is_remarked_on_is_not_counted_again() {
    let desk = Desk::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let task = desk.ask(new_task()).await.unwrap().subject.unwrap();
        let EntityKey::Task(id) = task.key() else { panic!("{task:?}") };
        let done = Ask::SetTaskStatus { task_id: id.clone(), status: TaskStatus::Completed };
        desk.ask(done).await.unwrap();
        ids.push(id);
    }
    // The next start finds the last of them on the disk, and not in memory.
    let Desk { folder, clock, ledger } = desk;
    ledger.join().unwrap();
    let store = Store::open(folder.path(), 32).unwrap().store;
    let Some(Entity::Task(closed)) = store.entity(&EntityKey::Task(ids[2].clone())).unwrap() else {
        panic!()
    };
    let mut batch = Batch::default();
    for n in 0..2 * CLOSED_ITEMS_KEPT {
        let task = Task { id: format!("z{n:05}").parse().unwrap(), ..Task::clone(&closed) };
        batch.put(&Entity::Task(Arc::new(task))).unwrap();
    }
    store.commit(batch).unwrap();
    drop(store);
    let desk = Desk { ledger: open(folder.path(), &clock, Duration::from_secs(86_400)), folder, clock };
    let note = || Ask::AddTaskNote { task_id: ids[2].clone(), text: "found it".into() };
    let late = |began: std::time::Instant| began.elapsed() > Duration::from_millis(900);
    loop {
        // The first batch of a while is a checkpoint; the remarks come within the second after it.
        desk.ask(new_task()).await.unwrap();
        let began = std::time::Instant::now();
        desk.ask(note()).await.unwrap();
        desk.ask(note()).await.unwrap();
        if !late(began) {
            break;
        }
    }
    let live = desk.handle().snapshot();
    let day = live.state.analytics.days().next().unwrap().clone();
    assert_eq!(day.tasks.completed.staff, 3);
    let (_folder, store) = killed(&desk);
    let (restored, _) = checkpoint::restore(&store, Rules::default()).unwrap();
    assert_eq!(restored.analytics.days().next(), Some(&day));
}

#[tokio::test]
async fn what_a_start_has_to_apply_is_never_trimmed() {
    let desk = Desk::keeping(Duration::from_secs(3_600)).with_room().await;
    ten_batches(&desk).await;
    let room = desk.handle().snapshot().state.get(&room_key());
    // All of it is old now, and the next batch looks after the house.
    desk.clock.advance(Duration::from_secs(7_200));
    desk.ask(new_task()).await.unwrap();
    // The house is looked after when the batch is answered; this one comes after that.
    desk.ask(Ask::AdvanceClock).await.unwrap();
    let (_folder, store) = killed(&desk);
    assert!(store.oldest_seq().unwrap() > Some(Seq(10)), "trimmed");
    let (restored, _) = checkpoint::restore(&store, Rules::default()).unwrap();
    assert_eq!(restored.get(&room_key()), room);
}
