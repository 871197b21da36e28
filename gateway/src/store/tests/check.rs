//! Reading everything: stores of earlier versions, damaged ones, and what is counted.

use super::*;

/// Puts what a store of an earlier version held into `store`, byte by byte.
fn restore(store: &Store, fixture: &str) {
    for line in fixture.lines().filter(|line| !line.starts_with('#')) {
        let (key, json) = line.split_once('\t').unwrap();
        let key = match key.strip_prefix("j/") {
            Some(seq) => codec::journal_key(Seq(seq.parse().unwrap())),
            None => key.as_bytes().to_vec(),
        };
        store.tree.insert(key, [b"\x01", json.as_bytes()].concat()).unwrap();
    }
}

#[test]
fn a_store_of_an_earlier_version_can_be_read_whole() {
    let folder = folder();
    let store = open(folder.path()).store;
    restore(&store, include_str!("../fixtures/0.1.0-a.tsv"));
    let entities: Vec<_> = store.entities().map(Result::unwrap).collect();
    assert_eq!(entities.len(), 10);
    // Revisions came later: what has none begins with the first.
    let edited = entities.iter().filter(|it| it.revision().is_some_and(|revision| revision > 1)).count();
    assert_eq!((entities.iter().filter_map(Entity::revision).count(), edited), (7, 1), "{entities:#?}");
    assert_eq!(seqs(&store), (1..=19).collect::<Vec<_>>());
}

fn findings(store: &Store) -> Vec<String> {
    store.check().unwrap().findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_check_reads_everything_and_names_what_is_wrong() {
    let folder = folder();
    let store = open(folder.path()).store;
    fill(&store, 1, 100, 5);
    let checked = store.check().unwrap();
    assert_eq!((checked.entities, checked.events, checked.findings), (100, 100, vec![]));
    assert_eq!(checked.journal, Some((Seq(1), Seq(100))));

    store.tree.remove(codec::journal_key(Seq(50))).unwrap();
    assert_eq!(findings(&store), ["the journal has a hole: event 45 is followed by 51"]);
    let pack = store.tree.get(codec::journal_key(Seq(60))).unwrap().unwrap();
    store.tree.insert(codec::journal_key(Seq(50)), pack).unwrap();
    assert!(findings(&store).iter().any(|line| line.contains("not the one that belongs there")));
    store.tree.insert(b"e/room/room-7", b"\x01{\"kind\":\"room\"}".as_slice()).unwrap();
    assert!(findings(&store).iter().any(|line| line.starts_with("the record e/room/room-7 cannot be read")));
    store.tree.insert(b"e/room/room-8", store.tree.get(b"e/room/room-9").unwrap().unwrap()).unwrap();
    assert!(findings(&store).contains(&"the record e/room/room-8 is not the one that belongs there".into()));
    let damaged_everywhere = b"\x01[".as_slice();
    (1..=100).for_each(|n| drop(store.tree.insert(format!("e/room/room-{n}"), damaged_everywhere).unwrap()));
    assert_eq!(findings(&store).len(), 20);
}

#[test]
fn a_check_of_a_store_that_will_not_open_changes_nothing_of_it() {
    let (folder, epoch) = used_store();
    let name = snapshot_of(folder.path());
    fs::write(folder.path().join(&name), b"damaged").unwrap();
    let before = names(folder.path());
    let log = fs::read(folder.path().join("db")).unwrap();
    assert!(matches!(Store::open_to_check(folder.path(), CACHE_MIB), Err(CheckError::Damaged(_))));
    assert_eq!(names(folder.path()), before);
    assert!(fs::read(folder.path().join("db")).unwrap() == log);
    assert_eq!(fs::read(folder.path().join(&name)).unwrap(), b"damaged");
    assert_recovered(folder.path(), &epoch, b"damaged", &name);
}

#[test]
fn a_check_puts_back_what_was_overwritten_in_a_vain_attempt_to_open_a_log() {
    let (folder, _) = used_store();
    let log = folder.path().join("db");
    let bytes = fs::metadata(&log).unwrap().len();
    let garbage: Vec<u8> =
        (0..bytes).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]).collect();
    fs::write(&log, &garbage).unwrap();
    fs::remove_file(folder.path().join(snapshot_of(folder.path()))).unwrap();
    assert!(matches!(Store::open_to_check(folder.path(), CACHE_MIB), Err(CheckError::Damaged(_))));
    assert!(fs::read(&log).unwrap() == garbage, "as it was");
    assert_no_copies(folder.path());
}

#[test]
fn a_check_says_that_there_is_no_store_or_that_it_is_in_use_and_makes_none() {
    let folder = folder();
    let nowhere = folder.path().join("nowhere");
    assert!(matches!(Store::open_to_check(&nowhere, CACHE_MIB), Err(CheckError::None(_))));
    assert!(!nowhere.exists());
    let store = open(folder.path()).store;
    let held = Store::open_to_check(folder.path(), CACHE_MIB);
    assert!(matches!(held, Err(CheckError::Open(OpenError::InUse { .. }))));
    fill(&store, 1, 3, 3);
    let epoch = store.epoch().to_owned();
    drop(store);
    let store = Store::open_to_check(folder.path(), CACHE_MIB).unwrap();
    assert_eq!((store.epoch(), seqs(&store).len()), (epoch.as_str(), 3));
}

#[test]
fn what_is_committed_is_counted() {
    let folder = folder();
    let store = open(folder.path()).store;
    assert_eq!(store.bytes_written(), 0);
    fill(&store, 1, 1, 1);
    let once = store.bytes_written();
    assert!(once > 100, "{once}");
    let mut batch = Batch::default();
    assert!(batch.is_empty());
    batch.delete(&room(1).key());
    assert!(!batch.is_empty());
    store.commit(batch).unwrap();
    assert_eq!(store.bytes_written(), once + "e/room/room-1".len() as u64);
}
