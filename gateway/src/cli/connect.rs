//! The way to a gateway's hub: a socket, plain or through TLS, for commands that follow it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::either::Either;

/// How long it may take until the hub has answered.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// Where systems keep the certificates that they trust: Debian's, Fedora's, SUSE's and Alpine's place.
const SYSTEM_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A connection to a hub.
pub(super) type Socket = WebSocketStream<Either<TcpStream, TlsStream<TcpStream>>>;

/// Where a hub is, and what its certificate has to be signed by.
pub(super) struct Hub {
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
}

impl Hub {
    /// The hub at `url`. Through TLS it is believed for the sake of the certificates in `ca`, or without that file for
    /// those that this system trusts.
    ///
    /// # Errors
    ///
    /// The argument that is wrong, and the remedy.
    pub(super) fn at(url: &str, ca: Option<&Path>) -> anyhow::Result<Self> {
        let uri: axum::http::Uri = url.parse().with_context(|| format!("--url {url}"))?;
        let is_secure = match uri.scheme_str() {
            Some("wss") => true,
            Some("ws") => false,
            _ => bail!("--url {url}: is written ws://… or, through TLS, wss://…"),
        };
        if ca.is_some() && !is_secure {
            bail!("--ca says whom to believe through TLS; write --url wss://…");
        }
        // An address of IPv6 stands in brackets.
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let tls = if is_secure { Some(connector(ca)?) } else { None };
        Ok(Self { host, port, tls })
    }

    /// Connects, shakes hands, and asks for the upgrade that `request` is.
    ///
    /// Cancel safe: what was begun is closed.
    ///
    /// # Errors
    ///
    /// What the connection or the gateway said.
    pub(super) async fn connect(&self, request: Request) -> Result<Socket, Error> {
        let connecting = async {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            let stream = match &self.tls {
                Some(tls) => {
                    let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
                    Either::Right(tls.connect(name, stream).await?)
                }
                None => Either::Left(stream),
            };
            client_async(request, stream).await
        };
        let connected = tokio::time::timeout(CONNECT_MAX, Box::pin(connecting)).await;
        let (socket, _) = connected.map_err(|_| Error::Io(io::ErrorKind::TimedOut.into()))??;
        Ok(socket)
    }
}

/// Why the gateway's certificate is not believed, if that is what `error` says: to try again changes nothing.
pub(super) fn disbelief(error: &Error) -> Option<&rustls::Error> {
    let Error::Io(error) = error else { return None };
    let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    matches!(inner, rustls::Error::InvalidCertificate(_)).then_some(inner)
}

fn connector(ca: Option<&Path>) -> anyhow::Result<TlsConnector> {
    let file = match ca {
        Some(file) => file.to_owned(),
        None => SYSTEM_FILES.iter().map(PathBuf::from).find(|file| file.exists()).context(
            "this system keeps no certificates that it trusts; name the gateway's own, or its CA's, with --ca",
        )?,
    };
    let pem = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates.ok().with_context(|| format!("{} is no valid PEM", file.display()))?;
    let mut roots = RootCertStore::empty();
    // A system's file may hold some that nobody can use; the others serve.
    let (used, _) = roots.add_parsable_certificates(certificates);
    if used == 0 {
        bail!(
            "{} holds no certificate that can be used; it begins with -----BEGIN CERTIFICATE-----",
            file.display()
        );
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(client)))
}
