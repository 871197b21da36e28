//! TLS with the clinic's broker.

use std::path::Path;
use std::sync::Arc;

use rumqttc::TlsConfiguration;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::super::StartError;
use super::super::config::ClientFiles;

/// Where Debian keeps those who sign certificates.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Reads the files of TLS.
///
/// # Errors
///
/// The key that is wrong, and the remedy.
pub(in crate::mqtt) fn tls(files: &ClientFiles) -> Result<TlsConfiguration, StartError> {
    let wrong = |key, path: &Path, what: String| StartError::Tls(key, format!("{} {what}", path.display()));
    let path = files.ca.as_deref().unwrap_or(Path::new(AUTHORITIES));
    let mut roots = RootCertStore::empty();
    for root in certificates(path).map_err(|what| wrong("ca_file", path, what))? {
        // A bundle may hold one that rustls does not know.
        drop(roots.add(root));
    }
    if roots.is_empty() {
        return Err(wrong("ca_file", path, "holds no certificate of an authority".into()));
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("ca_file", path, error.to_string()))?
        .with_root_certificates(roots);
    let config = match &files.own {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => {
            let chain = certificates(cert).map_err(|what| wrong("client_cert_file", cert, what))?;
            let own = PrivateKeyDer::from_pem_file(key)
                .map_err(|_| wrong("client_key_file", key, "holds no private key in PEM".into()))?;
            builder
                .with_client_auth_cert(chain, own)
                .map_err(|error| wrong("client_cert_file", cert, error.to_string()))?
        }
    };
    Ok(TlsConfiguration::Rustls(Arc::new(config)))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).map_err(|_| "cannot be read as PEM".to_owned())?;
    read.collect::<Result<Vec<_>, _>>().map_err(|_| "is no valid PEM; copy the file again".to_owned())
}
