//! The ring of framed events: each event becomes bytes once, and every client gets the same.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use tokio::sync::watch;

use super::outbox::Flavour;
use super::subscriber::Interest;
use super::websocket::text_frame;
use crate::domain::event::{Committed, Seq};
use crate::domain::view::View;
use crate::ledger::{FEED_EVENTS_KEPT, Feed, Head, Snapshot};
use crate::wire::channel::Audience;
use crate::wire::frame;

/// Framed events that are kept. A client that needs an older live one is too slow by far; a replay looks here first.
pub(super) const FRAMES_KEPT: usize = FEED_EVENTS_KEPT;
/// Events that are framed at a time before the readers hear of them.
const FRAMED_AT_ONCE_MAX: usize = 512;

/// A committed event, as a WebSocket frame once for each view that somebody has.
pub(super) struct Framed {
    pub(super) seq: Seq,
    /// Whom it concerns.
    pub(super) audience: Audience,
    pub(super) committed: Arc<Committed>,
    live: [OnceLock<Bytes>; View::EVERY.len()],
    replayed: [OnceLock<Bytes>; View::EVERY.len()],
}

impl Framed {
    /// Frames `committed`; `None` for what is not for clients.
    pub(super) fn new(committed: &Arc<Committed>) -> Option<Self> {
        let audience = Audience::of(committed)?;
        let (live, replayed) = Default::default();
        Some(Self { seq: committed.seq, audience, committed: committed.clone(), live, replayed })
    }

    /// The frame as `view` shows it: made by the first who asks, shared by all others.
    pub(super) fn frame(&self, view: View, flavour: Flavour) -> Bytes {
        let Some(place) = View::EVERY.iter().position(|other| *other == view) else {
            // Who sees nothing subscribes to nothing.
            return Bytes::new();
        };
        let (frames, is_replay) = match flavour {
            Flavour::Live => (&self.live, false),
            Flavour::Replay => (&self.replayed, true),
        };
        let make = || text_frame(&frame::event_text(&self.committed, view, is_replay).unwrap_or_default());
        frames[place].get_or_init(make).clone()
    }
}

/// The newest framed events, and the head that they reach. Clones share it; only the fan-out thread moves it.
#[derive(Clone)]
pub(super) struct Ring {
    frames: Arc<RwLock<Frames>>,
    head: watch::Sender<Head>,
}

#[derive(Default)]
struct Frames {
    newest: VecDeque<Arc<Framed>>,
    /// Frames up to here are gone: a reader behind it has missed something.
    gone_to: Seq,
    /// Frames up to here were never made.
    unread_to: Seq,
}

impl Frames {
    fn after(&self, cursor: Seq) -> impl Iterator<Item = &Arc<Framed>> {
        self.newest.range(self.newest.partition_point(|frame| frame.seq <= cursor)..)
    }
}

/// Events are gone that this reader has not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overrun {
    /// They were dropped: the reader is too far behind.
    Behind,
    /// The journal could not be read. Nobody has them.
    Unread,
}

impl Ring {
    /// A ring that holds what `feed` has at hand.
    pub(super) fn open(feed: &Feed) -> Self {
        let head = feed.head().borrow().clone();
        let kept = u64::try_from(FRAMES_KEPT).unwrap_or(u64::MAX);
        let from = Seq(head.seq.0.saturating_sub(kept));
        let begin = match feed.after(from, 1) {
            // A younger or trimmed journal begins later.
            Ok(Err(trimmed)) => Seq(trimmed.oldest.0.saturating_sub(1)),
            Ok(Ok(_)) => from,
            Err(_) => head.seq,
        };
        let frames = Frames { newest: VecDeque::new(), gone_to: begin, unread_to: Seq(0) };
        let ring = Self {
            frames: Arc::new(RwLock::new(frames)),
            head: watch::Sender::new(Head { seq: begin, ..head.clone() }),
        };
        while ring.reached() < head.seq {
            ring.follow(feed, &head);
        }
        ring
    }

    /// How far the frames reach.
    pub(super) fn reached(&self) -> Seq {
        self.head.borrow().seq
    }

    /// The head that the frames reach, to wait for.
    pub(super) fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// At most `max` frames after `cursor`, oldest first.
    pub(super) fn after(&self, cursor: Seq, max: usize) -> Result<Vec<Arc<Framed>>, Overrun> {
        let frames = self.frames.read().unwrap_or_else(PoisonError::into_inner);
        if cursor < frames.unread_to {
            return Err(Overrun::Unread);
        }
        if cursor < frames.gone_to {
            return Err(Overrun::Behind);
        }
        Ok(frames.after(cursor).take(max).cloned().collect())
    }

    /// True while nothing after `cursor` is gone.
    pub(super) fn reaches(&self, cursor: Seq) -> bool {
        cursor >= self.frames.read().unwrap_or_else(PoisonError::into_inner).gone_to
    }

    /// How far `cursor` is behind in what `interest` wants: events, and bytes.
    pub(super) fn lag(&self, cursor: Seq, interest: &Interest) -> (usize, usize) {
        let frames = self.frames.read().unwrap_or_else(PoisonError::into_inner);
        let wanted = frames.after(cursor).filter(|framed| interest.wants(&framed.audience));
        wanted.fold((0, 0), |(events, bytes), framed| {
            (events + 1, bytes + framed.frame(interest.view, Flavour::Live).len())
        })
    }

    /// Takes in what is committed next, on the way to `head`, and returns the new frames: all when it has reached
    /// `head`, else some.
    pub(super) fn follow(&self, feed: &Feed, head: &Head) -> Vec<Arc<Framed>> {
        let cursor = self.reached();
        let (framed, reached) = match feed.after(cursor, FRAMED_AT_ONCE_MAX) {
            Ok(Ok(events)) if !events.is_empty() => {
                let events = events.iter().take_while(|event| event.seq <= head.seq);
                let reached = events.clone().last().map_or(head.seq, |event| event.seq);
                (events.filter_map(Framed::new).map(Arc::new).collect(), reached)
            }
            Ok(Ok(_)) => (Vec::new(), head.seq),
            _ => {
                // Behind the store's own trimming, or the disk is lost, which ends the process elsewhere. Nobody is
                // left to believe that nothing happened: all have to resume.
                tracing::error!(seq = cursor.0, "committed events cannot be read; every client resumes");
                self.skip_to(head.seq);
                (Vec::new(), head.seq)
            }
        };
        self.push(&framed);
        self.head.send_replace(Head { seq: reached, snapshot: head.snapshot.clone() });
        framed
    }

    /// Wakes whoever waits for the head: something changed that is no event, such as an account.
    pub(super) fn renew(&self, snapshot: &Arc<Snapshot>) {
        self.head.send_modify(|head| head.snapshot = snapshot.clone());
    }

    fn push(&self, framed: &[Arc<Framed>]) {
        let mut frames = self.frames.write().unwrap_or_else(PoisonError::into_inner);
        frames.newest.extend(framed.iter().cloned());
        let surplus = frames.newest.len().saturating_sub(FRAMES_KEPT);
        let gone_to = frames.newest.drain(..surplus).next_back().map(|gone| gone.seq);
        frames.gone_to = gone_to.unwrap_or(frames.gone_to);
    }

    /// Gives up what is not framed up to `seq`.
    pub(super) fn skip_to(&self, seq: Seq) {
        let mut frames = self.frames.write().unwrap_or_else(PoisonError::into_inner);
        frames.newest.clear();
        (frames.gone_to, frames.unread_to) = (seq, seq);
    }
}
