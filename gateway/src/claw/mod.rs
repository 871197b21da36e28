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

use axum::Router;

use crate::wire::caller::Entrance;

/// What is served here: the endpoints' requests, and the agent's tools.
pub fn router(endpoints: endpoints::Endpoints, entrance: Entrance) -> Router {
    endpoints::router(endpoints, entrance.clone()).merge(mcp::router(entrance))
}
