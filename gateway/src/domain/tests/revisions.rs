//! Revisions: edits count, what sensors say does not.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::arbitrary::{Step, cases, clinic, facts, steps};
use super::*;
use crate::domain::action::ActionStatus;
use crate::domain::command::EquipmentReport;
use crate::domain::entity::Entity;
use crate::domain::equipment::EquipmentStatus;
use crate::domain::task::TaskStatus;

fn equipment(clinic: &mut Clinic, actor: Actor, status: EquipmentStatus) -> u64 {
    let equipment_id = "eq-1".parse().unwrap();
    let ask = match &actor {
        Actor::Device(_) => Ask::ReportEquipment(EquipmentReport {
            equipment_id,
            source: "webhook:opencv:cam-1".parse().unwrap(),
            status,
            confidence: None,
            observed_at: clinic.now,
            power_w: None,
        }),
        _ => Ask::SetEquipmentStatus { equipment_id, status },
    };
    clinic.ask_as(actor, ask).unwrap();
    clinic.state.equipment.values().next().unwrap().revision
}

#[test]
fn what_staff_say_of_equipment_counts_and_what_it_reports_itself_does_not() {
    let mut clinic = Clinic::new().equipment("eq-1").open();
    let device = || Actor::Device("opencv".parse().unwrap());
    let nurse = || Actor::User(NURSE.parse().unwrap());
    assert_eq!(equipment(&mut clinic, device(), EquipmentStatus::InUse), 1);
    assert_eq!(equipment(&mut clinic, nurse(), EquipmentStatus::NeedsMaintenance), 2);
    assert_eq!(equipment(&mut clinic, nurse(), EquipmentStatus::NeedsMaintenance), 2, "already so");
    assert_eq!(equipment(&mut clinic, device(), EquipmentStatus::Offline), 2);
    assert_eq!(equipment(&mut clinic, Actor::Console, EquipmentStatus::Operational), 3);
}

#[test]
fn each_change_of_a_task_or_an_item_counts_once() {
    let mut clinic = Clinic::new().open();
    clinic.ask(Ask::CreateTask(items::task_draft())).unwrap();
    let task_id = clinic.state.tasks.keys().next().unwrap().clone();
    let revision = |clinic: &Clinic| clinic.state.tasks[&task_id].revision;
    assert_eq!(revision(&clinic), 1);
    let note = || Ask::AddTaskNote { task_id: task_id.clone(), text: "under way".into() };
    clinic.ask(note()).unwrap();
    clinic.ask(note()).unwrap();
    assert_eq!(revision(&clinic), 2, "a repeat is none");
    clinic.ask(Ask::SetTaskStatus { task_id: task_id.clone(), status: TaskStatus::Completed }).unwrap();
    assert_eq!(revision(&clinic), 3);
    clinic.ask(Ask::CreateAction(items::action_draft())).unwrap();
    let action_id = clinic.state.actions.keys().next().unwrap().clone();
    let take = || Ask::UpdateAction {
        action_id: action_id.clone(),
        status: ActionStatus::InProgress,
        assigned_to: Some(NURSE.parse().unwrap()),
    };
    clinic.ask(take()).unwrap();
    clinic.ask(take()).unwrap();
    assert_eq!(clinic.state.actions[&action_id].revision, 2);
}

#[test]
fn a_cleaning_that_staff_complete_by_saying_clean_counts() {
    let mut clinic = Clinic::new().room("room-1").open();
    clinic.say("room-1", StaffStatus::NeedsCleaning);
    clinic.say("room-1", StaffStatus::Available);
    assert_eq!(clinic.state.tasks.values().next().unwrap().revision, 2);
}

fn revisions(state: &State) -> BTreeMap<EntityKey, Option<u64>> {
    facts(state).iter().map(|entity: &Entity| (entity.key(), entity.revision())).collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn sensors_and_time_never_move_a_revision(steps in steps(40)) {
        let mut clinic = clinic();
        for step in &steps {
            let before = revisions(&clinic.state);
            if let Step::Wait(by) = step {
                clinic.wait(*by);
            } else if let Some(command) = clinic.meant(step) {
                let is_staffs = !matches!(
                    command.ask,
                    Ask::Observe(_) | Ask::CameraAlive { .. } | Ask::CameraTrouble { .. }
                        | Ask::GatewayStarted { .. } | Ask::ClockStepped { .. }
                );
                // Refused or not: either way it was decided.
                let _ = clinic.take(&command);
                if is_staffs {
                    continue;
                }
            }
            let after = revisions(&clinic.state);
            for (key, revision) in before {
                let now = after.get(&key).copied().unwrap_or(revision);
                prop_assert_eq!(now, revision, "{} after {:?}", key, step);
            }
        }
    }
}
