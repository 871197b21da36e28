//! Durable commands per second: the ledger on its store, and the same ledger on SQLite.
//!
//! Measured: from a caller's submit to its receipt, with 1, 16 and 64 callers that each wait for their receipt
//! before they ask again. Every command changes a room of its caller's own: one journal record of 800 bytes and
//! one entity of 650, on disk and synced before the receipt. The contestants take turns, round by round, so that
//! a slow minute of the machine hits all of them, and a ratio compares rounds that ran next to each other. The
//! processors' time is that of the whole process, so it holds the callers too.
//!
//! How to read it: the ratio to one transaction per command falls as the disk gets faster, because it is the
//! number of syncs that differ; the ratio to the same group commit is the store's own doing. Under foreign load
//! SQLite suffers more than the ledger: trust only the figures of a quiet machine.
//!
//! Not measured: HTTP, the hub, opening, a journal of many days, or a power cut (tests do that). At the end of
//! a level every store is opened anew and must hold exactly as many journal records as events were
//! acknowledged: a contestant that forgets has not won.
//!
//! The budgets, at 64 callers: at least 0.5 times SQLite with the same group commit, and at least 8 times
//! SQLite with one transaction per command.

mod contestant;
mod report;
mod round;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::Runtime;

use crate::machine;
use contestant::{Contestant, Kind};

/// One round before those that count.
const WARM_UP: Duration = Duration::from_secs(1);

/// Where and how long.
pub(crate) struct Plan {
    /// The stores go into a new folder in this one, which is removed at the end.
    pub(crate) folder: PathBuf,
    /// The length of a round.
    pub(crate) round: Duration,
    /// How many rounds each contestant has on each level.
    pub(crate) rounds: u32,
    /// How many callers there are at once, level by level.
    pub(crate) callers: Vec<usize>,
}

/// Runs all levels and prints as it goes.
pub(crate) fn run(out: &mut impl Write, plan: &Plan) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("bench-durable-").tempdir_in(&plan.folder);
    let folder = folder.with_context(|| format!("{} cannot be written to", plan.folder.display()))?;
    let runtime = Runtime::new()?;
    report::preamble(out, plan)?;
    report::disk(out, folder.path(), machine::sync_latency(folder.path())?)?;
    for (nth, callers) in plan.callers.iter().copied().enumerate() {
        let mut contestants = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let store = folder.path().join(format!("{callers}-{}", kind.word()));
            contestants.push(Contestant::open(kind, &store, callers, &runtime)?);
        }
        if nth == 0 {
            report::settings(out, &contestants)?;
        }
        for contestant in &mut contestants {
            contestant.run(&runtime, WARM_UP)?;
        }
        for n in 0..plan.rounds {
            for at in turns(n, contestants.len()) {
                let round = contestants[at].run(&runtime, plan.round)?;
                contestants[at].rounds.push(round);
            }
        }
        report::level(out, callers, &contestants)?;
        contestants.into_iter().try_for_each(Contestant::close)?;
    }
    writeln!(
        out,
        "Checked: after each level every store, opened anew, held exactly the acknowledged events."
    )?;
    Ok(())
}

/// The order of round `n`: each contestant is first, in the middle and last in turn.
fn turns(n: u32, contestants: usize) -> impl Iterator<Item = usize> {
    let first = usize::try_from(n).unwrap_or(0);
    (0..contestants).map(move |k| (first + k) % contestants)
}
