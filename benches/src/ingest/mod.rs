//! Events that vision systems post, each durable before its answer: the gateway, and the same on Node.
//!
//! Measured: from the first byte of a request to the last of its answer, on 32 connections that are kept alive and
//! each wait for their answer before they ask again. Every connection claims its own room occupied, then empty, again
//! and again: every request changes the state and is on disk before it is answered. Both sides are processes of
//! their own, both check the same key and the same fields; the load comes from this process, the same for both. They
//! take turns, round by round, so that a slow minute of the machine hits both.
//!
//! How to read it: the load and the server share the processors of this machine, so that rates are lower than they
//! would be over a network. The processors' time is the server's alone. The peer is Express and better-sqlite3 with one
//! transaction per event (WAL, synchronous=FULL), the usual way to write it; the ratio is that of the two ways.
//!
//! Checked: at the end both journals have grown by at least as many records as requests were acknowledged.
//!
//! The goals: at least 10 times the peer's rate, and at most a fifth of its p99.

mod connection;
mod report;
mod server;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::machine;
use crate::measure::{cpu_time_of, number, percentile};
use crate::peers::node;
pub(crate) use connection::Answer;
use connection::Claimant;
pub(crate) use report::disk;
pub(crate) use server::health;
use server::{Kind, Server};

/// Connections at once, each with a room of its own.
const CONNECTIONS: usize = 32;
/// One round before those that count.
const WARM_UP: Duration = Duration::from_secs(1);

/// Where and how long.
pub(crate) struct Plan {
    /// The stores go into a new folder in this one, which is removed at the end.
    pub(crate) folder: PathBuf,
    /// The gateway's binary.
    pub(crate) gateway: PathBuf,
    /// The length of a round.
    pub(crate) round: Duration,
    /// How many rounds each side has.
    pub(crate) rounds: u32,
}

/// What one round gave.
struct Round {
    requests: u64,
    requests_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// The processors' time on the server's process, per request.
    cpu_us_per_request: f64,
}

/// One side with its rooms and its rounds.
struct Side {
    server: Server,
    claimants: Vec<Claimant>,
    rounds: Vec<Round>,
}

/// Runs all rounds and prints what they gave.
pub(crate) fn run(out: &mut impl Write, plan: &Plan) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("bench-ingest-").tempdir_in(&plan.folder);
    let folder = folder.with_context(|| format!("{} cannot be written to", plan.folder.display()))?;
    // One thread makes the load: the less it takes of the processors, the more of them is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    report::preamble(out, plan)?;
    report::disk(out, folder.path(), machine::sync_latency(folder.path())?)?;
    let mut sides = vec![Side::of(Server::gateway(&plan.gateway, folder.path())?)];
    match node::install(&plan.folder, &node::EXPRESS)? {
        node::Installed::There(program) => {
            sides.push(Side::of(Server::express(&program, folder.path())?));
        }
        node::Installed::NoNode(why) => writeln!(out, "peer     SKIPPED: {why}\n")?,
    }
    for side in &mut sides {
        side.round(&runtime, WARM_UP)?;
    }
    for n in 0..plan.rounds {
        // Who goes first changes from round to round.
        if n > 0 {
            sides.reverse();
        }
        for side in &mut sides {
            let round = side.round(&runtime, plan.round)?;
            side.rounds.push(round);
        }
    }
    report::table(out, &sides)?;
    for side in sides {
        side.close()?;
    }
    writeln!(out, "Checked: each journal holds at least as many new records as requests were acknowledged.")?;
    Ok(())
}

impl Side {
    fn of(server: Server) -> Self {
        let claimant = |n| Claimant::new(server.address, server.key(), n);
        let claimants = (1..=CONNECTIONS).map(claimant).collect();
        Self { server, claimants, rounds: Vec::new() }
    }

    /// Lets every connection ask for as long as `length`.
    fn round(&mut self, runtime: &Runtime, length: Duration) -> anyhow::Result<Round> {
        let mut connections = Vec::with_capacity(CONNECTIONS);
        for claimant in self.claimants.drain(..) {
            connections.push(runtime.block_on(claimant.connect())?);
        }
        let (seq_before, cpu_before) = (self.server.journal_len(runtime)?, cpu_time_of(self.server.pid())?);
        let begun = Instant::now();
        let seen = runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for connection in connections {
                tasks.spawn(connection.ask_until(begun + length));
            }
            tasks.join_all().await
        });
        let took = begun.elapsed();
        let cpu = cpu_time_of(self.server.pid())?.saturating_sub(cpu_before);
        let mut latencies = Vec::new();
        for seen in seen {
            let (claimant, some) = seen.with_context(|| format!("{} failed", self.server.kind.name()))?;
            self.claimants.push(claimant);
            latencies.extend(some);
        }
        latencies.sort();
        let count = u64::try_from(latencies.len())?;
        let grown = self.server.journal_len(runtime)? - seq_before;
        ensure!(grown >= count, "{} acknowledged {count} and kept {grown}", self.server.kind.name());
        let requests = number(count);
        Ok(Round {
            requests: count,
            requests_per_s: requests / took.as_secs_f64(),
            p50_ms: percentile(&latencies, 50).as_secs_f64() * 1e3,
            p99_ms: percentile(&latencies, 99).as_secs_f64() * 1e3,
            cpu_us_per_request: cpu.as_secs_f64() * 1e6 / requests,
        })
    }

    fn close(self) -> anyhow::Result<()> {
        self.server.stop()
    }
}

/// The side of this kind, when it takes part.
fn side(sides: &[Side], kind: Kind) -> Option<&Side> {
    sides.iter().find(|side| side.server.kind == kind)
}
