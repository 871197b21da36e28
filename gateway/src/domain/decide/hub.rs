//! What the hub counted, added to its day.

use std::sync::Arc;

use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::hub_day::{HUB_DAYS_KEPT, HubCounts, HubDay, HubDayKey};

use super::Deciding;

impl Deciding<'_> {
    /// Adds what was counted to today. Numbers, not events: nobody acts on them.
    pub(super) fn count_hub(&mut self, more: &HubCounts) {
        let date = self.state.rules().calendar.date(self.now);
        let before = self.state.hub_days.get(&HubDayKey::of(date));
        let counts = before.map_or_else(HubCounts::default, |day| day.counts.clone()).and(more);
        let day = HubDay { date, counts };
        if before.is_none()
            && self.state.hub_days.len() >= HUB_DAYS_KEPT
            && let Some((oldest, _)) = self.state.hub_days.get_min()
        {
            self.outcome.records.push(Change::Remove(EntityKey::HubDay(oldest.clone())));
        }
        self.outcome.records.push(Change::Put(Entity::HubDay(Arc::new(day))));
    }
}
