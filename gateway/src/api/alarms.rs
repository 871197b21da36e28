//! Technical alarms.

use std::cmp::Reverse;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, id_of, no_such};
use super::document::Routes;
use super::shapes::{AlarmAnswer, AlarmsAnswer};
use crate::domain::alarm::AlarmCause;
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::AlarmId;
use crate::domain::role::Topic;
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::terms::BareWrite;
use crate::wire::view;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list), routes!(show), routes!(acknowledge)]
}

/// Which alarms.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// True for those that stand, false for those that are over.
    standing: Option<bool>,
    acknowledged: Option<bool>,
    #[param(inline)]
    cause: Option<AlarmCause>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/alarms", operation_id = "list_alarms", tag = "alarms", params(Filter),
    responses((status = 200, description = "The alarms, the newest first.", body = AlarmsAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.alarms.values().filter(|alarm| {
        fits(filter.standing.as_ref(), Some(&alarm.is_standing()))
            && fits(filter.acknowledged.as_ref(), Some(&alarm.acknowledged_by.is_some()))
            && fits(filter.cause.as_ref(), Some(&alarm.notice.cause))
    });
    let shown = wanted
        .map(|alarm| (Reverse((alarm.raised_at, alarm.id.clone())), view::alarm(alarm, caller.view())))
        .collect();
    let page = page("alarms", shown, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("alarms", page, &snapshot))
}

#[utoipa::path(get, path = "/alarms/{id}", operation_id = "show_alarm", tag = "alarms",
    responses((status = 200, description = "The alarm.", body = AlarmAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = api.ledger.snapshot();
    let id: AlarmId = id_of("alarm", &id)?;
    let alarm = snapshot.state.alarms.get(&id).ok_or_else(|| no_such("alarm", &id))?;
    Ok(api.shown(&Entity::Alarm(alarm.clone()), &caller, &snapshot))
}

#[utoipa::path(post, path = "/alarms/{id}/acknowledge", operation_id = "acknowledge_alarm", tag = "alarms",
    description = "Says that somebody has seen the alarm. The first one stays named.",
    responses((status = 200, description = "The alarm as it is now.", body = AlarmAnswer)))]
async fn acknowledge(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let ask = Ask::AcknowledgeAlarm(id_of("alarm", &id)?);
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}
