//! What the operating system knows of a server, and where it is told to run.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The time that the processors have spent on each thread of a process. `schedstat` counts nanoseconds where
/// `stat` counts ticks of 10 ms. A thread that ends takes its last round's time with it: none of the servers here
/// ends threads that send.
pub(super) struct CpuTimes(BTreeMap<String, Duration>);

impl CpuTimes {
    /// Of the process `pid`, now.
    pub(super) fn of(pid: u32) -> anyhow::Result<Self> {
        let folder = format!("/proc/{pid}/task");
        let mut times = BTreeMap::new();
        for thread in fs::read_dir(&folder).with_context(|| format!("{folder} cannot be read"))? {
            let thread = thread?;
            // A thread may end between the listing and this.
            let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) else { continue };
            let spent = text.split(' ').next().with_context(|| format!("{folder} has an empty schedstat"))?;
            let spent = Duration::from_nanos(spent.trim().parse()?);
            times.insert(thread.file_name().to_string_lossy().into_owned(), spent);
        }
        Ok(Self(times))
    }

    /// What was spent since `before`, user and system.
    pub(super) fn since(&self, before: &Self) -> Duration {
        let of_thread = |(thread, spent): (&String, &Duration)| {
            spent.saturating_sub(before.0.get(thread).copied().unwrap_or_default())
        };
        self.0.iter().map(of_thread).sum()
    }
}

/// The memory of the process `pid` that is in RAM, in KiB (`VmRSS`).
pub(super) fn resident_kib(pid: u32) -> anyhow::Result<u64> {
    let file = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")).context("no VmRSS")?;
    Ok(kib.trim().parse()?)
}

/// Bytes that wait in a loopback socket from the port `from` to the port `to`; `None` when there is no such socket.
pub(super) fn bytes_waiting(from: u16, to: u16) -> anyhow::Result<Option<u64>> {
    let sockets = fs::read_to_string("/proc/net/tcp").context("/proc/net/tcp cannot be read")?;
    // proc_pid_net(5): the addresses in hex, the state, then tx_queue:rx_queue.
    let ends = [format!(":{from:04X}"), format!(":{to:04X}")];
    for line in sockets.lines() {
        let fields: Vec<_> = line.split_ascii_whitespace().collect();
        let [_, local, remote, _, queues, ..] = fields[..] else { continue };
        if local.ends_with(&ends[0]) && remote.ends_with(&ends[1]) {
            let (sent, _) = queues.split_once(':').context("/proc/net/tcp has no queues")?;
            return Ok(Some(u64::from_str_radix(sent, 16)?));
        }
    }
    Ok(None)
}

/// Asks for `files` open files at once.
pub(super) fn raise_open_files(files: u64) -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= files) {
        return Ok(());
    }
    let maximum = limit.maximum.map(|maximum| maximum.max(files));
    let asked = setrlimit(Resource::Nofile, Rlimit { current: Some(files), maximum });
    ensure!(
        asked.is_ok(),
        "{files} open files are needed: run ulimit -n {files} as root, or name fewer --clients"
    );
    Ok(())
}

/// A processor for the servers and another for the load, where there are two.
#[derive(Clone, Copy)]
pub(super) struct Cores(Option<[usize; 2]>);

impl Cores {
    /// The first two that this process may use.
    pub(super) fn choose() -> Self {
        let Ok(allowed) = sched_getaffinity(None) else { return Self(None) };
        if sched_setaffinity(None, &allowed).is_err() {
            // A container may forbid it.
            return Self(None);
        }
        let mut free = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        Self(free.next().zip(free.next()).map(|(server, load)| [server, load]))
    }

    /// Runs `start` so that a process started in it, and all its threads, stay on the servers' processor.
    pub(super) fn for_server<T>(self, start: impl FnOnce() -> T) -> T {
        self.pin(0);
        let started = start();
        self.pin(1);
        started
    }

    pub(super) fn describe(self) -> String {
        match self.0 {
            Some([server, load]) => format!("servers on processor {server}, load on processor {load}"),
            None => "servers and load wherever the scheduler puts them".into(),
        }
    }

    fn pin(self, which: usize) {
        let Some(cores) = self.0 else { return };
        let mut set = CpuSet::new();
        set.set(cores[which]);
        let pinned = sched_setaffinity(None, &set);
        assert!(pinned.is_ok(), "what was allowed at the beginning still is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_a_thread_is_seen_to_the_microsecond() {
        let pid = std::process::id();
        let before = CpuTimes::of(pid).unwrap();
        let mut x = 1_u64;
        let spent = loop {
            for _ in 0..100_000 {
                x = std::hint::black_box(x.wrapping_mul(3));
            }
            let spent = CpuTimes::of(pid).unwrap().since(&before);
            if !spent.is_zero() {
                break spent;
            }
        };
        assert!(spent < Duration::from_secs(5), "{spent:?}");
    }

    #[test]
    fn this_process_takes_some_memory() {
        assert!(resident_kib(std::process::id()).unwrap() > 100);
    }
}
