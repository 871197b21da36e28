//! REST. A handler decodes, submits and encodes; the rules are elsewhere.

mod auth;
mod health;
mod keys;
mod listing;
mod metrics;
mod rooms;
mod setup;
mod tokens;
mod users;
mod webhooks;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRef;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post, put};

use crate::auth::Doorkeeper;
use crate::domain::actor::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::event::Seq;
use crate::domain::id::CommandId;
use crate::ledger::Handle;
use crate::wire::caller::Entrance;
use crate::wire::cursor::Cursor;
use crate::wire::problem::Problem;

use webhooks::Senders;

pub use health::MissingAsset;
pub use setup::Setup;

/// The header that says which cursor contains the answered write, so that a client can wait for its own event.
pub const CURSOR_HEADER: HeaderName = HeaderName::from_static("caresync-cursor");

/// What the API needs to know besides the ledger.
#[derive(Clone)]
pub struct Settings {
    /// How long a login lasts.
    pub session_lasts: Duration,
    /// How many webhooks a key may send a second.
    pub key_requests_per_s: NonZeroU32,
    /// A webhook's event older than this is not processed; zero turns the check off.
    pub webhook_age_max: Duration,
    /// What the configuration needs and `make assets` has not brought.
    pub missing_assets: Vec<MissingAsset>,
}

/// The API. Clones share everything.
#[derive(Clone)]
pub struct Api {
    ledger: Handle,
    doorkeeper: Doorkeeper,
    senders: Arc<Senders>,
    settings: Arc<Settings>,
}

impl Api {
    /// The API on the ledger of `entrance`, for whom its doorkeeper knows.
    pub fn new(entrance: Entrance, settings: Settings) -> Self {
        let Entrance { ledger, doorkeeper } = entrance;
        let senders = Arc::new(Senders::new(settings.key_requests_per_s));
        Self { ledger, doorkeeper, senders, settings: Arc::new(settings) }
    }

    /// The API's door.
    pub fn router(&self) -> Router {
        let rooms = Router::new()
            .route("/api/rooms", get(rooms::list))
            .route("/api/rooms/{id}", get(rooms::show))
            .route("/api/rooms/{id}/status", put(rooms::set_status))
            .route("/api/facility/rooms", get(rooms::list))
            .route("/api/facility/rooms/{id}", get(rooms::show))
            .route("/api/facility/rooms/{id}/status", put(rooms::set_status))
            .route("/api/utilization", get(metrics::utilization))
            .route("/api/facility/utilization", get(metrics::utilization))
            .route("/api/metrics/daily", get(metrics::daily))
            .route("/api/metrics/trends", get(metrics::trends));
        Router::new()
            .route("/api/health", get(health::show))
            .route("/api/auth/login", post(auth::login))
            .route("/api/auth/logout", post(auth::logout))
            .route("/api/auth/me", get(auth::me))
            .route("/api/auth/password", post(auth::change_password))
            .route("/api/auth/ticket", post(auth::ticket))
            .merge(webhooks::router())
            .merge(rooms)
            .merge(access())
            .fallback(async || Problem::no_such_path())
            .method_not_allowed_fallback(async || {
                let detail = "this path does not take this method; see the Allow header";
                Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
            })
            .with_state(self.clone())
    }

    /// A command of `actor` that enters here.
    fn command(&self, actor: Actor, ask: Ask) -> Command {
        Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask }
    }

    fn with_cursor(&self, seq: Seq, mut response: Response) -> Response {
        let cursor = Cursor { epoch: self.ledger.epoch().into(), seq };
        let value = HeaderValue::from_str(&cursor.to_string()).expect("a cursor is plain text");
        response.headers_mut().insert(CURSOR_HEADER, value);
        response
    }
}

/// Accounts, tokens and keys.
fn access() -> Router<Api> {
    Router::new()
        .route("/api/users", get(users::list).post(users::create))
        .route("/api/users/{id}", get(users::show).patch(users::edit).delete(users::disable))
        .route("/api/users/{id}/password", post(users::set_password))
        .route("/api/tokens", get(tokens::list).post(tokens::create))
        .route("/api/tokens/{id}", delete(tokens::revoke))
        .route("/api/keys", get(keys::list).post(keys::create))
        .route("/api/keys/{id}", delete(keys::revoke))
        .route("/api/keys/{id}/rotate", post(keys::rotate))
}

impl FromRef<Api> for Entrance {
    fn from_ref(api: &Api) -> Self {
        Self { doorkeeper: api.doorkeeper.clone(), ledger: api.ledger.clone() }
    }
}
