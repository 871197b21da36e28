//! The `caresync-gateway` binary.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request allocates on one thread what another one frees, some hundred times (docs/adr/0010).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    caresync_gateway::cli::main()
}
