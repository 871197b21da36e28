//! Channels: what a client subscribes to. The seed's wire calls a channel `room`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

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
