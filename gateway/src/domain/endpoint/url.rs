//! Where an endpoint is.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 512;

/// An `http://` or `https://` address without a user's name in it. Printed, it is its host alone: a path may be a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndpointUrl(Arc<str>);

/// Why a text is no address of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is not one.
    #[error(
        "is no address; write http://host:port/path or https://host/path, at most {URL_BYTES_MAX} letters"
    )]
    Malformed,
    /// It has a user's name, or a password.
    #[error("has a user's name before the host; give the secret as bearer_file or secret_file")]
    UserInfo,
}

impl EndpointUrl {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host, and port if it names one.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }

    /// True when `allowed`, a list of `host` or `host:port`, names it.
    pub fn is_among(&self, allowed: &[String]) -> bool {
        let authority = self.authority();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        allowed.iter().any(|it| it.eq_ignore_ascii_case(authority) || it.eq_ignore_ascii_case(host))
    }
}

impl FromStr for EndpointUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let is_plain = text.len() <= URL_BYTES_MAX && text.bytes().all(|b| b.is_ascii_graphic());
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest.filter(|_| is_plain && !text.contains(['#', '\\'])) else {
            return Err(UrlError::Malformed);
        };
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(UrlError::UserInfo);
        }
        let is_host =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']');
        if authority.is_empty() || authority.starts_with(':') || !authority.bytes().all(is_host) {
            return Err(UrlError::Malformed);
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for EndpointUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl From<EndpointUrl> for String {
    fn from(url: EndpointUrl) -> String {
        url.0.as_ref().into()
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_no_user() {
        for good in ["http://10.0.0.7:9000/hook?x=1", "https://emr.clinic.lan", "http://[::1]:80/"] {
            assert!(good.parse::<EndpointUrl>().is_ok(), "{good}");
        }
        for bad in
            ["", "ftp://a/", "http:///x", "http://a b/", "//a/", "http://a/#f", "http://:80/", "http://a\\b/"]
        {
            assert_eq!(bad.parse::<EndpointUrl>(), Err(UrlError::Malformed), "{bad}");
        }
        for named in ["http://user@a/", "https://user:word@a:1/x", "http://10.0.0.7@evil.example/"] {
            assert_eq!(named.parse::<EndpointUrl>(), Err(UrlError::UserInfo), "{named}");
        }
    }

    #[test]
    fn a_list_names_hosts_with_and_without_a_port() {
        let allowed = ["emr.clinic.lan".to_owned(), "10.0.0.7:9000".into(), "[::1]".into()];
        let is = |url: &str| url.parse::<EndpointUrl>().unwrap().is_among(&allowed);
        assert!(
            is("https://EMR.clinic.lan/x")
                && is("http://emr.clinic.lan:8080/")
                && is("http://10.0.0.7:9000/")
        );
        assert!(is("http://[::1]:80/") && is("http://[::1]/"));
        assert!(
            !is("http://10.0.0.7/") && !is("http://emr.clinic.lan.evil.example/") && !is("http://[::2]/")
        );
        let url: EndpointUrl = "http://ntfy.lan/secret-topic".parse().unwrap();
        assert_eq!(format!("{url:?}"), "ntfy.lan", "a path may be a secret");
    }
}
