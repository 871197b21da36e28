//! Repeats under one key, and edits that rest on a revision.

use super::*;
use crate::domain::automation::{AutomationEdit, AutomationLevels, Level};
use crate::domain::command::{CameraBinding, Command, Observation};
use crate::domain::doctor::Doctor;
use crate::domain::entity::{Change, Entity};
use crate::domain::id::CommandId;
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::domain::task::TaskStatus;

pub(super) fn nurse() -> Actor {
    Actor::Console
}

pub(super) fn command(actor: Actor, ask: Ask) -> Command {
    Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask }
}

pub(super) fn under(key: &str, body: &str) -> Terms {
    let idempotency = Some(Idempotency::new("POST /api/tasks", key, body.as_bytes()).unwrap());
    Terms { idempotency, ..Terms::default() }
}

fn resting_on(revision: u64) -> Terms {
    Terms { if_match: Some(revision), ..Terms::default() }
}

impl Desk {
    async fn ask_under(&self, terms: Terms, actor: Actor, ask: Ask) -> Result<Receipt, SubmitError> {
        soon(self.handle().submit_with(command(actor, ask), terms)).await
    }
}

fn assert_same(one: &Receipt, other: &Receipt) {
    assert_eq!(
        (one.command_id, one.events, &one.note, &one.subject),
        (other.command_id, other.events, &other.note, &other.subject)
    );
}

fn task_id(receipt: &Receipt) -> crate::domain::id::TaskId {
    receipt.command_id.derive(0).into()
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_does_nothing() {
    let desk = Desk::new();
    let first = desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap();
    assert!(!first.replayed);
    // What happened since is not in the answer.
    let done = Ask::SetTaskStatus { task_id: task_id(&first), status: TaskStatus::Completed };
    desk.ask(done).await.unwrap();
    let desk = desk.reopen();
    let again = desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap();
    assert!(again.replayed);
    assert_same(&again, &first);
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 1);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let desk = Desk::new();
    desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap();
    let refused = desk.ask_under(under("k", "c"), nurse(), new_task()).await.unwrap_err();
    assert_eq!(refused, SubmitError::Rejected(Rejection::KeyReused));
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 1);
    // The same key of somebody else is another key.
    assert!(!desk.ask_under(under("k", "c"), Actor::Gateway, new_task()).await.unwrap().replayed);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let desk = Desk::new();
    let nothing = Ask::AcknowledgeAlarm("nothing".parse().unwrap());
    desk.ask_under(under("k", "b"), nurse(), nothing).await.unwrap_err();
    assert!(!desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap().replayed);
}

#[tokio::test]
async fn two_with_one_key_in_one_batch_have_one_effect_and_one_answer() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let mut waiting = JoinSet::new();
    desk.submit_later(&mut waiting, new_task()).await;
    gate.wait_held_at("committed");
    for _ in 0..10 {
        let handle = desk.handle().clone();
        waiting.spawn(async move { handle.submit_with(command(nurse(), new_task()), under("k", "b")).await });
        tokio::task::yield_now().await;
    }
    gate.open();
    let receipts = soon(waiting.join_all()).await.into_iter().map(Result::unwrap);
    let (again, first): (Vec<_>, Vec<_>) = receipts.partition(|receipt| receipt.replayed);
    assert_eq!(
        (again.len(), first.len()),
        (9, 2),
        "nine repeats, the first of them, and the one without a key"
    );
    assert!(first.iter().any(|first| again.iter().all(|again| again.subject == first.subject)));
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 2);
}

#[tokio::test]
async fn an_answer_that_changed_nothing_is_kept_as_well_and_so_is_its_note() {
    let desk = Desk::new().with_room().await;
    let unsure = || {
        Ask::Observe(Observation {
            room_id: "room-1".parse().unwrap(),
            source: "webhook:key:cam-1".parse().unwrap(),
            sensor: Sensor::Webhook,
            occupied: true,
            people: None,
            confidence: Some(0.3),
            method: Method::External,
            synthetic: false,
            observed_at: at_start(),
            doctor_id: None,
        })
    };
    let first = desk.ask_under(under("k", "b"), nurse(), unsure()).await.unwrap();
    assert_eq!((first.events, &first.note), (0, &Some(Note::BelowThreshold { needed: 0.7 })));
    let desk = desk.reopen();
    let again = desk.ask_under(under("k", "b"), nurse(), unsure()).await.unwrap();
    assert!(again.replayed);
    assert_same(&again, &first);
}

#[tokio::test]
async fn an_effect_and_its_kept_answer_are_on_the_disk_together() {
    let desk = Desk::new();
    let gate = desk.gate(&["committed"]);
    let handle = desk.handle().clone();
    let mut waiting = JoinSet::new();
    waiting.spawn(async move { handle.submit_with(command(nurse(), new_task()), under("k", "b")).await });
    tokio::task::yield_now().await;
    gate.wait_held_at("committed");
    // What a kill -9 at this moment would leave: done, and nobody was told.
    let killed_here = tempfile::tempdir().unwrap();
    copy_folder(desk.folder.path(), killed_here.path());
    gate.open();
    let first = soon(waiting.join_next()).await.unwrap().unwrap().unwrap();
    let clock = ManualClock::new(at_start());
    let revived = open(killed_here.path(), &clock, Duration::from_secs(86_400));
    let again =
        soon(revived.handle.submit_with(command(nurse(), new_task()), under("k", "b"))).await.unwrap();
    assert!(again.replayed);
    assert_same(&again, &first);
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day_and_leaves_nothing_behind() {
    let desk = Desk::new();
    desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap();
    desk.clock.advance(IDEMPOTENCY_KEPT - Duration::from_secs(1));
    assert!(desk.ask_under(under("k", "b"), nurse(), new_task()).await.unwrap().replayed);
    desk.clock.advance(Duration::from_secs(1));
    assert!(
        !desk.ask_under(under("k", "c"), nurse(), new_task()).await.unwrap().replayed,
        "another body, too"
    );
    desk.clock.advance(IDEMPOTENCY_KEPT + housekeeping::EVERY);
    desk.ask(Ask::AdvanceClock).await.unwrap();
    let Desk { folder, ledger, .. } = desk;
    ledger.join().unwrap();
    let store = Store::open(folder.path(), 32).unwrap().store;
    assert_eq!(store.answers().count(), 0);
}

#[tokio::test]
async fn who_asks_too_much_loses_the_oldest_answers_of_their_own() {
    let desk = Desk::new();
    desk.ask_under(under("k", "b"), Actor::Gateway, new_task()).await.unwrap();
    let mut waiting = JoinSet::new();
    for n in 0..=IDEMPOTENCY_KEPT_PER_ACTOR_MAX {
        let handle = desk.handle().clone();
        let ask = set_nothing();
        waiting.spawn(async move {
            handle.submit_with(command(nurse(), ask), under(&format!("k{n:04}"), "b")).await
        });
        if n % 256 == 255 {
            while waiting.join_next().await.is_some() {}
        }
    }
    while waiting.join_next().await.is_some() {}
    let desk = desk.reopen();
    assert_eq!(desk.handle().snapshot().seq, Seq(1));
    let replayed = async |key: &str, actor| {
        desk.ask_under(under(key, "b"), actor, set_nothing()).await.unwrap().replayed
    };
    assert!(replayed("k", Actor::Gateway).await, "nobody else's");
    assert!(replayed("k4000", nurse()).await);
    assert!(replayed("k3000", nurse()).await);
    let Desk { folder, ledger, .. } = desk;
    ledger.join().unwrap();
    let store = Store::open(folder.path(), 32).unwrap().store;
    assert_eq!(store.answers().count(), IDEMPOTENCY_KEPT_PER_ACTOR_MAX + 1);
}

/// An accepted command that changes nothing.
fn set_nothing() -> Ask {
    Ask::AdvanceClock
}

#[tokio::test]
async fn a_thing_without_events_is_answered_from_where_it_is_and_not_copied() {
    let desk = Desk::new();
    let doctor = |name: &str| {
        let (id, name) = ("doc-1".parse().unwrap(), name.into());
        Entity::Doctor(Arc::new(Doctor { id, name, specialty: None, revision: 1 }))
    };
    let put = |name| Ask::Record(Change::Put(doctor(name)));
    desk.ask_under(under("k", "b"), nurse(), put("canary-5e1")).await.unwrap();
    desk.ask(put("changed")).await.unwrap();
    let again = desk.ask_under(under("k", "b"), nurse(), put("canary-5e1")).await.unwrap();
    assert_eq!((again.replayed, again.subject), (true, Some(doctor("changed"))));
}

#[tokio::test]
async fn of_two_edits_that_rest_on_one_revision_one_wins_and_the_other_sees_what_is_there_now() {
    let desk = Desk::new().with_room().await;
    let mut waiting = JoinSet::new();
    for status in [StaffStatus::Maintenance, StaffStatus::NeedsCleaning] {
        let handle = desk.handle().clone();
        waiting.spawn(
            async move { handle.submit_with(command(nurse(), set_room(status)), resting_on(1)).await },
        );
    }
    let (won, lost): (Vec<_>, Vec<_>) = soon(waiting.join_all()).await.into_iter().partition(Result::is_ok);
    let won = won.into_iter().next().unwrap().unwrap().subject.unwrap();
    assert_eq!(won.revision(), Some(2));
    let [Err(SubmitError::Rejected(Rejection::Stale { current }))] = &lost[..] else { panic!("{lost:?}") };
    assert_eq!(**current, won);
    // Whoever looks again may ask again.
    assert!(desk.ask_under(resting_on(2), nurse(), set_room(StaffStatus::Available)).await.is_ok());
}

#[tokio::test]
async fn of_two_settings_of_automation_that_rest_on_one_revision_one_wins() {
    let desk = Desk::new();
    let set = |turnover, equipment| {
        Ask::SetAutomation(AutomationEdit { turnover, equipment, ..AutomationEdit::default() })
    };
    desk.ask(Ask::ImportAutomation(AutomationLevels::default())).await.unwrap();
    let mut waiting = JoinSet::new();
    for ask in [set(Some(Level::Assisted), None), set(None, Some(Level::Monitoring))] {
        let handle = desk.handle().clone();
        waiting.spawn(async move { handle.submit_with(command(nurse(), ask), resting_on(1)).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = soon(waiting.join_all()).await.into_iter().partition(Result::is_ok);
    let [Ok(won)] = &won[..] else { panic!("{won:?}") };
    let won = won.subject.clone().expect("the setting that holds is what it was about");
    assert_eq!(won.revision(), Some(2));
    let [Err(SubmitError::Rejected(Rejection::Stale { current }))] = &lost[..] else { panic!("{lost:?}") };
    assert_eq!(**current, won);
    // To go back rests on what holds too, and the trail names the setting that each change made.
    let back = || Ask::RevertAutomation { to_revision: 1 };
    let late = desk.ask_under(resting_on(1), nurse(), back()).await;
    assert!(matches!(late, Err(SubmitError::Rejected(Rejection::Stale { .. }))), "{late:?}");
    let again = desk.ask_under(resting_on(2), nurse(), back()).await;
    let entry = desk
        .handle()
        .audit(None, &crate::domain::audit::AuditFilter::default(), 1)
        .unwrap()
        .entries
        .remove(0);
    assert_eq!(
        (entry.verb.as_str(), entry.subject),
        ("revert_automation", again.unwrap().subject.map(|it| it.key().to_string()))
    );
}

#[tokio::test]
async fn a_repeat_is_answered_before_its_revision_is_looked_at() {
    let desk = Desk::new().with_room().await;
    let terms = || Terms { if_match: Some(1), ..under("k", "b") };
    let first = desk.ask_under(terms(), nurse(), set_room(StaffStatus::Maintenance)).await.unwrap();
    let again = desk.ask_under(terms(), nurse(), set_room(StaffStatus::Maintenance)).await.unwrap();
    assert!(again.replayed);
    assert_same(&again, &first);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_whatever_revision_was_meant() {
    let desk = Desk::new();
    let refused = desk.ask_under(resting_on(1), nurse(), set_room(StaffStatus::Available)).await.unwrap_err();
    assert!(matches!(refused, SubmitError::Rejected(Rejection::NotFound { .. })), "{refused}");
    assert!(desk.ask_under(resting_on(7), nurse(), new_task()).await.is_ok(), "what is new rests on nothing");
}

#[tokio::test]
async fn the_chatter_of_sensors_makes_no_edit_stale() {
    let desk = Desk::new().with_room().await;
    let camera = CameraBinding {
        camera_id: "cam-1".parse().unwrap(),
        room_id: "room-1".parse().unwrap(),
        synthetic: false,
    };
    desk.ask(Ask::GatewayStarted { version: "0.1.0".into(), cameras: vec![camera] }).await.unwrap();
    for n in 0_u32..40 {
        desk.clock.advance(Duration::from_secs(90));
        let seen = Observation {
            room_id: "room-1".parse().unwrap(),
            source: "camera:cam-1".parse().unwrap(),
            sensor: Sensor::Camera { camera_id: "cam-1".parse().unwrap() },
            occupied: n % 2 == 0,
            people: None,
            confidence: Some(0.9),
            method: Method::Model,
            synthetic: false,
            observed_at: desk.clock.now(),
            doctor_id: None,
        };
        desk.ask(Ask::Observe(seen)).await.unwrap();
    }
    let before = desk.handle().snapshot().seq;
    assert!(before > Seq(40), "the room has changed all the while");
    assert!(desk.ask_under(resting_on(1), nurse(), set_room(StaffStatus::Maintenance)).await.is_ok());
}
