//! A commit as one value, or a few: what makes its records true together without a batch of sled's.
//!
//! sled frames its own batches with writes of its log besides the one that holds the records, and each write wakes seven
//! threads and waits for the disk. Most commits are small: an event with its audit entry, readings with their devices' marks.
//! Such a commit goes into the log as its redo record, and behind that each record under its own key, all with one write.
//! sled recovers a prefix of its log: without the whole redo record nothing of the commit is there, and with it, opening the
//! store puts whatever is missing behind it. It is replaced by the next such commit, and removed before any other one, so that it is
//! never older than what it would overwrite.
//!
//! A redo record takes one value of [`VALUE_BYTES_MAX`] or up to [`PARTS_MAX`], each in a tree of its own: a leaf that holds
//! one value stays small enough for sled. A part is a version byte, the commit's random number (u64), how many parts it has (u8), and
//! its share of the bytes. Those are, for each record: its tree (u8), the length of its key (u16), the key, the length of its value and
//! one (u16; 0 where the key is removed), and the value. Numbers are little-endian.

use std::sync::atomic::Ordering;

use serde::de::Error as _;

use super::codec::VALUE_BYTES_MAX;
use super::{Batch, Record, Store, StoreError, put};

/// Parts of a redo record at most. What is larger goes by sled's own batches, whose two writes more weigh little then.
pub(super) const PARTS_MAX: usize = 8;
/// The only key of each tree.
pub(super) const KEY: &[u8] = b"redo";
/// The version byte.
const VERSION: u8 = 1;
/// The trees, as the value names them.
const STATE: u8 = 0;
const READINGS: u8 = 1;
/// What stands before a key and a value: the tree and two lengths.
const RECORD_HEAD_BYTES: usize = 1 + 2 + 2;
/// What stands before a part's share: the version, the commit's number and how many parts there are.
const PART_HEAD_BYTES: usize = 1 + 8 + 1;
const PART_BYTES_MAX: usize = VALUE_BYTES_MAX - PART_HEAD_BYTES;

impl Batch {
    /// The records of the batch in a row; none when they are too many for a redo record.
    pub(super) fn in_a_row(&self) -> Option<Vec<u8>> {
        let size = |(key, value): &Record| RECORD_HEAD_BYTES + key.len() + value.as_ref().map_or(0, Vec::len);
        let bytes = self.records.iter().chain(&self.measured).map(size).sum::<usize>();
        if bytes > PARTS_MAX * PART_BYTES_MAX {
            return None;
        }
        let mut row = Vec::with_capacity(bytes);
        let length = |bytes: usize| u16::try_from(bytes).expect("a record is small").to_le_bytes();
        for (tree, records) in [(STATE, &self.records), (READINGS, &self.measured)] {
            for (key, value) in records {
                row.push(tree);
                row.extend(length(key.len()));
                row.extend(key);
                row.extend(length(value.as_ref().map_or(0, |value| value.len() + 1)));
                row.extend(value.iter().flatten());
            }
        }
        Some(row)
    }
}

impl Store {
    /// Hands `batch`, which holds something, to sled behind its redo record. False, and nothing was done, when it is too large for one.
    pub(super) fn write_redone(&self, batch: &Batch) -> Result<bool, StoreError> {
        let Some(row) = batch.in_a_row() else { return Ok(false) };
        let shares = row.chunks(PART_BYTES_MAX);
        let parts = u8::try_from(shares.len()).expect("a few");
        let number = rand::random::<u64>().to_le_bytes();
        for (tree, share) in self.redo.iter().zip(shares) {
            tree.insert(KEY, [&[VERSION], &number[..], &[parts], share].concat())?;
        }
        self.has_redo.store(true, Ordering::Relaxed);
        for (tree, records) in [(&self.tree, &batch.records), (&self.readings, &batch.measured)] {
            for (key, value) in records {
                put(tree, key, value.as_deref())?;
            }
        }
        Ok(true)
    }

    /// Takes the redo record away: what comes now is newer, and not in it.
    pub(super) fn remove_redo(&self) -> Result<(), StoreError> {
        if self.has_redo.swap(false, Ordering::Relaxed) {
            // The other parts are of no use without the first.
            let _before = self.redo[0].remove(KEY)?;
        }
        Ok(())
    }

    /// Puts the records of the last commit where they belong, if it has a redo record: a crash may have left it alone.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read or written, or the redo record is of another version.
    pub(super) fn redo(&self) -> Result<(), StoreError> {
        let Some(first) = self.redo[0].get(KEY)? else { return Ok(()) };
        let unreadable = || StoreError::Record {
            key: KEY.escape_ascii().to_string(),
            source: serde_json::Error::custom("it is no redo record, or one of a newer version"),
        };
        let (head, share) = first.split_first_chunk::<PART_HEAD_BYTES>().ok_or_else(unreadable)?;
        let [VERSION, .., parts] = *head else { return Err(unreadable()) };
        let mut row = share.to_vec();
        for tree in self.redo.get(1..usize::from(parts)).ok_or_else(unreadable)? {
            // A part of another commit: the write of this one was cut short, and the one before it is whole.
            let Some(part) = tree.get(KEY)? else { return Ok(()) };
            let Some(share) = part.strip_prefix(head) else { return Ok(()) };
            row.extend(share);
        }
        for (tree, key, value) in records(&row).ok_or_else(unreadable)? {
            let tree = if tree == READINGS { &self.readings } else { &self.tree };
            put(tree, key, value)?;
        }
        self.has_redo.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// A record in a row: its tree, its key, and its value unless it is removed.
type Told<'a> = (u8, &'a [u8], Option<&'a [u8]>);

/// The records in a row; `None` when they are none.
fn records(mut rest: &[u8]) -> Option<Vec<Told<'_>>> {
    let mut records = Vec::new();
    while !rest.is_empty() {
        let record;
        (record, rest) = first(rest)?;
        records.push(record);
    }
    Some(records)
}

/// The record that `bytes` begin with, and what follows it.
fn first(bytes: &[u8]) -> Option<(Told<'_>, &[u8])> {
    let (&tree, rest) = bytes.split_first().filter(|(tree, _)| [STATE, READINGS].contains(tree))?;
    let (key, rest) = sized(rest, 0)?;
    let (value, rest) = match rest.split_first_chunk()? {
        (&[0, 0], rest) => (None, rest),
        _ => sized(rest, 1).map(|(value, rest)| (Some(value), rest))?,
    };
    Some(((tree, key, value), rest))
}

/// Bytes behind their length, which is told with `more` added, and what follows them.
fn sized(bytes: &[u8], more: usize) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)).checked_sub(more)?)
}
