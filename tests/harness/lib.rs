//! What the stories share: a real gateway in a process of its own, and real clients for it.
//!
//! Nothing here sleeps: a story waits for an event with a deadline, and fails with what it saw instead.

mod catalogue;
mod client;
mod console;
mod crowd;
mod disk;
mod exposition;
mod gateway;
mod journal;
mod load;
mod mcp;
mod mosquitto;
mod peer;
mod program;
mod raw;
mod receiver;
mod shim;
mod speaker;
mod stream;
mod upstream_agent;
mod wire;

pub use catalogue::{Side, assert_catalogued, catalogue, fault_of};
pub use client::{Answer, Client, Http};
pub use console::{Chromium, Console, Node};
pub use crowd::{Crowd, Follower, allow_many_files};
pub use disk::Disk;
pub use exposition::{Exposition, Labels};
pub use gateway::{Gateway, Setup, binary};
pub use journal::Journal;
pub use load::{Ack, Load};
pub use mcp::McpAgent;
pub use mosquitto::{Mosquitto, publish, publish_lines, retained};
pub use peer::{BINARY, CLOSE, CONTINUATION, End, FIN, PING, PONG, Peer, TEXT, masked};
pub use program::{Ended, Program};
pub use raw::{RawSocket, UPGRADE, close_code};
pub use receiver::{Receiver, SIGNING_SECRET, python_tools};
pub use shim::Shim;
pub use speaker::Speaker;
pub use stream::{EventStream, StreamEvent};
pub use upstream_agent::{AGENT_TOKEN, Heard, Manner, UpstreamAgent};
pub use wire::{Certificate, Wire};

use std::path::{Path, PathBuf};
use std::time::Duration;

/// The bearer token of the demo's doctor, as the documented example writes it.
pub const DOCTOR: &str = "TOKEN";
/// The bearer token of the stories' admin.
pub const ADMIN: &str = "ADMIN-TOKEN";

/// How long anything that should happen at once may take on a busy machine. A liveness deadline, no measure.
pub const SOON: Duration = Duration::from_secs(30);

/// The checkout.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ stands in the checkout").to_owned()
}

/// The folder of footage and models, when it holds the footage; else says loudly what is skipped.
pub fn footage(story: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CARESYNC_ASSETS")
        .map(PathBuf::from)
        .unwrap_or_else(|| repository().join(".cache/assets"));
    if folder.join("one-by-one-person-detection.mp4").is_file() {
        return Some(folder);
    }
    announce(&format!("SKIPPED {story}: no footage in {}; run make assets", folder.display()));
    None
}

/// True when the long forms are asked for (`make prove`).
pub fn prove() -> bool {
    std::env::var_os("PROVE").is_some()
}

/// Prints a line that the test runner does not capture.
pub fn announce(line: &str) {
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// The machine's clock, in seconds since 1970: for signatures that carry their time.
#[expect(clippy::disallowed_methods, reason = "a sender has a clock of its own")]
pub fn unix_s() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("it is after 1970").as_secs()
}
