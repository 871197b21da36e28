//! An endpoint that is away for 72 hours at one event a second, and comes back: what the backlog takes of the disk, how fast
//! it is made up for, and what a screen waits meanwhile.
//!
//! The days pass in minutes: the events are committed as fast as the gateway takes them, while the endpoint's port is
//! closed. Then its receiver, a server that answers 200 at once, begins to listen, and an admin resumes the endpoint. A
//! screen hears twenty changes a second of a room of its own, before and meanwhile, each measured from the moment it is
//! posted to the moment the screen has its event.
//!
//! How to read it: gateway, receiver, screen and load share the processors of this machine. There is no peer: the goals are
//! a clinic's.
//!
//! Checked: the receiver gets each event, in order, and every screen's event comes.
//!
//! The goals: at least 500 events a second, the screen's p99 at most 50 ms meanwhile, and the store within its budget.

mod poster;
mod receiver;
mod screen;
mod server;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::task::JoinSet;

use crate::ingest::disk;
use crate::machine;
use crate::measure::{bytes_on_disk, number, percentile};
use poster::Poster;
use receiver::Receiver;
use screen::Screen;
use server::Server;

/// Rooms that make the backlog, each with a connection of its own. The screen has one more.
const ROOMS: usize = 16;
/// How long the screen is measured before the endpoint is back.
const AT_REST: Duration = Duration::from_secs(10);
/// How long nothing may arrive before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at how far the receiver is.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const RATE_GOAL: f64 = 500.0;
const P99_GOAL_MS: f64 = 50.0;

/// Where, and how much.
pub(crate) struct Plan {
    /// The store goes into a new folder in this one, which is removed at the end.
    pub(crate) folder: PathBuf,
    /// The gateway's binary.
    pub(crate) gateway: PathBuf,
    /// The events of the outage.
    pub(crate) events: usize,
}

/// Lets the endpoint be away, and prints how it came back.
pub(crate) fn run(out: &mut impl Write, plan: &Plan) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("bench-outage-").tempdir_in(&plan.folder);
    let folder = folder.with_context(|| format!("{} cannot be written to", plan.folder.display()))?;
    writeln!(
        out,
        "OUTAGE: a webhook endpoint comes back after {} events, 72 hours at one a second.\n",
        plan.events
    )?;
    disk(out, folder.path(), machine::sync_latency(folder.path())?)?;
    let server = Server::start(&plan.gateway, folder.path())?;
    // The receiver has a thread of its own, as the other system would.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(out, plan, &server))?;
    server.stop()
}

async fn measure(out: &mut impl Write, plan: &Plan, server: &Server) -> anyhow::Result<()> {
    let begun = Instant::now();
    let events = backlog(plan.events, server).await?;
    let took = begun.elapsed().as_secs_f64();
    let bytes = bytes_on_disk(&server.store())?;
    writeln!(out, "{events} events committed in {took:.0} s; the endpoint has tried, and failed")?;
    let screen = Screen::open(server).await?;
    let at_rest = screen.watch(|| false, AT_REST).await?;
    let receiver = Receiver::listen(server.endpoint).await?;
    let begun = Instant::now();
    server.resume().await?;
    let made_up = || receiver.taken() >= events;
    let (meanwhile, caught) =
        tokio::join!(screen.watch(made_up, Duration::MAX), caught_up(&receiver, events));
    let rate = number(events) / (caught? - begun).as_secs_f64();
    let (at_rest, meanwhile) = (in_ms(at_rest), in_ms(meanwhile?));
    writeln!(out, "{:<34}{:>9}{:>9}{:>9}", "a screen's event", "p50 ms", "p99 ms", "events")?;
    for (name, (p50, p99, count)) in
        [("before the endpoint is back", at_rest), ("while it is made up for", meanwhile)]
    {
        writeln!(out, "{name:<34}{p50:>9.2}{p99:>9.2}{count:>9}")?;
    }
    let verdict = |is_met: bool| if is_met { "met" } else { "MISSED" };
    writeln!(
        out,
        "  {rate:.0} events a second made up for; goal at least {RATE_GOAL}: {}",
        verdict(rate >= RATE_GOAL)
    )?;
    writeln!(
        out,
        "  {:.1} ms p99 meanwhile; goal at most {P99_GOAL_MS}: {}",
        meanwhile.1,
        verdict(meanwhile.1 <= P99_GOAL_MS)
    )?;
    let budget = server::BUDGET_MIB << 20;
    writeln!(
        out,
        "  {:.0} MiB on disk, {:.0} bytes an event; goal at most {} MiB: {}\n",
        number(bytes) / f64::from(1 << 20),
        number(bytes) / number(events),
        server::BUDGET_MIB,
        verdict(bytes <= budget)
    )?;
    receiver.check(events)?;
    writeln!(out, "Checked: each event arrived, in order, and nothing that was not committed.")?;
    Ok(())
}

/// Commits at least `wanted` events, and returns how many.
async fn backlog(wanted: usize, server: &Server) -> anyhow::Result<usize> {
    let each = wanted.div_ceil(ROOMS);
    let mut tasks = JoinSet::new();
    for n in 1..=ROOMS {
        let mut poster = Poster::connect(server, n).await?;
        tasks.spawn(async move {
            for _ in 0..each {
                poster.change().await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(each * ROOMS)
}

/// Waits until `receiver` has so many events, and returns when that was.
async fn caught_up(receiver: &Receiver, events: usize) -> anyhow::Result<Instant> {
    let (mut last, mut moved_at) = (0, Instant::now());
    loop {
        let taken = receiver.taken();
        let now = Instant::now();
        if taken >= events {
            return Ok(now);
        }
        if taken > last {
            (last, moved_at) = (taken, now);
        }
        ensure!(now - moved_at < PATIENCE, "nothing arrives any more after {taken} of {events}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// p50, p99 and how many.
fn in_ms(mut latencies: Vec<Duration>) -> (f64, f64, usize) {
    latencies.sort();
    let at = |per_cent| percentile(&latencies, per_cent).as_secs_f64() * 1e3;
    (at(50), at(99), latencies.len())
}
