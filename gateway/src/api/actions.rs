//! Action items.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::{fits, given, id_of, no_such};
use super::document::Routes;
use super::shapes::{ActionAnswer, ActionsAnswer};
use crate::domain::action::{ActionDraft, ActionEdit, ActionKind, ActionStatus, Urgency};
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::{ActionId, DoctorId, EquipmentId, RoomId, UserId};
use crate::domain::role::Topic;
use crate::wire::caller::Caller;
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, Json};
use crate::wire::terms::{BareWrite, Write};
use crate::wire::view;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(show, replace, edit, delete)]
}

/// Which action items.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    status: Option<ActionStatus>,
    #[serde(rename = "type")]
    kind: Option<ActionKind>,
    urgency: Option<Urgency>,
    /// Taken by this user.
    #[serde(alias = "assignedTo")]
    #[param(value_type = Option<Id>)]
    assigned_to: Option<UserId>,
    #[serde(alias = "doctorId")]
    #[param(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[serde(alias = "roomId")]
    #[param(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[serde(alias = "equipmentId")]
    #[param(value_type = Option<Id>)]
    equipment_id: Option<EquipmentId>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/actions", operation_id = "list_actions", tag = "actions", params(Filter),
    responses((status = 200, description = "The action items: open ones first, of these urgent ones first, then the oldest.", body = ActionsAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Actions)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.actions.values().filter(|item| {
        fits(filter.status.as_ref(), Some(&item.status))
            && fits(filter.kind.as_ref(), Some(&item.draft.kind))
            && fits(filter.urgency.as_ref(), Some(&item.draft.urgency))
            && fits(filter.assigned_to.as_ref(), item.assigned_to.as_ref())
            && fits(filter.doctor_id.as_ref(), item.draft.doctor_id.as_ref())
            && fits(filter.room_id.as_ref(), item.draft.room_id.as_ref())
            && fits(filter.equipment_id.as_ref(), item.draft.equipment_id.as_ref())
    });
    let (view, now) = (caller.view(), api.ledger.now().max(snapshot.at));
    let shown = wanted.map(|item| {
        let is_done = item.status == ActionStatus::Completed;
        let place = (is_done, item.draft.urgency, item.created_at, item.id.clone());
        (place, view::waiting_action(item, view, now))
    });
    let page = page("actions", shown.collect(), filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("actions", page, &snapshot))
}

#[utoipa::path(get, path = "/actions/{id}", operation_id = "show_action", tag = "actions",
    responses((status = 200, description = "The action item.", body = ActionAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::Actions)?;
    let snapshot = api.ledger.snapshot();
    let id: ActionId = id_of("action item", &id)?;
    let item = snapshot.state.actions.get(&id).ok_or_else(|| no_such("action item", &id))?;
    Ok(api.shown(&Entity::Action(item.clone()), &caller, &snapshot))
}

/// A new action item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewActionBody {
    #[serde(rename = "type", default = "by_hand")]
    kind: ActionKind,
    #[serde(default = "not_urgent")]
    urgency: Urgency,
    #[schema(min_length = 1, max_length = 2048)]
    title: String,
    #[schema(min_length = 1, max_length = 2048)]
    description: String,
    /// What the author knows, as JSON of at most 4 KiB.
    #[serde(default)]
    #[schema(value_type = Json)]
    context: Map<String, Value>,
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: Option<String>,
    #[serde(default, alias = "suggestedActions")]
    #[schema(max_items = 16)]
    suggested_actions: Vec<String>,
    #[serde(alias = "doctorId")]
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[serde(alias = "roomId")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[serde(alias = "equipmentId")]
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<EquipmentId>,
}

fn by_hand() -> ActionKind {
    ActionKind::Manual
}

pub(super) fn not_urgent() -> Urgency {
    Urgency::Normal
}

#[utoipa::path(post, path = "/actions", operation_id = "create_action", tag = "actions",
    request_body = NewActionBody,
    responses((status = 201, description = "The item is written.", body = ActionAnswer)))]
async fn create(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<NewActionBody>,
) -> Result<Response, Problem> {
    let draft = ActionDraft {
        kind: body.kind,
        urgency: body.urgency,
        title: body.title,
        description: body.description,
        context: body.context,
        reasoning: body.reasoning,
        suggested_actions: body.suggested_actions,
        doctor_id: body.doctor_id,
        room_id: body.room_id,
        equipment_id: body.equipment_id,
    };
    let written = api.write(caller, terms, Ask::CreateAction(draft)).await?;
    Ok(api.created(&written, "actions"))
}

/// What changes of an action item; what is absent stays, `null` empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionEditBody {
    status: Option<ActionStatus>,
    #[serde(default, alias = "assignedTo", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    assigned_to: Option<Option<UserId>>,
    urgency: Option<Urgency>,
    #[schema(min_length = 1, max_length = 2048)]
    title: Option<String>,
    #[schema(min_length = 1, max_length = 2048)]
    description: Option<String>,
    #[schema(value_type = Option<Json>)]
    context: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2048)]
    reasoning: Option<Option<String>>,
    #[serde(alias = "suggestedActions")]
    #[schema(max_items = 16)]
    suggested_actions: Option<Vec<String>>,
    #[serde(default, alias = "doctorId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<Option<DoctorId>>,
    #[serde(default, alias = "roomId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<Option<RoomId>>,
    #[serde(default, alias = "equipmentId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<Option<EquipmentId>>,
}

#[utoipa::path(patch, path = "/actions/{id}", operation_id = "edit_action", tag = "actions",
    request_body = ActionEditBody,
    responses((status = 200, description = "The item as it is now.", body = ActionAnswer)))]
async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<ActionEditBody>,
) -> Result<Response, Problem> {
    let edit = ActionEdit {
        status: body.status,
        assigned_to: body.assigned_to,
        urgency: body.urgency,
        title: body.title,
        description: body.description,
        context: body.context,
        reasoning: body.reasoning,
        suggested_actions: body.suggested_actions,
        doctor_id: body.doctor_id,
        room_id: body.room_id,
        equipment_id: body.equipment_id,
    };
    let ask = Ask::EditAction { action_id: id_of("action item", &id)?, edit: Box::new(edit) };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}

#[utoipa::path(put, path = "/actions/{id}", operation_id = "put_action", tag = "actions",
    description = "As PATCH: the seed's clients edit with PUT.",
    request_body = ActionEditBody,
    responses((status = 200, description = "The item as it is now.", body = ActionAnswer)))]
async fn replace(
    state: State<Api>,
    caller: Caller,
    id: PathId,
    write: Write<ActionEditBody>,
) -> Result<Response, Problem> {
    edit(state, caller, id, write).await
}

#[utoipa::path(delete, path = "/actions/{id}", operation_id = "delete_action", tag = "actions",
    responses((status = 204, description = "The item is gone.")))]
async fn delete(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let ask = Ask::DeleteAction(id_of("action item", &id)?);
    let written = api.write(caller, terms, ask).await?;
    Ok(api.gone(&written))
}
