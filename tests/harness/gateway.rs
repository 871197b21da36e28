//! A gateway in a process of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::{ADMIN, Client, DOCTOR, Exposition, Http, SOON, repository};

/// How a gateway is started, again and again on the same store.
pub struct Setup {
    config: PathBuf,
    port: u16,
    mqtt_port: u16,
    environment: Vec<(String, String)>,
    /// Holds the store and the configuration, and removes them.
    folder: Arc<tempfile::TempDir>,
}

impl Setup {
    /// The demo's configuration, on a port and in a store of its own.
    pub fn demo() -> Self {
        Self::with_config(&repository().join("configs/demo.toml"))
    }

    /// The demo's clinic without cameras, with these lines of TOML besides (sections of their own).
    pub fn without_cameras(more: &str) -> Self {
        let seed_file = repository().join("configs/clinic.demo.toml");
        let users = [
            demo_user("demo-admin", "admin", ADMIN, ""),
            demo_user("demo-doctor", "doctor", DOCTOR, "doctor_id = \"doc-001\""),
        ];
        let text = format!(
            "[facility]\nseed_file = \"{}\"\n[http]\nopen_demo = true\nrequests_per_s_per_address = 100000\n\
             [[auth.keys]]\nid = \"opencv\"\nrole = \"device\"\ndemo_key = \"opencv_secret_key_789\"\n\
             {}\n{more}\n",
            seed_file.display(),
            users.concat()
        );
        Self::with_text(&text)
    }

    /// A configuration given as text.
    pub fn with_text(text: &str) -> Self {
        let mut setup = Self::with_config(Path::new(""));
        setup.config = setup.folder.path().join("gateway.toml");
        std::fs::write(&setup.config, text).expect("the temporary folder takes a file");
        setup
    }

    fn with_config(config: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self {
            config: config.to_owned(),
            port: free_port(),
            mqtt_port: free_port(),
            environment: Vec::new(),
            folder: Arc::new(folder),
        }
    }

    /// Sets an environment variable of the gateway.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.environment.push((name.into(), value.as_ref().display().to_string()));
        self
    }

    /// The store's folder, unless the environment names another.
    pub fn store(&self) -> PathBuf {
        let named = self.environment.iter().rev().find(|(name, _)| name == "CARESYNC_STORE__PATH");
        named.map_or_else(|| self.folder.path().join("store"), |(_, path)| path.into())
    }

    /// The port of its broker, where the configuration has an embedded one.
    pub fn mqtt_port(&self) -> u16 {
        self.mqtt_port
    }

    /// The configuration file.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// A command line of the gateway with this setup's environment, not started yet.
    pub fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(binary());
        command.arg(verb).current_dir(self.folder.path());
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARESYNC_"))
        {
            command.env_remove(name);
        }
        if let Some(assets) = std::env::var_os("CARESYNC_ASSETS") {
            command.env("CARESYNC_ASSETS", assets);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts the gateway and waits until it is ready.
    pub fn start(&self) -> Gateway {
        self.try_start().unwrap_or_else(|log| panic!("the gateway did not start:\n{log}"))
    }

    /// Starts the gateway; what it logged instead when it ends before it is ready.
    pub fn try_start(&self) -> Result<Gateway, String> {
        let mut command = self.command("serve");
        command.arg("--config").arg(&self.config);
        command.env("CARESYNC_HTTP__LISTEN", format!("127.0.0.1:{}", self.port));
        command.env("CARESYNC_MQTT__LISTEN", format!("127.0.0.1:{}", self.mqtt_port));
        command.env("CARESYNC_STORE__PATH", self.store());
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary is built");
        let (lines, log) = follow(child.stderr.take().expect("it was piped"));
        let gateway = Gateway { child, port: self.port, lines, log, _folder: Arc::clone(&self.folder) };
        match gateway.read_until(SOON, |line| line.contains("the gateway is ready")) {
            Ok(()) => Ok(gateway),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(gateway.log()),
        }
    }
}

/// A running gateway. Dropped, it is killed.
pub struct Gateway {
    child: Child,
    port: u16,
    /// Its log, line by line; ends when the process does.
    lines: Receiver<String>,
    log: Arc<Mutex<Vec<String>>>,
    /// Its store and configuration, for as long as it runs.
    _folder: Arc<tempfile::TempDir>,
}

impl Gateway {
    /// A client of its REST door, as the demo's doctor.
    pub fn http(&self) -> Http {
        Http::new(self.port)
    }

    /// A client of its REST door, as the demo's admin; only without cameras, where the admin has a token.
    pub fn admin(&self) -> Http {
        self.http().bearing(ADMIN)
    }

    /// A client of its hub, greeted, as the demo's doctor.
    pub fn connect(&self) -> Client {
        Client::bearing(self.port, DOCTOR)
    }

    /// What `/metrics` says.
    ///
    /// # Panics
    ///
    /// When no scraper could read it.
    pub fn metrics(&self) -> Exposition {
        let text = self.http().get("/metrics").text;
        Exposition::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.lock().expect("the reader does not panic").join("\n")
    }

    /// Sends it a signal by name, such as `STOP`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.pid().to_string()).status();
        assert!(status.expect("kill can be run").success(), "the gateway takes {name}");
    }

    /// Runs `then` while the gateway stands still: every one of its threads, none in the middle of a write.
    pub fn frozen<T>(&self, then: impl FnOnce() -> T) -> T {
        self.signal("STOP");
        // Seen without taking the news away: the child's exit status is still there for `wait`.
        let seen = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let status = waitid(WaitId::Pid(Pid::from_child(&self.child)), seen).expect("it is our child");
        assert!(
            status.is_some_and(|status| status.stopped()),
            "the gateway ended; it logged:\n{}",
            self.log()
        );
        let outcome = then();
        self.signal("CONT");
        outcome
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    /// Asks it to stop, as systemd does, and waits for its end.
    pub fn stop(mut self) -> ExitStatus {
        // Not by the kill program: a stop may come the moment the gateway is ready.
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("it is our child");
        self.wait(SOON)
    }

    /// Waits for its end: its log ends when the process does.
    pub fn wait(&mut self, deadline: Duration) -> ExitStatus {
        let ended = self.read_until(deadline, |_| false);
        assert!(ended == Err(RecvTimeoutError::Disconnected), "the gateway ends; it logged:\n{}", self.log());
        self.child.wait().expect("it can be waited for")
    }

    /// Waits for a line of its log that holds `text`.
    pub fn wait_for_log(&self, text: &str) {
        let found = self.read_until(SOON, |line| line.contains(text));
        assert!(found.is_ok(), "\"{text}\" is not in the log:\n{}", self.log());
    }

    fn read_until(&self, deadline: Duration, wanted: impl Fn(&str) -> bool) -> Result<(), RecvTimeoutError> {
        let until = Instant::now() + deadline;
        loop {
            let line = self.lines.recv_timeout(until.saturating_duration_since(Instant::now()))?;
            if wanted(&line) {
                return Ok(());
            }
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads `stream` line by line: as they come, and all of them so far.
pub(crate) fn follow(
    stream: impl std::io::Read + Send + 'static,
) -> (Receiver<String>, Arc<Mutex<Vec<String>>>) {
    let (sender, lines) = channel();
    let log = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            kept.lock().expect("nobody panics with the log").push(line.clone());
            drop(sender.send(line));
        }
    });
    (lines, log)
}

/// A user of the demo, with a token that needs no login.
fn demo_user(id: &str, role: &str, token: &str, more: &str) -> String {
    format!(
        "[[auth.demo_users]]\nid = \"{id}\"\nemail = \"{role}@demo.local\"\nname = \"{id}\"\nrole = \"{role}\"\n\
         password = \"demo-caresync\"\ntoken = \"{token}\"\n{more}\n"
    )
}

/// The gateway's binary: named by the Makefile, else beside this test's own.
///
/// # Panics
///
/// When there is none.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("GATEWAY_BIN") {
        return named.into();
    }
    let own = std::env::current_exe().expect("a test knows its own path");
    let built = own.parent().and_then(Path::parent).map(|folder| folder.join("caresync-gateway"));
    let built = built.filter(|path| path.is_file());
    built.expect("the gateway is built: run make test, or cargo build -p caresync-gateway first")
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
