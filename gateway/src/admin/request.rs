//! What the console may ask: the accounts, tokens and keys. Each is a command like any other door's.

use std::time::Duration;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Discover;
use crate::auth::Secret;
use crate::domain::access::{Email, Holder};
use crate::domain::actor::Actor;
use crate::domain::id::{KeyId, TokenId, UserId};
use crate::domain::rejection::Rejection;
use crate::wire::access::{
    KeptIn, KeyBody, NewKeyBody, NewPassword, NewUserBody, OVERLAP_USUAL, TokenBody, UserBody, UserEditBody,
};
use crate::wire::caller::{Asker, Entrance};
use crate::wire::problem::Problem;

/// Where the console's entries of the audit trail come from.
const ORIGIN: &str = "console";

/// One request: `{"ask": …, "with": {…}}`.
#[derive(Deserialize)]
#[serde(tag = "ask", content = "with", rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    ListUsers,
    CreateUser(NewUserBody),
    EditUser { user: Named, edit: UserEditBody },
    DisableUser { user: Named },
    SetPassword { user: Named, password: Secret },
    ListTokens { user: Option<Named> },
    OpenKiosk { label: String },
    RevokeToken { token_id: TokenId },
    ListKeys,
    CreateKey(NewKeyBody),
    RotateKey { key_id: KeyId, overlap_s: Option<u64> },
    RevokeKey { key_id: KeyId },
    DiscoverDevices,
}

/// An account as people name it: by its address or its id.
#[derive(Deserialize)]
#[serde(transparent)]
struct Named(String);

/// Answers one line: `{"ok": …}` or `{"problem": …}`, without a line's end.
///
/// Cancel safety: dropping the future does not take back a command that is in the queue.
pub async fn answer(entrance: &Entrance, discover: Option<&Discover>, line: &[u8]) -> Vec<u8> {
    let answered = match serde_json::from_slice::<Request>(line) {
        Ok(Request::DiscoverDevices) => match discover {
            Some(discover) => Ok(discover().await),
            None => Err(nobody_listens()),
        },
        Ok(request) => perform(entrance, request).await,
        // A request is one object on one line; what is cut off or longer is none.
        Err(error) => {
            let detail = format!("the request cannot be read: {error}");
            Err(Problem::new(StatusCode::BAD_REQUEST, "not_understood", detail))
        }
    };
    let answer = match answered {
        Ok(value) => json!({ "ok": value }),
        Err(problem) => json!({ "problem": problem }),
    };
    serde_json::to_vec(&answer).expect("our answers serialise")
}

async fn perform(entrance: &Entrance, request: Request) -> Result<Value, Problem> {
    let by = Asker { actor: Actor::Console, origin: ORIGIN.into() };
    match request {
        Request::ListUsers => {
            let snapshot = entrance.ledger.snapshot();
            let users = snapshot.state.access.users.values().map(|user| UserBody::from(&**user));
            Ok(json!({ "users": users.collect::<Vec<_>>() }))
        }
        Request::CreateUser(new) => {
            let user = entrance.create_user(by, new).await?;
            Ok(json!({ "user": UserBody::from(&*user) }))
        }
        Request::EditUser { user, edit } => {
            let user = entrance.edit_user(by, None, user.id(entrance)?, edit).await?;
            Ok(json!({ "user": UserBody::from(&*user) }))
        }
        Request::DisableUser { user } => {
            let user = entrance.disable_user(by, None, user.id(entrance)?).await?;
            Ok(json!({ "user": UserBody::from(&*user) }))
        }
        Request::SetPassword { user, password } => {
            let new = NewPassword { field: "password", password, proved: None, keep: None };
            entrance.set_password(by, user.id(entrance)?, new).await?;
            Ok(json!({}))
        }
        Request::ListTokens { user } => list_tokens(entrance, user),
        Request::OpenKiosk { label } => {
            let (token, secret) = entrance.open_kiosk(by, label).await?;
            Ok(json!({ "secret": secret.expose(), "token": TokenBody::from(&token) }))
        }
        Request::RevokeToken { token_id } => {
            entrance.revoke_token(by, token_id).await?;
            Ok(json!({}))
        }
        Request::ListKeys => Ok(entrance.with_keys(|keys| json!({ "keys": keys }))),
        Request::CreateKey(new) => {
            let (key, secret) = entrance.create_key(by, new).await?;
            let key = KeyBody::new(&key, KeptIn::Store, entrance.ledger.now());
            Ok(json!({ "secret": secret.expose(), "key": key }))
        }
        Request::RotateKey { key_id, overlap_s } => {
            let overlap = overlap_s.map_or(OVERLAP_USUAL, Duration::from_secs);
            let (key, secret) = entrance.rotate_key(by, key_id, overlap).await?;
            let key = KeyBody::new(&key, KeptIn::Store, entrance.ledger.now());
            Ok(json!({ "secret": secret.expose(), "key": key }))
        }
        // Answered before: it is about devices, not about accounts.
        Request::DiscoverDevices => Err(nobody_listens()),
        Request::RevokeKey { key_id } => {
            entrance.revoke_key(by, key_id).await?;
            Ok(json!({}))
        }
    }
}

fn nobody_listens() -> Problem {
    let detail = "no gateway runs here, so nobody has heard a device; start it, and ask again";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_running", detail)
}

fn list_tokens(entrance: &Entrance, user: Option<Named>) -> Result<Value, Problem> {
    let holder = user.map(|user| user.id(entrance)).transpose()?.map(Holder::User);
    let (snapshot, now) = (entrance.ledger.snapshot(), entrance.ledger.now());
    let tokens =
        snapshot.state.access.tokens.values().filter(|token| {
            token.is_live(now) && holder.as_ref().is_none_or(|holder| *holder == token.holder)
        });
    let tokens = tokens.map(|token| TokenBody::from(&**token));
    Ok(json!({ "tokens": tokens.collect::<Vec<_>>() }))
}

impl Named {
    fn id(&self, entrance: &Entrance) -> Result<UserId, Problem> {
        let users = entrance.ledger.snapshot();
        let access = &users.state.access;
        let by_email = self.0.parse::<Email>().ok().and_then(|email| access.user_of(&email));
        let by_id = || self.0.parse::<UserId>().ok().and_then(|id| access.users.get(&id));
        let user = by_email.or_else(by_id).map(|user| user.id.clone());
        user.ok_or_else(|| {
            Rejection::NotFound { kind: "user", id: self.0.escape_default().to_string() }.into()
        })
    }
}
