//! Reading everything that a store holds, and saying what is wrong with it. Mends nothing.

use std::fmt;

use super::codec;
use super::{OpenError, Store, StoreError};
use crate::domain::entity::Entity;
use crate::domain::event::{Committed, Seq};

/// Findings that one check names; a store with more of them is damaged all over.
const FINDINGS_MAX: usize = 20;

/// Why a store cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is none.
    #[error("there is no store in {0}")]
    None(std::path::PathBuf),
    /// It is in use, or its folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It will not open: the gateway would recover it at its next start. It is as it was.
    #[error("the store will not open")]
    Damaged(#[source] StoreError),
}

/// What a check of a store came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many things were read.
    pub entities: usize,
    /// How many events were read.
    pub events: usize,
    /// The oldest and the newest event that was read.
    pub journal: Option<(Seq, Seq)>,
    /// How many answers kept for repeats were read.
    pub answers: usize,
    /// What is wrong, as far as twenty of them tell.
    pub findings: Vec<Finding>,
}

/// Something that is wrong with a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A record cannot be read.
    Unreadable {
        /// Its key, escaped.
        key: String,
        /// Why.
        why: String,
    },
    /// A record does not stand where it belongs.
    Misplaced {
        /// Its key, escaped.
        key: String,
    },
    /// The journal lacks events.
    Hole {
        /// The last one before the hole.
        after: Seq,
        /// The first one after it.
        before: Seq,
    },
    /// A value lies in a file that is not synced.
    Blobs,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Unreadable { key, why } => write!(f, "the record {key} cannot be read: {why}"),
            Finding::Misplaced { key } => write!(f, "the record {key} is not the one that belongs there"),
            Finding::Hole { after, before } => {
                write!(f, "the journal has a hole: event {after} is followed by {before}")
            }
            Finding::Blobs => f.write_str("a value lies in a file that a power cut may lose (blobs/)"),
        }
    }
}

impl Store {
    /// Reads every thing, every event, every kept answer and every minute of readings. The audit trail is checked by who knows its chain.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read. What is wrong with the records is in the answer.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let mut checked = Checked::default();
        self.check_entities(&mut checked)?;
        self.check_journal(&mut checked)?;
        checked.readable(self.checkpoint())?;
        for answer in self.answers() {
            let Some((id, _)) = checked.readable(answer)? else { continue };
            checked.readable(self.answer_subject(&id))?;
            checked.answers += 1;
        }
        for key in self.unreadable_minutes() {
            let (key, why) =
                (key?.escape_ascii().to_string(), "it is no minute of readings and no mark".into());
            checked.say(Finding::Unreadable { key, why });
        }
        if self.has_blobs() {
            checked.say(Finding::Blobs);
        }
        Ok(checked)
    }

    fn check_entities(&self, checked: &mut Checked) -> Result<(), StoreError> {
        for pair in self.tree.scan_prefix(codec::ENTITY) {
            let (key, value) = pair?;
            let Some(entity) = checked.readable(codec::decode::<Entity>((key.clone(), value)))? else {
                continue;
            };
            checked.entities += 1;
            if key != codec::entity_key(&entity.key()) {
                checked.say(Finding::Misplaced { key: key.escape_ascii().to_string() });
            }
        }
        Ok(())
    }

    fn check_journal(&self, checked: &mut Checked) -> Result<(), StoreError> {
        for pair in self.tree.range(codec::journal_key(Seq(0))..codec::JOURNAL_END.into()) {
            let (key, value) = pair?;
            let pack = checked.readable(codec::decode::<Vec<Committed>>((key.clone(), value)))?;
            for event in pack.iter().flatten() {
                let (oldest, newest) =
                    checked.journal.unwrap_or((event.seq, Seq(event.seq.0.saturating_sub(1))));
                if event.seq != newest.next() {
                    checked.say(Finding::Hole { after: newest, before: event.seq });
                }
                checked.journal = Some((oldest, event.seq));
                checked.events += 1;
            }
            let last = pack.iter().flatten().last();
            if last.is_some_and(|event| key != codec::journal_key(event.seq)) {
                checked.say(Finding::Misplaced { key: key.escape_ascii().to_string() });
            }
        }
        Ok(())
    }
}

impl Checked {
    /// What was read; `None`, and a finding, for a record that cannot be.
    fn readable<T>(&mut self, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(StoreError::Record { key, source }) => {
                self.say(Finding::Unreadable { key, why: source.to_string() });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn say(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}
