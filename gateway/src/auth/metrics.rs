//! What is counted of proofs.

use metrics::Unit;

/// Logins that were refused. Counted where a password is checked.
pub const LOGIN_FAILURES: &str = "caresync_auth_login_failures_total";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] =
    &[(LOGIN_FAILURES, Unit::Count, "Logins that were refused: a wrong password, or nobody of that name.")];
