//! Whether a worker's snippet uses the processor or waits for something, as `/proc` tells.
//!
//! It answers "uses it" wherever the system does not say.

use std::fs;

/// A look at a worker and all that it started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    nanoseconds: u64,
}

impl Look {
    /// How much they have used by now; none where the system does not say.
    pub(super) fn at(worker: u32) -> Option<Self> {
        let mut nanoseconds = 0;
        let mut waiting = vec![worker];
        while let Some(process) = waiting.pop() {
            let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
                // It ended meanwhile, which is nothing that can be compared.
                return None;
            };
            for thread in threads.flatten() {
                let thread = thread.path();
                nanoseconds += used(&fs::read_to_string(thread.join("schedstat")).ok()?)?;
                let children = fs::read_to_string(thread.join("children")).ok()?;
                waiting.extend(
                    children
                        .split_whitespace()
                        .filter_map(|pid| pid.parse::<u32>().ok()),
                );
            }
        }
        Some(Self { nanoseconds })
    }

    /// True where they have used, or wanted, less than a tenth of one core in the `nanoseconds` since `earlier`.
    pub(super) fn is_idle_since(self, earlier: Self, nanoseconds: u128) -> bool {
        u128::from(self.nanoseconds.saturating_sub(earlier.nanoseconds)) * 10 < nanoseconds
    }
}

/// The time on a processor and in the queue for one, which others may be using: the first two
/// fields (`Documentation/scheduler/sched-stats.rst` of Linux).
fn used(schedstat: &str) -> Option<u64> {
    let mut fields = schedstat.split_whitespace();
    let mut field = || fields.next()?.parse::<u64>().ok();
    Some(field()?.saturating_add(field()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_time_on_a_processor_and_in_the_queue_is_read() {
        assert_eq!(used("7218300 41200 18\n"), Some(7_259_500));
        assert_eq!(used(""), None);
    }

    #[test]
    fn less_than_a_tenth_of_a_core_is_idle() {
        let look = |nanoseconds| Look { nanoseconds };
        assert!(look(5_400).is_idle_since(look(5_000), 5_000));
        assert!(!look(5_500).is_idle_since(look(5_000), 5_000));
    }

    #[test]
    fn a_process_that_is_gone_says_nothing() {
        assert!(Look::at(u32::MAX).is_none());
    }
}
