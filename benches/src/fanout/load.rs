//! The load: many clients and a few that post, on one thread that only reads, so that it is not what is measured.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use mio::{Events, Interest, Poll, Token};
use rustix::net::{AddressFamily, SocketType, connect, socket, sockopt};

use super::client::{Client, Entrance};
use super::log::Log;
use super::poster::{Posted, Posters, ROOMS, Way};
use super::server::Server;
use super::system::CpuTimes;

/// Clients that are within their upgrade at once: fewer than any server's backlog.
const CONNECTING_MAX: usize = 64;
/// What a server has to see that its clients are gone.
const PARTING: Duration = Duration::from_millis(200);
/// A server that delivers nothing for so long has lost something.
const SILENCE_MAX: Duration = Duration::from_secs(10);
const READ_BYTES: usize = 64 * 1024;
const EVENTS_MAX: usize = 1_024;
/// Tokens from here on are the posters'.
const POSTERS_FROM: usize = usize::MAX / 2;
/// The receive buffer of a client that does not read: the smaller, the sooner the server feels it.
const STUCK_BUFFER_BYTES: usize = 4_096;

/// All connections to one server.
pub(super) struct Load {
    poll: Poll,
    events: Events,
    entrance: Entrance,
    clients: Vec<Client>,
    posters: Option<Posters>,
    posted: Posted,
    posts: usize,
    answers: usize,
    log: Log,
    buffer: Vec<u8>,
}

/// What one round gave.
pub(super) struct Round {
    pub(super) events: usize,
    pub(super) deliveries: usize,
    pub(super) took: Duration,
    /// The processors' time on the server.
    pub(super) cpu: Duration,
    /// From each post to each client, least first, where that was asked for.
    pub(super) latencies: Vec<Duration>,
}

/// How a round posts.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// So many at once, the next when every client has heard all of them.
    InFlight(usize),
    /// So many a second, whatever the server does.
    PerSecond(u32),
}

impl Load {
    pub(super) fn new(entrance: &Entrance) -> anyhow::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS_MAX),
            entrance: entrance.clone(),
            clients: Vec::new(),
            posters: None,
            posted: Posted::default(),
            posts: 0,
            answers: 0,
            log: Log::new(),
            buffer: vec![0; READ_BYTES],
        })
    }

    /// Connects `count` clients more and waits until all are ready.
    pub(super) fn connect(&mut self, count: usize, subscribes: bool) -> anyhow::Result<()> {
        let (first, all) = (self.clients.len(), self.clients.len() + count);
        let mut until = Instant::now() + SILENCE_MAX;
        let mut ready = first;
        while ready < all {
            while self.clients.len() < all && self.clients.len() - ready < CONNECTING_MAX {
                self.add(TcpStream::connect(self.entrance.address)?, subscribes)?;
            }
            self.turn(Duration::from_millis(100))?;
            let ready_now = first + self.clients[first..].iter().filter(|client| client.is_ready()).count();
            if ready_now > ready {
                (ready, until) = (ready_now, Instant::now() + SILENCE_MAX);
            }
            ensure!(Instant::now() < until, "{ready} of {all} clients got their connection");
        }
        Ok(())
    }

    /// Ends every client's connection, and connects as many new ones.
    pub(super) fn reconnect(&mut self) -> anyhow::Result<()> {
        let count = self.clients.len();
        self.clients.clear();
        std::thread::sleep(PARTING);
        self.connect(count, true)
    }

    fn add(&mut self, stream: TcpStream, subscribes: bool) -> anyhow::Result<()> {
        let n = self.clients.len();
        let mut client = Client::begin(stream, &self.entrance, n, subscribes)?;
        self.poll.registry().register(&mut client.stream, Token(n), Interest::READABLE)?;
        self.clients.push(client);
        Ok(())
    }

    /// Connects a client that subscribes and reads nothing more. Not one of those who have to hear everything.
    pub(super) fn connect_stuck(&mut self) -> anyhow::Result<Client> {
        let stream = socket(AddressFamily::INET, SocketType::STREAM, None)?;
        sockopt::set_socket_recv_buffer_size(&stream, STUCK_BUFFER_BYTES)?;
        connect(&stream, &self.entrance.address)?;
        self.add(stream.into(), true)?;
        let until = Instant::now() + SILENCE_MAX;
        while self.clients.last().is_some_and(|client| !client.is_ready()) {
            self.turn(Duration::from_millis(100))?;
            ensure!(Instant::now() < until, "one more client gets no connection");
        }
        let mut client = self.clients.pop().context("it was just added")?;
        self.poll.registry().deregister(&mut client.stream)?;
        Ok(client)
    }

    pub(super) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Posts for as long as `length`, waits until every client has heard everything, and says what it cost `server`.
    pub(super) fn round(
        &mut self,
        server: &Server,
        pace: Pace,
        length: Duration,
        keeps_latencies: bool,
    ) -> anyhow::Result<Round> {
        self.open_posters(&server.way)?;
        // What came since the last round, such as pings.
        self.turn(Duration::ZERO)?;
        self.clients.iter_mut().for_each(|client| client.heard = 0);
        (self.posts, self.answers) = (0, 0);
        self.log.begin(self.clients.len(), keeps_latencies);
        let (cpu, begun) = (CpuTimes::of(server.pid())?, Instant::now());
        match pace {
            Pace::InFlight(width) => self.post_in_flight(width, begun + length)?,
            Pace::PerSecond(rate) => self.post_paced(rate, length)?,
        }
        let took = begun.elapsed();
        let cpu = CpuTimes::of(server.pid())?.since(&cpu);
        self.posters = None;
        let deliveries = self.clients.iter().map(|client| client.heard).sum();
        let expected = self.posts * self.clients.len();
        ensure!(deliveries == expected, "{deliveries} deliveries instead of {expected}");
        let latencies = self.log.take_latencies();
        Ok(Round { events: self.posts, deliveries, took, cpu, latencies })
    }

    fn open_posters(&mut self, way: &Way) -> anyhow::Result<()> {
        let mut posters = Posters::connect(way)?;
        if let Posters::Http(posters) = &mut posters {
            for (n, poster) in posters.iter_mut().enumerate() {
                let token = Token(POSTERS_FROM + n);
                self.poll.registry().register(&mut poster.stream, token, Interest::READABLE)?;
            }
        }
        self.posters = Some(posters);
        Ok(())
    }

    fn post_in_flight(&mut self, width: usize, until: Instant) -> anyhow::Result<()> {
        loop {
            for room in 0..width {
                self.post(room, None)?;
            }
            self.wait_for_all()?;
            if Instant::now() >= until {
                return Ok(());
            }
        }
    }

    /// Posts when each is due. When all who post still wait for their answers the next goes out late, and counts
    /// from when it was due.
    fn post_paced(&mut self, rate: u32, length: Duration) -> anyhow::Result<()> {
        let (begun, every) = (Instant::now(), Duration::from_secs(1) / rate);
        let mut n = 0;
        while every * n < length {
            let due = begun + every * n;
            let mut was_late = false;
            let room = loop {
                let left = due.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    let posters = self.posters.as_ref().context("they are open")?;
                    let first = usize::try_from(n)?;
                    let mut rooms = (first..first + ROOMS).map(|room| room % ROOMS);
                    if let Some(room) = rooms.find(|room| posters.is_free(*room)) {
                        break room;
                    }
                    was_late = true;
                }
                self.turn(if left.is_zero() { Duration::from_millis(1) } else { left })?;
                ensure!(due.elapsed() < SILENCE_MAX, "no post is answered any more");
            };
            self.post(room, was_late.then_some(due))?;
            n += 1;
        }
        self.wait_for_all()
    }

    fn post(&mut self, room: usize, due: Option<Instant>) -> anyhow::Result<()> {
        let posters = self.posters.as_mut().context("they are open")?;
        let sent = posters.post(room, &mut self.posted)?;
        self.log.posted(room, due.unwrap_or(sent));
        self.posts += 1;
        // What is no request is not answered.
        self.answers += usize::from(matches!(posters, Posters::Direct { .. }));
        Ok(())
    }

    /// Never sleeps meanwhile: a server on this machine would pay for waking the load, and on a network none does.
    fn wait_for_all(&mut self) -> anyhow::Result<()> {
        let mut last = Instant::now();
        while !(self.answers == self.posts && self.log.is_complete(self.posts)) {
            if self.turn(Duration::ZERO)? {
                last = Instant::now();
            } else if last.elapsed() > SILENCE_MAX {
                let (posts, complete) = (self.posts, self.log.complete());
                bail!("lost: of {posts} events, {} answered, only {complete} reached all", self.answers);
            }
        }
        Ok(())
    }

    /// Waits at most so long for news, and takes them. True when there were any.
    fn turn(&mut self, timeout: Duration) -> anyhow::Result<bool> {
        if let Err(error) = self.poll.poll(&mut self.events, Some(timeout)) {
            let is_signal = error.kind() == std::io::ErrorKind::Interrupted;
            return if is_signal { Ok(false) } else { Err(error.into()) };
        }
        for event in &self.events {
            let Token(n) = event.token();
            if n < POSTERS_FROM {
                // One that is gone from the list had news before it went.
                let Some(client) = self.clients.get_mut(n) else { continue };
                client.read(&mut self.buffer, &mut self.log).with_context(|| format!("client {n}"))?;
            } else if let Some(Posters::Http(posters)) = &mut self.posters {
                self.answers += usize::from(posters[n - POSTERS_FROM].read(&mut self.buffer)?);
            }
        }
        Ok(!self.events.is_empty())
    }
}

impl Round {
    /// Per delivery, or per event where nobody listens.
    pub(super) fn cpu_us(&self) -> f64 {
        let each = if self.deliveries > 0 { self.deliveries } else { self.events };
        self.cpu.as_secs_f64() * 1e6 / crate::measure::number(each)
    }

    /// Deliveries a second.
    pub(super) fn rate(&self) -> f64 {
        crate::measure::number(self.deliveries) / self.took.as_secs_f64()
    }

    /// The latency that `per_cent` of the deliveries do not exceed, in ms.
    pub(super) fn latency_ms(&self, per_cent: usize) -> f64 {
        crate::measure::percentile(&self.latencies, per_cent).as_secs_f64() * 1e3
    }
}
