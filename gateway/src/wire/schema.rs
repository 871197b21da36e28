//! Shapes that the API's document and the catalogue of frames need besides the bodies themselves. What a view may
//! withhold is not required there, by the domain's own table.

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::channel::Channel;
use super::cursor::Cursor;
use crate::domain::id::ID_BYTES_MAX;
use crate::domain::role::Topic;
use crate::domain::view::{Class, Kind};

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

/// The client's own name of a frame.
pub struct FrameId;

impl ToSchema for FrameId {}

impl PartialSchema for FrameId {
    fn schema() -> RefOr<Schema> {
        let types = [Type::String, Type::Number];
        let described = ObjectBuilder::new().schema_type(SchemaType::from_iter(types));
        described.description(Some("The client's own name of a frame.")).into()
    }
}

impl ToSchema for Channel {}

impl PartialSchema for Channel {
    fn schema() -> RefOr<Schema> {
        let topics: Vec<_> = Topic::EVERY.iter().map(|topic| topic.as_str()).collect();
        let id = format!("[A-Za-z0-9._:-]{{1,{ID_BYTES_MAX}}}");
        let pattern = format!("^({}|all|(doctor|hospital|patient|task):{id})$", topics.join("|"));
        let described = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        described.description(Some("A channel.")).examples(["facility", "doctor:doc-001"]).into()
    }
}

impl ToSchema for Cursor {}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        let described = ObjectBuilder::new().schema_type(Type::String);
        let described = described.pattern(Some("^[A-Za-z0-9]{1,32}:[0-9]{1,19}$"));
        described.description(Some("A place in the journal: `epoch:seq`.")).examples(["k3f9:4711"]).into()
    }
}

/// The view table's kinds, as their schemas are named.
const VIEWED: [(Kind, &str); 8] = [
    (Kind::Room, "Room"),
    (Kind::Equipment, "Equipment"),
    (Kind::Doctor, "Doctor"),
    (Kind::Action, "Action"),
    (Kind::Task, "Task"),
    (Kind::Alarm, "Alarm"),
    (Kind::Camera, "Camera"),
    (Kind::Device, "Device"),
];

/// Says of the fields of every kind which are always there: those that no view withholds, `null` or not.
pub fn require_what_all_see(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    for (kind, name) in VIEWED {
        if let Some(RefOr::T(Schema::Object(shape))) = schemas.get_mut(name) {
            shape.required.retain(|field| is_seen_by_all(kind, field));
            for field in shape.properties.keys().filter(|field| is_seen_by_all(kind, field)) {
                if !shape.required.contains(field) && field.as_str() != "time_waiting" {
                    shape.required.push(field.clone());
                }
            }
        }
    }
    if let Some(RefOr::T(Schema::Object(shape))) = schemas.get_mut("Occupancy") {
        shape.required.retain(|field| is_seen_by_all(Kind::Room, &format!("occupancy.{field}")));
    }
}

/// True for a field that no view withholds. A field of an inner object that the table does not name is shown with
/// the object.
fn is_seen_by_all(kind: Kind, field: &str) -> bool {
    let class = kind.fields().iter().find(|(name, _)| *name == field).map(|(_, class)| *class);
    match class {
        Some(class) => class == Class::Fact,
        None => field.contains('.'),
    }
}
