//! The audit trail: who changed what, who came in, and who was refused. Ids only, never a name or a text.

use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::digest::Digest;
use super::event::Seq;
use super::time::Timestamp;

/// One entry of the audit trail, linked to the one before it.
///
/// Fields are only ever added, at the end and with a default: an entry's digest is over its JSON as it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place: 1, 2, 3 … without holes.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` when nobody proved who they are.
    pub actor: Option<Actor>,
    /// What was asked, as a command is named: `set_room_status`.
    pub verb: String,
    /// What it was about: `room:room-1`.
    pub subject: Option<String>,
    /// What came of it.
    pub outcome: AuditOutcome,
    /// Where it came from: an address or a door.
    pub origin: Option<String>,
    /// The last event that followed, if any did: the journal has the rest.
    pub seq: Option<Seq>,
    /// How often; more than once for refusals that were counted instead of written.
    pub times: u64,
    /// The digest of the entry before this one.
    pub prev: Digest,
    /// The first event, where the entry is about a stretch of the journal that ends with `seq`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_seq: Option<Seq>,
}

/// What came of what is in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused, with this word.
    Refused(String),
}

/// Which entries somebody asks for. What is not said is not asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditFilter {
    /// Who, as the entry spells it: a user's id, `agent agent-1`, `the gateway`.
    pub actor: Option<String>,
    /// What was asked: `set_room_status`.
    pub verb: Option<String>,
    /// What it was about: `room:room-1`.
    pub subject: Option<String>,
    /// What came of it.
    pub outcome: Option<OutcomeFilter>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// What came of the entries that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// What was done.
    Done,
    /// What was refused, for whatever reason.
    Refused,
    /// What was refused with this word.
    Word(String),
}

impl AuditFilter {
    /// Whether an entry is asked for.
    pub fn fits(&self, entry: &AuditEntry) -> bool {
        self.actor
            .as_ref()
            .is_none_or(|actor| entry.actor.as_ref().is_some_and(|it| it.to_string() == *actor))
            && self.verb.as_ref().is_none_or(|verb| entry.verb == *verb)
            && self.subject.as_ref().is_none_or(|subject| entry.subject.as_ref() == Some(subject))
            && self.outcome.as_ref().is_none_or(|outcome| outcome.fits(&entry.outcome))
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
    }
}

impl OutcomeFilter {
    fn fits(&self, outcome: &AuditOutcome) -> bool {
        match (self, outcome) {
            (Self::Done, AuditOutcome::Done) | (Self::Refused, AuditOutcome::Refused(_)) => true,
            (Self::Word(asked), AuditOutcome::Refused(word)) => asked == word,
            (Self::Done | Self::Refused | Self::Word(_), _) => false,
        }
    }
}

impl From<String> for OutcomeFilter {
    fn from(word: String) -> Self {
        match word.as_str() {
            "done" => Self::Done,
            "refused" => Self::Refused,
            _ => Self::Word(word),
        }
    }
}

/// Something for the audit trail that is no command: a failed login, a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditNote {
    /// Who; `None` when nobody proved who they are.
    pub actor: Option<Actor>,
    /// What was tried: `log_in`.
    pub verb: &'static str,
    /// What it was about: `user:u-1`, `channel:facility`.
    pub subject: Option<String>,
    /// What came of it.
    pub outcome: AuditOutcome,
    /// The stretch of the journal that it is about, if any: its first and its last event.
    pub stretch: Option<(Seq, Seq)>,
}
