//! The rules of the clinic, as a pure and synchronous machine.
//!
//! [`state::State::decide`] answers what follows from a [`command::Command`]; [`state::State::apply`] makes an
//! [`event::Event`] true. Nothing here reads a clock, draws a random number, touches a file or a socket: time
//! arrives as a [`time::Timestamp`], new ids derive from the command's own id. That makes every rule a
//! function that a test can call.

pub mod access;
pub mod action;
pub mod actor;
pub mod agent;
pub mod alarm;
pub mod analytics;
pub mod audit;
pub mod automation;
pub mod bound_device;
pub mod calendar;
pub mod camera;
pub mod catalogue;
pub mod command;
mod decide;
pub mod device;
pub mod digest;
pub mod doctor;
pub mod endpoint;
pub mod entity;
pub mod equipment;
pub mod event;
pub mod hub_day;
pub mod id;
pub mod occupancy;
pub mod reading;
pub mod rejection;
pub mod role;
pub mod rollup;
pub mod room;
pub mod rules;
pub mod state;
pub mod task;
pub mod time;
mod turnover;
pub mod view;
pub mod visit;

#[cfg(test)]
pub(crate) mod tests;
