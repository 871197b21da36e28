//! What is counted of connections.

use metrics::{Counter, Gauge, Unit};

/// Connections that are open.
pub const CLIENTS: &str = "caresync_hub_clients";
/// Frames that were sent.
pub const FRAMES_SENT: &str = "caresync_hub_frames_sent_total";
/// Connections that ended, by close `code`.
pub const CLOSES: &str = "caresync_hub_closes_total";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (FRAMES_SENT, Unit::Count, "Frames handed to clients' sockets: events, answers, replays and pings."),
    (
        CLOSES,
        Unit::Count,
        "Connections that ended, by close code; gone when the peer went or its socket broke.",
    ),
];

/// Name, unit, help.
pub const GAUGES: &[(&str, Unit, &str)] = &[(CLIENTS, Unit::Count, "Clients that are connected to the hub.")];

/// The hub's own metrics, registered once.
pub(super) struct Meters {
    clients: Gauge,
    pub(super) frames_sent: Counter,
}

impl Meters {
    pub(super) fn new() -> Self {
        let meters = Self { clients: metrics::gauge!(CLIENTS), frames_sent: metrics::counter!(FRAMES_SENT) };
        meters.clients.set(0.0);
        meters
    }

    /// Counts a client for as long as what is returned lives.
    pub(super) fn client(&self) -> Present {
        self.clients.increment(1.0);
        Present(self.clients.clone())
    }
}

/// A client that is counted.
pub(super) struct Present(Gauge);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Counts the end of a connection.
pub(super) fn closed(code: Option<u16>) {
    let code = code.map_or_else(|| "gone".into(), |code| code.to_string());
    metrics::counter!(CLOSES, "code" => code).increment(1);
}
