//! The ring, fed by a real ledger. Sessions are told over real sockets, in tests/stories.

mod delivery;
mod full;

use std::ops::Range;

use bytes::Bytes;
use tokio_util::task::TaskTracker;

use super::REPLAY_FRAMES_MAX;
use super::close::Close;
use super::disclosed::Disclosed;
use super::outbox::{Flavour, Outbox, Piece};
use super::ring::{Overrun, Ring};
use super::subscriber::Subscriber;
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::command::{Ask, Clinic};
use crate::domain::event::Seq;
use crate::domain::role::{Role, Topic};
use crate::domain::rules::Rules;
use crate::domain::view::View;
use crate::ledger::{Clock, FEED_EVENTS_KEPT, Ledger, Settings};
use crate::wire::channel::Channel;

/// A ledger in a folder of its own, and the ring that follows it.
struct Parts {
    ledger: Ledger,
    ring: Ring,
    _folder: tempfile::TempDir,
}

fn parts() -> Parts {
    let folder = tempfile::tempdir().unwrap();
    let journal_kept = std::time::Duration::from_secs(3_600);
    let settings = Settings {
        cache_mib: 16,
        journal_kept,
        audit_kept: journal_kept,
        readings_kept: journal_kept,
        budget_bytes: None,
        clock: Clock::System,
        rules: Rules::default(),
    };
    let ledger = Ledger::open(folder.path(), settings).unwrap();
    let ring = Ring::open(ledger.handle.feed());
    Parts { ledger, ring, _folder: folder }
}

impl Parts {
    /// Raises `count` alarms in batches, and waits until the ring has them. Each is one event.
    async fn raise(&self, count: usize) -> Seq {
        self.raise_each(0..count).await
    }

    /// Raises the alarms of these numbers.
    async fn raise_each(&self, numbers: Range<usize>) -> Seq {
        let writers = TaskTracker::new();
        for n in numbers {
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
        self.follow_to(last).await;
        last
    }

    /// Lets the ring take in everything up to `last`.
    async fn follow_to(&self, last: Seq) {
        let feed = self.ledger.handle.feed();
        let head = feed.head().wait_for(|head| head.seq == last).await.unwrap().clone();
        while self.ring.reached() < last {
            self.ring.follow(feed, &head);
        }
    }
}

/// Somebody who hears everything.
fn listener() -> Subscriber {
    let mut listener = Subscriber::new(Role::Admin, Seq(0));
    listener.join(Channel::All, Seq(0), false);
    listener
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ring_gives_each_reader_what_comes_after_its_cursor() {
    let parts = parts();
    let last = parts.raise(10).await;
    let seqs = |cursor, max| -> Vec<u64> {
        let frames = parts.ring.after(Seq(cursor), max).ok().unwrap();
        frames.iter().map(|frame| frame.seq.0).collect()
    };
    assert_eq!(last, Seq(10));
    assert_eq!(seqs(0, 100), (1..=10).collect::<Vec<_>>());
    assert_eq!(seqs(3, 2), [4, 5]);
    assert_eq!(seqs(10, 100), [0; 0]);
    let (events, bytes) = parts.ring.lag(Seq(7), &listener().interest);
    assert_eq!(events, 3);
    let frames = parts.ring.after(Seq(7), 100).ok().unwrap();
    assert_eq!(bytes, frames.iter().map(|it| it.frame(View::Full, Flavour::Live).len()).sum::<usize>());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_gets_the_same_bytes() {
    let parts = parts();
    parts.raise(1).await;
    let read = || parts.ring.after(Seq(0), 1).ok().unwrap().remove(0).frame(View::Full, Flavour::Live);
    assert_eq!(read().as_ptr(), read().as_ptr(), "an event becomes bytes once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_clients_moves_the_head_and_makes_no_frame() {
    let parts = parts();
    parts.ledger.handle.submit(Actor::Gateway, Ask::ImportClinic(Clinic::default())).await.unwrap();
    parts.follow_to(Seq(1)).await;
    assert_eq!(parts.ring.reached(), Seq(1));
    assert!(parts.ring.after(Seq(0), 10).ok().unwrap().is_empty());
    assert_eq!(parts.ring.lag(Seq(0), &listener().interest), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_the_ring_no_longer_reaches_is_told() {
    let parts = parts();
    let last = parts.raise(FEED_EVENTS_KEPT + 100).await;
    assert!(matches!(parts.ring.after(Seq(50), 1), Err(Overrun::Behind)), "event 51 is gone");
    let kept = parts.ring.after(Seq(101), usize::MAX).ok().unwrap();
    assert!(kept.windows(2).all(|pair| pair[0].seq.next() == pair[1].seq), "what is kept has no hole");
    assert_eq!(kept.last().map(|frame| frame.seq), Some(last));
    assert!(kept.len() > REPLAY_FRAMES_MAX);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_what_could_not_be_read_is_told_that_it_is_not_its_fault() {
    let parts = parts();
    let last = parts.raise(3).await;
    parts.ring.skip_to(last);
    let told = parts.ring.after(Seq(1), 10).err().unwrap();
    assert_eq!((told, Close::from(told)), (Overrun::Unread, Close::Failed));
    assert!(parts.ring.after(last, 10).unwrap().is_empty(), "who has everything goes on");
}

#[test]
fn a_state_that_waits_is_for_whom_it_was_taken() {
    let facility = Channel::Of(Topic::Facility);
    let state = || Piece::State(Bytes::from_static(b"the state"), facility.clone(), Role::Nurse);
    let sent = |change: &dyn Fn(&mut Subscriber)| {
        let (mut subscriber, mut outbox) = (Subscriber::new(Role::Nurse, Seq(0)), Outbox::default());
        subscriber.join(facility.clone(), Seq(0), false);
        outbox.push_all([state(), Piece::Bytes(Bytes::from_static(b", the next"))]);
        change(&mut subscriber);
        let mut chunk = Vec::new();
        let begun = outbox.fill(&mut chunk, 1_024, &subscriber, &mut Disclosed::default());
        (String::from_utf8(chunk).unwrap(), begun)
    };
    assert_eq!(sent(&|_| {}), ("the state, the next".into(), 2));
    assert_eq!(sent(&|it| it.change_role(Role::Viewer)), (", the next".into(), 1), "another view");
    assert_eq!(
        sent(&|it| assert!(it.leave(&Channel::Of(Topic::Facility)))),
        (", the next".into(), 1),
        "left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_begins_with_what_the_journal_kept_last() {
    let parts = parts();
    let last = parts.raise(20).await;
    let ring = Ring::open(parts.ledger.handle.feed());
    assert_eq!((ring.reached(), ring.after(Seq(0), 100).unwrap().len()), (last, 20));
}
