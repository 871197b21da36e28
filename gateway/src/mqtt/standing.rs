//! How the way to the broker stands: for health, metrics and the rules.

use std::sync::{Arc, Mutex, PoisonError};

use super::intake::Intake;
use super::metrics;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;

/// Whether the broker is reached. Clones share it.
#[derive(Clone)]
pub(super) struct Standing(Arc<Mutex<State>>);

enum State {
    /// No broker is configured.
    Off,
    /// It was not reached yet.
    Starting,
    Reached,
    /// It is not reached, and why.
    Lost(String),
}

impl Standing {
    pub(super) fn new(is_on: bool) -> Self {
        Self(Arc::new(Mutex::new(if is_on { State::Starting } else { State::Off })))
    }

    /// The broker is reached.
    pub(super) async fn reached(&self, intake: &Intake) {
        metrics::connected(true);
        self.set(State::Reached);
        say(intake, None).await;
    }

    /// It is not, says `trouble`, which names no credentials. The rules are told when it `lasts`: a broker that is
    /// back in a second was restarted, and nobody has to do anything.
    pub(super) async fn lost(&self, intake: &Intake, trouble: String, lasts: bool) {
        metrics::connected(false);
        self.set(State::Lost(trouble.clone()));
        if lasts {
            say(intake, Some(trouble)).await;
        }
    }

    pub(super) fn health(&self) -> (bool, String) {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Off => (true, "mqtt.mode is off".into()),
            State::Starting => (false, "the broker was not reached yet".into()),
            State::Reached => (true, "the broker is reached".into()),
            State::Lost(trouble) => (false, format!("the broker is not reached: {trouble}")),
        }
    }

    fn set(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

async fn say(intake: &Intake, trouble: Option<String>) {
    let seen = Ask::BrokerSeen { trouble };
    if let Err(error) = intake.ledger().submit(Actor::Gateway, seen).await {
        tracing::warn!(%error, "how the MQTT broker stands could not be told");
    }
}
