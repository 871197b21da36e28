//! How Home Assistant finds the gateway, its rooms and its equipment: one retained document per device, as its MQTT
//! integration takes them from 2024.11 on. Pure.
//!
//! Everything of a device is unavailable while the gateway is. Of a room, only the occupancy is unavailable besides when
//! nothing that can be trusted tells it: that the room waits for cleaning is known all the same.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::OCCUPANCY_EXPIRES_AFTER;
use super::state;
use super::topics::{OFFLINE, ONLINE, Topic, Topics};
use crate::domain::equipment::{Equipment, EquipmentStatus};
use crate::domain::id::RoomId;
use crate::domain::room::{Room, RoomKind, RoomStatus};
use crate::domain::state::State;

/// What a sensor of a room's status can say. `unknown` is not among them: Home Assistant has a word of its own for it.
const ROOM_STATUSES: [RoomStatus; 4] =
    [RoomStatus::Available, RoomStatus::Occupied, RoomStatus::NeedsCleaning, RoomStatus::Maintenance];
/// What a sensor of a piece of equipment can say.
const EQUIPMENT_STATUSES: [EquipmentStatus; 4] = [
    EquipmentStatus::Operational,
    EquipmentStatus::InUse,
    EquipmentStatus::NeedsMaintenance,
    EquipmentStatus::Offline,
];

/// The document of `topic` for a gateway that is called `gateway_name`; `None` when there is no such thing (any more),
/// and for what is no discovery.
pub fn document(topic: &Topic, state: &State, topics: &Topics, gateway_name: &str) -> Option<Bytes> {
    let makes = Makes { topics, gateway_name };
    let document = match topic {
        Topic::GatewayDiscovery => makes.gateway(),
        Topic::RoomDiscovery(id) => makes.room(state.rooms.get(id)?),
        Topic::EquipmentDiscovery(id) => makes.equipment(state.equipment.get(id)?, state),
        // The document of a thing that is still there stands under its own topic.
        Topic::RetainedDiscovery(_)
        | Topic::Summary
        | Topic::RoomState(_)
        | Topic::RoomOccupancy(_)
        | Topic::RoomAvailability(_)
        | Topic::EquipmentState(_)
        | Topic::Alarm(_) => return None,
    };
    Some(state::json(&document))
}

struct Makes<'a> {
    topics: &'a Topics,
    gateway_name: &'a str,
}

impl Makes<'_> {
    fn gateway(&self) -> Value {
        let id = self.id(&Topic::GatewayDiscovery);
        let alarms = json!({
            "platform": "sensor",
            "unique_id": format!("{id}_alarms"),
            "name": "Alarms",
            "state_class": "measurement",
            "entity_category": "diagnostic",
            "state_topic": self.topics.name(&Topic::Summary),
            "value_template": "{{ value_json.alarms.standing }}",
            "json_attributes_topic": self.topics.name(&Topic::Summary),
            "availability": [self.of_gateway()],
            "availability_mode": "all",
        });
        // Without availability: it is what says that the gateway is gone.
        let connection = json!({
            "platform": "binary_sensor",
            "unique_id": format!("{id}_connection"),
            "name": "Connection",
            "device_class": "connectivity",
            "entity_category": "diagnostic",
            "state_topic": self.topics.status(),
            "payload_on": ONLINE,
            "payload_off": OFFLINE,
        });
        json!({
            "device": {
                "identifiers": [id],
                "name": self.gateway_name,
                "manufacturer": "CareSync",
                "model": "Gateway",
                "sw_version": env!("CARGO_PKG_VERSION"),
            },
            "origin": origin(),
            "components": {"alarms": alarms, "connection": connection},
            "qos": 1,
        })
    }

    fn room(&self, room: &Room) -> Value {
        let id = self.id(&Topic::RoomDiscovery(room.id.clone()));
        let availability = self.topics.name(&Topic::RoomAvailability(room.id.clone()));
        let occupancy = json!({
            "platform": "binary_sensor",
            "unique_id": format!("{id}_occupancy"),
            "name": "Occupancy",
            "device_class": "occupancy",
            "state_topic": self.topics.name(&Topic::RoomOccupancy(room.id.clone())),
            "payload_on": state::OCCUPIED,
            "payload_off": state::EMPTY,
            "expire_after": OCCUPANCY_EXPIRES_AFTER.as_secs(),
            "availability": [self.of_gateway(), {"topic": availability}],
            "availability_mode": "all",
        });
        let told = self.topics.name(&Topic::RoomState(room.id.clone()));
        let status = json!({
            "platform": "sensor",
            "unique_id": format!("{id}_status"),
            "name": "Status",
            "device_class": "enum",
            "options": ROOM_STATUSES.map(state::room_word),
            "state_topic": told,
            "value_template": "{{ None if value_json.status == 'unknown' else value_json.status }}",
            "json_attributes_topic": told,
        });
        let area = Some(room.name.as_str());
        let components = json!({"occupancy": occupancy, "status": status});
        self.thing(&id, &room.name, room_model(room.kind), area, components)
    }

    fn equipment(&self, it: &Equipment, state: &State) -> Value {
        let id = self.id(&Topic::EquipmentDiscovery(it.id.clone()));
        let told = self.topics.name(&Topic::EquipmentState(it.id.clone()));
        let status = json!({
            "platform": "sensor",
            "unique_id": format!("{id}_status"),
            "name": "Status",
            "device_class": "enum",
            "options": EQUIPMENT_STATUSES.map(state::equipment_word),
            "state_topic": told,
            "value_template": "{{ value_json.status }}",
            "json_attributes_topic": told,
        });
        // Whether it runs is not known while it does not answer.
        let running = json!({
            "platform": "binary_sensor",
            "unique_id": format!("{id}_running"),
            "name": "In use",
            "device_class": "running",
            "state_topic": told,
            "value_template": "{{ None if value_json.status == 'offline' else \
                               'ON' if value_json.status == 'in_use' else 'OFF' }}",
        });
        let problem = json!({
            "platform": "binary_sensor",
            "unique_id": format!("{id}_problem"),
            "name": "Problem",
            "device_class": "problem",
            "state_topic": told,
            "value_template": "{{ 'ON' if value_json.status in ('needs_maintenance', 'offline') else 'OFF' }}",
        });
        // A place for readings: a sensor each, under a topic of its own (`equipment/<id>/power`).
        let components = json!({"status": status, "running": running, "problem": problem});
        let area =
            it.room_id.as_ref().and_then(|id: &RoomId| state.rooms.get(id)).map(|room| room.name.as_str());
        self.thing(&id, &it.name, &it.kind, area, components)
    }

    /// A document of something that the gateway knows about.
    fn thing(&self, id: &str, name: &str, model: &str, area: Option<&str>, components: Value) -> Value {
        let mut device = Map::new();
        device.insert("identifiers".into(), json!([id]));
        device.insert("name".into(), name.into());
        device.insert("manufacturer".into(), "CareSync".into());
        device.insert("model".into(), model.into());
        device.insert("sw_version".into(), env!("CARGO_PKG_VERSION").into());
        device.insert("via_device".into(), self.id(&Topic::GatewayDiscovery).into());
        device.extend(area.map(|area| ("suggested_area".to_owned(), area.into())));
        json!({
            "device": device,
            "origin": origin(),
            "availability": [self.of_gateway()],
            "availability_mode": "all",
            "components": components,
            "qos": 1,
        })
    }

    fn of_gateway(&self) -> Value {
        json!({"topic": self.topics.status()})
    }

    fn id(&self, topic: &Topic) -> String {
        self.topics.object_id(topic).expect("a discovery has an id")
    }
}

fn origin() -> Value {
    json!({"name": "caresync-gateway", "sw_version": env!("CARGO_PKG_VERSION")})
}

fn room_model(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Examination => "Examination room",
        RoomKind::Treatment => "Treatment room",
        RoomKind::Waiting => "Waiting room",
        RoomKind::Other => "Room",
    }
}
