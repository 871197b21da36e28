//! The guard at the gate: which `Host` a request may name and which `Origin` it may come from.
//!
//! A page of another site can make a browser call a gateway on this machine or in this LAN: with its own
//! name rebound to our address (so `Host` is checked), or directly (so `Origin` is checked, for WebSockets
//! too, which no CORS rule covers). A request without `Origin` is not a browser's.
//!
//! A listener on a wildcard address (`0.0.0.0`, `[::]`) does not know by which of the machine's addresses it is
//! reached. There every address with the listener's port may stand in `Host`: it takes a name to rebind, and a
//! browser writes what the page's own address says. Names have to be configured (`http.hosts`).

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Request, StatusCode, Uri, header};

use super::problem::Problem;

/// How pages of the gateway itself are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In plain text.
    Http,
    /// Through TLS.
    Https,
}

impl Scheme {
    fn word(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// What may pass.
#[derive(Clone, Debug)]
pub struct Gate {
    scheme: Scheme,
    /// The port at which any address is our own, for a listener on a wildcard address.
    any_address_at: Option<u16>,
    /// `host:port` of the listener, in every spelling that leads to it.
    hosts: Vec<String>,
    /// Origins besides the gateway's own.
    origins: Vec<String>,
}

impl Gate {
    /// The gate of the listener at `listen`, which is also called by the names `own_hosts` (`host[:port]`);
    /// `allowed_origins` are `scheme://host[:port]`.
    pub fn new(listen: SocketAddr, scheme: Scheme, own_hosts: &[String], allowed_origins: &[String]) -> Self {
        let port = listen.port();
        let is_wildcard = listen.ip().is_unspecified();
        let mut hosts = vec![listen.to_string()];
        if listen.ip().is_loopback() || is_wildcard {
            hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{port}")));
        }
        hosts.extend(own_hosts.iter().map(|host| with_port(&host.to_ascii_lowercase(), port)));
        let plain = |origin: &String| origin.trim_end_matches('/').to_ascii_lowercase();
        let origins: Vec<String> = allowed_origins.iter().map(plain).collect();
        hosts.extend(origins.iter().filter_map(|origin| authority_of(origin)));
        Self { scheme, any_address_at: is_wildcard.then_some(port), hosts, origins }
    }

    /// Refuses a request with a foreign `Host` or `Origin`.
    ///
    /// # Errors
    ///
    /// 421 for the host, 403 for the origin.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Problem> {
        self.verdict(request.uri(), request.headers())
    }

    fn verdict(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("").to_ascii_lowercase());
        let host = uri.authority().map(|it| it.as_str().to_ascii_lowercase()).or_else(|| text(header::HOST));
        let host = host.unwrap_or_default();
        if !self.is_own_host(&host) {
            let detail = format!("this gateway does not answer to the Host \"{host}\"; add it to http.hosts");
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host", detail));
        }
        let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
        let own = with_port(&host, self.scheme.port());
        let has_own_scheme = origin.split_once("://").is_some_and(|(scheme, _)| scheme == self.scheme.word());
        let is_own = has_own_scheme && authority_of(&origin) == Some(own);
        if is_own || self.origins.contains(&origin) {
            return Ok(());
        }
        let detail =
            format!("pages of \"{origin}\" may not call this gateway; add it to http.allowed_origins");
        Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail))
    }

    fn is_own_host(&self, host: &str) -> bool {
        if self.hosts.iter().any(|known| known == host) {
            return true;
        }
        // Browsers leave the scheme's port out; in front of a proxy that scheme need not be ours.
        let spelled = [with_port(host, 80), with_port(host, 443)];
        self.hosts.iter().any(|known| spelled.contains(known))
            || self.any_address_at.is_some_and(|port| is_address(&with_port(host, self.scheme.port()), port))
    }
}

/// `host:port` of an origin, with the scheme's port when it names none.
fn authority_of(origin: &str) -> Option<String> {
    let (scheme, authority) = origin.split_once("://")?;
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    Some(with_port(authority, scheme.port()))
}

/// `host` with `port` when it names none.
fn with_port(host: &str, port: u16) -> String {
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    // The last part of a bare IPv6 address may look like a port; in a `Host` it stands in brackets.
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    if has_port && !is_bracketed { host.to_owned() } else { format!("{host}:{port}") }
}

/// An address, and no name, with this port.
fn is_address(host: &str, port: u16) -> bool {
    let Some((address, own)) = host.rsplit_once(':') else { return false };
    let address = address.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(address);
    own.parse() == Ok(port) && address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(host: &str, origin: Option<&str>) -> Option<&'static str> {
        verdict_at("127.0.0.1:3000", host, origin)
    }

    fn verdict_at(listen: &str, host: &str, origin: Option<&str>) -> Option<&'static str> {
        verdict_by(Scheme::Http, listen, host, origin)
    }

    fn verdict_by(scheme: Scheme, listen: &str, host: &str, origin: Option<&str>) -> Option<&'static str> {
        let own = ["gateway.clinic.lan".into(), "outside.example:8443".into()];
        let gate = Gate::new(listen.parse().unwrap(), scheme, &own, &["http://wall.clinic.lan".into()]);
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

    #[test]
    fn a_wildcard_listener_answers_to_addresses_and_to_configured_names() {
        let verdict = |host| verdict_at("0.0.0.0:3000", host, None);
        for own in ["192.0.2.7:3000", "[2001:db8::7]:3000", "localhost:3000", "gateway.clinic.lan:3000"] {
            assert_eq!(verdict(own), None, "{own}");
        }
        assert_eq!(verdict("outside.example:8443"), None, "a name with a port of its own, behind a router");
        for foreign in [
            "192.0.2.7:3001",
            "192.0.2.7",
            "evil.example:3000",
            "192.0.2.7.evil.example:3000",
            "outside.example:3000",
            "2001:db8::7",
            "[2001:db8::3000]",
        ] {
            assert_eq!(verdict(foreign), Some("foreign_host"), "{foreign}");
        }
        assert_eq!(verdict_at("[::]:80", "192.0.2.7", None), None);
        assert_eq!(verdict_at("[::]:80", "[2001:db8::80]", None), None);
        // Only a wildcard does not know its address.
        assert_eq!(verdict_at("192.0.2.7:3000", "192.0.2.7:3000", None), None);
        assert_eq!(verdict_at("192.0.2.7:3000", "192.0.2.8:3000", None), Some("foreign_host"));
        assert_eq!(verdict_at("127.0.0.1:3000", "192.0.2.7:3000", None), Some("foreign_host"));
    }

    #[test]
    fn own_pages_come_through_tls_where_the_listener_has_it() {
        let verdict = |host, origin| verdict_by(Scheme::Https, "0.0.0.0:3000", host, Some(origin));
        assert_eq!(verdict("192.0.2.7:3000", "https://192.0.2.7:3000"), None);
        assert_eq!(verdict("192.0.2.7:3000", "http://192.0.2.7:3000"), Some("foreign_origin"));
        let by_default_port =
            |origin| verdict_by(Scheme::Https, "0.0.0.0:443", "gateway.clinic.lan", Some(origin));
        assert_eq!(by_default_port("https://gateway.clinic.lan"), None);
        assert_eq!(by_default_port("https://gateway.clinic.lan:443"), None);
        assert_eq!(by_default_port("http://gateway.clinic.lan"), Some("foreign_origin"));
        assert_eq!(
            verdict_at("127.0.0.1:3000", "localhost:3000", Some("https://localhost:3000")),
            Some("foreign_origin")
        );
    }
}
