//! `verify.toml`: finding it and reading it.
//!
//! Reads the file alone. What is not written stays `None`; defaults, arguments
//! and the environment are the business of `decide`. Every mistake of the file
//! is reported with its line and column.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeTable;

use super::bounds;
use super::keys;
use super::mistake::{Mistake, nearest};
use super::value::{Key, Placed, Reader, Value, list};
use crate::cli::{Sandbox, State};
use crate::files;
use crate::model::Lang;

/// The name of the file.
pub const NAME: &str = "verify.toml";

/// What `verify.toml` says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    pub(super) paths: Option<Vec<Placed>>,
    pub(super) expected: Option<String>,
    pub(super) python: Option<String>,
    pub(super) uv: bool,
    pub(super) requirements: Option<Placed>,
    pub(super) state: Option<State>,
    pub(super) jobs: Option<u64>,
    pub(super) strict: Option<bool>,
    pub(super) cache: Option<bool>,
    pub(super) mentions: Option<bool>,
    pub(super) lang: Option<Lang>,
    pub(super) prose: Option<bool>,
    pub(super) sandbox: Option<Sandbox>,
    pub(super) cpu: Option<u64>,
    pub(super) wall: Option<Duration>,
    pub(super) memory: Option<u64>,
    pub(super) output: Option<u64>,
    pub(super) pass: Option<Vec<String>>,
    pub(super) read: Option<Vec<Placed>>,
    pub(super) write: Option<Vec<Placed>>,
    pub(super) setup: Vec<Preparation>,
}

/// One set-up as it is written.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Preparation {
    pub(super) notes: Vec<Placed>,
    pub(super) code: Option<String>,
    pub(super) file: Option<Placed>,
    pub(super) place: String,
}

/// The nearest `verify.toml` from `start` upwards, within the repository that `start` is in.
pub(super) fn find(start: &Path) -> Option<PathBuf> {
    for folder in start.ancestors() {
        let file = folder.join(NAME);
        if file.symlink_metadata().is_ok() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Reads the file at `path`, which messages call `shown`.
pub(super) fn read(path: &Path, shown: &str) -> Result<File, Vec<Mistake>> {
    let stop = |message: String, help: &str| vec![Mistake::new(shown, message, help)];
    let bytes = files::read(path).map_err(|error| match error.kind() {
        ErrorKind::IsADirectory => stop("this is a folder".into(), "name a file"),
        _ => stop(format!("it can't be read: {error}"), "check the path"),
    })?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, shown),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let line = valid.matches('\n').count() + 1;
            let place = format!("{shown}:{line}");
            Err(vec![Mistake::new(
                place,
                "this line is not UTF-8",
                "save the file as UTF-8",
            )])
        }
    }
}

/// Reads the text of a `verify.toml`.
pub(super) fn parse(text: &str, shown: &str) -> Result<File, Vec<Mistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::new(text, shown);
    if reader.find_conflicts() {
        return Err(reader.finish());
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        reader.syntax(&error);
    }
    if !reader.mistakes.is_empty() {
        return Err(reader.finish());
    }
    let file = reader.file(table.get_ref());
    if reader.mistakes.is_empty() {
        Ok(file)
    } else {
        Err(reader.finish())
    }
}

impl Reader<'_> {
    /// Tells each place of a merge once: by its first mark, or by what is left of its marks.
    fn find_conflicts(&mut self) -> bool {
        let places = |text: &str, marks: &[&str]| -> Vec<usize> {
            let mut offset = 0;
            let mut found = Vec::new();
            for line in text.split_inclusive('\n') {
                if marks.iter().any(|mark| line.starts_with(mark)) {
                    found.push(offset);
                }
                offset += line.len();
            }
            found
        };
        let mut marked = places(self.text, &["<<<<<<< "]);
        if marked.is_empty() {
            marked = places(self.text, &["=======", ">>>>>>> "]);
            marked.truncate(1);
        }
        for &offset in &marked {
            self.wrong(
                offset..offset,
                "a merge was left unfinished here",
                "choose one side and remove the marks",
            );
        }
        !marked.is_empty()
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let message = format!("this is not TOML: {}", error.message().replace('\n', ", "));
        self.wrong(
            error.span().unwrap_or_default(),
            message,
            "see https://toml.io for how to write it",
        );
    }

    fn file(&mut self, table: &DeTable<'_>) -> File {
        let mut file = File::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => file.paths = self.paths(value),
                "expected" => file.expected = self.string("expected", "expected", value),
                "python" => self.python(&mut file, key, value),
                "state" => file.state = self.word("state", value),
                "jobs" => file.jobs = self.number("jobs", &bounds::JOBS, value),
                "strict" => file.strict = self.boolean("strict", value),
                "cache" => file.cache = self.boolean("cache", value),
                "mentions" => file.mentions = self.boolean("mentions", value),
                "prose" => file.prose = self.boolean("prose", value),
                "lang" => file.lang = self.word("lang", value),
                "sandbox" => self.sandbox(&mut file, key, value),
                "limits" => self.limits(&mut file, key, value),
                "environment" => self.environment(&mut file, key, value),
                "setup" => self.setups(&mut file, key, value),
                _ => self.unknown("", key),
            }
        }
        file
    }

    /// A version or path, or a table for more than that.
    fn python(&mut self, file: &mut File, key: &Key<'_>, value: &Value<'_>) {
        if value.get_ref().as_table().is_none() {
            file.python = self.string("python", "3.12", value);
            return;
        }
        let Some(table) = self.table(key, value) else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "version" => file.python = self.string("version", "3.12", value),
                "environment" => file.uv = self.is_uv(value),
                "requirements" => {
                    let text = self.string("requirements", "requirements.txt", value);
                    file.requirements = text.map(|text| self.placed(text, value));
                }
                _ => self.unknown("python", key),
            }
        }
    }

    /// The one tool that makes environments.
    fn is_uv(&mut self, value: &Value<'_>) -> bool {
        let word = self.string("environment", "uv", value);
        if let Some(word) = word.filter(|word| word != "uv") {
            self.wrong(
                value.span(),
                format!("`{word}` makes no environments"),
                "write `environment = \"uv\"`, or leave the key out",
            );
            return false;
        }
        true
    }

    fn limits(&mut self, file: &mut File, key: &Key<'_>, value: &Value<'_>) {
        let Some(table) = self.table(key, value) else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "cpu" => file.cpu = self.number("cpu", &bounds::CPU, value),
                "wall" => file.wall = self.seconds("wall", value),
                "memory" => file.memory = self.number("memory", &bounds::MEMORY, value),
                "output" => file.output = self.number("output", &bounds::OUTPUT, value),
                _ => self.unknown("limits", key),
            }
        }
    }

    fn environment(&mut self, file: &mut File, key: &Key<'_>, value: &Value<'_>) {
        let Some(table) = self.table(key, value) else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "pass" => file.pass = self.variables(value),
                _ => self.unknown("environment", key),
            }
        }
    }

    /// Code, a table with code, or several tables.
    fn setups(&mut self, file: &mut File, key: &Key<'_>, value: &Value<'_>) {
        let each = match value.get_ref().as_array() {
            Some(each) => each.iter().collect(),
            None => vec![value],
        };
        for value in each {
            let found = if value.get_ref().is_str() {
                self.preparation_of(value)
            } else {
                self.preparation(key, value)
            };
            file.setup.extend(found);
        }
    }

    fn preparation_of(&mut self, value: &Value<'_>) -> Option<Preparation> {
        let code = self.string("setup", "import numpy as np", value)?;
        Some(Preparation {
            code: Some(code),
            place: self.place(value.span().start),
            ..Preparation::default()
        })
    }

    fn preparation(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Preparation> {
        let table = self.table(key, value)?;
        let mut found = Preparation {
            place: self.place(value.span().start),
            ..Preparation::default()
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "code" => found.code = self.string("code", "import numpy as np", value),
                "file" => {
                    let text = self.string("file", "docs/setup.py", value);
                    found.file = text.map(|text| self.placed(text, value));
                }
                "notes" => {
                    found.notes = self.strings("notes", "docs", value).unwrap_or_default();
                }
                _ => self.unknown("setup", key),
            }
        }
        Some(found)
    }

    /// A word, or a table for more than that.
    fn sandbox(&mut self, file: &mut File, key: &Key<'_>, value: &Value<'_>) {
        if value.get_ref().as_table().is_none() {
            file.sandbox = self.word("sandbox", value);
            return;
        }
        let Some(table) = self.table(key, value) else {
            return;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "mode" => file.sandbox = self.word("mode", value),
                "read" => file.read = self.strings("read", "data", value),
                "write" => file.write = self.strings("write", "data", value),
                _ => self.unknown("sandbox", key),
            }
        }
    }

    fn unknown(&mut self, table: &str, key: &Key<'_>) {
        let name = key.get_ref().as_ref();
        let here = keys::names(table);
        let help = match keys::home(name) {
            Some("") => format!("`{name}` belongs above the first `[table]`"),
            Some(home) => format!("`{name}` belongs below `[{home}]`"),
            None => match nearest(name, here.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", list(&here)),
            },
        };
        let place = if table.is_empty() {
            String::new()
        } else {
            format!(" in `[{table}]`")
        };
        self.wrong(key.span(), format!("unknown key `{name}`{place}"), help);
    }
}
