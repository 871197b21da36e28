//! The broker of `[mqtt]`: the one that the gateway is, or the one that it calls.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::topic;
use super::{MqttConfig, Problem, Protocol};
use crate::auth::Secret;
use crate::domain::id::UserId;

/// The shortest password of somebody who may connect, in letters, besides a demo's.
const PASSWORD_LETTERS_MIN: usize = 8;
/// The port of `mqtt://`, and of `mqtts://`, as IANA has them.
const PORTS: (u16, u16) = (1_883, 8_883);

/// `[[mqtt.users]]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserConfig {
    /// The name.
    pub username: String,
    /// The file with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The password itself, for a demo on loopback.
    #[serde(default)]
    pub demo_password: Option<Secret>,
    /// Topics that the user may publish, `+` and `#` allowed; every topic when absent.
    #[serde(default)]
    pub publish: Option<Vec<String>>,
    /// The account whose commands the user gives, by `<base_topic>/…/set`; none for a device.
    #[serde(default)]
    pub acts_as: Option<UserId>,
}

/// Somebody who may connect to the embedded broker.
#[derive(Clone, Debug)]
pub struct User {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// Topics that the user may publish; none for every topic.
    pub publish: Option<Vec<String>>,
    /// The account whose commands the user gives.
    pub acts_as: Option<UserId>,
}

/// Where an external broker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// TLS.
    pub is_tls: bool,
}

/// PEM files of TLS with an external broker.
#[derive(Clone, Debug, Default)]
pub struct ClientFiles {
    /// Who signed the broker's certificate; the system's authorities when absent.
    pub ca: Option<PathBuf>,
    /// The gateway's own certificate and its key.
    pub own: Option<(PathBuf, PathBuf)>,
}

/// The broker, and the way to it.
#[derive(Clone, Debug)]
pub enum BrokerAccess {
    /// The gateway is the broker.
    Embedded {
        /// Address and port.
        listen: SocketAddr,
        /// Certificate and key; none for plain text.
        certificate: Option<(PathBuf, PathBuf)>,
        /// Clients at a time.
        clients_max: usize,
        /// Who may connect; nobody named is everybody.
        users: Vec<User>,
    },
    /// The gateway is a client.
    External {
        /// Where.
        address: Address,
        /// Name and password.
        login: Option<(String, Secret)>,
        /// Files of TLS.
        files: ClientFiles,
        /// The protocol.
        protocol: Protocol,
        /// The client's id.
        client_id: String,
        /// The account whose commands come from there.
        commands_as: Option<UserId>,
    },
}

impl MqttConfig {
    pub(super) fn embedded(
        &self,
        read: &impl Fn(&Path) -> Result<Secret, String>,
        problems: &mut Vec<Problem>,
    ) -> Option<BrokerAccess> {
        let is_loopback = self.listen.ip().is_loopback();
        let certificate = match (&self.cert_file, &self.key_file) {
            (Some(cert), Some(key)) => Some((cert.clone(), key.clone())),
            (None, None) => None,
            (Some(_), None) => {
                problems.push(("cert_file".into(), "stands alone; name its key as mqtt.key_file".into()));
                None
            }
            (None, Some(_)) => {
                problems
                    .push(("key_file".into(), "stands alone; name its certificate as mqtt.cert_file".into()));
                None
            }
        };
        if !is_loopback && self.users.is_empty() {
            let remedy = format!(
                "{} can be reached from other machines, and nobody is named who may connect; add [[mqtt.users]]",
                self.listen
            );
            problems.push(("listen".into(), remedy));
        }
        if !is_loopback && self.cert_file.is_none() && self.key_file.is_none() && !self.allow_plain_lan {
            let remedy = format!(
                "{} can be reached from other machines, and without TLS passwords can be read on the way; set \
                 mqtt.cert_file and mqtt.key_file, or mqtt.allow_plain_lan = true for a network of their own",
                self.listen
            );
            problems.push(("listen".into(), remedy));
        }
        if !(1..=10_000).contains(&self.clients_max) {
            let remedy = format!("{} is out of range; use 1 to 10000", self.clients_max);
            problems.push(("clients_max".into(), remedy));
        }
        let users = self.read_users(is_loopback, read, problems);
        Some(BrokerAccess::Embedded {
            listen: self.listen,
            certificate,
            clients_max: self.clients_max,
            users,
        })
    }

    fn read_users(
        &self,
        is_loopback: bool,
        read: &impl Fn(&Path) -> Result<Secret, String>,
        problems: &mut Vec<Problem>,
    ) -> Vec<User> {
        let (mut users, mut names) = (Vec::new(), BTreeSet::new());
        for (n, user) in self.users.iter().enumerate() {
            let mut report = |key: &str, remedy: String| problems.push((format!("users[{n}].{key}"), remedy));
            if user.username.is_empty() || !names.insert(&user.username) {
                report("username", "is empty, or that of another user; give each its own".into());
            }
            for filter in user.publish.iter().flatten().filter(|filter| !topic::is_filter(filter)) {
                report("publish", format!("\"{filter}\" is no topic filter"));
            }
            let password = match (&user.password_file, &user.demo_password) {
                (Some(file), None) => match read(file) {
                    Ok(password) if password.expose().chars().count() < PASSWORD_LETTERS_MIN => {
                        let remedy =
                            format!("holds less than {PASSWORD_LETTERS_MIN} letters; use a longer password");
                        report("password_file", remedy);
                        continue;
                    }
                    Ok(password) => password,
                    Err(remedy) => {
                        report("password_file", remedy);
                        continue;
                    }
                },
                (None, Some(password)) if is_loopback => password.clone(),
                (None, Some(_)) => {
                    let remedy = "is for a listener on loopback; put it into a file, and name that as \
                                  password_file";
                    report("demo_password", remedy.into());
                    continue;
                }
                (Some(_), Some(_)) => {
                    report("demo_password", "stands beside password_file; use one of them".into());
                    continue;
                }
                (None, None) => {
                    report("password_file", "is missing; name the file that holds the password".into());
                    continue;
                }
            };
            let (username, publish, acts_as) =
                (user.username.clone(), user.publish.clone(), user.acts_as.clone());
            users.push(User { username, password, publish, acts_as });
        }
        users
    }

    pub(super) fn external(
        &self,
        facility_id: &str,
        read: &impl Fn(&Path) -> Result<Secret, String>,
        problems: &mut Vec<Problem>,
    ) -> Option<BrokerAccess> {
        let address = match self.url.as_deref().map(address) {
            Some(Ok(address)) => Some(address),
            Some(Err(remedy)) => {
                problems.push(("url".into(), remedy));
                None
            }
            None => {
                problems
                    .push(("url".into(), "is missing; write mqtt://host:1883 or mqtts://host:8883".into()));
                None
            }
        };
        let login = match (&self.username, &self.password_file) {
            (None, None) => None,
            (Some(name), Some(file)) => match read(file) {
                Ok(password) => Some((name.clone(), password)),
                Err(remedy) => {
                    problems.push(("password_file".into(), remedy));
                    None
                }
            },
            (Some(name), None) => Some((name.clone(), Secret::new(String::new()))),
            (None, Some(_)) => {
                problems.push(("username".into(), "is missing beside password_file".into()));
                None
            }
        };
        let own = match (&self.client_cert_file, &self.client_key_file) {
            (Some(cert), Some(key)) => Some((cert.clone(), key.clone())),
            (None, None) => None,
            _ => {
                let remedy = "certificate and key go together: client_cert_file and client_key_file";
                problems.push(("client_cert_file".into(), remedy.into()));
                None
            }
        };
        let has_files = self.ca_file.is_some() || own.is_some();
        if has_files && address.as_ref().is_some_and(|address| !address.is_tls) {
            problems.push(("url".into(), "has files of TLS, and no TLS; write mqtts://".into()));
        }
        let client_id = self.client_id.clone().unwrap_or_else(|| format!("caresync-{facility_id}"));
        if client_id.is_empty() || client_id.len() > 128 || client_id.contains(char::is_control) {
            // MQTT 3.1.1, 3.1.3.1: a session without an id cannot be kept.
            problems.push(("client_id".into(), "is 1 to 128 letters".into()));
        }
        let files = ClientFiles { ca: self.ca_file.clone(), own };
        let (protocol, commands_as) = (self.protocol, self.commands_as.clone());
        Some(BrokerAccess::External { address: address?, login, files, protocol, client_id, commands_as })
    }
}

/// Reads `mqtt://host:port`. A password in it would be printed with it, so it is refused unread.
fn address(url: &str) -> Result<Address, String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let is_tls = match scheme {
        "mqtt" | "tcp" => false,
        "mqtts" | "ssl" => true,
        _ => return Err("begins with mqtt:// or mqtts://".into()),
    };
    if rest.contains('@') {
        return Err("holds a user; name it as mqtt.username, and its password in mqtt.password_file".into());
    }
    let rest = rest.trim_end_matches('/');
    let usual = if is_tls { PORTS.1 } else { PORTS.0 };
    let wrong = || "is written mqtt://host:port".to_owned();
    let (host, port) = match rest.rsplit_once(':') {
        // An address of IPv6 stands in brackets, with colons of its own.
        Some((host, port)) if !port.contains(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (rest, usual),
    };
    if host.is_empty() || host.contains(['/', ' ', '?']) {
        return Err(wrong());
    }
    Ok(Address { host: host.to_owned(), port, is_tls })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_broker_is_read_and_a_password_in_it_refused() {
        let read = |url| address(url).map(|it| (it.host, it.port, it.is_tls));
        assert_eq!(read("mqtt://hub.lan"), Ok(("hub.lan".into(), 1883, false)));
        assert_eq!(read("mqtts://hub.lan/"), Ok(("hub.lan".into(), 8883, true)));
        assert_eq!(read("mqtt://[fd00::1]:1884"), Ok(("[fd00::1]".into(), 1884, false)));
        for url in ["hub.lan", "http://hub.lan", "mqtt://", "mqtt://a:b", "mqtt://nurse:canary@hub.lan"] {
            let remedy = read(url).expect_err(url);
            assert!(!remedy.contains("canary"), "{remedy}");
        }
    }
}
