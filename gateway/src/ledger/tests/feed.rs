//! Readers of the journal.

use super::*;
use crate::domain::event::Committed;

async fn make_tasks(desk: &Desk, count: u64) {
    let mut waiting = JoinSet::new();
    for _ in 0..count {
        desk.submit_later(&mut waiting, new_task()).await;
    }
    assert!(soon(waiting.join_all()).await.iter().all(Result::is_ok));
    // Who asked hears before who listens.
    desk.told().await;
}

fn seqs(events: &[Arc<Committed>]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

/// Follows the feed from `cursor` to `last` and returns the places it saw.
fn follow(feed: &Feed, mut cursor: Seq, last: Seq, max: usize) -> Vec<u64> {
    let mut seen = Vec::new();
    let began = std::time::Instant::now();
    while cursor < last {
        let events = feed.after(cursor, max).unwrap().unwrap();
        seen.extend(seqs(&events));
        match events.last() {
            Some(newest) => cursor = newest.seq,
            None => std::thread::yield_now(),
        }
        assert!(began.elapsed() < LIVENESS, "the feed stands still at {cursor}");
    }
    seen
}

#[tokio::test]
async fn a_reader_gets_what_came_after_its_cursor_and_no_more_than_it_asked_for() {
    let desk = Desk::new();
    make_tasks(&desk, 10).await;
    let after = |cursor, max| seqs(&desk.handle().feed().after(Seq(cursor), max).unwrap().unwrap());
    assert_eq!(after(0, 100), (1..=10).collect::<Vec<_>>());
    assert_eq!(after(7, 2), [8, 9]);
    assert_eq!(after(7, 0), [0; 0]);
    assert_eq!(after(10, 100), [0; 0]);
}

#[tokio::test]
async fn a_cursor_from_the_future_gets_nothing_and_breaks_nothing() {
    let desk = Desk::new();
    let assert_nothing = |desk: &Desk| {
        for cursor in [Seq(11), Seq(u64::MAX - 1), Seq(u64::MAX)] {
            assert_eq!(desk.handle().feed().after(cursor, 10).unwrap().unwrap().len(), 0);
        }
    };
    make_tasks(&desk, 10).await;
    assert_nothing(&desk);
    assert_nothing(&desk.reopen());
}

#[tokio::test]
async fn readers_from_before_memory_and_readers_of_now_miss_nothing_and_see_nothing_twice() {
    let desk = Desk::new();
    make_tasks(&desk, 500).await;
    let desk = desk.reopen();
    let last = 500 + u64::try_from(FEED_EVENTS_KEPT).unwrap() + 100;
    let readers: Vec<_> = [(0, 7), (0, 1_000), (250, 64), (499, 100), (500, 1)]
        .into_iter()
        .map(|(cursor, max)| {
            let feed = desk.handle().feed().clone();
            (cursor, std::thread::spawn(move || follow(&feed, Seq(cursor), Seq(last), max)))
        })
        .collect();
    for _ in 0..(last - 500) / 500 {
        make_tasks(&desk, 500).await;
    }
    make_tasks(&desk, (last - 500) % 500).await;
    for (cursor, reader) in readers {
        assert_eq!(reader.join().unwrap(), (cursor + 1..=last).collect::<Vec<_>>());
    }
    // Memory now begins after 600: both ways in one reader.
    assert_eq!(follow(desk.handle().feed(), Seq(0), Seq(last), 333), (1..=last).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_from_before_the_trimmed_journal_is_told_where_it_begins() {
    let desk = Desk::keeping(Duration::from_secs(3_600));
    make_tasks(&desk, 10).await;
    desk.clock.advance(Duration::from_secs(7_200));
    make_tasks(&desk, 5).await;
    assert_eq!(desk.handle().feed().after(Seq(0), 100).unwrap().unwrap().len(), 15, "memory still has it");
    let desk = desk.reopen();
    let feed = desk.handle().feed();
    assert_eq!(feed.after(Seq(0), 100).unwrap().unwrap_err(), Trimmed { oldest: Seq(11) });
    assert_eq!(feed.after(Seq(9), 100).unwrap().unwrap_err(), Trimmed { oldest: Seq(11) });
    assert_eq!(seqs(&feed.after(Seq(10), 100).unwrap().unwrap()), [11, 12, 13, 14, 15]);
    assert_eq!(desk.handle().snapshot().state.tasks.len(), 15, "the state is whole");
}

#[tokio::test]
async fn the_head_of_a_reopened_ledger_is_where_it_was() {
    let desk = Desk::new();
    make_tasks(&desk, 3).await;
    let desk = desk.reopen();
    let head = desk.handle().feed().head().borrow().clone();
    assert_eq!((head.seq, head.snapshot.seq, head.snapshot.at), (Seq(3), Seq(3), at_start()));
    assert_eq!(desk.ask(new_task()).await.unwrap().seq, Seq(4));
}
