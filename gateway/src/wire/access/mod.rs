//! Accounts, tokens and keys as the wire shows and takes them. No hash and no digest is ever among it; a
//! secret is told once, when it is made.

mod office;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::auth::Secret;
use crate::domain::access::{ApiKey, Email, Holder, Scope, Token, User};
use crate::domain::id::{DoctorId, KeyId, TokenId, UserId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::wire::schema::{Id, Time};

pub use office::{NewPassword, OVERLAP_MAX, OVERLAP_USUAL};

/// A user's account, as the account itself and admins see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserBody<'a> {
    #[schema(value_type = Id)]
    id: &'a UserId,
    #[schema(value_type = String)]
    email: &'a Email,
    #[schema(value_type = String)]
    name: &'a str,
    role: Role,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<&'a DoctorId>,
    #[schema(value_type = Vec<Id>)]
    manages: &'a [DoctorId],
    #[schema(value_type = Option<Time>)]
    disabled_at: Option<Timestamp>,
    #[schema(value_type = Time)]
    created_at: Timestamp,
    revision: u64,
}

impl<'a> From<&'a User> for UserBody<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: &user.id,
            email: &user.email,
            name: &user.name,
            role: user.role,
            doctor_id: user.doctor_id.as_ref(),
            manages: &user.manages,
            disabled_at: user.disabled_at,
            created_at: user.created_at,
            revision: user.revision,
        }
    }
}

/// What a token proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A person.
    User,
    /// A wall screen.
    Kiosk,
}

impl TokenKind {
    /// The kind of `token`.
    pub fn of(token: &Token) -> Self {
        match token.holder {
            Holder::User(_) => TokenKind::User,
            Holder::Kiosk => TokenKind::Kiosk,
        }
    }
}

/// A bearer token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenBody<'a> {
    #[schema(value_type = Id)]
    id: &'a TokenId,
    kind: TokenKind,
    #[schema(value_type = Option<Id>)]
    user_id: Option<&'a UserId>,
    #[schema(value_type = Option<String>)]
    label: Option<&'a str>,
    #[schema(value_type = Time)]
    created_at: Timestamp,
    #[schema(value_type = Option<Time>)]
    expires_at: Option<Timestamp>,
}

impl<'a> From<&'a Token> for TokenBody<'a> {
    fn from(token: &'a Token) -> Self {
        let user_id = match &token.holder {
            Holder::User(id) => Some(id),
            Holder::Kiosk => None,
        };
        Self {
            id: &token.id,
            kind: TokenKind::of(token),
            user_id,
            label: token.label.as_deref(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptIn {
    /// In the store: it can be rotated and revoked.
    Store,
    /// In a file that the configuration names: it changes with the file.
    Configuration,
}

/// The key of a machine, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyBody<'a> {
    #[schema(value_type = Id)]
    id: &'a KeyId,
    role: Role,
    #[schema(value_type = Vec<Scope>)]
    scopes: &'a [Scope],
    kept_in: KeptIn,
    #[schema(value_type = Option<Time>)]
    created_at: Option<Timestamp>,
    /// When the replaced secrets end that still go on.
    #[schema(value_type = Vec<Time>)]
    old_secrets_end_at: Vec<Timestamp>,
}

impl<'a> KeyBody<'a> {
    /// The machine's name.
    pub fn id(&self) -> &KeyId {
        self.id
    }

    /// `key` as it is at `now`.
    pub fn new(key: &'a ApiKey, kept_in: KeptIn, now: Timestamp) -> Self {
        let ends = key.secrets.iter().filter_map(|secret| secret.expires_at);
        Self {
            id: &key.id,
            role: key.role,
            scopes: &key.scopes,
            kept_in,
            created_at: Some(key.created_at).filter(|_| kept_in == KeptIn::Store),
            old_secrets_end_at: ends.filter(|at| now < *at).collect(),
        }
    }
}

/// An account that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserBody {
    /// How the person logs in.
    #[schema(value_type = String)]
    pub email: Email,
    /// The name that colleagues use.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The doctor that the account is.
    #[serde(default, alias = "doctorId")]
    #[schema(value_type = Option<Id>)]
    pub doctor_id: Option<DoctorId>,
    /// The doctors that the account works for.
    #[serde(default)]
    #[schema(value_type = Vec<Id>)]
    pub manages: Vec<DoctorId>,
    /// The first password.
    #[schema(value_type = String)]
    pub password: Secret,
}

/// What changes of an account. An absent field stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserEditBody {
    /// Another address.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub email: Option<Email>,
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Another doctor; `null` for none.
    #[serde(default, alias = "doctorId", deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    pub doctor_id: Option<Option<DoctorId>>,
    /// Other doctors.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Id>>)]
    pub manages: Option<Vec<DoctorId>>,
    /// `false` opens a closed account again, `true` closes it and ends its tokens.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// Tells a field that is `null` from one that is absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyBody {
    /// The machine's name.
    #[schema(value_type = Id)]
    pub id: KeyId,
    /// What the machine is: device, agent or peer.
    pub role: Role,
    /// What the key is for; without it what is usual for the role.
    #[serde(default)]
    pub scopes: Vec<Scope>,
}
