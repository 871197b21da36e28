//! Channels: what a client subscribes to. The seed's wire calls a channel `room`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::domain::role::{Role, Topic};

/// A channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Rooms and equipment.
    Facility,
    /// Action items.
    Actions,
    /// Tasks.
    Tasks,
    /// Cameras' health.
    Cameras,
    /// Technical alarms and the health of cameras.
    System,
    /// Everything, each event once.
    All,
}

impl Channel {
    /// Every channel, in the order that texts list them.
    pub const EVERY: [Channel; 6] = [
        Channel::Facility,
        Channel::Actions,
        Channel::Tasks,
        Channel::Cameras,
        Channel::System,
        Channel::All,
    ];

    /// The channel as the wire spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Facility => "facility",
            Channel::Actions => "actions",
            Channel::Tasks => "tasks",
            Channel::Cameras => "cameras",
            Channel::System => "system",
            Channel::All => "all",
        }
    }
}

impl Channel {
    /// The topic that the channel carries; none for `all`, which carries each that its listener may hear.
    pub fn topic(self) -> Option<Topic> {
        match self {
            Channel::Facility => Some(Topic::Facility),
            Channel::Actions => Some(Topic::Actions),
            Channel::Tasks => Some(Topic::Tasks),
            Channel::Cameras => Some(Topic::Cameras),
            Channel::System => Some(Topic::System),
            Channel::All => None,
        }
    }

    /// True when `role` may listen to the channel.
    pub fn admits(self, role: Role) -> bool {
        match self.topic() {
            Some(topic) => role.hears(topic),
            None => Topic::EVERY.iter().any(|topic| role.hears(*topic)),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No channel has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such channel; the channels are facility, actions, tasks, cameras, system, all")]
pub struct UnknownChannel;

impl FromStr for Channel {
    type Err = UnknownChannel;

    fn from_str(text: &str) -> Result<Self, UnknownChannel> {
        Channel::EVERY.into_iter().find(|channel| channel.as_str() == text).ok_or(UnknownChannel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_read_as_it_is_written_and_named_in_the_error() {
        for channel in Channel::EVERY {
            assert_eq!(channel.as_str().parse(), Ok(channel));
            assert!(UnknownChannel.to_string().contains(channel.as_str()));
        }
        assert_eq!("Facility".parse::<Channel>(), Err(UnknownChannel));
    }
}
