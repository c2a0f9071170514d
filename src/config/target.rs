//! The paths that were typed: `note.md`, `note.md:LINE` or a folder.
//!
//! Looks at the file system only to tell whether a path is there and what it is.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::mistake::{Mistake, nearest};
use crate::cli::command_names;

/// Something to look for snippets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A note or a folder of notes, absolute.
    pub path: PathBuf,
    /// The line of the one snippet that is meant.
    pub line: Option<usize>,
}

impl Target {
    /// Reads one typed path. A file whose name really ends in `:42` is that file.
    pub(super) fn typed(typed: &Path, cwd: &Path) -> Result<Self, Mistake> {
        if typed.as_os_str().is_empty() {
            return Err(Mistake::new(
                "",
                "an empty path was given",
                "name a note or a folder",
            ));
        }
        let path = absolute(cwd, typed);
        if path.exists() {
            return Ok(Self { path, line: None });
        }
        let Some((file, line)) = split_line(typed) else {
            return Err(missing(typed, cwd));
        };
        let path = absolute(cwd, &file);
        let shown = file.display();
        if path.is_dir() {
            let help = format!("write `{shown}` for all of it or `{shown}/NOTE.md:{line}`");
            return Err(Mistake::new(
                "",
                format!("`{shown}` is a folder and has no line {line}"),
                help,
            ));
        }
        if !path.exists() {
            return Err(missing(&file, cwd));
        }
        if line == 0 {
            let message = format!("`{shown}` has no line 0");
            return Err(Mistake::new("", message, "lines are counted from 1"));
        }
        Ok(Self {
            path,
            line: Some(line),
        })
    }
}

/// `path` seen from `base`, with `.` and `..` taken out where that names the same file.
pub(super) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let joined = base.join(path);
    let mut plain = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    // Beyond a symbolic link `..` is somewhere else.
    let moved =
        fs::canonicalize(&joined).is_ok_and(|real| fs::canonicalize(&plain).ok() != Some(real));
    if moved { joined } else { plain }
}

/// `note.md:42` and `note.md:42:7` as editors write them, without the column.
fn split_line(path: &Path) -> Option<(PathBuf, usize)> {
    let (front, last) = split_number(path.to_str()?)?;
    let (file, line) = split_number(front).unwrap_or((front, last));
    Some((file.into(), line))
}

fn split_number(text: &str) -> Option<(&str, usize)> {
    let (front, number) = text.rsplit_once(':')?;
    let is_number = !front.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        Some((front, number.parse().ok()?))
    } else {
        None
    }
}

fn missing(typed: &Path, cwd: &Path) -> Mistake {
    let message = format!("there is no file or folder `{}`", typed.display());
    Mistake::new("", message, suggestion(typed, cwd))
}

fn suggestion(typed: &Path, cwd: &Path) -> String {
    let Some(name) = typed.file_name().and_then(|name| name.to_str()) else {
        return "check the path".to_owned();
    };
    let commands = command_names();
    if typed.components().count() == 1 && commands.iter().any(|command| command == name) {
        return format!("a command goes before its options: `verify {name} …`");
    }
    let folder = typed.parent().unwrap_or(Path::new(""));
    if let Some(near) = nearest(name, names_in(&absolute(cwd, folder))) {
        return format!("did you mean `{}`?", folder.join(near).display());
    }
    match nearest(name, commands) {
        Some(command) if typed.components().count() == 1 => {
            format!("did you mean `verify {command}`?")
        }
        _ => "check the path".to_owned(),
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn read(folder: &tempfile::TempDir, typed: &str) -> Result<(String, Option<usize>), String> {
        let target = Target::typed(Path::new(typed), folder.path())
            .map_err(|mistake| mistake.to_string())?;
        let path = target.path.strip_prefix(folder.path()).unwrap();
        Ok((path.to_str().unwrap().to_owned(), target.line))
    }

    #[test]
    fn lines_are_split_from_notes() {
        let folder = folder(&["notes/a.md", "b.md:42"]);
        assert_eq!(read(&folder, "notes/a.md"), Ok(("notes/a.md".into(), None)));
        assert_eq!(
            read(&folder, "notes/a.md:42"),
            Ok(("notes/a.md".into(), Some(42)))
        );
        assert_eq!(
            read(&folder, "notes/a.md:42:7"),
            Ok(("notes/a.md".into(), Some(42)))
        );
        assert_eq!(
            read(&folder, "./notes/../notes/a.md:1"),
            Ok(("notes/a.md".into(), Some(1)))
        );
        assert_eq!(read(&folder, "notes"), Ok(("notes".into(), None)));
    }

    #[test]
    fn a_file_that_is_really_called_so_wins() {
        let folder = folder(&["b.md", "b.md:42", "c.md:7"]);
        assert_eq!(read(&folder, "b.md:42"), Ok(("b.md:42".into(), None)));
        assert_eq!(read(&folder, "b.md:43"), Ok(("b.md".into(), Some(43))));
        assert_eq!(
            read(&folder, "c.md:7:9"),
            Err("there is no file or folder `c.md`; did you mean `c.md:7`?".into())
        );
    }

    #[test]
    fn mistakes_say_what_to_do() {
        let folder = folder(&["notes/numbers.md"]);
        let message = |typed| read(&folder, typed).unwrap_err();
        assert_eq!(
            message(""),
            "an empty path was given; name a note or a folder"
        );
        assert_eq!(
            message("note"),
            "there is no file or folder `note`; did you mean `notes`?"
        );
        assert_eq!(
            message("lits"),
            "there is no file or folder `lits`; did you mean `verify list`?"
        );
        assert_eq!(
            message("list"),
            "there is no file or folder `list`; a command goes before its options: `verify list …`"
        );
        assert_eq!(
            message("notes/number.md:3"),
            "there is no file or folder `notes/number.md`; did you mean `notes/numbers.md`?"
        );
        assert_eq!(
            message("x/y/z"),
            "there is no file or folder `x/y/z`; check the path"
        );
        assert_eq!(
            message("notes/numbers.md:0"),
            "`notes/numbers.md` has no line 0; lines are counted from 1"
        );
        assert_eq!(
            message("notes:3"),
            "`notes` is a folder and has no line 3; write `notes` for all of it or `notes/NOTE.md:3`"
        );
        let long = "notes/numbers.md:99999999999999999999999";
        assert!(message(long).starts_with(&format!("there is no file or folder `{long}`")));
    }

    #[cfg(unix)]
    #[test]
    fn dots_beyond_a_symbolic_link_are_kept() {
        let folder = folder(&["deep/er/a.md", "deep/b.md"]);
        std::os::unix::fs::symlink(folder.path().join("deep/er"), folder.path().join("link"))
            .unwrap();
        assert_eq!(
            read(&folder, "link/../b.md"),
            Ok(("link/../b.md".into(), None))
        );
        assert_eq!(
            read(&folder, "deep/er/../b.md"),
            Ok(("deep/b.md".into(), None))
        );
    }
}
