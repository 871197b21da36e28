//! `mqtt`: what the gateway makes of a message, and which devices speak that nobody is bound to.

use std::io::Read;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::console::{self, ConsoleArgs, Failure};
use super::table::table;
use super::{EXIT_CONFIG, EXIT_NO_INPUT, EXIT_SOFTWARE, complain, say};
use crate::ledger::Clock;
use crate::{config, mqtt};

/// The most that is read of a payload on standard input.
const STDIN_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Args)]
pub(super) struct MqttArgs {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    console: ConsoleArgs,
}

#[derive(Subcommand)]
enum Verb {
    /// Say which binding takes a message, and what it reads in it.
    ///
    /// Asks the configuration alone: the gateway need not run, and nothing is changed.
    Explain {
        /// The topic, such as zigbee2mqtt/pir-1.
        topic: String,
        /// The payload; - reads it from standard input.
        payload: String,
    },
    /// List devices that speak and that no binding names. Asks the running gateway.
    Discover,
}

pub(super) fn run(args: MqttArgs) -> ExitCode {
    let done = match &args.verb {
        Verb::Explain { topic, payload } => explain(&args.console, topic, payload),
        Verb::Discover => discover(&args.console),
    };
    match done {
        Ok(text) => {
            say(text.trim_end());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            complain(&failure.text);
            ExitCode::from(failure.code)
        }
    }
}

fn explain(args: &ConsoleArgs, topic: &str, payload: &str) -> Result<String, Failure> {
    let config = config::load(args.config.as_deref())
        .map_err(|problems| Failure::new(EXIT_CONFIG, problems.to_string()))?;
    let payload = match payload {
        "-" => {
            let mut read = Vec::new();
            let taken = std::io::stdin().lock().take(STDIN_BYTES_MAX).read_to_end(&mut read);
            taken.map_err(|error| Failure::new(EXIT_NO_INPUT, format!("standard input: {error}")))?;
            read
        }
        payload => payload.as_bytes().to_vec(),
    };
    let mqtt = &config.mqtt;
    Ok(mqtt::explain(&mqtt.bindings, &mqtt.base_topic, topic, &payload, Clock::System.now()))
}

fn discover(args: &ConsoleArgs) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::new(EXIT_SOFTWARE, format!("the system gives no threads: {error}")))?;
    let answer = runtime.block_on(console::ask(args, &json!({ "ask": "discover_devices" })))?;
    let devices = answer["devices"].as_array().cloned().unwrap_or_default();
    if devices.is_empty() {
        return Ok("no device was heard that is not bound".into());
    }
    let text = |device: &Value, key: &str| device[key].as_str().unwrap_or_default().to_owned();
    let rows = devices.iter().map(|device| {
        let messages = device["messages"].to_string();
        [text(device, "topic"), text(device, "dialect"), messages, text(device, "at")]
    });
    Ok(table(["topic", "dialect", "messages", "last"], rows))
}
