//! Configuration: everything that is wrong is said at once, before anything starts, and no secret with it.

use std::path::Path;

use harness::{Ended, Program, Setup, repository};
use serde_json::json;

/// What must never be seen: a secret that a test plants.
const CANARY: &str = "canary-7f3a9";

fn check(verb: &str, setup: &Setup, config: &Path) -> Ended {
    let mut command = setup.command(verb);
    command.arg("--config").arg(config);
    Program::start(command).end()
}

/// The line of `output` that tells of `key`.
fn line_of<'a>(key: &str, output: &'a str) -> &'a str {
    let found = output.lines().find(|line| line.trim_start().starts_with(&format!("{key} (")));
    found.unwrap_or_else(|| panic!("nothing about {key} in:\n{output}"))
}

#[test]
fn every_mistake_is_named_at_once_with_its_place_and_remedy() {
    let setup = Setup::with_text(
        r#"
        [facilitty]
        name = "North"
        [facility]
        seed_file = "nowhere.toml"
        [http]
        open_demo = "yes"
        [hub]
        colour = "red"
        ping_s = 0
        [vision]
        enter = 1.5
        detector = "guess"
        [[cameras]]
        id = "cam-1"
        source = "synthetic:room"
        room = "room-1"
        zones = [[[0.1, 0.1], [0.9, 0.9]]]
        [[cameras]]
        id = "cam-1"
        source = "ftp://camera"
        room = "room-2"
        rotate = 45
        [[auth.keys]]
        id = "opencv"
        role = "device"
        colour = "red"
        "#,
    );
    let expected = [
        ("facilitty", "the sections are"),
        ("facility.seed_file", "nowhere.toml"),
        ("http.open_demo", "boolean"),
        ("hub.colour", "ping_s"),
        ("hub.ping_s", "use 1 to 3600"),
        ("vision.enter", "0.0 to 1.0"),
        ("vision.detector", "motion"),
        ("cameras[0].zones", "at least 3 points"),
        ("cameras[1].id", "another camera"),
        ("cameras[1].source", "rtsp://"),
        ("cameras[1].rotate", "90"),
        ("auth.keys[0].key_file", "name the file"),
        ("auth.keys[0].colour", "no known key"),
    ];
    for verb in ["check-config", "serve"] {
        let ended = check(verb, &setup, setup.config());
        assert_eq!(ended.code, Some(78), "{verb}: {ended:?}");
        for (key, remedy) in expected {
            let line = line_of(key, &ended.err);
            assert!(line.contains("gateway.toml"), "the file is named: {line}");
            assert!(line.contains(remedy), "\"{remedy}\" is not in: {line}");
        }
        assert!(ended.err.contains(&format!("{} problems", expected.len())), "no others: {}", ended.err);
        assert!(!setup.store().exists(), "nothing was started");
    }
}

#[test]
fn a_camera_watches_a_room_that_exists() {
    let seed_file = repository().join("configs/clinic.demo.toml");
    let setup = Setup::with_text(&format!(
        "[facility]\nseed_file = \"{}\"\n[[cameras]]\nid = \"cam-1\"\nsource = \"synthetic:room\"\nroom = \"room-77\"\n",
        seed_file.display()
    ));
    let ended = check("check-config", &setup, setup.config());
    assert_eq!(ended.code, Some(78), "{ended:?}");
    let line = line_of("cameras[0].room", &ended.err);
    assert!(line.contains("\"room-77\" is no room of") && line.contains("clinic.demo.toml"), "{line}");
}

#[test]
fn the_environment_wins_and_is_named_as_the_place_of_its_mistakes() {
    let demo = repository().join("configs/demo.toml");
    let setup =
        Setup::demo().env("CARESYNC_HTTP__LISTEN", "127.0.0.1:3100").env("CARESYNC_STORE__PATH", "elsewhere");
    let ended = check("check-config", &setup, &demo);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = ended.out.join("\n");
    for part in ["9 rooms", "2 cameras", "127.0.0.1:3100", "elsewhere"] {
        assert!(said.contains(part), "\"{part}\" is not in \"{said}\"");
    }
    let setup = Setup::demo()
        .env("CARESYNC_HUB__PING_S", "0")
        .env("CARESYNC_HUB__COLOUR", "red")
        .env("CARESYNC_HUBB", "1");
    let ended = check("check-config", &setup, &demo);
    assert_eq!(ended.code, Some(78), "{ended:?}");
    for (key, variable) in [("hub.ping_s", "HUB__PING_S"), ("hub.colour", "HUB__COLOUR"), ("hubb", "HUBB")] {
        let line = line_of(key, &ended.err);
        assert!(line.contains(&format!("environment variable CARESYNC_{variable}")), "{line}");
    }
}

#[test]
fn the_shipped_demo_is_valid_and_a_file_that_is_not_there_is_named() {
    let setup = Setup::demo();
    let ended = check("check-config", &setup, setup.config());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended:?}");
    assert!(!setup.store().exists(), "checking starts nothing");
    let ended = check("check-config", &setup, Path::new("no/such/file.toml"));
    assert_eq!(ended.code, Some(78), "{ended:?}");
    assert!(line_of("--config", &ended.err).contains("no/such/file.toml"), "{ended:?}");
}

#[test]
fn no_mistake_shows_a_secret() {
    let camera = format!("rtsp://nurse:{CANARY}@");
    let mistakes = [
        format!(
            "[http]\nopen_demo = true\n[[auth.keys]]\nid = \"a\"\nrole = \"device\"\ndemo_key = \"{CANARY}\n"
        ),
        format!(
            "[http]\nlisten = \"0.0.0.0:3000\"\n[[auth.keys]]\nid = \"a\"\nrole = \"device\"\ndemo_key = \"{CANARY}\"\n"
        ),
        format!(
            "[[auth.keys]]\nid = \"a\"\nrole = \"device\"\nkey_file = \"/nowhere\"\ndemo_key = \"{CANARY}\"\n"
        ),
        format!("[[auth.keys]]\nid = \"a\"\nrole = \"device\"\ndemo_key = {{ key = \"{CANARY}\" }}\n"),
        format!("[[auth.keys]]\nid = \"a\"\nrole = \"device\"\ndemo_keys = \"{CANARY}\"\n"),
        format!("[auth]\nkeys = \"{CANARY}\"\n"),
        format!("[auth]\nkeys = [\"{CANARY}\"]\n"),
        format!("auth = \"{CANARY}\"\n"),
        format!("[[cameras]]\nid = \"a\"\nsource = \"{camera}\"\nroom = \"room-1\"\n"),
        format!(
            "[[cameras]]\nid = \"a\"\nsource = \"{camera}10.0.0.7/main\"\nroom = \"room-1\"\nrotate = 45\n"
        ),
        format!("[[cameras]]\nid = \"a\"\nsource = \"{camera}10.0.0.7/main\nroom = \"room-1\"\n"),
        format!("[[cameras]]\nid = \"a\"\nsource = \"ftp://nurse:{CANARY}@10.0.0.7\"\nroom = \"room-1\"\n"),
        format!("cameras = [\"{camera}10.0.0.7/main\"]\n"),
        format!("cameras = \"{camera}10.0.0.7/main\"\n"),
    ];
    for text in mistakes {
        let setup = Setup::with_text(&text);
        let ended = check("check-config", &setup, setup.config());
        assert_eq!(ended.code, Some(78), "{text}: {ended:?}");
        assert!(ended.err.contains("gateway.toml"), "the place is named: {text}: {ended:?}");
        assert!(!format!("{ended:?}").contains(CANARY), "{text}: {ended:?}");
    }
    let numeric =
        "[http]\nopen_demo = true\n[[auth.keys]]\nid = \"a\"\nrole = \"device\"\ndemo_key = 48151623\n";
    let setup = Setup::with_text(numeric);
    let ended = check("check-config", &setup, setup.config());
    assert!(ended.code == Some(78) && !ended.err.contains("48151623"), "{ended:?}");
}

#[test]
fn a_running_gateway_shows_no_secret_at_any_level() {
    let more = format!(
        "[[auth.keys]]\nid = \"other\"\nrole = \"device\"\ndemo_key = \"{CANARY}-key\"\n\
         [[cameras]]\nid = \"cam-1\"\nroom = \"room-1\"\nsource = \"rtsp://nurse:{CANARY}-password@127.0.0.1:9/main\"\n\
         [telemetry]\nlevel = \"trace\"\n"
    );
    let setup = Setup::without_cameras(&more);
    let gateway = setup.start();
    let mut client = gateway.connect();
    client.ask(&json!({ "type": "subscribe", "room": "all", "snapshot": true }), "snapshot");
    for key in [format!("{CANARY}-key"), format!("{CANARY}-wrong")] {
        let headers = [("X-OpenCV-API-Key", key.as_str()), ("Content-Type", "application/json")];
        let answer = gateway.http().send("POST", "/api/webhooks/opencv/event", &headers, b"{}");
        assert!(!answer.body.to_string().contains(CANARY), "{answer:?}");
    }
    let trouble =
        client.wait_for(|frame| frame["type"] == "camera:updated" && frame["data"]["trouble"].is_string());
    assert!(!trouble.to_string().contains(CANARY), "{trouble}");
    let health = gateway.http().get("/api/health").body.to_string();
    assert!(health.contains("cam-1") && !health.contains(CANARY), "{health}");
    let shown = check("check-config", &setup, setup.config());
    assert!(shown.code == Some(0) && !format!("{shown:?}").contains(CANARY), "{shown:?}");
    gateway.signal("TERM");
    let mut gateway = gateway;
    assert!(gateway.wait(harness::SOON).success());
    assert!(!gateway.log().is_empty() && !gateway.log().contains(CANARY), "{}", gateway.log());
}

#[test]
fn what_is_wrong_with_hours_and_levels_is_said_with_its_key_and_remedy() {
    let seed_file = repository().join("configs/clinic.demo.toml");
    let setup = Setup::with_text(&format!(
        r#"
        [facility]
        seed_file = "{}"
        hospital_id = "St. Mary"
        timezone = "Mars/Olympus"
        holidays = ["25.12.2026"]
        [facility.hours]
        mon = "8-18"
        tue = "22:00-06:00"
        wed = ["08:00-12:00", "11:00-18:00"]
        monday = "08:00-18:00"
        [rules]
        cleaning_grace_s = 4000
        source_forgotten_s = 1
        [rules.automation]
        turnover = "automatic"
        [rules.automation.rooms.room-77]
        occupancy = "full"
        "#,
        seed_file.display()
    ));
    let expected = [
        ("facility.hospital_id", "letters, digits"),
        ("facility.timezone", "\"America/Chicago\""),
        ("facility.holidays", "\"2026-12-25\""),
        ("facility.hours.mon", "\"08:00-18:00\""),
        ("facility.hours.tue", "24:00"),
        ("facility.hours.wed", "overlap"),
        ("facility.hours.monday", "mon, tue"),
        ("rules.automation.turnover", "`assisted`"),
    ];
    let ended = check("check-config", &setup, setup.config());
    assert_eq!(ended.code, Some(78), "{ended:?}");
    for (key, remedy) in expected {
        let line = line_of(key, &ended.err);
        assert!(line.contains("gateway.toml") && line.contains(remedy), "\"{remedy}\" is not in: {line}");
    }
    // What stands beside a value of the wrong type is read once that is right.
    let mended = std::fs::read_to_string(setup.config()).unwrap().replace("automatic", "full");
    std::fs::write(setup.config(), mended).unwrap();
    let ended = check("check-config", &setup, setup.config());
    for (key, remedy) in [
        ("rules.cleaning_grace_s", "use 0 to 3600"),
        ("rules.source_forgotten_s", "use 3600 to 31536000"),
        ("rules.automation.rooms.room-77", "clinic.demo.toml"),
    ] {
        assert!(line_of(key, &ended.err).contains(remedy), "{}", ended.err);
    }
}

#[test]
fn what_sighup_cannot_change_is_named() {
    let setup = Setup::without_cameras("[auth]\nsession_hours = 8\n[vision]\nstay = 0.4");
    let gateway = setup.start();
    let text = std::fs::read_to_string(setup.config()).unwrap();
    let text = text.replace("session_hours = 8", "session_hours = 9").replace("stay = 0.4", "stay = 0.5");
    std::fs::write(setup.config(), text).unwrap();
    gateway.signal("HUP");
    for section in ["vision", "auth"] {
        gateway.wait_for_log(&format!("it needs a restart\",\"section\":\"{section}\""));
    }
    assert!(!gateway.log().contains("\"section\":\"store\""), "{}", gateway.log());
    assert!(gateway.stop().success());
}
