//! What the gateway is measured against: other programs and stores that do the same work.

pub(crate) mod node;
pub(crate) mod process;
pub(crate) mod sqlite;
