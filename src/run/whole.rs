//! Plans all notes together; where that panics, all but those that alone make it panic.

use super::start::Ready;
use super::{Failure, read};
use crate::bug::{self, Stage};
use crate::config::Config;
use crate::model::{Note, Warning};
use crate::notes::FoundNote;
use crate::plan::{self, Plan};
use crate::python::pool::PoolError;

/// The plan of these notes, and what is to be said of those that can't be planned.
pub(super) fn plan(
    config: &Config,
    ready: &Ready,
    notes: Vec<Note>,
    warnings: &mut Vec<Warning>,
) -> Result<Plan, Failure> {
    let found: Vec<FoundNote> = notes.iter().map(found).collect();
    let planned = bug::caught(|| {
        let paths = notes.iter().map(|note| &note.path);
        paths.for_each(|path| bug::provoke(path, Stage::Plan));
        one(config, ready, notes)
    });
    match planned {
        Ok(plan) => Ok(plan?),
        Err(_) => Ok(one(config, ready, sound(config, ready, &found, warnings)?)?),
    }
}

fn one(config: &Config, ready: &Ready, notes: Vec<Note>) -> Result<Plan, PoolError> {
    plan::plan(
        notes,
        ready.runner(),
        config.state,
        ready.interpreter.version,
    )
}

fn found(note: &Note) -> FoundNote {
    FoundNote {
        file: note.file.clone(),
        shown: note.path.clone(),
    }
}

/// Those of the notes, read once more, that can be planned alone.
fn sound(
    config: &Config,
    ready: &Ready,
    found: &[FoundNote],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Note>, Failure> {
    let mut sound = Vec::new();
    for found in found {
        let unreadable = |source| Failure::Unreadable {
            path: found.shown.clone(),
            source,
        };
        let (Some(note), _) = read::note(found).map_err(unreadable)? else {
            continue;
        };
        let alone = vec![note.clone()];
        match bug::kept_to(&found.shown, Stage::Plan, || one(config, ready, alone)) {
            Ok(planned) => {
                planned?;
                sound.push(note);
            }
            Err(bug) => warnings.push(*bug),
        }
    }
    Ok(sound)
}
