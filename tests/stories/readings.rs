//! Readings: what devices measure is kept, told as it is now and at most once a second, and nobody is cut for it.

use std::time::{Duration, Instant};

use harness::{Answer, Client, DOCTOR, EventStream, Gateway, Http, SOON, Setup, Wire};
use serde_json::{Value, json};

const SERIES: &str = "equipment:eq-1:power";
/// Between two reports of a meter that says it fifty times a second.
const EVERY: Duration = Duration::from_millis(20);

fn setup() -> Setup {
    let agent = "[[auth.keys]]\nid = \"agent-1\"\nrole = \"agent\"\ndemo_key = \"an-agent-of-this-test\"\n\
                 scopes = [\"work\", \"read\"]\n";
    Setup::without_cameras(&format!("[rules]\nwebhook_max_age_s = 0\n{agent}"))
        .env("CARESYNC_AUTH__KEY_REQUESTS_PER_S", "100000")
}

fn report(http: &Http, power_w: &Value) -> Answer {
    let event = json!({
        "timestamp": "2026-02-06T14:30:00Z", "eventType": "equipment_status", "entityType": "equipment",
        "entityId": "eq-1", "data": { "status": "operational", "powerW": power_w }, "confidence": 0.9, "cameraId": "plug-1"
    });
    let headers = [("X-OpenCV-API-Key", "opencv_secret_key_789"), ("Content-Type", "application/json")];
    http.send("POST", "/api/webhooks/opencv/event", &headers, event.to_string().as_bytes())
}

/// Reports 1, 2, 3 … W for so long, and returns how far it came: each was acknowledged.
fn reports(http: &Http, first: u32, time: Duration) -> u32 {
    let (began, mut power_w) = (Instant::now(), first);
    while began.elapsed() < time {
        let answer = report(http, &json!(power_w));
        assert_eq!(answer.body["processed"], true, "{answer:?}");
        power_w += 1;
        // The meter's rate, no synchronisation.
        std::thread::sleep(EVERY);
    }
    power_w - 1
}

/// The power that a frame tells of.
fn power(frame: &Value) -> Option<f64> {
    let readings = frame["data"]["readings"].as_array()?;
    let of_series: Vec<_> = readings.iter().filter(|it| it["series"] == SERIES).collect();
    assert!(of_series.len() <= 1, "a series once: {frame}");
    of_series.first().and_then(|it| it["value"].as_f64())
}

/// What a client is told of power, up to `last`.
fn told_up_to(client: &mut Client, last: u32) -> Vec<f64> {
    let mut told = Vec::new();
    while told.last() != Some(&f64::from(last)) {
        let frame =
            client.try_frame(SOON).unwrap_or_else(|error| panic!("{last} W is not told: {error}, {told:?}"));
        // Who hears everything hears of the equipment's status too.
        if frame["type"] == "metrics:updated" {
            assert!(frame["room"] == "metrics" && frame.get("seq").is_none(), "{frame}");
            told.extend(power(&frame));
        }
    }
    told
}

fn assert_grows(told: &[f64]) {
    assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "older after newer: {told:?}");
}

fn newest(gateway: &Gateway) -> Value {
    let answer = gateway.http().get("/api/readings?of=equipment:eq-1");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["readings"][0].clone()
}

#[test]
fn fifty_values_a_second_are_told_once_a_second_and_the_last_one_is_the_newest() {
    let gateway = setup().start();
    let mut reads = gateway.connect().hearing_readings();
    let mut sleeps = gateway.connect().hearing_readings();
    let mut hears_nothing = gateway.connect().hearing_readings();
    reads.subscribe("metrics");
    sleeps.subscribe("all");
    hears_nothing.subscribe("tasks");
    let began = Instant::now();
    let http = gateway.http();
    let writer = std::thread::spawn(move || reports(&http, 1, Duration::from_secs(4)));
    let first = reads.wait_for(|frame| power(frame).is_some());
    let last = writer.join().expect("every report is acknowledged");
    let told = told_up_to(&mut reads, last);
    let whole = began.elapsed().as_secs();
    assert!(last > 50, "a meter at work: {last}");
    assert!(told.len() as u64 <= whole + 1, "{} frames in {whole} s: {told:?}", told.len());
    assert_grows(&[&[power(&first).expect("the power")], &told[..]].concat());
    // Who looked elsewhere meanwhile has no more waiting than seconds went by.
    let told = told_up_to(&mut sleeps, last);
    assert!(told.len() as u64 <= whole + 2, "{} frames in {whole} s: {told:?}", told.len());
    assert_grows(&told);
    hears_nothing.ask(&json!({ "type": "ping" }), "pong");
    assert_eq!(gateway.metrics().closes(4507), 0);
    assert_eq!(newest(&gateway)["value"], f64::from(last));
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let setup = setup();
    let gateway = setup.start();
    let last = reports(&gateway.http(), 1, Duration::from_secs(1));
    gateway.kill();
    let gateway = setup.start();
    let before = newest(&gateway);
    assert_eq!((&before["value"], &before["unit"]), (&json!(f64::from(last)), &json!("W")), "{before}");
    let last = reports(&gateway.http(), last + 1, Duration::from_millis(200));
    let answer = gateway.http().get(&format!("/api/readings/{SERIES}"));
    let points = answer.body["points"].as_array().unwrap_or_else(|| panic!("points in {answer:?}"));
    let all =
        |key: &str| points.iter().map(|point| point[key].as_f64().expect("a number")).collect::<Vec<_>>();
    assert_eq!(all("count").iter().sum::<f64>(), f64::from(last), "each once: {points:?}");
    assert_eq!(all("min").first(), Some(&1.0));
    assert_eq!(all("max").last(), Some(&f64::from(last)));
    let fine = gateway
        .http()
        .get(&format!("/api/readings/{SERIES}?step_s=5&from={}", points[0]["at"].as_str().unwrap()));
    assert_eq!(fine.status, 200, "{fine:?}");
    assert!(fine.body["points"].as_array().is_some_and(|it| it.len() <= 24 && !it.is_empty()), "{fine:?}");
}

#[test]
fn a_snapshot_has_the_newest_values_and_what_comes_is_newer() {
    let gateway = setup().start();
    let http = gateway.http();
    assert_eq!(report(&http, &json!(43.2)).status, 200);
    for channel in ["metrics", "all"] {
        let mut client = gateway.connect().hearing_readings();
        let snapshot =
            client.ask(&json!({ "type": "subscribe", "room": channel, "snapshot": true }), "snapshot");
        assert_eq!(power(&snapshot), Some(43.2), "{snapshot}");
        let reading = &snapshot["data"]["readings"][0];
        assert!(reading["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{reading}");
    }
    let mut late = gateway.connect().hearing_readings();
    late.subscribe("metrics");
    let mut facility = gateway.connect().hearing_readings();
    let snapshot =
        facility.ask(&json!({ "type": "subscribe", "room": "facility", "snapshot": true }), "snapshot");
    assert!(snapshot["data"].get("readings").is_none(), "not of this channel: {snapshot}");
    assert_eq!(report(&http, &json!(50)).status, 200);
    assert_eq!(power(&late.frame()), Some(50.0), "what was before is not told as new");
    // A snapshot that is asked for again never takes back what its reader knows.
    let again = late.ask(&json!({ "type": "subscribe", "room": "metrics", "snapshot": true }), "snapshot");
    assert_eq!(power(&again), Some(50.0));
    // Who resumes may have missed some, and is told all there are.
    let cursor =
        format!("{}:{}", late.greeting["data"]["epoch"].as_str().unwrap(), late.greeting["data"]["seq"]);
    let mut resumed = gateway.connect().hearing_readings();
    let ask = json!({ "type": "subscribe", "room": "metrics", "since": cursor });
    assert_eq!(resumed.ask(&ask, "subscribed")["recovered"], true);
    assert_eq!(resumed.wait_for(|frame| power(frame).is_some())["data"]["readings"][0]["value"], 50.0);
}

#[test]
fn an_event_stream_tells_readings_without_an_id() {
    let gateway = setup().start();
    let wire = Wire::plain(gateway.port()).expect("the gateway listens");
    let proof = [format!("Authorization: Bearer {DOCTOR}")];
    let mut stream = EventStream::open(wire, gateway.port(), "channels=metrics", &proof);
    assert_eq!(stream.wait_for(|event| event.kind() == "subscribed").frame["room"], "metrics");
    let began = Instant::now();
    let last = reports(&gateway.http(), 1, Duration::from_secs(2));
    let mut told = Vec::new();
    while told.last() != Some(&f64::from(last)) {
        let event = stream.wait_for(|event| event.kind() == "metrics:updated");
        assert_eq!(event.id, None, "{event:?}");
        told.extend(power(&event.frame));
    }
    assert!(told.len() as u64 <= began.elapsed().as_secs() + 2, "{told:?}");
    assert_grows(&told);
}

#[test]
fn what_cannot_be_taken_or_shown_is_answered_with_the_reason() {
    let gateway = setup().start();
    let http = gateway.http();
    for wrong in [json!(-1), json!(1e7), json!("43 W")] {
        let answer = report(&http, &wrong);
        assert!(answer.status == 422 || answer.status == 400, "{wrong}: {answer:?}");
    }
    assert_eq!(gateway.http().get("/api/readings").body["readings"], json!([]));
    assert_eq!(report(&http, &json!(1)).status, 200);
    let whole = gateway.http().get("/api/readings");
    assert_eq!(whole.body["readings"].as_array().map(Vec::len), Some(1), "{whole:?}");
    assert_eq!(gateway.http().get("/api/readings?of=room:room-1").body["readings"], json!([]));
    let of = |query: &str| {
        let answer = gateway.http().get(&format!("/api/readings/{SERIES}{query}"));
        (answer.status, answer.body["field"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(of("").0, 200);
    assert_eq!(of("?step_s=7"), (422, "step_s".into()), "a day of them");
    assert_eq!(of("?step_s=90"), (422, "step_s".into()));
    assert_eq!(of("?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&step_s=86400"), (422, "from".into()));
    assert_eq!(of("?colour=red").0, 422);
    for nothing in ["equipment:eq-2:power", "power", "equipment:eq-1:love"] {
        assert_eq!(gateway.http().get(&format!("/api/readings/{nothing}")).status, 404, "{nothing}");
    }
    let wrong = gateway.http().get("/api/readings?of=eq-1");
    assert_eq!((wrong.status, &wrong.body["field"]), (422, &json!("of")));
}

#[test]
fn who_may_not_hear_metrics_reads_no_readings() {
    let gateway = setup().start();
    assert_eq!(report(&gateway.http(), &json!(1)).status, 200);
    for path in ["/api/readings".to_owned(), format!("/api/readings/{SERIES}")] {
        assert_eq!(gateway.http().get(&path).status, 200);
        assert_eq!(gateway.http().bearing("an-agent-of-this-test").get(&path).status, 403, "{path}");
        assert_eq!(gateway.http().bearing("opencv_secret_key_789").get(&path).status, 403, "{path}");
    }
    let mut agent = Client::bearing(gateway.port(), "an-agent-of-this-test").hearing_readings();
    let snapshot = agent.ask(&json!({ "type": "subscribe", "room": "all", "snapshot": true }), "snapshot");
    assert!(snapshot["data"].get("readings").is_none(), "{snapshot}");
}
