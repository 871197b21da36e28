//! CareSync Gateway: one service in the clinic that knows which rooms are occupied.

pub mod api;
pub mod auth;
pub mod domain;
pub mod hub;
pub mod ledger;
pub mod sensing;
pub mod store;
pub mod wire;
