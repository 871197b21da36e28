//! `/metrics`: what a scraper finds after some traffic is what docs/metrics.md says, and names nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use harness::{Exposition, Gateway, RawSocket, SOON, Setup, repository};
use serde_json::json;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const WEBHOOK: &str = "/api/webhooks/opencv/event";
const PUT_STATUS: [(&str, &str); 2] = [("route", "/api/rooms/{id}/status"), ("method", "PUT")];

/// A sample: its name, labels and value.
type Counted<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

fn scrape(gateway: &Gateway) -> Exposition {
    let answer = gateway.http().get("/metrics");
    assert_eq!((answer.status, answer.kind.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    Exposition::read(&answer.text).unwrap_or_else(|error| panic!("{error}\n{}", answer.text))
}

/// Scrapes until `wanted` holds.
fn scrape_until(gateway: &Gateway, wanted: impl Fn(&Exposition) -> bool) -> Exposition {
    let until = Instant::now() + SOON;
    loop {
        let metrics = scrape(gateway);
        if wanted(&metrics) {
            return metrics;
        }
        assert!(Instant::now() < until, "it did not come: {metrics:#?}");
    }
}

/// Some of everything: reads, writes, repeats, refusals, a client that comes and goes.
fn traffic(gateway: &Gateway) {
    let http = gateway.http();
    let mut client = gateway.connect();
    client.subscribe("facility");
    for _ in 0..2 {
        assert_eq!(http.put("/api/rooms/room-1/status", &json!({ "status": "occupied" })).status, 200);
    }
    assert_eq!(http.put("/api/rooms/room-99/status", &json!({ "status": "occupied" })).status, 404);
    assert_eq!(http.send("POST", WEBHOOK, &[JSON, ("X-OpenCV-API-Key", "wrong")], b"{}").status, 401);
    let host = format!("Host: localhost:{}", gateway.port());
    let (status, _) = RawSocket::connect(gateway.port()).ask("BREW /coffee/for/mrs-canary", &[&host]);
    assert_eq!(status, 404);
    assert_eq!(http.get("/api/rooms/room-1").status, 200);
    client.wait_for(|frame| frame["type"] == "room:updated");
    client.close();
}

/// The table of docs/metrics.md: name and type.
fn documented() -> BTreeMap<String, String> {
    let page = std::fs::read_to_string(repository().join("docs/metrics.md")).expect("the page is there");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `caresync_"));
    let named = |row: &str| {
        let (name, rest) = row.split_once('`').expect("a name ends");
        let kind = rest.trim_start_matches(['|', ' ']).split(' ').next().unwrap_or_default();
        (format!("caresync_{name}"), kind.to_owned())
    };
    rows.map(named).collect()
}

#[test]
fn a_scrape_after_some_traffic_holds_what_the_page_names_and_nothing_else() {
    // A drawn camera proves something within seconds.
    let camera = "[[cameras]]\nid = \"cam-1\"\nsource = \"synthetic:room\"\nroom = \"room-9\"";
    let setup = Setup::without_cameras(camera);
    let gateway = setup.start();
    traffic(&gateway);
    // The end of a connection is counted by its own task.
    let names = ["caresync_hub_closes_total", "caresync_sensing_picture_seconds"];
    let metrics = scrape_until(&gateway, |it| names.iter().all(|name| it.0.contains_key(*name)));
    let exposed: BTreeMap<String, String> =
        metrics.0.iter().map(|(name, family)| (name.clone(), family.kind.clone())).collect();
    assert_eq!(exposed, documented(), "docs/metrics.md on the right");
}

#[test]
fn what_happened_is_what_is_counted() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    traffic(&gateway);
    let metrics = scrape(&gateway);
    let put = |status| [&PUT_STATUS[..], &[("status", status)]].concat();
    let command = |outcome| [("command", "set_room_status"), ("outcome", outcome)];
    let expected: [Counted<'_>; 13] = [
        ("caresync_http_requests_total", &put("200"), 2.0),
        ("caresync_http_requests_total", &put("404"), 1.0),
        ("caresync_http_requests_total", &[("route", WEBHOOK), ("method", "POST"), ("status", "401")], 1.0),
        ("caresync_http_requests_total", &[("route", "none"), ("method", "other"), ("status", "404")], 1.0),
        ("caresync_http_request_seconds_count", &PUT_STATUS, 3.0),
        ("caresync_http_problems_total", &[("code", "not_found")], 1.0),
        ("caresync_http_problems_total", &[("code", "unauthenticated")], 1.0),
        ("caresync_http_problems_total", &[("code", "no_such_path")], 1.0),
        ("caresync_ledger_commands_total", &command("done"), 1.0),
        ("caresync_ledger_commands_total", &command("unchanged"), 1.0),
        ("caresync_ledger_commands_total", &command("not_found"), 1.0),
        ("caresync_ledger_queue_commands", &[], 0.0),
        ("caresync_auth_login_failures_total", &[], 0.0),
    ];
    for (name, labels, value) in expected {
        assert_eq!(metrics.value(name, labels), Some(value), "{name} {labels:?}: {metrics:#?}");
    }
    let seq = gateway.http().get("/api/health").body["components"]["ledger"]["seq"].as_f64();
    assert_eq!(metrics.value("caresync_journal_newest_seq", &[]), seq);
    assert_eq!(metrics.value("caresync_journal_oldest_seq", &[]), Some(1.0));
    let value = |name| metrics.value(name, &[]).unwrap_or_else(|| panic!("{name} is there"));
    assert_eq!(
        value("caresync_ledger_commit_seconds_count"),
        value("caresync_ledger_batch_commands_count"),
        "each commit has a time and a size"
    );
    // The import of the clinic, of automation and of the agent's phase, the start, two users with their tokens, and the one change: nothing
    // else was worth a sync.
    assert_eq!(value("caresync_ledger_commit_seconds_count"), 9.0);
    assert!(value("caresync_store_disk_bytes") > 0.0 && value("caresync_hub_frames_sent_total") >= 3.0);
}

#[test]
fn a_client_is_counted_while_it_is_there() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    let clients = |count| {
        scrape_until(&gateway, move |it| it.value("caresync_hub_clients", &[]) == Some(count));
    };
    let (one, two) = (gateway.connect(), gateway.connect());
    clients(2.0);
    one.close();
    clients(1.0);
    drop(two);
    clients(0.0);
}

#[test]
fn labels_come_from_short_lists_and_name_nobody() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    traffic(&gateway);
    let labels: BTreeSet<(String, String)> = scrape(&gateway)
        .0
        .into_values()
        .flat_map(|it| it.samples)
        .flat_map(|(_, labels, _)| labels)
        .collect();
    let known = [
        "route",
        "method",
        "status",
        "code",
        "command",
        "outcome",
        "version",
        "le",
        "role",
        "channel",
        "recovered",
        "dialect",
        "call",
        "tool",
    ];
    for (name, value) in &labels {
        assert!(known.contains(&name.as_str()), "{name} is no label of ours");
        for told in ["room-", "canary", "coffee", "BREW", "wrong", "opencv_secret"] {
            assert!(!value.contains(told), "{name}=\"{value}\" tells {told}");
        }
    }
    assert!(labels.contains(&("route".into(), "/api/rooms/{id}".into())), "{labels:?}");
}

#[test]
fn what_a_proxy_passes_on_is_not_of_this_machine() {
    let gateway = Setup::without_cameras("").start();
    for header in [("X-Forwarded-For", "10.0.0.7"), ("Forwarded", "for=10.0.0.7")] {
        let answer = gateway.http().send("GET", "/metrics", &[header], b"");
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("not_for_you")), "{answer:?}");
    }
}

#[test]
fn a_store_that_cannot_be_measured_costs_its_own_figure_alone() {
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    std::fs::remove_dir_all(setup.store()).expect("the store's folder can be taken away");
    let metrics = scrape(&gateway);
    assert_eq!(metrics.value("caresync_store_disk_bytes", &[]), None);
    assert_eq!(metrics.value("caresync_journal_oldest_seq", &[]), Some(1.0));
    assert_eq!(metrics.value("caresync_ledger_queue_commands", &[]), Some(0.0));
    gateway.wait_for_log("a metric of the store cannot be read");
}

#[test]
fn the_reader_of_this_story_is_strict() {
    let good = "# HELP a b\n# TYPE a counter\na{x=\"1\\\"\",y=\"\"} 1\n\n";
    let read = Exposition::read(good).expect("this is well-formed");
    assert_eq!(read.value("a", &[("x", "1\""), ("y", "")]), Some(1.0));
    let histogram =
        "# HELP h b\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n";
    assert!(Exposition::read(histogram).is_ok());
    let bad = [
        "# HELP a b\n# TYPE a counter\na 1",
        "# TYPE a counter\na 1\n",
        "# HELP a b\na 1\n",
        "# HELP a b\n# TYPE a counter\n",
        "# HELP a b\n# TYPE a counter\nb 1\n",
        "# HELP a b\n# TYPE a counter\na 1\na 2\n",
        "# HELP a b\n# TYPE a counter\na one\n",
        "# HELP a b\n# TYPE a counter\na NaN\n",
        "# HELP a b\n# TYPE a counter\na -1\n",
        "# HELP a b\n# TYPE a counter\na{x=1} 1\n",
        "# HELP a b\n# TYPE a counter\na{x=\"1\"y=\"2\"} 1\n",
        "# HELP a b\n# TYPE a counter\na{x=\"1\",x=\"2\"} 1\n",
        "# HELP a b\n# TYPE a counter\na{x=\"\\t\"} 1\n",
        "# HELP a b\n# TYPE a number\na 1\n",
        "# HELP a b\n# TYPE a counter\na 1\n# HELP a b\n# TYPE a counter\na{x=\"1\"} 1\n",
        &histogram.replace("h_count 2", "h_count 3"),
        &histogram.replace("le=\"+Inf\"", "le=\"2\""),
        &histogram.replace("le=\"1\"} 1", "le=\"1\"} 3"),
    ];
    for text in bad {
        assert!(Exposition::read(text).is_err(), "{text}");
    }
}
