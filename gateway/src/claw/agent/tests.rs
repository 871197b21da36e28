//! Nothing that anybody typed reaches the agent, whatever has happened in the clinic.

use proptest::prelude::*;

use super::status::{Facility, FacilityStatus, Offer};
use crate::claw::canary::laden_after;
use crate::domain::tests::arbitrary::{cases, steps};
use crate::domain::time::Timestamp;

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn no_word_that_anybody_typed_is_told(steps in steps(40)) {
        let state = laden_after(&steps);
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
