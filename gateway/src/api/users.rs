//! Accounts of people: for admins.

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::Api;
use super::answer::with_revision;
use super::auth::unstored;
use super::document::Routes;
use super::shapes::{UserAnswer, UsersAnswer};
use crate::auth::Secret;
use crate::domain::access::User;
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::rejection::Rejection;
use crate::domain::role::{Role, Verb};
use crate::wire::access::{NewPassword, NewUserBody, UserBody, UserEditBody};
use crate::wire::caller::{Caller, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::page::{QueryOf, page};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::terms::IfMatch;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(list, create), routes!(show, edit, disable), routes!(set_password)]
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UsersQuery {
    #[param(inline)]
    role: Option<Role>,
    disabled: Option<bool>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    cursor: Option<String>,
}

#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "users", params(UsersQuery),
    responses((status = 200, description = "The accounts, by id.", body = UsersAnswer)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<UsersQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let snapshot = api.ledger.snapshot();
    let users = snapshot.state.access.users.values().filter(|user| {
        query.role.is_none_or(|role| user.role == role)
            && query.disabled.is_none_or(|disabled| user.is_open() != disabled)
    });
    let users = users.map(|user| (user.id.clone(), json!(UserBody::from(&**user)))).collect();
    let page = page("users", users, query.limit, query.cursor.as_deref())?;
    Ok(unstored(api.listed("users", page, &snapshot)))
}

#[utoipa::path(get, path = "/users/{id}", operation_id = "show_user", tag = "users",
    responses((status = 200, description = "The account.", body = UserAnswer)))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let id = user_id(&id)?;
    let snapshot = api.ledger.snapshot();
    let user = snapshot.state.access.users.get(&id).ok_or_else(|| no_such_user(&id))?;
    Ok(answer(StatusCode::OK, user))
}

#[utoipa::path(post, path = "/users", operation_id = "create_user", tag = "users", request_body = NewUserBody,
    responses((status = 201, description = "The account is made.", body = UserAnswer)))]
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    JsonBody(body): JsonBody<NewUserBody>,
) -> Result<Response, Problem> {
    // Asked before the rules are: who may not make accounts costs no hash of a password.
    caller.may(Verb::Administration)?;
    let user = Entrance::from_ref(&api).create_user(caller.to_write_from(address)?, body).await?;
    Ok(answer(StatusCode::CREATED, &user))
}

#[utoipa::path(patch, path = "/users/{id}", operation_id = "edit_user", tag = "users", request_body = UserEditBody,
    responses((status = 200, description = "The account as it is now.", body = UserAnswer)))]
pub(super) async fn edit(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    IfMatch(if_match): IfMatch,
    PathId(id): PathId,
    JsonBody(body): JsonBody<UserEditBody>,
) -> Result<Response, Problem> {
    let id = user_id(&id)?;
    let asker = caller.to_write_from(address)?;
    let user = Entrance::from_ref(&api).edit_user(asker, if_match, id, body).await?;
    Ok(answer(StatusCode::OK, &user))
}

#[utoipa::path(delete, path = "/users/{id}", operation_id = "disable_user", tag = "users",
    description = "A leaver, in one step. The account stays, closed: what it did goes on naming it.",
    responses((status = 204, description = "The account is closed and its tokens have ended.")))]
pub(super) async fn disable(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    IfMatch(if_match): IfMatch,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let id = user_id(&id)?;
    Entrance::from_ref(&api).disable_user(caller.to_write_from(address)?, if_match, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password that an admin gives an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPasswordBody)]
pub(super) struct PasswordBody {
    #[serde(alias = "newPassword")]
    #[schema(value_type = String)]
    new_password: Secret,
}

#[utoipa::path(post, path = "/users/{id}/password", operation_id = "set_user_password", tag = "users", request_body = PasswordBody,
    responses((status = 204, description = "The account has the new password; its other tokens have ended.")))]
pub(super) async fn set_password(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
    PathId(id): PathId,
    JsonBody(body): JsonBody<PasswordBody>,
) -> Result<StatusCode, Problem> {
    caller.may(Verb::Administration)?;
    let id = user_id(&id)?;
    let is_own = caller.identity.actor == Actor::User(id.clone());
    let keep = caller.identity.token.clone().filter(|_| is_own);
    let new = NewPassword { field: "new_password", password: body.new_password, proved: None, keep };
    Entrance::from_ref(&api).set_password(caller.to_write_from(address)?, id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn answer(status: StatusCode, user: &User) -> Response {
    let body: Value = json!({ "user": UserBody::from(user) });
    unstored(with_revision(user.revision, json_response(status, &body)))
}

fn user_id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| no_such_user(&text.escape_default()))
}

fn no_such_user(id: &impl std::fmt::Display) -> Problem {
    Rejection::NotFound { kind: "user", id: id.to_string() }.into()
}
