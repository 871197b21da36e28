//! What admins do with accounts, tokens and keys: from a body to the command and back, for each door that
//! takes it. Who may is the domain's decision.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;

use super::{KeptIn, KeyBody, NewKeyBody, NewUserBody, UserEditBody};
use crate::auth::{self, Secret, WeakPassword};
use crate::domain::access::{AccessAsk, ApiKey, Holder, NewUser, PasswordHash, Token, User, UserEdit};
use crate::domain::command::{Ask, Command};
use crate::domain::id::{CommandId, KeyId, TokenId, UserId};
use crate::domain::rejection::Rejection;
use crate::ledger::{Receipt, Snapshot, Terms};
use crate::wire::caller::{Asker, Entrance};
use crate::wire::problem::Problem;

/// How long the old secret of a rotated key goes on, unless somebody says otherwise: a day to change it on the
/// machine.
pub const OVERLAP_USUAL: Duration = Duration::from_secs(24 * 3_600);
/// The longest time that the old secret of a rotated key goes on.
pub const OVERLAP_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A password that an account is to have.
pub struct NewPassword {
    /// The field that it came in, for what is wrong with it.
    pub field: &'static str,
    /// The password.
    pub password: Secret,
    /// What the one who asks proved to know. Admins prove nothing of others' passwords.
    pub proved: Option<PasswordHash>,
    /// The token that goes on.
    pub keep: Option<TokenId>,
}

/// Every method asks the ledger and is as cancel safe as that: a command in the queue is not taken back.
impl Entrance {
    /// Makes an account.
    ///
    /// # Errors
    ///
    /// What is wrong with the body, or why the rules refuse it.
    pub async fn create_user(&self, asker: Asker, new: NewUserBody) -> Result<Arc<User>, Problem> {
        let password = auth::hash(new.password).await.map_err(|weak| weak_password("password", weak))?;
        let id: UserId = uuid::Uuid::now_v7().into();
        let new = NewUser {
            id: Some(id.clone()),
            email: new.email,
            name: new.name,
            role: new.role,
            doctor_id: new.doctor_id,
            manages: new.manages,
            password,
        };
        let role = new.role;
        let receipt = self.ask(&asker, AccessAsk::CreateUser(new)).await?;
        tracing::info!(actor = %asker.actor, user.id = %id, %role, "an account was made");
        user(&receipt.snapshot, &id)
    }

    /// Changes an account, opens or closes it; only as it is in the revision `if_match`, if that is given.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it; 412 for another revision.
    pub async fn edit_user(
        &self,
        asker: Asker,
        if_match: Option<u64>,
        id: UserId,
        body: UserEditBody,
    ) -> Result<Arc<User>, Problem> {
        let closes = body.disabled == Some(true);
        let edit = UserEdit {
            email: body.email,
            name: body.name,
            role: body.role,
            doctor_id: body.doctor_id,
            manages: body.manages,
            reopen: body.disabled == Some(false),
        };
        if closes && edit != UserEdit::default() {
            let reason = "closes the account; change nothing else in the same step";
            return Err(invalid("disabled", reason));
        }
        if closes {
            return self.disable_user(asker, if_match, id).await;
        }
        let ask = AccessAsk::EditUser { user_id: id.clone(), edit };
        let receipt = self.ask_of(&asker, if_match, ask).await?;
        tracing::info!(actor = %asker.actor, user.id = %id, "an account was changed");
        user(&receipt.snapshot, &id)
    }

    /// Closes an account: its tokens end in the same step. `if_match` as in [`Entrance::edit_user`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn disable_user(
        &self,
        asker: Asker,
        if_match: Option<u64>,
        id: UserId,
    ) -> Result<Arc<User>, Problem> {
        let receipt = self.ask_of(&asker, if_match, AccessAsk::DisableUser(id.clone())).await?;
        tracing::info!(actor = %asker.actor, user.id = %id, "an account was closed");
        user(&receipt.snapshot, &id)
    }

    /// Gives an account another password. Its tokens end, but for [`NewPassword::keep`].
    ///
    /// # Errors
    ///
    /// What is wrong with the password, or why the rules refuse it.
    pub async fn set_password(&self, asker: Asker, id: UserId, new: NewPassword) -> Result<(), Problem> {
        let NewPassword { field, password, proved, keep } = new;
        let password = auth::hash(password).await.map_err(|weak| weak_password(field, weak))?;
        let ask = AccessAsk::SetPassword { user_id: id.clone(), password, proved, keep };
        self.ask(&asker, ask).await?;
        tracing::info!(actor = %asker.actor, user.id = %id, "a password was changed");
        Ok(())
    }

    /// Makes a token for a wall screen; its secret is told once.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn open_kiosk(&self, asker: Asker, label: String) -> Result<(Token, Secret), Problem> {
        let secret = Secret::random("csk_");
        let token = Token {
            id: uuid::Uuid::now_v7().into(),
            holder: Holder::Kiosk,
            digest: secret.digest(),
            label: Some(label),
            created_at: self.ledger.now(),
            expires_at: None,
        };
        self.ask(&asker, AccessAsk::OpenToken { token: token.clone(), proved: None }).await?;
        tracing::info!(actor = %asker.actor, token.id = %token.id, "a kiosk token was made");
        Ok((token, secret))
    }

    /// Ends a token: its live sockets close.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn revoke_token(&self, asker: Asker, id: TokenId) -> Result<(), Problem> {
        self.ask(&asker, AccessAsk::RevokeToken(id.clone())).await?;
        tracing::info!(actor = %asker.actor, token.id = %id, "a token was revoked");
        Ok(())
    }

    /// Makes a machine's key; its secret is told once.
    ///
    /// # Errors
    ///
    /// Why the rules, or the configuration, refuse it.
    pub async fn create_key(&self, asker: Asker, new: NewKeyBody) -> Result<(Arc<ApiKey>, Secret), Problem> {
        self.check_not_configured(&new.id)?;
        let secret = Secret::random("csg_");
        let NewKeyBody { id, role, scopes } = new;
        let ask = AccessAsk::CreateKey { key_id: id.clone(), role, scopes, digest: secret.digest() };
        let receipt = self.ask(&asker, ask).await?;
        tracing::info!(actor = %asker.actor, key.id = %id, %role, "a key was made");
        Ok((key(&receipt.snapshot, &id)?, secret))
    }

    /// Gives a machine a new secret, told once; the old one goes on for `overlap`.
    ///
    /// # Errors
    ///
    /// An overlap that is too long, or why the rules or the configuration refuse it.
    pub async fn rotate_key(
        &self,
        asker: Asker,
        id: KeyId,
        overlap: Duration,
    ) -> Result<(Arc<ApiKey>, Secret), Problem> {
        self.check_not_configured(&id)?;
        if overlap > OVERLAP_MAX {
            let most = OVERLAP_MAX.as_secs();
            return Err(invalid("overlap_s", format!("is longer than {most} seconds, 30 days")));
        }
        let secret = Secret::random("csg_");
        let ask = AccessAsk::RotateKey { key_id: id.clone(), digest: secret.digest(), overlap };
        let receipt = self.ask(&asker, ask).await?;
        tracing::info!(actor = %asker.actor, key.id = %id, overlap_s = overlap.as_secs(), "a key was rotated");
        Ok((key(&receipt.snapshot, &id)?, secret))
    }

    /// Ends a machine's key at once, with all its secrets.
    ///
    /// # Errors
    ///
    /// Why the rules, or the configuration, refuse it.
    pub async fn revoke_key(&self, asker: Asker, id: KeyId) -> Result<(), Problem> {
        self.check_not_configured(&id)?;
        self.ask(&asker, AccessAsk::RevokeKey(id.clone())).await?;
        tracing::info!(actor = %asker.actor, key.id = %id, "a key was revoked");
        Ok(())
    }

    /// Every key: those of the configuration, then those of the store.
    pub fn with_keys<T>(&self, then: impl FnOnce(Vec<KeyBody<'_>>) -> T) -> T {
        let (snapshot, now) = (self.ledger.snapshot(), self.ledger.now());
        let configured = self.doorkeeper.configured().iter();
        let configured = configured.map(|key| KeyBody::new(key, KeptIn::Configuration, now));
        let stored = snapshot.state.access.keys.values();
        let stored = stored.map(|key| KeyBody::new(key, KeptIn::Store, now));
        then(configured.chain(stored).collect())
    }

    /// The key of a machine is one of the two: that of the configuration would otherwise shadow the other.
    fn check_not_configured(&self, id: &KeyId) -> Result<(), Problem> {
        if self.doorkeeper.configured().iter().all(|key| key.id != *id) {
            return Ok(());
        }
        let reason = format!("the key \"{id}\" stands in the configuration; change its file and restart");
        Err(Rejection::Conflict(reason).into())
    }

    async fn ask(&self, asker: &Asker, ask: AccessAsk) -> Result<Receipt, Problem> {
        self.ask_of(asker, None, ask).await
    }

    /// Asks for what rests on the revision `if_match`.
    async fn ask_of(&self, asker: &Asker, if_match: Option<u64>, ask: AccessAsk) -> Result<Receipt, Problem> {
        let Asker { actor, origin } = asker.clone();
        let command = Command { id: CommandId(uuid::Uuid::now_v7()), actor, ask: Ask::Access(ask) };
        let terms = Terms { if_match, origin: Some(origin), ..Terms::default() };
        Ok(self.ledger.submit_with(command, terms).await?)
    }
}

fn user(snapshot: &Snapshot, id: &UserId) -> Result<Arc<User>, Problem> {
    let user = snapshot.state.access.users.get(id).cloned();
    user.ok_or_else(|| Rejection::NotFound { kind: "user", id: id.to_string() }.into())
}

/// The key may be gone already: somebody else can have revoked it in the same batch.
fn key(snapshot: &Snapshot, id: &KeyId) -> Result<Arc<ApiKey>, Problem> {
    let key = snapshot.state.access.keys.get(id).cloned();
    key.ok_or_else(|| {
        let detail = format!("the key \"{id}\" was revoked at the same time");
        Problem::new(StatusCode::CONFLICT, "conflict", detail)
    })
}

fn invalid(field: &'static str, reason: impl Into<String>) -> Problem {
    Rejection::Invalid { field, reason: reason.into() }.into()
}

/// What is wrong with a new password.
fn weak_password(field: &'static str, weak: WeakPassword) -> Problem {
    invalid(field, weak.to_string())
}
