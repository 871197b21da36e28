//! Events one by one, sixteen at once and at a steady pace; and how long connecting takes.

use std::io::Write;
use std::time::{Duration, Instant};

use super::Plan;
use super::contest::{self, Contestant, Discipline};
use super::load::{Load, Pace, Round};
use super::report::{self, Goal};
use super::server::{Kind, Server, Stage};
use super::system::CpuTimes;
use crate::measure::{Spread, number};

/// Clients where a few are enough.
pub(super) const FEW: usize = 100;
/// Events in flight in a burst.
const BURST: usize = 16;
const EVENTS_PER_S: u32 = 20;
/// With fewer events the 99th of 100 would be a matter of one slow commit.
const PACED_ROUND_MIN: Duration = Duration::from_secs(5);
/// The sockets of the last round go before the next.
const SETTLE: Duration = Duration::from_millis(500);

/// Who delivers as fast as they can. Of the two Nodes the durable one commits each event as the gateway does.
const PEERS: [Kind; 5] = [Kind::Gateway, Kind::Bare, Kind::Node, Kind::NodeDurable, Kind::Nats];

/// One event in flight: the next is posted when every client has heard it.
pub(super) fn single(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    for clients in [FEW, plan.clients] {
        writeln!(out, "SINGLE: one event in flight, {clients} clients.")?;
        let discipline = Discipline { clients, pace: Pace::InFlight(1), keeps_latencies: false };
        let all = contest::hold(&PEERS, plan, stage, discipline)?;
        report::flights(out, &all)?;
        judge(out, &all, Kind::Bare, "CPU per delivery, of bare writes", Goal::AtMost(1.2))?;
        judge(out, &all, Kind::Node, "CPU per delivery, of Node's", Goal::AtMost(0.7))?;
        judge(out, &all, Kind::NodeDurable, "CPU per delivery, of the durable Node's", Goal::AtMost(0.7))?;
        less_posts(out, &all, &[(Kind::Bare, "of bare writes"), (Kind::Node, "of Node's")])?;
        writeln!(out)?;
    }
    Ok(())
}

/// Sixteen events posted without waiting; the next sixteen when every client has heard all.
pub(super) fn burst(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    writeln!(out, "BURST: {BURST} events in flight, {FEW} clients.")?;
    let all = sixteen(out, plan, stage, FEW)?;
    judge(out, &all, Kind::Node, "CPU per delivery, of Node's", Goal::AtMost(0.125))?;
    judge(out, &all, Kind::NodeDurable, "CPU per delivery, of the durable Node's", Goal::AtMost(0.125))?;
    judge(out, &all, Kind::Nats, "CPU per delivery, of nats-server's", Goal::AtMost(0.8))?;
    less_posts(out, &all, &[(Kind::Node, "of Node's"), (Kind::Nats, "of nats-server's")])?;
    writeln!(out)?;
    Ok(())
}

/// The same with many clients.
pub(super) fn thousand(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    writeln!(out, "THOUSAND: {BURST} events in flight, {} clients.", plan.clients)?;
    let all = sixteen(out, plan, stage, plan.clients)?;
    judge(out, &all, Kind::Node, "CPU per delivery, of Node's", Goal::AtMost(0.125))?;
    judge(out, &all, Kind::NodeDurable, "CPU per delivery, of the durable Node's", Goal::AtMost(0.125))?;
    judge(out, &all, Kind::Nats, "CPU per delivery, of nats-server's", Goal::AtMost(0.8))?;
    less_posts(out, &all, &[(Kind::Node, "of Node's"), (Kind::Nats, "of nats-server's")])?;
    let per_core = |_: &Contestant, round: &Round| 1e6 / round.cpu_us();
    if let Some(ratio) = report::ratio(&all, Kind::Gateway, Kind::Node, per_core) {
        report::verdict(out, "deliveries per core-second, times Node's", ratio, Goal::AtLeast(10.0))?;
    }
    writeln!(out)?;
    Ok(())
}

fn sixteen(
    out: &mut impl Write,
    plan: &Plan,
    stage: &Stage,
    clients: usize,
) -> anyhow::Result<Vec<Contestant>> {
    let discipline = Discipline { clients, pace: Pace::InFlight(BURST), keeps_latencies: false };
    let all = contest::hold(&PEERS, plan, stage, discipline)?;
    report::flights(out, &all)?;
    Ok(all)
}

fn judge(
    out: &mut impl Write,
    all: &[Contestant],
    peer: Kind,
    what: &str,
    goal: Goal,
) -> std::io::Result<()> {
    report::ratio(all, Kind::Gateway, peer, |_, round| round.cpu_us())
        .map_or(Ok(()), |ratio| report::verdict(out, what, ratio, goal))
}

/// The same without what the posts cost, which weighs the more the fewer clients there are.
fn less_posts(out: &mut impl Write, all: &[Contestant], peers: &[(Kind, &str)]) -> std::io::Result<()> {
    for (peer, what) in peers {
        if let Some(ratio) = report::ratio(all, Kind::Gateway, *peer, Contestant::cpu_us_less_posts) {
            report::verdict(out, &format!("the same less posts, {what}"), ratio, Goal::Told)?;
        }
    }
    Ok(())
}

/// Events at a steady pace: what a client waits.
pub(super) fn paced(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    let clients = plan.clients;
    writeln!(
        out,
        "PACED: {EVENTS_PER_S} events a second for at least {} s, {clients} clients; from post to each client.",
        PACED_ROUND_MIN.as_secs()
    )?;
    let discipline = Discipline { clients, pace: Pace::PerSecond(EVENTS_PER_S), keeps_latencies: true };
    let kinds = [Kind::Gateway, Kind::Bare, Kind::NodeDurable, Kind::Nats];
    let plan = &Plan { round: plan.round.max(PACED_ROUND_MIN), ..plan.clone() };
    let all = contest::hold(&kinds, plan, stage, discipline)?;
    report::latencies(out, &all)?;
    let p99 = |_: &Contestant, round: &Round| round.latency_ms(99);
    if let Some(ratio) = report::ratio(&all, Kind::Gateway, Kind::NodeDurable, p99) {
        report::verdict(out, "p99, of the durable Node's", ratio, Goal::AtMost(0.7))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Connect and subscribe, until all are ready. There is no goal: it is told.
pub(super) fn connect(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    writeln!(out, "CONNECT: upgrade with a token and subscribe, {} clients.", plan.clients)?;
    writeln!(out, "{:<27}{:>24}{:>28}", "", "ms in all", "CPU us/client")?;
    let kinds = stage.available(&[Kind::Gateway, Kind::Node, Kind::Nats]);
    let servers = kinds.iter().map(|kind| Server::start(*kind, stage));
    let servers = servers.collect::<Result<Vec<_>, _>>()?;
    let mut rounds = vec![Vec::new(); servers.len()];
    // The first fills caches and does not count.
    for n in 0..=plan.rounds {
        for (server, rounds) in servers.iter().zip(&mut rounds) {
            let mut load = Load::new(&server.entrance)?;
            let (cpu, begun) = (CpuTimes::of(server.pid())?, Instant::now());
            load.connect(plan.clients, true)?;
            let took = begun.elapsed().as_secs_f64() * 1e3;
            let cpu = CpuTimes::of(server.pid())?.since(&cpu).as_secs_f64() * 1e6 / number(load.len());
            if n > 0 {
                rounds.push((took, cpu));
            }
            drop(load);
            std::thread::sleep(SETTLE);
        }
    }
    for (server, rounds) in servers.iter().zip(&rounds) {
        let took = Spread::of(rounds.iter().map(|round| round.0));
        let cpu = Spread::of(rounds.iter().map(|round| round.1));
        let (took, cpu) = (report::spread(took), report::spread(cpu));
        writeln!(out, "{:<27}{took:>24}{cpu:>28}", server.kind.name())?;
    }
    writeln!(out)?;
    Ok(())
}
