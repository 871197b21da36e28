//! Arbitrary days in a small clinic.

use std::env;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::domain::action::{ActionDraft, ActionStatus};
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::automation::{AutomationLevels, Level, RoomLevels};
use crate::domain::catalogue::{CatalogueAsk, EquipmentEdit, NewRoom, RoomEdit};
use crate::domain::command::EquipmentReport;
use crate::domain::entity::Entity;
use crate::domain::equipment::EquipmentStatus;
use crate::domain::id::{ActionId, DoctorId, EquipmentId, PatientId, TaskId};
use crate::domain::task::{TaskDraft, TaskEdit, TaskStatus};
use crate::domain::visit::VisitStatus;

use super::items::{action_draft, task_draft};
use super::*;

pub(crate) mod agents;
mod devices;

/// So many cases of a property in everyday runs, from a fixed seed; `PROVE` asks for more and other ones.
pub(crate) fn cases(everyday: u32) -> Config {
    let prove = env::var_os("PROVE").is_some();
    Config {
        cases: if prove { everyday * 40 } else { everyday },
        rng_seed: if prove { RngSeed::Random } else { RngSeed::Fixed(0x0c1a_551c) },
        ..Config::default()
    }
}

/// Examination, waiting and treatment; two rooms have cameras, any may hear from webhooks.
pub(crate) fn clinic() -> Clinic {
    Clinic::new()
        .rules(agents::rules())
        .room("room-1")
        .room_of_kind("room-2", RoomKind::Waiting)
        .room_of_kind("room-3", RoomKind::Treatment)
        .camera("cam-1", "room-1")
        .camera("cam-2", "room-2")
        .equipment("eq-1")
        .doctor("doc-001")
        .open()
}

/// Everything in `state` without what touches move, which is memory only.
pub(crate) fn facts(state: &State) -> Vec<Entity> {
    let rooms = state.rooms.values().map(|room| Entity::Room(Arc::new(room.facts())));
    let cameras = state.cameras.values().map(|camera| Entity::Camera(Arc::new(camera.facts())));
    let equipment = state.equipment.values().map(|it| Entity::Equipment(Arc::new(it.facts())));
    let doctors = state.doctors.values().cloned().map(Entity::Doctor);
    let actions = state.actions.values().cloned().map(Entity::Action);
    let tasks = state.tasks.values().cloned().map(Entity::Task);
    let alarms = state.alarms.values().cloned().map(Entity::Alarm);
    let facility = [Entity::Facility(state.facility.clone())];
    let automations = state.automations.values().cloned().map(Entity::Automation);
    let visits = state.visits.values().map(|visit| Entity::Visit(Arc::new(visit.facts())));
    let devices = state.devices.values().map(|device| Entity::Device(Arc::new(device.facts())));
    let all = rooms.chain(cameras).chain(equipment).chain(doctors).chain(actions).chain(tasks).chain(alarms);
    let days = state.analytics.days().cloned().map(Entity::Day);
    let room_days = state.analytics.room_days().cloned().map(Entity::RoomDay);
    let agent = state.agent.clone().map(Entity::Agent);
    let all = all.chain(agent);
    let hub_days = state.hub_days.values().cloned().map(Entity::HubDay);
    let all = all.chain(hub_days);
    let all = all.chain(state.deliveries.values().cloned().map(Entity::Delivery));
    let all = all.chain(devices);
    all.chain(facility).chain(automations).chain(visits).chain(days).chain(room_days).collect()
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Time passes, and what is due is done.
    Wait(Duration),
    /// Somebody asks. Observation times count from now.
    Ask { who: u8, ask: Ask, observed_ms_ago: i64 },
    /// Somebody does something to the n-th action item.
    Action(usize, ActionStatus, bool),
    /// Somebody removes the n-th action item.
    DropAction(usize),
    /// Somebody moves the n-th task on.
    Task(usize, TaskStatus),
    /// Somebody remarks on the n-th task.
    Note(usize, String),
    /// Somebody removes the n-th task.
    DropTask(usize),
    /// The agent, or staff, do something about the n-th task as only they can.
    Agents(usize, agents::Move),
    /// The gateway starts anew, with the first so many cameras.
    Restart(usize),
    /// The wall clock is set.
    SetClock(i64),
}

pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..=most)
}

fn step() -> impl Strategy<Value = Step> {
    let ms = prop_oneof![0_u64..2_000, 0_u64..90_000, 0_u64..2_400_000, 0_u64..90_000_000];
    prop_oneof![
        6 => ms.prop_map(|ms| Step::Wait(Duration::from_millis(ms))),
        10 => (0_u8..3, observation(), prop_oneof![6 => Just(0), 1 => -5_000_i64..5_000])
            .prop_map(|(who, seen, observed_ms_ago)| Step::Ask { who, ask: Ask::Observe(seen), observed_ms_ago }),
        6 => (0_u8..3, ask()).prop_map(|(who, ask)| Step::Ask { who, ask, observed_ms_ago: 0 }),
        1 => (0_usize..4, action_status(), any::<bool>()).prop_map(|(n, status, taken)| Step::Action(n, status, taken)),
        1 => (0_usize..4).prop_map(Step::DropAction),
        2 => (0_usize..4, task_status()).prop_map(|(n, status)| Step::Task(n, status)),
        1 => (0_usize..4, text()).prop_map(|(n, text)| Step::Note(n, text)),
        1 => (0_usize..4).prop_map(Step::DropTask),
        3 => (0_usize..4, agents::moved()).prop_map(|(n, what)| Step::Agents(n, what)),
        1 => (0_usize..3).prop_map(Step::Restart),
        1 => (-7_200_000_i64..7_200_000).prop_map(Step::SetClock),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just("done".to_owned()), Just(String::new()), ".{0,40}", Just("x".repeat(3_000))]
}

fn some_room() -> impl Strategy<Value = RoomId> {
    prop_oneof![4 => Just("room-1"), 3 => Just("room-2"), 3 => Just("room-3"), 1 => Just("room-9")]
        .prop_map(room_id)
}

fn some_doctor() -> impl Strategy<Value = DoctorId> {
    prop_oneof![4 => Just("doc-001"), 1 => Just("doc-999")].prop_map(|id| id.parse().unwrap())
}

fn confidence() -> impl Strategy<Value = Option<f32>> {
    let edge = prop::sample::select(vec![0.39, 0.4, 0.41, 0.69, 0.7, 1.0, 1.1, -0.1, f32::NAN]);
    prop_oneof![2 => Just(None), 4 => (0.0_f32..=1.0).prop_map(Some), 2 => edge.prop_map(Some)]
}

fn observation() -> impl Strategy<Value = Observation> {
    let source = prop_oneof![
        4 => Just(("cam-1", "room-1")),
        4 => Just(("cam-2", "room-2")),
        1 => Just(("cam-9", "room-1")),
    ];
    let source = prop_oneof![
        3 => source.prop_map(|(camera, room)| {
            let sensor = Sensor::Camera { camera_id: camera_id(camera) };
            (format!("camera:{camera}").parse().unwrap(), sensor, room_id(room))
        }),
        2 => (0_u8..20, some_room()).prop_map(|(n, room)| {
            (format!("webhook:key:{n}").parse().unwrap(), Sensor::Webhook, room)
        }),
    ];
    let doctor = prop_oneof![4 => Just(None), 1 => some_doctor().prop_map(Some)];
    let people = prop_oneof![Just(None), (0_u32..4).prop_map(Some), Just(Some(u32::MAX))];
    (source, any::<bool>(), people, confidence(), any::<bool>(), doctor).prop_map(
        |((source, sensor, room_id), occupied, people, confidence, synthetic, doctor_id)| Observation {
            room_id,
            source,
            sensor,
            occupied,
            people,
            confidence,
            method: Method::Model,
            synthetic,
            observed_at: Timestamp::default(),
            doctor_id,
        },
    )
}

fn action_status() -> impl Strategy<Value = ActionStatus> {
    prop::sample::select(vec![ActionStatus::Pending, ActionStatus::InProgress, ActionStatus::Completed])
}

fn task_status() -> impl Strategy<Value = TaskStatus> {
    prop::sample::select(vec![
        TaskStatus::Proposed,
        TaskStatus::Pending,
        TaskStatus::InProgress,
        TaskStatus::Completed,
        TaskStatus::Failed,
        TaskStatus::Cancelled,
    ])
}

fn staff_status() -> impl Strategy<Value = StaffStatus> {
    prop::sample::select(vec![
        StaffStatus::Available,
        StaffStatus::Occupied,
        StaffStatus::NeedsCleaning,
        StaffStatus::Maintenance,
    ])
}

fn equipment_status() -> impl Strategy<Value = EquipmentStatus> {
    prop::sample::select(vec![
        EquipmentStatus::Operational,
        EquipmentStatus::InUse,
        EquipmentStatus::NeedsMaintenance,
        EquipmentStatus::Offline,
    ])
}

fn set_room_status() -> impl Strategy<Value = Ask> {
    let patient = prop::option::of(prop::option::of(Just::<PatientId>("patient-1".parse().unwrap())));
    let doctor = prop::option::of(prop::option::of(some_doctor()));
    let free_at = prop::option::of(prop::option::of(Just(at_start())));
    (some_room(), staff_status(), doctor, patient, free_at).prop_map(
        |(room_id, status, current_doctor_id, current_patient_id, estimated_available_at)| {
            Ask::SetRoomStatus(SetRoomStatus {
                room_id,
                status,
                current_doctor_id,
                current_patient_id,
                estimated_available_at,
            })
        },
    )
}

fn notice() -> impl Strategy<Value = AlarmNotice> {
    let cause = prop::sample::select(vec![AlarmCause::CameraLost, AlarmCause::StoreRecovered]);
    (cause, prop_oneof![Just("cam-1".to_owned()), ".{0,8}"]).prop_map(|(cause, subject)| AlarmNotice {
        cause,
        subject,
        text: "something".into(),
        remedy: "look at it".into(),
        children: Vec::new(),
    })
}

fn catalogue() -> impl Strategy<Value = CatalogueAsk> {
    let room = |id| NewRoom { id: Some(id), name: "A room".into(), kind: RoomKind::Treatment };
    let edit = |(room_id, name)| CatalogueAsk::EditRoom {
        room_id,
        edit: RoomEdit { name: Some(name), kind: Some(RoomKind::Waiting) },
    };
    let equipment = || Just::<EquipmentId>("eq-1".parse().unwrap());
    let place = |(equipment_id, room_id)| CatalogueAsk::EditEquipment {
        equipment_id,
        edit: EquipmentEdit { room_id: Some(Some(room_id)), ..EquipmentEdit::default() },
    };
    prop_oneof![
        some_room().prop_map(move |id| CatalogueAsk::CreateRoom(room(id))),
        (some_room(), text()).prop_map(edit),
        some_room().prop_map(CatalogueAsk::RetireRoom),
        (equipment(), some_room()).prop_map(place),
        equipment().prop_map(CatalogueAsk::RetireEquipment),
        some_doctor().prop_map(CatalogueAsk::RetireDoctor),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    let equipment = prop_oneof![4 => Just("eq-1"), 1 => Just("eq-9")];
    let camera = || prop::sample::select(vec!["cam-1", "cam-2", "cam-9"]).prop_map(camera_id);
    prop_oneof![
        4 => set_room_status(),
        2 => camera().prop_map(|camera_id| Ask::CameraAlive { camera_id }),
        1 => (camera(), text()).prop_map(|(camera_id, reason)| Ask::CameraTrouble { camera_id, reason }),
        1 => (some_room(), any::<bool>()).prop_map(|(room_id, paused)| Ask::PauseSensing { room_id, paused }),
        1 => (equipment, equipment_status())
            .prop_map(|(id, status)| Ask::SetEquipmentStatus { equipment_id: id.parse().unwrap(), status }),
        1 => text().prop_map(|title| Ask::CreateAction(ActionDraft { title, ..action_draft() })),
        1 => (text(), prop::bool::weighted(0.3)).prop_map(|(description, cleaning)| {
            let kind = if cleaning { crate::domain::task::CLEANING } else { "delivery" }.into();
            let room_id = cleaning.then(|| room_id("room-1"));
            Ask::CreateTask(TaskDraft { description, kind, room_id, ..task_draft() })
        }),
        1 => notice().prop_map(Ask::RaiseAlarm),
        1 => notice().prop_map(|notice| Ask::ClearAlarm(notice.id())),
        1 => notice().prop_map(|notice| Ask::AcknowledgeAlarm(notice.id())),
        1 => Just(Ask::ImportClinic(command::Clinic::default())),
        3 => later_ask(),
        8 => devices::ask(),
        2 => catalogue().prop_map(Ask::Catalogue),
        2 => agents::ask(),
    ]
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::Monitoring, Level::Assisted, Level::Full])
}

fn automation() -> impl Strategy<Value = AutomationLevels> {
    let own = (prop::option::of(level()), prop::option::of(level()), prop::option::of(level()))
        .prop_map(|(occupancy, turnover, equipment)| RoomLevels { occupancy, turnover, equipment });
    let rooms = prop::collection::btree_map(some_room(), own, 0..3);
    (level(), level(), level(), rooms).prop_map(|(occupancy, turnover, equipment, rooms)| AutomationLevels {
        occupancy,
        turnover,
        equipment,
        rooms,
    })
}

/// Sources, reports, maintenance, automation and patients.
fn later_ask() -> impl Strategy<Value = Ask> {
    let equipment = || prop_oneof![4 => Just("eq-1"), 1 => Just("eq-9")].prop_map(|id| id.parse().unwrap());
    let patient = || (0_u8..3).prop_map(|n| format!("patient-{n}").parse::<PatientId>().unwrap());
    let visit = || {
        prop::sample::select(vec![
            VisitStatus::Waiting,
            VisitStatus::InExamination,
            VisitStatus::InTreatment,
            VisitStatus::CheckingOut,
        ])
    };
    let when = || {
        prop_oneof![Just(-60_000_i64), Just(60_000), Just(90_000_000)].prop_map(|ms| at_start().shifted(ms))
    };
    prop_oneof![
        1 => (some_room(), 0_u8..20)
            .prop_map(|(room_id, n)| Ask::ForgetSource { room_id, source: format!("webhook:key:{n}").parse().unwrap() }),
        3 => (equipment(), equipment_status(), confidence(), when()).prop_map(
            |(equipment_id, status, confidence, observed_at)| Ask::ReportEquipment(EquipmentReport {
                equipment_id,
                source: "webhook:key:1".parse().unwrap(),
                status,
                confidence,
                observed_at,
                power_w: Some(43.2),
            })
        ),
        1 => (equipment(), text(), prop::option::of(when()))
            .prop_map(|(equipment_id, text, next_due)| Ask::LogMaintenance { equipment_id, text, next_due }),
        1 => automation().prop_map(Ask::ImportAutomation),
        3 => automation().prop_map(|levels| Ask::SetAutomation(super::automation::edit(levels))),
        1 => (0_u64..4).prop_map(|to_revision| Ask::RevertAutomation { to_revision }),
        2 => (patient(), visit()).prop_map(|(patient_id, status)| Ask::PatientArrived { patient_id, status }),
        1 => (patient(), visit()).prop_map(|(patient_id, status)| Ask::PatientMoved { patient_id, status }),
        1 => patient().prop_map(|patient_id| Ask::PatientDeparted { patient_id }),
    ]
}

impl Clinic {
    /// What is asked to open this clinic in another place.
    pub(crate) fn opening(&self) -> [Ask; 2] {
        [Ask::ImportClinic(self.seed.clone()), self.started()]
    }

    /// Turns `step` into the command that it means now; a wait is none.
    pub(crate) fn meant(&mut self, step: &Step) -> Option<Command> {
        let nothing = || uuid::Uuid::from_u128(1);
        let action = |n: usize| -> ActionId {
            let count = self.state.actions.len().max(1);
            self.state.actions.keys().nth(n % count).cloned().unwrap_or_else(|| nothing().into())
        };
        let task = |n: usize| -> TaskId {
            let count = self.state.tasks.len().max(1);
            self.state.tasks.keys().nth(n % count).cloned().unwrap_or_else(|| nothing().into())
        };
        let (who, ask) = match step.clone() {
            Step::Wait(_) => return None,
            Step::Ask { who, ask: Ask::Observe(seen), observed_ms_ago } => {
                (who, Ask::Observe(Observation { observed_at: self.now.shifted(-observed_ms_ago), ..seen }))
            }
            Step::Ask { who, ask, .. } => (who, ask),
            Step::Action(n, status, taken) => {
                let assigned_to = taken.then(|| NURSE.parse().unwrap());
                (0, Ask::UpdateAction { action_id: action(n), status, assigned_to })
            }
            Step::DropAction(n) => (0, Ask::DeleteAction(action(n))),
            Step::Task(n, status) => (0, Ask::SetTaskStatus { task_id: task(n), status }),
            Step::Note(n, text) if n % 2 == 0 => (1, Ask::AddTaskNote { task_id: task(n), text }),
            Step::Note(n, text) => {
                let edit = TaskEdit {
                    status: Some(TaskStatus::InProgress),
                    note: Some(text),
                    ..TaskEdit::default()
                };
                (0, Ask::EditTask { task_id: task(n), edit: Box::new(edit) })
            }
            Step::DropTask(n) => (0, Ask::DeleteTask(task(n))),
            Step::Agents(n, what) => what.meant(task(n)),
            Step::Restart(cameras) => {
                let cameras = self.cameras.iter().take(cameras).cloned().collect();
                (2, Ask::GatewayStarted { version: "0.1.0".into(), cameras })
            }
            Step::SetClock(by_ms) => {
                self.now = self.now.shifted(by_ms);
                (2, Ask::ClockStepped { by_ms })
            }
        };
        let actor = match who {
            0 => Actor::User(NURSE.parse().unwrap()),
            1 => Actor::Console,
            agents::AGENT => Actor::Agent("claw".parse().unwrap()),
            _ => Actor::Gateway,
        };
        Some(self.command(actor, ask))
    }

    /// Does one step as the ledger would. Returns the command, if it was one and it was accepted.
    pub(crate) fn play(&mut self, step: &Step) -> Option<Command> {
        if let Step::Wait(by) = step {
            self.wait(*by);
            return None;
        }
        self.settle();
        let command = self.meant(step)?;
        let accepted = self.take(&command).is_ok();
        self.settle();
        accepted.then_some(command)
    }
}
