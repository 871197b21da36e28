//! Certificate and key of the listener (`http.tls`): read, checked against each other, ready for rustls.
//!
//! What is wrong is said with the key of the configuration and the remedy, at start and when the files are
//! read again; nothing of a private key's file is ever quoted.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{InconsistentKeys, ServerConfig};
use serde::{Deserialize, Serialize};

use super::{secrets, validity};
use crate::domain::time::Timestamp;

/// The only protocol that the listener speaks: the hub's WebSockets begin in it.
const ALPN: &[u8] = b"http/1.1";
/// A certificate that ends so soon is worth a warning: time to renew it by hand.
const EXPIRY_WARNING: Duration = Duration::from_secs(21 * 86_400);
/// Anybody on the box may read the file.
const READABLE_BY_ALL: u32 = 0o004;

/// `[http.tls]`. Both or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TlsConfig {
    /// The certificate and those between it and its root, PEM.
    pub cert_file: Option<PathBuf>,
    /// Its private key, PEM, not encrypted.
    pub key_file: Option<PathBuf>,
}

impl TlsConfig {
    /// Both files, when both are named.
    pub fn files(&self) -> Option<CertificateFiles> {
        let (cert_file, key_file) = (self.cert_file.clone()?, self.key_file.clone()?);
        Some(CertificateFiles { cert_file, key_file })
    }

    /// What is wrong with the two keys as they are written.
    pub(super) fn problems(&self) -> Vec<(&'static str, String)> {
        match (&self.cert_file, &self.key_file) {
            (Some(_), None) => {
                vec![("tls.cert_file", "stands alone; name its private key as http.tls.key_file".into())]
            }
            (None, Some(_)) => {
                vec![("tls.key_file", "stands alone; name its certificate as http.tls.cert_file".into())]
            }
            (Some(_), Some(_)) | (None, None) => Vec::new(),
        }
    }
}

/// Where certificate and key lie; a plain name is looked for among the systemd credentials first.
#[derive(Clone, Debug)]
pub struct CertificateFiles {
    cert_file: PathBuf,
    key_file: PathBuf,
}

/// What tells whether files were replaced or written to: inode, size and time of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp([Option<(u64, u64, i64, i64)>; 2]);

/// A certificate with its key that rustls can serve.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// TLS 1.2 and 1.3 with this certificate, HTTP/1.1 only.
    pub server: Arc<ServerConfig>,
    /// The first and the last moment at which clients believe it; none when its dates cannot be read.
    pub valid: Option<(Timestamp, Timestamp)>,
    path: PathBuf,
    /// What is not wrong enough to refuse it: the key (`cert_file`, `key_file`) and the remedy.
    key_warning: Option<(&'static str, String)>,
}

/// What is wrong with the dates of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It holds until then, which is soon.
    EndsSoon(Timestamp),
    /// It held until then.
    Ended(Timestamp),
    /// It holds from then on.
    NotYet(Timestamp),
}

impl CertificateFiles {
    /// Reads both files and checks that they belong together.
    ///
    /// # Errors
    ///
    /// The key within `http` that is wrong (`tls.cert_file`, `tls.key_file`), and the remedy.
    pub fn read(&self) -> Result<Certificate, (&'static str, String)> {
        let (cert_path, key_path) = (secrets::found(&self.cert_file), secrets::found(&self.key_file));
        let cert = |what: String| ("tls.cert_file", format!("{} {what}", cert_path.display()));
        let key = |what: String| ("tls.key_file", format!("{} {what}", key_path.display()));
        let cannot = |error: std::io::Error| format!("cannot be read: {error}");

        let chain = read_chain(&std::fs::read(&cert_path).map_err(|it| cert(cannot(it)))?).map_err(cert)?;
        let pem = std::fs::read(&key_path).map_err(|it| key(cannot(it)))?;
        let provider = Arc::new(ring::default_provider());
        let signing_key = provider.key_provider.load_private_key(read_key(&pem).map_err(key)?);
        let signing_key = signing_key.map_err(|_| {
            key("holds a key of an unknown kind; use RSA, ECDSA (P-256, P-384) or Ed25519".into())
        })?;
        let valid = validity::of(&chain[0]);
        let certified = CertifiedKey::new(chain, signing_key);
        match certified.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
            Err(rustls::Error::InconsistentKeys(_)) => {
                return Err(key(format!(
                    "is not the key of the certificate in {}; name the pair that was made together",
                    cert_path.display()
                )));
            }
            Err(error) => return Err(cert(format!("holds a certificate that cannot be used: {error}"))),
        }
        let server =
            server(provider, certified).map_err(|error| cert(format!("cannot be served: {error}")))?;
        let key_warning = readable_by_all(&key_path).then(|| {
            key(format!("can be read by everybody on this machine; chmod 600 {}", key_path.display()))
        });
        Ok(Certificate { server: Arc::new(server), valid, path: cert_path, key_warning })
    }

    /// What the files are like now.
    pub fn stamp(&self) -> Stamp {
        Stamp([&self.cert_file, &self.key_file].map(|file| {
            let metadata = std::fs::metadata(secrets::found(file)).ok()?;
            Some((metadata.ino(), metadata.size(), metadata.mtime(), metadata.mtime_nsec()))
        }))
    }
}

impl Certificate {
    /// What is worth saying at `now` though it can be served: the key within `http`, and the remedy.
    pub fn warnings(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let mut warnings: Vec<_> = self.key_warning.iter().cloned().collect();
        let path = self.path.display();
        let dates = match self.trouble(now) {
            Some(Trouble::Ended(until)) => {
                Some(format!("{path} has expired at {until}: browsers refuse it; renew it"))
            }
            Some(Trouble::NotYet(from)) => Some(format!(
                "{path} is valid only from {from} on, and it is {now} here: check this machine's clock"
            )),
            Some(Trouble::EndsSoon(until)) => Some(format!("{path} expires at {until}; renew it before")),
            None if self.valid.is_none() => {
                Some(format!("the dates of {path} cannot be read: nobody is warned before it expires"))
            }
            None => None,
        };
        warnings.extend(dates.map(|text| ("tls.cert_file", text)));
        warnings
    }

    /// What its dates come to at `now`, when that is trouble.
    pub fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        let (from, until) = self.valid?;
        if until < now {
            Some(Trouble::Ended(until))
        } else if from > now {
            Some(Trouble::NotYet(from))
        } else {
            (until.since(now) < EXPIRY_WARNING).then_some(Trouble::EndsSoon(until))
        }
    }
}

fn read_chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|_| "is no valid PEM; copy the file again".to_owned())?;
    if chain.is_empty() {
        return Err("holds no certificate; it begins with -----BEGIN CERTIFICATE-----".into());
    }
    Ok(chain)
}

fn read_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
        let encrypted = pem.windows(9).any(|window| window == b"ENCRYPTED");
        if encrypted {
            "holds an encrypted key; decrypt it with: openssl pkey -in FILE -out key.pem".into()
        } else {
            "holds no private key in PEM; it begins with -----BEGIN PRIVATE KEY-----".into()
        }
    })
}

fn server(
    provider: Arc<rustls::crypto::CryptoProvider>,
    certified: CertifiedKey,
) -> Result<ServerConfig, rustls::Error> {
    let versions = [&rustls::version::TLS13, &rustls::version::TLS12];
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    server.alpn_protocols = vec![ALPN.to_vec()];
    // A ward of tablets that comes back after a restart of theirs: tickets need no memory here, unlike the
    // default cache of 256 sessions.
    server.ticketer = ring::Ticketer::new()?;
    Ok(server)
}

fn readable_by_all(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & READABLE_BY_ALL != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair {
        folder: tempfile::TempDir,
    }

    impl Pair {
        /// A certificate that ends at the year's begin, and its key.
        fn until(year: i32) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let mut parameters = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap();
            parameters.not_before = rcgen::date_time_ymd(2020, 1, 2);
            parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
            let key = rcgen::KeyPair::generate().unwrap();
            let pair = Self { folder };
            pair.write("cert.pem", &parameters.self_signed(&key).unwrap().pem());
            pair.write("key.pem", &key.serialize_pem());
            std::fs::set_permissions(pair.path("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
            pair
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.path(name), text).unwrap();
        }

        fn files(&self) -> CertificateFiles {
            CertificateFiles { cert_file: self.path("cert.pem"), key_file: self.path("key.pem") }
        }

        fn refused(&self) -> (&'static str, String) {
            self.files().read().map(|_| ()).expect_err("it is refused")
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_pair_is_served_and_its_dates_are_known() {
        let certificate = Pair::until(2031).files().read().unwrap();
        assert_eq!(certificate.server.alpn_protocols, [b"http/1.1"]);
        assert_eq!(certificate.valid, Some((at("2020-01-02T00:00:00Z"), at("2031-01-01T00:00:00Z"))));
        assert_eq!(certificate.warnings(at("2030-01-01T00:00:00Z")), []);
        for (now, word) in [
            ("2031-01-02T00:00:00Z", "has expired"),
            ("2030-12-20T00:00:00Z", "expires at"),
            ("2019-01-01T00:00:00Z", "check this machine's clock"),
        ] {
            let warnings = certificate.warnings(at(now));
            assert!(warnings.len() == 1 && warnings[0].1.contains(word), "{now}: {warnings:?}");
        }
        // From 2050 on X.509 writes years with four digits.
        let late = Pair::until(2055).files().read().unwrap();
        assert_eq!(late.valid.unwrap().1, at("2055-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key_and_quotes_nothing() {
        let pair = Pair::until(2031);
        let key = std::fs::read_to_string(pair.path("key.pem")).unwrap();
        pair.write("key.pem", &std::fs::read_to_string(Pair::until(2031).path("key.pem")).unwrap());
        let (field, remedy) = pair.refused();
        assert!(field == "tls.key_file" && remedy.contains("is not the key of"), "{remedy}");

        pair.write("key.pem", &key[..key.len() / 2]);
        let (field, remedy) = pair.refused();
        assert!(field == "tls.key_file" && remedy.contains("no private key"), "{remedy}");
        assert!(!remedy.contains(key.lines().nth(1).unwrap()), "{remedy}");
        pair.write(
            "key.pem",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        );
        assert!(pair.refused().1.contains("openssl pkey"), "{:?}", pair.refused());

        pair.write("key.pem", &key);
        pair.write("cert.pem", "no certificate");
        assert!(pair.refused().0 == "tls.cert_file" && pair.refused().1.contains("holds no certificate"));
        std::fs::remove_file(pair.path("cert.pem")).unwrap();
        assert!(pair.refused().0 == "tls.cert_file" && pair.refused().1.contains("cannot be read"));
    }

    #[test]
    fn a_key_that_everybody_may_read_is_worth_a_word() {
        let pair = Pair::until(2031);
        std::fs::set_permissions(pair.path("key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
        let warnings = pair.files().read().unwrap().warnings(at("2030-01-01T00:00:00Z"));
        assert!(warnings.len() == 1 && warnings[0].1.contains("chmod 600"), "{warnings:?}");
    }
}
