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
fn a_sandbox_that_is_required_and_not_there_runs_nothing() {
    let output = Project::new("```python\nprint(1)\n```\n").verify(&["--sandbox", "require"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("a full sandbox is required"), "{told}");
}
