//! What is printed.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::server::Kind;
use super::{CONNECTIONS, Plan, Round, Side, side};
use crate::machine;
use crate::measure::Spread;

/// The least multiple of the peer's rate, and the largest part of its p99.
const RATE_GOAL: f64 = 10.0;
const P99_GOAL: f64 = 0.2;

/// Says what is about to be measured.
pub(super) fn preamble(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    writeln!(out, "INGEST: posted events that change a room, each on disk and synced before its answer.")?;
    writeln!(
        out,
        "{CONNECTIONS} connections kept alive, each with a key; medians of {} rounds of {} s in turn.",
        plan.rounds,
        plan.round.as_secs()
    )?;
    writeln!(out, "CPU is the server's process alone; the load is made on the same processors.\n")
}

/// Says what it is measured on.
pub(crate) fn disk(out: &mut impl Write, folder: &Path, sync: (Duration, Duration)) -> io::Result<()> {
    writeln!(out, "machine  {}", machine::describe(folder))?;
    if machine::is_memory(folder) {
        writeln!(out, "warning  this folder is memory: nothing here is durable; name a disk with --dir")?;
    }
    let [p50, p99] = [sync.0, sync.1].map(|took| took.as_secs_f64() * 1e3);
    writeln!(out, "disk     1 KiB appended and fdatasync: p50 {p50:.3} ms, p99 {p99:.3} ms\n")
}

/// Prints the table, and how it compares with the goals.
pub(super) fn table(out: &mut impl Write, sides: &[Side]) -> io::Result<()> {
    writeln!(out, "{:<27}{:>11}{:>9}{:>9}{:>12}", "", "requests/s", "p50 ms", "p99 ms", "CPU us/req")?;
    for side in [Kind::Gateway, Kind::Express].into_iter().filter_map(|kind| side(sides, kind)) {
        let median = |of: fn(&Round) -> f64| Spread::of(side.rounds.iter().map(of)).median;
        writeln!(
            out,
            "{:<27}{:>11.0}{:>9.2}{:>9.2}{:>12.0}",
            side.server.kind.name(),
            median(|round| round.requests_per_s),
            median(|round| round.p50_ms),
            median(|round| round.p99_ms),
            median(|round| round.cpu_us_per_request),
        )?;
    }
    if let (Some(ours), Some(theirs)) = (side(sides, Kind::Gateway), side(sides, Kind::Express)) {
        let ratio = |of: fn(&Round) -> f64| {
            let rounds = ours.rounds.iter().zip(&theirs.rounds);
            Spread::of(rounds.map(|(ours, theirs)| of(ours) / of(theirs)))
        };
        let rate = ratio(|round| round.requests_per_s);
        let met = if rate.median >= RATE_GOAL { "met" } else { "MISSED" };
        writeln!(
            out,
            "  {:.2} times the peer's rate ({:.2} to {:.2}); goal at least {RATE_GOAL}: {met}",
            rate.median, rate.least, rate.most
        )?;
        let p99 = ratio(|round| round.p99_ms);
        let met = if p99.median <= P99_GOAL { "met" } else { "MISSED" };
        writeln!(
            out,
            "  {:.2} of the peer's p99 ({:.2} to {:.2}); goal at most {P99_GOAL}: {met}",
            p99.median, p99.least, p99.most
        )?;
        let cpu = ratio(|round| round.cpu_us_per_request);
        writeln!(out, "  {:.2} of the peer's CPU ({:.2} to {:.2})", cpu.median, cpu.least, cpu.most)?;
    }
    let requests: u64 = sides.iter().flat_map(|side| &side.rounds).map(|round| round.requests).sum();
    writeln!(out, "  {requests} requests in all\n")
}
