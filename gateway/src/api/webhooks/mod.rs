//! Webhooks in: what vision systems and the CLAW agent report, as the seed wrote it down.
//!
//! Every webhook is proved first (a key in the seed's header or as Bearer, or a Standard Webhooks signature), then
//! counted against its key's rate, and only then read. A repeat under the same `webhook-id` or `Idempotency-Key` gets
//! the first answer again.

mod claw;
mod opencv;
mod senders;

use axum::body::Bytes;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use crate::auth::{SignedBody, Unsigned};
use crate::domain::access::Scope;
use crate::domain::actor::Actor;
use crate::domain::id::KeyId;
use crate::domain::time::Timestamp;
use crate::ledger::Terms;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::json::{self, json_response};
use crate::wire::problem::Problem;
use crate::wire::schema::Time;
use crate::wire::terms;

pub(super) use senders::Senders;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(health), routes!(opencv::event), routes!(claw::task), routes!(claw::action)]
}

/// How the webhooks' door does.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct WebhooksHealth {
    /// `ok` or `unavailable`.
    status: String,
    #[schema(value_type = Time)]
    timestamp: Timestamp,
    /// What can be sent.
    webhooks: Vec<String>,
}

#[utoipa::path(get, path = "/webhooks/health", operation_id = "show_webhooks_health", tag = "webhooks",
    description = "For senders, which prove nothing here and learn nothing else.",
    responses(
        (status = 200, description = "Webhooks are taken.", body = WebhooksHealth),
        (status = 503, description = "Webhooks are not taken.", body = WebhooksHealth)))]
async fn health(State(api): State<Api>) -> Response {
    let accepting = api.ledger.is_accepting();
    let (code, status) =
        if accepting { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    let body = json!({
        "status": status,
        "timestamp": api.ledger.now(),
        "webhooks": ["opencv/event", "claw/task", "claw/action"],
    });
    json_response(code, &body)
}

/// A webhook whose sender is known.
struct Incoming {
    /// The machine.
    actor: Actor,
    /// Its key's name.
    key_id: KeyId,
    /// What it sent.
    body: Bytes,
    /// What holds for the command besides its content: the delivery's id.
    terms: Terms,
}

impl Incoming {
    /// Proves who sends `request`, and reads it.
    async fn receive(api: &Api, request: Request, scope: Scope) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let is_signed = parts.headers.contains_key("webhook-signature");
        // Who sends a key is known before the body is read, and stays out without costing more.
        let proved = if is_signed { None } else { Some(by_key(api, &parts.headers, scope)?) };
        let body = json::read_json(&parts.headers, body).await?;
        let (actor, key_id) = match proved {
            Some(proved) => proved,
            None => by_signature(api, &parts.headers, &body, scope)?,
        };
        let terms = terms::delivery(&parts, &body)?;
        Ok(Self { actor, key_id, body, terms })
    }

    /// The body's content.
    fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        json::parse(&self.body)
    }
}

/// Who sends, by the key in the seed's header or as Bearer.
fn by_key(api: &Api, headers: &HeaderMap, scope: Scope) -> Result<(Actor, KeyId), Problem> {
    admit(api, Caller::prove(headers, &Entrance::from_ref(api))?, scope)
}

/// Who signed the body.
fn by_signature(
    api: &Api,
    headers: &HeaderMap,
    body: &Bytes,
    scope: Scope,
) -> Result<(Actor, KeyId), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = SignedBody {
        id: text("webhook-id"),
        timestamp: text("webhook-timestamp"),
        signatures: text("webhook-signature"),
        body,
    };
    let unproven = |unsigned: Unsigned| Problem::unauthenticated(unsigned.to_string());
    let identity = api.doorkeeper.prove_signed(&signed, api.ledger.now()).map_err(unproven)?;
    admit(api, Caller::known(identity, &api.ledger.snapshot().state)?, scope)
}

/// Lets a machine's key pass that is for `scope`, and that has not been used too often lately.
fn admit(api: &Api, caller: Caller, scope: Scope) -> Result<(Actor, KeyId), Problem> {
    let key_id = match &caller.identity.actor {
        Actor::Device(id) | Actor::Agent(id) | Actor::Peer(id) => id.clone(),
        Actor::User(_)
        | Actor::Local
        | Actor::Console
        | Actor::Kiosk(_)
        | Actor::Camera(_)
        | Actor::Sensor(_)
        | Actor::Gateway => {
            let detail =
                "a webhook needs the key of a machine, in X-OpenCV-API-Key, X-CLAW-API-Key or as Bearer";
            return Err(Problem::unauthenticated(detail));
        }
    };
    caller.has(scope)?;
    api.senders.count(&key_id)?;
    Ok((caller.identity.actor, key_id))
}
