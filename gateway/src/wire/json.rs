//! JSON in and out.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The largest request body, in bytes: ten times the largest thing that can be stored.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// A JSON body. What is wrong with one is said with the field's path.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_json(&parts.headers, body).await?;
        parse(&bytes).map(JsonBody)
    }
}

/// Reads a body that its headers call JSON, as bytes: for who has to look at them before their content.
///
/// # Errors
///
/// 400, 413 or 415.
pub async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.and_then(|kind| kind.split(';').next()).is_some_and(|kind| {
        let kind = kind.trim().to_ascii_lowercase();
        kind == "application/json" || kind.ends_with("+json")
    });
    if !is_json {
        let detail = "the body must come with Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
    }
    read(body).await
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    to_bytes(body, BODY_BYTES_MAX).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            let detail = format!("the body is larger than {BODY_BYTES_MAX} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "body_incomplete", "the body ended before it was complete")
        }
    })
}

/// The content of a JSON object.
///
/// # Errors
///
/// 400 for what is no JSON, 422 for what is another content; the field is named.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json);
    let problem = match (parsed, json.end()) {
        // The derived code takes a list for an object, field by field: a client that sends one is mistaken.
        _ if !is_object(bytes) => invalid_body("the body is a JSON object".into()),
        (Ok(parsed), Ok(())) => return Ok(parsed),
        (Ok(_), Err(error)) => invalid_body(error.to_string()),
        (Err(error), _) => {
            let path = error.path().to_string();
            invalid_body(named(&path, &error.into_inner())).field(path)
        }
    };
    // Only the whole text tells a wrong value from no JSON: the first error may be either.
    let no_json = serde_json::from_slice::<serde_json::Value>(bytes).err();
    Err(no_json.map_or(problem, |error| {
        let detail = format!("the body is not one JSON value: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
    }))
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'{')
}

fn invalid_body(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_body", detail)
}

fn named(path: &str, error: &serde_json::Error) -> String {
    if path == "." { error.to_string() } else { format!("{path}: {error}") }
}

/// Answers with `body` as JSON.
pub fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(body).expect("our bodies serialise");
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, bytes).into_response()
}
