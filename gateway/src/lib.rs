//! CareSync Gateway: one service in the clinic that knows which rooms are occupied, keeps the clinic's state
//! and serves it live to the LAN.
//!
//! One door in, one journal, many cursors. Whatever may change the state becomes a command; the ledger is the
//! only writer; every consumer is a cursor over the journal. ARCHITECTURE.md walks through it.

pub mod admin;
pub mod api;
pub mod app;
pub mod auth;
pub mod claw;
pub mod cli;
pub mod config;
pub mod domain;
pub mod hub;
pub mod ledger;
pub mod mqtt;
pub mod sensing;
pub mod store;
pub mod telemetry;
pub mod wire;
