//! Doctors.

use serde::{Deserialize, Serialize};

use super::entity::first_revision;
use super::id::DoctorId;

/// A doctor of the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doctor {
    /// The clinic's own id, such as `doc-001`.
    pub id: DoctorId,
    /// The name that staff use.
    pub name: String,
    /// What the doctor practises, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
    /// Counts its changes.
    #[serde(default = "first_revision")]
    pub revision: u64,
}
