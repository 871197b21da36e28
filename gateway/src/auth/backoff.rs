//! Failed logins: a delay that rises, per address and per account.
//!
//! An address that keeps failing is told to come back later. An account that somebody keeps trying is only
//! slowed down, by at most [`ACCOUNT_DELAY_MAX`]: nobody can lock a ward out of its own gateway.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::access::Email;

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 4;
/// The longest time that an address is told to stay away.
pub const ADDRESS_DELAY_MAX: Duration = Duration::from_secs(60);
/// The longest time that a login of an account is held back, right or wrong.
pub const ACCOUNT_DELAY_MAX: Duration = Duration::from_secs(2);
/// Failures are forgotten after this long without another.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(15 * 60);
/// Addresses and accounts that are remembered; beyond, the ones that failed longest ago are forgotten.
const REMEMBERED_MAX: usize = 4_096;

/// The memory of failed logins. It does not outlive the process: a restart needs the console.
#[derive(Default)]
pub struct Backoff {
    addresses: Mutex<Failures<IpAddr>>,
    accounts: Mutex<Failures<Email>>,
}

/// This address has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    /// For so long.
    pub wait: Duration,
}

impl Backoff {
    /// Asks whether `address` may try again at `now`, and how long a login of `account` is held back.
    ///
    /// # Errors
    ///
    /// [`Later`] when the address has to wait.
    pub fn check(&self, address: IpAddr, account: &Email, now: Instant) -> Result<Duration, Later> {
        self.check_address(address, now)?;
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(accounts.delay(account, ACCOUNT_DELAY_MAX, now))
    }

    /// Asks whether `address` may try again at `now`.
    ///
    /// # Errors
    ///
    /// [`Later`] when it has to wait.
    pub fn check_address(&self, address: IpAddr, now: Instant) -> Result<(), Later> {
        let addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = addresses.wait(&address, ADDRESS_DELAY_MAX, now);
        if wait.is_zero() { Ok(()) } else { Err(Later { wait }) }
    }

    /// Remembers that somebody at `address` guessed wrong where no account is named.
    pub fn address_failed(&self, address: IpAddr, now: Instant) {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).add(address, now);
    }

    /// Remembers that a login of `account` from `address` failed.
    pub fn failed(&self, address: IpAddr, account: &Email, now: Instant) {
        self.address_failed(address, now);
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).add(account.clone(), now);
    }

    /// Forgets the failures of an address that has proved to be somebody, and of the account that it is.
    pub fn succeeded(&self, address: IpAddr, account: &Email) {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).0.remove(&address);
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).0.remove(account);
    }
}

struct Failures<K>(HashMap<K, (u32, Instant)>);

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Failures<K> {
    /// How long after the last failure the next try of `key` is welcome: 1, 2, 4 … seconds.
    fn delay(&self, key: &K, most: Duration, now: Instant) -> Duration {
        let Some((failures, last)) = self.0.get(key) else { return Duration::ZERO };
        if now.duration_since(*last) > FORGOTTEN_AFTER || *failures <= FREE_FAILURES {
            return Duration::ZERO;
        }
        let doublings = (failures - FREE_FAILURES - 1).min(16);
        Duration::from_secs(1 << doublings).min(most)
    }

    /// What is left of the delay at `now`.
    fn wait(&self, key: &K, most: Duration, now: Instant) -> Duration {
        let since = self.0.get(key).map_or(Duration::MAX, |(_, last)| now.duration_since(*last));
        self.delay(key, most, now).saturating_sub(since)
    }

    fn add(&mut self, key: K, now: Instant) {
        if self.0.len() >= REMEMBERED_MAX && !self.0.contains_key(&key) {
            self.0.retain(|_, (_, last)| now.duration_since(*last) <= FORGOTTEN_AFTER);
            if let Some(oldest) = self.0.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| key.clone())
                && self.0.len() >= REMEMBERED_MAX
            {
                self.0.remove(&oldest);
            }
        }
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

    #[test]
    fn the_delay_rises_and_a_success_ends_it() {
        let (backoff, start) = (Backoff::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..14 {
            waits.push(backoff.check(HERE, &nurse(), start).err().map_or(0, |later| later.wait.as_secs()));
            backoff.failed(HERE, &nurse(), start);
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert!(backoff.check(HERE, &nurse(), start + ADDRESS_DELAY_MAX).is_ok());
        backoff.succeeded(HERE, &nurse());
        assert_eq!(backoff.check(HERE, &nurse(), start), Ok(Duration::ZERO));
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
            let address = IpAddr::from(u32::try_from(n).unwrap().to_be_bytes());
            backoff.failed(address, &nurse(), start);
        }
        assert_eq!(backoff.addresses.lock().unwrap().0.len(), REMEMBERED_MAX);
        let later = start + FORGOTTEN_AFTER + Duration::from_secs(1);
        assert_eq!(backoff.check(HERE, &nurse(), later), Ok(Duration::ZERO));
    }
}
