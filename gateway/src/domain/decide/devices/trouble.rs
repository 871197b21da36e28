//! Alarms about devices. One cause has one voice: an alarm lists the devices as its children.

use crate::domain::alarm::{AlarmCause, AlarmNotice, alarm_id};
use crate::domain::bound_device::{Device, in_words};
use crate::domain::device::Target;

use super::super::Deciding;

/// The subject of alarms about several devices.
const DEVICES: &str = "devices";
/// The subject of the alarm about the broker.
const BROKER: &str = "broker";

impl Deciding<'_> {
    /// Raises what alarms the devices' state asks for now, and clears those that it asks for no more.
    ///
    /// Most messages are about no alarm: where none of a cause stands, none has to be looked up by its name.
    pub(super) fn settle_alarms(&mut self) {
        let standing = self.state.alarms.values().filter(|alarm| alarm.is_standing());
        let standing: Vec<AlarmCause> = standing.map(|alarm| alarm.notice.cause).collect();
        let is_environment = |device: &Device| matches!(device.binding.target, Target::Environment(_));
        // A fridge that nobody measures has an alarm of its own.
        let are_offline = |device: &Device| device.alarmed && !is_environment(device);
        let are_unreached = |device: &Device| device.unreached.as_ref().is_some_and(|it| it.alarmed);
        self.settle_group(&standing, AlarmCause::DevicesOffline, offline, are_offline);
        self.settle_group(&standing, AlarmCause::BatteryLow, battery_low, |device| device.battery_low);
        self.settle_group(&standing, AlarmCause::DeviceFlapping, flapping, |device| device.flapping);
        self.settle_group(&standing, AlarmCause::BrokerLost, broker_lost, are_unreached);
        let changed: Vec<_> = self.devices.iter().map(|(id, device)| (id.clone(), device.clone())).collect();
        for (id, device) in changed {
            let device = device.as_ref();
            let stuck = device.filter(|it| it.stuck).map(sensor_stuck);
            let unknown = device.filter(|it| it.alarmed && is_environment(it)).map(temperature_unknown);
            for (cause, notice) in [
                (AlarmCause::SensorStuck, stuck),
                (AlarmCause::TemperatureExcursion, device.and_then(excursion)),
                (AlarmCause::TemperatureUnknown, unknown),
            ] {
                if notice.is_some() || standing.contains(&cause) {
                    self.settle(cause, id.as_str(), notice);
                }
            }
        }
    }

    /// One alarm about all devices that `are_so`; `notice` is told of one of them, if there is any.
    ///
    /// The others are looked at only when one that changed is so, or such an alarm stands.
    fn settle_group(
        &mut self,
        standing: &[AlarmCause],
        cause: AlarmCause,
        notice: impl Fn(Option<&Device>) -> AlarmNotice,
        are_so: impl Fn(&Device) -> bool,
    ) {
        if !standing.contains(&cause) && !self.devices.values().flatten().any(&are_so) {
            return;
        }
        let mut so: Vec<&Device> = self.all_devices().filter(|device| are_so(device)).collect();
        so.sort_unstable_by_key(|device| &device.id);
        let children = so.iter().map(|device| device.id.to_string()).collect();
        let standing = so.first().map(|first| AlarmNotice { children, ..notice(Some(first)) });
        self.settle(cause, &notice(None).subject, standing);
    }

    /// Raises the alarm that `notice` is, or clears the one of that cause and subject.
    pub(in crate::domain::decide) fn settle(
        &mut self,
        cause: AlarmCause,
        subject: &str,
        notice: Option<AlarmNotice>,
    ) {
        match notice {
            Some(notice) => self.raise_alarm(&notice),
            None => self.clear_alarm(&alarm_id(cause, subject)),
        }
    }
}

fn notice(cause: AlarmCause, subject: &str, text: String, remedy: &str) -> AlarmNotice {
    AlarmNotice { cause, subject: subject.into(), text, remedy: remedy.into(), children: Vec::new() }
}

fn offline(_: Option<&Device>) -> AlarmNotice {
    let remedy =
        "see whether they have power and are in reach of their radio; the alarm ends when all of them speak";
    notice(AlarmCause::DevicesOffline, DEVICES, "devices are offline or silent".into(), remedy)
}

fn battery_low(_: Option<&Device>) -> AlarmNotice {
    let remedy = "change their batteries; the alarm ends when all of them say so";
    notice(AlarmCause::BatteryLow, DEVICES, "batteries are low".into(), remedy)
}

fn flapping(_: Option<&Device>) -> AlarmNotice {
    let remedy = "look at their radio and their power; the alarm ends when all of them have been steady for half an hour";
    notice(
        AlarmCause::DeviceFlapping,
        DEVICES,
        "devices come and go, many times in ten minutes".into(),
        remedy,
    )
}

fn broker_lost(unreached: Option<&Device>) -> AlarmNotice {
    let trouble = unreached.and_then(|device| device.unreached.as_ref()).map_or("", |it| &it.trouble);
    let remedy = "see whether the broker runs and can be reached; until it returns, what its devices follow is unknown";
    notice(
        AlarmCause::BrokerLost,
        BROKER,
        format!("the broker has been away for a minute: {trouble}"),
        remedy,
    )
}

fn sensor_stuck(device: &Device) -> AlarmNotice {
    let text = format!(
        "sensor {} has detected somebody for hours, against everything else; it has no say until it detects nobody",
        device.id
    );
    let remedy = "see what moves before it, and take its power away for a moment";
    about(device, notice(AlarmCause::SensorStuck, device.id.as_str(), text, remedy))
}

/// The alarm about a temperature. It says the limit and not the temperature: a drifting one is one alarm.
fn excursion(device: &Device) -> Option<AlarmNotice> {
    let excursion = device.excursion.filter(|it| it.alarmed)?;
    let (word, limit) = match excursion.is_warm {
        true => ("warmer", device.binding.max),
        false => ("colder", device.binding.min),
    };
    let limit = limit.map_or_else(|| "it may be".into(), |limit| format!("{limit} °C"));
    let text = format!(
        "{} has been {word} than {limit} for {}, says {}",
        device.binding.target,
        in_words(device.binding.delay),
        device.id
    );
    let remedy = "see whether its door is shut and it has power, and bring what must stay cold elsewhere; the alarm \
                  ends when the temperature is right again";
    Some(about(device, notice(AlarmCause::TemperatureExcursion, device.id.as_str(), text, remedy)))
}

fn temperature_unknown(device: &Device) -> AlarmNotice {
    let text = format!("nobody knows the temperature of {}: {} is silent", device.binding.target, device.id);
    let remedy =
        "read the temperature there, and see whether the sensor has power and is in reach of its radio";
    about(device, notice(AlarmCause::TemperatureUnknown, device.id.as_str(), text, remedy))
}

/// `notice` with what the device is about as its child.
fn about(device: &Device, notice: AlarmNotice) -> AlarmNotice {
    AlarmNotice { children: vec![device.binding.target.to_string()], ..notice }
}
