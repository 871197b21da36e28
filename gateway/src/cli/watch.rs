//! `watch`: a WebSocket client that prints live changes, reconnects and resumes.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::connect::{Hub, Socket, disbelief};
use super::say;

/// The first bound of the wait before a reconnect; it doubles up to [`RECONNECT_MAX`].
const RECONNECT_MIN: Duration = Duration::from_secs(1);
const RECONNECT_MAX: Duration = Duration::from_secs(30);
/// A server that says nothing for so long gets a ping; after as long again it is given up.
const SILENCE_MAX: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(super) struct WatchArgs {
    /// The gateway's hub; through TLS it is wss://.
    #[arg(long, default_value = "ws://127.0.0.1:3000/ws")]
    url: String,
    /// The file that holds a token or key: needed everywhere but in an open demo.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The certificate that the gateway's is signed by, or its own, PEM: for one that this system does not trust.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The channel: facility, actions, tasks, cameras, system or all.
    #[arg(long, default_value = "facility")]
    room: String,
    /// Begin after this cursor (epoch:seq) instead of now.
    #[arg(long)]
    since: Option<String>,
    /// Print the frames as they come, one a line.
    #[arg(long)]
    json: bool,
    /// End after so many events.
    #[arg(long)]
    count: Option<u64>,
}

struct Watch {
    args: WatchArgs,
    /// What was seen last: `epoch` and `seq`.
    epoch: Option<String>,
    seq: Option<u64>,
    events: u64,
    /// The hub has answered since the last break: it is worth coming back soon.
    subscribed: bool,
}

/// How one connection ended.
enum Ended {
    /// Enough events were printed.
    Done,
    /// Come back, and resume.
    Lost(String),
}

pub(super) async fn run(args: WatchArgs) -> anyhow::Result<()> {
    let hub = Hub::at(&args.url, args.ca.as_deref())?;
    let mut watch = Watch { args, epoch: None, seq: None, events: 0, subscribed: false };
    if let Some(since) = watch.args.since.clone() {
        let (epoch, seq) =
            since.split_once(':').context("--since is written epoch:seq, such as k3f9:4711")?;
        (watch.epoch, watch.seq) =
            (Some(epoch.into()), Some(seq.parse().context("--since is written epoch:seq")?));
    }
    let mut bound = RECONNECT_MIN;
    loop {
        let lost = match hub.connect(watch.request()?).await {
            Ok(socket) => match watch.follow(socket).await? {
                Ended::Done => return Ok(()),
                Ended::Lost(why) => why,
            },
            Err(Error::Http(response)) if response.status().is_client_error() => {
                let body = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                let remedy =
                    if response.status() == 401 { "; prove who you are with --token-file" } else { "" };
                bail!("{} refuses: {} {body}{remedy}", watch.args.url, response.status());
            }
            Err(error) => {
                if let Some(why) = disbelief(&error) {
                    let remedy =
                        "name its certificate, or that of its CA, with --ca, and the host as it names it";
                    bail!("{} is not believed: {why}; {remedy}", watch.args.url);
                }
                error.to_string()
            }
        };
        if std::mem::take(&mut watch.subscribed) {
            bound = RECONNECT_MIN;
        }
        let wait = bound.mul_f64(rand::random_range(0.0..=1.0)).max(Duration::from_millis(50));
        super::complain(&format!("{lost}; trying again in {:.1} s", wait.as_secs_f64()));
        tokio::time::sleep(wait).await;
        bound = (bound * 2).min(RECONNECT_MAX);
    }
}

impl Watch {
    /// The upgrade, with the token if there is one: it rides in a header, not in the URL.
    fn request(&self) -> anyhow::Result<Request> {
        let url = &self.args.url;
        let mut request = url.as_str().into_client_request().with_context(|| format!("--url {url}"))?;
        if let Some(file) = &self.args.token_file {
            let token = std::fs::read_to_string(file)
                .with_context(|| format!("--token-file {} cannot be read", file.display()))?;
            let proof = format!("Bearer {}", token.trim());
            let proof =
                proof.parse().with_context(|| format!("--token-file {} holds no token", file.display()))?;
            request.headers_mut().insert("authorization", proof);
        }
        Ok(request)
    }

    async fn follow(&mut self, mut socket: Socket) -> anyhow::Result<Ended> {
        let mut subscribe = json!({ "type": "subscribe", "id": 1, "room": self.args.room });
        if let (Some(epoch), Some(seq)) = (&self.epoch, self.seq) {
            subscribe["since"] = format!("{epoch}:{seq}").into();
        }
        if let Err(error) = socket.send(Message::text(subscribe.to_string())).await {
            return Ok(Ended::Lost(error.to_string()));
        }
        let mut pinged = false;
        loop {
            let received = match tokio::time::timeout(SILENCE_MAX, socket.next()).await {
                Ok(received) => received,
                Err(_) if pinged => return Ok(Ended::Lost("the gateway has fallen silent".into())),
                Err(_) => {
                    pinged = true;
                    let ping = json!({ "type": "ping" }).to_string();
                    match socket.send(Message::text(ping)).await {
                        Ok(()) => continue,
                        Err(error) => return Ok(Ended::Lost(error.to_string())),
                    }
                }
            };
            pinged = false;
            match received {
                Some(Ok(Message::Text(text))) => {
                    if let Some(ended) = self.take(&text)? {
                        return Ok(ended);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let why = frame.map(|it| format!("{} {}", it.code, it.reason)).unwrap_or_default();
                    return Ok(Ended::Lost(format!("the gateway closed the connection: {why}")));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Ok(Ended::Lost(error.to_string())),
                None => return Ok(Ended::Lost("the connection ended".into())),
            }
        }
    }

    /// Prints a frame and remembers how far it is.
    fn take(&mut self, text: &str) -> anyhow::Result<Option<Ended>> {
        let frame: Value = serde_json::from_str(text).context("the gateway sent something else than JSON")?;
        let kind = frame["type"].as_str().unwrap_or_default();
        if self.args.json {
            say(text);
        } else if let Some(line) = line(kind, &frame) {
            say(&line);
        }
        if kind == "error" {
            bail!("{}", frame["data"]["message"].as_str().unwrap_or("the gateway answered with an error"));
        }
        self.subscribed |= kind == "subscribed";
        if let Some(epoch) = frame["epoch"].as_str() {
            self.epoch = Some(epoch.to_owned());
        }
        // What a subscription answers comes before its replay: only events, and the answer to a client
        // without a cursor, move it.
        let moves = kind.contains(':') || frame["recovered"] != json!(true);
        if let Some(seq) = frame["seq"].as_u64().filter(|_| moves) {
            self.seq = Some(seq);
        }
        if kind.contains(':') {
            self.events += 1;
        }
        Ok(self.args.count.is_some_and(|count| self.events >= count).then_some(Ended::Done))
    }
}

/// A frame in a line for people; `None` for what only programs need.
fn line(kind: &str, frame: &Value) -> Option<String> {
    let (data, time) = (&frame["data"], frame["timestamp"].as_str().unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let what = match kind {
        "connected" | "pong" => return None,
        "subscribed" if frame["recovered"] == json!(false) => {
            "subscribed; what was missed cannot be replayed, the snapshot follows".into()
        }
        "subscribed" => format!("subscribed to {}", text(&data["room"])),
        "snapshot" => format!("snapshot at {}", frame["seq"]),
        "goodbye" => text(&data["reason"]),
        "error" => return None,
        _ if kind.starts_with("room:") => {
            format!(
                "{kind} {} {:<13} {}",
                text(&data["id"]),
                text(&data["status"]),
                text(&data["occupancy"]["why"])
            )
        }
        _ if kind.starts_with("alarm:") => format!("{kind} {} {}", text(&data["id"]), text(&data["text"])),
        _ if kind.starts_with("camera:") => format!("{kind} {} {}", text(&data["id"]), text(&data["health"])),
        _ => format!("{kind} {} {}", text(&data["id"]), text(&data["status"])),
    };
    Some(format!("{time} {what}"))
}
