//! Benchmark programs: what the gateway reaches on this machine, beside peers that do the same work.
//!
//! `make bench` runs them all; `cargo run --release -p benches -- durable` runs one. A benchmark prints its
//! budgets with "met" or "missed" and ends with 0 either way: a slow day of a shared machine breaks no build.
//! It ends with an error when what it measured was wrong, such as an acknowledged command that is not on disk.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;

mod bridge;
mod durable;
mod fanout;
mod ingest;
mod machine;
mod measure;
mod outage;
mod peers;
mod workload;

/// The gateway's own, for the contestants that run in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the gateway against its budgets and its peers.
#[derive(Parser)]
#[command(name = "benches")]
struct Options {
    /// Which to run; all when none is named.
    #[arg(value_enum)]
    names: Vec<Name>,
    /// Folder on the disk to be measured; the one with this program when none is named.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Length of each round.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Rounds of each contestant, one after the other in turn.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How many callers there are at once, level by level. The budgets are about 64.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64], value_parser = callers)]
    callers: Vec<usize>,
    /// The gateway's binary for `ingest`, `fanout`, `bridge` and `outage`; the one beside this program when none is named.
    #[arg(long)]
    gateway: Option<PathBuf>,
    /// The parts of `fanout`; all when none is named.
    #[arg(long, value_enum, value_delimiter = ',')]
    parts: Vec<fanout::Part>,
    /// How many clients are many, for `fanout`. The goals are about 1000.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..=20_000))]
    clients: u16,
    /// The events that the endpoint of `outage` misses: 72 hours at one a second.
    #[arg(long, default_value_t = 259_200, value_parser = events)]
    events: usize,
    /// A line for the `[hub]` section of the gateway's configuration in `fanout`, such as `ping_s = 60`.
    #[arg(long, value_name = "LINE")]
    hub: Vec<String>,
    /// Be the server that `fanout` takes as the floor.
    #[arg(long, hide = true)]
    bare: bool,
}

fn callers(text: &str) -> Result<usize, String> {
    let most = workload::ROOMS;
    let callers = text.parse().ok().filter(|callers| (1..=most).contains(callers));
    callers.ok_or_else(|| format!("1 to {most}, one for each room"))
}

fn events(text: &str) -> Result<usize, String> {
    let events = text.parse().ok().filter(|events| (1..=10_000_000).contains(events));
    events.ok_or_else(|| "1 to 10000000".to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// Durable commands per second, against SQLite.
    Durable,
    /// Posted events per second, against Node.
    Ingest,
    /// Events that reach every client, against Node, NATS and bare writes.
    Fanout,
    /// Messages of devices that reach a screen through a broker, against Node.
    Bridge,
    /// A webhook endpoint that comes back after three days.
    Outage,
}

const ALL: [Name; 5] = [Name::Durable, Name::Ingest, Name::Fanout, Name::Bridge, Name::Outage];

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut out = std::io::stdout().lock();
    if options.bare {
        return fanout::bare::serve(&mut out);
    }
    if cfg!(debug_assertions) {
        writeln!(out, "warning: this is a debug build; its figures mean nothing (use make bench)")?;
    }
    for name in ALL.into_iter().filter(|name| options.names.is_empty() || options.names.contains(name)) {
        match name {
            Name::Durable => durable::run(&mut out, &durable_plan(&options)?)?,
            Name::Ingest => ingest::run(&mut out, &ingest_plan(&options)?)?,
            Name::Fanout => fanout::run(&mut out, &fanout_plan(&options)?)?,
            Name::Bridge => bridge::run(&mut out, &bridge_plan(&options)?)?,
            Name::Outage => outage::run(&mut out, &outage_plan(&options)?)?,
        }
    }
    Ok(())
}

fn durable_plan(options: &Options) -> anyhow::Result<durable::Plan> {
    let folder = folder(options)?;
    let round = Duration::from_secs(options.seconds);
    Ok(durable::Plan { folder, round, rounds: options.rounds, callers: options.callers.clone() })
}

fn ingest_plan(options: &Options) -> anyhow::Result<ingest::Plan> {
    let round = Duration::from_secs(options.seconds);
    Ok(ingest::Plan { folder: folder(options)?, gateway: gateway(options)?, round, rounds: options.rounds })
}

fn fanout_plan(options: &Options) -> anyhow::Result<fanout::Plan> {
    Ok(fanout::Plan {
        folder: folder(options)?,
        gateway: gateway(options)?,
        hub: options.hub.clone(),
        round: Duration::from_secs(options.seconds),
        rounds: options.rounds,
        clients: options.clients.into(),
        parts: options.parts.clone(),
    })
}

fn bridge_plan(options: &Options) -> anyhow::Result<bridge::Plan> {
    let round = Duration::from_secs(options.seconds);
    Ok(bridge::Plan { folder: folder(options)?, gateway: gateway(options)?, round, rounds: options.rounds })
}

fn outage_plan(options: &Options) -> anyhow::Result<outage::Plan> {
    Ok(outage::Plan { folder: folder(options)?, gateway: gateway(options)?, events: options.events })
}

fn gateway(options: &Options) -> anyhow::Result<PathBuf> {
    let beside = || own_folder().map(|folder| folder.join("caresync-gateway"));
    options.gateway.clone().map_or_else(beside, Ok)
}

fn folder(options: &Options) -> anyhow::Result<PathBuf> {
    options.dir.clone().map_or_else(own_folder, Ok)
}

fn own_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("this program has no path")?;
    Ok(program.parent().context("this program lies in no folder")?.to_owned())
}
