//! What a client has still to be sent, in order. Empty for every client whose socket takes what it gets.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Buf, Bytes};

use super::disclosed::Disclosed;
use super::ring::Framed;
use super::subscriber::Subscriber;
use crate::domain::role::Role;
use crate::wire::channel::Channel;

/// Something to send.
pub(super) enum Piece {
    /// Whole frames, or what is left of one.
    Bytes(Bytes),
    /// The state of a channel, as a role sees it: for nobody else, should the client be that by then.
    State(Bytes, Channel, Role),
    /// An event, becoming bytes when its turn comes.
    Event(Arc<Framed>, Flavour),
}

/// How an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    /// As it happens.
    Live,
    /// Again, marked `replay`.
    Replay,
}

/// What has still to be sent.
#[derive(Default)]
pub(super) struct Outbox {
    /// The rest of a chunk that the socket took a part of.
    unsent: Bytes,
    queue: VecDeque<Piece>,
    /// The first piece is the rest of a frame whose beginning is on its way.
    is_split: bool,
}

impl Outbox {
    pub(super) fn push(&mut self, piece: Piece) {
        self.queue.push_back(piece);
    }

    pub(super) fn push_all(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.queue.extend(pieces);
    }

    /// How many frames wait that are no events.
    pub(super) fn said(&self) -> usize {
        self.queue.iter().filter(|piece| matches!(piece, Piece::Bytes(_))).count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unsent.is_empty() && self.queue.is_empty()
    }

    /// The rest of the last chunk: nothing may be sent before it.
    pub(super) fn unsent(&self) -> &[u8] {
        &self.unsent
    }

    /// The socket took so much of the rest.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.unsent.advance(bytes);
        if self.unsent.is_empty() {
            // Lets its memory go.
            self.unsent = Bytes::new();
        }
    }

    /// Keeps the rest of a chunk that the socket did not take.
    pub(super) fn keep(&mut self, rest: &[u8]) {
        debug_assert!(self.unsent.is_empty(), "a chunk is made when the one before is sent");
        self.unsent = Bytes::copy_from_slice(rest);
    }

    /// Moves what is next into `chunk`, up to `bytes_max` of it, and returns how many frames were begun.
    pub(super) fn fill(
        &mut self,
        chunk: &mut Vec<u8>,
        bytes_max: usize,
        subscriber: &Subscriber,
        disclosed: &mut Disclosed,
    ) -> u64 {
        let interest = &subscriber.interest;
        let mut begun = 0;
        while chunk.len() < bytes_max {
            let room = bytes_max - chunk.len();
            match self.queue.pop_front() {
                None => break,
                Some(Piece::Bytes(mut bytes)) => {
                    begun += u64::from(!self.is_split);
                    self.is_split = bytes.len() > room;
                    chunk.extend_from_slice(&bytes.split_to(room.min(bytes.len())));
                    if self.is_split {
                        self.queue.push_front(Piece::Bytes(bytes));
                    }
                }
                Some(Piece::State(bytes, channel, role)) => {
                    if role == subscriber.role && subscriber.is_in(&channel) {
                        // Begun, it is a frame like any other.
                        self.queue.push_front(Piece::Bytes(bytes));
                    }
                }
                // The rights may have changed while it waited.
                Some(Piece::Event(framed, flavour)) if interest.wants(&framed.audience) => {
                    begun += 1;
                    disclosed.add(&framed, interest.view);
                    chunk.extend_from_slice(&framed.frame(interest.view, flavour));
                }
                Some(Piece::Event(..)) => {}
            }
        }
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
        begun
    }

    /// Forgets what was not begun. False when a frame is half on its way, so that nothing else can be said.
    pub(super) fn clear(&mut self) -> bool {
        self.queue = VecDeque::new();
        !std::mem::take(&mut self.is_split)
    }
}
