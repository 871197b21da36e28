//! Sentences about the store, told with real files.

mod check;
mod recovery;
mod redo;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::domain::action::{ActionDraft, ActionItem, ActionKind, ActionStatus, Urgency};
use crate::domain::actor::Actor;
use crate::domain::event::{Concerned, Event};
use crate::domain::id::CommandId;
use crate::domain::room::{Room, RoomKind};

const CACHE_MIB: u64 = 32;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(path: &Path) -> Opened {
    Store::open(path, CACHE_MIB).unwrap()
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(1_770_388_200_000 + ms)
}

fn room(n: u64) -> Entity {
    let id = format!("room-{n}").parse().unwrap();
    Entity::Room(Arc::new(Room::new(id, format!("Room {n}"), RoomKind::Examination, at(0))))
}

fn committed(seq: u64, event: Event) -> Committed {
    let command_id = CommandId(uuid::Uuid::from_u128(u128::from(seq)));
    Committed {
        seq: Seq(seq),
        at: at(i64::try_from(seq).unwrap()),
        actor: Actor::Gateway,
        command_id,
        before: Concerned::default(),
        event,
    }
}

fn started(seq: u64) -> Committed {
    committed(seq, Event::GatewayStarted { version: "0.1.0".into() })
}

/// An action item whose text has so many bytes.
fn action(n: u64, bytes: usize) -> ActionItem {
    let draft = ActionDraft {
        kind: ActionKind::Manual,
        urgency: Urgency::Low,
        title: "t".into(),
        description: "x".repeat(bytes),
        context: serde_json::Map::new(),
        reasoning: None,
        suggested_actions: Vec::new(),
        doctor_id: None,
        room_id: None,
        equipment_id: None,
    };
    ActionItem {
        id: uuid::Uuid::from_u128(u128::from(n)).into(),
        draft,
        status: ActionStatus::Pending,
        assigned_to: None,
        created_at: at(0),
        created_by: Actor::Console,
        completed_at: None,
        completed_by: None,
        revision: 1,
    }
}

/// Commits events `from..=to` in batches of `size`, each with the room of its number.
fn fill(store: &Store, from: u64, to: u64, size: usize) {
    let seqs: Vec<u64> = (from..=to).collect();
    for some in seqs.chunks(size) {
        let mut batch = Batch::default();
        for &seq in some {
            batch.append(&[JournalRecord::new(&started(seq)).unwrap()]);
            batch.put(&room(seq)).unwrap();
        }
        store.commit(batch).unwrap();
    }
}

fn seqs(store: &Store) -> Vec<u64> {
    store.journal(Seq(0)).map(|record| record.unwrap().seq.0).collect()
}

fn names(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn snapshot_of(path: &Path) -> String {
    names(path).into_iter().find(|name| name.starts_with("snap.")).expect("sled wrote a snapshot")
}

/// A store with 5,400 records, and what opening left of it: a folder that has a `snap.*` file.
fn used_store() -> (TempDir, String) {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 2_500, 100);
    drop(store);
    let store = open(folder.path()).store;
    fill(&store, 2_501, 2_700, 100);
    let epoch = store.epoch().to_owned();
    drop(store);
    (folder, epoch)
}

fn assert_no_copies(folder: &Path) {
    let names = names(folder);
    let is_copy = |name: &String| name.starts_with("recovery-") || name.starts_with("untouched");
    assert!(!names.iter().any(is_copy), "{names:?}");
}

fn assert_recovered(folder: &Path, epoch: &str, damaged: &[u8], name: &str) {
    let opened = open(folder);
    let Some(Recovery::SnapshotsRebuilt { kept_in }) = opened.recovery else {
        panic!("the snapshots were to be rebuilt: {:?}", opened.recovery);
    };
    assert_eq!(fs::read(kept_in.join(name)).unwrap(), damaged, "the damaged file is kept as it was");
    assert!(kept_in.file_name().unwrap().to_str().unwrap().starts_with("damaged-"));
    let store = opened.store;
    assert_eq!(seqs(&store), (1..=2_700).collect::<Vec<_>>());
    assert_eq!(store.entities().count(), 2_700);
    assert_ne!(store.epoch(), epoch, "nobody can tell whether the log lost its end");
    fill(&store, 2_701, 2_710, 5);
    drop(store);
    let opened = open(folder);
    assert_eq!(opened.recovery, None, "what was recovered opens like any other");
    assert_eq!(seqs(&opened.store).len(), 2_710);
    assert_no_copies(folder);
}

/// The journal records of a command with `count` events of some 700 bytes.
fn command_of(first: u64, count: u64) -> Vec<JournalRecord> {
    let record = |n| {
        let event = committed(n, Event::ActionCreated(Arc::new(action(n, 500))));
        JournalRecord::new(&event).unwrap()
    };
    (first..first + count).map(record).collect()
}

#[test]
fn a_commands_records_share_a_pack_or_are_written_as_one() {
    let mut few = Batch::default();
    for command in 0..10 {
        few.append(&command_of(1 + 4 * command, 4));
    }
    assert!(!few.is_one, "no command is cut in two");
    assert!(few.records.len() >= 3, "and none fills a pack alone");
    let mut large = Batch::default();
    large.append(&command_of(1, 40));
    assert!(large.is_one, "a command that no pack holds");

    let folder = folder();
    let store = open(folder.path()).store;
    store.commit(few).unwrap();
    let packs: Vec<_> = store.packs(Seq(0)).map(Result::unwrap).collect();
    assert!(packs.len() > 3 && packs.iter().all(|pack| pack.len() % 4 == 0), "{}", packs.len());
    assert_eq!(seqs(&store), (1..=40).collect::<Vec<_>>());
}

#[test]
fn an_entity_and_a_journal_record_come_back_as_they_were_put() {
    let folder = folder();
    let store = open(folder.path()).store;
    let (room, event) = (room(1), committed(1, Event::RoomDeleted("room-9".parse().unwrap())));
    let mut batch = Batch::default();
    batch.put(&room).unwrap();
    batch.append(&[JournalRecord::new(&event).unwrap()]);
    store.commit(batch).unwrap();
    drop(store);

    let store = open(folder.path()).store;
    assert_eq!(store.entities().map(Result::unwrap).collect::<Vec<_>>(), [room]);
    assert_eq!(store.journal(Seq(0)).map(Result::unwrap).collect::<Vec<_>>(), std::slice::from_ref(&event));
    assert_eq!(store.newest().unwrap(), Some(event));
}

#[test]
fn a_deleted_entity_is_gone_and_its_neighbours_stay() {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 3, 3);
    let mut batch = Batch::default();
    batch.delete(&room(2).key());
    store.commit(batch).unwrap();
    assert_eq!(store.entities().map(Result::unwrap).collect::<Vec<_>>(), [room(1), room(3)]);
}

#[test]
fn the_epoch_stays_as_long_as_the_journal_does() {
    let folder = folder();
    let epoch = open(folder.path()).store.epoch().to_owned();
    assert_eq!(open(folder.path()).store.epoch(), epoch);
    assert_eq!(epoch.len(), 6);
}

#[test]
fn what_is_too_large_is_refused_before_anything_of_it_is_in_the_batch() {
    let folder = folder();
    let store = open(folder.path()).store;
    let large = action(7, VALUE_BYTES_MAX);
    let event = committed(1, Event::ActionCreated(Arc::new(large.clone())));
    assert!(JournalRecord::new(&event).is_err_and(|e| e.bytes > VALUE_BYTES_MAX));
    let mut batch = Batch::default();
    batch.put(&room(1)).unwrap();
    assert!(batch.put(&Entity::Action(Arc::new(large))).is_err_and(|e| e.bytes > VALUE_BYTES_MAX));
    store.commit(batch).unwrap();
    assert_eq!(store.entities().map(Result::unwrap).collect::<Vec<_>>(), [room(1)]);
    assert_eq!(store.newest().unwrap(), None);
}

#[test]
fn a_value_of_another_version_is_an_error_that_names_the_record() {
    let folder = folder();
    let store = open(folder.path()).store;
    store.tree.insert(codec::journal_key(Seq(1)), b"\x03{}".as_slice()).unwrap();
    assert!(matches!(store.newest(), Err(StoreError::Record { key, .. }) if key.starts_with("j/")));
}

#[test]
fn trimming_takes_what_is_old_in_small_batches() {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 700, 1);
    assert_eq!(store.trim(at(601), None).unwrap(), TRIM_BATCH_MAX);
    assert_eq!(store.trim(at(601), None).unwrap(), 600 - TRIM_BATCH_MAX);
    assert_eq!(store.trim(at(601), None).unwrap(), 0);
    assert_eq!(seqs(&store), (601..=700).collect::<Vec<_>>());
    assert_eq!(store.oldest_seq().unwrap(), Some(Seq(601)));
    assert_eq!(store.entities().count(), 700, "entities are no part of the journal");
}

#[test]
fn trimming_spares_what_somebody_still_reads() {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 20, 1);
    assert_eq!(store.trim(at(15), Some(Seq(4))).unwrap(), 4);
    assert_eq!(seqs(&store), (5..=20).collect::<Vec<_>>());
    assert_eq!(store.trim(at(15), Some(Seq(100))).unwrap(), 10, "who is ahead keeps nothing");
}

#[test]
fn the_newest_record_survives_every_trim_so_that_the_head_survives_a_restart() {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 20, 1);
    assert_eq!(store.trim(at(i64::from(u32::MAX)), None).unwrap(), 19);
    drop(store);
    let store = open(folder.path()).store;
    assert_eq!(store.newest().unwrap(), Some(started(20)));
    assert_eq!(seqs(&store), [20]);
}

#[test]
fn an_empty_journal_has_nothing_to_trim_and_no_newest() {
    let folder = folder();
    let store = open(folder.path()).store;
    assert_eq!(store.trim(at(0), None).unwrap(), 0);
    assert_eq!((store.newest().unwrap(), store.oldest_seq().unwrap()), (None, None));
}

#[test]
fn a_second_opening_of_the_same_folder_is_told_that_it_is_in_use() {
    let folder = folder();
    let store = open(folder.path()).store;
    let second = Store::open(folder.path(), CACHE_MIB);
    assert!(matches!(second, Err(OpenError::InUse { path }) if path == folder.path()));
    drop(store);
    assert!(open(folder.path()).recovery.is_none());
}

#[test]
fn large_records_in_full_batches_never_become_files_that_nobody_syncs() {
    let folder = folder();
    let store = open(folder.path()).store;
    // As many as the ledger makes durable with one sync.
    for first in (0..2_048_u64).step_by(512) {
        let mut batch = Batch::default();
        for n in first..first + 512 {
            let item = Arc::new(action(n, 6_700));
            let event = committed(n + 1, Event::ActionCreated(item.clone()));
            batch.append(&[JournalRecord::new(&event).unwrap()]);
            batch.put(&Entity::Action(item)).unwrap();
        }
        store.commit(batch).unwrap();
        assert!(!store.has_blobs(), "a blob after {first} records");
    }
    drop(store);
    let store = open(folder.path()).store;
    assert!(!store.has_blobs());
    assert_eq!(store.entities().count(), 2_048);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_its_name() {
    let folder = folder();
    let file = folder.path().join("a-file");
    fs::write(&file, b"").unwrap();
    assert!(matches!(Store::open(&file, CACHE_MIB), Err(OpenError::Folder { path, .. }) if path == file));
}

#[test]
fn what_is_on_disk_is_counted() {
    let folder = folder();
    let store = open(folder.path()).store;
    let before = store.bytes_on_disk().unwrap();
    fill(&store, 1, 2_000, 200);
    assert!(store.bytes_on_disk().unwrap() > before + 200_000);
}
