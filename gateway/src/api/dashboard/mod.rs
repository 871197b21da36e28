//! The dashboard: the pages that staff use, embedded in the binary (feature `dashboard`), and what a browser may do
//! with them. Built without them, `/` says so.
//!
//! A page of the dashboard is an address of its own (`/rooms`, `/tasks/…`), which the dashboard itself reads: who
//! navigates to one that no route takes gets the same document. A program that asks for a path that is not
//! there still hears that it is not.

mod file;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::file::{File, Served};
use super::Api;
use crate::auth::Secret;
use crate::wire::problem::Problem;

/// Every file of the dashboard, or none.
#[cfg(feature = "dashboard")]
const BUILT: &[File] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));
#[cfg(not(feature = "dashboard"))]
const BUILT: &[File] = &[];

/// The document of every page.
const DOCUMENT: &str = "index.html";
/// What is at `/` without the dashboard.
const ABSENT: &str = include_str!("absent.html");
/// Where Vite (`html.cspNonce`) and our own page leave room for the nonce of an answer.
const NONCE: &str = "%CSP_NONCE%";
/// Below these nothing is a page: a path that is not there is a mistake, and is told to browsers too.
const NO_PAGES: [&str; 2] = ["/api/", "/assets/"];

/// What a page may do besides its policy. It needs nothing of the machine that it is shown on, and its addresses
/// hold ids, which are nobody else's business. No HSTS: that is for who owns the clinic's name to decide.
const GUARDS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=()",
    ),
];

/// The embedded files by path, ready to be sent.
#[derive(Debug)]
pub(super) struct Dashboard {
    document: Option<&'static str>,
    files: HashMap<&'static str, Served>,
}

impl Dashboard {
    /// What this binary was built with.
    pub(super) fn built() -> Self {
        Self::of(BUILT)
    }

    fn of(files: &'static [File]) -> Self {
        let document = files.iter().find(|file| file.path == DOCUMENT);
        let document = document.map(|file| str::from_utf8(file.plain).expect("Vite writes UTF-8"));
        let files = files.iter().filter(|file| file.path != DOCUMENT);
        Self { document, files: files.map(|file| (file.path, Served::new(*file))).collect() }
    }

    /// What is at a path that no route takes.
    fn find(&self, request: &Request) -> Result<Response, Problem> {
        let (method, path, asked) = (request.method(), request.uri().path(), request.headers());
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Problem::no_such_path());
        }
        if let Some(file) = self.files.get(path.trim_start_matches('/')) {
            return Ok(file.answer(asked));
        }
        let is_page = !NO_PAGES.iter().any(|prefix| path.starts_with(prefix)) && navigates(asked);
        let document = self.document.filter(|_| is_page).ok_or_else(Problem::no_such_path)?;
        Ok(page(document))
    }
}

/// The first page, which is there for whoever asks.
pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/", get(async |State(api): State<Api>| page(api.dashboard.document.unwrap_or(ABSENT))))
}

/// Answers what no route takes.
pub(super) async fn find(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    api.dashboard.find(&request)
}

/// True if a person goes to an address, rather than a program that fetches it: only browsers that navigate ask for
/// HTML by name.
fn navigates(asked: &HeaderMap) -> bool {
    let accepted = asked.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// A page with a nonce of its own. So each answer is another, and none is kept without asking.
fn page(document: &str) -> Response {
    let nonce = Secret::random("");
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(nonce.expose()));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.extend(GUARDS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    (headers, document.replace(NONCE, nonce.expose())).into_response()
}

/// Nothing is loaded, and nothing is sent, but from and to this gateway. `'self'` covers WebSockets of the same host
/// in every browser that runs what Vite builds (CSP 3; Safari since 15.4).
fn policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a nonce is plain text")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const FILES: &[File] = &[
        File { path: DOCUMENT, plain: b"<meta nonce=%CSP_NONCE%>", brotli: None, gzip: None },
        File { path: "assets/a-1.js", plain: b"a", brotli: None, gzip: None },
        File { path: "favicon.svg", plain: b"<svg/>", brotli: None, gzip: None },
    ];

    fn status(dashboard: &Dashboard, method: &str, path: &str, accept: &str) -> u16 {
        let request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
        let answer = dashboard.find(&request.body(Body::empty()).unwrap());
        answer.unwrap_or_else(IntoResponse::into_response).status().as_u16()
    }

    #[test]
    fn who_navigates_gets_the_document_and_a_program_hears_that_nothing_is_there() {
        const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
        let built = Dashboard::of(FILES);
        for (method, path, accept, wanted) in [
            ("GET", "/tasks/018f", BROWSER, 200),
            ("HEAD", "/rooms", BROWSER, 200),
            ("GET", "/rooms", "*/*", 404),
            ("GET", "/rooms", "application/json", 404),
            ("POST", "/rooms", BROWSER, 404),
            ("GET", "/api/nothing", BROWSER, 404),
            ("GET", "/assets/a-1.js", "*/*", 200),
            ("GET", "/assets/a-2.js", BROWSER, 404),
            ("GET", "/favicon.svg", "*/*", 200),
        ] {
            assert_eq!(status(&built, method, path, accept), wanted, "{method} {path} {accept}");
        }
        assert_eq!(status(&Dashboard::of(&[]), "GET", "/rooms", BROWSER), 404, "there are no pages");
    }

    #[test]
    fn each_answer_has_a_nonce_of_its_own() {
        let policy = || page("").headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let nonce =
            |policy: &str| policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let (one, other) = (policy(), policy());
        assert_ne!(nonce(&one), nonce(&other));
        assert!(nonce(&one).len() >= 22, "128 bits: {one}");
        assert!(!one.contains("unsafe"), "{one}");
    }

    #[cfg(feature = "dashboard")]
    #[test]
    fn what_is_embedded_is_whole() {
        let built = Dashboard::built();
        let document = built.document.unwrap();
        assert!(document.contains(NONCE), "styles need a nonce");
        let named: Vec<_> = document.split('"').filter(|part| part.starts_with("/assets/")).collect();
        assert!(!named.is_empty(), "{document}");
        for path in named {
            assert!(built.files.contains_key(path.trim_start_matches('/')), "{path}");
        }
        for (path, file) in &built.files {
            assert_ne!(file.kind(), "application/octet-stream", "{path}");
        }
    }
}
