//! Automation: how far sensors may act by themselves, who set it so, and the way back.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::answer::with_revision;
use super::document::Routes;
use crate::domain::automation::{Automation, AutomationEdit, AutomationLevels, Level, RoomLevels};
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::RoomId;
use crate::domain::rejection::Rejection;
use crate::domain::role::Topic;
use crate::domain::state::State as Clinic;
use crate::domain::time::Timestamp;
use crate::ledger::{Snapshot, SubmitError, Terms};
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::problem::Problem;
use crate::wire::schema::Time;
use crate::wire::terms::Write;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(show, set), routes!(revert)]
}

/// One setting: the levels, who set them, and when.
#[derive(Serialize, ToSchema)]
#[schema(as = Automation)]
struct AutomationBody {
    /// Counts the settings; 0 before the first one.
    revision: u64,
    occupancy: Level,
    turnover: Level,
    equipment: Level,
    /// Rooms whose levels differ from the clinic's.
    #[schema(value_type = BTreeMap<String, RoomLevelsBody>)]
    rooms: BTreeMap<RoomId, RoomLevelsBody>,
    set_by: Option<String>,
    #[schema(value_type = Option<Time>)]
    set_at: Option<Timestamp>,
    /// The revision whose levels this one took over again.
    reverted_to: Option<u64>,
}

/// The levels of one room; what is not said goes by the clinic's.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoomLevels)]
struct RoomLevelsBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    occupancy: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turnover: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    equipment: Option<Level>,
}

/// The setting that holds, and the ones before it.
#[derive(Serialize, ToSchema)]
struct AutomationAnswer {
    automation: AutomationBody,
    /// Every setting that is kept, the newest first.
    history: Vec<AutomationBody>,
}

#[utoipa::path(get, path = "/automation", operation_id = "show_automation", tag = "automation",
    responses((status = 200, description = "The setting that holds, and its history.", body = AutomationAnswer)))]
async fn show(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = api.ledger.snapshot();
    Ok(answer(&api, snapshot.state.automation(), &snapshot))
}

/// What changes. A level that is not said stays; `null` for a room ends what differs there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetBody {
    #[serde(default)]
    occupancy: Option<Level>,
    #[serde(default)]
    turnover: Option<Level>,
    #[serde(default)]
    equipment: Option<Level>,
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, RoomLevelsBody>)]
    rooms: BTreeMap<RoomId, Option<RoomLevelsBody>>,
}

impl From<SetBody> for AutomationEdit {
    fn from(body: SetBody) -> Self {
        let SetBody { occupancy, turnover, equipment, rooms } = body;
        let own =
            |RoomLevelsBody { occupancy, turnover, equipment }| RoomLevels { occupancy, turnover, equipment };
        let rooms = rooms.into_iter().map(|(room, levels)| (room, levels.map(own))).collect();
        Self { occupancy, turnover, equipment, rooms }
    }
}

#[utoipa::path(put, path = "/automation", operation_id = "set_automation", tag = "automation", request_body = SetBody,
    responses((status = 200, description = "The setting that holds now.", body = AutomationAnswer)))]
async fn set(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<SetBody>,
) -> Result<Response, Problem> {
    write(&api, caller, terms, Ask::SetAutomation(body.into())).await
}

/// Which setting to go back to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevertBody {
    #[serde(alias = "toRevision")]
    to_revision: u64,
}

#[utoipa::path(post, path = "/automation/revert", operation_id = "revert_automation", tag = "automation",
    description = "Takes the levels of an earlier setting; that makes a new one.", request_body = RevertBody,
    responses((status = 200, description = "The setting that holds now.", body = AutomationAnswer)))]
async fn revert(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<RevertBody>,
) -> Result<Response, Problem> {
    let ask = Ask::RevertAutomation { to_revision: body.to_revision };
    write(&api, caller, terms, ask).await
}

/// Submits `ask`, and shows the setting that holds right after it.
async fn write(api: &Api, caller: Caller, terms: Terms, ask: Ask) -> Result<Response, Problem> {
    let command = api.command(caller.to_write()?, ask);
    let receipt = api.ledger.submit_with(command, terms).await.map_err(refusal)?;
    let set = match &receipt.subject {
        Some(Entity::Automation(set)) => Some(&**set),
        _ => None,
    };
    Ok(answer(api, set, &receipt.snapshot))
}

/// A stale edit is shown the setting that holds now. Levels say nothing about anybody: each view shows all of it.
fn refusal(error: SubmitError) -> Problem {
    let current = match &error {
        SubmitError::Rejected(Rejection::Stale { current }) => match &**current {
            Entity::Automation(setting) => Some(json!(AutomationBody::from(&**setting))),
            _ => None,
        },
        _ => None,
    };
    let problem = Problem::from(error);
    match current {
        Some(shown) => problem.current(shown),
        None => problem,
    }
}

/// `set` and the settings that are kept; its revision is the ETag.
fn answer(api: &Api, set: Option<&Automation>, snapshot: &Snapshot) -> Response {
    let clinic = &snapshot.state;
    let history: Vec<AutomationBody> =
        clinic.automations.values().rev().map(|setting| (&**setting).into()).collect();
    let automation = set.map_or_else(|| unset(clinic), AutomationBody::from);
    let revision = automation.revision;
    let response = json_response(StatusCode::OK, &AutomationAnswer { automation, history });
    api.with_cursor(snapshot.seq, with_revision(revision, response))
}

/// The levels that hold while nobody has set any.
fn unset(clinic: &Clinic) -> AutomationBody {
    let AutomationLevels { occupancy, turnover, equipment, .. } = clinic.automation_levels();
    let (occupancy, turnover, equipment) = (*occupancy, *turnover, *equipment);
    let (rooms, set_by, set_at, reverted_to) = (BTreeMap::new(), None, None, None);
    AutomationBody { revision: 0, occupancy, turnover, equipment, rooms, set_by, set_at, reverted_to }
}

impl From<&Automation> for AutomationBody {
    fn from(setting: &Automation) -> Self {
        let AutomationLevels { occupancy, turnover, equipment, rooms } = &setting.levels;
        let own = |levels: &RoomLevels| RoomLevelsBody {
            occupancy: levels.occupancy,
            turnover: levels.turnover,
            equipment: levels.equipment,
        };
        Self {
            revision: setting.revision,
            occupancy: *occupancy,
            turnover: *turnover,
            equipment: *equipment,
            rooms: rooms.iter().map(|(room, levels)| (room.clone(), own(levels))).collect(),
            set_by: Some(setting.set_by.to_string()),
            set_at: Some(setting.set_at),
            reverted_to: setting.reverted_to,
        }
    }
}
