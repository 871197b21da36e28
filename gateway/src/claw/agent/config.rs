//! `[claw.agent]`: where the agent is, and what it may do.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use serde::{Deserialize, Serialize};

use crate::auth::Secret;
use crate::domain::agent::{AGENT_ANSWERS_WITHIN, ANY_KIND, AgentPhase, AgentRails};
use crate::domain::id::KeyId;
use crate::domain::task::is_plain_kind;

/// The most kinds of task on the list of what the agent may do: more than a clinic has.
const KINDS_MAX: usize = 64;

/// `[claw.agent]` as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentConfig {
    /// The id of the agent's key: what it answers is its own.
    id: String,
    /// Where it is, such as `http://127.0.0.1:8787`. Without it the gateway never calls.
    url: Option<String>,
    /// The file with the bearer token that it expects.
    bearer_file: Option<PathBuf>,
    /// Seconds between two messages about the facility's status, when nothing changes.
    status_every_s: u32,
    /// Seconds between two questions after its health.
    health_every_s: u32,
    /// Seconds that it may be away before an alarm is raised.
    offline_after_s: u32,
    /// How far it may act by itself at first; what an admin sets later is in the store.
    pub phase: AgentPhase,
    /// The kinds of task that it may take upon itself; `*` for all.
    allowed_kinds: Vec<String>,
    /// Tasks and action items that it may write an hour.
    per_hour_max: u32,
    /// Tasks and action items of its own that may be open at a time.
    open_max: u32,
    /// Seconds after which a proposal that nobody decided on is cancelled.
    expires_after_s: u32,
}

impl Default for AgentConfig {
    fn default() -> Self {
        let rails = AgentRails::default();
        Self {
            id: "claw".into(),
            url: None,
            bearer_file: None,
            status_every_s: 10,
            health_every_s: 30,
            offline_after_s: 60,
            phase: AgentPhase::default(),
            allowed_kinds: rails.allowed_kinds,
            per_hour_max: rails.per_hour_max,
            open_max: rails.open_max,
            expires_after_s: u32::try_from(rails.expires_after.as_secs()).unwrap_or(u32::MAX),
        }
    }
}

/// How the gateway calls the agent.
#[derive(Clone, Debug)]
pub struct Way {
    /// Who the agent is when it answers.
    pub agent: KeyId,
    /// Takes the facility's status.
    pub status: Uri,
    /// Takes what the agent is offered.
    pub task: Uri,
    /// Tells whether it is well.
    pub health: Uri,
    /// Proves who calls; never printed.
    pub bearer: Option<HeaderValue>,
    /// The time between two messages when nothing changes.
    pub status_every: Duration,
    /// The time between two questions after its health.
    pub health_every: Duration,
    /// How long it may be away before an alarm is raised.
    pub offline_after: Duration,
}

/// What the agent's door is opened with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How the agent is called; `None` for one that only calls.
    pub way: Option<Way>,
    /// The scripted agent of the demo runs.
    pub demo: bool,
    /// The facility's id.
    pub facility_id: String,
}

impl AgentConfig {
    /// The agent's guard rails. It is offered work where it can be reached.
    pub fn rails(&self) -> AgentRails {
        AgentRails {
            allowed_kinds: self.allowed_kinds.clone(),
            per_hour_max: self.per_hour_max,
            open_max: self.open_max,
            expires_after: Duration::from_secs(self.expires_after_s.into()),
            answers_within: self.url.is_some().then_some(AGENT_ANSWERS_WITHIN),
        }
    }

    /// What is wrong with the numbers and the list, as key and remedy.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        for (key, value, least, most) in [
            ("status_every_s", self.status_every_s, 1, 3_600),
            ("health_every_s", self.health_every_s, 1, 3_600),
            ("offline_after_s", self.offline_after_s, 1, 86_400),
            ("per_hour_max", self.per_hour_max, 0, 10_000),
            ("open_max", self.open_max, 0, 1_000),
            ("expires_after_s", self.expires_after_s, 10, 604_800),
        ] {
            if !(least..=most).contains(&value) {
                problems.push((key, format!("{value} is out of range; use {least} to {most}")));
            }
        }
        if self.allowed_kinds.len() > KINDS_MAX {
            let remedy = format!("has {} kinds; the most is {KINDS_MAX}", self.allowed_kinds.len());
            problems.push(("allowed_kinds", remedy));
        }
        if let Some(bad) = self.allowed_kinds.iter().find(|kind| *kind != ANY_KIND && !is_plain_kind(kind)) {
            let remedy =
                format!("\"{bad}\" is no type of task; write one such as \"cleaning\", or \"*\" for all");
            problems.push(("allowed_kinds", remedy));
        }
        if self.url.is_none() && self.bearer_file.is_some() {
            problems.push(("bearer_file", "is for an agent that is called; name its url, too".into()));
        }
        problems
    }

    /// How the agent is called, if it is; else what is wrong, as key and remedy. `read` reads secrets.
    ///
    /// # Errors
    ///
    /// The key and its remedy.
    pub fn way(
        &self,
        read: impl FnOnce(&Path) -> Result<Secret, String>,
    ) -> Result<Option<Way>, (&'static str, String)> {
        let agent = self.id.parse().map_err(|error| ("id", format!("{error}")))?;
        let Some(url) = &self.url else { return Ok(None) };
        let base =
            base_of(url).ok_or(("url", "is no address; write http://host:port or https://host".into()))?;
        let below = |path: &str| format!("{base}{path}").parse().expect("a path below an address is one");
        let bearer = self.bearer_file.as_deref().map(|file| bearer_in(file, read)).transpose();
        let seconds = |s: u32| Duration::from_secs(s.into());
        Ok(Some(Way {
            agent,
            status: below("/webhook/facility-status"),
            task: below("/webhook/task"),
            health: below("/health"),
            bearer: bearer.map_err(|remedy| ("bearer_file", remedy))?,
            status_every: seconds(self.status_every_s),
            health_every: seconds(self.health_every_s),
            offline_after: seconds(self.offline_after_s),
        }))
    }
}

/// The address that paths are put behind; `None` for what is none. Credentials belong into `bearer_file`.
fn base_of(url: &str) -> Option<&str> {
    let uri: Uri = url.parse().ok()?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_plain = uri.authority().is_some_and(|it| !it.as_str().contains('@')) && uri.query().is_none();
    (is_http && is_plain).then(|| url.trim_end_matches('/'))
}

fn bearer_in(file: &Path, read: impl FnOnce(&Path) -> Result<Secret, String>) -> Result<HeaderValue, String> {
    let secret = read(file)?;
    let token = secret.expose().trim();
    let header = HeaderValue::from_str(&format!("Bearer {token}")).ok().filter(|_| !token.is_empty());
    let mut header = header.ok_or_else(|| format!("{} holds no token", file.display()))?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(url: &str, token: &str) -> Result<Option<Way>, (&'static str, String)> {
        let config = AgentConfig {
            url: Some(url.into()),
            bearer_file: Some("claw.token".into()),
            ..AgentConfig::default()
        };
        config.way(|_| Ok(Secret::new(token.into())))
    }

    #[test]
    fn paths_stand_below_the_address_and_the_token_is_never_printed() {
        let way = way("http://claw.lan:8787/agent/", "a-token-of-the-agent\n").unwrap().unwrap();
        assert_eq!(way.status, "http://claw.lan:8787/agent/webhook/facility-status");
        assert_eq!(way.health, "http://claw.lan:8787/agent/health");
        assert_eq!(way.bearer.clone().unwrap(), "Bearer a-token-of-the-agent");
        assert!(!format!("{way:?}").contains("a-token-of-the-agent"), "{way:?}");
    }

    #[test]
    fn what_is_no_address_and_what_is_no_token_is_said_so() {
        for url in ["claw.lan:8787", "ftp://claw.lan", "http://me:secret@claw.lan", "http://claw.lan?x=1", ""]
        {
            assert_eq!(way(url, "token").unwrap_err().0, "url", "{url}");
        }
        assert_eq!(way("http://claw.lan", "two\nlines").unwrap_err().0, "bearer_file");
        assert_eq!(way("http://claw.lan", " ").unwrap_err().0, "bearer_file");
    }

    #[test]
    fn who_cannot_be_called_is_offered_nothing() {
        assert_eq!(AgentConfig::default().rails().answers_within, None);
        let called = AgentConfig { url: Some("http://claw.lan".into()), ..AgentConfig::default() };
        assert_eq!(called.rails().answers_within, Some(AGENT_ANSWERS_WITHIN));
        let wrong = AgentConfig {
            allowed_kinds: vec!["A patient".into()],
            status_every_s: 0,
            ..AgentConfig::default()
        };
        let keys: Vec<_> = wrong.problems().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["status_every_s", "allowed_kinds"]);
    }
}
