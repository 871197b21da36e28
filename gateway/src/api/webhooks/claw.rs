//! What the CLAW agent asks for: tasks and action items.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Api, Incoming};
use crate::domain::access::Scope;
use crate::domain::action::{ActionDraft, ActionKind, Urgency};
use crate::domain::command::Ask;
use crate::domain::entity::Entity;
use crate::domain::id::{DoctorId, EquipmentId, RoomId};
use crate::domain::state::Note;
use crate::domain::task::{Assignee, TaskDraft};
use crate::domain::time::Timestamp;
use crate::ledger::Receipt;
use crate::wire::json::json_response;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, Json, Time};

/// The seed's task, in the seed's spelling.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ClawTask)]
pub(super) struct TaskBody {
    #[serde(rename = "type")]
    #[schema(pattern = "^[a-z0-9_-]{1,64}$")]
    kind: String,
    description: String,
    #[serde(default = "normal")]
    priority: Urgency,
    #[serde(default = "staff")]
    assignee: AssigneeWord,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<EquipmentId>,
    #[schema(maximum = 10080)]
    estimated_duration: Option<u32>,
    reasoning: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AssigneeWord {
    Staff,
    Agent,
}

/// The seed's action item, in the seed's spelling.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ClawAction)]
pub(super) struct ActionBody {
    #[serde(rename = "type")]
    kind: ActionKind,
    #[serde(default = "normal")]
    urgency: Urgency,
    title: String,
    description: String,
    #[serde(default)]
    #[schema(value_type = Json)]
    context: Map<String, Value>,
    reasoning: Option<String>,
    #[serde(default)]
    suggested_actions: Vec<String>,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>)]
    equipment_id: Option<EquipmentId>,
}

fn normal() -> Urgency {
    Urgency::Normal
}

fn staff() -> AssigneeWord {
    AssigneeWord::Staff
}

/// What became of the agent's task.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct TaskTaken {
    success: bool,
    task_id: Option<String>,
    #[schema(value_type = Option<Time>)]
    created_at: Option<Timestamp>,
    /// Why nothing was made.
    #[schema(nullable = false)]
    message: Option<String>,
}

#[utoipa::path(post, path = "/webhooks/claw/task", operation_id = "take_claw_task", tag = "webhooks", request_body = TaskBody,
    responses(
        (status = 201, description = "It is written.", body = TaskTaken),
        (status = 202, description = "The agent is only observed: it is noted, and nothing is made.", body = TaskTaken)))]
pub(super) async fn task(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let incoming = Incoming::receive(&api, request, Scope::Work).await?;
    let body: TaskBody = incoming.parse()?;
    let draft = TaskDraft {
        kind: body.kind,
        description: body.description,
        priority: body.priority,
        assignee: match body.assignee {
            AssigneeWord::Staff => Assignee::Staff,
            AssigneeWord::Agent => Assignee::Agent,
        },
        doctor_id: body.doctor_id,
        room_id: body.room_id,
        equipment_id: body.equipment_id,
        estimated_duration: body.estimated_duration,
        reasoning: body.reasoning,
    };
    let receipt =
        api.ledger.submit_with(api.command(incoming.actor, Ask::CreateTask(draft)), incoming.terms).await?;
    let created = match &receipt.subject {
        Some(Entity::Task(task)) => Some((task.id.to_string(), task.start_time)),
        _ => None,
    };
    Ok(answer(&api, &receipt, "taskId", created))
}

/// What became of the agent's action.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct ActionTaken {
    success: bool,
    action_id: Option<String>,
    #[schema(value_type = Option<Time>)]
    created_at: Option<Timestamp>,
    /// Why nothing was made.
    #[schema(nullable = false)]
    message: Option<String>,
}

#[utoipa::path(post, path = "/webhooks/claw/action", operation_id = "take_claw_action", tag = "webhooks", request_body = ActionBody,
    responses(
        (status = 201, description = "It is written.", body = ActionTaken),
        (status = 202, description = "The agent is only observed: it is noted, and nothing is made.", body = ActionTaken)))]
pub(super) async fn action(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let incoming = Incoming::receive(&api, request, Scope::Work).await?;
    let body: ActionBody = incoming.parse()?;
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
    let receipt =
        api.ledger.submit_with(api.command(incoming.actor, Ask::CreateAction(draft)), incoming.terms).await?;
    let created = match &receipt.subject {
        Some(Entity::Action(item)) => Some((item.id.to_string(), item.created_at)),
        _ => None,
    };
    Ok(answer(&api, &receipt, "actionId", created))
}

/// The seed's answer: the id of what was made. Nothing is made while the agent is only observed.
fn answer(api: &Api, receipt: &Receipt, key: &'static str, created: Option<(String, Timestamp)>) -> Response {
    let (id, created_at) = created.unzip();
    let mut body = json!({ "success": true, key: id, "createdAt": created_at });
    let mut code = StatusCode::CREATED;
    if receipt.note == Some(Note::OnlyObserved) {
        body["message"] =
            "the agent's phase is \"observation\": this was noted in the audit trail, and nothing was made"
                .into();
        code = StatusCode::ACCEPTED;
    }
    api.with_cursor(receipt.seq, json_response(code, &body))
}
