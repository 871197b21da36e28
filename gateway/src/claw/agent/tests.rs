//! Nothing that anybody typed reaches the agent, whatever has happened in the clinic.

use proptest::prelude::*;
use serde_json::Value;

use super::status::{Facility, FacilityStatus, Offer};
use crate::domain::entity::Entity;
use crate::domain::rules::Rules;
use crate::domain::state::State;
use crate::domain::tests::arbitrary::{cases, clinic, facts, steps};
use crate::domain::time::Timestamp;

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

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn no_word_that_anybody_typed_is_told(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        let mut words = 0;
        let entities: Vec<Entity> = facts(&clinic.state).into_iter().map(|entity| {
            let (entity, taken) = laden(entity);
            words += taken;
            entity
        }).collect();
        prop_assert!(words > 3, "the names of three rooms take the canary at least");
        let state = State::new(Rules::default(), entities);
        let facility = Facility::of(&state);
        let (timestamp, facility_id) = (Timestamp::default(), "clinic");
        let told = serde_json::to_string(&FacilityStatus { timestamp, facility_id, facility: &facility }).unwrap();
        prop_assert!(!told.contains("Erika") && !told.contains("patient-"), "{}", told);
        for task in state.tasks.values() {
            let offer = Offer { timestamp, facility_id, answer_by: task.answer_by, task: (&**task).into() };
            let told = serde_json::to_string(&offer).unwrap();
            prop_assert!(!told.contains("Erika"), "{}", told);
        }
    }
}
