//! What is printed.

use std::io::{self, Write};

use super::{LEVELS, Plan, Round, Side};
use crate::measure::Spread;

/// The least multiple of the peer's rate.
const RATE_GOAL: f64 = 5.0;

/// Says what is about to be measured.
pub(super) fn preamble(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    writeln!(
        out,
        "BRIDGE: messages of devices through Mosquitto, each on disk and synced before it is acknowledged and"
    )?;
    writeln!(
        out,
        "before a WebSocket client hears what follows from it. From a device's connection to that client."
    )?;
    writeln!(
        out,
        "Medians (least to most) of {} rounds of {} s in turn. CPU is the side's process alone.\n",
        plan.rounds,
        plan.round.as_secs()
    )
}

/// Prints the tables, and how they compare with the goal.
pub(super) fn tables(out: &mut impl Write, sides: &[Side]) -> io::Result<()> {
    for (level, devices) in LEVELS.into_iter().enumerate() {
        writeln!(out, "{devices} devices, each with one message under way.")?;
        writeln!(out, "{:<29}{:>26}{:>9}{:>9}{:>12}", "", "messages/s", "p50 ms", "p99 ms", "CPU us/msg")?;
        for side in sides {
            let spread = |of: fn(&Round) -> f64| Spread::of(side.rounds[level].iter().map(of));
            let rate = spread(|round| round.messages_per_s);
            writeln!(
                out,
                "{:<29}{:>26}{:>9.2}{:>9.2}{:>12.0}",
                side.server.kind.name(),
                format!("{:.0} ({:.0} to {:.0})", rate.median, rate.least, rate.most),
                spread(|round| round.p50_ms).median,
                spread(|round| round.p99_ms).median,
                spread(|round| round.cpu_us_per_message).median,
            )?;
        }
        if let [ours, theirs] = sides {
            let ratio = |of: fn(&Round) -> f64| {
                let rounds = ours.rounds[level].iter().zip(&theirs.rounds[level]);
                Spread::of(rounds.map(|(ours, theirs)| of(ours) / of(theirs)))
            };
            let rate = ratio(|round| round.messages_per_s);
            let goal = if level + 1 < LEVELS.len() {
                String::new()
            } else {
                format!(
                    "; goal at least {RATE_GOAL}: {}",
                    if rate.median >= RATE_GOAL { "met" } else { "MISSED" }
                )
            };
            writeln!(
                out,
                "  {:.2} times the peer's rate ({:.2} to {:.2}){goal}",
                rate.median, rate.least, rate.most
            )?;
            let p99 = ratio(|round| round.p99_ms);
            writeln!(out, "  {:.2} of the peer's p99 ({:.2} to {:.2})", p99.median, p99.least, p99.most)?;
            let cpu = ratio(|round| round.cpu_us_per_message);
            writeln!(out, "  {:.2} of the peer's CPU ({:.2} to {:.2})", cpu.median, cpu.least, cpu.most)?;
        }
        let messages: u64 =
            sides.iter().flat_map(|side| &side.rounds[level]).map(|round| round.messages).sum();
        writeln!(out, "  {messages} messages in all\n")?;
    }
    Ok(())
}
