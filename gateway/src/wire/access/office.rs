//! What admins do with accounts, tokens and keys: from a body to the command and back, for each door that
//! takes it. Who may is the domain's decision.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;

use super::{KeptIn, KeyBody, NewKeyBody, NewUserBody, UserEditBody};
use crate::auth::{self, Secret, WeakPassword};
use crate::domain::access::{AccessAsk, ApiKey, Holder, NewUser, Token, User, UserEdit};
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::id::{KeyId, TokenId, UserId};
use crate::domain::rejection::Rejection;
use crate::ledger::{Receipt, Snapshot};
use crate::wire::caller::Entrance;
use crate::wire::problem::Problem;

/// How long the old secret of a rotated key goes on, unless somebody says otherwise: a day to change it on the
/// machine.
pub const OVERLAP_USUAL: Duration = Duration::from_secs(24 * 3_600);
/// The longest time that the old secret of a rotated key goes on.
pub const OVERLAP_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Every method asks the ledger and is as cancel safe as that: a command in the queue is not taken back.
impl Entrance {
    /// Makes an account.
    ///
    /// # Errors
    ///
    /// What is wrong with the body, or why the rules refuse it.
    pub async fn create_user(&self, actor: Actor, new: NewUserBody) -> Result<Arc<User>, Problem> {
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
        let receipt = self.ask(&actor, AccessAsk::CreateUser(new)).await?;
        tracing::info!(%actor, user.id = %id, %role, "an account was made");
        user(&receipt.snapshot, &id)
    }

    /// Changes an account, opens or closes it.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn edit_user(
        &self,
        actor: Actor,
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
            return self.disable_user(actor, id).await;
        }
        let receipt = self.ask(&actor, AccessAsk::EditUser { user_id: id.clone(), edit }).await?;
        tracing::info!(%actor, user.id = %id, "an account was changed");
        user(&receipt.snapshot, &id)
    }

    /// Closes an account: its tokens end in the same step.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn disable_user(&self, actor: Actor, id: UserId) -> Result<Arc<User>, Problem> {
        let receipt = self.ask(&actor, AccessAsk::DisableUser(id.clone())).await?;
        tracing::info!(%actor, user.id = %id, "an account was closed");
        user(&receipt.snapshot, &id)
    }

    /// Gives an account another password. Its tokens end, but for `keep`.
    ///
    /// # Errors
    ///
    /// What is wrong with the password, or why the rules refuse it.
    pub async fn set_password(
        &self,
        actor: Actor,
        id: UserId,
        password: (&'static str, Secret),
        keep: Option<TokenId>,
    ) -> Result<(), Problem> {
        let (field, password) = password;
        let password = auth::hash(password).await.map_err(|weak| weak_password(field, weak))?;
        self.ask(&actor, AccessAsk::SetPassword { user_id: id.clone(), password, keep }).await?;
        tracing::info!(%actor, user.id = %id, "a password was changed");
        Ok(())
    }

    /// Makes a token for a wall screen; its secret is told once.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn open_kiosk(&self, actor: Actor, label: String) -> Result<(Token, Secret), Problem> {
        let secret = Secret::random("csk_");
        let token = Token {
            id: uuid::Uuid::now_v7().into(),
            holder: Holder::Kiosk,
            digest: secret.digest(),
            label: Some(label),
            created_at: self.ledger.now(),
            expires_at: None,
        };
        self.ask(&actor, AccessAsk::OpenToken { token: token.clone(), proved: None }).await?;
        tracing::info!(%actor, token.id = %token.id, "a kiosk token was made");
        Ok((token, secret))
    }

    /// Ends a token: its live sockets close.
    ///
    /// # Errors
    ///
    /// Why the rules refuse it.
    pub async fn revoke_token(&self, actor: Actor, id: TokenId) -> Result<(), Problem> {
        self.ask(&actor, AccessAsk::RevokeToken(id.clone())).await?;
        tracing::info!(%actor, token.id = %id, "a token was revoked");
        Ok(())
    }

    /// Makes a machine's key; its secret is told once.
    ///
    /// # Errors
    ///
    /// Why the rules, or the configuration, refuse it.
    pub async fn create_key(&self, actor: Actor, new: NewKeyBody) -> Result<(Arc<ApiKey>, Secret), Problem> {
        self.check_not_configured(&new.id)?;
        let secret = Secret::random("csg_");
        let NewKeyBody { id, role, scopes } = new;
        let ask = AccessAsk::CreateKey { key_id: id.clone(), role, scopes, digest: secret.digest() };
        let receipt = self.ask(&actor, ask).await?;
        tracing::info!(%actor, key.id = %id, %role, "a key was made");
        Ok((key(&receipt.snapshot, &id)?, secret))
    }

    /// Gives a machine a new secret, told once; the old one goes on for `overlap`.
    ///
    /// # Errors
    ///
    /// An overlap that is too long, or why the rules or the configuration refuse it.
    pub async fn rotate_key(
        &self,
        actor: Actor,
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
        let receipt = self.ask(&actor, ask).await?;
        tracing::info!(%actor, key.id = %id, overlap_s = overlap.as_secs(), "a key was rotated");
        Ok((key(&receipt.snapshot, &id)?, secret))
    }

    /// Ends a machine's key at once, with all its secrets.
    ///
    /// # Errors
    ///
    /// Why the rules, or the configuration, refuse it.
    pub async fn revoke_key(&self, actor: Actor, id: KeyId) -> Result<(), Problem> {
        self.check_not_configured(&id)?;
        self.ask(&actor, AccessAsk::RevokeKey(id.clone())).await?;
        tracing::info!(%actor, key.id = %id, "a key was revoked");
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

    async fn ask(&self, actor: &Actor, ask: AccessAsk) -> Result<Receipt, Problem> {
        Ok(self.ledger.submit(actor.clone(), Ask::Access(ask)).await?)
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
