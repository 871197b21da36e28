//! The client package, `web/client`: its own tests, in Node, against the binary that every other story is told of.

use std::process::Command;

use harness::{binary, repository};

#[test]
fn the_client_package_passes_its_tests_against_this_gateway() {
    let mut command = Command::new(repository().join("scripts/client"));
    command.arg("test").env("GATEWAY_BIN", binary()).env("NO_COLOR", "1");
    let outcome = command.output().expect("the script can be run");
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{out}{err}");
    // A run that found no test would pass as well.
    assert!(out.lines().any(|line| line.trim_start().starts_with("Tests ")), "{out}{err}");
}
