//! `[setup]`: code that is run before the snippets of all notes, or of some of them.

use std::path::Path;

use super::file::Preparation;
use super::mistake::Mistake;
use super::target::absolute;
use crate::files;

/// Code that is run before each snippet of some notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The notes and folders that it is for, as reports show their paths; all where there is none.
    pub notes: Vec<String>,
    /// The code.
    pub code: String,
    /// Where it stands, for messages.
    pub place: String,
}

impl Setup {
    /// True where it is for the note with this path.
    pub fn is_for(&self, note: &str) -> bool {
        let holds = |scope: &String| {
            let rest = note.strip_prefix(scope.as_str());
            scope == "." || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.notes.is_empty() || self.notes.iter().any(holds)
    }
}

/// What `verify.toml` asks for, with the code of its files.
pub(super) fn decide(
    asked: &[Preparation],
    root: &Path,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Setup> {
    let mut decided = Vec::new();
    for one in asked {
        match code(one, root) {
            Ok((code, place)) => decided.push(Setup {
                notes: one.notes.iter().map(|note| scope(&note.text)).collect(),
                code,
                place,
            }),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    decided
}

/// A path as reports show it, without what may stand behind a folder.
fn scope(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = path
        .strip_suffix("/**")
        .unwrap_or(path)
        .trim_end_matches('/');
    if path.is_empty() {
        ".".to_owned()
    } else {
        path.to_owned()
    }
}

/// The code of a set-up and where it stands.
fn code(asked: &Preparation, root: &Path) -> Result<(String, String), Mistake> {
    let file = match (&asked.code, &asked.file) {
        (Some(code), None) => return Ok((code.clone(), asked.place.clone())),
        (None, Some(file)) => file,
        (Some(_), Some(_)) => {
            return Err(Mistake::new(
                &asked.place,
                "this set-up has both `code` and `file`",
                "keep one of them",
            ));
        }
        (None, None) => {
            return Err(Mistake::new(
                &asked.place,
                "this set-up has no code",
                "write `code = \"import numpy as np\"`, or name a `file`",
            ));
        }
    };
    let wrong = |message: String, help: &str| Err(Mistake::new(&file.place, message, help));
    let path = absolute(root, Path::new(&file.text));
    let inside = |path: &Path| {
        Some(
            path.canonicalize()
                .ok()?
                .starts_with(root.canonicalize().ok()?),
        )
    };
    match inside(&path) {
        None => wrong(
            format!("there is no file `{}`", file.text),
            "correct the path, which is seen from the folder of this file",
        ),
        Some(false) => wrong(
            format!("`{}` lies outside of the folder of this file", file.text),
            "name a file below it",
        ),
        Some(true) => match files::read(&path).map(String::from_utf8) {
            Ok(Ok(code)) => Ok((code, file.text.clone())),
            _ => wrong(
                format!("`{}` can't be read as text", file.text),
                "name a file with Python code in UTF-8",
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_up_is_for_the_notes_below_its_folders() {
        let setup = |notes: &[&str]| Setup {
            notes: notes.iter().map(|note| scope(note)).collect(),
            ..Setup::default()
        };
        for (notes, note, is_for) in [
            (&[][..], "a.md", true),
            (&["."], "a.md", true),
            (&["docs"], "docs/a.md", true),
            (&["./docs/"], "docs/b/a.md", true),
            (&["docs/**"], "docs/a.md", true),
            (&["docs"], "docs2/a.md", false),
            (&["docs/a.md", "b"], "b/a.md", true),
            (&["docs/a.md"], "docs/b.md", false),
        ] {
            assert_eq!(setup(notes).is_for(note), is_for, "{notes:?} {note}");
        }
    }
}
