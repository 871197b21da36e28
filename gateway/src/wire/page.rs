//! Lists: the query that chooses and pages them.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::domain::rejection::Rejection;

/// The most things in one answer.
pub const LIMIT_MAX: u16 = 500;
/// The things in one answer when the caller names no limit.
pub const LIMIT_USUAL: u16 = 100;

/// A request's query. What is wrong with it is said with the parameter's name.
pub struct QueryOf<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::try_from_uri(&parts.uri);
        parsed.map(|Query(query)| Self(query)).map_err(|rejection| {
            let named = error_of(&rejection);
            let detail = named.map_or_else(|| rejection.to_string(), |error| error.inner().to_string());
            let path = named.map(|error| error.path().to_string()).unwrap_or_default();
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", detail).field(path)
        })
    }
}

type QueryError = serde_path_to_error::Error<serde::de::value::Error>;

/// The error behind a refused query, which knows the parameter.
fn error_of<'a>(rejection: &'a (dyn std::error::Error + 'static)) -> Option<&'a QueryError> {
    let mut next = Some(rejection);
    while let Some(error) = next {
        if let Some(named) = error.downcast_ref::<QueryError>() {
            return Some(named);
        }
        next = error.source();
    }
    None
}

/// One page of a list.
#[derive(Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What asks for the next one; none after the last.
    pub next_cursor: Option<String>,
}

/// The page of `all` that `limit` and `cursor` ask for. Each thing comes with the key that orders it: a cursor is
/// the key of the last thing, so that what comes and goes meanwhile moves nothing across a page's edge.
///
/// # Errors
///
/// A limit out of range; a cursor that no answer about `list` gave.
pub fn page<K, T>(
    list: &str,
    mut all: Vec<(K, T)>,
    limit: Option<u16>,
    cursor: Option<&str>,
) -> Result<Page<T>, Problem>
where
    K: Ord + Serialize + DeserializeOwned,
{
    let limit = limit_of(limit)?;
    let last = last_seen::<K>(list, cursor)?;
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let begin = last.map_or(0, |last| all.partition_point(|(key, _)| *key <= last));
    let rest = all.split_off(begin);
    let next_cursor =
        (rest.len() > limit).then(|| rest.get(limit - 1).map(|(key, _)| cursor_after(list, key))).flatten();
    Ok(Page { items: rest.into_iter().take(limit).map(|(_, item)| item).collect(), next_cursor })
}

/// How many things a page holds when the caller asks for `limit`.
///
/// # Errors
///
/// A limit out of range.
pub fn limit_of(limit: Option<u16>) -> Result<usize, Problem> {
    let limit = limit.unwrap_or(LIMIT_USUAL);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let reason = format!("is a number from 1 to {LIMIT_MAX}");
        return Err(Rejection::Invalid { field: "limit", reason }.into());
    }
    Ok(limit.into())
}

/// The key after which the page of `list` begins that `cursor` asks for.
///
/// # Errors
///
/// A cursor that no answer about `list` gave.
pub fn last_seen<K: DeserializeOwned>(list: &str, cursor: Option<&str>) -> Result<Option<K>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    decode(list, text).map(Some).ok_or_else(|| {
        let reason = "is next_cursor as an earlier answer about this list gave it";
        Rejection::Invalid { field: "cursor", reason: reason.into() }.into()
    })
}

/// The cursor that asks for what comes after `key` in `list`.
pub fn cursor_after(list: &str, key: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(list, key)).expect("our keys serialise"))
}

fn decode<K: DeserializeOwned>(list: &str, text: &str) -> Option<K> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (named, key): (String, K) = serde_json::from_slice(&bytes).ok()?;
    (named == list).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cursor: Option<&str>, all: &[u32]) -> Page<u32> {
        page("numbers", all.iter().map(|n| (*n, *n)).collect(), Some(2), cursor).unwrap()
    }

    #[test]
    fn every_thing_comes_once_though_others_come_and_go() {
        let first = numbers(None, &[5, 1, 3, 7]);
        assert_eq!(first.items, [1, 3]);
        let second = numbers(first.next_cursor.as_deref(), &[0, 1, 2, 5, 7]);
        assert_eq!(second, Page { items: vec![5, 7], next_cursor: None });
    }

    #[test]
    fn a_cursor_of_another_list_is_none() {
        let cursor = numbers(None, &[1, 2, 3]).next_cursor.unwrap();
        for (list, text) in [("words", cursor.as_str()), ("numbers", "x"), ("numbers", "e30")] {
            let refused = page::<u32, u32>(list, Vec::new(), None, Some(text)).unwrap_err();
            assert_eq!(refused.code(), "invalid_field", "{list} {text}");
        }
        for limit in [0, LIMIT_MAX + 1] {
            assert!(page::<u32, u32>("numbers", Vec::new(), Some(limit), None).is_err());
        }
    }
}
