//! Laws that hold for every day at the desk.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::entity::Entity;
use crate::domain::event::Committed;
use crate::domain::tests::arbitrary::{Step, cases, clinic, facts, steps};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Entities as the store spells them, without what touches move.
fn as_json(state: &State) -> BTreeMap<String, serde_json::Value> {
    let pairs = facts(state).into_iter().map(|entity: Entity| {
        let key = entity.key();
        let (kind, id) = key.parts();
        (format!("{kind}/{id}"), serde_json::to_value(&entity).unwrap())
    });
    pairs.collect()
}

/// Plays a day at the desk, one command after the other.
async fn play(desk: &Desk, steps: &[Step]) {
    let mut clinic = clinic();
    for ask in clinic.opening() {
        desk.ask(ask).await.unwrap();
    }
    for step in steps {
        if let Step::Wait(by) = step {
            desk.clock.advance(*by);
            continue;
        }
        clinic.state = desk.handle().snapshot().state.clone();
        clinic.now = desk.clock.now();
        if let Some(command) = clinic.meant(step) {
            // Refused or not: either way it was decided.
            let _ = soon(desk.handle().submit_command(command)).await;
        }
    }
    desk.ask(Ask::AdvanceClock).await.unwrap();
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn the_untrimmed_journal_rebuilds_what_is_stored(steps in steps(30)) {
        let desk = Desk::new();
        runtime().block_on(play(&desk, &steps));
        let live = as_json(&desk.handle().snapshot().state);
        let killed_here = tempfile::tempdir().unwrap();
        copy_folder(desk.folder.path(), killed_here.path());
        let store = Store::open(killed_here.path(), 32).unwrap().store;
        let (restored, _) = checkpoint::restore(&store, Rules::default()).unwrap();
        prop_assert_eq!(as_json(&restored), live.clone(), "things of a checkpoint, and the events after it");
        let Desk { folder, ledger, .. } = desk;
        ledger.join().unwrap();
        let store = Store::open(folder.path(), 32).unwrap().store;
        let stored = State::new(Rules::default(), store.entities().map(Result::unwrap));
        let mut rebuilt = State::new(Rules::default(), []);
        let mut expected = Seq(1);
        for record in store.journal(Seq(0)) {
            let Committed { seq, at, event, .. } = record.unwrap();
            prop_assert_eq!(seq, expected, "the journal has no holes");
            rebuilt.apply(&event, &mut std::collections::BTreeSet::new(), at);
            expected = seq.next();
        }
        prop_assert_eq!(as_json(&rebuilt), as_json(&stored));
        prop_assert_eq!(as_json(&stored), live);
        prop_assert!(!store.has_blobs());
    }

    #[test]
    fn a_subscriber_that_comes_at_any_time_misses_nothing_and_sees_nothing_twice(
        before in prop::collection::vec(1_usize..12, 0..4),
        after in prop::collection::vec(1_usize..12, 1..6),
        subscribers in prop::collection::vec((0_u64..60, 0_usize..6, 1_usize..9), 1..6),
    ) {
        let runtime = runtime();
        let desk = Desk::new();
        for count in before {
            runtime.block_on(batch(&desk, count));
        }
        // What came before is no longer in memory.
        let desk = desk.reopen();
        // A subscriber: where it begins, at which batch it comes, how much it takes at once.
        let mut readers: Vec<(Seq, Vec<u64>)> = Vec::new();
        for (at, count) in after.iter().enumerate() {
            let head = desk.handle().snapshot().seq;
            let coming = subscribers.iter().filter(|(_, when, _)| *when == at);
            readers.extend(coming.map(|(cursor, ..)| (Seq((*cursor).min(head.0)), Vec::new())));
            runtime.block_on(batch(&desk, *count));
            for (reader, (_, _, max)) in readers.iter_mut().zip(subscribers.iter().cycle()) {
                take(&desk, reader, *max);
            }
        }
        let head = desk.handle().snapshot().seq;
        runtime.block_on(soon(desk.handle().feed().head().wait_for(|now| now.seq == head))).map(drop).unwrap();
        for mut reader in readers {
            while take(&desk, &mut reader, 5) {}
            let (cursor, seen) = reader;
            let first = cursor.0 + 1 - u64::try_from(seen.len()).unwrap();
            prop_assert_eq!(cursor, head);
            prop_assert_eq!(seen, (first..=head.0).collect::<Vec<_>>());
        }
    }
}

/// Commits `count` tasks, in as few batches as the writer likes.
async fn batch(desk: &Desk, count: usize) {
    let mut waiting = JoinSet::new();
    for _ in 0..count {
        desk.submit_later(&mut waiting, new_task()).await;
    }
    assert!(soon(waiting.join_all()).await.iter().all(Result::is_ok));
}

/// Lets a reader take at most `max` events. False when there were none.
fn take(desk: &Desk, (cursor, seen): &mut (Seq, Vec<u64>), max: usize) -> bool {
    let events = desk.handle().feed().after(*cursor, max).unwrap().unwrap();
    assert!(events.len() <= max);
    for event in &events {
        assert_eq!(event.seq, cursor.next());
        *cursor = event.seq;
        seen.push(event.seq.0);
    }
    !events.is_empty()
}
