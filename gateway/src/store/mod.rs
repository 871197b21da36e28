//! The clinic's state on disk, in sled. The only place that names sled.
//!
//! One tree with key prefixes, so that one batch is one truth: `e/<kind>/<id>` entities, `j/<seq>` the
//! journal, `i/` and `s/` answers kept for repeats, `a/<n>` the audit trail, `m/…` what the store knows of itself.
//! A batch's journal records share values as far as they fit, each under the seq of its last record: most of what
//! sled does it does once per value. Entities are as of the last checkpoint; the journal says what came after it.
//! Only the ledger's thread writes; anybody may read.
//!
//! Readings have a second tree, a record for each series and minute ([`readings`]). It shares sled's log and so its
//! sync: what a batch holds of both is durable together. The last commit is there once more, in one piece, which makes
//! it whole after a crash ([`redo`]).
//!
//! sled's `flush` is no fsync: it hands the bytes to the kernel and asks for their write-back, which a power
//! cut does not wait for. [`Store::commit`] therefore ends with `sync_data` on the log file itself. Values
//! stay under [`VALUE_BYTES_MAX`], because sled moves large ones to files that it never syncs.

mod check;
mod codec;
mod compressed;
mod open;
mod readings;
mod records;
mod redo;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{Committed, Seq};
use crate::domain::id::TaskId;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;

pub use check::{CheckError, Checked, Finding};
pub use codec::VALUE_BYTES_MAX;
pub use open::{OpenError, Opened, Recovery};
pub use records::{AUDIT_LOOKED_AT_MAX, AuditPage, KeptAnswer, KeptSubject, Link, SealedEntry};

/// Journal packs that one trim removes at most, to keep its batch as small as a commit's.
const TRIM_BATCH_MAX: usize = 512;

/// An open store. Holds the lock on its folder until dropped.
pub struct Store {
    tree: sled::Tree,
    /// Readings: what was measured. A tree of their own, so that measurements do not lie between the things.
    readings: sled::Tree,
    /// The parts of the last commit's redo record ([`redo`]).
    redo: Vec<sled::Tree>,
    /// There is one.
    has_redo: AtomicBool,
    db: sled::Db,
    /// sled's log, opened once more for `sync_data`, for the life of the process: an error that a closed
    /// descriptor swallowed would never be seen again.
    log_file: File,
    path: PathBuf,
    epoch: String,
    bytes_written: AtomicU64,
    _lock: File,
}

/// Why the disk did not take or give something. Nothing was acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// sled could not read or write.
    #[error("the store could not be read or written")]
    Sled(#[from] sled::Error),
    /// The disk did not confirm the write.
    #[error("the disk did not confirm a write")]
    Sync(#[source] io::Error),
    /// A record cannot be read back.
    #[error("the record {key} cannot be read")]
    Record {
        /// The key, escaped.
        key: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

/// A record is larger than a record may be: nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record would be {bytes} bytes; the most is {VALUE_BYTES_MAX}")]
pub struct TooLarge {
    /// How large it would be.
    pub bytes: usize,
}

/// A key and its value; none where the key is removed.
type Record = (Vec<u8>, Option<Vec<u8>>);

/// Writes that become true together or not at all; of journal records alone, each command's do, in their order.
#[derive(Default)]
pub struct Batch {
    records: Vec<Record>,
    /// Journal records that share the next value.
    pack: codec::Pack,
    /// Records that must not be on the disk without each other lie under several keys.
    is_one: bool,
    /// Of keys and values, as far as they are sealed.
    bytes: u64,
    /// For the tree of readings.
    measured: Vec<Record>,
}

impl Batch {
    /// Adds the journal records of one command; the next ones of its journal.
    pub fn append(&mut self, records: &[JournalRecord]) {
        if !self.pack.has_room_for(records.iter().map(|record| &record.json[..])) {
            self.seal();
        }
        for (n, record) in records.iter().enumerate() {
            if !self.pack.has_room_for([&record.json[..]]) {
                self.seal();
                self.is_one |= n > 0;
            }
            self.pack.push(record.seq, &record.json);
        }
    }

    /// Puts an entity.
    ///
    /// # Errors
    ///
    /// [`TooLarge`]; the batch is as it was.
    pub fn put(&mut self, entity: &Entity) -> Result<(), TooLarge> {
        let value = codec::encode(entity)?;
        self.insert(codec::entity_key(&entity.key()), value);
        Ok(())
    }

    /// Removes an entity.
    pub fn delete(&mut self, key: &EntityKey) {
        self.remove(codec::entity_key(key));
    }

    /// Says that the entities, with those of this batch, are as they were right after `seq`.
    pub fn checkpoint(&mut self, seq: Seq) {
        let value = codec::encode(&seq).expect("a number is small");
        self.insert(codec::CHECKPOINT.into(), value);
    }

    /// True when nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0 && self.pack.is_empty() && self.measured.is_empty()
    }

    fn insert(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.push(key, Some(value));
        self.is_one = true;
    }

    fn remove(&mut self, key: Vec<u8>) {
        self.push(key, None);
        self.is_one = true;
    }

    fn push(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.bytes += (key.len() + value.as_ref().map_or(0, Vec::len)) as u64;
        self.records.push((key, value));
    }

    fn seal(&mut self) {
        if let Some((key, value)) = std::mem::take(&mut self.pack).sealed() {
            self.push(key, Some(value));
        }
    }
}

/// A journal record, ready to be written.
pub struct JournalRecord {
    seq: Seq,
    json: Vec<u8>,
}

impl JournalRecord {
    /// Encodes `committed`.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] when the event holds more than a record may.
    pub fn new(committed: &Committed) -> Result<Self, TooLarge> {
        Ok(Self { seq: committed.seq, json: codec::encode_packed(committed)? })
    }
}

impl Store {
    /// Opens the store in folder `path`, makes it when there is none, and recovers it when it is damaged.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when another process holds it, or the disk refuses.
    pub fn open(path: &Path, cache_mib: u64) -> Result<Opened, OpenError> {
        open::open(path, cache_mib)
    }

    /// Opens the store in folder `path` to be read: it has to be there, and one that will not open is left as it was.
    ///
    /// # Errors
    ///
    /// [`CheckError`] when there is none, another process holds it, or it will not open.
    pub fn open_to_check(path: &Path, cache_mib: u64) -> Result<Self, CheckError> {
        open::open_to_check(path, cache_mib)
    }

    /// Makes `batch` durable: when this returns, a power cut cannot take it back.
    ///
    /// # Errors
    ///
    /// After an error nobody can know what the disk holds: the process has to end and read it anew.
    pub fn commit(&self, mut batch: Batch) -> Result<(), StoreError> {
        batch.seal();
        let bytes = batch.bytes;
        self.write(batch)?;
        self.flush()?;
        self.bytes_written.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    /// Makes durable what sled has been handed.
    fn flush(&self) -> Result<(), StoreError> {
        // sled has one log: this flushes every tree.
        self.tree.flush()?;
        self.log_file.sync_data().map_err(StoreError::Sync)
    }

    /// Hands `batch` to sled, in the way that makes sled write its log least often: alone, behind a redo record, or, where it
    /// is too large, as sled's own batches, each of which is two writes.
    ///
    /// Packs alone are on the disk in order, not together: a crash before the sync may leave the first and not the last, since sled
    /// recovers a prefix of its log. Nobody was told of any, and each holds its commands whole.
    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let is_alone = batch.records.len() + batch.measured.len() == 1;
        let is_packs = !batch.is_one && batch.measured.is_empty();
        if !is_alone && !is_packs && self.write_redone(&batch)? {
            return Ok(());
        }
        self.remove_redo()?;
        apply(&self.tree, batch.records, is_packs)?;
        // After the events: sled recovers a prefix of its log, and a device's message that is marked as taken is then.
        apply(&self.readings, batch.measured, false)
    }

    /// Bytes of keys and values that this process has committed. What sled makes of them on the disk is more.
    pub fn bytes_written(&self) -> u64 {
        self.bytes_written.load(Ordering::Relaxed)
    }

    /// The random word that names this journal's life. It changes only when the journal was lost.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Every entity, as of [`Store::checkpoint`].
    pub fn entities(&self) -> impl Iterator<Item = Result<Entity, StoreError>> {
        self.tree.scan_prefix(codec::ENTITY).map(|pair| codec::decode(pair?))
    }

    /// The event that the entities are as after; `None` in a store of a time when each batch wrote its entities.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn checkpoint(&self) -> Result<Option<Seq>, StoreError> {
        let value = self.tree.get(codec::CHECKPOINT)?;
        value.map(|value| codec::decode((codec::CHECKPOINT.into(), value))).transpose()
    }

    /// The thing under `key`, as of [`Store::checkpoint`].
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn entity(&self, key: &EntityKey) -> Result<Option<Entity>, StoreError> {
        let key = codec::entity_key(key);
        self.tree.get(&key)?.map(|value| codec::decode((key.into(), value))).transpose()
    }

    /// Every task before `before`, open or closed, the one written last first.
    pub fn tasks(&self, before: Option<&TaskId>) -> impl Iterator<Item = Result<Arc<Task>, StoreError>> {
        self.tree.range(codec::task_keys(before)).rev().filter_map(|pair| {
            let entity = pair.map_err(StoreError::from).and_then(codec::decode);
            entity.map(|entity| if let Entity::Task(task) = entity { Some(task) } else { None }).transpose()
        })
    }

    /// The journal after `after`, oldest first.
    pub fn journal(&self, after: Seq) -> impl Iterator<Item = Result<Committed, StoreError>> {
        let events = self.packs(after).flat_map(|pack| match pack {
            Ok(events) => events.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        });
        events.skip_while(move |event| event.as_ref().is_ok_and(|event| event.seq <= after))
    }

    /// The packs of the journal that reach beyond `after`: a pack stands under the last of its events.
    fn packs(&self, after: Seq) -> impl DoubleEndedIterator<Item = Result<Vec<Committed>, StoreError>> {
        let range = codec::journal_key(after.next())..codec::JOURNAL_END.into();
        self.tree.range(range).map(|pair| codec::decode(pair?))
    }

    /// The newest record of the journal.
    ///
    /// # Errors
    ///
    /// When the disk or the record cannot be read.
    pub fn newest(&self) -> Result<Option<Committed>, StoreError> {
        Ok(self.packs(Seq(0)).next_back().transpose()?.and_then(|mut events| events.pop()))
    }

    /// The place of the oldest record that the journal still holds.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn oldest_seq(&self) -> Result<Option<Seq>, StoreError> {
        let oldest = self.packs(Seq(0)).next().transpose()?;
        Ok(oldest.and_then(|events| events.first().map(|event| event.seq)))
    }

    /// Removes the oldest packs of the journal that end before `before`, never the newest one: it names the
    /// head; and none that reaches beyond `done`, if somebody still reads on from there. Returns how many were removed; none means that nothing older is left.
    ///
    /// # Errors
    ///
    /// As [`Store::commit`].
    pub fn trim(&self, before: Timestamp, done: Option<Seq>) -> Result<usize, StoreError> {
        let Some(newest) = self.newest()? else { return Ok(0) };
        let mut batch = Batch::default();
        let mut removed = 0;
        let window = self.packs(Seq(0)).take(TRIM_BATCH_MAX).collect::<Result<Vec<_>, _>>()?;
        let ends: Vec<&Committed> = window.iter().filter_map(|pack| pack.last()).collect();
        // Up to the last old one, not the first young one: a record from a clock that ran ahead ends nothing.
        let is_done = |end: &Committed| end.seq < newest.seq && done.is_none_or(|done| end.seq <= done);
        let old = ends.iter().rposition(|end| end.at < before && is_done(end)).map_or(0, |at| at + 1);
        for end in &ends[..old] {
            batch.remove(codec::journal_key(end.seq));
            removed += 1;
        }
        if removed > 0 {
            self.commit(batch)?;
        }
        Ok(removed)
    }

    /// Bytes that the store takes on disk.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        Ok(self.db.size_on_disk()?)
    }

    /// True when sled has put a value into a file that it does not sync. It never should: values are small.
    pub fn has_blobs(&self) -> bool {
        std::fs::read_dir(self.path.join("blobs")).is_ok_and(|mut entries| entries.next().is_some())
    }
}

/// Hands `records` to sled: one by one where their order is enough, else together.
fn apply(tree: &sled::Tree, records: Vec<Record>, is_enough_in_order: bool) -> Result<(), StoreError> {
    if is_enough_in_order || records.len() < 2 {
        return Ok(records.iter().try_for_each(|(key, value)| put(tree, key, value.as_deref()))?);
    }
    let mut together = sled::Batch::default();
    for (key, value) in records {
        match value {
            Some(value) => together.insert(key, value),
            None => together.remove(key),
        }
    }
    Ok(tree.apply_batch(together)?)
}

fn put(tree: &sled::Tree, key: &[u8], value: Option<&[u8]>) -> Result<(), sled::Error> {
    let _before = match value {
        Some(value) => tree.insert(key, value)?,
        None => tree.remove(key)?,
    };
    Ok(())
}
