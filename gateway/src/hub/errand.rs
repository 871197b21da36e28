//! What a subscription needs and the fan-out thread does not have at hand, fetched on the runtime.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::Shared;
use super::inbox::Message;
use super::past::{self, AtLeast, Taken};
use super::ring::Framed;
use crate::domain::event::Seq;
use crate::domain::role::Role;
use crate::ledger::Head;
use crate::wire::channel::Channel;

/// What has to be fetched for a subscription.
pub(super) struct Errand {
    pub(super) channel: Channel,
    pub(super) role: Role,
    /// As of when.
    pub(super) head: Head,
    /// Events of the journal after this, if any are wanted.
    pub(super) after: Option<Seq>,
    pub(super) wants_snapshot: bool,
    /// What a snapshot contains at least.
    pub(super) at_least: AtLeast,
}

/// What an errand brought.
pub(super) struct Fetched {
    /// The head that it was sent with.
    pub(super) head: Seq,
    /// The role that it was fetched for.
    pub(super) role: Role,
    /// The events; `None` when none were wanted, or they cannot be had whole.
    pub(super) past: Option<Vec<Arc<Framed>>>,
    /// The snapshot, if it is wanted or the events cannot be had.
    pub(super) snapshot: Option<Taken>,
    /// Held until the events are sent: few clients may have events of their own.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl Errand {
    /// Fetches what is wanted, in its turn, and sends it to the thread.
    pub(super) async fn run(self, shared: Arc<Shared>, key: usize, client_id: Uuid) {
        let Ok(_turn) = shared.errands.acquire().await else { return };
        let (fetching, inbox) = (shared.clone(), shared.inbox.clone());
        // A panic is logged where it happens; its client gets nothing else meanwhile, and is ended.
        let fetched = tokio::task::spawn_blocking(move || self.fetch(&fetching)).await.ok();
        drop(inbox.send(Message::Fetched(key, client_id, fetched)).await);
    }

    fn fetch(self, shared: &Shared) -> Fetched {
        let Self { channel, role, head, after, wants_snapshot, at_least } = self;
        // Who comes when too many have events of their own gets the snapshot instead.
        let place = after.and_then(|_| shared.private_pasts.clone().try_acquire_owned().ok());
        let past = after.filter(|_| place.is_some()).and_then(|after| {
            let feed = shared.entrance.ledger.feed();
            past::missed(feed, after, head.seq, |audience| channel.brings(audience, role)).unwrap_or_else(
                |error| {
                    tracing::error!(error = &error as &dyn std::error::Error, "the journal cannot be read");
                    None
                },
            )
        });
        let ledger = &shared.entrance.ledger;
        let is_lost = after.is_some() && past.is_none();
        let snapshot = (wants_snapshot || is_lost)
            .then(|| shared.snapshots.get(&channel, role, at_least, (&head.snapshot, ledger)));
        Fetched { head: head.seq, role, past, snapshot, place }
    }
}
