//! The newest value of each series, for readers: who remembers a version is told what is newer, once per series.
//!
//! Each value that is published gets the next version, and a series has the version of its newest value alone. So a
//! reader that comes late finds each series once, as it is now: that is the whole of conflation, and it costs the
//! writer a moment under a lock, whoever reads.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::domain::reading::{Measured, Reading, Series};
use crate::domain::time::Timestamp;

/// The newest values, shared. Clones are the same.
#[derive(Clone)]
pub struct Newest(Arc<Shared>);

struct Shared {
    values: RwLock<Values>,
    version: watch::Sender<u64>,
}

#[derive(Default)]
struct Values {
    by_version: BTreeMap<u64, Reading>,
    versions: HashMap<Series, u64>,
}

impl Newest {
    pub(super) fn new(readings: impl IntoIterator<Item = Reading>) -> Self {
        let newest = Self(Arc::new(Shared { values: RwLock::default(), version: watch::Sender::new(0) }));
        newest.publish(readings);
        newest
    }

    /// The version of what was published last. It only grows, and begins anew with the process.
    pub fn version(&self) -> u64 {
        *self.0.version.borrow()
    }

    /// Watches the version.
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.0.version.subscribe()
    }

    /// The newest value of every series that got one after `version` and measured it at `since` or later, the one
    /// published last at the end; with the version that they bring their reader to.
    pub fn after(&self, version: u64, since: Timestamp) -> (Vec<Reading>, u64) {
        let values = self.0.values.read().unwrap_or_else(PoisonError::into_inner);
        let newer = values.by_version.range(version.saturating_add(1)..);
        let newer = newer.map(|(_, reading)| reading).filter(|reading| reading.at >= since);
        // Under the lock: whoever publishes next has a higher one.
        (newer.cloned().collect(), self.version())
    }

    /// The newest values by series, of `of` if it is given.
    pub fn list(&self, of: Option<&Measured>) -> Vec<Reading> {
        let values = self.0.values.read().unwrap_or_else(PoisonError::into_inner);
        let wanted = values.by_version.values().filter(|it| of.is_none_or(|of| it.series.of == *of));
        let mut listed: Vec<_> = wanted.cloned().collect();
        drop(values);
        listed.sort_by(|one, other| one.series.cmp(&other.series));
        listed
    }

    /// The newest value of `series`.
    pub fn of(&self, series: &Series) -> Option<Reading> {
        let values = self.0.values.read().unwrap_or_else(PoisonError::into_inner);
        values.versions.get(series).and_then(|version| values.by_version.get(version)).cloned()
    }

    /// Puts each reading in the place of its series' one before.
    pub(super) fn publish(&self, readings: impl IntoIterator<Item = Reading>) {
        let mut values = self.0.values.write().unwrap_or_else(PoisonError::into_inner);
        let before = self.version();
        let mut version = before;
        for reading in readings {
            version += 1;
            match values.versions.get_mut(&reading.series) {
                Some(last) => {
                    let last = std::mem::replace(last, version);
                    values.by_version.remove(&last);
                }
                None => drop(values.versions.insert(reading.series.clone(), version)),
            }
            values.by_version.insert(version, reading);
        }
        if version > before {
            self.0.version.send_replace(version);
        }
    }

    /// Forgets a series.
    pub(super) fn forget(&self, series: &Series) {
        let mut values = self.0.values.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(version) = values.versions.remove(series) {
            values.by_version.remove(&version);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn reading(series: u8, value: u32) -> Reading {
        let series = format!("equipment:eq-{series}:power").parse().unwrap();
        Reading { series, value: value.into(), at: Timestamp::from_unix_ms(value.into()) }
    }

    /// What happens: a value of a series, or a client that takes what is new.
    #[derive(Clone, Debug)]
    enum Step {
        Measured(u8),
        Drained(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step =
            prop_oneof![3 => (0..5_u8).prop_map(Step::Measured), 1 => (0..3_usize).prop_map(Step::Drained)];
        prop::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn however_often_a_client_looks_it_never_sees_older_after_newer_and_ends_with_the_newest(steps in steps()) {
            let newest = Newest::new([]);
            let mut truth = BTreeMap::new();
            let mut clients: [(u64, BTreeMap<Series, f64>); 3] = Default::default();
            let drain = |(version, view): &mut (u64, BTreeMap<Series, f64>)| {
                let (new, to) = newest.after(*version, Timestamp::default());
                prop_assert!(to >= *version);
                *version = to;
                let different: BTreeSet<_> = new.iter().map(|it| &it.series).collect();
                prop_assert_eq!(different.len(), new.len(), "a series once");
                for Reading { series, value, .. } in new {
                    let before = view.insert(series, value);
                    prop_assert!(before.is_none_or(|before| before < value), "older after newer, or twice");
                }
                Ok(())
            };
            for (n, step) in (1..).zip(steps) {
                match step {
                    Step::Measured(series) => {
                        let reading = reading(series, n);
                        truth.insert(reading.series.clone(), reading.value);
                        newest.publish([reading]);
                    }
                    Step::Drained(client) => drain(&mut clients[client])?,
                }
            }
            for client in &mut clients {
                drain(client)?;
                prop_assert_eq!(&client.1, &truth);
                prop_assert_eq!(newest.after(client.0, Timestamp::default()).0, vec![]);
            }
        }
    }

    #[test]
    fn what_is_old_is_not_told_and_is_listed_all_the_same() {
        let newest = Newest::new([reading(1, 10), reading(2, 20)]);
        let (told, version) = newest.after(0, Timestamp::from_unix_ms(15));
        assert_eq!((told, version), (vec![reading(2, 20)], 2));
        assert_eq!(newest.list(None), [reading(1, 10), reading(2, 20)]);
        assert_eq!(newest.list(Some(&reading(1, 0).series.of)), [reading(1, 10)]);
        newest.forget(&reading(1, 0).series);
        assert_eq!((newest.of(&reading(1, 0).series), newest.list(None).len()), (None, 1));
    }
}
