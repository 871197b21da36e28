//! The `caresync-gateway` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    caresync_gateway::cli::main()
}
