//! The endpoint's server: it answers 200 at once, and keeps the ids.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The largest request, and the most headers of one.
const REQUEST_BYTES_MAX: usize = 65_536;
const HEADERS_MAX: usize = 32;
const TAKEN: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// What was taken, in order.
type Seqs = Arc<Mutex<Vec<u64>>>;

/// A server that listens. Dropped, it ends.
pub(super) struct Receiver {
    seqs: Seqs,
    _accepting: JoinSet<()>,
}

impl Receiver {
    pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<Self> {
        let (listener, seqs) = (TcpListener::bind(address).await?, Seqs::default());
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::clone(&seqs)));
        Ok(Self { seqs, _accepting: accepting })
    }

    /// How many deliveries it has taken.
    pub(super) fn taken(&self) -> usize {
        self.seqs.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Fails unless `events` different ones came, in order.
    pub(super) fn check(&self, events: usize) -> anyhow::Result<()> {
        let seqs = self.seqs.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(seqs.is_sorted_by(|a, b| a < b), "deliveries out of order, or twice");
        ensure!(seqs.len() == events, "{} of {events} events arrived", seqs.len());
        Ok(())
    }
}

async fn accept(listener: TcpListener, seqs: Seqs) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&seqs)));
    }
}

async fn serve(mut stream: TcpStream, seqs: Seqs) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::with_capacity(REQUEST_BYTES_MAX);
    loop {
        while let Some((length, seq)) = request(&bytes)? {
            bytes.drain(..length);
            seqs.lock().unwrap_or_else(PoisonError::into_inner).push(seq);
            stream.write_all(TAKEN).await?;
        }
        ensure!(bytes.len() < REQUEST_BYTES_MAX, "a request is too large");
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
}

/// The length of the first request in `bytes` and the place of its event; `None` while a part is missing.
fn request(bytes: &[u8]) -> anyhow::Result<Option<(usize, u64)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else { return Ok(None) };
    let header = |name: &str| {
        let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok()).with_context(|| format!("no {name}"))
    };
    let length = head + header("content-length")?.parse::<usize>()?;
    if bytes.len() < length {
        return Ok(None);
    }
    let (_, seq) = header("webhook-id")?.rsplit_once(':').context("webhook-id is no cursor")?;
    Ok(Some((length, seq.parse()?)))
}
