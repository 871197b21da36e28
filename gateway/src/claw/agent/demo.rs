//! The scripted agent of the demo (`claw.demo_agent`): no model, a few rules, and everything that it writes says so.
//!
//! It asks as any agent does, under the same guard rails, by a key of its own name. What it is refused it lets be.

use crate::domain::action::Urgency;
use crate::domain::actor::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::event::{Committed, Event};
use crate::domain::id::{CommandId, EquipmentId, RoomId};
use crate::domain::occupancy::Presence;
use crate::domain::room::Room;
use crate::domain::state::State;
use crate::domain::task::{Assignee, CLEANING, TaskDraft};
use crate::ledger::{Handle, Head};

/// The name that it asks by.
const NAME: &str = "demo-agent";
/// What every text of it begins with.
const MARK: &str = "[demo agent]";
/// The kind of task that it writes for equipment.
const EQUIPMENT_CHECK: &str = "equipment_check";
/// Events that it looks at in one go.
const BATCH_MAX: usize = 256;

/// Follows the clinic from now on, until it is dropped.
pub(super) async fn play(ledger: Handle) {
    tracing::info!("the demo's scripted agent plays along");
    let mut head = ledger.feed().head();
    let (mut cursor, mut before) = parts(&head.borrow_and_update());
    while head.changed().await.is_ok() {
        let (now, after) = parts(&head.borrow_and_update());
        // What it missed is not worth the disk: it is a demo.
        let events = ledger.feed().after(cursor, BATCH_MAX).ok().and_then(Result::ok).unwrap_or_default();
        for draft in events.iter().filter_map(|event| wish(event, &before, &after)) {
            let id = CommandId(uuid::Uuid::now_v7());
            let actor = Actor::Agent(NAME.parse().expect("it is an id"));
            let asked = ledger.submit_command(Command { id, actor, ask: Ask::CreateTask(draft) }).await;
            if let Err(error) = asked {
                tracing::debug!(%error, "the demo's agent may not do that");
            }
        }
        (cursor, before) = (now, after);
    }
}

fn parts(head: &Head) -> (crate::domain::event::Seq, State) {
    (head.seq, head.snapshot.state.clone())
}

/// What it would do about an event: look after a room that was left, check equipment that needs it.
fn wish(event: &Committed, before: &State, after: &State) -> Option<TaskDraft> {
    match &event.event {
        Event::RoomUpdated(room) => cleaning(room, before, after),
        Event::EquipmentUpdated(equipment) => check(equipment, before, after),
        _ => None,
    }
}

fn cleaning(room: &Room, before: &State, after: &State) -> Option<TaskDraft> {
    let was = before.rooms.get(&room.id)?;
    let is_left = was.occupancy.state == Presence::Occupied && room.occupancy.state == Presence::Empty;
    let has_cleaning = after.tasks.values().any(|task| task.is_open_cleaning_of(&room.id));
    let why = "somebody was there, nobody is now, and no cleaning is open";
    (is_left && !has_cleaning)
        .then(|| draft(CLEANING, "Look after the room", why, Some(room.id.clone()), None))
}

fn check(equipment: &Equipment, before: &State, after: &State) -> Option<TaskDraft> {
    let needs_it =
        |it: &Equipment| matches!(it.status, EquipmentStatus::NeedsMaintenance | EquipmentStatus::Offline);
    let was = before.equipment.get(&equipment.id)?;
    let has_check = after.tasks.values().any(|task| {
        task.draft.kind == EQUIPMENT_CHECK
            && task.draft.equipment_id.as_ref() == Some(&equipment.id)
            && !task.status.is_closed()
    });
    let (room_id, id) = (equipment.room_id.clone(), Some(equipment.id.clone()));
    let why = "its status says that it does not work as it should";
    (needs_it(equipment) && !needs_it(was) && !has_check)
        .then(|| draft(EQUIPMENT_CHECK, "Check the equipment", why, room_id, id))
}

fn draft(
    kind: &str,
    what: &str,
    why: &str,
    room_id: Option<RoomId>,
    equipment_id: Option<EquipmentId>,
) -> TaskDraft {
    TaskDraft {
        kind: kind.into(),
        description: format!("{MARK} {what}"),
        priority: Urgency::Low,
        assignee: Assignee::Staff,
        doctor_id: None,
        room_id,
        equipment_id,
        estimated_duration: None,
        reasoning: Some(format!("{MARK} A script, not a model: {why}")),
    }
}
