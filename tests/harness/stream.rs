//! A client of the event stream: server-sent events as they come through the socket, chunk by chunk.

use std::io::{BufRead, BufReader, Read, Write};

use serde_json::Value;

use crate::Wire;

/// An event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamEvent {
    /// Its `id:`, the cursor that contains it.
    pub id: Option<String>,
    /// Its `data:`, a frame of the hub.
    pub frame: Value,
}

impl StreamEvent {
    /// The `type` of its frame.
    pub fn kind(&self) -> &str {
        self.frame["type"].as_str().expect("every frame has a type")
    }

    /// True for what happened in the clinic; false for what the hub says about the stream, and for readings.
    pub fn is_event(&self) -> bool {
        self.kind().contains(':') && self.kind() != "metrics:updated"
    }

    /// The place of its frame.
    ///
    /// # Panics
    ///
    /// When it has none.
    pub fn seq(&self) -> u64 {
        self.frame["seq"].as_u64().unwrap_or_else(|| panic!("a seq in {self:?}"))
    }
}

/// A client of `GET /api/events`.
pub struct EventStream {
    body: BufReader<Chunks>,
    /// The head of the answer, in lower case.
    pub head: String,
    /// The last `id:` that came: what a browser sends as `Last-Event-ID`.
    pub last_id: Option<String>,
}

impl EventStream {
    /// Asks for `GET /api/events?query` on `port` with these headers besides `Host`, by `wire`.
    ///
    /// # Panics
    ///
    /// When the answer is no stream.
    pub fn open(wire: Wire, port: u16, query: &str, headers: &[String]) -> Self {
        let stream = Self::try_open(wire, port, query, headers);
        stream.unwrap_or_else(|(status, body)| panic!("{query} is answered with {status}: {body}"))
    }

    /// As [`EventStream::open`].
    ///
    /// # Errors
    ///
    /// Status and body of an answer that is no stream.
    pub fn try_open(
        mut wire: Wire,
        port: u16,
        query: &str,
        headers: &[String],
    ) -> Result<Self, (u16, Value)> {
        let more = headers.iter().map(|header| format!("{header}\r\n")).collect::<String>();
        let request = format!("GET /api/events?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n");
        wire.write_all(request.as_bytes()).expect("the gateway takes a request");
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            wire.read_exact(&mut byte).expect("the head is complete");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("a head is text").to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        if status != 200 {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.parse().expect("a number"));
            let mut body = vec![0; length];
            wire.read_exact(&mut body).expect("the body is complete");
            return Err((status, serde_json::from_slice(&body).unwrap_or_default()));
        }
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        let body = BufReader::new(Chunks { wire, left: 0 });
        Ok(Self { body, head, last_id: None })
    }

    /// The next event; `None` when the stream has ended, or broken.
    ///
    /// # Panics
    ///
    /// When neither comes in time.
    pub fn event(&mut self) -> Option<StreamEvent> {
        let (mut id, mut data) = (None, None);
        loop {
            let line = self.line()?;
            match line.split_once(": ").unwrap_or((&line, "")) {
                ("", _) if data.is_none() => {}
                ("id", value) => id = Some(value.to_owned()),
                ("data", value) => data = Some(value.to_owned()),
                _ => {}
            }
            if let Some(data) = data.take_if(|_| line.is_empty()) {
                self.last_id = id.clone().or(self.last_id.take());
                let frame = serde_json::from_str(&data).expect("every frame is JSON");
                return Some(StreamEvent { id, frame });
            }
        }
    }

    /// The next event for which `wanted` is true; others are passed over.
    ///
    /// # Panics
    ///
    /// When the stream ends before, with what came instead.
    pub fn wait_for(&mut self, wanted: impl Fn(&StreamEvent) -> bool) -> StreamEvent {
        let mut others = Vec::new();
        loop {
            match self.event() {
                Some(event) if wanted(&event) => return event,
                Some(event) => others.push(event),
                None => panic!("the stream ended; this came: {others:#?}"),
            }
        }
    }

    /// Everything up to the end of the stream.
    pub fn rest(&mut self) -> Vec<StreamEvent> {
        std::iter::from_fn(|| self.event()).collect()
    }

    /// Everything up to and with the event at `last`, or up to the end of the stream.
    pub fn rest_until(&mut self, last: u64) -> Vec<StreamEvent> {
        let (mut events, mut has_come) = (Vec::new(), false);
        while !has_come && let Some(event) = self.event() {
            has_come = event.is_event() && event.seq() == last;
            events.push(event);
        }
        events
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.body.read_line(&mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.ends_with('\n') => Some(line.trim_end().to_owned()),
            // Cut in the middle of a line.
            Ok(_) => None,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock) => {
                panic!("nothing comes by the stream in time")
            }
            Err(_) => None,
        }
    }
}

/// The content of a body that comes in chunks.
struct Chunks {
    wire: Wire,
    /// What is left of the chunk under way.
    left: usize,
}

impl Chunks {
    fn header(&mut self) -> std::io::Result<String> {
        let (mut line, mut byte) = (Vec::new(), [0]);
        while !line.ends_with(b"\r\n") {
            self.wire.read_exact(&mut byte)?;
            line.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&line).trim().to_owned())
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            let mut header = self.header()?;
            if header.is_empty() {
                // The end of the chunk before.
                header = self.header()?;
            }
            self.left = usize::from_str_radix(&header, 16).map_err(std::io::Error::other)?;
            if self.left == 0 {
                return Ok(0);
            }
        }
        let most = self.left.min(buffer.len());
        let read = self.wire.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}
