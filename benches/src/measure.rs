//! Medians, percentiles, the time that the processors spent, and bytes on disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

/// The unit of `/proc/<pid>/stat`: USER_HZ, 100 on every architecture that we build for (proc_pid_stat(5)).
const TICK: Duration = Duration::from_millis(10);
/// The unit of a file's `blocks` (stat(2)).
const BLOCK_BYTES: u64 = 512;

/// What several rounds gave: the middle one, and how far the others were off.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of at least one value.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (lower, upper) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
        Self { least: values[0], median: f64::midpoint(lower, upper), most: values[values.len() - 1] }
    }
}

/// The value that `per_cent` of `sorted` do not exceed (nearest rank); `sorted` is not empty.
pub(crate) fn percentile(sorted: &[Duration], per_cent: usize) -> Duration {
    let rank = (sorted.len() * per_cent).div_ceil(100).max(1);
    sorted[rank - 1]
}

/// The time that the processors have spent on this process, user and system, all threads.
pub(crate) fn cpu_time() -> anyhow::Result<Duration> {
    cpu_time_of(std::process::id())
}

/// The time that the processors have spent on the process `pid`, user and system, all threads.
pub(crate) fn cpu_time_of(pid: u32) -> anyhow::Result<Duration> {
    let file = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
    // The program's name is in parentheses and may hold anything; utime and stime are fields 14 and 15.
    let (_, after_name) = stat.rsplit_once(')').with_context(|| format!("{file} has no name"))?;
    let ticks = |at: usize| -> anyhow::Result<u32> {
        let field =
            after_name.split_ascii_whitespace().nth(at - 3).with_context(|| format!("{file} is short"))?;
        field.parse().with_context(|| format!("{file} has no number of ticks"))
    };
    Ok(TICK * (ticks(14)? + ticks(15)?))
}

/// What `path` and everything in it takes on disk, in bytes.
pub(crate) fn bytes_on_disk(path: &Path) -> io::Result<u64> {
    let metadata = fs::symlink_metadata(path)?;
    let mut bytes = metadata.blocks() * BLOCK_BYTES;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            bytes += bytes_on_disk(&entry?.path())?;
        }
    }
    Ok(bytes)
}

/// `count` as a number to divide by or to print.
#[expect(clippy::cast_precision_loss, reason = "counts and sizes here are far below 2^53")]
pub(crate) fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let ms: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&ms, 50), Duration::from_millis(50));
        assert_eq!(percentile(&ms, 99), Duration::from_millis(99));
        assert_eq!(percentile(&ms[..1], 99), Duration::from_millis(1));
    }

    #[test]
    fn the_median_of_an_even_number_of_rounds_lies_between_the_middle_two() {
        let spread = Spread::of([4.0, 1.0, 2.0, 8.0]);
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 3.0, 8.0));
    }

    #[test]
    fn work_costs_processor_time() {
        let before = cpu_time().unwrap();
        let mut x = 1_u64;
        while cpu_time().unwrap() == before {
            x = std::hint::black_box(x.wrapping_mul(3));
        }
    }
}
