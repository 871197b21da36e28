//! What the figures were taken on.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::measure::percentile;

/// Appends that the disk is asked to confirm one by one.
const SYNCS: usize = 200;

/// The machine in one line: processors, kernel, file system under `folder`.
pub(crate) fn describe(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} cores, {cpu}, Linux {}, {}", kernel.trim(), file_system(folder))
}

/// True when `folder` is memory: what is durable there costs nothing and means nothing.
pub(crate) fn is_memory(folder: &Path) -> bool {
    ["tmpfs ", "ramfs "].iter().any(|memory| file_system(folder).starts_with(memory))
}

/// Appends 1 KiB to a file in `folder` and waits for the disk, again and again; returns p50 and p99.
pub(crate) fn sync_latency(folder: &Path) -> io::Result<(Duration, Duration)> {
    let mut file = File::create_new(folder.join("sync"))?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&[0xA5; 1024])?;
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    took.sort();
    Ok((percentile(&took, 50), percentile(&took, 99)))
}

fn line_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The type of the file system that holds `folder`, and where it is from: `ext4 on /dev/vda`.
fn file_system(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let holds = mounts.lines().filter_map(mount).filter(|(point, _)| folder.starts_with(point));
    // The longest path is the innermost mount; of two on one path the later one covers the earlier.
    let innermost = holds.max_by_key(|(point, _)| point.as_os_str().len());
    innermost.map_or_else(|| "unknown file system".into(), |(_, of)| of)
}

/// One line of `mountinfo` (proc_pid_mountinfo(5)): the mount point is field 5; type and source follow `-`.
fn mount(line: &str) -> Option<(PathBuf, String)> {
    let (mount, source) = line.split_once(" - ")?;
    let point = mount.split(' ').nth(4)?;
    let mut source = source.split(' ');
    Some((point.into(), format!("{} on {}", source.next()?, source.next()?)))
}
