//! Webhook endpoints through everything that can happen to them: a real receiver is killed, slow, wrong and rude, and
//! the gateway is killed in between. What is acknowledged arrives, in order, signed, and twice only under one name.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use harness::{Certificate, Gateway, Receiver, SIGNING_SECRET, SOON, Setup, announce, prove};
use serde_json::{Value, json};

/// Retries of days in seconds: 5 s are 5 ms, 30 minutes 1.8 s.
const SCALE: &str = "[claw]\nretry_scale = 0.001\n";

/// An endpoint that wants new action items.
pub(crate) fn endpoint(id: &str, port: u16, folder: &std::path::Path, more: &str) -> String {
    let secret = folder.join("signing-secret");
    std::fs::write(&secret, SIGNING_SECRET).expect("the folder takes a file");
    format!(
        "[[claw.endpoints]]\nid = \"{id}\"\nurl = \"http://127.0.0.1:{port}/hook\"\nsecret_file = {secret:?}\n\
         events = [\"action:created\"]\n{more}\n"
    )
}

/// Writes an action item; its id.
pub(crate) fn act(gateway: &Gateway, title: &str) -> String {
    let item = json!({ "type": "manual", "urgency": "urgent", "title": title, "description": title });
    let answer = gateway.http().post("/api/actions", &item);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["action"]["id"].as_str().expect("an item has an id").to_owned()
}

fn id(request: &Value) -> &str {
    request["headers"]["webhook-id"].as_str().unwrap_or_default()
}

fn seq(id: &str) -> u64 {
    id.rsplit(':').next().and_then(|seq| seq.parse().ok()).unwrap_or_else(|| panic!("{id} is a cursor"))
}

fn is_taken(request: &Value) -> bool {
    request["answer"]["status"].as_u64().is_some_and(|status| (200..300).contains(&status))
}

/// The item that a request tells of.
fn item(request: &Value) -> &str {
    request["json"]["data"]["id"].as_str().unwrap_or_default()
}

fn has_taken(requests: &[Value], wanted: &str) -> bool {
    requests.iter().any(|request| item(request) == wanted && is_taken(request))
}

/// The cursor of the event that wrote `wanted`.
fn cursor_of(requests: &[Value], wanted: &str) -> String {
    let told = requests.iter().find(|request| item(request) == wanted).expect("it was told");
    id(told).to_owned()
}

pub(crate) fn listed(gateway: &Gateway, endpoint: &str) -> Value {
    let answer = gateway.admin().get(&format!("/api/endpoints/{endpoint}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["endpoint"].clone()
}

pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + SOON * 2;
    while !holds() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn stands(gateway: &Gateway, cause: &str) -> bool {
    let alarms = gateway.admin().get("/api/alarms?standing=true").body;
    alarms["alarms"]
        .as_array()
        .is_some_and(|all| all.iter().any(|it| it["cause"] == cause && it["cleared_at"].is_null()))
}

/// Everything that was acknowledged came, each event first after those before it, and again only as it was.
fn assert_whole(requests: &[Value], acknowledged: &[String]) {
    let mut bodies = BTreeMap::new();
    let mut newest = 0;
    for request in requests {
        assert_eq!(request["signed"], json!([true]), "signed for the standard's own package: {request}");
        let body = bodies.entry(id(request)).or_insert(&request["body"]);
        assert_eq!(*body, &request["body"], "the same name is the same message");
        let seq = seq(id(request));
        assert!(seq >= newest || has_taken(requests, item(request)), "{seq} after {newest}");
        newest = newest.max(seq);
    }
    let mut firsts: Vec<&str> = requests.iter().filter(|it| is_taken(it)).map(id).collect();
    let mut seen = std::collections::BTreeSet::new();
    firsts.retain(|id| seen.insert(seq(id)));
    assert!(firsts.is_sorted_by_key(|id| seq(id)), "in order: {firsts:?}");
    let missing: Vec<_> = acknowledged.iter().filter(|it| !has_taken(requests, it)).collect();
    assert!(missing.is_empty(), "lost: {missing:?}");
}

#[test]
fn what_is_acknowledged_arrives_through_every_fault_of_the_receiver_and_kills_of_the_gateway() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup =
        Setup::without_cameras(&format!("{SCALE}{}", endpoint("emr", receiver.port(), folder.path(), "")));
    let mut gateway = setup.start();
    let mut acknowledged = Vec::new();
    let faults = [
        json!({ "status": 500 }),
        json!({ "status": 429, "headers": { "retry-after": "1" } }),
        json!({ "status": 302, "headers": { "location": "/elsewhere" } }),
        json!({ "garbage": true }),
        json!({ "drop": true }),
        json!({ "status": 503 }),
        json!({ "status": 200, "slow_s": 0.3 }),
    ];
    let rounds = if prove() { 20 } else { 4 };
    for round in 0..rounds {
        receiver.answers(
            &[faults[round % 7].clone(), faults[(round + 3) % 7].clone()],
            &json!({ "status": 200 }),
        );
        acknowledged.extend((0..8).map(|n| act(&gateway, &format!("round {round}, {n}"))));
        if round % 2 == 0 {
            receiver.kill();
            acknowledged.push(act(&gateway, "while the receiver is away"));
            gateway.kill();
            receiver.again();
        } else {
            gateway.kill();
        }
        gateway = setup.start();
        acknowledged.push(act(&gateway, "after the kill"));
    }
    let last = act(&gateway, "the last");
    acknowledged.push(last.clone());
    let requests = receiver.wait_for("the last event", |requests| has_taken(requests, &last));
    assert_whole(&requests, &acknowledged);
    assert!(requests.iter().all(|it| it["path"] == "/hook"), "no redirect is followed");
    let last = seq(&cursor_of(&requests, &last));
    until("the cursor is written", || {
        seq(listed(&gateway, "emr")["cursor"].as_str().expect("a text")) >= last
    });
    // At most one second of deliveries comes again after a kill.
    let duplicates = requests.len() - acknowledged.len();
    assert!(duplicates <= rounds * 20, "{duplicates} of {} came again", requests.len());
    assert!(gateway.stop().success());
}

#[test]
fn an_endpoint_that_asks_to_be_left_alone_is() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let gateway =
        Setup::without_cameras(&format!("{SCALE}{}", endpoint("emr", receiver.port(), folder.path(), "")))
            .start();
    receiver
        .answers(&[json!({ "status": 429, "headers": { "retry-after": "2" } })], &json!({ "status": 200 }));
    let begun = Instant::now();
    let cursor = act(&gateway, "one");
    let requests = receiver.wait_for("the second try", |requests| has_taken(requests, &cursor));
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    let stamp =
        |n: usize| requests[n]["headers"]["webhook-timestamp"].as_str().and_then(|it| it.parse::<u64>().ok());
    assert_eq!(requests.len(), 2);
    assert!(stamp(0) < stamp(1), "the time is the try's own, and so is the signature: {requests:#?}");
    assert_eq!(requests[1]["signed"], json!([true]));
}

#[test]
fn a_dead_endpoint_delays_no_living_one_and_is_an_alarm_until_it_is_back() {
    let (mut living, mut dead) = (Receiver::start(), Receiver::start());
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let more = [
        endpoint("living", living.port(), folder.path(), ""),
        endpoint("dead", dead.port(), folder.path(), ""),
    ];
    let gateway = Setup::without_cameras(&format!("{SCALE}{}", more.concat())).start();
    let hangs = json!({ "status": 200, "slow_s": 3600 });
    dead.answers(&[], &hangs);
    act(&gateway, "the first, which hangs");
    dead.wait_for("the first", |requests| requests.len() == 1);
    let begun = Instant::now();
    let cursors: Vec<_> = (0..20).map(|n| act(&gateway, &format!("{n}"))).collect();
    living.wait_for("every event", |requests| has_taken(requests, &cursors[19]));
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}: within the time that the other hangs",
        begun.elapsed()
    );
    dead.kill();
    until("the alarm", || stands(&gateway, "endpoint_failing"));
    let health = gateway.admin().get("/api/health").body;
    assert_eq!(health["components"]["claw"]["status"], "degraded", "{health}");
    assert_eq!(listed(&gateway, "living")["state"], "active");
    let listed_dead = listed(&gateway, "dead");
    assert_eq!(listed_dead["state"], "failing");
    dead.again();
    // An admin need not wait for the next try.
    let test = gateway.admin().post("/api/endpoints/dead/test", &json!({}));
    assert_eq!(test.body["attempt"]["outcome"], "delivered", "{test:?}");
    let requests = dead.wait_for("what it missed", |requests| has_taken(requests, &cursors[19]));
    let ping = requests.iter().find(|it| id(it).starts_with("test_")).expect("the ping came");
    assert_eq!((&ping["json"]["type"], &ping["signed"]), (&json!("test:ping"), &json!([true])));
    until("the alarm ends", || !stands(&gateway, "endpoint_failing"));
}

#[test]
fn an_event_that_is_refused_is_a_dead_letter_at_once_and_a_replay_raises_it() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup = Setup::without_cameras(&endpoint("emr", receiver.port(), folder.path(), ""));
    let gateway = setup.start();
    receiver.answers(&[json!({ "status": 422 })], &json!({ "status": 200 }));
    let (refused, taken) = (act(&gateway, "bad"), act(&gateway, "good"));
    let requests = receiver.wait_for("the one after it", |requests| has_taken(requests, &taken));
    let (refused, taken) = (cursor_of(&requests, &refused), cursor_of(&requests, &taken));
    assert_eq!(requests.iter().filter(|it| id(it) == refused).count(), 1, "it is not tried again");
    until("the alarm", || stands(&gateway, "dead_letters"));
    let letters = gateway.admin().get("/api/endpoints/emr/dead-letters").body["dead_letters"].clone();
    assert_eq!((&letters[0]["seq"], &letters[0]["outcome"]), (&json!(seq(&refused)), &json!("status 422")));
    gateway.kill();
    let gateway = setup.start();
    assert_eq!(listed(&gateway, "emr")["dead_letters"], 1, "it outlives a kill");
    let replay = gateway.admin().post("/api/endpoints/emr/replay", &json!({ "seq": seq(&refused) }));
    assert_eq!(replay.status, 202, "{replay:?}");
    let requests =
        receiver.wait_for("the replay", |requests| requests.iter().any(|it| id(it).starts_with("replay_")));
    let replayed = requests.iter().find(|it| id(it).starts_with("replay_")).expect("it came");
    assert_eq!((&replayed["json"]["replay_of"], &replayed["signed"]), (&json!(refused), &json!([true])));
    until("the alarm ends", || !stands(&gateway, "dead_letters"));
    let range = json!({ "from_seq": seq(&refused), "to_seq": seq(&taken) });
    assert_eq!(gateway.admin().post("/api/endpoints/emr/replay", &range).status, 202);
    let since = json!({ "since": "2020-01-01T00:00:00Z" });
    assert_eq!(gateway.admin().post("/api/endpoints/emr/replay", &since).status, 202);
    receiver.wait_for("both, twice", |requests| {
        requests.iter().filter(|it| id(it).starts_with("replay_")).count() == 5
    });
    assert_eq!(gateway.admin().post("/api/endpoints/emr/replay", &json!({})).status, 422);
}

#[test]
fn an_endpoint_that_is_gone_is_sent_nothing_more_until_somebody_resumes_it() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup = Setup::without_cameras(&endpoint("emr", receiver.port(), folder.path(), ""));
    let gateway = setup.start();
    receiver.answers(&[json!({ "status": 410 })], &json!({ "status": 200 }));
    let first = act(&gateway, "the first");
    until("the alarm", || stands(&gateway, "endpoint_ended"));
    gateway.kill();
    let gateway = setup.start();
    let second = act(&gateway, "the second");
    let emr = listed(&gateway, "emr");
    assert_eq!((&emr["state"], &emr["ended"]), (&json!("ended"), &json!("gone")), "{emr}");
    assert_eq!(receiver.requests().len(), 1, "nothing more");
    let resumed = gateway.admin().post("/api/endpoints/emr/resume", &json!({}));
    assert_eq!(resumed.status, 200, "{resumed:?}");
    let requests = receiver.wait_for("what came meanwhile", |requests| has_taken(requests, &second));
    assert!(has_taken(&requests, &first), "it goes on where it stopped");
    until("the alarm ends", || !stands(&gateway, "endpoint_ended"));
}

#[test]
fn a_certificate_is_verified_and_the_clinics_own_authority_is_trusted() {
    let (right, wrong) = (Certificate::new(), Certificate::new());
    let mut receiver = Receiver::tls(&right);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let more = endpoint("emr", receiver.port(), folder.path(), "").replace("http://127", "https://127");
    let with = |ca: &Certificate| {
        Setup::without_cameras(&format!(
            "[claw]\nretry_scale = 0.001\nca_file = {:?}\n{more}",
            ca.cert_file()
        ))
    };
    let gateway = with(&wrong).start();
    act(&gateway, "for nobody");
    until("the alarm", || stands(&gateway, "endpoint_failing"));
    let attempts = gateway.admin().get("/api/endpoints/emr/attempts").body;
    assert_eq!(attempts["attempts"][0]["error"], "untrusted", "{attempts}");
    assert!(receiver.requests().is_empty(), "it was told nothing");
    let gateway = with(&right).start();
    let cursor = act(&gateway, "for the right one");
    receiver.wait_for("the event", |requests| has_taken(requests, &cursor));
}

#[test]
fn endpoints_are_read_again_on_sighup() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup = Setup::without_cameras("");
    let gateway = setup.start();
    act(&gateway, "before");
    let mut text = std::fs::read_to_string(setup.config()).expect("it was written");
    text += &endpoint("emr", receiver.port(), folder.path(), "");
    std::fs::write(setup.config(), text).expect("it can be written");
    gateway.signal("HUP");
    gateway.wait_for_log("the webhook endpoints were read again");
    let cursor = act(&gateway, "after");
    let requests = receiver.wait_for("the event", |requests| has_taken(requests, &cursor));
    assert_eq!(requests.len(), 1, "a new endpoint begins at the head");
    assert!(gateway.stop().success());
}

/// Three days of an endpoint that is away, at one event a second, in miniature.
#[test]
fn what_came_during_a_long_outage_is_caught_up_whole_and_in_order() {
    let mut receiver = Receiver::start();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let setup =
        Setup::without_cameras(&format!("{SCALE}{}", endpoint("emr", receiver.port(), folder.path(), "")));
    let gateway = setup.start();
    receiver.kill();
    // More than the feed has at hand (4,096): the journal on the disk is read.
    let events = if prove() { 20_000 } else { 4_500 };
    let acknowledged: Vec<String> = (0..events).map(|n| act(&gateway, &format!("{n}"))).collect();
    receiver.again();
    gateway.admin().post("/api/endpoints/emr/test", &json!({}));
    let begun = Instant::now();
    let last = acknowledged.last().expect("there are some").clone();
    let requests = receiver.wait_for("the last event", |requests| {
        has_taken(&requests[requests.len().saturating_sub(64)..], &last)
    });
    let took = begun.elapsed();
    let requests: Vec<Value> = requests.into_iter().filter(|it| !id(it).starts_with("test_")).collect();
    announce(&format!(
        "caught up with {events} events in {took:?}: {:.0} a second",
        events as f64 / took.as_secs_f64()
    ));
    let ids: Vec<&str> = requests.iter().map(item).collect();
    let acknowledged: Vec<&str> = acknowledged.iter().map(String::as_str).collect();
    assert!(ids == acknowledged, "each once and in order: {} for {}", ids.len(), acknowledged.len());
    assert!(requests.iter().all(|it| it["signed"] == json!([true])));
}
