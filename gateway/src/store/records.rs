//! What the store keeps beside entities and journal: answers for repeats, and the audit trail.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Batch, Store, StoreError, TooLarge, codec, compressed};
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditEntry, AuditFilter};
use crate::domain::digest::Digest;
use crate::domain::entity::Entity;
use crate::domain::id::CommandId;
use crate::domain::state::Note;
use crate::domain::time::Timestamp;

/// What a command came to, kept so that a repeat gets the same answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Its place among all that were ever kept: the lowest is the oldest.
    pub n: u64,
    /// When it was given.
    pub at: Timestamp,
    /// Whom it was given to.
    pub actor: Actor,
    /// Stands for the body of the request.
    pub fingerprint: Digest,
    /// The command that did it.
    pub command_id: CommandId,
    /// How many events followed.
    pub events: usize,
    /// Why it changed nothing, when that was worth saying.
    pub note: Option<Note>,
    /// Where the thing is that the command was about.
    pub subject: KeptSubject,
}

/// Where the thing is that a kept answer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptSubject {
    /// The answer shows nothing.
    Nothing,
    /// A copy stands beside the answer: the thing as it was.
    Copied,
    /// No copy: the thing is shown as it is when the repeat comes.
    Current,
}

/// One link of the audit trail's chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The entry's place.
    pub n: u64,
    /// The entry's digest, which is over all entries before it too.
    pub hash: Digest,
}

/// An entry of the audit trail as it lies on the disk.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedEntry {
    /// The place that it is stored under.
    pub n: u64,
    /// Its JSON; none when it is not of this version.
    pub json: Option<Vec<u8>>,
}

/// A page of the audit trail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditPage {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// The places of damaged ones among them.
    pub unreadable: Vec<u64>,
    /// What is `before` on the next page; none when there is nothing older.
    pub older: Option<u64>,
}

/// The most entries that are looked at for one page: a tenth of a second of reading.
pub const AUDIT_LOOKED_AT_MAX: usize = 20_000;

impl Batch {
    /// Keeps `answer` under `id`, with a copy of `subject` if there is one.
    ///
    /// # Errors
    ///
    /// [`TooLarge`]; the batch is as it was.
    pub fn keep_answer(
        &mut self,
        id: &Digest,
        answer: &KeptAnswer,
        subject: Option<&Entity>,
    ) -> Result<(), TooLarge> {
        // Of its own record: what fits as an entity fits here as well.
        let subject = subject.map(codec::encode).transpose()?;
        self.insert(codec::answer_key(id), codec::encode(answer)?);
        if let Some(subject) = subject {
            self.insert(codec::answer_subject_key(id), subject);
        }
        Ok(())
    }

    /// Forgets an answer and its copy.
    pub fn forget_answer(&mut self, id: &Digest) {
        self.remove(codec::answer_key(id));
        self.remove(codec::answer_subject_key(id));
    }

    /// Adds `entry` to the audit trail and makes it the head. `json` is what its digest was taken of.
    ///
    /// # Errors
    ///
    /// [`TooLarge`]; the batch is as it was.
    pub fn audit(&mut self, json: &[u8], head: Link) -> Result<(), TooLarge> {
        self.insert(codec::audit_key(head.n), codec::encode_json(json)?);
        self.insert(codec::AUDIT_HEAD.to_vec(), codec::encode(&head)?);
        Ok(())
    }

    /// Removes an entry of the audit trail.
    pub fn forget_audit(&mut self, n: u64) {
        self.remove(codec::audit_key(n));
    }

    /// Says what the oldest entry that is left is linked to.
    pub fn anchor_audit(&mut self, anchor: Link) {
        let value = codec::encode(&anchor).expect("a link is short");
        self.insert(codec::AUDIT_ANCHOR.to_vec(), value);
    }
}

impl Store {
    /// Every kept answer, in no order.
    pub fn answers(&self) -> impl Iterator<Item = Result<(Digest, KeptAnswer), StoreError>> {
        self.tree.scan_prefix(codec::ANSWER).map(|pair| {
            let (key, value) = pair?;
            let id = codec::answer_id(&key);
            codec::decode((key, value)).map(|answer| (id, answer))
        })
    }

    /// The copy of the thing that the answer under `id` shows.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn answer_subject(&self, id: &Digest) -> Result<Option<Entity>, StoreError> {
        let key = codec::answer_subject_key(id);
        self.tree.get(&key)?.map(|value| codec::decode((key.into(), value))).transpose()
    }

    /// The newest link of the audit trail, as the last batch left it.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn audit_head(&self) -> Result<Option<Link>, StoreError> {
        self.link(codec::AUDIT_HEAD)
    }

    /// What the oldest entry of the audit trail is linked to; `None` when none was ever trimmed.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn audit_anchor(&self) -> Result<Option<Link>, StoreError> {
        self.link(codec::AUDIT_ANCHOR)
    }

    fn link(&self, key: &[u8]) -> Result<Option<Link>, StoreError> {
        self.tree.get(key)?.map(|value| codec::decode((key.into(), value))).transpose()
    }

    /// The audit trail as it lies on the disk, before `before`, oldest first.
    pub fn sealed_audit(
        &self,
        before: Option<u64>,
    ) -> impl DoubleEndedIterator<Item = Result<SealedEntry, StoreError>> {
        let end = before.map_or(codec::AUDIT_END.to_vec(), codec::audit_key);
        self.tree.range(codec::AUDIT.to_vec()..end).map(|pair| {
            let (key, value) = pair?;
            let json = compressed::decompress(&value).map(Cow::into_owned);
            Ok(SealedEntry { n: codec::audit_n(&key), json })
        })
    }

    /// At most `max` entries of the audit trail that fit, before `before`, newest first. A damaged one is named, and
    /// counts as one that fits. Of [`AUDIT_LOOKED_AT_MAX`] entries, few may: the page says whether there are older ones.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn audit(
        &self,
        before: Option<u64>,
        filter: &AuditFilter,
        max: usize,
    ) -> Result<AuditPage, StoreError> {
        self.audit_among(AUDIT_LOOKED_AT_MAX, before, filter, max)
    }

    pub(crate) fn audit_among(
        &self,
        looked_at_max: usize,
        before: Option<u64>,
        filter: &AuditFilter,
        max: usize,
    ) -> Result<AuditPage, StoreError> {
        let (mut page, mut looked_at, mut reached) = (AuditPage::default(), 0, None);
        for sealed in self.sealed_audit(before).rev() {
            if looked_at == looked_at_max || page.entries.len() + page.unreadable.len() == max {
                page.older = reached;
                break;
            }
            let sealed = sealed?;
            match sealed.entry() {
                Some(entry) if filter.fits(&entry) => page.entries.push(entry),
                Some(_) => {}
                None => page.unreadable.push(sealed.n),
            }
            (looked_at, reached) = (looked_at + 1, Some(sealed.n));
        }
        Ok(page)
    }
}

impl SealedEntry {
    /// The entry, if it can be read and stands in its own place.
    pub fn entry(&self) -> Option<AuditEntry> {
        let entry: AuditEntry = serde_json::from_slice(self.json.as_deref()?).ok()?;
        (entry.n == self.n).then_some(entry)
    }
}

#[cfg(test)]
impl Store {
    /// Puts `json` in the place of an entry, or takes the entry out, as whoever has the disk could.
    pub(crate) fn overwrite_audit(&self, n: u64, json: Option<&[u8]>) {
        let mut batch = Batch::default();
        match json {
            Some(json) => batch.insert(codec::audit_key(n), codec::encode_json(json).unwrap()),
            None => batch.forget_audit(n),
        }
        self.commit(batch).unwrap();
    }
}
