//! What admins ask of endpoints: from a body to the command and back.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::Endpoints;
use super::config;
use super::lane::{Attempt, Lane};
use super::message::of_test;
use super::replay::Replay;
use super::schedule::Verdict;
use super::shapes::{EndpointBody, EndpointEditBody, NewEndpointBody, ReplayBody};
use crate::auth::Secret;
use crate::domain::audit::{AuditNote, AuditOutcome};
use crate::domain::command::{Ask, Command};
use crate::domain::endpoint::{
    DeadLetter, Endpoint, EndpointAsk, EndpointEdit, EndpointKind, EndpointUrl, Hidden, RATE_PER_S_USUAL,
    SigningSecret,
};
use crate::domain::event::Seq;
use crate::domain::id::{CommandId, EndpointId};
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::ledger::{SubmitError, Terms};
use crate::wire::access::{OVERLAP_MAX, OVERLAP_USUAL};
use crate::wire::caller::Asker;
use crate::wire::cursor::Cursor;
use crate::wire::problem::Problem;

/// Every method that asks for a change is as cancel safe as the ledger: a command in the queue is not taken back.
impl Endpoints {
    /// Every endpoint, by id.
    pub(super) fn all(&self) -> Vec<EndpointBody> {
        let snapshot = self.0.ledger.snapshot();
        snapshot.state.deliveries.keys().filter_map(|id| self.body(id)).collect()
    }

    /// The endpoint with this id as it is now.
    pub(super) fn one(&self, id: &EndpointId) -> Result<EndpointBody, Problem> {
        self.body(id).ok_or_else(|| no_such(id))
    }

    fn body(&self, id: &EndpointId) -> Option<EndpointBody> {
        let ledger = &self.0.ledger;
        let snapshot = ledger.snapshot();
        let delivery = snapshot.state.deliveries.get(id)?;
        let endpoint = self.endpoint(&snapshot.state, id)?;
        Some(EndpointBody::new(&endpoint, delivery, ledger.epoch(), snapshot.seq, ledger.now()))
    }

    /// Adds an endpoint. Its secret is told once.
    pub(super) async fn create(
        &self,
        asker: Asker,
        new: NewEndpointBody,
    ) -> Result<(EndpointBody, Option<Secret>), Problem> {
        let url = self.allowed(&new.url)?;
        let filter = config::filter(new.kind, new.events, new.rooms, new.urgency);
        let secret = (new.kind == EndpointKind::Standard).then(Secret::signing);
        let hidden = secret.as_ref().map(|it| Hidden(it.expose().into()));
        let endpoint = Endpoint {
            id: new.id.clone(),
            url,
            kind: new.kind,
            filter: filter.map_err(|reason| invalid("events", reason))?,
            payload: new.payload,
            enabled: new.enabled.unwrap_or(true),
            rate_per_s: new.rate_per_s.unwrap_or(RATE_PER_S_USUAL),
            secrets: hidden.into_iter().map(|secret| SigningSecret { secret, expires_at: None }).collect(),
            bearer: bearer(new.bearer)?,
            created_at: Timestamp::default(),
            revision: 0,
        };
        let after = self.place(new.after.as_deref())?.unwrap_or(self.0.ledger.snapshot().seq);
        self.ask(asker, EndpointAsk::Create { endpoint: Box::new(endpoint), after }).await?;
        Ok((self.one(&new.id)?, secret))
    }

    /// Changes an endpoint, if it still has the revision that the edit rests on.
    pub(super) async fn edit(
        &self,
        asker: Asker,
        id: EndpointId,
        if_match: Option<u64>,
        body: EndpointEditBody,
    ) -> Result<EndpointBody, Problem> {
        let snapshot = self.0.ledger.snapshot();
        let before = snapshot.state.endpoints.get(&id);
        let mut filter = before.map(|it| it.filter.clone()).unwrap_or_default();
        if let Some(events) = body.events {
            let kind = before.map(|it| it.kind).unwrap_or_default();
            let checked = config::filter(kind, events, Vec::new(), Vec::new());
            filter.events = checked.map_err(|reason| invalid("events", reason))?.events;
        }
        filter.rooms = body.rooms.unwrap_or(filter.rooms);
        filter.urgency = body.urgency.unwrap_or(filter.urgency);
        let edit = EndpointEdit {
            url: body.url.as_deref().map(|url| self.allowed(url)).transpose()?,
            filter: Some(filter),
            payload: body.payload,
            enabled: body.enabled,
            rate_per_s: body.rate_per_s,
            bearer: bearer(body.bearer)?,
        };
        let ask = EndpointAsk::Edit { endpoint_id: id.clone(), edit: Box::new(edit), head: snapshot.seq };
        self.ask_of(asker, &id, if_match, ask).await?;
        self.one(&id)
    }

    /// Removes an endpoint, if it still has the revision that this rests on.
    pub(super) async fn delete(
        &self,
        asker: Asker,
        id: EndpointId,
        if_match: Option<u64>,
    ) -> Result<(), Problem> {
        self.ask_of(asker, &id, if_match, EndpointAsk::Delete(id.clone())).await
    }

    /// Gives an endpoint a new secret, told once.
    pub(super) async fn rotate(
        &self,
        asker: Asker,
        id: EndpointId,
        overlap_s: Option<u64>,
    ) -> Result<(EndpointBody, Secret), Problem> {
        let overlap = overlap_s.map_or(OVERLAP_USUAL, Duration::from_secs);
        if overlap > OVERLAP_MAX {
            return Err(invalid(
                "overlap_s",
                format!("is longer than {} seconds, 30 days", OVERLAP_MAX.as_secs()),
            ));
        }
        let secret = Secret::signing();
        let hidden = Hidden(secret.expose().into());
        self.ask(asker, EndpointAsk::Rotate { endpoint_id: id.clone(), secret: hidden, overlap }).await?;
        Ok((self.one(&id)?, secret))
    }

    /// Goes on with an endpoint that failed or ended. Its task is stopped first: its last word must not come after.
    pub(super) async fn resume(
        &self,
        asker: Asker,
        id: EndpointId,
        after: Option<&str>,
    ) -> Result<EndpointBody, Problem> {
        let after = self.place(after)?;
        self.one(&id)?;
        if let Some(running) = self.0.lanes.lock().await.get_mut(&id) {
            running.halt().await;
        }
        let asked = self.ask(asker, EndpointAsk::Resume { endpoint_id: id.clone(), after }).await;
        if asked.is_err() {
            self.reconcile().await;
        }
        asked?;
        self.one(&id)
    }

    /// Forgets the dead letters of an endpoint.
    pub(super) async fn dismiss(&self, asker: Asker, id: EndpointId) -> Result<(), Problem> {
        self.ask(asker, EndpointAsk::DismissDead(id)).await
    }

    /// Sends an endpoint a ping, now. One that takes it is tried again at once.
    pub(super) async fn test(&self, id: &EndpointId) -> Result<Attempt, Problem> {
        let lane = self.lane(id).await?;
        let ping = of_test(&lane.endpoint, format!("test_{}", uuid::Uuid::now_v7()), self.0.ledger.now());
        let (verdict, _, attempt) = lane.attempt(&ping).await;
        if verdict == Verdict::Delivered {
            lane.is_back.notify_one();
        }
        Ok(attempt)
    }

    /// Has events sent once more.
    pub(super) async fn replay(&self, id: &EndpointId, body: ReplayBody) -> Result<(), Problem> {
        let head = self.0.ledger.snapshot().seq;
        let is_open =
            body.from_seq.is_none() && body.to_seq.is_none() && body.since.is_none() && body.until.is_none();
        if body.seq.is_some() != is_open {
            return Err(invalid("seq", "stands alone, or from_seq, to_seq, since or until do"));
        }
        let from = body.seq.or(body.from_seq).unwrap_or(1);
        let to = body.seq.or(body.to_seq).map_or(head, |to| Seq(to).min(head));
        let since = body.since.unwrap_or(Timestamp::from_unix_ms(i64::MIN));
        let until = body.until.unwrap_or(Timestamp::from_unix_ms(i64::MAX));
        let replay = Replay { from: Seq(from), to, since, until };
        let lanes = self.0.lanes.lock().await;
        let running = lanes.get(id).ok_or_else(|| no_such(id))?;
        let Some(work) = &running.work else {
            return Err(Rejection::Conflict(format!(
                "endpoint \"{id}\" is off or ended; turn it on or resume it"
            ))
            .into());
        };
        let queued = work.replays.try_send(replay);
        queued
            .map_err(|_| Rejection::Conflict("too many replays wait for this endpoint already".into()).into())
    }

    /// The last tries, newest first.
    pub(super) async fn attempts(&self, id: &EndpointId) -> Result<Vec<Attempt>, Problem> {
        let lane = self.lane(id).await?;
        let log = lane.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(log.iter().rev().cloned().collect())
    }

    /// Events that an endpoint will not get by itself, newest first.
    pub(super) fn dead_letters(&self, id: &EndpointId) -> Result<Vec<DeadLetter>, Problem> {
        let snapshot = self.0.ledger.snapshot();
        let delivery = snapshot.state.deliveries.get(id).ok_or_else(|| no_such(id))?;
        Ok(delivery.dead.iter().rev().cloned().collect())
    }

    /// Notes in the audit trail what is no command.
    pub(super) async fn note(&self, asker: Asker, verb: &'static str, id: &str) -> Result<(), Problem> {
        let subject = Some(format!("endpoint:{id}"));
        let note =
            AuditNote { actor: Some(asker.actor), verb, subject, outcome: AuditOutcome::Done, stretch: None };
        Ok(self.0.ledger.note(note, Some(asker.origin)).await?)
    }

    async fn lane(&self, id: &EndpointId) -> Result<Arc<Lane>, Problem> {
        let lanes = self.0.lanes.lock().await;
        lanes.get(id).map(|running| running.lane.clone()).ok_or_else(|| no_such(id))
    }

    /// An address at a host that admins may use.
    fn allowed(&self, url: &str) -> Result<EndpointUrl, Problem> {
        let url: EndpointUrl = url
            .parse()
            .map_err(|error: crate::domain::endpoint::UrlError| invalid("url", error.to_string()))?;
        if url.is_among(&self.settings().0.allowed_hosts) {
            return Ok(url);
        }
        Err(invalid(
            "url",
            "is at a host that claw.allowed_hosts does not name; whoever has the configuration adds it there",
        ))
    }

    /// The place in the journal that a cursor names.
    fn place(&self, cursor: Option<&str>) -> Result<Option<Seq>, Problem> {
        let Some(text) = cursor else { return Ok(None) };
        let cursor: Cursor = text
            .parse()
            .map_err(|error: crate::wire::cursor::CursorError| invalid("after", error.to_string()))?;
        let is_known = cursor.epoch == self.0.ledger.epoch() && cursor.seq <= self.0.ledger.snapshot().seq;
        if is_known { Ok(Some(cursor.seq)) } else { Err(invalid("after", "is a cursor of another journal")) }
    }

    /// Asks for a change of what is there with a revision. Who meant another one is told what is there now.
    async fn ask_of(
        &self,
        asker: Asker,
        id: &EndpointId,
        if_match: Option<u64>,
        ask: EndpointAsk,
    ) -> Result<(), Problem> {
        self.submit(asker, if_match, ask).await.map_err(|error| {
            let is_stale = matches!(&error, SubmitError::Rejected(Rejection::Stale { .. }));
            let current = self.body(id).filter(|_| is_stale);
            let problem = Problem::from(error);
            match current {
                Some(current) => problem.current(json!(current)),
                None => problem,
            }
        })
    }

    async fn ask(&self, asker: Asker, ask: EndpointAsk) -> Result<(), Problem> {
        Ok(self.submit(asker, None, ask).await?)
    }

    async fn submit(&self, asker: Asker, if_match: Option<u64>, ask: EndpointAsk) -> Result<(), SubmitError> {
        let Asker { actor, origin } = asker;
        let name = ask.name();
        let command =
            Command { id: CommandId(uuid::Uuid::now_v7()), actor: actor.clone(), ask: Ask::Endpoints(ask) };
        let terms = Terms { origin: Some(origin), if_match, ..Terms::default() };
        self.0.ledger.submit_with(command, terms).await?;
        tracing::info!(%actor, command = name, "an endpoint was changed");
        self.reconcile().await;
        Ok(())
    }
}

fn bearer(secret: Option<Secret>) -> Result<Option<Hidden>, Problem> {
    secret.map(config::bearer).transpose().map_err(|reason| invalid("bearer", reason))
}

pub(super) fn no_such(id: &impl std::fmt::Display) -> Problem {
    Rejection::NotFound { kind: "endpoint", id: id.to_string() }.into()
}

fn invalid(field: &'static str, reason: impl Into<String>) -> Problem {
    Rejection::Invalid { field, reason: reason.into() }.into()
}
