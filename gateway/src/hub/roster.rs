//! Who is connected: to look at, and to send away.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Hub;
use super::connection::{Connection, Identity};
use super::fanout::Context;
use super::inbox::Message;
use super::metrics::Counted;
use super::subscriber::user_id;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::event::Seq;
use crate::domain::hub_day::HubDay;
use crate::domain::id::UserId;
use crate::domain::role::{Role, Topic, Verb};
use crate::domain::time::Timestamp;
use crate::wire::caller::{Caller, PeerAddress};
use crate::wire::channel::Channel;
use crate::wire::json::json_response;
use crate::wire::page::QueryOf;
use crate::wire::problem::Problem;

/// A connection as admins see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Listed {
    /// Names the connection.
    #[schema(value_type = String)]
    client_id: Uuid,
    /// `websocket` or `events`.
    kind: &'static str,
    /// The account, if it is a person's.
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
    role: Role,
    /// Where it comes from.
    address: String,
    /// What the client says that it is.
    device: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was last heard of.
    #[schema(value_type = String, format = DateTime)]
    last_activity: Timestamp,
    #[schema(value_type = Vec<String>)]
    channels: Vec<Channel>,
    /// Events that it is behind.
    lag_events: usize,
    /// Bytes that it is behind.
    lag_bytes: usize,
}

impl Listed {
    /// A WebSocket client.
    pub(super) fn websocket(connection: &Connection, cx: &Context) -> Self {
        let now = cx.shared.entrance.ledger.now();
        let silent = cx.now.duration_since(connection.heard_at).as_millis();
        let subscriber = &connection.subscriber;
        let (lag_events, lag_bytes) = match subscriber.interest.is_empty() {
            true => (0, 0),
            false => cx.ring.lag(subscriber.cursor, &subscriber.interest),
        };
        let last_activity = now.shifted(-i64::try_from(silent).unwrap_or(i64::MAX));
        let mut listed = Self::of(&connection.identity, &connection.bearer.caller, "websocket");
        listed.channels = subscriber.channels().cloned().collect();
        Self { last_activity, lag_events, lag_bytes, ..listed }
    }

    fn of(identity: &Identity, caller: &Caller, kind: &'static str) -> Self {
        Self {
            client_id: identity.client_id,
            kind,
            user: user_id(caller).cloned(),
            role: caller.role,
            address: identity.address.to_string(),
            device: identity.device.as_deref().map(str::to_owned),
            since: identity.since,
            last_activity: identity.since,
            channels: Vec::new(),
            lag_events: 0,
            lag_bytes: 0,
        }
    }
}

/// An event stream that is open.
pub(super) struct Streaming {
    listed: Listed,
    /// Ends it.
    pub(super) dismissed: Dismissed,
}

/// Whether an event stream shall end.
#[derive(Clone, Default)]
pub(super) struct Dismissed {
    pub(super) by_admin: CancellationToken,
    pub(super) replaced: CancellationToken,
}

impl Streaming {
    pub(super) fn new(identity: &Identity, caller: &Caller, channels: Vec<Channel>) -> Self {
        let listed = Listed { channels, ..Listed::of(identity, caller, "events") };
        Self { listed, dismissed: Dismissed::default() }
    }

    /// Ends the oldest streams of the user whom `newest` is of, beyond so many.
    pub(super) fn replace(streams: &BTreeMap<Uuid, Self>, newest: &Self, most: usize) {
        if newest.listed.user.is_none() {
            return;
        }
        // Ids sort by age.
        let own: Vec<_> = streams.values().filter(|it| it.listed.user == newest.listed.user).collect();
        let surplus = (own.len() + 1).saturating_sub(most);
        own.iter().take(surplus).for_each(|it| it.dismissed.replaced.cancel());
    }
}

/// Who listens to what, in numbers.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct Census {
    clients: usize,
    by_role: BTreeMap<&'static str, usize>,
    /// By channel; those of one doctor, patient, task or hospital by their kind.
    by_channel: BTreeMap<&'static str, usize>,
    /// Of the client furthest behind.
    lag_events_max: usize,
}

impl Census {
    pub(super) fn take<'a>(connections: impl Iterator<Item = &'a Connection>, cx: &Context) -> Self {
        let mut census = Self::default();
        for connection in connections {
            census.clients += 1;
            let subscriber = &connection.subscriber;
            if subscriber.interest.is_empty() {
                continue;
            }
            *census.by_role.entry(subscriber.role.as_str()).or_default() += 1;
            for channel in subscriber.channels() {
                *census.by_channel.entry(kind(channel)).or_default() += 1;
            }
            if connection.is_full() {
                let (events, _) = cx.ring.lag(subscriber.cursor, &subscriber.interest);
                census.lag_events_max = census.lag_events_max.max(events);
            }
        }
        census
    }

    /// Shows the numbers to whoever scrapes: every role and channel, 0 where there is none.
    pub(super) fn show(&self, cx: &Context) {
        cx.shared.meters.lag(self.lag_events_max);
        let of = |counts: &BTreeMap<&'static str, usize>, name| counts.get(name).copied().unwrap_or(0);
        let roles = Role::EVERY.into_iter().map(|role| (role.as_str(), of(&self.by_role, role.as_str())));
        let kinds = Topic::EVERY.into_iter().map(Topic::as_str).chain(KINDS);
        super::metrics::listening(roles, kinds.map(|name| (name, of(&self.by_channel, name))));
    }
}

const KINDS: [&str; 5] = ["all", "doctor", "hospital", "patient", "task"];

fn kind(channel: &Channel) -> &'static str {
    match channel {
        Channel::Of(topic) => topic.as_str(),
        Channel::All => "all",
        Channel::Doctor(_) => "doctor",
        Channel::Hospital(_) => "hospital",
        Channel::Patient(_) => "patient",
        Channel::Task(_) => "task",
    }
}

/// What the hub has done and does.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Stats {
    #[serde(flatten)]
    census: Census,
    event_streams: usize,
    /// Since the gateway started.
    frames_sent: u64,
    broadcasts: u64,
    broadcast_max_ms: f64,
    resumes: Resumes,
    resyncs: u64,
    /// By close code; `gone` for peers that went.
    closes: BTreeMap<String, u64>,
    epoch: String,
    #[schema(value_type = u64)]
    seq: Seq,
    /// The newest days, oldest first; what was counted in the last minute may be missing.
    #[schema(value_type = Vec<HubDay>)]
    days: Vec<Arc<HubDay>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Resumes {
    recovered: u64,
    not_recovered: u64,
}

/// Who is connected.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
pub(super) struct Connections {
    connections: Vec<Listed>,
}

/// `GET /api/connections`.
#[utoipa::path(get, path = "/api/connections", operation_id = "list_connections", tag = "hub",
    responses((status = 200, description = "WebSockets and event streams that are open, oldest first.", body = Connections)))]
pub(super) async fn connections(State(hub): State<Hub>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let mut listed = hub.ask(Message::List).await?;
    {
        let streams = hub.shared.streams.lock().unwrap_or_else(PoisonError::into_inner);
        listed.extend(streams.values().map(|it| it.listed.clone()));
    }
    listed.sort_by_key(|it| (it.since, it.client_id));
    Ok(json_response(StatusCode::OK, &serde_json::json!({ "connections": listed })))
}

/// `DELETE /api/connections/{id}`.
#[utoipa::path(delete, path = "/api/connections/{id}", operation_id = "end_connection", tag = "hub",
    responses((status = 204, description = "The connection ends, with code 4403.")))]
pub(super) async fn dismiss(
    State(hub): State<Hub>,
    caller: Caller,
    address: PeerAddress,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let asker = caller.to_write_from(address)?;
    let no_such = || Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such connection");
    let client_id: Uuid = id.parse().map_err(|_| no_such())?;
    let is_stream = {
        let streams = hub.shared.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.get(&client_id).map(|it| it.dismissed.by_admin.cancel()).is_some()
    };
    if !is_stream && !hub.ask(|answer| Message::Dismiss(client_id, answer)).await? {
        return Err(no_such());
    }
    let subject = Some(format!("connection:{client_id}"));
    let (actor, outcome) = (Some(asker.actor), AuditOutcome::Done);
    let note = AuditNote { actor, verb: "dismiss_connection", subject, outcome, stretch: None };
    hub.shared.entrance.ledger.note(note, Some(asker.origin)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// How many days are shown when nobody says.
const DAYS_SHOWN: usize = 7;

/// How far back to look.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatsQuery {
    /// The newest days to show; 7 when there is none.
    days: Option<usize>,
}

/// `GET /api/ws/stats`.
#[utoipa::path(get, path = "/api/ws/stats", operation_id = "show_hub_stats", tag = "hub", params(StatsQuery),
    responses((status = 200, description = "Who listens to what, what was sent since the start, and on each day.", body = Stats)))]
pub(super) async fn stats(
    State(hub): State<Hub>,
    caller: Caller,
    QueryOf(StatsQuery { days }): QueryOf<StatsQuery>,
) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = hub.shared.entrance.ledger.snapshot();
    let days = snapshot.state.hub_days.values().rev().take(days.unwrap_or(DAYS_SHOWN)).cloned();
    let mut days: Vec<_> = days.collect();
    days.reverse();
    let census = hub.ask(Message::Count).await?;
    let shared = &hub.shared;
    let Counted { frames_sent, resyncs, recovered, not_recovered, broadcasts, broadcast_us_max, closes } =
        shared.meters.counted();
    let name = |code: Option<u16>| code.map_or_else(|| "gone".into(), |code| code.to_string());
    let stats = Stats {
        census,
        event_streams: shared.streams.lock().unwrap_or_else(PoisonError::into_inner).len(),
        frames_sent,
        broadcasts,
        #[expect(clippy::cast_precision_loss, reason = "a broadcast takes no years")]
        broadcast_max_ms: broadcast_us_max as f64 / 1e3,
        resumes: Resumes { recovered, not_recovered },
        resyncs,
        closes: closes.into_iter().map(|(code, count)| (name(code), count)).collect(),
        epoch: shared.entrance.ledger.epoch().to_owned(),
        seq: shared.ring.reached(),
        days,
    };
    Ok(json_response(StatusCode::OK, &stats))
}

impl Hub {
    /// Asks the fan-out.
    async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Message) -> Result<T, Problem> {
        let gone = || {
            let detail = "the gateway restarts: come back";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retryable()
        };
        let (answer, answered) = oneshot::channel();
        self.shared.inbox.send(ask(answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())
    }
}
