//! What is published, and where.
//!
//! An id of the clinic is a level of a topic as it is: its letters are fit for that. Home Assistant's ids take fewer,
//! so there `.` and `:` become `_`, and a short digest of the id keeps two of them apart.

use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::Publication;
use crate::domain::id::{AlarmId, EquipmentId, RoomId};

/// The gateway's will and its birth, and how available a room's occupancy is.
pub const ONLINE: &str = "online";
/// The opposite of [`ONLINE`].
pub const OFFLINE: &str = "offline";

/// One thing that is published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// How Home Assistant finds the gateway.
    GatewayDiscovery,
    /// How it finds a room.
    RoomDiscovery(RoomId),
    /// How it finds a piece of equipment.
    EquipmentDiscovery(EquipmentId),
    /// A discovery that the broker has retained, by Home Assistant's id: perhaps of a thing that is gone.
    RetainedDiscovery(Arc<str>),
    /// How many rooms, pieces and alarms are how.
    Summary,
    /// How a room is.
    RoomState(RoomId),
    /// Whether somebody is in it.
    RoomOccupancy(RoomId),
    /// Whether anything that can be trusted says so.
    RoomAvailability(RoomId),
    /// How a piece of equipment does.
    EquipmentState(EquipmentId),
    /// A technical alarm, while it stands.
    Alarm(AlarmId),
}

/// Where this gateway publishes.
#[derive(Clone, Debug)]
pub struct Topics {
    base: String,
    discovery_prefix: Option<String>,
    object: String,
}

impl Topics {
    /// Everything below `base_topic` (`caresync/clinic-1`); discovery below `discovery_prefix`, or none of it.
    ///
    /// `gateway` is the facility's id. Letters that Home Assistant's ids do not take are mapped, `_` too: in what follows,
    /// `_` ends the gateway's part, so that no two gateways of one broker make the same id.
    pub fn new(base_topic: &str, gateway: &str, discovery_prefix: Option<&str>) -> Self {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        Self {
            base: base_topic.to_owned(),
            discovery_prefix: discovery_prefix.map(str::to_owned),
            object: format!("caresync_{}", plain(gateway, '-', is_plain)),
        }
    }

    /// The gateway's own `online` and `offline`: the topic of the link's will.
    pub fn status(&self) -> String {
        format!("{}/status", self.base)
    }

    /// What the link publishes under [`Topics::status`] once it is connected, what it publishes before it disconnects,
    /// and its will.
    pub fn status_publication(&self, is_online: bool) -> Publication {
        let word = if is_online { ONLINE } else { OFFLINE };
        Publication::fact(self.status(), Bytes::from_static(word.as_bytes()))
    }

    /// Where Home Assistant says that it has come; `None` without discovery.
    pub fn home_assistant_status(&self) -> Option<String> {
        self.discovery_prefix.as_ref().map(|prefix| format!("{prefix}/status"))
    }

    /// What the link subscribes to for commands, at QoS 1.
    pub fn command_filters(&self) -> Vec<String> {
        ["room", "equipment", "alarm"].map(|noun| format!("{}/{noun}/+/set", self.base)).into()
    }

    /// What the link subscribes to once after it is connected, to learn what the broker has retained of an earlier life.
    pub fn retained_filters(&self) -> Vec<String> {
        let mut filters: Vec<String> =
            ["room/+/+", "equipment/+/+", "alarm/+"].map(|below| format!("{}/{below}", self.base)).into();
        filters.extend(self.discovery_prefix.as_ref().map(|prefix| format!("{prefix}/device/+/config")));
        filters
    }

    /// The name of `topic`; `None` for discovery where there is none.
    pub fn name(&self, topic: &Topic) -> Option<String> {
        let below = match topic {
            Topic::GatewayDiscovery
            | Topic::RoomDiscovery(_)
            | Topic::EquipmentDiscovery(_)
            | Topic::RetainedDiscovery(_) => {
                let prefix = self.discovery_prefix.as_ref()?;
                return self.object_id(topic).map(|object| format!("{prefix}/device/{object}/config"));
            }
            Topic::Summary => "summary".into(),
            Topic::RoomState(id) => format!("room/{id}/state"),
            Topic::RoomOccupancy(id) => format!("room/{id}/occupancy"),
            Topic::RoomAvailability(id) => format!("room/{id}/availability"),
            Topic::EquipmentState(id) => format!("equipment/{id}/state"),
            Topic::Alarm(id) => format!("alarm/{id}"),
        };
        Some(format!("{}/{below}", self.base))
    }

    /// What this gateway publishes under `name`, if it publishes there at all.
    pub fn parse(&self, name: &str) -> Option<Topic> {
        if let Some(object) = self.discovered(name) {
            return Some(Topic::RetainedDiscovery(object.into()));
        }
        let levels: Vec<&str> = name.strip_prefix(&self.base)?.strip_prefix('/')?.split('/').collect();
        match levels[..] {
            ["summary"] => Some(Topic::Summary),
            ["room", id, "state"] => id.parse().ok().map(Topic::RoomState),
            ["room", id, "occupancy"] => id.parse().ok().map(Topic::RoomOccupancy),
            ["room", id, "availability"] => id.parse().ok().map(Topic::RoomAvailability),
            ["equipment", id, "state"] => id.parse().ok().map(Topic::EquipmentState),
            ["alarm", id] => id.parse().ok().map(Topic::Alarm),
            _ => None,
        }
    }

    /// The noun and the id of a topic that commands come in by.
    pub(super) fn command<'a>(&self, name: &'a str) -> Option<(&'a str, &'a str)> {
        let levels: Vec<&str> = name.strip_prefix(&self.base)?.strip_prefix('/')?.split('/').collect();
        match levels[..] {
            [noun @ ("room" | "equipment" | "alarm"), id, "set"] => Some((noun, id)),
            _ => None,
        }
    }

    /// Home Assistant's id of what `topic` lets it find.
    pub(super) fn object_id(&self, topic: &Topic) -> Option<String> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let of = |noun, id| format!("{}_{noun}_{}", self.object, plain(id, '_', is_plain));
        match topic {
            Topic::GatewayDiscovery => Some(self.object.clone()),
            Topic::RoomDiscovery(id) => Some(of("room", id.as_str())),
            Topic::EquipmentDiscovery(id) => Some(of("equipment", id.as_str())),
            Topic::RetainedDiscovery(object) => Some(object.as_ref().into()),
            Topic::Summary
            | Topic::RoomState(_)
            | Topic::RoomOccupancy(_)
            | Topic::RoomAvailability(_)
            | Topic::EquipmentState(_)
            | Topic::Alarm(_) => None,
        }
    }

    /// Home Assistant's id in `name`, if this gateway made it.
    fn discovered<'a>(&self, name: &'a str) -> Option<&'a str> {
        let below = name.strip_prefix(self.discovery_prefix.as_ref()?)?;
        let object = below.strip_prefix("/device/")?.strip_suffix("/config")?;
        let own = object.strip_prefix(&self.object)?;
        let is_own = own.is_empty() || own.starts_with("_room_") || own.starts_with("_equipment_");
        (is_own && !object.contains('/')).then_some(object)
    }
}

/// `text` with `filler` in the place of every letter that is not plain. What was mapped ends in a digest of the whole
/// text, and so does what looks like it: what has no digest at its end was never mapped.
fn plain(text: &str, filler: char, is_plain: impl Fn(char) -> bool) -> String {
    const DIGITS: usize = 8;
    let looks_mapped = text.rsplit_once(filler).is_some_and(|(_, end)| {
        end.len() == DIGITS
            && end.bytes().all(|letter| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter))
    });
    if !looks_mapped && !text.is_empty() && text.chars().all(&is_plain) {
        return text.to_owned();
    }
    let mapped: String = text.chars().map(|letter| if is_plain(letter) { letter } else { filler }).collect();
    let digest = Sha256::digest(text.as_bytes());
    let digits: String = digest.iter().take(DIGITS / 2).map(|byte| format!("{byte:02x}")).collect();
    format!("{mapped}{filler}{digits}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn topics() -> Topics {
        Topics::new("caresync/clinic-1", "clinic-1", Some("homeassistant"))
    }

    fn room(id: &str) -> RoomId {
        id.parse().unwrap()
    }

    #[test]
    fn a_name_leads_back_to_what_it_is_about() {
        let equipment: EquipmentId = "eq:1".parse().unwrap();
        let every = [
            Topic::Summary,
            Topic::RoomState(room("a.b")),
            Topic::RoomOccupancy(room("room-1")),
            Topic::RoomAvailability(room("room-1")),
            Topic::EquipmentState(equipment),
            Topic::Alarm("camera_lost:cam-1".parse().unwrap()),
        ];
        for topic in every {
            let name = topics().name(&topic).unwrap();
            assert_eq!(topics().parse(&name), Some(topic), "{name}");
        }
        for foreign in [
            "caresync/clinic-1",
            "caresync/clinic-1/status",
            "caresync/clinic-1/room/room-1/set",
            "caresync/clinic-1/room/å/state",
            "caresync/clinic-10/room/room-1/state",
            "homeassistant/device/caresync_clinic-10/config",
            "homeassistant/device/caresync_clinic-10_room_1/config",
            "homeassistant/device/other/config",
            "homeassistant/device/caresync_clinic-1_room_a/b/config",
        ] {
            assert_eq!(topics().parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_discovery_that_the_broker_kept_is_known_by_its_id() {
        for topic in [Topic::GatewayDiscovery, Topic::RoomDiscovery(room("room:1"))] {
            let name = topics().name(&topic).unwrap();
            let kept = topics().parse(&name).unwrap();
            assert_eq!(topics().name(&kept), Some(name));
            assert!(matches!(kept, Topic::RetainedDiscovery(_)), "{kept:?}");
        }
        let without = Topics::new("caresync/clinic-1", "clinic-1", None);
        assert_eq!(without.name(&Topic::GatewayDiscovery), None);
        assert_eq!(without.parse("homeassistant/device/caresync_clinic-1/config"), None);
    }

    #[test]
    fn ids_of_home_assistant_are_plain_and_never_collide() {
        let gateways = ["a", "a_room", "a-room", "a.room", "Zürich #1", "", "a-room-01234567"];
        let ids = ["x", "room_x", "a.b", "a:b", "a_b", "a-b", "a_b_01234567", "a_b_a2b8ad29"];
        let mut made = BTreeSet::new();
        for gateway in gateways {
            let topics = Topics::new("caresync/x", gateway, Some("homeassistant"));
            let mut topics_of = vec![Topic::GatewayDiscovery];
            topics_of.extend(ids.map(|id| Topic::RoomDiscovery(room(id))));
            topics_of.extend(ids.map(|id| Topic::EquipmentDiscovery(id.parse().unwrap())));
            // An id that looks exactly like a mapped one.
            let mapped = topics.object_id(&Topic::RoomDiscovery(room("a.b"))).unwrap();
            let tail = mapped.rsplit_once("_room_").unwrap().1;
            topics_of.push(Topic::RoomDiscovery(room(tail)));
            for topic in topics_of {
                let object = topics.object_id(&topic).unwrap();
                let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                assert!(object.bytes().all(is_plain), "{object}");
                assert!(made.insert(object.clone()), "{object} twice, by {gateway:?} and {topic:?}");
            }
        }
    }

    #[test]
    fn an_id_that_needs_no_mapping_stays_readable() {
        let object = topics().object_id(&Topic::RoomDiscovery(room("exam-1"))).unwrap();
        assert_eq!(object, "caresync_clinic-1_room_exam-1");
    }
}
