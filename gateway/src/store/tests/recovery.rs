//! Stores that will not open, and what comes of them.

use super::*;

#[test]
fn a_snapshot_that_was_cut_short_is_rebuilt_from_the_log() {
    let (folder, epoch) = used_store();
    let name = snapshot_of(folder.path());
    let bytes = fs::read(folder.path().join(&name)).unwrap();
    let cut = &bytes[..bytes.len() / 2];
    fs::write(folder.path().join(&name), cut).unwrap();
    assert_recovered(folder.path(), &epoch, cut, &name);
}

#[test]
fn an_empty_snapshot_is_rebuilt_from_the_log() {
    let (folder, epoch) = used_store();
    let name = snapshot_of(folder.path());
    fs::write(folder.path().join(&name), b"").unwrap();
    assert_recovered(folder.path(), &epoch, b"", &name);
}

#[test]
fn a_snapshot_with_flipped_bytes_is_rebuilt_from_the_log() {
    let (folder, epoch) = used_store();
    let name = snapshot_of(folder.path());
    let mut bytes = fs::read(folder.path().join(&name)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0xff);
    fs::write(folder.path().join(&name), &bytes).unwrap();
    assert_recovered(folder.path(), &epoch, &bytes, &name);
}

#[test]
fn a_snapshot_of_garbage_is_rebuilt_from_the_log() {
    let (folder, epoch) = used_store();
    let name = snapshot_of(folder.path());
    let garbage: Vec<u8> = (0..4_096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    fs::write(folder.path().join(&name), &garbage).unwrap();
    assert_recovered(folder.path(), &epoch, &garbage, &name);
}

fn assert_started_anew(folder: &Path, epoch: &str, garbage: &[u8]) {
    let before = names(folder);
    let opened = open(folder);
    let Some(Recovery::StartedAnew { kept_in }) = opened.recovery else {
        panic!("a new store was to begin: {:?}", opened.recovery);
    };
    assert!(fs::read(kept_in.join("db")).unwrap() == garbage, "the damaged log is kept untouched");
    let kept = names(&kept_in);
    assert!(
        before.iter().filter(|name| *name != "lock").all(|name| kept.contains(name)),
        "{before:?} {kept:?}"
    );
    assert_ne!(opened.store.epoch(), epoch, "another journal, another epoch");
    assert_eq!(opened.store.newest().unwrap(), None);
    fill(&opened.store, 1, 10, 5);
    drop(opened.store);
    let opened = open(folder);
    assert_eq!((opened.recovery, seqs(&opened.store).len()), (None, 10));
    assert_no_copies(folder);
}

#[test]
fn a_log_of_garbage_is_moved_aside_untouched_and_a_new_store_begins() {
    let (folder, epoch) = used_store();
    let log = folder.path().join("db");
    let bytes = fs::metadata(&log).unwrap().len();
    let garbage: Vec<u8> =
        (0..bytes).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]).collect();
    fs::write(&log, &garbage).unwrap();
    assert_started_anew(folder.path(), &epoch, &garbage);
}

#[test]
fn a_log_of_garbage_without_snapshots_is_not_taken_for_an_empty_store() {
    let (folder, epoch) = used_store();
    fs::remove_file(folder.path().join(snapshot_of(folder.path()))).unwrap();
    let log = folder.path().join("db");
    let bytes = fs::metadata(&log).unwrap().len();
    let garbage: Vec<u8> =
        (0..bytes).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]).collect();
    fs::write(&log, &garbage).unwrap();
    assert_started_anew(folder.path(), &epoch, &garbage);
}

#[test]
fn a_log_that_lost_its_second_half_is_not_taken_for_a_whole_one() {
    let (folder, epoch) = used_store();
    let log = folder.path().join("db");
    let bytes = fs::read(&log).unwrap();
    let half = &bytes[..bytes.len() / 2];
    fs::write(&log, half).unwrap();
    let opened = open(folder.path());
    // Where sled wrote what decides whether the half can be read without its snapshots.
    let readable = match opened.recovery {
        Some(Recovery::StartedAnew { kept_in }) => {
            assert!(fs::read(kept_in.join("db")).unwrap() == half, "the damaged log is kept untouched");
            0..=0
        }
        Some(Recovery::SnapshotsRebuilt { .. }) => 1..=2_699,
        None => panic!("half a log passed for a whole one"),
    };
    assert_ne!(opened.store.epoch(), epoch, "another journal, another epoch");
    assert!(readable.contains(&seqs(&opened.store).len()));
}

#[test]
fn an_opening_that_did_not_end_is_undone() {
    let (folder, epoch) = used_store();
    let untouched = folder.path().join("untouched");
    fs::create_dir(&untouched).unwrap();
    for file in ["db", "conf"] {
        fs::copy(folder.path().join(file), untouched.join(file)).unwrap();
    }
    fs::write(folder.path().join("db"), b"what sled made of it before the power went").unwrap();
    let opened = open(folder.path());
    assert_eq!((opened.store.epoch(), opened.recovery), (epoch.as_str(), None));
    assert_eq!(seqs(&opened.store).len(), 2_700);
    assert_no_copies(folder.path());
}

#[test]
fn a_copy_that_a_power_cut_left_half_made_is_no_obstacle() {
    let (folder, epoch) = used_store();
    fs::create_dir(folder.path().join("untouched.part")).unwrap();
    fs::write(folder.path().join("untouched.part").join("db"), b"half").unwrap();
    let opened = open(folder.path());
    assert_eq!((opened.store.epoch(), opened.recovery), (epoch.as_str(), None));
    assert_no_copies(folder.path());
}

#[test]
fn each_damage_has_a_folder_of_its_own() {
    let (folder, _) = used_store();
    for n in 1..=2 {
        fs::write(folder.path().join(snapshot_of(folder.path())), b"damaged").unwrap();
        let recovery = open(folder.path()).recovery;
        assert_eq!(
            recovery,
            Some(Recovery::SnapshotsRebuilt { kept_in: folder.path().join(format!("damaged-{n}")) })
        );
    }
}
