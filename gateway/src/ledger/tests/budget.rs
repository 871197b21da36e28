//! What the writer looks after between batches.

use super::*;
use crate::domain::alarm::{AlarmCause, alarm_id};

impl Desk {
    /// Opens the store again, with a budget for it.
    fn reopen_within(self, budget_bytes: Option<u64>) -> Self {
        let Self { folder, clock, ledger } = self;
        ledger.join().unwrap();
        let settings = Settings {
            cache_mib: 32,
            journal_kept: Duration::from_secs(30 * 86_400),
            audit_kept: Duration::from_secs(400 * 86_400),
            readings_kept: Duration::from_secs(30 * 86_400),
            budget_bytes,
            clock: Clock::Manual(clock.clone()),
            rules: Rules::default(),
        };
        let ledger = Ledger::open(folder.path(), settings).unwrap();
        Self { folder, clock, ledger }
    }

    fn budget_alarms(&self) -> Vec<bool> {
        let id = alarm_id(AlarmCause::StoreBudget, "store");
        self.handle().snapshot().state.alarms.get(&id).map(|alarm| alarm.is_standing()).into_iter().collect()
    }

    async fn make(&self, tasks: usize) {
        for _ in 0..tasks {
            self.ask(new_task()).await.unwrap();
        }
    }

    /// Lets the writer look after the house.
    async fn look(&self) {
        self.clock.advance(housekeeping::EVERY);
        self.ask(Ask::AdvanceClock).await.unwrap();
        // What the look says comes after the answer of the batch before it.
        self.ask(Ask::AdvanceClock).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_over_its_budget_forgets_old_events_but_none_of_the_last_day_and_says_so_once() {
    let desk = Desk::new();
    desk.make(10).await;
    desk.clock.advance(JOURNAL_KEPT_MIN + Duration::from_secs(60));
    desk.make(5).await;
    let desk = desk.reopen_within(Some(1));
    desk.look().await;
    let figures = desk.handle().store_figures().unwrap();
    assert_eq!(figures.journal_oldest, Some(Seq(11)));
    assert_eq!(desk.budget_alarms(), [true]);
    let raised = desk.handle().snapshot().seq;
    desk.look().await;
    desk.look().await;
    assert_eq!(desk.handle().snapshot().seq, raised, "once");
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 15, "things are no part of the journal");
    let desk = desk.reopen_within(Some(1 << 30));
    desk.look().await;
    assert_eq!(desk.budget_alarms(), [false], "cleared");
}

#[tokio::test]
async fn a_store_within_its_budget_keeps_its_days() {
    let desk = Desk::new();
    desk.make(3).await;
    desk.clock.advance(Duration::from_secs(5 * 86_400));
    let desk = desk.reopen_within(Some(1 << 30));
    desk.make(1).await;
    desk.look().await;
    assert_eq!(desk.handle().store_figures().unwrap().journal_oldest, Some(Seq(1)));
    assert_eq!(desk.budget_alarms(), [false; 0]);
}

#[tokio::test]
async fn the_figures_of_the_store_are_those_of_its_journal_and_its_disk() {
    let desk = Desk::new();
    let empty = desk.handle().store_figures().unwrap();
    assert_eq!((empty.journal_oldest, empty.journal_newest, empty.bytes_written), (None, Seq(0), 0));
    desk.make(5).await;
    let figures = desk.handle().store_figures().unwrap();
    assert_eq!((figures.journal_oldest, figures.journal_newest), (Some(Seq(1)), Seq(5)));
    assert!(figures.bytes_written > 5 * 600, "{figures:?}");
    assert!(figures.bytes_on_disk > 0, "{figures:?}");
}
