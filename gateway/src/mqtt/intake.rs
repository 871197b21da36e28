//! The way of a message: from its topic to the bindings, through their dialects, into the ledger.
//!
//! Reading is quick and under one lock, so that messages are read in the order in which they came; what they say stands
//! in the ledger's queue, in that order too, before the next one is read, and only then is it waited for: a set of
//! futures that each queue and wait would be polled in any order. What a broker is told (the acknowledgement) waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::PAYLOAD_BYTES_MAX;
use super::config::Binding;
use super::dialect::{self, Dialect, Memory, Message, Question, Told};
use super::heard::{Heard, Stranger, Strangers, target_text};
use super::metrics::{self, InFlight, Outcome};
use super::topic;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::device::DeviceReport;
use crate::domain::id::DeviceId;
use crate::domain::state::Note;
use crate::ledger::{Handle, Queued, SubmitError};

/// Takes messages. Clones share everything.
#[derive(Clone)]
pub(super) struct Intake {
    ledger: Handle,
    own_topic: Arc<str>,
    bound: Arc<Mutex<Bound>>,
}

/// What a message came to, before anything is durable.
#[derive(Default)]
pub(super) struct Taken {
    reports: Vec<(Dialect, DeviceReport)>,
    /// What is to be asked now.
    pub(super) questions: Vec<Question>,
}

/// Why a message must not be acknowledged: it has to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsettled {
    /// The ledger has no place for it now.
    #[error("the ledger is busy")]
    Busy,
    /// The gateway is stopping.
    #[error("the gateway is stopping")]
    Stopped,
}

/// Filters to take up and to let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) subscribe: Vec<String>,
    pub(super) unsubscribe: Vec<String>,
}

#[derive(Default)]
struct Bound {
    slots: Vec<Slot>,
    /// Slots by the topics that they have without a wildcard.
    exact: HashMap<String, Vec<usize>>,
    /// The other filters.
    wild: Vec<(String, usize)>,
    strangers: Strangers,
}

struct Slot {
    binding: Arc<Binding>,
    memory: Memory,
    heard: Heard,
}

impl Intake {
    /// Takes what `bindings` name into `ledger`. The gateway's own topics begin with `own_topic`.
    pub(super) fn new(ledger: Handle, own_topic: &str, bindings: Vec<Binding>) -> Self {
        let intake = Self { ledger, own_topic: own_topic.into(), bound: Arc::default() };
        intake.rebind(bindings);
        intake
    }

    /// Puts `bindings` in the place of those before. A device whose binding stays keeps what is known of it.
    pub(super) fn rebind(&self, bindings: Vec<Binding>) -> Change {
        let before = self.filters();
        let mut bound = self.lock();
        let mut known: HashMap<_, _> =
            bound.slots.drain(..).map(|slot| (slot.binding.id().clone(), slot)).collect();
        (bound.exact, bound.wild) = Default::default();
        bound.strangers.clear();
        for (n, binding) in bindings.into_iter().enumerate() {
            for filter in dialect::topics(&binding, &self.own_topic) {
                if filter.contains(['+', '#']) {
                    bound.wild.push((filter, n));
                } else {
                    bound.exact.entry(filter).or_default().push(n);
                }
            }
            let kept = known.remove(binding.id()).filter(|slot| *slot.binding == binding);
            bound.slots.push(kept.unwrap_or_else(|| Slot {
                binding: Arc::new(binding),
                memory: Memory::default(),
                heard: Heard::default(),
            }));
        }
        drop(bound);
        let now = self.filters();
        let without = |these: &[String], those: &[String]| {
            these.iter().filter(|it| !those.contains(it)).cloned().collect::<Vec<_>>()
        };
        Change { subscribe: without(&now, &before), unsubscribe: without(&before, &now) }
    }

    /// Every filter of every binding, each once.
    pub(super) fn filters(&self) -> Vec<String> {
        let bound = self.lock();
        let mut filters: Vec<_> =
            bound.exact.keys().chain(bound.wild.iter().map(|(filter, _)| filter)).cloned().collect();
        filters.sort_unstable();
        filters.dedup();
        filters
    }

    /// What every device is to be asked when it or the link begins, each question once.
    pub(super) fn questions(&self) -> Vec<Question> {
        let bound = self.lock();
        let mut questions: Vec<Question> = Vec::new();
        for slot in &bound.slots {
            for question in dialect::questions(&slot.binding, &self.own_topic) {
                if !questions.contains(&question) {
                    questions.push(question);
                }
            }
        }
        questions
    }

    /// Reads a message. What it says is to be submitted with [`Intake::submit`] in the same order.
    pub(super) fn take(&self, topic: &str, payload: &[u8], retained: bool) -> Taken {
        let message = Message { topic, payload, retained, at: self.ledger.now() };
        let mut bound = self.lock();
        let mut slots = bound.exact.get(topic).cloned().unwrap_or_default();
        slots.extend(bound.wild.iter().filter(|(filter, _)| topic::matches(filter, topic)).map(|it| it.1));
        // A device that has a topic by two of its filters is told once.
        slots.sort_unstable();
        slots.dedup();
        let mut taken = Taken::default();
        if slots.is_empty() {
            metrics::count("none", Outcome::Unbound);
            if payload.len() <= PAYLOAD_BYTES_MAX && !topic.starts_with(&*self.own_topic) {
                bound.strangers.keep(&message);
            }
            return taken;
        }
        for n in slots {
            let slot = &mut bound.slots[n];
            if let Some(told) = slot.read(&message) {
                if told.has_begun {
                    taken.questions.extend(dialect::questions(&slot.binding, &self.own_topic));
                }
                taken.reports.extend(slot.report(told).map(|report| (slot.binding.dialect, report)));
            }
        }
        taken
    }

    /// Puts what was taken in the ledger's queue: messages are decided in the order in which these calls return.
    ///
    /// Cancel safety: dropping the future does not take back what is in the queue.
    ///
    /// # Errors
    ///
    /// [`Unsettled`]: the message must come again.
    pub(super) async fn submit(&self, taken: Taken) -> Result<Settling, Unsettled> {
        let mut settling = Settling { queued: Vec::new(), _in_flight: InFlight::begin() };
        for (dialect, report) in taken.reports {
            let device_id = report.device_id.clone();
            let queued = enqueue(&self.ledger, Actor::Sensor(device_id.clone()), Ask::ReportDevice(report));
            settling.queued.push((dialect, device_id, queued.await?));
        }
        Ok(settling)
    }

    /// The bound devices with their newest messages, as JSON.
    pub(super) fn devices(&self) -> Value {
        let bound = self.lock();
        let devices = bound.slots.iter().map(|slot| {
            let mut device = json!({
                "id": slot.binding.id(),
                "target": target_text(slot.binding.target()),
                "dialect": slot.binding.dialect,
                "topics": dialect::topics(&slot.binding, &self.own_topic),
            });
            let heard = serde_json::to_value(&slot.heard).expect("numbers and texts serialise");
            if let (Value::Object(device), Value::Object(heard)) = (&mut device, heard) {
                device.extend(heard);
            }
            device
        });
        json!({ "devices": devices.collect::<Vec<_>>() })
    }

    /// Devices that speak and that nobody is bound to.
    pub(super) fn strangers(&self) -> Vec<Stranger> {
        self.lock().strangers.list()
    }

    /// How many devices are bound.
    pub(super) fn len(&self) -> usize {
        self.lock().slots.len()
    }

    /// The ledger that messages go to.
    pub(super) fn ledger(&self) -> &Handle {
        &self.ledger
    }

    fn lock(&self) -> MutexGuard<'_, Bound> {
        // Nothing that panics leaves a half of it behind: at worst one message is not kept.
        self.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a message says, in the ledger's queue.
pub(super) struct Settling {
    queued: Vec<(Dialect, DeviceId, Queued)>,
    _in_flight: InFlight,
}

impl Settling {
    /// Waits until it is durable, or refused.
    ///
    /// # Errors
    ///
    /// [`Unsettled`]: the message must come again.
    pub(super) async fn settled(self) -> Result<(), Unsettled> {
        for (dialect, device_id, queued) in self.queued {
            match queued.receipt().await {
                Ok(receipt) => metrics::count(dialect.as_str(), outcome_of(receipt.note.as_ref())),
                Err(SubmitError::Rejected(rejection)) => {
                    metrics::count(dialect.as_str(), Outcome::Refused);
                    tracing::debug!(device.id = %device_id, %rejection, "what the device says is refused");
                }
                Err(SubmitError::Busy) => return Err(Unsettled::Busy),
                Err(SubmitError::Stopped) => return Err(Unsettled::Stopped),
            }
        }
        Ok(())
    }
}

/// Puts what `actor` asks in the ledger's queue.
pub(super) async fn enqueue(ledger: &Handle, actor: Actor, ask: Ask) -> Result<Queued, Unsettled> {
    ledger.enqueue(actor, ask).await.map_err(|error| match error {
        SubmitError::Busy => Unsettled::Busy,
        // Nothing is refused before it is decided.
        SubmitError::Stopped | SubmitError::Rejected(_) => Unsettled::Stopped,
    })
}

fn outcome_of(note: Option<&Note>) -> Outcome {
    match note {
        Some(Note::Repeated) => Outcome::Repeated,
        Some(Note::Outdated) => Outcome::Outdated,
        _ => Outcome::Taken,
    }
}

impl Slot {
    /// Reads a message for this binding, and counts it when nothing of it goes on.
    fn read(&mut self, message: &Message<'_>) -> Option<Told> {
        let dialect = self.binding.dialect.as_str();
        self.heard.keep(message);
        if message.payload.len() > PAYLOAD_BYTES_MAX {
            metrics::count(dialect, Outcome::TooLarge);
            tracing::debug!(device.id = %self.binding.id(), bytes = message.payload.len(), "a message is too large");
            return None;
        }
        match dialect::read(&self.binding, &mut self.memory, message) {
            Ok(told) => {
                if told.said.is_empty() {
                    metrics::count(dialect, Outcome::Silent);
                }
                Some(told)
            }
            Err(misread) => {
                metrics::count(dialect, Outcome::Misread);
                tracing::debug!(device.id = %self.binding.id(), %misread, "a message cannot be understood");
                self.heard.misread(&misread);
                None
            }
        }
    }

    fn report(&self, told: Told) -> Option<DeviceReport> {
        let Told { said, observed_at, counter, is_replay, has_begun: _ } = told;
        let device_id = self.binding.id().clone();
        (!said.is_empty()).then_some(DeviceReport { device_id, said, observed_at, counter, is_replay })
    }
}
