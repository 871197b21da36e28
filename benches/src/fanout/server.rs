//! The servers, each a process with a folder of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::client::{Dialect, Entrance};
use super::poster::{ROOMS, Way};
use super::system::Cores;
use crate::peers::node;

/// How long a server may take to start.
const START_MAX: Duration = Duration::from_secs(30);
const POLL_EVERY: Duration = Duration::from_millis(50);
/// What it still does when it takes connections already, such as making the accounts of the demo.
const SETTLE: Duration = Duration::from_millis(500);
/// Whoever posts.
const ADMIN: &str = "bench-admin-token";
/// Those who listen, in turn: the three views of an event.
const ROLES: [&str; 3] = ["head_doctor", "medical_assistant", "viewer"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gateway,
    GatewayTls,
    /// Express and ws, in memory.
    Node,
    /// The same, with better-sqlite3.
    NodeDurable,
    Nats,
    Bare,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Gateway => "gateway",
            Kind::GatewayTls => "gateway, TLS",
            Kind::Node => "Node, Express + ws",
            Kind::NodeDurable => "the same, better-sqlite3",
            Kind::Nats => "nats-server",
            Kind::Bare => "bare TCP writes",
        }
    }
}

/// What servers are started with.
pub(super) struct Stage {
    /// Each gets a folder in this one.
    pub(super) folder: PathBuf,
    /// The gateway's binary.
    pub(super) gateway: PathBuf,
    /// Lines for the `[hub]` section of its configuration.
    pub(super) hub: Vec<String>,
    /// The peer on Node, where there is one.
    pub(super) node: Option<PathBuf>,
    /// nats-server, where there is one.
    pub(super) nats: Option<PathBuf>,
    pub(super) cores: Cores,
}

impl Stage {
    /// Of `kinds` those whose programs are there.
    pub(super) fn available(&self, kinds: &[Kind]) -> Vec<Kind> {
        let is_there = |kind: &Kind| match kind {
            Kind::Node | Kind::NodeDurable => self.node.is_some(),
            Kind::Nats => self.nats.is_some(),
            Kind::Gateway | Kind::GatewayTls | Kind::Bare => true,
        };
        kinds.iter().copied().filter(is_there).collect()
    }
}

/// A running server. Dropped, it is killed: nothing that it has is needed any more.
pub(super) struct Server {
    pub(super) kind: Kind,
    pub(super) entrance: Entrance,
    pub(super) way: Way,
    child: Child,
    folder: tempfile::TempDir,
}

impl Server {
    pub(super) fn start(kind: Kind, stage: &Stage) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(&stage.folder)?;
        let started = match kind {
            Kind::Gateway | Kind::GatewayTls => gateway(kind, stage, folder.path()),
            Kind::Node | Kind::NodeDurable => express(kind, stage, folder.path()),
            Kind::Nats => nats(stage, folder.path()),
            Kind::Bare => bare(stage),
        };
        let (child, entrance, way) = started.with_context(|| format!("{} does not start", kind.name()))?;
        Ok(Self { kind, entrance, way, child, folder })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its own folder.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

type Started = (Child, Entrance, Way);

/// The gateway as it serves a clinic: accounts, roles and their views, every event on disk before it is answered.
fn gateway(kind: Kind, stage: &Stage, folder: &Path) -> anyhow::Result<Started> {
    let binary = &stage.gateway;
    ensure!(
        binary.is_file(),
        "{} is not built: run make bench, or name another with --gateway",
        binary.display()
    );
    let address = free_address()?;
    let mut clinic = String::new();
    for n in 1..=ROOMS {
        write!(clinic, "[[rooms]]\nid = \"room-{n}\"\nname = \"Exam Room {n}\"\ntype = \"examination\"\n")?;
    }
    fs::write(folder.join("clinic.toml"), clinic)?;
    let tls = match kind {
        Kind::GatewayTls => super::tls::section(folder)?,
        _ => String::new(),
    };
    let config = format!(
        "[facility]\nseed_file = \"clinic.toml\"\n\
         [http]\nlisten = \"{address}\"\nopen_demo = true\nconnections_max = 50000\n\
         connections_per_address_max = 50000\nrequests_per_s_per_address = 1000000\n{tls}\
         [store]\npath = {:?}\n[hub]\nconnections_max = 50000\nconnections_per_user_max = 50000\nframes_per_s = 1000\n{}\n\
         {}[telemetry]\nlevel = \"error\"\n",
        folder.join("store"),
        stage.hub.join("\n"),
        [("admin", ADMIN)].into_iter().map(|(role, token)| user(role, token)).collect::<String>()
            + &ROLES.map(|role| user(role, &token_of(role))).concat(),
    );
    fs::write(folder.join("gateway.toml"), config)?;
    let mut command = Command::new(binary);
    command.args(["serve", "--config"]).arg(folder.join("gateway.toml")).current_dir(folder);
    let child = start(command, stage, address)?;
    let tokens = ROLES.map(token_of).to_vec();
    let way = Way::Http { address, token: ADMIN.into() };
    Ok((child, Entrance { address, dialect: Dialect::Hub, tokens }, way))
}

fn user(role: &str, token: &str) -> String {
    format!(
        "[[auth.demo_users]]\nid = \"bench-{role}\"\nemail = \"{role}@bench.local\"\nname = \"Bench {role}\"\n\
         role = \"{role}\"\npassword = \"bench-caresync\"\ntoken = \"{token}\"\n"
    )
}

fn token_of(role: &str) -> String {
    format!("bench-{role}-token")
}

fn express(kind: Kind, stage: &Stage, folder: &Path) -> anyhow::Result<Started> {
    let address = free_address()?;
    let mut command = Command::new("node");
    command.arg(stage.node.as_ref().context("there is no node")?).arg(address.port().to_string());
    if kind == Kind::NodeDurable {
        command.arg(folder.join("peer.sqlite"));
    }
    command.env("NODE_ENV", "production").env("FANOUT_TOKEN", ADMIN).env("FANOUT_ROOMS", ROOMS.to_string());
    let child = start(command, stage, address)?;
    let entrance = Entrance { address, dialect: Dialect::Hub, tokens: vec![ADMIN.into()] };
    Ok((child, entrance, Way::Http { address, token: ADMIN.into() }))
}

fn nats(stage: &Stage, folder: &Path) -> anyhow::Result<Started> {
    let (address, direct) = (free_address()?, free_address()?);
    let config = format!(
        "listen: \"{direct}\"\nmax_connections: 50000\nauthorization {{ token: \"{ADMIN}\" }}\n\
         websocket {{ listen: \"{address}\", no_tls: true, compression: false }}\n"
    );
    fs::write(folder.join("nats.conf"), config)?;
    let mut command = Command::new(stage.nats.as_ref().context("there is no nats-server")?);
    command.arg("-c").arg(folder.join("nats.conf")).args(["-l", "/dev/null"]);
    let child = start(command, stage, address)?;
    let entrance = Entrance { address, dialect: Dialect::Nats, tokens: vec![ADMIN.into()] };
    Ok((child, entrance, Way::Nats { address: direct, token: ADMIN.into() }))
}

fn bare(stage: &Stage) -> anyhow::Result<Started> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--bare").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = stage.cores.for_server(|| command.spawn())?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("it was piped")?).read_line(&mut line)?;
    let (clients, control) = line.trim().split_once(' ').context("it names no ports")?;
    let address = |port: &str| anyhow::Ok(SocketAddr::from(([127, 0, 0, 1], port.parse::<u16>()?)));
    let stream = TcpStream::connect(address(control)?)?;
    stream.set_nodelay(true)?;
    let entrance =
        Entrance { address: address(clients)?, dialect: Dialect::Bare, tokens: vec![ADMIN.into()] };
    Ok((child, entrance, Way::Bare { stream }))
}

/// Starts `command` and waits until `address` takes connections.
fn start(mut command: Command, stage: &Stage, address: SocketAddr) -> anyhow::Result<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = stage.cores.for_server(|| command.spawn())?;
    let until = Instant::now() + START_MAX;
    while TcpStream::connect(address).is_err() {
        let ended = child.try_wait()?;
        if ended.is_some() || Instant::now() >= until {
            drop(child.kill());
            drop(child.wait());
            anyhow::bail!("it takes no connections (ended: {ended:?})");
        }
        std::thread::sleep(POLL_EVERY);
    }
    std::thread::sleep(SETTLE);
    Ok(child)
}

/// The peer on Node, or why there is none.
pub(super) fn find_node(cache: &Path) -> anyhow::Result<Result<PathBuf, String>> {
    Ok(match node::install(cache, &node::FANOUT)? {
        node::Installed::There(program) => Ok(program),
        node::Installed::NoNode(why) => Err(why),
    })
}

/// nats-server, or why there is none. Debian puts it where only root looks.
pub(super) fn find_nats() -> Result<PathBuf, String> {
    let candidates = ["nats-server", "/usr/sbin/nats-server", "/usr/local/bin/nats-server"];
    let works = |program: &&str| Command::new(program).arg("--version").output().is_ok();
    let found = candidates.into_iter().find(works);
    found.map(PathBuf::from).ok_or_else(|| "nats-server is not there; apt-get install nats-server".into())
}

/// A port that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
