//! Failed logins: a delay that rises, for an account at an address, for an address, and for an account.
//!
//! - An account that keeps failing at an address is told to come back later: up to [`ADDRESS_DELAY_MAX`]. Only its own
//!   success there ends that. Who has a valid account can so guess at others' no faster: a success of one's own
//!   forgets nothing of theirs.
//! - An address where many accounts fail is told so for all of them. It counts accounts, not tries: one tablet with an
//!   old password may fail all day and costs nobody else a second, while whoever goes through a list of accounts does.
//!   A whole clinic may share one address. So who has logged in from there lately is not held back by what others fail
//!   there: nobody inside can lock a ward out. To guess at those accounts from inside is still one try a minute each.
//! - An account that somebody keeps trying, from wherever, is only slowed down, by at most [`ACCOUNT_DELAY_MAX`].

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::access::Email;

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 4;
/// Accounts that may fail at one address and cost it nothing: people mistype their addresses too, and at the change of
/// a shift many log in at once, each of whom counts until it is known who they are.
const FREE_ACCOUNTS: u32 = 16;
/// The longest time that an account at an address, or a whole address, is told to stay away.
pub const ADDRESS_DELAY_MAX: Duration = Duration::from_secs(60);
/// The longest time that a login of an account is held back, right or wrong.
pub const ACCOUNT_DELAY_MAX: Duration = Duration::from_secs(2);
/// Failures are forgotten after this long without another.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(15 * 60);
/// Whoever has logged in from an address is known there for so long: over a holiday.
const KNOWN_FOR: Duration = Duration::from_secs(30 * 86_400);
/// Places, accounts and successes that are remembered; beyond, the oldest are forgotten.
const REMEMBERED_MAX: usize = 4_096;

/// The memory of failed logins. It does not outlive the process: a restart needs the console.
#[derive(Default)]
pub struct Backoff {
    memory: Mutex<Memory>,
}

/// This address has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    /// For so long.
    pub wait: Duration,
}

/// An account as it is tried from one address; none where a guess names no account.
type Place = (IpAddr, Option<Email>);

#[derive(Default)]
struct Memory {
    places: Failures<Place>,
    accounts: Failures<Email>,
    /// When who logged in last, and where from.
    known: HashMap<(IpAddr, Email), Instant>,
}

impl Backoff {
    /// Asks whether `account` may be tried from `address` at `now`, and how long such a login is held back.
    ///
    /// # Errors
    ///
    /// [`Later`] when the address has to wait.
    pub fn check(&self, address: IpAddr, account: &Email, now: Instant) -> Result<Duration, Later> {
        let memory = self.memory();
        memory.check(&(address, Some(account.clone())), now)?;
        Ok(memory.accounts.delay(account, ACCOUNT_DELAY_MAX, now))
    }

    /// Asks whether `address` may try again at `now` where no account is named.
    ///
    /// # Errors
    ///
    /// [`Later`] when it has to wait.
    pub fn check_address(&self, address: IpAddr, now: Instant) -> Result<(), Later> {
        self.memory().check(&(address, None), now)
    }

    /// Remembers that somebody at `address` guessed wrong where no account is named.
    pub fn address_failed(&self, address: IpAddr, now: Instant) {
        self.memory().places.add((address, None), now);
    }

    /// Remembers that a login of `account` from `address` failed.
    pub fn failed(&self, address: IpAddr, account: &Email, now: Instant) {
        let mut memory = self.memory();
        memory.places.add((address, Some(account.clone())), now);
        memory.accounts.add(account.clone(), now);
    }

    /// Forgets what `account` failed at `address`, which has proved at `now` to be its own, and knows it there from
    /// now on. What others failed there stays, and what others failed elsewhere in its name.
    pub fn succeeded(&self, address: IpAddr, account: &Email, now: Instant) {
        let mut memory = self.memory();
        memory.places.0.remove(&(address, Some(account.clone())));
        memory.accounts.0.remove(account);
        let known = &mut memory.known;
        make_room(known, &(address, account.clone()), |at| *at, KNOWN_FOR, now);
        known.insert((address, account.clone()), now);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn check(&self, place: &Place, now: Instant) -> Result<(), Later> {
        let own = self.places.wait(place, ADDRESS_DELAY_MAX, now);
        let wait = if self.is_known(place, now) { own } else { own.max(self.wait_of(place.0, now)) };
        if wait.is_zero() { Ok(()) } else { Err(Later { wait }) }
    }

    fn is_known(&self, (address, account): &Place, now: Instant) -> bool {
        let at = account.as_ref().and_then(|account| self.known.get(&(*address, account.clone())));
        at.is_some_and(|at| now.duration_since(*at) <= KNOWN_FOR)
    }

    /// How long a whole address has to wait for the accounts that failed there. Looks at all that is remembered, which
    /// is little beside the hash of a password.
    fn wait_of(&self, address: IpAddr, now: Instant) -> Duration {
        let here = self.places.0.iter().filter(|((place, _), _)| *place == address);
        let lately = here.map(|(_, (_, last))| now.duration_since(*last));
        let lately = lately.filter(|since| *since <= FORGOTTEN_AFTER);
        let (accounts, since) =
            lately.fold((0, Duration::MAX), |(count, least), since| (count + 1, least.min(since)));
        rise(accounts, FREE_ACCOUNTS).min(ADDRESS_DELAY_MAX).saturating_sub(since)
    }
}

/// The delay after so many failures, of which some are free: 1, 2, 4 … seconds.
fn rise(failures: u32, free: u32) -> Duration {
    match failures.checked_sub(free + 1) {
        Some(doublings) => Duration::from_secs(1 << doublings.min(16)),
        None => Duration::ZERO,
    }
}

/// Forgets what is older than `lasts`, and if need be the oldest, where `key` is new and nothing more fits in.
fn make_room<K: Eq + Hash + Clone, V>(
    map: &mut HashMap<K, V>,
    key: &K,
    at: impl Fn(&V) -> Instant,
    lasts: Duration,
    now: Instant,
) {
    if map.len() < REMEMBERED_MAX || map.contains_key(key) {
        return;
    }
    map.retain(|_, value| now.duration_since(at(value)) <= lasts);
    let oldest = map.iter().min_by_key(|(_, value)| at(value)).map(|(key, _)| key.clone());
    if let Some(oldest) = oldest.filter(|_| map.len() >= REMEMBERED_MAX) {
        map.remove(&oldest);
    }
}

/// How often, and when last.
struct Failures<K>(HashMap<K, (u32, Instant)>);

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Failures<K> {
    /// How long after the last failure the next try of `key` is welcome.
    fn delay(&self, key: &K, most: Duration, now: Instant) -> Duration {
        let lately = self.0.get(key).filter(|(_, last)| now.duration_since(*last) <= FORGOTTEN_AFTER);
        lately.map_or(Duration::ZERO, |(failures, _)| rise(*failures, FREE_FAILURES).min(most))
    }

    /// What is left of the delay at `now`.
    fn wait(&self, key: &K, most: Duration, now: Instant) -> Duration {
        let since = self.0.get(key).map_or(Duration::MAX, |(_, last)| now.duration_since(*last));
        self.delay(key, most, now).saturating_sub(since)
    }

    fn add(&mut self, key: K, now: Instant) {
        make_room(&mut self.0, &key, |(_, last)| *last, FORGOTTEN_AFTER, now);
        let (failures, last) = self.0.entry(key).or_insert((0, now));
        *failures = if now.duration_since(*last) > FORGOTTEN_AFTER { 1 } else { failures.saturating_add(1) };
        *last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn nurse() -> Email {
        "nurse@demo.local".parse().unwrap()
    }

    fn account(n: u32) -> Email {
        format!("user-{n}@demo.local").parse().unwrap()
    }

    fn wait_s(backoff: &Backoff, account: &Email, now: Instant) -> u64 {
        backoff.check(HERE, account, now).err().map_or(0, |later| later.wait.as_secs())
    }

    #[test]
    fn the_delay_rises_and_a_success_ends_it() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..14 {
            waits.push(wait_s(&backoff, &nurse(), start));
            backoff.failed(HERE, &nurse(), start);
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert!(backoff.check(HERE, &nurse(), start + ADDRESS_DELAY_MAX).is_ok());
        backoff.succeeded(HERE, &nurse(), start);
        assert_eq!(backoff.check(HERE, &nurse(), start), Ok(Duration::ZERO));
    }

    #[test]
    fn a_valid_account_of_ones_own_buys_no_guess_at_anothers() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        for _ in 0..11 {
            backoff.failed(HERE, &nurse(), start);
            backoff.failed(HERE, &account(0), start);
            backoff.succeeded(HERE, &account(0), start);
        }
        assert_eq!((wait_s(&backoff, &nurse(), start), wait_s(&backoff, &account(0), start)), (60, 0));
        // Nor does her own login elsewhere, for whoever guesses here.
        backoff.succeeded(IpAddr::from([10, 0, 0, 9]), &nurse(), start);
        assert_eq!(wait_s(&backoff, &nurse(), start), 60);
    }

    #[test]
    fn who_goes_through_a_list_of_accounts_is_slowed_down_whatever_succeeds_between() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        let mut waits = Vec::new();
        for n in 1..=FREE_ACCOUNTS + 8 {
            waits.push(wait_s(&backoff, &account(n), start));
            backoff.failed(HERE, &account(n), start);
            backoff.succeeded(HERE, &account(0), start);
        }
        assert_eq!(waits[..=16], [0; 17]);
        assert_eq!(waits[17..], [1, 2, 4, 8, 16, 32, 60]);
        assert!(backoff.check_address(HERE, start).is_err(), "the whole address waits");
        assert!(backoff.check_address(IpAddr::from([10, 0, 0, 9]), start).is_ok(), "and no other");
        let later = start + FORGOTTEN_AFTER + Duration::from_secs(1);
        assert!(backoff.check_address(HERE, later).is_ok());
    }

    #[test]
    fn nobody_behind_a_clinics_one_address_locks_the_others_out() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        // A tablet that has an old password fails all day.
        (0..1_000).for_each(|_| backoff.failed(HERE, &account(0), start));
        assert_eq!((wait_s(&backoff, &account(0), start), wait_s(&backoff, &nurse(), start)), (60, 0));
        // Somebody goes through every account there is: who works here comes in all the same.
        backoff.succeeded(HERE, &nurse(), start);
        (0..200).for_each(|n| backoff.failed(HERE, &account(n), start));
        assert_eq!((wait_s(&backoff, &account(201), start), wait_s(&backoff, &nurse(), start)), (60, 0));
        // Known or not: to guess at her account is slow.
        (0..20).for_each(|_| backoff.failed(HERE, &nurse(), start));
        assert_eq!(wait_s(&backoff, &nurse(), start), 60);
    }

    #[test]
    fn an_account_that_others_try_is_slowed_down_and_never_locked() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        for n in 0..200 {
            backoff.failed(IpAddr::from([10, 0, 0, n]), &nurse(), start);
        }
        assert_eq!(backoff.check(HERE, &nurse(), start), Ok(ACCOUNT_DELAY_MAX));
    }

    #[test]
    fn the_memory_is_bounded_and_forgets_with_time() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        for n in 0..2 * REMEMBERED_MAX {
            let n = u32::try_from(n).unwrap();
            let address = IpAddr::from(n.to_be_bytes());
            backoff.failed(address, &nurse(), start);
            backoff.succeeded(address, &account(n), start + Duration::from_millis(n.into()));
        }
        let lengths = |memory: &Memory| (memory.places.0.len(), memory.accounts.0.len(), memory.known.len());
        assert_eq!(lengths(&backoff.memory()), (REMEMBERED_MAX, 1, REMEMBERED_MAX));
        let later = start + FORGOTTEN_AFTER + Duration::from_secs(1);
        assert_eq!(backoff.check(HERE, &nurse(), later), Ok(Duration::ZERO));
    }
}
