//! Tickets: a proof for one WebSocket upgrade, so that no token rides in a URL.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Identity, Secret};
use crate::domain::access::Digest;

/// How long a ticket waits for its upgrade.
pub const TICKET_LASTS: Duration = Duration::from_secs(30);
/// Tickets that wait at a time. Beyond, the oldest ends.
const TICKETS_MAX: usize = 10_000;

/// Tickets that wait for their upgrade. Memory only: a restart ends them, and clients ask for new ones.
#[derive(Default)]
pub struct Tickets(Mutex<HashMap<Digest, (Identity, Instant)>>);

impl Tickets {
    /// Makes a ticket that proves `identity` once.
    pub fn issue(&self, identity: Identity, now: Instant) -> Secret {
        let ticket = Secret::random("cstk_");
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= TICKETS_MAX {
            waiting.retain(|_, (_, made)| now.duration_since(*made) < TICKET_LASTS);
            let oldest = waiting.iter().min_by_key(|(_, (_, made))| *made).map(|(digest, _)| *digest);
            if let Some(oldest) = oldest.filter(|_| waiting.len() >= TICKETS_MAX) {
                waiting.remove(&oldest);
            }
        }
        waiting.insert(ticket.digest(), (identity, now));
        ticket
    }

    /// Takes a ticket: what it proves, the first time and in time.
    pub fn redeem(&self, ticket: &str, now: Instant) -> Option<Identity> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (identity, made) = waiting.remove(&super::secret::digest(ticket))?;
        (now.duration_since(made) < TICKET_LASTS).then_some(identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once_and_for_a_while() {
        let (tickets, start) = (Tickets::default(), Instant::now());
        let ticket = tickets.issue(Identity::visitor(), start);
        assert_eq!(tickets.redeem(ticket.expose(), start), Some(Identity::visitor()));
        assert_eq!(tickets.redeem(ticket.expose(), start), None);
        let ticket = tickets.issue(Identity::visitor(), start);
        assert_eq!(tickets.redeem(ticket.expose(), start + TICKET_LASTS), None);
        assert_eq!(tickets.redeem("cstk_guessed", start), None);
    }

    #[test]
    fn the_oldest_ticket_makes_place() {
        let (tickets, start) = (Tickets::default(), Instant::now());
        let first = tickets.issue(Identity::visitor(), start);
        let soon = start + Duration::from_millis(1);
        let last = (0..TICKETS_MAX).map(|_| tickets.issue(Identity::visitor(), soon)).last().unwrap();
        assert_eq!(tickets.redeem(first.expose(), soon), None);
        assert!(tickets.redeem(last.expose(), soon).is_some());
    }
}
