//! The agent under guard: how far it may act, what staff decide about its proposals and think of its work, and what it
//! answers to what it is offered.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::answer::{id_of, with_revision};
use super::document::Routes;
use super::shapes::TaskAnswer;
use crate::domain::agent::{AgentAnswer, AgentPhase, AgentRails, AgentWork, Feedback, Verdict};
use crate::domain::command::Ask;
use crate::domain::id::{ActionId, FeedbackId, TaskId};
use crate::domain::rejection::Rejection;
use crate::domain::role::{Topic, Verb};
use crate::domain::time::Timestamp;
use crate::ledger::{Snapshot, SubmitError};
use crate::wire::caller::Caller;
use crate::wire::json::json_response;
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, Time};
use crate::wire::terms::Write;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(show, set), routes!(approve), routes!(reject), routes!(answer), routes!(opinions, rate)]
}

/// How far the agent may act.
#[derive(Serialize, ToSchema)]
#[schema(as = Agent)]
struct AgentBody<'a> {
    phase: AgentPhase,
    /// Counts the settings; 0 before the first one.
    revision: u64,
    set_by: Option<String>,
    #[schema(value_type = Option<Time>)]
    set_at: Option<Timestamp>,
    /// The types of task that it may take upon itself; `*` for all.
    #[schema(value_type = Vec<String>)]
    allowed_kinds: &'a [String],
    /// Tasks and action items that it may write an hour, and has written within this one.
    per_hour_max: u32,
    made_this_hour: u32,
    /// Tasks and action items of its own that may be open at a time, and are.
    open_max: u32,
    open: usize,
    /// Seconds after which a proposal that nobody decided on is cancelled.
    expires_after_s: u64,
    /// Seconds that it has to answer what it is offered; `null` where nobody calls it.
    answers_within_s: Option<u64>,
}

/// How far the agent may act.
#[derive(Serialize, ToSchema)]
struct AgentShown<'a> {
    agent: AgentBody<'a>,
}

#[utoipa::path(get, path = "/agent", operation_id = "show_agent", tag = "agent",
    responses((status = 200, description = "The agent's phase and limits.", body = AgentShown<'static>)))]
async fn show(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    caller.hears(Topic::System)?;
    Ok(shown(&api, &api.ledger.snapshot()))
}

/// What changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AgentEditBody {
    phase: AgentPhase,
}

#[utoipa::path(patch, path = "/agent", operation_id = "set_agent", tag = "agent", request_body = AgentEditBody,
    description = "Switches the phase. What the agent has made stays.",
    responses((status = 200, description = "The agent's phase and limits.", body = AgentShown<'static>)))]
async fn set(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<AgentEditBody>,
) -> Result<Response, Problem> {
    let command = api.command(caller.to_write()?, Ask::SetAgentPhase(body.phase));
    let receipt = api.ledger.submit_with(command, terms).await.map_err(|error| {
        let is_stale = matches!(&error, SubmitError::Rejected(Rejection::Stale { .. }));
        let problem = Problem::from(error);
        if is_stale { problem.current(json!(body_of(&api, &api.ledger.snapshot()))) } else { problem }
    })?;
    Ok(shown(&api, &receipt.snapshot))
}

fn shown(api: &Api, snapshot: &Snapshot) -> Response {
    let agent = body_of(api, snapshot);
    let response = with_revision(agent.revision, json_response(StatusCode::OK, &AgentShown { agent }));
    api.with_cursor(snapshot.seq, response)
}

fn body_of<'a>(api: &Api, snapshot: &'a Snapshot) -> AgentBody<'a> {
    let clinic = &snapshot.state;
    let AgentRails { allowed_kinds, per_hour_max, open_max, expires_after, answers_within } =
        &clinic.rules().agent;
    let setting = clinic.agent.as_deref();
    AgentBody {
        phase: clinic.agent_phase(),
        revision: setting.map_or(0, |setting| setting.revision),
        set_by: setting.map(|setting| setting.set_by.to_string()),
        set_at: setting.map(|setting| setting.set_at),
        allowed_kinds,
        per_hour_max: *per_hour_max,
        made_this_hour: clinic.agent_use.at(api.ledger.now().max(snapshot.at)).made,
        open_max: *open_max,
        open: clinic.open_agents_work(),
        expires_after_s: expires_after.as_secs(),
        answers_within_s: answers_within.map(|within| within.as_secs()),
    }
}

/// An approval.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalBody {
    #[schema(min_length = 1, max_length = 2048)]
    reason: Option<String>,
}

#[utoipa::path(post, path = "/tasks/{id}/approve", operation_id = "approve_task", tag = "agent",
    request_body = ApprovalBody, description = "Approves a proposed task. The reason becomes a remark.",
    responses((status = 200, description = "The task, to be done now.", body = TaskAnswer)))]
async fn approve(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<ApprovalBody>,
) -> Result<Response, Problem> {
    let ask = Ask::DecideProposal { task_id: id_of("task", &id)?, approved: true, reason: body.reason };
    Ok(api.changed(&api.write(caller, terms, ask).await?))
}

/// A rejection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectionBody {
    #[schema(min_length = 1, max_length = 2048)]
    reason: String,
}

#[utoipa::path(post, path = "/tasks/{id}/reject", operation_id = "reject_task", tag = "agent",
    request_body = RejectionBody, description = "Rejects a proposed task. The reason becomes a remark.",
    responses((status = 200, description = "The task, cancelled.", body = TaskAnswer)))]
async fn reject(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<RejectionBody>,
) -> Result<Response, Problem> {
    let reason = Some(body.reason);
    let ask = Ask::DecideProposal { task_id: id_of("task", &id)?, approved: false, reason };
    Ok(api.changed(&api.write(caller, terms, ask).await?))
}

/// What the agent says to a task that it was offered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// True: it does it. False: it hands it to staff.
    accepted: bool,
    /// Why; whoever hands back says it.
    #[schema(min_length = 1, max_length = 2048)]
    reasoning: Option<String>,
}

#[utoipa::path(post, path = "/tasks/{id}/answer", operation_id = "answer_task", tag = "agent",
    request_body = AnswerBody,
    description = "The agent answers what it is offered, where it does not answer the offer itself.",
    responses((status = 200, description = "The task as it is now.", body = TaskAnswer)))]
async fn answer(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    Write { terms, body }: Write<AnswerBody>,
) -> Result<Response, Problem> {
    let answer = match body {
        AnswerBody { accepted: true, reasoning } => AgentAnswer::Taken { reasoning },
        AnswerBody { accepted: false, reasoning } => {
            AgentAnswer::HandedBack { reasoning: reasoning.unwrap_or_default() }
        }
    };
    let ask = Ask::AnswerTask { task_id: id_of("task", &id)?, answer };
    Ok(api.changed(&api.write(caller, terms, ask).await?))
}

/// What somebody thinks of something that the agent decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RatingBody {
    /// The task, or else `action_id`.
    #[serde(alias = "taskId")]
    #[schema(value_type = Option<Id>)]
    task_id: Option<TaskId>,
    #[serde(alias = "actionId")]
    #[schema(value_type = Option<Id>)]
    action_id: Option<ActionId>,
    verdict: Verdict,
    #[schema(min_length = 1, max_length = 512)]
    comment: Option<String>,
}

#[utoipa::path(post, path = "/agent/feedback", operation_id = "rate_agent", tag = "agent", request_body = RatingBody,
    description = "Says what one thinks of something that the agent decided. A later opinion takes an earlier one's place.",
    responses((status = 204, description = "It is kept.")))]
async fn rate(
    State(api): State<Api>,
    caller: Caller,
    Write { terms, body }: Write<RatingBody>,
) -> Result<Response, Problem> {
    let work = match (body.task_id, body.action_id) {
        (Some(id), None) => AgentWork::Task(id),
        (None, Some(id)) => AgentWork::Action(id),
        _ => {
            let detail = "name one: task_id or action_id";
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail);
            return Err(problem.field("task_id"));
        }
    };
    let ask = Ask::RateAgent { work, verdict: body.verdict, comment: body.comment };
    Ok(api.gone(&api.write(caller, terms, ask).await?))
}

/// An opinion on the agent's work.
#[derive(Serialize, ToSchema)]
#[schema(as = Feedback)]
struct FeedbackBody<'a> {
    #[schema(value_type = Id)]
    id: &'a FeedbackId,
    #[schema(value_type = Option<Id>)]
    task_id: Option<&'a TaskId>,
    #[schema(value_type = Option<Id>)]
    action_id: Option<&'a ActionId>,
    verdict: Verdict,
    #[schema(value_type = Option<String>)]
    comment: Option<&'a str>,
    by: String,
    #[schema(value_type = Time)]
    at: Timestamp,
}

impl<'a> From<&'a Feedback> for FeedbackBody<'a> {
    fn from(feedback: &'a Feedback) -> Self {
        let (task_id, action_id) = match &feedback.work {
            AgentWork::Task(id) => (Some(id), None),
            AgentWork::Action(id) => (None, Some(id)),
        };
        let Feedback { id, verdict, comment, by, at, .. } = feedback;
        let (verdict, comment, by, at) = (*verdict, comment.as_deref(), by.to_string(), *at);
        Self { id, task_id, action_id, verdict, comment, by, at }
    }
}

/// Every opinion that is kept.
#[derive(Serialize, ToSchema)]
struct FeedbackAnswer<'a> {
    /// The newest first.
    feedback: Vec<FeedbackBody<'a>>,
}

#[utoipa::path(get, path = "/agent/feedback", operation_id = "list_feedback", tag = "agent",
    responses((status = 200, description = "What staff think of the agent's work.", body = FeedbackAnswer<'static>)))]
async fn opinions(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let snapshot = api.ledger.snapshot();
    let feedback = snapshot.state.feedback.values().rev().map(|it| (&**it).into()).collect();
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &FeedbackAnswer { feedback })))
}
