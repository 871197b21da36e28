//! The peers on Node: folders of `peers/` with their pinned packages, installed by npm into a cache folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// A peer's sources.
pub(crate) struct Peer {
    /// Part of its folder's name.
    name: &'static str,
    package: &'static str,
    lock: &'static str,
    server: &'static str,
}

/// The peer of `ingest`.
pub(crate) const EXPRESS: Peer = Peer {
    name: "express",
    package: include_str!("../../peers/express/package.json"),
    lock: include_str!("../../peers/express/package-lock.json"),
    server: include_str!("../../peers/express/server.js"),
};
/// The peer of `fanout`.
pub(crate) const FANOUT: Peer = Peer {
    name: "fanout",
    package: include_str!("../../peers/fanout/package.json"),
    lock: include_str!("../../peers/fanout/package-lock.json"),
    server: include_str!("../../peers/fanout/server.js"),
};
/// The peer of `bridge`.
pub(crate) const BRIDGE: Peer = Peer {
    name: "bridge",
    package: include_str!("../../peers/bridge/package.json"),
    lock: include_str!("../../peers/bridge/package-lock.json"),
    server: include_str!("../../peers/bridge/server.js"),
};
/// Written last: what is beside it is whole.
const STAMP: &str = "installed";

/// What came of it.
pub(crate) enum Installed {
    /// The program that node runs.
    There(PathBuf),
    /// There is no node on this machine, and how to get it.
    NoNode(String),
}

/// Installs `peer` below `cache`, unless it is there with these very packages.
///
/// # Errors
///
/// npm failed: without a network the first time, or without a compiler where no prebuilt better-sqlite3 fits.
pub(crate) fn install(cache: &Path, peer: &Peer) -> anyhow::Result<Installed> {
    for program in ["node", "npm"] {
        if Command::new(program).arg("--version").output().is_err() {
            let why = format!("{program} is not there; apt-get install nodejs npm (18 or newer)");
            return Ok(Installed::NoNode(why));
        }
    }
    let version = Command::new("node").args(["-p", "process.versions.modules"]).output()?.stdout;
    let version = String::from_utf8_lossy(&version).trim().to_owned();
    let folder = cache.join(format!("bench-peer-{}", peer.name));
    let stamp = format!("{version}\n{}", peer.lock);
    let is_there = fs::read_to_string(folder.join(STAMP)).is_ok_and(|there| there == stamp);
    fs::create_dir_all(&folder)?;
    let files =
        [("package.json", peer.package), ("package-lock.json", peer.lock), ("server.js", peer.server)];
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    if !is_there {
        let npm = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).output();
        let npm = npm.context("npm cannot be started")?;
        let said = String::from_utf8_lossy(&npm.stderr);
        ensure!(npm.status.success(), "npm ci in {} failed: {said}", folder.display());
        let mut loads = Command::new("node");
        loads.args(["-e", "require('better-sqlite3')(':memory:')"]).current_dir(&folder);
        let loads = loads.output()?;
        ensure!(
            loads.status.success(),
            "better-sqlite3 in {} does not load ({}); where no prebuilt one can be fetched it needs g++, make, \
             python3 and libnode-dev, and then: npm rebuild --nodedir=/usr",
            folder.display(),
            String::from_utf8_lossy(&loads.stderr).lines().find(|line| line.contains("Error")).unwrap_or("")
        );
        fs::write(folder.join(STAMP), stamp)?;
    }
    Ok(Installed::There(folder.join("server.js")))
}
