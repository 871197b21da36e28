//! From a command to what follows from it. One file per part of the clinic.

mod access;
mod agent;
mod agent_work;
mod automation;
mod cameras;
mod catalogue;
mod cleaning;
mod devices;
mod edits;
mod endpoints;
mod equipment;
mod hub;
mod items;
mod lifecycle;
mod permission;
mod readings;
mod rooms;
mod visits;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alarm::{Alarm, AlarmNotice};
use super::automation::AutomationLevels;
use super::bound_device::{Device, Mark};
use super::command::{Ask, Command};
use super::entity::{Change, Entity};
use super::event::Event;
use super::id::{AlarmId, DeviceId};
use super::reading::Reading;
use super::rejection::Rejection;
use super::rules::{ALARM_CHILDREN_MAX, NAME_BYTES_MAX, TEXT_BYTES_MAX};
use super::state::State;
use super::time::Timestamp;

/// What follows from a command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What becomes true, in order. None: it was already so.
    pub events: Vec<Event>,
    /// Freshness and last-seen times: memory only.
    pub touches: Vec<Entity>,
    /// What becomes true without an event: who may do what. Durable with the events, and never in the journal.
    pub records: Vec<Change>,
    /// What was measured, in order.
    pub readings: Vec<Reading>,
    /// The newest messages of devices, as far as something came of them: durable with it, so that a message which
    /// comes again after a crash is known. `None` for a device that is gone.
    pub marks: Vec<(DeviceId, Option<Mark>)>,
    /// Why an accepted command changed nothing, when that is worth saying.
    pub note: Option<Note>,
}

/// Why an accepted command changed nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The source is not sure enough: a reading, not a change.
    BelowThreshold {
        /// How sure it would have to be, 0.0..=1.0.
        needed: f32,
    },
    /// The source has already said something newer.
    Outdated,
    /// The source has said exactly this before: the message came again.
    Repeated,
    /// Sensing of this room is paused for privacy.
    Paused,
    /// The agent's phase is observation: what it asks for is noted and not done.
    OnlyObserved,
}

pub(super) fn decide(state: &State, command: &Command, now: Timestamp) -> Result<Outcome, Rejection> {
    let levels = Cow::Borrowed(state.automation_levels());
    let devices = BTreeMap::new();
    let mut deciding =
        Deciding { state, levels, command, now, outcome: Outcome::default(), made: 0, devices };
    deciding.check_permission()?;
    deciding.outcome.note = deciding.only_observed();
    if deciding.outcome.note.is_none() {
        deciding.ask()?;
        deciding.put_devices();
    }
    Ok(deciding.outcome)
}

/// One decision under way.
struct Deciding<'a> {
    state: &'a State,
    /// The levels of automation that hold: those of the state, until this command changes them.
    levels: Cow<'a, AutomationLevels>,
    command: &'a Command,
    now: Timestamp,
    outcome: Outcome,
    /// How many things this command has created so far.
    made: u32,
    /// Devices as this command has made them so far; `None` for one that it removes.
    devices: BTreeMap<DeviceId, Option<Device>>,
}

impl<'a> Deciding<'a> {
    fn ask(&mut self) -> Result<(), Rejection> {
        match &self.command.ask {
            Ask::GatewayStarted { version, cameras } => self.gateway_started(version, cameras),
            Ask::ClockStepped { by_ms } => self.clock_stepped(*by_ms),
            Ask::AdvanceClock => self.advance_clock(),
            Ask::ImportClinic(clinic) => return self.import_clinic(clinic),
            Ask::Observe(observation) => return self.observe(observation),
            Ask::CameraAlive { camera_id } => return self.camera_alive(camera_id),
            Ask::CameraTrouble { camera_id, reason } => return self.camera_trouble(camera_id, reason),
            Ask::SetRoomStatus(set) => return self.set_room_status(set),
            Ask::PauseSensing { room_id, paused } => return self.pause_sensing(room_id, *paused),
            Ask::SetEquipmentStatus { equipment_id, status } => {
                return self.set_equipment_status(equipment_id, *status);
            }
            Ask::CreateAction(draft) => return self.create_action(draft),
            Ask::UpdateAction { action_id, status, assigned_to } => {
                return self.update_action(action_id, *status, assigned_to.as_ref());
            }
            Ask::DeleteAction(id) => self.delete_action(id),
            Ask::CreateTask(draft) => return self.create_task(draft),
            Ask::SetTaskStatus { task_id, status } => return self.set_task_status(task_id, *status),
            Ask::AddTaskNote { task_id, text } => return self.add_task_note(task_id, text),
            Ask::DeleteTask(id) => self.delete_task(id),
            Ask::RaiseAlarm(notice) => self.raise_alarm(notice),
            Ask::ClearAlarm(id) => self.clear_alarm(id),
            Ask::AcknowledgeAlarm(id) => return self.acknowledge_alarm(id),
            Ask::Access(ask) => return self.access(ask),
            Ask::ForgetSource { room_id, source } => return self.forget_source(room_id, source),
            Ask::ReportEquipment(report) => return self.report_equipment(report),
            Ask::LogMaintenance { equipment_id, text, next_due } => {
                return self.log_maintenance(equipment_id, text, *next_due);
            }
            Ask::ImportAutomation(levels) => return self.import_automation(levels),
            Ask::SetAutomation(edit) => return self.edit_automation(edit),
            Ask::RevertAutomation { to_revision } => return self.revert_automation(*to_revision),
            Ask::PatientArrived { patient_id, status } => return self.patient_arrived(patient_id, *status),
            Ask::PatientMoved { patient_id, status } => return self.patient_moved(patient_id, *status),
            Ask::PatientDeparted { patient_id } => self.patient_departed(patient_id),
            Ask::EditAction { action_id, edit } => return self.edit_action(action_id, edit),
            Ask::EditTask { task_id, edit } => return self.edit_task(task_id, edit),
            Ask::Catalogue(ask) => return self.catalogue(ask),
            Ask::CountHub(counts) => self.count_hub(counts),
            Ask::BindDevices(bindings) => return self.bind_devices(bindings),
            Ask::ReportDevice(report) => return self.report_device(report),
            Ask::BrokerSeen { trouble } => self.broker_seen(trouble.as_deref()),
            Ask::Endpoints(ask) => return self.endpoints(ask),
            Ask::ImportAgentPhase(phase) => self.import_agent_phase(*phase),
            Ask::SetAgentPhase(phase) => self.set_agent_phase(*phase),
            Ask::DecideProposal { task_id, approved, reason } => {
                return self.decide_proposal(task_id, *approved, reason.as_deref());
            }
            Ask::AnswerTask { task_id, answer } => return self.answer_task(task_id, answer),
            Ask::RateAgent { work, verdict, comment } => {
                return self.rate_agent(work, *verdict, comment.as_deref());
            }
            #[cfg(test)]
            Ask::Panic => panic!("a test asked for it"),
            #[cfg(test)]
            Ask::Forbid => return Err(self.forbidden("a test may not".into())),
            #[cfg(test)]
            Ask::Record(change) => self.outcome.records.push(change.clone()),
        }
        Ok(())
    }

    fn push(&mut self, event: Event) {
        self.outcome.events.push(event);
    }

    fn record(&mut self, change: Change) {
        self.outcome.records.push(change);
    }

    /// A new id, the same each time this command is decided.
    fn new_id(&mut self) -> uuid::Uuid {
        let id = self.command.id.derive(self.made);
        self.made += 1;
        id
    }

    /// Raises an alarm, or corrects what a standing one says.
    fn raise_alarm(&mut self, notice: &AlarmNotice) {
        let mut notice = notice.clone();
        notice.children.truncate(ALARM_CHILDREN_MAX);
        let id = notice.id();
        let standing = self.state.alarms.get(&id).filter(|alarm| alarm.is_standing());
        if standing.is_some_and(|alarm| alarm.notice == notice) {
            return;
        }
        let alarm = Alarm {
            id,
            notice,
            // One that stands and says something new is still the same trouble.
            raised_at: standing.map_or(self.now, |alarm| alarm.raised_at),
            cleared_at: None,
            acknowledged_by: standing.and_then(|alarm| alarm.acknowledged_by.clone()),
        };
        self.push(Event::AlarmRaised(Arc::new(alarm)));
    }

    fn clear_alarm(&mut self, id: &AlarmId) {
        let Some(alarm) = self.state.alarms.get(id).filter(|alarm| alarm.is_standing()) else { return };
        let alarm = Alarm { cleared_at: Some(self.now), ..Alarm::clone(alarm) };
        self.push(Event::AlarmCleared(Arc::new(alarm)));
    }

    fn acknowledge_alarm(&mut self, id: &AlarmId) -> Result<(), Rejection> {
        let alarm = self.state.alarms.get(id).ok_or_else(|| Rejection::not_found("alarm", id))?;
        if alarm.acknowledged_by.is_none() {
            let by = self.command.actor.clone();
            let alarm = Alarm { acknowledged_by: Some(by), ..Alarm::clone(alarm) };
            self.push(Event::AlarmAcknowledged(Arc::new(alarm)));
        }
        Ok(())
    }
}

/// Checks a text that will be stored.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<(), Rejection> {
    check_bytes(field, text, TEXT_BYTES_MAX)
}

/// Checks a name that will be stored.
pub(super) fn check_name(field: &'static str, name: &str) -> Result<(), Rejection> {
    check_bytes(field, name, NAME_BYTES_MAX)
}

/// Checks a confidence, when there is one.
fn check_confidence(confidence: Option<f32>) -> Result<(), Rejection> {
    if confidence.is_some_and(|sure| !(0.0..=1.0).contains(&sure)) {
        return Err(Rejection::invalid("confidence", "is outside 0.0 to 1.0"));
    }
    Ok(())
}

fn check_bytes(field: &'static str, text: &str, bytes_max: usize) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::invalid(field, "is empty; say something"));
    }
    if text.len() > bytes_max {
        let reason = format!("is {} bytes long; the most is {bytes_max}", text.len());
        return Err(Rejection::invalid(field, reason));
    }
    Ok(())
}
