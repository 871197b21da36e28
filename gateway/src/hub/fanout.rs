//! The fan-out: one thread that owns every WebSocket client's socket, and never waits for any of them.
//!
//! # Why a thread of its own
//!
//! An event goes to every client that hears its channel, so what a delivery costs is what the hub costs. A task per
//! client costs a wake-up, a timer and a buffer each; here an event costs each client one `write` of bytes that were
//! made once. Handing a single event to the kernel takes 6 to 7 µs and nothing can be gained there; what comes in
//! bursts is joined into writes of up to 16 KiB, which is where most is gained (docs/capacity.md).
//!
//! # How it goes
//!
//! The thread sleeps in one `poll` for four things: a socket that can be read or takes more, the journal's head that
//! moved, a message in its inbox, and the next tick. The head is watched as a future whose waker wakes the `poll`, so
//! there is no task between the ledger and this thread.
//!
//! When the head moves, the new events are framed ([`super::ring`]), once for each view that somebody has. Proofs are
//! looked at again if anything about accounts changed, before anything is sent. Then every client that is at the old
//! head and takes more gets the new frames: clients with the same interest are a cohort ([`super::cohorts`]) and get
//! the very same chunk. A client whose socket is full is left alone until the system says that it takes more; it is a
//! cursor into the ring, and costs nothing meanwhile. The tick looks at full sockets four times a second, and once a
//! second at everything else: pings (each client has its own second), the end of proofs, presence.
//!
//! What may take long is done elsewhere: replays from the disk and snapshots are fetched by errands on the runtime
//! ([`super::errand`]), and come back by the inbox.
//!
//! # What it relies on
//!
//! Sockets are watched edge-triggered: a socket is read until it is empty and written until it is full, or the next
//! edge never comes ([`Connection::serve`] does both). A client's key is used again after it has gone, so that what
//! comes back late names the client's id too.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::{Events, Poll, Token};
use slab::Slab;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::Shared;
use super::close::Close;
use super::cohorts::Cohorts;
use super::connection::{Client, Connection};
use super::days;
use super::errand::Errand;
use super::inbox::Message;
use super::joined::Joined;
use super::outbox::Piece;
use super::presence::Presence;
use super::ring::Ring;
use super::roster::Census;
use super::sending::JOINED_BYTES_MAX;
use super::told::{Coming, Told};
use super::trouble::Trouble;
use super::wake::{Moved, WakePoll};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::ledger::Head;

/// Messages that may wait for the thread; their senders wait beyond it.
pub(super) const INBOX_MAX: usize = 1_024;
/// Sockets that one `poll` tells of.
const EVENTS_AT_ONCE: usize = 1_024;
/// What is read from a socket at a time, in bytes.
pub(super) const READ_BYTES: usize = 16 * 1024;
/// How often full and closing sockets are looked at.
const TICK: Duration = Duration::from_millis(250);
/// How often everything else is.
const SECOND: Duration = Duration::from_secs(1);
/// Frames without a seq that may wait for one client: who takes none of them is too slow.
const TOLD_MAX: usize = 256;
/// How often what was sent about patients goes into the audit trail, of a client that stays.
const DISCLOSED_EVERY_S: u64 = 3_600;
/// The token of the waker; clients have the others.
const WAKER: Token = Token(usize::MAX);

/// What every client of the thread shares.
pub(super) struct Context {
    pub(super) shared: Arc<Shared>,
    pub(super) ring: Ring,
    /// How far the ring reaches, with the state right there.
    pub(super) head: Head,
    pub(super) now: Instant,
    pub(super) presence: Presence,
    /// What is read from a socket, before it is anybody's.
    pub(super) buffer: Vec<u8>,
    /// What is about to be written to a socket.
    pub(super) chunk: Vec<u8>,
    /// Somebody waits for the head to move.
    pub(super) waits_for_head: bool,
    told: VecDeque<Told>,
    errands: Vec<Errand>,
}

impl Context {
    /// Tells the clients of a channel, after what is under way.
    pub(super) fn tell(&mut self, told: Told) {
        self.told.push_back(told);
    }

    /// Sends for what the client under way needs.
    pub(super) fn errand(&mut self, errand: Errand) {
        self.errands.push(errand);
    }
}

/// The thread's own.
pub(super) struct FanOut {
    pub(super) cx: Context,
    pub(super) poll: Poll,
    pub(super) waker: Waker,
    pub(super) runtime: Handle,
    pub(super) inbox: mpsc::Receiver<Message>,
    pub(super) moved: Moved,
    pub(super) clients: Slab<Client>,
    /// Clients that hear something.
    pub(super) listening: BTreeSet<usize>,
    /// What those of them hear that have everything up to the head.
    pub(super) cohorts: Cohorts,
    /// Clients whose sockets are full, or that are on their way out.
    pub(super) watched: BTreeSet<usize>,
    pub(super) trouble: Trouble,
    pub(super) by_user: HashMap<UserId, VecDeque<(usize, Uuid)>>,
    pub(super) joined: Joined,
    /// When the first proof of all ends by itself.
    pub(super) expires_at: Option<Timestamp>,
    pub(super) ticked_at: Instant,
    pub(super) second_at: Instant,
    pub(super) seconds: u64,
    pub(super) stopping: Option<(Instant, oneshot::Sender<()>)>,
}

impl FanOut {
    /// Makes the thread's own; [`FanOut::run`] is the thread.
    ///
    /// # Errors
    ///
    /// The system has no more descriptors for it.
    pub(super) fn new(shared: Arc<Shared>, inbox: mpsc::Receiver<Message>) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Waker::from(Arc::new(WakePoll(mio::Waker::new(poll.registry(), WAKER)?)));
        let moved = Moved::of(shared.entrance.ledger.feed().head());
        let (now, ring) = (Instant::now(), shared.ring.clone());
        let head = ring.head().borrow().clone();
        let cx = Context {
            shared,
            ring,
            head,
            now,
            presence: Presence::default(),
            buffer: vec![0; READ_BYTES],
            chunk: Vec::with_capacity(2 * JOINED_BYTES_MAX),
            waits_for_head: false,
            told: VecDeque::new(),
            errands: Vec::new(),
        };
        Census::default().show(&cx);
        Ok(Self {
            cx,
            poll,
            waker,
            runtime: Handle::current(),
            inbox,
            moved,
            clients: Slab::new(),
            listening: BTreeSet::new(),
            cohorts: Cohorts::default(),
            watched: BTreeSet::new(),
            trouble: Trouble::default(),
            by_user: HashMap::new(),
            joined: Joined::default(),
            expires_at: None,
            ticked_at: now,
            second_at: now,
            seconds: 0,
            stopping: None,
        })
    }

    /// The thread.
    ///
    /// # Errors
    ///
    /// The system's `poll` fails: nothing can be served any more.
    pub(super) fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(EVENTS_AT_ONCE);
        // Looked at once, both know whom to wake. The head may have moved since the ring was opened.
        self.cx.waits_for_head = true;
        self.follow_head();
        self.take_messages();
        loop {
            match self.poll.poll(&mut events, self.timeout()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                polled => polled?,
            }
            self.cx.now = Instant::now();
            // What is new goes out before anything is read: an answer then holds for the newest head.
            self.follow_head();
            for event in &events {
                self.ready(event);
            }
            self.take_messages();
            if self.cx.waits_for_head {
                self.follow_head();
            }
            self.tick();
            if let Some((until, _)) = &self.stopping
                && (self.clients.is_empty() || *until <= self.cx.now)
            {
                return Ok(());
            }
        }
    }

    /// Until when nothing has to be done.
    fn timeout(&self) -> Option<Duration> {
        let (since, every) = match () {
            () if !self.watched.is_empty() || self.stopping.is_some() => (self.ticked_at, TICK),
            () if !self.clients.is_empty() || !self.cx.presence.is_empty() => (self.second_at, SECOND),
            () => return None,
        };
        Some((since + every).saturating_duration_since(Instant::now()))
    }

    fn ready(&mut self, event: &Event) {
        if event.token() != WAKER {
            self.with(event.token().0, Client::serve);
        }
    }

    /// Each client with its key, without its socket.
    pub(super) fn connections(&self) -> impl Iterator<Item = (usize, &Connection)> {
        self.clients.iter().map(|(key, client)| (key, &*client.connection))
    }

    /// Lets a client do something, and sees to what comes of it.
    pub(super) fn with(
        &mut self,
        key: usize,
        act: impl FnOnce(&mut Client, &mut Context) -> Result<(), Close>,
    ) {
        self.act(key, act);
        self.spread();
    }

    fn act(&mut self, key: usize, act: impl FnOnce(&mut Client, &mut Context) -> Result<(), Close>) {
        let Some(client) = self.clients.get_mut(key) else { return };
        if client.cohort.is_some() {
            client.connection.subscriber.cursor = self.cx.head.seq;
        }
        let done = act(client, &mut self.cx);
        let client_id = client.connection.identity.client_id;
        for errand in self.cx.errands.drain(..) {
            self.runtime.spawn(errand.run(self.cx.shared.clone(), key, client_id));
        }
        match done {
            Ok(()) => self.settle(key),
            Err(close) => self.end(key, close),
        }
    }

    /// Files a client by what it needs now.
    pub(super) fn settle(&mut self, key: usize) {
        let Client { cohort, connection, .. } = &self.clients[key];
        let hears = !connection.interest().is_empty() && !connection.is_closing();
        if hears {
            self.listening.insert(key);
        } else {
            self.listening.remove(&key);
        }
        if connection.is_full() || connection.is_closing() {
            self.watched.insert(key);
        } else {
            self.watched.remove(&key);
        }
        let is_live = hears && connection.is_live_at(self.cx.head.seq);
        let interest = is_live.then_some(connection.interest());
        if !self.cohorts.is_settled(*cohort, interest) {
            let interest = interest.cloned();
            self.move_to_cohort(key, interest.as_ref());
        }
    }

    /// Begins the end of a client, or ends it when it has begun or nothing can be said.
    pub(super) fn end(&mut self, key: usize, close: Close) {
        self.move_to_cohort(key, None);
        let Client { socket, connection, .. } = &mut self.clients[key];
        if !connection.is_closing() {
            tracing::debug!(?close, client.id = %connection.identity.client_id, "a connection ends");
            self.cx.shared.meters.closed(close);
            self.trouble.note(close, self.cx.now);
            connection.disclose(&self.cx);
            connection.leave_all(&mut self.cx);
            if connection.begin_close(socket, close, &mut self.cx) {
                return self.settle(key);
            }
        }
        let mut gone = self.clients.remove(key);
        self.listening.remove(&key);
        self.watched.remove(&key);
        if let Some(user) = gone.connection.user().cloned()
            && let Some(keys) = self.by_user.get_mut(&user)
        {
            keys.retain(|(_, id)| *id != gone.connection.identity.client_id);
            if keys.is_empty() {
                self.by_user.remove(&user);
            }
        }
        // Dropped, the socket closes; that it was watched until then is forgotten with it.
        drop(self.poll.registry().deregister(&mut gone.socket.stream));
        self.cx.shared.meters.clients(self.clients.len());
    }

    /// Tells what clients said about themselves to those whom it concerns.
    fn spread(&mut self) {
        while let Some(told) = self.cx.told.pop_front() {
            for key in self.listening.iter().copied().collect::<Vec<_>>() {
                let Some(client) = self.clients.get(key) else { continue };
                let Some(frame) = told.frame_for(&client.connection).cloned() else { continue };
                self.act(key, |client, cx| {
                    if client.connection.outbox.said() >= TOLD_MAX {
                        return Err(Close::TooSlow);
                    }
                    client.connection.outbox.push(Piece::Bytes(frame));
                    client.serve(cx)
                });
            }
        }
    }

    fn tick(&mut self) {
        let now = self.cx.now;
        if now >= self.ticked_at + TICK {
            self.ticked_at = now;
            for key in self.watched.iter().copied().collect::<Vec<_>>() {
                let Some(Client { connection, .. }) = self.clients.get(key) else { continue };
                if connection.is_over(now) {
                    self.end(key, Close::Gone);
                } else if !connection.is_closing()
                    && let Err(close) = connection.check_lag(&self.cx)
                {
                    self.end(key, close);
                }
            }
        }
        if now >= self.second_at + SECOND {
            self.second_at = now;
            self.seconds += 1;
            self.each_second();
        }
    }

    fn each_second(&mut self) {
        let every = self.cx.shared.limits.ping_s;
        let is_due = |key: usize| (key as u64).wrapping_add(self.seconds).is_multiple_of(every);
        let due: Vec<usize> = self.clients.iter().map(|(key, _)| key).filter(|key| is_due(*key)).collect();
        for key in due {
            self.with(key, |Client { socket, connection, .. }, cx| connection.ping(socket, cx));
        }
        let seconds = self.seconds;
        let is_due = |key: usize| (key as u64).wrapping_add(seconds).is_multiple_of(DISCLOSED_EVERY_S);
        if self.clients.iter().any(|(key, _)| is_due(key)) {
            self.share_out_disclosed();
        }
        for (_, client) in self.clients.iter_mut().filter(|(key, _)| is_due(*key)) {
            client.connection.disclose(&self.cx);
        }
        self.tell_readings();
        self.census().show(&self.cx);
        self.trouble.tell(&self.cx);
        if self.seconds.is_multiple_of(days::EVERY_S) {
            let shared = self.cx.shared.clone();
            self.cx.shared.tasks.spawn_on(async move { shared.hand_over_counts().await }, &self.runtime);
        }
        if self.expires_at.is_some_and(|at| at <= self.cx.shared.entrance.ledger.now()) {
            self.recheck_all();
        }
        for (channel, user) in self.cx.presence.sweep(self.cx.now) {
            let told = Told::presence(Coming::Left, &channel, &user, Uuid::nil(), &self.cx);
            self.cx.tell(told);
        }
        self.spread();
    }
}
