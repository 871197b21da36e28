//! Stories: one file each, against the real gateway.

mod access;
mod agent;
mod bad_input;
mod configuration;
mod console;
mod damage;
mod doctor;
mod durability;
mod first_hour;
mod footage;
mod gate;
mod house;
mod live;
mod logs;
mod metrics;
mod peers;
mod power_cut;
mod requests;
mod restart;
mod roles;
mod service;
mod utilization;
mod watch;
mod webhook;
mod write_failure;
