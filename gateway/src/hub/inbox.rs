//! What comes to the fan-out from elsewhere.

use std::task::{Context as TaskContext, Poll as TaskPoll};

use mio::{Interest as Readiness, Token};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::DRAIN_MAX;
use super::close::Close;
use super::connection::{Client, Connection, NewClient, frame};
use super::errand::Fetched;
use super::fanout::FanOut;
use super::frames::Goodbye;
use super::roster::{Census, Listed};

/// What comes to the thread.
pub(super) enum Message {
    /// A client was let in.
    Welcome(Box<NewClient>),
    /// An errand is done; nothing when it failed.
    Fetched(usize, Uuid, Option<Fetched>),
    /// Who is connected?
    List(oneshot::Sender<Vec<Listed>>),
    /// Who listens to what, in numbers?
    Count(oneshot::Sender<Census>),
    /// A connection shall end. Answered with whether there was one.
    Dismiss(Uuid, oneshot::Sender<bool>),
    /// The hub stops. Answered when every client has gone, or had its time to.
    Stop(oneshot::Sender<()>),
}

impl FanOut {
    pub(super) fn take_messages(&mut self) {
        let waker = self.waker.clone();
        let mut task = TaskContext::from_waker(&waker);
        while let TaskPoll::Ready(Some(message)) = self.inbox.poll_recv(&mut task) {
            match message {
                Message::Welcome(client) => self.welcome(*client),
                Message::Fetched(key, client_id, fetched) => {
                    // Another may have its key by now, and who has begun to close wants nothing more.
                    let is_there = |Client { connection: it, .. }: &Client| {
                        it.identity.client_id == client_id && !it.is_closing()
                    };
                    if self.clients.get(key).is_some_and(is_there) {
                        self.with(key, |client, cx| {
                            client.connection.fetched(fetched.ok_or(Close::TooSlow)?, cx)?;
                            client.serve(cx)
                        });
                    }
                }
                Message::List(answer) => {
                    self.note_cursors();
                    let listed = self.connections().filter(|(_, it)| !it.is_closing());
                    // Who asked and no longer waits has no answer.
                    drop(answer.send(listed.map(|(_, it)| Listed::websocket(it, &self.cx)).collect()));
                }
                Message::Count(answer) => drop(answer.send(self.census())),
                Message::Dismiss(client_id, answer) => {
                    let is_it = |it: &Connection| it.identity.client_id == client_id && !it.is_closing();
                    let found = self.connections().find(|(_, it)| is_it(it)).map(|(key, _)| key);
                    found.into_iter().for_each(|key| self.end(key, Close::Dismissed));
                    let _ = answer.send(found.is_some());
                }
                Message::Stop(ended) => self.stop(ended),
            }
        }
    }

    pub(super) fn census(&self) -> Census {
        Census::take(self.connections().map(|(_, it)| it), &self.cx)
    }

    pub(super) fn welcome(&mut self, client: NewClient) {
        if self.stopping.is_some() {
            return;
        }
        let mut client = Client::new(client, &self.cx);
        let entry = self.clients.vacant_entry();
        let (key, readiness) = (entry.key(), Readiness::READABLE | Readiness::WRITABLE);
        let watched = self.poll.registry().register(&mut client.socket.stream, Token(key), readiness);
        if let Err(error) = watched {
            tracing::warn!(%error, "a client's socket cannot be watched");
            return;
        }
        let (user, client_id) = (client.connection.user().cloned(), client.connection.identity.client_id);
        entry.insert(client);
        self.cx.shared.meters.clients(self.clients.len());
        if let Some(user) = user {
            let keys = self.by_user.entry(user).or_default();
            keys.push_back((key, client_id));
            if keys.len() > self.cx.shared.limits.connections_per_user_max
                && let Some((oldest, _)) = keys.pop_front()
            {
                self.end(oldest, Close::Replaced);
            }
        }
        self.with(key, |client, cx| {
            client.connection.greet(cx)?;
            client.serve(cx)
        });
        self.note_expiry(key);
    }

    /// Says goodbye to everybody.
    pub(super) fn stop(&mut self, ended: oneshot::Sender<()>) {
        self.stopping = Some((self.cx.now + DRAIN_MAX, ended));
        let keys: Vec<usize> = self.clients.iter().map(|(key, _)| key).collect();
        for key in keys {
            self.with(key, |Client { connection, .. }, cx| {
                if !connection.is_closing() {
                    connection.say(&frame(cx, Goodbye::before(Close::Restarting)));
                }
                Err(Close::Restarting)
            });
        }
    }
}
