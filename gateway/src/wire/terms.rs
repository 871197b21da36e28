//! What a caller adds to a write by headers: `If-Match` and `Idempotency-Key`.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use serde::de::DeserializeOwned;

use super::caller::PeerAddress;
use super::json;
use super::problem::Problem;
use crate::domain::rejection::Rejection;
use crate::ledger::{Idempotency, Terms};

/// The header that makes a request safe to repeat.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The same as problems spell it.
const KEY: &str = "Idempotency-Key";
/// Headers that name one delivery, for ever: Standard Webhooks', and everybody else's.
const DELIVERY_ID: [&str; 2] = ["webhook-id", KEY];

/// A write with a JSON body, and its terms.
pub struct Write<T> {
    /// What holds for it besides its content.
    pub terms: Terms,
    /// Its content.
    pub body: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Write<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = json::read_json(&parts.headers, body).await?;
        Ok(Self { body: json::parse(&bytes)?, terms: terms(&parts, &bytes)? })
    }
}

/// A write without a body, and its terms. A body that comes all the same is not read.
pub struct BareWrite(pub Terms);

impl<S: Send + Sync> FromRequestParts<S> for BareWrite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        terms(parts, b"").map(Self)
    }
}

/// The revision that an edit rests on, if it names one.
pub struct IfMatch(pub Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if_match(&parts.headers).map(Self)
    }
}

/// What holds for a webhook's delivery besides its content: a repeat under the same id gets the first answer.
///
/// # Errors
///
/// 400 for an id that cannot be one.
pub fn delivery(parts: &Parts, body: &[u8]) -> Result<Terms, Problem> {
    let origin = Some(PeerAddress::of(&parts.extensions).origin());
    Ok(Terms { idempotency: idempotency(parts, &DELIVERY_ID, body)?, origin, ..Terms::default() })
}

fn terms(parts: &Parts, body: &[u8]) -> Result<Terms, Problem> {
    let origin = PeerAddress::of(&parts.extensions).origin();
    Ok(Terms {
        idempotency: idempotency(parts, &[KEY], body)?,
        if_match: if_match(&parts.headers)?,
        origin: Some(origin),
    })
}

/// The key under the first of the headers `names` that the request has.
fn idempotency(parts: &Parts, names: &[&'static str], body: &[u8]) -> Result<Option<Idempotency>, Problem> {
    let named = names.iter().find_map(|name| parts.headers.get(*name).map(|key| (*name, key)));
    let Some((name, key)) = named else { return Ok(None) };
    let route = format!("{} {}", parts.method, parts.uri.path());
    let key = key.to_str().unwrap_or_default();
    Idempotency::new(route, key, body).map(Some).map_err(|error| bad_header(name, error.to_string()))
}

/// The revision that `If-Match` names; none for `*`, which any revision matches. A tag that no answer of ours ever
/// had matches nothing, which revision 0 stands for: revisions count from 1.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let one = tag.filter(|tag| !tag.contains('"'));
    let one = one.ok_or_else(|| {
        bad_header("If-Match", "is one ETag as an earlier answer gave it, such as \"3\", or *".into())
    })?;
    Ok(Some(one.parse().unwrap_or(0)))
}

fn bad_header(name: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_header", format!("{name}: {detail}")).field(name)
}

/// Answers a refusal; a stale edit is shown what is there now, in the view of whoever asks.
pub fn refusal(error: crate::ledger::SubmitError, view: crate::domain::view::View) -> Problem {
    let current = match &error {
        crate::ledger::SubmitError::Rejected(Rejection::Stale { current }) => {
            super::view::entity(current, view)
        }
        _ => None,
    };
    let problem = Problem::from(error);
    match current {
        Some((_, shown)) => problem.current(shown),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(value: &'static str) -> Result<Option<u64>, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, value.parse().unwrap());
        if_match(&headers).map_err(|problem| problem.code())
    }

    #[test]
    fn if_match_is_one_etag_or_any() {
        assert_eq!(revision("\"3\""), Ok(Some(3)));
        assert_eq!(revision("*"), Ok(None));
        assert_eq!(revision("\"other\""), Ok(Some(0)), "a foreign tag matches nothing");
        for bad in ["3", "\"3", "W/\"3\"", "\"1\", \"2\"", ""] {
            assert_eq!(revision(bad), Err("invalid_header"), "{bad}");
        }
    }
}
