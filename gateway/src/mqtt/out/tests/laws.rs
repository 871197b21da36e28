//! Laws that hold for every day in the clinic.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::action::{ActionDraft, ActionKind, Urgency};
use crate::domain::command::{Ask, SetRoomStatus, StaffStatus};
use crate::domain::device::{DeviceReport, Said};
use crate::domain::rules::Rules;
use crate::domain::task::{Assignee, TaskDraft};
use crate::domain::tests::Clinic;
use crate::domain::tests::arbitrary::{cases, clinic, steps};

/// What somebody typed about somebody.
const CANARY: &str = "Jane-Doe-has-a-rash";

/// Everybody says something about somebody, wherever something can be said.
fn gossip(clinic: &mut Clinic) {
    let action = ActionDraft {
        kind: ActionKind::Manual,
        urgency: Urgency::Normal,
        title: CANARY.into(),
        description: CANARY.into(),
        context: serde_json::Map::new(),
        reasoning: Some(CANARY.into()),
        suggested_actions: vec![CANARY.into()],
        doctor_id: Some("doc-001".parse().unwrap()),
        room_id: Some("room-1".parse().unwrap()),
        equipment_id: Some("eq-1".parse().unwrap()),
    };
    let task = TaskDraft {
        kind: "delivery".into(),
        description: CANARY.into(),
        priority: Urgency::Normal,
        assignee: Assignee::Staff,
        doctor_id: Some("doc-001".parse().unwrap()),
        room_id: Some("room-1".parse().unwrap()),
        equipment_id: Some("eq-1".parse().unwrap()),
        estimated_duration: None,
        reasoning: Some(CANARY.into()),
    };
    let (doctor, patient) = ("doc-001".parse().unwrap(), CANARY.parse().unwrap());
    let room = SetRoomStatus {
        room_id: "room-1".parse().unwrap(),
        status: StaffStatus::Occupied,
        current_doctor_id: Some(Some(doctor)),
        current_patient_id: Some(Some(patient)),
        estimated_available_at: None,
    };
    let report = DeviceReport {
        device_id: "plug-1".parse().unwrap(),
        said: vec![Said::Fault(CANARY.into())],
        observed_at: None,
        counter: None,
        is_replay: false,
    };
    let equipment_id = "eq-1".parse().unwrap();
    let log = Ask::LogMaintenance { equipment_id, text: CANARY.into(), next_due: None };
    let every = [
        Ask::CreateAction(action),
        Ask::CreateTask(task),
        log,
        Ask::SetRoomStatus(room),
        Ask::ReportDevice(report),
    ];
    for ask in every {
        // What is not there any more on such a day cannot be talked about.
        let _ = clinic.ask(ask);
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn whoever_follows_ends_where_whoever_comes_late_begins(
        steps in steps(40),
        slowness in prop::collection::vec(0_usize..12, 1..20),
    ) {
        let mut clinic = clinic();
        for (n, step) in steps.iter().enumerate() {
            clinic.play(step);
            if n % 9 == 0 {
                gossip(&mut clinic);
            }
        }
        let mut state = State::new(Rules::default(), []);
        let mut prompt = (Shelf::default(), Retained::new(topics(), "The clinic".into()));
        let mut slow = (Shelf::default(), Retained::new(topics(), "The clinic".into()));
        prompt.1.anew(&state);
        slow.1.anew(&state);
        for (n, (at, event)) in clinic.journal.iter().enumerate() {
            state.apply(event, &mut BTreeSet::new(), *at);
            prompt.1.follow(event, &state);
            prompt.0.take_some(&mut prompt.1, &state, usize::MAX);
            prop_assert_eq!(&prompt.0, &Shelf::of(&state), "after {:?}", event);
            slow.1.follow(event, &state);
            slow.0.take_some(&mut slow.1, &state, slowness[n % slowness.len()]);
        }
        slow.0.take_some(&mut slow.1, &state, usize::MAX);
        prop_assert_eq!(&slow.0, &prompt.0);
        // Touches, which the running state has and the journal has not, are in no payload.
        prop_assert_eq!(&Shelf::of(&clinic.state), &prompt.0);
    }

    #[test]
    fn nothing_tells_of_a_patient_a_doctor_or_what_somebody_typed(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
            gossip(&mut clinic);
            for (topic, payload) in Shelf::of(&clinic.state).entries() {
                for secret in [CANARY, "doc-001", "Dr doc", "patient-", "current_"] {
                    prop_assert!(!payload.contains(secret), "{}: {}", topic, payload);
                    prop_assert!(!topic.contains(secret), "{}", topic);
                }
            }
        }
    }

    #[test]
    fn every_document_of_every_day_is_one_that_home_assistant_takes(steps in steps(30)) {
        let mut clinic = clinic();
        for step in &steps {
            clinic.play(step);
        }
        super::home_assistant::check(&Shelf::of(&clinic.state));
    }
}
