//! Problems: RFC 9457 documents. The one place where an error becomes a status.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::ledger::SubmitError;

/// How soon the agent may ask again when it has reached a limit: staff close things by the minute.
const OVER_LIMIT_WAIT: Duration = Duration::from_secs(60);

/// An `application/problem+json` document.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// A word for programs.
    code: &'static str,
    /// What is wrong and what would be right, for people.
    detail: String,
    /// The field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    field: Option<Box<str>>,
    /// Asking the same again may succeed.
    retryable: bool,
    /// Seconds until asking again may succeed.
    #[serde(skip)]
    retry_after_s: Option<NonZeroU32>,
    /// What is there now, for whoever meant to change something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    current: Option<Box<serde_json::Value>>,
    /// The request that had it, as the log names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    request_id: Option<RequestId>,
}

impl Problem {
    /// A problem that the same request will have again.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Problem");
        let (status, detail) = (status.as_u16(), detail.into());
        Self {
            kind: "about:blank",
            title,
            status,
            code,
            detail,
            field: None,
            retryable: false,
            retry_after_s: None,
            current: None,
            request_id: None,
        }
    }

    /// Names the field that is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        let field: String = field.into();
        let is_one = !field.is_empty() && field != ".";
        self.field = is_one.then(|| field.into());
        self
    }

    /// Says that asking the same again may succeed.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Says that asking the same again may succeed after `wait`.
    #[must_use]
    pub fn retryable_after(mut self, wait: Duration) -> Self {
        let wait_s = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
        self.retry_after_s = NonZeroU32::new(wait_s).or(Some(NonZeroU32::MIN));
        self.retryable()
    }

    /// Adds what is there now. The caller picks the view: a role must not learn here what it may not see.
    #[must_use]
    pub fn current(mut self, current: serde_json::Value) -> Self {
        self.current = Some(Box::new(current));
        self
    }

    /// Names the request that had the problem.
    #[must_use]
    pub fn of_request(mut self, id: RequestId) -> Self {
        self.request_id = Some(id);
        self
    }

    /// The word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a problem serialises")
    }

    /// Nothing here.
    pub fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_such_path", "nothing is served at this path")
    }

    /// The request needs proof of who asks.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }
}

impl IntoResponse for Problem {
    /// The problem as a document. It rides along in the response's extensions: who knows the request's id writes
    /// the document once more with it ([`super::request::follow`]).
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let is_unavailable = status == StatusCode::SERVICE_UNAVAILABLE;
        let retry_after = self.retry_after_s.or(is_unavailable.then_some(NonZeroU32::MIN));
        let mut response = (status, self.to_json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.get()));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).retryable(),
            SubmitError::Stopped => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retryable()
            }
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let (code, detail) = (rejection.code(), rejection.to_string());
        let status = match rejection {
            Rejection::NotFound { .. } => StatusCode::NOT_FOUND,
            Rejection::Invalid { field, .. } => {
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).field(field);
            }
            Rejection::Conflict(_) => StatusCode::CONFLICT,
            Rejection::TooLarge { field, .. } => {
                let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
                return problem.field(field.unwrap_or_default());
            }
            Rejection::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Rejection::Undecidable => StatusCode::INTERNAL_SERVER_ERROR,
            Rejection::Forbidden { .. } => StatusCode::FORBIDDEN,
            Rejection::OverLimit { .. } => {
                return Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail)
                    .retryable_after(OVER_LIMIT_WAIT);
            }
            // The door adds the state as it is now, in the view of whoever asks.
            Rejection::Stale { .. } => StatusCode::PRECONDITION_FAILED,
        };
        Self::new(status, code, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_has_one_code_in_problems_and_in_metrics() {
        let rejections = [
            Rejection::NotFound { kind: "room", id: "room-1".into() },
            Rejection::Invalid { field: "name", reason: "is empty".into() },
            Rejection::Conflict("it exists".into()),
            Rejection::TooLarge { bytes: 1, field: None },
            Rejection::Undecidable,
            Rejection::OverLimit { actor: "agent claw".into(), reason: "60 an hour".into() },
        ];
        for rejection in rejections {
            let code = rejection.code();
            assert_eq!(Problem::from(rejection).code(), code);
        }
    }
}
