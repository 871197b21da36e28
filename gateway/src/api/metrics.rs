//! Utilisation of rooms, and what the days came to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use super::shapes::{DailyAnswer, TrendsAnswer};
use crate::domain::analytics::{self, Utilization};
use crate::domain::rejection::Rejection;
use crate::domain::role::Topic;
use crate::ledger::Snapshot;
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::page::QueryOf;
use crate::wire::problem::Problem;

/// The most days that one answer shows.
const TREND_DAYS_MAX: usize = 30;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(utilization), routes!(daily), routes!(trends)]
}

/// The route of utilisation, below `/api/facility` too.
pub(super) fn facility_routes() -> Routes {
    vec![routes!(utilization)]
}

#[utoipa::path(get, path = "/utilization", operation_id = "show_utilization", tag = "metrics",
    responses((status = 200, description = "How much each room was used; docs/utilization.md defines each number.", body = Utilization)))]
pub(super) async fn utilization(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(NoQuery {}): QueryOf<NoQuery>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let snapshot = api.ledger.snapshot();
    let report = analytics::utilization(&snapshot.state, now(&api, &snapshot));
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &report)))
}

/// No query parameter is known here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// Which day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DailyQuery {
    /// A day on the clinic's wall, such as 2026-02-06; today when there is none.
    #[param(format = Date)]
    date: Option<String>,
}

#[utoipa::path(get, path = "/metrics/daily", operation_id = "show_day", tag = "metrics", params(DailyQuery),
    responses((status = 200, description = "What the day came to.", body = DailyAnswer)))]
pub(super) async fn daily(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<DailyQuery>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let date = query.date.map(|text| date_of(&text)).transpose()?;
    let snapshot = api.ledger.snapshot();
    let report = analytics::day(&snapshot.state, date, now(&api, &snapshot));
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &json!({ "metrics": report }))))
}

/// How many days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrendsQuery {
    #[param(minimum = 1, maximum = 30)]
    #[serde(default = "a_week")]
    days: usize,
}

fn a_week() -> usize {
    7
}

#[utoipa::path(get, path = "/metrics/trends", operation_id = "show_trends", tag = "metrics", params(TrendsQuery),
    responses((status = 200, description = "What the last days came to.", body = TrendsAnswer)))]
pub(super) async fn trends(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<TrendsQuery>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Metrics)?;
    let days = query.days;
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

fn date_of(text: &str) -> Result<Date, Problem> {
    // Strictly a date: jiff would also take the date out of a whole timestamp.
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    date.ok_or_else(|| Rejection::invalid("date", "is not a date such as 2026-02-06").into())
}
