//! The way to one endpoint: one try, and the list of the last ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::Uri;
use serde::Serialize;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::message::Message;
use super::metrics;
use super::schedule::{Verdict, judge};
use super::{ATTEMPTS_KEPT, BURST};
use crate::claw::http::Http;
use crate::domain::endpoint::Endpoint;
use crate::domain::time::Timestamp;
use crate::ledger::Handle;

/// One try, for whoever looks after the endpoint. No body, and nothing that the other side wrote.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Attempt {
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
    /// What the endpoint knows the message by.
    pub(super) webhook_id: String,
    /// The type of the event.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// `delivered`, `failed`, `refused` or `gone`.
    pub(super) outcome: &'static str,
    /// What was answered.
    pub(super) status: Option<u16>,
    /// Why nothing was.
    pub(super) error: Option<String>,
    pub(super) duration_ms: u64,
}

impl Attempt {
    /// What it came to: a status, or a word for why there was none.
    pub(super) fn result(&self) -> String {
        self.status
            .map_or_else(|| self.error.clone().unwrap_or_default(), |status| format!("status {status}"))
    }
}

/// The last tries, oldest first.
pub(super) type Log = Arc<Mutex<VecDeque<Attempt>>>;

/// The way to one endpoint.
pub(super) struct Lane {
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) log: Log,
    /// The endpoint has just taken something: it is tried again at once.
    pub(super) is_back: Notify,
    pub(super) ledger: Handle,
    url: Uri,
    http: Http,
    /// When the next request may go, were there no burst.
    free_at: Mutex<Instant>,
}

impl Lane {
    pub(super) fn new(endpoint: Arc<Endpoint>, url: Uri, http: Http, log: Log, ledger: Handle) -> Self {
        let free_at = Mutex::new(Instant::now());
        Self { endpoint, log, is_back: Notify::new(), ledger, url, http, free_at }
    }

    /// Tries `message` once, as soon as the endpoint's rate allows.
    ///
    /// Cancel safety: as [`Http::send`].
    pub(super) async fn attempt(
        &self,
        message: &Message,
    ) -> (Verdict, Option<crate::claw::http::RetryAfter>, Attempt) {
        sleep_until(self.place()).await;
        let (at, begun) = (self.ledger.now(), Instant::now());
        let answer = self.http.send(message.call(&self.endpoint, self.url.clone(), at)).await;
        let verdict = judge(self.endpoint.kind, &answer);
        let retry_after = if let Verdict::Again(retry_after) = verdict { retry_after } else { None };
        let attempt = Attempt {
            at,
            webhook_id: message.id.clone(),
            kind: message.kind,
            outcome: metrics::word(verdict),
            status: answer.as_ref().ok().map(|reply| reply.status.as_u16()),
            error: answer.err().map(|error| error.as_str().to_owned()),
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        metrics::tried(verdict);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() >= ATTEMPTS_KEPT {
            log.pop_front();
        }
        log.push_back(attempt.clone());
        drop(log);
        (verdict, retry_after, attempt)
    }

    /// When the next request may go; it is taken by that.
    fn place(&self) -> Instant {
        let each = Duration::from_secs(1) / self.endpoint.rate_per_s.max(1);
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let place = (*free_at).max(now);
        *free_at = place.max(now) + each;
        // Timers tick in milliseconds: what is due within a burst goes at once.
        place.checked_sub(BURST).unwrap_or(place)
    }
}
