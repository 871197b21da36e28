//! A real Mosquitto in a process of its own, and its clients.

use std::io::Write;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::SOON;

/// A broker on a port and in a folder of its own.
pub struct Mosquitto {
    child: Option<Child>,
    port: u16,
    folder: tempfile::TempDir,
}

impl Mosquitto {
    /// Starts one that keeps what it promised when it is stopped.
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// As [`Mosquitto::start`], with these lines for its listener.
    pub fn start_with(listener: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .expect("a port is free")
            .port();
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let text = format!(
            "listener {port} 127.0.0.1\n{listener}\nallow_anonymous true\npersistence true\npersistence_location {}/\n\
             max_queued_messages 0\nuser root\n",
            folder.path().display()
        );
        let mut broker = Self { child: None, port, folder };
        std::fs::write(broker.config(), text).expect("the folder takes a file");
        broker.again();
        broker
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("mosquitto.conf")
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again after [`Mosquitto::stop`].
    pub fn again(&mut self) {
        let child = Command::new("mosquitto")
            .arg("-c")
            .arg(self.config())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto is installed (make setup)");
        self.child = Some(child);
        let until = Instant::now() + SOON;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < until, "mosquitto did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it in order: it writes down what it keeps.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pid = rustix::process::Pid::from_child(&child);
        let _ended = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        child.wait().expect("it can be waited for");
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Publishes with `mosquitto_pub`. True when the broker took it.
pub fn publish(port: u16, topic: &str, payload: &[u8], more: &[&str]) -> bool {
    let mut child = publisher(port, topic).args(more).arg("-s").spawn().expect("mosquitto_pub is installed");
    let mut input = child.stdin.take().expect("it was piped");
    // A publisher that ended early needs no more.
    drop(input.write_all(payload));
    drop(input);
    child.wait().expect("it can be waited for").success()
}

/// Publishes each line of `lines` in one connection at QoS 1.
pub fn publish_lines(port: u16, topic: &str, lines: &str) -> bool {
    let mut child =
        publisher(port, topic).args(["-q", "1", "-l"]).spawn().expect("mosquitto_pub is installed");
    let mut input = child.stdin.take().expect("it was piped");
    drop(input.write_all(lines.as_bytes()));
    drop(input);
    child.wait().expect("it can be waited for").success()
}

fn publisher(port: u16, topic: &str) -> Command {
    let mut command = Command::new("mosquitto_pub");
    command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-t", topic]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// What the broker has retained below `filter`: topics and payloads, as far as it says so within two seconds.
pub fn retained(port: u16, filter: &str, more: &[&str]) -> Vec<(String, String)> {
    let output = Command::new("mosquitto_sub")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-t", filter, "-v", "-W", "2", "--retained-only"])
        .args(more)
        .output()
        .expect("mosquitto_sub is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = text.lines().filter_map(|line| line.split_once(' '));
    told.map(|(topic, payload)| (topic.to_owned(), payload.to_owned())).collect()
}
