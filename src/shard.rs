//! More than one machine: which notes are whose, and one report from the reports of all.
//!
//! A shard is a set of whole notes. Which shard a note is in follows from its path alone, or from
//! how long all notes took before; either way every machine comes to the same result by itself.
//! Nothing here runs or judges anything.

pub mod merge;
mod read;
pub mod timings;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

pub use self::merge::{MergeError, merge};
pub use self::read::{ReadError, parse};
pub use self::timings::{Timings, TimingsError};
use crate::model::{Cut, Shard, ShardNumber};

/// The shard of this number of the notes with these paths, which are sorted.
pub fn divide(paths: &[String], number: ShardNumber, timings: Option<&Timings>) -> Shard {
    let own = match timings {
        Some(timings) => balanced(paths, number, timings),
        None => by_path(paths, number),
    };
    Shard {
        number,
        notes: paths.len(),
        digest: digest(paths.iter().map(String::as_str)),
        by: timings.map_or(Cut::Path, |_| Cut::Timings),
        narrowed: false,
        paths: own,
    }
}

/// A hash of these paths, which are sorted.
fn digest<'p>(paths: impl Iterator<Item = &'p str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        hasher.update(path.as_bytes());
        hasher.update(b"\0");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

fn by_path(paths: &[String], number: ShardNumber) -> Vec<String> {
    let own = |path: &&String| shard_of(path, number.total) == number.index;
    paths.iter().filter(own).cloned().collect()
}

/// The shard that a path is in, from 1 on. With one shard more, only what goes into it moves
/// (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm").
fn shard_of(path: &str, total: usize) -> usize {
    let hash = blake3::hash(path.as_bytes());
    let mut key = hash
        .as_bytes()
        .iter()
        .take(8)
        .fold(0, |key: u64, byte| key << 8 | u64::from(*byte));
    let total = total as u64;
    let (mut bucket, mut next) = (0, 0);
    while next < total {
        bucket = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        // The exact form of (bucket + 1) * 2^31 / ((key >> 33) + 1).
        next = ((bucket + 1) << 31) / ((key >> 33) + 1);
    }
    usize::try_from(bucket).unwrap_or_default() + 1
}

/// The longest notes first, each into the shard that has the least to do so far.
fn balanced(paths: &[String], number: ShardNumber, timings: &Timings) -> Vec<String> {
    let mut notes: Vec<(Reverse<u64>, &String)> = paths
        .iter()
        .map(|path| (Reverse(timings.micros(path)), path))
        .collect();
    notes.sort();
    let mut loads: BinaryHeap<Reverse<(u64, usize)>> = (1..=number.total)
        .map(|index| Reverse((0, index)))
        .collect();
    let mut own = BTreeSet::new();
    for (Reverse(micros), path) in notes {
        let Some(mut lightest) = loads.peek_mut() else {
            break;
        };
        let Reverse((load, index)) = &mut *lightest;
        *load = load.saturating_add(micros);
        if *index == number.index {
            own.insert(path.clone());
        }
    }
    own.into_iter().collect()
}

/// Makes the file by which Bazel sees that a test knows of shards.
pub fn announce(status: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).open(status).map(drop)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(index: usize, total: usize) -> ShardNumber {
        ShardNumber { index, total }
    }

    fn notes(count: usize) -> Vec<String> {
        let mut paths: Vec<String> = (0..count).map(|at| format!("notes/{at}.md")).collect();
        paths.sort();
        paths
    }

    /// The paths of each shard.
    fn shards(paths: &[String], total: usize, timings: Option<&Timings>) -> Vec<Vec<String>> {
        let shard = |index| divide(paths, number(index, total), timings).paths;
        (1..=total).map(shard).collect()
    }

    fn sorted(shards: &[Vec<String>]) -> Vec<String> {
        let mut all: Vec<String> = shards.concat();
        all.sort();
        all
    }

    #[test]
    fn a_path_is_always_in_the_same_shard() {
        let found: Vec<usize> = ["notes/a.md", "notes/b.md", "notes/数字.md"]
            .iter()
            .flat_map(|path| [1, 2, 8, 1000].map(|total| shard_of(path, total)))
            .collect();
        assert_eq!(found, [1, 2, 7, 121, 1, 1, 5, 927, 1, 2, 7, 921]);
    }

    #[test]
    fn shards_are_about_as_large_as_each_other() {
        let sizes: Vec<usize> = shards(&notes(8000), 8, None).iter().map(Vec::len).collect();
        assert!(
            sizes.iter().all(|size| (900..1100).contains(size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn one_shard_more_moves_only_what_it_gets() {
        let paths = notes(1000);
        for path in &paths {
            let (before, after) = (shard_of(path, 7), shard_of(path, 8));
            assert!(after == before || after == 8, "{path}: {before} → {after}");
        }
    }

    #[test]
    fn long_notes_are_spread_and_the_unknown_count_as_the_median() {
        let paths: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(str::to_owned).into();
        let known = [("a", 6.0), ("b", 5.0), ("c", 2.0), ("d", 2.0), ("e", 1.0)];
        let timings = Timings::of(known.map(|(path, seconds)| (path.to_owned(), seconds)));
        assert_eq!(
            shards(&paths, 2, Some(&timings)),
            [vec!["a", "d", "e"], vec!["b", "c", "f"]]
        );
    }

    proptest! {
        #[test]
        fn every_note_is_in_one_shard(count in 0_usize..60, total in 1_usize..12, seed in 0_u32..100) {
            let paths = notes(count);
            let timings = Timings::of(paths.iter().step_by(2).enumerate().map(|(at, path)| {
                (path.clone(), f64::from(seed) * f64::from(u32::try_from(at % 7).unwrap()))
            }));
            for timings in [None, Some(&timings)] {
                prop_assert_eq!(&sorted(&shards(&paths, total, timings)), &paths);
            }
        }

        #[test]
        fn another_note_moves_no_note(count in 1_usize..60, total in 1_usize..12, gone in 0_usize..60) {
            let paths = notes(count);
            let mut fewer = paths.clone();
            fewer.remove(gone % count);
            for (more, less) in shards(&paths, total, None).iter().zip(&shards(&fewer, total, None)) {
                let kept: Vec<_> = more.iter().filter(|path| fewer.contains(path)).cloned().collect();
                prop_assert_eq!(&kept, less);
            }
        }

        #[test]
        fn no_shard_has_more_than_its_share_and_one_note(count in 1_usize..60, total in 1_usize..12) {
            let paths = notes(count);
            let long = |at: usize| f64::from(u32::try_from(at * 37 % 11 + 1).unwrap());
            let timings = Timings::of(paths.iter().enumerate().map(|(at, path)| (path.clone(), long(at))));
            let load = |shard: &Vec<String>| shard.iter().map(|path| timings.micros(path)).sum::<u64>();
            let loads: Vec<u64> = shards(&paths, total, Some(&timings)).iter().map(load).collect();
            let share = loads.iter().sum::<u64>() / total as u64;
            prop_assert!(loads.iter().all(|load| *load <= share + 11_000_000), "{:?}", loads);
        }
    }
}
