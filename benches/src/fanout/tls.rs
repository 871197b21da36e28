//! Clients behind TLS that only sit there: for the memory that a connection takes.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::client::{Entrance, upgrade_request, upgraded};

/// What the certificate is for.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];
const ANSWER_MAX: Duration = Duration::from_secs(10);
const CERTIFICATE: &str = "cert.pem";

/// A client that was greeted.
pub(super) type Idle = StreamOwned<ClientConnection, TcpStream>;

/// Makes a certificate in `folder`; returns the lines of a configuration that name it, to end a `[http]` section.
pub(super) fn section(folder: &Path) -> anyhow::Result<String> {
    let made = rcgen::generate_simple_self_signed(NAMES.map(String::from))?;
    let (cert, key) = (folder.join(CERTIFICATE), folder.join("key.pem"));
    fs::write(&cert, made.cert.pem())?;
    fs::write(&key, made.signing_key.serialize_pem())?;
    Ok(format!("[http.tls]\ncert_file = {cert:?}\nkey_file = {key:?}\n"))
}

/// A configuration that trusts the certificate in `folder`.
pub(super) fn trust(folder: &Path) -> anyhow::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join(CERTIFICATE))?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(client.with_root_certificates(roots).with_no_client_auth()))
}

/// Connects the `n`-th client and waits for its greeting.
pub(super) fn connect(entrance: &Entrance, trust: &Arc<ClientConfig>, n: usize) -> anyhow::Result<Idle> {
    let socket = TcpStream::connect(entrance.address)?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(ANSWER_MAX))?;
    let name = ServerName::try_from(NAMES[0])?;
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::clone(trust), name)?, socket);
    let token = &entrance.tokens[n % entrance.tokens.len()];
    stream.write_all(upgrade_request(entrance, token).as_bytes())?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 2_048]);
    loop {
        let length = stream.read(&mut buffer).context("no greeting")?;
        ensure!(length > 0, "the server closed the connection");
        bytes.extend(&buffer[..length]);
        let Some(head) = upgraded(&bytes)? else { continue };
        if bytes[head..].windows(11).any(|window| window == br#""connected""#) {
            return Ok(stream);
        }
    }
}
