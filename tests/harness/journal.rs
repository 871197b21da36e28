//! The journal on disk, read when no gateway holds it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use caresync_gateway::domain::event::{Event, Seq};
use caresync_gateway::domain::time::Timestamp;
use caresync_gateway::store::{Recovery, Store};

use crate::Ack;

/// What a store's journal says, from its first record to its newest.
pub struct Journal {
    /// The journal's life.
    pub epoch: String,
    /// The place of the newest record.
    pub newest: Seq,
    /// What opening it took.
    pub recovery: Option<Recovery>,
    /// The places of the events of the channel facility.
    pub facility: Vec<u64>,
    /// Where each marker of a [`crate::Load`] stands first, with its room.
    markers: HashMap<Timestamp, (Seq, String)>,
}

impl Journal {
    /// Reads the store in `folder`.
    ///
    /// # Panics
    ///
    /// When it cannot be opened or read, or when its journal has a hole.
    pub fn read(folder: &Path) -> Self {
        let opened = Store::open(folder, 32).expect("the store opens");
        let mut newest = Seq(0);
        let (mut markers, mut facility) = (HashMap::new(), Vec::new());
        for record in opened.store.journal(Seq(0)) {
            let record = record.expect("every record can be read");
            assert_eq!(record.seq, newest.next(), "the journal has no holes");
            newest = record.seq;
            if is_of_facility(&record.event) {
                facility.push(newest.0);
            }
            let Event::RoomUpdated(room) = record.event else { continue };
            if let Some(marker) = room.estimated_available_at {
                markers.entry(marker).or_insert((newest, room.id.to_string()));
            }
        }
        Self { epoch: opened.store.epoch().into(), newest, recovery: opened.recovery, facility, markers }
    }

    /// Reads a copy of the store in `folder`, which stays as its dead gateway left it.
    pub fn read_copy(folder: &Path) -> Self {
        let copy = tempfile::tempdir().expect("a temporary folder can be made");
        for entry in fs::read_dir(folder).expect("the store has a folder") {
            let path = entry.expect("the folder can be read").path();
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                fs::copy(&path, copy.path().join(name)).expect("a file can be copied");
            }
        }
        Self::read(copy.path())
    }

    /// Fails unless every acknowledged write stands where its acknowledgement said.
    pub fn assert_holds(&self, acks: &[Ack]) {
        let lost: Vec<_> = acks.iter().filter(|ack| !self.holds(ack)).collect();
        let (of, newest, first) = (acks.len(), self.newest, lost.first());
        assert!(
            lost.is_empty(),
            "{} of {of} acknowledged writes are lost; the journal ends at {newest}; the first: {first:?}",
            lost.len()
        );
    }

    /// Fails unless what is in the journal without an acknowledgement could be one batch of so many writers:
    /// one write each at most, and all of them after everything that was acknowledged.
    pub fn assert_unacknowledged_is_one_batch(&self, acks: &[Ack], writers: usize) {
        let known: HashSet<_> = acks.iter().map(|ack| ack.marker).collect();
        let unknown: Vec<_> =
            self.markers.iter().filter(|(marker, _)| !known.contains(marker)).map(|(_, at)| at).collect();
        assert!(unknown.len() <= writers, "more than one batch was not acknowledged: {unknown:?}");
        let last = acks.iter().map(|ack| ack.up_to).max().unwrap_or_default();
        assert!(
            unknown.iter().all(|(seq, _)| *seq > last),
            "{last} was acknowledged, these before it were not: {unknown:?}"
        );
    }

    fn holds(&self, ack: &Ack) -> bool {
        let stands = |(seq, room): &(Seq, String)| *room == ack.room && ack.after < *seq && *seq <= ack.up_to;
        // A store that had to be recovered begins a new epoch, with everything that it had.
        let same_life = ack.epoch == self.epoch || self.recovery.is_some();
        same_life && self.markers.get(&ack.marker).is_some_and(stands)
    }
}

/// DESIGN's table of channels, read here once more: the gateway's own is under test.
fn is_of_facility(event: &Event) -> bool {
    matches!(
        event,
        Event::RoomCreated(_)
            | Event::RoomUpdated(_)
            | Event::RoomDeleted(_)
            | Event::EquipmentCreated(_)
            | Event::EquipmentUpdated(_)
            | Event::EquipmentDeleted(_)
    )
}
