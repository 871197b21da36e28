//! What devices measure: readings, and what they mean.

use crate::domain::bound_device::{Device, Excursion};
use crate::domain::device::Target;
use crate::domain::reading::{Measured, Quantity};
use crate::domain::rules::{BATTERY_LOW, BATTERY_WELL, TEMPERATURE_RIGHT_BY};

use super::super::Deciding;
use super::Heard;

impl Deciding<'_> {
    /// Takes in one measurement. What no meter can mean is ignored: no number at all, power below zero, a battery
    /// more than full.
    pub(super) fn device_measured(
        &mut self,
        device: &mut Device,
        quantity: Quantity,
        value: f64,
        heard: Heard,
    ) {
        let can_be = match quantity {
            Quantity::Battery | Quantity::Humidity => (0.0..=100.0).contains(&value),
            Quantity::Power | Quantity::Energy | Quantity::Illuminance => value >= 0.0,
            Quantity::Confidence => (0.0..=1.0).contains(&value),
            Quantity::Temperature | Quantity::LinkQuality => true,
        };
        if !value.is_finite() || !can_be {
            return;
        }
        if heard.is_timed {
            self.measure(measured_by(device, quantity), quantity, value, heard.at);
        }
        match (quantity, &device.binding.target) {
            (Quantity::Battery, _) => {
                device.battery = Some(value);
                device.battery_low = value <= BATTERY_LOW || (device.battery_low && value < BATTERY_WELL);
            }
            (Quantity::LinkQuality, _) => device.link_quality = Some(value),
            (Quantity::Power, Target::Equipment(_)) if heard.is_now => self.draws(device, value),
            (Quantity::Temperature, Target::Environment(_)) if heard.is_now => self.warms(device, value),
            _ => {}
        }
    }

    /// A fridge is so warm. It is wrong outside its limits; once an alarm said so, until it is clearly inside.
    fn warms(&self, device: &mut Device, celsius: f64) {
        let (min, max) = (device.binding.min, device.binding.max);
        let margin = device.temperature_margin(TEMPERATURE_RIGHT_BY);
        let is_too_warm = |by: f64| max.is_some_and(|max| celsius > max - by);
        let is_too_cold = |by: f64| min.is_some_and(|min| celsius < min + by);
        let known = device.excursion;
        let is_wrong = is_too_warm(0.0) || is_too_cold(0.0);
        let stays = known.is_some_and(|it| it.alarmed) && (is_too_warm(margin) || is_too_cold(margin));
        device.excursion = match (is_wrong, known) {
            (true, known) => {
                let (since, alarmed) = known.map_or((self.now, false), |it| (it.since, it.alarmed));
                Some(Excursion { is_warm: is_too_warm(0.0), since, alarmed })
            }
            (false, known) if stays => known,
            (false, _) => None,
        };
        self.settle_excursion(device);
    }

    /// A temperature that has been wrong for too long is an alarm.
    pub(super) fn settle_excursion(&self, device: &mut Device) {
        let is_due = device.excursion_due().is_some_and(|due| due <= self.now);
        if let Some(excursion) = device.excursion.as_mut().filter(|_| is_due) {
            excursion.alarmed = true;
        }
    }
}

/// What a measurement of `device` is about: its battery and its radio are its own.
fn measured_by(device: &Device, quantity: Quantity) -> Measured {
    if matches!(quantity, Quantity::Battery | Quantity::LinkQuality) {
        return Measured::Device(device.id.clone());
    }
    match &device.binding.target {
        Target::Equipment(id) => Measured::Equipment(id.clone()),
        Target::Room(id) | Target::Door(id) => Measured::Room(id.clone()),
        Target::Environment(id) => Measured::Environment(id.clone()),
        Target::Button(_) => Measured::Device(device.id.clone()),
    }
}
