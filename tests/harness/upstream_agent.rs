//! The upstream agent, as its contract says it is: a server that takes the facility's status and tasks, and says how it
//! does. It can be away, hang, fail and talk nonsense.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::SOON;

/// The bearer token that it expects.
pub const AGENT_TOKEN: &str = "the-upstream-agents-token";

/// How it behaves.
#[derive(Clone, Debug)]
pub enum Manner {
    /// It answers this status to everything but tasks, and to tasks this body under the same status.
    Answers(u16, String),
    /// It takes everything and answers nothing.
    Hangs,
    /// It answers what is no HTTP.
    Garbage,
}

impl Manner {
    /// It takes everything, and says `answer` to each task.
    pub fn well(answer: &str) -> Self {
        Manner::Answers(200, answer.into())
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Method and path.
    pub line: String,
    /// `Authorization`, as it came.
    pub authorization: Option<String>,
    /// `Idempotency-Key`, as it came.
    pub key: Option<String>,
    /// The whole body.
    pub body: String,
    /// When.
    pub at: Instant,
}

impl Heard {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

struct Shared {
    manner: Mutex<Manner>,
    heard: Mutex<Vec<Heard>>,
    is_killed: AtomicBool,
}

/// The agent. Dropped, it is gone.
pub struct UpstreamAgent {
    port: u16,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl UpstreamAgent {
    /// An agent on a port of its own.
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let shared = Shared { manner: Mutex::new(manner), heard: Mutex::default(), is_killed: false.into() };
        let port = listener.local_addr().expect("it is bound").port();
        let mut agent = Self { port, shared: Arc::new(shared), accepting: None };
        agent.accept(listener);
        agent
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Changes how it behaves.
    pub fn behave(&self, manner: Manner) {
        *self.shared.manner.lock().expect("nobody panicked") = manner;
    }

    /// Ends it: its port is closed.
    pub fn kill(&mut self) {
        self.shared.is_killed.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }

    /// Starts it again on the port it had.
    pub fn revive(&mut self) {
        self.shared.is_killed.store(false, Ordering::SeqCst);
        let until = Instant::now() + SOON;
        let listener = loop {
            match TcpListener::bind(("127.0.0.1", self.port)) {
                Ok(listener) => break listener,
                Err(error) => assert!(Instant::now() < until, "its port is not free: {error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        self.accept(listener);
    }

    /// Everything that it heard at `line`, such as `POST /webhook/task`.
    pub fn heard(&self, line: &str) -> Vec<Heard> {
        let heard = self.shared.heard.lock().expect("nobody panicked");
        heard.iter().filter(|heard| heard.line == line).cloned().collect()
    }

    /// Everything that it ever heard, as one text.
    pub fn everything(&self) -> String {
        let heard = self.shared.heard.lock().expect("nobody panicked");
        heard.iter().map(|heard| format!("{heard:?}\n")).collect()
    }

    /// Waits until it hears something at `line` that `wanted` holds for.
    pub fn wait_for(&self, line: &str, wanted: impl Fn(&Heard) -> bool) -> Heard {
        let until = Instant::now() + SOON;
        loop {
            if let Some(heard) = self.heard(line).into_iter().find(&wanted) {
                return heard;
            }
            assert!(Instant::now() < until, "it did not hear that at {line}; it heard {}", self.everything());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn accept(&mut self, listener: TcpListener) {
        let shared = self.shared.clone();
        self.accepting = Some(std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.is_killed.load(Ordering::SeqCst) {
                    return;
                }
                let shared = shared.clone();
                std::thread::spawn(move || drop(serve(&stream, &shared)));
            }
        }));
    }
}

impl Drop for UpstreamAgent {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Serves one request, and closes.
fn serve(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(SOON))?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut length, mut authorization, mut key) = (0, None, None);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or(0),
            "authorization" => authorization = Some(value.to_owned()),
            "idempotency-key" => key = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let is_task = line == "POST /webhook/task";
    let body = String::from_utf8_lossy(&body).into_owned();
    let manner = shared.manner.lock().expect("nobody panicked").clone();
    let is_known = authorization.as_deref() == Some(&format!("Bearer {AGENT_TOKEN}"));
    let heard = Heard { line, authorization, key, body, at: Instant::now() };
    shared.heard.lock().expect("nobody panicked").push(heard);
    let mut stream = stream;
    match manner {
        Manner::Hangs => {
            // Until the gateway gives up.
            let mut one = [0; 1];
            drop(reader.read(&mut one));
        }
        Manner::Garbage => stream.write_all(b"%PDF-1.4 this is no HTTP\r\n\r\n")?,
        Manner::Answers(status, answer) => {
            let status = if is_known { status } else { 401 };
            let answer = if is_task { answer } else { String::new() };
            let length = answer.len();
            write!(
                stream,
                "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
            )?;
        }
    }
    stream.shutdown(Shutdown::Both)
}
