//! The cursor: `"<epoch>:<seq>"`, the same string at every door.

use std::fmt;
use std::str::FromStr;

use crate::domain::event::Seq;

/// A place in one life of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The journal's life.
    pub epoch: String,
    /// The newest event that its owner has seen.
    pub seq: Seq,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.seq)
    }
}

/// The text is not a cursor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is written epoch:seq, such as k3f9:4711, as an earlier answer gave it")]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (epoch, seq) = text.split_once(':').ok_or(CursorError)?;
        let plain = (1..=32).contains(&epoch.len()) && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let seq = seq.parse().ok().filter(|seq| *seq < u64::MAX).ok_or(CursorError)?;
        if plain { Ok(Self { epoch: epoch.into(), seq: Seq(seq) }) } else { Err(CursorError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor { epoch: "k3f9".into(), seq: Seq(4711) };
        assert_eq!(cursor.to_string(), "k3f9:4711");
        assert_eq!("k3f9:4711".parse(), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for bad in [
            "",
            "4711",
            ":1",
            "k3f9:",
            "k3f9:-1",
            "k3f9:x",
            "k 3:1",
            "a:18446744073709551615",
            "a:99999999999999999999",
        ] {
            assert_eq!(bad.parse::<Cursor>(), Err(CursorError), "{bad:?}");
        }
    }
}
