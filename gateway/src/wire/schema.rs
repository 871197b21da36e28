//! Shapes that the API's document needs besides the bodies themselves.

use utoipa::ToSchema;

/// An id: the clinic's own word, or a UUIDv7.
#[derive(ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 96, pattern = "^[A-Za-z0-9._:-]+$", example = "room-1")]
pub struct Id(pub String);

/// A point in time, RFC 3339.
#[derive(ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-02-06T14:30:00Z")]
pub struct Time(pub String);

/// Any JSON object.
#[derive(ToSchema)]
#[schema(value_type = Object)]
pub struct Json(pub serde_json::Value);
