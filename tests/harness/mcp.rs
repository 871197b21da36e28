//! An agent with the official MCP client, in a process of its own (`tests/python/agent.py`).

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::{Value, json};

use crate::gateway::follow;
use crate::receiver::python_tools;
use crate::{Gateway, SOON, repository};

/// An agent that is connected. Dropped, it is killed.
pub struct McpAgent {
    process: Child,
    asks: ChildStdin,
    answers: Receiver<String>,
    hello: Value,
}

impl McpAgent {
    /// Connects to `gateway` by `key`: with an `initialize` where `mode` is `legacy`, by the newest protocol where it
    /// is `auto`.
    ///
    /// # Panics
    ///
    /// When the client does not connect.
    pub fn connect(gateway: &Gateway, key: &str, mode: &str) -> Self {
        let mut process = Command::new(python_tools().join("bin/python"))
            .arg(repository().join("tests/python/agent.py"))
            .args([&format!("http://127.0.0.1:{}/mcp", gateway.port()), key, mode])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python can be run");
        let asks = process.stdin.take().expect("it was piped");
        let (answers, _) = follow(process.stdout.take().expect("it was piped"));
        let mut agent = Self { process, asks, answers, hello: Value::Null };
        agent.hello = agent.answer();
        agent
    }

    /// What it learnt when it connected: `protocol`, `server`, `instructions`, `tools`.
    pub fn hello(&self) -> &Value {
        &self.hello
    }

    /// Calls `tool`: what it `content`s, or that it is `refused` and why (`problem`), or the protocol's `error`.
    ///
    /// # Panics
    ///
    /// When the client fails, for example because an answer does not fit the tool's schema.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let ask = json!({ "tool": tool, "arguments": arguments });
        writeln!(self.asks, "{ask}").expect("the client reads");
        self.answer()
    }

    /// Calls `tool`, which does what it is asked.
    ///
    /// # Panics
    ///
    /// When it refuses.
    pub fn done(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.call(tool, arguments);
        assert_eq!(answer["refused"], false, "{tool} {arguments}: {answer}");
        answer["content"].clone()
    }

    /// Calls `tool`, which refuses: the problem.
    ///
    /// # Panics
    ///
    /// When it does not.
    pub fn refused(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.call(tool, arguments);
        assert_eq!(answer["refused"], true, "{tool} {arguments}: {answer}");
        let text = answer["texts"][0].as_str().expect("it says why");
        serde_json::from_str(text).expect("a problem is JSON")
    }

    fn answer(&mut self) -> Value {
        let line = self.answers.recv_timeout(SOON * 2).expect("the client answers");
        serde_json::from_str(&line).expect("the client prints JSON")
    }
}

impl Drop for McpAgent {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
