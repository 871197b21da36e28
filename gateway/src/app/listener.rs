//! The listener: sockets in, plain or through TLS, with a limit to everything that a peer could stretch.
//!
//! It drives hyper itself. Ready-made servers (axum-server with hyper-util's `auto`) look for HTTP/2 first: they
//! wait for a first byte without a limit, and speak HTTP/2 to whoever begins with it.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::certificate::{Keeper, Reload, Served};
use crate::config::HttpConfig;
use crate::ledger::Handle;
use crate::wire::connection::{Admitted, Place, Places};

/// From the connection's begin, or the end of the answer before, until the next request's head is complete. One
/// number for a slow head and for an idle connection: both cost the same, and who may be idle need not be slow.
const HEAD_READ_MAX: Duration = Duration::from_secs(10);
/// The largest head of a request: its line and headers. A larger one is answered 431.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// The most headers of a request. More are answered 431.
const HEADERS_MAX: usize = 64;
/// How long a TLS handshake may take.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long requests under way have to end when the gateway stops.
const DRAIN_MAX: Duration = Duration::from_secs(5);
/// After a failed accept: the system has no descriptor or memory for a connection, and may soon have some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A listener whose port is bound and whose certificate is read. Nobody is served yet.
pub(super) struct Listener {
    socket: TcpListener,
    places: Arc<Places>,
    tls: Option<(Served, Reload)>,
}

/// A listener at work.
pub(super) struct Serving {
    /// Begins the end: no new connection, no new request.
    stop: CancellationToken,
    /// Ends what is still under way.
    cut: CancellationToken,
    tasks: TaskTracker,
    certificates: Option<Keeper>,
}

impl Listener {
    /// Binds the port and reads the certificate.
    ///
    /// # Errors
    ///
    /// The port is taken or not ours, or the certificate is not what it was when the configuration was checked.
    pub(super) async fn bind(http: &HttpConfig) -> anyhow::Result<Self> {
        let listen = http.listen;
        let socket = TcpListener::bind(listen)
            .await
            .with_context(|| format!("http.listen: {listen} cannot be bound; is another gateway running?"))?;
        let places = Places::new(http.connections_max, http.connections_per_address_max);
        let tls = http.tls.files().map(Reload::first).transpose()?;
        Ok(Self { socket, places, tls })
    }

    /// Serves `router` until [`Serving::stop`]. What is wrong with the certificate becomes an alarm of `ledger`.
    pub(super) fn serve(self, router: Router, ledger: &Handle) -> Serving {
        let (stop, cut, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let (served, reload) = self.tls.unzip();
        let doors = Doors { router, served, stop: stop.clone(), cut: cut.clone() };
        tasks.spawn(accept(self.socket, self.places, doors, tasks.clone()));
        let certificates = reload.map(|reload| Keeper::start(reload, ledger.clone(), &tasks, stop.clone()));
        Serving { stop, cut, tasks, certificates }
    }
}

impl Serving {
    /// Reads the certificate again, if there is one. Disconnects nobody.
    pub(super) fn reload(&self) {
        match &self.certificates {
            Some(keeper) => keeper.reload(),
            None => tracing::info!("there is no certificate to read again"),
        }
    }

    /// Takes no more connections, lets requests under way end for [`DRAIN_MAX`], and cuts what is left.
    pub(super) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(DRAIN_MAX, self.tasks.wait()).await.is_err() {
            tracing::warn!(connections = self.tasks.len(), "some requests did not end in time");
            self.cut.cancel();
        }
    }
}

/// What every connection is served with.
#[derive(Clone)]
struct Doors {
    router: Router,
    /// The certificate of new connections; none serves in plain text.
    served: Option<Served>,
    stop: CancellationToken,
    cut: CancellationToken,
}

async fn accept(socket: TcpListener, places: Arc<Places>, doors: Doors, tasks: TaskTracker) {
    loop {
        // Cancel safe: a connection that was not accepted stays in the system's queue.
        let Some(accepted) = doors.stop.run_until_cancelled(socket.accept()).await else { return };
        match accepted {
            Ok((stream, peer)) => {
                // One too many is dropped, and so closed.
                if let Some(place) = places.take(peer.ip()) {
                    tasks.spawn(connection(stream, peer, place, doors.clone()));
                }
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no connection can be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The peer went before it was accepted: nothing is wrong here.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection to its end. What it is upgraded to goes on in a task of the door's own.
async fn connection(stream: TcpStream, peer: SocketAddr, place: Place, doors: Doors) {
    // Events are small, and none waits for a second one to fill a packet with.
    drop(stream.set_nodelay(true));
    let Some(served) = &doors.served else {
        return requests(Admitted::new(stream, place), peer, doors).await;
    };
    let shaking = TlsAcceptor::from(served.load_full()).accept(stream);
    // A handshake under way holds nothing up when the gateway stops.
    let shaking = doors.stop.run_until_cancelled(tokio::time::timeout(HANDSHAKE_MAX, shaking));
    match Box::pin(shaking).await {
        Some(Ok(Ok(stream))) => requests(Admitted::new(stream, place), peer, doors).await,
        Some(Ok(Err(error))) => tracing::debug!(%peer, %error, "a handshake failed"),
        Some(Err(_)) => tracing::debug!(%peer, "a handshake took too long"),
        None => {}
    }
}

/// Answers requests until the peer goes, breaks a limit, or the gateway stops.
async fn requests<I>(stream: I, peer: SocketAddr, doors: Doors)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(doors.router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_READ_MAX);
    http.max_buf_size(HEAD_BYTES_MAX).max_headers(HEADERS_MAX);
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        // Cancel safe: the connection keeps its state, and is polled on below.
        ended = &mut serving => ended,
        () = doors.stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            // Cut, it is dropped, and its socket closed.
            doors.cut.run_until_cancelled(serving).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended in disorder");
    }
}
