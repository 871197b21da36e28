//! The broker and the two sides, each a process.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::DEVICES;
use crate::ingest::health;
use crate::peers::process::{Process, free_address};

/// A Mosquitto.
pub(super) struct Broker {
    _process: Process,
    pub(super) port: u16,
}

impl Broker {
    /// Starts one; `None` where there is none.
    pub(super) fn start(folder: &Path) -> anyhow::Result<Option<Self>> {
        let address = free_address()?;
        let config = folder.join("mosquitto.conf");
        fs::write(
            &config,
            format!(
                "listener {} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_inflight_messages 200\n",
                address.port()
            ),
        )?;
        let mut command = Command::new("mosquitto");
        command.arg("-c").arg(config).stdout(Stdio::null()).stderr(Stdio::null());
        if Command::new("mosquitto").arg("-h").output().is_err() {
            return Ok(None);
        }
        let process = Process::start(command, address, "mosquitto")?;
        Ok(Some(Self { _process: process, port: address.port() }))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gateway,
    Node,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Node => "mqtt.js, better-sqlite3, ws",
        }
    }
}

/// A running side.
pub(super) struct Server {
    pub(super) kind: Kind,
    pub(super) address: SocketAddr,
    pub(super) token: String,
    process: Process,
    folder: PathBuf,
}

impl Server {
    /// Starts the gateway with a machine and its plug for each device.
    pub(super) fn gateway(binary: &Path, folder: &Path, broker: &Broker) -> anyhow::Result<Self> {
        ensure!(binary.is_file(), "{} is not built: run make bench", binary.display());
        let (folder, address, token) = place(folder, Kind::Gateway)?;
        let (mut clinic, mut bindings) = (String::new(), String::new());
        for n in 1..=DEVICES {
            writeln!(clinic, "[[equipment]]\nid = \"eq-{n}\"\nname = \"Machine {n}\"\ntype = \"machine\"\n")?;
            writeln!(
                bindings,
                "[[mqtt.bindings]]\nid = \"plug-{n}\"\ndialect = \"json\"\ntopic = \"gateway/{n}\"\n\
                 target = \"equipment:eq-{n}\"\npointer = \"/power\"\ncounter_pointer = \"/n\"\nin_use_above = 50\ndebounce_s = 0\n"
            )?;
        }
        fs::write(folder.join("clinic.toml"), clinic)?;
        let config = format!(
            "[facility]\nseed_file = \"clinic.toml\"\n[http]\nlisten = \"{address}\"\n[store]\npath = {:?}\n\
             [telemetry]\nlevel = \"error\"\n\
             [[auth.demo_users]]\nid = \"bench\"\nemail = \"bench@demo.local\"\nname = \"Bench\"\nrole = \"head_doctor\"\n\
             password = \"demo-caresync\"\ntoken = \"{token}\"\n\
             [mqtt]\nmode = \"external\"\nurl = \"mqtt://127.0.0.1:{}\"\ndiscovery_prefix = \"\"\n{bindings}",
            folder.join("store"),
            broker.port,
        );
        fs::write(folder.join("gateway.toml"), config)?;
        let mut command = Command::new(binary);
        command.args(["serve", "--config"]).arg(folder.join("gateway.toml")).current_dir(&folder);
        Self::start(Kind::Gateway, command, address, token, folder)
    }

    /// Starts the peer at `program`.
    pub(super) fn node(program: &Path, folder: &Path, broker: &Broker) -> anyhow::Result<Self> {
        let (folder, address, token) = place(folder, Kind::Node)?;
        let mut command = Command::new("node");
        command.arg(program).arg(address.port().to_string()).arg(folder.join("peer.sqlite"));
        command.arg(format!("mqtt://127.0.0.1:{}", broker.port)).arg("node");
        command.env("NODE_ENV", "production").env("BRIDGE_TOKEN", &token);
        command.env("BRIDGE_DEVICES", DEVICES.to_string());
        Self::start(Kind::Node, command, address, token, folder)
    }

    fn start(
        kind: Kind,
        mut command: Command,
        address: SocketAddr,
        token: String,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { kind, address, token, process: Process::start(command, address, kind.name())?, folder })
    }

    /// Where its devices speak: below this topic.
    pub(super) fn topics(&self) -> &'static str {
        match self.kind {
            Kind::Gateway => "gateway",
            Kind::Node => "node",
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// How many records its journal has.
    pub(super) async fn journal_len(&self) -> anyhow::Result<u64> {
        match self.kind {
            Kind::Gateway => {
                let health = health(self.address).await?;
                let seq = &health["components"]["ledger"]["seq"];
                seq.as_u64().with_context(|| format!("the gateway's health has no seq: {health}"))
            }
            Kind::Node => {
                let connection = rusqlite::Connection::open(self.folder.join("peer.sqlite"))?;
                let count: i64 =
                    connection.query_row("SELECT count(*) FROM journal", [], |row| row.get(0))?;
                Ok(u64::try_from(count)?)
            }
        }
    }

    /// Ends it in order.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        self.process.stop()
    }
}

/// A folder, an address and a token.
fn place(folder: &Path, kind: Kind) -> anyhow::Result<(PathBuf, SocketAddr, String)> {
    let folder = folder.join(if kind == Kind::Gateway { "gateway" } else { "node" });
    fs::create_dir(&folder)?;
    Ok((folder, free_address()?, uuid::Uuid::now_v7().simple().to_string()))
}
