//! `/api/endpoints`, for admins.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Endpoints;
use super::requests::no_such;
use super::shapes::{
    AttemptAnswer, AttemptsAnswer, DeadLettersAnswer, EndpointAnswer, EndpointBody, EndpointEditBody,
    EndpointsAnswer, NewEndpointBody, ReplayAnswer, ReplayBody, ResumeBody, RotateEndpointBody,
};
use crate::domain::id::EndpointId;
use crate::domain::role::Verb;
use crate::wire::caller::{Asker, Caller, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::terms::IfMatch;

#[derive(Clone)]
struct Door {
    endpoints: Endpoints,
    entrance: Entrance,
}

impl FromRef<Door> for Entrance {
    fn from_ref(door: &Door) -> Self {
        door.entrance.clone()
    }
}

/// The routes.
pub fn router(endpoints: Endpoints, entrance: Entrance) -> Router {
    // A method that a path does not take is answered as everywhere.
    let (router, _) = routes().split_for_parts();
    let refuse = async || {
        let detail = "this path does not take this method; see the Allow header";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    };
    router.method_not_allowed_fallback(refuse).with_state(Door { endpoints, entrance })
}

/// What the API's document says of these requests.
pub fn document() -> OpenApi {
    routes().split_for_parts().1
}

fn routes() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, edit, delete))
        .routes(routes!(rotate))
        .routes(routes!(resume))
        .routes(routes!(test))
        .routes(routes!(replay))
        .routes(routes!(attempts))
        .routes(routes!(dead_letters, dismiss))
}

#[utoipa::path(get, path = "/api/endpoints", operation_id = "list_endpoints", tag = "endpoints",
    responses((status = 200, description = "Every endpoint, by id.", body = EndpointsAnswer)))]
async fn list(State(door): State<Door>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    Ok(unstored(StatusCode::OK, &EndpointsAnswer { endpoints: door.endpoints.all() }))
}

#[utoipa::path(post, path = "/api/endpoints", operation_id = "create_endpoint", tag = "endpoints",
    request_body = NewEndpointBody,
    responses((status = 201, description = "The endpoint, and its secret, told once.", body = EndpointAnswer)))]
async fn create(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    JsonBody(body): JsonBody<NewEndpointBody>,
) -> Result<Response, Problem> {
    let (endpoint, secret) = door.endpoints.create(admin(caller, address)?, body).await?;
    let secret = secret.map(|it| it.expose().to_owned());
    Ok(shown(StatusCode::CREATED, endpoint, secret))
}

#[utoipa::path(get, path = "/api/endpoints/{id}", operation_id = "show_endpoint", tag = "endpoints",
    responses((status = 200, description = "The endpoint.", body = EndpointAnswer)))]
async fn show(State(door): State<Door>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let endpoint = door.endpoints.one(&endpoint_id(&id)?)?;
    Ok(shown(StatusCode::OK, endpoint, None))
}

#[utoipa::path(patch, path = "/api/endpoints/{id}", operation_id = "edit_endpoint", tag = "endpoints",
    request_body = EndpointEditBody,
    responses((status = 200, description = "The endpoint as it is now.", body = EndpointAnswer)))]
async fn edit(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    IfMatch(if_match): IfMatch,
    JsonBody(body): JsonBody<EndpointEditBody>,
) -> Result<Response, Problem> {
    let endpoint = door.endpoints.edit(admin(caller, address)?, endpoint_id(&id)?, if_match, body).await?;
    Ok(shown(StatusCode::OK, endpoint, None))
}

#[utoipa::path(delete, path = "/api/endpoints/{id}", operation_id = "delete_endpoint", tag = "endpoints",
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    IfMatch(if_match): IfMatch,
) -> Result<StatusCode, Problem> {
    door.endpoints.delete(admin(caller, address)?, endpoint_id(&id)?, if_match).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/endpoints/{id}/rotate", operation_id = "rotate_endpoint_secret", tag = "endpoints",
    request_body = RotateEndpointBody,
    responses((status = 200, description = "The endpoint, and its new secret, told once.", body = EndpointAnswer)))]
async fn rotate(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    JsonBody(body): JsonBody<RotateEndpointBody>,
) -> Result<Response, Problem> {
    let asker = admin(caller, address)?;
    let (endpoint, secret) = door.endpoints.rotate(asker, endpoint_id(&id)?, body.overlap_s).await?;
    Ok(shown(StatusCode::OK, endpoint, Some(secret.expose().to_owned())))
}

#[utoipa::path(post, path = "/api/endpoints/{id}/resume", operation_id = "resume_endpoint", tag = "endpoints",
    request_body = ResumeBody,
    responses((status = 200, description = "The endpoint as it is now.", body = EndpointAnswer)))]
async fn resume(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    JsonBody(body): JsonBody<ResumeBody>,
) -> Result<Response, Problem> {
    let asker = admin(caller, address)?;
    let endpoint = door.endpoints.resume(asker, endpoint_id(&id)?, body.after.as_deref()).await?;
    Ok(shown(StatusCode::OK, endpoint, None))
}

#[utoipa::path(post, path = "/api/endpoints/{id}/test", operation_id = "test_endpoint", tag = "endpoints",
    responses((status = 200, description = "A ping was sent; this came of it.", body = AttemptAnswer)))]
async fn test(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    admin(caller, address)?;
    let attempt = door.endpoints.test(&endpoint_id(&id)?).await?;
    Ok(unstored(StatusCode::OK, &AttemptAnswer { attempt }))
}

#[utoipa::path(post, path = "/api/endpoints/{id}/replay", operation_id = "replay_to_endpoint", tag = "endpoints",
    request_body = ReplayBody,
    responses((status = 202, description = "The events are sent once more, in their turn.", body = ReplayAnswer)))]
async fn replay(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    JsonBody(body): JsonBody<ReplayBody>,
) -> Result<Response, Problem> {
    let asker = admin(caller, address)?;
    door.endpoints.replay(&endpoint_id(&id)?, body).await?;
    door.endpoints.note(asker, "replay_to_endpoint", &id).await?;
    Ok(unstored(StatusCode::ACCEPTED, &ReplayAnswer { queued: true }))
}

#[utoipa::path(get, path = "/api/endpoints/{id}/attempts", operation_id = "list_delivery_attempts", tag = "endpoints",
    responses((status = 200, description = "The last tries, newest first.", body = AttemptsAnswer)))]
async fn attempts(State(door): State<Door>, caller: Caller, PathId(id): PathId) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let attempts = door.endpoints.attempts(&endpoint_id(&id)?).await?;
    Ok(unstored(StatusCode::OK, &AttemptsAnswer { attempts }))
}

#[utoipa::path(get, path = "/api/endpoints/{id}/dead-letters", operation_id = "list_dead_letters", tag = "endpoints",
    responses((status = 200, description = "Events that it will not get by itself, newest first.", body = DeadLettersAnswer)))]
async fn dead_letters(
    State(door): State<Door>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let dead_letters = door.endpoints.dead_letters(&endpoint_id(&id)?)?;
    Ok(unstored(StatusCode::OK, &DeadLettersAnswer { dead_letters }))
}

#[utoipa::path(delete, path = "/api/endpoints/{id}/dead-letters", operation_id = "dismiss_dead_letters", tag = "endpoints",
    responses((status = 204, description = "They are forgotten.")))]
async fn dismiss(
    State(door): State<Door>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    door.endpoints.dismiss(admin(caller, address)?, endpoint_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who asks for a change: an admin.
fn admin(caller: Caller, address: PeerAddress) -> Result<Asker, Problem> {
    caller.may(Verb::Administration)?;
    caller.to_write_from(address)
}

fn endpoint_id(text: &str) -> Result<EndpointId, Problem> {
    text.parse().map_err(|_| no_such(&text.escape_default()))
}

/// One endpoint, with its revision where it has one: what the configuration names is not edited here.
fn shown(status: StatusCode, endpoint: EndpointBody, secret: Option<String>) -> Response {
    let tag = endpoint.tag();
    let mut response = unstored(status, &EndpointAnswer { endpoint, secret });
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// An answer that nobody on the way keeps: it may tell a secret.
fn unstored(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = json_response(status, body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
