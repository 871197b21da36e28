//! What the writer looks after between batches.

use super::*;
use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::endpoint::{DeliveryNote, EndReason, EndpointAsk};

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
    assert!(figures.bytes_written > 5 * 100, "{figures:?}");
    assert!(figures.bytes_on_disk > 0, "{figures:?}");
}

#[tokio::test]
async fn the_journal_waits_for_an_endpoint_that_lives_until_it_is_dropped_or_the_budget_is_spent() {
    let desk = Desk::keeping(Duration::from_secs(3_600));
    desk.make(3).await;
    let bind = |id: &str| (id.parse().unwrap(), true);
    let bind = EndpointAsk::Bind { configured: vec![bind("emr")], head: Seq(2) };
    desk.ask(Ask::Endpoints(bind)).await.unwrap();
    desk.make(3).await;
    desk.clock.advance(Duration::from_secs(5 * 86_400));
    desk.make(1).await;
    desk.look().await;
    let oldest = |desk: &Desk| desk.handle().store_figures().unwrap().journal_oldest;
    assert_eq!(oldest(&desk), Some(Seq(3)), "it has everything up to the second");
    let spent = desk.reopen_within(Some(1));
    spent.look().await;
    assert!(oldest(&spent) > Some(Seq(3)), "the disk is the clinic's: {:?}", oldest(&spent));
}

#[tokio::test]
async fn the_journal_waits_for_no_endpoint_that_was_dropped() {
    let desk = Desk::keeping(Duration::from_secs(3_600));
    desk.make(3).await;
    let bind = EndpointAsk::Bind { configured: vec![("emr".parse().unwrap(), true)], head: Seq(1) };
    desk.ask(Ask::Endpoints(bind)).await.unwrap();
    let note = DeliveryNote {
        endpoint_id: "emr".parse().unwrap(),
        cursor: Seq(1),
        attempts: 0,
        failures: 3,
        failing_since: None,
        retry_at: None,
        delivered_at: None,
        ended: Some(EndReason::Dropped),
        dead: Vec::new(),
        raised: Vec::new(),
    };
    desk.ask(Ask::Endpoints(EndpointAsk::Note(Box::new(note)))).await.unwrap();
    desk.clock.advance(Duration::from_secs(5 * 86_400));
    desk.make(1).await;
    desk.look().await;
    assert!(desk.handle().store_figures().unwrap().journal_oldest > Some(Seq(3)));
}
