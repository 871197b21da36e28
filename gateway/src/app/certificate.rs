//! The certificate while the gateway runs: read again on SIGHUP and when its files change. A connection keeps
//! the one that it began with; one that cannot be served is refused, and the one before stays. One that ends soon, or
//! does not hold now, is an alarm until another one is served.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Certificate, CertificateFiles, Stamp, Trouble};
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice, alarm_id};
use crate::domain::command::Ask;
use crate::ledger::{Clock, Handle};

/// How often the files are looked at. Certificates are renewed days before they end.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How often it is said that the certificate ends soon, or has.
const REMIND_EVERY: Duration = Duration::from_secs(86_400);

/// What the alarm is about: the key of the configuration that names it.
const SUBJECT: &str = "http.tls.cert_file";

/// What new connections are served with.
pub(super) type Served = Arc<ArcSwap<ServerConfig>>;

/// What it takes to read the certificate again.
pub(super) struct Reload {
    files: CertificateFiles,
    served: Served,
    certificate: Certificate,
    /// What the files were like when they were last read, for better or worse.
    seen: Stamp,
}

/// What a look at the files came to.
#[derive(Debug, PartialEq, Eq)]
enum Looked {
    Unchanged,
    Renewed,
    Refused,
}

impl Reload {
    /// Reads the certificate for the first time, for a listener that serves it.
    ///
    /// # Errors
    ///
    /// The key of the configuration that is wrong, and the remedy.
    pub(super) fn first(files: CertificateFiles) -> anyhow::Result<(Served, Self)> {
        let seen = files.stamp();
        let certificate = match files.read() {
            Ok(certificate) => certificate,
            Err((key, remedy)) => bail!("http.{key}: {remedy}"),
        };
        let served = Arc::new(ArcSwap::new(certificate.server.clone()));
        Ok((served.clone(), Self { files, served, certificate, seen }))
    }

    /// Looks whether the files have changed, and serves what is in them if it can be; `is_asked` reads them anyway.
    fn look(&mut self, is_asked: bool) -> Looked {
        let stamp = self.files.stamp();
        if stamp == self.seen && !is_asked {
            return Looked::Unchanged;
        }
        // Taken before the files are read: what is written meanwhile is seen at the next look.
        self.seen = stamp;
        match self.files.read() {
            Ok(certificate) => {
                self.served.store(certificate.server.clone());
                let until = certificate.valid.map(|(_, until)| until.to_string()).unwrap_or_default();
                tracing::info!(until, "the certificate was read; new connections get it");
                self.certificate = certificate;
                self.remind();
                Looked::Renewed
            }
            Err((key, remedy)) => {
                tracing::error!(
                    key = format!("http.{key}"),
                    remedy,
                    "the new certificate is refused; the one before stays"
                );
                Looked::Refused
            }
        }
    }

    fn remind(&self) {
        for (key, remedy) in self.certificate.warnings(Clock::System.now()) {
            tracing::warn!(key = format!("http.{key}"), remedy, "the certificate needs attention");
        }
    }
}

/// The task that keeps the certificate fresh.
pub(super) struct Keeper(Arc<Notify>);

impl Keeper {
    /// Starts it among `tasks`; `stop` ends it. What it has to say, it says to `ledger`.
    pub(super) fn start(
        reload: Reload,
        ledger: Handle,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let asked = Arc::new(Notify::new());
        tasks.spawn(keep(reload, ledger, asked.clone(), stop));
        Self(asked)
    }

    /// Asks it to read the files now.
    pub(super) fn reload(&self) {
        self.0.notify_one();
    }
}

async fn keep(mut reload: Reload, ledger: Handle, asked: Arc<Notify>, stop: CancellationToken) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reminded_at = Instant::now();
    let mut said = None;
    loop {
        let is_asked = tokio::select! {
            // Cancel safe, all three.
            () = stop.cancelled() => return,
            () = asked.notified() => true,
            _ = ticks.tick() => false,
        };
        let looking = tokio::task::spawn_blocking(move || {
            reload.look(is_asked);
            reload
        });
        // A certificate that cannot even be looked at is no reason to end a ward's gateway.
        let Ok(looked) = looking.await else { return };
        reload = looked;
        say(reload.certificate.trouble(ledger.now()), &mut said, &ledger).await;
        if reminded_at.elapsed() >= REMIND_EVERY {
            reminded_at = Instant::now();
            reload.remind();
        }
    }
}

/// Raises or clears the alarm, when the trouble is another than was `said` last. What the ledger does not take is said
/// again at the next look.
async fn say(trouble: Option<Trouble>, said: &mut Option<Option<Trouble>>, ledger: &Handle) {
    if *said == Some(trouble) {
        return;
    }
    let ask = match trouble {
        Some(trouble) => Ask::RaiseAlarm(notice(trouble)),
        None => Ask::ClearAlarm(alarm_id(AlarmCause::Certificate, SUBJECT)),
    };
    match ledger.submit(Actor::Gateway, ask).await {
        Ok(_) => *said = Some(trouble),
        Err(error) => tracing::warn!(%error, "the alarm about the certificate waits"),
    }
}

/// Says the same at every look while the trouble is the same: one alarm, and not one a minute.
fn notice(trouble: Trouble) -> AlarmNotice {
    let renew = "put another certificate and its key into the files of http.tls; they are read by themselves, and the \
                 alarm ends";
    let (text, remedy) = match trouble {
        Trouble::EndsSoon(until) => (
            format!("the gateway's certificate ends at {until}; from then on browsers and devices refuse it"),
            renew,
        ),
        Trouble::Ended(until) => {
            (format!("the gateway's certificate has ended at {until}; browsers and devices refuse it"), renew)
        }
        Trouble::NotYet(from) => (
            format!(
                "the gateway's certificate holds only from {from} on; until then browsers and devices refuse it"
            ),
            "let this machine take its time from a server (NTP), or put a certificate that holds now into the files of \
             http.tls",
        ),
    };
    AlarmNotice {
        cause: AlarmCause::Certificate,
        subject: SUBJECT.into(),
        text,
        remedy: remedy.into(),
        children: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TlsConfig;

    fn write_pair(folder: &std::path::Path) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    }

    #[test]
    fn a_changed_certificate_is_served_and_a_bad_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        write_pair(folder.path());
        let files = TlsConfig {
            cert_file: Some(folder.path().join("cert.pem")),
            key_file: Some(folder.path().join("key.pem")),
        };
        let (served, mut reload) = Reload::first(files.files().unwrap()).unwrap();
        let first = served.load_full();
        assert_eq!(reload.look(false), Looked::Unchanged);
        assert!(Arc::ptr_eq(&served.load_full(), &first));

        std::fs::write(folder.path().join("cert.pem"), "half a fi").unwrap();
        assert_eq!(reload.look(false), Looked::Refused);
        assert!(Arc::ptr_eq(&served.load_full(), &first), "the one before stays");
        assert_eq!(reload.look(false), Looked::Unchanged, "a refusal is said once");

        write_pair(folder.path());
        assert_eq!(reload.look(false), Looked::Renewed);
        let second = served.load_full();
        assert!(!Arc::ptr_eq(&second, &first));
        assert_eq!(reload.look(true), Looked::Renewed, "who asks is answered");
        assert!(!Arc::ptr_eq(&served.load_full(), &second));
    }
}
