//! What the readings of a minute come to, and what a longer stretch of them does.

use std::ops::Range;
use std::time::Duration;

use super::time::Timestamp;

/// Samples that a minute keeps: the last value of each of its seconds. A meter that speaks more often loses what
/// lies between in this, and nothing in the count, the extremes and the mean.
pub const SAMPLES_PER_MINUTE_MAX: usize = 60;

const MINUTE_MS: i64 = 60_000;

/// A minute: how many of them since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(pub u32);

impl Minute {
    /// The minute of `at`, and how far into it that is, in milliseconds. A time before 1970 is in the first one.
    pub fn of(at: Timestamp) -> (Self, u16) {
        let (minute, offset) = (at.unix_ms().div_euclid(MINUTE_MS), at.unix_ms().rem_euclid(MINUTE_MS));
        (Self(u32::try_from(minute.max(0)).unwrap_or(u32::MAX)), u16::try_from(offset).unwrap_or(u16::MAX))
    }

    /// When it begins.
    pub fn begins(self) -> Timestamp {
        Timestamp::from_unix_ms(i64::from(self.0) * MINUTE_MS)
    }
}

/// What the readings of one series and minute come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rollup {
    /// How many there were; at least one.
    pub count: u32,
    /// The lowest.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// All of them together.
    pub sum: f64,
    /// The newest.
    pub last: f64,
    /// How far into the minute the newest is, in milliseconds.
    pub last_ms: u16,
    /// The value that was heard last of each second, by second of the minute.
    pub samples: Vec<(u8, f64)>,
}

impl Rollup {
    /// A minute with one reading, so many milliseconds into it.
    pub fn new(offset_ms: u16, value: f64) -> Self {
        let samples = vec![(second(offset_ms), value)];
        Self { count: 1, min: value, max: value, sum: value, last: value, last_ms: offset_ms, samples }
    }

    /// Adds a reading.
    pub fn add(&mut self, offset_ms: u16, value: f64) {
        self.count = self.count.saturating_add(1);
        (self.min, self.max, self.sum) = (self.min.min(value), self.max.max(value), self.sum + value);
        if offset_ms >= self.last_ms {
            (self.last, self.last_ms) = (value, offset_ms);
        }
        let second = second(offset_ms);
        match self.samples.binary_search_by_key(&second, |(at, _)| *at) {
            Ok(at) => self.samples[at].1 = value,
            Err(at) => self.samples.insert(at, (second, value)),
        }
    }
}

fn second(offset_ms: u16) -> u8 {
    // Of a minute: 0 to 59.
    u8::try_from(offset_ms / 1_000).unwrap_or(59).min(59)
}

/// What the readings of one step of time come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When the step begins.
    pub at: Timestamp,
    /// The lowest reading in it.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// The mean of all of them.
    pub mean: f64,
    /// How many there were; at least one. Of a step below a minute, how many seconds had one.
    pub count: u32,
}

/// The points of a series in `span`, by steps of `step`; a step without readings has none. `minutes` are in order.
///
/// A minute belongs to the step in which it begins. Below a minute, a point is made of the samples.
pub fn points<E>(
    minutes: impl Iterator<Item = Result<(Minute, Rollup), E>>,
    span: &Range<Timestamp>,
    step: Duration,
) -> Result<Vec<Point>, E> {
    let step_ms = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
    let mut steps = Steps { span: span.clone(), step_ms, points: Vec::new() };
    for minute in minutes {
        let (minute, rollup) = minute?;
        let begins = minute.begins();
        if step_ms >= MINUTE_MS {
            steps.add(begins, &rollup);
            continue;
        }
        for (second, value) in rollup.samples {
            steps.add(begins.shifted(i64::from(second) * 1_000), &Rollup::new(0, value));
        }
    }
    Ok(steps
        .points
        .into_iter()
        .map(|(point, sum)| Point { mean: sum / f64::from(point.count), ..point })
        .collect())
}

/// Steps of time under way: each point with the sum of its readings.
struct Steps {
    span: Range<Timestamp>,
    step_ms: i64,
    points: Vec<(Point, f64)>,
}

impl Steps {
    fn add(&mut self, at: Timestamp, of: &Rollup) {
        if !self.span.contains(&at) {
            return;
        }
        let at = Timestamp::from_unix_ms(at.unix_ms().div_euclid(self.step_ms).saturating_mul(self.step_ms));
        match self.points.last_mut() {
            Some((point, sum)) if point.at == at => {
                (point.min, point.max) = (point.min.min(of.min), point.max.max(of.max));
                point.count = point.count.saturating_add(of.count);
                *sum += of.sum;
            }
            _ => {
                let point = Point { at, min: of.min, max: of.max, mean: of.sum, count: of.count };
                self.points.push((point, of.sum));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn rolled_up(readings: &[(u16, f64)]) -> Rollup {
        let ((first, value), more) = readings.split_first().unwrap();
        let mut rollup = Rollup::new(*first, *value);
        more.iter().for_each(|(offset, value)| rollup.add(*offset, *value));
        rollup
    }

    fn all(minutes: &[(u32, Rollup)], from_s: i64, to_s: i64, step_s: u64) -> Vec<Point> {
        let at = |s: i64| Timestamp::from_unix_ms(s * 1_000);
        let minutes = minutes.iter().map(|(n, rollup)| Ok::<_, Infallible>((Minute(*n), rollup.clone())));
        points(minutes, &(at(from_s)..at(to_s)), Duration::from_secs(step_s)).unwrap()
    }

    #[test]
    fn a_time_is_in_its_minute_and_one_before_1970_in_the_first() {
        let at = Timestamp::from_unix_ms(1_770_388_200_000 + 59_999);
        assert_eq!(Minute::of(at), (Minute(29_506_470), 59_999));
        assert_eq!(Minute(29_506_470).begins(), Timestamp::from_unix_ms(1_770_388_200_000));
        assert_eq!(Minute::of(Timestamp::from_unix_ms(-1)).0, Minute(0));
        assert_eq!(Minute::of(Timestamp::from_unix_ms(i64::MAX)).0, Minute(4_223_370_120));
    }

    #[test]
    fn minutes_become_steps_and_a_step_without_readings_is_left_out() {
        let minutes = [
            (0, rolled_up(&[(0, 1.0), (30_000, 3.0)])),
            (1, rolled_up(&[(0, 8.0)])),
            (5, rolled_up(&[(9, 7.0)])),
        ];
        let steps = all(&minutes, 0, 600, 120);
        let shown: Vec<_> =
            steps.iter().map(|it| (it.at.unix_ms() / 1_000, it.min, it.max, it.mean, it.count)).collect();
        assert_eq!(shown, [(0, 1.0, 8.0, 4.0, 3), (240, 7.0, 7.0, 7.0, 1)]);
        assert_eq!(all(&minutes, 60, 300, 60).len(), 1, "the end is not in the span");
    }

    #[test]
    fn below_a_minute_a_point_is_made_of_the_last_value_of_each_second() {
        let minutes = [(0, rolled_up(&[(1_000, 1.0), (1_500, 9.0), (4_000, 3.0), (12_000, 5.0)]))];
        let shown: Vec<_> =
            all(&minutes, 0, 60, 10).into_iter().map(|it| (it.at.unix_ms(), it.mean, it.count)).collect();
        assert_eq!(shown, [(0, 6.0, 2), (10_000, 5.0, 1)]);
    }

    proptest! {
        #[test]
        fn a_minute_counts_every_reading_and_keeps_the_newest(readings in prop::collection::vec((0..60_000u16, -1e6..1e6), 1..300)) {
            let rollup = rolled_up(&readings);
            prop_assert_eq!(rollup.count as usize, readings.len());
            let values = || readings.iter().map(|(_, value)| *value);
            prop_assert_eq!(rollup.min, values().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(rollup.max, values().fold(f64::NEG_INFINITY, f64::max));
            // Of equal times the one that was heard last: max_by_key takes that one.
            let newest = readings.iter().max_by_key(|(offset, _)| *offset).unwrap();
            prop_assert_eq!((rollup.last_ms, rollup.last), *newest);
            prop_assert!(rollup.samples.len() <= SAMPLES_PER_MINUTE_MAX);
            prop_assert!(rollup.samples.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
