//! The fan-out follows the journal: what is committed goes to whom it concerns, and who waited for it is answered.

use std::sync::Arc;
use std::task::Context as TaskContext;
use std::time::Instant;

use super::connection::{Client, Connection, Phase};
use super::fanout::FanOut;
use super::ring::Framed;
use super::subscriber::Interest;
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

    /// Hands `frames`, which come after `before`, to every client that has all until then, and takes more.
    pub(super) fn deliver(&mut self, before: Seq, frames: &[Arc<Framed>]) {
        if !self.cx.ring.reaches(before) {
            return self.all_have_missed(before);
        }
        self.joined.begin();
        let (mut fallen, mut frames_sent) = (Vec::new(), 0);
        for (key, client) in &mut self.clients {
            let Some(cohort) = client.cohort else { continue };
            let batch = self.joined.of(cohort, &mut self.cohorts, frames);
            for chunk in &batch.chunks {
                let bytes = &batch.bytes[chunk.from..chunk.to];
                let written = client.socket.write(bytes);
                frames_sent += written.as_ref().map_or(0, |_| chunk.frames);
                let is_all_taken = matches!(written, Ok(taken) if taken == bytes.len());
                if !(is_all_taken && client.socket.is_flushed()) {
                    client.connection.subscriber.cursor = chunk.last;
                    let kept = written.map(|taken| client.connection.keep(&bytes[taken..], &self.cx));
                    fallen.push((key, kept));
                    break;
                }
            }
        }
        self.cx.shared.meters.sent(frames_sent);
        for (key, kept) in fallen {
            match kept {
                Ok(()) => self.settle(key),
                Err(error) => self.end(key, error.into()),
            }
        }
    }

    /// What came after `before` cannot be had: whoever had everything is told so when it asks for the rest.
    fn all_have_missed(&mut self, before: Seq) {
        let keys: Vec<usize> = self.clients.iter().map(|(key, _)| key).collect();
        for key in keys {
            if let Some(client) = self.clients.get_mut(key)
                && client.cohort.is_some()
            {
                client.connection.subscriber.cursor = before;
                self.move_to_cohort(key, None);
                self.with(key, Client::serve);
            }
        }
    }

    /// Puts a client into the cohort of `interest`, or none.
    pub(super) fn move_to_cohort(&mut self, key: usize, interest: Option<&Interest>) {
        self.share_out_disclosed();
        self.cohorts.settle(&mut self.clients[key].cohort, interest);
    }

    /// Notes with each client what its cohort was sent about patients.
    pub(super) fn share_out_disclosed(&mut self) {
        if !self.cohorts.has_disclosed() {
            return;
        }
        for (_, Client { cohort, connection, .. }) in &mut self.clients {
            if let Some(id) = cohort {
                connection.disclosed.join(self.cohorts.disclosed(*id));
            }
        }
        self.cohorts.forget_disclosed();
    }

    /// Writes the cursors down of those who have everything up to the head.
    pub(super) fn note_cursors(&mut self) {
        for (_, client) in self.clients.iter_mut().filter(|(_, client)| client.cohort.is_some()) {
            client.connection.subscriber.cursor = self.cx.head.seq;
        }
    }

    pub(super) fn recheck_all(&mut self) {
        self.expires_at = None;
        let keys: Vec<usize> = self.clients.iter().map(|(key, _)| key).collect();
        for key in keys {
            if self.clients.get(key).is_some_and(|it| !it.connection.is_closing()) {
                self.with(key, |client, cx| {
                    client.connection.recheck(cx)?;
                    client.serve(cx)
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
            self.connections().filter(|(_, it)| waits(it)).map(|(key, _)| key).collect();
        for key in waiting {
            self.with(key, |client, cx| {
                match std::mem::replace(&mut client.connection.phase, Phase::Open) {
                    Phase::AwaitsHead(asked) => client.connection.subscribe(*asked, cx)?,
                    // What another's answer made of it meanwhile, such as closing.
                    other => client.connection.phase = other,
                }
                client.serve(cx)
            });
        }
    }

    pub(super) fn note_expiry(&mut self, key: usize) {
        let expires_at = self.clients.get(key).and_then(|it| it.connection.bearer.expires_at());
        self.expires_at = [self.expires_at, expires_at].into_iter().flatten().min();
    }
}
