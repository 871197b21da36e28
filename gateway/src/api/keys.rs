//! Keys of machines: for admins.

use std::time::Duration;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::auth::unstored;
use super::document::Routes;
use super::shapes::{KeysAnswer, NewKeyAnswer};
use crate::auth::Secret;
use crate::domain::access::ApiKey;
use crate::domain::id::KeyId;
use crate::domain::rejection::Rejection;
use crate::domain::role::Verb;
use crate::wire::access::{KeptIn, KeyBody, NewKeyBody, OVERLAP_USUAL};
use crate::wire::caller::{Caller, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(revoke), routes!(rotate)]
}

/// Which keys.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct KeysQuery {
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/keys", operation_id = "list_keys", tag = "keys", params(KeysQuery),
    responses((status = 200, description = "The keys, by id.", body = KeysAnswer)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<KeysQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let snapshot = api.ledger.snapshot();
    let keys = Entrance::from_ref(&api)
        .with_keys(|keys| keys.iter().map(|key| (key.id().clone(), json!(key))).collect());
    let page = page("keys", keys, query.limit, query.cursor.as_deref())?;
    Ok(unstored(api.listed("keys", page, &snapshot)))
}

#[utoipa::path(post, path = "/keys", operation_id = "create_key", tag = "keys", request_body = NewKeyBody,
    responses((status = 201, description = "The key, and its secret, told once.", body = NewKeyAnswer)))]
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    JsonBody(body): JsonBody<NewKeyBody>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let (key, secret) = Entrance::from_ref(&api).create_key(caller.to_write_from(address)?, body).await?;
    Ok(api.told_once(StatusCode::CREATED, &key, &secret))
}

/// How a key is rotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateBody {
    /// Seconds that the old secret goes on.
    #[serde(default)]
    overlap_s: Option<u64>,
}

#[utoipa::path(post, path = "/keys/{id}/rotate", operation_id = "rotate_key", tag = "keys", request_body = RotateBody,
    responses((status = 200, description = "The key, and its new secret, told once.", body = NewKeyAnswer)))]
pub(super) async fn rotate(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    JsonBody(body): JsonBody<RotateBody>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let overlap = body.overlap_s.map_or(OVERLAP_USUAL, Duration::from_secs);
    let id = key_id(&id)?;
    let (key, secret) =
        Entrance::from_ref(&api).rotate_key(caller.to_write_from(address)?, id, overlap).await?;
    Ok(api.told_once(StatusCode::OK, &key, &secret))
}

#[utoipa::path(delete, path = "/keys/{id}", operation_id = "revoke_key", tag = "keys",
    responses((status = 204, description = "The key is no longer good.")))]
pub(super) async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    caller.may(Verb::Administration)?;
    Entrance::from_ref(&api).revoke_key(caller.to_write_from(address)?, key_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Api {
    fn told_once(&self, status: StatusCode, key: &ApiKey, secret: &Secret) -> Response {
        let key = KeyBody::new(key, KeptIn::Store, self.ledger.now());
        unstored(json_response(status, &json!({ "secret": secret.expose(), "key": key })))
    }
}

fn key_id(text: &str) -> Result<KeyId, Problem> {
    let no_such_key = || Rejection::NotFound { kind: "key", id: text.escape_default().to_string() };
    text.parse().map_err(|_| no_such_key().into())
}
