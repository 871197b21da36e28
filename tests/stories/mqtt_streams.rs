//! Steady streams of numbered messages, while whoever stands between the devices and the disk is killed or restarted again
//! and again: what was acknowledged is there in the end, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use harness::{Gateway, Mosquitto, SOON, Setup, Speaker, publish, publish_lines};
use serde_json::Value;

/// How many devices speak at once.
const DEVICES: usize = 3;
/// What each waits between two messages: some hundred a second, far more than a clinic's.
const PACE: Duration = Duration::from_millis(2);
/// How long they speak undisturbed between two blows.
const BETWEEN: Duration = Duration::from_millis(400);

fn rounds() -> u32 {
    if harness::prove() { 20 } else { 3 }
}

/// `[mqtt]` and a meter for each device: its value is its number, so that what counts twice or not at all shows in the
/// sum.
fn config(mqtt: &str) -> String {
    let meter = |n| {
        format!(
            "[[mqtt.bindings]]\nid = \"meter-{n}\"\ndialect = \"json\"\ntopic = \"meters/{n}\"\ntarget = \"environment:meter-{n}\"\n\
             quantity = \"illuminance\"\npointer = \"/n\"\ncounter_pointer = \"/n\"\n"
        )
    };
    format!("[mqtt]\n{mqtt}\n{}", (0..=DEVICES).map(meter).collect::<String>())
}

/// The devices, each in a thread of its own.
struct Stream {
    stop: Arc<AtomicBool>,
    devices: Vec<JoinHandle<u32>>,
}

impl Stream {
    fn begin(port: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let devices = (0..DEVICES).map(|device| {
            let stop = stop.clone();
            std::thread::spawn(move || {
                let mut speaker = Speaker::new(port, &format!("meter-{device}"), &format!("meters/{device}"));
                let mut said = 0;
                while !stop.load(Ordering::Relaxed) {
                    said += 1;
                    speaker.say(&format!("{{\"n\":{said}}}"));
                    std::thread::sleep(PACE);
                }
                said
            })
        });
        Self { devices: devices.collect(), stop }
    }

    /// How many messages of each device were acknowledged.
    fn end(self) -> Vec<u32> {
        self.stop.store(true, Ordering::Relaxed);
        self.devices.into_iter().map(|it| it.join().expect("every message was acknowledged")).collect()
    }
}

/// How many readings the gateway has of each device, and their sum.
fn kept(gateway: &Gateway, device: usize) -> (f64, f64) {
    let answer = gateway.http().get(&format!("/api/readings/environment:meter-{device}:illuminance"));
    let points = answer.body["points"].as_array().cloned().unwrap_or_default();
    let number = |point: &Value, key: &str| point[key].as_f64().expect("a number");
    let add = |(count, sum), point: &Value| {
        let n = number(point, "count");
        (count + n, sum + n * number(point, "mean"))
    };
    points.iter().fold((0.0, 0.0), add)
}

/// Waits until the gateway hears what the broker is told: what nobody has subscribed to, the broker takes and forgets.
/// The last meter is there for this.
fn heard(gateway: &Gateway, broker: &Mosquitto) {
    let until = Instant::now() + SOON;
    while kept(gateway, DEVICES).0 < 0.5 {
        assert!(Instant::now() < until, "the gateway hears nothing");
        assert!(publish(broker.port(), &format!("meters/{DEVICES}"), b"{\"n\":1}", &["-q", "1"]));
    }
}

/// Waits until the gateway has connected to its broker so many times.
fn reached(gateway: &Gateway, times: u32) {
    let until = Instant::now() + SOON;
    while gateway.metrics().value("caresync_mqtt_connects_total", &[]) < Some(f64::from(times)) {
        assert!(Instant::now() < until, "the broker is not reached");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Every message of every device is there, and none twice.
fn assert_all_once(gateway: &Gateway, said: &[u32]) {
    for (device, said) in said.iter().enumerate() {
        let (count, sum) = (f64::from(*said), f64::from(*said) * f64::from(*said + 1) / 2.0);
        let until = Instant::now() + SOON * 3;
        let is_there = || (kept(gateway, device).0 - count).abs() < 0.5;
        while !is_there() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(100));
        }
        let (kept_count, kept_sum) = kept(gateway, device);
        assert!(
            (kept_count - count).abs() < 0.5 && (kept_sum - sum).abs() < 0.5,
            "meter-{device} was told that {count} of its messages were taken, their sum is {sum}; the gateway has \
             {kept_count} and {kept_sum}"
        );
    }
    assert!(said.iter().sum::<u32>() > 5 * rounds(), "the streams stood still: {said:?}");
    harness::announce(&format!("acknowledged and there once: {said:?}"));
}

#[test]
fn a_broker_that_restarts_and_a_gateway_that_is_killed_lose_and_double_nothing() {
    let mut broker = Mosquitto::start();
    let setup = Setup::without_cameras(&config(&format!(
        "mode = \"external\"\nurl = \"mqtt://127.0.0.1:{}\"",
        broker.port()
    )));
    let mut gateway = setup.start();
    heard(&gateway, &broker);
    let stream = Stream::begin(broker.port());
    for restarts in 1..=rounds() {
        std::thread::sleep(BETWEEN);
        broker.stop();
        broker.again();
        reached(&gateway, restarts + 1);
    }
    for _ in 0..rounds() {
        std::thread::sleep(BETWEEN);
        gateway.kill();
        gateway = setup.start();
        reached(&gateway, 1);
    }
    let said = stream.end();
    assert_all_once(&gateway, &said);
}

#[test]
fn an_embedded_broker_that_is_killed_loses_and_doubles_nothing() {
    let setup = Setup::without_cameras(&config("mode = \"embedded\""));
    let mut gateway = setup.start();
    let stream = Stream::begin(setup.mqtt_port());
    for _ in 0..rounds() {
        std::thread::sleep(BETWEEN);
        gateway.kill();
        gateway = setup.start();
    }
    let said = stream.end();
    assert_all_once(&gateway, &said);
}

/// How many messages wait while the gateway is away. Of a queue of 65,536 or more, Debian's Mosquitto (2.0.11) never
/// delivers the rest, to its own clients neither.
const BACKLOG: u32 = 60_000;

#[test]
fn a_long_queue_at_the_broker_is_taken_whole() {
    for protocol in ["3.1.1", "5"] {
        let broker = Mosquitto::start();
        let url = format!("url = \"mqtt://127.0.0.1:{}\"\nprotocol = \"{protocol}\"", broker.port());
        let setup = Setup::without_cameras(&config(&format!("mode = \"external\"\n{url}")));
        let gateway = setup.start();
        heard(&gateway, &broker);
        gateway.kill();
        let lines: String = (1..=BACKLOG).map(|n| format!("{{\"n\":{n}}}\n")).collect();
        assert!(publish_lines(broker.port(), "meters/0", &lines));
        let gateway = setup.start();
        assert_all_once(&gateway, &[BACKLOG]);
    }
}
