//! From the paths of a run to its notes, read and taken apart into blocks.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::{Failure, select};
use crate::bug::{self, Stage};
use crate::config::Config;
use crate::model::{Grade, Lang, Note, Shard, Warning};
use crate::notes::discover::{self, DiscoverError, Found, FoundNote, Read};
use crate::notes::{includes, markdown};
use crate::shard::{self, Timings};

/// The notes that the paths mean.
pub(super) fn find(config: &Config) -> Result<Found, DiscoverError> {
    let paths = config.paths.iter().map(|target| target.path.clone());
    discover::discover(&paths.collect::<Vec<PathBuf>>(), &config.root)
}

/// All of them, read, and what is to be said about them.
pub(super) fn all(config: &Config) -> Result<(Vec<Note>, Vec<Warning>), Failure> {
    let found = some(config)?;
    let mut warnings = found.warnings;
    let notes = each(&found.notes, &mut warnings)?;
    Ok((notes, warnings))
}

/// The notes of a run that may be about one shard of them.
#[derive(Debug, Default)]
pub(super) struct Share {
    pub(super) notes: Vec<Note>,
    pub(super) warnings: Vec<Warning>,
    /// The shard that they are; none where they are all.
    pub(super) shard: Option<Shard>,
    /// The paths of the notes of other shards.
    pub(super) elsewhere: Vec<String>,
}

impl Share {
    /// The notes that the run is about, and what is to be said about them. What no note is the
    /// cause of is for the first shard to say, so that it is said once.
    pub(super) fn read(config: &Config) -> Result<Self, Failure> {
        let Some(number) = config.shard else {
            let (notes, warnings) = all(config)?;
            return Ok(Self {
                notes,
                warnings,
                ..Self::default()
            });
        };
        let found = some(config)?;
        let paths: Vec<String> = found.notes.iter().map(|note| note.shown.clone()).collect();
        let timings = config.timings.as_deref().map(Timings::read).transpose()?;
        let shard = Shard {
            narrowed: select::narrows(config),
            ..shard::divide(&paths, number, timings.flatten().as_ref())
        };
        let own: BTreeSet<&String> = shard.paths.iter().collect();
        let of_shard = found.notes.par_iter();
        let of_shard = of_shard.filter(|note| own.contains(&note.shown));
        let mut warnings = found.warnings;
        warnings.retain(|_| number.index == 1);
        Ok(Self {
            notes: each(of_shard, &mut warnings)?,
            warnings,
            elsewhere: paths
                .iter()
                .filter(|path| !own.contains(path))
                .cloned()
                .collect(),
            shard: Some(shard),
        })
    }
}

/// The notes that the paths mean; an error where they mean none.
fn some(config: &Config) -> Result<Found, Failure> {
    let found = find(config)?;
    if found.notes.is_empty() {
        return Err(nothing(config, found.warnings.first()));
    }
    Ok(found)
}

/// Each of these that is a text.
fn each<'n>(
    found: impl IntoParallelIterator<Item = &'n FoundNote>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Note>, Failure> {
    let read: Vec<_> = found
        .into_par_iter()
        .map(|found| (found, note(found)))
        .collect();
    let mut notes = Vec::new();
    let before = warnings.len();
    for (found, read) in read {
        let (note, told) = read.map_err(|source| Failure::Unreadable {
            path: found.shown.clone(),
            source,
        })?;
        notes.extend(note);
        warnings.extend(told);
    }
    let unreadable = warnings[before..].iter();
    match unreadable
        .into_iter()
        .find(|warning| warning.grade == Grade::Error)
    {
        Some(warning) if notes.is_empty() => Err(Failure::Nothing {
            message: format!("{}: {}", warning.path, warning.message.get(Lang::En)),
            help: warning
                .help
                .as_ref()
                .map_or("", |help| help.get(Lang::En))
                .to_owned(),
        }),
        _ => Ok(notes),
    }
}

/// That there are no notes, and perhaps why.
pub(super) fn nothing(config: &Config, warning: Option<&Warning>) -> Failure {
    let paths = config.paths.iter();
    let looked: Vec<String> = paths
        .map(|target| format!("`{}`", target.path.display()))
        .collect();
    let help = match warning {
        Some(warning) => format!("{}: {}", warning.path, warning.message.get(Lang::En)),
        None => {
            "name a folder that has `.md` files which no `.gitignore` or `.verifyignore` leaves out"
                .into()
        }
    };
    Failure::Nothing {
        message: format!("no notes in {}", looked.join(", ")),
        help,
    }
}

/// One note and what is to be said about it; none where it is no text or could not be read.
pub(super) fn note(found: &FoundNote) -> io::Result<(Option<Note>, Vec<Warning>)> {
    let text = match discover::read(found)? {
        Read::Text(text) => text,
        Read::NotUtf8(warning) => return Ok((None, vec![warning])),
    };
    let mut parsed = match bug::kept_to(&found.shown, Stage::Read, || markdown::blocks(&text)) {
        Ok(parsed) => parsed,
        Err(bug) => return Ok((None, vec![*bug])),
    };
    includes::resolve(&mut parsed.blocks, &found.file, &found.shown);
    let warnings = parsed.problems.into_iter().map(|problem| Warning {
        path: found.shown.clone(),
        line: Some(problem.line),
        message: problem.message,
        help: Some(problem.help),
        grade: Grade::Warning,
    });
    let note = Note {
        file: found.file.clone(),
        path: found.shown.clone(),
        text,
        lang: parsed.lang,
        blocks: parsed.blocks,
    };
    Ok((Some(note), warnings.collect()))
}
