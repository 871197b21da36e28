//! A client's socket as the fan-out thread uses it: never waits, plain or through TLS.

use std::io::{self, Read, Write};

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use mio::net::TcpStream;
use rustls::ServerConnection;
use tokio_rustls::server::TlsStream;

use crate::wire::connection::{Admitted, Place};

/// A socket that was upgraded.
pub(super) struct Socket {
    pub(super) stream: TcpStream,
    tls: Option<Box<ServerConnection>>,
}

impl Socket {
    /// Takes the socket out of hyper's hands, with its place in the listener's count, and what the client has sent
    /// besides its request.
    ///
    /// # Errors
    ///
    /// When the socket cannot be had: it is no TCP connection of this listener, or not in order.
    pub(super) fn of(upgraded: Upgraded) -> io::Result<(Self, Place, Bytes)> {
        type Plain = TokioIo<Admitted<tokio::net::TcpStream>>;
        type Tls = TokioIo<Admitted<TlsStream<tokio::net::TcpStream>>>;
        let (stream, tls, place, begun) = match upgraded.downcast::<Plain>() {
            Ok(parts) => {
                let (stream, place) = parts.io.into_inner().into_parts();
                (stream, None, place, parts.read_buf)
            }
            Err(upgraded) => {
                let parts = upgraded.downcast::<Tls>().map_err(|_| io::ErrorKind::Unsupported)?;
                let (tls, place) = parts.io.into_inner().into_parts();
                let (stream, connection) = tls.into_inner();
                (stream, Some(Box::new(connection)), place, parts.read_buf)
            }
        };
        // Stays non-blocking, which is what mio wants.
        let stream = TcpStream::from_std(stream.into_std()?);
        Ok((Self { stream, tls }, place, begun))
    }

    /// A plain socket, which does not block.
    #[cfg(test)]
    pub(super) fn plain(stream: std::net::TcpStream) -> Self {
        Self { stream: TcpStream::from_std(stream), tls: None }
    }

    /// A socket through TLS, which does not block.
    #[cfg(test)]
    pub(super) fn tls(stream: std::net::TcpStream, connection: ServerConnection) -> Self {
        Self { stream: TcpStream::from_std(stream), tls: Some(Box::new(connection)) }
    }

    /// What has come; `Ok(0)` when the peer has ended its side.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing has come, else what broke.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else { return self.stream.read(buffer) };
        loop {
            match tls.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
            if tls.read_tls(&mut self.stream)? == 0 {
                return Ok(0);
            }
            tls.process_new_packets().map_err(io::Error::other)?;
        }
    }

    /// Hands over as much of `bytes` as fits; 0 when nothing does. What TLS took of it may wait to be sent
    /// ([`Socket::is_flushed`]).
    ///
    /// # Errors
    ///
    /// What broke.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            return match self.stream.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
                written => written,
            };
        };
        if !flush(tls, &mut self.stream)? {
            return Ok(0);
        }
        let taken = tls.writer().write(bytes)?;
        flush(tls, &mut self.stream)?;
        Ok(taken)
    }

    /// True when the system has everything that was handed over.
    pub(super) fn is_flushed(&self) -> bool {
        self.tls.as_ref().is_none_or(|tls| !tls.wants_write())
    }

    /// Sends what TLS has encrypted already. True when nothing is left.
    ///
    /// # Errors
    ///
    /// What broke.
    pub(super) fn flush(&mut self) -> io::Result<bool> {
        self.tls.as_mut().map_or(Ok(true), |tls| flush(tls, &mut self.stream))
    }

    /// Ends this side: the peer reads to the end, and what it still sends is taken.
    pub(super) fn end_writing(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            // Who does not take it has the end of the stream.
            drop(flush(tls, &mut self.stream));
        }
        drop(self.stream.shutdown(std::net::Shutdown::Write));
    }
}

fn flush(tls: &mut ServerConnection, stream: &mut TcpStream) -> io::Result<bool> {
    while tls.wants_write() {
        match tls.write_tls(stream) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
