//! New frames, joined into the writes that the clients of a cohort get.

use std::sync::Arc;

use super::cohorts::{CohortId, Cohorts};
use super::disclosed::Disclosed;
use super::outbox::Flavour;
use super::ring::Framed;
use super::sending::JOINED_BYTES_MAX;
use super::subscriber::Interest;
use crate::domain::event::Seq;

/// Cohorts whose frames are kept joined at a time: four views, most of them with the same few channels. Who acts for
/// doctors hears channels of its own, so that there may be more; those that were asked for last are kept.
const BATCHES_MAX: usize = 8;

/// New frames, joined for each cohort. Buffers are used again from one delivery to the next.
#[derive(Default)]
pub(super) struct Joined {
    /// Those of this delivery first, the newest of them at the front.
    batches: Vec<Batch>,
    /// How many of them are of this delivery.
    made: usize,
}

/// New frames as one cohort wants them.
#[derive(Default)]
pub(super) struct Batch {
    cohort: Option<CohortId>,
    pub(super) bytes: Vec<u8>,
    pub(super) chunks: Vec<Chunk>,
    /// What of it is about patients.
    disclosed: Disclosed,
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

    /// What of `frames` is for `cohort`: the same frames at every call since [`Joined::begin`]. What is about patients is
    /// noted with the cohort.
    pub(super) fn of(&mut self, cohort: CohortId, cohorts: &mut Cohorts, frames: &[Arc<Framed>]) -> &Batch {
        let made = self.batches[..self.made].iter().position(|it| it.cohort == Some(cohort));
        let at = made.unwrap_or_else(|| self.replaced());
        self.batches[..=at].rotate_right(1);
        let batch = &mut self.batches[0];
        if made.is_none() {
            batch.cohort = Some(cohort);
            batch.fill(cohorts.interest(cohort), frames);
            cohorts.disclose(cohort, &batch.disclosed);
        }
        batch
    }

    /// The place of one that may become another cohort's: one more while there may be more, else the oldest.
    fn replaced(&mut self) -> usize {
        self.made = (self.made + 1).min(BATCHES_MAX);
        if self.batches.len() < self.made {
            self.batches.push(Batch::default());
        }
        self.made - 1
    }
}

impl Batch {
    fn fill(&mut self, interest: &Interest, frames: &[Arc<Framed>]) {
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
