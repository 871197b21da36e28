//! `GET /api/events`: server-sent events. `Last-Event-ID` is the cursor, so that a browser's `EventSource` resumes by
//! itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, Bytes, BytesMut};

use super::Hub;
use super::frames::{Connected, Goodbye};
use super::query::{Channels, Query};
use super::streams::{Asked, End, Reader};
use super::subscriber::user_id;
use super::upgrade::{Who, identify};
use crate::wire::problem::Problem;

/// How long a browser waits before it comes again, in milliseconds.
const RETRY_MS: u32 = 2_000;
/// A comment is sent after so long a silence, so that both sides notice when the other has gone.
const SILENCE_MAX: Duration = Duration::from_secs(15);
/// Waiting lines are joined into chunks of so many bytes.
const CHUNK_BYTES: usize = 16 * 1024;

/// `GET /api/events?channels=…`.
#[utoipa::path(get, path = "/api/events", operation_id = "stream_events", tag = "hub",
    params(Channels, ("since" = Option<String>, Query, description = "The cursor to resume from, when there is no `Last-Event-ID`."),
        ("Last-Event-ID" = Option<String>, Header, description = "The cursor to resume from: the `id` of the last event.")),
    responses((status = 200, description = "Frames of hub/1, each as one event (docs/hub.md). It ends with `goodbye`.",
        body = String, content_type = "text/event-stream")))]
pub(super) async fn events(State(hub): State<Hub>, request: Request) -> Response {
    // What is asked is read before anything is waited for: a request is not for two threads.
    let asked = asked(&hub, &request);
    drop(request);
    match open(&hub, asked).await {
        Ok(stream) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            let chunks = futures_util::stream::unfold(stream, |mut stream| async move {
                let chunk = stream.next().await?;
                Some((Ok::<Bytes, Infallible>(chunk), stream))
            });
            (StatusCode::OK, headers, Body::from_stream(chunks)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

fn asked(hub: &Hub, request: &Request) -> Result<(Who, Asked), Problem> {
    let who = identify(hub, request)?;
    let query = Query::read(request, &["channels", "since", "snapshot", "ticket"])?;
    let resumed = request.headers().get("last-event-id").map(|value| value.to_str().unwrap_or("not text"));
    Ok((who, query.asked(resumed, "since", &hub.shared.limits)?))
}

async fn open(hub: &Hub, asked: Result<(Who, Asked), Problem>) -> Result<EventStream, Problem> {
    let (who, asked) = asked?;
    let shared = &hub.shared;
    let mut reader = Reader::open(shared, who, asked).await?;
    reader.list();
    reader.follow_readings();
    let user = user_id(reader.caller()).cloned();
    let joined: Vec<_> = reader.subscriber.channels().cloned().collect();
    let greeting = reader.frame(Connected {
        client_id: Some(reader.identity.client_id),
        user: user.as_ref(),
        role: reader.subscriber.role,
        epoch: shared.entrance.ledger.epoch(),
        seq: reader.subscriber.cursor,
        ping_ms: None,
        channels: Some(joined.iter().collect()),
    });
    reader.say(&greeting);
    reader.pending.rotate_right(1);
    Ok(EventStream { reader, begun: false, ended: false })
}

/// A stream of events under way.
struct EventStream {
    reader: Reader,
    begun: bool,
    ended: bool,
}

impl EventStream {
    /// What comes next; `None` at the end.
    ///
    /// Cancel safe: what was taken for a chunk is in it, and a chunk is made without waiting.
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if !std::mem::replace(&mut self.begun, true) {
            let mut chunk = BytesMut::from(format!("retry: {RETRY_MS}\n\n").as_bytes());
            self.fill(&mut chunk);
            return Some(chunk.freeze());
        }
        let silent_at = tokio::time::Instant::now() + SILENCE_MAX;
        loop {
            // Whoever takes what waits only now gets it by the rights of now.
            let looked =
                if self.reader.pending.is_empty() { self.reader.look() } else { self.reader.recheck() };
            if let Err(end) = looked {
                return Some(self.end(end));
            }
            if !self.reader.pending.is_empty() {
                let mut chunk = BytesMut::with_capacity(1_024);
                self.fill(&mut chunk);
                if chunk.is_empty() {
                    // None of it is for this reader any more.
                    continue;
                }
                return Some(chunk.freeze());
            }
            if tokio::time::timeout_at(silent_at, self.reader.news()).await.is_err() {
                return Some(Bytes::from_static(b": still here\n\n"));
            }
        }
    }

    fn fill(&mut self, chunk: &mut BytesMut) {
        while chunk.len() < CHUNK_BYTES
            && let Some(line) = self.reader.pending.pop_front()
        {
            let Some(text) = self.reader.text(&line) else { continue };
            if let Some(seq) = line.seq {
                chunk.put_slice(format!("id: {}\n", self.reader.cursor(seq)).as_bytes());
            }
            // JSON as we write it has no line breaks.
            chunk.put_slice(b"data: ");
            chunk.put_slice(&text);
            chunk.put_slice(b"\n\n");
        }
    }

    /// The last chunk: why nothing more comes. A WebSocket says the same by its close code.
    fn end(&mut self, end: End) -> Bytes {
        self.ended = true;
        // Nothing else is for who is no longer known; who is comes back by cursor.
        self.reader.pending.clear();
        let close = end.close();
        self.reader.shared.meters.closed(close);
        self.reader.say(&self.reader.frame(Goodbye::before(close)));
        let mut chunk = BytesMut::new();
        self.fill(&mut chunk);
        chunk.freeze()
    }
}
