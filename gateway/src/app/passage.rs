//! What every request passes on its way to the doors.
//!
//! One layer for all of it: each layer of a router costs every request a boxed service and a boxed future, some 3 us
//! where a whole request takes 60.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;

use super::requests::{Rates, bound};
use crate::api;
use crate::config::HttpConfig;
use crate::wire::caller::PeerAddress;
use crate::wire::gate::{Gate, Scheme};
use crate::wire::problem::Problem;
use crate::wire::request::{REQUEST_ID_HEADER, follow};
use crate::wire::terms::IDEMPOTENCY_KEY;

/// What requests are held against.
struct Passage {
    rates: Rates,
    gate: Gate,
}

/// Leads every request to `doors` through the passage.
pub(super) fn to(doors: Router, http: &HttpConfig) -> Router {
    let scheme = if http.tls.files().is_some() { Scheme::Https } else { Scheme::Http };
    let passage = Passage {
        rates: Rates::new(http.requests_per_s_per_address),
        gate: Gate::new(http.listen, scheme, &http.hosts, &http.allowed_origins),
    };
    // Without pages of other origins there is nobody to tell anything: the gate refuses them.
    let doors = if http.allowed_origins.is_empty() {
        doors
    } else {
        // They are told of a panic too.
        doors.layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| panicked())).layer(cors(http))
    };
    doors.layer(from_fn_with_state(Arc::new(passage), lead))
}

async fn lead(State(passage): State<Arc<Passage>>, request: Request, next: Next) -> Response {
    follow(request, async |request| match passage.admit(request) {
        Ok(request) => {
            AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| panicked())
        }
        Err(refusal) => *refusal,
    })
    .await
}

impl Passage {
    /// Counts a request, and lets it pass within its bounds. What costs least to refuse is looked at first.
    fn admit(&self, request: Request) -> Result<Request, Box<Response>> {
        self.rates.check(PeerAddress::of(request.extensions()).0)?;
        let admitted = self.gate.check(&request).and_then(|()| bound(request));
        admitted.map_err(|problem| Box::new(problem.into_response()))
    }
}

/// The panic itself is told in the log, by its place.
fn panicked() -> Response {
    let detail = "the gateway failed on this request; nothing was acknowledged";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail).into_response()
}

/// Tells browsers what the gate lets pages of other origins do.
fn cors(http: &HttpConfig) -> CorsLayer {
    let origins = http
        .allowed_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok());
    CorsLayer::new()
        .allow_origin(origins.collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            header::IF_MATCH,
            IDEMPOTENCY_KEY,
            REQUEST_ID_HEADER,
        ])
        .expose_headers([
            api::CURSOR_HEADER,
            REQUEST_ID_HEADER,
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
        ])
}
