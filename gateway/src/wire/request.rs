//! What follows each request through the gateway: its id, its line in the log, its place in the metrics.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use tracing::Instrument;

use super::metrics::{PROBLEMS, REQUEST_SECONDS, REQUESTS};
use super::problem::Problem;

/// The header that carries a request's id, both ways.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a client, in bytes.
const ID_BYTES_MAX: usize = 64;
/// The route of a request that no route takes. Its path is the client's own text, and is never told.
const NO_ROUTE: &str = "none";
/// What machines report comes several times a second, all day; the journal and the metrics tell what came of it.
const REPORTS: &str = "/api/webhooks/";

/// A request's id: the client's own, if it sent a plain one, else a UUIDv7. Names the request in the answer, in a
/// problem and in the log, and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id that `headers` bring, or a new one.
    fn of(headers: &HeaderMap) -> Self {
        let brought =
            headers.get(REQUEST_ID_HEADER).and_then(|id| id.to_str().ok()).filter(|id| is_plain(id));
        Self(brought.map_or_else(|| uuid::Uuid::now_v7().to_string().into(), Into::into))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+/=".contains(&byte);
    (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(is_plain)
}

/// Follows `request` to the answer that `lead` gives it: around all that may refuse one, so that refusals are told too.
///
/// The id goes on in the request's extensions, into every line that is logged on the way, into the answer's header
/// and into its problem. Of the request itself only the method and the route's template are told: a path holds
/// ids, a query may hold a ticket.
pub async fn follow(mut request: Request, lead: impl AsyncFnOnce(Request) -> Response) -> Response {
    let begun = Instant::now();
    let id = RequestId::of(request.headers());
    let told = Told::of(&request);
    request.extensions_mut().insert(id.clone());
    // A span of the highest level: it must be there for the lines of every level that the filter lets through.
    let span = tracing::error_span!(
        "request",
        request.id = %id,
        http.method = told.method,
        http.route = told.route(),
    );
    let mut response = lead(request).instrument(span.clone()).await;
    let code = name_request(&mut response, id);
    span.in_scope(|| told.end(response.status(), code, begun.elapsed()));
    response
}

/// Puts the id into the answer, and into the problem if it is one. Returns the problem's code.
fn name_request(response: &mut Response, id: RequestId) -> Option<&'static str> {
    let value = HeaderValue::from_str(&id.0).expect("an id is plain text");
    response.headers_mut().insert(REQUEST_ID_HEADER, value);
    let problem = response.extensions_mut().remove::<Problem>()?.of_request(id);
    *response.body_mut() = Body::from(problem.to_json());
    response.headers_mut().remove(header::CONTENT_LENGTH);
    Some(problem.code())
}

/// What may be told of a request.
struct Told {
    method: &'static str,
    route: Option<MatchedPath>,
}

impl Told {
    fn of(request: &Request) -> Self {
        Self { method: known(request.method()), route: request.extensions().get().cloned() }
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
    }

    /// Counts the request and logs its end: failures of ours loudest, then what changes something; reads and
    /// reports of machines only for those who look closely.
    fn end(&self, status: StatusCode, code: Option<&'static str>, took: Duration) {
        let (route, method) = (self.route().to_owned(), self.method);
        metrics::counter!(
            REQUESTS, "route" => route.clone(), "method" => method, "status" => status.as_str().to_owned()
        )
        .increment(1);
        metrics::histogram!(REQUEST_SECONDS, "route" => route, "method" => method).record(took);
        if let Some(code) = code {
            metrics::counter!(PROBLEMS, "code" => code).increment(1);
        }
        let (status, duration_ms) = (status.as_u16(), in_ms(took));
        if status >= 500 {
            tracing::warn!(status, duration_ms, problem.code = code, "a request failed");
        } else if self.is_quiet() {
            tracing::debug!(status, duration_ms, problem.code = code, "a request was answered");
        } else {
            tracing::info!(status, duration_ms, problem.code = code, "a request was answered");
        }
    }

    fn is_quiet(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS") || self.route().starts_with(REPORTS)
    }
}

/// The method in words of ours: a client may invent its own.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Milliseconds, to the microsecond.
fn in_ms(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(brought: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID_HEADER, HeaderValue::from_bytes(brought).unwrap());
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn a_plain_id_is_kept_and_any_other_is_replaced() {
        let long = "x".repeat(ID_BYTES_MAX);
        for plain in ["a", "Root=1-67891233-abcdef", "019a:f3/b+c_d.e", &long] {
            assert_eq!(id_of(plain.as_bytes()), plain);
        }
        let longer = "x".repeat(ID_BYTES_MAX + 1);
        for odd in [&b""[..], b"a b", b"a\"b", b"a\\b", b"{}", b"a,b", b"\xc3\xa4", longer.as_bytes()] {
            let id: uuid::Uuid = id_of(odd).parse().unwrap();
            assert_eq!(id.get_version_num(), 7, "{odd:?}");
        }
    }

    #[test]
    fn a_method_that_a_client_invents_is_no_word_of_ours() {
        assert_eq!(known(&Method::DELETE), "DELETE");
        assert_eq!(known(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
