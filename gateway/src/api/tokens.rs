//! Bearer tokens: one's own, and for admins everybody's and those of wall screens.

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
use super::shapes::{NewTokenAnswer, TokensAnswer};
use crate::domain::access::{Holder, Token};
use crate::domain::actor::Actor;
use crate::domain::id::{TokenId, UserId};
use crate::domain::rejection::Rejection;
use crate::domain::role::Verb;
use crate::wire::access::{TokenBody, TokenKind};
use crate::wire::caller::{Caller, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::schema::Id;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(revoke)]
}

/// Which tokens.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TokensQuery {
    #[param(value_type = Option<Id>)]
    user_id: Option<UserId>,
    #[param(inline)]
    kind: Option<TokenKind>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "tokens", params(TokensQuery),
    description = "The own tokens; for admins all that are live.",
    responses((status = 200, description = "The tokens, by id.", body = TokensAnswer)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<TokensQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::OwnAccess)?;
    let sees_all = caller.role.may(Verb::Administration);
    let own = match &caller.identity.actor {
        Actor::User(id) => Some(Holder::User(id.clone())),
        _ => None,
    };
    let asked = query.user_id.map(Holder::User);
    let (snapshot, now) = (api.ledger.snapshot(), api.ledger.now());
    let is_wanted = |token: &Token| {
        token.is_live(now)
            && (sees_all || own.as_ref() == Some(&token.holder))
            && asked.as_ref().is_none_or(|holder| *holder == token.holder)
            && query.kind.is_none_or(|kind| kind == TokenKind::of(token))
    };
    let tokens = snapshot.state.access.tokens.values().filter(|token| is_wanted(token));
    let tokens = tokens.map(|token| (token.id.clone(), json!(TokenBody::from(&**token)))).collect();
    let page = page("tokens", tokens, query.limit, query.cursor.as_deref())?;
    Ok(unstored(api.listed("tokens", page, &snapshot)))
}

/// A token that is to be made. People get theirs by logging in.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum NewTokenBody {
    /// For a wall screen.
    Kiosk {
        /// What it is for, such as where the screen hangs.
        label: String,
    },
}

#[utoipa::path(post, path = "/tokens", operation_id = "create_token", tag = "tokens", request_body = NewTokenBody,
    responses((status = 201, description = "The token, and its secret, told once.", body = NewTokenAnswer)))]
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    JsonBody(NewTokenBody::Kiosk { label }): JsonBody<NewTokenBody>,
) -> Result<Response, Problem> {
    let (token, secret) = Entrance::from_ref(&api).open_kiosk(caller.to_write_from(address)?, label).await?;
    let body = json!({ "secret": secret.expose(), "token": TokenBody::from(&token) });
    Ok(unstored(json_response(StatusCode::CREATED, &body)))
}

#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revoke_token", tag = "tokens",
    responses((status = 204, description = "The token is no longer good.")))]
pub(super) async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let no_such_token = || Rejection::NotFound { kind: "token", id: id.escape_default().to_string() };
    let id: TokenId = id.parse().map_err(|_| no_such_token())?;
    Entrance::from_ref(&api).revoke_token(caller.to_write_from(address)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
