//! Telling the agent how the facility does, and asking how the agent does.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use bytes::Bytes;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::config::Way;
use super::metrics;
use super::standing::{Call as Asked, Standing, Turn};
use super::status::{Facility, FacilityStatus};
use crate::claw::http::{Call, CallError, Http, Reply};
use crate::domain::actor::Actor;
use crate::domain::alarm::AlarmNotice;
use crate::domain::command::Ask;
use crate::ledger::Handle;

/// How long a call may take: an agent that needs longer for some kilobytes is away.
const CALL_MAX: Duration = Duration::from_secs(5);
/// The time between two messages at least, however much changes.
const STATUS_REST: Duration = Duration::from_secs(1);

/// The link.
pub(super) struct Link {
    pub(super) way: Way,
    pub(super) facility_id: String,
    pub(super) http: Http,
    pub(super) ledger: Handle,
    pub(super) standing: Standing,
}

impl Link {
    /// Tells and asks, until it is dropped.
    pub(super) async fn keep(&self) {
        let mut head = self.ledger.feed().head();
        let mut status_ticks = interval(self.way.status_every);
        let mut health_ticks = interval(self.way.health_every);
        // An agent that was slow is not told the same thing three times at once.
        status_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        health_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut told, mut told_at, mut changed) = (None, Instant::now(), false);
        loop {
            tokio::select! {
                // Cancel safe, all four.
                _ = health_ticks.tick() => self.ask_health().await,
                _ = status_ticks.tick() => {
                    told = self.tell(Facility::of(&self.ledger.snapshot().state)).await;
                    (told_at, changed) = (Instant::now(), false);
                }
                // What changes while it is away waits: it is told how things are when it is back.
                () = sleep_until(told_at + STATUS_REST), if changed && self.standing.is_reached() => {
                    let facility = Facility::of(&self.ledger.snapshot().state);
                    if told.as_ref() != Some(&facility) {
                        told = self.tell(facility).await;
                        told_at = Instant::now();
                    }
                    changed = false;
                }
                moved = head.changed(), if !changed => match moved {
                    Ok(()) => changed = true,
                    Err(_) => return,
                },
            }
        }
    }

    /// Tells how the facility does. Returns that, if the agent took it.
    async fn tell(&self, facility: Facility) -> Option<Facility> {
        let now = self.ledger.now();
        let body = FacilityStatus { timestamp: now, facility_id: &self.facility_id, facility: &facility };
        let trouble = trouble(&self.post(&self.way.status, &body, None, CALL_MAX).await);
        let is_taken = trouble.is_none();
        metrics::called("status", if is_taken { "ok" } else { "failed" });
        self.note(Asked::Status, trouble).await;
        if is_taken && !self.standing.is_reached() {
            // It seems to be back: the next question is half a minute away.
            self.ask_health().await;
        }
        is_taken.then_some(facility)
    }

    async fn ask_health(&self) {
        let call = Call {
            method: Method::GET,
            url: self.way.health.clone(),
            headers: self.headers(),
            body: Bytes::new(),
            timeout: CALL_MAX,
        };
        let trouble = trouble(&self.http.send(call).await);
        metrics::called("health", if trouble.is_none() { "ok" } else { "failed" });
        self.note(Asked::Health, trouble).await;
    }

    /// Sends `body` as JSON; `key` names a message that may come twice.
    pub(super) async fn post(
        &self,
        url: &Uri,
        body: &impl Serialize,
        key: Option<HeaderValue>,
        timeout: Duration,
    ) -> Result<Reply, CallError> {
        let mut headers = self.headers();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = key {
            headers.insert(HeaderName::from_static("idempotency-key"), key);
        }
        let body = serde_json::to_vec(body).expect("our messages serialise").into();
        self.http.send(Call { method: Method::POST, url: url.clone(), headers, body, timeout }).await
    }

    fn headers(&self) -> HeaderMap {
        self.way.bearer.clone().map(|bearer| (AUTHORIZATION, bearer)).into_iter().collect()
    }

    /// Notes how a call went, and tells the clinic what is worth telling.
    async fn note(&self, asked: Asked, trouble: Option<String>) {
        let reason = trouble.clone().unwrap_or_default();
        let ask = match self.standing.note(asked, trouble, self.way.offline_after, Instant::now()) {
            Turn::None => return,
            Turn::Away => {
                tracing::warn!(reason, "the agent is away; what it does not answer is for staff");
                return;
            }
            Turn::Reached => {
                tracing::info!("the agent is reached");
                Ask::ClearAlarm(AlarmNotice::agent_offline().id())
            }
            Turn::Offline => Ask::RaiseAlarm(AlarmNotice::agent_offline()),
        };
        if let Err(error) = self.ledger.submit(Actor::Gateway, ask).await {
            tracing::warn!(%error, "how the agent stands could not be told");
        }
    }
}

/// What is wrong with an answer, in words that name no address.
fn trouble(answer: &Result<Reply, CallError>) -> Option<String> {
    match answer {
        Ok(reply) if reply.status.is_success() => None,
        Ok(reply) => Some(format!("it answers {}", reply.status.as_u16())),
        Err(error) => Some(error.to_string()),
    }
}
