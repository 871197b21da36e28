//! `doctor`: reads the whole store and says in words what is wrong with it. Mends nothing.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::ExitCode;

use super::{complain, say};
use crate::config::Config;
use crate::ledger::{self, ChainReport};
use crate::store::{CheckError, Checked, OpenError, Store};

/// Checks the store that `config` names. Exit code 1 when something is wrong, or nothing could be checked.
pub(super) fn run(config: &Config) -> ExitCode {
    let path = &config.store.path;
    if let Some(owner) = owner_to_become(path) {
        complain(&format!(
            "the store belongs to user {owner}, and what root writes there the service could not open; \
             run: sudo -u '#{owner}' caresync-gateway doctor"
        ));
        return ExitCode::FAILURE;
    }
    match examine(path, config.store.cache_mib) {
        Ok(examined) => {
            examined.well.iter().for_each(|line| say(&format!("well: {line}")));
            examined.wrong.iter().for_each(|line| say(&format!("WRONG: {line}")));
            if examined.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(words) => {
            complain(&words);
            ExitCode::FAILURE
        }
    }
}

/// What was found, a line each.
#[derive(Default)]
struct Examined {
    well: Vec<String>,
    wrong: Vec<String>,
}

fn examine(path: &Path, cache_mib: u64) -> Result<Examined, String> {
    let store = Store::open_to_check(path, cache_mib).map_err(|error| why_not(&error))?;
    let unreadable = |error| format!("the disk cannot be read: {:#}", anyhow::Error::from(error));
    let checked = store.check().map_err(unreadable)?;
    let chain = ledger::verify(&store).map_err(unreadable)?;
    let bytes = store.bytes_on_disk().map_err(unreadable)?;
    let mut examined = Examined::default();
    let size = format!("the store in {} opens; it takes {} KiB", path.display(), bytes / 1024);
    examined.well.push(size);
    report_records(&checked, &mut examined);
    report_chain(&chain, &mut examined);
    Ok(examined)
}

fn report_records(checked: &Checked, examined: &mut Examined) {
    let Checked { entities, events, journal, answers, findings } = checked;
    examined.wrong.extend(findings.iter().map(ToString::to_string));
    let journal =
        journal.map_or("empty".into(), |(oldest, newest)| format!("{events} events, {oldest} to {newest}"));
    let line = format!(
        "read: {entities} rooms, tasks and other things; journal: {journal}; {answers} answers kept for repeats"
    );
    examined.well.push(line);
}

fn report_chain(chain: &ChainReport, examined: &mut Examined) {
    let ChainReport { entries, first, head, breaks, repaired } = chain;
    examined.wrong.extend(breaks.iter().map(|found| format!("audit trail: {found}")));
    let line = match first {
        Some(first) => format!("audit trail: {entries} entries, {first} to {}; head {}", head.n, head.hash),
        None => "audit trail: empty".into(),
    };
    examined.well.push(line);
    let told =
        |n: &u64| format!("audit trail: entry {n} says that the gateway found the end damaged and went on");
    examined.well.extend(repaired.iter().map(told));
}

fn why_not(error: &CheckError) -> String {
    match error {
        CheckError::Open(OpenError::InUse { path }) => format!(
            "a running gateway holds the store in {}; stop it first (systemctl stop caresync-gateway), then ask \
             again. Asking the running one comes with a later version",
            path.display()
        ),
        CheckError::None(path) => {
            format!("there is no store in {}; check store.path and the working folder", path.display())
        }
        CheckError::Damaged(source) => format!(
            "the store will not open ({source}); it is as it was. The gateway recovers it at its next start, and \
             keeps what was damaged"
        ),
        CheckError::Open(_) => format!("{error:#}"),
    }
}

/// The owner of the store, when root would leave files there that the owner cannot open.
fn owner_to_become(path: &Path) -> Option<u32> {
    let own = fs::metadata("/proc/self").ok()?.uid();
    let owner = fs::metadata(path.join("db")).ok()?.uid();
    (own == 0 && owner != 0).then_some(owner)
}
