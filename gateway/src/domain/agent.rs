//! How far the CLAW agent may act by itself.

use serde::{Deserialize, Serialize};

/// The agent's phase (`claw.agent.phase`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentPhase {
    /// What it asks for is noted, and nothing is made.
    Observation,
    /// Its tasks are proposed; staff approve or reject them.
    #[default]
    Assisted,
    /// Its tasks are made.
    Autonomous,
}
