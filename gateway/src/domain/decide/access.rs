//! Accounts, tokens and keys.

use std::sync::Arc;

use crate::domain::access::{
    AccessAsk, ApiKey, Digest, Email, Holder, KEYS_MAX, KIOSKS_MAX, KeySecret, MANAGED_MAX, NewUser,
    PasswordHash, SECRETS_PER_KEY_MAX, Scope, TOKENS_PER_USER_MAX, Token, USERS_MAX, User, UserEdit,
};
use crate::domain::actor::Actor;
use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::id::{DoctorId, KeyId, TokenId, UserId};
use crate::domain::rejection::Rejection;
use crate::domain::role::{Role, Verb};

use super::{Deciding, check_name};

impl<'a> Deciding<'a> {
    pub(super) fn access(&mut self, ask: &AccessAsk) -> Result<(), Rejection> {
        match ask {
            AccessAsk::CreateUser(new) => self.create_user(new),
            AccessAsk::EditUser { user_id, edit } => self.edit_user(user_id, edit),
            AccessAsk::DisableUser(id) => self.disable_user(id),
            AccessAsk::SetPassword { user_id, password, proved, keep } => {
                self.set_password(user_id, password, proved.as_ref(), keep.as_ref())
            }
            AccessAsk::OpenToken { token, proved } => self.open_token(token, proved.as_ref()),
            AccessAsk::RevokeToken(id) => self.revoke_token(id),
            AccessAsk::CreateKey { key_id, role, scopes, digest } => {
                self.create_key(key_id, *role, scopes, *digest)
            }
            AccessAsk::RotateKey { key_id, digest, overlap } => self.rotate_key(key_id, *digest, *overlap),
            AccessAsk::RevokeKey(id) => {
                self.key(id)?;
                self.record(Change::Remove(EntityKey::Key(id.clone())));
                Ok(())
            }
        }
    }

    fn create_user(&mut self, new: &NewUser) -> Result<(), Rejection> {
        let id = new.id.clone().unwrap_or_else(|| self.new_id().into());
        if self.state.access.users.contains_key(&id) {
            return Ok(());
        }
        if self.state.access.users.len() >= USERS_MAX {
            return Err(Rejection::Conflict(format!("there are {USERS_MAX} accounts already")));
        }
        self.check_free(&new.email)?;
        let user = User {
            id,
            email: new.email.clone(),
            name: new.name.clone(),
            role: new.role,
            doctor_id: new.doctor_id.clone(),
            manages: new.manages.clone(),
            password: new.password.clone(),
            disabled_at: None,
            created_at: self.now,
            revision: 1,
        };
        self.put_user(user)
    }

    fn edit_user(&mut self, id: &UserId, edit: &UserEdit) -> Result<(), Rejection> {
        let before = self.user(id)?;
        let mut user = User::clone(before);
        if let Some(email) = edit.email.as_ref().filter(|email| **email != user.email) {
            self.check_free(email)?;
            user.email = email.clone();
        }
        user.name = edit.name.clone().unwrap_or(user.name);
        user.role = edit.role.unwrap_or(user.role);
        user.doctor_id = edit.doctor_id.clone().unwrap_or(user.doctor_id);
        user.manages = edit.manages.clone().unwrap_or(user.manages);
        if edit.reopen {
            user.disabled_at = None;
        }
        if user == *before {
            return Ok(());
        }
        if user.role != Role::Admin {
            self.check_not_last_admin(before)?;
        }
        user.revision += 1;
        self.put_user(user)
    }

    fn disable_user(&mut self, id: &UserId) -> Result<(), Rejection> {
        let before = self.user(id)?;
        if before.is_open() {
            self.check_not_last_admin(before)?;
            let user =
                User { disabled_at: Some(self.now), revision: before.revision + 1, ..User::clone(before) };
            self.record(Change::Put(Entity::User(Arc::new(user))));
        }
        self.end_tokens(id, None);
        Ok(())
    }

    fn set_password(
        &mut self,
        id: &UserId,
        password: &PasswordHash,
        proved: Option<&PasswordHash>,
        keep: Option<&TokenId>,
    ) -> Result<(), Rejection> {
        self.check_own(&Holder::User(id.clone()))?;
        if proved.is_none() && !self.is_admin() {
            return Err(self.forbidden("the password of before is to be proved first".into()));
        }
        let before = self.user(id)?;
        check_proved(before, proved)?;
        let user = User { password: password.clone(), revision: before.revision + 1, ..User::clone(before) };
        self.record(Change::Put(Entity::User(Arc::new(user))));
        self.end_tokens(id, keep);
        Ok(())
    }

    fn open_token(&mut self, token: &Token, proved: Option<&PasswordHash>) -> Result<(), Rejection> {
        self.check_own(&token.holder)?;
        if let Holder::User(id) = &token.holder {
            check_proved(self.user(id)?, proved)?;
        }
        if let Some(label) = &token.label {
            check_name("label", label)?;
        }
        let of_holder: Vec<&Arc<Token>> =
            self.state.access.tokens.values().filter(|other| other.holder == token.holder).collect();
        match &token.holder {
            Holder::User(id) if !self.user(id)?.is_open() => {
                return Err(Rejection::Conflict(format!("account \"{id}\" is closed")));
            }
            Holder::User(_) => {
                // Ids are UUIDv7: the first are the oldest.
                let surplus = (of_holder.len() + 1).saturating_sub(TOKENS_PER_USER_MAX);
                let gone = of_holder.iter().enumerate();
                let gone = gone.filter(|(n, other)| *n < surplus || !other.is_live(self.now));
                let ids: Vec<TokenId> = gone.map(|(_, other)| other.id.clone()).collect();
                ids.into_iter().for_each(|id| self.record(Change::Remove(EntityKey::Token(id))));
            }
            Holder::Kiosk if of_holder.len() >= KIOSKS_MAX => {
                let reason = format!("there are {KIOSKS_MAX} kiosk tokens already; revoke one first");
                return Err(Rejection::Conflict(reason));
            }
            Holder::Kiosk => {}
        }
        self.record(Change::Put(Entity::Token(Arc::new(token.clone()))));
        Ok(())
    }

    fn revoke_token(&mut self, id: &TokenId) -> Result<(), Rejection> {
        let Some(token) = self.state.access.tokens.get(id) else {
            return Err(Rejection::not_found("token", id));
        };
        self.check_own(&token.holder)?;
        self.record(Change::Remove(EntityKey::Token(id.clone())));
        Ok(())
    }

    fn create_key(
        &mut self,
        id: &KeyId,
        role: Role,
        scopes: &[Scope],
        digest: Digest,
    ) -> Result<(), Rejection> {
        if role.is_of_a_person() || role == Role::Kiosk {
            return Err(Rejection::invalid("role", "of a key is device, agent or peer"));
        }
        if self.state.access.keys.contains_key(id) {
            let reason = format!("there is a key \"{id}\" already; rotate it, or revoke it first");
            return Err(Rejection::Conflict(reason));
        }
        if self.state.access.keys.len() >= KEYS_MAX {
            return Err(Rejection::Conflict(format!("there are {KEYS_MAX} keys already")));
        }
        let mut scopes = if scopes.is_empty() { Scope::usual(role) } else { scopes.to_vec() };
        scopes.sort_unstable();
        scopes.dedup();
        let secrets = vec![KeySecret { digest, expires_at: None }];
        let key = ApiKey { id: id.clone(), role, scopes, secrets, created_at: self.now };
        self.record(Change::Put(Entity::Key(Arc::new(key))));
        Ok(())
    }

    fn rotate_key(
        &mut self,
        id: &KeyId,
        digest: Digest,
        overlap: std::time::Duration,
    ) -> Result<(), Rejection> {
        let mut key = ApiKey::clone(self.key(id)?);
        key.secrets.retain(|secret| secret.expires_at.is_none_or(|at| self.now < at));
        for secret in &mut key.secrets {
            let until = self.now.plus(overlap);
            secret.expires_at = Some(secret.expires_at.map_or(until, |at| at.min(until)));
        }
        key.secrets.push(KeySecret { digest, expires_at: None });
        let surplus = key.secrets.len().saturating_sub(SECRETS_PER_KEY_MAX);
        key.secrets.drain(..surplus);
        self.record(Change::Put(Entity::Key(Arc::new(key))));
        Ok(())
    }

    /// Checks and stores `user`. One who loses a role or a doctor keeps the tokens: each use looks here again.
    fn put_user(&mut self, user: User) -> Result<(), Rejection> {
        check_name("name", &user.name)?;
        if !user.role.is_of_a_person() {
            return Err(Rejection::invalid("role", "is that of a machine; give a machine a key"));
        }
        if user.manages.len() > MANAGED_MAX {
            return Err(Rejection::invalid("manages", format!("names more than {MANAGED_MAX} doctors")));
        }
        for (field, doctor) in user.doctor_id.iter().map(|id| ("doctor_id", id)) {
            self.check_doctor(field, doctor)?;
        }
        user.manages.iter().try_for_each(|doctor| self.check_doctor("manages", doctor))?;
        self.record(Change::Put(Entity::User(Arc::new(user))));
        Ok(())
    }

    fn check_free(&self, email: &Email) -> Result<(), Rejection> {
        if self.state.access.user_of(email).is_some() {
            return Err(Rejection::Conflict("another account has this email".into()));
        }
        Ok(())
    }

    /// A clinic that locks its last admin out could only be opened again at the console.
    fn check_not_last_admin(&self, user: &User) -> Result<(), Rejection> {
        let is_admin = user.role == Role::Admin && user.is_open();
        if is_admin && self.state.access.open_users_of(Role::Admin).count() == 1 {
            let reason = "this is the last open account of an admin; make another one first";
            return Err(Rejection::Conflict(reason.into()));
        }
        Ok(())
    }

    /// Whoever is no admin touches only what is their own.
    fn check_own(&self, holder: &Holder) -> Result<(), Rejection> {
        let is_own = match (&self.command.actor, holder) {
            (Actor::User(actor), Holder::User(id)) => actor == id,
            _ => false,
        };
        if is_own || self.is_admin() {
            return Ok(());
        }
        Err(self.forbidden("it belongs to somebody else".into()))
    }

    /// True for admins, the console, and the gateway itself.
    fn is_admin(&self) -> bool {
        self.state.role_of(&self.command.actor).is_none_or(|role| role.may(Verb::Administration))
    }

    fn end_tokens(&mut self, id: &UserId, keep: Option<&TokenId>) {
        let holder = Holder::User(id.clone());
        let tokens = self.state.access.tokens.values();
        let ended: Vec<TokenId> = tokens
            .filter(|token| token.holder == holder && keep != Some(&token.id))
            .map(|token| token.id.clone())
            .collect();
        ended.into_iter().for_each(|id| self.record(Change::Remove(EntityKey::Token(id))));
    }

    fn user(&self, id: &UserId) -> Result<&'a User, Rejection> {
        self.state.access.users.get(id).map(Arc::as_ref).ok_or_else(|| Rejection::not_found("user", id))
    }

    fn key(&self, id: &KeyId) -> Result<&'a ApiKey, Rejection> {
        self.state.access.keys.get(id).map(Arc::as_ref).ok_or_else(|| Rejection::not_found("key", id))
    }

    pub(super) fn check_doctor(&self, field: &'static str, id: &DoctorId) -> Result<(), Rejection> {
        if self.state.doctors.contains_key(id) {
            return Ok(());
        }
        Err(Rejection::invalid(field, format!("doctor \"{id}\" does not exist")))
    }
}

/// What was proved against an older version of the account proves nothing now.
fn check_proved(user: &User, proved: Option<&PasswordHash>) -> Result<(), Rejection> {
    if proved.is_none_or(|proved| user.password == *proved) {
        return Ok(());
    }
    Err(Rejection::Conflict("the password was changed meanwhile; log in again".into()))
}
