//! The clinic's state: every entity in memory, and the two verbs that move it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::access::Access;
use super::action::{ActionItem, ActionStatus};
use super::actor::Actor;
use super::agent::{AgentSetting, AgentUse, Feedback};
use super::alarm::Alarm;
use super::analytics::{Analytics, Before};
use super::automation::{Automation, AutomationLevels, Level};
use super::bound_device::Device;
use super::camera::Camera;
use super::command::{Ask, Command};
use super::decide;
use super::doctor::Doctor;
use super::endpoint::{Delivery, Endpoint};
use super::entity::{Change, Entity, EntityKey, Facility};
use super::equipment::Equipment;
use super::event::{Concerned, Event, Seq};
use super::hub_day::{HubDay, HubDayKey};
use super::id::{
    ActionId, AlarmId, AutomationId, CameraId, CommandId, DeviceId, DoctorId, EndpointId, EquipmentId,
    FeedbackId, PatientId, RoomId, TaskId,
};
use super::rejection::Rejection;
use super::role::Role;
use super::room::Room;
use super::rules::{AUTOMATION_KEPT, CLOSED_ITEMS_KEPT, Rules};
use super::task::Task;
use super::time::Timestamp;
use super::visit::Visit;

pub use super::decide::{Note, Outcome};

/// The clinic's state. Cloning costs a few pointers: the maps share what did not change.
#[derive(Clone, Debug, Default)]
pub struct State {
    rules: Arc<Rules>,
    /// The facility itself.
    pub facility: Facility,
    /// Rooms by id.
    pub rooms: OrdMap<RoomId, Arc<Room>>,
    /// Equipment by id.
    pub equipment: OrdMap<EquipmentId, Arc<Equipment>>,
    /// Doctors by id.
    pub doctors: OrdMap<DoctorId, Arc<Doctor>>,
    /// Action items by id, which is by age. All open ones, and the newest closed ones.
    pub actions: OrdMap<ActionId, Arc<ActionItem>>,
    /// Tasks by id, which is by age. All open ones, and the newest closed ones.
    pub tasks: OrdMap<TaskId, Arc<Task>>,
    /// Technical alarms by id, cleared ones too: one per cause and subject.
    pub alarms: OrdMap<AlarmId, Arc<Alarm>>,
    /// Cameras by id.
    pub cameras: OrdMap<CameraId, Arc<Camera>>,
    /// Who may come in.
    pub access: Access,
    /// Settings of automation by id, which is by age. The newest one holds.
    pub automations: OrdMap<AutomationId, Arc<Automation>>,
    /// Open visits by patient.
    pub visits: OrdMap<PatientId, Arc<Visit>>,
    /// What the hub did on each day.
    pub hub_days: OrdMap<HubDayKey, Arc<HubDay>>,
    /// Bound devices by id.
    pub devices: OrdMap<DeviceId, Arc<Device>>,
    /// Webhook endpoints that admins added, by id.
    pub endpoints: OrdMap<EndpointId, Arc<Endpoint>>,
    /// How far each webhook endpoint is, those of the configuration too.
    pub deliveries: OrdMap<EndpointId, Arc<Delivery>>,
    /// The agent's phase, once it was set.
    pub agent: Option<Arc<AgentSetting>>,
    /// What the agent has written within an hour.
    pub agent_use: AgentUse,
    /// What staff think of the agent's work, by age.
    pub feedback: OrdMap<FeedbackId, Arc<Feedback>>,
    /// What the days came to, counted from events.
    pub analytics: Analytics,
    /// The gateway has opened the store and not said yet that it started: nothing is due before that, or time in
    /// which nobody watched would be counted as watched.
    is_asleep: bool,
    /// When time alone may change which thing.
    deadlines: OrdSet<(Timestamp, EntityKey)>,
}

impl State {
    /// Makes the state that `entities` describe.
    pub fn new(rules: Rules, entities: impl IntoIterator<Item = Entity>) -> Self {
        let mut state = Self { rules: Arc::new(rules), ..Self::default() };
        for (n, entity) in entities.into_iter().enumerate() {
            state.put(entity);
            // On the way too: a store holds the closed items of years.
            if n % CLOSED_ITEMS_KEPT == 0 {
                state.trim_closed();
            }
        }
        state.trim_closed();
        state
    }

    /// Says when the newest event became true: what happened between it and the next start, nobody watched.
    #[must_use]
    pub fn resumed_after(mut self, newest: Timestamp) -> Self {
        self.is_asleep = newest > Timestamp::default();
        self.analytics.resumed_after(newest);
        self
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The role of `actor` now; `None` for the gateway's own parts, which need none. A user who is gone or
    /// disabled, and an open demo's visitor, may only look.
    pub fn role_of(&self, actor: &Actor) -> Option<Role> {
        match actor {
            Actor::User(id) => {
                let user = self.access.users.get(id).filter(|user| user.is_open());
                Some(user.map_or(Role::Viewer, |user| user.role))
            }
            Actor::Local => Some(Role::Viewer),
            Actor::Kiosk(_) => Some(Role::Kiosk),
            Actor::Device(_) => Some(Role::Device),
            Actor::Agent(_) => Some(Role::Agent),
            Actor::Peer(_) => Some(Role::Peer),
            Actor::Console => Some(Role::Admin),
            Actor::Camera(_) | Actor::Sensor(_) | Actor::Gateway => None,
        }
    }

    /// The setting of automation that holds; `None` until the first one, while everything is applied.
    pub fn automation(&self) -> Option<&Automation> {
        self.automations.get_max().map(|(_, automation)| &**automation)
    }

    /// The levels of automation that hold.
    pub fn automation_levels(&self) -> &AutomationLevels {
        static FULL: AutomationLevels = AutomationLevels {
            occupancy: Level::Full,
            turnover: Level::Full,
            equipment: Level::Full,
            rooms: BTreeMap::new(),
        };
        self.automation().map_or(&FULL, |automation| &automation.levels)
    }

    /// What `ask` is about, as it is now: the thing that its answer shows, and whose revision it may name. The whole
    /// of automation is one such thing: a setting stands until the next one. `command_id` as in [`Ask::subject`].
    pub fn subject(&self, ask: &Ask, command_id: CommandId) -> Option<Entity> {
        match ask {
            Ask::ImportAutomation(_) | Ask::SetAutomation(_) | Ask::RevertAutomation { .. } => {
                self.automations.get_max().map(|(_, newest)| Entity::Automation(newest.clone()))
            }
            _ => ask.subject(command_id).and_then(|key| self.get(&key)),
        }
    }

    /// Says what follows from `command` at `now`, and changes nothing.
    ///
    /// No events means "already so". The same command decided again after its events were applied has none.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] when the command cannot be taken.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Outcome, Rejection> {
        decide::decide(self, command, now)
    }

    /// Whom the thing that `event` is about concerns as it is here: before the event is applied, who may be
    /// concerned no more after it.
    pub fn concerned_by(&self, event: &Event) -> Concerned {
        let room = |id| self.rooms.get(id).map(|it| Concerned::by_room(it));
        let action = |id| self.actions.get(id).map(|it| Concerned::by_action(it));
        let task = |id| self.tasks.get(id).map(|it| Concerned::by_task(it));
        let concerned = match event {
            Event::RoomUpdated(it) => room(&it.id),
            Event::RoomDeleted(id) => room(id),
            Event::ActionUpdated(it) => action(&it.id),
            Event::ActionDeleted(id) => action(id),
            Event::TaskUpdated(it) => task(&it.id),
            Event::TaskDeleted(id) => task(id),
            _ => None,
        };
        concerned.unwrap_or_default()
    }

    /// Makes `event` true and adds the keys of what it changed to `changed`. Cannot refuse.
    pub fn apply(&mut self, event: &Event, changed: &mut BTreeSet<EntityKey>, at: Timestamp) {
        let before = Before { rooms: &self.rooms, tasks: &self.tasks, actions: &self.actions };
        self.analytics.follow(event, &before, &self.rules.calendar, at, changed);
        let change = match event {
            Event::GatewayStarted { .. } => return self.is_asleep = false,
            Event::ClockStepped { by_ms } => return self.shift_clock(*by_ms, changed),
            Event::ClinicImported => Change::Put(Entity::Facility(Facility { imported_at: Some(at) })),
            Event::RoomCreated(room) | Event::RoomUpdated(room) => Change::Put(Entity::Room(room.clone())),
            Event::RoomDeleted(id) => Change::Remove(EntityKey::Room(id.clone())),
            Event::EquipmentCreated(it) | Event::EquipmentUpdated(it) => {
                Change::Put(Entity::Equipment(it.clone()))
            }
            Event::DoctorCreated(doctor) | Event::DoctorUpdated(doctor) => {
                Change::Put(Entity::Doctor(doctor.clone()))
            }
            Event::ActionCreated(item) | Event::ActionUpdated(item) => {
                Change::Put(Entity::Action(item.clone()))
            }
            Event::ActionDeleted(id) => Change::Remove(EntityKey::Action(id.clone())),
            Event::TaskCreated(task) | Event::TaskUpdated(task) => Change::Put(Entity::Task(task.clone())),
            Event::TaskDeleted(id) => Change::Remove(EntityKey::Task(id.clone())),
            Event::AlarmRaised(it) | Event::AlarmCleared(it) | Event::AlarmAcknowledged(it) => {
                Change::Put(Entity::Alarm(it.clone()))
            }
            Event::CameraUpdated(camera) => Change::Put(Entity::Camera(camera.clone())),
            Event::CameraRemoved(id) => Change::Remove(EntityKey::Camera(id.clone())),
            Event::AutomationChanged(it) => {
                self.forget_automations(changed);
                Change::Put(Entity::Automation(it.clone()))
            }
            Event::VisitUpdated(visit) => Change::Put(Entity::Visit(visit.clone())),
            Event::VisitClosed(visit) => Change::Remove(EntityKey::Visit(visit.patient_id.clone())),
            Event::EquipmentDeleted(id) => Change::Remove(EntityKey::Equipment(id.clone())),
            Event::DoctorDeleted(id) => Change::Remove(EntityKey::Doctor(id.clone())),
            Event::DeviceUpdated(device) => Change::Put(Entity::Device(device.clone())),
            Event::DeviceRemoved(id) => Change::Remove(EntityKey::Device(id.clone())),
            Event::AgentChanged(setting) => Change::Put(Entity::Agent(setting.clone())),
        };
        self.record(change, changed);
    }

    /// Makes a change without an event true, and adds the key of what it changed to `changed`. Cannot refuse.
    pub fn record(&mut self, change: Change, changed: &mut BTreeSet<EntityKey>) {
        match change {
            Change::Put(entity) => {
                changed.insert(entity.key());
                self.put(entity);
            }
            Change::Remove(key) => {
                self.remove(&key);
                changed.insert(key);
            }
        }
    }

    /// Takes in freshness and last-seen times: memory only, never worth an event.
    pub fn touch(&mut self, entity: Entity) {
        self.put(entity);
    }

    /// Takes out of memory what the store keeps.
    pub fn let_go(&mut self, key: &EntityKey) {
        self.remove(key);
    }

    /// The last event that every living endpoint is done with: the journal waits for what comes after it.
    pub fn delivered_by_all(&self) -> Option<Seq> {
        self.deliveries.values().filter(|it| it.is_living()).map(|it| it.cursor).min()
    }

    /// The earliest time at which time alone may change something.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        if self.is_asleep {
            return None;
        }
        self.deadlines.get_min().map(|(at, _)| *at)
    }

    /// What is due at `now`, earliest first.
    pub(crate) fn due(&self, now: Timestamp) -> impl Iterator<Item = &EntityKey> {
        self.deadlines.iter().take_while(move |(at, _)| *at <= now).map(|(_, key)| key)
    }

    /// The thing under `key`, if it is in memory.
    pub fn get(&self, key: &EntityKey) -> Option<Entity> {
        match key {
            EntityKey::Facility => Some(Entity::Facility(self.facility.clone())),
            EntityKey::Room(id) => self.rooms.get(id).cloned().map(Entity::Room),
            EntityKey::Equipment(id) => self.equipment.get(id).cloned().map(Entity::Equipment),
            EntityKey::Doctor(id) => self.doctors.get(id).cloned().map(Entity::Doctor),
            EntityKey::Action(id) => self.actions.get(id).cloned().map(Entity::Action),
            EntityKey::Task(id) => self.tasks.get(id).cloned().map(Entity::Task),
            EntityKey::Alarm(id) => self.alarms.get(id).cloned().map(Entity::Alarm),
            EntityKey::Camera(id) => self.cameras.get(id).cloned().map(Entity::Camera),
            EntityKey::User(id) => self.access.users.get(id).cloned().map(Entity::User),
            EntityKey::Token(id) => self.access.tokens.get(id).cloned().map(Entity::Token),
            EntityKey::Key(id) => self.access.keys.get(id).cloned().map(Entity::Key),
            EntityKey::Automation(id) => self.automations.get(id).cloned().map(Entity::Automation),
            EntityKey::Visit(id) => self.visits.get(id).cloned().map(Entity::Visit),
            EntityKey::HubDay(key) => self.hub_days.get(key).cloned().map(Entity::HubDay),
            EntityKey::Day(key) => self.analytics.day(key.date()).cloned().map(Entity::Day),
            EntityKey::RoomDay(key) => {
                self.analytics.room_day(key.room_id(), key.date()).cloned().map(Entity::RoomDay)
            }
            EntityKey::Device(id) => self.devices.get(id).cloned().map(Entity::Device),
            EntityKey::Endpoint(id) => self.endpoints.get(id).cloned().map(Entity::Endpoint),
            EntityKey::Delivery(id) => self.deliveries.get(id).cloned().map(Entity::Delivery),
            EntityKey::Agent => self.agent.clone().map(Entity::Agent),
            EntityKey::AgentUse => Some(Entity::AgentUse(self.agent_use.clone())),
            EntityKey::Feedback(id) => self.feedback.get(id).cloned().map(Entity::Feedback),
        }
    }

    fn put(&mut self, entity: Entity) {
        let key = entity.key();
        let (before, after) = match entity {
            Entity::Facility(facility) => return self.facility = facility,
            Entity::Day(day) => return self.analytics.put_day(day),
            Entity::RoomDay(day) => return self.analytics.put_room_day(day),
            Entity::Doctor(it) => return drop(self.doctors.insert(it.id.clone(), it)),
            Entity::Action(it) => return drop(self.actions.insert(it.id.clone(), it)),
            Entity::Alarm(it) => return drop(self.alarms.insert(it.id.clone(), it)),
            Entity::User(it) => return self.access.put_user(it),
            Entity::Token(it) => return self.access.put_token(it),
            Entity::Key(it) => return self.access.put_key(it),
            Entity::HubDay(it) => return drop(self.hub_days.insert(HubDayKey::of(it.date), it)),
            Entity::Automation(it) => return drop(self.automations.insert(it.id(), it)),
            Entity::Endpoint(it) => return drop(self.endpoints.insert(it.id.clone(), it)),
            Entity::Delivery(it) => return drop(self.deliveries.insert(it.endpoint_id.clone(), it)),
            Entity::Agent(it) => return self.agent = Some(it),
            Entity::AgentUse(it) => return self.agent_use = it,
            Entity::Feedback(it) => return drop(self.feedback.insert(it.id.clone(), it)),
            Entity::Task(it) => {
                let after = it.next_deadline();
                (self.tasks.insert(it.id.clone(), it).and_then(|it| it.next_deadline()), after)
            }
            Entity::Equipment(it) => {
                let after = it.next_deadline();
                (self.equipment.insert(it.id.clone(), it).and_then(|before| before.next_deadline()), after)
            }
            Entity::Room(it) => {
                let after = it.next_deadline();
                (self.rooms.insert(it.id.clone(), it).and_then(|before| before.next_deadline()), after)
            }
            Entity::Camera(it) => {
                let after = it.next_deadline();
                (self.cameras.insert(it.id.clone(), it).and_then(|before| before.next_deadline()), after)
            }
            Entity::Visit(it) => {
                let after = it.next_deadline();
                (self.visits.insert(it.patient_id.clone(), it).and_then(|it| it.next_deadline()), after)
            }
            Entity::Device(it) => {
                let after = it.next_deadline();
                (self.devices.insert(it.id.clone(), it).and_then(|it| it.next_deadline()), after)
            }
        };
        self.reschedule(key, before, after);
    }

    fn remove(&mut self, key: &EntityKey) {
        let before = match key {
            EntityKey::Facility
            | EntityKey::Alarm(_)
            | EntityKey::User(_)
            | EntityKey::Day(_)
            | EntityKey::RoomDay(_)
            | EntityKey::Agent
            | EntityKey::AgentUse => {
                unreachable!("nothing deletes a {}", key.parts().0)
            }
            EntityKey::Token(id) => return self.access.remove_token(id),
            EntityKey::Key(id) => return self.access.remove_key(id),
            EntityKey::Equipment(id) => self.equipment.remove(id).and_then(|it| it.next_deadline()),
            EntityKey::Doctor(id) => return drop(self.doctors.remove(id)),
            EntityKey::Action(id) => return drop(self.actions.remove(id)),
            EntityKey::Feedback(id) => return drop(self.feedback.remove(id)),
            EntityKey::Task(id) => self.tasks.remove(id).and_then(|task| task.next_deadline()),
            EntityKey::Automation(id) => return drop(self.automations.remove(id)),
            EntityKey::HubDay(key) => return drop(self.hub_days.remove(key)),
            EntityKey::Endpoint(id) => return drop(self.endpoints.remove(id)),
            EntityKey::Delivery(id) => return drop(self.deliveries.remove(id)),
            EntityKey::Room(id) => self.rooms.remove(id).and_then(|room| room.next_deadline()),
            EntityKey::Camera(id) => self.cameras.remove(id).and_then(|camera| camera.next_deadline()),
            EntityKey::Visit(id) => self.visits.remove(id).and_then(|visit| visit.next_deadline()),
            EntityKey::Device(id) => self.devices.remove(id).and_then(|device| device.next_deadline()),
        };
        self.reschedule(key.clone(), before, None);
    }

    /// Makes place for one more setting of automation: the oldest go.
    fn forget_automations(&mut self, changed: &mut BTreeSet<EntityKey>) {
        while self.automations.len() >= AUTOMATION_KEPT {
            let Some((oldest, _)) = self.automations.get_min() else { return };
            let key = EntityKey::Automation(oldest.clone());
            self.remove(&key);
            changed.insert(key);
        }
    }

    fn reschedule(&mut self, key: EntityKey, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before == after {
            return;
        }
        if let Some(at) = before {
            self.deadlines.remove(&(at, key.clone()));
        }
        if let Some(at) = after {
            self.deadlines.insert((at, key));
        }
    }

    fn shift_clock(&mut self, by_ms: i64, changed: &mut BTreeSet<EntityKey>) {
        let rooms: Vec<_> = self.rooms.values().cloned().collect();
        for mut room in rooms {
            Arc::make_mut(&mut room).shift_clock(by_ms);
            changed.insert(EntityKey::Room(room.id.clone()));
            self.put(Entity::Room(room));
        }
        let cameras: Vec<_> = self.cameras.values().cloned().collect();
        for mut camera in cameras {
            Arc::make_mut(&mut camera).shift_clock(by_ms);
            changed.insert(EntityKey::Camera(camera.id.clone()));
            self.put(Entity::Camera(camera));
        }
        let equipment: Vec<_> = self.equipment.values().cloned().collect();
        for mut it in equipment {
            Arc::make_mut(&mut it).shift_clock(by_ms);
            changed.insert(EntityKey::Equipment(it.id.clone()));
            self.put(Entity::Equipment(it));
        }
        let visits: Vec<_> = self.visits.values().cloned().collect();
        for mut visit in visits {
            Arc::make_mut(&mut visit).shift_clock(by_ms);
            changed.insert(EntityKey::Visit(visit.patient_id.clone()));
            self.put(Entity::Visit(visit));
        }
        let devices: Vec<_> = self.devices.values().cloned().collect();
        for mut device in devices {
            Arc::make_mut(&mut device).shift_clock(by_ms);
            changed.insert(EntityKey::Device(device.id.clone()));
            self.put(Entity::Device(device));
        }
        let tasks: Vec<_> = self.tasks.values().filter(|it| it.next_deadline().is_some()).cloned().collect();
        for mut task in tasks {
            Arc::make_mut(&mut task).shift_clock(by_ms);
            changed.insert(EntityKey::Task(task.id.clone()));
            self.put(Entity::Task(task));
        }
    }

    /// Lets the oldest closed items leave memory. Called between batches, never while deciding one.
    pub fn trim_closed(&mut self) {
        trim(&mut self.tasks, |task| task.status.is_closed());
        trim(&mut self.actions, |item| item.status == ActionStatus::Completed);
    }
}

/// Removes the oldest closed items beyond [`CLOSED_ITEMS_KEPT`]; looks only when twice as many are there.
fn trim<K: Ord + Clone, V>(items: &mut OrdMap<K, Arc<V>>, is_closed: impl Fn(&V) -> bool) {
    if items.len() <= 2 * CLOSED_ITEMS_KEPT {
        return;
    }
    let closed: Vec<K> = items.iter().filter(|(_, item)| is_closed(item)).map(|(id, _)| id.clone()).collect();
    for id in &closed[..closed.len().saturating_sub(CLOSED_ITEMS_KEPT)] {
        items.remove(id);
    }
}
