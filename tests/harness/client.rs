//! Clients: REST by ureq, the hub by tungstenite.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::{SOON, Side, Wire, assert_catalogued, fault_of};

/// Headers that prove who asks; a request that brings one needs no token besides.
const PROOFS: [&str; 4] = ["authorization", "x-opencv-api-key", "x-claw-api-key", "x-openclaw-token"];

const JSON: (&str, &str) = ("content-type", "application/json");

/// A client of the REST door. It comes as the demo's doctor, unless told otherwise.
#[derive(Clone)]
pub struct Http {
    agent: ureq::Agent,
    base: String,
    token: Option<String>,
}

/// An answer of the REST door.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; `null` when it is no JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
    /// The `Content-Type`.
    pub kind: String,
    /// The methods that the path takes, when it says so.
    pub allow: Option<String>,
    /// The seconds after which to ask again, when it says so.
    pub retry_after: Option<String>,
    /// The cursor that contains the write, when there is one.
    pub cursor: Option<String>,
    /// The `ETag`, when there is one.
    pub etag: Option<String>,
    /// The `Location` of what was made, when it says so.
    pub location: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
}

impl Http {
    pub(crate) fn new(port: u16) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(SOON));
        let base = format!("http://127.0.0.1:{port}");
        Self { agent: config.build().into(), base, token: Some(crate::DOCTOR.into()) }
    }

    /// The same client with another token.
    #[must_use]
    pub fn bearing(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The same client without proof of who it is.
    #[must_use]
    pub fn as_visitor(mut self) -> Self {
        self.token = None;
        self
    }

    /// `GET path`.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// `PUT path` with a JSON body; the error when the gateway went away.
    ///
    /// # Errors
    ///
    /// What the connection said.
    pub fn try_put(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        self.try_send("PUT", path, &[JSON], body.to_string().as_bytes())
    }

    /// `PUT path` with a JSON body.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json("PUT", path, body)
    }

    /// `POST path` with a JSON body.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json("POST", path, body)
    }

    /// `PATCH path` with a JSON body.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json("PATCH", path, body)
    }

    /// `DELETE path`.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"")
    }

    fn send_json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, &[JSON], body.to_string().as_bytes())
    }

    /// Any request: method, path, headers, body. The client's token comes along, unless the headers bring proof.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, path, headers, body).expect("the gateway answers")
    }

    /// As [`Http::send`]; the error when the gateway went away.
    ///
    /// # Errors
    ///
    /// What the connection said.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let proves = |(name, _): &(&str, &str)| PROOFS.iter().any(|proof| proof.eq_ignore_ascii_case(name));
        if let Some(token) = self.token.as_ref().filter(|_| !headers.iter().any(proves)) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_empty() && matches!(method, "GET" | "HEAD" | "DELETE") {
            return answer(self.agent.run(request.body(()).expect("the request is well-formed")));
        }
        answer(self.agent.run(request.body(body).expect("the request is well-formed")))
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
    let (allow, etag, location) = (header("allow"), header("etag"), header("location"));
    let (request_id, retry_after) = (header("x-request-id"), header("retry-after"));
    let body = response.body_mut().read_to_vec()?;
    Ok(Answer {
        status: response.status().as_u16(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        text: String::from_utf8_lossy(&body).into_owned(),
        kind,
        allow,
        retry_after,
        cursor,
        etag,
        location,
        request_id,
    })
}

/// A frame of the hub, which is as the catalogue says.
fn frame_of(text: &str) -> Value {
    let frame = serde_json::from_str(text).expect("every frame is JSON");
    assert_catalogued(&frame);
    frame
}

/// A client of the hub. Every frame that it gets is held against the catalogue.
pub struct Client {
    socket: WebSocket<Wire>,
    /// The `connected` frame.
    pub greeting: Value,
    /// The code that it was closed with while it waited for something else.
    closed: Option<u16>,
    /// It gets readings too. Else they are passed over: they come once a second, whatever a story is about.
    hears_readings: bool,
}

impl Client {
    /// Connects as whoever `token` is.
    ///
    /// # Panics
    ///
    /// When the hub does not take it.
    pub fn bearing(port: u16, token: &str) -> Self {
        Self::connect_with(port, "/ws", Some(token)).expect("the hub takes a client")
    }

    /// Connects to `path` without proof, and waits for the greeting.
    ///
    /// # Errors
    ///
    /// What the hub, or the connection, said instead.
    pub fn try_connect(port: u16, path: &str) -> Result<Self, Box<tungstenite::Error>> {
        Self::connect_with(port, path, None)
    }

    /// As [`Client::try_connect`], with a token or key that proves who connects.
    ///
    /// # Errors
    ///
    /// What the hub, or the connection, said instead.
    pub fn try_connect_bearing(port: u16, path: &str, token: &str) -> Result<Self, Box<tungstenite::Error>> {
        Self::connect_with(port, path, Some(token))
    }

    fn connect_with(port: u16, path: &str, token: Option<&str>) -> Result<Self, Box<tungstenite::Error>> {
        let wire = Wire::plain(port).map_err(|error| Box::new(error.into()))?;
        Self::upgrade_with(wire, port, path, token)
    }

    /// Becomes a client of the hub at `path` by this wire, and waits for the greeting.
    ///
    /// # Errors
    ///
    /// What the hub, or the connection, said instead.
    pub fn try_upgrade(wire: Wire, port: u16, path: &str) -> Result<Self, Box<tungstenite::Error>> {
        Self::upgrade_with(wire, port, path, None)
    }

    /// As [`Client::bearing`], by this wire.
    ///
    /// # Panics
    ///
    /// When the hub does not take it.
    pub fn by(wire: Wire, port: u16, token: &str) -> Self {
        Self::upgrade_with(wire, port, "/ws", Some(token)).expect("the hub takes a client")
    }

    fn upgrade_with(
        wire: Wire,
        port: u16,
        path: &str,
        token: Option<&str>,
    ) -> Result<Self, Box<tungstenite::Error>> {
        let mut request = format!("ws://127.0.0.1:{port}{path}").into_client_request().map_err(Box::new)?;
        if let Some(token) = token {
            let proof = format!("Bearer {token}").parse().expect("a token is plain text");
            request.headers_mut().insert("authorization", proof);
        }
        let (socket, _) = tungstenite::client(request, wire).map_err(|error| {
            Box::new(match error {
                tungstenite::HandshakeError::Failure(error) => error,
                tungstenite::HandshakeError::Interrupted(_) => unreachable!("the stream blocks"),
            })
        })?;
        let mut client = Self { socket, greeting: Value::Null, closed: None, hears_readings: false };
        client.greeting = client.frame();
        assert_eq!(client.greeting["type"], "connected");
        Ok(client)
    }

    /// The same client, which gets readings too (`metrics:updated`); others have them passed over.
    #[must_use]
    pub fn hearing_readings(mut self) -> Self {
        self.hears_readings = true;
        self
    }

    /// Sends a frame. One that the catalogue does not allow goes by [`Client::send_message`].
    ///
    /// # Panics
    ///
    /// When the catalogue does not allow it.
    pub fn send(&mut self, frame: &Value) {
        assert_eq!(fault_of(Side::Client, frame), None, "{frame}");
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
            self.socket.get_ref().set_read_timeout(left);
            match self.socket.read().map_err(Box::new)? {
                Message::Text(text) => {
                    let frame = frame_of(&text);
                    if self.hears_readings || frame["type"] != "metrics:updated" {
                        return Ok(frame);
                    }
                }
                Message::Close(frame) => self.closed = frame.map(|frame| frame.code.into()),
                _ => {}
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
        let is_answered = match &*end {
            tungstenite::Error::ConnectionClosed => true,
            // TLS calls an end without a goodbye of its own by another name.
            tungstenite::Error::Io(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
            _ => false,
        };
        assert!(is_answered, "the hub answers a close frame: {end}");
    }

    /// The code that the hub closes with; frames before it are passed over.
    pub fn close_code(&mut self) -> u16 {
        self.rest().1
    }

    /// Every frame until the hub closes, and the code that it closes with.
    pub fn rest(&mut self) -> (Vec<Value>, u16) {
        let (mut frames, until) = (Vec::new(), Instant::now() + SOON);
        self.socket.get_ref().set_read_timeout(SOON);
        while Instant::now() < until {
            match self.socket.read().expect("the hub says why it closes") {
                Message::Close(Some(frame)) => return (frames, frame.code.into()),
                Message::Close(None) => panic!("the hub closed without a code"),
                Message::Text(text) => frames.push(frame_of(&text)),
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
                Err(error) => {
                    let code = self.closed;
                    panic!("the frame did not come ({error}, code {code:?}); these did: {others:#?}")
                }
            }
        }
    }
}
