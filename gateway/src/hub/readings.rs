//! Readings on their way to clients: `metrics:updated`, without a seq, at most once a second for each.
//!
//! There is no queue. A client remembers the version that it was told last ([`crate::ledger::Newest`]); once a second, who
//! hears `metrics` and takes more is told the newest value of every series that has a newer version, and who was told
//! the same before gets the very same bytes. A client whose socket is full is left alone, and is later told what is
//! newest then: readings are no lag, and nobody is cut for them.
//!
//! A snapshot of a channel that carries `metrics` has the newest values too, and says up to which version. What is
//! older than [`SHOWN_MAX`] is told nobody: a value of this morning is not how things are.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::close::Close;
use super::connection::{Client, Connection, Phase, frame};
use super::fanout::{Context, FanOut};
use super::outbox::Piece;
use super::socket::Socket;
use super::subscriber::Subscriber;
use super::websocket::text_frame;
use super::{Shared, frames::Content};
use crate::domain::role::{Role, Topic};
use crate::domain::time::Timestamp;
use crate::ledger::Handle;
use crate::wire::channel::{Channel, Topics};
use crate::wire::frame::Frame;
use crate::wire::reading::ReadingBody;

/// How old a reading may be that is told as how things are.
pub(super) const SHOWN_MAX: Duration = Duration::from_secs(15 * 60);
/// How often a client is told at most.
const EVERY: Duration = Duration::from_secs(1);

/// Readings: the newest value of each series that has one since the client was told last. Never replayed.
#[derive(Serialize, ToSchema)]
pub(super) struct MetricsUpdated {
    pub(super) readings: Vec<ReadingBody>,
}

/// What there is to tell after a version, and the version that it brings a client to.
struct News {
    readings: Vec<ReadingBody>,
    version: u64,
}

impl News {
    fn after(version: u64, ledger: &Handle) -> Self {
        let (readings, version) = ledger.newest_readings().after(version, shown_since(ledger.now()));
        Self { readings: readings.iter().map(ReadingBody::from).collect(), version }
    }
}

/// The newest values for a snapshot, by series, and the version that it then holds.
pub(super) fn shown(ledger: &Handle) -> (Vec<ReadingBody>, u64) {
    let News { mut readings, version } = News::after(0, ledger);
    readings.sort_by(|one, other| one.series.cmp(&other.series));
    (readings, version)
}

fn shown_since(now: Timestamp) -> Timestamp {
    now.shifted(-i64::try_from(SHOWN_MAX.as_millis()).expect("a quarter of an hour"))
}

/// True when `channel` brings readings to a listener of `role`.
pub(super) fn carried_by(channel: &Channel, role: Role) -> bool {
    channel.topics(role).meet(Topics::of(Topic::Metrics))
}

impl Subscriber {
    /// Begins to hear readings with `channel`: after those that a snapshot has `shown`; all there are for who
    /// `resumes`, which may have missed some; else what comes from now on.
    pub(super) fn begin_readings(
        &mut self,
        channel: &Channel,
        shown: Option<u64>,
        resumes: bool,
        ledger: &Handle,
    ) {
        if !carried_by(channel, self.role) {
            return;
        }
        let told = match (shown, self.readings_told) {
            (Some(shown), told) => told.map_or(shown, |told| told.max(shown)),
            (None, Some(told)) => told,
            (None, None) if resumes => 0,
            (None, None) => ledger.newest_readings().version(),
        };
        self.readings_told = Some(told);
    }

    /// The version that was told last, of who hears readings.
    fn hears_readings_after(&self) -> Option<u64> {
        self.interest.hears(Topic::Metrics).then_some(self.readings_told.unwrap_or(0))
    }
}

impl FanOut {
    /// Tells readings, once a second: to whoever hears them, takes more, and has not been told the newest.
    pub(super) fn tell_readings(&mut self) {
        let ledger = self.cx.shared.entrance.ledger.clone();
        let version = ledger.newest_readings().version();
        let is_behind = |it: &Connection| {
            it.takes_readings() && it.subscriber.hears_readings_after().is_some_and(|told| told < version)
        };
        let behind: Vec<usize> =
            self.clients.iter().filter(|(_, it)| is_behind(&it.connection)).map(|(key, _)| key).collect();
        let mut made: HashMap<u64, (Option<Bytes>, u64)> = HashMap::new();
        for key in behind {
            let Some(told) =
                self.clients.get(key).and_then(|it| it.connection.subscriber.hears_readings_after())
            else {
                continue;
            };
            let news = made.entry(told).or_insert_with(|| bytes_after(told, &self.cx)).clone();
            self.with(key, |Client { socket, connection, .. }, cx| {
                connection.tell_readings(socket, news, cx)
            });
        }
    }
}

fn bytes_after(version: u64, cx: &Context) -> (Option<Bytes>, u64) {
    let News { readings, version } = News::after(version, &cx.shared.entrance.ledger);
    let bytes = (!readings.is_empty()).then(|| {
        let told = frame(cx, MetricsUpdated { readings });
        text_frame(&Frame { room: Some(Channel::Of(Topic::Metrics)), ..told }.to_text())
    });
    (bytes, version)
}

impl Connection {
    /// True when what is told now goes out now: nothing waits before it.
    fn takes_readings(&self) -> bool {
        self.outbox.is_empty() && !self.is_full() && matches!(self.phase, Phase::Open | Phase::AwaitsHead(_))
    }

    fn tell_readings(
        &mut self,
        socket: &mut Socket,
        (bytes, version): (Option<Bytes>, u64),
        cx: &mut Context,
    ) -> Result<(), Close> {
        self.subscriber.readings_told = Some(version);
        let Some(bytes) = bytes else { return Ok(()) };
        self.outbox.push(Piece::Bytes(bytes));
        self.serve(socket, cx)
    }
}

/// The readings of an event stream: the same, for a reader that pulls.
pub(super) struct StreamedReadings {
    moved: watch::Receiver<u64>,
    due: Instant,
}

impl StreamedReadings {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self { moved: shared.entrance.ledger.newest_readings().moved(), due: Instant::now() }
    }

    /// A frame with what is new for `subscriber`, if it may be told already.
    pub(super) fn take(&mut self, subscriber: &mut Subscriber, shared: &Shared) -> Option<Bytes> {
        let told = subscriber.hears_readings_after()?;
        let version = *self.moved.borrow_and_update();
        if told >= version || Instant::now() < self.due {
            return None;
        }
        self.due = Instant::now() + EVERY;
        let ledger = &shared.entrance.ledger;
        let News { readings, version } = News::after(told, ledger);
        subscriber.readings_told = Some(version);
        if readings.is_empty() {
            return None;
        }
        let told = Frame::new(MetricsUpdated::KIND, MetricsUpdated { readings }, ledger.now());
        Some(Frame { room: Some(Channel::Of(Topic::Metrics)), ..told }.to_text().into())
    }

    /// Waits until there is something to take for `subscriber`; for ever for who follows or hears none.
    ///
    /// Cancel safe.
    pub(super) async fn news(followed: &mut Option<Self>, subscriber: &Subscriber) {
        let heard = followed.as_mut().zip(subscriber.hears_readings_after());
        let Some((followed, told)) = heard else { return std::future::pending().await };
        if followed.moved.wait_for(|version| *version > told).await.is_err() {
            // The ledger has ended; the stream ends by other means.
            return std::future::pending().await;
        }
        tokio::time::sleep_until(followed.due).await;
    }
}
