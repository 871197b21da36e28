//! What the hub's own frames say: a type for the `data` of each kind, from which [`super::catalogue`] is made too, so that
//! the wire and its description cannot part. What events say is in [`crate::wire::frame`] and [`crate::wire::entity`].

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::catalogue::Described;
use super::close::Close;
use super::readings::MetricsUpdated;
use crate::domain::event::Seq;
use crate::domain::id::UserId;
use crate::domain::role::Role;
use crate::wire::channel::Channel;
use crate::wire::cursor::Cursor;
use crate::wire::frame::Snapshot;
use crate::wire::schema::{FrameId, Id};

/// The `data` of a frame of the hub's own, and the kind of frame that carries it.
pub(super) trait Content: Serialize + ToSchema {
    /// The frame's `type`.
    const KIND: &'static str;
}

/// Every kind of frame of the hub's own: its `type`, its `data`, the extras that it always has, and those that it may
/// have. What is not named here has no kind, and cannot be sent.
macro_rules! contents {
    ($($kind:literal: $content:ty, always [$($always:ident)*], sometimes [$($sometimes:ident)*];)*) => {
        $(impl Content for $content {
            const KIND: &'static str = $kind;
        })*

        /// Every kind of frame of the hub's own.
        pub(super) fn contents() -> Vec<Described> {
            let words = |text: &'static str| text.split_whitespace();
            vec![$(Described::content::<$content>(
                words(stringify!($($always)*)),
                words(stringify!($($sometimes)*)),
            )),*]
        }
    };
}

contents! {
    "connected": Connected<'_>, always [], sometimes [];
    "subscribed": Subscribed<'_>, always [room seq epoch], sometimes [id recovered];
    "snapshot": Snapshot, always [room seq], sometimes [];
    "unsubscribed": Unsubscribed, always [room], sometimes [id];
    "resync": Resync, always [room], sometimes [];
    "presence": Present, always [room], sometimes [];
    "presence:joined": Joined, always [room], sometimes [];
    "presence:left": Left, always [room], sometimes [];
    "metrics:updated": MetricsUpdated, always [room], sometimes [];
    "signal": Signal, always [room], sometimes [id];
    "pong": Pong, always [], sometimes [id];
    "error": Complaint, always [], sometimes [id];
    "goodbye": Goodbye, always [], sometimes [];
}

/// The first frame of every connection: who the client is taken for, and how far the clinic's journal is.
#[derive(Serialize, ToSchema)]
pub(super) struct Connected<'a> {
    /// This connection. Not on an event stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub(super) client_id: Option<Uuid>,
    /// The account; `null` for a machine, and for a visitor of an open demo.
    #[schema(value_type = Option<Id>, required = true)]
    pub(super) user: Option<&'a UserId>,
    /// Decides what may be joined, and which fields are seen.
    pub(super) role: Role,
    /// The journal's life. A cursor is written `epoch:seq`.
    #[schema(value_type = String)]
    pub(super) epoch: &'a str,
    /// The newest event.
    #[schema(value_type = u64)]
    pub(super) seq: Seq,
    /// Milliseconds between the gateway's own WebSocket pings. Not on an event stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) ping_ms: Option<u64>,
    /// Channels that are joined already: those of the doctors for whom the user acts. Not on an event stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Channel>>, nullable = false)]
    pub(super) channels: Option<Vec<&'a Channel>>,
}

/// A channel is joined. The replay or the snapshot follows, if there is one, and then what happens.
#[derive(Serialize, ToSchema)]
pub(super) struct Subscribed<'a> {
    #[schema(value_type = Channel)]
    pub(super) room: &'a Channel,
}

/// A channel is left: the client asked for it, or its role no longer hears it.
#[derive(Serialize, ToSchema)]
pub(super) struct Unsubscribed {
    pub(super) room: Channel,
    /// Why, when the client did not ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) reason: Option<Reason>,
    /// The role now, when it has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) role: Option<Role>,
}

/// The channel is still joined, but what was sent of it no longer fits: forget it, and subscribe again with
/// `snapshot: true`.
#[derive(Serialize, ToSchema)]
pub(super) struct Resync {
    pub(super) room: Channel,
    pub(super) reason: Reason,
    /// The role now.
    pub(super) role: Role,
}

/// Why a subscription is no longer what it was.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// The user has another role, and so another view.
    RoleChanged,
    /// The user no longer acts for the doctor, or the channel is for others now.
    RightsChanged,
}

/// Who is in the channel now, for a subscription with `presence: true`.
#[derive(Serialize, ToSchema)]
pub(super) struct Present {
    pub(super) users: Vec<Person>,
}

/// A user, however many connections they have.
#[derive(Serialize, ToSchema)]
pub(super) struct Person {
    #[schema(value_type = Id)]
    pub(super) user: UserId,
    /// `null` where the view shows no names.
    #[schema(required = true)]
    pub(super) name: Option<String>,
    #[schema(required = true)]
    pub(super) role: Option<Role>,
}

/// A user came to the channel by their first connection.
#[derive(Serialize, ToSchema)]
pub(super) struct Joined(pub(super) Person);

/// A user's last connection left the channel, ten seconds ago.
#[derive(Serialize, ToSchema)]
pub(super) struct Left(pub(super) Person);

/// What somebody tells the others of a channel, or, with an `id`, the answer to whoever told it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Signal {
    /// Told by somebody else.
    Told {
        from: Teller,
        /// The `data` of their frame.
        #[schema(value_type = Value)]
        signal: Value,
    },
    /// Passed on.
    PassedOn { room: Channel },
}

/// Who sent a signal.
#[derive(Serialize, ToSchema)]
pub(super) struct Teller {
    #[schema(value_type = Id)]
    pub(super) user: UserId,
    #[schema(value_type = String)]
    pub(super) client_id: Uuid,
}

/// The answer to a `ping`.
#[derive(Serialize, ToSchema)]
pub(super) struct Pong {}

/// A frame of the client was not understood, or is refused. Nothing has changed, and the connection lives on.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(super) struct Complaint {
    /// A word for programs.
    #[schema(value_type = String, example = "unknown_channel")]
    pub(super) code: &'static str,
    /// A sentence for people.
    pub(super) message: String,
    /// The key of the frame that is wrong.
    #[schema(required = true)]
    pub(super) field: Option<String>,
}

/// The connection is about to end. On an event stream this stands for the close code.
#[derive(Serialize, ToSchema)]
pub(super) struct Goodbye {
    /// The close code.
    pub(super) code: u16,
    /// The same in words.
    #[schema(value_type = String)]
    pub(super) reason: &'static str,
}

impl Goodbye {
    /// The same as the close that follows.
    pub(super) fn before(close: Close) -> Self {
        let (code, reason) = close.code_and_reason().unwrap_or_default();
        Self { code, reason }
    }
}

/// Every frame that a client may send. [`super::protocol`] reads them by hand, to say what is wrong with one.
pub(super) fn asked() -> Vec<Described> {
    vec![
        Described::asked::<Subscribe>("subscribe"),
        Described::asked::<Unsubscribe>("unsubscribe"),
        Described::asked::<Tell>("signal"),
        Described::asked::<Ping>("ping"),
    ]
}

/// Joins a channel, or asks again for what it begins with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a frame, and is never built")]
struct Subscribe {
    /// Comes back in the answer.
    #[schema(nullable = false)]
    id: Option<FrameId>,
    room: Channel,
    /// The cursor up to which everything is known: what came after it is sent again.
    #[schema(value_type = Option<Cursor>)]
    since: Option<Cursor>,
    /// Asks for the state first. It comes without being asked for when `recovered` is false.
    snapshot: Option<bool>,
    /// Asks who else is there, and who comes and goes.
    presence: Option<bool>,
}

/// Leaves a channel.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a frame, and is never built")]
struct Unsubscribe {
    /// Comes back in the answer.
    #[schema(nullable = false)]
    id: Option<FrameId>,
    room: Channel,
}

/// Tells the others of a channel something that is not kept: who is typing, which field has the focus.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a frame, and is never built")]
struct Tell {
    /// With one, the frame is answered.
    #[schema(nullable = false)]
    id: Option<FrameId>,
    /// A channel that is joined.
    room: Channel,
    /// At most 1,024 bytes of JSON.
    data: Option<Value>,
}

/// Asks for a `pong`: a browser does not see the protocol's own pings.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a frame, and is never built")]
struct Ping {
    /// Comes back in the answer.
    #[schema(nullable = false)]
    id: Option<FrameId>,
}
