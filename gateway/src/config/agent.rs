//! `[claw.agent]` and the demo's agent, with everything that is wrong with them.

use std::path::Path;

use super::load::Reading;
use super::{ClawConfig, FacilityConfig, HttpConfig, secrets};
use crate::claw::agent::Settings;

impl Reading {
    /// How the agent is called. What is wrong is reported.
    pub(super) fn agent(
        &mut self,
        claw: &ClawConfig,
        facility: &FacilityConfig,
        http: &HttpConfig,
    ) -> Settings {
        for (key, remedy) in claw.agent.problems() {
            self.report_key(&format!("claw.agent.{key}"), remedy);
        }
        if claw.demo_agent && !http.is_loopback() {
            self.report_key(
                "claw.demo_agent",
                "is for a listener on loopback: it plays an agent, and is none",
            );
        }
        let way = claw.agent.way(|file: &Path| secrets::read_text(file)).unwrap_or_else(|(key, remedy)| {
            self.report_key(&format!("claw.agent.{key}"), remedy);
            None
        });
        Settings { way, demo: claw.demo_agent, facility_id: facility.id.clone() }
    }
}
