//! Why a command is refused. A rejection is an answer, not a fault: nothing has changed.

use super::entity::Entity;

/// Why a command changes nothing, named by what the caller can do about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nothing has this id: ask for the list.
    #[error("{kind} \"{id}\" does not exist")]
    NotFound {
        /// The kind of thing, in the clinic's words.
        kind: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A field's value cannot be taken: correct it.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field, as the wire spells it.
        field: &'static str,
        /// What is wrong with it and what would be right.
        reason: String,
    },
    /// The thing exists already, or is in a state that does not allow this: look at it again.
    #[error("{0}")]
    Conflict(String),
    /// What would be stored is larger than one record may be: say it shorter.
    #[error("this would be stored as {bytes} bytes, more than one record holds; shorten its texts{}", in_words(field.as_deref()))]
    TooLarge {
        /// How large it would be.
        bytes: usize,
        /// The field that takes most of it.
        field: Option<String>,
    },
    /// The actor's role does not allow this: ask somebody whose role does.
    #[error("{actor} may not do this: {reason}")]
    Forbidden {
        /// Who asked.
        actor: String,
        /// What the table of roles says.
        reason: String,
    },
    /// The rules broke on this command: it was set aside, an alarm is raised.
    #[error("this command could not be decided; it was set aside and an alarm was raised")]
    Undecidable,
    /// Somebody else has changed the thing meanwhile: look at it again.
    #[error("this was changed meanwhile; look at it as it is now, and ask again")]
    Stale {
        /// The thing as it is now.
        current: Box<Entity>,
    },
    /// The idempotency key came before, with another body: use a new key for a new request.
    #[error("this Idempotency-Key came before with another body; use a new key for a new request")]
    KeyReused,
    /// The agent has reached one of its limits: wait until staff have dealt with what there is, or an hour.
    #[error("{actor} has reached its limit: {reason}")]
    OverLimit {
        /// Who asked.
        actor: String,
        /// Which limit, and what it is.
        reason: String,
    },
}

impl Rejection {
    /// The word for programs: the `code` of the problem that says it, and a metric's label.
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::NotFound { .. } => "not_found",
            Rejection::Invalid { .. } => "invalid_field",
            Rejection::Conflict(_) => "conflict",
            Rejection::TooLarge { .. } => "too_large",
            Rejection::Undecidable => "undecidable",
            Rejection::Forbidden { .. } => "forbidden",
            Rejection::Stale { .. } => "stale",
            Rejection::KeyReused => "idempotency_key_reused",
            Rejection::OverLimit { .. } => "over_limit",
        }
    }

    /// True when the refusal itself belongs into the audit trail: somebody tried what is not theirs to do.
    pub fn is_audited(&self) -> bool {
        match self {
            Rejection::Forbidden { .. } | Rejection::OverLimit { .. } => true,
            Rejection::NotFound { .. }
            | Rejection::Invalid { .. }
            | Rejection::Conflict(_)
            | Rejection::TooLarge { .. }
            | Rejection::Undecidable
            | Rejection::Stale { .. }
            | Rejection::KeyReused => false,
        }
    }

    pub(crate) fn not_found(kind: &'static str, id: &impl std::fmt::Display) -> Self {
        Rejection::NotFound { kind, id: id.to_string() }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Rejection::Invalid { field, reason: reason.into() }
    }
}

fn in_words(field: Option<&str>) -> String {
    field.map(|field| format!(", first of all `{field}`")).unwrap_or_default()
}
