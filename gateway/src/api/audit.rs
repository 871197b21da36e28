//! What only admins read: the audit trail, and the journal of events.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::read;
use super::document::Routes;
use crate::domain::audit::{AuditEntry, AuditFilter, AuditOutcome, OutcomeFilter};
use crate::domain::event::Seq;
use crate::domain::role::Verb;
use crate::domain::time::Timestamp;
use crate::wire::caller::Caller;
use crate::wire::cursor::Cursor;
use crate::wire::json::json_response;
use crate::wire::page::QueryOf;
use crate::wire::problem::Problem;
use crate::wire::schema::Time;

/// The most entries, or events, of one answer: at 7 KiB each, 14 MiB of a journal at worst.
const LIMIT_MAX: u16 = 2_000;
/// How many there are when nothing is said.
const LIMIT_USUAL: u16 = 200;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(audit), routes!(journal)]
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    #[param(minimum = 1, maximum = 2000)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[0-9]{1,19}$")]
    cursor: Option<String>,
    /// Who, as entries spell it.
    actor: Option<String>,
    /// What was asked, as entries spell it.
    verb: Option<String>,
    /// What it was about, as entries spell it.
    subject: Option<String>,
    /// `done`, `refused`, or the word of a refusal.
    outcome: Option<String>,
    /// Not before this moment.
    #[param(value_type = Option<Time>, inline)]
    from: Option<Timestamp>,
    /// Before this moment.
    #[param(value_type = Option<Time>, inline)]
    to: Option<Timestamp>,
}

impl AuditQuery {
    fn filter(self) -> AuditFilter {
        let Self { limit: _, cursor: _, actor, verb, subject, outcome, from, to } = self;
        AuditFilter { actor, verb, subject, outcome: outcome.map(OutcomeFilter::from), from, to }
    }
}

/// An entry of the audit trail. Ids only.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct EntryBody {
    /// Its place, without holes.
    n: u64,
    #[schema(value_type = Time)]
    at: Timestamp,
    /// Who; `null` when nobody proved who they are.
    actor: Option<String>,
    /// What was asked, as a command is named.
    verb: String,
    /// What it was about, such as `room:room-1`.
    subject: Option<String>,
    /// `done`, or the word of the refusal.
    outcome: String,
    /// Where it came from: an address or a door.
    origin: Option<String>,
    /// The last event that followed, or of the stretch that was sent.
    seq: Option<u64>,
    /// The first event of the stretch that was sent, for what somebody was sent about patients.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_seq: Option<u64>,
    /// How often; more than once for refusals that were counted together.
    times: u64,
    /// The digest of the entry before it, in hexadecimal.
    prev: String,
}

impl From<AuditEntry> for EntryBody {
    fn from(entry: AuditEntry) -> Self {
        Self {
            n: entry.n,
            at: entry.at,
            actor: entry.actor.map(|actor| actor.to_string()),
            verb: entry.verb,
            subject: entry.subject,
            outcome: match entry.outcome {
                AuditOutcome::Done => "done".into(),
                AuditOutcome::Refused(word) => word,
            },
            origin: entry.origin,
            seq: entry.seq.map(|seq| seq.0),
            from_seq: entry.from_seq.map(|seq| seq.0),
            times: entry.times,
            prev: entry.prev.to_string(),
        }
    }
}

/// A page of the audit trail.
#[derive(Serialize, ToSchema)]
struct AuditAnswer {
    /// The entries, the newest first.
    audit: Vec<EntryBody>,
    /// The places of entries among them that cannot be read: `caresync-gateway doctor` says more.
    unreadable: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "administration", params(AuditQuery),
    description = "One answer looks at 20,000 entries at most: with a filter it can be short, or empty, and still have \
                   a `next_cursor`. Only an answer without one is the last.",
    responses((status = 200, description = "The trail, the newest first.", body = AuditAnswer)))]
async fn audit(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<AuditQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let limit = limit_of(query.limit)?;
    let before = query.cursor.as_deref().map(str::parse::<u64>).transpose();
    let before = before.map_err(|_| invalid("cursor", "is next_cursor of an earlier page"))?;
    let (ledger, filter) = (api.ledger.clone(), query.filter());
    let page = read(move || ledger.audit(before, &filter, limit.into())).await?;
    let answer = AuditAnswer {
        next_cursor: page.older.map(|n| n.to_string()),
        audit: page.entries.into_iter().map(EntryBody::from).collect(),
        unreadable: page.unreadable,
    };
    Ok(json_response(StatusCode::OK, &answer))
}

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JournalQuery {
    /// The events after this cursor; from the oldest one without it.
    #[param(pattern = "^[a-z0-9]{1,32}:[0-9]{1,19}$")]
    since: Option<String>,
    #[param(minimum = 1, maximum = 2000)]
    limit: Option<u16>,
}

#[utoipa::path(get, path = "/journal", operation_id = "export_journal", tag = "administration", params(JournalQuery),
    description = "Events as the journal holds them, one JSON object a line, oldest first. The header \
                   `caresync-cursor` is the `since` of the next page; a page without lines is the end.",
    responses((status = 200, description = "Events, one a line.", body = String,
        content_type = "application/x-ndjson")))]
async fn journal(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<JournalQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let limit = limit_of(query.limit)?;
    let since = query.since.as_deref().map(str::parse::<Cursor>).transpose();
    let since = since.map_err(|error| invalid("since", &error.to_string()))?;
    if since.as_ref().is_some_and(|since| since.epoch != api.ledger.epoch()) {
        return Err(invalid("since", "is of another life of the journal; begin without it"));
    }
    let ledger = api.ledger.clone();
    let events = read(move || {
        let from_start = Seq(ledger.journal_oldest()?.map_or(0, |oldest| oldest.0.saturating_sub(1)));
        ledger.feed().after(since.map_or(from_start, |since| since.seq), limit.into())
    });
    let events = events.await?.map_err(|trimmed| {
        let detail = format!("the journal begins at {}; begin without since", trimmed.oldest);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "trimmed", detail).field("since")
    })?;
    let mut lines = Vec::new();
    for event in &events {
        serde_json::to_writer(&mut lines, &**event).expect("our events serialise");
        lines.push(b'\n');
    }
    let reached = events.last().map_or_else(|| api.ledger.snapshot().seq, |event| event.seq);
    let response = ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response();
    Ok(api.with_cursor(reached, response))
}

fn limit_of(limit: Option<u16>) -> Result<u16, Problem> {
    let limit = limit.unwrap_or(LIMIT_USUAL);
    if (1..=LIMIT_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(invalid("limit", &format!("use 1 to {LIMIT_MAX}")))
}

fn invalid(field: &'static str, detail: &str) -> Problem {
    let detail = format!("{field}: {detail}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", detail).field(field)
}
