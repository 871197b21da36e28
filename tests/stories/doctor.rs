//! `doctor` reads the whole store, says what is wrong in words, and changes nothing.

use caresync_gateway::store::{Batch, Store};
use harness::{Ended, Program, Setup};
use serde_json::json;

fn doctor(setup: &Setup) -> Ended {
    let mut command = setup.command("doctor");
    command.arg("--config").arg(setup.config()).env("CARESYNC_STORE__PATH", setup.store());
    Program::start(command).end()
}

#[test]
fn doctor_finds_a_sound_store_well_and_names_the_entry_that_was_taken_out_of_the_audit_trail() {
    let setup = Setup::without_cameras("");
    let none = doctor(&setup);
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("there is no store in"), "{}", none.err);
    assert!(!setup.store().exists(), "it made none");

    let gateway = setup.start();
    for status in ["occupied", "available", "maintenance"] {
        let answer = gateway.http().put("/api/rooms/room-1/status", &json!({ "status": status }));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let held = doctor(&setup);
    assert_eq!(held.code, Some(1));
    assert!(
        held.err.contains("a running gateway holds the store") && held.err.contains("stop"),
        "{}",
        held.err
    );
    assert!(gateway.stop().success());

    for _ in 0..2 {
        let well = doctor(&setup);
        assert_eq!(well.code, Some(0), "{:?} {}", well.out, well.err);
        assert!(well.out.iter().all(|line| line.starts_with("well: ")), "{:?}", well.out);
        assert!(
            well.out.iter().any(|line| line.contains("audit trail: 7 entries, 1 to 7")),
            "{:?}",
            well.out
        );
    }

    let store = Store::open(&setup.store(), 32).expect("the store opens").store;
    let mut batch = Batch::default();
    batch.forget_audit(2);
    store.commit(batch).expect("the disk takes it");
    drop(store);
    let wrong = doctor(&setup);
    assert_eq!(wrong.code, Some(1));
    let found: Vec<_> = wrong.out.iter().filter(|line| line.starts_with("WRONG: ")).collect();
    assert_eq!(found, ["WRONG: audit trail: entry 2 is missing"]);

    let gateway = setup.start();
    assert_eq!(gateway.http().room("room-1")["status"], "maintenance", "a damaged trail stops nothing");
    assert!(gateway.stop().success());
}
