//! Logs: to standard error, as JSON for machines or text for people. Metrics: as Prometheus text.

pub mod metrics;

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// `[telemetry]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The least level that is logged: `error`, `warn`, `info`, `debug` or `trace`, or a filter such as
    /// `info,caresync_gateway::hub=debug`.
    pub level: String,
    /// How a line looks.
    pub format: Format,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self { level: "info".into(), format: Format::Json }
    }
}

impl Config {
    /// What is wrong with the values: key, and the remedy in words.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        match EnvFilter::builder().parse(&self.level) {
            Ok(_) => Vec::new(),
            Err(_) => vec![(
                "level",
                format!("\"{}\" is no level; use error, warn, info, debug or trace", self.level),
            )],
        }
    }
}

/// Starts logging, and logs panics with everything else. Called once.
pub fn init(config: &Config) {
    // The MCP library writes down what a client says of itself, whatever the level.
    let quiet = "rmcp=off".parse().expect("a target and a level");
    let filter = EnvFilter::builder().parse_lossy(&config.level).add_directive(quiet);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second subscriber in one process (a test that runs two gateways) keeps the first.
    drop(match config.format {
        // The list holds the current span too: a line names its request once.
        Format::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
        Format::Text => lines.with_target(false).try_init(),
    });
    std::panic::set_hook(Box::new(report_panic));
}

fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or("").to_owned();
    // Not the text: it may quote the data that it stumbled over.
    tracing::error!(panic.location = location, thread, "a thread panicked");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_by_its_place_and_never_by_its_text() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(report_panic));
            let patient = "Mrs Canary";
            let panicked = std::panic::catch_unwind(|| panic!("no bed for {patient}"));
            std::panic::set_hook(before);
            assert!(panicked.is_err());
        });
        let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(log.contains("a thread panicked") && log.contains("telemetry/mod.rs:"), "{log}");
        assert!(!log.contains("Canary"), "{log}");
    }
}
