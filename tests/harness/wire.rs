//! The way to a gateway: a socket, plain or through TLS.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use socket2::{Domain, SockFilter, SockRef, Socket, Type};

use crate::SOON;

/// What certificates are for.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// A connection to a gateway.
pub enum Wire {
    /// In plain text.
    Plain(TcpStream),
    /// Through TLS.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    /// In plain text, by one who reads slowly.
    Slow(Slow),
}

/// A reader of a bad link: it takes so many bytes in so much time, and its kernel keeps little for it.
pub struct Slow {
    stream: TcpStream,
    /// What it may still take in its time.
    left: usize,
    until: Instant,
}

/// What a slow reader takes at a time.
const SLOW_BYTES: usize = 32 * 1024;
/// And how often.
const SLOW_EVERY: Duration = Duration::from_millis(50);
/// What the kernel keeps for one who reads little or nothing.
const SMALL_BUFFER_BYTES: usize = 8 * 1024;
/// Segments as on a network: by loopback's of 64 KiB the gateway's kernel would keep megabytes for any reader, and
/// nobody would ever be slow.
const SEGMENT_BYTES: u32 = 1_448;

impl Wire {
    /// Connects in plain text.
    pub fn plain(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(SOON))?;
        Ok(Wire::Plain(stream))
    }

    /// Connects in plain text with a small buffer, for one who will not read.
    pub fn small(port: u16) -> io::Result<Self> {
        small(port).map(Wire::Plain)
    }

    /// Makes this end deaf: what comes is dropped before the kernel answers it, as when the machine is off or the cable
    /// is out. Nothing goes back any more, not even that it came.
    pub fn deafen(&self) -> io::Result<()> {
        /// Returns how much of a segment is kept: nothing.
        const RETURN_NOTHING: SockFilter = SockFilter::new(0x06, 0, 0, 0);
        SockRef::from(self.stream()).attach_filter(&[RETURN_NOTHING])
    }

    /// Connects in plain text, and reads 32 KiB each 50 ms at most.
    pub fn slow(port: u16) -> io::Result<Self> {
        small(port)
            .map(|stream| Wire::Slow(Slow { stream, left: SLOW_BYTES, until: Instant::now() + SLOW_EVERY }))
    }

    /// Connects, and shakes hands with a gateway that has this very certificate.
    ///
    /// # Errors
    ///
    /// What the connection said, such as that the certificate is another.
    pub fn tls(port: u16, certificate: &CertificateDer<'static>) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(SOON))?;
        Self::tls_over(stream, certificate)
    }

    /// As [`Wire::tls`] with a small buffer, for one who will not read.
    pub fn small_tls(port: u16, certificate: &CertificateDer<'static>) -> io::Result<Self> {
        Self::tls_over(small(port)?, certificate)
    }

    fn tls_over(mut stream: TcpStream, certificate: &CertificateDer<'static>) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::from(std::net::IpAddr::from([127, 0, 0, 1]));
        let mut connection = ClientConnection::new(Arc::new(client), name).map_err(io::Error::other)?;
        connection.complete_io(&mut stream)?;
        Ok(Wire::Tls(Box::new(StreamOwned::new(connection, stream))))
    }

    /// How long a read may wait.
    pub fn set_read_timeout(&self, timeout: Duration) {
        self.stream().set_read_timeout(Some(timeout)).expect("the socket takes a deadline");
    }

    fn stream(&self) -> &TcpStream {
        match self {
            Wire::Plain(stream) => stream,
            Wire::Tls(tls) => tls.get_ref(),
            Wire::Slow(slow) => &slow.stream,
        }
    }
}

impl Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // The reader's pace, no synchronisation.
            std::thread::sleep(self.until.saturating_duration_since(Instant::now()));
            (self.left, self.until) = (SLOW_BYTES, Instant::now() + SLOW_EVERY);
        }
        let most = buffer.len().min(self.left);
        let count = self.stream.read(&mut buffer[..most])?;
        self.left -= count;
        Ok(count)
    }
}

/// Connects with a small buffer: that has to be said before.
fn small(port: u16) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_recv_buffer_size(SMALL_BUFFER_BYTES)?;
    socket.set_tcp_mss(SEGMENT_BYTES)?;
    socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into())?;
    socket.set_read_timeout(Some(SOON))?;
    Ok(socket.into())
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(stream) => stream.read(buffer),
            Wire::Tls(stream) => stream.read(buffer),
            Wire::Slow(slow) => slow.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Plain(stream) => stream.write(bytes),
            Wire::Tls(stream) => stream.write(bytes),
            Wire::Slow(slow) => slow.stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Wire::Plain(stream) => stream.flush(),
            Wire::Tls(stream) => stream.flush(),
            Wire::Slow(slow) => slow.stream.flush(),
        }
    }
}

/// A certificate of its own making in a folder of its own: `cert.pem` and `key.pem`.
pub struct Certificate {
    folder: tempfile::TempDir,
    /// What a client has to trust.
    pub trusted: CertificateDer<'static>,
}

impl Certificate {
    /// A certificate for loopback's address.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let trusted = write_pair(folder.path());
        Self { folder, trusted }
    }

    /// The certificate's file.
    pub fn cert_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Its key's file.
    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// The lines of a configuration that name it.
    pub fn section(&self) -> String {
        format!("[http.tls]\ncert_file = {:?}\nkey_file = {:?}\n", self.cert_file(), self.key_file())
    }

    /// Puts one in its place that ends so soon, in days, or has ended so long ago.
    pub fn end_in(&mut self, days: i64) {
        let day = Duration::from_secs(86_400);
        let now = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(crate::unix_s());
        let until = day * u32::try_from(days.unsigned_abs()).expect("days are few");
        let mut parameters = rcgen::CertificateParams::new(NAMES.map(String::from)).expect("both are names");
        parameters.not_before = now - day * 400;
        parameters.not_after = if days < 0 { now - until } else { now + until };
        let key = rcgen::KeyPair::generate().expect("a key can be made");
        let made = parameters.self_signed(&key).expect("a certificate can be made");
        self.trusted = write(self.folder.path(), &made, &key);
    }

    /// Makes another certificate in its place, and returns what a client had to trust before.
    pub fn renew(&mut self) -> CertificateDer<'static> {
        std::mem::replace(&mut self.trusted, write_pair(self.folder.path()))
    }
}

impl Default for Certificate {
    fn default() -> Self {
        Self::new()
    }
}

fn write_pair(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(NAMES.map(String::from));
    let made = made.expect("a certificate can be made");
    write(folder, &made.cert, &made.signing_key)
}

fn write(folder: &Path, certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> CertificateDer<'static> {
    std::fs::write(folder.join("cert.pem"), certificate.pem()).expect("the folder takes a file");
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).expect("the folder takes a file");
    certificate.der().clone()
}
