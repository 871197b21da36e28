//! The whole clinic at a glance.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use crate::domain::role::Topic;
use crate::domain::state::State as Clinic;
use crate::domain::time::Timestamp;
use crate::domain::visit::{self, VisitCounts};
use crate::wire::caller::Caller;
use crate::wire::cursor::Cursor;
use crate::wire::json::json_response;
use crate::wire::problem::Problem;
use crate::wire::schema::Time;

/// The routes, below `/api/facility`.
pub(super) fn routes() -> Routes {
    vec![routes!(status)]
}

/// So many things of each word, and in all. A word without things is left out.
#[derive(Default, Serialize, ToSchema)]
struct Counts {
    total: usize,
    by_status: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by_type: Option<BTreeMap<String, usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by_urgency: Option<BTreeMap<String, usize>>,
}

/// Patients of whom somebody said that they came, and not yet that they left.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the domain counts, and is never built")]
struct PatientCounts {
    waiting: usize,
    in_examination: usize,
    in_treatment: usize,
    checking_out: usize,
}

/// The clinic's hours.
#[derive(Serialize, ToSchema)]
struct Hours {
    open_now: bool,
    /// When it next opens or closes; `null` when it does not within a year.
    #[schema(value_type = Option<Time>)]
    next_change: Option<Timestamp>,
}

/// The whole clinic at a glance.
#[derive(Serialize, ToSchema)]
pub(super) struct FacilityStatus {
    rooms: Counts,
    equipment: Counts,
    actions: Counts,
    tasks: Counts,
    #[schema(value_type = PatientCounts)]
    patients: VisitCounts,
    hours: Hours,
    /// Technical alarms that stand.
    alarms_standing: usize,
    /// When a fact of a room or of equipment last changed; `null` in an empty clinic.
    #[schema(value_type = Option<Time>)]
    last_updated: Option<Timestamp>,
    /// The place in the journal that these numbers hold for.
    cursor: String,
}

#[utoipa::path(get, path = "/status", operation_id = "show_facility_status", tag = "facility",
    description = "Counts of everything. Urgencies are counted among open action items alone.",
    responses((status = 200, description = "The clinic at a glance.", body = FacilityStatus)))]
async fn status(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    for topic in [Topic::Facility, Topic::Actions, Topic::Tasks] {
        caller.hears(topic)?;
    }
    let snapshot = api.ledger.snapshot();
    let clinic = &snapshot.state;
    let cursor = Cursor { epoch: api.ledger.epoch().into(), seq: snapshot.seq };
    let updated = clinic.rooms.values().map(|room| room.last_updated);
    let updated = updated.chain(clinic.equipment.values().map(|it| it.last_updated));
    let body = FacilityStatus {
        rooms: rooms(clinic),
        equipment: counted(clinic.equipment.values().map(|it| word(&it.status))),
        actions: actions(clinic),
        tasks: counted(clinic.tasks.values().map(|task| word(&task.status))),
        patients: visit::counts(clinic),
        hours: hours(clinic, api.ledger.now().max(snapshot.at)),
        alarms_standing: clinic.alarms.values().filter(|alarm| alarm.is_standing()).count(),
        last_updated: updated.max(),
        cursor: cursor.to_string(),
    };
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &body)))
}

fn rooms(clinic: &Clinic) -> Counts {
    let by_type = counted(clinic.rooms.values().map(|room| word(&room.kind))).by_status;
    Counts { by_type: Some(by_type), ..counted(clinic.rooms.values().map(|room| word(&room.status()))) }
}

fn actions(clinic: &Clinic) -> Counts {
    let open = clinic.actions.values().filter(|item| item.completed_at.is_none());
    let by_urgency = counted(open.map(|item| word(&item.draft.urgency))).by_status;
    Counts { by_urgency: Some(by_urgency), ..counted(clinic.actions.values().map(|item| word(&item.status))) }
}

fn hours(clinic: &Clinic, now: Timestamp) -> Hours {
    let calendar = &clinic.rules().calendar;
    Hours { open_now: calendar.is_open(now), next_change: calendar.next_change(now) }
}

fn counted(words: impl Iterator<Item = String>) -> Counts {
    let mut counts = Counts::default();
    for word in words {
        counts.total += 1;
        *counts.by_status.entry(word).or_default() += 1;
    }
    counts
}

/// One of our words, as the wire spells it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("our words serialise as words"),
    }
}
