//! REST, and the dashboard's files. A handler decodes, submits and encodes; the rules are elsewhere.

mod actions;
mod agent;
mod alarms;
mod answer;
mod audit;
mod auth;
mod automation;
mod dashboard;
mod devices;
mod doctors;
mod document;
mod equipment;
mod facility;
mod health;
mod keys;
mod metrics;
mod people;
mod readings;
mod rooms;
mod setup;
mod shapes;
mod tasks;
mod tokens;
mod users;
mod webhooks;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRef;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use utoipa::openapi::OpenApi;

use crate::auth::Doorkeeper;
use crate::domain::actor::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::event::Seq;
use crate::domain::id::CommandId;
use crate::ledger::Handle;
use crate::wire::caller::Entrance;
use crate::wire::cursor::Cursor;

use dashboard::Dashboard;
use webhooks::Senders;

pub use health::{MissingAsset, Probe};
pub use setup::Setup;

/// The API's document (OpenAPI 3.1) as JSON, with what other `doors` say of themselves.
pub fn document(doors: OpenApi) -> String {
    document::router(doors).1.to_pretty_json().expect("our document serialises")
}

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
    /// Parts of the gateway whose health is told besides, by name.
    pub parts: Vec<(&'static str, Probe)>,
}

/// The API. Clones share everything.
#[derive(Clone)]
pub struct Api {
    ledger: Handle,
    doorkeeper: Doorkeeper,
    senders: Arc<Senders>,
    settings: Arc<Settings>,
    dashboard: Arc<Dashboard>,
}

impl Api {
    /// The API on the ledger of `entrance`, for whom its doorkeeper knows.
    pub fn new(entrance: Entrance, settings: Settings) -> Self {
        let Entrance { ledger, doorkeeper } = entrance;
        let senders = Arc::new(Senders::new(settings.key_requests_per_s));
        let dashboard = Arc::new(Dashboard::built());
        Self { ledger, doorkeeper, senders, settings: Arc::new(settings), dashboard }
    }

    /// The API's door, with the document of what it and other `doors` serve.
    pub fn router(&self, doors: OpenApi) -> Router {
        let (router, document) = document::router(doors);
        router
            .merge(document::pages(&document))
            .merge(dashboard::routes())
            .fallback(dashboard::find)
            .method_not_allowed_fallback(document::no_such_method)
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

impl FromRef<Api> for Entrance {
    fn from_ref(api: &Api) -> Self {
        Self { doorkeeper: api.doorkeeper.clone(), ledger: api.ledger.clone() }
    }
}
