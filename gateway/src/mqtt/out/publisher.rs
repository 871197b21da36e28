//! The consumer of the journal that keeps the broker's retained messages as the state is.
//!
//! It holds a cursor, and the state right after it: nothing is published that is not committed. While the broker is away it
//! only moves the cursor. When the broker is back, everything is given anew: what the broker kept may be older than
//! what happened meanwhile, and another broker kept nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::retained::Retained;
use super::topics::Topics;
use super::{HOME_ASSISTANT_SETTLES, OCCUPANCY_REPEATED_EVERY, Publication, ROUND_EVERY, TOPICS_MAX};
use crate::domain::event::Seq;
use crate::ledger::{FEED_EVENTS_KEPT, Feed, Head, Snapshot};

/// Events that are taken from the feed at once.
const EVENTS_AT_ONCE: usize = 512;

/// How long the publisher waits, for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) occupancy_repeated_every: Duration,
    pub(super) home_assistant_settles: Duration,
    pub(super) round_every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            occupancy_repeated_every: OCCUPANCY_REPEATED_EVERY,
            home_assistant_settles: HOME_ASSISTANT_SETTLES,
            round_every: ROUND_EVERY,
        }
    }
}

/// What the link to the broker tells the publisher. Clones share it. Nothing here waits.
#[derive(Clone, Default)]
pub struct Publisher(Arc<Shared>);

#[derive(Default)]
struct Shared {
    words: Mutex<Words>,
    spoken: Notify,
}

/// What the link has said and the publisher has not heard yet.
#[derive(Default)]
struct Words {
    /// The link came (true) or went since the publisher last listened; the last word counts.
    connected: Option<bool>,
    home_assistant_is_online: bool,
    found: Vec<String>,
}

impl Publisher {
    /// Starts to follow `feed`, on `tasks` and until `stop`. What is to be published goes `to` the link, which takes it in
    /// order; [`PUBLICATIONS_QUEUED_MAX`](super::PUBLICATIONS_QUEUED_MAX) is a good capacity. Publishes nothing before
    /// [`Publisher::connected`].
    pub fn start(
        tasks: &TaskTracker,
        stop: CancellationToken,
        feed: Feed,
        topics: Topics,
        gateway_name: String,
        to: mpsc::Sender<Publication>,
    ) -> Self {
        Self::start_at(Pace::default(), tasks, stop, feed, Retained::new(topics, gateway_name), to)
    }

    /// Starts at a pace of its own: tests have no minutes.
    pub(super) fn start_at(
        pace: Pace,
        tasks: &TaskTracker,
        stop: CancellationToken,
        feed: Feed,
        retained: Retained,
        to: mpsc::Sender<Publication>,
    ) -> Self {
        let publisher = Self::default();
        let mut head = feed.head();
        let Head { seq, snapshot } = head.borrow_and_update().clone();
        let following = Following {
            shared: publisher.0.clone(),
            pace,
            retained,
            feed,
            head,
            cursor: seq,
            snapshot,
            is_connected: false,
            anew_at: None,
            round_at: Instant::now(),
            to,
        };
        tasks.spawn(following.run(stop));
        publisher
    }

    /// The link is connected, and has subscribed: everything is published anew, discovery first.
    pub fn connected(&self) {
        self.words().connected = Some(true);
        self.0.spoken.notify_one();
    }

    /// The link is gone: nothing more is handed to it until it is connected again.
    pub fn disconnected(&self) {
        let mut words = self.words();
        words.connected = Some(false);
        words.found.clear();
        drop(words);
        self.0.spoken.notify_one();
    }

    /// Home Assistant has come (`online` under [`Topics::home_assistant_status`]): once it has settled, everything is
    /// published anew.
    pub fn on_home_assistant_online(&self) {
        self.words().home_assistant_is_online = true;
        self.0.spoken.notify_one();
    }

    /// The broker has retained something under `name` ([`Topics::retained_filters`]). What was published in an earlier
    /// life, of a thing that is gone by now, is removed; everything else is let be.
    pub fn found(&self, name: &str) {
        let mut words = self.words();
        // Whoever fills the broker with names below ours gets no memory for it. The rest is found next time.
        if words.found.len() < TOPICS_MAX {
            words.found.push(name.to_owned());
        }
        drop(words);
        self.0.spoken.notify_one();
    }

    fn words(&self) -> MutexGuard<'_, Words> {
        self.0.words()
    }
}

impl Shared {
    fn words(&self) -> MutexGuard<'_, Words> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The publisher's task.
struct Following {
    shared: Arc<Shared>,
    pace: Pace,
    retained: Retained,
    feed: Feed,
    head: watch::Receiver<Head>,
    /// The newest event that was taken in.
    cursor: Seq,
    /// The state right after it.
    snapshot: Arc<Snapshot>,
    is_connected: bool,
    /// When everything is published anew for Home Assistant.
    anew_at: Option<Instant>,
    /// When the next round may begin.
    round_at: Instant,
    to: mpsc::Sender<Publication>,
}

impl Following {
    async fn run(mut self, stop: CancellationToken) {
        let every = self.pace.occupancy_repeated_every;
        let mut repeat = interval_at(Instant::now() + every, every);
        repeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let to = self.to.clone();
        loop {
            let has_turns = self.is_connected && self.retained.has_turns();
            let waits = self.is_connected && !has_turns && self.retained.waits();
            let (anew_at, round_at) = (self.anew_at, self.round_at);
            // Each arm is cancel safe: a place that is not taken is given back, a word and a tick wait.
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.shared.spoken.notified() => {}
                moved = self.head.changed() => if moved.is_err() { return },
                _ = repeat.tick() => self.repeat(),
                () = sleep_until(anew_at.unwrap_or_else(Instant::now)), if anew_at.is_some() => self.settled(),
                () = sleep_until(round_at), if waits => {
                    self.round_at = Instant::now() + self.pace.round_every;
                    self.retained.begin_round();
                }
                place = to.reserve(), if has_turns => match place {
                    Ok(place) => drop(self.retained.next(&self.snapshot.state).map(|next| place.send(next))),
                    // The link is gone for good.
                    Err(_) => return,
                },
            }
            self.listen();
            self.follow();
        }
    }

    /// Hears what the link has said.
    fn listen(&mut self) {
        let words = std::mem::take(&mut *self.shared.words());
        match words.connected {
            Some(true) => {
                self.is_connected = true;
                self.anew_at = None;
                self.retained.anew(&self.snapshot.state);
            }
            Some(false) => {
                self.is_connected = false;
                self.anew_at = None;
                self.retained.forget_waiting();
            }
            None => {}
        }
        if !self.is_connected {
            return;
        }
        words.found.iter().for_each(|name| self.retained.found(name));
        if words.home_assistant_is_online {
            self.anew_at.get_or_insert(Instant::now() + self.pace.home_assistant_settles);
        }
    }

    /// Takes in what was committed.
    fn follow(&mut self) {
        let Head { seq, snapshot } = self.head.borrow_and_update().clone();
        self.snapshot = snapshot;
        if self.is_connected && self.cursor < seq {
            self.take_in(seq);
        }
        self.cursor = seq;
        if self.retained.was_full() {
            tracing::warn!(
                topics_max = TOPICS_MAX,
                "more rooms, equipment and alarms than are published over MQTT: the newest of them are left out"
            );
        }
    }

    /// Takes in the events up to `head`. When they are not at hand any more, everything is compared: what they came to
    /// is in the state, and the disk is not read for it.
    fn take_in(&mut self, head: Seq) {
        let kept = u64::try_from(FEED_EVENTS_KEPT).unwrap_or(u64::MAX);
        if head.0 - self.cursor.0 > kept {
            return self.retained.compare(&self.snapshot.state);
        }
        while self.cursor < head {
            match self.feed.after(self.cursor, EVENTS_AT_ONCE) {
                Ok(Ok(events)) if !events.is_empty() => {
                    for committed in events.iter().take_while(|committed| committed.seq <= head) {
                        self.retained.follow(&committed.event, &self.snapshot.state);
                        self.cursor = committed.seq;
                    }
                }
                Ok(_) => return self.retained.compare(&self.snapshot.state),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "the journal cannot be read: everything is compared for MQTT");
                    return self.retained.compare(&self.snapshot.state);
                }
            }
        }
    }

    fn repeat(&mut self) {
        if self.is_connected {
            self.retained.repeat_occupancy(&self.snapshot.state);
        }
    }

    fn settled(&mut self) {
        self.anew_at = None;
        self.retained.anew(&self.snapshot.state);
    }
}
