//! What may be asked of the clinic's state.

mod content;

use crate::domain::access::AccessAsk;
use crate::domain::action::{ActionDraft, ActionEdit, ActionStatus};
use crate::domain::actor::Actor;
use crate::domain::agent::{AgentAnswer, AgentPhase, AgentWork, Verdict};
use crate::domain::alarm::AlarmNotice;
use crate::domain::automation::{AutomationEdit, AutomationLevels};
use crate::domain::catalogue::CatalogueAsk;
use crate::domain::device::{DeviceBinding, DeviceReport};
use crate::domain::endpoint::EndpointAsk;
use crate::domain::entity::EntityKey;
use crate::domain::equipment::EquipmentStatus;
use crate::domain::hub_day::HubCounts;
use crate::domain::id::{
    ActionId, AlarmId, CameraId, CommandId, EquipmentId, PatientId, RoomId, SourceId, TaskId, UserId,
};
use crate::domain::role::Verb;
use crate::domain::task::{TaskDraft, TaskEdit, TaskStatus};
use crate::domain::time::Timestamp;
use crate::domain::visit::VisitStatus;

pub use content::{CameraBinding, Clinic, EquipmentReport, Observation, SetRoomStatus, StaffStatus};

/// Something that may change the clinic's state, and who asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Names this command; what it creates derives its ids from it.
    pub id: CommandId,
    /// Who asks.
    pub actor: Actor,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked. Saying it again changes nothing more.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The gateway has just opened the store: what only sensors knew is unknown now.
    GatewayStarted {
        /// The gateway's version.
        version: String,
        /// The cameras that are configured now.
        cameras: Vec<CameraBinding>,
    },
    /// The wall clock stepped: deadlines move with it instead of firing at once.
    ClockStepped {
        /// By how many milliseconds, negative for back.
        by_ms: i64,
    },
    /// Time has passed: do what is due.
    AdvanceClock,
    /// Take over the seed file, once in the life of a store.
    ImportClinic(Clinic),
    /// A sensor claims something about a room.
    Observe(Observation),
    /// A camera gives frames, without anything to claim yet.
    CameraAlive {
        /// Which camera.
        camera_id: CameraId,
    },
    /// A camera's reader says why no frame comes.
    CameraTrouble {
        /// Which camera.
        camera_id: CameraId,
        /// The reason, without credentials.
        reason: String,
    },
    /// Staff say how a room is.
    SetRoomStatus(SetRoomStatus),
    /// Stop or resume sensing a room, for privacy.
    PauseSensing {
        /// Which room.
        room_id: RoomId,
        /// True to pause.
        paused: bool,
    },
    /// A piece of equipment changed its status.
    SetEquipmentStatus {
        /// Which piece.
        equipment_id: EquipmentId,
        /// How it does now.
        status: EquipmentStatus,
    },
    /// Write an action item.
    CreateAction(ActionDraft),
    /// Take, hand back or close an action item.
    UpdateAction {
        /// Which item.
        action_id: ActionId,
        /// How far it is.
        status: ActionStatus,
        /// Who has taken it.
        assigned_to: Option<UserId>,
    },
    /// Remove an action item.
    DeleteAction(ActionId),
    /// Write a task.
    CreateTask(TaskDraft),
    /// Move a task on.
    SetTaskStatus {
        /// Which task.
        task_id: TaskId,
        /// How far it is.
        status: TaskStatus,
    },
    /// Remark on a task.
    AddTaskNote {
        /// Which task.
        task_id: TaskId,
        /// The remark.
        text: String,
    },
    /// Remove a task.
    DeleteTask(TaskId),
    /// Raise a technical alarm.
    RaiseAlarm(AlarmNotice),
    /// A technical alarm's cause is gone.
    ClearAlarm(AlarmId),
    /// Somebody has seen a technical alarm.
    AcknowledgeAlarm(AlarmId),
    /// Accounts, tokens and keys.
    Access(AccessAsk),
    /// Forget a source that will not report on a room any more.
    ForgetSource {
        /// Which room.
        room_id: RoomId,
        /// Which source.
        source: SourceId,
    },
    /// A device says how a piece of equipment does.
    ReportEquipment(EquipmentReport),
    /// Staff have maintained a piece of equipment.
    LogMaintenance {
        /// Which piece.
        equipment_id: EquipmentId,
        /// What was done.
        text: String,
        /// When it is to be maintained next. `None` keeps a date that is still to come.
        next_due: Option<Timestamp>,
    },
    /// Take over the configured levels of automation, once in the life of a store.
    ImportAutomation(AutomationLevels),
    /// Change how far sensors may act by themselves.
    SetAutomation(AutomationEdit),
    /// Go back to an earlier setting of automation. It becomes a new revision.
    RevertAutomation {
        /// Which.
        to_revision: u64,
    },
    /// A patient came.
    PatientArrived {
        /// Who.
        patient_id: PatientId,
        /// How far the visit is already.
        status: VisitStatus,
    },
    /// A patient's visit went on.
    PatientMoved {
        /// Who.
        patient_id: PatientId,
        /// How far the visit is.
        status: VisitStatus,
    },
    /// A patient left.
    PatientDeparted {
        /// Who.
        patient_id: PatientId,
    },
    /// Change an action item.
    EditAction {
        /// Which item.
        action_id: ActionId,
        /// What changes.
        edit: Box<ActionEdit>,
    },
    /// Change a task.
    EditTask {
        /// Which task.
        task_id: TaskId,
        /// What changes.
        edit: Box<TaskEdit>,
    },
    /// What rooms, equipment and doctors there are.
    Catalogue(CatalogueAsk),
    /// The hub has counted something since it last said so.
    CountHub(HubCounts),
    /// What is configured of devices now, at the start and whenever it changes.
    BindDevices(Vec<DeviceBinding>),
    /// A device says something.
    ReportDevice(DeviceReport),
    /// The broker that devices speak through is reached, or is not.
    BrokerSeen {
        /// Why it is not reached, without credentials; `None` when it is.
        trouble: Option<String>,
    },
    /// Webhook endpoints, and how far they are.
    Endpoints(EndpointAsk),
    /// Take over the configured phase of the agent, once in the life of a store.
    ImportAgentPhase(AgentPhase),
    /// Change how far the agent may act by itself.
    SetAgentPhase(AgentPhase),
    /// Approve or reject what is proposed.
    DecideProposal {
        /// Which task.
        task_id: TaskId,
        /// True to approve.
        approved: bool,
        /// Why: a rejection says it.
        reason: Option<String>,
    },
    /// The agent says what it does about a task that it was offered.
    AnswerTask {
        /// Which task.
        task_id: TaskId,
        /// What it says.
        answer: AgentAnswer,
    },
    /// Staff say what they think of something that the agent decided.
    RateAgent {
        /// On what.
        work: AgentWork,
        /// What they think.
        verdict: Verdict,
        /// Why.
        comment: Option<String>,
    },
    /// Breaks the rules' code, so that a test can see what the ledger does about it.
    #[cfg(test)]
    Panic,
    /// Is never allowed.
    #[cfg(test)]
    Forbid,
    /// Records something without an event, as access does.
    #[cfg(test)]
    Record(crate::domain::entity::Change),
}

impl Ask {
    /// The command's name, for logs and alarms; never its content.
    pub fn name(&self) -> &'static str {
        match self {
            Ask::GatewayStarted { .. } => "gateway_started",
            Ask::ClockStepped { .. } => "clock_stepped",
            Ask::AdvanceClock => "advance_clock",
            Ask::ImportClinic(_) => "import_clinic",
            Ask::Observe(_) => "observe",
            Ask::CameraAlive { .. } => "camera_alive",
            Ask::CameraTrouble { .. } => "camera_trouble",
            Ask::SetRoomStatus(_) => "set_room_status",
            Ask::PauseSensing { .. } => "pause_sensing",
            Ask::SetEquipmentStatus { .. } => "set_equipment_status",
            Ask::CreateAction(_) => "create_action",
            Ask::UpdateAction { .. } => "update_action",
            Ask::DeleteAction(_) => "delete_action",
            Ask::CreateTask(_) => "create_task",
            Ask::SetTaskStatus { .. } => "set_task_status",
            Ask::AddTaskNote { .. } => "add_task_note",
            Ask::DeleteTask(_) => "delete_task",
            Ask::RaiseAlarm(_) => "raise_alarm",
            Ask::ClearAlarm(_) => "clear_alarm",
            Ask::AcknowledgeAlarm(_) => "acknowledge_alarm",
            Ask::Access(ask) => ask.name(),
            Ask::ForgetSource { .. } => "forget_source",
            Ask::ReportEquipment(_) => "report_equipment",
            Ask::LogMaintenance { .. } => "log_maintenance",
            Ask::ImportAutomation(_) => "import_automation",
            Ask::SetAutomation(_) => "set_automation",
            Ask::RevertAutomation { .. } => "revert_automation",
            Ask::PatientArrived { .. } => "patient_arrived",
            Ask::PatientMoved { .. } => "patient_moved",
            Ask::PatientDeparted { .. } => "patient_departed",
            Ask::EditAction { .. } => "edit_action",
            Ask::EditTask { .. } => "edit_task",
            Ask::Catalogue(ask) => ask.name(),
            Ask::CountHub(_) => "count_hub",
            Ask::BindDevices(_) => "bind_devices",
            Ask::ReportDevice(_) => "report_device",
            Ask::BrokerSeen { .. } => "broker_seen",
            Ask::Endpoints(ask) => ask.name(),
            Ask::ImportAgentPhase(_) => "import_agent_phase",
            Ask::SetAgentPhase(_) => "set_agent_phase",
            Ask::DecideProposal { .. } => "decide_proposal",
            Ask::AnswerTask { .. } => "answer_task",
            Ask::RateAgent { .. } => "rate_agent",
            #[cfg(test)]
            Ask::Panic => "panic",
            #[cfg(test)]
            Ask::Forbid => "forbid",
            #[cfg(test)]
            Ask::Record(_) => "record",
        }
    }

    /// True for what only counts: nobody did anything, so the audit trail has nothing to tell.
    pub fn only_counts(&self) -> bool {
        matches!(self, Ask::CountHub(_) | Ask::Endpoints(EndpointAsk::Note(_)))
    }

    /// What the table of roles calls it.
    pub fn verb(&self) -> Verb {
        match self {
            Ask::GatewayStarted { .. }
            | Ask::ClockStepped { .. }
            | Ask::AdvanceClock
            | Ask::ImportClinic(_)
            | Ask::CameraAlive { .. }
            | Ask::CameraTrouble { .. }
            | Ask::RaiseAlarm(_)
            | Ask::ClearAlarm(_) => Verb::Own,
            Ask::Observe(_) => Verb::Observe,
            Ask::SetRoomStatus(_) | Ask::PauseSensing { .. } => Verb::Rooms,
            Ask::SetEquipmentStatus { .. } => Verb::Equipment,
            Ask::CreateAction(_) | Ask::UpdateAction { .. } | Ask::DeleteAction(_) => Verb::Actions,
            Ask::CreateTask(_) | Ask::SetTaskStatus { .. } | Ask::AddTaskNote { .. } | Ask::DeleteTask(_) => {
                Verb::Tasks
            }
            Ask::AcknowledgeAlarm(_) => Verb::Alarms,
            Ask::ForgetSource { .. } => Verb::Rooms,
            Ask::ReportEquipment(_) => Verb::Observe,
            Ask::LogMaintenance { .. } => Verb::Equipment,
            Ask::ImportAutomation(_) => Verb::Own,
            Ask::SetAutomation(_) | Ask::RevertAutomation { .. } => Verb::Automation,
            Ask::PatientArrived { .. } | Ask::PatientMoved { .. } | Ask::PatientDeparted { .. } => {
                Verb::PatientFlow
            }
            Ask::Access(ask) => ask.verb(),
            Ask::EditAction { .. } => Verb::Actions,
            Ask::EditTask { .. } => Verb::Tasks,
            Ask::Catalogue(_) => Verb::Catalogue,
            Ask::CountHub(_) => Verb::Own,
            Ask::BindDevices(_) | Ask::ReportDevice(_) | Ask::BrokerSeen { .. } => Verb::Own,
            Ask::Endpoints(ask) => ask.verb(),
            Ask::ImportAgentPhase(_) => Verb::Own,
            Ask::SetAgentPhase(_) => Verb::Administration,
            Ask::DecideProposal { .. } | Ask::AnswerTask { .. } => Verb::Tasks,
            Ask::RateAgent { work: AgentWork::Task(_), .. } => Verb::Tasks,
            Ask::RateAgent { work: AgentWork::Action(_), .. } => Verb::Actions,
            #[cfg(test)]
            Ask::Panic | Ask::Forbid | Ask::Record(_) => Verb::Own,
        }
    }

    /// What the command is about: the thing that its answer shows, and whose revision it may name. `command_id`
    /// is the command's own, from which the id of what it creates derives. `None` for what is about many things, and
    /// for automation, of which only the state knows the newest setting: [`super::state::State::subject`].
    pub fn subject(&self, command_id: CommandId) -> Option<EntityKey> {
        Some(match self {
            Ask::GatewayStarted { .. } | Ask::ClockStepped { .. } | Ask::AdvanceClock => return None,
            Ask::ImportClinic(_) => EntityKey::Facility,
            Ask::Observe(seen) => EntityKey::Room(seen.room_id.clone()),
            Ask::CameraAlive { camera_id } | Ask::CameraTrouble { camera_id, .. } => {
                EntityKey::Camera(camera_id.clone())
            }
            Ask::SetRoomStatus(set) => EntityKey::Room(set.room_id.clone()),
            Ask::PauseSensing { room_id, .. } => EntityKey::Room(room_id.clone()),
            Ask::SetEquipmentStatus { equipment_id, .. } => EntityKey::Equipment(equipment_id.clone()),
            Ask::CreateAction(_) => EntityKey::Action(command_id.derive(0).into()),
            Ask::UpdateAction { action_id, .. } | Ask::DeleteAction(action_id) => {
                EntityKey::Action(action_id.clone())
            }
            Ask::CreateTask(_) => EntityKey::Task(command_id.derive(0).into()),
            Ask::SetTaskStatus { task_id, .. }
            | Ask::AddTaskNote { task_id, .. }
            | Ask::DeleteTask(task_id) => EntityKey::Task(task_id.clone()),
            Ask::RaiseAlarm(notice) => EntityKey::Alarm(notice.id()),
            Ask::ClearAlarm(id) | Ask::AcknowledgeAlarm(id) => EntityKey::Alarm(id.clone()),
            Ask::ForgetSource { room_id, .. } => EntityKey::Room(room_id.clone()),
            Ask::ReportEquipment(report) => EntityKey::Equipment(report.equipment_id.clone()),
            Ask::LogMaintenance { equipment_id, .. } => EntityKey::Equipment(equipment_id.clone()),
            Ask::ImportAutomation(_) | Ask::SetAutomation(_) | Ask::RevertAutomation { .. } => return None,
            Ask::PatientArrived { patient_id, .. }
            | Ask::PatientMoved { patient_id, .. }
            | Ask::PatientDeparted { patient_id } => EntityKey::Visit(patient_id.clone()),
            Ask::Access(ask) => return ask.subject(command_id),
            Ask::EditAction { action_id, .. } => EntityKey::Action(action_id.clone()),
            Ask::EditTask { task_id, .. } => EntityKey::Task(task_id.clone()),
            Ask::Catalogue(ask) => ask.subject(command_id),
            Ask::CountHub(_) => return None,
            Ask::BindDevices(_) | Ask::ReportDevice(_) | Ask::BrokerSeen { .. } => return None,
            Ask::Endpoints(ask) => return ask.subject(),
            Ask::ImportAgentPhase(_) | Ask::SetAgentPhase(_) => EntityKey::Agent,
            Ask::DecideProposal { task_id, .. } | Ask::AnswerTask { task_id, .. } => {
                EntityKey::Task(task_id.clone())
            }
            Ask::RateAgent { work: AgentWork::Task(id), .. } => EntityKey::Task(id.clone()),
            Ask::RateAgent { work: AgentWork::Action(id), .. } => EntityKey::Action(id.clone()),
            #[cfg(test)]
            Ask::Panic | Ask::Forbid => return None,
            #[cfg(test)]
            Ask::Record(crate::domain::entity::Change::Put(entity)) => entity.key(),
            #[cfg(test)]
            Ask::Record(crate::domain::entity::Change::Remove(key)) => key.clone(),
        })
    }
}
