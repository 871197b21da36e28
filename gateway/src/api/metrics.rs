//! Utilisation of rooms, and what the days came to.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use super::Api;
use crate::domain::analytics;
use crate::domain::rejection::Rejection;
use crate::domain::role::Topic;
use crate::ledger::Snapshot;
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::problem::Problem;

/// The most days that one answer shows.
const TREND_DAYS_MAX: usize = 30;

/// `GET /api/utilization`
pub(super) async fn utilization(
    State(api): State<Api>,
    caller: Caller,
    query: Result<Query<NoQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    taken(query)?;
    let snapshot = api.ledger.snapshot();
    let report = analytics::utilization(&snapshot.state, now(&api, &snapshot));
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &report)))
}

/// No query parameter is known here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// Which day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DailyQuery {
    date: Option<String>,
}

/// `GET /api/metrics/daily`
pub(super) async fn daily(
    State(api): State<Api>,
    caller: Caller,
    query: Result<Query<DailyQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let date = taken(query)?.date.map(|text| date_of(&text)).transpose()?;
    let snapshot = api.ledger.snapshot();
    let report = analytics::day(&snapshot.state, date, now(&api, &snapshot));
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &json!({ "metrics": report }))))
}

/// How many days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrendsQuery {
    #[serde(default = "a_week")]
    days: usize,
}

fn a_week() -> usize {
    7
}

/// `GET /api/metrics/trends`
pub(super) async fn trends(
    State(api): State<Api>,
    caller: Caller,
    query: Result<Query<TrendsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let days = taken(query)?.days;
    if !(1..=TREND_DAYS_MAX).contains(&days) {
        let reason = format!("is {days}; it can be 1 to {TREND_DAYS_MAX}");
        return Err(Rejection::invalid("days", reason).into());
    }
    let snapshot = api.ledger.snapshot();
    let report = analytics::trends(&snapshot.state, days, now(&api, &snapshot));
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &json!({ "trends": report }))))
}

/// The clock may be behind its own newest event for a moment; the answer never is.
fn now(api: &Api, snapshot: &Snapshot) -> crate::domain::time::Timestamp {
    api.ledger.now().max(snapshot.at)
}

fn taken<T>(query: Result<Query<T>, axum::extract::rejection::QueryRejection>) -> Result<T, Problem> {
    let Query(taken) = query.map_err(|refusal| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", refusal.body_text())
    })?;
    Ok(taken)
}

fn date_of(text: &str) -> Result<Date, Problem> {
    // Strictly a date: jiff would also take the date out of a whole timestamp.
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| Rejection::invalid("date", "is not a date such as 2026-02-06").into())
}
