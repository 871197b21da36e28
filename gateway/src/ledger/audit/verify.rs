//! Reads the whole chain and says where it breaks.

use std::fmt;

use super::{REPAIRED, hash};
use crate::domain::digest::Digest;
use crate::store::{Link, Store, StoreError};

/// Breaks that one report names; a trail with more of them is damaged all over.
const BREAKS_MAX: usize = 16;

/// What the chain looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChainReport {
    /// How many entries there are.
    pub entries: u64,
    /// The oldest one.
    pub first: Option<u64>,
    /// The head as the last entry gives it.
    pub head: Link,
    /// Where the chain breaks, oldest first.
    pub breaks: Vec<Break>,
    /// Entries that say that the gateway found the trail's end damaged and went on.
    pub repaired: Vec<u64>,
}

/// A place at which the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The entry.
    pub n: u64,
    /// What is wrong with it.
    pub damage: Damage,
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is gone, and so is everything after it up to this one.
    Missing {
        /// The last one that is gone.
        up_to: u64,
    },
    /// It cannot be read.
    Unreadable,
    /// It was changed after it was written.
    Altered,
    /// The record of where the trail begins was changed or is gone.
    Anchor,
    /// The record of where the trail ends was changed or is gone.
    Head,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.n;
        match self.damage {
            Damage::Missing { up_to } if up_to == n => write!(f, "entry {n} is missing"),
            Damage::Missing { up_to } => write!(f, "entries {n} to {up_to} are missing"),
            Damage::Unreadable => write!(f, "entry {n} cannot be read"),
            Damage::Altered => write!(f, "entry {n} was changed after it was written"),
            Damage::Anchor => {
                write!(f, "the record of what was trimmed before entry {n} was changed or is gone")
            }
            Damage::Head => write!(f, "the record of the trail's end after entry {n} was changed or is gone"),
        }
    }
}

/// Reads the whole audit trail.
///
/// # Errors
///
/// When the disk cannot be read. What is wrong with the trail is in the report.
pub fn verify(store: &Store) -> Result<ChainReport, StoreError> {
    let anchor = readable(store.audit_anchor())?;
    let mut reading = Reading {
        report: ChainReport::default(),
        last: anchor.ok().flatten().unwrap_or_default(),
        doubted: false,
        begun: false,
    };
    for sealed in store.sealed_audit(None) {
        let sealed = sealed?;
        reading.follow_gap(sealed.n);
        let entry = sealed.entry();
        let prev = entry.as_ref().map(|entry| entry.prev);
        reading.follow(Link { n: sealed.n, hash: hash(prev.unwrap_or_default(), &sealed) }, prev);
        if entry.is_some_and(|entry| entry.verb == REPAIRED) {
            reading.report.repaired.push(sealed.n);
        }
    }
    let head = readable(store.audit_head())?;
    Ok(reading.end(head.ok().flatten()))
}

/// Tells a record that cannot be read, which is a finding, from a disk that cannot.
fn readable<T>(read: Result<T, StoreError>) -> Result<Result<T, ()>, StoreError> {
    match read {
        Ok(link) => Ok(Ok(link)),
        Err(StoreError::Record { .. }) => Ok(Err(())),
        Err(error) => Err(error),
    }
}

struct Reading {
    report: ChainReport,
    last: Link,
    /// The last entry does not fit the one before it. Which of the two was changed shows with the next one: an
    /// entry that was changed fits neither of its neighbours.
    doubted: bool,
    /// An entry was read.
    begun: bool,
}

impl Reading {
    fn follow_gap(&mut self, n: u64) {
        let expected = self.last.n + 1;
        if n < expected && !self.begun {
            self.say(n, Damage::Anchor);
        } else if n > expected {
            self.settle_doubt(true);
            self.say(expected, Damage::Missing { up_to: n - 1 });
        }
    }

    /// Goes on to the entry `next`, which says that it follows on `prev`; `None` when it cannot be read.
    fn follow(&mut self, next: Link, prev: Option<Digest>) {
        let after_gap = next.n != self.last.n + 1;
        match prev {
            None => {
                self.settle_doubt(true);
                self.say(next.n, Damage::Unreadable);
            }
            Some(prev) => {
                let fits = prev == self.last.hash;
                if self.doubted {
                    self.settle_doubt(fits);
                } else if !fits && !after_gap && !self.is_named(self.last.n) {
                    self.doubted = true;
                }
            }
        }
        self.report.entries += 1;
        self.report.first.get_or_insert(next.n);
        (self.last, self.begun) = (next, true);
    }

    fn end(mut self, head: Option<Link>) -> ChainReport {
        let fits = head.unwrap_or_default() == self.last;
        if self.doubted {
            self.settle_doubt(fits);
        } else if !fits && !self.is_named(self.last.n) {
            let damage = match head {
                // The last entry or the head: the head is written anew with each entry, and has no other reader.
                Some(head) if head.n == self.last.n => Damage::Altered,
                Some(head) if head.n > self.last.n => {
                    self.say(self.last.n + 1, Damage::Missing { up_to: head.n });
                    return self.finish();
                }
                Some(_) | None => Damage::Head,
            };
            self.say(self.last.n, damage);
        }
        self.finish()
    }

    fn finish(mut self) -> ChainReport {
        self.report.head = self.last;
        self.report
    }

    /// The last entry was doubted. When what follows fits it, it is whole, and the one before it was changed.
    fn settle_doubt(&mut self, last_is_whole: bool) {
        if !std::mem::take(&mut self.doubted) {
            return;
        }
        let n = self.last.n - u64::from(last_is_whole);
        if Some(n) < self.report.first {
            self.say(n + 1, Damage::Anchor);
        } else {
            self.say(n, Damage::Altered);
        }
    }

    fn is_named(&self, n: u64) -> bool {
        self.report.breaks.last().is_some_and(|it| it.n == n && it.damage != Damage::Anchor)
    }

    fn say(&mut self, n: u64, damage: Damage) {
        if self.report.breaks.len() < BREAKS_MAX && !self.is_named(n) {
            self.report.breaks.push(Break { n, damage });
        }
    }
}
