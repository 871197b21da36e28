//! Commit, publish, answer, broadcast: in this order.

use super::*;
use crate::domain::command::CameraBinding;

/// The steps of a batch that made something true.
const WHOLE: [&str; 4] = ["committed", "published", "answered", "broadcast"];

#[tokio::test]
async fn each_batch_commits_publishes_answers_and_broadcasts_in_this_order_and_an_empty_one_only_answers() {
    let desk = Desk::new().with_room().await;
    let camera = CameraBinding {
        camera_id: "cam-1".parse().unwrap(),
        room_id: "room-1".parse().unwrap(),
        synthetic: false,
    };
    let alive = || Ask::CameraAlive { camera_id: "cam-1".parse().unwrap() };
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: vec![camera] }).await.unwrap();
    desk.ask(alive()).await.unwrap();
    desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
    assert_eq!(desk.ask(set_room(StaffStatus::Occupied)).await.unwrap().events, 0);
    assert!(desk.ask(Ask::CameraAlive { camera_id: "cam-9".parse().unwrap() }).await.is_err());
    desk.clock.advance(Duration::from_secs(1));
    assert_eq!(desk.ask(alive()).await.unwrap().events, 0, "a touch: memory only");
    let opening: &[&str] = &["answered"];
    let empty: &[&str] = &["answered"];
    let touch: &[&str] = &["published", "answered"];
    let expected = [opening, &WHOLE, &WHOLE, &WHOLE, &WHOLE, empty, empty, touch].concat();
    assert_eq!(desk.steps_of_the_writer(), expected);
}

#[tokio::test]
async fn between_two_steps_nobody_knows_more_than_the_steps_before_have_promised() {
    let desk = Desk::new().with_room().await;
    let head = desk.handle().feed().head();
    let seqs = |desk: &Desk| (desk.handle().snapshot().seq, head.borrow().seq);
    let before = desk.handle().snapshot().seq;
    traces::wait_for_last(desk.ledger.writer.thread().id(), "broadcast");
    let gate = desk.gate(&WHOLE);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;

    gate.wait_held_at("committed");
    assert_eq!(seqs(&desk), (before, before), "durable, and nobody knows");
    tokio::task::yield_now().await;
    assert!(waiting.try_join_next().is_none());
    let killed_here = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), killed_here.path());

    gate.release();
    gate.wait_held_at("published");
    assert_eq!(seqs(&desk), (before.next(), before), "readers may see it");
    assert!(waiting.try_join_next().is_none());

    gate.release();
    gate.wait_held_at("answered");
    let receipt = soon(waiting.join_next()).await.unwrap().unwrap().unwrap();
    assert_eq!((receipt.seq, receipt.events), (before.next(), 1));
    assert_eq!(seqs(&desk), (before.next(), before), "who asked hears before who listens");

    gate.release();
    gate.wait_held_at("broadcast");
    assert_eq!(seqs(&desk), (before.next(), before.next()));
    gate.open();

    let after_the_kill = Store::open(killed_here.path(), 32).unwrap().store;
    assert_eq!(
        after_the_kill.newest().unwrap().unwrap().seq,
        before.next(),
        "a kill right after the commit keeps it"
    );
}

#[tokio::test]
async fn what_is_acknowledged_is_in_the_store() {
    let desk = Desk::new().with_room().await;
    let receipt = desk.ask(new_task()).await.unwrap();
    // What a kill -9 at this moment would leave.
    let killed_here = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), killed_here.path());
    let clock = ManualClock::new(at_start());
    let revived = open(killed_here.path(), &clock, Duration::from_secs(86_400));
    let snapshot = revived.handle.snapshot();
    assert_eq!((snapshot.seq, snapshot.state.tasks.len()), (receipt.seq, 1));
    assert_eq!(revived.handle.epoch(), desk.handle().epoch());
    assert_eq!((revived.recovery.clone(), revived.handle.is_accepting()), (None, true));
    drop(snapshot);

    let desk = desk.reopen();
    assert_eq!(desk.handle().snapshot().state.tasks, receipt.snapshot.state.tasks);
}

#[tokio::test]
async fn a_receipt_comes_with_a_state_that_contains_what_it_promises() {
    let desk = Desk::new();
    for n in 1..=20 {
        let receipt = desk.ask(new_task()).await.unwrap();
        assert_eq!((receipt.seq, receipt.snapshot.seq, receipt.events), (Seq(n), Seq(n), 1));
        let id: crate::domain::id::TaskId = receipt.command_id.derive(0).into();
        assert!(receipt.snapshot.state.tasks.contains_key(&id));
        assert!(desk.handle().snapshot().state.tasks.contains_key(&id));
    }
}

#[tokio::test]
async fn the_head_comes_with_the_state_right_after_it() {
    let desk = Desk::new();
    let mut head = desk.handle().feed().head();
    for _ in 0..20 {
        let receipt = desk.ask(new_task()).await.unwrap();
        let head = soon(head.wait_for(|head| head.seq >= receipt.seq)).await.unwrap().clone();
        assert_eq!(head.seq, head.snapshot.seq);
        assert_eq!(head.snapshot.state.tasks.len() as u64, head.seq.0);
    }
}

#[tokio::test]
async fn many_commands_share_one_sync() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    for _ in 0..64 {
        desk.submit_later(&mut waiting, new_task()).await;
    }
    gate.open();
    let receipts = soon(waiting.join_all()).await;
    assert_eq!(receipts.len(), 65);
    assert!(receipts.iter().all(|receipt| receipt.as_ref().is_ok_and(|receipt| receipt.events == 1)));
    let commits = desk.steps_of_the_writer().iter().filter(|step| *step == "committed").count();
    assert_eq!(commits, 2, "the first alone, and the 64 that came while it was written");
}
