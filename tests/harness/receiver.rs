//! Another system of the clinic that takes webhooks: a real HTTP server in a process of its own (`tests/python/receiver.py`),
//! which checks signatures with the `standardwebhooks` package of PyPI.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver as Lines;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::gateway::follow;
use crate::{Certificate, SOON, repository};

/// A secret of the stories, as the standard writes them.
pub const SIGNING_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/// The receiver. Dropped, it is killed.
pub struct Receiver {
    process: Option<(Child, Lines<String>)>,
    port: u16,
    secrets: String,
    certificate: Option<(PathBuf, PathBuf)>,
    seen: Vec<Value>,
}

impl Receiver {
    /// A receiver that knows [`SIGNING_SECRET`], on a port of its own.
    pub fn start() -> Self {
        Self::knowing(&[SIGNING_SECRET])
    }

    /// A receiver that knows these secrets: each request says of each whether it signed it.
    pub fn knowing(secrets: &[&str]) -> Self {
        Self::with(secrets.join(","), None)
    }

    /// A receiver behind TLS.
    pub fn tls(certificate: &Certificate) -> Self {
        Self::with(SIGNING_SECRET.into(), Some((certificate.cert_file(), certificate.key_file())))
    }

    fn with(secrets: String, certificate: Option<(PathBuf, PathBuf)>) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let mut receiver = Self { process: None, port, secrets, certificate, seen: Vec::new() };
        receiver.again();
        receiver
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again at the same port. What it has seen is kept; how it answers is not.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn again(&mut self) {
        self.kill();
        let mut command = Command::new(python_tools().join("bin/python"));
        command
            .arg(repository().join("tests/python/receiver.py"))
            .arg(self.port.to_string())
            .arg(&self.secrets);
        if let Some((cert, key)) = &self.certificate {
            command.args([cert, key]);
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("python can be run");
        let (lines, _) = follow(child.stdout.take().expect("it was piped"));
        assert_eq!(lines.recv_timeout(SOON).as_deref(), Ok("ready"), "the receiver starts");
        self.process = Some((child, lines));
    }

    /// Ends it as `kill -9` does.
    ///
    /// # Panics
    ///
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        if let Some((mut child, lines)) = self.process.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it can be waited for");
            self.seen.extend(lines.iter().map(|line| request(&line)));
        }
    }

    /// Says how it answers: `then` one after the other, and `always` from then on.
    ///
    /// # Panics
    ///
    /// When it does not take it.
    pub fn answers(&self, then: &[Value], always: &Value) {
        let url = format!("http://127.0.0.1:{}/control", self.port);
        let body = json!({ "then": then, "always": always }).to_string();
        let taken = ureq::post(&url).send(body.as_bytes()).expect("the receiver takes a plan");
        assert_eq!(taken.status().as_u16(), 204);
    }

    /// Every request so far.
    pub fn requests(&mut self) -> &[Value] {
        if let Some((_, lines)) = &self.process {
            self.seen.extend(lines.try_iter().map(|line| request(&line)));
        }
        &self.seen
    }

    /// Waits until what it has seen is `enough`.
    ///
    /// # Panics
    ///
    /// When it is not in time, with what it has seen.
    pub fn wait_for(&mut self, what: &str, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let until = Instant::now() + SOON * 2;
        loop {
            if enough(self.requests()) {
                return self.seen.clone();
            }
            assert!(Instant::now() < until, "{what} did not come; these did: {:#?}", self.seen);
            let next = self.process.as_ref().map(|(_, lines)| lines.recv_timeout(Duration::from_millis(100)));
            if let Some(Ok(line)) = next {
                self.seen.push(request(&line));
            }
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A request with its body as JSON, where it is some.
fn request(line: &str) -> Value {
    let mut request: Value = serde_json::from_str(line).expect("the receiver prints JSON");
    let text = request["body"].as_str().unwrap_or_default().to_owned();
    request["json"] = serde_json::from_str(&text).unwrap_or_default();
    request
}

/// The folder of the Python programs, installed the first time.
///
/// # Panics
///
/// When they cannot be installed.
pub fn python_tools() -> PathBuf {
    let script: &Path = &repository().join("scripts/python-tools");
    let made = Command::new(script).output().expect("the script can be run");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8_lossy(&made.stdout).trim().into()
}
