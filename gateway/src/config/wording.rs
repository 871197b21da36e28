//! How problems with the configuration name keys and values.

use serde_json::Value;
use serde_path_to_error::Segment;

/// The message of a parser without the lines that it quotes: one of them may hold a secret.
pub(super) fn without_excerpt(message: &str) -> String {
    let is_quoted = |line: &str| {
        line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with('|')
    };
    message.lines().filter(|line| !is_quoted(line)).collect::<Vec<_>>().join(": ")
}

pub(super) fn value_at<'a>(given: &'a Value, path: &serde_path_to_error::Path) -> Option<&'a Value> {
    path.iter().try_fold(given, |value, part| match part {
        Segment::Map { key } => value.get(key),
        Segment::Seq { index } => value.get(index),
        Segment::Enum { .. } | Segment::Unknown => None,
    })
}

/// A value as an error about its type quotes it.
pub(super) fn quoted(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!(" {text:?}")),
        Value::Number(_) | Value::Bool(_) => Some(format!(" `{value}`")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn dotted(name: &str, path: &str) -> String {
    if path == "." { name.to_owned() } else { format!("{name}.{path}") }
}

/// The field that an error about a missing field names, between its backticks.
pub(super) fn mentioned(error: &serde_json::Error) -> String {
    error.to_string().split('`').nth(1).unwrap_or("").to_owned()
}
