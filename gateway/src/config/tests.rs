//! The loader, layer by layer. What needs an environment is told in tests/stories/configuration.rs.

use std::path::PathBuf;

use super::{Config, Problem, load};

/// A folder with a clinic of one room, and the configuration `text` beside it.
fn folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let clinic = "[[rooms]]\nid = \"room-1\"\nname = \"Exam Room 1\"\ntype = \"examination\"\n";
    std::fs::write(folder.path().join("clinic.toml"), clinic).unwrap();
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

fn loaded(text: &str) -> Config {
    let (_folder, file) = folder(text);
    load(Some(&file)).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The keys of the problems that `text` has, in order.
fn problems(text: &str) -> Vec<Problem> {
    let (_folder, file) = folder(text);
    let problems = load(Some(&file)).map(|_| ()).expect_err(text).0;
    assert!(problems.iter().all(|it| it.place.contains("gateway.toml")), "{text}: {problems:#?}");
    problems
}

fn keys(text: &str) -> Vec<String> {
    let mut keys: Vec<_> = problems(text).into_iter().map(|problem| problem.key).collect();
    keys.sort();
    keys
}

#[test]
fn an_empty_file_is_the_defaults() {
    let config = loaded("");
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
    assert!(!config.http.open_demo);
    assert_eq!((config.hub.ping_s, config.rules.webhook_max_age_s), (30, 300));
    assert!(config.cameras.is_empty() && config.clinic.rooms.is_empty() && config.keys.is_empty());
}

#[test]
fn the_seed_file_lies_beside_the_configuration() {
    let config = loaded("[facility]\nseed_file = \"clinic.toml\"\n");
    assert_eq!(config.clinic.rooms.len(), 1);
}

#[test]
fn values_of_the_wrong_type_are_all_named_and_none_is_shown() {
    let text = "[hub]\nping_s = \"soon\"\nframes_per_s = -1\nlag_events_max = 1.5\n[store]\npath = 7\n";
    assert_eq!(keys(text), ["hub.frames_per_s", "hub.lag_events_max", "hub.ping_s", "store.path"]);
    let shown = format!("{:?}", problems("[facility]\nid = 48151623\n"));
    assert!(shown.contains("expected a string") && !shown.contains("48151623"), "{shown}");
}

#[test]
fn values_out_of_range_are_all_named() {
    let text = "[hub]\nframe_bytes_max = 1\nconnections_max = 0\nlag_events_max = 1\nlag_bytes_max = 1\n\
                [rules]\nexit_hold_s = 0\nwebhook_stale_s = 1\ncleaning_grace_s = 3601\nsource_forgotten_s = 60\n[store]\npath = \"\"\njournal_days = 0\ncache_mib = 1\n\
                [vision]\nenter = 0.3\nstay = 0.4\nthreads = 0\n[telemetry]\nlevel = \"a=b=c\"\n\
                [http]\nlisten = \"192.0.2.7:80\"\nallowed_origins = [\"wall.clinic.lan\"]\n";
    let expected = [
        "http.allowed_origins",
        "http.listen",
        "hub.connections_max",
        "hub.frame_bytes_max",
        "hub.lag_bytes_max",
        "hub.lag_events_max",
        "rules.cleaning_grace_s",
        "rules.exit_hold_s",
        "rules.source_forgotten_s",
        "rules.webhook_stale_s",
        "store.cache_mib",
        "store.journal_days",
        "store.path",
        "telemetry.level",
        "vision.stay",
        "vision.threads",
    ];
    assert_eq!(keys(text), expected);
}

#[test]
fn a_listener_that_others_reach_has_tls_or_leave_and_no_demo() {
    let lan = "[http]\nlisten = \"0.0.0.0:3000\"\n";
    assert_eq!(keys(lan), ["http.listen"]);
    assert!(!loaded(&format!("{lan}allow_plain_lan = true\n")).http.is_loopback());
    assert_eq!(keys(&format!("{lan}allow_plain_lan = true\nopen_demo = true\n")), ["http.open_demo"]);
    let tls = "[http.tls]\ncert_file = \"/nowhere/cert.pem\"\nkey_file = \"/nowhere/key.pem\"\n";
    assert_eq!(keys(&format!("{lan}{tls}")), ["http.tls.cert_file"]);
}

#[test]
fn a_certificate_and_its_key_come_together() {
    assert_eq!(keys("[http]\ntls.cert_file = \"/nowhere\"\n"), ["http.tls.cert_file"]);
    assert_eq!(keys("[http]\ntls.key_file = \"/nowhere\"\n"), ["http.tls.key_file"]);
    let unknown = problems("[http.tls]\ncert = \"/nowhere\"\n");
    assert_eq!(unknown[0].key, "http.tls.cert");
    assert!(unknown[0].remedy.contains("the keys of http.tls are cert_file, key_file"), "{unknown:?}");

    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let (folder, file) = folder("");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let text = format!("[http.tls]\ncert_file = {:?}\nkey_file = {:?}\n", path("cert.pem"), path("key.pem"));
    std::fs::write(&file, text).unwrap();
    let config = load(Some(&file)).unwrap();
    assert!(config.http.tls.files().is_some());
    let warned: Vec<_> = config.warnings.iter().map(|warning| warning.key.as_str()).collect();
    assert_eq!(warned, ["http.tls.key_file"], "everybody may read it: {:?}", config.warnings);
}

#[test]
fn the_listeners_limits_are_named() {
    let text = "[http]\nhosts = [\"https://gateway.clinic.lan\"]\nconnections_max = 0\n\
                connections_per_address_max = 0\nrequests_per_s_per_address = 0\n";
    let expected = [
        "http.connections_max",
        "http.connections_per_address_max",
        "http.hosts",
        "http.requests_per_s_per_address",
    ];
    assert_eq!(keys(text), expected);
}

#[test]
fn a_section_that_is_none_is_named() {
    assert_eq!(keys("hub = 7\ncameras = \"all\"\nauth = [1]\n"), ["auth", "cameras", "hub"]);
}

#[test]
fn a_key_comes_from_one_place_and_in_the_open_only_on_loopback() {
    let key = |more: &str| format!("[[auth.keys]]\nid = \"opencv\"\nrole = \"device\"\n{more}\n");
    let demo = "[http]\nopen_demo = true\n";
    let lan = "[http]\nlisten = \"0.0.0.0:3000\"\nallow_plain_lan = true\n";
    assert_eq!(loaded(&key("demo_key = \"word\"")).keys.len(), 1);
    assert_eq!(keys(&format!("{lan}{}", key("demo_key = \"word\""))), ["auth.keys[0].demo_key"]);
    assert_eq!(keys(&key("")), ["auth.keys[0].key_file"]);
    assert_eq!(keys(&key("key_file = \"/nowhere\"")), ["auth.keys[0].key_file"]);
    assert_eq!(
        keys(&format!("{demo}{}", key("key_file = \"a\"\ndemo_key = \"b\""))),
        ["auth.keys[0].demo_key"]
    );
    assert_eq!(keys(&format!("{demo}{}", key("demo_key = \"b\"\ncolour = 1"))), ["auth.keys[0].colour"]);
}

#[test]
fn a_key_in_a_file_is_long_enough_and_read_without_its_line_end() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    let text =
        format!("[[auth.keys]]\nid = \"a\"\nrole = \"agent\"\nkey_file = \"{}\"\n", secret.path().display());
    std::fs::write(secret.path(), "too short\n").unwrap();
    assert_eq!(keys(&text), ["auth.keys[0].key_file"]);
    std::fs::write(secret.path(), "0123456789abcdef\n").unwrap();
    let config = loaded(&text);
    assert_eq!(config.keys[0].secret.expose(), "0123456789abcdef");
    assert!(!format!("{config:?}").contains("0123456789abcdef"), "a configuration can be logged");
}

#[test]
fn what_a_camera_lacks_is_named_beside_what_others_have_wrong() {
    let text = "[facility]\nseed_file = \"clinic.toml\"\n\
                [[cameras]]\nsource = \"synthetic:room\"\nroom = \"room-1\"\n\
                [[cameras]]\nid = \"cam-2\"\nsource = \"synthetic:room\"\nroom = \"room-2\"\nfps = 100\nhold_s = 0\n";
    let problems = problems(text);
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert!(keys.contains(&"cameras[0]"), "{problems:#?}");
    assert!(problems[0].remedy.contains("`id`"), "{problems:#?}");
    assert!(keys.contains(&"cameras[1].fps") && keys.contains(&"cameras[1].hold_s"), "{problems:#?}");
}

#[test]
fn a_room_that_does_not_exist_is_named_at_the_camera_that_watches_it() {
    let good = "[[cameras]]\nid = \"cam-1\"\nsource = \"synthetic:room\"\nroom = \"room-1\"\n";
    let bad = "[[cameras]]\nid = \"cam-2\"\nsource = \"synthetic:room\"\nroom = \"attic\"\n";
    let broken = "[[cameras]]\nid = \"cam-3\"\n";
    let seed = "[facility]\nseed_file = \"clinic.toml\"\n";
    assert_eq!(keys(&format!("{seed}{good}{bad}")), ["cameras[1].room"]);
    assert!(keys(&format!("{seed}{broken}{bad}")).contains(&"cameras[1].room".into()));
}

#[test]
fn text_that_is_no_toml_is_placed_and_not_quoted() {
    let problems = problems("[[auth.keys]]\nid = \"a\"\ndemo_key = \"hush\n");
    let [problem] = &problems[..] else { panic!("{problems:#?}") };
    assert!(problem.remedy.contains("line 3"), "{problem}");
    assert!(!problem.to_string().contains("hush"), "{problem}");
}

#[test]
fn a_clinics_hours_are_read_and_what_is_wrong_with_them_is_said_day_by_day() {
    let good = "[facility]\ntimezone = \"America/Chicago\"\nholidays = [\"2026-12-25\"]\n\
                hours = { mon = [\"13:00-18:00\", \"08:00-12:00\"], fri = \"08:00-24:00\" }\n";
    let calendar = loaded(good).facility.calendar();
    let is_open = |at: &str| calendar.is_open(at.parse().unwrap());
    assert!(is_open("2026-02-06T23:30:00-06:00") && is_open("2026-02-09T08:00:00-06:00"));
    assert!(!is_open("2026-02-09T12:30:00-06:00") && !is_open("2026-02-10T09:00:00-06:00"));
    assert!(!is_open("2026-12-25T09:00:00-06:00"), "a Friday, and a holiday");
    assert!(loaded("").facility.calendar().is_open("2026-12-25T03:00:00Z".parse().unwrap()));
    assert_eq!(keys("[facility]\nhours = {}\n"), ["facility.hours"]);
    assert_eq!(keys("[facility]\nhours = { mon = 8 }\n"), ["facility.hours.mon"]);
}

#[test]
fn levels_of_automation_are_read_and_each_mistake_has_its_key() {
    use crate::domain::automation::{Feature, Level};
    let good = "[facility]\nseed_file = \"clinic.toml\"\n[rules.automation]\nturnover = \"assisted\"\n\
                [rules.automation.rooms.room-1]\noccupancy = \"monitoring\"\n";
    let levels = loaded(good).rules.automation;
    let room = "room-1".parse().unwrap();
    assert_eq!(levels.level(Feature::Occupancy, Some(&room)), Level::Monitoring);
    assert_eq!(levels.level(Feature::Occupancy, None), Level::Full);
    assert_eq!(levels.level(Feature::Turnover, Some(&room)), Level::Assisted);
    let attic =
        "[facility]\nseed_file = \"clinic.toml\"\n[rules.automation.rooms.attic]\noccupancy = \"full\"\n";
    assert_eq!(keys(attic), ["rules.automation.rooms.attic"]);
    assert_eq!(keys("[rules.automation]\nturnover = \"auto\"\n"), ["rules.automation.turnover"]);
    assert_eq!(keys("[rules.automation]\ncolour = \"red\"\n"), ["rules.automation.colour"]);
}
