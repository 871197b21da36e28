//! A patient's name wherever it can stand, for tests of what is told.

use serde_json::Value;

use crate::domain::entity::Entity;
use crate::domain::rules::Rules;
use crate::domain::state::State;
use crate::domain::tests::arbitrary::{Step, clinic, facts};

/// A patient's name: no id, no enum and no time, so that it fits wherever free text does, and nowhere else.
const CANARY: &str = "Erika Mustermann";

/// `entity` with the canary in each string that takes it. Returns how many do.
fn laden(entity: Entity) -> (Entity, usize) {
    let mut whole = serde_json::to_value(&entity).unwrap();
    let mut paths = Vec::new();
    strings(&whole, String::new(), &mut paths);
    let mut taken = 0;
    for path in paths {
        let place = whole.pointer_mut(&path).unwrap();
        let before = std::mem::replace(place, CANARY.into());
        if serde_json::from_value::<Entity>(whole.clone()).is_ok() {
            taken += 1;
        } else {
            *whole.pointer_mut(&path).unwrap() = before;
        }
    }
    (serde_json::from_value(whole).unwrap(), taken)
}

/// A clinic after `steps`, with the canary wherever it fits.
///
/// # Panics
///
/// When it fits nowhere.
pub(super) fn laden_after(steps: &[Step]) -> State {
    let mut clinic = clinic();
    for step in steps {
        clinic.play(step);
    }
    let mut words = 0;
    let entities = facts(&clinic.state).into_iter().map(|entity| {
        let (entity, taken) = laden(entity);
        words += taken;
        entity
    });
    let entities: Vec<Entity> = entities.collect();
    assert!(words > 3, "the names of three rooms take the canary at least");
    State::new(Rules::default(), entities)
}

fn strings(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::String(_) => paths.push(path),
        Value::Array(all) => {
            for (n, inner) in all.iter().enumerate() {
                strings(inner, format!("{path}/{n}"), paths);
            }
        }
        Value::Object(all) => {
            for (key, inner) in all {
                strings(inner, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
