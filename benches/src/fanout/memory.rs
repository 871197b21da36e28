//! What a connection takes while nothing happens.

use std::io::Write;
use std::time::Duration;

use super::Plan;
use super::load::Load;
use super::report::{self, Goal};
use super::server::{Kind, Server, Stage};
use super::{system, tls};
use crate::measure::{Spread, number};

/// Connections before the first look: what a server makes once for all is there then, and most of what it let go of after
/// its start is in use again. What the gateway's start leaves free is 5 to 10 MiB: fewer connections would be told to cost
/// nothing.
const FIRST: usize = 1_000;
/// Connections whose memory is measured, greeted only, and as many subscribed.
const MEASURED: usize = 5_000;
/// The same behind TLS, which is set up by one thread.
const MEASURED_TLS: usize = 2_000;
/// What a server still does with a new connection is over.
const SETTLE: Duration = Duration::from_secs(2);
/// Memory differs little from start to start.
const ROUNDS_MAX: u32 = 3;

/// KiB per connection: greeted only, and subscribed.
#[derive(Clone, Copy)]
struct Sizes {
    greeted_kib: f64,
    subscribed_kib: Option<f64>,
}

/// Measures each server, started anew each time.
pub(super) fn run(out: &mut impl Write, plan: &Plan, stage: &Stage) -> anyhow::Result<()> {
    writeln!(
        out,
        "MEMORY: {MEASURED} idle connections after {FIRST} ({MEASURED_TLS} with TLS); growth of VmRSS (the kernel's \
         buffers not counted)."
    )?;
    writeln!(out, "{:<27}{:>24}{:>28}", "", "KiB greeted", "KiB subscribed")?;
    let kinds = stage.available(&[Kind::Gateway, Kind::GatewayTls, Kind::Node, Kind::Nats]);
    let mut sizes = vec![Vec::new(); kinds.len()];
    for _ in 0..plan.rounds.min(ROUNDS_MAX) {
        for (kind, sizes) in kinds.iter().zip(&mut sizes) {
            let server = Server::start(*kind, stage)?;
            sizes.push(if *kind == Kind::GatewayTls { behind_tls(&server)? } else { plain(&server)? });
        }
    }
    for (kind, sizes) in kinds.iter().zip(&sizes) {
        let greeted = report::spread(Spread::of(sizes.iter().map(|size| size.greeted_kib)));
        let subscribed: Vec<_> = sizes.iter().filter_map(|size| size.subscribed_kib).collect();
        let subscribed =
            if subscribed.is_empty() { "-".into() } else { report::spread(Spread::of(subscribed)) };
        writeln!(out, "{:<27}{greeted:>24}{subscribed:>28}", kind.name())?;
    }
    for (kind, goal) in [(Kind::Gateway, 2.0), (Kind::GatewayTls, 10.0)] {
        let at = kinds.iter().position(|other| *other == kind);
        let Some(sizes) = at.map(|at| &sizes[at]) else { continue };
        let size = Spread::of(sizes.iter().map(|size| size.greeted_kib));
        report::verdict(out, &format!("KiB per idle connection, {}", kind.name()), size, Goal::AtMost(goal))?;
    }
    writeln!(out)?;
    Ok(())
}

fn plain(server: &Server) -> anyhow::Result<Sizes> {
    let mut load = Load::new(&server.entrance)?;
    load.connect(FIRST, false)?;
    let first = resident(server)?;
    load.connect(MEASURED, false)?;
    let greeted = resident(server)?;
    load.connect(MEASURED, true)?;
    let subscribed = resident(server)?;
    let each = |before, after| each(before, after, MEASURED);
    Ok(Sizes { greeted_kib: each(first, greeted), subscribed_kib: Some(each(greeted, subscribed)) })
}

fn behind_tls(server: &Server) -> anyhow::Result<Sizes> {
    let trust = tls::trust(server.folder())?;
    let mut clients = Vec::with_capacity(FIRST + MEASURED_TLS);
    for n in 0..FIRST {
        clients.push(tls::connect(&server.entrance, &trust, n)?);
    }
    let first = resident(server)?;
    for n in 0..MEASURED_TLS {
        clients.push(tls::connect(&server.entrance, &trust, n)?);
    }
    Ok(Sizes { greeted_kib: each(first, resident(server)?, MEASURED_TLS), subscribed_kib: None })
}

/// KiB in RAM, once the server is at rest.
fn resident(server: &Server) -> anyhow::Result<u64> {
    std::thread::sleep(SETTLE);
    system::resident_kib(server.pid())
}

fn each(before: u64, after: u64, connections: usize) -> f64 {
    (number(after) - number(before)) / number(connections)
}
