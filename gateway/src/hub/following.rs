//! The fan-out follows the journal: what is committed goes to whom it concerns, and who waited for it is answered.

use std::sync::Arc;
use std::task::Context as TaskContext;
use std::time::Instant;

use super::connection::{Connection, Phase};
use super::fanout::FanOut;
use super::ring::Framed;
use crate::domain::event::Seq;
use crate::ledger::Head;

impl FanOut {
    /// Sends what is committed, as far as it has been told.
    pub(super) fn follow_head(&mut self) {
        let waker = self.waker.clone();
        if !self.moved.poll(&mut TaskContext::from_waker(&waker)) && !self.cx.waits_for_head {
            return;
        }
        let feed = self.cx.shared.entrance.ledger.feed().clone();
        let next = feed.head().borrow().clone();
        let changes = |head: &Head| head.snapshot.state.access.changes;
        let begun = Instant::now();
        let is_other_access = changes(&next) != changes(&self.cx.head);
        self.cx.head.snapshot = next.snapshot.clone();
        if is_other_access || self.expires_at.is_some_and(|at| at <= self.cx.shared.entrance.ledger.now()) {
            self.recheck_all();
        }
        let has_news = self.cx.head.seq < next.seq;
        while self.cx.head.seq < next.seq {
            let before = self.cx.head.seq;
            let frames = self.cx.ring.follow(&feed, &next);
            self.cx.head.seq = self.cx.ring.reached();
            self.deliver(before, &frames);
        }
        if is_other_access && !has_news {
            // Event streams and polls are woken by the ring.
            self.cx.ring.renew(&next.snapshot);
        }
        if has_news {
            self.cx.shared.meters.broadcast(begun.elapsed());
        }
        self.retry_waiting();
    }

    /// Hands `frames`, which come after `before`, to every client that is there and takes more.
    pub(super) fn deliver(&mut self, before: Seq, frames: &[Arc<Framed>]) {
        let to = self.cx.head.seq;
        self.joined.begin();
        let (mut ended, mut frames_sent) = (Vec::new(), 0);
        for key in &self.listening {
            let connection = &mut self.connections[*key];
            if !connection.is_live_at(before) {
                continue;
            }
            let batch = self.joined.of(&connection.subscriber.interest, frames);
            connection.subscriber.cursor = to;
            connection.disclosed.join(&batch.disclosed);
            for chunk in &batch.chunks {
                if let Err(close) = connection.send(&batch.bytes[chunk.from..chunk.to], &self.cx) {
                    ended.push((*key, close));
                    break;
                }
                frames_sent += chunk.frames;
                if !connection.outbox.is_empty() {
                    connection.subscriber.cursor = chunk.last;
                    break;
                }
            }
            if connection.is_full() {
                self.watched.insert(*key);
            }
        }
        self.cx.shared.meters.sent(frames_sent);
        ended.into_iter().for_each(|(key, close)| self.end(key, close));
    }

    pub(super) fn recheck_all(&mut self) {
        self.expires_at = None;
        let keys: Vec<usize> = self.connections.iter().map(|(key, _)| key).collect();
        for key in keys {
            if self.connections.get(key).is_some_and(|it| !it.is_closing()) {
                self.with(key, |connection, cx| {
                    connection.recheck(cx)?;
                    connection.serve(cx)
                });
                self.note_expiry(key);
            }
        }
    }

    /// The head has moved: who waited for it is answered.
    pub(super) fn retry_waiting(&mut self) {
        if !std::mem::take(&mut self.cx.waits_for_head) {
            return;
        }
        let waits = |it: &Connection| matches!(it.phase, Phase::AwaitsHead(_));
        let waiting: Vec<usize> =
            self.connections.iter().filter(|(_, it)| waits(it)).map(|(key, _)| key).collect();
        for key in waiting {
            self.with(key, |connection, cx| {
                if let Phase::AwaitsHead(asked) = std::mem::replace(&mut connection.phase, Phase::Open) {
                    connection.subscribe(*asked, cx)?;
                }
                connection.serve(cx)
            });
        }
    }

    pub(super) fn note_expiry(&mut self, key: usize) {
        let expires_at = self.connections.get(key).and_then(|it| it.bearer.expires_at());
        self.expires_at = [self.expires_at, expires_at].into_iter().flatten().min();
    }
}
