//! Opening, and what to do when a store will not open.
//!
//! Nothing of the clinic's is ever deleted. sled overwrites what it cannot read while it tries to open a log,
//! so a copy is taken first, and put back when the opening fails. On a full disk a failure says nothing about
//! the store, which is left as it is. Otherwise the store is tried on another copy without its `snap.*` files:
//! sled rebuilds them from the log. If that works, the same is done to the store itself; if not, the store is
//! moved aside whole and a new one begins, with a new epoch.

use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::{Duration, Instant};

use super::codec::{self, EPOCH_KEY};
use super::{CheckError, Store, StoreError, redo};

/// What sled may write while it opens a store, and ample: the rest of a segment of 512 KiB, and a snapshot, which
/// has 1.3 KiB for a log of 3 MiB (measured, sled 0.34.7).
const OPENING_BYTES: usize = 4 * 1024 * 1024;
/// The largest log that is copied before it opens: a larger one would keep a clinic waiting for a minute on an SD card.
const UNTOUCHED_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// The trees: the clinic's state, readings, and, with a number behind it, each part of the last commit's redo record.
const STATE: &str = "state";
const READINGS: &str = "readings";
const REDO: &str = "redo-";
/// How long a holder of the folder may take to let go of it.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(1);
/// How often the folder is tried while it is held.
const LOCK_RETRY: Duration = Duration::from_millis(10);

/// An open store, and what it took to open it.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What was wrong with it and what was done, if anything.
    pub recovery: Option<Recovery>,
}

/// What was done to a store that would not open.
#[derive(Clone, Debug, PartialEq)]
pub enum Recovery {
    /// The store opened without its snapshots, which were rebuilt from the log. If the log was damaged too, its
    /// end is lost: the epoch is a new one.
    SnapshotsRebuilt {
        /// Where the damaged ones are.
        kept_in: PathBuf,
    },
    /// The log itself was damaged: a new store begins.
    StartedAnew {
        /// Where the damaged store is, untouched.
        kept_in: PathBuf,
    },
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds it.
    #[error(
        "store.path: {path} is in use by another caresync-gateway; stop that one, or choose another folder"
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder cannot be used.
    #[error("store.path: {path} cannot be used")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A new, empty store cannot be used either.
    #[error("store.path: {path} cannot be opened")]
    Store {
        /// The folder.
        path: PathBuf,
        /// What the store said.
        #[source]
        source: StoreError,
    },
}

pub(super) fn open(path: &Path, cache_mib: u64) -> Result<Opened, OpenError> {
    let folder = |source| OpenError::Folder { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(folder)?;
    let lock = lock(path)?;
    let was_used = fs::metadata(path.join("db")).is_ok_and(|log| log.len() > 0);
    let untouched = if was_used { copy_untouched(path).map_err(folder)? } else { None };
    let opened = open_sled(path, cache_mib).and_then(|db| if was_used { check_epoch(db) } else { Ok(db) });
    let (db, recovery) = match opened {
        Ok(db) => {
            untouched.map_or(Ok(()), fs::remove_dir_all).map_err(folder)?;
            (db, None)
        }
        Err(error) => {
            tracing::error!(%error, store.path = %path.display(), "the store will not open");
            let space = check_space(path);
            untouched.map_or(Ok(()), |copy| put_back(path, &copy)).map_err(folder)?;
            space.map_err(folder)?;
            let recovery = recover(path, cache_mib).map_err(folder)?;
            let db = open_sled(path, cache_mib);
            let db = db.map_err(|source| OpenError::Store { path: path.to_owned(), source })?;
            (db, Some(recovery))
        }
    };
    let store = |source| OpenError::Store { path: path.to_owned(), source };
    let log_file = File::open(path.join("db")).map_err(folder)?;
    let store = assemble(db, recovery.is_some(), log_file, path, lock).map_err(store)?;
    store.flush().map_err(|source| OpenError::Store { path: path.to_owned(), source })?;
    sync_folders(path).map_err(folder)?;
    Ok(Opened { store, recovery })
}

/// Opens a store without mending it: no recovery, no new epoch, no new folder.
pub(super) fn open_to_check(path: &Path, cache_mib: u64) -> Result<Store, CheckError> {
    let folder = |source| OpenError::Folder { path: path.to_owned(), source };
    if !fs::metadata(path.join("db")).is_ok_and(|log| log.len() > 0) {
        return Err(CheckError::None(path.to_owned()));
    }
    let lock = lock(path)?;
    let untouched = copy_untouched(path).map_err(folder)?;
    let opened = open_sled(path, cache_mib).and_then(check_epoch).and_then(|db| {
        let log_file = File::open(path.join("db")).map_err(StoreError::Sync)?;
        assemble(db, false, log_file, path, lock)
    });
    match opened {
        Ok(store) => {
            untouched.map_or(Ok(()), fs::remove_dir_all).map_err(folder)?;
            Ok(store)
        }
        Err(error) => {
            untouched.map_or(Ok(()), |copy| put_back(path, &copy)).map_err(folder)?;
            Err(CheckError::Damaged(error))
        }
    }
}

/// Makes a store of what was opened, with the last commit whole.
fn assemble(
    db: sled::Db,
    recovered: bool,
    log_file: File,
    path: &Path,
    lock: File,
) -> Result<Store, StoreError> {
    let (tree, readings) = (db.open_tree(STATE)?, db.open_tree(READINGS)?);
    let redo = (1..=redo::PARTS_MAX).map(|part| db.open_tree(format!("{REDO}{part}")));
    let redo = redo.collect::<Result<Vec<_>, _>>()?;
    let epoch = epoch(&tree, recovered)?;
    let (path, bytes_written, has_redo) = (path.to_owned(), AtomicU64::new(0), AtomicBool::new(false));
    let store =
        Store { tree, readings, redo, has_redo, db, log_file, path, epoch, bytes_written, _lock: lock };
    store.redo()?;
    Ok(store)
}

/// Takes the folder for this process. sled's own lock fails like damage does, so ours comes first. A holder that is
/// about to let go is waited for: between its fork and its exec, each child of a process holds what that one held.
fn lock(path: &Path) -> Result<File, OpenError> {
    let file_path = path.join("lock");
    let folder = |source| OpenError::Folder { path: file_path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&file_path).map_err(folder)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(folder(source)),
            Err(TryLockError::WouldBlock) if began.elapsed() >= LOCK_WAIT_MAX => {
                return Err(OpenError::InUse { path: path.to_owned() });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_RETRY),
        }
    }
}

/// Opens sled. A panic of sled on a damaged file is damage like any other.
fn open_sled(path: &Path, cache_mib: u64) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new().path(path).cache_capacity(cache_mib << 20).flush_every_ms(None);
    let opened = catch_unwind(AssertUnwindSafe(|| config.open()));
    let panicked = || sled::Error::Io(io::Error::other("sled panicked while it opened the store"));
    Ok(opened.unwrap_or_else(|_| Err(panicked()))?)
}

/// sled takes a log in which it recognises nothing for an empty one. Ours has an epoch from its first commit on.
fn check_epoch(db: sled::Db) -> Result<sled::Db, StoreError> {
    match db.open_tree(STATE)?.get(EPOCH_KEY)? {
        Some(_) => Ok(db),
        None => {
            Err(StoreError::Sled(sled::Error::Io(io::Error::other("the log holds no epoch: it is not ours"))))
        }
    }
}

/// Reads the epoch, or begins one. After a recovery always: sled cuts a damaged log short without a word, and a
/// seq that names another event than before must not look like the same place.
fn epoch(tree: &sled::Tree, recovered: bool) -> Result<String, sled::Error> {
    if let Some(epoch) = tree.get(EPOCH_KEY)?.filter(|_| !recovered) {
        return Ok(String::from_utf8_lossy(&epoch).into_owned());
    }
    let epoch: String = (0..6).map(|_| char::from(rand::random_range(b'a'..=b'z'))).collect();
    tree.insert(EPOCH_KEY, epoch.as_bytes())?;
    Ok(epoch)
}

/// Makes the folder's own entries durable: a synced file with no name is a lost file.
fn sync_folders(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Copies what sled keeps before sled sees it: sled writes while it opens, also over what it cannot read. None
/// when the disk refuses or the log is too large: opening is worth more than the copy.
fn copy_untouched(path: &Path) -> io::Result<Option<PathBuf>> {
    let copy = path.join("untouched");
    let part = path.join("untouched.part");
    if part.exists() {
        // A copy that a power cut left half made.
        fs::remove_dir_all(&part)?;
    }
    if copy.exists() {
        tracing::warn!(store.path = %path.display(), "an earlier opening did not end; the store is as it was before it");
        put_back(path, &copy)?;
    }
    let log_bytes = fs::metadata(path.join("db"))?.len();
    if log_bytes > UNTOUCHED_BYTES_MAX {
        tracing::warn!(log_bytes, "the store is too large to be copied before it opens");
        return Ok(None);
    }
    let copied = fs::create_dir(&part).and_then(|()| {
        sled_files(path)?.iter().try_for_each(|file| copy_all(&path.join(file), &part.join(file)))?;
        check_space(path)?;
        File::open(&part)?.sync_all()?;
        fs::rename(&part, &copy)
    });
    let Err(error) = copied else { return Ok(Some(copy)) };
    tracing::warn!(%error, store.path = %path.display(), "no copy of the store could be made before it opens");
    fs::remove_dir_all(&part)?;
    Ok(None)
}

/// Undoes what sled did to the store in a vain attempt to open it.
fn put_back(path: &Path, untouched: &Path) -> io::Result<()> {
    let kept = sled_files(untouched)?;
    // A snapshot of the vain attempt would not fit the log that comes back.
    for file in sled_files(path)?.into_iter().filter(|file| is_snapshot(file) && !kept.contains(file)) {
        fs::remove_file(path.join(&file))?;
    }
    for file in sled_files(untouched)? {
        fs::rename(untouched.join(&file), path.join(&file))?;
    }
    sync_folders(path)?;
    fs::remove_dir(untouched)
}

fn recover(path: &Path, cache_mib: u64) -> io::Result<Recovery> {
    let copy = fresh_folder(path, "recovery")?;
    let rebuilt = rebuild(path, &copy, cache_mib);
    fs::remove_dir_all(&copy)?;
    let rebuilt = rebuilt?;
    let kept_in = fresh_folder(path, "damaged")?;
    let set_aside = |wanted: fn(&str) -> bool| -> io::Result<()> {
        for file in sled_files(path)?.into_iter().filter(|file| wanted(file)) {
            fs::rename(path.join(&file), kept_in.join(&file))?;
        }
        sync_folders(&kept_in)
    };
    match rebuilt {
        Ok(records) => {
            tracing::warn!(records, kept_in = %kept_in.display(), "the store opens without its snapshots");
            set_aside(is_snapshot)?;
            Ok(Recovery::SnapshotsRebuilt { kept_in })
        }
        Err(error) => {
            tracing::error!(%error, kept_in = %kept_in.display(), "the store cannot be recovered; a new one begins");
            set_aside(|_| true)?;
            Ok(Recovery::StartedAnew { kept_in })
        }
    }
}

/// Opens `copy`, made of the store without its snapshots. The outer error says nothing about the data.
fn rebuild(path: &Path, copy: &Path, cache_mib: u64) -> io::Result<Result<usize, StoreError>> {
    for file in sled_files(path)?.into_iter().filter(|file| !is_snapshot(file)) {
        copy_all(&path.join(&file), &copy.join(&file))?;
    }
    let rebuilt = open_sled(copy, cache_mib).and_then(|db| readable(&db));
    if rebuilt.is_err() {
        check_space(path)?;
    }
    Ok(rebuilt)
}

/// Fails when the disk is full: sled then fails, or panics, as it does on damage, and nothing is damaged.
fn check_space(path: &Path) -> io::Result<()> {
    let probe = path.join("probe");
    let written = fs::write(&probe, vec![0; OPENING_BYTES]).and_then(|()| File::open(&probe)?.sync_all());
    // Where it could not be made, there is nothing to remove; elsewhere the next probe overwrites it.
    drop(fs::remove_file(&probe));
    written
}

/// Reads every record and returns how many there are. None at all is not our store.
fn readable(db: &sled::Db) -> Result<usize, StoreError> {
    let tree = db.open_tree(STATE)?;
    let mut records = 0;
    for pair in tree.iter() {
        let (key, value) = pair?;
        if key.as_ref() != EPOCH_KEY {
            codec::decode::<serde_json::Value>((key, value))?;
        }
        records += 1;
    }
    if records == 0 {
        return Err(StoreError::Sled(sled::Error::Io(io::Error::other("the log holds no records"))));
    }
    Ok(records)
}

fn fresh_folder(path: &Path, name: &str) -> io::Result<PathBuf> {
    for n in 1.. {
        let folder = path.join(format!("{name}-{n}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("a folder name is free before the numbers run out")
}

/// What sled itself keeps in the folder.
fn sled_files(path: &Path) -> io::Result<Vec<String>> {
    let names =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let is_sled = |name: &String| matches!(name.as_str(), "db" | "conf" | "blobs") || is_snapshot(name);
    Ok(names.collect::<io::Result<Vec<_>>>()?.into_iter().filter(is_sled).collect())
}

fn is_snapshot(name: &str) -> bool {
    name.starts_with("snap.")
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        fs::copy(from, to)?;
        return File::open(to)?.sync_all();
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
