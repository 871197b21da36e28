//! The command line that looks after accounts, tokens and keys: beside a running gateway, and without one.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use harness::{Gateway, Setup};
use serde_json::json;

const PASSWORD: &str = "a-long-password";

/// A clinic without any account.
fn setup() -> Setup {
    Setup::with_text("[http]\nopen_demo = false\n")
}

/// Runs `caresync-gateway` with these words on the store of `setup`.
fn console(setup: &Setup, words: &[&str], typed: &str) -> Output {
    let mut command: Command = setup.command(words[0]);
    command.args(&words[1..]).arg("--config").arg(setup.config()).arg("--store").arg(setup.store());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary is built");
    child.stdin.take().expect("it was piped").write_all(typed.as_bytes()).expect("it reads or ends");
    child.wait_with_output().expect("it ends")
}

/// What it printed.
fn said(setup: &Setup, words: &[&str], typed: &str) -> String {
    let output = console(setup, words, typed);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {error}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The exit code and what it complained of.
fn refused(setup: &Setup, words: &[&str], typed: &str) -> (Option<i32>, String) {
    let output = console(setup, words, typed);
    assert!(output.stdout.is_empty(), "{words:?}: what is wrong is said on standard error");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn add<'a>(email: &'a str, role: &'a str) -> [&'a str; 9] {
    ["user", "add", "--email", email, "--name", "Ada", "--role", role, "--password-stdin"]
}

fn login(gateway: &Gateway, email: &str, password: &str) -> u16 {
    let body = json!({ "email": email, "password": password });
    gateway.http().as_visitor().post("/api/auth/login", &body).status
}

#[test]
fn beside_a_running_gateway_what_the_console_says_is_so_at_once() {
    let setup = setup();
    let gateway = setup.start();
    let socket = std::fs::metadata(setup.store().join("admin.sock")).expect("the socket is there");
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
    assert!(said(&setup, &add("ada@clinic.example", "admin"), PASSWORD).contains("ada@clinic.example"));
    assert_eq!(login(&gateway, "ada@clinic.example", PASSWORD), 200);
    let generated =
        ["user", "add", "--email", "bo@clinic.example", "--name", "Bo", "--role", "nurse", "--generate"];
    let text = said(&setup, &generated, "");
    let password = text.lines().find_map(|line| line.strip_prefix("password: ")).expect("it is told once");
    assert_eq!(login(&gateway, "bo@clinic.example", password), 200);
    said(&setup, &["user", "edit", "bo@clinic.example", "--role", "viewer", "--name", "Bo B."], "");
    let list = said(&setup, &["user", "list"], "");
    let line = list.lines().find(|line| line.contains("bo@clinic.example")).expect("bo is listed");
    assert!(line.contains("Bo B.") && line.contains("viewer") && line.ends_with("open"), "{list}");
    said(&setup, &["user", "passwd", "bo@clinic.example", "--password-stdin"], "another-password\n");
    assert_eq!(login(&gateway, "bo@clinic.example", "another-password"), 200);
    said(&setup, &["user", "disable", "bo@clinic.example"], "");
    assert_eq!(login(&gateway, "bo@clinic.example", "another-password"), 401);
    said(&setup, &["user", "enable", "bo@clinic.example"], "");
    assert_eq!(login(&gateway, "bo@clinic.example", "another-password"), 200);
    assert!(!setup.store().join("setup-code").exists(), "loopback needs no set-up");
    assert!(gateway.stop().success());
    assert!(!setup.store().join("admin.sock").exists(), "it goes with the gateway");
}

#[test]
fn tokens_and_keys_are_made_rotated_and_ended_at_the_console() {
    let setup = setup();
    let gateway = setup.start();
    let secret = |text: String| text.lines().nth(1).expect("the secret has a line of its own").to_owned();
    let kiosk = secret(said(&setup, &["token", "add-kiosk", "--label", "Corridor"], ""));
    let screen = gateway.http().bearing(&kiosk);
    assert_eq!(screen.get("/api/rooms").status, 200);
    let list = said(&setup, &["token", "list"], "");
    let line = list.lines().find(|line| line.contains("Corridor")).expect("it is listed");
    let id = line.split_whitespace().next().expect("the id comes first").to_owned();
    assert!(!list.contains(&kiosk));
    said(&setup, &["token", "revoke", &id], "");
    assert_eq!(screen.get("/api/rooms").status, 401);

    let first = secret(said(&setup, &["key", "add", "claw", "--role", "agent", "--scope", "read"], ""));
    let second = secret(said(&setup, &["key", "rotate", "claw"], ""));
    let rooms = |key: &str| gateway.http().bearing(key).get("/api/rooms").status;
    assert_eq!((rooms(&first), rooms(&second)), (200, 200), "the old key goes on for a day");
    let list = said(&setup, &["key", "list"], "");
    assert!(list.contains("claw") && list.contains("agent") && !list.contains(&second), "{list}");
    let third = secret(said(&setup, &["key", "rotate", "claw", "--overlap-hours", "0"], ""));
    assert_eq!((rooms(&first), rooms(&second), rooms(&third)), (401, 401, 200));
    said(&setup, &["key", "revoke", "claw"], "");
    assert_eq!(rooms(&third), 401);
}

#[test]
fn without_a_gateway_the_console_opens_the_store_itself() {
    let setup = setup();
    let (code, error) = refused(&setup, &add("ada@clinic.example", "admin"), PASSWORD);
    assert_eq!(code, Some(66), "there is no store yet: {error}");
    assert!(error.contains("start the gateway once"), "{error}");
    assert!(setup.start().stop().success());
    said(&setup, &add("ada@clinic.example", "admin"), PASSWORD);
    // A gateway that was killed leaves its socket behind.
    setup.start().kill();
    assert!(setup.store().join("admin.sock").exists());
    assert!(said(&setup, &["user", "list"], "").contains("ada@clinic.example"));
    let gateway = setup.start();
    assert_eq!(login(&gateway, "ada@clinic.example", PASSWORD), 200);
    assert!(
        said(&setup, &["user", "list"], "").contains("ada@clinic.example"),
        "and the socket is a new one"
    );
}

#[test]
fn what_is_wrong_is_said_with_a_remedy_and_a_code() {
    let setup = setup();
    let gateway = setup.start();
    said(&setup, &add("ada@clinic.example", "admin"), PASSWORD);
    for (words, typed, code, part) in [
        (&add("ada@clinic.example", "nurse")[..], PASSWORD, 65, "another account has this email"),
        (&add("no-address", "nurse"), PASSWORD, 65, "name@host"),
        (&add("bo@clinic.example", "kiosk"), PASSWORD, 65, "give a machine a key"),
        (&add("bo@clinic.example", "nurse"), "short", 65, "10 letters"),
        (&add("bo@clinic.example", "nurse")[..8], "", 64, "--password-stdin"),
        (&["user", "disable", "ada@clinic.example"], "", 65, "the last open account of an admin"),
        (&["user", "disable", "nobody@clinic.example"], "", 65, "does not exist"),
        (&["token", "revoke", "nothing"], "", 65, "does not exist"),
        (&["key", "rotate", "nothing"], "", 65, "does not exist"),
        (&["key", "add", "claw", "--role", "nurse"], "", 65, "device, agent or peer"),
        (&["key", "rotate", "claw", "--overlap-hours", "721"], "", 65, "30 days"),
    ] {
        let (ended, error) = refused(&setup, words, typed);
        assert_eq!(ended, Some(code), "{words:?}: {error}");
        assert!(error.contains(part), "\"{part}\" is not in: {error}");
        assert!(!error.contains(PASSWORD), "{error}");
    }
    drop(gateway);
}
