//! The limits of the hub, all in one table of the configuration (`[hub]`).

use serde::{Deserialize, Serialize};

/// The limits of the hub (`[hub]`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The largest frame in, in bytes.
    pub frame_bytes_max: usize,
    /// Frames in per second and connection.
    pub frames_per_s: u32,
    /// Connections in all, event streams included.
    pub connections_max: usize,
    /// Connections of one user. One more ends the oldest of them.
    pub connections_per_user_max: usize,
    /// Channels of one connection.
    pub channels_max: usize,
    /// Events that a connection may be behind live while its socket is full.
    pub lag_events_max: usize,
    /// Bytes that a connection may be behind live while its socket is full.
    pub lag_bytes_max: usize,
    /// Seconds between protocol pings; a peer that misses two is gone.
    pub ping_s: u64,
    /// Connections that may be cut within a minute, for being too slow or for breaking a limit, before an alarm is
    /// raised.
    pub cut_per_min_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes_max: 64 * 1024,
            frames_per_s: 20,
            connections_max: 1_000,
            connections_per_user_max: 100,
            channels_max: 128,
            lag_events_max: 256,
            lag_bytes_max: 256 * 1024,
            ping_s: 30,
            cut_per_min_max: 30,
        }
    }
}

impl Limits {
    /// What is wrong with the values: key, and the remedy in words.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut within = |key, value: u64, least: u64, most: u64| {
            if !(least..=most).contains(&value) {
                problems.push((key, format!("{value} is out of range; use {least} to {most}")));
            }
        };
        within("frame_bytes_max", self.frame_bytes_max as u64, 256, 1024 * 1024);
        within("frames_per_s", self.frames_per_s.into(), 1, 100_000);
        within("connections_max", self.connections_max as u64, 1, 100_000);
        within("connections_per_user_max", self.connections_per_user_max as u64, 1, 100_000);
        within("channels_max", self.channels_max as u64, 1, 1_000);
        within("lag_events_max", self.lag_events_max as u64, 16, 4_096);
        within("lag_bytes_max", self.lag_bytes_max as u64, 16 * 1024, 64 * 1024 * 1024);
        within("ping_s", self.ping_s, 1, 3_600);
        within("cut_per_min_max", self.cut_per_min_max as u64, 1, 100_000);
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_limits_are_those_of_the_design_and_valid() {
        let limits = Limits::default();
        assert_eq!((limits.frame_bytes_max, limits.frames_per_s, limits.ping_s), (64 * 1024, 20, 30));
        assert_eq!((limits.lag_events_max, limits.lag_bytes_max), (256, 256 * 1024));
        assert_eq!((limits.channels_max, limits.problems()), (128, Vec::new()));
        let wrong = Limits { ping_s: 0, frames_per_s: 0, ..limits };
        let keys: Vec<_> = wrong.problems().iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["frames_per_s", "ping_s"]);
    }
}
