//! Rooms.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::Api;
use crate::domain::command::{Ask, SetRoomStatus, StaffStatus};
use crate::domain::id::{DoctorId, PatientId, RoomId};
use crate::domain::rejection::Rejection;
use crate::domain::role::Topic;
use crate::domain::state::State as Clinic;
use crate::domain::time::Timestamp;
use crate::domain::view::View;
use crate::wire::caller::Caller;
use crate::wire::json::{JsonBody, json_response};
use crate::wire::path::PathId;
use crate::wire::problem::Problem;
use crate::wire::view;

/// `GET /api/rooms`
pub(super) async fn list(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let rooms: Vec<Value> =
        snapshot.state.rooms.values().map(|room| view::room(room, caller.view())).collect();
    Ok(api.with_cursor(snapshot.seq, json_response(StatusCode::OK, &json!({ "rooms": rooms }))))
}

/// `GET /api/rooms/{id}`
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    caller.hears(Topic::Facility)?;
    let snapshot = api.ledger.snapshot();
    let room = room(&snapshot.state, &room_id(&id)?, caller.view())?;
    Ok(api.with_cursor(snapshot.seq, room))
}

/// What staff say of a room. Both spellings of the seed are taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusBody {
    status: StatusWord,
    #[serde(default, alias = "currentDoctorId", deserialize_with = "given")]
    current_doctor_id: Option<Option<DoctorId>>,
    #[serde(default, alias = "currentPatientId", deserialize_with = "given")]
    current_patient_id: Option<Option<PatientId>>,
    #[serde(default, alias = "estimatedAvailableAt", deserialize_with = "given")]
    estimated_available_at: Option<Option<Timestamp>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    Available,
    Occupied,
    NeedsCleaning,
    Maintenance,
}

impl From<StatusWord> for StaffStatus {
    fn from(word: StatusWord) -> Self {
        match word {
            StatusWord::Available => StaffStatus::Available,
            StatusWord::Occupied => StaffStatus::Occupied,
            StatusWord::NeedsCleaning => StaffStatus::NeedsCleaning,
            StatusWord::Maintenance => StaffStatus::Maintenance,
        }
    }
}

/// Tells a field that is `null` from one that is absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// `PUT /api/rooms/{id}/status`
pub(super) async fn set_status(
    State(api): State<Api>,
    caller: Caller,
    PathId(id): PathId,
    JsonBody(body): JsonBody<StatusBody>,
) -> Result<Response, Problem> {
    let room_id = room_id(&id)?;
    let set = SetRoomStatus {
        room_id: room_id.clone(),
        status: body.status.into(),
        current_doctor_id: body.current_doctor_id,
        current_patient_id: body.current_patient_id,
        estimated_available_at: body.estimated_available_at,
    };
    let view = caller.view();
    let receipt = api.ledger.submit(caller.to_write()?, Ask::SetRoomStatus(set)).await?;
    let room = room(&receipt.snapshot.state, &room_id, view)?;
    Ok(api.with_cursor(receipt.seq, room))
}

fn room_id(text: &str) -> Result<RoomId, Problem> {
    text.parse().map_err(|_| no_such_room(&text.escape_default()))
}

fn room(clinic: &Clinic, id: &RoomId, view: View) -> Result<Response, Problem> {
    let room = clinic.rooms.get(id).ok_or_else(|| no_such_room(id))?;
    Ok(json_response(StatusCode::OK, &json!({ "room": view::room(room, view) })))
}

fn no_such_room(id: &impl std::fmt::Display) -> Problem {
    Rejection::NotFound { kind: "room", id: id.to_string() }.into()
}
