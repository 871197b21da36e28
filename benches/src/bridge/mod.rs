//! Messages of devices through a broker to a screen: the gateway's MQTT bridge, and the same on Node.
//!
//! Measured: from the moment a device's message is handed to its connection with Mosquitto to the moment a WebSocket
//! client has the event that follows from it. Each device is a plug whose power changes its equipment's status with every
//! message, and says the next thing when its last event has been seen: as many messages are under way as there are
//! devices. Both sides acknowledge a message when what it says is on the disk, know a repeat by its counter, check the
//! listener's token and keep the equipment, the reading, the counter and the event. They are processes of their own, with
//! one Mosquitto between them and the load, and take turns, round by round.
//!
//! How to read it: load, broker and side share the processors of this machine. The processors' time is the side's alone.
//! The peer is mqtt.js, better-sqlite3 (one transaction per message, WAL, synchronous=FULL) and ws, the usual way to
//! write it. Mosquitto sends 20 messages before the first is acknowledged, its default, and
//! does not let a message wait for the kernel's acknowledgement of the one before (`set_tcp_nodelay`).
//!
//! Checked: at the end both journals have grown by at least as many records as events were heard.
//!
//! The goal: at least 5 times the peer's rate, with all devices.

mod load;
mod parts;
mod report;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::ingest::disk;
use crate::machine;
use crate::peers::node;
use load::Load;
use parts::{Broker, Kind, Server};

/// How many devices speak at once, level by level. The goal is about the last.
const LEVELS: [usize; 3] = [1, 64, 256];
/// The devices that are bound.
const DEVICES: usize = LEVELS[LEVELS.len() - 1];
/// One round before those that count.
const WARM_UP: Duration = Duration::from_secs(1);

/// Where and how long.
pub(crate) struct Plan {
    /// The stores go into a new folder in this one, which is removed at the end.
    pub(crate) folder: PathBuf,
    /// The gateway's binary.
    pub(crate) gateway: PathBuf,
    /// The length of a round.
    pub(crate) round: Duration,
    /// How many rounds each side has at each level.
    pub(crate) rounds: u32,
}

/// What one round gave.
struct Round {
    messages: u64,
    messages_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// The processors' time on the side's process, per message.
    cpu_us_per_message: f64,
}

/// One side with its rounds, by level.
struct Side {
    server: Server,
    load: Load,
    rounds: [Vec<Round>; LEVELS.len()],
}

/// Runs all rounds and prints what they gave.
pub(crate) fn run(out: &mut impl Write, plan: &Plan) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("bench-bridge-").tempdir_in(&plan.folder);
    let folder = folder.with_context(|| format!("{} cannot be written to", plan.folder.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    report::preamble(out, plan)?;
    disk(out, folder.path(), machine::sync_latency(folder.path())?)?;
    let Some(broker) = Broker::start(folder.path())? else {
        writeln!(out, "broker   SKIPPED: mosquitto is not there; apt-get install mosquitto\n")?;
        return Ok(());
    };
    let mut servers = vec![Server::gateway(&plan.gateway, folder.path(), &broker)?];
    match node::install(&plan.folder, &node::BRIDGE)? {
        node::Installed::There(program) => servers.push(Server::node(&program, folder.path(), &broker)?),
        node::Installed::NoNode(why) => writeln!(out, "peer     SKIPPED: {why}\n")?,
    }
    let mut sides = Vec::new();
    for server in servers {
        let load = runtime.block_on(Load::connect(&server, broker.port))?;
        sides.push(Side { server, load, rounds: Default::default() });
    }
    for (level, devices) in LEVELS.into_iter().enumerate() {
        for side in &mut sides {
            let round = side.load.round(devices, WARM_UP, side.server.pid());
            runtime
                .block_on(round)
                .with_context(|| format!("{}, {devices} devices", side.server.kind.name()))?;
        }
        for n in 0..plan.rounds {
            // Who goes first changes from round to round.
            if n > 0 {
                sides.reverse();
            }
            for side in &mut sides {
                let round = side.load.round(devices, plan.round, side.server.pid());
                side.rounds[level].push(runtime.block_on(round)?);
            }
        }
    }
    sides.sort_by_key(|side| side.server.kind != Kind::Gateway);
    report::tables(out, &sides)?;
    for side in sides {
        let (kind, heard) = (side.server.kind, side.load.heard());
        let kept = runtime.block_on(side.server.journal_len())?;
        ensure!(kept >= heard, "{} told {heard} events and kept {kept}", kind.name());
        side.server.stop()?;
    }
    writeln!(out, "Checked: each journal holds at least as many records as events were heard.")?;
    Ok(())
}
