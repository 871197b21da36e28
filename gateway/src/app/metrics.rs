//! `GET /metrics`: which metrics there are, who may read them, and those that are looked up when somebody does.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::Unit;
use tokio_util::sync::CancellationToken;

use crate::claw::agent;
use crate::ledger::Handle;
use crate::telemetry::metrics::{Registry, Row, TIDY_EVERY, Table, install};
use crate::wire::problem::Problem;
use crate::{auth, claw, hub, ledger, mqtt, sensing, wire};

/// The gateway's version, as the label `version`.
const BUILD: &str = "caresync_build";
/// Technical alarms that stand.
const ALARMS_STANDING: &str = "caresync_alarms_standing";
/// What the process gave the disk to write.
const DISK_WRITTEN: &str = "caresync_disk_written_bytes_total";

const COUNTERS: &[Row] = &[(
    DISK_WRITTEN,
    Unit::Bytes,
    "Bytes that the process gave the disk to write, the store's own overhead included: what wears an SD card.",
)];

const GAUGES: &[Row] = &[
    (BUILD, Unit::Count, "1, with the gateway's version."),
    (ALARMS_STANDING, Unit::Count, "Technical alarms that stand."),
];

/// Every metric of every part.
const TABLES: &[Table] = &[
    Table { counters: COUNTERS, gauges: GAUGES, histograms: &[] },
    Table { counters: wire::metrics::COUNTERS, gauges: &[], histograms: wire::metrics::HISTOGRAMS },
    Table {
        counters: ledger::metrics::COUNTERS,
        gauges: ledger::metrics::GAUGES,
        histograms: ledger::metrics::HISTOGRAMS,
    },
    Table { counters: auth::metrics::COUNTERS, gauges: &[], histograms: &[] },
    Table { counters: &[], gauges: &[], histograms: sensing::metrics::HISTOGRAMS },
    Table {
        counters: hub::metrics::COUNTERS,
        gauges: hub::metrics::GAUGES,
        histograms: hub::metrics::HISTOGRAMS,
    },
    Table { counters: claw::endpoints::metrics::COUNTERS, gauges: &[], histograms: &[] },
    Table { counters: mqtt::metrics::COUNTERS, gauges: mqtt::metrics::GAUGES, histograms: &[] },
    Table { counters: claw::mcp::metrics::COUNTERS, gauges: &[], histograms: &[] },
    Table { counters: agent::metrics::COUNTERS, gauges: agent::metrics::GAUGES, histograms: &[] },
];

/// The text format of Prometheus, as its exposition format's page names it.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Begins to count. Before the first part is built.
pub(super) fn begin() -> Registry {
    let registry = install(TABLES);
    // What nobody has counted yet is 0, not absent: an alert on its rate must not miss the first one.
    metrics::counter!(auth::metrics::LOGIN_FAILURES).increment(0);
    metrics::gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    registry
}

/// Keeps the registry small until `stop`, whether or not anybody reads it.
pub(super) async fn tidy(registry: Registry, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            // Cancel safe, both.
            _ = ticks.tick() => registry.tidy(),
            () = stop.cancelled() => return,
        }
    }
}

/// The route of `/metrics`.
pub(super) fn router(registry: Registry, ledger: Handle) -> Router {
    let show = get(show).fallback(async || {
        let detail = "/metrics is only read";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    });
    Router::new().route("/metrics", show).with_state((registry, ledger))
}

async fn show(State((registry, ledger)): State<(Registry, Handle)>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    if !may_scrape(peer, request.headers()) {
        let detail = "metrics are given to programs on this machine only";
        return Problem::new(StatusCode::FORBIDDEN, "not_for_you", detail).into_response();
    }
    // Blocking: the figures of the store are read from the disk.
    let text = tokio::task::spawn_blocking(move || {
        look_up(&ledger);
        registry.text()
    });
    // A panic in there goes where a handler's own would.
    let text = text.await.unwrap_or_else(|end| std::panic::resume_unwind(end.into_panic()));
    ([(header::CONTENT_TYPE, TEXT)], text).into_response()
}

/// Whether the peer may read the metrics: programs on this machine may. A request that a proxy passed on is its
/// sender's, whoever that is, and a peer that nobody named is none of this machine's.
fn may_scrape(peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    let is_passed_on =
        [header::FORWARDED.as_str(), "x-forwarded-for"].iter().any(|name| headers.contains_key(*name));
    peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) && !is_passed_on
}

/// Fills in what is not counted as it happens. What cannot be read keeps its last value: the other metrics are most
/// wanted when a disk fails.
fn look_up(ledger: &Handle) {
    let snapshot = ledger.snapshot();
    let standing = snapshot.state.alarms.values().filter(|alarm| alarm.is_standing()).count();
    set(ALARMS_STANDING, standing as u64);
    set(ledger::metrics::QUEUE_COMMANDS, ledger.queued() as u64);
    set(ledger::metrics::JOURNAL_NEWEST, snapshot.seq.0);
    let oldest = ledger.journal_oldest().map(|seq| seq.map_or(0, |seq| seq.0));
    let of_the_store =
        [(ledger::metrics::JOURNAL_OLDEST, oldest), (ledger::metrics::STORE_BYTES, ledger.store_bytes())];
    for (gauge, read) in of_the_store {
        match read {
            Ok(value) => set(gauge, value),
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(metric = gauge, error, "a metric of the store cannot be read");
            }
        }
    }
    if let Some(bytes) = disk_written() {
        metrics::counter!(DISK_WRITTEN).absolute(bytes);
    }
}

/// Sets a gauge. Beyond 2^53 a figure is rounded, as every number of Prometheus is.
fn set(gauge: &'static str, value: u64) {
    metrics::gauge!(gauge).set(value as f64);
}

/// What Linux has counted of this process's writes (`proc(5)`, `/proc/pid/io`, `write_bytes`).
fn disk_written() -> Option<u64> {
    let io = std::fs::read_to_string("/proc/self/io").ok()?;
    io.lines().find_map(|line| line.strip_prefix("write_bytes: "))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(peer: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let named =
            |(name, value): &(&'static str, &'static str)| (name.parse().unwrap(), value.parse().unwrap());
        may_scrape(Some(peer.parse().unwrap()), &headers.iter().map(named).collect::<HeaderMap>())
    }

    #[test]
    fn only_programs_on_this_machine_may_scrape() {
        assert!(may("127.0.0.1:50000", &[]));
        assert!(may("[::1]:50000", &[]));
        assert!(may("[::ffff:127.0.0.1]:50000", &[]));
        assert!(!may("10.0.0.7:50000", &[]));
        assert!(!may("[2001:db8::1]:50000", &[]));
        assert!(!may("127.0.0.1:50000", &[("x-forwarded-for", "10.0.0.7")]));
        assert!(!may("127.0.0.1:50000", &[("forwarded", "for=10.0.0.7")]));
        assert!(!may_scrape(None, &HeaderMap::new()));
    }

    #[test]
    fn every_metric_is_named_once_and_as_prometheus_wants_it() {
        let mut names = Vec::new();
        for table in TABLES {
            let rows = table.counters.iter().chain(table.gauges).map(|(name, ..)| *name);
            names.extend(rows.chain(table.histograms.iter().map(|(name, ..)| *name)));
            assert!(table.counters.iter().all(|(name, ..)| name.ends_with("_total")));
            assert!(!table.gauges.iter().any(|(name, ..)| name.ends_with("_total")));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| name.starts_with("caresync_")));
    }
}
