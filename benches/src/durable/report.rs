//! What is printed.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::Plan;
use super::contestant::{Contestant, Kind};
use super::round::Round;
use crate::machine;
use crate::measure::Spread;

/// The level that the goals are about.
const GOAL_CALLERS: usize = 64;
/// The least that the gateway should reach there, as a multiple of each peer.
const GOALS: [(Kind, f64); 2] = [(Kind::GroupCommit, 0.5), (Kind::EachCommit, 8.0)];

/// Says what is about to be measured.
pub(super) fn preamble(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    writeln!(out, "DURABLE COMMANDS: room statuses set, each on disk and synced before its receipt.")?;
    writeln!(
        out,
        "Medians of {} rounds of {} s in turn; ratios of neighbouring rounds, with the least and the most.",
        plan.rounds,
        plan.round.as_secs()
    )?;
    writeln!(out, "CPU is the whole process with its callers; disk is what the store grew by, per command.\n")
}

/// Says what it is measured on.
pub(super) fn disk(out: &mut impl Write, folder: &Path, sync: (Duration, Duration)) -> io::Result<()> {
    writeln!(out, "machine  {}", machine::describe(folder))?;
    if machine::is_memory(folder) {
        writeln!(out, "warning  this folder is memory: nothing here is durable; name a disk with --dir")?;
    }
    let [p50, p99] = [sync.0, sync.1].map(|took| took.as_secs_f64() * 1e3);
    writeln!(out, "disk     1 KiB appended and fdatasync: p50 {p50:.3} ms, p99 {p99:.3} ms")
}

/// Says how the peers are set.
pub(super) fn settings(out: &mut impl Write, contestants: &[Contestant]) -> io::Result<()> {
    let mut settings: Vec<&str> = contestants.iter().filter_map(Contestant::settings).collect();
    settings.dedup();
    settings.iter().try_for_each(|settings| writeln!(out, "peer     {settings}"))?;
    writeln!(out)?;
    out.flush()
}

/// Prints the table of one level, and how it compares with the goals if they are about it.
pub(super) fn level(out: &mut impl Write, callers: usize, contestants: &[Contestant]) -> anyhow::Result<()> {
    let title = format!("{callers} {}", if callers == 1 { "caller" } else { "callers" });
    writeln!(
        out,
        "{title:<27}{:>11}{:>9}{:>9}{:>11}{:>11}{:>12}",
        "commands/s", "p50 ms", "p99 ms", "CPU us/cmd", "cmds/sync", "disk B/cmd"
    )?;
    for contestant in contestants {
        let median = |of: fn(&Round) -> f64| Spread::of(contestant.rounds.iter().map(of)).median;
        writeln!(
            out,
            "{:<27}{:>11.0}{:>9.2}{:>9.2}{:>11.0}{:>11.1}{:>12.0}",
            contestant.kind.name(),
            median(|round| round.commands_per_s),
            median(|round| round.p50_ms),
            median(|round| round.p99_ms),
            median(|round| round.cpu_us_per_command),
            median(|round| round.commands_per_sync),
            contestant.disk_bytes_per_event()?,
        )?;
    }
    for (peer, goal) in GOALS {
        let ratio = ratio(contestants, Kind::Gateway, peer);
        let name = peer.name();
        write!(out, "  {:.2} times {name} ({:.2} to {:.2})", ratio.median, ratio.least, ratio.most)?;
        if callers == GOAL_CALLERS {
            let verdict = if ratio.median >= goal { "met" } else { "MISSED" };
            write!(out, "; goal at least {goal}: {verdict}")?;
        }
        writeln!(out)?;
    }
    let gain = ratio(contestants, Kind::GroupCommit, Kind::EachCommit);
    writeln!(
        out,
        "  for scale, group commit alone makes SQLite {:.2} times as fast ({:.2} to {:.2})\n",
        gain.median, gain.least, gain.most
    )?;
    Ok(out.flush()?)
}

/// How many times as fast `subject` is as `peer`, from round to round.
fn ratio(contestants: &[Contestant], subject: Kind, peer: Kind) -> Spread {
    let rounds = |kind: Kind| {
        let contestant = contestants.iter().find(|contestant| contestant.kind == kind);
        contestant.expect("every kind takes part").rounds.iter().map(|round| round.commands_per_s)
    };
    Spread::of(rounds(subject).zip(rounds(peer)).map(|(ours, theirs)| ours / theirs))
}
