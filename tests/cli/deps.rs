//! The modules that notes import: `verify deps`, what scripts say they need, and environments
//! that are made for them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use snapbox::str;

use crate::support::{Project, VERIFY, first_block, note, oldest_and_newest, pythons, statuses};

const SCRIPT: &str = "\
# /// script
# requires-python = \">=3.9\"
# dependencies = [\"verify-tiny>=1\"]
# ///
import verify_tiny
print(verify_tiny.VALUE)";

#[test]
fn modules_are_told_with_where_they_come_from() {
    let code =
        "import os\nimport kivy\nimport no_such_module_1\nfrom helper import x\nimport urllib2";
    let project = Project::with_note(&note(&[code, "import kivy, mymodule", SCRIPT]))
        .file("notes/helper.py", "x = 1\n");
    let session = project.verify("deps");
    session.is(str![[r#"
missing
  kivy              notes/a.md:3   2 snippets  the package `Kivy`
  no_such_module_1  notes/a.md:4   1 snippet   no package is known; one called `no_such_module_1` is a guess
  verify_tiny       notes/a.md:18  1 snippet   the package `verify-tiny>=1`
no longer in Python
  urllib2  notes/a.md:6  1 snippet  gone since 3.0 [module-urllib2]: `urllib.request`
asked for by scripts
  verify-tiny>=1  notes/a.md:16  1 snippet  not installed
of this project
  helper  notes/a.md:5  1 snippet  notes/helper.py
placeholders
  mymodule  notes/a.md:10  1 snippet
7 modules imported, 1 of the standard library
  help: to run these snippets too, run `pip install Kivy 'verify-tiny>=1'`
[exit 1]

"#]]);
    let all = project.verify("deps --format json").json();
    let modules = all["modules"].as_array().unwrap();
    let kivy = modules
        .iter()
        .find(|module| module["module"] == "kivy")
        .unwrap();
    assert_eq!(kivy["package"], "Kivy");
    assert_eq!(kivy["guessed"], false);
    assert_eq!(kivy["first"]["line"], 3);
    assert_eq!(all["declared"][0]["requirement"], "verify-tiny>=1");
}

#[test]
fn every_python_tells_its_own_modules_from_others() {
    let code = "import sqlite3, ctypes, json, _thread, xml.dom, zoneinfo, verify_none";
    for python in pythons() {
        let project = Project::under(python).file("notes/a.md", note(&[code]));
        let all = project.verify("deps --format json").json();
        let others: Vec<_> = all["modules"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|module| module["origin"] != "standard")
            .map(|module| module["module"].as_str().unwrap())
            .collect();
        assert_eq!(others, ["verify_none"], "{all:#}");
    }
}

#[test]
fn notes_that_lack_nothing_are_well() {
    let project = Project::with_note(&note(&["import os, sys", "print(1)"]));
    project.verify("deps").is(str![[r#"
2 modules imported, 2 of the standard library
[exit 0]

"#]]);
}

#[test]
fn a_file_of_requirements_is_added_to() {
    let project = Project::with_note(&note(&["import kivy\nimport no_such_module_1"]))
        .file("requirements.txt", "# ours\nrich  # for the tables\n");
    let session = project.verify("deps --write requirements.txt");
    assert!(
        session.out.ends_with("added 2 lines to requirements.txt\n"),
        "{}",
        session.text()
    );
    assert_eq!(
        project.read("requirements.txt"),
        "# ours\nrich  # for the tables\nKivy\n# no_such_module_1  # guessed from `import no_such_module_1` in notes/a.md:3\n"
    );
    let again = project.verify("deps --write requirements.txt");
    assert!(
        again.out.ends_with("requirements.txt has it all already\n"),
        "{}",
        again.text()
    );
    let session = project.verify("deps --write notes");
    assert_eq!(session.code, Some(2), "{}", session.text());
}

#[test]
fn a_script_for_another_python_is_left_out() {
    let later = "# /// script\n# requires-python = \">=3.99\"\n# ///\nprint(1)";
    let project = Project::with_note(&note(&[later]));
    let report = project.verify("--format json").exits(0).json();
    assert_eq!(first_block(&report)["status"], "skipped");
    assert_eq!(
        first_block(&report)["reason"],
        "directive: for Python >=3.99"
    );
    project.verify("deps").exits(0);
}

#[test]
fn metadata_that_can_not_be_read_is_warned_of() {
    let project = Project::with_note(&note(&[
        "# /// script\n# dependencies = [1]\n# ///\nprint(1)",
    ]));
    project.verify("").is(str![[r#"
warning: this script's metadata can't be read: invalid type: integer `1`, expected a string
 --> notes/a.md:3:19
  |
3 | # dependencies = [1]
  |                   ^
  |
  = help: write it like `# requires-python = ">=3.11"` and `# dependencies = ["rich"]` between `# /// script` and `# ///`

error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 2)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 1 snippet: 0 pass, 1 new in [TIME]
[exit 1]

"#]]);
}

#[test]
fn what_a_script_needs_is_named_where_it_is_missing() {
    let project = Project::with_note(&note(&[SCRIPT]));
    let session = project.verify("").exits(0);
    assert!(
        session.out.contains("not installed: verify_tiny\n"),
        "{}",
        session.text()
    );
    assert!(
        session.out.contains("`pip install 'verify-tiny>=1'`"),
        "{}",
        session.text()
    );
}

/// Where uv is, if it is there.
fn uv() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/uv/bin"));
    let found = std::env::split_paths(&path)
        .chain([own])
        .map(|folder| folder.join("uv"))
        .find(|uv| uv.is_file());
    if found.is_none() {
        eprintln!("skipped: there is no `uv` on the path nor in target/uv/bin");
    }
    found
}

/// Writes a wheel of a package that has one module.
const WHEEL: &str = r#"
import sys, zipfile
folder, version = sys.argv[1:]
info = f"verify_tiny-{version}.dist-info"
files = {
    "verify_tiny.py": f"VALUE = 'tiny {version}'\n",
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: verify-tiny\nVersion: {version}\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/verify_tiny-{version}-py3-none-any.whl", "w") as wheel:
    for name, text in {**files, f"{info}/RECORD": record}.items():
        wheel.writestr(name, text)
"#;

/// A project whose environments are made of what lies in a folder, without a network.
fn with_environment(text: &str, uv: &std::path::Path, settings: &str) -> Project {
    let project = Project::with_note(text);
    let outside = project.outside().to_owned();
    let wheels = outside.join("wheels");
    fs::create_dir(&wheels).unwrap();
    for version in ["1.0", "2.0"] {
        let python = &oldest_and_newest()[1].executable;
        let mut made = Command::new(python);
        made.args(["-c", WHEEL]).arg(&wheels).arg(version);
        assert!(made.status().unwrap().success());
    }
    let folder = |name: &str| outside.join(name).display().to_string();
    let path = format!("{}:/usr/bin:/bin", uv.parent().unwrap().display());
    project
        .file(
            "verify.toml",
            format!("[python]\nenvironment = \"uv\"\n{settings}"),
        )
        .variable("PATH", &path)
        .variable("XDG_CACHE_HOME", &folder("cache"))
        .variable("UV_CACHE_DIR", &folder("uv"))
        .variable("UV_FIND_LINKS", &folder("wheels"))
        .variable("UV_NO_INDEX", "1")
        .variable("UV_OFFLINE", "1")
}

/// The names of the environments in the cache.
fn environments(project: &Project) -> Vec<String> {
    let folder = project.outside().join("cache/verify/environments");
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.contains(".lock")).collect();
    names.sort();
    names
}

#[test]
fn an_environment_is_made_once_for_what_the_notes_need() {
    let Some(uv) = uv() else { return };
    let project = with_environment(&note(&[SCRIPT]), &uv, "");
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(first_block(&report)["stdout"], "tiny 2.0\n", "{report:#}");
    assert_eq!(statuses(&report), ["new"]);
    let made = environments(&project);
    assert_eq!(made.len(), 1);
    // It is used again, also where there is no uv any more.
    let project = project.variable("PATH", "/usr/bin:/bin");
    project.edit("notes/a.md", "VALUE)", "VALUE, 1)");
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(first_block(&report)["stdout"], "tiny 2.0 1\n");
    assert_eq!(environments(&project), made);
    let all = project.verify("deps --format json").exits(0).json();
    assert_eq!(all["declared"][0]["installed"], "2.0");
    project.edit("notes/a.md", ">=1", "<2");
    let session = project.verify("");
    assert!(session.err.contains("needs `uv`"), "{}", session.text());
    assert_eq!(session.code, Some(2));
}

#[test]
fn a_file_of_requirements_belongs_to_the_environment() {
    let Some(uv) = uv() else { return };
    let code = "import verify_tiny\nprint(verify_tiny.VALUE)";
    let project = with_environment(&note(&[code]), &uv, "requirements = \"needed.txt\"\n")
        .file("needed.txt", "verify-tiny==1.0\n");
    let stdout = || {
        let report = project.verify("--format json").exits(1).json();
        first_block(&report)["stdout"].as_str().unwrap().to_owned()
    };
    assert_eq!(stdout(), "tiny 1.0\n");
    project.write("needed.txt", "verify-tiny\n");
    assert_eq!(stdout(), "tiny 2.0\n");
    assert_eq!(environments(&project).len(), 2);
}

#[test]
fn what_uv_says_is_shown_and_an_unfinished_environment_is_made_anew() {
    let Some(uv) = uv() else { return };
    let project = with_environment(&note(&[SCRIPT]), &uv, "");
    project.edit("notes/a.md", ">=1", ">=3");
    let session = project.verify("");
    assert_eq!(
        (session.code, session.out.as_str()),
        (Some(2), ""),
        "{}",
        session.text()
    );
    assert!(
        session.err.contains("`uv pip install` failed:\n"),
        "{}",
        session.text()
    );
    assert!(session.err.contains("verify-tiny"), "{}", session.text());
    let wheels = project.outside().join("wheels");
    fs::rename(
        wheels.join("verify_tiny-2.0-py3-none-any.whl"),
        wheels.join("kept.whl"),
    )
    .unwrap();
    let mut made = Command::new(&oldest_and_newest()[1].executable);
    made.args(["-c", WHEEL]).arg(&wheels).arg("3.0");
    assert!(made.status().unwrap().success());
    let report = project.verify("--format json").exits(1).json();
    assert_eq!(first_block(&report)["stdout"], "tiny 3.0\n");
}

#[test]
fn settings_of_environments_are_checked() {
    let project = Project::with_note("x\n").file(
        "verify.toml",
        "[python]\nenvironment = \"conda\"\nrequirements = \"none.txt\"\nversions = 3\n",
    );
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml:2:15: `conda` makes no environments; write `environment = "uv"`, or leave the key out
verify.toml:4:1: unknown key `versions` in `[python]`; did you mean `version`?
[exit 2]

"#]]);
    project.write("verify.toml", "[python]\nrequirements = \"none.txt\"\n");
    project.bare("").is(str![[r#"
[stderr]
error: verify.toml:2:16: there is no file or folder `none.txt`; correct the path, or remove it from `requirements`
verify.toml:2:16: `requirements` is for an environment, and none is made; write `environment = "uv"` beside it, or remove it
[exit 2]

"#]]);
}

#[test]
fn two_runs_at_once_make_one_environment() {
    let Some(uv) = uv() else { return };
    let project = with_environment(&note(&[SCRIPT]), &uv, "");
    let start = || {
        let mut command = project.under_python(VERIFY, "--format json");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let both = [start(), start()];
    let ended = both.map(|run| run.wait_with_output().unwrap());
    for output in &ended {
        let report = project.finished(output).exits(1).json();
        assert_eq!(first_block(&report)["stdout"], "tiny 2.0\n");
    }
    assert_eq!(environments(&project).len(), 1);
}
