//! REST. A handler decodes, submits and encodes; the rules are elsewhere.

mod health;
mod rooms;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};

use crate::auth::Keys;
use crate::domain::event::Seq;
use crate::ledger::Handle;
use crate::wire::cursor::Cursor;
use crate::wire::problem::Problem;

pub use health::MissingAsset;

/// The header that says which cursor contains the answered write, so that a client can wait for its own event.
pub const CURSOR_HEADER: HeaderName = HeaderName::from_static("caresync-cursor");

/// What the API needs to know besides the ledger.
#[derive(Clone)]
pub struct Settings {
    /// Anybody who reaches the listener may read and write: a demo on loopback.
    pub open_demo: bool,
    /// Keys of devices.
    pub keys: Keys,
    /// A webhook's event older than this is not processed; zero turns the check off.
    pub webhook_age_max: Duration,
    /// What the configuration needs and `make assets` has not brought.
    pub missing_assets: Vec<MissingAsset>,
}

/// The API. Clones share everything.
#[derive(Clone)]
pub struct Api {
    ledger: Handle,
    settings: Arc<Settings>,
}

impl Api {
    /// The API on `ledger`.
    pub fn new(ledger: Handle, settings: Settings) -> Self {
        Self { ledger, settings: Arc::new(settings) }
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
            .layer(from_fn_with_state(self.clone(), admit));
        Router::new()
            .route("/api/health", get(health::show))
            .route("/api/webhooks/opencv/event", post(webhooks::opencv_event))
            .merge(rooms)
            .fallback(async || Problem::no_such_path())
            .method_not_allowed_fallback(async || {
                let detail = "this path does not take this method; see the Allow header";
                Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
            })
            .with_state(self.clone())
    }

    fn with_cursor(&self, seq: Seq, mut response: Response) -> Response {
        let cursor = Cursor { epoch: self.ledger.epoch().into(), seq };
        let value = HeaderValue::from_str(&cursor.to_string()).expect("a cursor is plain text");
        response.headers_mut().insert(CURSOR_HEADER, value);
        response
    }
}

/// Until users have identities, nobody can prove to be one: only an open demo admits anybody.
async fn admit(State(api): State<Api>, request: Request, next: Next) -> Response {
    if api.settings.open_demo {
        return next.run(request).await;
    }
    let detail = "this needs proof of who you are; until users have identities, only a demo on loopback \
                  (http.open_demo = true) admits anybody";
    Problem::unauthenticated(detail).into_response()
}
