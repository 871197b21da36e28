//! What the doors share: the shapes of entities and frames, problems, extractors, the guard at the gate.
//!
//! Shapes here are the contract with clients; the domain's own types may change without them. Until users
//! have identities there is one view of everything, the de-identified one: no patient field, no free text.

pub mod channel;
pub mod cursor;
pub mod entity;
pub mod frame;
pub mod gate;
pub mod json;
pub mod path;
pub mod problem;
