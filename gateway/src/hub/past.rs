//! What a subscription begins with and the fan-out thread does not have at hand: snapshots, and events older than
//! the ring. Fetched on the runtime's threads for blocking work.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::frames::Content;
use super::readings;
use super::ring::Framed;
use super::websocket::text_frame;
use super::{REPLAY_FRAMES_MAX, REPLAY_RECORDS_AT_ONCE, REPLAY_RECORDS_MAX};
use crate::domain::event::Seq;
use crate::domain::role::Role;
use crate::domain::view::Class;
use crate::ledger::{Feed, Handle, Snapshot, StoreError};
use crate::wire::channel::{Audience, Channel};
use crate::wire::frame::{self as wire, Frame};

/// Snapshots that are kept for the next who asks. After a restart every client of the house asks for the same few.
const SNAPSHOTS_KEPT: usize = 8;
/// Events that a kept snapshot may be old: who gets it gets them after it.
pub(super) const SNAPSHOT_LAG_MAX: u64 = 256;
/// How old a kept snapshot with readings may be: who gets it is told newer ones within a second.
const SNAPSHOT_READINGS_MAX: Duration = Duration::from_secs(10);

/// What a snapshot contains at least, so that it takes back nothing of what its reader knows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AtLeast {
    /// This event.
    pub(super) seq: Seq,
    /// Readings up to this version.
    pub(super) readings: u64,
}

/// A snapshot as a frame, and the event that it contains last.
#[derive(Clone)]
pub(super) struct Taken {
    pub(super) seq: Seq,
    pub(super) frame: Bytes,
    /// It shows something of patients.
    pub(super) has_patients: bool,
    /// The version of the readings that it shows, if its channel has any.
    pub(super) readings: Option<u64>,
    made_at: Instant,
}

/// The newest snapshots, by what they show to whom.
#[derive(Default)]
pub(super) struct Snapshots(Mutex<Vec<(Channel, Role, Taken)>>);

impl Snapshots {
    /// A snapshot of `channel` for `role` that contains `at_least`, and is young enough at `head`.
    pub(super) fn find(&self, channel: &Channel, role: Role, at_least: AtLeast, head: Seq) -> Option<Taken> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shows_now = |taken: &Taken| {
            taken.readings.is_none_or(|version| {
                version >= at_least.readings && taken.made_at.elapsed() < SNAPSHOT_READINGS_MAX
            })
        };
        let is_fit = |taken: &Taken| {
            taken.seq >= at_least.seq && head.0 <= taken.seq.0 + SNAPSHOT_LAG_MAX && shows_now(taken)
        };
        let found = kept.iter().find(|(it, of, taken)| it == channel && *of == role && is_fit(taken));
        found.map(|(_, _, taken)| taken.clone())
    }

    /// [`Snapshots::find`], or taken from `snapshot` and kept.
    pub(super) fn get(
        &self,
        channel: &Channel,
        role: Role,
        at_least: AtLeast,
        (snapshot, ledger): (&Snapshot, &Handle),
    ) -> Taken {
        if let Some(taken) = self.find(channel, role, at_least, snapshot.seq) {
            return taken;
        }
        self.take(channel, role, snapshot, ledger)
    }

    /// One of exactly this state.
    pub(super) fn get_exact(
        &self,
        channel: &Channel,
        role: Role,
        readings_at_least: u64,
        (snapshot, ledger): (&Snapshot, &Handle),
    ) -> Taken {
        let at_least = AtLeast { seq: snapshot.seq, readings: readings_at_least };
        let found = self.find(channel, role, at_least, snapshot.seq).filter(|it| it.seq == snapshot.seq);
        found.unwrap_or_else(|| self.take(channel, role, snapshot, ledger))
    }

    fn take(&self, channel: &Channel, role: Role, snapshot: &Snapshot, ledger: &Handle) -> Taken {
        let (readings, version) =
            readings::carried_by(channel, role).then(|| readings::shown(ledger)).unzip();
        let data = wire::snapshot_of(channel, &snapshot.state, role).with_readings(readings);
        let (room, seq) = (Some(channel.clone()), Some(snapshot.seq));
        let text = Frame { room, seq, ..Frame::new(wire::Snapshot::KIND, data, snapshot.at) }.to_text();
        let is_shown = role.view().shows(Class::PatientId) && channel.has_patients();
        let has_patients =
            is_shown && snapshot.state.rooms.values().any(|it| it.current_patient_id.is_some());
        let taken = Taken {
            seq: snapshot.seq,
            frame: text_frame(&text),
            has_patients,
            readings: version,
            made_at: Instant::now(),
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(it, of, _)| it != channel || *of != role);
        if kept.len() == SNAPSHOTS_KEPT {
            kept.remove(0);
        }
        kept.push((channel.clone(), role, taken.clone()));
        taken
    }
}

/// What is `wanted` of the events after `after` and up to `head`; `None` when that is too much to
/// replay, or the journal does not reach back so far. Reads the disk.
pub(super) fn missed(
    feed: &Feed,
    after: Seq,
    head: Seq,
    wanted: impl Fn(&Audience) -> bool,
) -> Result<Option<Vec<Arc<Framed>>>, StoreError> {
    let (mut frames, mut cursor, mut read) = (Vec::new(), after, 0);
    while cursor < head {
        let Ok(events) = feed.after(cursor, REPLAY_RECORDS_AT_ONCE)? else { return Ok(None) };
        let Some(last) = events.last() else { return Ok(None) };
        (cursor, read) = (last.seq, read + events.len());
        let framed = events.iter().filter(|event| event.seq <= head).filter_map(Framed::new);
        frames.extend(framed.filter(|framed| wanted(&framed.audience)).map(Arc::new));
        if frames.len() > REPLAY_FRAMES_MAX || read > REPLAY_RECORDS_MAX {
            return Ok(None);
        }
    }
    Ok(Some(frames))
}
