//! Who calls, at every door of HTTP.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode, header};

use super::problem::Problem;
use crate::auth::{Doorkeeper, Identity, Presented, Unproven};
use crate::domain::access::Scope;
use crate::domain::actor::Actor;
use crate::domain::role::{Role, Topic, Verb};
use crate::domain::state::State;
use crate::domain::view::View;
use crate::ledger::Handle;

/// Headers that carry a machine's key by another name than Bearer: the seed's own, and OpenClaw's.
const KEY_HEADERS: [&str; 3] = ["x-opencv-api-key", "x-claw-api-key", "x-openclaw-token"];

/// What a door needs to know a caller.
#[derive(Clone)]
pub struct Entrance {
    /// Knows proofs.
    pub doorkeeper: Doorkeeper,
    /// Knows everybody.
    pub ledger: Handle,
}

/// Somebody who has proved who they are, and the role that this gives them now.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub identity: Identity,
    /// What that is in the clinic.
    pub role: Role,
}

impl Caller {
    /// Proves who calls.
    ///
    /// # Errors
    ///
    /// 401.
    pub fn prove(headers: &HeaderMap, entrance: &Entrance) -> Result<Self, Problem> {
        let ledger = &entrance.ledger;
        let proved = entrance.doorkeeper.prove(presented(headers)?, &ledger.snapshot().state, ledger.now());
        Self::known(proved?, &ledger.snapshot().state)
    }

    /// The caller that `identity` is.
    ///
    /// # Errors
    ///
    /// 401 when it has no role.
    pub fn known(identity: Identity, state: &State) -> Result<Self, Problem> {
        let role = state.role_of(&identity.actor).ok_or(Unproven::Unknown)?;
        Ok(Self { identity, role })
    }

    /// How much this caller sees.
    pub fn view(&self) -> View {
        self.role.view()
    }

    /// Lets pass who may hear `topic`.
    ///
    /// # Errors
    ///
    /// 403.
    pub fn hears(&self, topic: Topic) -> Result<(), Problem> {
        self.has(Scope::Read)?;
        if self.role.hears(topic) {
            return Ok(());
        }
        Err(forbidden(format!("the role {} does not hear \"{}\"", self.role, topic.as_str())))
    }

    /// Lets pass whose role may do `verb`, for what is read and not asked: the rules decide about commands. A
    /// visitor is asked for proof first.
    ///
    /// # Errors
    ///
    /// 401 for a visitor, 403 for a role that may not.
    pub fn may(&self, verb: Verb) -> Result<(), Problem> {
        if self.identity.actor == Actor::Local {
            return Err(Unproven::Missing.into());
        }
        if self.role.may(verb) {
            return Ok(());
        }
        Err(forbidden(format!("the role {} does not allow \"{}\"", self.role, verb.as_str())))
    }

    /// The actor of a command. The rules decide what the role allows; a visitor is asked for proof first.
    ///
    /// # Errors
    ///
    /// 401 for a visitor, 403 for a key that is not for work.
    pub fn to_write(self) -> Result<Actor, Problem> {
        self.has(Scope::Work)?;
        if self.identity.actor == Actor::Local {
            return Err(Unproven::Missing.into());
        }
        Ok(self.identity.actor)
    }

    /// [`Caller::to_write`], with the address that the request comes from.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn to_write_from(self, address: PeerAddress) -> Result<Asker, Problem> {
        Ok(Asker { actor: self.to_write()?, origin: address.origin() })
    }

    /// Lets pass whose proof may be used for `scope`.
    ///
    /// # Errors
    ///
    /// 403.
    pub fn has(&self, scope: Scope) -> Result<(), Problem> {
        if self.identity.has(scope) {
            return Ok(());
        }
        Err(forbidden(format!("this key is not for \"{}\"; see its scopes", scope.as_str())))
    }
}

fn forbidden(detail: String) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
}

/// What the caller presents. A key's own header wins over Bearer.
fn presented(headers: &HeaderMap) -> Result<Presented<'_>, Problem> {
    for name in KEY_HEADERS {
        if let Some(value) = headers.get(name) {
            return value.to_str().map(Presented::Key).map_err(|_| Unproven::Unknown.into());
        }
    }
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(Presented::Nothing) };
    let scheme_and_secret = value.to_str().ok().and_then(|text| text.split_once(' '));
    match scheme_and_secret {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Presented::Bearer(secret.trim()))
        }
        _ => Err(Problem::unauthenticated("Authorization is written: Bearer and the token")),
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Entrance: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::prove(&parts.headers, &Entrance::from_ref(state))
    }
}

impl From<Unproven> for Problem {
    fn from(unproven: Unproven) -> Self {
        Self::unauthenticated(unproven.to_string())
    }
}

/// Somebody who asks for a change, and where from: the audit trail keeps both.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Who.
    pub actor: Actor,
    /// An address or a door.
    pub origin: Arc<str>,
}

/// The address that a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub IpAddr);

impl PeerAddress {
    /// The address among a request's extensions; loopback where the listener names none (a Unix socket).
    pub fn of(extensions: &Extensions) -> Self {
        let connected = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(connected.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip().to_canonical()))
    }

    /// The address as the audit trail keeps it.
    pub fn origin(self) -> Arc<str> {
        self.0.to_string().into()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PeerAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}
