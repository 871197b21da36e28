//! One idempotency key, asked a hundred times at once by a process that is killed again and again.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command as Program, Stdio};

use super::idempotency::{command, nurse, under};
use super::*;

/// Names the store to the child.
const STORE: &str = "CARESYNC_TEST_STORE";
const REPEATS: usize = 100;

#[test]
#[ignore = "the child of the test below"]
fn a_child_that_is_killed() {
    let Some(folder) = env::var_os(STORE) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = open(Path::new(&folder), &ManualClock::new(at_start()), Duration::from_secs(86_400));
        say("open");
        let mut waiting = JoinSet::new();
        for _ in 0..REPEATS {
            let handle = ledger.handle.clone();
            waiting.spawn(
                async move { handle.submit_with(command(nurse(), new_task()), under("k", "b")).await },
            );
        }
        while let Some(receipt) = soon(waiting.join_next()).await {
            let receipt = receipt.unwrap().unwrap();
            let subject = serde_json::to_string(&receipt.subject).unwrap();
            say(&format!("answer {} {} {subject}", receipt.command_id.0, receipt.events));
        }
        say("done");
    });
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n> {line}").and_then(|()| out.flush()).unwrap();
}

/// Runs a child on the store in `folder` and kills it after so many of its lines. Returns them.
fn killed_after(lines: usize, folder: &Path) -> Vec<String> {
    let child = "ledger::tests::kills::a_child_that_is_killed";
    let mut child = Program::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", child, "--nocapture"])
        .env(STORE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said = said.filter_map(|line| line.strip_prefix("> ").map(ToOwned::to_owned)).take(lines).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    said
}

#[test]
fn a_hundred_repeats_with_a_kill_among_them_have_one_effect_and_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut answers = BTreeSet::new();
    // Right after it opened, with one answer out, with half of them, and at last to the end.
    for lines in [1, 2, REPEATS / 2, 1, usize::MAX] {
        let said = killed_after(lines, folder.path());
        assert_eq!(said[0], "open");
        assert!(lines == usize::MAX || said.len() == lines, "{said:?}");
        if lines == usize::MAX {
            assert_eq!((said.len(), said.last().unwrap().as_str()), (REPEATS + 2, "done"));
        }
        answers.extend(said.into_iter().filter(|line| line.starts_with("answer ")));
    }
    assert_eq!(answers.len(), 1, "one answer: {answers:#?}");
    let store = Store::open(folder.path(), 32).unwrap().store;
    assert_eq!(store.journal(Seq(0)).count(), 1, "one effect");
    // The task, and the day that counts it.
    assert_eq!((store.entities().count(), store.answers().count()), (2, 1));
    assert_eq!(verify(&store).unwrap().entries, 1);
}
