//! The gate: which names, which pages and which addresses may reach the gateway.

use harness::{Gateway, Program, RawSocket, Setup, UPGRADE};
use serde_json::json;

/// Status and code of the answer to `request` with these headers.
fn ask(gateway: &Gateway, request: &str, headers: &[&str]) -> (u16, String) {
    let (status, body) = RawSocket::connect(gateway.port()).ask(request, headers);
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// A clinic that knows who asks: until users have identities, that is nobody.
fn closed() -> Setup {
    Setup::with_text("[http]\nopen_demo = false\n")
}

#[test]
fn a_foreign_name_reaches_nothing() {
    let gateway = Setup::without_cameras("").start();
    let port = gateway.port();
    let foreign =
        ["evil.example".to_owned(), format!("evil.example:{port}"), "localhost:1".into(), String::new()];
    for host in foreign {
        let host = format!("Host: {host}");
        for request in ["GET /api/rooms", "PUT /api/rooms/room-1/status", "GET /api/health", "GET /nothing"] {
            assert_eq!(
                ask(&gateway, request, &[&host]),
                (421, "foreign_host".into()),
                "{request} with {host}"
            );
        }
        assert_eq!(ask(&gateway, "GET /ws", &[&host, UPGRADE]), (421, "foreign_host".into()), "{host}");
    }
    for host in ["127.0.0.1", "localhost", "LocalHost", "[::1]"] {
        let host = format!("Host: {host}:{port}");
        assert_eq!(ask(&gateway, "GET /api/rooms", &[&host]).0, 200, "{host}");
        assert_eq!(ask(&gateway, "GET /ws", &[&host, UPGRADE]).0, 101, "{host}");
    }
}

#[test]
fn only_own_and_allowed_pages_may_call() {
    let setup =
        Setup::without_cameras("").env("CARESYNC_HTTP__ALLOWED_ORIGINS", "[\"https://wall.clinic.lan/\"]");
    let gateway = setup.start();
    let port = gateway.port();
    let host = format!("Host: localhost:{port}");
    let put = "PUT /api/rooms/room-1/status";
    for origin in ["https://evil.example".to_owned(), format!("http://localhost:{}", port - 1), "null".into()]
    {
        let origin = format!("Origin: {origin}");
        for request in [put, "GET /api/rooms", "GET /api/health"] {
            assert_eq!(
                ask(&gateway, request, &[&host, &origin]),
                (403, "foreign_origin".into()),
                "{request} {origin}"
            );
        }
        assert_eq!(
            ask(&gateway, "GET /ws", &[&host, &origin, UPGRADE]),
            (403, "foreign_origin".into()),
            "{origin}"
        );
    }
    for origin in [format!("http://localhost:{port}"), "https://wall.clinic.lan".into()] {
        let origin = format!("Origin: {origin}");
        assert_eq!(ask(&gateway, "GET /api/rooms", &[&host, &origin]).0, 200, "{origin}");
        assert_eq!(ask(&gateway, "GET /ws", &[&host, &origin, UPGRADE]).0, 101, "{origin}");
        let preflight = [&*host, &origin, "Access-Control-Request-Method: PUT"];
        assert_eq!(ask(&gateway, "OPTIONS /api/rooms/room-1/status", &preflight).0, 200, "{origin}");
    }
}

#[test]
fn who_cannot_prove_who_they_are_is_refused_before_the_upgrade() {
    let gateway = closed().start();
    let host = format!("Host: localhost:{}", gateway.port());
    let refused = (401, "unauthenticated".to_owned());
    for request in ["GET /api/rooms", "GET /api/rooms/room-1", "PUT /api/facility/rooms/room-1/status"] {
        assert_eq!(ask(&gateway, request, &[&host]), refused, "{request}");
        assert_eq!(ask(&gateway, request, &[&host, "Authorization: Bearer TOKEN"]), refused, "{request}");
    }
    for path in ["/ws", "/ws?userId=test-user&doctorId=doc-001"] {
        assert_eq!(ask(&gateway, &format!("GET {path}"), &[&host, UPGRADE]), refused, "{path}");
        assert_eq!(ask(&gateway, &format!("GET {path}"), &[&host]), refused, "{path}");
    }
    let answer = gateway.http().as_visitor().get("/api/rooms");
    assert_eq!((answer.status, answer.kind.as_str()), (401, "application/problem+json"));
    assert!(
        answer.body["detail"].as_str().is_some_and(|text| text.contains("POST /api/auth/login")),
        "{answer:?}"
    );
    assert_eq!(gateway.http().get("/api/health").status, 200, "how the box does is no secret");
}

#[test]
fn an_address_that_others_can_reach_is_refused_before_anything_starts() {
    let setup = Setup::without_cameras("");
    for listen in ["0.0.0.0:3999", "[::]:3999", "192.0.2.7:3999"] {
        let mut command = setup.command("serve");
        command.arg("--config").arg(setup.config()).env("CARESYNC_HTTP__LISTEN", listen);
        command.env("CARESYNC_STORE__PATH", setup.store());
        let ended = Program::start(command).end();
        assert_eq!(ended.code, Some(78), "{listen}: {ended:?}");
        for part in
            ["http.listen", "environment variable CARESYNC_HTTP__LISTEN", listen, "use 127.0.0.1:3999"]
        {
            assert!(ended.err.contains(part), "{part} is not in: {}", ended.err);
        }
        for key in ["http.open_demo (", "auth.keys[0].demo_key ("] {
            assert!(ended.err.contains(key), "{key} is for loopback only: {}", ended.err);
        }
        assert!(!setup.store().exists(), "nothing was started");
    }
}

#[test]
fn a_taken_port_is_named() {
    let gateway = Setup::without_cameras("").start();
    let setup = Setup::without_cameras("");
    let mut command = setup.command("serve");
    command.arg("--config").arg(setup.config());
    command.env("CARESYNC_HTTP__LISTEN", format!("127.0.0.1:{}", gateway.port()));
    command.env("CARESYNC_STORE__PATH", setup.store());
    let ended = Program::start(command).end();
    assert_eq!(ended.code, Some(70), "{ended:?}");
    assert!(
        ended.err.contains("http.listen") && ended.err.contains(&gateway.port().to_string()),
        "{}",
        ended.err
    );
    assert!(!setup.store().exists(), "nothing was started");
    gateway.http().put("/api/rooms/room-1/status", &json!({ "status": "occupied" }));
}
