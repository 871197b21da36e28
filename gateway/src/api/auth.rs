//! Logging in and out, the own account, tickets for a WebSocket.

use std::time::{Duration, Instant};

use axum::extract::{FromRef, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use crate::auth::{self, Later, Secret};
use crate::domain::access::{AccessAsk, Email, Holder, Token};
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::command::Ask;
use crate::domain::entity::EntityKey;
use crate::domain::id::UserId;
use crate::domain::rejection::Rejection;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::domain::view::View;
use crate::ledger::Terms;
use crate::wire::access::{NewPassword, UserBody};
use crate::wire::caller::{Asker, Caller, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::problem::Problem;
use crate::wire::schema::Time;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(login), routes!(logout), routes!(me), routes!(change_password), routes!(ticket)]
}

/// What somebody logs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginBody {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// What a login gives.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct LoginAnswer {
    /// Send it as `Authorization: Bearer`.
    token: String,
    #[schema(value_type = Option<Time>)]
    expires_at: Option<Timestamp>,
    user: UserBody<'static>,
}

/// Who one is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct MeAnswer {
    user: Option<UserBody<'static>>,
    role: Role,
    view: View,
    actor: String,
}

/// A ticket for one WebSocket.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct TicketAnswer {
    ticket: String,
    #[schema(value_type = Time)]
    expires_at: Timestamp,
}

#[utoipa::path(post, path = "/auth/login", operation_id = "login", tag = "auth", request_body = LoginBody,
    responses(
        (status = 200, description = "A token, told once.", body = LoginAnswer),
        (status = 401, description = "Email or password is wrong, or the account is closed.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many logins failed.", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn login(
    State(api): State<Api>,
    peer: PeerAddress,
    JsonBody(body): JsonBody<LoginBody>,
) -> Result<Response, Problem> {
    let PeerAddress(address) = peer;
    // Who writes no address has no account; the answer is the same as for a wrong password.
    let email = body.email.parse::<Email>().map_err(|_| wrong_login())?;
    let backoff = api.doorkeeper.backoff();
    let held_back = backoff.check(address, &email, Instant::now()).map_err(too_early)?;
    // Counted before it is known: many tries at once would otherwise all pass before the first has failed.
    backoff.failed(address, &email, Instant::now());
    tokio::time::sleep(held_back).await;
    let user = api.ledger.snapshot().state.access.user_of(&email).cloned();
    let hash = user.as_ref().filter(|user| user.is_open()).map(|user| user.password.clone());
    let is_right = auth::is_right(body.password, hash.clone()).await;
    let Some(user) = user.filter(|_| is_right) else {
        let user_id = api.ledger.snapshot().state.access.user_of(&email).map(|user| user.id.clone());
        tracing::warn!(address = %address, user.id = user_id.as_ref().map(tracing::field::display), "a login failed");
        metrics::counter!(auth::metrics::LOGIN_FAILURES).increment(1);
        let note = AuditNote {
            actor: None,
            verb: "log_in",
            subject: user_id.map(|id| EntityKey::User(id).to_string()),
            outcome: AuditOutcome::Refused("wrong_login".into()),
            stretch: None,
        };
        api.ledger.note(note, Some(peer.origin())).await?;
        return Err(wrong_login());
    };
    backoff.succeeded(address, &email, Instant::now());
    let (token, secret) = api.new_token(user.id.clone());
    let expires_at = token.expires_at;
    let command =
        api.command(Actor::User(user.id.clone()), Ask::Access(AccessAsk::OpenToken { token, proved: hash }));
    let terms = Terms { origin: Some(peer.origin()), ..Terms::default() };
    api.ledger.submit_with(command, terms).await?;
    tracing::info!(user.id = %user.id, "a user logged in");
    let user = UserBody::from(&*user);
    let body = json!({ "token": secret.expose(), "expires_at": expires_at, "user": user });
    Ok(unstored(json_response(StatusCode::OK, &body)))
}

#[utoipa::path(post, path = "/auth/logout", operation_id = "logout", tag = "auth",
    responses(
        (status = 204, description = "The token is no longer good."),
        (status = 409, description = "A key does not log out.", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn logout(
    State(api): State<Api>,
    caller: Caller,
    address: PeerAddress,
) -> Result<StatusCode, Problem> {
    let (actor, Some(token)) = (caller.identity.actor, caller.identity.token) else {
        let detail = "a key does not log out; an admin revokes it";
        return Err(Problem::new(StatusCode::CONFLICT, "conflict", detail));
    };
    let command = api.command(actor, Ask::Access(AccessAsk::RevokeToken(token)));
    let terms = Terms { origin: Some(address.origin()), ..Terms::default() };
    api.ledger.submit_with(command, terms).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/auth/me", operation_id = "show_me", tag = "auth",
    responses((status = 200, description = "Who the caller is, and how much the caller sees.", body = MeAnswer)))]
pub(super) async fn me(State(api): State<Api>, caller: Caller) -> Response {
    let snapshot = api.ledger.snapshot();
    let user = match &caller.identity.actor {
        Actor::User(id) => snapshot.state.access.users.get(id).map(|user| UserBody::from(&**user)),
        _ => None,
    };
    let actor = caller.identity.actor.to_string();
    let body = json!({ "user": user, "role": caller.role, "view": caller.view(), "actor": actor });
    unstored(json_response(StatusCode::OK, &body))
}

/// A change of the own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordBody {
    #[serde(alias = "currentPassword")]
    #[schema(value_type = String, format = Password)]
    current_password: Secret,
    #[serde(alias = "newPassword")]
    #[schema(value_type = String, format = Password)]
    new_password: Secret,
}

#[utoipa::path(post, path = "/auth/password", operation_id = "change_password", tag = "auth", request_body = PasswordBody,
    responses(
        (status = 204, description = "The password is changed; other tokens of the account have ended."),
        (status = 429, description = "Too many tries failed.", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn change_password(
    State(api): State<Api>,
    caller: Caller,
    peer: PeerAddress,
    JsonBody(body): JsonBody<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let Actor::User(user_id) = caller.identity.actor.clone() else {
        return Err(Problem::unauthenticated("only somebody with an account has a password"));
    };
    let user = api.ledger.snapshot().state.access.users.get(&user_id).cloned();
    let Some(user) = user else { return Err(Problem::unauthenticated("the account is gone")) };
    let PeerAddress(address) = peer;
    let backoff = api.doorkeeper.backoff();
    let held_back = backoff.check(address, &user.email, Instant::now()).map_err(too_early)?;
    backoff.failed(address, &user.email, Instant::now());
    tokio::time::sleep(held_back).await;
    if !auth::is_right(body.current_password, Some(user.password.clone())).await {
        let note = AuditNote {
            actor: Some(caller.identity.actor),
            verb: "set_password",
            subject: Some(EntityKey::User(user_id).to_string()),
            outcome: AuditOutcome::Refused("wrong_password".into()),
            stretch: None,
        };
        api.ledger.note(note, Some(peer.origin())).await?;
        let reason = "is not the password of this account".into();
        return Err(Rejection::Invalid { field: "current_password", reason }.into());
    }
    backoff.succeeded(address, &user.email, Instant::now());
    // Proved against the password of then: an admin may reset it while the new one is hashed.
    let (proved, keep) = (Some(user.password.clone()), caller.identity.token);
    let new = NewPassword { field: "new_password", password: body.new_password, proved, keep };
    let asker = Asker { actor: caller.identity.actor, origin: peer.origin() };
    Entrance::from_ref(&api).set_password(asker, user_id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/auth/ticket", operation_id = "issue_ticket", tag = "auth",
    responses((status = 201, description = "A ticket for one WebSocket, good for a moment.", body = TicketAnswer)))]
pub(super) async fn ticket(State(api): State<Api>, caller: Caller) -> Response {
    let ticket = api.doorkeeper.tickets().issue(caller.identity, Instant::now());
    let expires_at = api.ledger.now().plus(auth::TICKET_LASTS);
    let body = json!({ "ticket": ticket.expose(), "expires_at": expires_at });
    unstored(json_response(StatusCode::CREATED, &body))
}

impl Api {
    /// A new token for somebody who proved a password, and its secret, which is told once.
    fn new_token(&self, user_id: UserId) -> (Token, Secret) {
        let now = self.ledger.now();
        let secret = Secret::random("cst_");
        let token = Token {
            id: uuid::Uuid::now_v7().into(),
            holder: Holder::User(user_id),
            digest: secret.digest(),
            label: None,
            created_at: now,
            expires_at: Some(now.plus(self.settings.session_lasts)),
        };
        (token, secret)
    }
}

/// An answer with a secret in it is kept by nobody on the way.
pub(super) fn unstored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn wrong_login() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong_login",
        "email or password is wrong, or the account is closed",
    )
}

/// Too many wrong guesses came from this address.
pub(super) fn too_early(Later { wait }: Later) -> Problem {
    let wait_s = Duration::as_secs(&wait) + 1;
    let detail = format!("too many tries failed from this address; try again in {wait_s} s");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_failures", detail).retryable_after(wait)
}
