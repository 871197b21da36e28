//! Units that devices measure in, and the one of each quantity.

use serde::{Deserialize, Serialize};

use crate::domain::reading::Quantity;

/// A unit as devices and their papers write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Watt.
    W,
    /// Milliwatt.
    #[serde(rename = "mW")]
    MilliW,
    /// Kilowatt.
    #[serde(rename = "kW")]
    KiloW,
    /// Watt hour.
    Wh,
    /// Kilowatt hour.
    #[serde(rename = "kWh")]
    KiloWh,
    /// Degree Celsius.
    #[serde(alias = "°C")]
    C,
    /// Degree Fahrenheit.
    #[serde(alias = "°F")]
    F,
    /// Kelvin.
    K,
    /// Percent.
    #[serde(rename = "%")]
    Percent,
    /// Lux.
    #[serde(rename = "lx")]
    Lux,
    /// Decibel over a milliwatt.
    #[serde(rename = "dBm")]
    Dbm,
}

impl Unit {
    /// `value` in the unit of `quantity`; none when this is no unit of it.
    pub(in crate::mqtt) fn to(self, quantity: Quantity, value: f64) -> Option<f64> {
        Some(match (quantity, self) {
            (Quantity::Power, Unit::W)
            | (Quantity::Energy, Unit::KiloWh)
            | (Quantity::Temperature, Unit::C)
            | (Quantity::Humidity | Quantity::Battery, Unit::Percent)
            | (Quantity::Illuminance, Unit::Lux)
            | (Quantity::LinkQuality, Unit::Dbm) => value,
            (Quantity::Power, Unit::MilliW) | (Quantity::Energy, Unit::Wh) => value / 1_000.0,
            (Quantity::Power, Unit::KiloW) => value * 1_000.0,
            (Quantity::Temperature, Unit::F) => (value - 32.0) / 1.8,
            (Quantity::Temperature, Unit::K) => value - 273.15,
            (Quantity::Confidence, Unit::Percent) => value / 100.0,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_becomes_the_one_of_its_quantity_and_of_no_other() {
        let close = |unit: Unit, quantity, value: f64, wanted: f64| {
            let got = unit.to(quantity, value).unwrap();
            assert!((got - wanted).abs() < 1e-9, "{unit:?} {got}");
        };
        close(Unit::KiloW, Quantity::Power, 1.5, 1_500.0);
        close(Unit::MilliW, Quantity::Power, 1_500.0, 1.5);
        close(Unit::Wh, Quantity::Energy, 14.0, 0.014);
        close(Unit::F, Quantity::Temperature, 41.0, 5.0);
        close(Unit::K, Quantity::Temperature, 273.15, 0.0);
        assert_eq!(Unit::W.to(Quantity::Temperature, 1.0), None);
    }
}
