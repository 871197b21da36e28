//! Equipment.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, given, id_of, no_such};
use super::document::Routes;
use super::shapes::{EquipmentAnswer, EquipmentListAnswer};
use crate::domain::catalogue::{CatalogueAsk, EquipmentEdit, NewEquipment};
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::equipment::{EquipmentStatus, Profile};
use crate::domain::id::{EquipmentId, RoomId};
use crate::domain::role::Topic;
use crate::domain::time::Timestamp;
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, Time};
use crate::wire::terms::{BareWrite, Write};
use crate::wire::view;

/// The routes, below `/api` and `/api/facility`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(show, replace, edit, retire), routes!(set_status), routes!(maintain)]
}

/// Which equipment.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    status: Option<EquipmentStatus>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// What stands in this room.
    #[param(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/equipment", operation_id = "list_equipment", tag = "equipment", params(Filter),
    responses((status = 200, description = "The equipment, by id.", body = EquipmentListAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.equipment.values().filter(|it| {
        fits(filter.status.as_ref(), Some(&it.status))
            && fits(filter.kind.as_ref(), Some(&it.kind))
            && fits(filter.room_id.as_ref(), it.room_id.as_ref())
    });
    let equipment = wanted.map(|it| (it.id.clone(), view::equipment(it, caller.view()))).collect();
    let page = page("equipment", equipment, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("equipment", page, &snapshot))
}

#[utoipa::path(get, path = "/equipment/{id}", operation_id = "show_equipment", tag = "equipment",
    responses((status = 200, description = "The piece of equipment.", body = EquipmentAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let id: EquipmentId = id_of("equipment", &id)?;
    let equipment = snapshot.state.equipment.get(&id).ok_or_else(|| no_such("equipment", &id))?;
    Ok(api.shown(&Entity::Equipment(equipment.clone()), &caller, &snapshot))
}

/// A new piece of equipment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEquipmentBody {
    /// The clinic's own id; a UUIDv7 when there is none.
    #[schema(value_type = Option<Id>)]
    id: Option<EquipmentId>,
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// What it is, in the clinic's words.
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 128)]
    kind: String,
    #[serde(alias = "roomId")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    profile: Option<Profile>,
    #[serde(alias = "lastMaintenanceDate")]
    #[schema(value_type = Option<Time>)]
    last_maintenance_date: Option<Timestamp>,
    #[serde(alias = "nextMaintenanceDate")]
    #[schema(value_type = Option<Time>)]
    next_maintenance_date: Option<Timestamp>,
}

#[utoipa::path(post, path = "/equipment", operation_id = "create_equipment", tag = "equipment",
    request_body = NewEquipmentBody,
    responses((status = 201, description = "The piece is made.", body = EquipmentAnswer)))]
async fn create(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<NewEquipmentBody>,
) -> Result<Response, Problem> {
    let new = NewEquipment {
        id: body.id,
        name: body.name,
        kind: body.kind,
        room_id: body.room_id,
        profile: body.profile,
        last_maintenance_date: body.last_maintenance_date,
        next_maintenance_date: body.next_maintenance_date,
    };
    let ask = Ask::Catalogue(CatalogueAsk::CreateEquipment(new));
    let written = api.write(caller, terms, ask).await?;
    Ok(api.created(&written, "equipment"))
}

/// What changes of a piece of equipment; what is absent stays, `null` empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EquipmentEditBody {
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 128)]
    kind: Option<String>,
    #[serde(default, alias = "roomId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<Option<RoomId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Profile>)]
    profile: Option<Option<Profile>>,
    #[serde(default, alias = "lastMaintenanceDate", deserialize_with = "given")]
    #[schema(value_type = Option<Time>)]
    last_maintenance_date: Option<Option<Timestamp>>,
    #[serde(default, alias = "nextMaintenanceDate", deserialize_with = "given")]
    #[schema(value_type = Option<Time>)]
    next_maintenance_date: Option<Option<Timestamp>>,
}

#[utoipa::path(patch, path = "/equipment/{id}", operation_id = "edit_equipment", tag = "equipment",
    request_body = EquipmentEditBody,
    responses((status = 200, description = "The piece as it is now.", body = EquipmentAnswer)))]
async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<EquipmentEditBody>,
) -> Result<Response, Problem> {
    let edit = EquipmentEdit {
        name: body.name,
        kind: body.kind,
        room_id: body.room_id,
        profile: body.profile,
        last_maintenance_date: body.last_maintenance_date,
        next_maintenance_date: body.next_maintenance_date,
    };
    let ask = CatalogueAsk::EditEquipment { equipment_id: id_of("equipment", &id)?, edit };
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.changed(&written))
}

#[utoipa::path(put, path = "/equipment/{id}", operation_id = "put_equipment", tag = "equipment",
    description = "As PATCH: the seed's clients edit with PUT.",
    request_body = EquipmentEditBody,
    responses((status = 200, description = "The piece as it is now.", body = EquipmentAnswer)))]
async fn replace(
    state: State<Api>,
    caller: Caller,
    id: PathId,
    write: Write<EquipmentEditBody>,
) -> Result<Response, Problem> {
    edit(state, caller, id, write).await
}

#[utoipa::path(delete, path = "/equipment/{id}", operation_id = "retire_equipment", tag = "equipment",
    description = "Takes a piece of equipment out of the catalogue. Refused while it is in use.",
    responses((status = 204, description = "The piece is not in the catalogue.")))]
async fn retire(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let ask = CatalogueAsk::RetireEquipment(id_of("equipment", &id)?);
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.gone(&written))
}

/// How a piece of equipment does.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EquipmentStatusBody {
    status: EquipmentStatus,
}

#[utoipa::path(put, path = "/equipment/{id}/status", operation_id = "set_equipment_status", tag = "equipment",
    request_body = EquipmentStatusBody,
    responses((status = 200, description = "The piece as it is now.", body = EquipmentAnswer)))]
async fn set_status(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<EquipmentStatusBody>,
) -> Result<Response, Problem> {
    let ask = Ask::SetEquipmentStatus { equipment_id: id_of("equipment", &id)?, status: body.status };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}

/// What was done to a piece of equipment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MaintenanceBody {
    #[schema(min_length = 1, max_length = 512)]
    text: String,
    /// When it is to be maintained next; a date that is still to come stays when there is none.
    #[serde(alias = "nextDue")]
    #[schema(value_type = Option<Time>)]
    next_due: Option<Timestamp>,
}

#[utoipa::path(post, path = "/equipment/{id}/maintenance", operation_id = "log_maintenance", tag = "equipment",
    request_body = MaintenanceBody,
    responses((status = 200, description = "The piece with the entry in its log.", body = EquipmentAnswer)))]
async fn maintain(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<MaintenanceBody>,
) -> Result<Response, Problem> {
    let MaintenanceBody { text, next_due } = body;
    let ask = Ask::LogMaintenance { equipment_id: id_of("equipment", &id)?, text, next_due };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}
