//! The numbers of a day that can be compared with other days.

use serde::Serialize;
use utoipa::ToSchema;

use super::places;

/// The numbers of a day that are compared with other days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Numbers {
    /// Patients who were examined and have left.
    #[schema(minimum = 0)]
    pub patients_seen: Option<f64>,
    /// Arrival to examination, of patients who have left.
    #[schema(minimum = 0)]
    pub average_wait_minutes: Option<f64>,
    /// Arrival to departure.
    #[schema(minimum = 0)]
    pub average_visit_minutes: Option<f64>,
    /// Tasks of the staff that were completed.
    #[schema(minimum = 0)]
    pub tasks_by_staff: Option<f64>,
    /// Tasks of the agent that were completed.
    #[schema(minimum = 0)]
    pub tasks_by_agent: Option<f64>,
    /// Action items that were completed.
    #[schema(minimum = 0)]
    pub actions_completed: Option<f64>,
    /// Sessions that began in examination and treatment rooms.
    #[schema(minimum = 0)]
    pub sessions: Option<f64>,
    /// How often such a room was made clean after use.
    #[schema(minimum = 0)]
    pub turnovers: Option<f64>,
    /// How long such a room waited for it.
    #[schema(minimum = 0)]
    pub average_cleaning_wait_minutes: Option<f64>,
    /// Of the opening hours in which such rooms were watched, the part in which they were occupied.
    #[schema(minimum = 0, maximum = 1)]
    pub room_utilization_ratio: Option<f64>,
}

/// How far each number is from its average, as a part of the average: 0.25 is a quarter more. `null` when either is
/// not known, or the average is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Changes {
    /// Of `patients_seen`.
    #[schema(minimum = -1)]
    pub patients_seen: Option<f64>,
    /// Of `average_wait_minutes`.
    #[schema(minimum = -1)]
    pub average_wait_minutes: Option<f64>,
    /// Of `average_visit_minutes`.
    #[schema(minimum = -1)]
    pub average_visit_minutes: Option<f64>,
    /// Of `tasks_by_staff`.
    #[schema(minimum = -1)]
    pub tasks_by_staff: Option<f64>,
    /// Of `tasks_by_agent`.
    #[schema(minimum = -1)]
    pub tasks_by_agent: Option<f64>,
    /// Of `actions_completed`.
    #[schema(minimum = -1)]
    pub actions_completed: Option<f64>,
    /// Of `sessions`.
    #[schema(minimum = -1)]
    pub sessions: Option<f64>,
    /// Of `turnovers`.
    #[schema(minimum = -1)]
    pub turnovers: Option<f64>,
    /// Of `average_cleaning_wait_minutes`.
    #[schema(minimum = -1)]
    pub average_cleaning_wait_minutes: Option<f64>,
    /// Of `room_utilization_ratio`.
    #[schema(minimum = -1)]
    pub room_utilization_ratio: Option<f64>,
}

/// How far each of `numbers` is from its average, as a part of the average. None without either, or of nothing.
pub(super) fn change(numbers: &Numbers, average: &Numbers) -> Changes {
    let of = |get: fn(&Numbers) -> Option<f64>| {
        let (number, average) = (get(numbers)?, get(average)?);
        (average > 0.0).then(|| places((number - average) / average, 1_000.0))
    };
    Changes {
        patients_seen: of(|n| n.patients_seen),
        average_wait_minutes: of(|n| n.average_wait_minutes),
        average_visit_minutes: of(|n| n.average_visit_minutes),
        tasks_by_staff: of(|n| n.tasks_by_staff),
        tasks_by_agent: of(|n| n.tasks_by_agent),
        actions_completed: of(|n| n.actions_completed),
        sessions: of(|n| n.sessions),
        turnovers: of(|n| n.turnovers),
        average_cleaning_wait_minutes: of(|n| n.average_cleaning_wait_minutes),
        room_utilization_ratio: of(|n| n.room_utilization_ratio),
    }
}
