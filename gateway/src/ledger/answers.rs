//! Answers kept for repeats: an `Idempotency-Key` does its work once, and is answered the same each time.
//!
//! Memory holds what finds an answer; the things that answers show stay on the disk until a repeat asks for one.
//! A kept answer is written in the batch of its effect: a power cut leaves both or neither.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::terms::{Idempotency, actor_name};
use super::turn::Done;
use super::{IDEMPOTENCY_KEPT, IDEMPOTENCY_KEPT_MAX, IDEMPOTENCY_KEPT_PER_ACTOR_MAX};
use crate::domain::actor::Actor;
use crate::domain::command::Command;
use crate::domain::digest::Digest;
use crate::domain::entity::Entity;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::store::{Batch, KeptAnswer, KeptSubject, Store, StoreError};

/// Expired answers that one look forgets at most, to keep its batch as small as a commit's.
const FORGOTTEN_AT_ONCE_MAX: usize = 512;

/// Every answer that is kept.
#[derive(Default)]
pub(super) struct Answers {
    kept: HashMap<Digest, KeptAnswer>,
    by_age: BTreeMap<u64, Digest>,
    by_actor: HashMap<String, BTreeSet<u64>>,
    /// Things of answers whose batch is not committed yet.
    uncommitted: HashMap<Digest, Entity>,
    newest: u64,
}

impl Answers {
    /// Reads what is kept. A record that is damaged is left where it is: its key can be used anew.
    pub(super) fn load(store: &Store) -> Result<Self, StoreError> {
        let mut answers = Self::default();
        for answer in store.answers() {
            match answer {
                Ok((id, answer)) => answers.insert(id, answer),
                Err(error @ StoreError::Record { .. }) => {
                    tracing::error!(%error, "a kept answer cannot be read; a repeat of it will be done again");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(answers)
    }

    /// The answer that was given to what `asked` repeats.
    ///
    /// # Errors
    ///
    /// [`Rejection::KeyReused`] when the key came with another body.
    pub(super) fn find(
        &self,
        asked: &Idempotency,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<(Digest, &KeptAnswer)>, Rejection> {
        let id = asked.id(actor);
        let found = self.kept.get(&id).filter(|answer| !is_expired(answer, now));
        if found.is_some_and(|answer| answer.fingerprint != asked.fingerprint()) {
            return Err(Rejection::KeyReused);
        }
        Ok(found.map(|answer| (id, answer)))
    }

    /// The copy of the thing that the answer under `id` shows.
    pub(super) fn copy(&self, id: &Digest, store: &Store) -> Result<Option<Entity>, StoreError> {
        match self.uncommitted.get(id) {
            Some(entity) => Ok(Some(entity.clone())),
            None => store.answer_subject(id),
        }
    }

    /// Keeps what `command` came to, in `batch`. Beyond the limits the oldest answers go: the actor's own first.
    ///
    /// Of a thing that has no events there is no copy: secrets stay in one place.
    pub(super) fn keep(
        &mut self,
        asked: &Idempotency,
        command: &Command,
        done: &Done,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let (id, copies) = (asked.id(&command.actor), !done.recorded);
        let mut answer = KeptAnswer {
            n: self.newest + 1,
            at: now,
            actor: command.actor.clone(),
            fingerprint: asked.fingerprint(),
            command_id: command.id,
            events: done.events,
            note: done.note.clone(),
            subject: match &done.subject {
                None => KeptSubject::Nothing,
                Some(_) if copies => KeptSubject::Copied,
                Some(_) => KeptSubject::Current,
            },
        };
        let copy = done.subject.as_ref().filter(|_| copies);
        self.forget(&id, batch);
        if batch.keep_answer(&id, &answer, copy).is_err() {
            // Touches grew it beyond what its own record holds; its event fitted.
            answer.subject = KeptSubject::Current;
            batch.keep_answer(&id, &answer, None).expect("ids and numbers are short");
        } else if let Some(copy) = copy {
            self.uncommitted.insert(id, copy.clone());
        }
        self.insert(id, answer);
        self.make_room(&command.actor, batch);
    }

    /// The batch is committed: copies are read from the disk from now on.
    pub(super) fn committed(&mut self) {
        self.uncommitted.clear();
    }

    /// Forgets what is older than [`IDEMPOTENCY_KEPT`], in `batch`, and returns how many.
    pub(super) fn forget_expired(&mut self, now: Timestamp, batch: &mut Batch) -> usize {
        let is_old = |id: &&Digest| self.kept.get(*id).is_some_and(|answer| is_expired(answer, now));
        let oldest = self.by_age.values().take(FORGOTTEN_AT_ONCE_MAX);
        let expired: Vec<Digest> = oldest.filter(is_old).copied().collect();
        expired.iter().for_each(|id| self.forget(id, batch));
        expired.len()
    }

    /// The wall clock was set: ages stay what they were. (On the disk they do not; a restart soon after sees them
    /// older or younger by the step.)
    pub(super) fn shift_clock(&mut self, by_ms: i64) {
        self.kept.values_mut().for_each(|answer| answer.at = answer.at.shifted(by_ms));
    }

    fn make_room(&mut self, actor: &Actor, batch: &mut Batch) {
        let own = self.by_actor.get(&actor_name(actor));
        let oldest_own =
            own.filter(|own| own.len() > IDEMPOTENCY_KEPT_PER_ACTOR_MAX).and_then(|own| own.first());
        let oldest = self.by_age.first_key_value().filter(|_| self.kept.len() > IDEMPOTENCY_KEPT_MAX);
        let going = oldest_own.or(oldest.map(|(n, _)| n)).and_then(|n| self.by_age.get(n)).copied();
        if let Some(id) = going {
            self.forget(&id, batch);
        }
    }

    fn insert(&mut self, id: Digest, answer: KeptAnswer) {
        self.newest = self.newest.max(answer.n);
        self.by_age.insert(answer.n, id);
        self.by_actor.entry(actor_name(&answer.actor)).or_default().insert(answer.n);
        self.kept.insert(id, answer);
    }

    fn forget(&mut self, id: &Digest, batch: &mut Batch) {
        let Some(answer) = self.kept.remove(id) else { return };
        self.by_age.remove(&answer.n);
        self.uncommitted.remove(id);
        let name = actor_name(&answer.actor);
        if let Some(own) = self.by_actor.get_mut(&name) {
            own.remove(&answer.n);
            if own.is_empty() {
                self.by_actor.remove(&name);
            }
        }
        batch.forget_answer(id);
    }
}

fn is_expired(answer: &KeptAnswer, now: Timestamp) -> bool {
    now.since(answer.at) >= IDEMPOTENCY_KEPT
}
