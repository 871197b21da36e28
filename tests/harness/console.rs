//! Consoles of JavaScript, Node's and Chromium's: one input after the other, as one would type or paste them.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Instant;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::gateway::follow;
use crate::{SOON, Wire, repository};

/// A console: takes input, and tells what it logs.
pub trait Console {
    /// Evaluates a line, or several at once.
    fn evaluate(&mut self, input: &str);

    /// The next thing that is logged, as an array of what `console.log` was called with.
    ///
    /// # Panics
    ///
    /// When nothing is in time.
    fn logged(&mut self) -> Value;
}

/// Node, with `WebSocket` of the package `ws`.
pub struct Node {
    inputs: ChildStdin,
    outputs: Receiver<String>,
    _process: Owned,
}

impl Node {
    /// Starts it. Its packages are installed the first time.
    pub fn start() -> Self {
        let script = repository().join("scripts/node-tools");
        let made = Command::new(script).output().expect("the script can be run");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let packages = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let mut command = Command::new("node");
        // Node 18 takes the first address of localhost only, and the gateway of a story listens on 127.0.0.1.
        command.arg("--dns-result-order=ipv4first");
        command.arg(repository().join("tests/javascript/console.js")).arg(packages);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node is installed");
        let (outputs, _) = follow(child.stdout.take().expect("it was piped"));
        Self { inputs: child.stdin.take().expect("it was piped"), outputs, _process: Owned(child) }
    }
}

impl Console for Node {
    fn evaluate(&mut self, input: &str) {
        writeln!(self.inputs, "{}", json!(input)).expect("node reads");
    }

    fn logged(&mut self) -> Value {
        let line = self.outputs.recv_timeout(SOON).expect("something is logged");
        serde_json::from_str(&line).expect("the console writes JSON")
    }
}

/// A process that ends with its owner, also when a story fails.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Chromium without a window, on one page, spoken to by its DevTools.
pub struct Chromium {
    tools: WebSocket<Wire>,
    /// The page's session.
    page: String,
    calls: u64,
    /// What was logged and nobody asked for yet.
    logged: Vec<Value>,
    /// Dropped before the profile that it writes.
    _process: Owned,
    _profile: tempfile::TempDir,
}

/// Chromium asks nobody anything: not its maker, and no name but the gateway's.
const QUIET: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

impl Chromium {
    /// Starts it on the page at `address`.
    ///
    /// # Panics
    ///
    /// When it does not come up, with what it said.
    pub fn start(address: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new("chromium");
        command.args(QUIET).arg("--remote-debugging-port=0");
        command.arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = Owned(command.spawn().expect("chromium is installed: run scripts/setup test"));
        let (lines, said) = follow(process.0.stderr.take().expect("it was piped"));
        let (until, listening) = (Instant::now() + SOON, "DevTools listening on ");
        let tools = loop {
            let line = lines.recv_timeout(until.saturating_duration_since(Instant::now()));
            let line = line.unwrap_or_else(|_| panic!("chromium does not come up: {:#?}", said.lock()));
            if let Some(address) = line.strip_prefix(listening) {
                break address.to_owned();
            }
        };
        let port = tools.split([':', '/']).nth(4).and_then(|port| port.parse().ok());
        let wire = Wire::plain(port.expect("the address has a port")).expect("chromium listens");
        let (tools, _) = tungstenite::client(tools, wire).expect("chromium speaks WebSocket");
        let (page, logged) = (String::new(), Vec::new());
        let mut browser = Self { tools, page, calls: 0, logged, _process: process, _profile: profile };
        browser.open(address);
        browser
    }

    fn open(&mut self, address: &str) {
        let target = self.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", &attach);
        self.page = session["sessionId"].as_str().expect("a session has an id").to_owned();
        self.call("Page.enable", &json!({}));
        self.call("Runtime.enable", &json!({}));
        self.call("Runtime.addBinding", &json!({ "name": "logged" }));
        let went = self.call("Page.navigate", &json!({ "url": address }));
        assert!(went.get("errorText").is_none(), "{address}: {went}");
        self.read_until(|message| (message["method"] == "Page.loadEventFired").then_some(()));
        self.evaluate("console.log = (...all) => logged(JSON.stringify(all));");
    }

    /// Calls a method of the DevTools, and returns its result.
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.calls += 1;
        let id = self.calls;
        let mut call = json!({ "id": id, "method": method, "params": parameters });
        if !self.page.is_empty() {
            call["sessionId"] = json!(self.page);
        }
        self.tools.send(Message::text(call.to_string())).expect("chromium takes a call");
        let answer = self.read_until(|message| (message["id"] == id).then(|| message.clone()));
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Reads what the DevTools say until `wanted` takes a message; what is logged meanwhile is kept.
    fn read_until<T>(&mut self, wanted: impl Fn(&Value) -> Option<T>) -> T {
        loop {
            let message = self.tools.read().expect("chromium answers");
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).expect("the DevTools speak JSON");
            if message["method"] == "Runtime.bindingCalled" {
                let payload = message["params"]["payload"].as_str().expect("a binding is called with text");
                self.logged.push(serde_json::from_str(payload).expect("the page writes JSON"));
            }
            if let Some(found) = wanted(&message) {
                return found;
            }
        }
    }
}

impl Console for Chromium {
    fn evaluate(&mut self, input: &str) {
        let outcome = self.call("Runtime.evaluate", &json!({ "expression": input, "replMode": true }));
        assert!(outcome.get("exceptionDetails").is_none(), "{input}: {outcome:#}");
    }

    fn logged(&mut self) -> Value {
        if self.logged.is_empty() {
            self.read_until(|message| (message["method"] == "Runtime.bindingCalled").then_some(()));
        }
        self.logged.remove(0)
    }
}

impl Drop for Chromium {
    /// Lets it end by itself: killed, it leaves processes that still write where its profile was.
    fn drop(&mut self) {
        drop(self.tools.send(Message::text(r#"{"id":0,"method":"Browser.close"}"#)));
        while self.tools.read().is_ok() {}
    }
}
