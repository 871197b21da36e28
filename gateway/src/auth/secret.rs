//! Secrets: made here, kept as digests, never printed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::access::Digest;

/// Random bytes of a secret that is made here: 256 bits.
const SECRET_BYTES: usize = 32;

/// Letters that cannot be taken for one another when somebody reads and types them.
const TYPEABLE: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";
/// Letters between two hyphens of a secret that is typed.
const GROUP_LETTERS: usize = 4;

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

    /// A new random secret that begins with `prefix`, so that whoever finds it knows what it is.
    pub fn random(prefix: &str) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; SECRET_BYTES]>())))
    }

    /// A new random secret that signs webhooks: `whsec_` and base64, as Standard Webhooks writes them.
    pub fn signing() -> Self {
        Self(format!("whsec_{}", STANDARD.encode(rand::random::<[u8; SECRET_BYTES]>())))
    }

    /// A new random secret that a person can read and type: so many groups of four letters, 19.6 bits each.
    pub fn typeable(groups: usize) -> Self {
        let letter = |_| char::from(TYPEABLE[rand::random_range(0..TYPEABLE.len())]);
        let group = |_| (0..GROUP_LETTERS).map(letter).collect::<String>();
        Self((0..groups).map(group).collect::<Vec<_>>().join("-"))
    }

    /// Gives the text to the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What knows the secret again.
    pub fn digest(&self) -> Digest {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What knows `secret` again.
pub(super) fn digest(secret: &str) -> Digest {
    Digest(Sha256::digest(secret.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("hush".into());
        assert!(!format!("{secret:?}").contains("hush"));
        assert!(!serde_json::to_string(&secret).unwrap().contains("hush"));
    }

    #[test]
    fn a_secret_that_is_typed_has_letters_that_are_told_apart() {
        let (one, other) = (Secret::typeable(5), Secret::typeable(5));
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().split('-').map(str::len).collect::<Vec<_>>(), [4; 5]);
        assert!(one.expose().bytes().all(|letter| letter == b'-' || TYPEABLE.contains(&letter)));
    }

    #[test]
    fn two_secrets_differ_and_say_what_they_are() {
        let (one, other) = (Secret::random("cst_"), Secret::random("cst_"));
        assert_ne!(one.expose(), other.expose());
        assert!(one.expose().starts_with("cst_") && one.expose().len() == 4 + 43);
    }
}
