//! `GET /api/mqtt/devices`: what was heard last, for admins. Raw, as it came.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::Mqtt;
use crate::domain::role::Verb;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::json::json_response;
use crate::wire::problem::Problem;

#[derive(Clone)]
struct Door {
    mqtt: Mqtt,
    entrance: Entrance,
}

impl FromRef<Door> for Entrance {
    fn from_ref(door: &Door) -> Self {
        door.entrance.clone()
    }
}

/// The route.
pub fn router(mqtt: Mqtt, entrance: Entrance) -> Router {
    let show = get(show).fallback(async || {
        let detail = "/api/mqtt/devices is only read";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    });
    Router::new().route("/api/mqtt/devices", show).with_state(Door { mqtt, entrance })
}

async fn show(State(door): State<Door>, caller: Caller) -> Result<Response, Problem> {
    // A payload is whatever somebody sent: for those who mend devices.
    caller.may(Verb::Administration)?;
    Ok(json_response(StatusCode::OK, &door.mqtt.intake.devices()))
}
