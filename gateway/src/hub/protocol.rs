//! What clients say.

use serde_json::{Map, Value};

use crate::wire::channel::Channel;
use crate::wire::cursor::Cursor;

/// The keys that a client frame may have. `timestamp` and `data` are the seed's habit and ignored.
const KEYS: [&str; 8] = ["type", "room", "id", "since", "snapshot", "presence", "timestamp", "data"];

/// The types of a client's frames.
const TYPES: &str = "subscribe, unsubscribe, signal, ping";

/// A frame that was understood, with the client's own id for the answer.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) id: Option<Value>,
    pub(super) what: What,
}

/// What a client asks.
#[derive(Debug, PartialEq)]
pub(super) enum What {
    Subscribe(Subscribe),
    Unsubscribe { channel: Channel },
    Signal { channel: Channel, data: Value },
    Ping,
}

/// A subscription that is asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Subscribe {
    pub(super) id: Option<Value>,
    pub(super) channel: Channel,
    /// Everything after it is wanted.
    pub(super) since: Option<Cursor>,
    /// The state is wanted first.
    pub(super) snapshot: bool,
    /// Who else is there is wanted, and who comes and goes.
    pub(super) presence: bool,
}

/// A frame that was not understood. The connection lives on.
#[derive(Debug, PartialEq)]
pub(super) struct Misunderstood {
    pub(super) id: Option<Value>,
    /// A word for programs.
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) field: Option<String>,
}

/// Reads a text frame.
pub(super) fn read(text: &str) -> Result<Asked, Misunderstood> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Misunderstood::new("malformed_json", format!("the frame is not JSON: {error}")))?;
    let Value::Object(frame) = value else {
        return Err(Misunderstood::new("invalid_frame", "a frame is a JSON object with a \"type\""));
    };
    let id = frame.get("id").cloned().filter(|id| id.is_number() || id.is_string());
    let asked = what(&frame).map(|what| Asked { id: id.clone(), what });
    asked.map_err(|error| Misunderstood { id, ..error })
}

fn what(frame: &Map<String, Value>) -> Result<What, Misunderstood> {
    if let Some(unknown) = frame.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let message = format!("\"{unknown}\" is no key of a frame; the keys are {}", KEYS[..6].join(", "));
        return Err(Misunderstood::new("unknown_key", message).field(unknown));
    }
    if frame.get("id").is_some_and(|id| !id.is_number() && !id.is_string()) {
        return Err(Misunderstood::new("invalid_field", "\"id\" is a number or a string").field("id"));
    }
    match text(frame, "type")? {
        Some("subscribe") => Ok(What::Subscribe(Subscribe {
            id: None,
            channel: channel(frame)?,
            since: text(frame, "since")?.map(cursor).transpose()?,
            snapshot: flag(frame, "snapshot")?,
            presence: flag(frame, "presence")?,
        })),
        Some("signal") => {
            let data = frame.get("data").cloned().unwrap_or_default();
            Ok(What::Signal { channel: channel(frame)?, data })
        }
        Some("unsubscribe") => Ok(What::Unsubscribe { channel: channel(frame)? }),
        Some("ping") => Ok(What::Ping),
        Some(other) => {
            let message = format!("\"{other}\" is no type of frame; the types are {TYPES}");
            Err(Misunderstood::new("unknown_type", message).field("type"))
        }
        None => {
            let message = format!("the frame has no \"type\"; the types are {TYPES}");
            Err(Misunderstood::new("missing_field", message).field("type"))
        }
    }
}

fn channel(frame: &Map<String, Value>) -> Result<Channel, Misunderstood> {
    let room = text(frame, "room")?.ok_or_else(|| {
        Misunderstood::new("missing_field", "the frame needs a \"room\": the channel").field("room")
    })?;
    room.parse()
        .map_err(|error| Misunderstood::new("unknown_channel", format!("\"{room}\": {error}")).field("room"))
}

fn cursor(text: &str) -> Result<Cursor, Misunderstood> {
    text.parse()
        .map_err(|error| Misunderstood::new("invalid_field", format!("\"since\": {error}")).field("since"))
}

fn text<'a>(frame: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>, Misunderstood> {
    match frame.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Misunderstood::new("invalid_field", format!("\"{key}\" is a string")).field(key)),
    }
}

fn flag(frame: &Map<String, Value>, key: &str) -> Result<bool, Misunderstood> {
    match frame.get(key) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Misunderstood::new("invalid_field", format!("\"{key}\" is true or false")).field(key)),
    }
}

impl Misunderstood {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { id: None, code, message: message.into(), field: None }
    }

    fn field(mut self, field: &str) -> Self {
        self.field = Some(field.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::Topic;

    #[test]
    fn the_seeds_frames_are_understood_unchanged() {
        let subscribe = read(r#"{"type":"subscribe","room":"facility"}"#).unwrap();
        let channel = Channel::Of(Topic::Facility);
        let plain = Subscribe { id: None, channel, since: None, snapshot: false, presence: false };
        assert_eq!(subscribe.what, What::Subscribe(plain));
        assert_eq!(subscribe.id, None);
        assert_eq!(read(r#"{"type":"ping"}"#).unwrap().what, What::Ping);
        let unsubscribe = read(r#"{"type":"unsubscribe","room":"all"}"#).unwrap();
        assert_eq!(unsubscribe.what, What::Unsubscribe { channel: Channel::All });
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (r#"{"type":"subscribe""#, "malformed_json", None),
            ("[]", "invalid_frame", None),
            ("{}", "missing_field", Some("type")),
            (r#"{"type":"shout"}"#, "unknown_type", Some("type")),
            (r#"{"type":7}"#, "invalid_field", Some("type")),
            (r#"{"type":"subscribe"}"#, "missing_field", Some("room")),
            (r#"{"type":"subscribe","room":"attic"}"#, "unknown_channel", Some("room")),
            (r#"{"type":"subscribe","room":["facility"]}"#, "invalid_field", Some("room")),
            (r#"{"type":"subscribe","room":"all","since":"never"}"#, "invalid_field", Some("since")),
            (r#"{"type":"subscribe","room":"all","snapshot":"yes"}"#, "invalid_field", Some("snapshot")),
            (r#"{"type":"subscribe","room":"all","colour":"red"}"#, "unknown_key", Some("colour")),
            (r#"{"type":"ping","id":{}}"#, "invalid_field", Some("id")),
        ];
        for (text, code, field) in cases {
            let error = read(text).unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (code, field), "{text}");
        }
    }

    #[test]
    fn an_error_carries_the_id_of_its_frame() {
        assert_eq!(read(r#"{"id":9,"type":"shout"}"#).unwrap_err().id, Some(9.into()));
    }
}
