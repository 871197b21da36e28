//! What the hub counts goes into the clinic's days, once a minute and at the end: a kill loses a minute of numbers.

use tokio::sync::Mutex;

use super::Shared;
use super::metrics::Counted;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::hub_day::HubCounts;

/// How often what was counted is handed over, in seconds.
pub(super) const EVERY_S: u64 = 60;

/// What was handed over already.
#[derive(Default)]
pub(super) struct HandedOver(Mutex<Over>);

#[derive(Default)]
struct Over {
    counted: Counted,
    /// What the ledger did not take, and gets with the next.
    owed: HubCounts,
}

impl Shared {
    /// Hands over what was counted since the last time, if there is anything.
    pub(super) async fn hand_over_counts(&self) {
        let mut over = self.handed_over.0.lock().await;
        let counted = self.meters.counted();
        let more = since(&counted, &over.counted);
        let (clients_max, broadcast_us_max) = self.meters.take_most();
        let owed = std::mem::take(&mut over.owed).and(&HubCounts { clients_max, broadcast_us_max, ..more });
        over.counted = counted;
        if owed == HubCounts::default() {
            return;
        }
        if let Err(error) = self.entrance.ledger.submit(Actor::Gateway, Ask::CountHub(owed.clone())).await {
            tracing::warn!(%error, "the hub's numbers wait for the next minute");
            over.owed = owed;
        }
    }
}

fn since(now: &Counted, before: &Counted) -> HubCounts {
    let name = |code: &Option<u16>| code.map_or_else(|| "gone".into(), |code| code.to_string());
    let closes = now
        .closes
        .iter()
        .map(|(code, count)| (name(code), count - before.closes.get(code).copied().unwrap_or_default()));
    HubCounts {
        clients_max: 0,
        frames_sent: now.frames_sent - before.frames_sent,
        broadcasts: now.broadcasts - before.broadcasts,
        broadcast_us_max: 0,
        recovered: now.recovered - before.recovered,
        not_recovered: now.not_recovered - before.not_recovered,
        resyncs: now.resyncs - before.resyncs,
        closes: closes.filter(|(_, count)| *count > 0).collect(),
    }
}
