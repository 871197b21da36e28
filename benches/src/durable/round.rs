//! One round: callers that ask, wait for their receipt and ask again, until the time is over.

use std::time::{Duration, Instant};

use anyhow::ensure;
use caresync_gateway::domain::command::Command;
use caresync_gateway::ledger::{Handle, Receipt};
use tokio::task::JoinSet;

use crate::measure::{cpu_time, number, percentile};
use crate::peers::sqlite;
use crate::workload::Caller;

/// What one round gave.
pub(super) struct Round {
    pub(super) commands_per_s: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// The processors' time on the whole process, per command.
    pub(super) cpu_us_per_command: f64,
    pub(super) commands_per_sync: f64,
    /// Events that were acknowledged.
    pub(super) events: u64,
}

/// The way into a store.
#[derive(Clone)]
pub(super) enum Door {
    Gateway(Handle),
    Sqlite(sqlite::Handle),
}

impl Door {
    pub(super) async fn submit(&self, command: Command) -> anyhow::Result<Receipt> {
        Ok(match self {
            Door::Gateway(handle) => handle.submit_command(command).await?,
            Door::Sqlite(handle) => handle.submit(command).await?,
        })
    }
}

/// What one caller saw.
struct Seen {
    caller: Caller,
    latencies: Vec<Duration>,
    /// The newest event at each receipt: receipts of one batch have it in common.
    heads: Vec<u64>,
    events: u64,
}

/// Lets `callers` ask for as long as `length`, and gives them back.
pub(super) async fn run(
    door: &Door,
    callers: Vec<Caller>,
    length: Duration,
) -> anyhow::Result<(Round, Vec<Caller>)> {
    let cpu_before = cpu_time()?;
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for caller in callers {
        tasks.spawn(ask(caller, door.clone(), begun + length));
    }
    let seen = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let took = begun.elapsed();
    let cpu = cpu_time()?.saturating_sub(cpu_before);

    let mut latencies: Vec<Duration> = seen.iter().flat_map(|seen| seen.latencies.iter().copied()).collect();
    latencies.sort();
    let mut heads: Vec<u64> = seen.iter().flat_map(|seen| seen.heads.iter().copied()).collect();
    heads.sort_unstable();
    heads.dedup();
    let commands = number(latencies.len());
    let round = Round {
        commands_per_s: commands / took.as_secs_f64(),
        p50_ms: percentile(&latencies, 50).as_secs_f64() * 1e3,
        p99_ms: percentile(&latencies, 99).as_secs_f64() * 1e3,
        cpu_us_per_command: cpu.as_secs_f64() * 1e6 / commands,
        commands_per_sync: commands / number(heads.len()),
        events: seen.iter().map(|seen| seen.events).sum(),
    };
    Ok((round, seen.into_iter().map(|seen| seen.caller).collect()))
}

/// Asks at least once.
async fn ask(caller: Caller, door: Door, until: Instant) -> anyhow::Result<Seen> {
    let mut seen = Seen { caller, latencies: Vec::new(), heads: Vec::new(), events: 0 };
    let mut now = Instant::now();
    loop {
        let asked_at = now;
        let receipt = door.submit(seen.caller.next_command()).await?;
        ensure!(receipt.events > 0, "a command changed nothing: nothing was measured");
        now = Instant::now();
        seen.latencies.push(now - asked_at);
        seen.heads.push(receipt.seq.0);
        seen.events += u64::try_from(receipt.events)?;
        if now >= until {
            return Ok(seen);
        }
    }
}
