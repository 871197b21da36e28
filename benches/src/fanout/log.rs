//! Who heard what: every client hears every event once, in the one order that all have.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::poster::ROOMS;

const SEQ: &[u8] = b"\"seq\":";
const ROOM: &[u8] = b"\"id\":\"room-";

/// The events of one round.
pub(super) struct Log {
    events: Vec<Event>,
    /// How many have to hear each event.
    audience: usize,
    /// Events that all of them have heard.
    complete: usize,
    /// When each room's posts were sent that nobody has heard of yet.
    posted: Vec<VecDeque<Instant>>,
    latencies: Vec<Duration>,
    keeps_latencies: bool,
    /// The newest of all rounds.
    last_seq: u64,
    /// Where the last event had its seq: the next one has it there too.
    seq_at: usize,
}

struct Event {
    seq: u64,
    posted_at: Instant,
    heard: usize,
}

impl Log {
    pub(super) fn new() -> Self {
        Self {
            events: Vec::new(),
            audience: 0,
            complete: 0,
            posted: vec![VecDeque::new(); ROOMS],
            latencies: Vec::new(),
            keeps_latencies: false,
            last_seq: 0,
            seq_at: 0,
        }
    }

    /// Begins a round, heard by `audience`.
    pub(super) fn begin(&mut self, audience: usize, keeps_latencies: bool) {
        self.events.clear();
        self.posted.iter_mut().for_each(VecDeque::clear);
        self.latencies.clear();
        (self.audience, self.keeps_latencies, self.complete) = (audience, keeps_latencies, 0);
    }

    /// The room's (counted from 0) next event was posted at `when`.
    pub(super) fn posted(&mut self, room: usize, when: Instant) {
        if self.audience > 0 {
            self.posted[room].push_back(when);
        }
    }

    /// A client that has heard `heard` events of this round hears another.
    pub(super) fn hear(&mut self, heard: &mut usize, text: &[u8], now: Instant) -> anyhow::Result<()> {
        let seq = self.seq_of(text)?;
        if *heard == self.events.len() {
            ensure!(seq > self.last_seq, "event {seq} after {}: doubled, or out of order", self.last_seq);
            self.last_seq = seq;
            let posted_at = self.posted_at(text)?;
            self.events.push(Event { seq, posted_at, heard: 0 });
        }
        let event = &mut self.events[*heard];
        ensure!(event.seq == seq, "event {seq} where others heard {}: lost, or out of order", event.seq);
        event.heard += 1;
        *heard += 1;
        self.complete += usize::from(event.heard == self.audience);
        if self.keeps_latencies {
            self.latencies.push(now.saturating_duration_since(event.posted_at));
        }
        Ok(())
    }

    /// True when all have heard `posts` events.
    pub(super) fn is_complete(&self, posts: usize) -> bool {
        self.audience == 0 || self.complete == posts
    }

    pub(super) fn complete(&self) -> usize {
        self.complete
    }

    /// From each post to each client, least first; they are kept no longer.
    pub(super) fn take_latencies(&mut self) -> Vec<Duration> {
        let mut latencies = std::mem::take(&mut self.latencies);
        latencies.sort_unstable();
        latencies
    }

    fn seq_of(&mut self, text: &[u8]) -> anyhow::Result<u64> {
        if !text.get(self.seq_at..).is_some_and(|rest| rest.starts_with(SEQ)) {
            self.seq_at = find(text, SEQ).context("an event without a seq")?;
        }
        number(&text[self.seq_at + SEQ.len()..]).context("a seq that is no number")
    }

    fn posted_at(&mut self, text: &[u8]) -> anyhow::Result<Instant> {
        let at = find(text, ROOM).context("an event of no room")?;
        let room = number(&text[at + ROOM.len()..]).context("a room without a number")?;
        let room = usize::try_from(room)?.checked_sub(1).context("room-0")?;
        let posted = self.posted.get_mut(room).context("a room that nobody posts to")?;
        posted.pop_front().with_context(|| format!("an event of room-{} that nobody posted", room + 1))
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn number(text: &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    let mut number = None;
    for digit in digits {
        number = Some(number.unwrap_or(0_u64).checked_mul(10)? + u64::from(digit - b'0'));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: u64) -> Vec<u8> {
        format!(r#"{{"type":"room:updated","seq":{seq},"data":{{"id":"room-1"}}}}"#).into_bytes()
    }

    fn log(audience: usize, posts: usize) -> Log {
        let mut log = Log::new();
        log.begin(audience, true);
        (0..posts).for_each(|_| log.posted(0, Instant::now()));
        log
    }

    #[test]
    fn a_round_is_complete_when_all_have_heard_all() {
        let (mut log, mut heard) = (log(2, 2), [0, 0]);
        for (client, seq) in [(0, 5), (0, 7), (1, 5)] {
            log.hear(&mut heard[client], &event(seq), Instant::now()).unwrap();
            assert!(!log.is_complete(2));
        }
        log.hear(&mut heard[1], &event(7), Instant::now()).unwrap();
        assert!(log.is_complete(2));
        assert_eq!(log.take_latencies().len(), 4);
    }

    #[test]
    fn what_is_lost_doubled_or_out_of_order_is_an_error() {
        let (mut log, mut heard) = (log(2, 3), [0, 0]);
        for seq in [1, 2] {
            log.hear(&mut heard[0], &event(seq), Instant::now()).unwrap();
        }
        assert!(log.hear(&mut heard[0], &event(2), Instant::now()).is_err(), "doubled");
        assert!(log.hear(&mut heard[1], &event(2), Instant::now()).is_err(), "the first is lost");
    }

    #[test]
    fn an_event_that_nobody_posted_is_an_error() {
        assert!(log(1, 0).hear(&mut 0, &event(1), Instant::now()).is_err());
    }
}
