//! `watch`: live changes in a terminal, across a restart of the gateway.

use std::process::Command;

use harness::{Certificate, Gateway, Program, RawSocket, Setup, Wire};
use serde_json::{Value, json};

fn watch(setup: &Setup, port: u16, arguments: &[&str]) -> Program {
    let mut command: Command = setup.command("watch");
    command.arg("--url").arg(format!("ws://127.0.0.1:{port}/ws")).args(arguments);
    Program::start(command)
}

fn occupy(gateway: &Gateway, room: &str) {
    let answer = gateway.http().put(&format!("/api/rooms/{room}/status"), &json!({ "status": "occupied" }));
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn each_change_is_a_line_and_count_ends_it() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let watching = watch(&setup, gateway.port(), &["--room", "facility", "--count", "2"]);
    assert!(watching.line().ends_with("subscribed to facility"));
    occupy(&gateway, "room-1");
    let line = watching.line();
    for part in ["Z room:updated room-1 occupied", "said it is occupied"] {
        assert!(line.contains(part), "\"{part}\" is not in \"{line}\"");
    }
    occupy(&gateway, "room-2");
    assert!(watching.line().contains("room:updated room-2 occupied"));
    let ended = watching.end();
    assert_eq!((ended.code, ended.out.len()), (Some(0), 0), "{ended:?}");
}

#[test]
fn a_gateway_with_a_certificate_is_watched_through_tls() {
    let (certificate, other) = (Certificate::new(), Certificate::new());
    let setup = Setup::without_cameras(&certificate.section());
    let gateway = setup.start();
    let start = |url: &str, ca: &Certificate| {
        let mut command = setup.command("watch");
        command.args(["--count", "1", "--url", &format!("{url}:{}/ws", gateway.port()), "--ca"]);
        command.arg(ca.cert_file());
        Program::start(command)
    };
    let watching = start("wss://localhost", &certificate);
    assert!(watching.line().ends_with("subscribed to facility"));
    let body = json!({ "status": "occupied" }).to_string();
    let wire = Wire::tls(gateway.port(), &certificate.trusted).expect("the gateway shows its certificate");
    let host = format!("Host: 127.0.0.1:{}", gateway.port());
    let length = format!("Content-Length: {}", body.len());
    let head = [&*host, "Authorization: Bearer TOKEN", "Content-Type: application/json", &length];
    let answer = RawSocket::by(wire).ask_with("PUT /api/rooms/room-1/status", &head, body.as_bytes());
    assert_eq!(answer.0, 200);
    assert!(watching.line().contains("room:updated room-1 occupied"));
    assert_eq!(watching.end().code, Some(0));

    for (url, ca, named) in [
        ("wss://127.0.0.1", &other, "is not believed"),
        ("ws://127.0.0.1", &certificate, "wss://"),
        ("https://127.0.0.1", &certificate, "--url https://"),
    ] {
        let ended = start(url, ca).end();
        assert_eq!(ended.code, Some(70), "{url}: {ended:?}");
        assert!(ended.err.contains(named), "{url}: {}", ended.err);
    }
}

#[test]
fn after_a_crash_of_the_gateway_it_goes_on_where_it_was() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let watching = watch(&setup, gateway.port(), &["--json", "--count", "6"]);
    let frame = || -> Value { serde_json::from_str(&watching.line()).expect("--json prints frames") };
    let event = || loop {
        let frame = frame();
        match frame["type"].as_str() {
            Some("room:updated") => break frame,
            // It asks the gateway for a sign of life after 10 s of silence.
            Some("pong") => panic!("an event does not come; nothing else does either"),
            _ => {}
        }
    };
    while frame()["type"] != "subscribed" {}
    let mut events: Vec<Value> = (1..=3)
        .map(|n| {
            occupy(&gateway, &format!("room-{n}"));
            event()
        })
        .collect();
    gateway.kill();
    watching.wait_for_complaint("trying again");
    let gateway = setup.start();
    (4..=6).for_each(|n| occupy(&gateway, &format!("room-{n}")));
    events.extend((4..=6).map(|_| event()));
    let rooms: Vec<_> = events.iter().map(|event| event["data"]["id"].as_str().unwrap()).collect();
    assert_eq!(rooms, ["room-1", "room-2", "room-3", "room-4", "room-5", "room-6"], "each once, in order");
    assert!(events.windows(2).all(|pair| pair[0]["seq"].as_u64() < pair[1]["seq"].as_u64()), "{events:#?}");
    let ended = watching.end();
    assert_eq!((ended.code, ended.out.len()), (Some(0), 0), "{ended:?}");
}

#[test]
fn it_begins_where_it_is_told_and_waits_for_a_gateway_that_is_not_there_yet() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let data = gateway.connect().greeting["data"].clone();
    let since = format!("{}:{}", data["epoch"].as_str().unwrap(), data["seq"]);
    occupy(&gateway, "room-1");
    let port = gateway.port();
    assert!(gateway.stop().success());
    let watching = watch(&setup, port, &["--since", &since, "--count", "1"]);
    watching.wait_for_complaint("trying again");
    let _gateway = setup.start();
    assert!(watching.line().ends_with("subscribed to facility"));
    assert!(watching.line().contains("room:updated room-1 occupied"));
    assert_eq!(watching.end().code, Some(0));
}

#[test]
fn what_it_may_not_or_cannot_watch_ends_it_with_the_reason() {
    let closed = Setup::with_text("[http]\nopen_demo = false\n");
    let gateway = closed.start();
    let refused = watch(&closed, gateway.port(), &[]).end();
    assert_eq!(refused.code, Some(70), "{refused:?}");
    assert!(refused.err.contains("401") && refused.err.contains("--token-file"), "{}", refused.err);
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let cases = [
        (&["--room", "attic"][..], "\"attic\""),
        (&["--since", "yesterday"], "--since"),
        (&["--since", "k3f9:many"], "--since"),
    ];
    for (arguments, named) in cases {
        let ended = watch(&setup, gateway.port(), arguments).end();
        assert_eq!(ended.code, Some(70), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains(named), "{arguments:?}: {}", ended.err);
    }
}
