//! Readings on the disk: a tree of their own, a packed record for each series and minute.
//!
//! A key is the series as text, a zero byte, and the minute, big-endian: the minutes of a series lie together, in
//! order. No id holds a zero byte. A value is a version byte, then little-endian: count (u32), least, greatest, sum
//! and newest value (f64), the newest one's place in the minute (u16, ms), the number of samples (u8), and each
//! sample's second (u8) and value (f64). A full minute is 580 bytes.
//!
//! Behind them lie the marks: the newest message of each device that a reading or an event came of. They are committed
//! with the readings, so that a message which comes again after a crash counts once.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::codec::{self, VALUE_BYTES_MAX};
use super::{Batch, Store, StoreError};
use crate::domain::bound_device::Mark;
use crate::domain::id::DeviceId;
use crate::domain::reading::Series;
use crate::domain::rollup::{Minute, Rollup, SAMPLES_PER_MINUTE_MAX};
use crate::domain::time::Timestamp;

/// The version byte of a packed minute.
const VERSION: u8 = 1;
/// Before the id of a device whose newest message it is: behind every series, and no series begins with it.
const MARK: &[u8] = b"\xffmark/";
/// What a minute takes without its samples.
const HEAD_BYTES: usize = 1 + 4 + 4 * 8 + 2 + 1;
/// What a sample takes.
const SAMPLE_BYTES: usize = 1 + 8;
/// Minutes that one trim removes at most: some tens of milliseconds' work.
const TRIM_MINUTES_MAX: usize = 4_096;

const _: () = assert!(HEAD_BYTES + SAMPLES_PER_MINUTE_MAX * SAMPLE_BYTES <= VALUE_BYTES_MAX);

impl Batch {
    /// Puts what a minute of `series` has come to so far.
    pub fn put_minute(&mut self, series: &Series, minute: Minute, rollup: &Rollup) {
        let (key, value) = (key(&series.to_string(), minute), pack(rollup));
        self.bytes += (key.len() + value.len()) as u64;
        self.measured.push((key, Some(value)));
    }

    /// Puts the newest message of `device`, or takes it away.
    pub fn put_mark(&mut self, device: &DeviceId, mark: Option<&Mark>) {
        let (key, value) = (mark_key(device), mark.map(|it| codec::encode(it).expect("a mark is small")));
        self.bytes += (key.len() + value.as_ref().map_or(0, Vec::len)) as u64;
        self.measured.push((key, value));
    }
}

impl Store {
    /// The newest message of each device that something came of. One that cannot be read is left out: its device is
    /// believed anew.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn marks(&self) -> Result<HashMap<DeviceId, Mark>, StoreError> {
        let mut marks = HashMap::new();
        for pair in self.readings.scan_prefix(MARK) {
            let (key, value) = pair?;
            let device = key.strip_prefix(MARK).and_then(|id| std::str::from_utf8(id).ok()?.parse().ok());
            if let Some((device, mark)) = device.zip(codec::decode((key, value)).ok()) {
                marks.insert(device, mark);
            }
        }
        Ok(marks)
    }

    /// What a minute of `series` came to; `None` when nothing was measured in it, or the record cannot be read.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn minute(&self, series: &Series, minute: Minute) -> Result<Option<Rollup>, StoreError> {
        let value = self.readings.get(key(&series.to_string(), minute))?;
        Ok(value.and_then(|value| unpack(&value)))
    }

    /// The minutes of `series` that begin in `span`, oldest first. One that cannot be read is left out.
    pub fn minutes(
        &self,
        series: &Series,
        span: Range<Minute>,
    ) -> impl Iterator<Item = Result<(Minute, Rollup), StoreError>> + use<> {
        let series = series.to_string();
        let end = span.end.max(span.start);
        self.readings.range(key(&series, span.start)..key(&series, end)).filter_map(|pair| match pair {
            Ok((key, value)) => parts(&key).zip(unpack(&value)).map(|((_, minute), it)| Ok((minute, it))),
            Err(error) => Some(Err(error.into())),
        })
    }

    /// Every series, each with its newest minute that can be read.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn newest_minutes(&self) -> Result<Vec<(Series, Minute, Rollup)>, StoreError> {
        let mut newest = Vec::new();
        for text in self.series()? {
            let Ok(series) = text.parse::<Series>() else { continue };
            for pair in self.readings.range(of_series(&text)).rev() {
                let (key, value) = pair?;
                if let Some(((_, minute), rollup)) = parts(&key).zip(unpack(&value)) {
                    newest.push((series, minute, rollup));
                    break;
                }
            }
        }
        Ok(newest)
    }

    /// The oldest minute of all series.
    ///
    /// # Errors
    ///
    /// When the disk cannot be read.
    pub fn oldest_minute(&self) -> Result<Option<Minute>, StoreError> {
        let mut oldest = None;
        for text in self.series()? {
            if let Some((key, _)) = self.readings.range(of_series(&text)).next().transpose()? {
                oldest = [oldest, parts(&key).map(|(_, minute)| minute)].into_iter().flatten().min();
            }
        }
        Ok(oldest)
    }

    /// Removes minutes before `before`, at most so many that it takes no longer than a commit. Returns how many were
    /// removed; none means that nothing older is left.
    ///
    /// # Errors
    ///
    /// As [`Store::commit`].
    pub fn trim_readings(&self, before: Timestamp) -> Result<usize, StoreError> {
        let (before, _) = Minute::of(before);
        let mut old = Vec::new();
        for text in self.series()? {
            let room = TRIM_MINUTES_MAX - old.len();
            let of_series = self.readings.range(key(&text, Minute(0))..key(&text, before)).keys();
            old.extend(of_series.take(room).collect::<Result<Vec<_>, _>>()?);
        }
        for key in &old {
            let _before = self.readings.remove(key)?;
        }
        if !old.is_empty() {
            self.commit(Batch::default())?;
        }
        Ok(old.len())
    }

    /// The names of all series: the first key of each leads to the next.
    fn series(&self) -> Result<VecDeque<String>, sled::Error> {
        let (mut names, mut from) = (VecDeque::new(), Vec::new());
        while let Some((key, _)) = self.readings.range(from..MARK.to_vec()).next().transpose()? {
            let text =
                parts(&key).map_or_else(|| String::from_utf8_lossy(&key).into_owned(), |(text, _)| text);
            // The byte after the zero: behind every minute of the series, and before any other's.
            from = [key.split(|byte| *byte == 0).next().unwrap_or_default(), &[1]].concat();
            names.push_back(text);
        }
        Ok(names)
    }

    /// The keys of records of readings that are not what they should be.
    pub(super) fn unreadable_minutes(&self) -> impl Iterator<Item = Result<Vec<u8>, StoreError>> {
        self.readings.iter().filter_map(|pair| match pair {
            Ok((key, value)) if key.starts_with(MARK) => {
                codec::decode::<Mark>((key.clone(), value)).is_err().then(|| Ok(key.to_vec()))
            }
            Ok((key, value)) => {
                let is_named = parts(&key).is_some_and(|(text, _)| text.parse::<Series>().is_ok());
                (!is_named || unpack(&value).is_none()).then(|| Ok(key.to_vec()))
            }
            Err(error) => Some(Err(error.into())),
        })
    }
}

fn mark_key(device: &DeviceId) -> Vec<u8> {
    [MARK, device.as_str().as_bytes()].concat()
}

fn key(series: &str, minute: Minute) -> Vec<u8> {
    [series.as_bytes(), &[0], &minute.0.to_be_bytes()].concat()
}

/// The keys of all minutes of a series.
fn of_series(series: &str) -> Range<Vec<u8>> {
    [series.as_bytes(), &[0]].concat()..[series.as_bytes(), &[1]].concat()
}

fn parts(key: &[u8]) -> Option<(String, Minute)> {
    let (series, minute) = key.split_at_checked(key.len().checked_sub(4)?)?;
    let series = String::from_utf8(series.strip_suffix(&[0])?.to_vec()).ok()?;
    Some((series, Minute(u32::from_be_bytes(minute.try_into().ok()?))))
}

fn pack(rollup: &Rollup) -> Vec<u8> {
    let Rollup { count, min, max, sum, last, last_ms, samples } = rollup;
    let samples = &samples[..samples.len().min(SAMPLES_PER_MINUTE_MAX)];
    let mut value = Vec::with_capacity(HEAD_BYTES + samples.len() * SAMPLE_BYTES);
    value.push(VERSION);
    value.extend(count.to_le_bytes());
    [min, max, sum, last].iter().for_each(|it| value.extend(it.to_le_bytes()));
    value.extend(last_ms.to_le_bytes());
    value.push(u8::try_from(samples.len()).expect("at most 60 samples"));
    for (second, sample) in samples {
        value.push(*second);
        value.extend(sample.to_le_bytes());
    }
    value
}

/// What `value` holds; `None` when it is of another version, or damaged.
fn unpack(value: &[u8]) -> Option<Rollup> {
    let mut rest = Rest(value);
    let [VERSION] = rest.take()? else { return None };
    let count = u32::from_le_bytes(rest.take()?);
    let (min, max, sum, last) = (rest.number()?, rest.number()?, rest.number()?, rest.number()?);
    let last_ms = u16::from_le_bytes(rest.take()?);
    let [count_of_samples] = rest.take()?;
    let mut samples = Vec::with_capacity(count_of_samples.into());
    for _ in 0..count_of_samples {
        let [second] = rest.take()?;
        samples.push((second, rest.number()?));
    }
    let is_whole = rest.0.is_empty() && count > 0 && samples.windows(2).all(|pair| pair[0].0 < pair[1].0);
    is_whole.then_some(Rollup { count, min, max, sum, last, last_ms, samples })
}

/// What of a value is not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes).filter(|it| it.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::OpenError;

    fn store() -> Result<(tempfile::TempDir, Store), OpenError> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), 16)?.store;
        Ok((folder, store))
    }

    fn put(store: &Store, minutes: &[(&str, u32)]) {
        let mut batch = Batch::default();
        for (series, minute) in minutes {
            batch.put_minute(
                &series.parse().unwrap(),
                Minute(*minute),
                &Rollup::new(1_000, f64::from(*minute)),
            );
        }
        store.commit(batch).unwrap();
    }

    fn minutes(store: &Store, series: &str) -> Vec<u32> {
        let series = series.parse().unwrap();
        let all = store.minutes(&series, Minute(0)..Minute(u32::MAX));
        all.map(|it| it.unwrap().0.0).collect()
    }

    proptest! {
        #[test]
        fn a_minute_is_read_as_it_is_packed(readings in prop::collection::vec((0..60_000_u16, -1e12..1e12), 1..200)) {
            let mut rollup = Rollup::new(readings[0].0, readings[0].1);
            readings[1..].iter().for_each(|(offset, value)| rollup.add(*offset, *value));
            let packed = pack(&rollup);
            prop_assert_eq!(unpack(&packed), Some(rollup));
            prop_assert_eq!(unpack(&packed[..packed.len() - 1]), None);
            prop_assert_eq!(unpack(&[&packed[..], &[0]].concat()), None);
        }

        #[test]
        fn no_bytes_make_a_reader_of_minutes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = (unpack(&bytes), parts(&bytes));
        }
    }

    #[test]
    fn marks_are_no_series_and_go_with_their_device() {
        let (_folder, store) = store().unwrap();
        let (mark, device) = (
            |n| Mark { observed_at: None, counter: Some(n), words: 1 },
            |id: &str| id.parse::<DeviceId>().unwrap(),
        );
        put(&store, &[("device:plug-1:battery", 7)]);
        let mut batch = Batch::default();
        batch.put_mark(&device("plug-1"), Some(&mark(1)));
        batch.put_mark(&device("plug-2"), Some(&mark(2)));
        assert!(!batch.is_empty());
        store.commit(batch).unwrap();
        let mut batch = Batch::default();
        batch.put_mark(&device("plug-1"), Some(&mark(3)));
        batch.put_mark(&device("plug-2"), None);
        store.commit(batch).unwrap();
        assert_eq!(store.marks().unwrap(), HashMap::from([(device("plug-1"), mark(3))]));
        assert_eq!(store.newest_minutes().unwrap().len(), 1);
        assert_eq!(store.oldest_minute().unwrap(), Some(Minute(7)));
        assert_eq!(store.check().unwrap().findings, Vec::new());
        store.readings.insert([MARK, b"plug-3"].concat(), b"?").unwrap();
        assert_eq!(store.check().unwrap().findings.len(), 1);
        assert_eq!(store.marks().unwrap().len(), 1, "its device is believed anew");
    }

    #[test]
    fn a_minute_of_version_1_is_still_read() {
        let mut value = vec![1, 2, 0, 0, 0];
        [1.5_f64, 43.2, 44.7, 43.2].iter().for_each(|it| value.extend(it.to_le_bytes()));
        value.extend([0x2C, 0x01, 1, 0]);
        value.extend(43.2_f64.to_le_bytes());
        let samples = vec![(0, 43.2)];
        let rollup = Rollup { count: 2, min: 1.5, max: 43.2, sum: 44.7, last: 43.2, last_ms: 300, samples };
        assert_eq!(unpack(&value), Some(rollup.clone()));
        assert_eq!(pack(&rollup), value);
    }

    #[test]
    fn each_series_has_its_minutes_in_order_and_none_of_anothers() {
        let (_folder, store) = store().unwrap();
        let near =
            ["equipment:eq-1:power", "equipment:eq-10:power", "equipment:eq-1:energy", "room:r:confidence"];
        let mixed = near.map(|series| [(series, 300), (series, 2), (series, 255)]);
        put(&store, &mixed.concat());
        for series in near {
            assert_eq!(minutes(&store, series), [2, 255, 300], "{series}");
        }
        let newest: Vec<_> =
            store.newest_minutes().unwrap().into_iter().map(|(it, at, _)| (it.to_string(), at.0)).collect();
        let mut expected = near.map(|it| (it.to_owned(), 300));
        expected.sort();
        assert_eq!(newest, expected);
        assert_eq!(store.oldest_minute().unwrap(), Some(Minute(2)));
        assert!(!store.has_blobs());
    }

    #[test]
    fn a_trim_takes_the_old_minutes_of_every_series_and_comes_to_an_end() {
        let (_folder, store) = store().unwrap();
        put(
            &store,
            &[
                ("room:a:confidence", 1),
                ("room:a:confidence", 9),
                ("room:b:confidence", 4),
                ("room:b:confidence", 5),
            ],
        );
        assert_eq!(store.trim_readings(Minute(5).begins()).unwrap(), 2);
        assert_eq!(
            (minutes(&store, "room:a:confidence"), minutes(&store, "room:b:confidence")),
            (vec![9], vec![5])
        );
        assert_eq!(store.trim_readings(Minute(5).begins()).unwrap(), 0);
    }

    #[test]
    fn a_damaged_minute_is_found_and_the_one_before_it_is_the_newest() {
        let (_folder, store) = store().unwrap();
        put(&store, &[("room:a:confidence", 1), ("room:a:confidence", 2)]);
        store.readings.insert(key("room:a:confidence", Minute(2)), vec![1, 2, 3]).unwrap();
        assert_eq!(store.newest_minutes().unwrap()[0].1, Minute(1));
        assert_eq!(minutes(&store, "room:a:confidence"), [1]);
        assert_eq!(store.check().unwrap().findings.len(), 1);
    }
}
