//! Contestants with their clients, and rounds in turn.

use std::time::Duration;

use anyhow::Context;

use super::Plan;
use super::load::{Load, Pace, Round};
use super::poster::Way;
use super::server::{Kind, Server, Stage};
use crate::measure::{Spread, number};

/// One round before those that count.
const WARM_UP_MAX: Duration = Duration::from_secs(1);
/// What comes before each round and does not count: TCP acknowledges a connection's first 16 segments, also the first after a
/// silence, one by one (`TCP_MAX_QUICKACKS`), and each of those costs half as much again, to the bare server too.
const SETTLE_IN: Duration = Duration::from_millis(300);
/// Longer than an acknowledgement is held back (`TCP_DELACK_MIN`, 40 ms).
const ACKNOWLEDGED: Duration = Duration::from_millis(100);

/// One server with its clients and its rounds.
pub(super) struct Contestant {
    pub(super) server: Server,
    pub(super) load: Load,
    pub(super) rounds: Vec<Round>,
    /// What a post costs that nobody hears, in µs of the processors' time; where posts are requests.
    pub(super) post_us: Option<f64>,
}

/// What all contestants do.
#[derive(Clone, Copy)]
pub(super) struct Discipline {
    pub(super) clients: usize,
    pub(super) pace: Pace,
    pub(super) keeps_latencies: bool,
}

impl Contestant {
    /// Starts a server, and connects the clients.
    pub(super) fn enter(
        kind: Kind,
        plan: &Plan,
        stage: &Stage,
        discipline: Discipline,
    ) -> anyhow::Result<Self> {
        let server = Server::start(kind, stage)?;
        let load = Load::new(&server.entrance)?;
        let mut contestant = Self { server, load, rounds: Vec::new(), post_us: None };
        if matches!((&contestant.server.way, discipline.pace), (Way::Http { .. }, Pace::InFlight(_))) {
            contestant.warm_up(plan, discipline)?;
            let alone = (0..plan.rounds).map(|_| contestant.round(plan.round / 2, discipline));
            let alone = alone.collect::<Result<Vec<_>, _>>()?;
            contestant.post_us = Some(Spread::of(alone.iter().map(Round::cpu_us)).median);
        }
        contestant.load.connect(discipline.clients, true).with_context(|| kind.name())?;
        contestant.warm_up(plan, discipline)?;
        Ok(contestant)
    }

    /// What a delivery costs without its share of the posts.
    pub(super) fn cpu_us_less_posts(&self, round: &Round) -> f64 {
        round.cpu_us() - self.post_us.unwrap_or_default() / number(self.load.len())
    }

    fn warm_up(&mut self, plan: &Plan, discipline: Discipline) -> anyhow::Result<()> {
        self.round(plan.round.min(WARM_UP_MAX), discipline)?;
        Ok(())
    }

    /// Connects the clients anew, and brings their connections to where those of a clinic are, in which seconds pass between
    /// two events.
    ///
    /// Who has sent something, such as the upgrade that bare clients do without, holds its acknowledgements back until one of
    /// them was late, and then sends each when it reads. Until then it is the server's processor that sends them.
    fn renew(&mut self, discipline: Discipline) -> anyhow::Result<()> {
        self.load.reconnect()?;
        let single = Discipline { pace: Pace::InFlight(1), keeps_latencies: false, ..discipline };
        // Of two segments in a row one is waited for.
        for _ in 0..2 {
            self.round(Duration::ZERO, single)?;
            std::thread::sleep(ACKNOWLEDGED);
        }
        self.round(SETTLE_IN, single)?;
        Ok(())
    }

    pub(super) fn round(&mut self, length: Duration, discipline: Discipline) -> anyhow::Result<Round> {
        let Discipline { pace, keeps_latencies, .. } = discipline;
        let round = self.load.round(&self.server, pace, length, keeps_latencies);
        round.with_context(|| self.server.kind.name())
    }
}

/// Lets `kinds` take turns; those whose programs are not there are left out.
///
/// Clients connect anew for each round. Where the kernel puts 1,000 sockets is worth several per cent, to the bare server as
/// to the others, and stays as long as they do: rounds that share their sockets share that luck.
pub(super) fn hold(
    kinds: &[Kind],
    plan: &Plan,
    stage: &Stage,
    discipline: Discipline,
) -> anyhow::Result<Vec<Contestant>> {
    let kinds = stage.available(kinds);
    let entered = kinds.iter().map(|kind| Contestant::enter(*kind, plan, stage, discipline));
    let mut contestants = entered.collect::<Result<Vec<_>, _>>()?;
    for n in 0..plan.rounds {
        // Who goes first changes from round to round.
        if n > 0 {
            contestants.reverse();
        }
        for contestant in &mut contestants {
            contestant.renew(discipline)?;
            let round = contestant.round(plan.round, discipline)?;
            contestant.rounds.push(round);
        }
    }
    contestants.sort_by_key(|contestant| kinds.iter().position(|kind| *kind == contestant.server.kind));
    Ok(contestants)
}
