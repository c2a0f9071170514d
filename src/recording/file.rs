//! The file of a recording: TOML made to be reviewed in a pull request.
//!
//! No line numbers, no durations, no absolute paths; entries that do not change
//! keep their bytes. A write replaces the whole file at once, under a lock, so that
//! a kill at any moment leaves the old file or the new one.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::figures;
use crate::files;
use crate::model::{Entry, RecordedFigure, Recording};

const HEADER: &str = "# Recorded by `verify --update`. Review it like code.\n";

/// A recording with the text that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// What it says.
    pub recording: Recording,
    /// The file's text.
    pub text: String,
}

/// What is wrong with a recording's file.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// It can't be read or written.
    #[error("{}: can't be {done}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried: `read`, `written`, `removed` or `locked`.
        done: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// A link on the way to it leads somewhere else.
    #[error("{}: a link leads from here out of the folder of the recordings", .path.display())]
    Outside {
        /// The file.
        path: PathBuf,
    },
    /// It is no recording.
    #[error("{}:{line}: {message}", .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// The 1-based line.
        line: usize,
        /// Why not.
        message: String,
    },
}

impl RecordingError {
    pub(super) fn io(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, done, source }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io { .. } => "check the permissions of this file and its folder, and the space on its disk".into(),
            Self::Outside { .. } => {
                "put a folder or file of its own in the place of the link, or name another folder with `--expected DIR`".into()
            }
            Self::Broken { .. } => {
                "mend the line, or remove the file and run `verify --update` to record the note anew".into()
            }
        }
    }
}

/// The file for the note that reports show as `note`: its path under `expected`, without what
/// leads out of it.
pub fn path_of(expected: &Path, note: &str) -> PathBuf {
    let inside = Path::new(note).components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let mut path = expected.to_owned();
    path.extend(inside);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    // Only one ending is left out, so that no two notes of a folder share a file.
    let stem = name.strip_suffix(".md").unwrap_or(&name);
    path.with_file_name(format!("{stem}.toml"))
}

/// An error where a link leads from `path`, which lies under `expected`, to somewhere else.
pub fn stays_inside(path: &Path, expected: &Path) -> Result<(), RecordingError> {
    let Ok(folder) = expected.canonicalize() else {
        return Ok(());
    };
    let there = path.ancestors().find_map(|part| part.canonicalize().ok());
    if there.is_some_and(|there| there.starts_with(folder)) {
        return Ok(());
    }
    Err(RecordingError::Outside {
        path: path.to_owned(),
    })
}

/// True for a file that was written as a recording: others may lie in the same folder.
pub fn is_recording(path: &Path) -> bool {
    let Ok(bytes) = files::read(path) else {
        return false;
    };
    bytes.starts_with(HEADER.as_bytes())
        || parse(path, bytes).is_ok_and(|stored| {
            let Recording { known, entries, .. } = stored.recording;
            !(known.is_empty() && entries.is_empty())
        })
}

/// Removes what killed updates left under `expected`, which the caller has locked.
pub fn remove_unfinished(expected: &Path) {
    for folder in folders(expected) {
        files::remove_unfinished(&folder);
    }
}

/// `folder` and all the folders in it; links are not followed.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while let Some(folder) = found.get(at) {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let inner = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let inner: Vec<PathBuf> = inner.map(|entry| entry.path()).collect();
        found.extend(inner);
        at += 1;
    }
    found
}

/// Every TOML file under `expected`, sorted.
pub fn list(expected: &Path) -> Vec<PathBuf> {
    files_in(expected, |path| {
        path.extension().is_some_and(|end| end == "toml")
    })
}

/// The files under `expected` that are wanted, sorted; links are not followed.
pub(super) fn files_in(expected: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders(expected) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && wanted(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileShape {
    #[serde(default)]
    python: String,
    #[serde(default)]
    known: Vec<String>,
    #[serde(default)]
    snippet: Vec<EntryShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryShape {
    #[serde(default)]
    heading: String,
    code: String,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    raises: Option<String>,
    exit: Option<i32>,
    #[serde(default)]
    figures: Vec<FigureShape>,
    #[serde(default)]
    masked: bool,
    #[serde(default = "yes")]
    run: bool,
    #[serde(default)]
    known: Vec<String>,
}

/// How a recording names a figure that varies from run to run.
const VARIES: &str = "⟪figure⟫";

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct FigureShape(RecordedFigure);

impl TryFrom<String> for FigureShape {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if name == VARIES {
            Ok(Self(RecordedFigure::Varies))
        } else if figures::is_name(&name) {
            Ok(Self(RecordedFigure::File { name, png: None }))
        } else {
            Err(format!("`{name}` is no plain name of a `.png` file"))
        }
    }
}

fn yes() -> bool {
    true
}

/// The recording in a file; `None` where there is no file.
pub fn read(path: &Path) -> Result<Option<Stored>, RecordingError> {
    let bytes = match files::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RecordingError::io(path, "read")(error)),
    };
    parse(path, bytes).map(Some)
}

/// The recording that these bytes are; `path` is for the message where they are none.
pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Stored, RecordingError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let lines = valid.split(|byte| *byte == b'\n').count();
        broken(path, lines, "this line is not UTF-8")
    })?;
    // Some check-outs turn the line ends of text files.
    let text = text.replace("\r\n", "\n");
    let shape: FileShape = toml::from_str(&text).map_err(|error| no_toml(path, &text, &error))?;
    let entries = shape.snippet.into_iter().map(entry).collect();
    Ok(Stored {
        recording: Recording {
            python: shape.python,
            known: shape.known,
            entries,
        },
        text,
    })
}

fn broken(path: &Path, line: usize, message: &str) -> RecordingError {
    RecordingError::Broken {
        path: path.to_owned(),
        line,
        message: message.to_owned(),
    }
}

fn no_toml(path: &Path, text: &str, error: &toml::de::Error) -> RecordingError {
    let is_mark = |line: &str| {
        ["<<<<<<< ", ">>>>>>> ", "||||||| "]
            .iter()
            .any(|mark| line.starts_with(mark))
            || line == "======="
    };
    if let Some(at) = text.lines().position(is_mark) {
        return broken(
            path,
            at + 1,
            "an unfinished merge: the file has conflict marks",
        );
    }
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.as_bytes()[..at].split(|byte| *byte == b'\n');
    let message = error.message().lines().next().unwrap_or("this is no TOML");
    broken(path, before.count(), message)
}

fn entry(shape: EntryShape) -> Entry {
    let EntryShape {
        heading,
        code,
        stdout,
        stderr,
        raises,
        exit,
        figures,
        masked,
        run,
        known,
    } = shape;
    Entry {
        heading,
        code,
        stdout,
        stderr,
        raises,
        exit,
        figures: figures
            .into_iter()
            .map(|FigureShape(figure)| figure)
            .collect(),
        masked,
        ran: run,
        known,
    }
}

/// The lock that writers of recordings hold; makes the folder where there is none. It is the
/// folder itself that is locked, so nothing is left behind and nothing can be left locked.
pub fn lock(expected: &Path) -> Result<fd_lock::RwLock<File>, RecordingError> {
    fs::create_dir_all(expected).map_err(RecordingError::io(expected, "written"))?;
    File::open(expected)
        .map(fd_lock::RwLock::new)
        .map_err(RecordingError::io(expected, "locked"))
}

/// Writes a recording; false where the file says so already, and stays as it is.
pub fn write(
    path: &Path,
    before: Option<&Stored>,
    recording: &Recording,
) -> Result<bool, RecordingError> {
    if before.is_some_and(|before| before.recording == *recording) {
        return Ok(false);
    }
    let text = render(before, recording);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| files::replace(path, text.as_bytes(), None))
        .map_err(RecordingError::io(path, "written"))?;
    Ok(true)
}

/// Removes a recording's file, and the folders that are empty then, up to `expected`.
pub fn remove(path: &Path, expected: &Path) -> Result<(), RecordingError> {
    fs::remove_file(path).map_err(RecordingError::io(path, "removed"))?;
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != expected && folder.starts_with(expected))
    {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// The text of a recording. Entries that are in `before` already keep their bytes.
pub fn render(before: Option<&Stored>, recording: &Recording) -> String {
    let old = before.and_then(|before| before.text.parse::<DocumentMut>().ok());
    let tables: Vec<Table> = old
        .as_ref()
        .and_then(|old| old.get("snippet")?.as_array_of_tables())
        .map(|tables| tables.iter().cloned().collect())
        .unwrap_or_default();
    let mut left: Vec<Option<(&Entry, Table)>> = before
        .iter()
        .flat_map(|before| &before.recording.entries)
        .zip(tables)
        .map(Some)
        .collect();
    let mut document = old.unwrap_or_else(|| HEADER.parse().unwrap_or_default());
    document.remove("snippet");
    if document.get("python").and_then(Item::as_str) != Some(&recording.python) {
        document["python"] = value(&recording.python);
    }
    let before = before.map_or(&[][..], |before| &before.recording.known);
    if recording.known.is_empty() {
        document.remove("known");
    } else if before != recording.known {
        document["known"] = value(recording.known.iter().collect::<Array>());
    }
    let mut snippets = ArrayOfTables::new();
    for (at, entry) in recording.entries.iter().enumerate() {
        let same = left.iter_mut().find(|left| {
            left.as_ref()
                .is_some_and(|(old, _)| reads_alike(old, entry))
        });
        let mut table = same
            .and_then(Option::take)
            .map_or_else(|| table(entry), |(_, table)| table);
        table.set_position(isize::try_from(at + 1).ok());
        snippets.push(table);
    }
    if !snippets.is_empty() {
        document.insert("snippet", Item::ArrayOfTables(snippets));
    }
    with_header(document.to_string())
}

/// A new file begins with the header: in a document without keys it stands at the end.
fn with_header(text: String) -> String {
    match text.strip_suffix(HEADER).filter(|rest| !rest.is_empty()) {
        Some(rest) => format!("{HEADER}{rest}"),
        None => text,
    }
}

/// True where two entries have the same text, whatever their pictures are.
fn reads_alike(one: &Entry, other: &Entry) -> bool {
    let text = |entry: &Entry| Entry {
        figures: Vec::new(),
        ..entry.clone()
    };
    let names = |entry: &'_ Entry| entry.figures.iter().map(name_of).collect::<Vec<_>>();
    text(one) == text(other) && names(one) == names(other)
}

fn name_of(figure: &RecordedFigure) -> String {
    figure.name().unwrap_or(VARIES).to_owned()
}

fn table(entry: &Entry) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table["heading"] = value(&entry.heading);
    table["code"] = value(&entry.code);
    if !entry.ran {
        table["run"] = value(false);
    }
    for (key, text) in [("stdout", &entry.stdout), ("stderr", &entry.stderr)] {
        if !text.is_empty() {
            table[key] = value(text);
        }
    }
    if let Some(raises) = &entry.raises {
        table["raises"] = value(raises);
    }
    if let Some(exit) = entry.exit {
        table["exit"] = value(i64::from(exit));
    }
    if !entry.figures.is_empty() {
        table["figures"] = value(entry.figures.iter().map(name_of).collect::<Array>());
    }
    if entry.masked {
        table["masked"] = value(true);
    }
    if !entry.known.is_empty() {
        table["known"] = value(entry.known.iter().collect::<Array>());
    }
    table
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Recording {
        let first = Entry {
            heading: "数字".into(),
            code: "aaa".into(),
            stdout: "1.5\n".into(),
            ran: true,
            ..Entry::default()
        };
        let second = Entry {
            heading: "编码".into(),
            code: "bbb".into(),
            raises: Some("NameError: name 'unicode' is not defined".into()),
            known: vec!["py2-unicode".into()],
            ran: true,
            ..Entry::default()
        };
        Recording {
            python: "3.11".into(),
            known: Vec::new(),
            entries: vec![first, second],
        }
    }

    #[test]
    fn what_is_known_of_the_text_stands_above_the_snippets_and_keeps_the_rest() {
        let known = Recording {
            known: vec!["module-cpickle".into(), "sys-maxint".into()],
            ..sample()
        };
        let plain = render(None, &sample());
        let expected = plain.replacen(
            "\n\n[[snippet]]",
            "\nknown = [\"module-cpickle\", \"sys-maxint\"]\n\n[[snippet]]",
            1,
        );
        assert_eq!(render(None, &known), expected);
        let stored = |text: &str, recording: Recording| Stored {
            recording,
            text: text.to_owned(),
        };
        let mine = plain.replacen("python =", "# mine\npython =", 1);
        let with = render(Some(&stored(&mine, sample())), &known);
        assert_eq!(with, expected.replacen("python =", "# mine\npython =", 1));
        assert_eq!(render(Some(&stored(&with, known.clone())), &sample()), mine);
        let alone = Recording {
            entries: Vec::new(),
            ..known
        };
        assert!(render(None, &alone).ends_with("\nknown = [\"module-cpickle\", \"sys-maxint\"]\n"));
    }

    #[test]
    fn a_new_file_reads_like_this() {
        let expected = r#"# Recorded by `verify --update`. Review it like code.
python = "3.11"

[[snippet]]
heading = "数字"
code = "aaa"
stdout = """
1.5
"""

[[snippet]]
heading = "编码"
code = "bbb"
raises = "NameError: name 'unicode' is not defined"
known = ["py2-unicode"]
"#;
        assert_eq!(render(None, &sample()), expected);
    }

    #[test]
    fn only_changed_entries_change() {
        let text =
            render(None, &sample()).replace("heading = \"数字\"", "# mine\nheading   =   '数字'");
        let before = Stored {
            recording: sample(),
            text,
        };
        let mut changed = sample();
        changed.entries[1].known.clear();
        changed.entries.insert(
            0,
            Entry {
                code: "ccc".into(),
                ran: true,
                ..Entry::default()
            },
        );
        let after = render(Some(&before), &changed);
        assert!(after.contains("# mine\nheading   =   '数字'\n"), "{after}");
        assert!(
            after.find("ccc") < after.find("aaa") && !after.contains("known"),
            "{after}"
        );
        assert_eq!(render(Some(&before), &sample()), before.text);
    }

    #[test]
    fn the_path_of_a_note_never_leaves_the_folder() {
        let path = |note| path_of(Path::new("expected"), note);
        assert_eq!(path("notes/a.md"), Path::new("expected/notes/a.toml"));
        assert_eq!(path("../../etc/a.b.md"), Path::new("expected/etc/a.b.toml"));
        assert_eq!(
            path("/abs/笔记.markdown"),
            Path::new("expected/abs/笔记.markdown.toml")
        );
        assert_eq!(path("notes/a.MD"), Path::new("expected/notes/a.MD.toml"));
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let message = |text: &str| {
            fs::write(&path, text).unwrap();
            let message = read(&path).unwrap_err().to_string();
            message
                .trim_start_matches(&folder.path().display().to_string())
                .to_owned()
        };
        assert!(message("python = \"3.11\"\n[[snippet]]\ncode = 1\n").starts_with("/a.toml:3: "));
        assert!(
            message("[[snippet]]\ncode = \"a\"\nstdot = \"\"\n").contains("unknown field `stdot`")
        );
        assert_eq!(
            message("[[snippet]]\ncode = \"a\"\nfigures = [\"figure-1.png\", \"../b.png\"]\n"),
            "/a.toml:3: `../b.png` is no plain name of a `.png` file"
        );
        assert_eq!(
            message("python = \"3\"\n<<<<<<< HEAD\n"),
            "/a.toml:2: an unfinished merge: the file has conflict marks"
        );
    }

    #[test]
    fn wherever_a_file_is_cut_it_is_read_or_its_line_is_named() {
        let text = render(None, &sample());
        for end in 0..text.len() {
            let cut = &text.as_bytes()[..end];
            match parse(Path::new("a.toml"), cut.to_vec()) {
                Ok(stored) => assert!(stored.recording.entries.len() <= 2),
                Err(RecordingError::Broken { line, .. }) => {
                    let lines = cut.split(|byte| *byte == b'\n').count();
                    assert!((1..=lines).contains(&line), "{end}: line {line} of {lines}");
                }
                Err(error) => unreachable!("{error}"),
            }
        }
    }

    #[test]
    fn what_is_no_text_or_half_a_merge_is_named_with_its_line() {
        let message = |bytes: &[u8]| {
            parse(Path::new("a.toml"), bytes.to_vec())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message(b"python = \"3\"\n\xff\n"),
            "a.toml:2: this line is not UTF-8"
        );
        for mark in ["=======", ">>>>>>> theirs", "||||||| base"] {
            let text = format!("python = \"3\"\n{mark}\n");
            let expected = "a.toml:2: an unfinished merge: the file has conflict marks";
            assert_eq!(message(text.as_bytes()), expected);
        }
    }

    #[test]
    fn a_recording_is_told_from_other_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        let told = |text: &str| {
            fs::write(&path, text).unwrap();
            is_recording(&path)
        };
        let text = render(None, &sample());
        assert!(told(&text));
        assert!(told(text.strip_prefix(HEADER).unwrap()));
        assert!(told(&text[..text.len() - 20]));
        for other in [
            "",
            "python = \"3.11\"\n",
            "[package]\nname = \"a\"\n",
            "paths = [\"notes\"]\n",
            "[[x",
        ] {
            assert!(!told(other), "{other}");
        }
    }

    #[test]
    fn links_that_lead_out_of_the_folder_are_refused() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("real")).unwrap();
        symlink(outside.path(), at("out")).unwrap();
        symlink("real", at("in")).unwrap();
        symlink("/etc/passwd", at("file.toml")).unwrap();
        let inside = |name: &str| stays_inside(&at(name), folder.path()).is_ok();
        assert!(inside("a.toml") && inside("real/a.toml") && inside("in/deep/a.toml"));
        assert!(!inside("out/a.toml") && !inside("out/deep/a.toml") && !inside("file.toml"));
    }

    #[test]
    fn what_can_be_read_for_ever_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(
            message.ends_with("can't be read: it is a pipe, a socket or a device"),
            "{message}"
        );
        let path = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).unwrap();
        let message = read(&path).unwrap_err().to_string();
        assert!(
            message.ends_with("can't be read: it is a pipe, a socket or a device"),
            "{message}"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(stdout in "(?s).{0,60}", heading in "(?s).{0,20}", raises in proptest::option::of("(?s).{0,20}"), masked: bool, known in proptest::collection::vec("(?s).{0,9}", 0..3)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("deep/a.toml");
            let figures = vec![RecordedFigure::Varies, RecordedFigure::File { name: "figure-1.png".into(), png: None }];
            let entry = Entry { heading, code: "x".into(), stdout: stdout.clone(), stderr: stdout, raises, figures, masked, ran: true, ..Entry::default() };
            let recording = Recording { python: "3.13".into(), known: known.clone(), entries: vec![entry; 2] };
            prop_assert!(write(&path, None, &recording).unwrap());
            let stored = read(&path).unwrap().unwrap();
            prop_assert_eq!(&stored.recording, &recording);
            prop_assert!(!write(&path, Some(&stored), &recording).unwrap());
        }
    }
}
