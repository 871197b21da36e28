//! Tasks.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::actions::not_urgent;
use super::answer::{fits, given, id_of, no_such, read};
use super::document::Routes;
use super::shapes::{TaskAnswer, TasksAnswer};
use crate::domain::action::Urgency;
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::{DoctorId, EquipmentId, RoomId, TaskId};
use crate::domain::role::Topic;
use crate::domain::task::{Assignee, Task, TaskDraft, TaskEdit, TaskStatus};
use crate::ledger::ClosedTasks;
use crate::wire::caller::Caller;
use crate::wire::page::{Page, QueryOf, cursor_after, last_seen, limit_of, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::Id;
use crate::wire::terms::{BareWrite, Write};
use crate::wire::view;

/// What cursors of the history name it.
const HISTORY: &str = "tasks/history";

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(history), routes!(show, replace, edit, delete), routes!(remark)]
}

/// Which tasks.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    status: Option<TaskStatus>,
    #[serde(rename = "type")]
    kind: Option<String>,
    priority: Option<Urgency>,
    /// `staff`, `agent`, or a user's id.
    #[param(value_type = Option<Id>)]
    assignee: Option<Assignee>,
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

impl Filter {
    fn takes(&self, task: &Task) -> bool {
        fits(self.status.as_ref(), Some(&task.status))
            && fits(self.kind.as_ref(), Some(&task.draft.kind))
            && fits(self.priority.as_ref(), Some(&task.draft.priority))
            && fits(self.assignee.as_ref(), Some(&task.draft.assignee))
            && fits(self.doctor_id.as_ref(), task.draft.doctor_id.as_ref())
            && fits(self.room_id.as_ref(), task.draft.room_id.as_ref())
            && fits(self.equipment_id.as_ref(), task.draft.equipment_id.as_ref())
    }
}

#[utoipa::path(get, path = "/tasks", operation_id = "list_tasks", tag = "tasks", params(Filter),
    responses((status = 200, description = "The tasks, oldest first: all open ones, and the newest closed ones; `/api/tasks/history` has the others.", body = TasksAnswer)))]
async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Tasks)?;
    let snapshot = api.ledger.snapshot();
    let wanted = snapshot.state.tasks.values().filter(|task| filter.takes(task));
    let shown =
        wanted.map(|task| ((task.start_time, task.id.clone()), view::task(task, caller.view()))).collect();
    let page = page("tasks", shown, filter.limit, filter.cursor.as_deref())?;
    Ok(api.listed("tasks", page, &snapshot))
}

#[utoipa::path(get, path = "/tasks/history", operation_id = "list_closed_tasks", tag = "tasks", params(Filter),
    description = "Every closed task, the one written last first. With filters, a page may be short, or empty, and \
                   not be the last: `next_cursor` says.",
    responses((status = 200, description = "The closed tasks.", body = TasksAnswer)))]
async fn history(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(filter): QueryOf<Filter>,
) -> Result<Response, Problem> {
    caller.hears(Topic::Tasks)?;
    let limit = limit_of(filter.limit)?;
    let before: Option<TaskId> = last_seen(HISTORY, filter.cursor.as_deref())?;
    let ledger = api.ledger.clone();
    let closed = read(move || ledger.closed_tasks(before.as_ref(), limit, |task| filter.takes(task)));
    let ClosedTasks { tasks, next, snapshot } = closed.await?;
    let items = tasks.iter().map(|task| view::task(task, caller.view())).collect();
    let page = Page { items, next_cursor: next.map(|id| cursor_after(HISTORY, &id)) };
    Ok(api.listed("tasks", page, &snapshot))
}

#[utoipa::path(get, path = "/tasks/{id}", operation_id = "show_task", tag = "tasks",
    responses((status = 200, description = "The task.", body = TaskAnswer)))]
async fn show(State(api): State<Api>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.hears(Topic::Tasks)?;
    let snapshot = api.ledger.snapshot();
    let id: TaskId = id_of("task", &id)?;
    let task = match snapshot.state.tasks.get(&id) {
        Some(task) => Some(task.clone()),
        None => {
            let (ledger, id) = (api.ledger.clone(), id.clone());
            read(move || ledger.closed_task(&id)).await?
        }
    };
    let task = task.ok_or_else(|| no_such("task", &id))?;
    Ok(api.shown(&Entity::Task(task), &caller, &snapshot))
}

/// A new task.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTaskBody {
    /// One word, such as `cleaning`.
    #[serde(rename = "type")]
    #[schema(pattern = "^[a-z0-9_-]{1,64}$")]
    kind: String,
    #[schema(min_length = 1, max_length = 2048)]
    description: String,
    #[serde(default = "not_urgent")]
    priority: Urgency,
    /// `staff`, `agent`, or a user's id.
    #[serde(default = "anybody")]
    #[schema(value_type = Id)]
    assignee: Assignee,
    #[serde(alias = "doctorId")]
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[serde(alias = "roomId")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[serde(alias = "equipmentId")]
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<EquipmentId>,
    /// Minutes.
    #[serde(alias = "estimatedDuration")]
    #[schema(maximum = 10080)]
    estimated_duration: Option<u32>,
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: Option<String>,
}

fn anybody() -> Assignee {
    Assignee::Staff
}

#[utoipa::path(post, path = "/tasks", operation_id = "create_task", tag = "tasks",
    request_body = NewTaskBody,
    responses((status = 201, description = "The task is written.", body = TaskAnswer)))]
async fn create(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<NewTaskBody>,
) -> Result<Response, Problem> {
    let draft = TaskDraft {
        kind: body.kind,
        description: body.description,
        priority: body.priority,
        assignee: body.assignee,
        doctor_id: body.doctor_id,
        room_id: body.room_id,
        equipment_id: body.equipment_id,
        estimated_duration: body.estimated_duration,
        reasoning: body.reasoning,
    };
    let written = api.write(caller, terms, Ask::CreateTask(draft)).await?;
    Ok(api.created(&written, "tasks"))
}

/// What changes of a task; what is absent stays, `null` empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TaskEditBody {
    status: Option<TaskStatus>,
    priority: Option<Urgency>,
    /// `staff`, `agent`, or a user's id.
    #[schema(value_type = Option<Id>)]
    assignee: Option<Assignee>,
    #[schema(min_length = 1, max_length = 2048)]
    description: Option<String>,
    /// Minutes.
    #[serde(default, alias = "estimatedDuration", deserialize_with = "given")]
    #[schema(value_type = Option<u32>, maximum = 10080)]
    estimated_duration: Option<Option<u32>>,
    #[serde(default, alias = "doctorId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<Option<DoctorId>>,
    #[serde(default, alias = "roomId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    room_id: Option<Option<RoomId>>,
    #[serde(default, alias = "equipmentId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<Option<EquipmentId>>,
    /// A remark to add.
    #[schema(min_length = 1, max_length = 2048)]
    notes: Option<String>,
}

#[utoipa::path(patch, path = "/tasks/{id}", operation_id = "edit_task", tag = "tasks",
    request_body = TaskEditBody,
    responses((status = 200, description = "The task as it is now.", body = TaskAnswer)))]
async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<TaskEditBody>,
) -> Result<Response, Problem> {
    let edit = TaskEdit {
        status: body.status,
        priority: body.priority,
        assignee: body.assignee,
        description: body.description,
        estimated_duration: body.estimated_duration,
        doctor_id: body.doctor_id,
        room_id: body.room_id,
        equipment_id: body.equipment_id,
        note: body.notes,
    };
    let written = api
        .write(caller, terms, Ask::EditTask { task_id: id_of("task", &id)?, edit: Box::new(edit) })
        .await?;
    Ok(api.changed(&written))
}

#[utoipa::path(put, path = "/tasks/{id}", operation_id = "put_task", tag = "tasks",
    description = "As PATCH: the seed's clients edit with PUT.",
    request_body = TaskEditBody,
    responses((status = 200, description = "The task as it is now.", body = TaskAnswer)))]
async fn replace(
    state: State<Api>,
    caller: Caller,
    id: PathId,
    write: Write<TaskEditBody>,
) -> Result<Response, Problem> {
    edit(state, caller, id, write).await
}

#[utoipa::path(delete, path = "/tasks/{id}", operation_id = "delete_task", tag = "tasks",
    responses((status = 204, description = "The task is gone.")))]
async fn delete(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    BareWrite(terms): BareWrite,
) -> Result<Response, Problem> {
    let written = api.write(caller, terms, Ask::DeleteTask(id_of("task", &id)?)).await?;
    Ok(api.gone(&written))
}

/// A remark.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    #[schema(min_length = 1, max_length = 2048)]
    text: String,
}

#[utoipa::path(post, path = "/tasks/{id}/notes", operation_id = "add_task_note", tag = "tasks",
    request_body(content = NoteBody),
    responses((status = 200, description = "The task with the remark.", body = TaskAnswer)))]
async fn remark(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<NoteBody>,
) -> Result<Response, Problem> {
    let ask = Ask::AddTaskNote { task_id: id_of("task", &id)?, text: body.text };
    let written = api.write(caller, terms, ask).await?;
    Ok(api.changed(&written))
}
