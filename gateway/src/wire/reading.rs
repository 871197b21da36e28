//! The shape of readings. They show nothing of patients: every view is the same.

use serde::Serialize;
use utoipa::ToSchema;

use super::schema::Time;
use crate::domain::reading::Reading;
use crate::domain::time::Timestamp;

/// The newest value of a series.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Reading)]
pub struct ReadingBody {
    /// What is measured: `equipment|room|environment|device:<id>:<quantity>`.
    #[schema(example = "equipment:eq-1:power")]
    pub series: String,
    /// How much.
    pub value: f64,
    /// The unit as people write it; empty for a bare number.
    #[schema(value_type = String, example = "W")]
    pub unit: &'static str,
    /// When it was measured.
    #[schema(value_type = Time)]
    pub at: Timestamp,
}

impl From<&Reading> for ReadingBody {
    fn from(reading: &Reading) -> Self {
        let Reading { series, value, at } = reading;
        Self { series: series.to_string(), value: *value, unit: series.quantity.unit(), at: *at }
    }
}
