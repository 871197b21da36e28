//! What is counted of MQTT.

use metrics::Unit;

/// Messages that came, by `dialect` and `outcome`.
pub const MESSAGES: &str = "caresync_mqtt_messages_total";
/// Times that the broker was reached after it was not.
pub const CONNECTS: &str = "caresync_mqtt_connects_total";
/// Whether the broker is reached.
pub const CONNECTED: &str = "caresync_mqtt_connected";
/// Messages that wait for the ledger.
pub const IN_FLIGHT: &str = "caresync_mqtt_in_flight";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (MESSAGES, Unit::Count, "Messages that came, by dialect and what became of them (outcome)."),
    (CONNECTS, Unit::Count, "Times that the broker was reached, the first one included."),
];

/// Name, unit, help.
pub const GAUGES: &[(&str, Unit, &str)] = &[
    (CONNECTED, Unit::Count, "1 while the broker is reached, or runs in the gateway; else 0."),
    (IN_FLIGHT, Unit::Count, "Messages that came and are not durable yet."),
];

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// What it says is durable.
    Taken,
    /// It has come before, by its time or counter.
    Repeated,
    /// A newer one came before it, by its time or counter.
    Outdated,
    /// It says nothing about the binding's target.
    Silent,
    /// The rules refuse what it says.
    Refused,
    /// It cannot be understood.
    Misread,
    /// It is larger than any device has to say.
    TooLarge,
    /// No binding has its topic.
    Unbound,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Taken => "taken",
            Outcome::Repeated => "repeated",
            Outcome::Outdated => "outdated",
            Outcome::Silent => "silent",
            Outcome::Refused => "refused",
            Outcome::Misread => "misread",
            Outcome::TooLarge => "too_large",
            Outcome::Unbound => "unbound",
        }
    }
}

/// Shows every metric from the start: an alert on its rate must not miss the first one.
pub(super) fn begin() {
    metrics::counter!(MESSAGES, "dialect" => "none", "outcome" => Outcome::Unbound.as_str()).increment(0);
    metrics::counter!(CONNECTS).increment(0);
    metrics::gauge!(CONNECTED).set(0.0);
    metrics::gauge!(IN_FLIGHT).set(0.0);
}

/// Counts a message; `dialect` is `none` where no binding has one.
pub(super) fn count(dialect: &'static str, outcome: Outcome) {
    metrics::counter!(MESSAGES, "dialect" => dialect, "outcome" => outcome.as_str()).increment(1);
}

/// Says whether the broker is reached.
pub(super) fn connected(is: bool) {
    metrics::gauge!(CONNECTED).set(if is { 1.0 } else { 0.0 });
    if is {
        metrics::counter!(CONNECTS).increment(1);
    }
}

/// One more message that waits, until it is dropped.
pub(super) struct InFlight(());

impl InFlight {
    pub(super) fn begin() -> Self {
        metrics::gauge!(IN_FLIGHT).increment(1.0);
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!(IN_FLIGHT).decrement(1.0);
    }
}
