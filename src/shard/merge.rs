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

/// Missing shards that are named one by one.
const NAMED: usize = 20;

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
        help: &'static str,
    },
    /// Reports are not there.
    #[error("of {total} shards, these have no report: {shards}")]
    Missing {
        /// Which, in words.
        shards: String,
        /// Of so many.
        total: usize,
    },
    /// Shards have other notes than they should have together.
    #[error("{said}")]
    Notes {
        /// In what they differ.
        said: String,
    },
    /// What was asked for is in none of them.
    #[error("there is no snippet that was asked for in any of the {total} shards")]
    Nothing {
        /// How many shards.
        total: usize,
    },
}

impl MergeError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unusable { why, .. } => why.help(),
            Self::Twice { .. } => {
                "give one of them; where a shard was run again, that is the later one"
            }
            Self::Apart { help, .. } => help,
            Self::Missing { .. } => {
                "give the reports of all shards; the log of one that has written none says why"
            }
            Self::Notes { .. } => "run all shards again, with the same notes and timings",
            Self::Nothing { .. } => {
                "`verify list` with the same paths and `--filter` shows what there is"
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
    let total = parts.len();
    let narrowed = parts.iter().any(|part| part.shard.narrowed);
    let whole = joined(parts);
    if narrowed && whole.summary.snippets == 0 {
        return Err(MergeError::Nothing { total });
    }
    Ok(whole)
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
    difference(first, other).map_or(Ok(()), |(said, help)| {
        Err(MergeError::Apart {
            path: other.path.clone(),
            said,
            help,
        })
    })
}

/// What shows that two reports are not of the same run, and what to do.
fn difference(first: &Part, other: &Part) -> Option<(String, &'static str)> {
    let path = first.path.display();
    let (a, b) = (&first.shard, &other.shard);
    let (python, others) = (&first.report.python.version, &other.report.python.version);
    if a.number.total != b.number.total {
        let (index, total) = (b.number.index, b.number.total);
        let said = format!(
            "it is shard {index} of {total}, and {path} is one of {}",
            a.number.total
        );
        Some((
            said,
            "give the reports of one run; remove those of an earlier one",
        ))
    } else if (a.notes, &a.digest) != (b.notes, &b.digest) {
        let said = format!(
            "it is of a run over {} notes and {path} of one over {}, and these are not the same",
            b.notes, a.notes
        );
        Some((
            said,
            "run all shards over the same commit, with the same paths and options",
        ))
    } else if a.by != b.by {
        let (a, b) = (how(a.by), how(b.by));
        let said = format!("its notes were chosen by {b}, and those of {path} by {a}");
        Some((
            said,
            "give all shards the same `--timings FILE`, or none of them",
        ))
    } else if a.narrowed != b.narrowed {
        let said = format!("it and {path} are not about the same blocks of their notes");
        Some((
            said,
            "give all shards the same paths and the same `--filter`",
        ))
    } else if python != others {
        let said =
            format!("its snippets ran under Python {others}, and those of {path} under {python}");
        Some((
            said,
            "run all shards under the same Python; a matrix over Pythons is merged for each of them",
        ))
    } else {
        None
    }
}

fn how(by: Cut) -> &'static str {
    match by {
        Cut::Path => "path",
        Cut::Timings => "timings",
    }
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
    let missing: Vec<String> = (1..=total)
        .filter(|index| there.next_if_eq(index).is_none())
        .map(|index| index.to_string())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (named, more) = missing.split_at(missing.len().min(NAMED));
    let more = match more.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shards = format!("{}{more}", named.join(", "));
    Err(MergeError::Missing { shards, total })
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
    Ok(())
}

/// All in one, in the order of a run over all notes.
fn joined(parts: Vec<Part>) -> Report {
    let mut whole = Report::default();
    let mut seconds: f64 = 0.0;
    for (at, Part { report, .. }) in parts.into_iter().enumerate() {
        if at == 0 {
            (whole.python, whole.lang) = (report.python, report.lang);
            whole.distrusted = report.distrusted;
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::ShardNumber;
    use crate::shard::divide;

    fn part(index: usize, total: usize) -> Part {
        let number = ShardNumber { index, total };
        Part {
            path: format!("{index}.json").into(),
            shard: divide(&[], number, None),
            report: Report::default(),
        }
    }

    fn missing(there: &[usize], total: usize) -> String {
        let parts: Vec<Part> = there.iter().map(|&index| part(index, total)).collect();
        all_there(&parts, &parts[0].shard).unwrap_err().to_string()
    }

    #[test]
    fn missing_shards_are_named_up_to_a_length() {
        assert_eq!(
            missing(&[2, 4], 5),
            "of 5 shards, these have no report: 1, 3, 5"
        );
        assert!(
            missing(&[1], 21).ends_with(
                " 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21"
            )
        );
        assert!(missing(&[1], 1_000_000).ends_with(", 20, 21 and 999979 more"));
        assert_eq!(
            missing(&[1, 2, 2], 3),
            "2.json: it is shard 2 of 3, and so is 2.json"
        );
    }

    #[test]
    fn notes_of_other_shards_are_no_notes_of_this_one() {
        let paths = ["a.md", "b.md", "c.md"].map(str::to_owned);
        let mut parts = [1, 2].map(|index| {
            let number = ShardNumber { index, total: 2 };
            Part {
                shard: divide(&paths, number, None),
                ..part(index, 2)
            }
        });
        assert!(notes_agree(&parts, &parts[0].shard).is_ok());
        let lost = parts[0].shard.paths.pop().unwrap();
        let said = |parts: &[Part]| notes_agree(parts, &parts[0].shard).unwrap_err().to_string();
        assert!(said(&parts).starts_with("the shards together have other notes"));
        parts[0].shard.paths.push(lost.clone());
        parts[1].shard.paths.push(lost.clone());
        assert_eq!(
            said(&parts),
            format!("{lost}: it is in 1.json and in 2.json")
        );
    }

    #[test]
    fn a_report_is_as_contained_as_the_least_of_its_shards() {
        let has = |fences: &[Fence]| {
            Some(Containment {
                off: false,
                has: fences.to_vec(),
            })
        };
        let landlock = has(&[Fence::Landlock]);
        assert_eq!(weaker(has(&Fence::ALL), landlock.clone()), landlock);
        assert_eq!(weaker(None, landlock.clone()), landlock);
        assert_eq!(weaker(landlock, has(&[Fence::Network])), has(&[]));
    }
}
