//! Counts the steps that reading and judging take, so that tests can hold them against the size of
//! what was read. Outside of tests nothing is counted.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// So many steps were taken.
#[cfg(test)]
pub(crate) fn take(count: usize) {
    TAKEN.set(TAKEN.get() + count);
}

/// So many steps were taken.
#[cfg(not(test))]
#[inline]
pub(crate) fn take(_count: usize) {}

/// The steps that `work` takes on this thread.
#[cfg(test)]
pub(crate) fn of<T>(work: impl FnOnce() -> T) -> usize {
    let before = TAKEN.get();
    let _ = work();
    TAKEN.get() - before
}
