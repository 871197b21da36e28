//! Footage: the demo as a visitor sees it, with its files and without.

use std::time::Duration;

use harness::{Client, Gateway, Setup, footage};
use serde_json::{Value, json};

/// The clip's first person is there for 21 s, and the demo's hold is 5 s; the rest is for a busy machine.
const CLIP_WAIT: Duration = Duration::from_secs(90);
/// The drawn room waits for its first person, who then stays for most of a minute.
const DRAWN_WAIT: Duration = Duration::from_secs(90);

/// The next change of `room` that `wanted` takes.
fn change(client: &mut Client, deadline: Duration, room: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    client.wait_within(deadline, |frame| {
        frame["type"] == "room:updated" && frame["data"]["id"] == room && wanted(&frame["data"])
    })
}

fn health(gateway: &Gateway) -> Value {
    let answer = gateway.http().get("/api/health");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn camera(health: &Value, id: &str) -> Value {
    let cameras = health["components"]["cameras"]["items"].as_array().expect("a list of cameras");
    cameras.iter().find(|camera| camera["id"] == id).unwrap_or_else(|| panic!("{id} in {health:#}")).clone()
}

#[test]
fn people_in_the_footage_occupy_their_room_and_leave_it() {
    let Some(assets) = footage("people_in_the_footage_occupy_their_room_and_leave_it") else { return };
    let gateway = Setup::demo().env("CARESYNC_ASSETS", assets).start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    let entered = change(&mut client, CLIP_WAIT, "room-2", |room| room["status"] == "occupied");
    let occupancy = &entered["data"]["occupancy"];
    assert_eq!(
        (&occupancy["sources"], &occupancy["synthetic"]),
        (&json!(["camera:cam-1"]), &json!(false)),
        "{entered}"
    );
    assert!(occupancy["why"].as_str().is_some_and(|why| why.contains("camera cam-1 sees")), "{entered}");
    let health = health(&gateway);
    assert_eq!(camera(&health, "cam-1")["method"], "model", "{health:#}");
    assert_eq!(camera(&health, "cam-1")["health"], "live", "{health:#}");
    assert_eq!(health["components"]["assets"]["missing"], json!([]));
    let left = change(&mut client, CLIP_WAIT, "room-2", |room| room["status"] != "occupied");
    assert_eq!(left["data"]["occupancy"]["state"], "empty", "{left}");
    assert_eq!(left["data"]["occupancy"]["sources"], json!(["camera:cam-1"]), "{left}");
    assert!(gateway.stop().success());
}

#[test]
fn what_a_drawn_room_causes_says_so() {
    let gateway = Setup::demo().start();
    let mut client = gateway.connect();
    client.subscribe("facility");
    let entered = change(&mut client, DRAWN_WAIT, "room-3", |room| room["status"] == "occupied");
    assert_eq!(entered["data"]["occupancy"]["synthetic"], true, "{entered}");
    assert_eq!(entered["data"]["occupancy"]["sources"], json!(["camera:cam-2"]), "{entered}");
    let why = entered["data"]["occupancy"]["why"].as_str().unwrap();
    assert!(why.contains("synthetic camera cam-2"), "{why}");
}

#[test]
fn without_its_files_the_gateway_starts_and_says_what_is_missing() {
    let nothing = Setup::with_text("");
    let assets = nothing.config().parent().expect("a file is in a folder").join("assets");
    std::fs::create_dir(&assets).expect("the temporary folder takes another");
    let gateway = Setup::demo().env("CARESYNC_ASSETS", assets).start();
    let mut client = gateway.connect();
    client.subscribe("all");
    let health = health(&gateway);
    assert_eq!(health["status"], "degraded", "{health:#}");
    assert_eq!(health["components"]["assets"]["status"], "degraded", "{health:#}");
    let missing = health["components"]["assets"]["missing"].as_array().expect("a list of files").clone();
    for name in ["one-by-one-person-detection.mp4", "yolo-fastest-1.1_body"] {
        let file = missing
            .iter()
            .find(|file| file["name"] == name)
            .unwrap_or_else(|| panic!("{name} in {missing:#?}"));
        assert!(file["reason"].as_str().is_some_and(|reason| reason.contains("make assets")), "{file}");
    }
    let entered = change(&mut client, DRAWN_WAIT, "room-3", |room| room["status"] == "occupied");
    assert_eq!(entered["data"]["occupancy"]["synthetic"], true, "{entered}");
    let health = self::health(&gateway);
    assert_eq!(camera(&health, "cam-2")["method"], "motion", "{health:#}");
    let lost = camera(&health, "cam-1");
    assert!(lost["trouble"].as_str().is_some_and(|why| why.contains("no such file")), "{lost}");
    let room = gateway.http().room("room-2");
    assert_ne!(room["status"], "occupied", "nobody saw anybody: {room}");
}
