//! The CLAW agent and other systems of the clinic: what the gateway says to them of its own accord, and the tools that it
//! lends the agent.
//!
//! Everything said is a committed event, or made from committed state. Who cannot be reached delays nobody else.

pub mod agent;
#[cfg(test)]
mod canary;
pub mod endpoints;
pub mod http;
pub mod mcp;
mod told;
