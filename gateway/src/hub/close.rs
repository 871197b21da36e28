//! Why a connection ends.

use std::io;

use super::ring::Overrun;
use tokio_tungstenite::tungstenite::Error;

/// Why a connection ends. 4000 + the HTTP status that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The peer went, or its socket broke: nothing can be said any more.
    Gone,
    BadFrame,
    Unproven,
    Dismissed,
    NoPong,
    Replaced,
    FrameTooLarge,
    TooManyFrames,
    Failed,
    Restarting,
    TooSlow,
}

impl Close {
    /// Every reason that has a code.
    pub(super) const CODED: [Close; 10] = [
        Close::BadFrame,
        Close::Unproven,
        Close::Dismissed,
        Close::NoPong,
        Close::Replaced,
        Close::FrameTooLarge,
        Close::TooManyFrames,
        Close::Failed,
        Close::Restarting,
        Close::TooSlow,
    ];

    pub(super) fn code_and_reason(self) -> Option<(u16, &'static str)> {
        match self {
            Close::Gone => None,
            Close::BadFrame => Some((4400, "that was no valid WebSocket frame")),
            Close::Unproven => Some((4401, "the token or key has ended: log in again")),
            Close::Dismissed => Some((4403, "an admin has ended this connection")),
            Close::NoPong => Some((4408, "two pings went unanswered")),
            Close::Replaced => Some((4409, "newer connections of the same user have taken its place")),
            Close::FrameTooLarge => Some((4413, "the frame is larger than hub.frame_bytes_max")),
            Close::TooManyFrames => Some((4429, "more frames a second than hub.frames_per_s")),
            Close::Failed => Some((4500, "the journal cannot be read: resume by cursor")),
            Close::Restarting => Some((4503, "the gateway restarts: come back")),
            Close::TooSlow => Some((4507, "too slow: resume by cursor")),
        }
    }
}

impl Close {
    /// True when the client was cut: it was too slow, said nothing, or broke a limit.
    pub(super) fn is_cut(self) -> bool {
        match self {
            Close::BadFrame
            | Close::NoPong
            | Close::FrameTooLarge
            | Close::TooManyFrames
            | Close::TooSlow => true,
            Close::Gone
            | Close::Unproven
            | Close::Dismissed
            | Close::Replaced
            | Close::Failed
            | Close::Restarting => false,
        }
    }
}

impl From<io::Error> for Close {
    fn from(_: io::Error) -> Self {
        Close::Gone
    }
}

impl From<Overrun> for Close {
    fn from(overrun: Overrun) -> Self {
        match overrun {
            Overrun::Behind => Close::TooSlow,
            Overrun::Unread => Close::Failed,
        }
    }
}

/// What a frame that cannot be read says about its peer.
impl From<Error> for Close {
    fn from(error: Error) -> Self {
        match error {
            Error::Capacity(_) => Close::FrameTooLarge,
            Error::Protocol(_) | Error::Utf8(_) => Close::BadFrame,
            _ => Close::Gone,
        }
    }
}
