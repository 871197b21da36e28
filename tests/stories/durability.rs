//! What was acknowledged survives `kill -9`, at any moment.

use harness::{Journal, Load, Setup, announce, prove};
use serde_json::json;

const WRITERS: usize = 6;

#[test]
fn kills_under_load_lose_nothing_that_was_acknowledged() {
    let kills = if prove() { 300 } else { 20 };
    let setup = Setup::without_cameras("");
    let mut acks = Vec::new();
    let mut newest = None;
    for _ in 0..kills {
        let gateway = setup.start();
        let load = Load::start(&gateway, WRITERS);
        load.wait_for(rand::random_range(1..=200));
        gateway.kill();
        acks.extend(load.wait_for_end().0);

        let journal = Journal::read_copy(&setup.store());
        journal.assert_holds(&acks);
        assert!(newest < Some(journal.newest), "the journal goes on where it was");
        newest = Some(journal.newest);
        assert_eq!(journal.recovery, None, "a kill damages nothing");
    }
    let gateway = setup.start();
    let health = gateway.http().get("/api/health");
    let last = acks.last().expect("there was a load");
    assert_eq!(health.body["components"]["ledger"]["epoch"], last.epoch, "the journal's life goes on");
    let alarms = &health.body["components"]["alarms"]["standing"];
    assert_eq!(*alarms, json!([]), "nothing is wrong");
    assert!(gateway.stop().success());
    Journal::read(&setup.store()).assert_holds(&acks);
    announce(&format!("durability: {kills} kills, {} acknowledged writes, none lost", acks.len()));
}
