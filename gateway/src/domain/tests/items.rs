//! Action items, tasks and the import.

use crate::domain::action::{ActionDraft, ActionKind, ActionStatus, Urgency};
use crate::domain::equipment::EquipmentStatus::Offline;
use crate::domain::id::{ActionId, TaskId};
use crate::domain::rules::{CONTEXT_BYTES_MAX, NAME_BYTES_MAX, TASK_NOTES_MAX, TEXT_BYTES_MAX};
use crate::domain::task::{Assignee, TaskDraft, TaskStatus};

use super::*;

pub(super) fn action_draft() -> ActionDraft {
    ActionDraft {
        kind: ActionKind::Manual,
        urgency: Urgency::Normal,
        title: "Order gloves".into(),
        description: "The drawer is empty.".into(),
        context: serde_json::Map::new(),
        reasoning: None,
        suggested_actions: Vec::new(),
        doctor_id: None,
        room_id: None,
        equipment_id: None,
    }
}

pub(super) fn task_draft() -> TaskDraft {
    TaskDraft {
        kind: "delivery".into(),
        description: "Bring gloves".into(),
        priority: Urgency::Normal,
        assignee: Assignee::Staff,
        doctor_id: None,
        room_id: None,
        equipment_id: None,
        estimated_duration: Some(10),
        reasoning: None,
    }
}

fn clinic() -> Clinic {
    Clinic::new().room("room-1").equipment("eq-1").open()
}

fn new_task(clinic: &mut Clinic) -> TaskId {
    clinic.ask(Ask::CreateTask(task_draft())).unwrap();
    clinic.state.tasks.keys().next_back().unwrap().clone()
}

fn new_action(clinic: &mut Clinic) -> ActionId {
    clinic.ask(Ask::CreateAction(action_draft())).unwrap();
    clinic.state.actions.keys().next_back().unwrap().clone()
}

fn wrong_field(clinic: &mut Clinic, ask: Ask) -> &'static str {
    let before = clinic.journal.len();
    let refused = clinic.ask(ask).unwrap_err();
    assert_eq!(clinic.journal.len(), before);
    match refused {
        Rejection::Invalid { field, .. } => field,
        other => panic!("{other}"),
    }
}

#[test]
fn unknown_things_are_refused_by_kind() {
    let mut clinic = clinic();
    let id = || uuid::Uuid::from_u128(9);
    let refusals = [
        clinic.ask(Ask::SetEquipmentStatus { equipment_id: "eq-9".parse().unwrap(), status: Offline }),
        clinic.ask(Ask::SetTaskStatus { task_id: id().into(), status: TaskStatus::Pending }),
        clinic.ask(Ask::AddTaskNote { task_id: id().into(), text: "hello".into() }),
        clinic.ask(Ask::UpdateAction {
            action_id: id().into(),
            status: ActionStatus::Pending,
            assigned_to: None,
        }),
        clinic.ask(Ask::AcknowledgeAlarm("camera_lost:cam-9".parse().unwrap())),
    ];
    let kinds = refusals.map(|refused| match refused.unwrap_err() {
        Rejection::NotFound { kind, .. } => kind,
        other => panic!("{other}"),
    });
    assert_eq!(kinds, ["equipment", "task", "task", "action item", "alarm"]);
}

#[test]
fn deleting_what_is_gone_already_is_no_event() {
    let mut clinic = clinic();
    let (task, action) = (new_task(&mut clinic), new_action(&mut clinic));
    for (ask, events) in [
        (Ask::DeleteTask(task.clone()), 1),
        (Ask::DeleteTask(task), 0),
        (Ask::DeleteAction(action.clone()), 1),
        (Ask::DeleteAction(action), 0),
    ] {
        assert_eq!(clinic.ask(ask).unwrap().len(), events);
    }
    assert!(clinic.state.tasks.is_empty() && clinic.state.actions.is_empty());
}

#[test]
fn a_command_that_comes_twice_creates_its_thing_once() {
    let mut clinic = clinic();
    let staff = Actor::Console;
    for ask in [Ask::CreateTask(task_draft()), Ask::CreateAction(action_draft())] {
        let command = clinic.command(staff.clone(), ask);
        assert_eq!(clinic.take(&command).unwrap().len(), 1);
        clinic.wait(minutes(5));
        assert_eq!(clinic.take(&command).unwrap().len(), 0);
    }
    assert_eq!((clinic.state.tasks.len(), clinic.state.actions.len()), (1, 1));
}

#[test]
fn a_closed_task_moves_no_more() {
    for closed in [TaskStatus::Completed, TaskStatus::Failed, TaskStatus::Cancelled] {
        let mut clinic = clinic();
        let task_id = new_task(&mut clinic);
        let to = |status| Ask::SetTaskStatus { task_id: task_id.clone(), status };
        clinic.ask(to(TaskStatus::InProgress)).unwrap();
        assert_eq!(clinic.state.tasks[&task_id].end_time, None);
        clinic.ask(to(closed)).unwrap();
        assert_eq!(clinic.state.tasks[&task_id].end_time, Some(clinic.now));
        assert_eq!(clinic.ask(to(closed)).unwrap().len(), 0, "it is already so");
        assert!(matches!(clinic.ask(to(TaskStatus::Pending)), Err(Rejection::Conflict(_))));
    }
}

#[test]
fn a_completed_action_item_moves_no_more() {
    let mut clinic = clinic();
    let id = new_action(&mut clinic);
    let to = |status, assigned_to| Ask::UpdateAction { action_id: id.clone(), status, assigned_to };
    let nurse = || NURSE.parse().ok();
    assert_eq!(clinic.ask(to(ActionStatus::InProgress, nurse())).unwrap().len(), 1);
    assert_eq!(clinic.ask(to(ActionStatus::InProgress, nurse())).unwrap().len(), 0);
    clinic.ask(to(ActionStatus::Completed, nurse())).unwrap();
    let item = clinic.state.actions[&id].clone();
    assert_eq!(
        (item.completed_at, item.completed_by.clone()),
        (Some(clinic.now), Some(Actor::User(NURSE.parse().unwrap())))
    );
    clinic.wait(minutes(1));
    assert_eq!(clinic.ask(to(ActionStatus::Completed, nurse())).unwrap().len(), 0);
    assert!(matches!(clinic.ask(to(ActionStatus::Pending, nurse())), Err(Rejection::Conflict(_))));
    assert!(matches!(clinic.ask(to(ActionStatus::Completed, None)), Err(Rejection::Conflict(_))));
}

#[test]
fn a_task_takes_sixteen_notes_and_the_same_note_twice_is_one() {
    let mut clinic = clinic();
    let task_id = new_task(&mut clinic);
    let note = |text: String| Ask::AddTaskNote { task_id: task_id.clone(), text };
    for n in 0..TASK_NOTES_MAX {
        assert_eq!(clinic.ask(note(format!("note {n}"))).unwrap().len(), 1);
        assert_eq!(clinic.ask(note(format!("note {n}"))).unwrap().len(), 0);
    }
    let refused = clinic.ask(note("one more".into())).unwrap_err();
    assert_eq!(refused.to_string(), format!("task \"{task_id}\" already has 16 notes"));
    assert_eq!(clinic.state.tasks[&task_id].notes.len(), TASK_NOTES_MAX);
}

#[test]
fn two_people_may_make_the_same_remark() {
    let mut clinic = clinic();
    let task_id = new_task(&mut clinic);
    let note = Ask::AddTaskNote { task_id, text: "done".into() };
    clinic.ask(note.clone()).unwrap();
    assert_eq!(clinic.ask_as(Actor::User("nurse-2".parse().unwrap()), note).unwrap().len(), 1);
}

#[test]
fn a_text_that_is_empty_or_too_long_is_refused_with_its_field() {
    let mut clinic = clinic();
    let task_id = new_task(&mut clinic);
    for text in ["", " \n", &"x".repeat(TEXT_BYTES_MAX + 1), &"ä".repeat(TEXT_BYTES_MAX / 2 + 1)] {
        let text = || text.to_owned();
        let (action, task) = (action_draft(), task_draft());
        let asks = [
            (Ask::CreateAction(ActionDraft { title: text(), ..action.clone() }), "title"),
            (Ask::CreateAction(ActionDraft { description: text(), ..action.clone() }), "description"),
            (Ask::CreateAction(ActionDraft { reasoning: Some(text()), ..action.clone() }), "reasoning"),
            (
                Ask::CreateAction(ActionDraft { suggested_actions: vec![text()], ..action }),
                "suggested_actions",
            ),
            (Ask::CreateTask(TaskDraft { kind: text(), ..task.clone() }), "type"),
            (Ask::CreateTask(TaskDraft { description: text(), ..task.clone() }), "description"),
            (Ask::CreateTask(TaskDraft { reasoning: Some(text()), ..task }), "reasoning"),
            (Ask::AddTaskNote { task_id: task_id.clone(), text: text() }, "text"),
        ];
        for (ask, field) in asks {
            assert_eq!(wrong_field(&mut clinic, ask), field);
        }
    }
    let longest = ActionDraft { title: "x".repeat(TEXT_BYTES_MAX), ..action_draft() };
    assert!(clinic.ask(Ask::CreateAction(longest)).is_ok());
}

#[test]
fn a_context_over_four_kibibytes_is_refused_with_its_field() {
    let mut clinic = clinic();
    let with = |bytes: usize| {
        let context = serde_json::json!({ "seen": "x".repeat(bytes - r#"{"seen":""}"#.len()) });
        let serde_json::Value::Object(context) = context else { unreachable!() };
        Ask::CreateAction(ActionDraft { context, ..action_draft() })
    };
    assert!(clinic.ask(with(CONTEXT_BYTES_MAX)).is_ok());
    assert_eq!(wrong_field(&mut clinic, with(CONTEXT_BYTES_MAX + 1)), "context");
}

#[test]
fn the_seed_file_is_taken_over_once_in_the_life_of_a_store() {
    let mut clinic = clinic();
    let other = Clinic::new().room("room-2").seed;
    assert_eq!(clinic.ask(Ask::ImportClinic(other)).unwrap().len(), 0);
    assert_eq!(clinic.state.rooms.len(), 1);
}

#[test]
fn a_seed_that_contradicts_itself_is_refused_whole() {
    let twice = |clinic: Clinic| clinic.seed;
    let astray = {
        let mut seed = Clinic::new().room("room-1").equipment("eq-1").seed;
        seed.equipment[0].3 = Some(room_id("room-9"));
        seed
    };
    let seeds = [
        (twice(Clinic::new().room("room-1").room("room-1")), "rooms"),
        (twice(Clinic::new().equipment("eq-1").equipment("eq-1")), "equipment"),
        (twice(Clinic::new().doctor("doc-001").doctor("doc-001")), "doctors"),
        (astray, "equipment.room_id"),
    ];
    for (seed, field) in seeds {
        let mut clinic = Clinic::new();
        assert_eq!(wrong_field(&mut clinic, Ask::ImportClinic(seed)), field);
    }
}

#[test]
fn a_name_that_is_empty_or_too_long_is_refused_with_its_field() {
    for name in ["", &"x".repeat(NAME_BYTES_MAX + 1)] {
        let named = |name: &str| {
            let mut seed = Clinic::new().room("room-1").equipment("eq-1").doctor("doc-001").seed;
            (seed.rooms[0].1, seed.equipment[0].1, seed.doctors[0].name) =
                (name.into(), "e".into(), "d".into());
            seed
        };
        let (mut equipment, mut doctor) = (named("r"), named("r"));
        equipment.equipment[0].1 = name.into();
        doctor.doctors[0].name = name.into();
        for (seed, field) in
            [(named(name), "rooms.name"), (equipment, "equipment.name"), (doctor, "doctors.name")]
        {
            assert_eq!(wrong_field(&mut Clinic::new(), Ask::ImportClinic(seed)), field);
        }
    }
}

#[test]
fn the_oldest_closed_items_leave_memory_and_open_ones_never() {
    use crate::domain::rules::CLOSED_ITEMS_KEPT;
    let mut clinic = clinic();
    let oldest = new_task(&mut clinic);
    for _ in 0..2 * CLOSED_ITEMS_KEPT {
        let task_id = new_task(&mut clinic);
        clinic.ask(Ask::SetTaskStatus { task_id, status: TaskStatus::Completed }).unwrap();
    }
    let newest = clinic.state.tasks.keys().next_back().unwrap().clone();
    clinic.state.trim_closed();
    assert_eq!(clinic.state.tasks.len(), CLOSED_ITEMS_KEPT + 1);
    assert!(clinic.state.tasks.contains_key(&oldest) && clinic.state.tasks.contains_key(&newest));
}

#[test]
fn a_start_holds_few_of_the_closed_items_that_it_reads() {
    use crate::domain::rules::CLOSED_ITEMS_KEPT;
    let mut clinic = clinic();
    let task_id = new_task(&mut clinic);
    clinic.ask(Ask::SetTaskStatus { task_id: task_id.clone(), status: TaskStatus::Completed }).unwrap();
    let closed = Task::clone(&clinic.state.tasks[&task_id]);
    let read = std::cell::RefCell::new(Vec::new());
    let most = std::cell::Cell::new(0);
    let stored = (0..6 * CLOSED_ITEMS_KEPT).map(|n| {
        let task = Arc::new(Task { id: uuid::Uuid::from_u128(n as u128).into(), ..closed.clone() });
        read.borrow_mut().push(Arc::downgrade(&task));
        if n % 500 == 0 {
            most.set(most.get().max(read.borrow().iter().filter(|task| task.strong_count() > 0).count()));
        }
        Entity::Task(task)
    });
    let state = State::new(Rules::default(), stored);
    assert!(most.get() <= 3 * CLOSED_ITEMS_KEPT, "{} at once", most.get());
    assert!((CLOSED_ITEMS_KEPT..=2 * CLOSED_ITEMS_KEPT).contains(&state.tasks.len()));
}
