//! The bounds of every number that can be typed or written in `verify.toml`, so
//! that both refuse the same values.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Snippets at once.
pub const JOBS: RangeInclusive<u64> = 1..=1024;
/// Shards of the notes.
pub const SHARDS: RangeInclusive<usize> = 1..=1_000_000;
/// Seconds of processor time.
pub const CPU: RangeInclusive<u64> = 1..=86_400;
/// MiB of memory; an interpreter needs some to start.
pub const MEMORY: RangeInclusive<u64> = 64..=1_048_576;
/// KiB of output.
pub const OUTPUT: RangeInclusive<u64> = 1..=1_048_576;
/// Seconds on the clock.
pub const WALL: RangeInclusive<f64> = 0.1..=86_400.0;

/// Reads seconds on the clock, whole or not.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let refuse = || {
        format!(
            "{text} is not a number of seconds from {} to {}",
            WALL.start(),
            WALL.end()
        )
    };
    let seconds: f64 = text.parse().map_err(|_| refuse())?;
    if !WALL.contains(&seconds) {
        return Err(refuse());
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| refuse())
}
