//! Clients: REST by ureq, the hub by tungstenite.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::SOON;

/// A client of the REST door.
#[derive(Clone)]
pub struct Http {
    agent: ureq::Agent,
    base: String,
}

/// An answer of the REST door.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; `null` when it is no JSON.
    pub body: Value,
    /// The `Content-Type`.
    pub kind: String,
    /// The methods that the path takes, when it says so.
    pub allow: Option<String>,
    /// The cursor that contains the write, when there is one.
    pub cursor: Option<String>,
}

impl Http {
    pub(crate) fn new(port: u16) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(SOON));
        Self { agent: config.build().into(), base: format!("http://127.0.0.1:{port}") }
    }

    /// `GET path`.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(format!("{}{path}", self.base)).call()).expect("the gateway answers")
    }

    /// `PUT path` with a JSON body; the error when the gateway went away.
    ///
    /// # Errors
    ///
    /// What the connection said.
    pub fn try_put(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        answer(self.agent.put(format!("{}{path}", self.base)).send_json(body))
    }

    /// `PUT path` with a JSON body.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.try_put(path, body).expect("the gateway answers")
    }

    /// Any request: method, path, headers, body.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(self.agent.run(request.body(body).expect("the request is well-formed")))
            .expect("the gateway answers")
    }

    /// The room `id`.
    pub fn room(&self, id: &str) -> Value {
        self.get(&format!("/api/rooms/{id}")).body["room"].take()
    }
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, ureq::Error> {
    let mut response = response?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (kind, cursor) = (header("content-type").unwrap_or_default(), header("caresync-cursor"));
    let allow = header("allow");
    let body = response.body_mut().read_to_vec()?;
    Ok(Answer {
        status: response.status().as_u16(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        kind,
        allow,
        cursor,
    })
}

/// A client of the hub.
pub struct Client {
    socket: WebSocket<TcpStream>,
    /// The `connected` frame.
    pub greeting: Value,
}

impl Client {
    pub(crate) fn connect(port: u16) -> Self {
        Self::try_connect(port, "/ws").expect("the hub takes a client")
    }

    /// Connects to `path`, and waits for the greeting.
    ///
    /// # Errors
    ///
    /// What the hub, or the connection, said instead.
    pub fn try_connect(port: u16, path: &str) -> Result<Self, Box<tungstenite::Error>> {
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| Box::new(error.into()))?;
        let (socket, _) =
            tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).map_err(|error| {
                Box::new(match error {
                    tungstenite::HandshakeError::Failure(error) => error,
                    tungstenite::HandshakeError::Interrupted(_) => unreachable!("the stream blocks"),
                })
            })?;
        let mut client = Self { socket, greeting: Value::Null };
        client.greeting = client.frame();
        assert_eq!(client.greeting["type"], "connected");
        Ok(client)
    }

    /// Sends a frame.
    pub fn send(&mut self, frame: &Value) {
        self.send_message(Message::text(frame.to_string()));
    }

    /// Sends any message.
    pub fn send_message(&mut self, message: Message) {
        self.socket.send(message).expect("the hub takes a frame");
    }

    /// Subscribes to `channel` as the seed does, and waits for the answer.
    pub fn subscribe(&mut self, channel: &str) -> Value {
        self.ask(&json!({ "type": "subscribe", "room": channel }), "subscribed")
    }

    /// Sends `frame` and waits for the answer of type `kind`.
    pub fn ask(&mut self, frame: &Value, kind: &str) -> Value {
        self.send(frame);
        self.wait_for(|frame| frame["type"] == kind)
    }

    /// The next frame.
    pub fn frame(&mut self) -> Value {
        self.try_frame(SOON).expect("the hub sends a frame")
    }

    /// The next frame, or why there is none before `deadline`.
    ///
    /// # Errors
    ///
    /// A timeout, or how the connection ended.
    pub fn try_frame(&mut self, deadline: Duration) -> Result<Value, Box<tungstenite::Error>> {
        let until = Instant::now() + deadline;
        loop {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.get_ref().set_read_timeout(Some(left)).expect("the socket takes a deadline");
            if let Message::Text(text) = self.socket.read().map_err(Box::new)? {
                return Ok(serde_json::from_str(&text).expect("every frame is JSON"));
            }
        }
    }

    /// Reads until the connection ends, and says how it did; frames before are passed over.
    pub fn end(&mut self, deadline: Duration) -> Box<tungstenite::Error> {
        let until = Instant::now() + deadline;
        loop {
            if let Err(error) = self.try_frame(until.saturating_duration_since(Instant::now())) {
                return error;
            }
        }
    }

    /// Closes the connection as a browser does: says so, and waits for the hub's answer.
    ///
    /// # Panics
    ///
    /// When the hub does not answer.
    pub fn close(mut self) {
        self.socket.close(None).expect("the hub takes a close frame");
        let end = self.end(SOON);
        assert!(matches!(*end, tungstenite::Error::ConnectionClosed), "the hub answers a close frame: {end}");
    }

    /// The code that the hub closes with; frames before it are passed over.
    pub fn close_code(&mut self) -> u16 {
        let until = Instant::now() + SOON;
        self.socket.get_ref().set_read_timeout(Some(SOON)).expect("the socket takes a deadline");
        while Instant::now() < until {
            match self.socket.read().expect("the hub says why it closes") {
                Message::Close(Some(frame)) => return frame.code.into(),
                Message::Close(None) => panic!("the hub closed without a code"),
                _ => {}
            }
        }
        panic!("the hub does not close");
    }

    /// The next frame that `wanted` takes; others are passed over.
    ///
    /// # Panics
    ///
    /// When none comes in time, with what came instead.
    pub fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        self.wait_within(SOON, wanted)
    }

    /// As [`Client::wait_for`] with another deadline.
    pub fn wait_within(&mut self, deadline: Duration, wanted: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + deadline;
        let mut others = Vec::new();
        loop {
            match self.try_frame(until.saturating_duration_since(Instant::now())) {
                Ok(frame) if wanted(&frame) => return frame,
                Ok(frame) => others.push(frame),
                Err(error) => panic!("the frame did not come ({error}); these did: {others:#?}"),
            }
        }
    }
}
