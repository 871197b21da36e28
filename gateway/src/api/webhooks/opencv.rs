//! What vision systems report: rooms, equipment, patients who come and go.

use std::str::FromStr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::senders::Verdict;
use super::{Api, Incoming};
use crate::domain::access::Scope;
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, alarm_id};
use crate::domain::command::{Ask, EquipmentReport, Observation};
use crate::domain::equipment::EquipmentStatus;
use crate::domain::id::{CameraId, DoctorId, EquipmentId, PatientId, RoomId, SourceId};
use crate::domain::occupancy::{Method, Sensor};
use crate::domain::rejection::Rejection;
use crate::domain::state::Note;
use crate::domain::time::Timestamp;
use crate::domain::visit::VisitStatus;
use crate::wire::json::json_response;
use crate::wire::problem::Problem;
use crate::wire::schema::{Id, Time};
use utoipa::ToSchema;

/// The seed's event, in the seed's spelling.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EventBody {
    #[schema(value_type = Time)]
    timestamp: Timestamp,
    event_type: EventType,
    entity_type: EntityType,
    entity_id: String,
    data: EventData,
    #[schema(minimum = 0.0, maximum = 1.0)]
    confidence: f32,
    #[schema(value_type = Id)]
    camera_id: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EventType {
    RoomOccupancy,
    EquipmentStatus,
    PatientArrival,
    PatientDeparture,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EntityType {
    Room,
    Equipment,
    Patient,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EventData {
    occupied: Option<bool>,
    #[schema(value_type = Option<Id>)]
    doctor_id: Option<DoctorId>,
    status: Option<EquipmentStatus>,
    patient_status: Option<PatientStatus>,
    /// The power that a piece of equipment takes, W: kept as a reading.
    #[serde(alias = "power_w")]
    #[schema(minimum = 0.0, maximum = 1e6)]
    power_w: Option<f64>,
}

/// How far a patient is, in either spelling.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PatientStatus {
    Waiting,
    #[serde(alias = "inExamination")]
    InExamination,
    #[serde(alias = "inTreatment")]
    InTreatment,
    #[serde(alias = "checkingOut")]
    CheckingOut,
}

impl From<PatientStatus> for VisitStatus {
    fn from(status: PatientStatus) -> Self {
        match status {
            PatientStatus::Waiting => VisitStatus::Waiting,
            PatientStatus::InExamination => VisitStatus::InExamination,
            PatientStatus::InTreatment => VisitStatus::InTreatment,
            PatientStatus::CheckingOut => VisitStatus::CheckingOut,
        }
    }
}

/// What became of an event.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes an answer, and is never built")]
struct EventAnswer {
    success: bool,
    processed: bool,
    event_id: Option<String>,
    /// Why it was not processed.
    #[schema(nullable = false)]
    message: Option<String>,
}

#[utoipa::path(post, path = "/webhooks/opencv/event", operation_id = "take_opencv_event", tag = "webhooks", request_body = EventBody,
    responses((status = 200, description = "The event was taken; `processed` says whether it was believed.", body = EventAnswer)))]
pub(super) async fn event(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let incoming = Incoming::receive(&api, request, Scope::Observe).await?;
    let body: EventBody = incoming.parse()?;
    if !(0.0..=1.0).contains(&body.confidence) {
        return Err(invalid("confidence", "is a number from 0.0 to 1.0"));
    }
    let now = api.ledger.now();
    let age_max = api.settings.webhook_age_max;
    if !age_max.is_zero() {
        judge_clock(&api, &incoming, body.timestamp).await?;
        if now.since(body.timestamp) > age_max {
            return Ok(answer(false, None, Some(&too_old(now.since(body.timestamp), age_max))));
        }
    }
    // With the age check off, the sender's clock is not believed.
    let observed_at = if age_max.is_zero() { now } else { body.timestamp };
    let ask = ask_of(&body, &incoming.actor, observed_at)?;
    if body.entity_type == EntityType::Patient
        && let Some(note) = api.ledger.snapshot().state.rules().why_not_believed(body.confidence)
    {
        return Ok(answer(false, None, Some(&in_words(&note, body.confidence))));
    }
    let receipt = api.ledger.submit_with(api.command(incoming.actor, ask), incoming.terms).await?;
    let event_id = Some(receipt.command_id.0.to_string());
    let response = match &receipt.note {
        None => answer(true, event_id, None),
        Some(note) => answer(false, event_id, Some(&in_words(note, body.confidence))),
    };
    Ok(api.with_cursor(receipt.seq, response))
}

fn too_old(age: Duration, age_max: Duration) -> String {
    let (age_s, max_s) = (age.as_secs(), age_max.as_secs());
    format!("the event is {age_s} s old, more than rules.webhook_max_age_s ({max_s})")
}

/// Raises an alarm about a sender whose dates are wrong again and again, and ends it when they are right.
async fn judge_clock(api: &Api, incoming: &Incoming, dated: Timestamp) -> Result<(), Problem> {
    let (now, age_max) = (api.ledger.now(), api.settings.webhook_age_max);
    let ask = match api.senders.judge(&incoming.key_id, dated, now, age_max) {
        Verdict::Unchanged => return Ok(()),
        Verdict::Wrong(notice) => Ask::RaiseAlarm(notice),
        Verdict::RightAgain => Ask::ClearAlarm(alarm_id(AlarmCause::SenderClock, incoming.key_id.as_str())),
    };
    api.ledger.submit(Actor::Gateway, ask).await?;
    Ok(())
}

fn ask_of(body: &EventBody, actor: &Actor, observed_at: Timestamp) -> Result<Ask, Problem> {
    match (body.event_type, body.entity_type) {
        (EventType::RoomOccupancy, EntityType::Room) => {
            let occupied =
                body.data.occupied.ok_or_else(|| invalid("data.occupied", "is needed: true or false"))?;
            Ok(Ask::Observe(Observation {
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
            }))
        }
        (EventType::EquipmentStatus, EntityType::Equipment) => {
            let status = body.data.status.ok_or_else(|| invalid("data.status", "is needed"))?;
            let equipment_id = entity_id::<EquipmentId>("equipment", &body.entity_id)?;
            let (source, confidence) = (source(actor, &body.camera_id)?, Some(body.confidence));
            Ok(Ask::ReportEquipment(EquipmentReport {
                equipment_id,
                source,
                status,
                confidence,
                observed_at,
                power_w: body.data.power_w,
            }))
        }
        (EventType::PatientArrival, EntityType::Patient) => {
            let status = body.data.patient_status.map_or(VisitStatus::Waiting, VisitStatus::from);
            Ok(Ask::PatientArrived {
                patient_id: entity_id::<PatientId>("patient", &body.entity_id)?,
                status,
            })
        }
        (EventType::PatientDeparture, EntityType::Patient) => {
            Ok(Ask::PatientDeparted { patient_id: entity_id::<PatientId>("patient", &body.entity_id)? })
        }
        (EventType::RoomOccupancy, _) => Err(invalid("entityType", "is \"room\" for room_occupancy")),
        (EventType::EquipmentStatus, _) => {
            Err(invalid("entityType", "is \"equipment\" for equipment_status"))
        }
        (EventType::PatientArrival | EventType::PatientDeparture, _) => {
            Err(invalid("entityType", "is \"patient\" for arrivals and departures"))
        }
    }
}

fn invalid(field: &'static str, reason: &str) -> Problem {
    Rejection::Invalid { field, reason: reason.into() }.into()
}

fn entity_id<T: FromStr>(kind: &'static str, text: &str) -> Result<T, Problem> {
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
        | Actor::Sensor(_)
        | Actor::Gateway => "",
    };
    let camera: Result<CameraId, _> = camera_id.parse();
    let source = camera.and_then(|camera| format!("webhook:{key}:{camera}").parse());
    source.map_err(|error| Rejection::Invalid { field: "cameraId", reason: error.to_string() }.into())
}

fn in_words(note: &Note, confidence: f32) -> String {
    match note {
        Note::BelowThreshold { needed } => {
            format!("confidence {confidence} is below {needed}: noted, but not believed")
        }
        Note::Outdated => "this source has already reported something newer".into(),
        Note::Repeated => "this source has already reported exactly this".into(),
        Note::OnlyObserved => "the agent's phase is \"observation\"".into(),
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
