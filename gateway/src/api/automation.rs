//! Automation: how far sensors may act by themselves, who set it so, and the way back.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use crate::domain::automation::{Automation, AutomationLevels, Level, RoomLevels};
use crate::domain::command::Ask;
use crate::domain::id::RoomId;
use crate::domain::role::Topic;
use crate::domain::state::State as Clinic;
use crate::domain::time::Timestamp;
use crate::ledger::Snapshot;
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
    Ok(answer(&api, &api.ledger.snapshot()))
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

impl SetBody {
    /// The levels of `clinic` with what this changes.
    fn onto(self, clinic: &Clinic) -> AutomationLevels {
        let mut levels = clinic.automation_levels().clone();
        levels.occupancy = self.occupancy.unwrap_or(levels.occupancy);
        levels.turnover = self.turnover.unwrap_or(levels.turnover);
        levels.equipment = self.equipment.unwrap_or(levels.equipment);
        for (room, own) in self.rooms {
            match own {
                None => drop(levels.rooms.remove(&room)),
                Some(RoomLevelsBody { occupancy, turnover, equipment }) => {
                    levels.rooms.insert(room, RoomLevels { occupancy, turnover, equipment });
                }
            }
        }
        levels
    }
}

#[utoipa::path(put, path = "/automation", operation_id = "set_automation", tag = "automation", request_body = SetBody,
    responses((status = 200, description = "The setting that holds now.", body = AutomationAnswer)))]
async fn set(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<SetBody>,
) -> Result<Response, Problem> {
    let levels = body.onto(&api.ledger.snapshot().state);
    let command = api.command(caller.to_write()?, Ask::SetAutomation(levels));
    let receipt = api.ledger.submit_with(command, terms).await?;
    Ok(answer(&api, &receipt.snapshot))
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
    let receipt = api.ledger.submit_with(api.command(caller.to_write()?, ask), terms).await?;
    Ok(answer(&api, &receipt.snapshot))
}

fn answer(api: &Api, snapshot: &Snapshot) -> Response {
    let clinic = &snapshot.state;
    let history: Vec<AutomationBody> =
        clinic.automations.values().rev().map(|setting| (&**setting).into()).collect();
    let automation = clinic.automation().map_or_else(|| unset(clinic), AutomationBody::from);
    let response = json_response(StatusCode::OK, &AutomationAnswer { automation, history });
    api.with_cursor(snapshot.seq, response)
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
