//! Configuration: built-in defaults, the file, then the environment. Everything is checked before a port is
//! bound, and all problems are reported at once, each with its key, where it stands and the remedy.

mod agent;
mod claw;
mod clinic;
mod facility;
mod load;
mod mqtt;
mod secrets;
mod tls;
mod validity;
mod wording;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::auth::{ConfiguredKey, DemoUser, KeyConfig};
use crate::domain::agent::{AgentPhase, AgentRails};
use crate::domain::automation::AutomationLevels;
use crate::domain::command::Clinic;
use crate::domain::rules::{AUTOMATION_ROOMS_MAX, Rules};
use crate::hub;
use crate::sensing::{CameraConfig, VisionConfig};
use crate::telemetry;

pub use claw::ClawConfig;
pub use facility::FacilityConfig;
pub use load::{load, load_store};
pub use tls::{Certificate, CertificateFiles, Stamp, TlsConfig, Trouble};

/// The whole configuration, valid.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of footage and models.
    pub assets: PathBuf,
    /// `[facility]`.
    pub facility: FacilityConfig,
    /// The clinic of `facility.seed_file`.
    pub clinic: Clinic,
    /// `[http]`.
    pub http: HttpConfig,
    /// `[store]`.
    pub store: StoreConfig,
    /// `[hub]`.
    pub hub: hub::Limits,
    /// `[rules]`.
    pub rules: RulesConfig,
    /// `[vision]`.
    pub vision: VisionConfig,
    /// `[[cameras]]`.
    pub cameras: Vec<CameraConfig>,
    /// `[claw]`.
    pub claw: ClawConfig,
    /// How long a login lasts (`auth.session_hours`).
    pub session_lasts: Duration,
    /// Webhooks that a key may send a second (`auth.key_requests_per_s`).
    pub key_requests_per_s: NonZeroU32,
    /// `[[auth.keys]]`, read.
    pub keys: Vec<ConfiguredKey>,
    /// `[[auth.demo_users]]`.
    pub demo_users: Vec<DemoUser>,
    /// `[telemetry]`.
    pub telemetry: telemetry::Config,
    /// `[mqtt]` and `[[mqtt.bindings]]`.
    pub mqtt: crate::mqtt::Settings,
    /// `[[claw.endpoints]]`, and what holds for all of them.
    pub endpoints: crate::claw::endpoints::Settings,
    /// `[claw.agent]`, read.
    pub agent: crate::claw::agent::Settings,
    /// What is worth saying though the configuration is valid, such as a certificate that expires soon.
    pub warnings: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `http.listen`.
    pub key: String,
    /// Where its value stands: the file, or the environment variable.
    pub place: String,
    /// What is wrong, and what would be right.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.key, self.place, self.remedy)
    }
}

/// Everything that is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} problem{}:\n  {}", .0.len(), if .0.len() == 1 { "" } else { "s" }, lines(.0))]
pub struct ConfigError(pub Vec<Problem>);

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// `[http]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct HttpConfig {
    /// Address and port of the listener.
    pub listen: SocketAddr,
    /// Origins besides the gateway's own whose pages may call it.
    pub allowed_origins: Vec<String>,
    /// Anybody who reaches the listener may look and write. Loopback only.
    pub open_demo: bool,
    /// Names besides its addresses by which the gateway is called: `host` or `host:port`.
    pub hosts: Vec<String>,
    /// `[http.tls]`.
    pub tls: TlsConfig,
    /// A listener that other machines reach may do without TLS.
    pub allow_plain_lan: bool,
    /// Connections in all, those of the hub too.
    pub connections_max: usize,
    /// Connections from one address.
    pub connections_per_address_max: usize,
    /// Requests per second from one address; twice as many may come at once.
    pub requests_per_s_per_address: u32,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            allowed_origins: Vec::new(),
            open_demo: false,
            hosts: Vec::new(),
            tls: TlsConfig::default(),
            allow_plain_lan: false,
            connections_max: 2_048,
            connections_per_address_max: 256,
            requests_per_s_per_address: 100,
        }
    }
}

impl HttpConfig {
    fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = self.lan_problems();
        for origin in &self.allowed_origins {
            let host = origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
            if host.is_none_or(|(_, host)| host.is_empty() || host.trim_end_matches('/').contains('/')) {
                problems.push((
                    "allowed_origins",
                    format!("\"{origin}\" is no origin; write http://host or http://host:port"),
                ));
            }
        }
        for host in self.hosts.iter().filter(|host| host.is_empty() || host.contains(['/', '@', ' ', '*'])) {
            problems.push(("hosts", format!("\"{host}\" is no name; write host or host:port")));
        }
        let mut within = |key, value: usize, most| {
            if !(1..=most).contains(&value) {
                problems.push((key, format!("{value} is out of range; use 1 to {most}")));
            }
        };
        within("connections_max", self.connections_max, 100_000);
        within("connections_per_address_max", self.connections_per_address_max, 100_000);
        within(
            "requests_per_s_per_address",
            usize::try_from(self.requests_per_s_per_address).unwrap_or(usize::MAX),
            1_000_000,
        );
        problems.extend(self.tls.problems());
        problems
    }

    /// Only this machine reaches the listener.
    pub fn is_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    /// What a listener that other machines reach must not have.
    fn lan_problems(&self) -> Vec<(&'static str, String)> {
        if self.is_loopback() {
            return Vec::new();
        }
        let (listen, port) = (self.listen, self.listen.port());
        let mut problems = Vec::new();
        let is_plain = self.tls.cert_file.is_none() && self.tls.key_file.is_none();
        if is_plain && !self.allow_plain_lan {
            let remedy = format!(
                "{listen} can be reached from other machines, and without TLS anybody in between reads and changes \
                 what they say; set http.tls.cert_file and http.tls.key_file, or http.allow_plain_lan = true if \
                 you must, or use 127.0.0.1:{port}"
            );
            problems.push(("listen", remedy));
        }
        if self.open_demo {
            let remedy = format!(
                "lets in whoever reaches the listener, and {listen} can be reached from other machines; set it to \
                 false, or listen on 127.0.0.1:{port}"
            );
            problems.push(("open_demo", remedy));
        }
        problems
    }
}

/// `[store]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreConfig {
    /// The store's folder; relative to the working folder.
    pub path: PathBuf,
    /// Days that the journal is kept.
    pub journal_days: u32,
    /// Days that the audit trail is kept.
    pub audit_days: u32,
    /// Days that readings are kept.
    pub readings_days: u32,
    /// What the store may take of the disk, in MiB, before the journal and readings are kept for less long; 0 for no limit.
    pub budget_mib: u64,
    /// sled's page cache, in MiB.
    pub cache_mib: u64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            path: "data/store".into(),
            journal_days: 30,
            audit_days: 400,
            readings_days: 30,
            budget_mib: 512,
            cache_mib: 48,
        }
    }
}

impl StoreConfig {
    fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if self.path.as_os_str().is_empty() {
            problems.push(("path", "is empty; name a folder".into()));
        }
        if !(1..=3650).contains(&self.journal_days) {
            problems.push(("journal_days", format!("{} is out of range; use 1 to 3650", self.journal_days)));
        }
        if !(30..=3650).contains(&self.audit_days) {
            problems.push(("audit_days", format!("{} is out of range; use 30 to 3650", self.audit_days)));
        }
        if !(1..=3650).contains(&self.readings_days) {
            problems
                .push(("readings_days", format!("{} is out of range; use 1 to 3650", self.readings_days)));
        }
        if self.budget_mib != 0 && !(64..=1_048_576).contains(&self.budget_mib) {
            let remedy = format!("{} is out of range; use 64 to 1048576, or 0 for no limit", self.budget_mib);
            problems.push(("budget_mib", remedy));
        }
        if !(8..=1024).contains(&self.cache_mib) {
            problems.push(("cache_mib", format!("{} is out of range; use 8 to 1024", self.cache_mib)));
        }
        problems
    }
}

/// `[rules]`, in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesConfig {
    /// A stay shorter than this leaves a room as it was.
    pub min_stay_s: u32,
    /// A camera's hold, when it has none of its own.
    pub exit_hold_s: u32,
    /// How long a vacated room must stay empty before its stay is over.
    pub dwell_s: u32,
    /// Evidence from a webhook is unknown after this long without a word.
    pub webhook_stale_s: u32,
    /// A webhook's event older than this is not processed; 0 turns the check off.
    pub webhook_max_age_s: u32,
    /// For so long after somebody said "clean", presence is whoever cleaned.
    pub cleaning_grace_s: u32,
    /// A webhook's source that has been unknown for this long is forgotten.
    pub source_forgotten_s: u32,
    /// The first levels of automation; later ones are in the store.
    pub automation: AutomationLevels,
}

impl Default for RulesConfig {
    fn default() -> Self {
        Self {
            min_stay_s: 180,
            exit_hold_s: 25,
            dwell_s: 60,
            webhook_stale_s: 900,
            webhook_max_age_s: 300,
            cleaning_grace_s: 300,
            source_forgotten_s: 604_800,
            automation: AutomationLevels::default(),
        }
    }
}

impl RulesConfig {
    fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut within = |key, value: u32, least, most| {
            if !(least..=most).contains(&value) {
                problems.push((key, format!("{value} is out of range; use {least} to {most} seconds")));
            }
        };
        within("min_stay_s", self.min_stay_s, 0, 86_400);
        within("exit_hold_s", self.exit_hold_s, 1, 3_600);
        within("dwell_s", self.dwell_s, 0, 3_600);
        within("webhook_stale_s", self.webhook_stale_s, 10, 86_400);
        within("webhook_max_age_s", self.webhook_max_age_s, 0, 86_400);
        within("cleaning_grace_s", self.cleaning_grace_s, 0, 3_600);
        within("source_forgotten_s", self.source_forgotten_s, 3_600, 31_536_000);
        let own = self.automation.rooms.len();
        if own > AUTOMATION_ROOMS_MAX {
            let remedy = format!(
                "{own} rooms have levels of their own; the most is {AUTOMATION_ROOMS_MAX}: set the clinic's instead"
            );
            problems.push(("automation.rooms", remedy));
        }
        problems
    }

    /// The rules as the domain knows them; `vision` names the confidences, `facility` the clinic's hours.
    pub fn to_rules(&self, vision: &VisionConfig, facility: &FacilityConfig) -> Rules {
        let seconds = |s: u32| Duration::from_secs(s.into());
        Rules {
            min_stay: seconds(self.min_stay_s),
            dwell: seconds(self.dwell_s),
            enter: vision.enter,
            stay: vision.stay,
            webhook_stale: seconds(self.webhook_stale_s),
            cleaning_grace: seconds(self.cleaning_grace_s),
            source_forgotten: seconds(self.source_forgotten_s),
            calendar: facility.calendar(),
            agent_phase: AgentPhase::default(),
            agent: AgentRails::default(),
        }
    }
}

/// `[auth]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
struct AuthConfig {
    session_hours: u32,
    key_requests_per_s: NonZeroU32,
    keys: Vec<KeyConfig>,
    demo_users: Vec<DemoUser>,
}

impl Default for AuthConfig {
    fn default() -> Self {
        let key_requests_per_s = NonZeroU32::new(100).expect("it is not zero");
        Self { session_hours: 12, key_requests_per_s, keys: Vec::new(), demo_users: Vec::new() }
    }
}

impl AuthConfig {
    fn problems(&self) -> Vec<(&'static str, String)> {
        let range = 1..=24 * 31;
        let remedy =
            format!("{} is out of range; use {} to {}", self.session_hours, range.start(), range.end());
        if range.contains(&self.session_hours) { Vec::new() } else { vec![("session_hours", remedy)] }
    }

    fn session_lasts(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_hours) * 3_600)
    }
}
