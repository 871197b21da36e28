//! What the doors share: the shapes of entities and frames, problems, extractors, the guard at the gate.
//!
//! Shapes here are the contract with clients; the domain's own types may change without them. A shape is whole;
//! what of it a role sees is cut out by [`view`], with the domain's table.

pub mod access;
pub mod caller;
pub mod channel;
pub mod connection;
pub mod cursor;
pub mod entity;
pub mod frame;
pub mod gate;
pub mod json;
pub mod metrics;
pub mod page;
pub mod path;
pub mod problem;
pub mod reading;
pub mod request;
pub mod schema;
pub mod terms;
pub mod view;
