//! New frames, joined into the writes that clients get.

use std::sync::Arc;

use super::disclosed::Disclosed;
use super::outbox::Flavour;
use super::ring::Framed;
use super::sending::JOINED_BYTES_MAX;
use super::subscriber::Interest;
use crate::domain::event::Seq;

/// Interests whose frames are kept joined at a time: four views, most of them with the same few channels. One more
/// takes the last one's place.
const BATCHES_MAX: usize = 8;

/// New frames, joined for each interest that somebody has. Buffers are used again from one delivery to the next.
#[derive(Default)]
pub(super) struct Joined {
    batches: Vec<Batch>,
    /// How many of them are of this delivery.
    made: usize,
}

/// New frames as one interest wants them.
#[derive(Default)]
pub(super) struct Batch {
    interest: Option<Interest>,
    pub(super) bytes: Vec<u8>,
    pub(super) chunks: Vec<Chunk>,
    /// What of it is about patients.
    pub(super) disclosed: Disclosed,
}

/// Frames that one write hands over.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) frames: u64,
    /// The last event in it.
    pub(super) last: Seq,
}

impl Joined {
    /// Forgets the frames before.
    pub(super) fn begin(&mut self) {
        self.made = 0;
    }

    /// What of `frames` is for `interest`: the same frames at every call since [`Joined::begin`].
    pub(super) fn of(&mut self, interest: &Interest, frames: &[Arc<Framed>]) -> &Batch {
        let made = self.batches[..self.made].iter().position(|it| it.interest.as_ref() == Some(interest));
        let at = made.unwrap_or_else(|| {
            let at = self.made.min(BATCHES_MAX - 1);
            self.made = at + 1;
            if at == self.batches.len() {
                self.batches.push(Batch::default());
            }
            self.batches[at].fill(interest, frames);
            at
        });
        &self.batches[at]
    }
}

impl Batch {
    fn fill(&mut self, interest: &Interest, frames: &[Arc<Framed>]) {
        self.interest = Some(interest.clone());
        self.bytes.clear();
        self.chunks.clear();
        self.disclosed.clear();
        for framed in frames.iter().filter(|it| interest.wants(&it.audience)) {
            let frame = framed.frame(interest.view, Flavour::Live);
            self.disclosed.add(framed, interest.view);
            let from = self.bytes.len();
            self.bytes.extend_from_slice(&frame);
            let to = self.bytes.len();
            match self.chunks.last_mut() {
                Some(chunk) if to - chunk.from <= JOINED_BYTES_MAX => {
                    (chunk.to, chunk.last, chunk.frames) = (to, framed.seq, chunk.frames + 1);
                }
                _ => self.chunks.push(Chunk { from, to, frames: 1, last: framed.seq }),
            }
        }
    }
}
