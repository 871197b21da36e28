//! The API against its own document, by a program that knows nothing but that document.

use std::process::Command;

use harness::{ADMIN, Setup, announce, prove, python_tools, repository};
use serde_json::Value;

/// Requests that end the session of whoever sends them would leave the rest of the run outside.
const EXCLUDED: [&str; 6] = [
    "--exclude-path=/api/auth/logout",
    "--exclude-path=/api/auth/password",
    // With it, and without a bearer token, schemathesis looks for a way to sign up and dies of not finding one.
    "--exclude-path=/api/auth/login",
    "--exclude-path-regex=^/api/users/",
    "--exclude-path-regex=^/api/tokens/",
    // It streams without end.
    "--exclude-path=/api/events",
];

/// Sends what the document allows and what it forbids, as whoever `proof` is, and reads what it prints.
fn explore(proof: &str) {
    let more = "[auth]\nkey_requests_per_s = 100000";
    let setup = Setup::without_cameras(more);
    let gateway = setup.start();
    let examples = if prove() { "200" } else { "6" };
    let outcome = Command::new(python_tools().join("bin/schemathesis"))
        .arg("run")
        .arg(format!("http://127.0.0.1:{}/api/openapi.json", gateway.port()))
        // One worker: with two, Python 3.11 fails now and then in the middle of reading its own sources.
        .args(["--header", proof, "--seed", "1", "--workers", "1", "--max-examples", examples])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--continue-on-failure",
            "--suppress-health-check",
            "all",
        ])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
             response_headers_conformance,unsupported_method",
        ])
        .args(EXCLUDED)
        .current_dir(setup.store().parent().expect("the store is in a folder"))
        .output()
        .expect("schemathesis is installed");
    let told = String::from_utf8_lossy(&outcome.stdout);
    assert!(outcome.status.success(), "{told}{}", String::from_utf8_lossy(&outcome.stderr));
    let cases = told.lines().find(|line| line.contains(" generated, ")).unwrap_or("nothing was generated");
    announce(&format!("schemathesis, {}: {}", proof.split(' ').next_back().unwrap_or(proof), cases.trim()));
    assert!(told.contains("passed"), "{told}");
    assert_eq!(
        gateway.http().bearing(ADMIN).get("/api/rooms").status,
        200,
        "the gateway lives, and so does the token"
    );
    assert!(gateway.stop().success());
}

#[test]
fn no_request_of_an_admin_gets_an_answer_that_the_document_does_not_name() {
    explore(&format!("Authorization: Bearer {ADMIN}"));
}

#[test]
fn no_request_of_a_device_gets_an_answer_that_the_document_does_not_name() {
    explore("X-OpenCV-API-Key: opencv_secret_key_789");
}

/// A page that names what is gone would send people the wrong way.
#[test]
fn the_page_for_newcomers_names_only_requests_that_are_served() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).expect("it is committed");
    let document: Value = serde_json::from_str(&read("docs/openapi.json")).expect("the document is JSON");
    let page = read("docs/coming-from.md");
    let requests = page.split('`').filter_map(|words| words.split_once(" /api/"));
    let requests: Vec<_> =
        requests.filter(|(method, _)| method.chars().all(|c| c.is_ascii_uppercase())).collect();
    assert!(requests.len() >= 8, "{requests:?}");
    for (method, path) in requests {
        let served = &document["paths"][format!("/api/{path}")][method.to_lowercase()];
        assert!(served.is_object(), "{method} /api/{path}");
    }
}
