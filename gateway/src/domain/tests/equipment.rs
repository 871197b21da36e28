//! Equipment: what staff and devices say of it, and what time does.

use crate::domain::action::{ActionKind, ActionStatus, Urgency};
use crate::domain::command::EquipmentReport;
use crate::domain::equipment::EquipmentStatus::{InUse, NeedsMaintenance, Offline, Operational};
use crate::domain::equipment::{Equipment, EquipmentStatus, Profile};
use crate::domain::rules::{ISSUE_REOPENS_AFTER, LOG_ENTRIES_MAX, LONG_USE_AFTER, RECORD_BYTES_MAX};

use super::*;

fn clinic() -> Clinic {
    Clinic::new().room("room-1").equipment("eq-1").open()
}

fn equipment_is(clinic: &mut Clinic, status: EquipmentStatus) -> usize {
    clinic.ask(Ask::SetEquipmentStatus { equipment_id: "eq-1".parse().unwrap(), status }).unwrap().len()
}

fn eq(clinic: &Clinic) -> &Equipment {
    clinic.state.equipment.values().next().unwrap()
}

fn titles(clinic: &Clinic) -> Vec<&str> {
    clinic.state.actions.values().map(|item| item.draft.title.as_str()).collect()
}

fn report(clinic: &Clinic, status: EquipmentStatus) -> EquipmentReport {
    EquipmentReport {
        equipment_id: "eq-1".parse().unwrap(),
        source: "webhook:key:plug-1".parse().unwrap(),
        status,
        confidence: Some(0.9),
        observed_at: clinic.now,
        power_w: None,
    }
}

fn reports(clinic: &mut Clinic, report: EquipmentReport) -> usize {
    clinic.ask_as(Actor::Gateway, Ask::ReportEquipment(report)).unwrap().len()
}

fn maintain(clinic: &mut Clinic, text: &str, next_due: Option<Timestamp>) -> Result<Vec<Event>, Rejection> {
    clinic.ask(Ask::LogMaintenance { equipment_id: "eq-1".parse().unwrap(), text: text.into(), next_due })
}

#[test]
fn equipment_that_goes_offline_opens_one_urgent_item() {
    let mut clinic = clinic();
    assert_eq!(equipment_is(&mut clinic, Offline), 2);
    let item = clinic.state.actions.values().next().unwrap();
    assert_eq!((item.draft.urgency, item.draft.kind), (Urgency::Urgent, ActionKind::EquipmentIssue));
    assert_eq!(item.draft.title, "The eq-1 is offline");
    assert_eq!(equipment_is(&mut clinic, Offline), 0);
}

#[test]
fn equipment_that_needs_maintenance_opens_a_normal_item() {
    let mut clinic = clinic();
    equipment_is(&mut clinic, NeedsMaintenance);
    let item = clinic.state.actions.values().next().unwrap();
    assert_eq!(
        (item.draft.urgency, item.draft.title.as_str()),
        (Urgency::Normal, "The eq-1 needs maintenance")
    );
}

#[test]
fn the_same_trouble_opens_no_second_item_within_half_an_hour() {
    let mut clinic = clinic();
    equipment_is(&mut clinic, Offline);
    clinic.now = clinic.now.plus(ISSUE_REOPENS_AFTER - Duration::from_millis(1));
    assert_eq!(equipment_is(&mut clinic, Operational), 1);
    assert_eq!(equipment_is(&mut clinic, Offline), 1, "the equipment alone");
    equipment_is(&mut clinic, Operational);
    clinic.now = clinic.now.plus(Duration::from_millis(1));
    assert_eq!(equipment_is(&mut clinic, Offline), 2);
    assert_eq!(clinic.state.actions.len(), 2);
}

#[test]
fn another_trouble_with_the_same_piece_opens_another_item() {
    let mut clinic = Clinic::new().equipment("eq-1").open();
    for status in [EquipmentStatus::NeedsMaintenance, EquipmentStatus::Offline] {
        clinic.ask(Ask::SetEquipmentStatus { equipment_id: "eq-1".parse().unwrap(), status }).unwrap();
    }
    let urgencies: Vec<_> = clinic.state.actions.values().map(|item| item.draft.urgency).collect();
    assert!(urgencies.contains(&Urgency::Normal) && urgencies.contains(&Urgency::Urgent), "{urgencies:?}");
}

#[test]
fn trouble_that_flaps_opens_one_item_of_each_kind_restart_or_not() {
    let mut clinic = clinic();
    for _ in 0..10 {
        for status in [Offline, NeedsMaintenance, Operational] {
            equipment_is(&mut clinic, status);
            clinic.wait(seconds(30));
            clinic.restart();
        }
    }
    assert_eq!(titles(&clinic), ["The eq-1 is offline", "The eq-1 needs maintenance"]);
}

#[test]
fn four_hours_of_use_open_one_normal_item() {
    let mut clinic = clinic();
    equipment_is(&mut clinic, InUse);
    clinic.wait(LONG_USE_AFTER - minutes(1));
    clinic.restart();
    clinic.wait(minutes(1) - Duration::from_millis(1));
    assert_eq!(titles(&clinic), Vec::<&str>::new());
    clinic.wait(Duration::from_millis(1));
    assert_eq!(titles(&clinic), ["The eq-1 has been in use for more than 4 hours"]);
    assert_eq!(clinic.state.actions.values().next().unwrap().draft.urgency, Urgency::Normal);
    clinic.restart();
    clinic.wait(LONG_USE_AFTER * 3);
    assert_eq!(clinic.state.actions.len(), 1, "once for each use");
    equipment_is(&mut clinic, Operational);
    equipment_is(&mut clinic, InUse);
    clinic.wait(LONG_USE_AFTER);
    assert_eq!(clinic.state.actions.len(), 2);
}

#[test]
fn what_is_made_for_it_may_be_in_use_for_ever() {
    let mut clinic = clinic();
    let continuous = Equipment { profile: Some(Profile::Continuous), ..eq(&clinic).clone() };
    clinic.state.apply(&Event::EquipmentUpdated(Arc::new(continuous)), &mut BTreeSet::new(), clinic.now);
    equipment_is(&mut clinic, InUse);
    assert_eq!(clinic.state.next_deadline(), None);
    clinic.wait(LONG_USE_AFTER * 2);
    assert!(clinic.state.actions.is_empty());
}

#[test]
fn a_date_that_comes_opens_one_item_and_the_log_settles_it() {
    let mut clinic = clinic();
    let due = clinic.now.plus(minutes(60 * 24 * 30));
    maintain(&mut clinic, "new probe", Some(due)).unwrap();
    assert_eq!(eq(&clinic).last_maintenance_date, Some(clinic.now));
    clinic.restart();
    clinic.wait(due.since(clinic.now) - Duration::from_millis(1));
    assert!(clinic.state.actions.is_empty());
    clinic.wait(Duration::from_millis(1));
    assert_eq!(titles(&clinic), ["The eq-1 is due for maintenance"]);
    clinic.restart();
    clinic.wait(minutes(60 * 24 * 30));
    assert_eq!(clinic.state.actions.len(), 1);
    equipment_is(&mut clinic, NeedsMaintenance);
    assert_eq!(maintain(&mut clinic, "calibrated", None).unwrap().len(), 3, "the piece and both items");
    assert!(clinic.state.actions.values().all(|item| item.status == ActionStatus::Completed));
    assert_eq!((eq(&clinic).status, eq(&clinic).next_maintenance_date), (Operational, None));
    let log: Vec<&str> = eq(&clinic).log.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(log, ["new probe", "calibrated"]);
    assert_eq!(clinic.state.next_deadline(), None);
}

#[test]
fn an_entry_said_twice_is_one_and_a_date_that_is_past_is_refused() {
    let mut clinic = clinic();
    let due = Some(clinic.now.plus(minutes(60)));
    maintain(&mut clinic, "filter changed", due).unwrap();
    clinic.wait(seconds(59));
    assert_eq!(maintain(&mut clinic, "filter changed", None).unwrap().len(), 0);
    assert_eq!(eq(&clinic).next_maintenance_date, due, "a date to come is kept");
    clinic.wait(seconds(1));
    assert_eq!(maintain(&mut clinic, "filter changed", None).unwrap().len(), 1);
    let now = clinic.now;
    let refused = maintain(&mut clinic, "filter changed", Some(now)).unwrap_err();
    assert!(matches!(refused, Rejection::Invalid { field: "next_due", .. }), "{refused}");
    let refused = maintain(&mut clinic, &"x".repeat(513), None).unwrap_err();
    assert!(matches!(refused, Rejection::Invalid { field: "text", .. }), "{refused}");
}

#[test]
fn a_log_keeps_its_newest_entries_and_fits_into_a_record() {
    let mut clinic = clinic();
    for n in 0..LOG_ENTRIES_MAX + 4 {
        maintain(&mut clinic, &format!("entry {n}"), None).unwrap();
    }
    let log = &eq(&clinic).log;
    assert_eq!((log.len(), log[0].text.as_str()), (LOG_ENTRIES_MAX, "entry 4"));
    for n in 0..LOG_ENTRIES_MAX {
        maintain(&mut clinic, &format!("{n:0>2}{}", "\u{1}".repeat(510)), None).unwrap();
    }
    let bytes = serde_json::to_vec(eq(&clinic)).unwrap().len();
    assert!(bytes + 2_048 < RECORD_BYTES_MAX, "{bytes} bytes, and the longest name besides");
    assert!(eq(&clinic).log.last().unwrap().text.starts_with("15"));
}

#[test]
fn a_report_that_is_unsure_or_late_changes_nothing() {
    let mut clinic = clinic();
    let unsure = EquipmentReport { confidence: Some(0.69), ..report(&clinic, Offline) };
    assert_eq!(reports(&mut clinic, unsure), 0);
    assert_eq!(clinic.note, Some(Note::BelowThreshold { needed: 0.7 }));
    let seen = report(&clinic, InUse);
    assert_eq!(reports(&mut clinic, seen), 1);
    clinic.restart();
    let late = EquipmentReport { observed_at: clinic.now.shifted(-1), ..report(&clinic, Offline) };
    assert_eq!(reports(&mut clinic, late), 0);
    assert_eq!((clinic.note.clone(), eq(&clinic).status), (Some(Note::Outdated), InUse));
    let ahead = EquipmentReport { observed_at: clinic.now.plus(minutes(60)), ..report(&clinic, Operational) };
    assert_eq!(reports(&mut clinic, ahead), 1);
    clinic.wait(seconds(1));
    let next = report(&clinic, InUse);
    assert_eq!(reports(&mut clinic, next), 1, "a clock that runs ahead outdates nothing");
    let wrong = EquipmentReport { confidence: Some(1.1), ..report(&clinic, Offline) };
    assert!(clinic.ask(Ask::ReportEquipment(wrong)).is_err());
}

#[test]
fn staff_win_over_a_device_that_keeps_saying_the_same() {
    let mut clinic = clinic();
    let say = |clinic: &mut Clinic, status| {
        let seen = report(clinic, status);
        reports(clinic, seen);
        eq(clinic).status
    };
    say(&mut clinic, Offline);
    equipment_is(&mut clinic, Operational);
    clinic.wait(minutes(29));
    assert_eq!(say(&mut clinic, Offline), Operational);
    clinic.wait(minutes(1));
    assert_eq!(say(&mut clinic, Offline), Offline, "for half an hour");
    equipment_is(&mut clinic, Operational);
    assert_eq!(say(&mut clinic, InUse), InUse, "or until it says something else");
    equipment_is(&mut clinic, NeedsMaintenance);
    clinic.wait(minutes(60));
    assert_eq!(say(&mut clinic, Operational), NeedsMaintenance, "a device cannot see that it was mended");
    assert_eq!(say(&mut clinic, NeedsMaintenance), NeedsMaintenance);
    assert_eq!(say(&mut clinic, Operational), Operational, "unless it was the one that missed it");
}
