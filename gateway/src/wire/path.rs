//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::problem::Problem;

/// The one id in a request's path, decoded but not yet believed to be one.
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = Path::from_request_parts(parts, state).await;
        id.map(|Path(id)| Self(id))
            .map_err(|refusal| Problem::new(StatusCode::BAD_REQUEST, "invalid_path", refusal.body_text()))
    }
}
