//! Rooms.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, given, id_of, no_such};
use super::document::Routes;
use super::shapes::{RoomAnswer, RoomsAnswer};
use crate::domain::catalogue::{CatalogueAsk, NewRoom, RoomEdit};
use crate::domain::command::{Ask, SetRoomStatus, StaffStatus};
use crate::domain::entity::Entity;
use crate::domain::id::{DoctorId, PatientId, RoomId, SourceId};
use crate::domain::role::Topic;
use crate::domain::room::{RoomKind, RoomStatus};
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
    vec![
        routes!(list, create),
        routes!(show, replace, edit, retire),
        routes!(set_status),
        routes!(pause),
        routes!(forget_source),
    ]
}

/// Which rooms.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    status: Option<RoomStatus>,
    #[serde(rename = "type")]
    kind: Option<RoomKind>,
    /// In use by this doctor.
    #[param(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/rooms", operation_id = "list_rooms", tag = "rooms", params(Filter),
    responses((status = 200, description = "The rooms, by id.", body = RoomsAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.rooms.values().filter(|room| {
        fits(filter.status.as_ref(), Some(&room.status()))
            && fits(filter.kind.as_ref(), Some(&room.kind))
            && fits(filter.doctor_id.as_ref(), room.current_doctor_id.as_ref())
    });
    let rooms = wanted.map(|room| (room.id.clone(), view::room(room, caller.view()))).collect();
    let page = page("rooms", rooms, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("rooms", page, &snapshot))
}

#[utoipa::path(get, path = "/rooms/{id}", operation_id = "show_room", tag = "rooms",
    responses((status = 200, description = "The room.", body = RoomAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let id: RoomId = id_of("room", &id)?;
    let room = snapshot.state.rooms.get(&id).ok_or_else(|| no_such("room", &id))?;
    Ok(api.shown(&Entity::Room(room.clone()), &caller, &snapshot))
}

/// A new room.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRoomBody {
    /// The clinic's own id; a UUIDv7 when there is none.
    #[schema(value_type = Option<Id>)]
    id: Option<RoomId>,
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    #[serde(rename = "type")]
    kind: RoomKind,
}

#[utoipa::path(post, path = "/rooms", operation_id = "create_room", tag = "rooms",
    request_body = NewRoomBody,
    responses((status = 201, description = "The room is made.", body = RoomAnswer)))]
async fn create(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<NewRoomBody>,
) -> Result<Response, Problem> {
    let NewRoomBody { id, name, kind } = body;
    let ask = CatalogueAsk::CreateRoom(NewRoom { id, name, kind });
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.created(&written, "rooms"))
}

/// What changes of a room; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoomEditBody {
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<RoomKind>,
}

#[utoipa::path(patch, path = "/rooms/{id}", operation_id = "edit_room", tag = "rooms",
    request_body = RoomEditBody,
    responses((status = 200, description = "The room as it is now.", body = RoomAnswer)))]
async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<RoomEditBody>,
) -> Result<Response, Problem> {
    let (room_id, edit) = (id_of("room", &id)?, RoomEdit { name: body.name, kind: body.kind });
    let ask = CatalogueAsk::EditRoom { room_id, edit };
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.changed(&written))
}

#[utoipa::path(put, path = "/rooms/{id}", operation_id = "put_room", tag = "rooms",
    description = "As PATCH: the seed's clients edit with PUT.",
    request_body = RoomEditBody,
    responses((status = 200, description = "The room as it is now.", body = RoomAnswer)))]
async fn replace(
    state: State<Api>,
    caller: Caller,
    id: PathId,
    write: Write<RoomEditBody>,
) -> Result<Response, Problem> {
    edit(state, caller, id, write).await
}

#[utoipa::path(delete, path = "/rooms/{id}", operation_id = "retire_room", tag = "rooms",
    description = "Takes a room out of the catalogue. Refused while a camera watches it, somebody is in it, or equipment stands in it.",
    responses((status = 204, description = "The room is not in the catalogue.")))]
async fn retire(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let ask = CatalogueAsk::RetireRoom(id_of("room", &id)?);
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.gone(&written))
}

/// What staff say of a room. Both spellings of the seed are taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoomStatusBody {
    status: StatusWord,
    #[serde(default, alias = "currentDoctorId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    current_doctor_id: Option<Option<DoctorId>>,
    #[serde(default, alias = "currentPatientId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    current_patient_id: Option<Option<PatientId>>,
    #[serde(default, alias = "estimatedAvailableAt", deserialize_with = "given")]
    #[schema(value_type = Option<Time>)]
    estimated_available_at: Option<Option<Timestamp>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StaffStatus)]
enum StatusWord {
    Available,
    Occupied,
    NeedsCleaning,
    Maintenance,
}

impl From<StatusWord> for StaffStatus {
    fn from(word: StatusWord) -> Self {
        match word {
            StatusWord::Available => StaffStatus::Available,
            StatusWord::Occupied => StaffStatus::Occupied,
            StatusWord::NeedsCleaning => StaffStatus::NeedsCleaning,
            StatusWord::Maintenance => StaffStatus::Maintenance,
        }
    }
}

#[utoipa::path(put, path = "/rooms/{id}/status", operation_id = "set_room_status", tag = "rooms",
    request_body = RoomStatusBody,
    responses((status = 200, description = "The room as it is now.", body = RoomAnswer)))]
async fn set_status(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<RoomStatusBody>,
) -> Result<Response, Problem> {
    let set = SetRoomStatus {
        room_id: id_of("room", &id)?,
        status: body.status.into(),
        current_doctor_id: body.current_doctor_id,
        current_patient_id: body.current_patient_id,
        estimated_available_at: body.estimated_available_at,
    };
    let written = api.write(caller, terms, Ask::SetRoomStatus(set)).await?;
    Ok(api.changed(&written))
}

/// A source that will not report any more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ForgetBody {
    #[schema(value_type = Id)]
    source: SourceId,
}

#[utoipa::path(post, path = "/rooms/{id}/forget-source", operation_id = "forget_source", tag = "rooms",
    description = "Forgets what a source said last, such as a vision system that was taken away.",
    request_body = ForgetBody,
    responses((status = 200, description = "The room as it is now.", body = RoomAnswer)))]
async fn forget_source(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<ForgetBody>,
) -> Result<Response, Problem> {
    let ask = Ask::ForgetSource { room_id: id_of("room", &id)?, source: body.source };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}

/// Whether sensing rests, for privacy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SensingBody {
    paused: bool,
}

#[utoipa::path(put, path = "/rooms/{id}/sensing", operation_id = "pause_sensing", tag = "rooms",
    request_body = SensingBody,
    responses((status = 200, description = "The room as it is now.", body = RoomAnswer)))]
async fn pause(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<SensingBody>,
) -> Result<Response, Problem> {
    let ask = Ask::PauseSensing { room_id: id_of("room", &id)?, paused: body.paused };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}
