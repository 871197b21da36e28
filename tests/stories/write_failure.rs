//! A write or a sync that fails is never acknowledged: the gateway ends, and the disk is the truth.

use std::path::Path;

use harness::{Ack, Disk, Gateway, Journal, Load, SOON, Setup, Shim};

const WRITERS: usize = 6;
/// Input/output error.
const EIO: i32 = 5;
/// No space left on device.
const ENOSPC: i32 = 28;
/// What the gateway ends with, as sysexits.h names it: an internal error.
const EXIT_SOFTWARE: i32 = 70;

#[test]
fn a_shim_that_nobody_triggers_changes_nothing() {
    let shim = Shim::build();
    let setup = shim.in_gateways_of(Setup::without_cameras(""));
    let gateway = setup.start();
    assert!(shim.is_loaded(&gateway));
    let load = Load::start(&gateway, WRITERS);
    load.wait_for(100);
    let acks = load.end();
    assert!(gateway.stop().success());
    Journal::read(&setup.store()).assert_holds(&acks);
}

#[test]
fn a_sync_that_fails_is_not_acknowledged_and_ends_the_gateway() {
    fails("fdatasync", EIO, "Input/output error");
}

#[test]
fn a_write_back_that_fails_is_not_acknowledged_and_ends_the_gateway() {
    fails("sync_file_range", EIO, "Input/output error");
}

#[test]
fn a_torn_write_that_fails_is_not_acknowledged_and_ends_the_gateway() {
    fails("pwrite", EIO, "Input/output error");
}

#[test]
fn a_write_for_which_there_is_no_space_is_not_acknowledged_and_ends_the_gateway() {
    fails("pwrite", ENOSPC, "No space left on device");
}

fn fails(call: &str, errno: i32, in_words: &str) {
    let shim = Shim::build();
    let setup = shim.in_gateways_of(Setup::without_cameras(""));
    let mut gateway = setup.start();
    let load = Load::start(&gateway, WRITERS);
    load.wait_for(100);
    shim.fail(call, errno);
    assert_ends_in_error(&mut gateway, in_words);
    let (acks, refusals) = load.wait_for_end();
    assert_unavailable(&refusals);
    let journal = Journal::read_copy(&setup.store());
    journal.assert_holds(&acks);
    journal.assert_unacknowledged_is_one_batch(&acks, WRITERS);

    shim.mend();
    let more = write_well(&setup);
    Journal::read(&setup.store()).assert_holds(&[acks, more].concat());
}

#[test]
fn a_full_disk_ends_the_gateway_and_takes_nothing_with_it() {
    let Some(disk) = Disk::new("a full disk", 64) else { return };
    let store = disk.path().join("store");
    let setup = Setup::without_cameras("").env("CARESYNC_STORE__PATH", &store);
    let mut gateway = setup.start();
    let load = Load::start(&gateway, WRITERS);
    load.wait_for(100);
    let mut filler = disk.fill_all_but(1_024);
    assert_ends_in_error(&mut gateway, "No space left on device");
    let (acks, refusals) = load.wait_for_end();
    assert_unavailable(&refusals);
    // systemd starts it again and again while the disk is full. It may run or not; it must do no harm.
    for free_kib in [64, 256, 512, 1_024, 2_048, 4_096, 8_192] {
        std::fs::remove_file(filler).expect("the filler can be removed");
        filler = disk.fill_all_but(free_kib);
        drop(setup.try_start());
        let names = names(&store);
        assert!(!names.iter().any(|name| name.contains("damaged")), "a full disk is no damage: {names:?}");
        assert!(!names.iter().any(|name| name.contains("recovery")), "nothing is left behind: {names:?}");
    }
    std::fs::remove_file(filler).expect("the filler can be removed");
    let more = write_well(&setup);
    Journal::read(&store).assert_holds(&[acks, more].concat());
}

/// A life of the gateway without a fault, and what it acknowledged.
fn write_well(setup: &Setup) -> Vec<Ack> {
    let gateway = setup.start();
    let load = Load::start(&gateway, WRITERS);
    load.wait_for(100);
    let acks = load.end();
    assert!(gateway.stop().success());
    acks
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the store has a folder");
    let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

fn assert_ends_in_error(gateway: &mut Gateway, in_words: &str) {
    let status = gateway.wait(SOON);
    assert_eq!(status.code(), Some(EXIT_SOFTWARE), "it logged:\n{}", gateway.log());
    let log = gateway.log();
    assert!(log.contains("a write failed") && log.contains(in_words), "the log says why:\n{log}");
}

/// What was not durable is no success, and no refusal for good either.
fn assert_unavailable(refusals: &[u16]) {
    assert!(refusals.iter().all(|status| *status == 503), "{refusals:?}");
}
