//! The tools that change something: commands of the agent's, under its guard rails.

use rmcp::model::JsonObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Agent;
use super::tools::Call;
use crate::claw::told::{AssigneeTold, ItemTold, TaskTold};
use crate::domain::action::{ActionDraft, ActionKind, Urgency};
use crate::domain::command::{Ask, Command};
use crate::domain::entity::Entity;
use crate::domain::id::{CommandId, DoctorId, EquipmentId, RoomId, TaskId};
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::domain::task::{Assignee, TaskDraft, TaskEdit, TaskStatus};
use crate::ledger::{Idempotency, Receipt, Terms};
use crate::wire::problem::Problem;
use crate::wire::schema::Id;
use crate::wire::terms::refusal;

/// The argument that names a call, so that it may be made again.
const KEY: &str = "idempotencyKey";

/// A new task.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct CreateTask {
    /// One word, such as `cleaning` or `equipment_check`.
    #[serde(rename = "type")]
    #[schema(pattern = "^[a-z0-9_-]{1,64}$")]
    kind: String,
    /// What is to be done, for whoever does it.
    #[schema(min_length = 1, max_length = 2048)]
    description: String,
    /// Why you think so; staff read it.
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: String,
    #[serde(default = "normal")]
    #[schema(inline)]
    priority: Urgency,
    #[serde(default = "staff")]
    #[schema(inline)]
    assignee: AssigneeTold,
    #[schema(value_type = Option<Id>, inline)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>, inline)]
    equipment_id: Option<EquipmentId>,
    /// Minutes.
    #[schema(maximum = 10080)]
    estimated_duration: Option<u32>,
    /// Your own name of this call: a repeat under it makes nothing twice and gets the first answer.
    #[schema(pattern = "^[!-~]{1,255}$")]
    idempotency_key: Option<String>,
}

/// A new action item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct CreateAction {
    #[serde(rename = "type")]
    #[schema(inline)]
    kind: ActionKind,
    /// One line.
    #[schema(min_length = 1, max_length = 2048)]
    title: String,
    /// The whole of it.
    #[schema(min_length = 1, max_length = 2048)]
    description: String,
    /// Why you think so; staff read it.
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: String,
    #[serde(default = "normal")]
    #[schema(inline)]
    urgency: Urgency,
    /// What you know, as JSON of at most 4 KiB.
    #[serde(default)]
    #[schema(value_type = Object)]
    context: JsonObject,
    /// What could be done.
    #[serde(default)]
    #[schema(max_items = 16, inline)]
    suggested_actions: Vec<Line>,
    #[schema(value_type = Option<Id>, inline)]
    doctor_id: Option<DoctorId>,
    #[schema(value_type = Option<Id>, inline)]
    room_id: Option<RoomId>,
    #[schema(value_type = Option<Id>, inline)]
    equipment_id: Option<EquipmentId>,
    /// Your own name of this call: a repeat under it makes nothing twice and gets the first answer.
    #[schema(pattern = "^[!-~]{1,255}$")]
    idempotency_key: Option<String>,
}

/// A sentence.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 2048)]
struct Line(String);

/// A task of yours that is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct CompleteTask {
    #[schema(value_type = Id, inline)]
    task_id: TaskId,
    /// What you did and why it is done; it becomes a remark.
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: String,
    /// Your own name of this call: a repeat under it gets the first answer.
    #[schema(pattern = "^[!-~]{1,255}$")]
    idempotency_key: Option<String>,
}

fn normal() -> Urgency {
    Urgency::Normal
}

fn staff() -> AssigneeTold {
    AssigneeTold::Staff
}

/// What became of a task.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskWritten {
    /// False where you are only observed: it is noted, and nothing was done.
    done: bool,
    /// The task as it is now; `proposed` until staff approve it.
    #[schema(inline)]
    task: Option<TaskTold>,
    /// Why nothing was done.
    message: Option<&'static str>,
}

/// What became of an action item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ActionWritten {
    /// False where you are only observed: it is noted, and nothing was made.
    done: bool,
    #[schema(inline)]
    action: Option<ItemTold>,
    /// Why nothing was made.
    message: Option<&'static str>,
}

impl CreateTask {
    /// Writes the task.
    ///
    /// # Errors
    ///
    /// What the guard rails and the rules refuse.
    pub(super) async fn write(self, call: &Call) -> Result<TaskWritten, Problem> {
        let draft = TaskDraft {
            kind: self.kind,
            description: self.description,
            priority: self.priority,
            assignee: match self.assignee {
                AssigneeTold::Staff => Assignee::Staff,
                AssigneeTold::Agent => Assignee::Agent,
            },
            doctor_id: self.doctor_id,
            room_id: self.room_id,
            equipment_id: self.equipment_id,
            estimated_duration: self.estimated_duration,
            reasoning: Some(self.reasoning),
        };
        Ok(call.submit(self.idempotency_key.as_deref(), Ask::CreateTask(draft)).await?.into())
    }
}

impl CreateAction {
    /// Writes the action item.
    ///
    /// # Errors
    ///
    /// What the guard rails and the rules refuse.
    pub(super) async fn write(self, call: &Call) -> Result<ActionWritten, Problem> {
        let draft = ActionDraft {
            kind: self.kind,
            urgency: self.urgency,
            title: self.title,
            description: self.description,
            context: self.context,
            reasoning: Some(self.reasoning),
            suggested_actions: self.suggested_actions.into_iter().map(|Line(text)| text).collect(),
            doctor_id: self.doctor_id,
            room_id: self.room_id,
            equipment_id: self.equipment_id,
        };
        Ok(call.submit(self.idempotency_key.as_deref(), Ask::CreateAction(draft)).await?.into())
    }
}

impl CompleteTask {
    /// Completes the task.
    ///
    /// # Errors
    ///
    /// What the guard rails and the rules refuse: a task that is not the agent's own, or that staff have taken over.
    pub(super) async fn write(self, call: &Call) -> Result<TaskWritten, Problem> {
        let edit = TaskEdit {
            status: Some(TaskStatus::Completed),
            note: Some(self.reasoning),
            ..TaskEdit::default()
        };
        let ask = Ask::EditTask { task_id: self.task_id, edit: Box::new(edit) };
        Ok(call.submit(self.idempotency_key.as_deref(), ask).await?.into())
    }
}

impl From<Receipt> for TaskWritten {
    fn from(receipt: Receipt) -> Self {
        let message = unsaid(&receipt);
        let task = match &receipt.subject {
            Some(Entity::Task(task)) if message.is_none() => Some((&**task).into()),
            _ => None,
        };
        Self { done: message.is_none(), task, message }
    }
}

impl From<Receipt> for ActionWritten {
    fn from(receipt: Receipt) -> Self {
        let message = unsaid(&receipt);
        let action = match &receipt.subject {
            Some(Entity::Action(item)) if message.is_none() => Some((&**item).into()),
            _ => None,
        };
        Self { done: message.is_none(), action, message }
    }
}

/// Why nothing was done, where nothing was.
fn unsaid(receipt: &Receipt) -> Option<&'static str> {
    let is_observed = receipt.note == Some(Note::OnlyObserved);
    is_observed.then_some(
        "the agent's phase is \"observation\": this was noted in the audit trail, and nothing was done",
    )
}

impl Call {
    /// Submits `ask` under the call's key, as the agent's other requests are.
    async fn submit(&self, key: Option<&str>, ask: Ask) -> Result<Receipt, Problem> {
        let Agent { caller, address, .. } = self.agent.clone();
        let view = caller.view();
        let actor = caller.to_write()?;
        let idempotency = key.map(|key| {
            let named = Idempotency::new(format!("MCP {}", self.tool.as_str()), key, &self.arguments);
            named.map_err(|error| Rejection::Invalid { field: KEY, reason: error.to_string() })
        });
        let idempotency = idempotency.transpose()?;
        let terms = Terms { idempotency, origin: Some(address.origin()), ..Terms::default() };
        let command = Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask };
        self.ledger.submit_with(command, terms).await.map_err(|error| refusal(error, view))
    }
}
