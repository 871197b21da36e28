//! `[mqtt]`: which broker, how to reach it or who may come, and what each device is bound to.

mod binding;
mod broker;

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::auth::Secret;
use crate::domain::id::UserId;

pub use binding::{Binding, BindingConfig, Words};
pub use broker::{Address, BrokerAccess, ClientFiles, User, UserConfig};

/// The most bindings: each costs a look per message, and a clinic has dozens.
pub const BINDINGS_MAX: usize = 1_000;

/// Which broker devices speak through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The gateway is the broker.
    Embedded,
    /// The gateway is a client of the clinic's broker.
    External,
    /// No MQTT.
    #[default]
    Off,
}

/// The protocol that is spoken with an external broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    /// MQTT 3.1.1.
    #[default]
    #[serde(rename = "3.1.1")]
    V4,
    /// MQTT 5.
    #[serde(rename = "5")]
    V5,
}

/// `[mqtt]` without its bindings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct MqttConfig {
    /// Which broker.
    pub mode: Mode,
    /// Embedded: address and port of the listener.
    pub listen: SocketAddr,
    /// Embedded: machines on the network may connect without TLS.
    pub allow_plain_lan: bool,
    /// Embedded: clients at a time.
    pub clients_max: usize,
    /// Embedded: certificate of the listener, PEM.
    pub cert_file: Option<PathBuf>,
    /// Its key; with an external broker, the key of `client_cert_file`.
    pub key_file: Option<PathBuf>,
    /// Embedded: who may connect. Nobody named: everybody, on loopback.
    pub users: Vec<UserConfig>,
    /// External: `mqtt://host:port` or `mqtts://host:port`.
    pub url: Option<String>,
    /// External: who the gateway is.
    pub username: Option<String>,
    /// External: the file with its password.
    pub password_file: Option<PathBuf>,
    /// External: who signed the broker's certificate, PEM.
    pub ca_file: Option<PathBuf>,
    /// External: the gateway's own certificate, PEM.
    pub client_cert_file: Option<PathBuf>,
    /// External: its key.
    pub client_key_file: Option<PathBuf>,
    /// External: the protocol.
    pub protocol: Protocol,
    /// External: the client's id, the same after every start; from `facility.id` when absent.
    pub client_id: Option<String>,
    /// Where the gateway's own topics begin; `caresync/<facility.id>` when absent.
    pub base_topic: Option<String>,
    /// Where Home Assistant looks for devices; empty for no discovery.
    pub discovery_prefix: String,
    /// External: the account whose commands come by `<base_topic>/…/set`. Who may publish there is for the broker to say.
    pub commands_as: Option<UserId>,
    /// Read by [`Bindings`](super::Bindings); here so that the key is known.
    pub bindings: Vec<serde_json::Value>,
}

impl Default for MqttConfig {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            listen: SocketAddr::from(([127, 0, 0, 1], 1883)),
            allow_plain_lan: false,
            clients_max: 256,
            cert_file: None,
            key_file: None,
            users: Vec::new(),
            url: None,
            username: None,
            password_file: None,
            ca_file: None,
            client_cert_file: None,
            client_key_file: None,
            protocol: Protocol::default(),
            client_id: None,
            base_topic: None,
            discovery_prefix: "homeassistant".into(),
            commands_as: None,
            bindings: Vec::new(),
        }
    }
}

/// What the door is started with, valid.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The broker; none for no MQTT.
    pub access: Option<BrokerAccess>,
    /// Where the gateway's own topics begin.
    pub base_topic: String,
    /// What is bound.
    pub bindings: Vec<Binding>,
    /// Where Home Assistant looks for devices; none for no discovery.
    pub discovery_prefix: Option<String>,
    /// The facility's id, and its name.
    pub facility: (String, String),
}

impl Settings {
    /// No MQTT.
    pub fn off() -> Self {
        Self {
            access: None,
            base_topic: "caresync".into(),
            bindings: Vec::new(),
            discovery_prefix: None,
            facility: (String::new(), String::new()),
        }
    }
}

/// A key within `mqtt` that is wrong, and the remedy in words.
pub type Problem = (String, String);

impl MqttConfig {
    /// The settings, for the facility with this id and name; `read` gives the text of a secret's file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong. Bindings are read apart, with [`BindingConfig::read`].
    pub fn settings(
        &self,
        facility: (&str, &str),
        read: impl Fn(&std::path::Path) -> Result<Secret, String>,
    ) -> Result<Settings, Vec<Problem>> {
        let mut problems = Vec::new();
        let base_topic = self.base_topic.clone().unwrap_or_else(|| format!("caresync/{}", facility.0));
        if !super::topic::is_name(&base_topic) || base_topic.starts_with('$') {
            problems
                .push(("base_topic".into(), "is no topic: letters and `/`, without `+`, `#` and `$`".into()));
        }
        let discovery_prefix = Some(self.discovery_prefix.clone()).filter(|prefix| !prefix.is_empty());
        if discovery_prefix.as_ref().is_some_and(|prefix| !super::topic::is_name(prefix)) {
            problems.push((
                "discovery_prefix".into(),
                "is no topic: letters and `/`, without `+` and `#`".into(),
            ));
        }
        let access = match self.mode {
            Mode::Off => None,
            Mode::Embedded => self.embedded(&read, &mut problems),
            Mode::External => self.external(facility.0, &read, &mut problems),
        };
        if problems.is_empty() {
            let facility = (facility.0.to_owned(), facility.1.to_owned());
            Ok(Settings { access, base_topic, bindings: Vec::new(), discovery_prefix, facility })
        } else {
            Err(problems)
        }
    }
}
