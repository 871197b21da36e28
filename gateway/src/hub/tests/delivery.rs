//! The fan-out without its thread, step by step, with a client at the other end of a real socket.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use bytes::Bytes;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Parts, parts};
use crate::auth::Doorkeeper;
use crate::domain::event::Seq;
use crate::domain::role::{Role, Topic};
use crate::domain::time::Timestamp;
use crate::hub::Shared;
use crate::hub::close::Close;
use crate::hub::cohorts::Cohorts;
use crate::hub::connection::{Identity, NewClient, Phase};
use crate::hub::disclosed::Disclosed;
use crate::hub::errand::Fetched;
use crate::hub::fanout::FanOut;
use crate::hub::inbox::Message;
use crate::hub::joined::Joined;
use crate::hub::limits::Limits;
use crate::hub::outbox::Piece;
use crate::hub::pass::Bearer;
use crate::hub::protocol::Subscribe;
use crate::hub::socket::Socket;
use crate::hub::subscriber::Subscriber;
use crate::wire::caller::{Caller, Entrance};
use crate::wire::channel::Channel;
use crate::wire::connection::Places;

/// How long a client waits for what it is sent. The system takes some tenths of a second before it tries a connection
/// again that was full.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// A fan-out that does what it is told.
pub(super) fn fan_out(parts: &Parts) -> FanOut {
    let entrance = Entrance { doorkeeper: Doorkeeper::new(true, []), ledger: parts.ledger.handle.clone() };
    let (shared, messages) = Shared::new(entrance, Limits::default(), None);
    FanOut::new(shared, messages).unwrap()
}

/// A client that hears everything from now on. The first one's key is 0.
async fn client(fan_out: &mut FanOut) -> Client {
    let (socket, peer) = connection();
    let socket = Socket::plain(socket);
    welcome(fan_out, socket).await;
    let mut client = Client(peer);
    assert!(client.heard_until("connected").starts_with("\u{fffd}"), "a frame begins with FIN and an opcode");
    client
}

/// The two ends of a connection; the first does not block.
pub(super) fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().unwrap();
    stream.set_nonblocking(true).unwrap();
    peer.set_read_timeout(Some(SILENCE_MAX)).unwrap();
    (stream, peer)
}

/// Lets somebody in who hears everything from now on.
pub(super) async fn welcome(fan_out: &mut FanOut, socket: Socket) {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let identity = Identity { client_id: Uuid::now_v7(), address, device: None, since: Timestamp::default() };
    let caller = Caller::prove(&HeaderMap::new(), &fan_out.cx.shared.entrance).unwrap();
    let key = fan_out.clients.len();
    fan_out.welcome(NewClient {
        socket,
        admitted: Places::new(1, 1).take(address).unwrap(),
        begun: Bytes::new(),
        caller,
        identity,
        place: std::sync::Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap(),
    });
    fan_out.with(key, |client, cx| {
        client.connection.subscriber.change_role(Role::Admin);
        client.connection.subscriber.join(Channel::All, cx.head.seq, false);
        client.serve(cx)
    });
}

struct Client(TcpStream);

impl Client {
    /// What has come as text, with bytes of frames between, when `last` is in it.
    fn heard_until(&mut self, last: &str) -> String {
        let (mut heard, mut buffer) = (String::new(), [0; 4_096]);
        while !heard.contains(last) {
            let length = self.0.read(&mut buffer).expect(last);
            assert!(length > 0, "it ended before {last}: {heard}");
            heard += &String::from_utf8_lossy(&buffer[..length]);
        }
        heard
    }

    /// The subjects of the events that have come, sorted.
    fn subjects(&mut self, fan_out: &mut FanOut) -> Vec<String> {
        fan_out.with(0, |client, cx| {
            client.connection.outbox.push(Piece::Bytes(Bytes::from_static(b"the end")));
            client.serve(cx)
        });
        let heard = self.heard_until("the end");
        let mut subjects = subjects(&heard);
        subjects.sort();
        subjects
    }
}

/// Lets the fan-out deliver everything up to `last`. Others see that the head has moved before it is woken for it.
pub(super) fn follow_to(fan_out: &mut FanOut, last: Seq) {
    let until = Instant::now() + SILENCE_MAX;
    while fan_out.cx.head.seq < last {
        assert!(Instant::now() < until, "it is not told of {last:?}");
        fan_out.follow_head();
    }
}

/// The numbers of the alarms in what was heard.
pub(super) fn subjects(heard: &str) -> Vec<String> {
    let subject = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect();
    heard.split("\"subject\":\"subject-").skip(1).map(subject).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_up_to_date_gets_each_event_once_whatever_happens_between() {
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let mut client = client(&mut fan_out).await;
    follow_to(&mut fan_out, parts.raise(2).await);
    assert_eq!(client.subjects(&mut fan_out), ["0", "1"]);
    assert_eq!(client.subjects(&mut fan_out), [""; 0], "what was sent is not sent again when it is served");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_cannot_be_read_end_who_was_up_to_date() {
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let mut client = client(&mut fan_out).await;
    let (before, last) = (fan_out.cx.head.seq, parts.ledger.handle.snapshot().seq.next());
    fan_out.cx.ring.skip_to(last);
    fan_out.cx.head.seq = last;
    fan_out.deliver(before, &[]);
    let (code, reason) = Close::Failed.code_and_reason().unwrap();
    let heard = client.heard_until(reason);
    assert!(!heard.contains("subject-"), "{code}: {heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_is_said_to_have_heard_about_patients_what_came_while_it_was_there() {
    let disclosed = |from, to| {
        let mut disclosed = Disclosed::default();
        disclosed.stretch(Topic::Facility, Seq(from), Seq(to));
        disclosed
    };
    let parts = parts();
    let mut fan_out = fan_out(&parts);
    let _first = client(&mut fan_out).await;
    let cohort = fan_out.clients[0].cohort.unwrap();
    fan_out.cohorts.disclose(cohort, &disclosed(5, 7));
    let _second = client(&mut fan_out).await;
    assert_eq!(fan_out.clients[1].cohort, Some(cohort));
    fan_out.cohorts.disclose(cohort, &disclosed(9, 9));
    fan_out.share_out_disclosed();
    let of = |key: usize| &fan_out.clients[key].connection.disclosed;
    assert_eq!((of(0), of(1)), (&disclosed(5, 9), &disclosed(9, 9)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_begun_to_close_is_not_opened_again_by_what_it_waited_for() {
    let wanted = || {
        Box::new(Subscribe { id: None, channel: Channel::All, since: None, snapshot: false, presence: false })
    };
    let fetched = || Fetched { head: Seq(0), role: Role::Admin, past: None, snapshot: None, place: None };
    let parts = parts();
    for late in [Some(Some(fetched())), Some(None), None] {
        let mut fan_out = fan_out(&parts);
        let mut client = client(&mut fan_out).await;
        let connection = &mut fan_out.clients[0].connection;
        let client_id = connection.identity.client_id;
        connection.phase = Phase::AwaitsPast(wanted());
        fan_out.end(0, Close::Dismissed);
        match late {
            Some(fetched) => {
                let inbox = fan_out.cx.shared.inbox.clone();
                inbox.send(Message::Fetched(0, client_id, fetched)).await.ok().unwrap();
                fan_out.take_messages();
            }
            None => fan_out.with(0, |client, cx| {
                client.connection.fetched(fetched(), cx)?;
                client.serve(cx)
            }),
        }
        assert!(fan_out.clients[0].connection.is_closing(), "it has its time to answer, and nothing else");
        let (_, reason) = Close::Dismissed.code_and_reason().unwrap();
        client.heard_until(reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_has_ended_has_ended_whenever_it_is_asked_for() {
    let parts = parts();
    let closed = Entrance { doorkeeper: Doorkeeper::new(false, []), ledger: parts.ledger.handle.clone() };
    let open = Entrance { doorkeeper: Doorkeeper::new(true, []), ledger: parts.ledger.handle.clone() };
    let snapshot = parts.ledger.handle.snapshot();
    let mut bearer = Bearer::new(Caller::prove(&HeaderMap::new(), &open).unwrap(), &snapshot);
    for _ in 0..2 {
        assert!(bearer.check(&closed, &snapshot).is_err());
    }
    assert!(bearer.check(&open, &snapshot).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_cohort_gets_what_it_wants_however_many_there_are() {
    let parts = parts();
    parts.raise(3).await;
    let frames = parts.ring.after(Seq(0), 10).unwrap();
    let (mut joined, mut cohorts) = (Joined::default(), Cohorts::default());
    let mut cohort = |channels: &[Channel]| {
        let mut subscriber = Subscriber::new(Role::Admin, Seq(0));
        channels.iter().for_each(|channel| subscriber.join(channel.clone(), Seq(0), false));
        let mut place = None;
        cohorts.settle(&mut place, Some(&subscriber.interest));
        place.unwrap()
    };
    let many = cohort(&[Channel::All]);
    let mut few: Vec<_> = (0..20)
        .map(|n| {
            let doctor = Channel::Doctor(format!("dr-{n}").parse().unwrap());
            let other = if n % 2 == 0 { Channel::All } else { Channel::Of(Topic::Facility) };
            (n, cohort(&[doctor, other]))
        })
        .collect();
    for frames in [&frames[..], &frames[..1]] {
        joined.begin();
        for (n, cohort) in &few {
            let heard = String::from_utf8_lossy(&joined.of(*cohort, &mut cohorts, frames).bytes).into_owned();
            assert_eq!(subjects(&heard).len(), if n % 2 == 0 { frames.len() } else { 0 }, "{n}");
        }
        let all = joined.of(many, &mut cohorts, frames).bytes.clone();
        for (n, cohort) in &few {
            let expected: &[u8] = if n % 2 == 0 { &all } else { b"" };
            assert_eq!(joined.of(*cohort, &mut cohorts, frames).bytes, expected, "{n}");
            assert_eq!(
                joined.of(many, &mut cohorts, &[]).bytes,
                all,
                "who is asked for often is not joined again"
            );
        }
        // The next begins with those whose frames are still joined.
        few.reverse();
    }
}
