//! Real interpreters: all that can be embedded, and virtual environments.

use std::fs;
use std::process::Command;

use snapbox::str;

use crate::support::{Project, first_block, note, oldest_and_newest, pythons, statuses};

#[test]
fn every_python_runs_the_same_notes() {
    let code = "import sys, json, ssl, sqlite3, ctypes, decimal, multiprocessing\nprint('%d.%d.%d' % sys.version_info[:3])";
    for python in pythons() {
        let project = Project::under(python).file("notes/a.md", note(&[code]));
        let report = project.verify("--format json").exits(1).json();
        assert_eq!(first_block(&report)["stdout"], "[VERSION]\n", "{report}");
        assert_eq!(report["python"]["version"], "[VERSION]");
        let counts = project.verify("--update").exits(0);
        assert!(
            counts.out.starts_with("notes/a.md:2: recorded\n"),
            "{}",
            counts.text()
        );
        assert_eq!(
            statuses(&project.verify("--format json").exits(0).json()),
            ["pass"]
        );
    }
}

#[test]
fn a_listing_marks_the_python_that_a_run_uses() {
    for python in oldest_and_newest() {
        let project = Project::under(python);
        let session = project.verify("python").exits(0);
        let marked: Vec<_> = session
            .out
            .lines()
            .filter(|line| line.starts_with("* "))
            .collect();
        assert_eq!(marked.len(), 2, "{}", session.text());
        assert!(
            marked[0].contains("[PYTHON]") && marked[0].contains("can be embedded"),
            "{}",
            session.text()
        );
    }
}

#[test]
fn a_virtual_environment_brings_its_packages() {
    for python in pythons() {
        let project = Project::under(python).file(
            "notes/a.md",
            note(&["import only_here\nprint(only_here.VALUE)", "import sys\nprint(sys.prefix != sys.base_prefix)\nprint(sys.prefix)\nprint(sys.executable)", "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import only_here; print(only_here.VALUE)'], capture_output=True, text=True).stdout)"]),
        );
        let made = Command::new(&python.executable)
            .args(["-m", "venv", "--without-pip"])
            .arg(project.at(".venv"))
            .output()
            .unwrap();
        if !made.status.success() {
            eprintln!(
                "{} makes no virtual environment",
                python.executable.display()
            );
            continue;
        }
        let (major, minor, _) = python.version;
        let packages = project.at(&format!(".venv/lib/python{major}.{minor}/site-packages"));
        fs::write(
            packages.join("only_here.py"),
            "VALUE = 'from the environment'\n",
        )
        .unwrap();
        let report = project.bare("--format json").exits(1).json();
        let outputs: Vec<_> = report["notes"][0]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["stdout"].as_str().unwrap())
            .collect();
        assert_eq!(outputs[0], "from the environment\n", "{report:#}");
        let inside = "True\n[TEMP]/project/.venv\n[TEMP]/project/.venv/bin/python";
        assert!(outputs[1].starts_with(inside), "{}", outputs[1]);
        assert_eq!(outputs[2], "from the environment\n\n");
        project.bare("--update").exits(0);
        let recorded = project.read("expected/notes/a.toml");
        assert!(
            !recorded.contains(&project.outside().display().to_string()),
            "{recorded}"
        );
        project.bare("").exits(0);
        assert_eq!(
            statuses(&project.verify("--format json --expected none").json())[0],
            "skipped"
        );
    }
}

#[test]
fn one_install_line_names_every_missing_module() {
    let project = Project::new()
        .file(
            "notes/a.md",
            note(&["import no_such_b", "from no_such_a.part import x"]),
        )
        .file(
            "notes/b.md",
            note(&["import no_such_b.c", "import yaml_of_nobody as y"]),
        );
    project.verify("").is(str![[r#"
4 snippets skipped: 4 needs-module
not installed: no_such_a, no_such_b, yaml_of_nobody
  help: to run these snippets too, run `pip install no_such_a no_such_b yaml_of_nobody`

2 notes, 4 snippets: 0 pass, 4 skipped in [TIME]
[exit 0]

"#]]);
}
