//! What the hub did on each day: numbers that the hub counts, kept so that they outlive it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days that are kept. A day takes some 300 bytes.
pub const HUB_DAYS_KEPT: usize = 400;

/// What one day of the hub came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HubDay {
    /// The day on the clinic's wall.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What was counted.
    #[serde(flatten)]
    pub counts: HubCounts,
}

/// What the hub counted in a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct HubCounts {
    /// The most WebSocket clients at a time.
    pub clients_max: u64,
    /// Frames handed to sockets.
    pub frames_sent: u64,
    /// Broadcasts of new events.
    pub broadcasts: u64,
    /// The longest broadcast, in microseconds.
    pub broadcast_us_max: u64,
    /// Subscriptions with a cursor that got everything since.
    pub recovered: u64,
    /// Subscriptions with a cursor that had to begin with the state.
    pub not_recovered: u64,
    /// Subscriptions that were told to begin anew.
    pub resyncs: u64,
    /// Connections that ended, by close code; `gone` for peers that went.
    pub closes: BTreeMap<String, u64>,
}

impl HubCounts {
    /// This and `more`, as of one stretch.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        for (sum, more) in [
            (&mut self.frames_sent, more.frames_sent),
            (&mut self.broadcasts, more.broadcasts),
            (&mut self.recovered, more.recovered),
            (&mut self.not_recovered, more.not_recovered),
            (&mut self.resyncs, more.resyncs),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.clients_max = self.clients_max.max(more.clients_max);
        self.broadcast_us_max = self.broadcast_us_max.max(more.broadcast_us_max);
        for (code, count) in &more.closes {
            let sum = self.closes.entry(code.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
        self
    }
}

/// Names one day of the hub.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HubDayKey(Arc<str>);

impl HubDayKey {
    /// The key of a day.
    pub fn of(date: Date) -> Self {
        Self(date.to_string().into())
    }

    /// The day as text, such as `2026-02-06`, which sorts by age.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
