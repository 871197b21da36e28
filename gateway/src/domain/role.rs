//! Roles: who may change what, hear what and see what. One table, in this file; doors, documents and
//! `caresync-gateway roles` all read it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::view::View;

/// What a person or machine is in the clinic.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the system: everything, audited.
    Admin,
    /// Leads the clinic.
    HeadDoctor,
    /// Treats patients.
    Doctor,
    /// Cares for patients.
    Nurse,
    /// Works for the doctors that the account names.
    MedicalAssistant,
    /// The desk: calls for help, looks after equipment.
    Operator,
    /// Only looks.
    Viewer,
    /// A wall screen.
    Kiosk,
    /// A vision system or sensor.
    Device,
    /// The CLAW agent.
    Agent,
    /// Another gateway of the clinic.
    Peer,
}

use Role::{
    Admin, Agent, Device, Doctor, HeadDoctor, Kiosk, MedicalAssistant, Nurse, Operator, Peer, Viewer,
};

impl Role {
    /// Every role, people first.
    pub const EVERY: [Role; 11] =
        [Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator, Viewer, Kiosk, Device, Agent, Peer];

    /// The role as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Admin => "admin",
            HeadDoctor => "head_doctor",
            Doctor => "doctor",
            Nurse => "nurse",
            MedicalAssistant => "medical_assistant",
            Operator => "operator",
            Viewer => "viewer",
            Kiosk => "kiosk",
            Device => "device",
            Agent => "agent",
            Peer => "peer",
        }
    }

    /// True for a role that an account of a person can have.
    pub fn is_of_a_person(self) -> bool {
        match self {
            Admin | HeadDoctor | Doctor | Nurse | MedicalAssistant | Operator | Viewer => true,
            Kiosk | Device | Agent | Peer => false,
        }
    }

    /// How much this role sees. Doctors and nurses see the whole of their own patients besides, once patients
    /// are kept.
    pub fn view(self) -> View {
        match self {
            Admin | HeadDoctor | Peer => View::Full,
            Doctor | Nurse | MedicalAssistant | Operator => View::Limited,
            Viewer | Kiosk => View::DeIdentified,
            Agent => View::Machine,
            Device => View::Nothing,
        }
    }

    /// True when this role may do `verb`.
    pub fn may(self, verb: Verb) -> bool {
        verb.roles().contains(&self)
    }

    /// True when this role may hear `topic`.
    pub fn hears(self, topic: Topic) -> bool {
        topic.roles().contains(&self)
    }

    /// True when this role may hear channels of this kind.
    pub fn hears_named(self, named: Named) -> bool {
        named.roles().contains(&self)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No role has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role; the roles are {}", Role::EVERY.map(Role::as_str).join(", "))]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Role::EVERY.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// What can be done, in groups that a role has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Say how a room is, pause its sensing.
    Rooms,
    /// Say how equipment does, log its maintenance.
    Equipment,
    /// Write, take and close action items.
    Actions,
    /// Write, move and remark on tasks.
    Tasks,
    /// Say who came, was seen and left.
    PatientFlow,
    /// Acknowledge technical alarms.
    Alarms,
    /// Create, rename and retire rooms, equipment and doctors.
    Catalogue,
    /// Choose what sensors may do by themselves.
    Automation,
    /// Report what a sensor observes.
    Observe,
    /// Log out, change the own password.
    OwnAccess,
    /// Users, tokens, keys of others; the audit trail; the journal.
    Administration,
    /// Timers, start-up, health: the gateway itself.
    Own,
}

const STAFF: &[Role] = &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant];
const PEOPLE: &[Role] = &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator, Viewer];

impl Verb {
    /// Every verb, in the order of the table.
    pub const EVERY: [Verb; 12] = [
        Verb::Rooms,
        Verb::Equipment,
        Verb::Actions,
        Verb::Tasks,
        Verb::PatientFlow,
        Verb::Alarms,
        Verb::Catalogue,
        Verb::Automation,
        Verb::Observe,
        Verb::OwnAccess,
        Verb::Administration,
        Verb::Own,
    ];

    /// Who may do it: role x command, the table.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Verb::Rooms => STAFF,
            Verb::Equipment => &[Admin, HeadDoctor, Nurse, MedicalAssistant, Operator],
            Verb::Actions | Verb::Tasks => &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Agent],
            Verb::PatientFlow => &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Device],
            Verb::Alarms => &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator],
            Verb::Catalogue | Verb::Automation => &[Admin, HeadDoctor],
            Verb::Observe => &[Admin, Device],
            Verb::OwnAccess => PEOPLE,
            Verb::Administration => &[Admin],
            Verb::Own => &[Admin],
        }
    }

    /// The verb in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Rooms => "rooms",
            Verb::Equipment => "equipment",
            Verb::Actions => "actions",
            Verb::Tasks => "tasks",
            Verb::PatientFlow => "patient_flow",
            Verb::Alarms => "alarms",
            Verb::Catalogue => "catalogue",
            Verb::Automation => "automation",
            Verb::Observe => "observe",
            Verb::OwnAccess => "own_access",
            Verb::Administration => "administration",
            Verb::Own => "own",
        }
    }
}

/// What can be heard and listed. A channel of the hub carries one topic; `all` carries each that one hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Rooms, equipment, doctors.
    Facility,
    /// Action items.
    Actions,
    /// Tasks.
    Tasks,
    /// Cameras' health.
    Cameras,
    /// Technical alarms, the gateway's health.
    System,
    /// Utilisation and day metrics, and readings.
    Metrics,
    /// Clinical alerts.
    Alerts,
}

impl Topic {
    /// Every topic, in the order of the table.
    pub const EVERY: [Topic; 7] = [
        Topic::Facility,
        Topic::Actions,
        Topic::Tasks,
        Topic::Cameras,
        Topic::System,
        Topic::Metrics,
        Topic::Alerts,
    ];

    /// Who may hear it: role x channel, the table.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Topic::Facility | Topic::Actions | Topic::Tasks | Topic::Alerts => {
                &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator, Viewer, Kiosk, Agent, Peer]
            }
            Topic::Cameras | Topic::System | Topic::Metrics => {
                &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator, Viewer, Kiosk, Peer]
            }
        }
    }

    /// The topic in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Topic::Facility => "facility",
            Topic::Actions => "actions",
            Topic::Tasks => "tasks",
            Topic::Cameras => "cameras",
            Topic::System => "system",
            Topic::Metrics => "metrics",
            Topic::Alerts => "alerts",
        }
    }
}

/// Channels of one thing; who may hear which thing's is decided with the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// What concerns one doctor: for the doctor, and for those who manage them.
    Doctor,
    /// What concerns one patient.
    Patient,
    /// One task.
    Task,
    /// Everything of the clinics of one hospital: for this clinic's own.
    Hospital,
}

impl Named {
    /// Every kind, in the order of the table.
    pub const EVERY: [Named; 4] = [Named::Doctor, Named::Patient, Named::Task, Named::Hospital];

    /// Who may hear such a channel at all: role x named channel, the table.
    pub fn roles(self) -> &'static [Role] {
        match self {
            // Whoever's account names a doctor, or doctors that it manages.
            Named::Doctor => PEOPLE,
            // People who see patients' ids.
            Named::Patient => &[Admin, HeadDoctor, Doctor, Nurse, MedicalAssistant, Operator],
            Named::Task => Topic::Tasks.roles(),
            Named::Hospital => Topic::Facility.roles(),
        }
    }

    /// The kind as channels spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Named::Doctor => "doctor",
            Named::Patient => "patient",
            Named::Task => "task",
            Named::Hospital => "hospital",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::view::Class;

    #[test]
    fn every_role_is_read_as_it_is_written() {
        for role in Role::EVERY {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }

    #[test]
    fn who_only_looks_changes_nothing_but_the_own_access() {
        for verb in Verb::EVERY {
            assert!(!Kiosk.may(verb), "{verb:?}");
            assert!(!Viewer.may(verb) || verb == Verb::OwnAccess, "{verb:?}");
            assert!(Admin.may(verb), "{verb:?}");
        }
    }

    #[test]
    fn a_patients_channel_is_for_people_who_see_patients_ids() {
        for role in Role::EVERY {
            let sees = role.is_of_a_person() && role.view().shows(Class::PatientId);
            assert_eq!(Named::Patient.roles().contains(&role), sees, "{role}");
        }
    }

    #[test]
    fn who_sees_nothing_hears_nothing() {
        for role in Role::EVERY {
            let hears_something = Topic::EVERY.iter().any(|topic| role.hears(*topic));
            assert_eq!(hears_something, role.view() != View::Nothing, "{role}");
        }
    }
}
