//! Who may come in: users, their tokens, the keys of machines. Records of the store, never of the journal: a
//! secret is here only as its digest, and a password as its Argon2id hash.

mod ask;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::domain::id::{DoctorId, KeyId, TokenId, UserId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

pub use ask::{AccessAsk, NewUser, UserEdit};

/// The most users of a clinic.
pub const USERS_MAX: usize = 1_000;
/// The most live tokens of one user: so many devices. One more ends the oldest.
pub const TOKENS_PER_USER_MAX: usize = 20;
/// The most kiosk tokens of a clinic.
pub const KIOSKS_MAX: usize = 200;
/// The most keys of a clinic.
pub const KEYS_MAX: usize = 200;
/// The most doctors that one account manages.
pub const MANAGED_MAX: usize = 64;
/// Secrets that a key has at a time: the one in use and those that it replaces, while they overlap.
pub const SECRETS_PER_KEY_MAX: usize = 3;

/// A text that is stored and compared, and never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub Arc<str>);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[password hash]")
    }
}

/// The SHA-256 of a secret of at least 128 random bits: enough to know it again, useless to whoever reads it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut digest = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err("a digest is 64 hexadecimal letters");
        }
        for (n, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).map_err(|_| "a digest is hexadecimal")?;
        }
        Ok(Self(digest))
    }
}

/// An e-mail address, in small letters: how people name themselves when they log in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(Arc<str>);

/// Why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address is written name@host, at most 254 letters without spaces")]
pub struct EmailError;

impl Email {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim().to_lowercase();
        let plain =
            |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
        let is_address = text.len() <= 254
            && text
                .split_once('@')
                .is_some_and(|(name, host)| plain(name) && plain(host) && !host.contains('@'));
        if is_address { Ok(Self(text.into())) } else { Err(EmailError) }
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0.as_ref().into()
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// A UUIDv7, or the demo's own word.
    pub id: UserId,
    /// How the person logs in.
    pub email: Email,
    /// The name that colleagues use.
    pub name: String,
    /// What the person is in the clinic.
    pub role: Role,
    /// The doctor that this account is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor_id: Option<DoctorId>,
    /// The doctors that this account works for.
    #[serde(default)]
    pub manages: Vec<DoctorId>,
    /// Proof of the password.
    pub password: PasswordHash,
    /// When the account was closed; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Counts edits.
    pub revision: u64,
}

impl User {
    /// True while the account may be used.
    pub fn is_open(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// True when the account works for `doctor`, or is that doctor.
    pub fn acts_for(&self, doctor: &DoctorId) -> bool {
        self.doctor_id.as_ref() == Some(doctor) || self.manages.contains(doctor)
    }
}

/// Who a token proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Holder {
    /// A person.
    User(UserId),
    /// A wall screen.
    Kiosk,
}

/// A bearer token, without the secret itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// A UUIDv7; names the token in lists and in the audit trail.
    pub id: TokenId,
    /// Who it proves.
    pub holder: Holder,
    /// Knows the secret again.
    pub digest: Digest,
    /// What it is for, in the words of whoever made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself; `None`: when somebody revokes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Token {
    /// True while it proves anything at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Report what a sensor observes: webhooks of vision systems.
    Observe,
    /// Write tasks and action items.
    Work,
    /// Read and listen, in the view of the key's role.
    Read,
    /// Scrape `/metrics`.
    Metrics,
}

impl Scope {
    /// Every scope.
    pub const EVERY: [Scope; 4] = [Scope::Observe, Scope::Work, Scope::Read, Scope::Metrics];

    /// The scope as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Observe => "observe",
            Scope::Work => "work",
            Scope::Read => "read",
            Scope::Metrics => "metrics",
        }
    }

    /// What a key of `role` may do unless it is told otherwise.
    pub fn usual(role: Role) -> Vec<Scope> {
        match role {
            Role::Device => vec![Scope::Observe],
            Role::Agent => vec![Scope::Work, Scope::Read],
            _ => vec![Scope::Read],
        }
    }
}

/// One secret of a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeySecret {
    /// Knows the secret again.
    pub digest: Digest,
    /// When it ends, once a newer one replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl KeySecret {
    /// True while it proves anything at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// The key of a machine, without the secrets themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The machine's own name, such as `opencv`.
    pub id: KeyId,
    /// What the machine is: device, agent or peer.
    pub role: Role,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The newest secret last.
    pub secrets: Vec<KeySecret>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Everybody who may come in.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Users by id.
    pub users: OrdMap<UserId, Arc<User>>,
    /// Live and expired tokens by id.
    pub tokens: OrdMap<TokenId, Arc<Token>>,
    /// Keys by id.
    pub keys: OrdMap<KeyId, Arc<ApiKey>>,
    by_email: OrdMap<Email, UserId>,
    by_digest: OrdMap<Digest, TokenId>,
    /// Counts changes: who holds a proof looks again when it moved.
    pub changes: u64,
}

impl Access {
    /// The account of `email`.
    pub fn user_of(&self, email: &Email) -> Option<&Arc<User>> {
        self.by_email.get(email).and_then(|id| self.users.get(id))
    }

    /// The token with `digest`.
    pub fn token_of(&self, digest: &Digest) -> Option<&Arc<Token>> {
        self.by_digest.get(digest).and_then(|id| self.tokens.get(id))
    }

    /// The open accounts of `role`.
    pub fn open_users_of(&self, role: Role) -> impl Iterator<Item = &Arc<User>> {
        self.users.values().filter(move |user| user.role == role && user.is_open())
    }

    pub(in crate::domain) fn put_user(&mut self, user: Arc<User>) {
        self.changes += 1;
        if let Some(before) = self.users.get(&user.id) {
            self.by_email.remove(&before.email);
        }
        self.by_email.insert(user.email.clone(), user.id.clone());
        self.users.insert(user.id.clone(), user);
    }

    pub(in crate::domain) fn put_token(&mut self, token: Arc<Token>) {
        self.changes += 1;
        self.by_digest.insert(token.digest, token.id.clone());
        self.tokens.insert(token.id.clone(), token);
    }

    pub(in crate::domain) fn put_key(&mut self, key: Arc<ApiKey>) {
        self.changes += 1;
        self.keys.insert(key.id.clone(), key);
    }

    pub(in crate::domain) fn remove_token(&mut self, id: &TokenId) {
        self.changes += 1;
        if let Some(token) = self.tokens.remove(id) {
            self.by_digest.remove(&token.digest);
        }
    }

    pub(in crate::domain) fn remove_key(&mut self, id: &KeyId) {
        self.changes += 1;
        self.keys.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_small_letters() {
        assert_eq!(" Nurse@Demo.Local ".parse::<Email>().unwrap().as_str(), "nurse@demo.local");
        for bad in ["", "nurse", "@demo", "nurse@", "a b@c", "a@b@c", &format!("{}@b", "a".repeat(254))] {
            assert_eq!(bad.parse::<Email>(), Err(EmailError), "{bad:?}");
        }
    }

    #[test]
    fn what_knows_a_secret_is_never_printed() {
        let digest = Digest([0xab; 32]);
        assert!(!format!("{digest:?}").contains("ab"));
        assert!(!format!("{:?}", PasswordHash("$argon2id$x".into())).contains("argon2id"));
        let text = String::from(digest);
        assert_eq!(Digest::try_from(text), Ok(digest));
        for bad in ["", "ab", &"g".repeat(64), &"å".repeat(32)] {
            assert!(Digest::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
