//! What is counted of the agent's tools.

use metrics::Unit;

use super::tools::ToolName;

/// Calls of tools, by `tool` and `outcome`.
pub const CALLS: &str = "caresync_mcp_calls_total";

/// Name, unit, help.
pub const COUNTERS: &[(&str, Unit, &str)] =
    &[(CALLS, Unit::Count, "Calls of the agent's tools, by tool and what came of it (outcome).")];

/// Shows every metric from the start: an alert on its rate must not miss the first one.
pub(super) fn begin() {
    for tool in ToolName::EVERY {
        for outcome in ["done", "refused"] {
            metrics::counter!(CALLS, "tool" => tool.as_str(), "outcome" => outcome).increment(0);
        }
    }
}

pub(super) fn called(tool: ToolName, is_done: bool) {
    let outcome = if is_done { "done" } else { "refused" };
    metrics::counter!(CALLS, "tool" => tool.as_str(), "outcome" => outcome).increment(1);
}
