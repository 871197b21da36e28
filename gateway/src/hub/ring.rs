//! The ring of framed events: each event becomes text once, and every connection reads the same bytes.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::event::{Committed, Seq};
use crate::domain::view::View;
use crate::ledger::{Feed, Head};
use crate::wire::channel::Channel;
use crate::wire::frame;

/// Framed events that are kept. A connection that needs an older one is too slow by far.
const FRAMES_KEPT: usize = 4_096;
/// Events that are framed at a time before the readers hear of them.
const FRAMED_AT_ONCE_MAX: usize = 512;

/// A committed event, as text once for each view that somebody has.
pub(super) struct Framed {
    pub(super) seq: Seq,
    /// The channels that hear of it.
    pub(super) channels: &'static [Channel],
    committed: Arc<Committed>,
    replay: bool,
    texts: [OnceLock<Utf8Bytes>; View::EVERY.len()],
}

impl Framed {
    /// Frames `committed`; `None` for what is not for clients.
    pub(super) fn new(committed: &Arc<Committed>, replay: bool) -> Option<Self> {
        let channels = frame::channels_of(&committed.event);
        let framed = || Self {
            seq: committed.seq,
            channels,
            committed: committed.clone(),
            replay,
            texts: Default::default(),
        };
        (!channels.is_empty()).then(framed)
    }

    /// The frame as `view` shows it: made by the first who asks, shared by all others.
    pub(super) fn text(&self, view: View) -> Utf8Bytes {
        let Some(place) = View::EVERY.iter().position(|other| *other == view) else {
            // Who sees nothing subscribes to nothing.
            return Utf8Bytes::default();
        };
        let made = self.texts[place]
            .get_or_init(|| frame::event_text(&self.committed, view, self.replay).unwrap_or_default().into());
        made.clone()
    }
}

/// The newest framed events, and the head that they reach.
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
}

impl Frames {
    fn after(&self, cursor: Seq) -> impl Iterator<Item = &Arc<Framed>> {
        self.newest.range(self.newest.partition_point(|frame| frame.seq <= cursor)..)
    }
}

/// Events were dropped before this reader took them.
pub(super) struct Overrun;

impl Ring {
    pub(super) fn new(head: Head) -> Self {
        Self { frames: Arc::default(), head: watch::Sender::new(head) }
    }

    /// The head that the frames reach, with the state right there.
    pub(super) fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// At most `max` frames after `cursor` and up to `to`, oldest first.
    pub(super) fn between(&self, cursor: Seq, to: Seq, max: usize) -> Result<Vec<Arc<Framed>>, Overrun> {
        let frames = self.frames.read().unwrap_or_else(PoisonError::into_inner);
        if cursor < frames.gone_to {
            return Err(Overrun);
        }
        Ok(frames.after(cursor).take_while(|frame| frame.seq <= to).take(max).cloned().collect())
    }

    /// How far `cursor` is behind: events, and bytes as `view` shows them.
    pub(super) fn lag(&self, cursor: Seq, view: View) -> (usize, usize) {
        let frames = self.frames.read().unwrap_or_else(PoisonError::into_inner);
        frames
            .after(cursor)
            .fold((0, 0), |(events, bytes), frame| (events + 1, bytes + frame.text(view).len()))
    }

    /// Frames everything that is committed, until `stop`.
    pub(super) async fn follow(self, feed: Feed, stop: CancellationToken) {
        let mut cursor = self.head.borrow().seq;
        let mut head = feed.head();
        loop {
            let next = head.borrow_and_update().clone();
            while cursor < next.seq {
                match feed.after(cursor, FRAMED_AT_ONCE_MAX) {
                    Ok(Ok(events)) if !events.is_empty() => cursor = self.push(&events, &next),
                    _ => {
                        // Falling behind the store's own trimming, or losing the disk, which ends the process
                        // elsewhere. Nobody is left to believe that nothing happened: all have to resume.
                        tracing::error!(
                            seq = cursor.0,
                            "committed events cannot be read; every client resumes"
                        );
                        self.skip_to(next.seq);
                        cursor = next.seq;
                    }
                }
            }
            self.head.send_replace(next);
            tokio::select! {
                // Cancel safe, both.
                changed = head.changed() => if changed.is_err() { return },
                () = stop.cancelled() => return,
            }
        }
    }

    /// Frames `events` as far as the head goes, and returns how far that is.
    fn push(&self, events: &[Arc<Committed>], head: &Head) -> Seq {
        let events = events.iter().take_while(|event| event.seq <= head.seq);
        let last = events.clone().last().map_or(head.seq, |event| event.seq);
        let framed: Vec<_> = events.filter_map(|event| Framed::new(event, false)).map(Arc::new).collect();
        let mut frames = self.frames.write().unwrap_or_else(PoisonError::into_inner);
        frames.newest.extend(framed);
        let surplus = frames.newest.len().saturating_sub(FRAMES_KEPT);
        let gone_to = frames.newest.drain(..surplus).next_back().map(|gone| gone.seq);
        frames.gone_to = gone_to.unwrap_or(frames.gone_to);
        last
    }

    fn skip_to(&self, seq: Seq) {
        let mut frames = self.frames.write().unwrap_or_else(PoisonError::into_inner);
        frames.newest.clear();
        frames.gone_to = seq;
    }
}
