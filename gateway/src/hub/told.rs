//! What the clients of a channel are told that is no event: never stored, never sent again.

use bytes::Bytes;
use uuid::Uuid;

use super::connection::{Connection, frame};
use super::fanout::Context;
use super::frames::{Content, Joined, Left, Signal};
use super::subscribe::person;
use super::websocket::text_frame;
use crate::domain::id::UserId;
use crate::domain::view::{Class, View};
use crate::wire::channel::Channel;
use crate::wire::frame::Frame;

/// What the clients of a channel are told that is no event.
pub(super) struct Told {
    channel: Channel,
    except: Uuid,
    is_signal: bool,
    /// With names and free text, and without.
    frames: [Bytes; 2],
}

/// What somebody does to a channel.
#[derive(Clone, Copy)]
pub(super) enum Coming {
    Joined,
    Left,
}

/// `told` of `channel`, as bytes for all of its clients.
fn to_all<D: Content>(channel: &Channel, told: Frame<D>) -> Bytes {
    text_frame(&Frame { room: Some(channel.clone()), ..told }.to_text())
}

impl Told {
    /// Somebody came or went.
    pub(super) fn presence(
        coming: Coming,
        channel: &Channel,
        user: &UserId,
        except: Uuid,
        cx: &Context,
    ) -> Self {
        let told = |view| {
            let person = person(user, view, cx);
            match coming {
                Coming::Joined => to_all(channel, frame(cx, Joined(person))),
                Coming::Left => to_all(channel, frame(cx, Left(person))),
            }
        };
        let frames = [told(View::Full), told(View::Machine)];
        Self { channel: channel.clone(), except, is_signal: false, frames }
    }

    /// Somebody says something.
    pub(super) fn signal(channel: &Channel, signal: Signal, except: Uuid, cx: &Context) -> Self {
        let told = to_all(channel, frame(cx, signal));
        Self { channel: channel.clone(), except, is_signal: true, frames: [told.clone(), told] }
    }

    /// What `connection` is told of it, if anything.
    pub(super) fn frame_for(&self, connection: &Connection) -> Option<&Bytes> {
        if connection.is_closing() || connection.identity.client_id == self.except {
            return None;
        }
        let (subscriber, view) = (&connection.subscriber, connection.interest().view);
        if self.is_signal {
            return (view.shows(Class::FreeText) && subscriber.is_in(&self.channel))
                .then_some(&self.frames[0]);
        }
        let frame = &self.frames[usize::from(!view.shows(Class::Words))];
        subscriber.tells_presence(&self.channel).then_some(frame)
    }
}
