//! Writes that fail for real: a small library, preloaded into the gateway under test only.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::{Gateway, Setup};

/// A fault that waits to be let loose in a gateway.
pub struct Shim {
    folder: TempDir,
}

impl Shim {
    /// Compiles the library.
    pub fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(folder.path().join("shim.c"), include_str!("shim.c"))
            .expect("the temporary folder takes a file");
        let mut cc = Command::new("cc");
        cc.args([
            "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", "shim.so", "shim.c", "-ldl",
        ]);
        let status = cc.current_dir(folder.path()).status().expect("cc runs: scripts/setup test installs it");
        assert!(status.success(), "shim.c compiles");
        Self { folder }
    }

    /// `setup`, with this shim in its gateways.
    #[must_use]
    pub fn in_gateways_of(&self, setup: Setup) -> Setup {
        setup.env("LD_PRELOAD", self.shared_object()).env("SHIM_FAULT", self.fault())
    }

    /// From now on every such call on the store's log fails with this error number.
    pub fn fail(&self, call: &str, errno: i32) {
        // A rename, so that nobody reads half of it.
        let draft = self.folder.path().join("draft");
        fs::write(&draft, format!("{call} {errno}")).expect("the temporary folder takes a file");
        fs::rename(draft, self.fault()).expect("a file can be renamed");
    }

    /// All is well again.
    pub fn mend(&self) {
        fs::remove_file(self.fault()).expect("the fault was let loose");
    }

    /// True when `gateway` runs with it.
    pub fn is_loaded(&self, gateway: &Gateway) -> bool {
        let maps = fs::read_to_string(format!("/proc/{}/maps", gateway.pid())).expect("the gateway runs");
        maps.contains(&self.shared_object().display().to_string())
    }

    fn shared_object(&self) -> PathBuf {
        self.folder.path().join("shim.so")
    }

    fn fault(&self) -> PathBuf {
        self.folder.path().join("fault")
    }
}
