//! Disks of one's own: an ext4 file system in an image file. Only root can have them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A mounted image. Dropped, it is unmounted and removed: drop what uses it first.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A new, empty disk of so many MiB; says loudly that `story` is skipped when there can be none.
    pub fn new(story: &str, mib: u64) -> Option<Self> {
        let disk = Self::unmounted();
        let made = File::create(disk.image())
            .and_then(|file| file.set_len(mib << 20))
            .map_err(|error| error.to_string());
        let image = disk.image().display().to_string();
        let mounted = made
            .and_then(|()| run("mkfs.ext4", &["-q", "-F", "-m", "0", &image]))
            .and_then(|()| disk.mount());
        match mounted {
            Ok(()) => Some(disk),
            Err(why) => {
                crate::announce(&format!(
                    "SKIPPED {story}: it needs root, mkfs.ext4 and loop mounts ({why})"
                ));
                None
            }
        }
    }

    /// What the disk would hold had the power gone now: nothing of what the kernel has yet to write. Its
    /// writers have to stand still meanwhile.
    pub fn after_a_power_cut(&self) -> Self {
        let copy = Self::unmounted();
        let (from, to) = (self.image().display().to_string(), copy.image().display().to_string());
        run("cp", &["--sparse=always", "--reflink=auto", &from, &to]).expect("the image can be copied");
        copy.mount().expect("the copy mounts, and its own journal is replayed");
        copy
    }

    /// The folder where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// Fills it with a file until only so much is free; returns the file.
    pub fn fill_all_but(&self, free_kib: u64) -> PathBuf {
        let filler = self.path().join("filler");
        let output =
            Command::new("df").args(["--output=avail", "-k"]).arg(self.path()).output().expect("df runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let avail_kib: u64 =
            text.lines().last().and_then(|line| line.trim().parse().ok()).expect("df prints a number");
        let length = format!("{}KiB", avail_kib - free_kib);
        run("fallocate", &["--length", &length, &filler.display().to_string()])
            .expect("the disk takes the filler");
        filler
    }

    fn unmounted() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(folder.path().join("mounted")).expect("the temporary folder takes a folder");
        Self { folder }
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn mount(&self) -> Result<(), String> {
        let (image, path) = (self.image(), self.path());
        // ext4 commits every 5 s by itself: often enough to hide now and then that nobody asked for it.
        run("mount", &["-t", "ext4", "-o", "loop,commit=300", &text(&image), &text(&path)])
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let path = text(&self.path());
        if run("mountpoint", &["-q", &path]).is_ok() && run("umount", &[&path]).is_err() {
            // Something still has a file open there. Let go of it, so that at least nothing is left behind.
            drop(run("umount", &["--lazy", &path]));
        }
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{program}: {}", complaint.trim())) }
}
