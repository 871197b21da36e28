//! A store whose snapshots are damaged starts, has everything, and says so.

use std::fs;
use std::path::{Path, PathBuf};

use caresync_gateway::store::Recovery;
use harness::{Ack, Journal, Load, Setup};
use serde_json::{Value, json};

fn write_and_stop(setup: &Setup) -> Vec<Ack> {
    let gateway = setup.start();
    let load = Load::start(&gateway, 4);
    load.wait_for(200);
    let acks = load.end();
    assert!(gateway.stop().success());
    acks
}

/// sled writes one when it opens a log that has grown.
fn snapshots(store: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(store).expect("the store has a folder");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let is_snapshot =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap."));
    paths.filter(is_snapshot).collect()
}

fn survives(damage: impl Fn(&mut Vec<u8>)) {
    let setup = Setup::without_cameras("");
    let mut acks = write_and_stop(&setup);
    acks.extend(write_and_stop(&setup));
    let before = setup.start();
    let rooms = before.http().get("/api/rooms").body["rooms"].take();
    assert!(before.stop().success());

    let snapshots = snapshots(&setup.store());
    assert!(!snapshots.is_empty(), "sled wrote a snapshot");
    let damaged: Vec<_> = snapshots.iter().map(|path| damage_file(path, &damage)).collect();
    let gateway = setup.start();
    assert_eq!(
        markers(&gateway.http().get("/api/rooms").body["rooms"]),
        markers(&rooms),
        "every room is there"
    );
    let health = gateway.http().get("/api/health").body;
    assert_eq!(health["status"], "degraded");
    let standing = &health["components"]["alarms"]["standing"];
    let [alarm] = &standing.as_array().expect("a list")[..] else {
        panic!("one alarm stands: {standing:#?}")
    };
    assert_eq!((&alarm["cause"], &alarm["subject"]), (&json!("store_recovered"), &json!("store")));
    let kept_in = setup.store().join("damaged-1");
    let by_rest = "/api/alarms/store_recovered:store";
    let listed = gateway.http().get("/api/alarms?standing=true&acknowledged=false").body;
    assert_eq!(listed, json!({ "alarms": [alarm] }));
    let acknowledged = gateway.http().post(&format!("{by_rest}/acknowledge"), &json!({})).body;
    assert_eq!(acknowledged["alarm"]["acknowledged_by"], "demo-doctor", "{acknowledged}");
    assert_eq!(gateway.http().get(by_rest).body, acknowledged);
    let remedy = alarm["remedy"].as_str().expect("an alarm has a remedy");
    assert!(remedy.contains(&kept_in.display().to_string()), "{remedy}");
    for (path, bytes) in snapshots.iter().zip(&damaged) {
        let kept = fs::read(kept_in.join(path.file_name().expect("a file has a name")))
            .expect("the damaged file is kept");
        assert!(kept == *bytes, "as it was");
    }
    let epoch = gateway.connect().greeting["data"]["epoch"].as_str().expect("an epoch").to_owned();
    for ack in &mut acks {
        assert_ne!(ack.epoch, epoch, "nobody may take a seq of before for one of now");
        ack.epoch.clone_from(&epoch);
    }
    let load = Load::start(&gateway, 4);
    load.wait_for(50);
    acks.extend(load.end());
    assert!(gateway.stop().success());
    let journal = Journal::read(&setup.store());
    journal.assert_holds(&acks);
    assert_eq!(journal.recovery, None::<Recovery>, "what was recovered opens like any other");
}

fn damage_file(path: &Path, damage: &impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = fs::read(path).expect("the snapshot can be read");
    let whole = bytes.clone();
    damage(&mut bytes);
    assert!(bytes != whole, "the damage is one");
    fs::write(path, &bytes).expect("the snapshot can be written");
    bytes
}

fn markers(rooms: &Value) -> Vec<(&Value, &Value)> {
    let rooms = rooms.as_array().expect("a list");
    assert!(!rooms.is_empty());
    rooms.iter().map(|room| (&room["id"], &room["estimated_available_at"])).collect()
}

#[test]
fn a_snapshot_that_was_cut_short_costs_nothing_but_an_alarm() {
    survives(|bytes| bytes.truncate(bytes.len() / 2));
}

#[test]
fn a_snapshot_with_flipped_bytes_costs_nothing_but_an_alarm() {
    survives(|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4].iter_mut().for_each(|byte| *byte ^= 0xff);
    });
}

#[test]
fn a_snapshot_of_garbage_costs_nothing_but_an_alarm() {
    survives(|bytes| {
        *bytes = (0..4_096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    });
}
