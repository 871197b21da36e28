//! The agent's tools, by the Model Context Protocol: `POST /mcp`, streamable HTTP.
//!
//! What is said around a call is rmcp's; what a tool does is a look at the snapshot or a command like any other, under
//! the guard rails of the domain. There is no session: each request carries its proof and gets one answer, so there is
//! nothing to expire, to count or to resume, and a client that was away for days goes on with its next call.

mod lists;
pub mod metrics;
mod tools;
mod writes;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::Full;
use rmcp::model::ClientJsonRpcMessage;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tracing::Span;

use crate::auth::Unproven;
use crate::domain::actor::Actor;
use crate::domain::role::Role;
use crate::wire::caller::{Caller, Entrance, PeerAddress};
use crate::wire::json::{self, BODY_BYTES_MAX};
use crate::wire::problem::Problem;
use tools::Tools;

#[derive(Clone)]
struct Door {
    entrance: Entrance,
    protocol: StreamableHttpService<Tools, NeverSessionManager>,
}

/// Who calls a tool, for the tool: it rides along in the request's extensions.
#[derive(Clone)]
struct Agent {
    caller: Caller,
    address: PeerAddress,
    /// The request's span: the library runs a tool in a task of its own.
    span: Span,
}

/// The route.
pub fn router(entrance: Entrance) -> Router {
    metrics::begin();
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_BYTES_MAX)
        // The gate has looked at `Host` and `Origin`, by what the clinic has configured.
        .disable_allowed_hosts()
        .disable_allowed_origins();
    let tools = Tools { ledger: entrance.ledger.clone() };
    let protocol =
        StreamableHttpService::new(move || Ok(tools.clone()), Arc::<NeverSessionManager>::default(), config);
    let refuse = async || {
        let detail = "MCP is spoken by POST here, one request and one answer at a time";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    };
    Router::new()
        .route("/mcp", post(serve))
        .method_not_allowed_fallback(refuse)
        .with_state(Door { entrance, protocol })
}

/// Who calls is known before the body is read, and what has no place in the protocol never reaches it.
async fn serve(State(door): State<Door>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = agent(&parts.headers, &door.entrance)?;
    let address = PeerAddress::of(&parts.extensions);
    let body = json::read_json(&parts.headers, body).await?;
    json::parse::<ClientJsonRpcMessage>(&body)?;
    parts.extensions.insert(Agent { caller, address, span: Span::current() });
    let answer = door.protocol.handle(Request::from_parts(parts, Full::new(body))).await;
    Ok(answer.map(Body::new).into_response())
}

/// The agent, by its key. Nobody else has these tools.
fn agent(headers: &HeaderMap, entrance: &Entrance) -> Result<Caller, Problem> {
    let caller = Caller::prove(headers, entrance)?;
    if caller.identity.actor == Actor::Local {
        return Err(Unproven::Missing.into());
    }
    if caller.role != Role::Agent {
        let detail = format!("these tools are the agent's; the role {} has others", caller.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok(caller)
}
