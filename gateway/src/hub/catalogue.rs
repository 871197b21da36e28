//! The catalogue: a JSON Schema (2020-12) of every frame that goes in or out, made from the types that the frames are
//! made of. `GET /api/ws/frames.json`, and docs/hub-frames.json.
//!
//! `ClientFrame` and `ServerFrame` hold every frame, told apart by the constant of its `type`. A server's frame may
//! have keys that are not described, which a client ignores; a client's may not.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::close::Close;
use super::frames::{Content, asked, contents};
use crate::wire::entity::{ActionBody, AlarmBody, EquipmentBody, RoomBody, TaskBody};
use crate::wire::frame::{CameraNews, DeviceNews, Frame, Gone};
use crate::wire::schema::require_what_all_see;

/// Where the schemas of an API's document stand.
const IN_DOCUMENT: &str = "#/components/schemas/";
/// Where they stand here.
const HERE: &str = "#/$defs/";
/// What a client's frame may have besides what it means: the seed's habit.
const IGNORED: [&str; 2] = ["data", "timestamp"];

/// `GET /api/ws/frames.json`. For everybody: it says nothing about anybody.
#[utoipa::path(get, path = "/api/ws/frames.json", operation_id = "show_frames", tag = "hub",
    responses((status = 200, description = "JSON Schemas of every frame of hub/1.", body = Value, content_type = "application/schema+json")))]
pub(super) async fn show() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/schema+json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, text()).into_response()
}

/// The catalogue as text.
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        format!("{}\n", serde_json::to_string_pretty(&catalogue()).expect("a catalogue serialises"))
    })
}

/// One kind of frame.
pub(super) struct Described {
    /// The key of its schema.
    name: String,
    schema: Value,
    /// What the schema refers to.
    parts: Vec<(String, RefOr<Schema>)>,
}

impl Described {
    /// A frame of the hub's own, which has the extras `always`, and `sometimes` those others.
    pub(super) fn content<D: Content>(
        always: impl Iterator<Item = &'static str>,
        sometimes: impl Iterator<Item = &'static str>,
    ) -> Self {
        let about = json!(D::schema())["description"].as_str().unwrap_or_default().to_owned();
        Self::server::<D>(D::KIND, &about, &always.collect::<Vec<_>>(), &sometimes.collect::<Vec<_>>())
    }

    /// An event that says `D`.
    fn event<D: ToSchema>(kind: &'static str, about: &str) -> Self {
        Self::server::<D>(kind, about, &["room", "seq"], &["replay"])
    }

    fn server<D: ToSchema>(kind: &'static str, about: &str, always: &[&str], sometimes: &[&str]) -> Self {
        let mut parts = Vec::new();
        Frame::<D>::schemas(&mut parts);
        parts.push((D::name().into_owned(), D::schema()));
        let whole = json!(Frame::<D>::schema());
        let required: Vec<_> = ["type", "data", "timestamp"].iter().chain(always).collect();
        let keys = required.iter().copied().chain(sometimes);
        let mut properties: Map<_, _> =
            keys.map(|key| ((*key).to_owned(), whole["properties"][key].clone())).collect();
        properties.insert("type".into(), json!({ "const": kind }));
        let schema =
            json!({ "type": "object", "description": about, "required": required, "properties": properties });
        Self { name: format!("Server{}", in_one_word(kind)), schema, parts }
    }

    /// A frame that a client sends.
    pub(super) fn asked<D: ToSchema>(kind: &'static str) -> Self {
        let mut parts = Vec::new();
        D::schemas(&mut parts);
        let mut schema = json!(D::schema());
        for key in IGNORED {
            let properties = schema["properties"].as_object_mut().expect("a frame is an object");
            properties.entry(key).or_insert_with(|| json!({ "description": "Ignored." }));
        }
        schema["properties"]["type"] = json!({ "const": kind });
        let required = schema["required"].take();
        let required = required.as_array().into_iter().flatten().cloned();
        schema["required"] = std::iter::once(json!("type")).chain(required).collect();
        schema["additionalProperties"] = json!(false);
        Self { name: format!("Client{}", in_one_word(kind)), schema, parts }
    }
}

/// Events, as [`crate::wire::frame::event_text`] names them.
fn events() -> Vec<Described> {
    type Room = RoomBody<'static>;
    type Equipment = EquipmentBody<'static>;
    type Action = ActionBody<'static>;
    type Task = TaskBody<'static>;
    type Alarm = AlarmBody<'static>;
    vec![
        Described::event::<Room>("room:created", "A room is new."),
        Described::event::<Room>("room:updated", "A room has changed; this is all of it."),
        Described::event::<Gone>("room:deleted", "A room is gone."),
        Described::event::<Equipment>("equipment:created", "Equipment is new."),
        Described::event::<Equipment>("equipment:updated", "Equipment has changed; this is all of it."),
        Described::event::<Gone>("equipment:deleted", "Equipment is gone."),
        Described::event::<Action>("action:created", "An action item is new."),
        Described::event::<Action>("action:updated", "An action item has changed; this is all of it."),
        Described::event::<Gone>("action:deleted", "An action item is gone."),
        Described::event::<Task>("task:created", "A task is new."),
        Described::event::<Task>("task:updated", "A task has changed; this is all of it."),
        Described::event::<Gone>("task:deleted", "A task is gone."),
        Described::event::<Alarm>("alarm:raised", "Something technical is wrong."),
        Described::event::<Alarm>("alarm:cleared", "It is no longer wrong."),
        Described::event::<Alarm>("alarm:acknowledged", "Somebody has seen it."),
        Described::event::<CameraNews>("camera:updated", "How a camera does, or that it is gone."),
        Described::event::<DeviceNews>("device:updated", "How a device does, or that it is gone."),
    ]
}

/// The document.
fn catalogue() -> Value {
    let (mut schemas, mut definitions) = (BTreeMap::new(), Map::new());
    let server = contents().into_iter().chain(events()).collect();
    for (name, frames) in [("ClientFrame", asked()), ("ServerFrame", server)] {
        let of_type = frames.iter().map(|frame| json!({ "$ref": format!("{HERE}{}", frame.name) }));
        definitions.insert(name.into(), json!({ "oneOf": of_type.collect::<Vec<_>>() }));
        for Described { name, schema, parts, .. } in frames {
            definitions.insert(name, schema);
            schemas.extend(parts);
        }
    }
    require_what_all_see(&mut schemas);
    for (name, schema) in schemas {
        let before = definitions.insert(name.clone(), json!(schema));
        debug_assert!(before.is_none(), "{name} is two things");
    }
    let mut catalogue = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hub/1",
        "description": "Every frame of the hub of a CareSync gateway. A field that the client's role may not see is \
                        absent. A client ignores keys and types that it does not know.",
        "anyOf": [{ "$ref": "#/$defs/ClientFrame" }, { "$ref": "#/$defs/ServerFrame" }],
        "$defs": definitions,
        "x-close-codes": Close::CODED.into_iter().filter_map(coded).collect::<Vec<_>>(),
    });
    settle(&mut catalogue);
    catalogue
}

/// A close code, and what a client does about it.
fn coded(close: Close) -> Option<Value> {
    let then = match close {
        Close::Gone => return None,
        Close::BadFrame => "This is a bug in the client; come back, and report it.",
        Close::Unproven => "Log in again, then come back with the new token and the cursor.",
        Close::Dismissed => "Tell the user, and do not come back by yourself.",
        Close::NoPong | Close::Failed | Close::TooSlow => "Come back with the cursor.",
        Close::Replaced => "Do not come back by yourself: too many windows are open.",
        Close::FrameTooLarge => "Send smaller frames.",
        Close::TooManyFrames => "Send fewer frames; come back with the cursor.",
        Close::Restarting => "Come back with the cursor, after a random part of a second.",
    };
    close.code_and_reason().map(|(code, reason)| json!({ "code": code, "reason": reason, "client": then }))
}

/// Makes the dialect of API documents plain JSON Schema.
fn settle(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(IN_DOCUMENT)
            {
                *reference = format!("{HERE}{name}");
            }
            if let Some(example) = map.remove("example") {
                map.insert("examples".into(), json!([example]));
            }
            map.values_mut().for_each(settle);
        }
        Value::Array(all) => all.iter_mut().for_each(settle),
        _ => {}
    }
}

/// `presence:joined` as `PresenceJoined`.
fn in_one_word(kind: &str) -> String {
    let capital = |part: &str| {
        part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>()
    };
    kind.split(':').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::sync::LazyLock;

    use jsonschema::ValidatorMap;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::event::{Committed, Concerned, Seq};
    use crate::domain::id::CommandId;
    use crate::domain::role::{Role, Topic};
    use crate::domain::tests::arbitrary::{cases, clinic, steps};
    use crate::domain::view::View;
    use crate::hub::protocol;
    use crate::wire::channel::Channel;
    use crate::wire::frame::{event_text, snapshot_of};

    static VALIDATORS: LazyLock<ValidatorMap> = LazyLock::new(|| {
        let options = jsonschema::options().should_validate_formats(true);
        options.build_map(&catalogue()).unwrap()
    });

    /// What `definition` has against `frame`.
    fn faults(definition: &str, frame: &Value) -> Vec<String> {
        let validator = VALIDATORS.get(&format!("{HERE}{definition}")).unwrap();
        validator.iter_errors(frame).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// `UPDATE=1 cargo test -p caresync-gateway --lib catalogue` renews the snapshot.
    #[test]
    fn the_snapshot_of_the_catalogue_is_as_the_types_say() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/hub-frames.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text(),
            "docs/hub-frames.json is stale; renew it with UPDATE=1 and look at what changed"
        );
    }

    #[test]
    fn the_catalogue_is_json_schema_whose_references_lead_somewhere_and_each_frame_is_explained() {
        jsonschema::meta::validate(&catalogue()).unwrap();
        let definitions = catalogue()["$defs"].take();
        for reference in text().split("\"$ref\": \"").skip(1) {
            let name = reference.split('"').next().unwrap().strip_prefix(HERE).unwrap();
            assert!(definitions.get(name).is_some(), "{name} is described nowhere");
        }
        for (name, schema) in definitions.as_object().unwrap() {
            let is_frame = schema["properties"]["type"]["const"].is_string();
            let explains = schema["description"].as_str().is_some_and(|text| text.ends_with('.'));
            assert!(explains || !is_frame, "{name} says nothing of itself");
        }
    }

    /// Every variant of an event is framed or left out by an exhaustive match; what that names is read here.
    #[test]
    fn every_kind_of_event_that_is_framed_is_in_the_catalogue_and_no_other() {
        let source = include_str!("../wire/frame.rs");
        let of_match = source.split("\npub fn shown(").nth(1).unwrap().split("\n}").next().unwrap();
        let framed: BTreeSet<_> =
            of_match.split("(\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
        let described = events();
        let described: BTreeSet<_> =
            described.iter().map(|it| it.schema["properties"]["type"]["const"].as_str().unwrap()).collect();
        assert_eq!(described, framed);
        assert_eq!(framed, crate::wire::frame::EVENT_KINDS.into(), "who subscribes by name may name each");
    }

    proptest! {
        #![proptest_config(cases(24))]

        #[test]
        fn what_happens_and_what_there_is_look_as_the_catalogue_says_in_every_view(steps in steps(30)) {
            let mut clinic = clinic();
            steps.iter().for_each(|step| drop(clinic.play(step)));
            for (at, event) in &clinic.journal {
                let (command_id, before) = (CommandId(Uuid::nil()), Concerned::default());
                let committed =
                    Committed { seq: Seq(7), at: *at, actor: Actor::Gateway, command_id, before, event: event.clone() };
                for (view, replay) in View::EVERY.into_iter().zip([false, true].into_iter().cycle()) {
                    let Some(frame) = event_text(&committed, view, replay) else { continue };
                    let faults = faults("ServerFrame", &serde_json::from_str(&frame).unwrap());
                    prop_assert!(faults.is_empty(), "{:?} {}", faults, frame);
                }
            }
            let channels = Topic::EVERY.into_iter().map(Channel::Of);
            let named = ["all", "doctor:doc-001", "patient:pat-1", "task:t-1"].map(|it| it.parse().unwrap());
            for channel in channels.chain(named) {
                for role in Role::EVERY.into_iter().filter(|role| role.view() != View::Nothing) {
                    let snapshot = json!(snapshot_of(&channel, &clinic.state, role));
                    let faults = faults("Snapshot", &snapshot);
                    prop_assert!(faults.is_empty(), "{:?} {}", faults, snapshot);
                }
            }
        }
    }

    /// A value that may stand at `key` of a client's frame, right or wrong.
    fn value_of(key: &'static str) -> BoxedStrategy<Value> {
        let right = match key {
            "type" => prop::sample::select(vec!["subscribe", "unsubscribe", "signal", "ping", "shout"]),
            "room" => {
                prop::sample::select(vec!["all", "facility", "doctor:d-1", "task:a:b", "attic", "nurse:n"])
            }
            "since" => {
                prop::sample::select(vec!["k3f9:4711", "k3f9:", "k3f9:x", ":1", "a:99999999999999999999"])
            }
            _ => prop::sample::select(vec!["x"]),
        };
        let odd = vec![
            json!(null),
            json!(true),
            json!(false),
            json!(7),
            json!(-1.5),
            json!([1]),
            json!({ "a": 1 }),
        ];
        prop_oneof![6 => right.prop_map(Value::from), 1 => prop::sample::select(odd.clone()),
            2 => prop::sample::select(odd[1..4].to_vec())]
        .boxed()
    }

    fn asked_frame() -> impl Strategy<Value = Map<String, Value>> {
        const KEYS: [&str; 9] =
            ["type", "room", "id", "since", "snapshot", "presence", "timestamp", "data", "colour"];
        let weights = [19, 14, 6, 6, 4, 4, 2, 2, 1];
        let keys: Vec<_> = KEYS
            .into_iter()
            .zip(weights)
            .map(|(key, of_twenty)| {
                prop::option::weighted(
                    f64::from(of_twenty) / 20.0,
                    value_of(key).prop_map(move |it| (key, it)),
                )
            })
            .collect();
        keys.prop_map(|all| all.into_iter().flatten().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    proptest! {
        #![proptest_config(cases(4_000))]

        #[test]
        fn a_frame_that_the_catalogue_allows_is_understood_and_what_is_understood_it_allows(frame in asked_frame()) {
            let text = json!(frame).to_string();
            let faults = faults("ClientFrame", &json!(frame));
            let understood = protocol::read(&text);
            if faults.is_empty() {
                prop_assert!(understood.is_ok(), "{}: {:?}", text, understood);
            }
            // The hub overlooks a known key where it means nothing; a client has no reason to send it.
            let catalogue = &catalogue()["$defs"];
            let of_kind = format!("Client{}", in_one_word(frame.get("type").and_then(Value::as_str).unwrap_or("")));
            let means = |key: &String| catalogue[&of_kind]["properties"].get(key).is_some();
            if understood.is_ok() && frame.keys().all(means) {
                prop_assert!(faults.is_empty(), "{}: {:?}", text, faults);
            }
        }
    }
}
