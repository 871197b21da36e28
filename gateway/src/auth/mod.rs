//! Proof of who asks. Until users have identities, that is the keys of devices and agents.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::actor::Actor;
use crate::domain::id::KeyId;

/// The shortest key that is taken from a file, in bytes: 128 bits written in hexadecimal are twice that.
pub const KEY_BYTES_MIN: usize = 16;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// A vision system or sensor: may report what it observes.
    Device,
    /// The CLAW agent.
    Agent,
}

/// One key (`[[auth.keys]]`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyConfig {
    /// The key's own name; it appears in logs and as the actor, the key itself never.
    pub id: KeyId,
    /// What it is for.
    pub role: KeyRole,
    /// The file that holds the key; a plain name is looked for among the systemd credentials first.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The key itself, for a demo on loopback only.
    #[serde(default)]
    pub demo_key: Option<Secret>,
}

/// A text that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str("[secret]")
    }
}

impl Secret {
    /// Wraps `text`.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Gives the text to the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The keys that are accepted, as digests.
#[derive(Clone, Default)]
pub struct Keys(Vec<([u8; 32], KeyRole, KeyId)>);

impl Keys {
    /// Accepts `keys`: each with its role and name.
    pub fn new(keys: impl IntoIterator<Item = (Secret, KeyRole, KeyId)>) -> Self {
        Self(keys.into_iter().map(|(key, role, id)| (digest(key.expose()), role, id)).collect())
    }

    /// The actor that `presented` proves, if it is a key for `role`.
    ///
    /// Every key is compared, and each whole: the time taken says nothing about any of them.
    pub fn prove(&self, presented: &str, role: KeyRole) -> Option<Actor> {
        let presented = digest(presented);
        let mut proved = None;
        for (digest, key_role, id) in &self.0 {
            if bool::from(digest.ct_eq(&presented)) && *key_role == role {
                proved = Some(id);
            }
        }
        proved.map(|id| match role {
            KeyRole::Device => Actor::Device(id.clone()),
            KeyRole::Agent => Actor::Agent(id.clone()),
        })
    }
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_proves_its_own_role_and_no_other() {
        let id: KeyId = "opencv".parse().unwrap();
        let keys = Keys::new([(Secret::new("right".into()), KeyRole::Device, id.clone())]);
        assert_eq!(keys.prove("right", KeyRole::Device), Some(Actor::Device(id)));
        assert_eq!(keys.prove("right", KeyRole::Agent), None);
        assert_eq!(keys.prove("wrong", KeyRole::Device), None);
        assert_eq!(keys.prove("", KeyRole::Device), None);
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("hush".into());
        assert!(!format!("{secret:?}").contains("hush"));
    }
}
