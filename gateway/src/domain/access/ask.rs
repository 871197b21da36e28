//! What may be asked of the accounts, tokens and keys.

use std::time::Duration;

use super::{Digest, Email, PasswordHash, Scope, Token};
use crate::domain::entity::EntityKey;
use crate::domain::id::{CommandId, DoctorId, KeyId, TokenId, UserId};
use crate::domain::role::{Role, Verb};

/// What is asked. None of it becomes an event: it changes records, and the audit trail remembers it.
#[derive(Clone, Debug, PartialEq)]
pub enum AccessAsk {
    /// Make an account.
    CreateUser(NewUser),
    /// Change an account.
    EditUser {
        /// Which account.
        user_id: UserId,
        /// What changes.
        edit: UserEdit,
    },
    /// Close an account, for somebody who leaves: its tokens end in the same step.
    DisableUser(UserId),
    /// Give an account another password. Its other tokens end.
    SetPassword {
        /// Which account.
        user_id: UserId,
        /// The new proof.
        password: PasswordHash,
        /// The password that was proved for it, which must still be the account's: hashing takes a while. Only
        /// admins set one without.
        proved: Option<PasswordHash>,
        /// The token that goes on: that of the one who asks.
        keep: Option<TokenId>,
    },
    /// Take in a token that was made for somebody who proved a password, or for a kiosk.
    OpenToken {
        /// The token.
        token: Token,
        /// The password that was proved for it, which must still be the account's: hashing takes a while.
        proved: Option<PasswordHash>,
    },
    /// End a token.
    RevokeToken(TokenId),
    /// Take in the key of a machine.
    CreateKey {
        /// The machine's name.
        key_id: KeyId,
        /// What the machine is.
        role: Role,
        /// What the key is for; empty means what is usual for the role.
        scopes: Vec<Scope>,
        /// Knows the secret again.
        digest: Digest,
    },
    /// Give a machine a new secret; the old one goes on for a while.
    RotateKey {
        /// Which key.
        key_id: KeyId,
        /// Knows the new secret again.
        digest: Digest,
        /// How long the old secret goes on.
        overlap: Duration,
    },
    /// End a key.
    RevokeKey(KeyId),
}

impl AccessAsk {
    /// What the command is about; see [`crate::domain::command::Ask::subject`].
    pub fn subject(&self, command_id: CommandId) -> Option<EntityKey> {
        Some(match self {
            AccessAsk::CreateUser(new) => {
                EntityKey::User(new.id.clone().unwrap_or_else(|| command_id.derive(0).into()))
            }
            AccessAsk::EditUser { user_id, .. }
            | AccessAsk::DisableUser(user_id)
            | AccessAsk::SetPassword { user_id, .. } => EntityKey::User(user_id.clone()),
            AccessAsk::OpenToken { token, .. } => EntityKey::Token(token.id.clone()),
            AccessAsk::RevokeToken(id) => EntityKey::Token(id.clone()),
            AccessAsk::CreateKey { key_id, .. } | AccessAsk::RotateKey { key_id, .. } => {
                EntityKey::Key(key_id.clone())
            }
            AccessAsk::RevokeKey(id) => EntityKey::Key(id.clone()),
        })
    }

    /// The command's name, for logs and the audit trail; never its content.
    pub fn name(&self) -> &'static str {
        match self {
            AccessAsk::CreateUser(_) => "create_user",
            AccessAsk::EditUser { .. } => "edit_user",
            AccessAsk::DisableUser(_) => "disable_user",
            AccessAsk::SetPassword { .. } => "set_password",
            AccessAsk::OpenToken { .. } => "open_token",
            AccessAsk::RevokeToken(_) => "revoke_token",
            AccessAsk::CreateKey { .. } => "create_key",
            AccessAsk::RotateKey { .. } => "rotate_key",
            AccessAsk::RevokeKey(_) => "revoke_key",
        }
    }

    /// What the table of roles calls it. Who asks for something of the own account needs only that; the rules
    /// look whose it is.
    pub fn verb(&self) -> Verb {
        match self {
            AccessAsk::SetPassword { .. } | AccessAsk::OpenToken { .. } | AccessAsk::RevokeToken(_) => {
                Verb::OwnAccess
            }
            AccessAsk::CreateUser(_)
            | AccessAsk::EditUser { .. }
            | AccessAsk::DisableUser(_)
            | AccessAsk::CreateKey { .. }
            | AccessAsk::RotateKey { .. }
            | AccessAsk::RevokeKey(_) => Verb::Administration,
        }
    }
}

/// An account that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewUser {
    /// The id; `None` for a new UUIDv7.
    pub id: Option<UserId>,
    /// How the person logs in.
    pub email: Email,
    /// The name that colleagues use.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The doctor that the account is.
    pub doctor_id: Option<DoctorId>,
    /// The doctors that the account works for.
    pub manages: Vec<DoctorId>,
    /// Proof of the password.
    pub password: PasswordHash,
}

/// What changes of an account. `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserEdit {
    /// Another address.
    pub email: Option<Email>,
    /// Another name.
    pub name: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Another doctor.
    pub doctor_id: Option<Option<DoctorId>>,
    /// Other doctors.
    pub manages: Option<Vec<DoctorId>>,
    /// Opens a closed account again.
    pub reopen: bool,
}
