//! The link to the CLAW agent.
//!
//! The agent hears how the facility does, is offered the work that is assigned to it, and is asked whether it is well.
//! What it is told is ids, enums, numbers and times: nothing that anybody typed. What it answers is a command like any
//! other, under the guard rails of the domain.

pub mod config;
mod demo;
mod link;
pub mod metrics;
mod offers;
mod standing;
mod status;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::http::Http;
use crate::ledger::Handle;
use link::Link;
use standing::Standing;

pub use config::{AgentConfig, Settings, Way};

/// How long the link has to close. Nothing of it waits for an answer when it is told to.
const STOP_MAX: Duration = Duration::from_secs(2);

/// The door. Clones share it.
#[derive(Clone)]
pub struct Agent {
    standing: Standing,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Agent {
    /// Opens the way to the agent, if it has one, and starts the demo's, if it is wanted.
    pub fn start(settings: Settings, http: Http, ledger: Handle) -> Self {
        metrics::begin();
        let Settings { way, demo, facility_id } = settings;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let standing = Standing::new(way.is_some(), Instant::now());
        if let Some(way) = way {
            let link = Link { way, facility_id, http, ledger: ledger.clone(), standing: standing.clone() };
            let (link, stop_too) = (Arc::new(link), stop.clone());
            let told = link.clone();
            tasks.spawn(async move { stop_too.run_until_cancelled(told.keep()).await });
            let stop_too = stop.clone();
            tasks.spawn(async move { stop_too.run_until_cancelled(offers::keep(link)).await });
        }
        if demo {
            let stop_too = stop.clone();
            tasks.spawn(async move { stop_too.run_until_cancelled(demo::play(ledger)).await });
        }
        tasks.close();
        Self { standing, tasks, stop }
    }

    /// Whether the agent is well, and the reason.
    pub fn health(&self) -> (bool, String) {
        self.standing.health()
    }

    /// Calls nobody any more. What was offered and not answered is offered again by the next start, or is staff's.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_MAX, self.tasks.wait()).await.is_err() {
            tracing::warn!("the way to the agent did not close in time");
        }
    }
}
