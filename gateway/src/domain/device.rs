//! Devices: plugs, presence sensors, doors, buttons, thermometers. What one says, and what it is bound to.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::{DeviceId, EnvironmentId, EquipmentId, RoomId};
use super::reading::Quantity;
use super::time::Timestamp;

/// What a device is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Target {
    /// It measures or follows a piece of equipment.
    Equipment(EquipmentId),
    /// It senses whether somebody is in a room.
    Room(RoomId),
    /// It watches a room's door.
    Door(RoomId),
    /// It is pressed to say that a room is clean.
    Button(RoomId),
    /// It measures a fridge, a freezer, the air.
    Environment(EnvironmentId),
}

/// `room:room-1`, as the configuration spells it.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Equipment(id) => write!(f, "equipment:{id}"),
            Target::Room(id) => write!(f, "room:{id}"),
            Target::Door(id) => write!(f, "door:{id}"),
            Target::Button(id) => write!(f, "button:{id}"),
            Target::Environment(id) => write!(f, "environment:{id}"),
        }
    }
}

/// A device that is configured, and how the rules take what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceBinding {
    /// The configured id.
    pub device_id: DeviceId,
    /// What it is about.
    pub target: Target,
    /// Power above which equipment is in use, W.
    pub in_use_above: Option<f64>,
    /// How long a change must last before it counts.
    pub debounce: Duration,
    /// After so long without a word, what it said proves nothing; `None` for a device that speaks only on change and
    /// whose availability is told.
    pub stale_after: Option<Duration>,
    /// The lowest temperature that is right, °C.
    pub min: Option<f64>,
    /// The highest temperature that is right, °C.
    pub max: Option<f64>,
    /// How long a temperature may be wrong before it is an alarm.
    pub delay: Duration,
}

/// One thing that a device says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// It is there, or it is gone (its will, its availability).
    Online(bool),
    /// Somebody is there, or nobody.
    Presence {
        /// Somebody is.
        occupied: bool,
        /// How many, when it counts.
        people: Option<u32>,
    },
    /// A door is open, or closed.
    Open(bool),
    /// A button was pressed, in the device's own word for it.
    Pressed(String),
    /// It switches its equipment on, or off.
    On(bool),
    /// It works badly, in the device's own words.
    Fault(String),
    /// It measured something, in the quantity's unit.
    Measured(Quantity, f64),
}

/// What one message of a device says.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceReport {
    /// Which device.
    pub device_id: DeviceId,
    /// What it says, in order.
    pub said: Vec<Said>,
    /// When, by its own clock, if the message carries a time that can be trusted.
    pub observed_at: Option<Timestamp>,
    /// The message's counter, if it carries one that only grows until the device starts anew.
    pub counter: Option<u64>,
    /// It tells what was (a retained message, a cached state sent again), not what happens now.
    pub is_replay: bool,
}
