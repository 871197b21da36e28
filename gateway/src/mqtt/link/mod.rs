//! The way to the clinic's own broker, as a client with a session that outlives its connections.
//!
//! Two tasks to a connection. One does nothing but poll the client library, which reads, writes and keeps alive; it
//! waits for the other when that has enough to do, and TCP then slows the broker down. The other reads messages,
//! submits what they say, and acknowledges each when it is durable, in the order in which they came. Acknowledgements
//! never wait for the task that waits for them: when there are more than their channel takes, the connection ends.
//!
//! Each connection has a client of its own: an acknowledgement of the one before, whose packet ids the broker may use
//! anew, goes nowhere. What was not acknowledged the broker sends again.

mod client;
mod secure;

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::config::{Address, Protocol};
use super::dialect::Question;
use super::intake::{Change, Intake, Unsettled};
use super::out::Publication;
use super::outward::{Heard, Outward};
use super::standing::Standing;
use super::{Ends, Order};
use crate::auth::Secret;
use crate::domain::id::UserId;

use client::{Ack, Client, Incoming, Polling};

pub(super) use secure::tls;

/// What is listened to for devices that nobody is bound to. Never all: below Frigate's prefix lie pictures.
pub(super) const DISCOVERED: [&str; 5] =
    ["zigbee2mqtt/+", "tele/+/LWT", "+/online", "frigate/available", "frigate/+/status/detect"];
/// Messages that are submitted and not durable yet: half a batch of the ledger's.
const IN_FLIGHT_MAX: usize = 256;
/// Messages that were read from the wire and wait for their turn.
const WAITING_MAX: usize = 64;
/// The first pause after a connection ended, and the longest: the broker is next door, one gateway calls it, and what
/// devices say waits meanwhile.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));
/// A connection that lasted for so long was a good one: the pauses begin anew. Two gateways of one name, which throw
/// each other out, never have one.
const GOOD_AFTER: Duration = Duration::from_secs(60);
/// How long the gateway listens to its own topics after it connected, for what an earlier life left retained there. Not
/// longer: the broker would send it every word of its own, and drop those of devices when that is too much.
const LOOKS_BACK: Duration = Duration::from_secs(3);
/// How long the last words may take.
const GOODBYE_MAX: Duration = Duration::from_secs(2);

/// What it takes to reach the broker.
pub(super) struct Way {
    pub(super) address: Address,
    pub(super) login: Option<(String, Secret)>,
    pub(super) tls: Option<rumqttc::TlsConfiguration>,
    pub(super) protocol: Protocol,
    pub(super) client_id: String,
    pub(super) base_topic: String,
    /// The account whose commands come from there.
    pub(super) commands_as: Option<UserId>,
}

impl Way {
    /// Where the gateway says whether it is there.
    fn status_topic(&self) -> String {
        format!("{}/status", self.base_topic)
    }
}

/// How a connection ended.
enum End {
    /// The gateway stops.
    Stopped,
    /// The broker is not reached, or was not.
    Lost(String),
}

/// Keeps the way open until `stop`.
pub(super) async fn keep(
    way: Way,
    intake: Intake,
    standing: Standing,
    mut ends: Ends,
    stop: CancellationToken,
) {
    let mut tries = 0;
    let mut is_first = true;
    loop {
        let began = Instant::now();
        let mut talk = Talk {
            way: &way,
            intake: &intake,
            standing: &standing,
            // A session that is there may have the filters of an earlier configuration.
            subscribes: is_first,
            was_reached: false,
            looks_back_until: None,
        };
        let end = talk.hold(&mut ends, &stop).await;
        ends.outward.publisher.disconnected();
        is_first &= !talk.was_reached;
        let trouble = match end {
            End::Stopped => return,
            End::Lost(trouble) => trouble,
        };
        // One that was reached is tried again at once before anybody is troubled.
        let lasts = !talk.was_reached;
        if talk.was_reached && began.elapsed() >= GOOD_AFTER {
            tries = 0;
        }
        if lasts || tries == 0 {
            tracing::warn!(trouble, "the MQTT broker is not reached; it is tried again");
        }
        standing.lost(&intake, trouble, lasts).await;
        let pause = pause(tries);
        tries += 1;
        tokio::select! {
            // Cancel safe, both.
            () = sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// The pause after so many tries: doubled each time, and somewhere in its upper half, so that a clinic's machines do
/// not all come back at one moment.
fn pause(tries: u32) -> Duration {
    let longest = PAUSE.0.saturating_mul(2_u32.saturating_pow(tries)).min(PAUSE.1);
    longest.mul_f64(rand::random_range(0.5..1.0))
}

/// One connection.
struct Talk<'a> {
    way: &'a Way,
    intake: &'a Intake,
    standing: &'a Standing,
    subscribes: bool,
    was_reached: bool,
    /// Until when it listens to its own topics.
    looks_back_until: Option<Instant>,
}

/// A message in the ledger's queue: how it ends there, and what acknowledges it.
type Settling = Pin<Box<dyn Future<Output = (Result<(), Unsettled>, Option<Ack>)> + Send>>;

impl Talk<'_> {
    async fn hold(&mut self, ends: &mut Ends, stop: &CancellationToken) -> End {
        let Ends { outward, publications, orders } = ends;
        let (client, polling) = client::open(self.way);
        let (heard, mut incoming) = mpsc::channel(WAITING_MAX);
        // Dropped with the connection, and the task with it.
        let mut tasks = JoinSet::new();
        tasks.spawn(poll(polling, heard));
        let mut settling: FuturesOrdered<Settling> = FuturesOrdered::new();
        loop {
            tokio::select! {
                // Cancel safe, all six: what is not taken stays where it is.
                () = stop.cancelled() => {
                    self.say_goodbye(&client, &mut incoming).await;
                    return End::Stopped;
                }
                Some((settled, ack)) = settling.next() => match settled {
                    Ok(()) if ack.is_none_or(|ack| client.acknowledge(&ack)) => {}
                    Ok(()) => return End::Lost("more acknowledgements wait than it reads".into()),
                    // What was not acknowledged comes again, in order, on the next connection.
                    Err(unsettled) => return End::Lost(unsettled.to_string()),
                },
                heard = incoming.recv(), if settling.len() < IN_FLIGHT_MAX => match heard {
                    None => return End::Lost("the connection ended".into()),
                    Some(Incoming::Lost(trouble)) => return End::Lost(trouble),
                    Some(Incoming::Connected { session_present }) => {
                        self.connected(&client, session_present, outward).await;
                    }
                    Some(Incoming::SubscriptionRefused) => {
                        tracing::error!("the MQTT broker refuses a subscription; see the rights of its user");
                    }
                    Some(Incoming::Message { topic, payload, retained, ack }) => {
                        // The next one is not read before this one stands in the ledger's queue.
                        match self.take(&client, outward, (&topic, &payload, retained), ack).await {
                            Ok(settled) => settling.push_back(settled),
                            Err(unsettled) => return End::Lost(unsettled.to_string()),
                        }
                    }
                },
                () = at(self.looks_back_until), if self.looks_back_until.is_some() => {
                    self.looks_back_until = None;
                    client.unsubscribe(outward.topics.retained_filters());
                }
                Some(publication) = publications.recv(), if self.was_reached => {
                    let Publication { topic, payload, retain, qos: _ } = publication;
                    if !client.publish(&topic, payload, retain) {
                        // All of it is said anew on the next connection.
                        return End::Lost("it takes no more".into());
                    }
                }
                Some(order) = orders.recv() => self.obey(&client, order),
            }
        }
    }

    /// Reads a message and queues what it says. The answer waits until that is durable.
    async fn take(
        &self,
        client: &Client,
        outward: &Outward,
        (topic, payload, retained): (&str, &[u8], bool),
        ack: Option<Ack>,
    ) -> Result<Settling, Unsettled> {
        Ok(match outward.take(topic, payload, retained, self.way.commands_as.as_ref()) {
            Heard::Nothing => {
                let mut taken = self.intake.take(topic, payload, retained);
                ask(client, taken.questions.drain(..));
                let submitted = self.intake.submit(taken).await?;
                Box::pin(async move { (submitted.settled().await, ack) })
            }
            Heard::Settled => Box::pin(async move { (Ok(()), ack) }),
            Heard::Command(asked, account) => {
                let submitted = outward.submit(asked, account).await?;
                Box::pin(async move { (submitted.settled().await, ack) })
            }
        })
    }

    async fn connected(&mut self, client: &Client, session_present: bool, outward: &Outward) {
        self.was_reached = true;
        tracing::info!(session_present, "the MQTT broker is reached");
        client.publish(&self.way.status_topic(), "online", true);
        if self.subscribes || !session_present {
            client.subscribe(self.intake.filters());
            self.subscribes = false;
        }
        // Each time: what the broker has retained comes with the subscription.
        let topics = &outward.topics;
        client.subscribe(topics.command_filters());
        client.subscribe(topics.home_assistant_status().into_iter().collect());
        client.look_for_retained(topics.retained_filters());
        self.looks_back_until = Some(Instant::now() + LOOKS_BACK);
        outward.publisher.connected();
        ask(client, self.intake.questions().into_iter());
        self.standing.reached(self.intake).await;
    }

    fn obey(&self, client: &Client, order: Order) {
        match order {
            Order::Change(Change { subscribe, unsubscribe }) => {
                client.unsubscribe(unsubscribe);
                client.subscribe(subscribe);
            }
            Order::Ask => ask(client, self.intake.questions().into_iter()),
        }
    }

    /// Says what the will would say, and waits for the connection to end.
    async fn say_goodbye(&self, client: &Client, incoming: &mut mpsc::Receiver<Incoming>) {
        if !self.was_reached {
            return;
        }
        client.publish(&self.way.status_topic(), "offline", true);
        client.disconnect();
        let ended = async { while !matches!(incoming.recv().await, None | Some(Incoming::Lost(_))) {} };
        drop(timeout(GOODBYE_MAX, ended).await);
    }
}

async fn at(when: Option<Instant>) {
    if let Some(when) = when {
        tokio::time::sleep_until(when).await;
    }
}

fn ask(client: &Client, questions: impl Iterator<Item = Question>) {
    for question in questions {
        client.publish(&question.topic, question.payload, false);
    }
}

/// Polls the connection to its end. Nothing else happens in this task: it is what writes, too.
async fn poll(mut polling: Polling, heard: mpsc::Sender<Incoming>) {
    let mut waiting = VecDeque::new();
    loop {
        waiting.extend(polling.next().await);
        while let Some(incoming) = waiting.pop_front() {
            let is_end = matches!(incoming, Incoming::Lost(_));
            if heard.send(incoming).await.is_err() || is_end {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_seconds_and_are_never_the_same() {
        for (tries, longest) in [(0, 1), (1, 2), (3, 5), (40, 5)] {
            let pauses: Vec<_> = (0..32).map(|_| pause(tries)).collect();
            let longest = Duration::from_secs(longest);
            assert!(pauses.iter().all(|it| (longest / 2..=longest).contains(it)), "{tries}: {pauses:?}");
            assert!(pauses.iter().any(|it| *it != pauses[0]));
        }
    }
}
