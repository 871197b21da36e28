//! The client that calls other systems.
//!
//! It follows no redirect and knows no proxy: what is called is what was configured. Certificates are verified, against
//! the system's authorities and the clinic's own. Answers are read to [`ANSWER_BYTES_MAX`], and no error of it names an
//! address, a header or a body.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::{Instant, timeout_at};

use crate::domain::time::Timestamp;

/// The most of an answer that is read: an agent's is some hundred bytes, a webhook's is not looked at.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How long a connection may take to open. On a LAN it is there at once, or the machine is off.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// How long a connection is kept that nobody uses.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Connections that are kept to one host.
const IDLE_PER_HOST_MAX: usize = 4;
/// Where Debian keeps those who sign certificates.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Who calls.
const AGENT: &str = concat!("caresync-gateway/", env!("CARGO_PKG_VERSION"));

/// The client. Clones share its connections.
#[derive(Clone)]
pub struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// Where, whole.
    pub url: Uri,
    /// What it carries besides the body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// How long the whole of it may take.
    pub timeout: Duration,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// How long the other side asks to be left alone.
    pub retry_after: Option<RetryAfter>,
    /// The body; none when it is too large, broke off, or did not end in time: the status came all the same.
    pub body: Option<Bytes>,
}

/// `Retry-After` (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so long.
    Wait(Duration),
    /// At this time.
    At(Timestamp),
}

/// Why there is no answer. Whether the other side has done what it was asked is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nobody takes the connection.
    #[error("no connection: the machine or the program there is off, or the name is unknown")]
    Unreached,
    /// The certificate does not prove who is there.
    #[error("the TLS certificate there is not trusted, or is another's; see claw.ca_file")]
    Untrusted,
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// What came is no HTTP, or broke off before the status.
    #[error("the answer is no HTTP, or broke off")]
    Garbled,
}

impl CallError {
    /// The reason in a word, for metrics and lists.
    pub fn as_str(self) -> &'static str {
        match self {
            CallError::Unreached => "unreached",
            CallError::Untrusted => "untrusted",
            CallError::TimedOut => "timed_out",
            CallError::Garbled => "garbled",
        }
    }
}

impl Http {
    /// A client that trusts the system's authorities and those in `ca_file`, PEM.
    ///
    /// # Errors
    ///
    /// What is wrong with `ca_file`, in words.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        // A system without authorities trusts nobody by them; the clinic's own may be all it needs.
        if let Ok(authorities) = CertificateDer::pem_file_iter(AUTHORITIES) {
            roots.add_parsable_certificates(authorities.filter_map(Result::ok));
        }
        if let Some(path) = ca_file {
            let own = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let own = own.map_err(|_| format!("{} cannot be read as PEM", path.display()))?;
            if roots.add_parsable_certificates(own).0 == 0 {
                return Err(format!("{} holds no certificate of an authority", path.display()));
            }
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_MAX));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_MAX)
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .build(connector);
        Ok(Self(client))
    }

    /// Sends `call` and waits for its answer.
    ///
    /// Cancel safety: dropped, the connection is closed; whether the other side has acted is not known.
    ///
    /// # Errors
    ///
    /// [`CallError`]. A status of any kind is an answer.
    pub async fn send(&self, call: Call) -> Result<Reply, CallError> {
        let Call { method, url, headers, body, timeout } = call;
        let until = Instant::now() + timeout;
        let mut request = Request::new(Full::new(body));
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, url, headers);
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let answer = timeout_at(until, self.0.request(request)).await;
        let response = answer.map_err(|_| CallError::TimedOut)?.map_err(|error| reason(&error))?;
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect();
        let body = timeout_at(until, body).await.ok().and_then(Result::ok);
        Ok(Reply { status, retry_after, body: body.map(http_body_util::Collected::to_bytes) })
    }
}

/// Why the library has no answer.
fn reason(error: &hyper_util::client::legacy::Error) -> CallError {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return CallError::Untrusted;
        }
        // An I/O error names as its source what the one that it wraps names, and not that one.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    if error.is_connect() { CallError::Unreached } else { CallError::Garbled }
}

fn retry_after(headers: &HeaderMap) -> Option<RetryAfter> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(RetryAfter::Wait(Duration::from_secs(seconds)));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(RetryAfter::At(Timestamp::from_unix_ms(at.timestamp().as_millisecond())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<RetryAfter> {
        retry_after(&[(RETRY_AFTER, HeaderValue::from_static(text))].into_iter().collect())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(read(" 120 "), Some(RetryAfter::Wait(Duration::from_secs(120))));
        let at = "2026-10-21T07:28:00Z".parse().unwrap();
        assert_eq!(read("Wed, 21 Oct 2026 07:28:00 GMT"), Some(RetryAfter::At(at)));
        for other in ["", "soon", "-1", "1.5"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_without_an_authority_is_said_so() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Http::new(Some(file.path())).is_err_and(|error| error.contains("no certificate")));
        assert!(Http::new(Some(Path::new("/nowhere"))).is_err_and(|error| error.contains("cannot be read")));
        assert!(Http::new(None).is_ok());
    }
}
