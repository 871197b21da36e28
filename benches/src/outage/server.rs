//! The gateway, with an endpoint that is away.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::ensure;

use super::ROOMS;
use super::poster::Channel;
use crate::peers::process::{Process, free_address};

/// What the store may take of the disk: the shipped default.
pub(super) const BUDGET_MIB: u64 = 512;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A running gateway.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    /// Where its endpoint will listen.
    pub(super) endpoint: SocketAddr,
    pub(super) token: String,
    process: Process,
    folder: PathBuf,
}

impl Server {
    pub(super) fn start(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        ensure!(binary.is_file(), "{} is not built: run make bench", binary.display());
        let (address, endpoint) = (free_address()?, free_address()?);
        let token = uuid::Uuid::now_v7().simple().to_string();
        let mut clinic = String::new();
        for n in 1..=ROOMS + 1 {
            writeln!(clinic, "[[rooms]]\nid = \"room-{n}\"\nname = \"Room {n}\"\ntype = \"examination\"\n")?;
        }
        fs::write(folder.join("clinic.toml"), clinic)?;
        fs::write(folder.join("secret"), SECRET)?;
        let config = format!(
            "[facility]\nseed_file = \"clinic.toml\"\n\
             [http]\nlisten = \"{address}\"\nrequests_per_s_per_address = 1000000\n\
             [store]\npath = {:?}\nbudget_mib = {BUDGET_MIB}\n[telemetry]\nlevel = \"error\"\n\
             [[auth.demo_users]]\nid = \"bench\"\nemail = \"bench@demo.local\"\nname = \"Bench\"\nrole = \"admin\"\n\
             password = \"demo-caresync\"\ntoken = \"{token}\"\n\
             [[claw.endpoints]]\nid = \"bench\"\nurl = \"http://{endpoint}/hook\"\nsecret_file = {:?}\n\
             events = [\"room:updated\"]\nrooms = [{}]\nrate_per_s = 10000\n",
            folder.join("store"),
            folder.join("secret"),
            (1..=ROOMS).map(|n| format!("\"room-{n}\"")).collect::<Vec<_>>().join(", "),
        );
        fs::write(folder.join("gateway.toml"), config)?;
        let mut command = Command::new(binary);
        command.args(["serve", "--config"]).arg(folder.join("gateway.toml")).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let process = Process::start(command, address, "gateway")?;
        Ok(Self { address, endpoint, token, process, folder: folder.to_owned() })
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// Lets the endpoint go on now: its next try by itself is hours away.
    pub(super) async fn resume(&self) -> anyhow::Result<()> {
        let mut channel = Channel::connect(self).await?;
        channel.ask("POST", "/api/endpoints/bench/resume", "{}").await
    }

    /// Ends it in order.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        self.process.stop()
    }
}
