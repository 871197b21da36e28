//! Views: which fields of a thing a role sees. A field that the table does not name is seen by nobody.

use serde::{Deserialize, Serialize};

/// How much is seen.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Everything.
    Full,
    /// No patient field but the id.
    Limited,
    /// No patient field at all, no note and no free text. Staff, rooms and equipment stay.
    DeIdentified,
    /// Ids, enums, numbers and times: for programs that must not be talked into anything.
    Machine,
    /// The same without any patient's id: for systems that are only told that something happened.
    Thin,
    /// Nothing.
    Nothing,
}

impl View {
    /// Every view that shows something.
    pub const EVERY: [View; 5] = [View::Full, View::Limited, View::DeIdentified, View::Machine, View::Thin];

    /// The view in words.
    pub fn as_str(self) -> &'static str {
        match self {
            View::Full => "full",
            View::Limited => "limited",
            View::DeIdentified => "de-identified",
            View::Machine => "machine",
            View::Thin => "thin",
            View::Nothing => "nothing",
        }
    }

    /// True when this view shows fields of `class`.
    pub fn shows(self, class: Class) -> bool {
        match class {
            Class::Fact => self != View::Nothing,
            Class::Words => matches!(self, View::Full | View::Limited | View::DeIdentified),
            Class::FreeText => matches!(self, View::Full | View::Limited),
            Class::PatientId => matches!(self, View::Full | View::Limited | View::Machine),
        }
    }
}

/// What a field is, for who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Ids of what belongs to the clinic, enums, numbers, times.
    Fact,
    /// Names of rooms, equipment and staff, and sentences that the gateway makes.
    Words,
    /// What somebody typed: it can hold anything, a patient's name too.
    FreeText,
    /// A patient's id.
    PatientId,
}

/// A kind of thing that the wire shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A room.
    Room,
    /// A piece of equipment.
    Equipment,
    /// A doctor.
    Doctor,
    /// An action item.
    Action,
    /// A task.
    Task,
    /// A technical alarm.
    Alarm,
    /// A camera's health.
    Camera,
    /// A bound device.
    Device,
}

impl Kind {
    /// Every kind, in the order of the table.
    pub const EVERY: [Kind; 8] = [
        Kind::Room,
        Kind::Equipment,
        Kind::Doctor,
        Kind::Action,
        Kind::Task,
        Kind::Alarm,
        Kind::Camera,
        Kind::Device,
    ];

    /// The kind in the clinic's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Room => "room",
            Kind::Equipment => "equipment",
            Kind::Doctor => "doctor",
            Kind::Action => "action",
            Kind::Task => "task",
            Kind::Alarm => "alarm",
            Kind::Camera => "camera",
            Kind::Device => "device",
        }
    }

    /// The fields of this kind as the wire spells them, and what each is: entity x field, the table.
    pub fn fields(self) -> &'static [(&'static str, Class)] {
        use Class::{Fact, FreeText, PatientId, Words};
        match self {
            Kind::Room => &[
                ("id", Fact),
                ("name", Words),
                ("type", Fact),
                ("status", Fact),
                ("readiness", Fact),
                ("occupancy", Fact),
                ("occupancy.why", Words),
                ("current_doctor_id", Fact),
                ("current_patient_id", PatientId),
                ("estimated_available_at", Fact),
                ("since", Fact),
                ("last_updated", Fact),
                ("revision", Fact),
            ],
            Kind::Equipment => &[
                ("id", Fact),
                ("name", Words),
                ("type", Words),
                ("profile", Fact),
                ("room_id", Fact),
                ("status", Fact),
                ("last_maintenance_date", Fact),
                ("next_maintenance_date", Fact),
                ("log", FreeText),
                ("since", Fact),
                ("last_updated", Fact),
                ("revision", Fact),
            ],
            Kind::Doctor => &[("id", Fact), ("name", Words), ("specialty", Words), ("revision", Fact)],
            Kind::Action => &[
                ("id", Fact),
                ("type", Fact),
                ("urgency", Fact),
                ("title", FreeText),
                ("description", FreeText),
                ("context", FreeText),
                ("reasoning", FreeText),
                ("suggested_actions", FreeText),
                ("status", Fact),
                ("doctor_id", Fact),
                ("room_id", Fact),
                ("equipment_id", Fact),
                ("assigned_to", Fact),
                ("created_at", Fact),
                ("created_by", Fact),
                ("completed_at", Fact),
                ("completed_by", Fact),
                ("time_waiting", Fact),
                ("revision", Fact),
            ],
            Kind::Task => &[
                ("id", Fact),
                ("type", Words),
                ("description", FreeText),
                ("priority", Fact),
                ("assignee", Fact),
                ("status", Fact),
                ("doctor_id", Fact),
                ("room_id", Fact),
                ("equipment_id", Fact),
                ("estimated_duration", Fact),
                ("reasoning", FreeText),
                ("start_time", Fact),
                ("end_time", Fact),
                ("notes", FreeText),
                ("created_by", Fact),
                ("synthetic", Fact),
                ("expires_at", Fact),
                ("answer_by", Fact),
                ("revision", Fact),
            ],
            Kind::Alarm => &[
                ("id", Fact),
                ("cause", Fact),
                ("subject", Fact),
                ("text", Words),
                ("remedy", Words),
                ("children", Fact),
                ("raised_at", Fact),
                ("cleared_at", Fact),
                ("acknowledged_by", Fact),
            ],
            Kind::Camera => &[
                ("id", Fact),
                ("room_id", Fact),
                ("health", Fact),
                ("since", Fact),
                ("synthetic", Fact),
                ("method", Fact),
                ("trouble", Words),
            ],
            Kind::Device => &[
                ("id", Fact),
                ("target", Fact),
                ("health", Fact),
                ("since", Fact),
                ("online", Fact),
                ("last_seen", Fact),
                ("battery", Fact),
                ("battery_low", Fact),
                ("link_quality", Fact),
                ("flapping", Fact),
                ("stuck", Fact),
            ],
        }
    }
}
