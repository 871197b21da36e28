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

mod durable;
mod ingest;
mod machine;
mod measure;
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
    /// The gateway's binary for `ingest`; the one beside this program when none is named.
    #[arg(long)]
    gateway: Option<PathBuf>,
}

fn callers(text: &str) -> Result<usize, String> {
    let most = workload::ROOMS;
    let callers = text.parse().ok().filter(|callers| (1..=most).contains(callers));
    callers.ok_or_else(|| format!("1 to {most}, one for each room"))
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// Durable commands per second, against SQLite.
    Durable,
    /// Posted events per second, against Node.
    Ingest,
}

const ALL: [Name; 2] = [Name::Durable, Name::Ingest];

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut out = std::io::stdout().lock();
    if cfg!(debug_assertions) {
        writeln!(out, "warning: this is a debug build; its figures mean nothing (use make bench)")?;
    }
    for name in ALL.into_iter().filter(|name| options.names.is_empty() || options.names.contains(name)) {
        match name {
            Name::Durable => durable::run(&mut out, &durable_plan(&options)?)?,
            Name::Ingest => ingest::run(&mut out, &ingest_plan(&options)?)?,
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
    let beside = || own_folder().map(|folder| folder.join("caresync-gateway"));
    let gateway = options.gateway.clone().map_or_else(beside, Ok)?;
    let round = Duration::from_secs(options.seconds);
    Ok(ingest::Plan { folder: folder(options)?, gateway, round, rounds: options.rounds })
}

fn folder(options: &Options) -> anyhow::Result<PathBuf> {
    options.dir.clone().map_or_else(own_folder, Ok)
}

fn own_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("this program has no path")?;
    Ok(program.parent().context("this program lies in no folder")?.to_owned())
}
