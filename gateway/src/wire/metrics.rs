//! What is counted of requests, whichever door takes them.

use metrics::Unit;

/// Requests, by `route` (its template), `method` and `status`.
pub const REQUESTS: &str = "caresync_http_requests_total";
/// How long they take, by `route` and `method`.
pub const REQUEST_SECONDS: &str = "caresync_http_request_seconds";
/// Refusals, by the problem's `code`.
pub const PROBLEMS: &str = "caresync_http_problems_total";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] = &[
    (REQUESTS, Unit::Count, "Requests that were answered, by route template, method and status."),
    (PROBLEMS, Unit::Count, "Requests that were refused or failed, by the code of the problem."),
];

/// Name, unit, help, buckets.
pub const HISTOGRAMS: &[(&str, Unit, &str, &[f64])] = &[(
    REQUEST_SECONDS,
    Unit::Seconds,
    "Seconds from a request's head to the head of its answer, by route template and method.",
    // Reads come from memory, writes wait for a sync; beyond 2 s a sender is told that the gateway is busy.
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0],
)];
