//! The guard at the gate: which `Host` a request may name and which `Origin` it may come from.
//!
//! A page of another site can make a browser call a gateway on this machine or in this LAN: with its own
//! name rebound to our address (so `Host` is checked), or directly (so `Origin` is checked, for WebSockets
//! too, which no CORS rule covers). A request without `Origin` is not a browser's.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// What may pass.
#[derive(Clone, Debug)]
pub struct Gate {
    /// `host:port` of the listener, in every spelling that leads to it.
    hosts: Vec<String>,
    /// Origins besides the gateway's own.
    origins: Vec<String>,
}

impl Gate {
    /// The gate of the listener at `listen`; `allowed_origins` are `scheme://host[:port]`.
    pub fn new(listen: SocketAddr, allowed_origins: &[String]) -> Self {
        let port = listen.port();
        let mut hosts = vec![listen.to_string()];
        if listen.ip().is_loopback() {
            hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{port}")));
        }
        let plain = |origin: &String| origin.trim_end_matches('/').to_ascii_lowercase();
        let origins: Vec<String> = allowed_origins.iter().map(plain).collect();
        hosts.extend(origins.iter().filter_map(|origin| authority_of(origin)));
        Self { hosts, origins }
    }

    /// Refuses a request with a foreign `Host` or `Origin`.
    pub async fn check(State(gate): State<Gate>, request: Request, next: Next) -> Response {
        match gate.verdict(request.uri(), request.headers()) {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    }

    fn verdict(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("").to_ascii_lowercase());
        let host = uri.authority().map(|it| it.as_str().to_ascii_lowercase()).or_else(|| text(header::HOST));
        let host = host.unwrap_or_default();
        if !self.hosts.iter().any(|known| *known == host || known.strip_suffix(":80") == Some(&host)) {
            let detail = format!(
                "this gateway does not answer to the Host \"{host}\"; add it to http.allowed_origins"
            );
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host", detail));
        }
        let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
        let own = authority_of(&format!("http://{host}"));
        let is_own = own.is_some_and(|own| authority_of(&origin) == Some(own));
        if is_own || self.origins.contains(&origin) {
            return Ok(());
        }
        let detail =
            format!("pages of \"{origin}\" may not call this gateway; add it to http.allowed_origins");
        Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail))
    }
}

/// `host:port` of an origin, with the scheme's port when it names none.
fn authority_of(origin: &str) -> Option<String> {
    let (scheme, authority) = origin.split_once("://")?;
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if scheme == "https" { 443 } else { 80 };
    Some(if has_port { authority.to_owned() } else { format!("{authority}:{port}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(host: &str, origin: Option<&str>) -> Option<&'static str> {
        verdict_at("127.0.0.1:3000", host, origin)
    }

    fn verdict_at(listen: &str, host: &str, origin: Option<&str>) -> Option<&'static str> {
        let gate = Gate::new(listen.parse().unwrap(), &["http://wall.clinic.lan".into()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        gate.verdict(&Uri::from_static("/api/rooms"), &headers).err().map(|problem| problem.code())
    }

    #[test]
    fn only_names_of_the_listener_are_answered() {
        assert_eq!(verdict("127.0.0.1:3000", None), None);
        assert_eq!(verdict("localhost:3000", None), None);
        assert_eq!(verdict("LOCALHOST:3000", None), None);
        assert_eq!(verdict("localhost:3001", None), Some("foreign_host"));
        assert_eq!(verdict("evil.example:3000", None), Some("foreign_host"));
        assert_eq!(verdict("wall.clinic.lan", Some("http://wall.clinic.lan")), None);
    }

    #[test]
    fn only_own_and_allowed_pages_may_call() {
        assert_eq!(verdict("localhost:3000", Some("http://localhost:3000")), None);
        assert_eq!(verdict("localhost:3000", Some("http://wall.clinic.lan")), None);
        assert_eq!(verdict("localhost:3000", Some("http://localhost:8081")), Some("foreign_origin"));
        assert_eq!(verdict("localhost:3000", Some("https://evil.example")), Some("foreign_origin"));
        assert_eq!(verdict("localhost:3000", Some("null")), Some("foreign_origin"));
    }

    #[test]
    fn the_port_that_browsers_leave_out_is_the_same_port() {
        assert_eq!(verdict_at("127.0.0.1:80", "localhost", Some("http://localhost")), None);
        assert_eq!(verdict_at("127.0.0.1:80", "localhost:80", Some("http://localhost")), None);
        assert_eq!(
            verdict_at("127.0.0.1:80", "localhost", Some("https://localhost")),
            Some("foreign_origin")
        );
    }
}
