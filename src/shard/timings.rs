//! How long the notes took before, as the JSON report of a run says.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::read::{self, ReadError};

/// What a note takes at least, in millionths of a second: it has to be read and judged, too.
const LEAST: u64 = 1000;

/// How long each note took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    micros: BTreeMap<String, u64>,
    median: u64,
}

/// Why a report can't be used for that.
#[derive(Debug, thiserror::Error)]
#[error("{}: no timings can be read from it: {why}", .path.display())]
pub struct TimingsError {
    path: PathBuf,
    why: ReadError,
}

impl TimingsError {
    /// What to do next.
    pub fn help(&self) -> String {
        "`--timings` takes the JSON report of a run: write one with `verify --report json=FILE`"
            .into()
    }
}

#[derive(Deserialize)]
struct Document {
    notes: Vec<Note>,
}

#[derive(Deserialize)]
struct Note {
    path: String,
    blocks: Vec<Block>,
}

#[derive(Deserialize)]
struct Block {
    seconds: f64,
}

impl Timings {
    /// Those of a report; none where there is no such file yet.
    pub fn read(path: &Path) -> Result<Option<Self>, TimingsError> {
        let failed = |why| TimingsError {
            path: path.to_owned(),
            why,
        };
        let document: Document = match read::report(path).and_then(|bytes| read::parsed(&bytes)) {
            Ok(document) => document,
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(why) => return Err(failed(why)),
        };
        let notes = document.notes.into_iter().map(|note| {
            let seconds = note.blocks.iter().map(|block| block.seconds).sum();
            (note.path, seconds)
        });
        Ok(Some(Self::of(notes)))
    }

    /// Those of these notes, in seconds.
    pub(super) fn of(notes: impl IntoIterator<Item = (String, f64)>) -> Self {
        let notes = notes.into_iter();
        let micros: BTreeMap<String, u64> = notes
            .map(|(path, seconds)| (path, whole_micros(seconds).max(LEAST)))
            .collect();
        let mut all: Vec<u64> = micros.values().copied().collect();
        all.sort_unstable();
        let median = all.get(all.len() / 2).copied().unwrap_or(LEAST);
        Self { micros, median }
    }

    /// Millionths of a second that a note takes, as far as is known.
    pub(super) fn micros(&self, path: &str) -> u64 {
        self.micros.get(path).copied().unwrap_or(self.median)
    }
}

/// Whole numbers add up to the same on every machine, in any order.
fn whole_micros(seconds: f64) -> u64 {
    let time = std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default();
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_that_are_not_known_take_as_long_as_most() {
        let notes = [("a", 1.0), ("b", 0.0), ("c", -1.0), ("d", 0.25), ("e", 0.5)];
        let timings = Timings::of(notes.map(|(path, seconds)| (path.to_owned(), seconds)));
        let micros = ["a", "b", "c", "d", "new"].map(|path| timings.micros(path));
        assert_eq!(micros, [1_000_000, LEAST, LEAST, 250_000, 250_000]);
        assert_eq!(Timings::default().median, 0);
        assert_eq!(Timings::of([]).micros("new"), LEAST);
    }
}
