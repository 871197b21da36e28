//! CareSync Gateway: one service in the clinic that knows which rooms are occupied.

pub mod auth;
pub mod domain;
pub mod ledger;
pub mod store;
pub mod wire;
