//! What the hub delivers, beside servers that do the same work: Node with Express and ws, nats-server behind its
//! WebSocket listener, and a floor that does nothing but write.
//!
//! Every server is a process of its own, on a processor of its own where there are two; the load is one thread of this
//! process on the other, which only reads, counts and compares. Servers take turns, round by round, so that a slow
//! minute of the machine hits all. Clients go through the upgrade with a token, subscribe to `facility`, and hear a
//! room turn occupied and available; all servers send frames of the same shape. The gateway's clients have three
//! roles in turn, so that each event goes out in all its views.
//!
//! What is counted: the processors' time of the server's whole process, user and system, in nanoseconds from
//! `schedstat`, divided by deliveries. For the gateway and for Node that includes the requests that post the events,
//! and for the gateway and the durable Node the commit to the disk. NATS gets its events over a plain connection and
//! the floor as lines, both without an answer; what the posts cost alone is printed beside.
//!
//! Checked: every client hears every event once and in the same order, in every round; anything else is an error.

pub(crate) mod bare;
mod client;
mod contest;
mod flights;
mod frame;
mod load;
mod log;
mod memory;
mod neighbours;
mod poster;
mod report;
mod server;
mod system;
mod tls;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::machine;
use server::Stage;
use system::Cores;

/// Open files besides the clients of each contestant: idle crowds, those who post, and this program's own.
const OPEN_FILES_BESIDES: usize = 6_000;
/// The most contestants at once.
const CONTESTANTS_MAX: usize = 5;

/// Where, how long and what.
#[derive(Clone)]
pub(crate) struct Plan {
    /// The stores go into a new folder in this one, which is removed at the end.
    pub(crate) folder: PathBuf,
    /// The gateway's binary.
    pub(crate) gateway: PathBuf,
    /// Lines for the `[hub]` section of its configuration.
    pub(crate) hub: Vec<String>,
    /// The length of a round.
    pub(crate) round: Duration,
    /// How many rounds each side has.
    pub(crate) rounds: u32,
    /// How many clients are many.
    pub(crate) clients: usize,
    /// What to measure; everything when none is named.
    pub(crate) parts: Vec<Part>,
}

/// A part that can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// One event in flight.
    Single,
    /// Sixteen events in flight, 100 clients.
    Burst,
    /// Sixteen events in flight, 1,000 clients.
    Thousand,
    /// 1,000 clients and 20 events a second.
    Paced,
    /// 1,000 idle sockets besides.
    Idle,
    /// One client that does not read.
    Stuck,
    /// Memory per idle connection.
    Memory,
    /// Connecting and subscribing.
    Connect,
}

const ALL: [Part; 8] = [
    Part::Single,
    Part::Burst,
    Part::Thousand,
    Part::Paced,
    Part::Idle,
    Part::Stuck,
    Part::Memory,
    Part::Connect,
];

/// Runs the parts and prints what they gave.
///
/// # Errors
///
/// A delivery was lost, doubled or out of order, or a server failed. The other parts are measured all the same.
pub(crate) fn run(out: &mut impl Write, plan: &Plan) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("bench-fanout-").tempdir_in(&plan.folder);
    let folder = folder.with_context(|| format!("{} cannot be written to", plan.folder.display()))?;
    system::raise_open_files(u64::try_from(CONTESTANTS_MAX * plan.clients + OPEN_FILES_BESIDES)?)?;
    let cores = Cores::choose();
    report::preamble(out, plan, cores)?;
    crate::ingest::disk(out, folder.path(), machine::sync_latency(folder.path())?)?;
    let (node, nats) = (server::find_node(&plan.folder)?, server::find_nats());
    for why in [node.as_ref().err(), nats.as_ref().err()].into_iter().flatten() {
        writeln!(out, "peer     SKIPPED: {why}\n")?;
    }
    let gateway = plan.gateway.canonicalize().unwrap_or_else(|_| plan.gateway.clone());
    let stage = Stage {
        folder: folder.path().to_owned(),
        gateway,
        hub: plan.hub.clone(),
        node: node.ok(),
        nats: nats.ok(),
        cores,
    };
    let mut failed = Vec::new();
    for part in ALL.into_iter().filter(|part| plan.parts.is_empty() || plan.parts.contains(part)) {
        if let Err(error) = part.run(out, plan, &stage) {
            writeln!(out, "  FAILED: {error:#}\n")?;
            failed.push(format!("{part:?}"));
        }
        out.flush()?;
    }
    if !failed.is_empty() {
        bail!("the fan-out is wrong in: {}", failed.join(", "));
    }
    writeln!(out, "Checked: every client heard every event once, and all in the same order.")?;
    Ok(())
}

impl Part {
    fn run(self, out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
        match self {
            Part::Single => flights::single(out, plan, stage),
            Part::Burst => flights::burst(out, plan, stage),
            Part::Thousand => flights::thousand(out, plan, stage),
            Part::Paced => flights::paced(out, plan, stage),
            Part::Idle => neighbours::idle(out, plan, stage),
            Part::Stuck => neighbours::stuck(out, plan, stage),
            Part::Memory => memory::run(out, plan, stage),
            Part::Connect => flights::connect(out, plan, stage),
        }
    }
}
