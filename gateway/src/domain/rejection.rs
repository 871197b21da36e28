//! Why a command is refused. A rejection is an answer, not a fault: nothing has changed.

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
    #[error("this would be stored as {bytes} bytes, more than one record holds; shorten its texts")]
    TooLarge {
        /// How large it would be.
        bytes: usize,
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
}

impl Rejection {
    pub(crate) fn not_found(kind: &'static str, id: &impl std::fmt::Display) -> Self {
        Rejection::NotFound { kind, id: id.to_string() }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Rejection::Invalid { field, reason: reason.into() }
    }
}
