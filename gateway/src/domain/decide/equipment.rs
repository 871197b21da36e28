//! Equipment: what staff and devices say of it, what time does, and what was done to it.

use std::sync::Arc;

use crate::domain::action::{ActionDraft, ActionKind, Urgency};
use crate::domain::automation::{Feature, Level};
use crate::domain::command::EquipmentReport;
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::equipment::{Equipment, EquipmentStatus, Issue, LogEntry, Reported, Trouble};
use crate::domain::event::Event;
use crate::domain::id::EquipmentId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::{CLAIM_HOLDS, ISSUE_REOPENS_AFTER, LOG_REPEATS_WITHIN, LOG_TEXT_BYTES_MAX};
use crate::domain::time::Timestamp;

use super::readings::check_power;
use super::{Deciding, Note, check_bytes, check_confidence};

impl<'a> Deciding<'a> {
    fn equipment(&self, id: &EquipmentId) -> Result<&'a Equipment, Rejection> {
        let found = self.state.equipment.get(id).map(Arc::as_ref);
        found.ok_or_else(|| Rejection::not_found("equipment", id))
    }

    /// Staff say how equipment does.
    pub(super) fn set_equipment_status(
        &mut self,
        id: &EquipmentId,
        status: EquipmentStatus,
    ) -> Result<(), Rejection> {
        let before = self.equipment(id)?;
        let mut equipment = before.clone();
        self.move_equipment(&mut equipment, status);
        equipment.revision += u64::from(equipment != *before && self.command.actor.edits());
        self.put_equipment(before, equipment);
        Ok(())
    }

    /// A device says how equipment does. Its word counts when it changes; while it stays the same, what staff say
    /// wins for as long as a claim about a room does.
    pub(super) fn report_equipment(&mut self, report: &EquipmentReport) -> Result<(), Rejection> {
        let before = self.equipment(&report.equipment_id)?;
        check_confidence(report.confidence)?;
        check_power(report.power_w)?;
        let needed = self.state.rules().enter;
        let last = before.reported.as_ref();
        self.outcome.note = if report.confidence.is_some_and(|sure| sure < needed) {
            Some(Note::BelowThreshold { needed })
        } else {
            last.filter(|last| report.observed_at < last.observed_at).map(|_| Note::Outdated)
        };
        self.measure_power(report);
        if self.outcome.note.is_some() {
            return Ok(());
        }
        let reported = Reported {
            source: report.source.clone(),
            status: report.status,
            confidence: report.confidence,
            // A sender whose clock runs ahead must not outdate what it says next.
            observed_at: report.observed_at.min(self.now),
        };
        self.take_report(before, reported, true);
        Ok(())
    }

    /// Takes in what a device says of equipment. Where it is `blamed`, trouble opens an action item.
    pub(super) fn take_report(&mut self, before: &Equipment, reported: Reported, blamed: bool) {
        let status = reported.status;
        let is_news = before.reported.as_ref().is_none_or(|last| last.status != status)
            || self.now.since(before.since) >= CLAIM_HOLDS;
        let waits_for_staff = before.waits_for_staff(status);
        let mut equipment = before.clone();
        equipment.reported = Some(reported);
        let level = self.levels.level(Feature::Equipment, before.room_id.as_ref());
        if level == Level::Full && is_news && !waits_for_staff {
            if blamed {
                self.move_equipment(&mut equipment, status);
            } else if equipment.status != status {
                (equipment.status, equipment.since, equipment.long_use_noted) = (status, self.now, false);
            }
        }
        self.put_equipment(before, equipment);
    }

    /// Equipment was left on over night.
    pub(super) fn left_on(&mut self, before: &Equipment) {
        let mut equipment = before.clone();
        self.open_issue(&mut equipment, Trouble::LeftOn);
        self.put_equipment(before, equipment);
    }

    /// Staff have maintained equipment: what waited for it is done.
    pub(super) fn log_maintenance(
        &mut self,
        id: &EquipmentId,
        text: &str,
        next_due: Option<Timestamp>,
    ) -> Result<(), Rejection> {
        check_bytes("text", text, LOG_TEXT_BYTES_MAX)?;
        if next_due.is_some_and(|due| due <= self.now) {
            return Err(Rejection::invalid("next_due", "has passed already; name a time to come"));
        }
        let before = self.equipment(id)?;
        let entry = LogEntry { at: self.now, by: self.command.actor.clone(), text: text.into() };
        let is_repeat = |last: &LogEntry| {
            last.by == entry.by && last.text == entry.text && self.now.since(last.at) < LOG_REPEATS_WITHIN
        };
        let next_due = next_due.or(before.next_maintenance_date.filter(|due| *due > self.now));
        if before.log.last().is_some_and(is_repeat) && before.next_maintenance_date == next_due {
            return Ok(());
        }
        let mut equipment = before.clone();
        equipment.log(entry);
        equipment.last_maintenance_date = Some(self.now);
        (equipment.next_maintenance_date, equipment.due_noted) = (next_due, false);
        if before.status == EquipmentStatus::NeedsMaintenance {
            self.move_equipment(&mut equipment, EquipmentStatus::Operational);
        }
        for trouble in [Trouble::NeedsMaintenance, Trouble::MaintenanceDue] {
            if let Some(issue) = before.issue(trouble) {
                self.complete_action(&issue.action_id);
            }
        }
        self.put_equipment(before, equipment);
        Ok(())
    }

    /// Time alone opens an item.
    pub(super) fn equipment_due(&mut self, id: &EquipmentId) {
        let before = &self.state.equipment[id];
        let mut equipment = Equipment::clone(before);
        for trouble in [Trouble::LongUse, Trouble::MaintenanceDue] {
            if before.due(trouble).is_none_or(|due| due > self.now) {
                continue;
            }
            match trouble {
                Trouble::LongUse => equipment.long_use_noted = true,
                Trouble::MaintenanceDue => equipment.due_noted = true,
                Trouble::Offline | Trouble::NeedsMaintenance | Trouble::LeftOn => {}
            }
            self.open_issue(&mut equipment, trouble);
        }
        self.put_equipment(before, equipment);
    }

    /// Gives `equipment` another status. Trouble opens an action item, the same trouble only once in half an hour.
    fn move_equipment(&mut self, equipment: &mut Equipment, status: EquipmentStatus) {
        if equipment.status == status {
            return;
        }
        (equipment.status, equipment.since, equipment.long_use_noted) = (status, self.now, false);
        match status {
            EquipmentStatus::Offline => self.open_issue(equipment, Trouble::Offline),
            EquipmentStatus::NeedsMaintenance => self.open_issue(equipment, Trouble::NeedsMaintenance),
            EquipmentStatus::Operational | EquipmentStatus::InUse => {}
        }
    }

    fn open_issue(&mut self, equipment: &mut Equipment, trouble: Trouble) {
        let last = equipment.issue(trouble);
        if last.is_some_and(|issue| self.now.since(issue.opened_at) < ISSUE_REOPENS_AFTER) {
            return;
        }
        let action_id = self.push_action(item_about(equipment, trouble));
        equipment.issues.retain(|issue| issue.trouble != trouble);
        equipment.issues.push(Issue { trouble, action_id, opened_at: self.now });
    }

    /// Says what changed of `equipment`, and proposes what a device may not change by itself.
    pub(super) fn put_equipment(&mut self, before: &Equipment, mut equipment: Equipment) {
        self.propose_status(&mut equipment);
        if equipment.facts() != before.facts() {
            equipment.last_updated = self.now;
            self.forget_touch(&EntityKey::Equipment(equipment.id.clone()));
            self.push(Event::EquipmentUpdated(Arc::new(equipment)));
        } else if equipment != *before {
            self.outcome.touches.push(Entity::Equipment(Arc::new(equipment)));
        }
    }
}

fn item_about(equipment: &Equipment, trouble: Trouble) -> ActionDraft {
    let (urgency, what, remedy) = match trouble {
        Trouble::Offline => (Urgency::Urgent, "is offline", "See whether it has power and a network."),
        Trouble::NeedsMaintenance => {
            (Urgency::Normal, "needs maintenance", "Have it maintained, and log it.")
        }
        Trouble::LongUse => {
            (Urgency::Normal, "has been in use for more than 4 hours", "See whether it was left on.")
        }
        Trouble::LeftOn => {
            (Urgency::Normal, "is still in use after closing time", "Switch it off, if nobody uses it.")
        }
        Trouble::MaintenanceDue => {
            (Urgency::Normal, "is due for maintenance", "Have it maintained, and log it with its next date.")
        }
    };
    ActionDraft {
        kind: ActionKind::EquipmentIssue,
        urgency,
        title: format!("{} {what}", equipment.name),
        description: format!("{} ({}) {what}. {remedy}", equipment.name, equipment.id),
        context: serde_json::Map::new(),
        reasoning: None,
        suggested_actions: Vec::new(),
        doctor_id: None,
        room_id: equipment.room_id.clone(),
        equipment_id: Some(equipment.id.clone()),
    }
}
