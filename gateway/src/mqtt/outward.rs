//! The gateway's own words at the broker, and the commands that come back: the link's side of [`super::out`].

use super::intake::{self, Unsettled};
use super::metrics::{self, Outcome};
use super::out::commands::{self, Refused};
use super::out::publisher::Publisher;
use super::out::topics::Topics;
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::domain::id::UserId;
use crate::ledger::{Handle, Queued, SubmitError};

/// What commands are counted as, beside the dialects of devices.
const COMMANDS: &str = "command";

/// What the gateway says, and how it is told to do something. Clones share it.
#[derive(Clone)]
pub(super) struct Outward {
    pub(super) topics: Topics,
    pub(super) publisher: Publisher,
    pub(super) ledger: Handle,
}

/// What a message is to the gateway itself.
pub(super) enum Heard {
    /// Nothing: it may be a device's.
    Nothing,
    /// It was for the gateway, and is dealt with.
    Settled,
    /// Somebody asks for something.
    Command(Ask, UserId),
}

impl Outward {
    /// Reads a message; `account` is whom its sender acts as, if as anybody.
    pub(super) fn take(
        &self,
        topic: &str,
        payload: &[u8],
        is_retained: bool,
        account: Option<&UserId>,
    ) -> Heard {
        if self.topics.home_assistant_status().as_deref() == Some(topic) {
            if payload == b"online" {
                self.publisher.on_home_assistant_online();
            }
            return Heard::Settled;
        }
        let refused = match (commands::ask(&self.topics, topic, payload, is_retained), account) {
            (Ok(ask), Some(account)) => return Heard::Command(ask, account.clone()),
            (Ok(_), None) => {
                "its sender acts as nobody (mqtt.commands_as, or acts_as of the user)".to_owned()
            }
            (Err(Refused::Topic), _) => {
                // Who subscribes to what is retained hears its own words too.
                let is_own = self.topics.parse(topic).is_some() || topic == self.topics.status();
                if is_own && is_retained {
                    self.publisher.found(topic);
                }
                return if is_own { Heard::Settled } else { Heard::Nothing };
            }
            (Err(refused), _) => refused.to_string(),
        };
        metrics::count(COMMANDS, Outcome::Refused);
        tracing::info!(refused, "a command by MQTT is not taken");
        Heard::Settled
    }

    /// Puts what was asked, as `account`, in the ledger's queue. Said again, as QoS 1 may, it changes nothing.
    ///
    /// # Errors
    ///
    /// [`Unsettled`]: it must come again.
    pub(super) async fn submit(&self, ask: Ask, account: UserId) -> Result<Obeying, Unsettled> {
        let command = ask.name();
        Ok(Obeying { command, queued: intake::enqueue(&self.ledger, Actor::User(account), ask).await? })
    }
}

/// A command in the ledger's queue.
pub(super) struct Obeying {
    command: &'static str,
    queued: Queued,
}

impl Obeying {
    /// Waits until it is durable, or refused.
    ///
    /// # Errors
    ///
    /// [`Unsettled`]: it must come again.
    pub(super) async fn settled(self) -> Result<(), Unsettled> {
        let Self { command, queued } = self;
        match queued.receipt().await {
            Ok(_) => metrics::count(COMMANDS, Outcome::Taken),
            Err(SubmitError::Rejected(rejection)) => {
                metrics::count(COMMANDS, Outcome::Refused);
                tracing::info!(command, %rejection, "a command by MQTT is refused");
            }
            Err(SubmitError::Busy) => return Err(Unsettled::Busy),
            Err(SubmitError::Stopped) => return Err(Unsettled::Stopped),
        }
        Ok(())
    }
}
