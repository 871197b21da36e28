//! The catalogue of frames, as it is committed: what a story's client gets and sends must be in it.

use std::fs;
use std::sync::LazyLock;

use jsonschema::ValidatorMap;
use serde_json::Value;

use crate::repository;

/// Who sends a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The gateway.
    Server,
    /// A client of it.
    Client,
}

struct Catalogue {
    document: Value,
    validators: ValidatorMap,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let path = repository().join("docs/hub-frames.json");
    let text = fs::read_to_string(path).expect("the catalogue is committed");
    let document = serde_json::from_str(&text).expect("the catalogue is JSON");
    let options = jsonschema::options().should_validate_formats(true);
    let validators = options.build_map(&document).expect("the catalogue is a schema");
    Catalogue { document, validators }
});

/// The catalogue.
pub fn catalogue() -> &'static Value {
    &CATALOGUE.document
}

/// What is wrong with a frame, by the catalogue; `None` for a good one.
pub fn fault_of(side: Side, frame: &Value) -> Option<String> {
    let Some(name) = frame["type"].as_str().map(|kind| name_of(side, kind)) else {
        return Some("the frame has no type".into());
    };
    let Some(validator) = CATALOGUE.validators.get(&format!("#/$defs/{name}")) else {
        return Some(format!("{name} is not in the catalogue"));
    };
    let faults: Vec<_> =
        validator.iter_errors(frame).map(|it| format!("{}: {it}", it.instance_path())).collect();
    (!faults.is_empty()).then(|| faults.join("; "))
}

/// Asserts that the gateway may send `frame`.
///
/// # Panics
///
/// When it is not as the catalogue says, or of no type that it knows.
pub fn assert_catalogued(frame: &Value) {
    if let Some(fault) = fault_of(Side::Server, frame) {
        panic!("a frame is not as docs/hub-frames.json says: {fault}\n{frame:#}");
    }
}

/// The definition of a type of frame: `ServerRoomUpdated`.
fn name_of(side: Side, kind: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let words: String = kind.split(':').filter(|word| word.is_char_boundary(1)).map(capital).collect();
    format!("{side:?}{words}")
}
