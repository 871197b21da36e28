//! The ring, fed by a real ledger. Sessions are told over real sockets, in tests/stories.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::ring::{Overrun, Ring};
use super::{Limits, REPLAY_FRAMES_MAX};
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::command::{Ask, Clinic};
use crate::domain::event::Seq;
use crate::domain::rules::Rules;
use crate::domain::view::View;
use crate::ledger::{Clock, FEED_EVENTS_KEPT, Ledger, Settings};

/// A ledger in a folder of its own, and the ring that follows it.
struct Parts {
    ledger: Ledger,
    ring: Ring,
    _following: TaskTracker,
    _folder: tempfile::TempDir,
}

fn parts() -> Parts {
    let folder = tempfile::tempdir().unwrap();
    let journal_kept = std::time::Duration::from_secs(3_600);
    let settings = Settings {
        cache_mib: 16,
        journal_kept,
        audit_kept: journal_kept,
        budget_bytes: None,
        clock: Clock::System,
        rules: Rules::default(),
    };
    let ledger = Ledger::open(folder.path(), settings).unwrap();
    let feed = ledger.handle.feed().clone();
    let ring = Ring::new(feed.head().borrow().clone());
    let following = TaskTracker::new();
    following.spawn(ring.clone().follow(feed, CancellationToken::new()));
    Parts { ledger, ring, _following: following, _folder: folder }
}

impl Parts {
    /// Raises `count` alarms in batches, and waits until the ring has them. Each is one event.
    async fn raise(&self, count: usize) -> Seq {
        let writers = TaskTracker::new();
        for n in 0..count {
            let (handle, subject) = (self.ledger.handle.clone(), format!("subject-{n}"));
            writers.spawn(async move {
                let (text, remedy) = (String::new(), String::new());
                let cause = AlarmCause::StoreRecovered;
                let notice = AlarmNotice { cause, subject, text, remedy, children: Vec::new() };
                handle.submit(Actor::Gateway, Ask::RaiseAlarm(notice)).await.unwrap()
            });
        }
        writers.close();
        writers.wait().await;
        let last = self.ledger.handle.snapshot().seq;
        self.ring.head().wait_for(|head| head.seq == last).await.unwrap();
        last
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ring_gives_each_reader_what_comes_after_its_cursor() {
    let parts = parts();
    let last = parts.raise(10).await;
    let seqs = |cursor, to, max| -> Vec<u64> {
        let frames = parts.ring.between(Seq(cursor), Seq(to), max).ok().unwrap();
        frames.iter().map(|frame| frame.seq.0).collect()
    };
    assert_eq!(last, Seq(10));
    assert_eq!(seqs(0, 10, 100), (1..=10).collect::<Vec<_>>());
    assert_eq!(seqs(3, 6, 100), [4, 5, 6]);
    assert_eq!(seqs(3, 10, 2), [4, 5]);
    assert_eq!(seqs(10, 10, 100), [0; 0]);
    let (events, bytes) = parts.ring.lag(Seq(7), View::Full);
    assert_eq!(events, 3);
    let texts = parts.ring.between(Seq(7), Seq(10), 100).ok().unwrap();
    assert_eq!(bytes, texts.iter().map(|frame| frame.text(View::Full).len()).sum::<usize>());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_gets_the_same_bytes() {
    let parts = parts();
    parts.raise(1).await;
    let read = || parts.ring.between(Seq(0), Seq(1), 1).ok().unwrap().remove(0);
    let (one, another) = (read(), read());
    assert!(std::sync::Arc::ptr_eq(&one, &another), "an event becomes text once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_clients_moves_the_head_and_makes_no_frame() {
    let parts = parts();
    parts.ledger.handle.submit(Actor::Gateway, Ask::ImportClinic(Clinic::default())).await.unwrap();
    let head = parts.ring.head().wait_for(|head| head.seq == Seq(1)).await.unwrap().seq;
    assert!(parts.ring.between(Seq(0), head, 10).ok().unwrap().is_empty());
    assert_eq!(parts.ring.lag(Seq(0), View::Full), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_the_ring_no_longer_reaches_is_told() {
    let parts = parts();
    let last = parts.raise(FEED_EVENTS_KEPT + 100).await;
    assert!(matches!(parts.ring.between(Seq(50), last, 1), Err(Overrun)), "event 51 is gone");
    let kept = parts.ring.between(Seq(101), last, usize::MAX).ok().unwrap();
    assert!(kept.windows(2).all(|pair| pair[0].seq.next() == pair[1].seq), "what is kept has no hole");
    assert_eq!(kept.last().map(|frame| frame.seq), Some(last));
    assert!(kept.len() > REPLAY_FRAMES_MAX);
}

#[test]
fn the_default_limits_are_those_of_the_design_and_valid() {
    let limits = Limits::default();
    assert_eq!((limits.frame_bytes_max, limits.frames_per_s, limits.ping_s), (64 * 1024, 20, 30));
    assert_eq!((limits.lag_events_max, limits.lag_bytes_max), (256, 256 * 1024));
    assert_eq!(limits.problems(), []);
    let wrong = Limits { ping_s: 0, frames_per_s: 0, ..limits };
    assert_eq!(wrong.problems().iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["frames_per_s", "ping_s"]);
}
