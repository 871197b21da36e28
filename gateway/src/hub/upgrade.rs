//! The WebSocket door: who may come in, and the handshake of RFC 6455, section 4.2.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::upgrade::OnUpgrade;
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tracing::Instrument;
use uuid::Uuid;

use super::connection::{Identity, NewClient};
use super::inbox::Message;
use super::socket::Socket;
use super::{Hub, Shared};
use crate::domain::access::Scope;
use crate::wire::caller::{Caller, Entrance, PeerAddress};
use crate::wire::channel::Topics;
use crate::wire::problem::Problem;

/// The one version of the protocol.
const VERSION: &str = "13";
/// What is kept of a client's `User-Agent`.
const DEVICE_LETTERS_MAX: usize = 120;
/// A key has so many bytes, in base64.
const KEY_BYTES: usize = 16;

/// `GET /ws`.
pub(super) async fn upgrade(State(hub): State<Hub>, mut request: Request) -> Response {
    match admit(&hub, &request) {
        Ok((caller, place, accept)) => {
            let Some(upgrading) = request.extensions_mut().remove::<OnUpgrade>() else {
                return not_a_websocket("this connection cannot be upgraded").into_response();
            };
            let identity = identity(&hub, &request);
            // What is logged of it belongs to the request that opened the connection.
            let span = tracing::Span::current();
            let tasks = hub.shared.tasks.clone();
            tasks.spawn(hand_over(hub, upgrading, caller, identity, place).instrument(span));
            switching(accept)
        }
        Err(problem) => {
            let mut answer = problem.into_response();
            if answer.status() == StatusCode::UPGRADE_REQUIRED {
                let headers = answer.headers_mut();
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
                headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION));
            }
            answer
        }
    }
}

/// Gives the socket to the fan-out, once hyper has sent its answer.
async fn hand_over(
    hub: Hub,
    upgrading: OnUpgrade,
    caller: Caller,
    identity: Identity,
    place: OwnedSemaphorePermit,
) {
    let socket = match upgrading.await {
        Ok(upgraded) => Socket::of(upgraded),
        Err(error) => return tracing::debug!(%error, "a client went before it was one"),
    };
    match socket {
        Ok((socket, admitted, begun)) => {
            tracing::debug!(client.id = %identity.client_id, "a client has come");
            let client = NewClient { socket, admitted, begun, caller, identity, place };
            drop(hub.shared.inbox.send(Message::Welcome(Box::new(client))).await);
        }
        Err(error) => tracing::warn!(%error, "a client's socket cannot be taken over"),
    }
}

fn admit(hub: &Hub, request: &Request) -> Result<(Caller, OwnedSemaphorePermit, HeaderValue), Problem> {
    let shared = &hub.shared;
    let caller = caller(&shared.entrance, request)?;
    let accept = handshake(request)?;
    let place = place(shared)?;
    Ok((caller, place, accept))
}

/// A place among the connections.
///
/// # Errors
///
/// 503: there is none, or the gateway stops.
pub(super) fn place(shared: &Shared) -> Result<OwnedSemaphorePermit, Problem> {
    if shared.stop.is_cancelled() {
        let detail = "the gateway restarts: come back";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retryable());
    }
    shared.places.clone().try_acquire_owned().map_err(|_| {
        let detail = format!(
            "{} clients are connected, the most that hub.connections_max allows",
            shared.limits.connections_max
        );
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_connections", detail).retryable()
    })
}

/// What the handshake is answered with.
fn handshake(request: &Request) -> Result<HeaderValue, Problem> {
    let headers = request.headers();
    if request.method() != Method::GET {
        let detail = "a WebSocket begins with GET";
        return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail));
    }
    if !has_word(headers, header::CONNECTION, "upgrade") || !has_word(headers, header::UPGRADE, "websocket") {
        return Err(not_a_websocket("this path speaks WebSocket"));
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
        return Err(not_a_websocket("the version of WebSocket is 13"));
    }
    let is_key = |key: &&HeaderValue| BASE64.decode(key).is_ok_and(|key| key.len() == KEY_BYTES);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(is_key);
    let Some(key) = key else {
        let detail = "Sec-WebSocket-Key is missing, or not 16 bytes in base64";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_handshake", detail));
    };
    HeaderValue::try_from(derive_accept_key(key.as_bytes()))
        .map_err(|_| not_a_websocket("no answer fits this key"))
}

fn has_word(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
}

fn not_a_websocket(detail: &str) -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, "not_a_websocket", detail)
}

fn switching(accept: HeaderValue) -> Response {
    let headers = [
        (header::CONNECTION, HeaderValue::from_static("upgrade")),
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// Who reads a stream.
pub(super) type Who = (Identity, Caller);

/// Who asks for a stream.
///
/// # Errors
///
/// 401, 403.
pub(super) fn identify(hub: &Hub, request: &Request) -> Result<Who, Problem> {
    Ok((identity(hub, request), caller(&hub.shared.entrance, request)?))
}

fn identity(hub: &Hub, request: &Request) -> Identity {
    let address = PeerAddress::of(request.extensions()).0;
    let (device, since) = (device(request.headers()), hub.shared.entrance.ledger.now());
    Identity { client_id: Uuid::now_v7(), address, device, since }
}

/// What a client says that it is.
fn device(headers: &HeaderMap) -> Option<Box<str>> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(DEVICE_LETTERS_MAX).collect())
}

/// Who asks for the upgrade: by a ticket in the query, or as at every other door. The seed's `userId` and
/// `doctorId` prove nothing: with them alone one is a visitor, where an open demo takes visitors.
pub(super) fn caller(entrance: &Entrance, request: &Request) -> Result<Caller, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let ticket = query.split('&').find_map(|pair| pair.strip_prefix("ticket="));
    let caller = match ticket {
        Some(ticket) => {
            let identity = entrance.doorkeeper.tickets().redeem(ticket, Instant::now());
            let snapshot = entrance.ledger.snapshot();
            let now = entrance.ledger.now();
            let identity = identity.filter(|it| entrance.doorkeeper.is_live(it, &snapshot.state, now));
            let spent = "this ticket was used or has expired; get another from POST /api/auth/ticket";
            Caller::known(identity.ok_or_else(|| Problem::unauthenticated(spent))?, &snapshot.state)?
        }
        None => Caller::prove(request.headers(), entrance)?,
    };
    caller.has(Scope::Read)?;
    if Topics::heard_by(caller.role) == Topics::default() {
        let detail = format!("the role {} hears nothing", caller.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok(caller)
}
