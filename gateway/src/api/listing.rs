//! Lists of accounts, tokens and keys: a page at a time, in the order of the ids.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::wire::problem::Problem;

/// Items of a page, when the query does not say.
const LIMIT_USUAL: usize = 100;
/// The most items of a page.
const LIMIT_MAX: usize = 500;

/// A query whose every parameter is known.
pub(super) struct KnownQuery<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for KnownQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|refusal| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", refusal.body_text())
        })
    }
}

/// The page of `items`, each with its id, that begins after the id `cursor`; under `name`, with the next
/// cursor when there is more.
///
/// # Errors
///
/// 422 for a limit that is out of range.
pub(super) fn page(
    name: &str,
    items: impl Iterator<Item = (String, Value)>,
    limit: Option<usize>,
    cursor: Option<&str>,
) -> Result<Value, Problem> {
    let limit = limit.unwrap_or(LIMIT_USUAL);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let detail = format!("limit: use 1 to {LIMIT_MAX}");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_query", detail).field("limit"));
    }
    let after = items.filter(|(id, _)| cursor.is_none_or(|cursor| id.as_str() > cursor));
    let mut taken: Vec<(String, Value)> = after.take(limit + 1).collect();
    let has_more = taken.len() > limit;
    taken.truncate(limit);
    let next = taken.last().map(|(id, _)| id.clone()).filter(|_| has_more);
    let values: Vec<Value> = taken.into_iter().map(|(_, value)| value).collect();
    let mut page = json!({ name: values });
    if let Some(next) = next {
        page["next_cursor"] = next.into();
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> impl Iterator<Item = (String, Value)> {
        ["a", "b", "c"].into_iter().map(|id| (id.to_owned(), json!(id)))
    }

    #[test]
    fn a_page_begins_after_its_cursor_and_names_the_next() {
        assert_eq!(page("ids", ids(), None, None).unwrap(), json!({ "ids": ["a", "b", "c"] }));
        assert_eq!(
            page("ids", ids(), Some(2), None).unwrap(),
            json!({ "ids": ["a", "b"], "next_cursor": "b" })
        );
        assert_eq!(page("ids", ids(), Some(2), Some("b")).unwrap(), json!({ "ids": ["c"] }));
        assert_eq!(page("ids", ids(), Some(3), None).unwrap(), json!({ "ids": ["a", "b", "c"] }));
        for limit in [0, LIMIT_MAX + 1] {
            assert_eq!(page("ids", ids(), Some(limit), None).unwrap_err().code(), "invalid_query");
        }
    }
}
