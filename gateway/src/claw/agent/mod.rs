//! The link to the CLAW agent.
//!
//! The agent hears how the facility does, is offered the work that is assigned to it, and is asked whether it is well.
//! What it is told is ids, enums, numbers and times: nothing that anybody typed.

pub mod config;

pub use config::{AgentConfig, Settings, Way};
