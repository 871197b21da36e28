//! Health: 200 while commands are accepted, with every component and its reason.

use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Api;
use super::document::Routes;
use crate::domain::camera::CameraHealth;
use crate::domain::role::Topic;
use crate::domain::state::State as Clinic;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::entity::{AlarmBody, CameraBody};
use crate::wire::json::json_response;

/// A file that the configuration needs and that is not there, or not the right one.
#[derive(Clone, Debug, Serialize)]
pub struct MissingAsset {
    /// The file.
    pub name: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

/// Whether a part is well, and the reason: asked when health is.
pub type Probe = Arc<dyn Fn() -> (bool, String) + Send + Sync>;

/// The routes, below `/api`.
pub(super) fn routes() -> Routes {
    vec![routes!(show)]
}

/// How the box does.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct Health {
    /// `ok`, `degraded` or `unavailable`.
    status: String,
    version: String,
    /// Each part by name, with its status and reason.
    #[schema(value_type = Object)]
    components: Value,
}

#[utoipa::path(get, path = "/health", operation_id = "show_health", tag = "health",
    responses(
        (status = 200, description = "Commands are accepted.", body = Health),
        (status = 503, description = "Commands are not accepted.", body = Health)))]
pub(super) async fn show(State(api): State<Api>, headers: HeaderMap) -> Response {
    // Whoever may not hear of the box's alarms learns whether it is well, and no more.
    let caller = Caller::prove(&headers, &Entrance::from_ref(&api));
    let is_told = caller.is_ok_and(|caller| caller.hears(Topic::System).is_ok());
    let snapshot = api.ledger.snapshot();
    let accepting = api.ledger.is_accepting();
    let missing = &api.settings.missing_assets;
    let cameras_well = snapshot.state.cameras.values().all(|camera| is_well(camera.health));
    let alarms: Vec<AlarmBody<'_>> =
        snapshot.state.alarms.values().filter(|alarm| alarm.is_standing()).map(|it| (&**it).into()).collect();
    let parts: Vec<_> = api.settings.parts.iter().map(|(name, probe)| (*name, probe())).collect();
    let parts_well = parts.iter().all(|(_, (well, _))| *well);
    let well = cameras_well && missing.is_empty() && alarms.is_empty() && parts_well;
    let (code, status) = match (accepting, well) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        (true, false) => (StatusCode::OK, "degraded"),
        (true, true) => (StatusCode::OK, "ok"),
    };
    let mut body = json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "components": {
            "ledger": {
                "status": word(accepting),
                "reason": if accepting { "commands are accepted" } else { "the writer has ended" },
                "epoch": api.ledger.epoch(),
                "seq": snapshot.seq,
                "queued": api.ledger.queued(),
            },
            "cameras": cameras(&snapshot.state, cameras_well),
            "assets": {
                "status": word(missing.is_empty()),
                "reason": if missing.is_empty() { "all that the configuration needs are there" } else { "some are missing: run make assets" },
                "missing": missing,
            },
            "alarms": { "status": word(alarms.is_empty()), "standing": alarms },
        },
    });
    for (name, (well, reason)) in parts {
        body["components"][name] = json!({ "status": word(well) });
        // A reason may name a broker's address.
        if is_told {
            body["components"][name]["reason"] = json!(reason);
        }
    }
    if !is_told {
        for (part, list) in [("cameras", "items"), ("assets", "missing"), ("alarms", "standing")] {
            body["components"][part].as_object_mut().expect("a part is an object").remove(list);
        }
    }
    json_response(code, &body)
}

fn cameras(clinic: &Clinic, well: bool) -> Value {
    let items: Vec<CameraBody<'_>> = clinic.cameras.values().map(|camera| (&**camera).into()).collect();
    let reason = if items.is_empty() { "none is configured" } else { "see each camera's health and trouble" };
    json!({ "status": word(well), "reason": reason, "items": items })
}

fn is_well(health: CameraHealth) -> bool {
    match health {
        CameraHealth::Live | CameraHealth::Starting => true,
        CameraHealth::Stale | CameraHealth::Lost => false,
    }
}

fn word(well: bool) -> &'static str {
    if well { "ok" } else { "degraded" }
}
