//! Keys and values. A value is a version byte and JSON ([`compressed`]): readable in ten years, and new fields have defaults.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{StoreError, TooLarge, compressed};
use crate::domain::digest::Digest;
use crate::domain::entity::EntityKey;
use crate::domain::event::Seq;
use crate::domain::id::TaskId;
use crate::domain::rules::RECORD_BYTES_MAX;

/// The largest value, before it is made smaller. At sled's default segment size, batches of 20 KiB values made unsynced blob files and
/// 12 KiB did not (measured, sled 0.34.7); 7 KiB leaves room for the keys and neighbours of a leaf.
pub const VALUE_BYTES_MAX: usize = RECORD_BYTES_MAX;

pub(super) const ENTITY: &[u8] = b"e/";
const JOURNAL: &[u8; 2] = b"j/";
/// The first key after the journal's: `0` follows `/`.
pub(super) const JOURNAL_END: &[u8] = b"j0";
pub(super) const EPOCH_KEY: &[u8] = b"m/epoch";
/// The newest event that the entities contain.
pub(super) const CHECKPOINT: &[u8] = b"m/checkpoint";
pub(super) const ANSWER: &[u8; 2] = b"i/";
/// The things that kept answers show, apart from the answers: those are all read at the start.
pub(super) const ANSWER_SUBJECT: &[u8; 2] = b"s/";
pub(super) const AUDIT: &[u8; 2] = b"a/";
/// The first key after the audit trail's.
pub(super) const AUDIT_END: &[u8] = b"a0";
pub(super) const AUDIT_HEAD: &[u8] = b"m/audit";
pub(super) const AUDIT_ANCHOR: &[u8] = b"m/audit_anchor";

pub(super) fn entity_key(key: &EntityKey) -> Vec<u8> {
    let (kind, id) = key.parts();
    [ENTITY, kind.as_bytes(), b"/", id.as_bytes()].concat()
}

/// The keys of the tasks that come before `before`, or of all: ids sort by age.
pub(super) fn task_keys(before: Option<&TaskId>) -> Range<Vec<u8>> {
    // `0` follows `/`.
    let end = before.map_or(b"e/task0".to_vec(), |id| entity_key(&EntityKey::Task(id.clone())));
    b"e/task/".to_vec()..end
}

pub(super) fn journal_key(seq: Seq) -> Vec<u8> {
    [JOURNAL.as_slice(), &seq.0.to_be_bytes()].concat()
}

pub(super) fn answer_key(id: &Digest) -> Vec<u8> {
    [ANSWER.as_slice(), &id.0].concat()
}

pub(super) fn answer_subject_key(id: &Digest) -> Vec<u8> {
    [ANSWER_SUBJECT.as_slice(), &id.0].concat()
}

/// The id in an answer's key; zeros when the key is none of ours.
pub(super) fn answer_id(key: &[u8]) -> Digest {
    Digest(key.get(ANSWER.len()..).and_then(|id| id.try_into().ok()).unwrap_or_default())
}

pub(super) fn audit_key(n: u64) -> Vec<u8> {
    [AUDIT.as_slice(), &n.to_be_bytes()].concat()
}

/// The place in an audit entry's key; 0, which no entry has, when the key is none of ours.
pub(super) fn audit_n(key: &[u8]) -> u64 {
    key.get(AUDIT.len()..).and_then(|n| n.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// The value that holds `json`.
pub(super) fn encode_json(json: &[u8]) -> Result<Vec<u8>, TooLarge> {
    let bytes = 1 + json.len();
    if bytes > VALUE_BYTES_MAX { Err(TooLarge { bytes }) } else { Ok(compressed::compress(json)) }
}

pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, TooLarge> {
    encode_json(&serde_json::to_vec(value).expect("our types serialise, and memory takes every write"))
}

/// Encodes a value that will share its place with others, in a [`Pack`].
pub(super) fn encode_packed(value: &impl Serialize) -> Result<Vec<u8>, TooLarge> {
    let json = serde_json::to_vec(value).expect("our types serialise, and memory takes every write");
    let bytes = PACK_FRAME_BYTES + json.len();
    if bytes > VALUE_BYTES_MAX { Err(TooLarge { bytes }) } else { Ok(json) }
}

/// What surrounds the records of a pack: the version byte and two brackets.
const PACK_FRAME_BYTES: usize = 3;

/// Journal records that share one value: a JSON array, under the seq of the last one.
#[derive(Default)]
pub(super) struct Pack {
    last: Option<Seq>,
    /// The opening bracket and the records so far.
    json: Vec<u8>,
}

impl Pack {
    /// True when all of `records` fit in beside what is there.
    pub(super) fn has_room_for<'a>(&self, records: impl IntoIterator<Item = &'a [u8]>) -> bool {
        // A comma before each, or the opening bracket; besides, the version byte and the closing bracket.
        let bytes: usize = records.into_iter().map(|json| json.len() + 1).sum();
        self.json.len() + bytes + PACK_FRAME_BYTES - 1 <= VALUE_BYTES_MAX
    }

    pub(super) fn push(&mut self, seq: Seq, json: &[u8]) {
        self.json.push(if self.json.is_empty() { b'[' } else { b',' });
        self.json.extend(json);
        self.last = Some(seq);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.last.is_none()
    }

    /// The key and the value; `None` when nothing was pushed.
    pub(super) fn sealed(mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        let last = self.last?;
        self.json.push(b']');
        Some((journal_key(last), compressed::compress(&self.json)))
    }
}

pub(super) fn decode<T: DeserializeOwned>((key, value): (sled::IVec, sled::IVec)) -> Result<T, StoreError> {
    let json = compressed::decompress(&value).unwrap_or(Cow::Borrowed(b"of another version"));
    serde_json::from_slice(&json)
        .map_err(|source| StoreError::Record { key: key.escape_ascii().to_string(), source })
}
