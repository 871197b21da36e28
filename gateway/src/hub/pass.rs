//! What a connection may hear and see: its caller's role, looked at again whenever an account, a token or a key
//! changes, before the next event is sent.

use crate::domain::time::Timestamp;
use crate::ledger::Snapshot;
use crate::wire::caller::{Caller, Entrance};

/// The proof is no longer good.
pub(super) struct Ended;

/// What has become of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// Nothing has changed about anybody.
    Same,
    /// Something has: what the caller may hear has to be looked at.
    Checked,
    /// The caller has another role now.
    OtherRole,
}

/// A caller at a connection.
pub(super) struct Bearer {
    pub(super) caller: Caller,
    /// The state of the accounts that the caller was last looked up in.
    changes: u64,
    expires_at: Option<Timestamp>,
}

impl Bearer {
    /// A caller who was proved by an earlier or later state than the connection begins with: the first check looks
    /// again in any case.
    pub(super) fn new(caller: Caller, snapshot: &Snapshot) -> Self {
        Self { caller, changes: snapshot.state.access.changes.wrapping_sub(1), expires_at: None }
    }

    /// When the proof ends by itself.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Looks the caller up again, if anything about accounts has changed or the token's time is over.
    pub(super) fn check(&mut self, entrance: &Entrance, snapshot: &Snapshot) -> Result<Pass, Ended> {
        let now = entrance.ledger.now();
        let is_over = self.expires_at.is_some_and(|at| at <= now);
        if !is_over && self.changes == snapshot.state.access.changes {
            return Ok(Pass::Same);
        }
        if !entrance.doorkeeper.is_live(&self.caller.identity, &snapshot.state, now) {
            return Err(Ended);
        }
        let role = snapshot.state.role_of(&self.caller.identity.actor).ok_or(Ended)?;
        // Only now: who has ended has ended whenever it is asked again.
        self.changes = snapshot.state.access.changes;
        self.expires_at = entrance.doorkeeper.ends_at(&self.caller.identity, &snapshot.state);
        let before = std::mem::replace(&mut self.caller.role, role);
        Ok(if before == role { Pass::Checked } else { Pass::OtherRole })
    }
}
