//! Automation: what is set, what is gone back to, and what sensors propose where they may not act.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::action::{ActionDraft, ActionKind, Urgency};
use crate::domain::automation::{
    Automation, AutomationEdit, AutomationLevels, Feature, Level, Policy, Proposal,
};
use crate::domain::equipment::Equipment;
use crate::domain::event::Event;
use crate::domain::id::{AutomationId, RoomId};
use crate::domain::occupancy::{Presence, sensed};
use crate::domain::rejection::Rejection;
use crate::domain::room::Room;
use crate::domain::rules::{AUTOMATION_ROOMS_MAX, CLAIM_HOLDS};

use super::Deciding;

impl<'a> Deciding<'a> {
    /// The rules and levels that hold for `room`.
    pub(super) fn policy(&self, room: &RoomId) -> Policy<'a> {
        Policy::of(self.state.rules(), &self.levels, room)
    }

    /// Takes over the configured levels, once in the life of a store.
    pub(super) fn import_automation(&mut self, levels: &'a AutomationLevels) -> Result<(), Rejection> {
        if self.state.automation().is_some() { Ok(()) } else { self.set_automation(Cow::Borrowed(levels)) }
    }

    /// Changes the levels that hold now: what somebody else set a moment ago stays, but for what this names.
    pub(super) fn edit_automation(&mut self, edit: &AutomationEdit) -> Result<(), Rejection> {
        self.set_automation(Cow::Owned(edit.onto(&self.levels)))
    }

    fn set_automation(&mut self, levels: Cow<'a, AutomationLevels>) -> Result<(), Rejection> {
        if levels.rooms.len() > AUTOMATION_ROOMS_MAX {
            let reason = format!(
                "{} rooms have levels of their own; the most is {AUTOMATION_ROOMS_MAX}: set the clinic's instead",
                levels.rooms.len()
            );
            return Err(Rejection::invalid("rooms", reason));
        }
        if let Some(missing) = levels.rooms.keys().find(|room| {
            // One that was retired meanwhile may stay as it is.
            !self.state.rooms.contains_key(*room) && !self.levels.rooms.contains_key(*room)
        }) {
            return Err(Rejection::invalid("rooms", format!("room \"{missing}\" does not exist")));
        }
        self.change_automation(levels, None);
        Ok(())
    }

    /// Takes the levels of an earlier setting. Levels of rooms that are gone by now go by nobody.
    pub(super) fn revert_automation(&mut self, to_revision: u64) -> Result<(), Rejection> {
        if self.state.automation().is_some_and(|it| it.reverted_to == Some(to_revision)) {
            // Said again: by now, what it went back to may have made place.
            return Ok(());
        }
        let kept = self.state.automations.get(&AutomationId::of_revision(to_revision));
        let kept = kept.ok_or_else(|| Rejection::not_found("automation revision", &to_revision))?;
        self.change_automation(Cow::Borrowed(&kept.levels), Some(to_revision));
        Ok(())
    }

    fn change_automation(&mut self, levels: Cow<'a, AutomationLevels>, reverted_to: Option<u64>) {
        let before = self.state.automation();
        if before.is_some_and(|before| before.levels == *levels) {
            return;
        }
        let automation = Automation {
            revision: before.map_or(1, |before| before.revision.saturating_add(1)),
            levels: AutomationLevels::clone(&levels),
            set_by: self.command.actor.clone(),
            set_at: self.now,
            reverted_to,
        };
        self.push(Event::AutomationChanged(Arc::new(automation)));
        self.levels = levels;
        for before in self.state.rooms.values() {
            let mut room = Room::clone(before);
            self.measure_claim(&mut room);
            self.weigh_room(before, room);
        }
        for before in self.state.equipment.values() {
            self.put_equipment(before, Equipment::clone(before));
        }
    }

    /// What staff said gives way to sensors only where sensors decide.
    fn measure_claim(&self, room: &mut Room) {
        let gives_way = room.has_sensors() && !self.policy(&room.id).staff_decide();
        let until = self.now.plus(CLAIM_HOLDS);
        if let Some(claim) = &mut room.claim {
            claim.until = gives_way.then(|| claim.until.unwrap_or(until));
        }
    }

    /// Proposes what the sensors of `room` say, where they may not say it themselves and staff say otherwise.
    pub(super) fn propose_occupancy(&mut self, room: &mut Room) {
        let is_assisted = self.policy(&room.id).occupancy == Level::Assisted && !room.occupancy.paused;
        if !is_assisted && room.proposals.is_empty() {
            return;
        }
        let says = sensed(&room.evidence);
        let wanted = match says.state {
            Presence::Occupied => Some(true),
            Presence::Empty => Some(false),
            Presence::Unknown => None,
        };
        let is_so = room.occupancy.state == Presence::Occupied;
        let wanted = wanted.filter(|wanted| is_assisted && *wanted != is_so);
        let mut proposals = std::mem::take(&mut room.proposals);
        self.propose(&mut proposals, wanted, |occupied| {
            let word = if occupied { "occupied" } else { "empty" };
            ActionDraft {
                title: format!("{} seems {word}", room.name),
                description: format!("{}. Set the room if it is {word}.", says.why),
                room_id: Some(room.id.clone()),
                ..proposal_draft(ActionKind::RoomIssue)
            }
        });
        room.proposals = proposals;
    }

    /// Proposes what a device says of `equipment`, where it may not say it itself and staff say otherwise.
    pub(super) fn propose_status(&mut self, equipment: &mut Equipment) {
        let level = self.levels.level(Feature::Equipment, equipment.room_id.as_ref());
        let reported = equipment.reported.clone().filter(|reported| {
            level == Level::Assisted
                && reported.status != equipment.status
                && !equipment.waits_for_staff(reported.status)
        });
        let mut proposals = std::mem::take(&mut equipment.proposals);
        self.propose(&mut proposals, reported.as_ref().map(|it| it.status), |status| {
            let source = reported.as_ref().map(|it| it.source.as_str()).unwrap_or_default();
            let name = &equipment.name;
            ActionDraft {
                title: format!("{name} {}, says a device", status.in_words()),
                description: format!(
                    "{source} reports that {name} {}. Set its status if it is so.",
                    status.in_words()
                ),
                room_id: equipment.room_id.clone(),
                equipment_id: Some(equipment.id.clone()),
                ..proposal_draft(ActionKind::EquipmentIssue)
            }
        });
        equipment.proposals = proposals;
    }

    /// Keeps one open item for what is `wanted`, and closes those for what is not, or is so by now.
    fn propose<T: Copy + PartialEq>(
        &mut self,
        proposals: &mut Vec<Proposal<T>>,
        wanted: Option<T>,
        draft: impl FnOnce(T) -> ActionDraft,
    ) {
        for proposal in proposals.iter_mut().filter(|it| !it.settled && Some(it.would_set) != wanted) {
            proposal.settled = true;
            self.complete_action(&proposal.action_id);
        }
        let Some(would_set) = wanted else { return };
        if proposals.iter().any(|it| it.would_set == would_set && it.rests(self.now)) {
            return;
        }
        let action_id = self.push_action(draft(would_set));
        proposals.retain(|it| it.would_set != would_set);
        proposals.push(Proposal { would_set, action_id, opened_at: self.now, settled: false });
    }
}

fn proposal_draft(kind: ActionKind) -> ActionDraft {
    ActionDraft {
        kind,
        urgency: Urgency::Low,
        title: String::new(),
        description: String::new(),
        context: serde_json::Map::new(),
        reasoning: Some("automation is assisted here: sensors propose and staff decide".into()),
        suggested_actions: Vec::new(),
        doctor_id: None,
        room_id: None,
        equipment_id: None,
    }
}
