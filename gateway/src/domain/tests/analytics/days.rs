//! What the days came to.

use crate::domain::analytics::{
    DAYS_KEPT, DayMetrics, HourUse, OTHER_TASKS, Session, TASK_TYPES_PER_DAY_MAX, UnderWay, day, trends,
};
use crate::domain::command::StaffStatus::{Available, Occupied};
use crate::domain::entity::Entity;
use crate::domain::id::{ID_BYTES_MAX, TaskId};
use crate::domain::occupancy::Presence;
use crate::domain::rules::RECORD_BYTES_MAX;
use crate::domain::task::{Assignee, TaskDraft, TaskStatus};

use super::super::items::{action_draft, task_draft};
use super::*;

fn task(clinic: &mut Clinic, kind: &str, assignee: Assignee) -> TaskId {
    let known: BTreeSet<TaskId> = clinic.state.tasks.keys().cloned().collect();
    clinic.ask(Ask::CreateTask(TaskDraft { kind: kind.into(), assignee, ..task_draft() })).unwrap();
    clinic.state.tasks.keys().find(|id| !known.contains(*id)).unwrap().clone()
}

fn finish(clinic: &mut Clinic, task_id: TaskId, status: TaskStatus) {
    clinic.ask(Ask::SetTaskStatus { task_id, status }).unwrap();
}

fn today(clinic: &Clinic) -> crate::domain::analytics::DayReport {
    day(&clinic.state, None, clinic.now)
}

#[test]
fn of_a_day_before_the_first_nothing_is_known() {
    let clinic = clinic_of(calendar("America/Chicago"), "2026-02-06T14:30:00Z");
    let before = day(&clinic.state, Some(date("2026-02-05")), clinic.now);
    assert_eq!((before.recorded, before.complete), (false, true));
    assert_eq!((before.numbers, before.average, before.change_ratio), Default::default());
    assert_eq!((before.tasks, before.actions_created, before.rooms), (None, None, Vec::new()));
    let after = today(&clinic);
    assert_eq!((after.date, after.recorded, after.complete), (date("2026-02-06"), true, false));
    assert_eq!((after.numbers.tasks_by_staff, after.numbers.room_utilization_ratio), (Some(0.0), None));
    assert_eq!(after.timezone.as_deref(), Some("America/Chicago"));
}

#[test]
fn tasks_are_counted_once_when_they_are_closed_by_who_was_to_do_them() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    for (kind, assignee, status) in [
        ("delivery", Assignee::Staff, TaskStatus::Completed),
        ("delivery", Assignee::User("nurse-1".parse().unwrap()), TaskStatus::Completed),
        ("delivery", Assignee::Agent, TaskStatus::Completed),
        ("call the family of Mrs Smith", Assignee::Agent, TaskStatus::Completed),
        ("delivery", Assignee::Staff, TaskStatus::Failed),
        ("delivery", Assignee::Staff, TaskStatus::Cancelled),
        ("delivery", Assignee::Staff, TaskStatus::InProgress),
    ] {
        // A sentence is refused now; a store of before may hold one.
        let id = task(&mut clinic, "delivery", assignee);
        let mut stored = clinic.state.tasks[&id].clone();
        Arc::make_mut(&mut stored).draft.kind = kind.into();
        clinic.state.touch(crate::domain::entity::Entity::Task(stored));
        finish(&mut clinic, id.clone(), status);
        clinic.ask(Ask::AddTaskNote { task_id: id, text: "so it was".into() }).unwrap();
    }
    let report = today(&clinic);
    assert_eq!((report.numbers.tasks_by_staff, report.numbers.tasks_by_agent), (Some(2.0), Some(2.0)));
    let tasks = report.tasks.unwrap();
    assert_eq!((tasks.created, tasks.failed, tasks.cancelled, tasks.synthetic), (7, 1, 1, 0));
    let by_type: Vec<_> =
        tasks.completed_by_type.iter().map(|(kind, by)| (kind.as_str(), by.staff, by.agent)).collect();
    assert_eq!(
        by_type,
        [("delivery", 2, 1), (OTHER_TASKS, 0, 1)],
        "a sentence is no type, and may name somebody"
    );
}

#[test]
fn a_day_counts_few_types_apart_and_the_rest_together() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    for n in 0..100 {
        let id = task(&mut clinic, &format!("kind-{n:02}"), Assignee::Staff);
        finish(&mut clinic, id, TaskStatus::Completed);
    }
    let tasks = today(&clinic).tasks.unwrap();
    assert_eq!(tasks.completed_by_type.len(), TASK_TYPES_PER_DAY_MAX);
    assert_eq!(tasks.completed_by_type.values().map(|by| by.staff).sum::<u32>(), 100);
}

#[test]
fn what_rests_on_a_drawn_scene_is_in_no_number_of_tasks() {
    let mut clinic = clinic_with(
        Clinic::new().room("room-1").camera("cam-1", "room-1"),
        calendar("UTC"),
        "2026-02-06T09:00:00Z",
    );
    for (occupied, seconds) in [(true, 200), (false, 120)] {
        for _ in 0..seconds {
            let drawn = Observation { synthetic: true, ..clinic.sight("cam-1", "room-1", occupied) };
            clinic.observe(drawn);
            clinic.wait(Duration::from_secs(1));
        }
    }
    assert_eq!(clinic.status("room-1"), RoomStatus::NeedsCleaning);
    clinic.say("room-1", Available);
    let report = today(&clinic);
    let tasks = report.tasks.unwrap();
    assert_eq!((tasks.created, tasks.completed.staff, tasks.synthetic), (0, 0, 1));
    assert_eq!((report.numbers.sessions, report.numbers.turnovers), (None, None), "no room is real");
    assert_eq!((report.rooms[0].turnovers, report.rooms[0].synthetic), (Some(1), true));
}

#[test]
fn action_items_are_counted_when_they_are_written_and_when_they_are_done() {
    let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
    for _ in 0..2 {
        clinic.ask(Ask::CreateAction(action_draft())).unwrap();
    }
    let action_id = clinic.state.actions.keys().next().unwrap().clone();
    for _ in 0..2 {
        let status = crate::domain::action::ActionStatus::Completed;
        clinic.ask(Ask::UpdateAction { action_id: action_id.clone(), status, assigned_to: None }).unwrap();
    }
    let report = today(&clinic);
    assert_eq!((report.actions_created, report.numbers.actions_completed), (Some(2), Some(1.0)));
}

#[test]
fn a_day_is_compared_with_the_open_and_recorded_days_of_the_week_before() {
    // Closed on Saturday and Sunday; the gateway first runs on Thursday, 5 February.
    let week: Week =
        std::array::from_fn(|day| if day < 5 { vec!["08:00-18:00".parse().unwrap()] } else { vec![] });
    let mut clinic = clinic_of(Calendar::new(TimeZone::UTC, Some(week), []), "2026-02-05T09:00:00Z");
    for (when, count) in
        [("2026-02-05T10:00:00Z", 4), ("2026-02-06T10:00:00Z", 2), ("2026-02-09T10:00:00Z", 6)]
    {
        until(&mut clinic, when);
        for _ in 0..count {
            let id = task(&mut clinic, "delivery", Assignee::Staff);
            finish(&mut clinic, id, TaskStatus::Completed);
        }
        clinic.say("room-1", Occupied);
    }
    let report = today(&clinic);
    assert_eq!((report.numbers.tasks_by_staff, report.average.tasks_by_staff), (Some(6.0), Some(3.0)));
    assert_eq!((report.change_ratio.tasks_by_staff, report.change_ratio.tasks_by_agent), (Some(1.0), None));
    let trends = trends(&clinic.state, 7, clinic.now);
    let shown: Vec<_> = trends.days.iter().map(|day| (day.date.day(), day.numbers.tasks_by_staff)).collect();
    let expected = [
        (3, None),
        (4, None),
        (5, Some(4.0)),
        (6, Some(2.0)),
        (7, Some(0.0)),
        (8, Some(0.0)),
        (9, Some(6.0)),
    ];
    assert_eq!(shown, expected);
    assert_eq!((trends.average, trends.change_ratio), (report.average, report.change_ratio));
}

#[test]
fn the_oldest_days_go_one_by_one_and_from_the_store_too() {
    let mut clinic = clinic_of(calendar("UTC"), "2024-01-01T09:00:00Z");
    let mut removed = BTreeSet::new();
    for _ in 0..DAYS_KEPT + 3 {
        for status in [Occupied, Available] {
            let command = clinic.command(Actor::Gateway, Ask::SetRoomStatus(set("room-1", status)));
            for event in clinic.state.decide(&command, clinic.now).unwrap().events {
                let mut changed = BTreeSet::new();
                clinic.state.apply(&event, &mut changed, clinic.now);
                removed.extend(changed.into_iter().filter(|key| clinic.state.get(key).is_none()));
            }
            clinic.now = clinic.now.plus(minutes(30));
        }
        clinic.now = clinic.now.plus(minutes(23 * 60));
    }
    assert_eq!(clinic.state.analytics.days().count(), DAYS_KEPT);
    assert_eq!(clinic.state.analytics.room_days().count(), DAYS_KEPT);
    assert_eq!(clinic.state.analytics.days().next().unwrap().date, date("2024-01-04"));
    let removed: Vec<String> = removed.iter().map(|key| key.parts().1.to_owned()).collect();
    assert_eq!(removed.len(), 6, "{removed:?}");
    assert!(removed.contains(&"2024-01-01:room-1".into()) && removed.contains(&"2024-01-03".into()));
}

#[test]
fn the_fullest_day_fits_into_a_record() {
    let hour = |hour| HourUse { hour, watched_ms: u32::MAX, occupied_ms: u32::MAX };
    let session = Session { since: at_start(), occupied_ms: u64::MAX };
    let mut room_day = {
        let mut clinic = clinic_of(calendar("UTC"), "2026-02-06T09:00:00Z");
        clinic.say("room-1", Occupied);
        used_on(&clinic, "2026-02-06").unwrap()
    };
    room_day.room_id = "x".repeat(ID_BYTES_MAX).parse().unwrap();
    room_day.hours = (0..24).map(hour).collect();
    (room_day.open_watched_ms, room_day.open_occupied_ms) = (u64::MAX, u64::MAX);
    (room_day.session_ms_sum, room_day.session_ms_max) = (u64::MAX, u64::MAX);
    room_day.cleaning_wait_ms_sum = u64::MAX;
    room_day.under_way = Some(UnderWay {
        presence: Presence::Occupied,
        synthetic: true,
        since: at_start(),
        session: Some(session),
        soiled_since: Some(at_start()),
    });
    let mut day = DayMetrics { date: date("2026-02-06"), ..DayMetrics::default() };
    let by = crate::domain::analytics::ByAssignee { staff: u32::MAX, agent: u32::MAX };
    for n in 0..TASK_TYPES_PER_DAY_MAX {
        day.tasks.completed_by_type.insert(format!("{n:x>32}"), by);
    }
    for entity in [Entity::RoomDay(Arc::new(room_day)), Entity::Day(Arc::new(day))] {
        let bytes = serde_json::to_vec(&entity).unwrap().len();
        assert!(bytes < RECORD_BYTES_MAX / 2, "{bytes} bytes: {:?}", entity.key());
        // The key is read back from the record: the longest id too.
        let read: Entity = serde_json::from_slice(&serde_json::to_vec(&entity).unwrap()).unwrap();
        assert_eq!(read, entity);
    }
}
