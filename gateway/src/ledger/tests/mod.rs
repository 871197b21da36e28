//! Sentences about the ledger, told with a real store and a clock that is moved by hand.

mod audit;
mod budget;
mod checkpoints;
mod commands;
mod counts;
mod feed;
mod history;
mod idempotency;
mod kills;
mod marks;
mod order;
mod properties;
mod readings;
mod records;
mod traces;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::task::JoinSet;

use super::*;
use crate::domain::action::Urgency;
use crate::domain::actor::Actor;
use crate::domain::command::{Ask, Clinic, SetRoomStatus, StaffStatus};
use crate::domain::room::RoomKind;
use crate::domain::task::{Assignee, TaskDraft};

use traces::Gate;

/// How long a test waits for what should take milliseconds, before it says that it never came.
const LIVENESS: Duration = Duration::from_secs(20);

/// A ledger in a folder of its own, under a clock of its own.
struct Desk {
    folder: TempDir,
    clock: Arc<ManualClock>,
    ledger: Ledger,
}

fn at_start() -> Timestamp {
    "2026-02-06T14:30:00Z".parse().unwrap()
}

fn open(path: &Path, clock: &Arc<ManualClock>, journal_kept: Duration) -> Ledger {
    traces::record();
    let settings = Settings {
        cache_mib: 32,
        journal_kept,
        audit_kept: Duration::from_secs(400 * 86_400),
        readings_kept: Duration::from_secs(30 * 86_400),
        budget_bytes: None,
        clock: Clock::Manual(clock.clone()),
        rules: Rules::default(),
    };
    Ledger::open(path, settings).unwrap()
}

impl Desk {
    fn new() -> Self {
        Self::keeping(Duration::from_secs(7 * 86_400))
    }

    fn keeping(journal_kept: Duration) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(at_start()));
        let ledger = open(folder.path(), &clock, journal_kept);
        Self { folder, clock, ledger }
    }

    /// Ends the writer and opens its store again, at the same time of day.
    fn reopen(self) -> Self {
        self.down_for(Duration::ZERO)
    }

    /// Ends the writer and opens its store again later: no writer sees the time in between go by.
    fn down_for(self, time: Duration) -> Self {
        let Self { folder, clock, ledger } = self;
        ledger.join().unwrap();
        clock.advance(time);
        let ledger = open(folder.path(), &clock, Duration::from_secs(7 * 86_400));
        Self { folder, clock, ledger }
    }

    fn handle(&self) -> &Handle {
        &self.ledger.handle
    }

    async fn ask(&self, ask: Ask) -> Result<Receipt, SubmitError> {
        soon(self.handle().submit(Actor::Console, ask)).await
    }

    /// Waits until readers of the feed see all that was answered: receipts come first.
    async fn told(&self) -> &Feed {
        let seq = self.handle().snapshot().seq;
        let feed = self.handle().feed();
        drop(soon(feed.head().wait_for(|head| head.seq >= seq)).await.unwrap());
        feed
    }

    /// A clinic with one room.
    async fn with_room(self) -> Self {
        let rooms = vec![("room-1".parse().unwrap(), "Room 1".into(), RoomKind::Examination)];
        self.ask(Ask::ImportClinic(Clinic { rooms, ..Clinic::default() })).await.unwrap();
        self
    }

    /// Submits in the background, after all that was submitted before.
    async fn submit_later(&self, waiting: &mut JoinSet<Result<Receipt, SubmitError>>, ask: Ask) {
        let (handle, queued) = (self.handle().clone(), self.handle().queued());
        waiting.spawn(async move { handle.submit(Actor::Console, ask).await });
        // The task has run once after this: its command is in the queue, or already out of it.
        tokio::task::yield_now().await;
        assert!(self.handle().queued() <= queued + 1);
    }

    fn gate(&self, points: &'static [&'static str]) -> Arc<Gate> {
        traces::gate(self.ledger.writer.thread().id(), points)
    }

    /// What the writer has said so far of its steps; ends the writer first, whose last checkpoint is no step of a
    /// batch.
    fn steps_of_the_writer(self) -> Vec<String> {
        let id = self.ledger.writer.thread().id();
        self.ledger.join().unwrap();
        let mut steps = traces::of(id);
        drop(steps.pop_if(|last| last == "committed"));
        steps
    }
}

/// Waits, but not for ever.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIVENESS, what).await.expect("the ledger answers in time")
}

fn set_room(status: StaffStatus) -> Ask {
    Ask::SetRoomStatus(SetRoomStatus {
        room_id: "room-1".parse().unwrap(),
        status,
        current_doctor_id: None,
        current_patient_id: None,
        estimated_available_at: None,
    })
}

fn new_task() -> Ask {
    Ask::CreateTask(TaskDraft {
        kind: "delivery".into(),
        description: "Bring gloves".into(),
        priority: Urgency::Normal,
        assignee: Assignee::Staff,
        doctor_id: None,
        room_id: None,
        equipment_id: None,
        estimated_duration: None,
        reasoning: None,
    })
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
