//! What was acknowledged survives a power cut, at any moment.

use harness::{Disk, Journal, Load, Setup, announce, prove};

const WRITERS: usize = 6;
/// The store makes a copy of itself when it opens: the disk has to hold two of what all cuts of one disk write.
const DISK_MIB: u64 = 256;
/// Cuts of one disk.
const CUTS: usize = 50;
/// Writes between two cuts, at most. Each makes the log some 2 KiB longer.
const WRITES_MAX: usize = 200;

#[test]
fn power_cuts_under_load_lose_nothing_that_was_acknowledged() {
    let disks = if prove() { 20 } else { 1 };
    for _ in 0..disks {
        let Some(disk) = Disk::new("power cuts", DISK_MIB) else { return };
        cut_the_power_of(&disk);
    }
}

fn cut_the_power_of(disk: &Disk) {
    let store = disk.path().join("store");
    let setup = Setup::without_cameras("").env("CARESYNC_STORE__PATH", &store);
    let gateway = setup.start();
    let load = Load::start(&gateway, WRITERS);
    let (mut acknowledged, mut rebuilt) = (0, 0);
    for _ in 0..CUTS {
        load.wait_for(acknowledged + rand::random_range(1..=WRITES_MAX));
        gateway.frozen(|| {
            let after = disk.after_a_power_cut();
            let acks = load.acks();
            let journal = Journal::read(&after.path().join("store"));
            journal.assert_holds(&acks);
            // A new store would have another epoch and hold none of them.
            rebuilt += usize::from(journal.recovery.is_some());
            acknowledged = acks.len();
        });
    }
    let acks = load.end();
    assert!(gateway.stop().success());
    Journal::read(&store).assert_holds(&acks);
    announce(&format!(
        "power cuts: {CUTS} cuts, {acknowledged} acknowledged writes, none lost; snapshots rebuilt: {rebuilt}"
    ));
}
