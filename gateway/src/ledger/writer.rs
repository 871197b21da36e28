//! The writer's thread: decide, commit, publish, answer, broadcast.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::mpsc;

use super::answers::Answers;
use super::audit::Trail;
use super::checkpoint::Unwritten;
use super::clock::Timekeeper;
use super::handle::Submission;
use super::housekeeping::{self, House};
use super::metrics::Meters;
use super::readings::Readings;
use super::turn::{Done, Turn};
use super::{BATCH_COMMANDS_MAX, Feed, GATHER_MAX, Head, Idempotency, Settings, Snapshot, Terms};
use crate::domain::actor::Actor;
use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::command::{Ask, Command};
use crate::domain::entity::Change;
use crate::domain::event::{Committed, Event, Seq};
use crate::domain::id::CommandId;
use crate::domain::rejection::Rejection;
use crate::domain::state::{Note, Outcome, State};
use crate::domain::time::Timestamp;
use crate::store::{Batch, JournalRecord, KeptAnswer, KeptSubject, Store, StoreError, TooLarge};

/// How often time advances within one batch: a deadline that sets another one that is due already. The rest
/// comes with the next batch, which follows at once.
const ADVANCES_PER_BATCH_MAX: usize = 8;
/// How long a deadline rests that could not be done, so that a rule that breaks on it does not spin the thread.
const REFUSED_ADVANCE_RESTS: Duration = Duration::from_secs(1);

pub(super) fn spawn(
    inbox: mpsc::Receiver<Submission>,
    store: Arc<Store>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    feed: Feed,
    memory: (Answers, Trail, Unwritten, Readings),
    settings: Settings,
) -> io::Result<JoinHandle<Result<(), StoreError>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let before = snapshot.load_full();
    let (answers, audit, unwritten, readings) = memory;
    let writer = Writer {
        time: Timekeeper::new(settings.clock.clone(), before.at),
        state: before.state.clone(),
        seq: before.seq,
        advance_due: Timestamp::default(),
        unwritten,
        answers,
        audit,
        readings,
        house: House::new(&settings),
        store,
        snapshot,
        feed,
        meters: Meters::new(),
    };
    std::thread::Builder::new().name("ledger".into()).spawn(move || runtime.block_on(writer.run(inbox)))
}

pub(super) struct Writer {
    time: Timekeeper,
    pub(super) state: State,
    seq: Seq,
    /// Deadlines rest until then: the last one could not be done.
    advance_due: Timestamp,
    unwritten: Unwritten,
    pub(super) answers: Answers,
    pub(super) audit: Trail,
    pub(super) readings: Readings,
    pub(super) house: House,
    pub(super) store: Arc<Store>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    feed: Feed,
    meters: Meters,
}

impl Writer {
    async fn run(mut self, mut inbox: mpsc::Receiver<Submission>) -> Result<(), StoreError> {
        let mut submissions = Vec::with_capacity(BATCH_COMMANDS_MAX);
        let first = self.time.first();
        let mut turn = Turn::default();
        self.step_clock(first.stepped_ms, first.now, &mut turn);
        self.finish(turn, first.now)?;
        let mut expected = 0;
        loop {
            let deadline = self.state.next_deadline().map(|at| at.max(self.advance_due));
            let deadline = [deadline, self.readings.due()].into_iter().flatten().min();
            tokio::select! {
                // All arms are cancel safe: recv_many takes nothing unless it completes.
                taken = inbox.recv_many(&mut submissions, BATCH_COMMANDS_MAX) => {
                    if taken == 0 {
                        return self.end();
                    }
                }
                () = self.time.sleep_until(deadline) => {}
                // A clinic that sleeps is looked after all the same.
                () = tokio::time::sleep(housekeeping::EVERY) => {}
            }
            gather(&mut inbox, &mut submissions, expected);
            expected = submissions.len();
            self.take(&mut submissions)?;
        }
    }

    /// Makes one batch of `submissions` true.
    fn take(&mut self, submissions: &mut Vec<Submission>) -> Result<(), StoreError> {
        let reading = self.time.read();
        let mut turn = Turn::default();
        self.step_clock(reading.stepped_ms, reading.now, &mut turn);
        self.advance_clock(reading.now, &mut turn);
        self.audit.settle(reading.now, &mut turn.records);
        for submission in submissions.drain(..) {
            match submission {
                Submission::Command { command, terms, reply, span } => {
                    // What is logged on the way belongs to the request that asked.
                    let result = span.in_scope(|| self.take_one(&command, &terms, reading.now, &mut turn));
                    self.meters.taken(command.ask.name(), result.as_ref().map(|done| done.events));
                    turn.answer(result, reply);
                }
                Submission::Note { note, origin, reply } => {
                    self.audit.note(note, origin.as_deref(), reading.now, &mut turn.records);
                    turn.noted(reply);
                }
            }
        }
        self.finish(turn, reading.now)?;
        self.keep_house(reading.now)
    }

    /// Does what is due at `now`.
    fn advance_clock(&mut self, now: Timestamp, turn: &mut Turn) {
        for _ in 0..ADVANCES_PER_BATCH_MAX {
            if now < self.advance_due || self.state.next_deadline().is_none_or(|at| at > now) {
                break;
            }
            if !self.take_own(Ask::AdvanceClock, now, turn) {
                self.advance_due = now.plus(REFUSED_ADVANCE_RESTS);
            }
        }
    }

    fn step_clock(&mut self, by_ms: i64, now: Timestamp, turn: &mut Turn) {
        if by_ms != 0 {
            tracing::warn!(by_ms, "the wall clock was set; deadlines move with it");
            self.take_own(Ask::ClockStepped { by_ms }, now, turn);
            self.advance_due = self.advance_due.shifted(by_ms);
            self.house.shift_clock(by_ms);
            self.answers.shift_clock(by_ms);
            self.readings.shift_clock(by_ms);
        }
    }

    /// Takes a command of the gateway's own. False when it was refused.
    pub(super) fn take_own(&mut self, ask: Ask, now: Timestamp, turn: &mut Turn) -> bool {
        let command = Command { id: CommandId(uuid::Uuid::now_v7()), actor: Actor::Gateway, ask };
        let taken = self.take_one(&command, &Terms::default(), now, turn);
        self.meters.taken(command.ask.name(), taken.as_ref().map(|done| done.events));
        if let Err(rejection) = &taken {
            tracing::error!(command = command.ask.name(), %rejection, "a command of the gateway's own was refused");
        }
        taken.is_ok()
    }

    /// Takes one command: answers a repeat as before, else decides it, and keeps what has to be kept of it.
    fn take_one(
        &mut self,
        command: &Command,
        terms: &Terms,
        now: Timestamp,
        turn: &mut Turn,
    ) -> Result<Done, Rejection> {
        if let Some(asked) = &terms.idempotency
            && let Some(done) = self.answered_before(asked, command, now)?
        {
            return Ok(done);
        }
        let recalled = self.recall(command, turn);
        let result = self.check_revision(command, terms).and_then(|()| self.decide(command, now, turn));
        if let (Some(key), Err(_)) = (recalled, &result) {
            // Else a long row of refusals would fill memory with years.
            self.state.let_go(&key);
        }
        match &result {
            Ok(done) => {
                let is_noted = done.note == Some(Note::OnlyObserved);
                let is_recorded = done.recorded && !command.ask.only_counts();
                if is_recorded || is_noted || (done.events > 0 && command.actor.is_audited()) {
                    self.audit.witness(command, terms, Ok((done, self.seq)), now, &mut turn.records);
                }
                if let Some(asked) = &terms.idempotency {
                    self.answers.keep(asked, command, done, now, &mut turn.records);
                }
            }
            Err(rejection) if rejection.is_audited() => {
                self.audit.witness(command, terms, Err(rejection), now, &mut turn.records);
            }
            Err(_) => {}
        }
        result
    }

    /// The answer that the same request got before.
    fn answered_before(
        &self,
        asked: &Idempotency,
        command: &Command,
        now: Timestamp,
    ) -> Result<Option<Done>, Rejection> {
        let Some((id, answer)) = self.answers.find(asked, &command.actor, now)? else { return Ok(None) };
        let current = || self.state.subject(&command.ask, answer.command_id);
        let subject = match answer.subject {
            KeptSubject::Nothing => None,
            KeptSubject::Current => current(),
            KeptSubject::Copied => self.answers.copy(&id, &self.store).unwrap_or_else(|error| {
                tracing::error!(%error, "the copy of an answer cannot be read; the thing is shown as it is now");
                current()
            }),
        };
        let KeptAnswer { command_id, events, ref note, .. } = *answer;
        Ok(Some(Done { command_id, events, note: note.clone(), subject, replayed: true, recorded: false }))
    }

    /// Refuses an edit that rests on a revision which is no longer the newest. What does not exist is for the
    /// rules to refuse.
    fn check_revision(&self, command: &Command, terms: &Terms) -> Result<(), Rejection> {
        let Some(expected) = terms.if_match else { return Ok(()) };
        let current = self.state.subject(&command.ask, command.id);
        match current {
            Some(current) if current.revision() != Some(expected) => {
                Err(Rejection::Stale { current: Box::new(current) })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Decides one command and applies what follows to the working state.
    fn decide(&mut self, command: &Command, now: Timestamp, turn: &mut Turn) -> Result<Done, Rejection> {
        let decided = catch_unwind(AssertUnwindSafe(|| self.state.decide(command, now)));
        let Ok(decided) = decided else {
            self.set_aside(command, now, turn);
            return Err(Rejection::Undecidable);
        };
        let Outcome { events, touches, records, note, readings, marks } = decided?;
        let (count, recorded) = (events.len(), !records.is_empty());
        check_records(&records)?;
        self.append(events, command, now, turn)?;
        // The journal does not tell records.
        turn.is_checkpoint |= recorded;
        records.into_iter().for_each(|change| self.state.record(change, &mut turn.changed));
        turn.touched |= !touches.is_empty();
        touches.into_iter().for_each(|entity| self.state.touch(entity));
        // The gateway's own cameras are told nothing, and say the same again within a second.
        let is_answered = !matches!(command.actor, Actor::Camera(_));
        if let Err(error) = self.readings.take(readings, is_answered, now) {
            turn.failed = Some(error);
        }
        self.readings.mark(marks);
        let subject = self.state.subject(&command.ask, command.id);
        Ok(Done { command_id: command.id, events: count, note, subject, replayed: false, recorded })
    }

    /// Encodes all of a command's events before applying any: one that is too large refuses the command whole.
    fn append(
        &mut self,
        events: Vec<Event>,
        command: &Command,
        now: Timestamp,
        turn: &mut Turn,
    ) -> Result<(), Rejection> {
        let (mut records, mut committed) =
            (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
        let mut seq = self.seq;
        for event in events {
            seq = seq.next();
            let before = self.state.concerned_by(&event).without(&event.concerns());
            let (actor, command_id) = (command.actor.clone(), command.id);
            let event = Committed { seq, at: now, actor, command_id, before, event };
            records.push(JournalRecord::new(&event).map_err(|TooLarge { bytes }| Rejection::TooLarge {
                bytes,
                field: event.event.largest_field(),
            })?);
            committed.push(Arc::new(event));
        }
        self.seq = seq;
        turn.records.append(&records);
        for event in committed {
            // Outside catch_unwind: a panic here leaves a state that nobody may trust, and ends the process.
            self.state.apply(&event.event, &mut turn.changed, now);
            turn.events.push(event);
        }
        Ok(())
    }

    /// A command that panics the rules must not become a crash loop: it is refused, and an alarm says so.
    fn set_aside(&mut self, command: &Command, now: Timestamp, turn: &mut Turn) {
        let name = command.ask.name();
        tracing::error!(command = name, command.id = %command.id.0, "a command panicked the rules and was set aside");
        let notice = AlarmNotice {
            cause: AlarmCause::CommandUndecidable,
            subject: name.into(),
            text: format!("the gateway could not decide a command ({name}) and set it aside"),
            remedy: "report it to the maintainers with the log around this time; nothing else is affected"
                .into(),
            children: Vec::new(),
        };
        if command.ask != Ask::RaiseAlarm(notice.clone()) {
            self.take_own(Ask::RaiseAlarm(notice), now, turn);
        }
    }

    /// Commit, publish, answer, broadcast: in this order, or a caller could lose what it was promised.
    pub(super) fn finish(&mut self, mut turn: Turn, now: Timestamp) -> Result<(), StoreError> {
        if let Some(error) = turn.failed.take() {
            return Err(error);
        }
        let is_news = turn.is_news();
        if is_news || !turn.records.is_empty() || self.readings.is_due(now) {
            let begun = Instant::now();
            self.commit(&mut turn)?;
            self.meters.committed(turn.callers(), begun.elapsed());
            self.answers.committed();
        }
        if is_news || turn.touched {
            self.publish(now);
        }
        self.readings.publish();
        let snapshot = self.snapshot.load_full();
        turn.reply(&snapshot);
        tracing::trace!(seq = snapshot.seq.0, "answered");
        if is_news {
            self.broadcast(turn.events, snapshot);
        }
        Ok(())
    }

    /// Writes what is still owed, when nobody asks any more.
    fn end(mut self) -> Result<(), StoreError> {
        let mut turn = Turn::checkpoint();
        self.audit.settle_all(self.time.read().now, &mut turn.records);
        let is_owed = !turn.records.is_empty() || !self.unwritten.is_empty() || self.readings.is_unwritten();
        if is_owed { self.commit(&mut turn) } else { Ok(()) }
    }

    /// Writes what waits for a checkpoint.
    pub(super) fn checkpoint(&mut self) -> Result<(), StoreError> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        self.commit(&mut Turn::checkpoint())
    }

    fn commit(&mut self, turn: &mut Turn) -> Result<(), StoreError> {
        let mut records = std::mem::take(&mut turn.records);
        self.unwritten.extend(std::mem::take(&mut turn.changed), &self.state);
        let is_checkpoint = turn.is_checkpoint || self.unwritten.is_due();
        if is_checkpoint {
            self.unwritten.write(&mut records, &self.state, self.seq);
        }
        self.readings.write(&mut records);
        self.store.commit(records)?;
        self.readings.written();
        tracing::trace!(seq = self.seq.0, "committed");
        if is_checkpoint {
            self.unwritten.written();
            // Only what is on the disk may leave memory.
            self.state.trim_closed();
        }
        Ok(())
    }

    fn publish(&self, now: Timestamp) {
        let snapshot = Snapshot { seq: self.seq, at: now, state: self.state.clone() };
        self.snapshot.store(Arc::new(snapshot));
        tracing::trace!(seq = self.seq.0, "published");
    }

    fn broadcast(&self, events: Vec<Arc<Committed>>, snapshot: Arc<Snapshot>) {
        self.feed.broadcast(events, Head { seq: self.seq, snapshot });
        tracing::trace!(seq = self.seq.0, "broadcast");
    }
}

/// Gives the callers of the last batch a moment to come back, so that the next sync serves them all: without
/// it, they take turns in two half batches. Who is alone never waits.
///
/// Blocks the thread for [`GATHER_MAX`] at most: for a writer that has one of its own.
pub fn gather<T>(inbox: &mut mpsc::Receiver<T>, submissions: &mut Vec<T>, expected: usize) {
    let begun = Instant::now();
    while submissions.len() < expected && begun.elapsed() < GATHER_MAX {
        match inbox.try_recv() {
            Ok(submission) => submissions.push(submission),
            Err(_) => std::thread::yield_now(),
        }
    }
}

/// Refuses a command whose records would not fit, before any of it is true.
fn check_records(records: &[Change]) -> Result<(), Rejection> {
    for change in records {
        if let Change::Put(entity) = change {
            Batch::default()
                .put(entity)
                .map_err(|TooLarge { bytes }| Rejection::TooLarge { bytes, field: None })?;
        }
    }
    Ok(())
}
