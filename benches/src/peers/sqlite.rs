//! A ledger on SQLite: the gateway's rules and encoding, another store.
//!
//! One thread owns the connection and takes commands from a queue of the ledger's size. It runs the same
//! `State::decide` and `State::apply`, encodes the same JSON, writes the same rows (one per event into the
//! journal, one per changed entity), gathers as long, publishes a snapshot and answers the same receipt after the commit. It
//! is spared what the ledger does besides: it has no feed, no deadlines and no guard against a panic.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context;
use caresync_gateway::domain::command::Command;
use caresync_gateway::domain::entity::EntityKey;
use caresync_gateway::domain::event::{Committed, Concerned, Seq};
use caresync_gateway::domain::rejection::Rejection;
use caresync_gateway::domain::rules::Rules;
use caresync_gateway::domain::state::{Note, State};
use caresync_gateway::domain::time::Timestamp;
use caresync_gateway::ledger::{Clock, QUEUE_COMMANDS_MAX, Receipt, Snapshot, gather};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

/// The file within the store's folder.
const FILE: &str = "peer.sqlite";
/// Rows of 650 to 800 bytes are too large for WITHOUT ROWID to pay (sqlite.org/withoutrowid.html, section 3).
const SCHEMA: &str = "
    CREATE TABLE journal (seq INTEGER PRIMARY KEY, record BLOB NOT NULL);
    CREATE TABLE entity (key TEXT PRIMARY KEY, record BLOB NOT NULL);";
const APPEND: &str = "INSERT INTO journal (seq, record) VALUES (?1, ?2)";
const PUT: &str = "INSERT INTO entity (key, record) VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE SET record = excluded.record";
const DELETE: &str = "DELETE FROM entity WHERE key = ?1";

/// An open store with its writer.
pub(crate) struct Sqlite {
    /// The way in.
    pub(crate) handle: Handle,
    /// What SQLite says of its own settings.
    pub(crate) settings: String,
    writer: JoinHandle<rusqlite::Result<()>>,
}

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Handle(mpsc::Sender<Submission>);

struct Submission {
    command: Command,
    reply: oneshot::Sender<Result<Receipt, Rejection>>,
}

impl Handle {
    /// Submits `command` and waits until what follows is durable.
    pub(crate) async fn submit(&self, command: Command) -> anyhow::Result<Receipt> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Submission { command, reply }).await.ok().context("the writer has ended")?;
        Ok(answer.await.context("the writer has ended")??)
    }
}

impl Sqlite {
    /// Opens a new store in `folder` whose transactions hold at most `batch_max` commands.
    pub(crate) fn open(folder: &Path, batch_max: usize) -> anyhow::Result<Self> {
        let connection = Connection::open(folder.join(FILE))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.execute_batch(SCHEMA)?;
        let settings = read_settings(&connection)?;
        let (sender, inbox) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let state = State::new(Rules::default(), []);
        let writer = Writer { connection, state, seq: Seq(0), now: Timestamp::default(), batch_max };
        let thread = std::thread::Builder::new().name("sqlite".into());
        Ok(Self { handle: Handle(sender), settings, writer: thread.spawn(move || writer.run(inbox))? })
    }

    /// Waits for the writer to end, after the last [`Handle`] is dropped.
    pub(crate) fn join(self) -> anyhow::Result<()> {
        drop(self.handle);
        self.writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(())
    }
}

/// Counts the journal's records in the store in `folder`.
pub(crate) fn journal_len(folder: &Path) -> anyhow::Result<u64> {
    let connection = Connection::open(folder.join(FILE))?;
    let count: i64 = connection.query_row("SELECT count(*) FROM journal", [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

fn read_settings(connection: &Connection) -> rusqlite::Result<String> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    Ok(format!("SQLite {}, journal_mode={mode}, synchronous={synchronous} (2 is FULL)", rusqlite::version()))
}

struct Writer {
    connection: Connection,
    state: State,
    seq: Seq,
    now: Timestamp,
    batch_max: usize,
}

struct Answer {
    command: Command,
    result: Result<(usize, Option<Note>), Rejection>,
    reply: oneshot::Sender<Result<Receipt, Rejection>>,
}

impl Writer {
    fn run(mut self, mut inbox: mpsc::Receiver<Submission>) -> rusqlite::Result<()> {
        let mut submissions = Vec::with_capacity(self.batch_max);
        let mut expected = 0;
        while inbox.blocking_recv_many(&mut submissions, self.batch_max) > 0 {
            gather(&mut inbox, &mut submissions, expected.min(self.batch_max));
            expected = submissions.len();
            let answers = self.take(&mut submissions)?;
            self.answer(answers);
        }
        Ok(())
    }

    /// Makes one batch of `submissions` true.
    fn take(&mut self, submissions: &mut Vec<Submission>) -> rusqlite::Result<Vec<Answer>> {
        self.now = self.now.max(Clock::System.now());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut changed = BTreeSet::new();
        let mut answers = Vec::with_capacity(submissions.len());
        for Submission { command, reply } in submissions.drain(..) {
            let result = match self.state.decide(&command, self.now) {
                Err(rejection) => Err(rejection),
                Ok(outcome) => {
                    let count = outcome.events.len();
                    for event in outcome.events {
                        self.seq = self.seq.next();
                        let (actor, command_id) = (command.actor.clone(), command.id);
                        let event = Committed {
                            seq: self.seq,
                            at: self.now,
                            actor,
                            command_id,
                            before: Concerned::default(),
                            event,
                        };
                        append(&transaction, &event)?;
                        self.state.apply(&event.event, &mut changed, self.now);
                    }
                    Ok((count, outcome.note))
                }
            };
            answers.push(Answer { command, result, reply });
        }
        put_all(&transaction, &self.state, &changed)?;
        transaction.commit()?;
        Ok(answers)
    }

    fn answer(&self, answers: Vec<Answer>) {
        let snapshot = Arc::new(Snapshot { seq: self.seq, at: self.now, state: self.state.clone() });
        for Answer { command, result, reply } in answers {
            let (snapshot, command_id) = (snapshot.clone(), command.id);
            let receipt = result.map(|(events, note)| Receipt {
                command_id,
                seq: self.seq,
                events,
                note,
                subject: None,
                replayed: false,
                snapshot,
            });
            // A caller that no longer waits has given up on the answer, not on the command.
            drop(reply.send(receipt));
        }
    }
}

fn append(transaction: &Transaction<'_>, event: &Committed) -> rusqlite::Result<()> {
    let seq = i64::try_from(event.seq.0).expect("a benchmark ends before 2^63 events");
    transaction.prepare_cached(APPEND)?.execute((seq, encode(event)))?;
    Ok(())
}

fn put_all(
    transaction: &Transaction<'_>,
    state: &State,
    changed: &BTreeSet<EntityKey>,
) -> rusqlite::Result<()> {
    for key in changed {
        let (kind, id) = key.parts();
        let name = format!("e/{kind}/{id}");
        match state.get(key) {
            Some(entity) => transaction.prepare_cached(PUT)?.execute((name, encode(&entity)))?,
            None => transaction.prepare_cached(DELETE)?.execute((name,))?,
        };
    }
    Ok(())
}

/// The store's own encoding (`store/codec.rs`): a version byte and JSON.
fn encode(value: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.push(1);
    serde_json::to_writer(&mut bytes, value).expect("our types serialise, and memory takes every write");
    bytes
}
