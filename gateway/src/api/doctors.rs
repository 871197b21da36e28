//! Doctors.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, given, id_of, no_such};
use super::document::Routes;
use super::shapes::{DoctorAnswer, DoctorsAnswer};
use crate::domain::catalogue::{CatalogueAsk, DoctorEdit, NewDoctor};
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::DoctorId;
use crate::domain::role::Topic;
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::Id;
use crate::wire::terms::{BareWrite, Write};
use crate::wire::view;

/// The routes, below `/api` and `/api/facility`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(show, replace, edit, retire)]
}

/// Which doctors.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    specialty: Option<String>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/doctors", operation_id = "list_doctors", tag = "doctors", params(Filter),
    responses((status = 200, description = "The doctors, by id.", body = DoctorsAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.doctors.values();
    let wanted = wanted.filter(|it| fits(filter.specialty.as_ref(), it.specialty.as_ref()));
    let doctors = wanted.map(|it| (it.id.clone(), view::doctor(it, caller.view()))).collect();
    let page = page("doctors", doctors, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("doctors", page, &snapshot))
}

#[utoipa::path(get, path = "/doctors/{id}", operation_id = "show_doctor", tag = "doctors",
    responses((status = 200, description = "The doctor.", body = DoctorAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let id: DoctorId = id_of("doctor", &id)?;
    let doctor = snapshot.state.doctors.get(&id).ok_or_else(|| no_such("doctor", &id))?;
    Ok(api.shown(&Entity::Doctor(doctor.clone()), &caller, &snapshot))
}

/// A new doctor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDoctorBody {
    /// The clinic's own id; a UUIDv7 when there is none.
    #[schema(value_type = Option<Id>)]
    id: Option<DoctorId>,
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    #[schema(min_length = 1, max_length = 128)]
    specialty: Option<String>,
}

#[utoipa::path(post, path = "/doctors", operation_id = "create_doctor", tag = "doctors",
    request_body = NewDoctorBody,
    responses((status = 201, description = "The doctor is taken in.", body = DoctorAnswer)))]
async fn create(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<NewDoctorBody>,
) -> Result<Response, Problem> {
    let NewDoctorBody { id, name, specialty } = body;
    let ask = CatalogueAsk::CreateDoctor(NewDoctor { id, name, specialty });
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.created(&written, "doctors"))
}

/// What changes of a doctor; what is absent stays, `null` empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoctorEditBody {
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    specialty: Option<Option<String>>,
}

#[utoipa::path(patch, path = "/doctors/{id}", operation_id = "edit_doctor", tag = "doctors",
    request_body = DoctorEditBody,
    responses((status = 200, description = "The doctor as known now.", body = DoctorAnswer)))]
async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<DoctorEditBody>,
) -> Result<Response, Problem> {
    let edit = DoctorEdit { name: body.name, specialty: body.specialty };
    let ask = CatalogueAsk::EditDoctor { doctor_id: id_of("doctor", &id)?, edit };
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.changed(&written))
}

#[utoipa::path(put, path = "/doctors/{id}", operation_id = "put_doctor", tag = "doctors",
    description = "As PATCH: the seed's clients edit with PUT.",
    request_body = DoctorEditBody,
    responses((status = 200, description = "The doctor as known now.", body = DoctorAnswer)))]
async fn replace(
    state: State<Api>,
    caller: Caller,
    id: PathId,
    write: Write<DoctorEditBody>,
) -> Result<Response, Problem> {
    edit(state, caller, id, write).await
}

#[utoipa::path(delete, path = "/doctors/{id}", operation_id = "retire_doctor", tag = "doctors",
    description = "Takes a doctor out of the catalogue. Refused while a room is in use by the doctor, or an account is the doctor or works for it.",
    responses((status = 204, description = "The doctor is not in the catalogue.")))]
async fn retire(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let ask = CatalogueAsk::RetireDoctor(id_of("doctor", &id)?);
    let written = api.write(caller, terms, Ask::Catalogue(ask)).await?;
    Ok(api.gone(&written))
}
