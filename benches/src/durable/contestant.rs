//! One store, its callers and what its rounds gave.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use caresync_gateway::domain::event::Seq;
use caresync_gateway::domain::rules::Rules;
use caresync_gateway::ledger::{BATCH_COMMANDS_MAX, Clock, Ledger, Settings};
use caresync_gateway::store::Store;
use tokio::runtime::Runtime;

use super::round::{self, Door, Round};
use crate::measure::{bytes_on_disk, number};
use crate::peers::sqlite::{self, Sqlite};
use crate::workload::{self, Caller};

/// sled's page cache, in MiB: the gateway's default.
const CACHE_MIB: u64 = 48;
/// Longer than any benchmark: nothing is trimmed.
const JOURNAL_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gateway,
    GroupCommit,
    EachCommit,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Gateway, Self::GroupCommit, Self::EachCommit];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Gateway => "caresync-gateway",
            Kind::GroupCommit => "SQLite, same group commit",
            Kind::EachCommit => "SQLite, a transaction each",
        }
    }

    /// The name of its folder.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::GroupCommit => "group",
            Kind::EachCommit => "each",
        }
    }
}

enum Writer {
    Gateway(Ledger),
    Sqlite(Sqlite),
}

/// A contestant in one level.
pub(super) struct Contestant {
    pub(super) kind: Kind,
    /// The rounds that count.
    pub(super) rounds: Vec<Round>,
    folder: PathBuf,
    writer: Writer,
    callers: Vec<Caller>,
    /// Bytes on disk before the first room status.
    bytes_before: u64,
    /// Events acknowledged for room statuses, those of the warm-up too.
    events: u64,
    /// Events acknowledged for the import.
    events_before: u64,
}

impl Contestant {
    /// Opens a new store in `folder` and imports the clinic.
    pub(super) fn open(kind: Kind, folder: &Path, callers: usize, runtime: &Runtime) -> anyhow::Result<Self> {
        fs::create_dir(folder)?;
        let writer = match kind {
            Kind::Gateway => Writer::Gateway(Ledger::open(folder, settings())?),
            Kind::GroupCommit => Writer::Sqlite(Sqlite::open(folder, BATCH_COMMANDS_MAX)?),
            Kind::EachCommit => Writer::Sqlite(Sqlite::open(folder, 1)?),
        };
        let imported = runtime.block_on(writer.door().submit(workload::import()))?;
        ensure!(imported.snapshot.state.rooms.len() == workload::ROOMS, "the clinic was not imported");
        Ok(Self {
            kind,
            rounds: Vec::new(),
            folder: folder.to_owned(),
            writer,
            callers: (1..=callers).map(Caller::new).collect(),
            bytes_before: bytes_on_disk(folder)?,
            events: 0,
            events_before: u64::try_from(imported.events)?,
        })
    }

    /// Runs one round.
    pub(super) fn run(&mut self, runtime: &Runtime, length: Duration) -> anyhow::Result<Round> {
        let callers = std::mem::take(&mut self.callers);
        let door = self.writer.door();
        let (round, callers) = runtime.block_on(round::run(&door, callers, length))?;
        self.callers = callers;
        self.events += round.events;
        Ok(round)
    }

    /// What the store says of its own settings, if it has any to tell.
    pub(super) fn settings(&self) -> Option<&str> {
        match &self.writer {
            Writer::Gateway(_) => None,
            Writer::Sqlite(sqlite) => Some(&sqlite.settings),
        }
    }

    /// By how many bytes the store has grown on disk for each event.
    pub(super) fn disk_bytes_per_event(&self) -> anyhow::Result<f64> {
        let grown = bytes_on_disk(&self.folder)?.saturating_sub(self.bytes_before);
        Ok(number(grown) / number(self.events))
    }

    /// Closes the store, opens it anew and counts: what was acknowledged must be there, and nothing else.
    pub(super) fn close(self) -> anyhow::Result<()> {
        let in_journal = match self.writer {
            Writer::Gateway(ledger) => {
                ledger.join()?;
                gateway_journal_len(&self.folder)?
            }
            Writer::Sqlite(sqlite) => {
                sqlite.join()?;
                sqlite::journal_len(&self.folder)?
            }
        };
        let acknowledged = self.events_before + self.events;
        let name = self.kind.name();
        ensure!(
            in_journal == acknowledged,
            "{name}: {acknowledged} events acknowledged, {in_journal} in the journal"
        );
        fs::remove_dir_all(&self.folder).context("the store cannot be removed")
    }
}

impl Writer {
    fn door(&self) -> Door {
        match self {
            Writer::Gateway(ledger) => Door::Gateway(ledger.handle.clone()),
            Writer::Sqlite(sqlite) => Door::Sqlite(sqlite.handle.clone()),
        }
    }
}

fn settings() -> Settings {
    Settings {
        cache_mib: CACHE_MIB,
        journal_kept: JOURNAL_KEPT,
        readings_kept: JOURNAL_KEPT,
        audit_kept: JOURNAL_KEPT,
        budget_bytes: None,
        clock: Clock::System,
        rules: Rules::default(),
    }
}

fn gateway_journal_len(folder: &Path) -> anyhow::Result<u64> {
    let opened = Store::open(folder, CACHE_MIB)?;
    ensure!(opened.recovery.is_none(), "the store had to be recovered after an orderly end");
    ensure!(!opened.store.has_blobs(), "sled moved values to files that it does not sync");
    let mut count = 0;
    for record in opened.store.journal(Seq(0)) {
        count += 1;
        ensure!(record?.seq == Seq(count), "the journal has a hole before event {count}");
    }
    Ok(count)
}
