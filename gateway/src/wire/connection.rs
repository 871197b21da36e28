//! Who may connect: so many connections in all and from one address, each for as long as its socket lives.
//!
//! A place is held by the socket itself, so it also counts what a request was upgraded to. One too many is
//! closed at once: to answer it in words would cost what the limit is there to save.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A peer that takes nothing of an answer for so long is gone. The hub gives its clients less.
const WRITE_STALL_MAX: Duration = Duration::from_secs(30);
/// Refusals are logged so often at most: who floods the listener shall not flood the log.
const REFUSAL_LOG_EVERY: Duration = Duration::from_secs(60);

/// The places that connections take.
pub struct Places {
    connections_max: usize,
    per_address_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    connections: usize,
    /// Only addresses that are connected: never more of them than connections.
    by_address: HashMap<IpAddr, usize>,
    refused: u64,
    refusals_logged_at: Option<Instant>,
}

/// A connection's place. Dropped, it is free again.
pub struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Places {
    /// Places for `connections_max` connections in all, and `per_address_max` from one address.
    pub fn new(connections_max: usize, per_address_max: usize) -> Arc<Self> {
        Arc::new(Self { connections_max, per_address_max, taken: Mutex::default() })
    }

    /// A place for a connection from `address`, unless that is one too many.
    pub fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let mut taken = self.taken.lock().expect("nobody panics with the places");
        let here = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.connections >= self.connections_max || here >= self.per_address_max {
            taken.refuse(address, here);
            return None;
        }
        taken.connections += 1;
        taken.by_address.insert(address, here + 1);
        Some(Place { places: self.clone(), address })
    }
}

impl Taken {
    fn refuse(&mut self, address: IpAddr, here: usize) {
        self.refused += 1;
        if self.refusals_logged_at.is_some_and(|at| at.elapsed() < REFUSAL_LOG_EVERY) {
            return;
        }
        self.refusals_logged_at = Some(Instant::now());
        tracing::warn!(
            peer.address = %address,
            peer.connections = here,
            connections = self.connections,
            refused = std::mem::take(&mut self.refused),
            "connections are refused: http.connections_max or http.connections_per_address_max is reached"
        );
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().expect("nobody panics with the places");
        taken.connections -= 1;
        if let Some(here) = taken.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

/// A socket with its place. Fails when its peer takes nothing for too long.
pub struct Admitted<I> {
    stream: I,
    stall_max: Duration,
    /// Runs while the peer takes nothing; most connections never have one.
    stalled: Option<Pin<Box<Sleep>>>,
    place: Place,
}

impl<I> Admitted<I> {
    /// `stream` holds `place` for as long as it lives, whatever it is upgraded to.
    pub fn new(stream: I, place: Place) -> Self {
        Self { stream, stall_max: WRITE_STALL_MAX, stalled: None, place }
    }

    /// The socket and its place: whoever writes to it now sees to what is not taken.
    pub fn into_parts(self) -> (I, Place) {
        (self.stream, self.place)
    }

    fn watched<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall_max = self.stall_max;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall_max)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Admitted<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Admitted<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watched(flushed, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watched(closed, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_its_share_and_the_listener_its_sum() {
        let places = Places::new(3, 2);
        let first = places.take(address("192.0.2.1")).expect("the first");
        let second = places.take(address("192.0.2.1")).expect("the second");
        assert!(places.take(address("192.0.2.1")).is_none(), "the third of one address");
        assert!(places.take(address("::ffff:192.0.2.1")).is_none(), "the same address in IPv6's spelling");
        let other = places.take(address("192.0.2.2")).expect("others are not disturbed");
        assert!(places.take(address("192.0.2.3")).is_none(), "the fourth in all");
        drop(first);
        assert!(places.take(address("192.0.2.3")).is_some(), "a place that was left is free");
        drop((second, other));
        let taken = places.taken.lock().unwrap();
        assert!(taken.connections == 0 && taken.by_address.is_empty(), "nothing is kept of who has gone");
    }

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_given_up() {
        let (stream, peer) = tokio::io::duplex(8);
        let place = Places::new(1, 1).take(address("192.0.2.1")).unwrap();
        let stall_max = Duration::from_millis(20);
        let mut admitted = Admitted { stream, stall_max, stalled: None, place };
        let begun = Instant::now();
        let error = tokio::io::AsyncWriteExt::write_all(&mut admitted, &[0; 9]).await.unwrap_err();
        assert_eq!((error.kind(), begun.elapsed() >= stall_max), (io::ErrorKind::TimedOut, true));
        drop(peer);
    }
}
