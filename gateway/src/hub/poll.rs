//! `GET /api/poll`: long poll, for whoever can do nothing but ask.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Hub;
use super::query::{Channels, Query};
use super::streams::{Asked, End, Reader};
use super::upgrade::{Who, identify};
use crate::domain::event::Seq;
use crate::wire::problem::Problem;

/// How long an answer waits for something new, when nothing else is asked for.
const WAIT_S: u64 = 25;
/// The longest that may be asked for: proxies give up after a minute.
const WAIT_S_MAX: u64 = 55;
/// Frames of one answer. Who is further behind asks again at once.
const FRAMES_MAX: usize = 256;

/// What a poll is answered with.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
pub(super) struct Polled {
    /// Frames of hub/1, as `/api/ws/frames.json` describes them, oldest first.
    events: Vec<serde_json::Map<String, serde_json::Value>>,
    /// What to ask with next.
    cursor: String,
    /// Whether everything since the cursor came; absent without one.
    #[schema(nullable = false)]
    recovered: Option<bool>,
}

/// `GET /api/poll?channels=…&cursor=…`.
#[utoipa::path(get, path = "/api/poll", operation_id = "poll_events", tag = "hub",
    params(Channels, ("cursor" = Option<String>, Query, description = "The `cursor` of the last answer; without one, the state comes first."),
        ("wait_s" = Option<u64>, Query, description = "How long to wait for something new, in seconds; 25 when there is none.", maximum = 55)),
    responses((status = 200, description = "What happened since the cursor; nothing, when nothing did in that time.", body = Polled)))]
pub(super) async fn poll(State(hub): State<Hub>, request: Request) -> Response {
    // What is asked is read before anything is waited for: a request is not for two threads.
    let asked = asked(&hub, &request);
    drop(request);
    match asked {
        Ok(asked) => answer(&hub, asked).await.unwrap_or_else(Problem::into_response),
        Err(problem) => problem.into_response(),
    }
}

fn asked(hub: &Hub, request: &Request) -> Result<(Who, Asked, Duration), Problem> {
    let who = identify(hub, request)?;
    let query = Query::read(request, &["channels", "cursor", "snapshot", "wait_s", "ticket"])?;
    let asked = query.asked(None, "cursor", &hub.shared.limits)?;
    let wait = Duration::from_secs(query.number("wait_s", WAIT_S, WAIT_S_MAX)?);
    Ok((who, asked, wait))
}

async fn answer(hub: &Hub, asked: (Who, Asked, Duration)) -> Result<Response, Problem> {
    let (who, mut asked, wait) = asked;
    // Who has no cursor begins with the state.
    let is_first = asked.since.is_none();
    asked.snapshot |= is_first;
    let mut reader = Reader::open(&hub.shared, who, asked).await?;
    // The answer says by itself what these frames say.
    reader.pending.retain(|line| !line.is_answer());
    let until = tokio::time::Instant::now() + wait;
    while reader.pending.is_empty() && !is_first {
        match reader.look() {
            Ok(()) => {}
            Err(End::Restarting | End::Dismissed | End::Replaced) => break,
            Err(End::Unproven) => {
                return Err(Problem::unauthenticated("the token or key has ended: log in again"));
            }
            Err(End::TooSlow | End::Failed) => {
                let detail = "too far behind: ask again with the same cursor";
                return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).retryable());
            }
        }
        if reader.pending.is_empty() && tokio::time::timeout_at(until, reader.news()).await.is_err() {
            break;
        }
    }
    Ok(written(&mut reader))
}

/// The answer: the frames, and the cursor that contains them.
fn written(reader: &mut Reader) -> Response {
    let taken = reader.pending.len().min(FRAMES_MAX);
    let is_all = taken == reader.pending.len();
    let mut body = String::from(r#"{"events":["#);
    let mut last = Seq(0);
    let lines: Vec<_> = reader.pending.drain(..taken).collect();
    for line in &lines {
        let Some(text) = reader.text(line) else { continue };
        if !body.ends_with('[') {
            body.push(',');
        }
        body.push_str(&String::from_utf8_lossy(&text));
        last = line.seq.unwrap_or(last);
    }
    let cursor = reader.cursor(if is_all { reader.subscriber.cursor } else { last });
    body.push_str(&format!(r#"],"cursor":"{cursor}""#));
    if let Some(recovered) = reader.recovered {
        body.push_str(&format!(r#","recovered":{recovered}"#));
    }
    body.push('}');
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::OK, headers, body).into_response()
}
