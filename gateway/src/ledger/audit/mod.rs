//! The audit trail: a chain of entries, each written in the batch of its effect.
//!
//! An entry's digest is SHA-256 over the digest before it and its JSON as it lies on the disk. Whoever changes or
//! removes an entry has to rewrite all that follow and the head; the head also stands in the system's journal,
//! once a day. A damaged entry is named by [`verify`], and stops nothing.

mod refusals;
mod verify;

use super::terms::{digest, shortened};
use super::turn::Done;
use super::{AUDIT_TRIMMED_AT_ONCE_MAX, Terms};
use crate::domain::actor::Actor;
use crate::domain::audit::{AuditEntry, AuditNote, AuditOutcome};
use crate::domain::command::Command;
use crate::domain::digest::Digest;
use crate::domain::entity::Entity;
use crate::domain::event::Seq;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::store::{Batch, Link, SealedEntry, Store, StoreError};

use refusals::{Counted, Refusals};

pub use verify::{Break, ChainReport, Damage, verify};

/// The verb of the entry that says that the trail's end was damaged and went on from there.
const REPAIRED: &str = "audit_repaired";

/// The end of the trail, where entries are added.
pub(super) struct Trail {
    head: Link,
    /// The trail's end does not fit its head: the next batch says so.
    damaged: bool,
    refusals: Refusals,
}

/// What an entry says, before it has its place.
struct Said {
    actor: Option<Actor>,
    verb: &'static str,
    subject: Option<String>,
    outcome: AuditOutcome,
    origin: Option<String>,
    from_seq: Option<Seq>,
    seq: Option<Seq>,
    times: u64,
}

impl Trail {
    /// Finds the end of the trail. One that is damaged goes on after its last entry.
    pub(super) fn open(store: &Store) -> Result<Self, StoreError> {
        let head = match store.audit_head() {
            Ok(head) => head,
            Err(StoreError::Record { .. }) => None,
            Err(error) => return Err(error),
        };
        let last = store.sealed_audit(None).next_back().transpose()?;
        let (head, damaged) = match (head, last) {
            (None, None) => (Link::default(), false),
            (Some(head), None) => (head, true),
            (head, Some(last)) => {
                let prev = last.entry().map_or(head.unwrap_or_default().hash, |entry| entry.prev);
                let end = Link { n: last.n, hash: hash(prev, &last) };
                let n = head.map_or(end.n, |head| head.n.max(end.n));
                (Link { n, ..end }, head != Some(end))
            }
        };
        Ok(Self { head, damaged, refusals: Refusals::default() })
    }

    /// Adds what came of `command` to `batch`.
    pub(super) fn witness(
        &mut self,
        command: &Command,
        terms: &Terms,
        result: Result<(&Done, Seq), &Rejection>,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let outcome = match result {
            Ok(_) => AuditOutcome::Done,
            Err(rejection) => AuditOutcome::Refused(rejection.code().into()),
        };
        // What is gone by now is named by what was asked; of automation only the answer knows the setting.
        let shown = || result.ok().and_then(|(done, _)| done.subject.as_ref().map(Entity::key));
        let subject = command.ask.subject(command.id).or_else(shown);
        let said = Said {
            actor: Some(command.actor.clone()),
            verb: command.ask.name(),
            subject: subject.map(|key| key.to_string()),
            outcome,
            origin: terms.origin.as_ref().map(shortened),
            from_seq: None,
            seq: result.ok().filter(|(done, _)| done.events > 0).map(|(_, seq)| seq),
            times: 1,
        };
        self.say(said, now, batch);
    }

    /// Adds something that is no command to `batch`.
    pub(super) fn note(&mut self, note: AuditNote, origin: Option<&str>, now: Timestamp, batch: &mut Batch) {
        let AuditNote { actor, verb, subject, outcome, stretch } = note;
        let (from_seq, seq) = stretch.unzip();
        let origin = origin.map(|origin| shortened(&origin));
        self.say(Said { actor, verb, subject, outcome, origin, from_seq, seq, times: 1 }, now, batch);
    }

    /// Adds what is owed: that the trail's end was damaged, and refusals that were counted instead of written.
    pub(super) fn settle(&mut self, now: Timestamp, batch: &mut Batch) {
        if std::mem::take(&mut self.damaged) {
            tracing::error!(
                audit.n = self.head.n,
                "the end of the audit trail was damaged; it goes on after it"
            );
            let actor = Some(Actor::Gateway);
            let outcome = AuditOutcome::Done;
            let said = Said {
                actor,
                verb: REPAIRED,
                subject: None,
                outcome,
                origin: None,
                from_seq: None,
                seq: None,
                times: 1,
            };
            self.add(said, now, batch);
        }
        let due = self.refusals.due(now);
        self.add_counted(due, now, batch);
    }

    /// Adds all that is owed, since the writer ends.
    pub(super) fn settle_all(&mut self, now: Timestamp, batch: &mut Batch) {
        let all = self.refusals.all();
        self.add_counted(all, now, batch);
    }

    fn add_counted(&mut self, counted: Vec<Counted>, now: Timestamp, batch: &mut Batch) {
        for Counted { actor, verb, code, origin, times } in counted {
            let outcome = AuditOutcome::Refused(code);
            self.add(
                Said { actor, verb, subject: None, outcome, origin, from_seq: None, seq: None, times },
                now,
                batch,
            );
        }
    }

    /// The newest link.
    pub(super) fn head(&self) -> Link {
        self.head
    }

    fn say(&mut self, said: Said, now: Timestamp, batch: &mut Batch) {
        if let AuditOutcome::Refused(code) = &said.outcome
            && !self.refusals.admit(said.actor.as_ref(), said.verb, code, said.origin.as_deref(), now)
        {
            return;
        }
        self.add(said, now, batch);
    }

    fn add(&mut self, said: Said, now: Timestamp, batch: &mut Batch) {
        let Said { actor, verb, subject, outcome, origin, from_seq, seq, times } = said;
        let (n, prev) = (self.head.n + 1, self.head.hash);
        let entry = AuditEntry {
            n,
            at: now,
            actor,
            verb: verb.into(),
            subject,
            outcome,
            origin,
            seq,
            times,
            prev,
            from_seq,
        };
        let json = serde_json::to_vec(&entry).expect("our types serialise");
        self.head = Link { n, hash: digest([&prev.0, &json]) };
        batch.audit(&json, self.head).expect("ids and words are short");
    }
}

/// Removes the oldest entries that were made before `before`, never the newest one, and leaves an anchor: what is
/// left is still linked to something. Returns how many were removed.
///
/// # Errors
///
/// As [`Store::commit`].
pub(super) fn trim(store: &Store, before: Timestamp) -> Result<usize, StoreError> {
    let Some(newest) = store.sealed_audit(None).next_back().transpose()? else { return Ok(0) };
    let oldest = store.sealed_audit(Some(newest.n)).take(AUDIT_TRIMMED_AT_ONCE_MAX);
    let oldest = oldest.collect::<Result<Vec<_>, _>>()?;
    let is_old = |sealed: &SealedEntry| sealed.entry().is_some_and(|entry| entry.at < before);
    // Up to the last old one, not the first young one: an entry from a clock that ran ahead ends nothing.
    let Some(last) = oldest.iter().rposition(is_old) else { return Ok(0) };
    let mut batch = Batch::default();
    oldest[..=last].iter().for_each(|sealed| batch.forget_audit(sealed.n));
    let prev = oldest[last].entry().map(|entry| entry.prev).unwrap_or_default();
    batch.anchor_audit(Link { n: oldest[last].n, hash: hash(prev, &oldest[last]) });
    store.commit(batch)?;
    Ok(last + 1)
}

/// The digest of an entry as it lies on the disk, after the digest before it.
fn hash(prev: Digest, sealed: &SealedEntry) -> Digest {
    digest([&prev.0, sealed.json.as_deref().unwrap_or_default()])
}
