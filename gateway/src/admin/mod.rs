//! The door of the machine's own console: a Unix socket in the store's folder, for the command line. Whoever is
//! root, or the account that the gateway runs as, owns the store anyway and comes in without further proof.
//!
//! One line of JSON in, one line out, then the connection ends.

mod request;

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::wire::caller::Entrance;

pub use request::answer;

/// Looks for devices that nobody is bound to, for `mqtt discover`.
pub type Discover = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = serde_json::Value> + Send>> + Send + Sync>;

/// The socket's name in the store's folder.
pub const SOCKET: &str = "admin.sock";
/// The longest line that is taken, in bytes: as the largest body of a request.
pub const LINE_BYTES_MAX: u64 = 64 * 1024;
/// The longest line that is answered: 20 tokens for each of 1,000 users, and ample.
pub const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How long a connection may take from its begin to its end.
const CONNECTION_MAX: Duration = Duration::from_secs(30);
/// Connections at a time: people type.
const CONNECTIONS_MAX: usize = 8;
/// How long to wait after a connection that could not be taken (no descriptors are left).
const REFUSED_RESTS: Duration = Duration::from_secs(1);

/// The socket, at work.
pub struct Admin {
    path: PathBuf,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Admin {
    /// Opens the socket in the folder `store`. One that an earlier run left behind is replaced: whoever holds the
    /// store's lock is the only gateway there.
    ///
    /// # Errors
    ///
    /// What the system said.
    pub fn start(entrance: Entrance, discover: Option<Discover>, store: &Path) -> io::Result<Self> {
        let path = store.join(SOCKET);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        // The peer's account is checked besides: between these two lines somebody could connect.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let own_uid = fs::metadata(&path)?.uid();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(accept(listener, (entrance, discover), own_uid, tasks.clone(), stop.clone()));
        Ok(Self { path, tasks, stop })
    }

    /// Takes no more connections, waits for those under way, and removes the socket.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(Duration::from_secs(5), self.tasks.wait()).await.is_err() {
            tracing::warn!("a command of the console did not end in time");
        }
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "the admin socket cannot be removed");
        }
    }
}

async fn accept(
    listener: UnixListener,
    asked: (Entrance, Option<Discover>),
    own_uid: u32,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await.expect("nobody closes it");
            (listener.accept().await, place)
        };
        let (stream, place) = tokio::select! {
            // Cancel safe, both: accept takes nothing unless it completes.
            () = stop.cancelled() => return,
            (accepted, place) = accepted => match accepted {
                Ok((stream, _)) => (stream, place),
                Err(error) => {
                    tracing::warn!(%error, "the admin socket takes no connection");
                    tokio::time::sleep(REFUSED_RESTS).await;
                    continue;
                }
            },
        };
        let peer = stream.peer_cred().map(|peer| peer.uid());
        if !peer.as_ref().is_ok_and(|uid| *uid == 0 || *uid == own_uid) {
            tracing::warn!(?peer, "somebody else's account tried the admin socket");
            continue;
        }
        let ((entrance, discover), stop) = (asked.clone(), stop.clone());
        tasks.spawn(async move {
            let _place = place;
            tokio::select! {
                // What is in the ledger's queue when this ends is done all the same.
                () = serve(stream, &entrance, discover.as_ref()) => {}
                () = tokio::time::sleep(CONNECTION_MAX) => {}
                () = stop.cancelled() => {}
            }
        });
    }
}

/// Takes a line and answers it. A peer that goes early needs no answer.
async fn serve(stream: UnixStream, entrance: &Entrance, discover: Option<&Discover>) {
    let (reading, mut writing) = stream.into_split();
    let mut line = Vec::new();
    let mut reading = BufReader::new(reading).take(LINE_BYTES_MAX);
    if reading.read_until(b'\n', &mut line).await.is_err() {
        return;
    }
    let mut answer = answer(entrance, discover, &line).await;
    answer.push(b'\n');
    if writing.write_all(&answer).await.is_ok() {
        drop(writing.shutdown().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Doorkeeper;
    use crate::domain::rules::Rules;
    use crate::ledger::{Clock, Ledger, Settings};

    fn ledger(folder: &Path) -> (Ledger, Entrance) {
        let settings = Settings {
            cache_mib: 32,
            journal_kept: Duration::from_secs(86_400),
            audit_kept: Duration::from_secs(86_400),
            readings_kept: Duration::from_secs(30 * 86_400),
            budget_bytes: None,
            clock: Clock::System,
            rules: Rules::default(),
        };
        let ledger = Ledger::open(folder, settings).unwrap();
        let entrance = Entrance { doorkeeper: Doorkeeper::new(false, []), ledger: ledger.handle.clone() };
        (ledger, entrance)
    }

    async fn ask(folder: &Path, line: &[u8]) -> Vec<u8> {
        let mut stream = UnixStream::connect(folder.join(SOCKET)).await.unwrap();
        stream.write_all(line).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn the_socket_is_the_owners_alone_and_replaces_one_that_was_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (_ledger, entrance) = ledger(folder.path());
        let left_behind = std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        drop(left_behind);
        let admin = Admin::start(entrance, None, folder.path()).unwrap();
        let mode = fs::metadata(folder.path().join(SOCKET)).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
        let answer = ask(folder.path(), b"{\"ask\":\"list_users\"}\n").await;
        assert_eq!(answer, b"{\"ok\":{\"users\":[]}}\n");
        admin.stop().await;
        assert!(!folder.path().join(SOCKET).exists());
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut_and_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (_ledger, entrance) = ledger(folder.path());
        let admin = Admin::start(entrance, None, folder.path()).unwrap();
        let long = vec![b'x'; usize::try_from(LINE_BYTES_MAX).unwrap()];
        for line in [&b""[..], b"{", b"[]\n", b"{\"ask\":\"become_root\"}\n", &long] {
            let answer = String::from_utf8(ask(folder.path(), line).await).unwrap();
            assert!(answer.contains("\"code\":\"not_understood\""), "{answer}");
        }
        admin.stop().await;
    }
}
