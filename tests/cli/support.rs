//! A project in a folder of its own, and what a command in it did.
//!
//! Every run proves, beside what its test asserts, that no process and no file of a
//! snippet is left behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use regex::Regex;
use snapbox::{IntoData, assert_data_eq};
use tempfile::TempDir;
use verify::python::interpreters::{self, Environment, Interpreter, Request};

/// The program under test.
pub(crate) const VERIFY: &str = env!("CARGO_BIN_EXE_verify");

/// How a snippet begins that uses the package of a `Project::drawing`.
pub(crate) const DRAWING: &str =
    "import sys; sys.path.insert(0, 'lib')\nimport matplotlib.pyplot as plt\n";

static PYTHONS: LazyLock<Vec<Interpreter>> = LazyLock::new(|| {
    let request = Request {
        env: Environment::from_process(),
        ..Request::default()
    };
    let mut found: Vec<Interpreter> = interpreters::list(&request)
        .into_iter()
        .filter_map(|listed| listed.interpreter.ok())
        .filter(|interpreter| interpreter.embeddable().is_ok())
        .collect();
    found.sort_by_key(|interpreter| interpreter.version);
    found.dedup_by_key(|interpreter| (interpreter.version.0, interpreter.version.1));
    let versions: Vec<&str> = found
        .iter()
        .map(|python| python.version_text.as_str())
        .collect();
    eprintln!("Pythons that can be embedded: {}", versions.join(", "));
    found
});

/// One Python of every minor version that can be embedded, the oldest first.
pub(crate) fn pythons() -> &'static [Interpreter] {
    assert!(
        !PYTHONS.is_empty(),
        "these tests need a CPython that can be embedded; `verify python` says what to install"
    );
    &PYTHONS
}

/// The oldest and the newest Python.
pub(crate) fn oldest_and_newest() -> [&'static Interpreter; 2] {
    let all = pythons();
    [&all[0], &all[all.len() - 1]]
}

/// Notes in a temporary folder.
pub(crate) struct Project {
    folder: TempDir,
    python: &'static Interpreter,
    environment: Vec<(String, String)>,
}

impl Project {
    /// An empty project under the newest Python.
    pub(crate) fn new() -> Self {
        Self::under(oldest_and_newest()[1])
    }

    /// An empty project under this Python.
    pub(crate) fn under(python: &'static Interpreter) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("project")).unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Self {
            folder,
            python,
            environment: Vec::new(),
        }
    }

    /// A project with the one note `notes/a.md`.
    pub(crate) fn with_note(text: &str) -> Self {
        Self::new().file("notes/a.md", text)
    }

    /// The same project with one more file, or with other content in it.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// The same project with a package beside the notes that calls itself matplotlib and draws grey
    /// rectangles; snippets begin with `DRAWING`.
    pub(crate) fn drawing(self) -> Self {
        let mut project = self.file("verify.toml", "[sandbox]\nread = [\"lib\"]\n");
        for entry in fs::read_dir("tests/fixtures/matplotlib").unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_file() {
                let text = fs::read(&path).unwrap();
                project = project.file(&format!("lib/matplotlib/{name}"), text);
            }
        }
        project
    }

    /// The same project with a variable in the environment of its commands.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces the one place in a file where `old` stands.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}:\n{text}");
        self.write(path, text.replace(old, new));
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// The folder in which the folders of snippets lie.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// A folder beside the project that no run writes to.
    pub(crate) fn outside(&self) -> &Path {
        self.folder.path()
    }

    /// Every file of the project with its content.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut pending = vec![self.root()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let shown = path
                        .strip_prefix(self.root())
                        .unwrap()
                        .display()
                        .to_string();
                    files.insert(shown, fs::read(&path).unwrap());
                }
            }
        }
        files
    }

    /// The names of all files of the project.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    /// The program, to be started in the project with an environment of just what it needs.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TMPDIR", self.temporary())
            // So that Chinese notes too are told about in English, unless a test asks for more.
            .env("LC_ALL", "en_US.UTF-8")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        for name in [
            "HOME",
            "PYENV_ROOT",
            "UV_PYTHON_INSTALL_DIR",
            "XDG_CACHE_HOME",
        ] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs `verify` with the words of `arguments` under the project's Python.
    pub(crate) fn verify(&self, arguments: &str) -> Session {
        self.run(&mut self.under_python(VERIFY, arguments))
    }

    /// A `verify` with the words of `arguments`, under the project's Python.
    pub(crate) fn under_python(&self, program: impl AsRef<Path>, arguments: &str) -> Command {
        let mut command = self.command(program);
        command.args(arguments.split_whitespace());
        command.arg("--python").arg(&self.python.executable);
        command
    }

    /// Runs `verify` with just these words.
    pub(crate) fn bare(&self, arguments: &str) -> Session {
        self.run(self.command(VERIFY).args(arguments.split_whitespace()))
    }

    pub(crate) fn run(&self, command: &mut Command) -> Session {
        self.finished(&command.output().unwrap())
    }

    /// What a command did, once it has ended.
    pub(crate) fn finished(&self, output: &Output) -> Session {
        let session = Session {
            code: output.status.code(),
            out: without_containment(self.redacted(&output.stdout)),
            err: self.redacted(&output.stderr),
        };
        let temporary = self.temporary();
        let left: Vec<_> = fs::read_dir(&temporary)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}\n{}", session.text());
        let alive = processes_in(&temporary);
        assert!(
            alive.is_empty(),
            "still running: {alive:?}\n{}",
            session.text()
        );
        session
    }

    /// A text of a file that a run has written, without what differs between machines.
    pub(crate) fn redacted_text(&self, text: &str) -> String {
        self.redacted(text.as_bytes())
    }

    /// Paths of this machine and times are the only things that differ between machines.
    fn redacted(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let (major, minor, _) = self.python.version;
        let text = text
            .replace(&self.python.executable.display().to_string(), "[PYTHON]")
            .replace(&self.folder.path().display().to_string(), "[TEMP]")
            .replace(&self.python.version_text, "[VERSION]")
            .replace(&format!("this is {major}.{minor}"), "this is [VERSION]")
            .replace(&format!("当前是 {major}.{minor}"), "当前是 [VERSION]");
        let text = IN_SECONDS.replace_all(&text, "in [TIME]");
        let text = IN_CHINESE_SECONDS.replace_all(&text, "用时 [TIME]");
        JSON_SECONDS
            .replace_all(&text, "\"seconds\": 0")
            .into_owned()
    }
}

/// What the kernel lacks for a full sandbox is told above every report, and differs between machines.
fn without_containment(out: String) -> String {
    match out.split_once("\n\n") {
        Some((head, rest)) if head.starts_with("sandbox: ") => rest.to_owned(),
        _ => out,
    }
}

static IN_SECONDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"in \d+\.\d\d s\b").unwrap());
static IN_CHINESE_SECONDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"用时 \d+\.\d\d 秒").unwrap());
static JSON_SECONDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""seconds": [\d.e-]+"#).unwrap());

/// The processes whose current folder lies below `folder`.
pub(crate) fn processes_in(folder: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|process| {
            fs::read_link(process.path().join("cwd"))
                .is_ok_and(|current| current.starts_with(folder))
        })
        .map(|process| fs::read_to_string(process.path().join("cmdline")).unwrap_or_default())
        .collect()
}

/// The processes that have this word on their command line.
pub(crate) fn processes_with(word: &str) -> usize {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .filter(|line| {
            line.split(|byte| *byte == 0)
                .any(|argument| argument == word.as_bytes())
        })
        .count()
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Session {
    /// All of it as one text.
    pub(crate) fn text(&self) -> String {
        let err = if self.err.is_empty() {
            String::new()
        } else {
            format!("[stderr]\n{}", self.err)
        };
        let code = self
            .code
            .map_or_else(|| "signal".to_owned(), |code| code.to_string());
        format!("{}{err}[exit {code}]\n", self.out)
    }

    /// Compares all of it.
    #[track_caller]
    pub(crate) fn is(&self, expected: impl IntoData) {
        assert_data_eq!(self.text(), expected.raw());
    }

    /// The exit code is this one, and nothing was written to standard error.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            (self.code, self.err.as_str()),
            (Some(code), ""),
            "{}",
            self.text()
        );
        self
    }

    /// The report that it printed.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}", self.text()))
    }

    /// The last line of the report, with all counts.
    pub(crate) fn counts(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// The only block of the only note of a report, or its first.
pub(crate) fn first_block(report: &serde_json::Value) -> &serde_json::Value {
    &report["notes"][0]["blocks"][0]
}

/// The statuses of all snippets of a report, in order.
pub(crate) fn statuses(report: &serde_json::Value) -> Vec<String> {
    let notes = report["notes"].as_array().into_iter().flatten();
    let blocks = notes.flat_map(|note| note["blocks"].as_array().into_iter().flatten());
    blocks
        .filter_map(|block| Some(block["status"].as_str()?.to_owned()))
        .collect()
}

/// A note with these Python blocks, one under the other.
pub(crate) fn note(blocks: &[&str]) -> String {
    let fenced: Vec<String> = blocks
        .iter()
        .map(|code| format!("```python\n{code}\n```\n"))
        .collect();
    fenced.join("\n")
}
