//! Metrics: one registry for the process, as Prometheus text.
//!
//! Every part of the gateway names its own metrics in tables of rows; `app` hands them over here. Nothing is
//! pushed and nothing listens: who may read the text is not decided here. A label's value comes from a short
//! list that the code knows (a route's template, a code, a command's name), never from what a client sent: no
//! patient, device, user or room.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// How often [`Registry::tidy`] is to be called. The samples of histograms lie in a list until then: at 20,000
/// commands a second, 5 s of them take 1 MiB.
pub const TIDY_EVERY: Duration = Duration::from_secs(5);

/// Name, unit and help text.
pub type Row = (&'static str, Unit, &'static str);

/// A histogram's row, and the upper bounds of its buckets.
pub type HistogramRow = (&'static str, Unit, &'static str, &'static [f64]);

/// The metrics of one part of the gateway.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// What only grows. Those without labels are shown from the start.
    pub counters: &'static [Row],
    /// What goes up and down.
    pub gauges: &'static [Row],
    /// What is spread over buckets.
    pub histograms: &'static [HistogramRow],
}

/// The process's metrics. Clones share them.
#[derive(Clone)]
pub struct Registry(PrometheusHandle);

impl Registry {
    /// Every metric, in the text format of Prometheus.
    pub fn text(&self) -> String {
        self.0.render()
    }

    /// Sorts the samples of histograms into their buckets. To be called every [`TIDY_EVERY`].
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

/// Begins to count what `tables` name. To be called before the first part is built: what a part registers
/// earlier goes nowhere. A second call in one process (a test that runs two gateways) gives the first registry.
///
/// # Panics
///
/// When a histogram has no buckets, or another recorder was installed.
pub fn install(tables: &[Table]) -> Registry {
    static INSTALLED: OnceLock<Registry> = OnceLock::new();
    INSTALLED.get_or_init(|| begin(tables)).clone()
}

fn begin(tables: &[Table]) -> Registry {
    let mut builder = PrometheusBuilder::new();
    for (name, _, _, buckets) in tables.iter().flat_map(|table| table.histograms) {
        let named = Matcher::Full((*name).into());
        builder = builder.set_buckets_for_metric(named, buckets).expect("a histogram has buckets");
    }
    let handle = builder.install_recorder().expect("nothing else records metrics");
    for table in tables {
        for (name, unit, help) in table.counters {
            metrics::describe_counter!(*name, *unit, *help);
        }
        for (name, unit, help) in table.gauges {
            metrics::describe_gauge!(*name, *unit, *help);
        }
        for (name, unit, help, _) in table.histograms {
            metrics::describe_histogram!(*name, *unit, *help);
        }
    }
    Registry(handle)
}
