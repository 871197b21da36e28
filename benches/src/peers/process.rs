//! Servers in processes of their own.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// How long a server may take to start, and to end.
const START_MAX: Duration = Duration::from_secs(30);
const STOP_MAX: Duration = Duration::from_secs(30);
const POLL_EVERY: Duration = Duration::from_millis(50);

/// A process. Dropped, it is killed.
pub(crate) struct Process {
    child: Child,
    name: &'static str,
}

impl Process {
    /// Starts `command` and waits until it listens at `address`.
    ///
    /// # Errors
    ///
    /// The program is not there, or it ends, or it does not listen in time.
    pub(crate) fn start(
        mut command: Command,
        address: SocketAddr,
        name: &'static str,
    ) -> anyhow::Result<Self> {
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let mut process = Self { child, name };
        let until = Instant::now() + START_MAX;
        while TcpStream::connect(address).is_err() {
            ensure!(process.child.try_wait()?.is_none(), "{name} ended at once");
            ensure!(Instant::now() < until, "{name} does not start");
            std::thread::sleep(POLL_EVERY);
        }
        Ok(process)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in order.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.pid().to_string()).status()?;
        ensure!(asked.success(), "{} cannot be asked to end", self.name);
        let until = Instant::now() + STOP_MAX;
        while self.child.try_wait()?.is_none() {
            if Instant::now() >= until {
                bail!("{} does not end", self.name);
            }
            std::thread::sleep(POLL_EVERY);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An address that was free a moment ago.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
