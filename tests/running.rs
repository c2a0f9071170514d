//! What a run does to the snippets, seen from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::process::{Command, Output};

/// A project with one note.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(note: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("notes")).unwrap();
        fs::write(folder.path().join("notes/a.md"), note).unwrap();
        Self { folder }
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_verify"))
            .args(["--color", "never"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "en_US.UTF-8")
            .output()
            .unwrap()
    }

    fn recorded(&self) -> String {
        let output = self.verify(&["--update"]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        fs::read_to_string(self.folder.path().join("expected/notes/a.toml"))
            .unwrap_or_else(|error| panic!("{error}: {told}"))
    }
}

#[test]
fn a_date_is_masked_as_the_second_run_is_on_another_day() {
    let note = "```python\nimport datetime\nprint(datetime.date.today())\n```\n";
    let recorded = Project::new(note).recorded();
    assert!(
        recorded.contains("\n⟪number⟫-⟪number⟫-⟪number⟫\n"),
        "{recorded}"
    );
}

#[test]
fn a_signal_that_a_snippet_sends_itself_ends_it() {
    let note = "```python\nimport os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n```\n";
    let recorded = Project::new(note).recorded();
    assert!(recorded.contains("known = [\"crashed\"]"), "{recorded}");
}

#[test]
fn paths_of_the_installation_have_no_version_in_a_recording() {
    let note = "```python\nimport json\nprint(json.__file__)\n```\n";
    let recorded = Project::new(note).recorded();
    assert!(
        recorded.contains("\n⟪python⟫/json/__init__.py\n"),
        "{recorded}"
    );
}

#[test]
fn a_recorded_end_is_no_failure_where_the_output_differs() {
    for end in ["raise ValueError('x')", "sys.exit(3)"] {
        let project = Project::new(&format!("```python\nimport sys\nprint(1)\n{end}\n```\n"));
        let recorded = project.recorded();
        let path = project.folder.path().join("expected/notes/a.toml");
        fs::write(path, recorded.replace("\n1\n", "\n2\n")).unwrap();
        let report = project.verify(&["-q"]);
        let told = String::from_utf8_lossy(&report.stdout).into_owned();
        assert_eq!(report.status.code(), Some(1));
        assert!(
            told.contains("the output is not what was recorded"),
            "{end}: {told}"
        );
    }
}

#[test]
fn the_environment_of_a_snippet_is_the_documented_one() {
    let document = fs::read_to_string("docs/running.md").unwrap();
    let (_, table) = document.split_once("| variable | value |").unwrap();
    let documented: Vec<&str> = table
        .lines()
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with('|'))
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| *name != "VIRTUAL_ENV")
        .collect();
    let note = "```python\nimport os\nprint(*[name for name in os.environ if name != 'VIRTUAL_ENV'])\n```\n";
    let recorded = Project::new(note).recorded();
    let (_, printed) = recorded.split_once("stdout = \"\"\"\n").unwrap();
    let mut seen: Vec<&str> = printed.lines().next().unwrap().split(' ').collect();
    seen.sort_unstable();
    let mut expected = documented;
    expected.sort_unstable();
    assert_eq!(seen, expected);
}
