//! The dashboard, `web/dashboard`: its own tests, and what it does in Chromium against the binary that every other story is
//! told of, with the demo running (`tests/browser`).

use std::process::Command;

use harness::{Setup, announce, binary, repository};

/// What `/` says of a gateway that was built without it.
const ABSENT: &str = "without its dashboard";

/// True if the binary holds the dashboard. One that does not is fine while somebody works on something else, but not where
/// every change is judged.
fn is_built() -> bool {
    let gateway = Setup::without_cameras("").start();
    let page = gateway.http().send("GET", "/", &[("Accept", "text/html")], b"");
    let is_built = !page.text.contains(ABSENT);
    assert!(gateway.stop().success());
    let is_judged = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(is_built || !is_judged, "the binary under test was built without the feature `dashboard`");
    is_built
}

#[test]
fn the_dashboard_passes_its_tests_in_a_browser() {
    if !is_built() {
        announce(
            "SKIPPED: the dashboard's tests; build the gateway with --features dashboard, or use make test",
        );
        return;
    }
    let mut command = Command::new(repository().join("scripts/dashboard"));
    command.arg("test").env("GATEWAY_BIN", binary()).env("NO_COLOR", "1");
    let outcome = command.output().expect("the script can be run");
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{out}{err}");
    for line in out.lines().filter(|line| line.contains("(goal: ")) {
        announce(line);
    }
    // A run that found no test would pass as well.
    let passed = out.lines().find_map(|line| line.trim().strip_prefix("ℹ pass ")?.parse::<u32>().ok());
    assert!(passed.is_some_and(|passed| passed >= 10), "{out}{err}");
}
