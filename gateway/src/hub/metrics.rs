//! What is counted of connections.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Unit};

use super::close::Close;

/// Connections that are open.
pub const CLIENTS: &str = "caresync_hub_clients";
/// Connections that hear something, by `role`.
pub const LISTENERS: &str = "caresync_hub_listeners";
/// Subscriptions, by `channel`.
pub const SUBSCRIPTIONS: &str = "caresync_hub_subscriptions";
/// How many events the client furthest behind is behind.
pub const LAG_EVENTS: &str = "caresync_hub_lag_events";
/// Frames that were sent.
pub const FRAMES_SENT: &str = "caresync_hub_frames_sent_total";
/// Connections that ended, by close `code`.
pub const CLOSES: &str = "caresync_hub_closes_total";
/// Subscriptions with a cursor, by whether everything since `recovered`.
pub const RESUMES: &str = "caresync_hub_resumes_total";
/// Subscriptions that had to begin anew.
pub const RESYNCS: &str = "caresync_hub_resyncs_total";
/// How long it takes to hand new events to every client.
pub const BROADCAST_SECONDS: &str = "caresync_hub_broadcast_seconds";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (FRAMES_SENT, Unit::Count, "Frames handed to clients' sockets: events, answers, replays and pings."),
    (
        CLOSES,
        Unit::Count,
        "Connections that ended, by close code; gone when the peer went or its socket broke.",
    ),
    (RESUMES, Unit::Count, "Subscriptions with a cursor, by whether everything since was sent (recovered)."),
    (RESYNCS, Unit::Count, "Subscriptions that were told to begin anew, because a role changed."),
];

/// Name, unit, help.
pub const GAUGES: &[(&str, Unit, &str)] = &[
    (CLIENTS, Unit::Count, "Clients that are connected to the hub by WebSocket."),
    (LISTENERS, Unit::Count, "WebSocket clients that hear something, by role."),
    (SUBSCRIPTIONS, Unit::Count, "Subscriptions of WebSocket clients, by channel or kind of channel."),
    (
        LAG_EVENTS,
        Unit::Count,
        "Events that the client furthest behind is behind; 0 while every socket takes what it gets.",
    ),
];

/// Name, unit, help, the upper bounds of its buckets.
pub const HISTOGRAMS: &[(&str, Unit, &str, &[f64])] = &[(
    BROADCAST_SECONDS,
    Unit::Seconds,
    "From the head that moved to the last client that its events were handed to.",
    // From one client to a thousand on a slow box; beyond 0.1 s people notice.
    &[0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
)];

/// The hub's own metrics, registered once, and the same numbers to be asked for.
pub(super) struct Meters {
    clients: Gauge,
    lag_events: Gauge,
    frames_sent: (Counter, AtomicU64),
    resyncs: (Counter, AtomicU64),
    resumes: [(Counter, AtomicU64); 2],
    broadcast: Histogram,
    broadcasts: AtomicU64,
    broadcast_us_max: AtomicU64,
    /// Clients now; the most since it was last taken, and the longest broadcast since then.
    clients_now: AtomicU64,
    most: [AtomicU64; 2],
    closes: Mutex<BTreeMap<Option<u16>, u64>>,
}

/// What was counted since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) frames_sent: u64,
    pub(super) resyncs: u64,
    pub(super) recovered: u64,
    pub(super) not_recovered: u64,
    pub(super) broadcasts: u64,
    pub(super) broadcast_us_max: u64,
    /// By close code; `None` for peers that went, or whose sockets broke.
    pub(super) closes: BTreeMap<Option<u16>, u64>,
}

impl Meters {
    pub(super) fn new() -> Self {
        let resumes = |recovered: &'static str| {
            (metrics::counter!(RESUMES, "recovered" => recovered), AtomicU64::new(0))
        };
        let meters = Self {
            clients: metrics::gauge!(CLIENTS),
            lag_events: metrics::gauge!(LAG_EVENTS),
            frames_sent: (metrics::counter!(FRAMES_SENT), AtomicU64::new(0)),
            resyncs: (metrics::counter!(RESYNCS), AtomicU64::new(0)),
            resumes: [resumes("no"), resumes("yes")],
            broadcast: metrics::histogram!(BROADCAST_SECONDS),
            broadcasts: AtomicU64::new(0),
            broadcast_us_max: AtomicU64::new(0),
            clients_now: AtomicU64::new(0),
            most: Default::default(),
            closes: Mutex::default(),
        };
        // What nobody has counted yet is 0, not absent: an alert on its rate must not miss the first one.
        for (code, _) in Close::CODED.into_iter().filter_map(Close::code_and_reason) {
            metrics::counter!(CLOSES, "code" => code.to_string()).increment(0);
        }
        meters.clients.set(0.0);
        meters.lag_events.set(0.0);
        meters
    }

    /// How many clients there are.
    pub(super) fn clients(&self, count: usize) {
        self.clients.set(number(count));
        self.clients_now.store(count as u64, Ordering::Relaxed);
        self.most[0].fetch_max(count as u64, Ordering::Relaxed);
    }

    /// The most clients at a time, and the longest broadcast in microseconds, since this was last asked.
    pub(super) fn take_most(&self) -> (u64, u64) {
        let now = self.clients_now.load(Ordering::Relaxed);
        let [clients, broadcast_us] = &self.most;
        (clients.swap(now, Ordering::Relaxed).max(now), broadcast_us.swap(0, Ordering::Relaxed))
    }

    /// How many events the client furthest behind is behind.
    pub(super) fn lag(&self, events: usize) {
        self.lag_events.set(number(events));
    }

    /// Counts frames that were handed to sockets.
    pub(super) fn sent(&self, frames: u64) {
        add(&self.frames_sent, frames);
    }

    /// Counts subscriptions that begin anew.
    pub(super) fn resynced(&self, subscriptions: usize) {
        add(&self.resyncs, subscriptions as u64);
    }

    /// Counts a subscription with a cursor.
    pub(super) fn resumed(&self, recovered: bool) {
        add(&self.resumes[usize::from(recovered)], 1);
    }

    /// Counts events that were handed to everybody.
    pub(super) fn broadcast(&self, took: Duration) {
        self.broadcast.record(took);
        self.broadcasts.fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.broadcast_us_max.fetch_max(us, Ordering::Relaxed);
        self.most[1].fetch_max(us, Ordering::Relaxed);
    }

    /// Counts the end of a connection.
    pub(super) fn closed(&self, close: Close) {
        let code = close.code_and_reason().map(|(code, _)| code);
        *self.closes.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
        let code = code.map_or_else(|| "gone".into(), |code| code.to_string());
        metrics::counter!(CLOSES, "code" => code).increment(1);
    }

    /// What was counted since the start.
    pub(super) fn counted(&self) -> Counted {
        let of = |(_, count): &(Counter, AtomicU64)| count.load(Ordering::Relaxed);
        Counted {
            frames_sent: of(&self.frames_sent),
            resyncs: of(&self.resyncs),
            recovered: of(&self.resumes[1]),
            not_recovered: of(&self.resumes[0]),
            broadcasts: self.broadcasts.load(Ordering::Relaxed),
            broadcast_us_max: self.broadcast_us_max.load(Ordering::Relaxed),
            closes: self.closes.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

fn add((counter, count): &(Counter, AtomicU64), more: u64) {
    counter.increment(more);
    count.fetch_add(more, Ordering::Relaxed);
}

#[expect(clippy::cast_precision_loss, reason = "clients and events in the ring are few")]
fn number(count: usize) -> f64 {
    count as f64
}

/// Who listens to what, now: by role, and by channel or kind of channel. Roles and channels that were there before
/// and are not any more are 0.
pub(super) fn listening<'a>(
    by_role: impl Iterator<Item = (&'static str, usize)> + 'a,
    by_channel: impl Iterator<Item = (&'static str, usize)> + 'a,
) {
    by_role.for_each(|(role, count)| metrics::gauge!(LISTENERS, "role" => role).set(number(count)));
    by_channel
        .for_each(|(channel, count)| metrics::gauge!(SUBSCRIPTIONS, "channel" => channel).set(number(count)));
}
