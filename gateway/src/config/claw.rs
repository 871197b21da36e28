//! `[[claw.endpoints]]` and what holds for all endpoints, with everything that is wrong with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::Reading;
use super::secrets;
use crate::claw::agent::AgentConfig;
use crate::claw::endpoints::{EndpointConfig, Settings};
use crate::claw::http::Http;
use crate::domain::endpoint::ENDPOINTS_MAX;

/// `[claw]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ClawConfig {
    /// `[claw.agent]`.
    pub agent: AgentConfig,
    /// The scripted agent of the demo runs.
    pub demo_agent: bool,
    /// Read one by one; here so that the key is known.
    endpoints: Vec<serde_json::Value>,
    /// Hosts that admins may add endpoints at: `host` or `host:port`.
    allowed_hosts: Vec<String>,
    /// Who signed the certificates of the clinic's own systems, PEM; the system's authorities are trusted besides.
    ca_file: Option<PathBuf>,
    /// Days that an endpoint may fail before it is sent nothing more.
    drop_after_days: u32,
    /// What every pause between retries, and `drop_after_days`, is multiplied by; other than 1 for trials.
    retry_scale: f64,
}

impl Default for ClawConfig {
    fn default() -> Self {
        Self {
            agent: AgentConfig::default(),
            demo_agent: false,
            endpoints: Vec::new(),
            allowed_hosts: Vec::new(),
            ca_file: None,
            drop_after_days: 5,
            retry_scale: 1.0,
        }
    }
}

impl Reading {
    /// The endpoints, and what holds for all of them. What is wrong is reported.
    pub(super) fn endpoints(&mut self, claw: &ClawConfig) -> Settings {
        if !(1..=365).contains(&claw.drop_after_days) {
            let remedy = format!("{} is out of range; use 1 to 365", claw.drop_after_days);
            self.report_key("claw.drop_after_days", remedy);
        }
        if !(0.000_001..=1.0).contains(&claw.retry_scale) {
            self.report_key("claw.retry_scale", "is out of range; leave it at 1.0");
        }
        for host in
            claw.allowed_hosts.iter().filter(|host| host.is_empty() || host.contains(['/', '@', ' ', '*']))
        {
            self.report_key("claw.allowed_hosts", format!("\"{host}\" is no host; write host or host:port"));
        }
        if let Err(remedy) = Http::new(claw.ca_file.as_deref()) {
            self.report_key("claw.ca_file", remedy);
        }
        Settings {
            endpoints: self.each_endpoint(claw),
            allowed_hosts: claw.allowed_hosts.clone(),
            ca_file: claw.ca_file.clone(),
            drop_after: Duration::from_secs(u64::from(claw.drop_after_days) * 86_400)
                .mul_f64(claw.retry_scale),
            retry_scale: claw.retry_scale,
        }
    }

    fn each_endpoint(&mut self, claw: &ClawConfig) -> Vec<crate::domain::endpoint::Endpoint> {
        if claw.endpoints.len() > ENDPOINTS_MAX {
            let remedy = format!("{} are too many; the most is {ENDPOINTS_MAX}", claw.endpoints.len());
            self.report_key("claw.endpoints", remedy);
            return Vec::new();
        }
        let (mut endpoints, mut ids) = (Vec::new(), BTreeSet::new());
        for (n, given) in claw.endpoints.iter().enumerate() {
            let name = format!("claw.endpoints[{n}]");
            let Some(config) = self.parse::<EndpointConfig>(given, &name, &EndpointConfig::known()) else {
                continue;
            };
            match config.read(|file: &Path| secrets::read_text(file)) {
                Ok(endpoint) if ids.insert(endpoint.id.clone()) => endpoints.push(endpoint),
                Ok(endpoint) => {
                    let remedy = format!("\"{}\" is the id of another endpoint", endpoint.id);
                    self.report_key(&format!("{name}.id"), remedy);
                }
                Err(wrong) => {
                    for (key, remedy) in wrong {
                        self.report_key(&format!("{name}.{key}"), remedy);
                    }
                }
            }
        }
        endpoints
    }
}
