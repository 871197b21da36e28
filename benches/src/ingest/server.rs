//! The two sides, each a process with a store of its own.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::CONNECTIONS;
use crate::peers::process::{Process, free_address};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gateway,
    Express,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::Express => "Express, better-sqlite3",
        }
    }
}

/// A running server.
pub(super) struct Server {
    pub(super) kind: Kind,
    pub(super) address: SocketAddr,
    process: Process,
    key: String,
    /// Its own folder.
    folder: PathBuf,
}

impl Server {
    /// Starts the gateway with a clinic of one room per connection.
    pub(super) fn gateway(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let (folder, address, key) = place(folder, Kind::Gateway)?;
        ensure!(binary.is_file(), "{} is not built: run make bench", binary.display());
        let mut clinic = String::new();
        for n in 1..=CONNECTIONS {
            writeln!(
                clinic,
                "[[rooms]]\nid = \"room-{n}\"\nname = \"Exam Room {n}\"\ntype = \"examination\"\n"
            )?;
        }
        fs::write(folder.join("clinic.toml"), clinic)?;
        fs::write(folder.join("key"), &key)?;
        let config = format!(
            "[facility]\nseed_file = \"clinic.toml\"\n\
             [http]\nlisten = \"{address}\"\nrequests_per_s_per_address = 1000000\n\
             [store]\npath = {:?}\n[rules]\nwebhook_max_age_s = 0\n\
             [[auth.keys]]\nid = \"bench\"\nrole = \"device\"\nkey_file = {:?}\n[auth]\nkey_requests_per_s = 1000000\n\
             [telemetry]\nlevel = \"error\"\n",
            folder.join("store"),
            folder.join("key"),
        );
        fs::write(folder.join("gateway.toml"), config)?;
        let mut command = Command::new(binary);
        command.args(["serve", "--config"]).arg(folder.join("gateway.toml")).current_dir(&folder);
        Self::start(Kind::Gateway, command, address, key, folder)
    }

    /// Starts the peer at `program`.
    pub(super) fn express(program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let (folder, address, key) = place(folder, Kind::Express)?;
        let mut command = Command::new("node");
        command.arg(program).arg(folder.join("peer.sqlite")).arg(address.port().to_string());
        command.env("NODE_ENV", "production").env("INGEST_KEY", &key);
        command.env("INGEST_ROOMS", CONNECTIONS.to_string());
        Self::start(Kind::Express, command, address, key, folder)
    }

    fn start(
        kind: Kind,
        mut command: Command,
        address: SocketAddr,
        key: String,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { kind, address, process: Process::start(command, address, kind.name())?, key, folder })
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// How many records its journal has.
    pub(super) fn journal_len(&self, runtime: &Runtime) -> anyhow::Result<u64> {
        match self.kind {
            Kind::Gateway => {
                let health = runtime.block_on(health(self.address))?;
                let seq = &health["components"]["ledger"]["seq"];
                seq.as_u64().with_context(|| format!("the gateway's health has no seq: {health}"))
            }
            Kind::Express => {
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

/// A folder, a port that was free a moment ago, and a key.
fn place(folder: &Path, kind: Kind) -> anyhow::Result<(PathBuf, SocketAddr, String)> {
    let folder = folder.join(if kind == Kind::Gateway { "gateway" } else { "express" });
    fs::create_dir(&folder)?;
    let address = free_address()?;
    Ok((folder, address, uuid::Uuid::now_v7().simple().to_string()))
}

pub(crate) async fn health(address: SocketAddr) -> anyhow::Result<Value> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").context("the gateway's health has no body")?;
    Ok(serde_json::from_str(body)?)
}
