//! Bound devices: plugs, presence sensors, doors, buttons, thermometers, and how they do.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, id_of, no_such};
use super::document::Routes;
use super::shapes::{DeviceAnswer, DevicesAnswer};
use crate::domain::bound_device::DeviceHealth;
use crate::domain::entity::Entity;
use crate::domain::id::DeviceId;
use crate::domain::role::Topic;
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::view;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list), routes!(show)]
}

/// Which devices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    #[param(inline)]
    health: Option<DeviceHealth>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/devices", operation_id = "list_devices", tag = "devices", params(Filter),
    responses((status = 200, description = "The devices that are bound, by id.", body = DevicesAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = api.ledger.snapshot();
    let devices = snapshot.state.devices.values();
    let wanted = devices.filter(|device| fits(filter.health.as_ref(), Some(&device.health)));
    let shown = wanted.map(|device| (device.id.clone(), view::device(device, caller.view()))).collect();
    let page = page("devices", shown, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("devices", page, &snapshot))
}

#[utoipa::path(get, path = "/devices/{id}", operation_id = "show_device", tag = "devices",
    responses((status = 200, description = "The device.", body = DeviceAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    let snapshot = api.ledger.snapshot();
    let id: DeviceId = id_of("device", &id)?;
    let device = snapshot.state.devices.get(&id).ok_or_else(|| no_such("device", &id))?;
    Ok(api.shown(&Entity::Device(device.clone()), &caller, &snapshot))
}
