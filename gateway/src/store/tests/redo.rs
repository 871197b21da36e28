//! Sentences about commits that are one value in the log.

use super::super::redo;
use super::*;
use crate::domain::bound_device::Mark;
use crate::domain::rollup::{Minute, Rollup};

fn named(n: u64, name: &str) -> Entity {
    let Entity::Room(room) = room(n) else { unreachable!("it is a room") };
    Entity::Room(Arc::new(Room { name: name.into(), ..(*room).clone() }))
}

fn mark(counter: u64) -> Mark {
    Mark { observed_at: None, counter: Some(counter), words: 1 }
}

/// An event, a thing, one that goes, a minute and a mark: everything that commits hold.
fn one_of_each(seq: u64) -> Batch {
    let mut batch = Batch::default();
    batch.append(&[JournalRecord::new(&started(seq)).unwrap()]);
    batch.put(&named(1, &format!("as of {seq}"))).unwrap();
    batch.delete(&room(1_000 + seq - 1).key());
    batch.put(&room(1_000 + seq)).unwrap();
    let value = f64::from(u32::try_from(seq).unwrap());
    batch.put_minute(&"device:plug-1:battery".parse().unwrap(), Minute(7), &Rollup::new(0, value));
    batch.put_mark(&"plug-1".parse().unwrap(), Some(&mark(seq)));
    batch
}

/// The commit that each record of [`one_of_each`] is of.
fn commits_seen(store: &Store) -> Vec<u64> {
    let name = |n| match store.entity(&room(n).key()).unwrap() {
        Some(Entity::Room(room)) => Some(room.name.clone()),
        _ => None,
    };
    let there = (1_001..1_020).filter(|n| name(*n).is_some()).map(|n| n - 1_000);
    let as_of = name(1).unwrap().strip_prefix("as of ").unwrap().parse().unwrap();
    let (_, _, minute) = store.newest_minutes().unwrap().remove(0);
    let marked = store.marks().unwrap().into_values().find_map(|it| it.counter).unwrap();
    let newest = store.newest().unwrap().unwrap().seq.0;
    let read = (1..20_u8).find(|n| minute == Rollup::new(0, f64::from(*n))).map(u64::from).unwrap();
    there.chain([as_of, read, marked, newest]).collect()
}

/// The same, and so many rooms besides.
fn one_of_each_and_rooms(seq: u64, rooms: u64) -> Batch {
    let mut batch = one_of_each(seq);
    (2_000..2_000 + rooms).for_each(|n| batch.put(&named(n, &format!("as of {seq}"))).unwrap());
    batch
}

/// Cuts the write of `last`, which comes after `before`, at many places, and tells the commit that each cut leaves.
fn cut_everywhere(before: impl IntoIterator<Item = Batch>, last: Batch, step: usize) -> Vec<u64> {
    let folder = folder();
    let store = open(folder.path()).store;
    before.into_iter().for_each(|batch| store.commit(batch).unwrap());
    let log = folder.path().join("db");
    let before = fs::read(&log).unwrap();
    store.commit(last).unwrap();
    assert!(store.has_redo.load(Ordering::Relaxed), "it is a commit with a redo record");
    let after = fs::read(&log).unwrap();
    drop(store);
    let is_same = |at: &usize| before.get(*at) == after.get(*at);
    let first = (0..after.len()).find(|at| !is_same(at)).unwrap();
    let end = (first..after.len()).rfind(|at| !is_same(at)).unwrap() + 1;

    let mut seen = Vec::new();
    for cut in (first..end).step_by(step).chain([end]) {
        let folder = self::folder();
        let mut torn = after[..cut].to_vec();
        torn.extend(before.get(cut..).unwrap_or_default());
        torn.resize(after.len(), 0);
        fs::write(folder.path().join("db"), torn).unwrap();
        fs::copy(log.with_file_name("conf"), folder.path().join("conf")).unwrap();
        let Opened { store, recovery } = open(folder.path());
        assert_eq!(recovery, None, "cut after {} bytes", cut - first);
        let commits = commits_seen(&store);
        let is_one = commits.iter().all(|it| *it == commits[0]);
        assert!(is_one, "cut after {} of {} bytes: {commits:?}", cut - first, end - first);
        assert_eq!(store.check().unwrap().findings, Vec::new());
        seen.push(commits[0]);
    }
    assert!(seen.is_sorted(), "{seen:?}");
    seen
}

#[test]
fn a_small_commit_is_there_whole_or_not_at_all_wherever_its_write_was_cut() {
    let seen = cut_everywhere((1..=7).map(one_of_each), one_of_each(8), 5);
    assert!((50..500).contains(&seen.len()), "so many cuts: {}", seen.len());
    // Its redo record is half of it: from there on, it is whole.
    let whole = seen.iter().filter(|it| **it == 8).count();
    assert!((seen.len() * 2 / 5..seen.len()).contains(&whole), "{whole} of {}", seen.len());
}

#[test]
fn a_commit_of_several_values_is_there_whole_or_not_at_all_too() {
    let large = |seq| one_of_each_and_rooms(seq, 120);
    assert!(large(1).in_a_row().is_some_and(|row| row.len() > 2 * VALUE_BYTES_MAX), "three parts");
    // A part of an older commit is there when the newer one lacks it, and a smaller one in between leaves it there.
    for before in [vec![large(1), one_of_each(2)], vec![one_of_each(1), large(2)], vec![one_of_each(2)]] {
        let seen = cut_everywhere(before, large(3), 997);
        let whole = seen.iter().filter(|it| **it == 3).count();
        assert!((seen.len() * 2 / 5..seen.len()).contains(&whole), "{whole} of {}", seen.len());
    }
}

#[test]
fn what_a_later_commit_wrote_is_not_undone_by_an_earlier_ones_redo_record() {
    let folder = folder();
    let store = open(folder.path()).store;
    store.commit(one_of_each(1)).unwrap();
    let mut alone = Batch::default();
    alone.put(&named(1, "newer, alone")).unwrap();
    store.commit(alone).unwrap();
    drop(store);
    let store = open(folder.path()).store;
    assert_eq!(store.entity(&room(1).key()).unwrap(), Some(named(1, "newer, alone")));

    store.commit(one_of_each(2)).unwrap();
    let mut large = Batch::default();
    (1..=900).for_each(|n| large.put(&named(n, "newer, among many")).unwrap());
    store.commit(large).unwrap();
    assert!(!store.has_redo.load(Ordering::Relaxed), "it is too large for one");
    drop(store);
    let store = open(folder.path()).store;
    assert_eq!(store.entity(&room(1).key()).unwrap(), Some(named(1, "newer, among many")));
    assert_eq!(store.entities().count(), 901);
}

#[test]
fn a_commit_that_opening_made_whole_is_not_put_over_a_later_one() {
    let folder = folder();
    let store = open(folder.path()).store;
    store.commit(one_of_each(1)).unwrap();
    store.tree.remove(codec::entity_key(&room(1).key())).unwrap();
    drop(store);
    let store = open(folder.path()).store;
    assert_eq!(store.entity(&room(1).key()).unwrap(), Some(named(1, "as of 1")), "made whole");
    let mut alone = Batch::default();
    alone.put(&named(1, "newer")).unwrap();
    store.commit(alone).unwrap();
    drop(store);
    assert_eq!(open(folder.path()).store.entity(&room(1).key()).unwrap(), Some(named(1, "newer")));
}

#[test]
fn redo_records_of_every_size_never_become_files_that_nobody_syncs() {
    let folder = folder();
    let store = open(folder.path()).store;
    let letters = |bytes| (0..bytes).map(|_| char::from(rand::random_range(b'!'..=b'~'))).collect::<String>();
    let mut redone = 0;
    for n in 1..=120 {
        let mut batch = Batch::default();
        (0..1 + n % 10).for_each(|room| batch.put(&named(room, &letters(6_000))).unwrap());
        store.commit(batch).unwrap();
        redone += usize::from(store.has_redo.load(Ordering::Relaxed));
    }
    assert!((80..=120).contains(&redone), "{redone} of 120 commits have a redo record");
    assert!(!store.has_blobs());
    drop(store);
    assert_eq!(open(folder.path()).store.entities().count(), 10);
}

#[test]
fn a_redo_record_of_another_version_or_cut_short_is_an_error_that_names_it() {
    let folder = folder();
    let store = open(folder.path()).store;
    store.commit(one_of_each(1)).unwrap();
    let whole = store.redo[0].get(redo::KEY).unwrap().unwrap();
    let (newer, parts) = ([&[2], &whole[1..]].concat(), [&whole[..9], &[9], &whole[10..]].concat());
    for damaged in [&newer, &parts[..], b"", &whole[..whole.len() - 1], &[whole.as_ref(), &[7]].concat()] {
        store.redo[0].insert(redo::KEY, damaged).unwrap();
        let Err(StoreError::Record { key, source }) = store.redo() else { panic!("{damaged:?} is taken") };
        assert_eq!((key.as_str(), source.is_data()), ("redo", true), "{source}");
    }
}
