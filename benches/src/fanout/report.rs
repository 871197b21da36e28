//! What is printed.

use std::io::{self, Write};

use super::Plan;
use super::contest::Contestant;
use super::load::Round;
use super::server::Kind;
use super::system::Cores;
use crate::measure::Spread;

/// What a figure is to be.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// None: it is told.
    Told,
}

/// Says what is about to be measured.
pub(super) fn preamble(out: &mut impl Write, plan: &Plan, cores: Cores) -> io::Result<()> {
    writeln!(out, "FANOUT: events that reach every subscribed client over WebSocket.")?;
    writeln!(
        out,
        "Medians (least to most) of {} rounds of {} s in turn; {}.",
        plan.rounds,
        plan.round.as_secs(),
        cores.describe()
    )?;
    writeln!(
        out,
        "CPU is the server's process, user and system, from schedstat; for the gateway and Node it includes the\n\
         requests that post, for the gateway and the durable Node also the commit. A post alone is one nobody hears.\n"
    )
}

/// A median with its spread.
pub(super) fn spread(of: Spread) -> String {
    let digits = if of.median < 20.0 { 2 } else { usize::from(of.median < 100.0) };
    format!("{:.digits$} ({:.digits$} to {:.digits$})", of.median, of.least, of.most)
}

/// The rounds of events in flight.
pub(super) fn flights(out: &mut impl Write, all: &[Contestant]) -> io::Result<()> {
    writeln!(
        out,
        "{:<27}{:>22}{:>12}{:>14}{:>12}{:>13}",
        "", "CPU us/delivery", "less posts", "deliveries/s", "per core-s", "us per post"
    )?;
    for contestant in all {
        let cpu = of(contestant, Round::cpu_us);
        let rest = of(contestant, |round| contestant.cpu_us_less_posts(round)).median;
        let post = contestant.post_us.map_or_else(|| "-".into(), |post| format!("{post:.0}"));
        writeln!(
            out,
            "{:<27}{:>22}{rest:>12.2}{:>14.0}{:>12.0}{post:>13}",
            contestant.server.kind.name(),
            spread(cpu),
            of(contestant, Round::rate).median,
            1e6 / cpu.median,
        )?;
    }
    let deliveries: usize = all.iter().flat_map(|one| &one.rounds).map(|round| round.deliveries).sum();
    writeln!(out, "  {deliveries} deliveries, none lost and none doubled")
}

/// The rounds of events at a steady pace.
pub(super) fn latencies(out: &mut impl Write, all: &[Contestant]) -> io::Result<()> {
    writeln!(out, "{:<27}{:>22}{:>24}{:>24}", "", "p50 ms", "p99 ms", "CPU us/delivery")?;
    for contestant in all {
        writeln!(
            out,
            "{:<27}{:>22}{:>24}{:>24}",
            contestant.server.kind.name(),
            spread(of(contestant, |round| round.latency_ms(50))),
            spread(of(contestant, |round| round.latency_ms(99))),
            spread(of(contestant, Round::cpu_us)),
        )?;
    }
    let deliveries: usize = all.iter().flat_map(|one| &one.rounds).map(|round| round.deliveries).sum();
    writeln!(out, "  {deliveries} deliveries, none lost and none doubled")
}

/// How `ours` compares with `theirs`, round by round; `None` when one of them did not take part.
pub(super) fn ratio(
    all: &[Contestant],
    ours: Kind,
    theirs: Kind,
    of: impl Fn(&Contestant, &Round) -> f64,
) -> Option<Spread> {
    let contestant = |kind| all.iter().find(|contestant| contestant.server.kind == kind);
    let (ours, theirs) = (contestant(ours)?, contestant(theirs)?);
    let pairs = ours.rounds.iter().zip(&theirs.rounds);
    Some(Spread::of(pairs.map(|(mine, other)| of(ours, mine) / of(theirs, other))))
}

/// One figure, and whether it meets its goal.
pub(super) fn verdict(out: &mut impl Write, what: &str, value: Spread, goal: Goal) -> io::Result<()> {
    let met = |is_met| if is_met { "met" } else { "MISSED" };
    let goal = match goal {
        Goal::AtMost(limit) => format!("; goal at most {limit}: {}", met(value.median <= limit)),
        Goal::AtLeast(limit) => format!("; goal at least {limit}: {}", met(value.median >= limit)),
        Goal::Told => String::new(),
    };
    writeln!(out, "  {:.3} ({:.3} to {:.3}) {what}{goal}", value.median, value.least, value.most)
}

fn of(contestant: &Contestant, of: impl Fn(&Round) -> f64) -> Spread {
    Spread::of(contestant.rounds.iter().map(of))
}
