//! What others on the same hub do to a client: a crowd that sits idle, and one that does not read.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use super::Plan;
use super::client::Client;
use super::contest::{Contestant, Discipline};
use super::flights::FEW;
use super::load::{Load, Pace, Round};
use super::report::{self, Goal};
use super::server::{Kind, Stage};
use super::system;
use crate::measure::{Spread, number};

/// Between the going of some clients and the next round.
const SETTLE: Duration = Duration::from_millis(500);
/// Long enough for a server to see that somebody is stuck, and to cut it.
const STUCK_ROUND_MIN: Duration = Duration::from_secs(8);
const STUCK_EVENTS_PER_S: u32 = 100;
/// How a socket is filled: fast.
const FILLING: Discipline = Discipline { clients: FEW, pace: Pace::InFlight(16), keeps_latencies: false };
/// How long the end of a connection may take to arrive.
const END_MAX: Duration = Duration::from_secs(1);
/// Filling one socket takes some megabytes at the most; a server that buffers without end is not waited for.
const FILLING_MAX: Duration = Duration::from_secs(60);

/// The cost of a delivery with and without a crowd.
pub(super) fn idle(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    let crowd_size = plan.clients;
    writeln!(
        out,
        "IDLE: {crowd_size} sockets that subscribe to nothing, beside {FEW} clients; one event in flight."
    )?;
    let discipline = Discipline { clients: FEW, pace: Pace::InFlight(1), keeps_latencies: false };
    let mut gateway = Contestant::enter(Kind::Gateway, plan, stage, discipline)?;
    let (mut alone, mut crowded) = (Vec::new(), Vec::new());
    for n in 0..plan.rounds * 2 {
        // Who goes first changes: alone, crowded, crowded, alone.
        if n % 4 == 1 || n % 4 == 2 {
            let mut crowd = Load::new(&gateway.server.entrance)?;
            crowd.connect(crowd_size, false)?;
            std::thread::sleep(SETTLE);
            crowded.push(gateway.round(plan.round, discipline)?);
        } else {
            alone.push(gateway.round(plan.round, discipline)?);
        }
        std::thread::sleep(SETTLE);
    }
    for (name, rounds) in [("without them", &alone), ("with them", &crowded)] {
        let cpu = Spread::of(rounds.iter().map(Round::cpu_us));
        writeln!(out, "{name:<27}{:>28} CPU us/delivery", report::spread(cpu))?;
    }
    let ratios = crowded.iter().zip(&alone).map(|(crowded, alone)| crowded.cpu_us() / alone.cpu_us());
    report::verdict(out, "CPU per delivery, of that without them", Spread::of(ratios), Goal::AtMost(1.05))?;
    writeln!(out)?;
    Ok(())
}

/// The latency of the others with and without one that does not read.
pub(super) fn stuck(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    let length = plan.round.max(STUCK_ROUND_MIN);
    writeln!(
        out,
        "STUCK: one client more whose socket is full, {FEW} others; {STUCK_EVENTS_PER_S} events a second for {} s.",
        length.as_secs()
    )?;
    let pace = Pace::PerSecond(STUCK_EVENTS_PER_S);
    let discipline = Discipline { clients: FEW, pace, keeps_latencies: true };
    let mut gateway = Contestant::enter(Kind::Gateway, plan, stage, discipline)?;
    let (mut free, mut beside, mut cut, mut held_kib) = (Vec::new(), Vec::new(), 0, Vec::new());
    let mut bursts = 0;
    for n in 0..plan.rounds * 2 {
        if n % 4 == 0 || n % 4 == 3 {
            let client = gateway.load.connect_stuck()?;
            let held_bytes;
            (held_bytes, bursts) = fill(&mut gateway, &client)?;
            held_kib.push(number(held_bytes) / 1024.0);
            beside.push(gateway.round(length, discipline)?);
            cut += u32::from(was_cut(client)?);
        } else {
            // The same work before it: a store that has just written much syncs otherwise than one at rest.
            for _ in 0..bursts {
                gateway.round(Duration::ZERO, FILLING)?;
            }
            free.push(gateway.round(length, discipline)?);
        }
        std::thread::sleep(SETTLE);
    }
    for (name, rounds) in [("without it", &free), ("with it", &beside)] {
        let ms = |per_cent| report::spread(Spread::of(rounds.iter().map(|round| round.latency_ms(per_cent))));
        writeln!(out, "{name:<27}{:>24} p50 ms{:>24} p99 ms", ms(50), ms(99))?;
    }
    writeln!(
        out,
        "  its socket held {} KiB; it was cut in {cut} of {} rounds",
        report::spread(Spread::of(held_kib)),
        plan.rounds
    )?;
    let ratios = beside.iter().zip(&free).map(|(beside, free)| beside.latency_ms(99) / free.latency_ms(99));
    report::verdict(out, "the others' p99, of that without it", Spread::of(ratios), Goal::AtMost(1.25))?;
    writeln!(out)?;
    Ok(())
}

/// Posts until the server's socket to `stuck` takes no more; returns the bytes that wait in it, and how many bursts that took.
fn fill(gateway: &mut Contestant, stuck: &Client) -> anyhow::Result<(u64, u32)> {
    let (mut before, mut bursts, until) = (0, 0, Instant::now() + FILLING_MAX);
    let (server, client) = (gateway.server.entrance.address.port(), stuck.stream.local_addr()?.port());
    loop {
        // Of no length: one burst.
        gateway.round(Duration::ZERO, FILLING)?;
        bursts += 1;
        let Some(waits) = system::bytes_waiting(server, client)? else {
            // Cut already: its round shows what is left of that.
            return Ok((before, bursts));
        };
        if (waits == before && waits > 0) || Instant::now() > until {
            return Ok((waits, bursts));
        }
        before = waits;
    }
}

/// True when the server has ended this connection. What it had sent before still comes.
fn was_cut(client: Client) -> anyhow::Result<bool> {
    let mut stream = std::net::TcpStream::from(client.stream);
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(END_MAX))?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Ok(false);
            }
            Err(_) => return Ok(true),
        }
    }
}
