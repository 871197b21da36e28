//! The publisher, behind a real ledger. The test is the link: it takes from the channel, or does not.

use std::time::Duration;

use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::command::{Ask, Clinic, SetRoomStatus, StaffStatus};
use crate::domain::room::RoomKind;
use crate::domain::rules::Rules;
use crate::ledger::{Clock, Ledger, Settings};
use crate::mqtt::out::publisher::{Pace, Publisher};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);
const ROOM: &str = "caresync/clinic-1/room/room-1";

struct Parts {
    ledger: Ledger,
    publisher: Publisher,
    link: Receiver<Publication>,
    shelf: Shelf,
    tasks: TaskTracker,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

/// A ledger with one room and one piece of equipment, and a link that takes so many publications.
async fn parts(places: usize) -> Parts {
    parts_at(Pace::default(), places).await
}

async fn parts_at(pace: Pace, places: usize) -> Parts {
    let folder = tempfile::tempdir().unwrap();
    let journal_kept = Duration::from_secs(3_600);
    let settings = Settings {
        cache_mib: 16,
        journal_kept,
        readings_kept: journal_kept,
        audit_kept: journal_kept,
        budget_bytes: None,
        clock: Clock::System,
        rules: Rules::default(),
    };
    let ledger = Ledger::open(folder.path(), settings).unwrap();
    let clinic = Clinic {
        rooms: vec![("room-1".parse().unwrap(), "Exam 1".into(), RoomKind::Examination)],
        equipment: vec![("eq-1".parse().unwrap(), "Ultrasound".into(), "ultrasound".into(), None)],
        doctors: Vec::new(),
    };
    ledger.handle.submit(Actor::Gateway, Ask::ImportClinic(clinic)).await.unwrap();
    let (tasks, stop, (to, link)) = (TaskTracker::new(), CancellationToken::new(), mpsc::channel(places));
    let feed = ledger.handle.feed().clone();
    // The answer comes before the broadcast: a publisher of the empty state would tell some things twice.
    let imported = ledger.handle.snapshot().seq;
    feed.head().wait_for(|head| head.seq >= imported).await.unwrap();
    let retained = Retained::new(topics(), "The clinic".into());
    let publisher = Publisher::start_at(pace, &tasks, stop.clone(), feed, retained, to);
    Parts { ledger, publisher, link, shelf: Shelf::default(), tasks, stop, _folder: folder }
}

impl Parts {
    async fn set(&self, status: StaffStatus) {
        let room_id = "room-1".parse().unwrap();
        let (current_doctor_id, current_patient_id, estimated_available_at) = (None, None, None);
        let set =
            SetRoomStatus { room_id, status, current_doctor_id, current_patient_id, estimated_available_at };
        self.ledger.handle.submit(Actor::Console, Ask::SetRoomStatus(set)).await.unwrap();
    }

    async fn take(&mut self) -> Publication {
        let publication = timeout(PATIENCE, self.link.recv()).await.unwrap().unwrap();
        self.shelf.take(publication.clone());
        publication
    }

    /// Takes until the shelf is what the state makes, and returns the topics.
    async fn take_until_told(&mut self) -> Vec<String> {
        let expected = Shelf::of(&self.ledger.handle.snapshot().state);
        let (mut topics, begun) = (Vec::new(), Instant::now());
        while self.shelf != expected {
            assert!(begun.elapsed() < PATIENCE, "not told in time: {topics:?}");
            topics.push(self.take().await.topic);
        }
        topics
    }

    /// Ends the publisher and returns what it had handed over that nobody took.
    async fn end(mut self) -> Vec<Publication> {
        self.stop.cancel();
        self.tasks.close();
        timeout(PATIENCE, self.tasks.wait()).await.unwrap();
        std::iter::from_fn(|| self.link.try_recv().ok()).collect()
    }
}

fn notice(n: usize) -> AlarmNotice {
    let (subject, text, remedy) = (format!("subject-{n}"), String::new(), String::new());
    AlarmNotice { cause: AlarmCause::StoreRecovered, subject, text, remedy, children: Vec::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_before_the_link_is_connected() {
    let parts = parts(64).await;
    parts.set(StaffStatus::Occupied).await;
    assert_eq!(parts.end().await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_connects_gets_everything_and_then_what_happens() {
    let mut parts = parts(64).await;
    parts.publisher.connected();
    let first = parts.take_until_told().await;
    assert!(first[0].starts_with("homeassistant/device/"), "{first:?}");
    parts.set(StaffStatus::Occupied).await;
    let told = parts.take_until_told().await;
    assert_eq!(parts.shelf.text(&format!("{ROOM}/occupancy")), Some("ON"));
    assert!(told.iter().all(|topic| topic.starts_with(ROOM) || topic.ends_with("/summary")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_committed() {
    let mut parts = parts(64).await;
    parts.publisher.connected();
    parts.take_until_told().await;
    for n in 0..50 {
        let handle = parts.ledger.handle.clone();
        let asked = handle.submit(Actor::Gateway, Ask::RaiseAlarm(notice(n)));
        let (receipt, _) = tokio::join!(asked, async {
            // Whatever comes while the command is on its way is in the snapshot when it comes.
            while let Ok(publication) = timeout(Duration::from_millis(1), parts.link.recv()).await {
                let publication = publication.unwrap();
                let now = Shelf::of(&handle.snapshot().state);
                let is_alarm = publication.topic.contains("/alarm/");
                assert!(!is_alarm || now.text(&publication.topic).is_some(), "{}", publication.topic);
                parts.shelf.take(publication);
            }
        });
        receipt.unwrap();
    }
    parts.take_until_told().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_link_gets_the_newest_word_and_few_of_those_before() {
    const ALARMS: usize = 3;
    let mut parts = parts(1).await;
    parts.publisher.connected();
    parts.take_until_told().await;
    for n in 0..200 {
        let ask = if n % 2 == 0 {
            Ask::RaiseAlarm(notice(n % ALARMS))
        } else {
            Ask::ClearAlarm(notice(n % ALARMS).id())
        };
        let handle = parts.ledger.handle.clone();
        handle.submit(Actor::Gateway, ask).await.unwrap();
    }
    let events = parts.ledger.handle.snapshot().seq.0;
    assert!(events > 100, "{events}");
    let told = parts.take_until_told().await;
    // One of each topic, and what was on its way before.
    assert!(told.len() <= ALARMS + 1 + 3, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_the_link_was_away_is_told_when_it_is_back() {
    let mut parts = parts(64).await;
    parts.ledger.handle.submit(Actor::Gateway, Ask::RaiseAlarm(notice(1))).await.unwrap();
    parts.publisher.connected();
    parts.take_until_told().await;
    parts.publisher.disconnected();
    parts.set(StaffStatus::Maintenance).await;
    parts.ledger.handle.submit(Actor::Gateway, Ask::ClearAlarm(notice(1).id())).await.unwrap();
    parts.publisher.connected();
    let told = parts.take_until_told().await;
    assert!(told.contains(&"caresync/clinic-1/alarm/store_recovered:subject-1".to_owned()), "{told:?}");
    assert_eq!(parts.shelf.json(&format!("{ROOM}/state"))["status"], "maintenance");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_broker_that_retained_nothing_is_told_everything() {
    let mut parts = parts(64).await;
    parts.publisher.connected();
    parts.take_until_told().await;
    parts.shelf = Shelf::default();
    parts.publisher.connected();
    parts.take_until_told().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_kept_of_a_thing_that_is_gone_is_removed() {
    let mut parts = parts(64).await;
    let ghost = Publication::fact("caresync/clinic-1/room/room-9/state".into(), "{}".into());
    parts.shelf.take(ghost.clone());
    parts.publisher.connected();
    parts.publisher.found(&ghost.topic);
    let told = parts.take_until_told().await;
    assert!(told.contains(&ghost.topic));
}

#[tokio::test(flavor = "multi_thread")]
async fn occupancy_is_said_again_in_time_and_nothing_else_is() {
    let every = Duration::from_millis(50);
    let mut parts = parts_at(Pace { occupancy_repeated_every: every, ..Pace::default() }, 64).await;
    parts.publisher.connected();
    parts.take_until_told().await;
    let begun = Instant::now();
    for _ in 0..4 {
        assert_eq!(parts.take().await.topic, format!("{ROOM}/occupancy"));
    }
    assert!(begun.elapsed() >= 2 * every, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_all_the_time_is_told_once_a_round_with_the_newest_word() {
    let round_every = Duration::from_millis(500);
    let mut parts = parts_at(Pace { round_every, ..Pace::default() }, 64).await;
    parts.publisher.connected();
    parts.take_until_told().await;
    let begun = Instant::now();
    for status in [StaffStatus::Maintenance, StaffStatus::Available].into_iter().cycle().take(20) {
        parts.set(status).await;
    }
    parts.set(StaffStatus::Maintenance).await;
    let told = parts.take_until_told().await;
    let told = told.iter().filter(|topic| **topic == format!("{ROOM}/state")).count();
    let rounds = begun.elapsed().as_millis() / round_every.as_millis() + 2;
    assert!(told as u128 <= rounds, "{told} in {rounds} rounds");
}

#[tokio::test(flavor = "multi_thread")]
async fn home_assistant_gets_everything_anew_once_however_often_it_comes() {
    let home_assistant_settles = Duration::from_millis(500);
    let mut parts = parts_at(Pace { home_assistant_settles, ..Pace::default() }, 64).await;
    parts.publisher.connected();
    let everything = parts.take_until_told().await;
    let begun = Instant::now();
    for _ in 0..100 {
        parts.publisher.on_home_assistant_online();
        tokio::task::yield_now().await;
    }
    let mut again = Vec::new();
    for _ in 0..everything.len() {
        again.push(parts.take().await.topic);
    }
    assert_eq!(again, everything);
    assert!(begun.elapsed() >= home_assistant_settles);
    parts.set(StaffStatus::Maintenance).await;
    assert_eq!(parts.take().await.topic, format!("{ROOM}/state"), "what happens next is news");
}
