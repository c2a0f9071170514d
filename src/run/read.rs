//! From the paths of a run to its notes, read and taken apart into blocks.

use std::io;
use std::path::PathBuf;

use rayon::prelude::*;

use super::Failure;
use crate::config::Config;
use crate::model::{Note, Warning};
use crate::notes::discover::{self, DiscoverError, Found, FoundNote, Read};
use crate::notes::markdown;

/// The notes that the paths mean.
pub(super) fn find(config: &Config) -> Result<Found, DiscoverError> {
    let paths = config.paths.iter().map(|target| target.path.clone());
    discover::discover(&paths.collect::<Vec<PathBuf>>(), &config.root)
}

/// All of them, read, and what is to be said about them.
pub(super) fn all(config: &Config) -> Result<(Vec<Note>, Vec<Warning>), Failure> {
    let found = find(config)?;
    let mut warnings = found.warnings;
    let each: Vec<_> = found.notes.par_iter().map(note).collect();
    let mut notes = Vec::new();
    for (found, read) in found.notes.iter().zip(each) {
        let (note, told) = read.map_err(|source| Failure::Unreadable {
            path: found.shown.clone(),
            source,
        })?;
        notes.extend(note);
        warnings.extend(told);
    }
    if found.notes.is_empty() {
        return Err(nothing(config, warnings.first()));
    }
    Ok((notes, warnings))
}

/// That there are no notes, and perhaps why.
pub(super) fn nothing(config: &Config, warning: Option<&Warning>) -> Failure {
    let paths = config.paths.iter();
    let looked: Vec<String> = paths
        .map(|target| format!("`{}`", target.path.display()))
        .collect();
    let help = match warning {
        Some(warning) => format!("{}: {}", warning.path, warning.message.en),
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

/// One note and what is to be said about it; none where it is no text.
pub(super) fn note(found: &FoundNote) -> io::Result<(Option<Note>, Vec<Warning>)> {
    let text = match discover::read(found)? {
        Read::Text(text) => text,
        Read::NotUtf8(warning) => return Ok((None, vec![warning])),
    };
    let parsed = markdown::blocks(&text);
    let warnings = parsed.problems.into_iter().map(|problem| Warning {
        path: found.shown.clone(),
        line: Some(problem.line),
        message: problem.message,
        help: Some(problem.help),
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
