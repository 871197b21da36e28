//! What a caller adds to a command: a key that makes it safe to repeat, a revision that it rests on, where it
//! comes from.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::domain::actor::Actor;
use crate::domain::digest::Digest;

/// The longest idempotency key, in bytes.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 255;
/// Letters kept of where a command comes from.
pub(super) const ORIGIN_CHARS_MAX: usize = 96;

/// What holds for one command besides its content.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// A repeat under the same key gets the first answer.
    pub idempotency: Option<Idempotency>,
    /// The revision that the thing must still have.
    pub if_match: Option<u64>,
    /// An address or a door, for the audit trail; cut after [`ORIGIN_CHARS_MAX`] letters.
    pub origin: Option<Arc<str>>,
}

/// A request that may be repeated. Whoever asks is the command's actor: nobody sees another's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    route: Arc<str>,
    key: Arc<str>,
    fingerprint: Digest,
}

/// Why a text is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an Idempotency-Key is 1 to {IDEMPOTENCY_KEY_BYTES_MAX} visible ASCII letters")]
pub struct KeyError;

impl Idempotency {
    /// A request to `route` (method and path, ids and all) under `key`, with `body`.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when `key` is not 1 to 255 visible ASCII letters.
    pub fn new(route: impl Into<Arc<str>>, key: &str, body: &[u8]) -> Result<Self, KeyError> {
        let is_key = (1..=IDEMPOTENCY_KEY_BYTES_MAX).contains(&key.len())
            && key.bytes().all(|letter| letter.is_ascii_graphic());
        if !is_key {
            return Err(KeyError);
        }
        Ok(Self { route: route.into(), key: key.into(), fingerprint: digest([body]) })
    }

    /// Stands for the body.
    pub(super) fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// Names what `actor` asks here. The key itself is not kept.
    pub(super) fn id(&self, actor: &Actor) -> Digest {
        digest([actor_name(actor).as_bytes(), self.route.as_bytes(), self.key.as_bytes()])
    }
}

/// An actor as one text, different for each: what is shown to people is not.
pub(super) fn actor_name(actor: &Actor) -> String {
    serde_json::to_string(actor).expect("an actor serialises")
}

/// The SHA-256 digest of `parts`, each behind its length.
pub(super) fn digest<const N: usize>(parts: [&[u8]; N]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Digest(hash.finalize().into())
}

/// The first letters of an origin, as far as the audit trail keeps it.
pub(super) fn shortened(origin: &impl fmt::Display) -> String {
    origin.to_string().chars().take(ORIGIN_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_and_not_too_long() {
        assert!(Idempotency::new("POST /a", &"k".repeat(255), b"").is_ok());
        for bad in ["", "a b", "é", "a\n", &"k".repeat(256)] {
            assert_eq!(Idempotency::new("POST /a", bad, b""), Err(KeyError), "{bad:?}");
        }
    }

    #[test]
    fn what_is_asked_is_named_by_actor_route_and_key_and_not_by_the_body() {
        let user = |id: &str| Actor::User(id.parse().unwrap());
        let asked = |route, key, body: &[u8]| Idempotency::new(route, key, body).unwrap();
        let id = asked("POST /a", "k", b"1").id(&user("u"));
        assert_eq!(asked("POST /a", "k", b"2").id(&user("u")), id);
        assert_ne!(asked("POST /a", "k", b"2").fingerprint(), asked("POST /a", "k", b"1").fingerprint());
        assert_ne!(asked("POST /a", "k", b"1").id(&user("v")), id);
        assert_ne!(asked("POST /b", "k", b"1").id(&user("u")), id);
        assert_ne!(asked("POST /a", "l", b"1").id(&user("u")), id);
        // A user is not a device of the same name, and what ends one part does not begin the next.
        assert_ne!(asked("POST /a", "k", b"1").id(&Actor::Device("u".parse().unwrap())), id);
        assert_ne!(asked("POST /ak", "x", b"").id(&user("u")), asked("POST /a", "kx", b"").id(&user("u")));
    }
}
