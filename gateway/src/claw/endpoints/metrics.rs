//! What is counted of deliveries.

use metrics::Unit;

use super::schedule::Verdict;

/// Tries, by what came of them.
pub const ATTEMPTS: &str = "caresync_claw_attempts_total";
/// Events that were given up.
pub const DEAD_LETTERS: &str = "caresync_claw_dead_letters_total";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (ATTEMPTS, Unit::Count, "Requests to webhook endpoints, by what came of them (outcome)."),
    (DEAD_LETTERS, Unit::Count, "Events that a webhook endpoint will not get by itself."),
];

pub(super) fn begin() {
    for verdict in [Verdict::Delivered, Verdict::Again(None), Verdict::Refused, Verdict::Gone] {
        metrics::counter!(ATTEMPTS, "outcome" => word(verdict)).increment(0);
    }
    metrics::counter!(DEAD_LETTERS).increment(0);
}

pub(super) fn tried(verdict: Verdict) {
    metrics::counter!(ATTEMPTS, "outcome" => word(verdict)).increment(1);
}

pub(super) fn given_up() {
    metrics::counter!(DEAD_LETTERS).increment(1);
}

/// What came of a try, in a word.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Delivered => "delivered",
        Verdict::Again(_) => "failed",
        Verdict::Refused => "refused",
        Verdict::Gone => "gone",
    }
}
