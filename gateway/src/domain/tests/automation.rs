//! What sensors may do by themselves, and what becomes of it when they may not.

use crate::domain::action::{ActionItem, ActionStatus, Urgency};
use crate::domain::automation::{AutomationEdit, AutomationLevels, Level, RoomLevels};
use crate::domain::command::EquipmentReport;
use crate::domain::command::StaffStatus::{Available, NeedsCleaning, Occupied};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::rules::{AUTOMATION_KEPT, AUTOMATION_ROOMS_MAX, RECORD_BYTES_MAX};
use crate::domain::task::TaskStatus;

use super::*;

fn levels(occupancy: Level, turnover: Level, equipment: Level) -> AutomationLevels {
    AutomationLevels { occupancy, turnover, equipment, rooms: Default::default() }
}

fn full() -> AutomationLevels {
    AutomationLevels::default()
}

/// Sets every level that `levels` names.
fn setting(levels: AutomationLevels) -> Ask {
    Ask::SetAutomation(edit(levels))
}

pub(super) fn edit(levels: AutomationLevels) -> AutomationEdit {
    let AutomationLevels { occupancy, turnover, equipment, rooms } = levels;
    AutomationEdit {
        occupancy: Some(occupancy),
        turnover: Some(turnover),
        equipment: Some(equipment),
        rooms: rooms.into_iter().map(|(room, own)| (room, Some(own))).collect(),
    }
}

fn clinic(set: AutomationLevels) -> Clinic {
    let mut clinic = Clinic::new().room("room-1").camera("cam-1", "room-1").equipment("eq-1").open();
    clinic.sees("cam-1", "room-1", false);
    clinic.ask(setting(set)).unwrap();
    clinic
}

fn visit(clinic: &mut Clinic) {
    clinic.watch("cam-1", "room-1", true, minutes(5));
    clinic.watch("cam-1", "room-1", false, minutes(2));
}

fn only_item(clinic: &Clinic) -> ActionItem {
    assert_eq!(clinic.state.actions.len(), 1, "{:?}", clinic.state.actions);
    ActionItem::clone(clinic.state.actions.values().next().unwrap())
}

fn open_items(clinic: &Clinic) -> usize {
    clinic.state.actions.values().filter(|item| item.status != ActionStatus::Completed).count()
}

fn move_task(clinic: &mut Clinic, status: TaskStatus) -> usize {
    let task_id = clinic.state.tasks.keys().next_back().unwrap().clone();
    clinic.ask(Ask::SetTaskStatus { task_id, status }).unwrap().len()
}

#[test]
fn an_assisted_turnover_proposes_a_cleaning_and_staff_decide() {
    for (status, becomes, events) in [
        (TaskStatus::Pending, RoomStatus::NeedsCleaning, 2),
        (TaskStatus::InProgress, RoomStatus::NeedsCleaning, 2),
        (TaskStatus::Cancelled, RoomStatus::Available, 1),
    ] {
        let mut clinic = clinic(levels(Level::Full, Level::Assisted, Level::Full));
        visit(&mut clinic);
        assert_eq!(clinic.status("room-1"), RoomStatus::Available);
        let task = clinic.open_cleanings("room-1")[0].clone();
        assert_eq!(task.status, TaskStatus::Proposed);
        visit(&mut clinic);
        assert_eq!(clinic.state.tasks.len(), 1, "one proposal is enough");
        clinic.restart();
        clinic.sees("cam-1", "room-1", false);
        assert_eq!(move_task(&mut clinic, status), events);
        assert_eq!((clinic.status("room-1"), clinic.state.tasks.len()), (becomes, 1));
        assert_eq!(clinic.state.tasks[&task.id].status, status);
    }
}

#[test]
fn staff_who_say_it_themselves_settle_the_proposed_cleaning() {
    for (said, status) in [(NeedsCleaning, TaskStatus::Pending), (Available, TaskStatus::Cancelled)] {
        let mut clinic = clinic(levels(Level::Full, Level::Assisted, Level::Full));
        visit(&mut clinic);
        clinic.say("room-1", said);
        let task = clinic.state.tasks.values().next().unwrap();
        assert_eq!((task.status, clinic.state.tasks.len()), (status, 1));
    }
}

#[test]
fn a_proposed_cleaning_that_was_done_leaves_a_clean_room() {
    let mut clinic = clinic(levels(Level::Full, Level::Assisted, Level::Full));
    visit(&mut clinic);
    move_task(&mut clinic, TaskStatus::Completed);
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert_eq!(clinic.at("room-1").cleaned_at, Some(clinic.now));
}

#[test]
fn a_monitored_turnover_is_said_and_nothing_more() {
    let mut clinic = clinic(levels(Level::Full, Level::Monitoring, Level::Full));
    visit(&mut clinic);
    assert_eq!((clinic.status("room-1"), clinic.state.tasks.len()), (RoomStatus::Available, 0));
    let why = "camera cam-1 sees nobody; somebody was there, and turnover is only monitored";
    assert_eq!(clinic.why("room-1"), why);
    clinic.restart();
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(clinic.why("room-1"), why);
    clinic.say("room-1", Available);
    assert!(!clinic.why("room-1").contains("monitored"), "{}", clinic.why("room-1"));
}

#[test]
fn a_monitored_room_is_what_staff_say_for_as_long_as_they_say_it() {
    let mut clinic = clinic(levels(Level::Monitoring, Level::Full, Level::Full));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available, "nobody has said anything");
    clinic.watch("cam-1", "room-1", true, minutes(5));
    assert_eq!(clinic.status("room-1"), RoomStatus::Available);
    assert_eq!(
        clinic.why("room-1"),
        "no staff member has said anything yet; sensors only advise here: camera cam-1 sees somebody"
    );
    assert!(clinic.at("room-1").evidence[0].occupied, "the evidence is kept");
    clinic.say("room-1", Occupied);
    clinic.watch("cam-1", "room-1", false, minutes(40));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied, "no change and no time ends it");
    clinic.wait(minutes(10));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied, "nor a lost camera");
    assert_eq!(clinic.state.tasks.len() + clinic.state.actions.len(), 0);
    clinic.ask(setting(full())).unwrap();
    clinic.watch("cam-1", "room-1", false, minutes(29));
    assert_eq!(clinic.status("room-1"), RoomStatus::Occupied, "from then on as ever: half an hour");
    clinic.watch("cam-1", "room-1", false, minutes(1));
    assert_ne!(clinic.status("room-1"), RoomStatus::Occupied);
}

#[test]
fn an_assisted_room_proposes_each_change_once_and_closes_it_when_staff_say_so() {
    let mut clinic = clinic(levels(Level::Assisted, Level::Full, Level::Full));
    clinic.watch("cam-1", "room-1", true, minutes(40));
    let item = only_item(&clinic);
    assert_eq!((item.draft.urgency, item.draft.title.as_str()), (Urgency::Low, "The room-1 seems occupied"));
    assert_eq!(item.draft.description, "camera cam-1 sees somebody. Set the room if it is occupied.");
    clinic.restart();
    clinic.watch("cam-1", "room-1", true, seconds(5));
    assert_eq!(
        (clinic.state.actions.len(), clinic.status("room-1")),
        (2, RoomStatus::Available),
        "a gap is a change"
    );
    clinic.say("room-1", Occupied);
    assert_eq!((open_items(&clinic), clinic.status("room-1")), (0, RoomStatus::Occupied));
    let closed = clinic.state.actions.values().next_back().unwrap();
    assert_eq!(closed.completed_by, Some(Actor::User(NURSE.parse().unwrap())));
    clinic.sees("cam-1", "room-1", false);
    assert_eq!(open_items(&clinic), 1, "the other way is another change");
}

#[test]
fn a_proposal_comes_not_twice_within_half_an_hour_and_ends_when_nothing_says_so_any_more() {
    let mut clinic = clinic(levels(Level::Assisted, Level::Full, Level::Full));
    clinic.sees("cam-1", "room-1", true);
    assert_eq!(open_items(&clinic), 1);
    for _ in 0..5 {
        clinic.watch("cam-1", "room-1", false, seconds(10));
        assert_eq!(open_items(&clinic), 0);
        clinic.watch("cam-1", "room-1", true, seconds(10));
        assert_eq!((open_items(&clinic), clinic.state.actions.len()), (0, 1));
    }
    clinic.watch("cam-1", "room-1", true, minutes(30));
    assert_eq!((open_items(&clinic), clinic.state.actions.len()), (1, 2));
}

#[test]
fn who_declines_a_proposal_is_not_asked_again_about_the_same_change() {
    let mut clinic = clinic(levels(Level::Assisted, Level::Full, Level::Full));
    clinic.sees("cam-1", "room-1", true);
    let action_id = only_item(&clinic).id;
    let done = Ask::UpdateAction { action_id, status: ActionStatus::Completed, assigned_to: None };
    clinic.ask(done).unwrap();
    clinic.watch("cam-1", "room-1", true, minutes(65));
    assert_eq!(clinic.state.actions.len(), 1);
}

fn reports(clinic: &mut Clinic, status: EquipmentStatus) -> usize {
    let report = EquipmentReport {
        equipment_id: "eq-1".parse().unwrap(),
        source: "webhook:key:cam-9".parse().unwrap(),
        status,
        confidence: None,
        observed_at: clinic.now,
        power_w: None,
    };
    clinic.ask_as(Actor::Gateway, Ask::ReportEquipment(report)).unwrap().len()
}

#[test]
fn a_device_changes_equipment_or_proposes_it_or_is_only_heard() {
    let eq = |clinic: &Clinic| clinic.state.equipment.values().next().unwrap().status;
    for (level, status, items) in [
        (Level::Full, EquipmentStatus::InUse, 0),
        (Level::Assisted, EquipmentStatus::Operational, 1),
        (Level::Monitoring, EquipmentStatus::Operational, 0),
    ] {
        let mut clinic = clinic(levels(Level::Full, Level::Full, level));
        reports(&mut clinic, EquipmentStatus::InUse);
        assert_eq!((eq(&clinic), open_items(&clinic)), (status, items), "{level:?}");
        clinic.wait(minutes(1));
        assert_eq!(reports(&mut clinic, EquipmentStatus::InUse), 0, "{level:?}");
        let reported = clinic.state.equipment.values().next().unwrap().reported.clone().unwrap();
        assert_eq!((reported.status, reported.observed_at), (EquipmentStatus::InUse, clinic.now));
        let set =
            Ask::SetEquipmentStatus { equipment_id: "eq-1".parse().unwrap(), status: EquipmentStatus::InUse };
        clinic.ask(set).unwrap();
        assert_eq!((eq(&clinic), open_items(&clinic)), (EquipmentStatus::InUse, 0), "{level:?}");
    }
}

#[test]
fn a_room_may_have_levels_of_its_own() {
    let mut clinic = Clinic::new().room("room-1").room("room-2").open();
    let own = RoomLevels { turnover: Some(Level::Monitoring), ..RoomLevels::default() };
    let set = AutomationLevels { rooms: [(room_id("room-2"), own)].into(), ..full() };
    clinic.ask(setting(set)).unwrap();
    for room in ["room-1", "room-2"] {
        clinic.observe(clinic.report("key:cam-9", room, true));
    }
    clinic.wait(minutes(5));
    for room in ["room-1", "room-2"] {
        clinic.observe(clinic.report("key:cam-9", room, false));
    }
    clinic.wait(minutes(2));
    assert_eq!(
        (clinic.status("room-1"), clinic.status("room-2")),
        (RoomStatus::NeedsCleaning, RoomStatus::Available)
    );
}

#[test]
fn an_edit_changes_what_it_names_and_leaves_what_others_set() {
    let mut clinic = Clinic::new().room("room-1").room("room-2").open();
    let own = RoomLevels { turnover: Some(Level::Monitoring), ..RoomLevels::default() };
    let edits = [
        AutomationEdit { turnover: Some(Level::Assisted), ..AutomationEdit::default() },
        AutomationEdit { rooms: [(room_id("room-1"), Some(own))].into(), ..AutomationEdit::default() },
        AutomationEdit { equipment: Some(Level::Monitoring), ..AutomationEdit::default() },
        AutomationEdit { rooms: [(room_id("room-2"), Some(own))].into(), ..AutomationEdit::default() },
        AutomationEdit { rooms: [(room_id("room-1"), None)].into(), ..AutomationEdit::default() },
    ];
    for edit in edits {
        clinic.ask(Ask::SetAutomation(edit)).unwrap();
    }
    let set = AutomationLevels {
        rooms: [(room_id("room-2"), own)].into(),
        ..levels(Level::Full, Level::Assisted, Level::Monitoring)
    };
    assert_eq!(*clinic.state.automation_levels(), set);
}

#[test]
fn settings_are_revisions_with_who_and_when_and_can_be_gone_back_to() {
    let mut clinic = Clinic::new().room("room-1").open();
    let assisted = levels(Level::Assisted, Level::Assisted, Level::Assisted);
    let events = clinic.ask(Ask::ImportAutomation(assisted.clone())).unwrap();
    assert!(matches!(events[..], [Event::AutomationChanged(_), Event::RoomUpdated(_)]), "{events:?}");
    assert_eq!(clinic.ask(Ask::ImportAutomation(full())).unwrap().len(), 0, "the store is the truth");
    assert_eq!(clinic.ask(setting(assisted.clone())).unwrap().len(), 0);
    clinic.wait(minutes(1));
    clinic.ask(setting(full())).unwrap();
    let newest = clinic.state.automation().unwrap();
    assert_eq!((newest.revision, newest.set_at), (2, clinic.now));
    assert_eq!(newest.set_by, Actor::User(NURSE.parse().unwrap()));
    clinic.restart();
    assert_eq!(clinic.ask(Ask::RevertAutomation { to_revision: 1 }).unwrap().len(), 2);
    assert_eq!(clinic.ask(Ask::RevertAutomation { to_revision: 1 }).unwrap().len(), 0);
    let newest = clinic.state.automation().unwrap();
    assert_eq!((newest.revision, newest.reverted_to, &newest.levels), (3, Some(1), &assisted));
    let unknown = clinic.ask(Ask::RevertAutomation { to_revision: 9 });
    assert!(matches!(unknown, Err(Rejection::NotFound { .. })), "{unknown:?}");
}

#[test]
fn the_newest_settings_are_kept_and_the_oldest_leave_the_store_too() {
    let mut clinic = Clinic::new().room("room-1").open();
    for n in 0..AUTOMATION_KEPT + 3 {
        let level = if n % 2 == 0 { Level::Assisted } else { Level::Monitoring };
        clinic.ask(setting(levels(level, level, level))).unwrap();
    }
    clinic.restart();
    assert_eq!(clinic.state.automations.len(), AUTOMATION_KEPT);
    assert_eq!(clinic.state.automation().unwrap().revision, AUTOMATION_KEPT as u64 + 3);
    assert!(clinic.ask(Ask::RevertAutomation { to_revision: 3 }).is_err());
    assert!(clinic.ask(Ask::RevertAutomation { to_revision: 4 }).is_ok());
}

#[test]
fn a_setting_names_rooms_that_exist_and_not_too_many_and_fits_into_a_record() {
    let mut clinic = Clinic::new();
    let name = |n: usize| format!("{n:0>2}{}", "r".repeat(94));
    for n in 0..=AUTOMATION_ROOMS_MAX {
        clinic = clinic.room(&name(n));
    }
    let mut clinic = clinic.open();
    let all = Some(Level::Monitoring);
    let own = RoomLevels { occupancy: all, turnover: all, equipment: all };
    let set = |count: usize| {
        let rooms = (0..count).map(|n| (room_id(&name(n)), own)).collect();
        setting(AutomationLevels { rooms, ..full() })
    };
    assert!(matches!(
        clinic.ask(set(AUTOMATION_ROOMS_MAX + 1)),
        Err(Rejection::Invalid { field: "rooms", .. })
    ));
    let events = clinic.ask(set(AUTOMATION_ROOMS_MAX)).unwrap();
    let bytes = serde_json::to_vec(&events[0]).unwrap().len();
    assert!(bytes + 512 <= RECORD_BYTES_MAX, "{bytes} bytes");
    let rooms = [(room_id(&name(0)), None), (room_id("attic"), Some(own))].into();
    let nowhere = AutomationEdit { rooms, ..AutomationEdit::default() };
    let refused = clinic.ask(Ask::SetAutomation(nowhere)).unwrap_err();
    assert_eq!(refused.to_string(), "rooms: room \"attic\" does not exist");
}
