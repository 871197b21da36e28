//! Accounts of people: for admins.

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Api;
use super::auth::unstored;
use super::listing::{KnownQuery, page};
use crate::auth::Secret;
use crate::domain::access::User;
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::rejection::Rejection;
use crate::domain::role::{Role, Verb};
use crate::wire::access::{NewUserBody, UserBody, UserEditBody};
use crate::wire::caller::{Caller, Entrance};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;

/// Which accounts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsersQuery {
    role: Option<Role>,
    disabled: Option<bool>,
    limit: Option<usize>,
    cursor: Option<String>,
}

/// `GET /api/users`
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    KnownQuery(query): KnownQuery<UsersQuery>,
) -> Result<Response, Problem> {
    caller.may(Verb::Administration)?;
    let snapshot = api.ledger.snapshot();
    let users = snapshot.state.access.users.values().filter(|user| {
        query.role.is_none_or(|role| user.role == role)
            && query.disabled.is_none_or(|disabled| user.is_open() != disabled)
    });
    let users = users.map(|user| (user.id.to_string(), json!(UserBody::from(&**user))));
    let body = page("users", users, query.limit, query.cursor.as_deref())?;
    Ok(unstored(json_response(StatusCode::OK, &body)))
}

/// `GET /api/users/{id}`
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

/// `POST /api/users`
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonBody(body): JsonBody<NewUserBody>,
) -> Result<Response, Problem> {
    // Asked before the rules are: who may not make accounts costs no hash of a password.
    caller.may(Verb::Administration)?;
    let user = Entrance::from_ref(&api).create_user(caller.to_write()?, body).await?;
    Ok(answer(StatusCode::CREATED, &user))
}

/// `PATCH /api/users/{id}`
pub(super) async fn edit(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    JsonBody(body): JsonBody<UserEditBody>,
) -> Result<Response, Problem> {
    let id = user_id(&id)?;
    let user = Entrance::from_ref(&api).edit_user(caller.to_write()?, id, body).await?;
    Ok(answer(StatusCode::OK, &user))
}

/// `DELETE /api/users/{id}`: a leaver, in one step. The account stays, closed: what it did goes on naming it.
pub(super) async fn disable(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let id = user_id(&id)?;
    Entrance::from_ref(&api).disable_user(caller.to_write()?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password that an admin gives an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordBody {
    #[serde(alias = "newPassword")]
    new_password: Secret,
}

/// `POST /api/users/{id}/password`
pub(super) async fn set_password(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    JsonBody(body): JsonBody<PasswordBody>,
) -> Result<StatusCode, Problem> {
    caller.may(Verb::Administration)?;
    let id = user_id(&id)?;
    let is_own = caller.identity.actor == Actor::User(id.clone());
    let keep = caller.identity.token.clone().filter(|_| is_own);
    let password = ("new_password", body.new_password);
    Entrance::from_ref(&api).set_password(caller.to_write()?, id, password, keep).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn answer(status: StatusCode, user: &User) -> Response {
    let body: Value = json!({ "user": UserBody::from(user) });
    unstored(json_response(status, &body))
}

fn user_id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| no_such_user(&text.escape_default()))
}

fn no_such_user(id: &impl std::fmt::Display) -> Problem {
    Rejection::NotFound { kind: "user", id: id.to_string() }.into()
}
