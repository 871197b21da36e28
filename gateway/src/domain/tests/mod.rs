//! Sentences about the rules.

mod access;
mod agent;
mod agent_rails;
mod analytics;
pub(crate) mod arbitrary;
mod automation;
mod calendar;
mod cameras;
mod catalogue;
mod claims;
mod clock;
mod day;
mod device_trouble;
mod devices;
mod endpoints;
mod equipment;
mod fusion;
mod hub_days;
mod items;
mod properties;
mod revisions;
mod status;
mod turnover;
mod visits;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::access::{PasswordHash, User};
use super::actor::Actor;
use super::camera::Camera;
use super::command::{self, Ask, CameraBinding, Command, Observation, SetRoomStatus, StaffStatus};
use super::entity::{Entity, EntityKey};
use super::event::Event;
use super::id::{CameraId, CommandId, RoomId, SourceId};
use super::occupancy::{Method, Sensor};
use super::rejection::Rejection;
use super::role::Role;
use super::room::{Room, RoomKind, RoomStatus};
use super::rules::Rules;
use super::state::{Note, State};
use super::task::Task;
use super::time::Timestamp;

const NURSE: &str = "nurse-1";

/// Two nurses who may do everything: what a role may not do is told where roles are.
fn staff() -> impl Iterator<Item = Entity> {
    [NURSE, "nurse-2"].into_iter().map(|id| {
        Entity::User(Arc::new(User {
            id: id.parse().unwrap(),
            email: format!("{id}@clinic.lan").parse().unwrap(),
            name: id.into(),
            role: Role::Admin,
            doctor_id: None,
            manages: Vec::new(),
            password: PasswordHash("none".into()),
            disabled_at: None,
            created_at: at_start(),
            revision: 1,
        }))
    })
}

fn at_start() -> Timestamp {
    "2026-02-06T14:30:00Z".parse().unwrap()
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

fn room_id(id: &str) -> RoomId {
    id.parse().unwrap()
}

fn camera_id(id: &str) -> CameraId {
    id.parse().unwrap()
}

fn set(room: &str, status: StaffStatus) -> SetRoomStatus {
    SetRoomStatus {
        room_id: room_id(room),
        status,
        current_doctor_id: None,
        current_patient_id: None,
        estimated_available_at: None,
    }
}

/// A small clinic that a test moves by hand: what it asks is decided and applied, as the ledger does it.
#[derive(Clone)]
pub(crate) struct Clinic {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
    /// Every event so far, with its time: an untrimmed journal.
    pub(crate) journal: Vec<(Timestamp, Event)>,
    /// What a store would hold: touches are not in it.
    stored: BTreeMap<EntityKey, Entity>,
    /// What the last accepted command remarked.
    note: Option<Note>,
    seed: command::Clinic,
    cameras: Vec<CameraBinding>,
    commands: u128,
}

impl Clinic {
    pub(crate) fn new() -> Self {
        Self {
            state: State::new(Rules::default(), staff()),
            now: at_start(),
            journal: Vec::new(),
            stored: staff().map(|user| (user.key(), user)).collect(),
            note: None,
            seed: command::Clinic::default(),
            cameras: Vec::new(),
            commands: 0,
        }
    }

    /// The clinic under these rules. Before anything else is said of it.
    fn rules(mut self, rules: Rules) -> Self {
        self.state = State::new(rules, staff());
        self
    }

    pub(crate) fn room(self, id: &str) -> Self {
        self.room_of_kind(id, RoomKind::Examination)
    }

    pub(crate) fn room_of_kind(mut self, id: &str, kind: RoomKind) -> Self {
        self.seed.rooms.push((room_id(id), format!("The {id}"), kind));
        self
    }

    pub(crate) fn camera(mut self, id: &str, room: &str) -> Self {
        let binding = CameraBinding { camera_id: camera_id(id), room_id: room_id(room), synthetic: false };
        self.cameras.push(binding);
        self
    }

    pub(crate) fn equipment(mut self, id: &str) -> Self {
        self.seed.equipment.push((id.parse().unwrap(), format!("The {id}"), "ultrasound".into(), None));
        self
    }

    pub(crate) fn doctor(mut self, id: &str) -> Self {
        let doctor = crate::domain::doctor::Doctor {
            id: id.parse().unwrap(),
            name: format!("Dr {id}"),
            specialty: None,
            revision: 1,
        };
        self.seed.doctors.push(doctor);
        self
    }

    /// Imports the clinic and starts the gateway.
    pub(crate) fn open(mut self) -> Self {
        let seed = self.seed.clone();
        self.ask(Ask::ImportClinic(seed)).unwrap();
        self.restart();
        self
    }

    pub(crate) fn started(&self) -> Ask {
        Ask::GatewayStarted { version: "0.1.0".into(), cameras: self.cameras.clone() }
    }

    /// The gateway ends, and starts anew with what the store holds.
    fn restart(&mut self) {
        let stored = self.stored.values().map(|entity| {
            let record = serde_json::to_vec(entity).unwrap();
            serde_json::from_slice(&record).unwrap()
        });
        let newest = self.journal.last().map_or(Timestamp::default(), |(at, _)| *at);
        self.state = State::new(self.state.rules().clone(), stored).resumed_after(newest);
        self.settle();
        let started = self.started();
        self.ask(started).unwrap();
    }

    /// The next command, with an id that depends on its place alone.
    pub(crate) fn command(&mut self, actor: Actor, ask: Ask) -> Command {
        self.commands += 1;
        let id = 0x0190_0000_0000_7000_8000_0000_0000_0000 | (self.commands << 16);
        Command { id: CommandId(Uuid::from_u128(id)), actor, ask }
    }

    /// Decides `command` and applies what follows. Returns the events.
    pub(crate) fn take(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let outcome = self.state.decide(command, self.now)?;
        let mut changed = BTreeSet::new();
        for event in &outcome.events {
            self.state.apply(event, &mut changed, self.now);
            self.journal.push((self.now, event.clone()));
        }
        outcome.records.into_iter().for_each(|change| self.state.record(change, &mut changed));
        for key in changed {
            match self.state.get(&key) {
                Some(entity) => drop(self.stored.insert(key, entity)),
                None => drop(self.stored.remove(&key)),
            }
        }
        outcome.touches.into_iter().for_each(|entity| self.state.touch(entity));
        self.note = outcome.note;
        Ok(outcome.events)
    }

    /// Asks as `nurse-1`. Returns the events.
    pub(crate) fn ask(&mut self, ask: Ask) -> Result<Vec<Event>, Rejection> {
        self.ask_as(Actor::User(NURSE.parse().unwrap()), ask)
    }

    fn ask_as(&mut self, actor: Actor, ask: Ask) -> Result<Vec<Event>, Rejection> {
        let command = self.command(actor, ask);
        self.take(&command)
    }

    /// Staff say how a room is. Returns how many events follow.
    fn say(&mut self, room: &str, status: StaffStatus) -> usize {
        self.ask(Ask::SetRoomStatus(set(room, status))).unwrap().len()
    }

    /// What `camera` claims about `room` now.
    fn sight(&self, camera: &str, room: &str, occupied: bool) -> Observation {
        Observation {
            room_id: room_id(room),
            source: format!("camera:{camera}").parse().unwrap(),
            sensor: Sensor::Camera { camera_id: camera_id(camera) },
            occupied,
            people: None,
            confidence: Some(0.9),
            method: Method::Model,
            synthetic: false,
            observed_at: self.now,
            doctor_id: None,
        }
    }

    /// What the webhook source `name` claims about `room` now.
    fn report(&self, name: &str, room: &str, occupied: bool) -> Observation {
        let source: SourceId = format!("webhook:{name}").parse().unwrap();
        Observation {
            source,
            sensor: Sensor::Webhook,
            method: Method::External,
            ..self.sight("none", room, occupied)
        }
    }

    /// Takes in an observation. Returns how many events follow.
    fn observe(&mut self, observation: Observation) -> usize {
        self.ask_as(Actor::Gateway, Ask::Observe(observation)).unwrap().len()
    }

    /// `camera` sees somebody, or nobody, in `room`.
    fn sees(&mut self, camera: &str, room: &str, occupied: bool) -> usize {
        self.observe(self.sight(camera, room, occupied))
    }

    /// Does what is due now, as the ledger does before each batch. Returns how many events follow.
    pub(crate) fn settle(&mut self) -> usize {
        let mut events = 0;
        for _ in 0..100 {
            if self.state.next_deadline().is_none_or(|at| at > self.now) {
                return events;
            }
            events += self.ask_as(Actor::Gateway, Ask::AdvanceClock).unwrap().len();
        }
        panic!("time does not get past {:?}", self.state.next_deadline());
    }

    /// Lets time pass and fires each deadline when it is due. Returns how many events follow.
    pub(crate) fn wait(&mut self, by: Duration) -> usize {
        let until = self.now.plus(by);
        let mut events = 0;
        while let Some(due) = self.state.next_deadline().filter(|at| *at <= until) {
            self.now = self.now.max(due);
            events += self.settle();
        }
        self.now = until;
        events
    }

    /// Lets time pass while `camera` keeps seeing the same, once a second.
    fn watch(&mut self, camera: &str, room: &str, occupied: bool, by: Duration) {
        for _ in 0..by.as_secs() {
            self.sees(camera, room, occupied);
            self.wait(seconds(1));
        }
        self.sees(camera, room, occupied);
    }

    fn at(&self, room: &str) -> &Room {
        &self.state.rooms[&room_id(room)]
    }

    fn status(&self, room: &str) -> RoomStatus {
        self.at(room).status()
    }

    fn why(&self, room: &str) -> &str {
        &self.at(room).occupancy.why
    }

    fn cam(&self, id: &str) -> &Camera {
        &self.state.cameras[&camera_id(id)]
    }

    fn standing_alarms(&self) -> usize {
        self.state.alarms.values().filter(|alarm| alarm.is_standing()).count()
    }

    fn open_cleanings(&self, room: &str) -> Vec<Arc<Task>> {
        let room = room_id(room);
        self.state.tasks.values().filter(|task| task.is_open_cleaning_of(&room)).cloned().collect()
    }

    /// The deadlines that a scan over all entities gives.
    pub(crate) fn scanned_deadlines(&self) -> BTreeSet<(Timestamp, EntityKey)> {
        let rooms = self
            .state
            .rooms
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Room(it.id.clone()))));
        let cameras = self
            .state
            .cameras
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Camera(it.id.clone()))));
        let equipment = self
            .state
            .equipment
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Equipment(it.id.clone()))));
        let visits = self
            .state
            .visits
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Visit(it.patient_id.clone()))));
        let devices = self
            .state
            .devices
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Device(it.id.clone()))));
        let tasks = self
            .state
            .tasks
            .values()
            .filter_map(|it| Some((it.next_deadline()?, EntityKey::Task(it.id.clone()))));
        rooms.chain(cameras).chain(equipment).chain(visits).chain(devices).chain(tasks).collect()
    }
}
