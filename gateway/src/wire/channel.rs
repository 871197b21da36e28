//! Channels: what a client subscribes to, and whom an event concerns. The seed's wire calls a channel `room`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::domain::event::{Committed, Event};
use crate::domain::id::{DoctorId, HospitalId, PatientId, TaskId};
use crate::domain::role::{Role, Topic};

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// One topic of the clinic.
    Of(Topic),
    /// Everything that the listener's role may hear, each event once.
    All,
    /// What concerns one doctor.
    Doctor(DoctorId),
    /// Everything of the clinics of one hospital.
    Hospital(HospitalId),
    /// What concerns one patient.
    Patient(PatientId),
    /// One task.
    Task(TaskId),
}

impl Channel {
    /// What the channel carries to a listener of `role`: all of some topics, or what concerns one thing.
    pub fn topics(&self, role: Role) -> Topics {
        match self {
            Channel::Of(topic) => Topics::of(*topic),
            Channel::All | Channel::Hospital(_) => Topics::heard_by(role),
            Channel::Doctor(_) | Channel::Patient(_) | Channel::Task(_) => Topics::default(),
        }
    }

    /// True when what the channel shows may be about patients: rooms are.
    pub fn has_patients(&self) -> bool {
        match self {
            Channel::Of(topic) => *topic == Topic::Facility,
            Channel::All | Channel::Doctor(_) | Channel::Hospital(_) | Channel::Patient(_) => true,
            Channel::Task(_) => false,
        }
    }

    /// True when a subscription brings a listener of `role` what concerns `audience`.
    pub fn brings(&self, audience: &Audience, role: Role) -> bool {
        match self {
            Channel::Of(_) | Channel::All | Channel::Hospital(_) => self.topics(role).meet(audience.topics),
            Channel::Doctor(id) => audience.doctors.iter().flatten().any(|other| other == id),
            Channel::Patient(id) => audience.patients.iter().flatten().any(|other| other == id),
            Channel::Task(id) => audience.task.as_ref() == Some(id),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Channel::Of(topic) => f.write_str(topic.as_str()),
            Channel::All => f.write_str("all"),
            Channel::Doctor(id) => write!(f, "doctor:{id}"),
            Channel::Hospital(id) => write!(f, "hospital:{id}"),
            Channel::Patient(id) => write!(f, "patient:{id}"),
            Channel::Task(id) => write!(f, "task:{id}"),
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// No channel has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no such channel; the channels are facility, actions, tasks, alerts, cameras, system, metrics, all, and \
     doctor:<id>, hospital:<id>, patient:<id>, task:<id>"
)]
pub struct UnknownChannel;

impl FromStr for Channel {
    type Err = UnknownChannel;

    fn from_str(text: &str) -> Result<Self, UnknownChannel> {
        let named = match text.split_once(':') {
            None if text == "all" => Some(Channel::All),
            None => Topic::EVERY.into_iter().find(|topic| topic.as_str() == text).map(Channel::Of),
            Some(("doctor", id)) => id.parse().ok().map(Channel::Doctor),
            Some(("hospital", id)) => id.parse().ok().map(Channel::Hospital),
            Some(("patient", id)) => id.parse().ok().map(Channel::Patient),
            Some(("task", id)) => id.parse().ok().map(Channel::Task),
            Some(_) => None,
        };
        named.ok_or(UnknownChannel)
    }
}

/// A set of topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Topics(u8);

impl Topics {
    /// One topic.
    pub const fn of(topic: Topic) -> Self {
        Self(1 << topic as u8)
    }

    /// Every topic that `role` may hear.
    pub fn heard_by(role: Role) -> Self {
        Topic::EVERY
            .into_iter()
            .filter(|topic| role.hears(*topic))
            .fold(Self(0), |all, it| all.and(Self::of(it)))
    }

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when some topic is in both.
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whom an event concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// Where the event is at home: the `room` of its frame.
    pub home: Topic,
    /// The topics that carry it.
    pub topics: Topics,
    /// The doctor that it is about, and the one that it was about before.
    pub doctors: [Option<DoctorId>; 2],
    /// The patient that it is about, and the one that it was about before.
    pub patients: [Option<PatientId>; 2],
    /// The task that it is about.
    pub task: Option<TaskId>,
}

impl Audience {
    /// Whom `committed` concerns; `None` for what is not for clients.
    pub fn of(committed: &Committed) -> Option<Self> {
        let home = home_of(&committed.event)?;
        let (mut topics, mut task) = (Topics::of(home), None);
        match &committed.event {
            Event::CameraUpdated(_) | Event::CameraRemoved(_) => {
                topics = topics.and(Topics::of(Topic::System))
            }
            Event::TaskCreated(it) | Event::TaskUpdated(it) => task = Some(it.id.clone()),
            Event::TaskDeleted(id) => task = Some(id.clone()),
            _ => {}
        }
        let concerned = committed.event.concerns();
        Some(Self {
            home,
            topics,
            doctors: [concerned.doctor, committed.before.doctor.clone()],
            patients: [concerned.patient, committed.before.patient.clone()],
            task,
        })
    }
}

/// The topic of an event; `None` for what is not for clients.
fn home_of(event: &Event) -> Option<Topic> {
    match event {
        Event::RoomCreated(_)
        | Event::RoomUpdated(_)
        | Event::RoomDeleted(_)
        | Event::EquipmentCreated(_)
        | Event::EquipmentUpdated(_)
        | Event::EquipmentDeleted(_) => Some(Topic::Facility),
        Event::ActionCreated(_) | Event::ActionUpdated(_) | Event::ActionDeleted(_) => Some(Topic::Actions),
        Event::TaskCreated(_) | Event::TaskUpdated(_) | Event::TaskDeleted(_) => Some(Topic::Tasks),
        Event::AlarmRaised(_) | Event::AlarmCleared(_) | Event::AlarmAcknowledged(_) => Some(Topic::System),
        Event::CameraUpdated(_) | Event::CameraRemoved(_) => Some(Topic::Cameras),
        Event::DeviceUpdated(_) | Event::DeviceRemoved(_) => Some(Topic::System),
        Event::GatewayStarted { .. }
        | Event::ClockStepped { .. }
        | Event::ClinicImported
        | Event::DoctorCreated(_)
        | Event::AutomationChanged(_)
        | Event::AgentChanged(_)
        | Event::VisitUpdated(_)
        | Event::VisitClosed(_)
        | Event::DoctorUpdated(_)
        | Event::DoctorDeleted(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_read_as_it_is_written_and_named_in_the_error() {
        for topic in Topic::EVERY {
            assert_eq!(topic.as_str().parse(), Ok(Channel::Of(topic)));
            assert!(UnknownChannel.to_string().contains(topic.as_str()));
        }
        for text in ["all", "doctor:doc-001", "hospital:st-mary", "patient:pat-1", "task:0190-a"] {
            let channel: Channel = text.parse().unwrap();
            assert_eq!(channel.to_string(), text);
            assert_eq!(serde_json::to_value(&channel).unwrap(), text);
        }
        for text in ["Facility", "", "doctor:", "doctor:a b", "nurse:n-1", "doctor"] {
            assert_eq!(text.parse::<Channel>(), Err(UnknownChannel), "{text}");
        }
    }

    #[test]
    fn every_topic_has_a_place_in_the_set() {
        let apart = Topic::EVERY.iter().all(|one| {
            Topic::EVERY.iter().all(|other| Topics::of(*one).meet(Topics::of(*other)) == (one == other))
        });
        assert!(apart);
        assert_eq!(Topics::heard_by(Role::Device), Topics::default());
    }
}
