//! What is counted of the agent.

use metrics::Unit;

/// Calls to the agent, by `call` and `outcome`.
pub const CALLS: &str = "caresync_agent_calls_total";
/// What became of what it was offered, by `outcome`.
pub const OFFERS: &str = "caresync_agent_offers_total";
/// Whether it is reached.
pub const CONNECTED: &str = "caresync_agent_connected";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (CALLS, Unit::Count, "Calls to the agent, by what was called (call) and what came of it (outcome)."),
    (OFFERS, Unit::Count, "Tasks that the agent was offered, by what it said (outcome)."),
];

/// Name, unit, help.
pub const GAUGES: &[(&str, Unit, &str)] =
    &[(CONNECTED, Unit::Count, "1 while the agent is reached and well; else 0.")];

/// What the agent said to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It does it.
    Taken,
    /// It hands it to staff.
    HandedBack,
    /// Nothing, or nothing that can be understood, within its time.
    Nothing,
    /// It refuses the call.
    Refused,
    /// What it said came too late, or its guard rails do not allow it.
    Void,
}

impl Said {
    fn as_str(self) -> &'static str {
        match self {
            Said::Taken => "taken",
            Said::HandedBack => "handed_back",
            Said::Nothing => "nothing",
            Said::Refused => "refused",
            Said::Void => "void",
        }
    }
}

/// Shows every metric from the start: an alert on its rate must not miss the first one.
pub(super) fn begin() {
    metrics::counter!(CALLS, "call" => "status", "outcome" => "ok").increment(0);
    metrics::counter!(OFFERS, "outcome" => Said::Taken.as_str()).increment(0);
    metrics::gauge!(CONNECTED).set(0.0);
}

pub(super) fn called(call: &'static str, outcome: &'static str) {
    metrics::counter!(CALLS, "call" => call, "outcome" => outcome).increment(1);
}

pub(super) fn said(said: Said) {
    metrics::counter!(OFFERS, "outcome" => said.as_str()).increment(1);
}

pub(super) fn connected(is: bool) {
    metrics::gauge!(CONNECTED).set(if is { 1.0 } else { 0.0 });
}
