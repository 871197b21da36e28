//! Commands that go wrong, wait, or come from the clock.

use uuid::Uuid;

use super::*;
use crate::domain::action::{ActionDraft, ActionKind};
use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::camera::CameraHealth;
use crate::domain::command::{CameraBinding, Command, Observation};
use crate::domain::entity::Entity;
use crate::domain::event::Event;
use crate::domain::id::CommandId;
use crate::domain::occupancy::{Claim, Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::store::{Batch, VALUE_BYTES_MAX};

#[tokio::test]
async fn a_command_that_breaks_the_rules_code_is_refused_an_alarm_is_raised_and_the_next_one_works() {
    let desk = Desk::new().with_room().await;
    let before = desk.handle().snapshot().seq;
    assert_eq!(desk.ask(Ask::Panic).await.unwrap_err(), SubmitError::Rejected(Rejection::Undecidable));
    let snapshot = desk.handle().snapshot();
    let alarm = &snapshot.state.alarms[&alarm_id(AlarmCause::CommandUndecidable, "panic")];
    assert!(alarm.is_standing());
    assert_eq!(snapshot.seq, before.next(), "the alarm and nothing else");
    assert_eq!(desk.ask(Ask::Panic).await.unwrap_err(), SubmitError::Rejected(Rejection::Undecidable));
    assert_eq!(desk.handle().snapshot().seq, before.next(), "the alarm stands already");
    assert_eq!(desk.ask(new_task()).await.unwrap().events, 1);
}

/// An action item whose every text is allowed, and which is more than a record holds all the same.
fn too_much() -> Ask {
    let text = || "x".repeat(2_000);
    let context = serde_json::json!({ "seen": text() });
    Ask::CreateAction(ActionDraft {
        kind: ActionKind::Manual,
        urgency: Urgency::Low,
        title: text(),
        description: text(),
        context: context.as_object().unwrap().clone(),
        reasoning: Some(text()),
        suggested_actions: Vec::new(),
        doctor_id: None,
        room_id: None,
        equipment_id: None,
    })
}

#[tokio::test]
async fn a_command_that_would_be_stored_too_large_is_refused_whole() {
    let desk = Desk::new();
    let before = desk.ask(new_task()).await.unwrap();
    let refused = desk.ask(too_much()).await.unwrap_err();
    assert!(
        matches!(refused, SubmitError::Rejected(Rejection::TooLarge { bytes, field: Some(_) }) if bytes > VALUE_BYTES_MAX),
        "{refused}"
    );
    let after = desk.handle().snapshot();
    assert_eq!((after.seq, after.state.actions.len()), (before.seq, 0));
    assert_eq!(desk.ask(new_task()).await.unwrap().seq, before.seq.next(), "no seq is lost");
    let desk = desk.reopen();
    assert!(desk.handle().snapshot().state.actions.is_empty());
}

#[tokio::test]
async fn a_refused_command_does_not_disturb_its_batch() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    for ask in [new_task(), too_much(), Ask::Panic, set_room(StaffStatus::Available), new_task()] {
        desk.submit_later(&mut waiting, ask).await;
    }
    gate.open();
    let accepted = soon(waiting.join_all()).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(accepted, 3);
    assert_eq!(desk.handle().snapshot().seq, Seq(4), "three tasks and the alarm, without a hole");
}

#[tokio::test]
async fn a_command_that_comes_twice_is_answered_twice_and_done_once() {
    let desk = Desk::new();
    let command = Command { id: CommandId(Uuid::now_v7()), actor: Actor::Console, ask: new_task() };
    let first = soon(desk.handle().submit_command(command.clone())).await.unwrap();
    let second = soon(desk.handle().submit_command(command)).await.unwrap();
    assert_eq!((first.events, second.events), (1, 0));
    assert_eq!(first.seq, second.seq);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_its_command_back() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    for _ in 0..2 {
        desk.submit_later(&mut waiting, new_task()).await;
    }
    gate.wait_held_at("committed");
    soon(waiting.shutdown()).await;
    gate.open();
    desk.ask(Ask::AdvanceClock).await.unwrap();
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 2);
}

#[tokio::test]
async fn a_full_queue_answers_busy_and_changes_nothing() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    for _ in 0..QUEUE_COMMANDS_MAX {
        desk.submit_later(&mut waiting, new_task()).await;
    }
    assert_eq!(desk.handle().queued(), QUEUE_COMMANDS_MAX);
    assert_eq!(desk.ask(new_task()).await.unwrap_err(), SubmitError::Busy);
    gate.open();
    let receipts = soon(waiting.join_all()).await;
    assert!(receipts.iter().all(Result::is_ok));
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 1 + QUEUE_COMMANDS_MAX);
    assert_eq!(desk.handle().queued(), 0);
}

#[tokio::test]
async fn the_writer_ends_when_every_handle_is_gone_and_does_first_what_it_was_asked() {
    let Desk { folder, clock, ledger } = Desk::new();
    let gate = traces::gate(ledger.writer.thread().id(), &["committed"]);
    let mut waiting = JoinSet::new();
    for _ in 0..3 {
        let handle = ledger.handle.clone();
        waiting.spawn(async move { handle.submit(Actor::Console, new_task()).await });
    }
    tokio::task::yield_now().await;
    gate.wait_held_at("committed");
    soon(waiting.shutdown()).await;
    let Ledger { handle, writer, .. } = ledger;
    drop(handle);
    assert!(!writer.is_finished());
    gate.open();
    writer.join().unwrap().unwrap();
    let again = open(folder.path(), &clock, Duration::from_secs(86_400));
    assert_eq!(again.handle.snapshot().state.tasks.len(), 3);
}

#[tokio::test]
async fn a_deadline_fires_by_itself_when_its_time_comes() {
    let desk = Desk::new().with_room().await;
    let camera = CameraBinding {
        camera_id: "cam-1".parse().unwrap(),
        room_id: "room-1".parse().unwrap(),
        synthetic: false,
    };
    let camera_id = camera.camera_id.clone();
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: vec![camera] }).await.unwrap();
    desk.ask(Ask::CameraAlive { camera_id: camera_id.clone() }).await.unwrap();
    let mut head = desk.handle().feed().head();
    for (seconds, health) in [(5, CameraHealth::Stale), (15, CameraHealth::Lost)] {
        desk.clock.advance(Duration::from_secs(seconds));
        let is = |head: &Head| head.snapshot.state.cameras[&camera_id].health == health;
        drop(soon(head.wait_for(is)).await.unwrap());
    }
    desk.clock.advance(Duration::from_secs(40));
    drop(soon(head.wait_for(|head| head.snapshot.state.alarms.len() == 1)).await.unwrap());
}

#[tokio::test]
async fn deadlines_that_passed_while_the_gateway_was_down_are_done_when_it_is_back() {
    let desk = Desk::new().with_room().await;
    let seen = Observation {
        room_id: "room-1".parse().unwrap(),
        source: "webhook:key:cam-1".parse().unwrap(),
        sensor: Sensor::Webhook,
        occupied: false,
        people: None,
        confidence: None,
        method: Method::External,
        synthetic: false,
        observed_at: at_start(),
        doctor_id: None,
    };
    desk.ask(Ask::Observe(seen)).await.unwrap();
    desk.ask(set_room(StaffStatus::Occupied)).await.unwrap();
    let desk = desk.down_for(Duration::from_secs(31 * 60));
    let mut head = desk.handle().feed().head();
    let given_way = |head: &Head| head.snapshot.state.rooms.values().all(|room| room.claim.is_none());
    // Nothing is due before the gateway has said that it started.
    assert!(!given_way(&head.borrow()));
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: Vec::new() }).await.unwrap();
    drop(soon(head.wait_for(given_way)).await.unwrap());
}

#[tokio::test]
async fn a_box_whose_clock_is_behind_its_journal_says_that_the_clock_stepped() {
    let desk = Desk::new();
    desk.ask(new_task()).await.unwrap();
    let Desk { folder, ledger, .. } = desk;
    ledger.join().unwrap();
    let behind = ManualClock::new(at_start().shifted(-3_600_000));
    let ledger = open(folder.path(), &behind, Duration::from_secs(86_400));
    let mut head = ledger.handle.feed().head();
    drop(soon(head.wait_for(|head| head.seq == Seq(2))).await.unwrap());
    let events = ledger.handle.feed().after(Seq(1), 10).unwrap().unwrap();
    assert_eq!(events[0].event, Event::ClockStepped { by_ms: -3_600_000 });
    assert_eq!(events[0].at, behind.now());
}

#[tokio::test]
async fn a_deadline_that_cannot_be_done_does_not_spin_the_writer() {
    let desk = Desk::new();
    let Desk { folder, clock, ledger } = desk;
    ledger.join().unwrap();
    // A room that fits as an entity, and whose event does not: what older rules may have left.
    let mut room = Room::new("room-1".parse().unwrap(), String::new(), RoomKind::Examination, at_start());
    let said = Claim { occupied: true, by: Actor::Console, said_at: at_start(), until: Some(at_start()) };
    room.claim = Some(said);
    let rest = VALUE_BYTES_MAX - 1 - serde_json::to_vec(&Entity::Room(Arc::new(room.clone()))).unwrap().len();
    room.name = "x".repeat(rest);
    let store = Store::open(folder.path(), 32).unwrap().store;
    let mut batch = Batch::default();
    batch.put(&Entity::Room(Arc::new(room))).unwrap();
    store.commit(batch).unwrap();
    drop(store);
    let desk = Desk { ledger: open(folder.path(), &clock, Duration::from_secs(86_400)), folder, clock };
    for _ in 0..10 {
        desk.ask(new_task()).await.unwrap();
    }
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 10);
    let batches = desk.steps_of_the_writer().iter().filter(|step| *step == "answered").count();
    assert!(batches <= 13, "{batches} batches for ten commands");
}
