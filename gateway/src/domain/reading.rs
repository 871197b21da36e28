//! Readings: measurements that nobody acts on one by one. What they cause is an event; they themselves have no seq.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::id::{DeviceId, EnvironmentId, EquipmentId, RoomId};
use super::rules::READING_MAX;
use super::time::Timestamp;

/// What is measured, in one unit each.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Electric power, W.
    Power,
    /// Electric energy since the meter began, kWh.
    Energy,
    /// Temperature, °C.
    Temperature,
    /// Relative humidity, %.
    Humidity,
    /// Illuminance, lx.
    Illuminance,
    /// How full a battery is, %.
    Battery,
    /// How well a radio is heard, 0 to 255 as Zigbee counts, or dBm below zero.
    LinkQuality,
    /// How sure a source is, 0.0..=1.0.
    Confidence,
}

impl Quantity {
    /// Every quantity.
    pub const EVERY: [Quantity; 8] = [
        Quantity::Power,
        Quantity::Energy,
        Quantity::Temperature,
        Quantity::Humidity,
        Quantity::Illuminance,
        Quantity::Battery,
        Quantity::LinkQuality,
        Quantity::Confidence,
    ];

    /// The quantity as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Quantity::Power => "power",
            Quantity::Energy => "energy",
            Quantity::Temperature => "temperature",
            Quantity::Humidity => "humidity",
            Quantity::Illuminance => "illuminance",
            Quantity::Battery => "battery",
            Quantity::LinkQuality => "link_quality",
            Quantity::Confidence => "confidence",
        }
    }

    /// The unit of its values, as people write it; empty for a bare number.
    pub fn unit(self) -> &'static str {
        match self {
            Quantity::Power => "W",
            Quantity::Energy => "kWh",
            Quantity::Temperature => "°C",
            Quantity::Humidity | Quantity::Battery => "%",
            Quantity::Illuminance => "lx",
            Quantity::LinkQuality | Quantity::Confidence => "",
        }
    }
}

/// What a series is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Measured {
    /// A piece of equipment.
    Equipment(EquipmentId),
    /// A room.
    Room(RoomId),
    /// A fridge, a freezer, the air of a store room.
    Environment(EnvironmentId),
    /// The device that measures.
    Device(DeviceId),
}

/// One thing's measurements of one quantity, oldest first. Its text is `equipment:eq-1:power`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// What is measured.
    pub of: Measured,
    /// What of it.
    pub quantity: Quantity,
}

/// Why a text names no series.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a series is `equipment|room|environment|device:<id>:<quantity>`, such as `equipment:eq-1:power`")]
pub struct SeriesError;

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measured::Equipment(id) => write!(f, "equipment:{id}"),
            Measured::Room(id) => write!(f, "room:{id}"),
            Measured::Environment(id) => write!(f, "environment:{id}"),
            Measured::Device(id) => write!(f, "device:{id}"),
        }
    }
}

impl FromStr for Measured {
    type Err = SeriesError;

    fn from_str(text: &str) -> Result<Self, SeriesError> {
        let (kind, id) = text.split_once(':').ok_or(SeriesError)?;
        let of = match kind {
            "equipment" => id.parse().map(Measured::Equipment),
            "room" => id.parse().map(Measured::Room),
            "environment" => id.parse().map(Measured::Environment),
            "device" => id.parse().map(Measured::Device),
            _ => return Err(SeriesError),
        };
        of.map_err(|_| SeriesError)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.of, self.quantity.as_str())
    }
}

impl FromStr for Series {
    type Err = SeriesError;

    fn from_str(text: &str) -> Result<Self, SeriesError> {
        // Ids may hold colons, quantities hold none.
        let (of, quantity) = text.rsplit_once(':').ok_or(SeriesError)?;
        let quantity = Quantity::EVERY.into_iter().find(|it| it.as_str() == quantity).ok_or(SeriesError)?;
        Ok(Self { of: of.parse()?, quantity })
    }
}

/// One measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Of what.
    pub series: Series,
    /// How much, in the unit of its quantity. Finite.
    pub value: f64,
    /// When it was measured; never after it was heard.
    pub at: Timestamp,
}

impl Reading {
    /// True for a value that can be kept: a number, and no absurd one.
    pub fn is_sound(&self) -> bool {
        self.value.abs() <= READING_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_read_as_it_is_written() {
        for text in ["equipment:eq-1:power", "room:a:b:confidence", "environment:fridge-1:temperature"] {
            assert_eq!(text.parse::<Series>().map(|series| series.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "equipment", "equipment:power", "equipment::power", "door:x:power", "room:a:love"] {
            assert_eq!(text.parse::<Series>(), Err(SeriesError), "{text}");
        }
    }
}
