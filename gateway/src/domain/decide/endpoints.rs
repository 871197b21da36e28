//! Webhook endpoints: who is told what, and how far each is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::alarm::{AlarmCause, AlarmNotice};
use crate::domain::endpoint::{
    Delivery, DeliveryNote, ENDPOINT_SECRETS_MAX, ENDPOINTS_MAX, EndReason, Ended, Endpoint, EndpointAsk,
    EndpointEdit, Hidden, SigningSecret,
};
use crate::domain::entity::{Change, Entity, EntityKey};
use crate::domain::event::Seq;
use crate::domain::id::EndpointId;
use crate::domain::rejection::Rejection;

use super::Deciding;

impl<'a> Deciding<'a> {
    pub(super) fn endpoints(&mut self, ask: &EndpointAsk) -> Result<(), Rejection> {
        match ask {
            EndpointAsk::Bind { configured, head } => self.bind_endpoints(configured, *head),
            EndpointAsk::Create { endpoint, after } => return self.create_endpoint(endpoint, *after),
            EndpointAsk::Edit { endpoint_id, edit, head } => {
                return self.edit_endpoint(endpoint_id, edit, *head);
            }
            EndpointAsk::Rotate { endpoint_id, secret, overlap } => {
                return self.rotate_endpoint(endpoint_id, secret, *overlap);
            }
            EndpointAsk::Resume { endpoint_id, after } => return self.resume_endpoint(endpoint_id, *after),
            EndpointAsk::Delete(id) => {
                self.endpoint(id)?;
                self.record(Change::Remove(EntityKey::Endpoint(id.clone())));
                self.forget_delivery(id);
            }
            EndpointAsk::DismissDead(id) => {
                let mut delivery = Delivery::clone(self.delivery(id)?);
                delivery.dead.clear();
                self.put_delivery(delivery);
            }
            EndpointAsk::Note(note) => self.note_delivery(note),
        }
        Ok(())
    }

    /// What is configured no more is forgotten; what is new begins at the head; the rest goes on where it was.
    fn bind_endpoints(&mut self, configured: &[(EndpointId, bool)], head: Seq) {
        let configured: BTreeMap<_, _> = configured.iter().map(|(id, is_on)| (id, *is_on)).collect();
        let gone = self.state.deliveries.values().filter(|it| it.is_configured);
        let gone: Vec<_> = gone.filter(|it| !configured.contains_key(&it.endpoint_id)).cloned().collect();
        for delivery in gone {
            // One that an admin added under the same name was only hidden by it.
            match self.state.endpoints.get(&delivery.endpoint_id) {
                None => self.forget_delivery(&delivery.endpoint_id),
                Some(added) => {
                    let mut delivery = Delivery { is_configured: false, ..Delivery::clone(&delivery) };
                    turn(&mut delivery, added.enabled, head);
                    self.put_delivery(delivery);
                }
            }
        }
        for (id, is_on) in configured {
            let before = self.state.deliveries.get(id);
            let new = || Delivery::new(id.clone(), true, is_on, head);
            let mut delivery = before.map_or_else(new, |it| Delivery::clone(it));
            delivery.is_configured = true;
            turn(&mut delivery, is_on, head);
            self.put_delivery(delivery);
        }
        // Of a journal that was restored, nobody can have seen more than there is.
        for delivery in self.state.deliveries.values().filter(|it| !it.is_configured && it.cursor > head) {
            self.put_delivery(Delivery { cursor: head, ..Delivery::clone(delivery) });
        }
    }

    fn create_endpoint(&mut self, endpoint: &Endpoint, after: Seq) -> Result<(), Rejection> {
        if self.state.deliveries.contains_key(&endpoint.id) {
            return Err(Rejection::Conflict(format!("there is an endpoint \"{}\" already", endpoint.id)));
        }
        if self.state.deliveries.len() >= ENDPOINTS_MAX {
            return Err(Rejection::Conflict(format!("there are {ENDPOINTS_MAX} endpoints already")));
        }
        let endpoint = Endpoint { created_at: self.now, revision: 1, ..endpoint.clone() };
        let delivery = Delivery::new(endpoint.id.clone(), false, endpoint.enabled, after);
        self.put_endpoint(endpoint)?;
        self.put_delivery(delivery);
        Ok(())
    }

    fn edit_endpoint(&mut self, id: &EndpointId, edit: &EndpointEdit, head: Seq) -> Result<(), Rejection> {
        let before = self.endpoint(id)?;
        let mut endpoint = Endpoint::clone(before);
        endpoint.url = edit.url.clone().unwrap_or(endpoint.url);
        endpoint.filter = edit.filter.clone().unwrap_or(endpoint.filter);
        endpoint.payload = edit.payload.unwrap_or(endpoint.payload);
        endpoint.enabled = edit.enabled.unwrap_or(endpoint.enabled);
        endpoint.rate_per_s = edit.rate_per_s.unwrap_or(endpoint.rate_per_s);
        endpoint.bearer = edit.bearer.clone().or(endpoint.bearer);
        if endpoint == *before {
            return Ok(());
        }
        endpoint.revision += 1;
        let mut delivery = Delivery::clone(self.delivery(id)?);
        turn(&mut delivery, endpoint.enabled, head);
        self.put_endpoint(endpoint)?;
        self.put_delivery(delivery);
        Ok(())
    }

    fn rotate_endpoint(
        &mut self,
        id: &EndpointId,
        secret: &Hidden,
        overlap: Duration,
    ) -> Result<(), Rejection> {
        let mut endpoint = Endpoint::clone(self.endpoint(id)?);
        endpoint.secrets.retain(|it| it.is_live(self.now));
        let until = self.now.plus(overlap);
        for old in &mut endpoint.secrets {
            old.expires_at = Some(old.expires_at.map_or(until, |at| at.min(until)));
        }
        endpoint.secrets.push(SigningSecret { secret: secret.clone(), expires_at: None });
        let surplus = endpoint.secrets.len().saturating_sub(ENDPOINT_SECRETS_MAX);
        endpoint.secrets.drain(..surplus);
        endpoint.revision += 1;
        self.put_endpoint(endpoint)
    }

    fn resume_endpoint(&mut self, id: &EndpointId, after: Option<Seq>) -> Result<(), Rejection> {
        let mut delivery = Delivery::clone(self.delivery(id)?);
        if !delivery.is_on {
            return Err(Rejection::Conflict(format!("endpoint \"{id}\" is turned off; turn it on first")));
        }
        delivery.begin_anew(after.unwrap_or(delivery.cursor));
        self.put_delivery(delivery);
        Ok(())
    }

    /// What whoever delivers says of an endpoint that was removed, turned off or ended meanwhile, counts no more.
    fn note_delivery(&mut self, note: &DeliveryNote) {
        let before = self.state.deliveries.get(&note.endpoint_id).filter(|it| it.is_living());
        let Some(before) = before else { return };
        let mut delivery = Delivery {
            cursor: note.cursor.max(before.cursor),
            attempts: note.attempts,
            failures: note.failures,
            failing_since: note.failing_since,
            retry_at: note.retry_at,
            delivered_at: note.delivered_at.or(before.delivered_at),
            ended: note.ended.map(|reason| Ended { at: self.now, reason }),
            ..Delivery::clone(before)
        };
        delivery.dead.retain(|letter| !note.raised.contains(&letter.seq));
        delivery.bury(&note.dead);
        self.put_delivery(delivery);
    }

    fn put_endpoint(&mut self, endpoint: Endpoint) -> Result<(), Rejection> {
        endpoint.check().map_err(|(field, reason)| Rejection::invalid(field, reason))?;
        self.record(Change::Put(Entity::Endpoint(Arc::new(endpoint))));
        Ok(())
    }

    /// Keeps how far an endpoint is, and says what is wrong with it.
    fn put_delivery(&mut self, delivery: Delivery) {
        let id = &delivery.endpoint_id;
        if self.state.deliveries.get(id).is_some_and(|before| **before == delivery) {
            return;
        }
        self.settle(AlarmCause::EndpointFailing, id.as_str(), delivery.is_failing().then(|| failing(id)));
        let ended = delivery.ended.filter(|_| delivery.is_on).map(|it| ended(id, it.reason));
        self.settle(AlarmCause::EndpointEnded, id.as_str(), ended);
        self.settle(AlarmCause::DeadLetters, id.as_str(), (!delivery.dead.is_empty()).then(|| dead(id)));
        self.record(Change::Put(Entity::Delivery(Arc::new(delivery))));
    }

    fn forget_delivery(&mut self, id: &EndpointId) {
        for cause in [AlarmCause::EndpointFailing, AlarmCause::EndpointEnded, AlarmCause::DeadLetters] {
            self.settle(cause, id.as_str(), None);
        }
        self.record(Change::Remove(EntityKey::Delivery(id.clone())));
    }

    fn endpoint(&self, id: &EndpointId) -> Result<&'a Endpoint, Rejection> {
        if self.delivery(id)?.is_configured {
            let reason = format!("endpoint \"{id}\" stands in the configuration; change its file and reload");
            return Err(Rejection::Conflict(reason));
        }
        self.state.endpoints.get(id).map(Arc::as_ref).ok_or_else(|| Rejection::not_found("endpoint", id))
    }

    fn delivery(&self, id: &EndpointId) -> Result<&'a Delivery, Rejection> {
        self.state.deliveries.get(id).map(Arc::as_ref).ok_or_else(|| Rejection::not_found("endpoint", id))
    }
}

/// Turns an endpoint on or off. One that is turned on is told what happens from now on.
fn turn(delivery: &mut Delivery, is_on: bool, head: Seq) {
    if is_on && !delivery.is_on {
        delivery.begin_anew(head);
    }
    delivery.is_on = is_on;
    delivery.cursor = delivery.cursor.min(head);
}

fn notice(cause: AlarmCause, id: &EndpointId, text: String, remedy: &str) -> AlarmNotice {
    AlarmNotice { cause, subject: id.to_string(), text, remedy: remedy.into(), children: Vec::new() }
}

fn failing(id: &EndpointId) -> AlarmNotice {
    let text = format!("the webhook endpoint {id} does not take what it is sent; nothing is lost yet");
    let remedy = "look at GET /api/endpoints for the reason and at the system there; it is tried again by itself, and \
                  at once after a test ping that it takes";
    notice(AlarmCause::EndpointFailing, id, text, remedy)
}

fn ended(id: &EndpointId, reason: EndReason) -> AlarmNotice {
    let text = match reason {
        EndReason::Gone => {
            format!("the webhook endpoint {id} says that it is gone (410); it is sent nothing more")
        }
        EndReason::Dropped => {
            format!(
                "the webhook endpoint {id} has failed for days; it is sent nothing more, and the journal does not wait"
            )
        }
    };
    let remedy = "mend or remove it; POST /api/endpoints/{id}/resume goes on where it stopped, as far as the journal reaches";
    notice(AlarmCause::EndpointEnded, id, text, remedy)
}

fn dead(id: &EndpointId) -> AlarmNotice {
    let text = format!("the webhook endpoint {id} did not get some events, and will not get them by itself");
    let remedy =
        "look at GET /api/endpoints/{id}/dead-letters; replay them when it is mended, or dismiss them";
    notice(AlarmCause::DeadLetters, id, text, remedy)
}
