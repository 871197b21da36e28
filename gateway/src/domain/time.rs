//! Time as a value.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: UTC milliseconds since 1970-01-01T00:00:00Z.
///
/// Serialised as RFC 3339 with `Z`. The domain compares and adds timestamps; it can not ask for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest time that jiff can write (9999-12-30T22:00:00Z); later values are held to it.
    const MAX_MS: i64 = 253_402_207_200_000;

    /// Makes a timestamp from UTC milliseconds, held to the years 0 to 9999.
    pub fn from_unix_ms(ms: i64) -> Self {
        Self(ms.clamp(-62_167_219_200_000, Self::MAX_MS))
    }

    /// UTC milliseconds since 1970.
    pub fn unix_ms(self) -> i64 {
        self.0
    }

    /// This time plus `by`.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self::from_unix_ms(self.0.saturating_add(ms))
    }

    /// This time moved by `by_ms` milliseconds, which may be negative.
    #[must_use]
    pub fn shifted(self, by_ms: i64) -> Self {
        Self::from_unix_ms(self.0.saturating_add(by_ms))
    }

    /// The time that has passed since `earlier`; zero when `earlier` is later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = jiff::Timestamp::from_millisecond(self.0).expect("from_unix_ms holds the range");
        write!(f, "{at}")
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_unix_ms(text.parse::<jiff::Timestamp>()?.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom("not an RFC 3339 time such as 2026-02-06T14:30:00Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_written_as_rfc_3339_with_z_and_read_back() {
        let at = Timestamp::from_unix_ms(1_770_388_200_000);
        assert_eq!(at.to_string(), "2026-02-06T14:30:00Z");
        assert_eq!("2026-02-06T08:30:00-06:00".parse::<Timestamp>().unwrap(), at);
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn far_away_times_are_held_to_what_can_be_written() {
        let _ = Timestamp::from_unix_ms(i64::MAX).plus(Duration::MAX).to_string();
        let _ = Timestamp::from_unix_ms(i64::MIN).shifted(i64::MIN).to_string();
    }
}
