//! A command of the gateway that runs beside a story and is read line by line.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::SOON;
use crate::gateway::follow;

/// A running command. Dropped, it is killed.
pub struct Program {
    child: Child,
    /// Standard output.
    out: Receiver<String>,
    /// Standard error: as it comes, and all of it so far.
    err: (Receiver<String>, Arc<Mutex<Vec<String>>>),
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it had printed and nobody had read yet.
    pub out: Vec<String>,
    /// What it said on standard error.
    pub err: String,
}

impl Program {
    /// Starts `command`.
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary is built");
        let (out, _) = follow(child.stdout.take().expect("it was piped"));
        let err = follow(child.stderr.take().expect("it was piped"));
        Self { child, out, err }
    }

    /// The next line that it prints.
    ///
    /// # Panics
    ///
    /// When none comes in time, with what it said on standard error.
    pub fn line(&self) -> String {
        self.out
            .recv_timeout(SOON)
            .unwrap_or_else(|error| panic!("no line ({error}); it said:\n{}", self.said()))
    }

    /// Waits until it says `text` on standard error.
    ///
    /// # Panics
    ///
    /// When it does not, with what it said instead.
    pub fn wait_for_complaint(&self, text: &str) {
        let until = Instant::now() + SOON;
        while let Ok(line) = self.err.0.recv_timeout(left(until)) {
            if line.contains(text) {
                return;
            }
        }
        panic!("\"{text}\" was not said; this was:\n{}", self.said());
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// When it does not end in time.
    pub fn end(mut self) -> Ended {
        let until = Instant::now() + SOON;
        let out = rest(&self.out, until);
        rest(&self.err.0, until);
        let code = self.child.wait().expect("it can be waited for").code();
        Ended { code, out, err: self.said() }
    }

    fn said(&self) -> String {
        self.err.1.lock().expect("the reader does not panic").join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn rest(lines: &Receiver<String>, until: Instant) -> Vec<String> {
    let mut rest = Vec::new();
    loop {
        match lines.recv_timeout(left(until)) {
            Ok(line) => rest.push(line),
            Err(RecvTimeoutError::Disconnected) => return rest,
            Err(RecvTimeoutError::Timeout) => panic!("it does not end; it printed {rest:#?}"),
        }
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
