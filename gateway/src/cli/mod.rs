//! The command line.

mod access;
mod connect;
mod console;
mod doctor;
mod mqtt;
mod password;
mod roles;
mod table;
mod watch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Config};
use crate::{app, telemetry};

/// One service in the clinic: rooms, equipment and tasks, live and true.
#[derive(Parser)]
#[command(name = "caresync-gateway", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run the gateway.
    Serve(ConfigArgs),
    /// Check a configuration and say everything that is wrong with it.
    CheckConfig(ConfigArgs),
    /// Print live changes of a running gateway.
    Watch(watch::WatchArgs),
    /// Read the whole store while no gateway runs, and say what is wrong with it.
    Doctor(ConfigArgs),
    /// Accounts of people: add, list, edit, disable, enable, passwd.
    ///
    /// Talks to the running gateway through the socket in its store's folder, as root or as the gateway's own
    /// account. When none runs, opens the store itself and asks the same.
    User(access::UserArgs),
    /// Bearer tokens: list, add-kiosk, revoke. Works as `user` does.
    Token(access::TokenArgs),
    /// Keys of machines: add, list, rotate, revoke. Works as `user` does.
    Key(access::KeyArgs),
    /// Print who may do, hear and see what.
    Roles(roles::RolesArgs),
    /// Devices over MQTT: explain, discover.
    Mqtt(mqtt::MqttArgs),
}

#[derive(clap::Args)]
struct ConfigArgs {
    /// The configuration file (TOML). The environment (CARESYNC_HTTP__LISTEN=…) wins over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Exit codes, as sysexits.h names them.
const EXIT_USAGE: u8 = 64;
const EXIT_DATA: u8 = 65;
const EXIT_NO_INPUT: u8 = 66;
const EXIT_SOFTWARE: u8 = 70;
const EXIT_TRY_AGAIN: u8 = 75;
const EXIT_NO_PERMISSION: u8 = 77;
const EXIT_CONFIG: u8 = 78;

/// Runs what the command line asks for.
pub fn main() -> ExitCode {
    // Before anything speaks TLS, so that all of it does with one provider. Only a second call could fail.
    drop(rustls::crypto::ring::default_provider().install_default());
    match Cli::parse().verb {
        Verb::Serve(args) => configured(args.config.as_deref(), |config| serve(config, args.config.clone())),
        Verb::CheckConfig(args) => configured(args.config.as_deref(), |config| {
            for warning in &config.warnings {
                complain(&format!("warning: {warning}"));
            }
            say(&summary(&config));
            ExitCode::SUCCESS
        }),
        Verb::Watch(args) => ended(watch::run(args), complain),
        Verb::Doctor(args) => configured(args.config.as_deref(), |config| doctor::run(&config)),
        Verb::User(args) => access::user(args),
        Verb::Token(args) => access::token(args),
        Verb::Key(args) => access::key(args),
        Verb::Mqtt(args) => mqtt::run(args),
        Verb::Roles(args) => {
            say(roles::tables(args.markdown).trim_end());
            ExitCode::SUCCESS
        }
    }
}

fn configured(file: Option<&Path>, then: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match config::load(file) {
        Ok(config) => then(config),
        Err(problems) => {
            complain(&problems.to_string());
            ExitCode::from(EXIT_CONFIG)
        }
    }
}

fn serve(config: Config, file: Option<PathBuf>) -> ExitCode {
    telemetry::init(&config.telemetry);
    for warning in &config.warnings {
        tracing::warn!(
            key = warning.key,
            place = warning.place,
            remedy = warning.remedy,
            "the configuration is valid, but"
        );
    }
    ended(app::run(config, file), |error| tracing::error!(error, "the gateway ends with an error"))
}

/// Runs `work` to its end, and says what went wrong by `report`.
fn ended(work: impl Future<Output = anyhow::Result<()>>, report: impl Fn(&str)) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            report(&format!("the system gives no threads: {error}"));
            return ExitCode::from(EXIT_SOFTWARE);
        }
    };
    let result = runtime.block_on(work);
    // A reader that hangs in a camera's driver must not keep the process.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("{error:#}"));
            ExitCode::from(EXIT_SOFTWARE)
        }
    }
}

fn summary(config: &Config) -> String {
    format!(
        "the configuration is valid: {} rooms and {} cameras, listening on {}, store in {}",
        config.clinic.rooms.len(),
        config.cameras.len(),
        config.http.listen,
        config.store.path.display()
    )
}

/// Prints a line for people or pipes. A closed pipe is no error of ours.
fn say(line: &str) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

fn complain(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "caresync-gateway: {line}"));
}
