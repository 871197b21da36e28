//! The way from the command line to the accounts: through the running gateway's socket, or, when none runs,
//! through the store itself.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

use super::{
    EXIT_CONFIG, EXIT_DATA, EXIT_NO_INPUT, EXIT_NO_PERMISSION, EXIT_SOFTWARE, EXIT_TRY_AGAIN, complain,
};
use crate::admin::{self, ANSWER_BYTES_MAX, SOCKET};
use crate::auth::Doorkeeper;
use crate::config::{self, Config};
use crate::domain::actor::Actor;
use crate::domain::command::Ask;
use crate::ledger::Ledger;
use crate::store::OpenError;
use crate::wire::caller::Entrance;
use crate::{app, ledger};

/// How long the running gateway has to answer.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// How long to wait for a gateway that holds the store and does not answer: it starts or stops.
const BUSY_MAX: Duration = Duration::from_secs(10);
/// Between two tries meanwhile.
const BUSY_RESTS: Duration = Duration::from_millis(200);

#[derive(Args)]
pub(super) struct ConsoleArgs {
    /// The gateway's configuration file (TOML). The environment (CARESYNC_STORE__PATH=…) wins over it.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// The store's folder, instead of the configuration's. The packaged service has
    /// /var/lib/caresync-gateway/store.
    #[arg(long, value_name = "FOLDER", global = true)]
    store: Option<PathBuf>,
}

/// Why nothing was done, and the exit code for it.
pub(super) struct Failure {
    pub(super) code: u8,
    pub(super) text: String,
}

impl Failure {
    pub(super) fn new(code: u8, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// Why the socket gave no answer.
enum Unanswered {
    /// Nobody is behind it.
    NobodyThere,
    Failed(Failure),
}

/// Asks `request` where the accounts are, and returns what the answer holds.
///
/// # Errors
///
/// Why nothing was done, in words with a remedy.
pub(super) async fn ask(args: &ConsoleArgs, request: &Value) -> Result<Value, Failure> {
    let store = store(args)?;
    let line = request.to_string() + "\n";
    let until = Instant::now() + BUSY_MAX;
    let answer = loop {
        match ask_socket(&store.join(SOCKET), line.as_bytes()).await {
            Ok(answer) => break answer,
            Err(Unanswered::Failed(failure)) => return Err(failure),
            Err(Unanswered::NobodyThere) => {}
        }
        match ask_store(args, &store, line.as_bytes()).await? {
            Some(answer) => break answer,
            // A gateway holds the store: its socket comes, or its lock goes.
            None if Instant::now() < until => sleep(BUSY_RESTS).await,
            None => {
                let text = format!(
                    "a gateway holds the store in {} and does not answer at its socket; is it stopping, or an \
                     older one? Try again",
                    store.display()
                );
                return Err(Failure::new(EXIT_TRY_AGAIN, text));
            }
        }
    };
    read(&answer)
}

fn store(args: &ConsoleArgs) -> Result<PathBuf, Failure> {
    if let Some(store) = &args.store {
        return Ok(store.clone());
    }
    let store = config::load_store(args.config.as_deref());
    store.map(|store| store.path).map_err(|error| Failure::new(EXIT_CONFIG, error.to_string()))
}

async fn ask_socket(path: &Path, line: &[u8]) -> Result<Vec<u8>, Unanswered> {
    let asked = async {
        let mut stream = UnixStream::connect(path).await?;
        stream.write_all(line).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    };
    let failed = |code, text: String| Err(Unanswered::Failed(Failure::new(code, text)));
    match timeout(ANSWER_MAX, asked).await {
        Ok(Ok(answer)) if answer.is_empty() => failed(
            EXIT_NO_PERMISSION,
            "the gateway hung up: it takes root and its own account only, or it is stopping".into(),
        ),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Err(Unanswered::NobodyThere),
            io::ErrorKind::PermissionDenied => failed(
                EXIT_NO_PERMISSION,
                format!("{} is not for this account; use sudo, or the gateway's own account", path.display()),
            ),
            _ => failed(EXIT_SOFTWARE, format!("{}: {error}", path.display())),
        },
        Err(_) => failed(EXIT_TRY_AGAIN, "the gateway does not answer; try again".into()),
    }
}

/// Opens the store and asks there. None when somebody else has it open.
async fn ask_store(args: &ConsoleArgs, store: &Path, line: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    check_owner(store)?;
    let mut config = match config::load(args.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            let text = format!("no gateway runs on {}, and without one {error}", store.display());
            return Err(Failure::new(EXIT_CONFIG, text));
        }
    };
    store.clone_into(&mut config.store.path);
    let opened = Ledger::open(store, app::ledger_settings(&config));
    let ledger = match opened {
        Ok(ledger) => ledger,
        Err(ledger::LedgerError::Open(OpenError::InUse { .. })) => return Ok(None),
        Err(error) => return Err(Failure::new(EXIT_SOFTWARE, format!("{:#}", anyhow::Error::from(error)))),
    };
    let answer = answer_from(&ledger, &config, line).await;
    let closed = tokio::task::spawn_blocking(move || ledger.join()).await;
    match closed {
        Ok(Ok(())) => answer.map(Some),
        Ok(Err(error)) => Err(Failure::new(EXIT_SOFTWARE, format!("the store cannot be written: {error}"))),
        Err(panicked) => Err(Failure::new(EXIT_SOFTWARE, panicked.to_string())),
    }
}

async fn answer_from(ledger: &Ledger, config: &Config, line: &[u8]) -> Result<Vec<u8>, Failure> {
    if let Some(recovery) = &ledger.recovery {
        // The gateway would say so when it starts; it will find a store that is well.
        let notice = app::recovery_notice(recovery);
        complain(&format!("{}; {}", notice.text, notice.remedy));
        let raised = ledger.handle.submit(Actor::Gateway, Ask::RaiseAlarm(notice)).await;
        raised.map_err(|error| Failure::new(EXIT_SOFTWARE, error.to_string()))?;
    }
    let doorkeeper = Doorkeeper::new(config.http.open_demo, config.keys.iter().cloned());
    let entrance = Entrance { doorkeeper, ledger: ledger.handle.clone() };
    Ok(admin::answer(&entrance, None, line).await)
}

/// A store that is not there is not made here, and one of another account not opened: files of the wrong owner
/// would keep the gateway from starting.
fn check_owner(store: &Path) -> Result<(), Failure> {
    let Ok(log) = fs::metadata(store.join("db")) else {
        let text = format!(
            "there is no store in {}; start the gateway once, or name the right folder with --store",
            store.display()
        );
        return Err(Failure::new(EXIT_NO_INPUT, text));
    };
    let own = fs::metadata("/proc/self").map(|own| own.uid());
    if own.is_ok_and(|uid| uid == log.uid()) {
        return Ok(());
    }
    let text = format!(
        "no gateway runs on {}, and its files belong to another account; start the gateway, or run this as that \
         account: sudo -u '#{}' caresync-gateway …",
        store.display(),
        log.uid()
    );
    Err(Failure::new(EXIT_NO_PERMISSION, text))
}

/// What an answer holds, or what it refuses.
fn read(answer: &[u8]) -> Result<Value, Failure> {
    let unreadable =
        || Failure::new(EXIT_SOFTWARE, "the gateway's answer cannot be read; is it another version?");
    let mut answer: Value = serde_json::from_slice(answer).map_err(|_| unreadable())?;
    if let Some(ok) = answer.get_mut("ok") {
        return Ok(ok.take());
    }
    let problem = answer.get("problem").ok_or_else(unreadable)?;
    let detail = problem["detail"].as_str().unwrap_or("refused").to_owned();
    let code = match problem["status"].as_u64() {
        Some(403) => EXIT_NO_PERMISSION,
        Some(503) => EXIT_TRY_AGAIN,
        Some(500) => EXIT_SOFTWARE,
        _ => EXIT_DATA,
    };
    Err(Failure::new(code, detail))
}
