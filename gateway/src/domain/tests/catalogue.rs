//! What rooms, equipment and doctors there are, and edits of items.

use crate::domain::action::{ActionDraft, ActionEdit, ActionStatus, Urgency};
use crate::domain::catalogue::{
    CatalogueAsk, DoctorEdit, EquipmentEdit, NewDoctor, NewEquipment, NewRoom, RoomEdit,
};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::rules::{EQUIPMENT_MAX, ROOMS_MAX, SUGGESTED_ACTIONS_MAX};
use crate::domain::task::{Assignee, TaskDraft, TaskEdit, TaskStatus};

use super::items::{action_draft, task_draft};
use super::*;

fn clinic() -> Clinic {
    Clinic::new()
        .room("room-1")
        .room("room-2")
        .camera("cam-1", "room-2")
        .equipment("eq-1")
        .doctor("doc-001")
        .open()
}

fn ask(clinic: &mut Clinic, ask: CatalogueAsk) -> Result<Vec<Event>, Rejection> {
    clinic.ask(Ask::Catalogue(ask))
}

fn new_room(id: Option<&str>, name: &str) -> CatalogueAsk {
    let id = id.map(room_id);
    CatalogueAsk::CreateRoom(NewRoom { id, name: name.into(), kind: RoomKind::Waiting })
}

fn new_equipment(room: Option<&str>) -> NewEquipment {
    NewEquipment {
        id: None,
        name: "Scales".into(),
        kind: "scales".into(),
        room_id: room.map(room_id),
        profile: None,
        last_maintenance_date: None,
        next_maintenance_date: None,
    }
}

fn conflict(refused: Result<Vec<Event>, Rejection>) -> String {
    match refused {
        Err(Rejection::Conflict(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn field(refused: Result<Vec<Event>, Rejection>) -> &'static str {
    match refused {
        Err(Rejection::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_room_is_made_once_and_its_id_is_its_own() {
    let mut clinic = clinic();
    assert!(matches!(
        &ask(&mut clinic, new_room(Some("room-9"), "Hall")).unwrap()[..],
        [Event::RoomCreated(_)]
    ));
    assert_eq!(ask(&mut clinic, new_room(Some("room-9"), "Hall")).unwrap().len(), 0, "a repeat");
    assert!(conflict(ask(&mut clinic, new_room(Some("room-9"), "Other"))).contains("another id"));
    assert_eq!(ask(&mut clinic, new_room(None, "Hall")).unwrap().len(), 1);
    assert_eq!(field(ask(&mut clinic, new_room(None, " "))), "name");
}

#[test]
fn an_edit_counts_once_and_a_repeat_is_none() {
    let mut clinic = clinic();
    let room = |name: &str| CatalogueAsk::EditRoom {
        room_id: room_id("room-1"),
        edit: RoomEdit { name: Some(name.into()), kind: Some(RoomKind::Treatment) },
    };
    assert_eq!(ask(&mut clinic, room("Exam A")).unwrap().len(), 1);
    assert_eq!(ask(&mut clinic, room("Exam A")).unwrap().len(), 0);
    assert_eq!((clinic.at("room-1").name.as_str(), clinic.at("room-1").revision), ("Exam A", 2));
    let doctor = CatalogueAsk::EditDoctor {
        doctor_id: "doc-001".parse().unwrap(),
        edit: DoctorEdit { name: None, specialty: Some(Some("skin".into())) },
    };
    assert!(matches!(&ask(&mut clinic, doctor).unwrap()[..], [Event::DoctorUpdated(it)] if it.revision == 2));
    let equipment = |edit| CatalogueAsk::EditEquipment { equipment_id: "eq-1".parse().unwrap(), edit };
    let moved = EquipmentEdit { room_id: Some(Some(room_id("room-1"))), ..EquipmentEdit::default() };
    assert_eq!(ask(&mut clinic, equipment(moved)).unwrap().len(), 1);
    let astray = EquipmentEdit { room_id: Some(Some(room_id("room-99"))), ..EquipmentEdit::default() };
    assert_eq!(field(ask(&mut clinic, equipment(astray))), "room_id");
}

#[test]
fn a_room_stays_while_something_rests_on_it() {
    let mut clinic = clinic();
    let retire = |id: &str| CatalogueAsk::RetireRoom(room_id(id));
    assert!(conflict(ask(&mut clinic, retire("room-2"))).contains("cam-1"));
    clinic.say("room-1", StaffStatus::Occupied);
    assert!(conflict(ask(&mut clinic, retire("room-1"))).contains("somebody"));
    clinic.say("room-1", StaffStatus::Available);
    ask(&mut clinic, CatalogueAsk::CreateEquipment(new_equipment(Some("room-1")))).unwrap();
    let reason = conflict(ask(&mut clinic, retire("room-1")));
    assert!(reason.contains("another place"), "{reason}");
    let scales = clinic.state.equipment.keys().find(|id| id.as_str() != "eq-1").unwrap().clone();
    ask(&mut clinic, CatalogueAsk::RetireEquipment(scales)).unwrap();
    assert!(matches!(&ask(&mut clinic, retire("room-1")).unwrap()[..], [Event::RoomDeleted(_)]));
    assert_eq!(ask(&mut clinic, retire("room-1")).unwrap().len(), 0, "it is gone already");
}

#[test]
fn equipment_in_use_and_a_doctor_at_work_stay() {
    let mut clinic = clinic();
    let equipment_id = || "eq-1".parse().unwrap();
    let set_status = |status| Ask::SetEquipmentStatus { equipment_id: equipment_id(), status };
    clinic.ask(set_status(EquipmentStatus::InUse)).unwrap();
    assert!(conflict(ask(&mut clinic, CatalogueAsk::RetireEquipment(equipment_id()))).contains("uses it"));
    clinic.ask(set_status(EquipmentStatus::Operational)).unwrap();
    let gone = ask(&mut clinic, CatalogueAsk::RetireEquipment(equipment_id())).unwrap();
    assert!(matches!(&gone[..], [Event::EquipmentDeleted(_)]));
    let doctor = || "doc-001".parse().unwrap();
    let with_doctor =
        SetRoomStatus { current_doctor_id: Some(Some(doctor())), ..set("room-1", StaffStatus::Occupied) };
    clinic.ask(Ask::SetRoomStatus(with_doctor)).unwrap();
    assert!(conflict(ask(&mut clinic, CatalogueAsk::RetireDoctor(doctor()))).contains("room-1"));
    clinic.say("room-1", StaffStatus::Available);
    assert!(matches!(
        &ask(&mut clinic, CatalogueAsk::RetireDoctor(doctor())).unwrap()[..],
        [Event::DoctorDeleted(_)]
    ));
    assert!(clinic.state.doctors.is_empty() && clinic.state.equipment.is_empty());
}

#[test]
fn a_clinic_has_only_so_many_rooms_and_pieces() {
    let mut clinic = clinic();
    for _ in clinic.state.rooms.len()..ROOMS_MAX {
        ask(&mut clinic, new_room(None, "Hall")).unwrap();
    }
    assert!(conflict(ask(&mut clinic, new_room(None, "Hall"))).contains("500 rooms"));
    for _ in clinic.state.equipment.len()..EQUIPMENT_MAX {
        ask(&mut clinic, CatalogueAsk::CreateEquipment(new_equipment(None))).unwrap();
    }
    assert!(conflict(ask(&mut clinic, CatalogueAsk::CreateEquipment(new_equipment(None)))).contains("2000"));
}

#[test]
fn a_doctor_is_taken_in_with_a_specialty() {
    let mut clinic = clinic();
    let new = |specialty: &str| {
        let (id, name) = (Some("doc-9".parse().unwrap()), "Dr. Nine".into());
        CatalogueAsk::CreateDoctor(NewDoctor { id, name, specialty: Some(specialty.into()) })
    };
    assert_eq!(field(ask(&mut clinic, new(""))), "specialty");
    assert!(matches!(&ask(&mut clinic, new("skin")).unwrap()[..], [Event::DoctorCreated(_)]));
    assert!(conflict(ask(&mut clinic, new("bones"))).contains("doc-9"));
}

#[test]
fn an_item_names_only_what_exists() {
    let mut clinic = clinic();
    let action = |draft| Ask::CreateAction(draft);
    let (room, equipment, doctor) =
        (Some(room_id("room-9")), Some("eq-9".parse().unwrap()), Some("doc-9".parse().unwrap()));
    assert_eq!(field(clinic.ask(action(ActionDraft { room_id: room.clone(), ..action_draft() }))), "room_id");
    assert_eq!(
        field(clinic.ask(action(ActionDraft { equipment_id: equipment, ..action_draft() }))),
        "equipment_id"
    );
    assert_eq!(field(clinic.ask(action(ActionDraft { doctor_id: doctor, ..action_draft() }))), "doctor_id");
    let many = vec!["call".to_owned(); SUGGESTED_ACTIONS_MAX + 1];
    assert_eq!(
        field(clinic.ask(action(ActionDraft { suggested_actions: many, ..action_draft() }))),
        "suggested_actions"
    );
    let task = |draft| Ask::CreateTask(draft);
    assert_eq!(field(clinic.ask(task(TaskDraft { room_id: room, ..task_draft() }))), "room_id");
    let nobody = Assignee::User("nobody".parse().unwrap());
    assert_eq!(field(clinic.ask(task(TaskDraft { assignee: nobody, ..task_draft() }))), "assignee");
    for kind in ["", "Mrs. Jones", "Cleaning", &"x".repeat(65)] {
        assert_eq!(
            field(clinic.ask(task(TaskDraft { kind: kind.into(), ..task_draft() }))),
            "type",
            "{kind}"
        );
    }
}

#[test]
fn an_edit_of_a_task_is_one_event_however_much_it_changes() {
    let mut clinic = clinic();
    clinic.ask(Ask::CreateTask(task_draft())).unwrap();
    let task_id = clinic.state.tasks.keys().next().unwrap().clone();
    let edit = |edit| Ask::EditTask { task_id: task_id.clone(), edit: Box::new(edit) };
    let much = || TaskEdit {
        status: Some(TaskStatus::InProgress),
        priority: Some(Urgency::Urgent),
        assignee: Some(Assignee::User(NURSE.parse().unwrap())),
        estimated_duration: Some(None),
        note: Some("on my way".into()),
        ..TaskEdit::default()
    };
    assert_eq!(clinic.ask(edit(much())).unwrap().len(), 1);
    assert_eq!(clinic.ask(edit(much())).unwrap().len(), 0, "a repeat");
    let task = clinic.state.tasks[&task_id].clone();
    assert_eq!((task.revision, task.notes.len(), task.draft.estimated_duration), (2, 1, None));
    clinic.ask(edit(TaskEdit { status: Some(TaskStatus::Completed), ..TaskEdit::default() })).unwrap();
    let late = TaskEdit { priority: Some(Urgency::Low), ..TaskEdit::default() };
    assert!(conflict(clinic.ask(edit(late))).contains("closed"));
    let note = TaskEdit { note: Some("it took long".into()), ..TaskEdit::default() };
    assert_eq!(clinic.ask(edit(note)).unwrap().len(), 1, "a closed task takes remarks");
    assert_eq!(clinic.state.tasks[&task_id].end_time, Some(clinic.now));
}

#[test]
fn what_an_item_names_may_go_and_the_item_is_edited_all_the_same() {
    let mut clinic = clinic();
    clinic
        .ask(Ask::CreateAction(ActionDraft { room_id: Some(room_id("room-1")), ..action_draft() }))
        .unwrap();
    ask(&mut clinic, CatalogueAsk::RetireRoom(room_id("room-1"))).unwrap();
    let action_id = clinic.state.actions.keys().next().unwrap().clone();
    let edit = |edit| Ask::EditAction { action_id: action_id.clone(), edit: Box::new(edit) };
    let title = ActionEdit { title: Some("Order more".into()), ..ActionEdit::default() };
    assert_eq!(clinic.ask(edit(title)).unwrap().len(), 1);
    let nobody = ActionEdit { assigned_to: Some(Some("nobody".parse().unwrap())), ..ActionEdit::default() };
    assert_eq!(field(clinic.ask(edit(nobody))), "assigned_to");
    let done = || ActionEdit { status: Some(ActionStatus::Completed), ..ActionEdit::default() };
    clinic.ask(edit(done())).unwrap();
    assert_eq!(clinic.ask(edit(done())).unwrap().len(), 0);
    assert!(clinic.state.actions[&action_id].completed_by.is_some());
    let late = ActionEdit { urgency: Some(Urgency::Low), ..ActionEdit::default() };
    assert!(conflict(clinic.ask(edit(late))).contains("completed"));
}
