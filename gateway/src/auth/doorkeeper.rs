//! The doorkeeper: looks at what a caller presents, and says who it is.

use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::secret::digest;
use super::{Backoff, Identity, Secret, SignedBody, Tickets, Unsigned};
use crate::domain::access::{Access, ApiKey, Digest, Holder, KeySecret, Scope};
use crate::domain::actor::Actor;
use crate::domain::id::KeyId;
use crate::domain::role::Role;
use crate::domain::state::State;
use crate::domain::time::Timestamp;

/// A key from the configuration, read.
#[derive(Clone, Debug)]
pub struct ConfiguredKey {
    /// The machine's name.
    pub id: KeyId,
    /// What the machine is.
    pub role: Role,
    /// What the key is for.
    pub scopes: Vec<Scope>,
    /// The key itself.
    pub secret: Secret,
}

/// What a caller presents.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// Nothing.
    Nothing,
    /// `Authorization: Bearer …`: a token or a key.
    Bearer(&'a str),
    /// A key in a header of its own.
    Key(&'a str),
}

/// Why a caller is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// Nothing was presented.
    #[error(
        "this needs proof of who you are; send Authorization: Bearer with a token from POST /api/auth/login"
    )]
    Missing,
    /// What was presented is not known here, or has ended.
    #[error("this token or key is not known here, has expired or was revoked; log in again")]
    Unknown,
}

/// Knows the keys of the configuration, and everything short-lived about proof. Clones share everything.
#[derive(Clone)]
pub struct Doorkeeper {
    shared: Arc<Shared>,
}

struct Shared {
    open_demo: bool,
    configured: Vec<ApiKey>,
    /// The same keys as text: a signature cannot be checked with a digest.
    signers: Vec<(KeyId, Secret)>,
    backoff: Backoff,
    tickets: Tickets,
}

impl Doorkeeper {
    /// A doorkeeper who knows `keys`. `open_demo` lets in who presents nothing, to look.
    pub fn new(open_demo: bool, keys: impl IntoIterator<Item = ConfiguredKey>) -> Self {
        let (mut configured, mut signers) = (Vec::new(), Vec::new());
        for ConfiguredKey { id, role, scopes, secret } in keys {
            let secrets = vec![KeySecret { digest: secret.digest(), expires_at: None }];
            configured.push(ApiKey {
                id: id.clone(),
                role,
                scopes,
                secrets,
                created_at: Timestamp::default(),
            });
            signers.push((id, secret));
        }
        let (backoff, tickets) = (Backoff::default(), Tickets::default());
        Self { shared: Arc::new(Shared { open_demo, configured, signers, backoff, tickets }) }
    }

    /// The memory of failed logins.
    pub fn backoff(&self) -> &Backoff {
        &self.shared.backoff
    }

    /// The tickets that wait for their upgrade.
    pub fn tickets(&self) -> &Tickets {
        &self.shared.tickets
    }

    /// The keys that the configuration names: none of them can be changed at run time.
    pub fn configured(&self) -> &[ApiKey] {
        &self.shared.configured
    }

    /// Who presents this, as `state` knows everybody at `now`.
    ///
    /// # Errors
    ///
    /// [`Unproven`] when nobody can be named.
    pub fn prove(
        &self,
        presented: Presented<'_>,
        state: &State,
        now: Timestamp,
    ) -> Result<Identity, Unproven> {
        match presented {
            Presented::Nothing if self.shared.open_demo => Ok(Identity::visitor()),
            Presented::Nothing => Err(Unproven::Missing),
            Presented::Bearer(secret) => {
                let digest = digest(secret);
                let holder = of_token(&state.access, &digest, now);
                holder.or_else(|| self.of_key(&state.access, &digest, now)).ok_or(Unproven::Unknown)
            }
            Presented::Key(secret) => {
                self.of_key(&state.access, &digest(secret), now).ok_or(Unproven::Unknown)
            }
        }
    }

    /// Who signed a webhook's body. Only keys of the configuration can: of the others only digests are kept.
    ///
    /// # Errors
    ///
    /// [`Unsigned`] when no key made the signature.
    pub fn prove_signed(&self, signed: &SignedBody<'_>, now: Timestamp) -> Result<Identity, Unsigned> {
        let mut refusal = Unsigned::Wrong;
        for (id, secret) in &self.shared.signers {
            match signed.check(secret.expose(), now) {
                Ok(()) => {
                    let key = self.shared.configured.iter().find(|key| key.id == *id);
                    return key.and_then(|key| identity_of(key, secret.digest())).ok_or(Unsigned::Wrong);
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// True while a proof that was good once is still good.
    pub fn is_live(&self, identity: &Identity, state: &State, now: Timestamp) -> bool {
        let token = identity.token.as_ref().map(|id| state.access.tokens.get(id));
        match (&identity.actor, token) {
            (Actor::User(id), Some(token)) => {
                let is_open = state.access.users.get(id).is_some_and(|user| user.is_open());
                is_open && token.is_some_and(|token| token.is_live(now))
            }
            (Actor::Kiosk(_), Some(token)) => token.is_some_and(|token| token.is_live(now)),
            (Actor::Device(_) | Actor::Agent(_) | Actor::Peer(_), _) => {
                self.key_of(identity, &state.access).is_some_and(|secret| secret.is_live(now))
            }
            (Actor::Local, _) => self.shared.open_demo,
            _ => false,
        }
    }

    /// When a proof ends by itself, as `state` knows it; `None` when it does not.
    pub fn ends_at(&self, identity: &Identity, state: &State) -> Option<Timestamp> {
        let token = identity.token.as_ref().and_then(|id| state.access.tokens.get(id));
        let of_key = || self.key_of(identity, &state.access).and_then(|secret| secret.expires_at);
        token.map_or_else(of_key, |token| token.expires_at)
    }

    /// The secret that proved a machine, while its key is what it was then.
    fn key_of<'a>(&'a self, identity: &Identity, access: &'a Access) -> Option<&'a KeySecret> {
        let keys = self.shared.configured.iter().chain(access.keys.values().map(Arc::as_ref));
        let same = |key: &&ApiKey| {
            let now = identity.secret.and_then(|secret| identity_of(key, secret));
            now.is_some_and(|now| now == *identity)
        };
        let mut secrets = keys.filter(same).flat_map(|key| &key.secrets);
        secrets.find(|secret| Some(secret.digest) == identity.secret)
    }

    /// Every secret is compared, and each whole: the time taken says nothing about any of them.
    fn of_key(&self, access: &Access, presented: &Digest, now: Timestamp) -> Option<Identity> {
        let mut proved = None;
        let is_shadowed = |id: &KeyId| self.shared.configured.iter().any(|key| key.id == *id);
        let stored = access.keys.values().map(Arc::as_ref).filter(|key| !is_shadowed(&key.id));
        for key in self.shared.configured.iter().chain(stored) {
            for secret in &key.secrets {
                let is_same = bool::from(secret.digest.0.ct_eq(&presented.0));
                if is_same && secret.is_live(now) {
                    proved = Some((key, secret.digest));
                }
            }
        }
        proved.and_then(|(key, secret)| identity_of(key, secret))
    }
}

fn identity_of(key: &ApiKey, secret: Digest) -> Option<Identity> {
    let actor = match key.role {
        Role::Device => Actor::Device(key.id.clone()),
        Role::Agent => Actor::Agent(key.id.clone()),
        Role::Peer => Actor::Peer(key.id.clone()),
        _ => return None,
    };
    Some(Identity { actor, token: None, secret: Some(secret), scopes: Some(key.scopes.clone()) })
}

/// A token is found by the digest of its 256 random bits: how long that takes tells nothing about the others.
fn of_token(access: &Access, digest: &Digest, now: Timestamp) -> Option<Identity> {
    let token = access.token_of(digest).filter(|token| token.is_live(now))?;
    let actor = match &token.holder {
        Holder::User(id) => Actor::User(access.users.get(id).filter(|user| user.is_open())?.id.clone()),
        Holder::Kiosk => Actor::Kiosk(token.id.clone()),
    };
    Some(Identity { actor, token: Some(token.id.clone()), secret: None, scopes: None })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::access::{PasswordHash, Token, User};
    use crate::domain::entity::Entity;
    use crate::domain::rules::Rules;

    fn doorkeeper(open_demo: bool) -> Doorkeeper {
        let key = |id: &str, role, secret: &str| ConfiguredKey {
            id: id.parse().unwrap(),
            role,
            scopes: Scope::usual(role),
            secret: Secret::new(secret.into()),
        };
        Doorkeeper::new(open_demo, [key("opencv", Role::Device, "right"), key("claw", Role::Agent, "other")])
    }

    fn prove(open_demo: bool, presented: Presented<'_>) -> Result<Actor, Unproven> {
        let state = State::new(Rules::default(), []);
        let proved = doorkeeper(open_demo).prove(presented, &state, Timestamp::default());
        proved.map(|identity| identity.actor)
    }

    #[test]
    fn a_key_proves_its_machine_in_either_header() {
        let device = Actor::Device("opencv".parse().unwrap());
        assert_eq!(prove(false, Presented::Key("right")), Ok(device.clone()));
        assert_eq!(prove(false, Presented::Bearer("right")), Ok(device));
        assert_eq!(prove(false, Presented::Bearer("other")), Ok(Actor::Agent("claw".parse().unwrap())));
        for wrong in ["", "wrong", "righ", "rightx"] {
            assert_eq!(prove(true, Presented::Key(wrong)), Err(Unproven::Unknown), "{wrong:?}");
        }
    }

    #[test]
    fn a_socket_lives_as_long_as_the_secret_that_opened_it() {
        let (start, overlap) = (Timestamp::default(), Duration::from_secs(60));
        let secret = |text: &str, expires_at| KeySecret { digest: digest(text), expires_at };
        let state = |role, secrets| {
            let key = ApiKey {
                id: "north".parse().unwrap(),
                role,
                scopes: vec![Scope::Read],
                secrets,
                created_at: start,
            };
            State::new(Rules::default(), [Entity::Key(Arc::new(key))])
        };
        let doorkeeper = doorkeeper(false);
        let first = state(Role::Peer, vec![secret("old", None)]);
        let identity = doorkeeper.prove(Presented::Bearer("old"), &first, start).unwrap();
        assert!(doorkeeper.is_live(&identity, &first, start));
        let until = start.plus(overlap);
        let rotated = state(Role::Peer, vec![secret("old", Some(until)), secret("new", None)]);
        assert!(doorkeeper.is_live(&identity, &rotated, start));
        assert_eq!(doorkeeper.ends_at(&identity, &rotated), Some(until));
        assert!(!doorkeeper.is_live(&identity, &rotated, until), "the overlap is over");
        let replaced = state(Role::Peer, vec![secret("new", None)]);
        assert!(!doorkeeper.is_live(&identity, &replaced, start));
        let other = state(Role::Agent, vec![secret("old", None)]);
        assert!(!doorkeeper.is_live(&identity, &other, start), "the same name is another machine now");
    }

    #[test]
    fn who_presents_nothing_is_a_visitor_of_an_open_demo_only() {
        assert_eq!(prove(false, Presented::Nothing), Err(Unproven::Missing));
        assert_eq!(prove(true, Presented::Nothing), Ok(Actor::Local));
    }

    /// A clinic with one nurse, whose token "hers" lasts for twelve hours.
    fn clinic(disabled_at: Option<Timestamp>) -> State {
        let id: crate::domain::id::UserId = "nurse".parse().unwrap();
        let user = User {
            id: id.clone(),
            email: "nurse@clinic.example".parse().unwrap(),
            name: "Nurse".into(),
            role: Role::Nurse,
            doctor_id: None,
            manages: Vec::new(),
            password: PasswordHash("".into()),
            disabled_at,
            created_at: Timestamp::default(),
            revision: 1,
        };
        let token = Token {
            id: "token".parse().unwrap(),
            holder: Holder::User(id),
            digest: digest("hers"),
            label: None,
            created_at: Timestamp::default(),
            expires_at: Some(Timestamp::default().plus(Duration::from_secs(12 * 3_600))),
        };
        State::new(Rules::default(), [Entity::User(Arc::new(user)), Entity::Token(Arc::new(token))])
    }

    #[test]
    fn a_token_proves_its_holder_until_it_expires_or_the_account_closes() {
        let (open, closed) = (clinic(None), clinic(Some(Timestamp::default())));
        let doorkeeper = doorkeeper(false);
        let after = |s| Timestamp::default().plus(Duration::from_secs(s));
        let proved = doorkeeper.prove(Presented::Bearer("hers"), &open, after(12 * 3_600 - 1)).unwrap();
        assert_eq!(proved.actor, Actor::User("nurse".parse().unwrap()));
        assert!(doorkeeper.is_live(&proved, &open, after(12 * 3_600 - 1)));
        assert_eq!(
            doorkeeper.prove(Presented::Bearer("hers"), &open, after(12 * 3_600)),
            Err(Unproven::Unknown)
        );
        assert!(!doorkeeper.is_live(&proved, &open, after(12 * 3_600)), "live sockets end too");
        assert_eq!(doorkeeper.prove(Presented::Bearer("hers"), &closed, after(1)), Err(Unproven::Unknown));
        assert!(!doorkeeper.is_live(&proved, &closed, after(1)));
        assert_eq!(doorkeeper.prove(Presented::Key("hers"), &open, after(1)), Err(Unproven::Unknown));
    }
}
