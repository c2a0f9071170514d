//! One report from the reports of all shards, or why there can be none.
//!
//! A report that lacks a note must not be taken for one over all notes, so all shards have to be
//! there, each once, and to agree on what the notes are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::digest;
use super::read::{self, ReadError};
use crate::files;
use crate::model::{Containment, Cut, Fence, Report, Shard, Summary};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A file is not the report of a shard.
    #[error("{}: {why}", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: ReadError,
    },
    /// Two reports are of the same shard.
    #[error("{}: it is shard {index} of {total}, and so is {}", .second.display(), .first.display())]
    Twice {
        /// The one file.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
        /// The shard.
        index: usize,
        /// Of so many.
        total: usize,
    },
    /// Two reports are not of the same run.
    #[error("{}: {said}", .path.display())]
    Apart {
        /// The file that differs from the first.
        path: PathBuf,
        /// In what.
        said: String,
        /// What to do next.
        help: String,
    },
    /// Reports are not there.
    #[error("no report was given of {missing} of {total}")]
    Missing {
        /// Which, in words.
        missing: String,
        /// Of so many.
        total: usize,
    },
    /// Shards have other notes than they should have together.
    #[error("{said}")]
    Notes {
        /// In what they differ.
        said: String,
    },
    /// There is nothing in any of them.
    #[error("nothing was checked in any of the {total} shards, and there are {notes} notes")]
    Nothing {
        /// How many shards.
        total: usize,
        /// How many notes.
        notes: usize,
    },
}

impl MergeError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::Unusable { why, .. } => match why {
                ReadError::Io(_) => {
                    "name the files that the shards wrote with `--report json=FILE`"
                }
                ReadError::NoShard => {
                    "give the reports of runs with `--shard`; a run over all notes needs no merging"
                }
                ReadError::OtherVersion(_) | ReadError::OtherProgram(_) => {
                    "run the shards and `verify merge` with the same `verify`"
                }
                ReadError::NotReport(_) | ReadError::Damaged(_) => {
                    "write it again: `verify --shard K/N --report json=FILE`"
                }
            }
            .into(),
            Self::Twice { .. } => {
                "give one of them; where a shard was run again, that is the later one".into()
            }
            Self::Apart { help, .. } => help.clone(),
            Self::Missing { .. } => {
                "give the reports of all shards; the log of one that has written none says why"
                    .into()
            }
            Self::Notes { .. } => "run all shards again, with the same notes and timings".into(),
            Self::Nothing { .. } => {
                "`verify list` with the same paths and `--filter` shows what there is".into()
            }
        }
    }
}

/// A report as it was read.
struct Part {
    path: PathBuf,
    shard: Shard,
    report: Report,
}

/// The one report of these files, in any order.
pub fn merge(paths: &[PathBuf]) -> Result<Report, MergeError> {
    let parts = paths.iter().map(|path| part(path));
    let mut parts = parts.collect::<Result<Vec<Part>, _>>()?;
    parts.sort_by_key(|part| part.shard.number.index);
    if let Some((first, others)) = parts.split_first() {
        others.iter().try_for_each(|other| fits(first, other))?;
        all_there(&parts, &first.shard)?;
        notes_agree(&parts, &first.shard)?;
    }
    Ok(joined(parts))
}

fn part(path: &Path) -> Result<Part, MergeError> {
    let unusable = |why| MergeError::Unusable {
        path: path.to_owned(),
        why,
    };
    let bytes = files::read(path).map_err(|error| unusable(ReadError::Io(error)))?;
    let (shard, report) = read::parse(&bytes).map_err(unusable)?;
    Ok(Part {
        path: path.to_owned(),
        shard,
        report,
    })
}

/// Both are of the same run.
fn fits(first: &Part, other: &Part) -> Result<(), MergeError> {
    let (a, b) = (&first.shard, &other.shard);
    let path = first.path.display();
    let apart = |said: String, help: &str| {
        Err(MergeError::Apart {
            path: other.path.clone(),
            said,
            help: help.to_owned(),
        })
    };
    if a.number.total != b.number.total {
        let (one, two) = (b.number, a.number);
        return apart(
            format!(
                "it is shard {} of {}, and {path} is one of {}",
                one.index, one.total, two.total
            ),
            "give the reports of one run; remove those of an earlier one",
        );
    }
    if (a.notes, &a.digest) != (b.notes, &b.digest) {
        return apart(
            format!(
                "it is about {} notes and {path} about {}, and these are not the same",
                b.notes, a.notes
            ),
            "run all shards over the same commit, with the same paths and options",
        );
    }
    if a.by != b.by {
        let how = |by| match by {
            Cut::Path => "by path",
            Cut::Timings => "by timings",
        };
        return apart(
            format!(
                "its notes were chosen {}, and those of {path} {}",
                how(b.by),
                how(a.by)
            ),
            "give all shards the same `--timings FILE`, or none of them",
        );
    }
    let (one, two) = (&other.report.python.version, &first.report.python.version);
    if one != two {
        return apart(
            format!("its snippets ran under Python {one}, and those of {path} under {two}"),
            "run all shards under the same Python; a matrix over Pythons is merged for each of them",
        );
    }
    Ok(())
}

/// Every shard once.
fn all_there(parts: &[Part], shard: &Shard) -> Result<(), MergeError> {
    let total = shard.number.total;
    let index = |part: &Part| part.shard.number.index;
    let mut next_to_each_other = parts.iter().zip(parts.iter().skip(1));
    if let Some((first, second)) = next_to_each_other.find(|(a, b)| index(a) == index(b)) {
        return Err(MergeError::Twice {
            first: first.path.clone(),
            second: second.path.clone(),
            index: index(first),
            total,
        });
    }
    let mut there = parts.iter().map(index).peekable();
    let missing = (1..=total).filter(|index| there.next_if_eq(index).is_none());
    let missing: Vec<String> = missing.map(|index| index.to_string()).collect();
    let missing = match missing.as_slice() {
        [] => return Ok(()),
        [one] => format!("shard {one}"),
        [some @ .., last] => format!("shards {} and {last}", some.join(", ")),
    };
    Err(MergeError::Missing { missing, total })
}

/// Every note once.
fn notes_agree(parts: &[Part], shard: &Shard) -> Result<(), MergeError> {
    let mut owners: BTreeMap<&str, &Path> = BTreeMap::new();
    for part in parts {
        for path in &part.shard.paths {
            if let Some(other) = owners.insert(path, &part.path) {
                let (one, two) = (other.display(), part.path.display());
                let said = format!("{path}: it is in {one} and in {two}");
                return Err(MergeError::Notes { said });
            }
        }
    }
    if digest(owners.into_keys()) != shard.digest {
        let said = "the shards together have other notes than each says that there are".into();
        return Err(MergeError::Notes { said });
    }
    let report = parts.iter().map(|part| &part.report);
    let is_empty = |report: &Report| report.notes.is_empty() && report.warnings.is_empty();
    if shard.notes > 0 && report.clone().all(is_empty) {
        return Err(MergeError::Nothing {
            total: shard.number.total,
            notes: shard.notes,
        });
    }
    Ok(())
}

/// All in one, in the order of a run over all notes.
fn joined(parts: Vec<Part>) -> Report {
    let mut whole = Report::default();
    let mut seconds: f64 = 0.0;
    for (at, Part { report, .. }) in parts.into_iter().enumerate() {
        if at == 0 {
            (whole.python, whole.lang) = (report.python, report.lang);
        }
        seconds = seconds.max(report.summary.seconds);
        whole.containment = weaker(whole.containment, report.containment);
        whole.notes.extend(report.notes);
        whole.warnings.extend(report.warnings);
    }
    whole.notes.sort_by(|a, b| a.path.cmp(&b.path));
    whole.sort_warnings();
    whole.summary = Summary::of(&whole.notes, seconds);
    whole
}

/// What contained the snippets of both.
fn weaker(a: Option<Containment>, b: Option<Containment>) -> Option<Containment> {
    let (Some(one), Some(two)) = (&a, &b) else {
        return a.or(b);
    };
    let both = |fence: &Fence| one.has.contains(fence) && two.has.contains(fence);
    Some(Containment {
        off: one.off || two.off,
        has: Fence::ALL.into_iter().filter(both).collect(),
    })
}
