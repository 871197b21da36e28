//! Webhooks in: what vision systems report, as the seed wrote it down.

use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::Api;
use crate::domain::access::Scope;
use crate::domain::actor::Actor;
use crate::domain::command::{Ask, Observation};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::id::{CameraId, DoctorId, EquipmentId, RoomId, SourceId};
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::domain::time::Timestamp;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::problem::Problem;

/// The seed's event, in the seed's spelling.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EventBody {
    timestamp: Timestamp,
    event_type: EventType,
    entity_type: EntityType,
    entity_id: String,
    data: EventData,
    confidence: f32,
    camera_id: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum EventType {
    RoomOccupancy,
    EquipmentStatus,
    PatientArrival,
    PatientDeparture,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum EntityType {
    Room,
    Equipment,
    Patient,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EventData {
    occupied: Option<bool>,
    doctor_id: Option<DoctorId>,
    status: Option<EquipmentStatus>,
    /// Part of the seed's contract; patients come with an issue of their own.
    #[serde(rename = "patientStatus")]
    _patient_status: Option<String>,
}

/// `POST /api/webhooks/opencv/event`
pub(super) async fn opencv_event(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Result<JsonBody<EventBody>, Problem>,
) -> Result<Response, Problem> {
    let actor = prove(&api, &headers)?;
    let JsonBody(body) = body?;
    if !(0.0..=1.0).contains(&body.confidence) {
        return Err(
            Rejection::Invalid { field: "confidence", reason: "is a number from 0.0 to 1.0".into() }.into()
        );
    }
    let now = api.ledger.now();
    let age_max = api.settings.webhook_age_max;
    if !age_max.is_zero() && now.since(body.timestamp) > age_max {
        let age_s = now.since(body.timestamp).as_secs();
        let message =
            format!("the event is {age_s} s old, more than rules.webhook_max_age_s ({})", age_max.as_secs());
        return Ok(answer(false, None, Some(&message)));
    }
    // With the age check off, the sender's clock is not believed.
    let observed_at = if age_max.is_zero() { now } else { body.timestamp };
    let Some(ask) = ask_of(&body, &actor, observed_at)? else {
        return Ok(answer(false, None, Some("patient arrivals and departures are not kept yet")));
    };
    let receipt = api.ledger.submit(actor, ask).await?;
    let event_id = Some(receipt.command_id.0.to_string());
    let response = match receipt.note {
        None => answer(true, event_id, None),
        Some(note) => answer(false, event_id, Some(&in_words(&note, body.confidence))),
    };
    Ok(api.with_cursor(receipt.seq, response))
}

/// Who sends, by the key in the seed's header or as Bearer.
fn prove(api: &Api, headers: &HeaderMap) -> Result<Actor, Problem> {
    let caller = Caller::prove(headers, &Entrance::from_ref(api))?;
    caller.has(Scope::Observe)?;
    match caller.identity.actor {
        actor @ Actor::Device(_) => Ok(actor),
        _ => Err(Problem::unauthenticated("this needs the key of a device; send it as X-OpenCV-API-Key")),
    }
}

fn ask_of(body: &EventBody, actor: &Actor, observed_at: Timestamp) -> Result<Option<Ask>, Problem> {
    let invalid = |field, reason: &str| Problem::from(Rejection::Invalid { field, reason: reason.into() });
    match (body.event_type, body.entity_type) {
        (EventType::RoomOccupancy, EntityType::Room) => {
            let occupied =
                body.data.occupied.ok_or_else(|| invalid("data.occupied", "is needed: true or false"))?;
            let observation = Observation {
                room_id: entity_id::<RoomId>("room", &body.entity_id)?,
                source: source(actor, &body.camera_id)?,
                sensor: Sensor::Webhook,
                occupied,
                people: None,
                confidence: Some(body.confidence),
                method: Method::External,
                synthetic: false,
                observed_at,
                doctor_id: body.data.doctor_id.clone(),
            };
            Ok(Some(Ask::Observe(observation)))
        }
        (EventType::EquipmentStatus, EntityType::Equipment) => {
            let status = body.data.status.ok_or_else(|| invalid("data.status", "is needed"))?;
            let equipment_id = entity_id::<EquipmentId>("equipment", &body.entity_id)?;
            Ok(Some(Ask::SetEquipmentStatus { equipment_id, status }))
        }
        (EventType::PatientArrival | EventType::PatientDeparture, EntityType::Patient) => Ok(None),
        (EventType::RoomOccupancy, _) => Err(invalid("entityType", "is \"room\" for room_occupancy")),
        (EventType::EquipmentStatus, _) => {
            Err(invalid("entityType", "is \"equipment\" for equipment_status"))
        }
        (EventType::PatientArrival | EventType::PatientDeparture, _) => {
            Err(invalid("entityType", "is \"patient\" for arrivals and departures"))
        }
    }
}

fn entity_id<T: std::str::FromStr>(kind: &'static str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Rejection::NotFound { kind, id: text.escape_default().to_string() }.into())
}

/// Evidence of each key and camera stands for itself.
fn source(actor: &Actor, camera_id: &str) -> Result<SourceId, Problem> {
    let key = match actor {
        Actor::Device(id) | Actor::Agent(id) | Actor::Peer(id) => id.as_str(),
        Actor::User(_)
        | Actor::Local
        | Actor::Console
        | Actor::Kiosk(_)
        | Actor::Camera(_)
        | Actor::Gateway => "",
    };
    let camera: Result<CameraId, _> = camera_id.parse();
    let source = camera.and_then(|camera| format!("webhook:{key}:{camera}").parse());
    source.map_err(|error| Rejection::Invalid { field: "cameraId", reason: error.to_string() }.into())
}

fn in_words(note: &Note, confidence: f32) -> String {
    match note {
        Note::BelowThreshold { needed } => {
            format!(
                "confidence {confidence} is below {needed}: noted, but nobody is believed to have come or gone"
            )
        }
        Note::Outdated => "this source has already reported something newer".into(),
        Note::Paused => "sensing of this room is paused for privacy".into(),
    }
}

fn answer(processed: bool, event_id: Option<String>, message: Option<&str>) -> Response {
    let mut body = json!({ "success": true, "processed": processed, "eventId": event_id });
    if let Some(message) = message {
        body["message"] = message.into();
    }
    json_response(StatusCode::OK, &body)
}
