//! The first hour of a gateway that others can reach: until an admin has an account, it serves nothing but a
//! page that makes one, to whoever knows the code that only the console and the store's folder show.
//!
//! The code is printed to standard error and not logged: it opens the gateway, and a log travels.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::{FromRequest, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::auth::{too_early, unstored};
use crate::auth::Secret;
use crate::domain::access::Email;
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::role::Role;
use crate::wire::access::{NewUserBody, UserBody};
use crate::wire::caller::{Asker, Entrance, PeerAddress};
use crate::wire::json::{JsonBody, json_response};
use crate::wire::problem::Problem;

const PAGE: &str = include_str!("setup.html");
/// The file with the code, in the store's folder.
const CODE_FILE: &str = "setup-code";
/// The word for a wrong code, in its answer and in the audit trail.
const WRONG_CODE: &str = "wrong_code";
/// Groups of four letters in a code: 39 bits, of which [`WRONG_CODES_MAX`] guesses find nothing.
const CODE_GROUPS: usize = 2;
/// Wrong codes after which another one is made.
const WRONG_CODES_MAX: u32 = 10;

/// The guard before a gateway that nobody has set up. Clones share everything.
#[derive(Clone)]
pub struct Setup {
    shared: Arc<Shared>,
}

struct Shared {
    entrance: Entrance,
    listen: SocketAddr,
    code_file: PathBuf,
    /// An admin has an account. Never false again: the last one cannot be closed.
    is_open: AtomicBool,
    code: Mutex<Code>,
}

struct Code {
    secret: Secret,
    wrong: u32,
}

impl Setup {
    /// Makes a code, shows it at the console and writes it into the folder `store`.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn begin(entrance: Entrance, listen: SocketAddr, store: &Path) -> io::Result<Self> {
        let code_file = store.join(CODE_FILE);
        let code = Code::new(listen, &code_file)?;
        let shared =
            Shared { entrance, listen, code_file, is_open: AtomicBool::new(false), code: Mutex::new(code) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Removes the code that an earlier start may have left in the folder `store`.
    pub fn forget(store: &Path) {
        forget(&store.join(CODE_FILE));
    }

    /// Puts the guard before `doors`.
    pub fn guard(self, doors: Router) -> Router {
        doors.layer(from_fn_with_state(self, check))
    }

    /// True once an admin has an account, by this page or at the console.
    fn is_open(&self) -> bool {
        let shared = &self.shared;
        if shared.is_open.load(Ordering::Relaxed) {
            return true;
        }
        let snapshot = shared.entrance.ledger.snapshot();
        let is_open = snapshot.state.access.open_users_of(Role::Admin).next().is_some();
        if is_open && !shared.is_open.swap(true, Ordering::Relaxed) {
            forget(&shared.code_file);
            tracing::info!("an admin has an account; the gateway is open");
        }
        is_open
    }

    /// Takes `POST /api/setup`.
    async fn take(&self, request: Request) -> Result<Response, Problem> {
        let peer = PeerAddress::of(request.extensions());
        let PeerAddress(address) = peer;
        let backoff = self.shared.entrance.doorkeeper.backoff();
        backoff.check_address(address, Instant::now()).map_err(too_early)?;
        let JsonBody(body) = JsonBody::<SetupBody>::from_request(request, &()).await?;
        // Held to the end: of two who know the code, one is the first.
        let mut code = self.shared.code.lock().await;
        // Again: others of this address may have failed while this one waited.
        backoff.check_address(address, Instant::now()).map_err(too_early)?;
        if self.is_open() {
            return Err(Problem::no_such_path());
        }
        if !code.is(&body.code) {
            backoff.address_failed(address, Instant::now());
            tracing::warn!(%address, "a wrong set-up code was given");
            let (listen, file) = (self.shared.listen, &self.shared.code_file);
            code.count_wrong(listen, file).map_err(|error| {
                tracing::error!(%error, "the set-up code cannot be written");
                unwritten()
            })?;
            let outcome = AuditOutcome::Refused(WRONG_CODE.into());
            let note = AuditNote { actor: None, verb: "set_up", subject: None, outcome, stretch: None };
            self.shared.entrance.ledger.note(note, Some(peer.origin())).await?;
            return Err(wrong_code());
        }
        let new = NewUserBody {
            email: body.email,
            name: body.name,
            role: Role::Admin,
            doctor_id: None,
            manages: Vec::new(),
            password: body.password,
        };
        let asker = Asker { actor: Actor::Console, origin: peer.origin() };
        let user = self.shared.entrance.create_user(asker, new).await?;
        // Whoever knows the code is at the console; from here on it is of no use.
        self.is_open();
        let body = json!({ "user": UserBody::from(&*user) });
        Ok(unstored(json_response(StatusCode::CREATED, &body)))
    }
}

impl Code {
    fn new(listen: SocketAddr, file: &Path) -> io::Result<Self> {
        let secret = Secret::typeable(CODE_GROUPS);
        write(file, &secret)?;
        let line = format!(
            "caresync-gateway: nobody has an account yet; open / on {listen} in a browser and set the gateway up \
             with the code {} (it stands in {} too)",
            secret.expose(),
            file.display()
        );
        // Where standard error is closed, the file still says it.
        drop(writeln!(io::stderr().lock(), "{line}"));
        Ok(Self { secret, wrong: 0 })
    }

    /// Counts a wrong guess; after [`WRONG_CODES_MAX`] of them there is another code.
    fn count_wrong(&mut self, listen: SocketAddr, file: &Path) -> io::Result<()> {
        self.wrong += 1;
        if self.wrong >= WRONG_CODES_MAX {
            *self = Self::new(listen, file)?;
        }
        Ok(())
    }

    /// True for the code as people type it: in capitals, without the hyphen.
    fn is(&self, typed: &Secret) -> bool {
        let plain = |text: &str| {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            Secret::new(letters.map(|letter| letter.to_ascii_lowercase()).collect()).digest()
        };
        plain(self.secret.expose()).0.ct_eq(&plain(typed.expose()).0).into()
    }
}

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupBody {
    code: Secret,
    email: Email,
    name: String,
    password: Secret,
}

async fn check(State(setup): State<Setup>, request: Request, next: Next) -> Response {
    if setup.is_open() {
        return next.run(request).await;
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/" | "/setup") => page(),
        (&Method::POST, "/api/setup") => {
            setup.take(request).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => not_set_up().into_response(),
    }
}

/// The page. It loads nothing, and only its own script and style run.
fn page() -> Response {
    let nonce = Secret::random("");
    let nonce = nonce.expose();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    unstored((headers, PAGE.replace("NONCE", nonce)).into_response())
}

fn write(file: &Path, code: &Secret) -> io::Result<()> {
    forget(file);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(file, "{}", code.expose())
}

/// Removes the code's file. That of an earlier start is of no use to anybody either.
fn forget(file: &Path) {
    match fs::remove_file(file) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "the file of the set-up code cannot be removed"),
    }
}

fn not_set_up() -> Problem {
    let detail = "nobody has set this gateway up yet; open / in a browser";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_set_up", detail).retryable()
}

fn wrong_code() -> Problem {
    let detail = format!(
        "this is not the code; it was printed when the gateway started, and stands in the file {CODE_FILE} in \
         the folder of its store"
    );
    Problem::new(StatusCode::FORBIDDEN, WRONG_CODE, detail).field("code")
}

fn unwritten() -> Problem {
    let detail = "another code cannot be written; look at the disk";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::auth::Doorkeeper;
    use crate::domain::rules::Rules;
    use crate::ledger::{Clock, Ledger, Settings};

    /// A gateway that nobody has set up, served on loopback as if it were the LAN.
    struct House {
        folder: tempfile::TempDir,
        address: SocketAddr,
        ledger: Ledger,
        _serving: tokio::task::JoinSet<()>,
    }

    impl House {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let settings = Settings {
                cache_mib: 32,
                journal_kept: Duration::from_secs(86_400),
                audit_kept: Duration::from_secs(86_400),
                readings_kept: Duration::from_secs(30 * 86_400),
                budget_bytes: None,
                clock: Clock::System,
                rules: Rules::default(),
            };
            let ledger = Ledger::open(folder.path(), settings).unwrap();
            let entrance = Entrance { doorkeeper: Doorkeeper::new(false, []), ledger: ledger.handle.clone() };
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let setup = Setup::begin(entrance, address, folder.path()).unwrap();
            let doors = Router::new()
                .route("/api/rooms", get(async || "rooms"))
                .fallback(async || Problem::no_such_path());
            let doors = setup.guard(doors);
            let mut serving = tokio::task::JoinSet::new();
            serving.spawn(async move { axum::serve(listener, doors).await.unwrap() });
            Self { folder, address, ledger, _serving: serving }
        }

        fn code(&self) -> String {
            fs::read_to_string(self.folder.path().join(CODE_FILE)).unwrap().trim().to_owned()
        }

        async fn ask(&self, request: &str, body: &str) -> (u16, String) {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            let text = format!(
                "{request} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
        }

        async fn set_up(&self, code: &str) -> (u16, String) {
            let body = json!({
                "code": code, "email": "ada@clinic.example", "name": "Ada", "password": "a-long-password"
            });
            self.ask("POST /api/setup", &body.to_string()).await
        }
    }

    #[tokio::test]
    async fn nothing_is_served_but_the_page_until_an_admin_has_an_account() {
        use std::os::unix::fs::PermissionsExt;
        let house = House::new().await;
        for request in
            ["GET /api/rooms", "GET /ws", "POST /api/auth/login", "GET /api/health", "GET /nothing"]
        {
            let (status, answer) = house.ask(request, "").await;
            assert!(status == 503 && answer.contains("not_set_up"), "{request}: {answer}");
        }
        for path in ["GET /", "GET /setup"] {
            let (status, answer) = house.ask(path, "").await;
            assert!(status == 200 && answer.contains("default-src 'none'"), "{path}: {answer}");
            assert!(!answer.contains("NONCE") && !answer.contains(&house.code()), "{path}: {answer}");
        }
        let mode = fs::metadata(house.folder.path().join(CODE_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // As people type it.
        let (status, answer) = house.set_up(&house.code().to_uppercase().replace('-', " ")).await;
        assert!(status == 201 && answer.contains("\"role\":\"admin\""), "{answer}");
        assert_eq!(house.ask("GET /api/rooms", "").await.0, 200, "open at once");
        assert!(!house.folder.path().join(CODE_FILE).exists(), "the code is of no use any more");
        assert_eq!(house.ask("GET /setup", "").await.0, 404);
        assert_eq!(house.set_up("anything").await.0, 404);
    }

    #[tokio::test]
    async fn wrong_codes_cost_time() {
        let house = House::new().await;
        for n in 0..5 {
            let (status, answer) = house.set_up("2222-2222").await;
            assert!(status == 403 && answer.contains("wrong_code"), "{n}: {answer}");
        }
        let (status, answer) = house.set_up(&house.code()).await;
        assert!(status == 429 && answer.contains("retry-after"), "even the right one: {answer}");
        assert_eq!(house.ask("GET /api/rooms", "").await.0, 503);
    }

    #[tokio::test]
    async fn the_trail_knows_of_wrong_codes_and_of_who_set_the_gateway_up() {
        let house = House::new().await;
        house.set_up("2222-2222").await;
        assert_eq!(house.set_up(&house.code()).await.0, 201);
        let entries = house
            .ledger
            .handle
            .audit(None, &crate::domain::audit::AuditFilter::default(), 10)
            .unwrap()
            .entries;
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.verb.as_str(), &entry.outcome, entry.origin.as_deref()))
            .collect();
        let (done, wrong) = (AuditOutcome::Done, AuditOutcome::Refused("wrong_code".into()));
        assert_eq!(told, [("create_user", &done, Some("127.0.0.1")), ("set_up", &wrong, Some("127.0.0.1"))]);
        assert!(!format!("{entries:?}").contains("2222"), "ids only: {entries:?}");
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = Code { secret: Secret::new("k7qf-m2xd".into()), wrong: 0 };
        for typed in ["k7qf-m2xd", "K7QFM2XD", " k7qf m2xd "] {
            assert!(code.is(&Secret::new(typed.into())), "{typed}");
        }
        for typed in ["", "k7qf-m2x", "k7qf-m2xdd", "-"] {
            assert!(!code.is(&Secret::new(typed.into())), "{typed}");
        }
    }

    #[tokio::test]
    async fn after_ten_wrong_codes_there_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(CODE_FILE);
        let mut code = Code::new("127.0.0.1:1".parse().unwrap(), &file).unwrap();
        let first = code.secret.expose().to_owned();
        for n in 1..WRONG_CODES_MAX {
            code.count_wrong("127.0.0.1:1".parse().unwrap(), &file).unwrap();
            assert_eq!(code.secret.expose(), first, "{n}");
        }
        code.count_wrong("127.0.0.1:1".parse().unwrap(), &file).unwrap();
        assert_ne!(code.secret.expose(), first);
        assert_eq!(fs::read_to_string(&file).unwrap().trim(), code.secret.expose());
    }
}
